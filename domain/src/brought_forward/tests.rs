use super::{BringForwardMentor, BringForwardPairing, BringForwardYear, YearFigures};
use crate::{
    Event, Rejection,
    appointment::AppointmentFacts,
    identifiers::PersonId,
    matching::{OfferMatches, Side},
    mentor::{
        ApprovePenPortrait, PenPortrait, PersonDetails, Portrait, RegisterMentor, Standing,
        StateCapacity,
    },
    pairing::{ConcludePairing, Replacement, ReportMeetingsReached},
    spec::{
        BIRMINGHAM, BRISTOL, World, broken, called, counted, experience, held, invite, judged,
        notice, paired, portrait, ready, stranger,
    },
};
use jiff::civil::date;

#[test]
fn a_mentor_brought_forward_can_be_offered_at_once() {
    let (world, mentor) = with_mentor();
    let ada = world.scheme.mentor(mentor).expect("brought forward");
    assert_eq!(ada.standing, Standing::Eligible);
    let (world, mentee) = world.accepted_mentee("1");
    world
        .when(OfferMatches {
            mentee,
            mentors: vec![mentor],
            more_than_usual: false,
        })
        .then(&["match.offered"]);
}

/// R037: whoever mentored before is a mentor, whatever is missing; nobody new is offered them until it is told.
#[test]
fn a_mentor_without_a_full_portrait_is_brought_forward_and_flagged() {
    let world = ready()
        .when(BringForwardMentor {
            portrait: PenPortrait::default(),
            ..mentor()
        })
        .then(&["mentor.brought-forward"]);
    let mentor = world.person();
    let known = world.scheme.mentor(mentor).expect("brought forward");
    assert_eq!(known.portrait, Portrait::Registered { complete: false });
    let world = world
        .when(pairing(mentor))
        .then(&["pairing.brought-forward"]);
    let (world, mentee) = world.accepted_mentee("1");
    let offer = OfferMatches {
        mentee,
        mentors: vec![mentor],
        more_than_usual: false,
    };
    world
        .when(offer.clone())
        .then_rejected(Rejection::PortraitNotApproved { mentor })
        .when(ApprovePenPortrait { mentor })
        .then_rejected(Rejection::PortraitIncomplete {
            missing: "background, expertise, councilTypes".to_owned(),
        })
        .given(RegisterMentor {
            mentor,
            portrait: portrait(),
        })
        .given(ApprovePenPortrait { mentor })
        .given(StateCapacity {
            mentor,
            capacity: 2,
        })
        .when(offer)
        .then(&["match.offered"]);
}

#[test]
fn a_mentor_brought_forward_has_a_name_and_makes_sense() {
    ready()
        .when(BringForwardMentor {
            details: PersonDetails::default(),
            ..mentor()
        })
        .then_rejected(Rejection::Empty { what: "the name" })
        .when(BringForwardMentor {
            employer: Some("E99".into()),
            ..mentor()
        })
        .then_rejected(Rejection::UnknownEmployer {
            employer: "E99".into(),
        })
        .when(BringForwardMentor {
            inducted_on: Some(date(2026, 3, 3)),
            ..mentor()
        })
        .then_rejected(Rejection::HappenedInFuture {
            happened_on: date(2026, 3, 3),
            today: date(2026, 3, 2),
        })
        .when(BringForwardMentor {
            capacity: Some(101),
            ..mentor()
        })
        .then_rejected(Rejection::OutOfRange {
            what: "the capacity",
            least: 0,
            most: 100,
        });
}

#[test]
fn a_pairing_brought_forward_keeps_what_was_used_and_goes_on_from_there() {
    let (world, mentor) = with_mentor();
    let world = world
        .when(pairing(mentor))
        .then(&["pairing.brought-forward"]);
    let (mentee, pairing) = (world.person(), world.made("pairing"));
    let balance = world.balance(mentee);
    assert_eq!((balance.used, balance.left), (2, 2));
    assert_eq!(balance.clock.starts_on, Some(date(2025, 10, 1)));
    let world = world
        .given(held(pairing, Side::Mentor))
        .given(held(pairing, Side::Mentor));
    assert!(!outside(world.last()), "the fourth");
    let world = world.given(held(pairing, Side::Mentee));
    assert!(!outside(world.last()), "the third, by the mentee's count");
    let world = world.given(held(pairing, Side::Mentor));
    assert!(outside(world.last()), "the fifth");
    world.when(ConcludePairing { pairing }).then(&[
        "pairing.concluded",
        "evaluation.requested",
        "evaluation.requested",
    ]);
}

