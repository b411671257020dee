use super::{
    AcceptMentoring, AgreeElements, AgreeStart, ContactOutcome, DeclineMentoring, Element, Offer,
    OfferMentoring, Preferences, RecordContact, RecordPreferences, Topic,
};
use crate::{
    Channel, Event, Rejection,
    appointment::{FirstPost, NotifyAppointment},
    identifiers::PersonId,
    spec::{notice, ready, stranger, yes},
};
use jiff::civil::date;

/// The channel is recorded (R065).
#[test]
fn contact_is_by_a_channel() {
    let (world, mentee) = ready().eligible_mentee("1");
    world
        .when(contact(mentee, ContactOutcome::Reached))
        .then_rejected(Rejection::ChannelMissing)
        .heard(Channel::Telephone)
        .when(contact(mentee, ContactOutcome::Reached))
        .then(&["contact.made"]);
}

/// No answer is an outcome, and another than an answer.
#[test]
fn only_somebody_who_answered_was_reached() {
    let (world, mentee) = ready().eligible_mentee("1");
    let world = world
        .heard(Channel::Telephone)
        .given(contact(mentee, ContactOutcome::NoAnswer))
        .heard(Channel::Email)
        .given(contact(mentee, ContactOutcome::MessageLeft));
    assert_eq!(world.mentee(mentee).reached_on, None);
}

#[test]
fn the_first_day_somebody_was_reached_counts_in_whatever_order_it_is_recorded() {
    let (world, mentee) = ready().eligible_mentee("1");
    let world = world
        .on(date(2026, 3, 12))
        .heard(Channel::Telephone)
        .happened(date(2026, 3, 10))
        .given(contact(mentee, ContactOutcome::Reached))
        .heard(Channel::Email)
        .happened(date(2026, 3, 5))
        .given(contact(mentee, ContactOutcome::Reached))
        .heard(Channel::Video)
        .given(contact(mentee, ContactOutcome::Reached));
    assert_eq!(world.mentee(mentee).reached_on, Some(date(2026, 3, 5)));
}

/// R001: offered to somebody in a first post; R067: whether it is wanted, and which parts; R068: from when.
#[test]
fn mentoring_is_offered_accepted_and_begins_on_an_agreed_day() {
    let (world, mentee) = ready().eligible_mentee("1");
    let accept = AcceptMentoring {
        mentee,
        elements: vec![Element::Sessions, Element::DfeInductionDay],
        starts_on: Some(date(2026, 4, 13)),
    };
    let world = world
        .when(OfferMentoring { mentee })
        .then(&["mentoring.offered"])
        .when(accept.clone())
        .then(&["mentoring.accepted", "start.agreed"])
        .when(accept)
        .then_nothing_happens();
    let chosen = world
        .history
        .iter()
        .find_map(|recorded| match &recorded.event {
            Event::MentoringAccepted(accepted) => Some(accepted.elements.as_slice()),
            _ => None,
        });
    let wished = [Element::Sessions, Element::DfeInductionDay];
    assert_eq!(chosen, Some(wished.as_slice()));
    assert_eq!(world.mentee(mentee).starts_on, Some(date(2026, 4, 13)));
}

#[test]
fn an_offer_is_made_once() {
    let (world, mentee) = ready().eligible_mentee("1");
    world
        .given(OfferMentoring { mentee })
        .when(OfferMentoring { mentee })
        .then_nothing_happens()
        .given(yes(mentee))
        .when(OfferMentoring { mentee })
        .then_nothing_happens();
}

/// Taking part is voluntary (R002); nobody is chased, and nobody is shut out (Z07).
#[test]
fn somebody_who_declined_is_not_asked_again_but_may_change_their_mind() {
    let (world, mentee) = ready().eligible_mentee("1");
    world
        .given(OfferMentoring { mentee })
        .when(DeclineMentoring { mentee })
        .then(&["mentoring.declined"])
        .when(DeclineMentoring { mentee })
        .then_nothing_happens()
        .when(OfferMentoring { mentee })
        .then_rejected(Rejection::AlreadyDeclined { person: mentee })
        .when(yes(mentee))
        .then(&["mentoring.accepted"])
        .when(DeclineMentoring { mentee })
        .then_rejected(Rejection::AlreadyAccepted { person: mentee });
}