#[test]
fn a_count_in_all_includes_what_was_brought_forward() {
    let (world, mentor) = with_mentor();
    let world = world.given(pairing(mentor));
    let (mentee, pairing) = (world.person(), world.made("pairing"));
    let world = world.given(counted(pairing, Side::Mentor, 3));
    assert_eq!(world.balance(mentee).used, 3);
    let world = world.given(ReportMeetingsReached { pairing });
    assert_eq!(world.balance(mentee).used, 4);
}

#[test]
fn a_count_below_what_was_brought_forward_is_kept_but_gives_nothing_back() {
    let (world, mentor) = with_mentor();
    let world = world.given(pairing(mentor));
    let (mentee, pairing) = (world.person(), world.made("pairing"));
    let world = world
        .when(counted(pairing, Side::Mentor, 1))
        .then(&["sessions.counted"])
        .when(counted(pairing, Side::Mentor, 1))
        .then_nothing_happens()
        .given(counted(pairing, Side::Mentee, 0));
    assert_eq!(world.balance(mentee).used, 2);
}

#[test]
fn sessions_brought_forward_without_a_start_count_from_the_day_of_forming() {
    let (world, mentor) = with_mentor();
    let world = world.given(BringForwardPairing {
        starts_on: None,
        ..pairing(mentor)
    });
    let clock = world.balance(world.person()).clock;
    assert_eq!(clock.starts_on, Some(date(2025, 9, 15)));
}

#[test]
fn a_later_notice_of_the_same_number_is_about_the_mentee_brought_forward() {
    let (world, mentor) = with_mentor();
    let world = world.given(pairing(mentor));
    let mentee = world.person();
    let world = world
        .when(notice("7"))
        .then(&["appointment.notified", "eligibility.judged"]);
    assert_eq!(world.mentee(mentee).appointments, [world.appointment()]);
}

#[test]
fn a_pairing_of_somebody_known_already_is_brought_forward_on_them() {
    let (world, mentor) = with_mentor();
    let (world, mentee) = world.eligible_mentee("1");
    let of = |person| BringForwardPairing {
        person: Some(person),
        ..pairing(mentor)
    };
    let world = world.when(of(mentee)).then(&["pairing.brought-forward"]);
    assert_eq!(world.balance(mentee).used, 2);
    world
        .when(of(stranger()))
        .then_rejected(Rejection::UnknownPerson { person: stranger() });
}

/// Z05 holds for what was brought forward as well.
#[test]
fn a_pairing_brought_forward_may_break_down_and_be_replaced() {
    let (world, mentor) = with_mentor();
    let world = world.given(pairing(mentor));
    let (mentee, first) = (world.person(), world.made("pairing"));
    let world = world
        .given(broken(first))
        .given(judged(first, Replacement::Replace));
    let (world, second) = world.paired(mentee, mentor);
    assert_eq!(world.pairing(second).replaces, Some(first));
    assert_eq!(world.balance(mentee).left, 2);
}

#[test]
fn somebody_in_a_live_pairing_is_not_brought_forward_again() {
    let (world, mentor) = with_mentor();
    let world = world.given(pairing(mentor));
    let person = world.person();
    world
        .when(pairing(mentor))
        .then_rejected(Rejection::AlreadyPaired { person });
}

#[test]
fn a_pairing_brought_forward_is_of_known_people_and_of_this_scheme() {
    let (world, mentor) = with_mentor();
    let with = |change: fn(&mut BringForwardPairing)| {
        let mut changed = pairing(mentor);
        change(&mut changed);
        changed
    };
    world
        .when(pairing(stranger()))
        .then_rejected(Rejection::UnknownMentor { person: stranger() })
        .when(with(|changed| changed.details.name = None))
        .then_rejected(Rejection::Empty { what: "the name" })
        .when(with(|changed| changed.facts.employer = "E99".into()))
        .then_rejected(Rejection::UnknownEmployer {
            employer: "E99".into(),
        })
        .when(with(|changed| changed.facts.post = "Mayor".to_owned()))
        .then_rejected(Rejection::NotOfThisScheme)
        .when(with(|changed| changed.sessions_used = 201))
        .then_rejected(Rejection::OutOfRange {
            what: "the count of sessions",
            least: 0,
            most: 200,
        })
        .when(with(|changed| changed.formed_on = date(2026, 3, 3)))
        .then_rejected(Rejection::HappenedInFuture {
            happened_on: date(2026, 3, 3),
            today: date(2026, 3, 2),
        });
}

#[test]
fn nobody_is_brought_forward_as_their_own_mentor() {
    let (world, person) = ready().eligible_mentee("7");
    let world = world.given(crate::mentor::InviteMentor {
        person: Some(person),
        ..invite("Ada")
    });
    world
        .when(pairing(person))
        .then_rejected(Rejection::OwnMentor { person });
}

#[test]
fn the_figures_of_a_past_year_are_taken_once() {
    let year = |from, until| BringForwardYear {
        figures: figures(from, until),
    };
    let past = year(date(2024, 4, 1), date(2025, 3, 31));
    ready()
        .when(past.clone())
        .then(&["year.brought-forward"])
        .when(past)
        .then_nothing_happens()
        .when(year(date(2025, 3, 31), date(2024, 4, 1)))
        .then_rejected(Rejection::DatesContradict {
            earlier: "from",
            later: "until",
        })
        .when(year(date(2025, 4, 1), date(2026, 3, 31)))
        .then_rejected(Rejection::HappenedInFuture {
            happened_on: date(2026, 3, 31),
            today: date(2026, 3, 2),
        });
}

/// What is taken on the coordinator's word says so by its type.
#[test]
fn nothing_brought_forward_passes_for_something_recorded_then() {
    let live = paired();
    assert_eq!(live.world.count("pairing.brought-forward"), 0);
    let (world, mentor) = with_mentor();
    let world = world.given(pairing(mentor));
    assert_eq!(world.count("pairing.formed"), 0);
    assert_eq!(world.count("session.held"), 0);
}

fn with_mentor() -> (World, PersonId) {
    let world = ready().when(mentor()).then(&["mentor.brought-forward"]);
    let mentor = world.person();
    (world, mentor)
}

fn mentor() -> BringForwardMentor {
    BringForwardMentor {
        details: called("Ada"),
        employer: Some(BIRMINGHAM.into()),
        experience: experience(),
        portrait: portrait(),
        inducted_on: Some(date(2025, 6, 2)),
        capacity: Some(2),
    }
}

/// Formed in September 2025, begun in October, two sessions used.
fn pairing(mentor: PersonId) -> BringForwardPairing {
    BringForwardPairing {
        mentor,
        person: None,
        details: called("Ben"),
        facts: AppointmentFacts {
            employer: BRISTOL.into(),
            employee_number: Some("7".to_owned()),
            post: "DCS".to_owned(),
            basis: None,
            starts_on: Some(date(2025, 9, 1)),
            ends_on: None,
            first_post: None,
            expected_months: None,
        },
        category: Some("first-post".to_owned()),
        formed_on: date(2025, 9, 15),
        starts_on: Some(date(2025, 10, 1)),
        sessions_used: 2,
    }
}

fn figures(from: jiff::civil::Date, until: jiff::civil::Date) -> YearFigures {
    YearFigures {
        from,
        until,
        appointments: Some(30),
        offered: Some(28),
        accepted: Some(20),
        pairings: Some(19),
        broken: Some(2),
        sessions: None,
        evaluations: None,
    }
}

fn outside(event: &Event) -> bool {
    matches!(event, Event::SessionHeld(held) if held.outside_core_offer)
}