/// R078.
#[test]
fn a_yes_a_no_and_no_answer_are_three_outcomes() {
    let (world, willing) = ready().accepted_mentee("1");
    let (world, unwilling) = world.eligible_mentee("2");
    let (world, silent) = world.eligible_mentee("3");
    let world = world
        .given(OfferMentoring { mentee: unwilling })
        .given(DeclineMentoring { mentee: unwilling })
        .given(OfferMentoring { mentee: silent });
    let outcomes = [willing, unwilling, silent].map(|mentee| world.mentee(mentee).offer);
    assert_eq!(outcomes, [Offer::Accepted, Offer::Declined, Offer::Open]);
}

#[test]
fn nobody_can_answer_an_offer_that_was_not_made() {
    let (world, mentee) = ready().eligible_mentee("1");
    world
        .when(yes(mentee))
        .then_rejected(Rejection::NotOffered { person: mentee })
        .when(DeclineMentoring { mentee })
        .then_rejected(Rejection::NotOffered { person: mentee });
}

/// R005.
#[test]
fn somebody_who_is_not_entitled_is_not_offered_the_core_scheme() {
    let world = ready().given(NotifyAppointment {
        first_post: Some(FirstPost::No),
        ..notice("1")
    });
    let mentee = world.person();
    world
        .when(OfferMentoring { mentee })
        .then_rejected(Rejection::NotEligible { person: mentee });
}

/// Z04.
#[test]
fn an_offer_waits_until_the_verdict_is_confirmed() {
    let world = ready().given(NotifyAppointment {
        first_post: None,
        ..notice("1")
    });
    let mentee = world.person();
    world
        .when(OfferMentoring { mentee })
        .then_rejected(Rejection::EligibilityToBeConfirmed {
            person: mentee,
            missing: "firstPost".to_owned(),
        });
}

#[test]
fn one_appointment_that_entitles_is_enough() {
    let world = ready().given(NotifyAppointment {
        first_post: None,
        ends_on: Some(date(2026, 6, 30)),
        ..notice("1")
    });
    let mentee = world.person();
    world
        .given(NotifyAppointment {
            starts_on: Some(date(2026, 9, 1)),
            ..notice("1")
        })
        .when(OfferMentoring { mentee })
        .then(&["mentoring.offered"]);
}

/// Mentoring may begin before the post does (R025).
#[test]
fn mentoring_may_begin_before_the_post() {
    let (world, mentee) = ready().accepted_mentee("1");
    let start = AgreeStart {
        mentee,
        starts_on: date(2026, 3, 9),
    };
    let world = world
        .when(start.clone())
        .then(&["start.agreed"])
        .when(start)
        .then_nothing_happens();
    assert_eq!(world.mentee(mentee).starts_on, Some(date(2026, 3, 9)));
}

#[test]
fn a_start_more_than_two_years_away_is_a_slip_of_the_pen() {
    let (world, mentee) = ready().accepted_mentee("1");
    let slip = Rejection::OutOfRange {
        what: "startsOn, counted in years from today,",
        least: 0,
        most: 2,
    };
    let start = |starts_on| AgreeStart { mentee, starts_on };
    world
        .when(start(date(2028, 3, 3)))
        .then_rejected(slip.clone())
        .when(start(date(2024, 3, 1)))
        .then_rejected(slip.clone())
        .when(AcceptMentoring {
            starts_on: Some(date(206, 3, 9)),
            ..yes(mentee)
        })
        .then_rejected(slip)
        .when(start(date(2028, 3, 2)))
        .then(&["start.agreed"]);
}

/// R079, R092: what the mentee hopes for, and their summary of themselves.
#[test]
fn preferences_are_recorded_after_the_yes() {
    let (world, mentee) = ready().eligible_mentee("1");
    let wishes = RecordPreferences {
        mentee,
        preferences: Preferences {
            regions: vec!["London".to_owned()],
            summary: "Fostering, then education; two towns; rural transport".to_owned(),
            ..Preferences::default()
        },
    };
    let start = AgreeStart {
        mentee,
        starts_on: date(2026, 4, 1),
    };
    let not_accepted = Rejection::NotAccepted { person: mentee };
    let world = world
        .given(OfferMentoring { mentee })
        .when(wishes.clone())
        .then_rejected(not_accepted.clone())
        .when(start)
        .then_rejected(not_accepted)
        .given(yes(mentee))
        .when(wishes.clone())
        .then(&["preferences.recorded"])
        .when(wishes.clone())
        .then_nothing_happens()
        .when(RecordPreferences {
            mentee,
            preferences: Preferences {
                summary: "x".repeat(16_000),
                ..Preferences::default()
            },
        })
        .then_rejected(Rejection::TooLong {
            what: "the preferences",
            most: 16_000,
        });
    assert_eq!(
        world.particulars.preferences(mentee),
        Some(&wishes.preferences)
    );
}

#[test]
fn nothing_can_be_said_of_a_mentee_nobody_notified() {
    let mentee = stranger();
    let unknown = Rejection::UnknownMentee { person: mentee };
    ready()
        .heard(Channel::Telephone)
        .when(contact(mentee, ContactOutcome::Reached))
        .then_rejected(unknown.clone())
        .when(OfferMentoring { mentee })
        .then_rejected(unknown.clone())
        .when(yes(mentee))
        .then_rejected(unknown.clone())
        .when(DeclineMentoring { mentee })
        .then_rejected(unknown.clone())
        .when(AgreeStart {
            mentee,
            starts_on: date(2026, 4, 1),
        })
        .then_rejected(unknown.clone())
        .when(RecordPreferences {
            mentee,
            preferences: Preferences::default(),
        })
        .then_rejected(unknown);
}

/// Z07.
#[test]
fn an_open_offer_stays_open() {
    let (world, mentee) = ready().eligible_mentee("1");
    let world = world.given(OfferMentoring { mentee }).on(date(2027, 3, 1));
    assert_eq!(world.mentee(mentee).offer, Offer::Open);
    world.when(yes(mentee)).then(&["mentoring.accepted"]);
}

/// R065, R078: every attempt is kept with its channel and how it ended.
#[test]
fn every_attempt_is_kept_with_its_channel_and_outcome() {
    let (world, mentee) = ready().eligible_mentee("1");
    let world = world
        .heard(Channel::Telephone)
        .given(contact(mentee, ContactOutcome::NoAnswer))
        .heard(Channel::Email)
        .given(contact(mentee, ContactOutcome::Reached));
    let attempts: Vec<_> = world
        .mentee(mentee)
        .attempts
        .iter()
        .map(|attempt| (attempt.channel, attempt.outcome))
        .collect();
    assert_eq!(
        attempts,
        [
            (Some(Channel::Telephone), ContactOutcome::NoAnswer),
            (Some(Channel::Email), ContactOutcome::Reached),
        ]
    );
}

/// R066: what was explained is recorded with the contact, each topic once.
#[test]
fn what_was_explained_is_recorded() {
    let (world, mentee) = ready().eligible_mentee("1");
    let explain = |explained| RecordContact {
        explained,
        ..contact(mentee, ContactOutcome::Reached)
    };
    let world = world
        .heard(Channel::Telephone)
        .when(explain(vec![Topic::Mentoring, Topic::Mentoring]))
        .then(&["contact.made", "support.explained"])
        .heard(Channel::Telephone)
        .given(explain(vec![Topic::WiderSupport, Topic::Mentoring]));
    assert_eq!(
        world.mentee(mentee).topics_explained(),
        [Topic::Mentoring, Topic::WiderSupport]
    );
}

/// R067: which elements suit is agreed, and may be agreed anew.
#[test]
fn the_elements_of_support_are_agreed_and_may_change() {
    let (world, mentee) = ready().eligible_mentee("1");
    let agree = |elements: &[Element]| AgreeElements {
        mentee,
        elements: elements.to_vec(),
    };
    let world = world
        .when(agree(&[Element::Sessions]))
        .then_rejected(Rejection::NotAccepted { person: mentee })
        .given(OfferMentoring { mentee })
        .given(AcceptMentoring {
            elements: vec![Element::Sessions],
            ..yes(mentee)
        })
        .when(agree(&[Element::Sessions]))
        .then_nothing_happens()
        .when(agree(&[Element::Sessions, Element::Development]))
        .then(&["support.agreed"]);
    assert_eq!(
        world.mentee(mentee).elements,
        [Element::Sessions, Element::Development]
    );
}

fn contact(mentee: PersonId, outcome: ContactOutcome) -> RecordContact {
    RecordContact {
        mentee,
        outcome,
        explained: vec![],
    }
}
