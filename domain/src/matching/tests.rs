use super::{AcceptMatch, DeclineMatch, OfferMatches, Progress, Side};
use crate::{
    Rejection, due,
    identifiers::{MatchId, PersonId},
    mentor::{InviteMentor, RegisterMentor, StateCapacity},
    next_due,
    pairing::{FormPairing, Replacement},
    spec::{World, broken, invite, judged, notice, paired, portrait, ready, stranger},
};
use jiff::{ToSpan, civil::date};

/// A choice rather than a single allocation (R024, R088).
#[test]
fn a_choice_of_three_mentors_is_offered_at_once() {
    let (world, mentee, mentors) = a_choice_of(3);
    let world = world
        .when(offer(mentee, &mentors))
        .then(&["match.offered"; 3])
        .when(offer(mentee, &mentors))
        .then_nothing_happens();
    assert_eq!(world.mentee(mentee).matches.len(), 3);
}

#[test]
fn the_same_mentor_named_twice_is_offered_once() {
    let (world, mentee, mentors) = a_choice_of(1);
    world
        .when(offer(mentee, &[mentors[0], mentors[0]]))
        .then(&["match.offered"]);
}

/// Z07.
#[test]
fn more_than_three_only_when_the_coordinator_wishes() {
    let (world, mentee, mentors) = a_choice_of(4);
    world
        .when(offer(mentee, &mentors))
        .then_rejected(Rejection::TooManyAtOnce { most: 3 })
        .given(offer(mentee, &mentors[..3]))
        .when(offer(mentee, &mentors[3..]))
        .then_rejected(Rejection::TooManyAtOnce { most: 3 })
        .when(OfferMatches {
            more_than_usual: true,
            ..offer(mentee, &mentors[3..])
        })
        .then(&["match.offered"])
        .when(offer(mentee, &mentors))
        .then_nothing_happens();
}

#[test]
fn mentors_are_offered_to_somebody_who_accepted_mentoring() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.eligible_mentee("1");
    world
        .when(offer(mentee, &[mentor]))
        .then_rejected(Rejection::NotAccepted { person: mentee })
        .when(offer(stranger(), &[mentor]))
        .then_rejected(Rejection::UnknownMentee { person: stranger() });
}

/// Mentees see pen portraits of whom they may choose (R038, R069), and gaps show before that (R031).
#[test]
fn a_mentor_is_offered_with_a_pen_portrait_they_approved() {
    let (world, mentee) = ready().accepted_mentee("1");
    let world = world.given(invite("Ada"));
    let mentor = world.person();
    world
        .when(offer(mentee, &[stranger()]))
        .then_rejected(Rejection::UnknownMentor { person: stranger() })
        .when(offer(mentee, &[mentor]))
        .then_rejected(Rejection::NotRegistered { mentor })
        .given(RegisterMentor {
            mentor,
            portrait: portrait(),
        })
        .when(offer(mentee, &[mentor]))
        .then_rejected(Rejection::PortraitNotApproved { mentor });
}

#[test]
fn nobody_is_their_own_mentor() {
    let (world, ada) = ready().ready_mentor("Ada");
    let world = world
        .given(crate::appointment::NotifyAppointment {
            person: Some(ada),
            ..notice("1")
        })
        .given(crate::mentoring::OfferMentoring { mentee: ada })
        .given(crate::spec::yes(ada));
    world
        .when(offer(ada, &[ada]))
        .then_rejected(Rejection::OwnMentor { person: ada });
}

/// Flagged, not barred (Z01).
#[test]
fn a_mentor_who_is_not_eligible_and_not_inducted_may_still_be_offered() {
    let (world, mentee, mentors) = a_choice_of(1);
    let mut new_in_post = invite("Ada");
    new_in_post.experience.years_in_post = Some(0);
    world
        .given(InviteMentor {
            person: Some(mentors[0]),
            ..new_in_post
        })
        .when(offer(mentee, &mentors))
        .then(&["match.offered"]);
}

/// The number the mentor states, else one (Z07).
#[test]
fn a_mentor_has_room_for_one_pairing_unless_they_say_otherwise() {
    let paired = paired();
    let (world, second) = paired.world.accepted_mentee("2");
    let mentor = paired.mentor;
    world
        .when(offer(second, &[mentor]))
        .then_rejected(Rejection::MentorFull {
            mentor,
            capacity: 1,
        })
        .given(StateCapacity {
            mentor,
            capacity: 2,
        })
        .when(offer(second, &[mentor]))
        .then(&["match.offered"]);
}

#[test]
fn a_mentor_who_says_there_is_no_room_is_not_offered() {
    let (world, mentee, mentors) = a_choice_of(1);
    world
        .given(StateCapacity {
            mentor: mentors[0],
            capacity: 0,
        })
        .when(offer(mentee, &mentors))
        .then_rejected(Rejection::MentorFull {
            mentor: mentors[0],
            capacity: 0,
        });
}

#[test]
fn a_mentor_who_has_become_full_cannot_agree_to_another_match() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, first) = world.accepted_mentee("1");
    let (world, second) = world.accepted_mentee("2");
    let (world, of) = world.offered(second, mentor);
    let (world, _) = world.paired(first, mentor);
    world
        .when(agree(of, Side::Mentor))
        .then_rejected(Rejection::MentorFull {
            mentor,
            capacity: 1,
        });
}

#[test]
fn somebody_in_a_live_pairing_is_offered_nobody_else() {
    let paired = paired();
    let (world, other) = paired.world.ready_mentor("Ben");
    let person = paired.mentee;
    world
        .when(offer(person, &[other]))
        .then_rejected(Rejection::AlreadyPaired { person });
}

/// R026.
#[test]
fn after_a_breakdown_a_replacement_is_judged_before_anybody_is_offered() {
    let paired = paired();
    let (world, other) = paired.world.ready_mentor("Ben");
    let person = paired.mentee;
    world
        .given(broken(paired.pairing))
        .when(offer(person, &[other]))
        .then_rejected(Rejection::ReplacementNotJudged { person })
        .given(judged(paired.pairing, Replacement::End))
        .when(offer(person, &[other]))
        .then_rejected(Rejection::ReplacementNotJudged { person })
        .given(judged(paired.pairing, Replacement::Replace))
        .when(offer(person, &[other]))
        .then(&["match.offered"]);
}

/// A pairing needs everyone's support (R089).
#[test]
fn both_sides_agree_once() {
    let (world, mentee, mentors) = a_choice_of(1);
    let (world, of) = world.offered(mentee, mentors[0]);
    let world = world
        .when(agree(of, Side::Mentee))
        .then(&["match.accepted"])
        .when(agree(of, Side::Mentee))
        .then_nothing_happens()
        .when(agree(of, Side::Mentor))
        .then(&["match.accepted"])
        .when(agree(of, Side::Mentor))
        .then_nothing_happens();
    assert!(world.scheme.matches[&of].is_agreed());
    world
        .given(FormPairing { matches: vec![of] })
        .when(agree(of, Side::Mentor))
        .then_nothing_happens();
}

/// Either side may decline, and no reason is asked (R090).
#[test]
fn either_side_may_decline_even_after_agreeing() {
    let (world, mentee, mentors) = a_choice_of(1);
    let (world, of) = world.agreed(mentee, mentors[0]);
    world
        .when(refuse(of, Side::Mentor))
        .then(&["match.declined"])
        .when(refuse(of, Side::Mentor))
        .then_nothing_happens()
        .when(refuse(of, Side::Mentee))
        .then_rejected(Rejection::MatchClosed { of })
        .when(agree(of, Side::Mentee))
        .then_rejected(Rejection::MatchClosed { of });
}

#[test]
fn a_mentor_who_was_declined_may_be_offered_again() {
    let (world, mentee, mentors) = a_choice_of(1);
    let (world, of) = world.offered(mentee, mentors[0]);
    world
        .given(refuse(of, Side::Mentee))
        .when(offer(mentee, &mentors))
        .then(&["match.offered"]);
}

#[test]
fn a_match_nobody_offered_cannot_be_answered() {
    let of = stranger();
    ready()
        .when(agree(of, Side::Mentee))
        .then_rejected(Rejection::UnknownMatch { of })
        .when(refuse(of, Side::Mentee))
        .then_rejected(Rejection::UnknownMatch { of });
}

/// Z07: ten working days, here across Good Friday and Easter Monday.
#[test]
fn a_match_lapses_by_itself_when_ten_working_days_have_passed() {
    let (world, mentee, mentors) = a_choice_of(2);
    let world = world.on(date(2026, 3, 30));
    let (world, of) = world.offered(mentee, mentors[0]);
    assert_eq!(world.scheme.matches[&of].answer_by, date(2026, 4, 15));
    assert_eq!(
        next_due(&world.scheme).map(|at| at.to_string()),
        Some("2026-04-15T23:00:00Z".to_owned()),
        "midnight in London is an hour earlier in universal time while summer time lasts",
    );
    let world = world.on(date(2026, 4, 15));
    assert_eq!(world.count("match.lapsed"), 0);
    let world = world.on(date(2026, 4, 16));
    assert_eq!(world.count("match.lapsed"), 1);
    let lapsed = world.history.last().expect("it lapsed");
    assert_eq!(lapsed.happened_on, date(2026, 4, 16));
    assert_eq!(lapsed.command_id, None);
    world
        .when(agree(of, Side::Mentee))
        .then_rejected(Rejection::MatchClosed { of });
}

#[test]
fn a_yes_given_in_time_and_recorded_late_takes_the_match_up_again() {
    let (world, mentee, mentors) = a_choice_of(1);
    let (world, of) = world.offered(mentee, mentors[0]);
    let last_day = world.scheme.matches[&of].answer_by;
    let world = world.on(date(2027, 1, 4));
    assert_eq!(world.scheme.matches[&of].progress, Progress::Lapsed);
    let world = world
        .happened(last_day)
        .when(agree(of, Side::Mentee))
        .then(&["match.accepted"])
        .on(date(2027, 1, 5))
        .given(agree(of, Side::Mentor));
    assert!(world.scheme.matches[&of].is_agreed());
    assert_eq!(world.count("match.lapsed"), 1);
    assert_eq!(next_due(&world.scheme), None);
}

#[test]
fn a_yes_given_after_the_last_day_comes_too_late() {
    let (world, mentee, mentors) = a_choice_of(1);
    let (world, of) = world.offered(mentee, mentors[0]);
    let after = world.scheme.matches[&of]
        .answer_by
        .tomorrow()
        .expect("a day");
    world
        .on(date(2027, 1, 4))
        .happened(after)
        .when(agree(of, Side::Mentee))
        .then_rejected(Rejection::MatchClosed { of });
}

#[test]
fn a_late_yes_does_not_come_between_a_pairing() {
    let (world, mentee, mentors) = a_choice_of(2);
    let (world, of) = world.offered(mentee, mentors[0]);
    let last_day = world.scheme.matches[&of].answer_by;
    let (world, other) = world.on(date(2027, 1, 4)).agreed(mentee, mentors[1]);
    world
        .given(FormPairing {
            matches: vec![other],
        })
        .happened(last_day)
        .when(agree(of, Side::Mentor))
        .then_rejected(Rejection::AlreadyPaired { person: mentee });
}

#[test]
fn a_no_given_in_time_and_recorded_late_is_kept_as_a_no() {
    let (world, mentee, mentors) = a_choice_of(1);
    let (world, of) = world.offered(mentee, mentors[0]);
    let last_day = world.scheme.matches[&of].answer_by;
    let world = world
        .on(date(2027, 1, 4))
        .happened(last_day)
        .when(refuse(of, Side::Mentor))
        .then(&["match.declined"]);
    let progress = world.scheme.matches[&of].progress;
    assert_eq!(progress, Progress::Declined(Side::Mentor));
}

#[test]
fn a_match_lapses_once_also_after_a_long_stop() {
    let (world, mentee, mentors) = a_choice_of(1);
    let (world, of) = world.offered(mentee, mentors[0]);
    let world = world.on(date(2027, 1, 4)).on(date(2027, 1, 5));
    assert_eq!(world.count("match.lapsed"), 1);
    assert_eq!(world.scheme.matches[&of].progress, Progress::Lapsed);
    assert_eq!(next_due(&world.scheme), None);
    let lapsed = world.history.last().expect("it lapsed");
    assert_eq!(lapsed.happened_on, date(2026, 3, 17));
}

/// Whoever wakes at the instant that was announced finds something due, and nobody a moment before.
#[test]
fn a_match_lapses_at_the_very_instant_that_was_announced() {
    let (world, mentee, mentors) = a_choice_of(1);
    let (world, _) = world.offered(mentee, mentors[0]);
    let at = next_due(&world.scheme).expect("one match waits");
    assert_eq!(due(&world.scheme, at - 1.nanosecond()), []);
    let fell = due(&world.scheme, at);
    assert_eq!(fell.iter().map(|fell| fell.at).collect::<Vec<_>>(), [at]);
}

#[test]
fn matches_lapse_in_the_order_of_their_days() {
    let (world, mentee, mentors) = a_choice_of(2);
    let (world, first) = world.offered(mentee, mentors[1]);
    let (world, second) = world.on(date(2026, 3, 4)).offered(mentee, mentors[0]);
    let world = world.on(date(2026, 5, 1));
    let lapsed: Vec<_> = world
        .history
        .iter()
        .filter_map(|recorded| match &recorded.event {
            crate::Event::MatchLapsed(lapsed) => Some(lapsed.of),
            _ => None,
        })
        .collect();
    assert_eq!(lapsed, [first, second]);
}

#[test]
fn one_yes_does_not_keep_a_match_from_lapsing_but_two_do() {
    let (world, mentee, mentors) = a_choice_of(2);
    let (world, _) = world.agreed(mentee, mentors[0]);
    let (world, half) = world.offered(mentee, mentors[1]);
    let world = world.given(agree(half, Side::Mentor)).on(date(2026, 4, 1));
    assert_eq!(world.count("match.lapsed"), 1);
    assert_eq!(world.scheme.matches[&half].progress, Progress::Lapsed);
}

#[test]
fn the_other_matches_are_released_when_a_pairing_forms() {
    let (world, mentee, mentors) = a_choice_of(3);
    let world = world.given(offer(mentee, &mentors));
    let of = world.match_with(mentors[0]);
    let refused = world.match_with(mentors[1]);
    let left = world.match_with(mentors[2]);
    let world = world
        .given(agree(of, Side::Mentee))
        .given(agree(of, Side::Mentor))
        .given(refuse(refused, Side::Mentee))
        .when(FormPairing { matches: vec![of] })
        .then(&["pairing.formed", "match.released"]);
    assert_eq!(world.scheme.matches[&left].progress, Progress::Released);
    assert_eq!(next_due(&world.scheme), None);
    world
        .when(agree(left, Side::Mentor))
        .then_rejected(Rejection::MatchClosed { of: left });
}

fn a_choice_of(count: usize) -> (World, PersonId, Vec<PersonId>) {
    let (mut world, mentee) = ready().accepted_mentee("1");
    let mut mentors = Vec::new();
    for number in 0..count {
        let mentor;
        (world, mentor) = world.ready_mentor(&format!("Mentor {number}"));
        mentors.push(mentor);
    }
    (world, mentee, mentors)
}

fn offer(mentee: PersonId, mentors: &[PersonId]) -> OfferMatches {
    OfferMatches {
        mentee,
        mentors: mentors.to_vec(),
        more_than_usual: false,
    }
}

fn agree(of: MatchId, side: Side) -> AcceptMatch {
    AcceptMatch { of, side }
}

fn refuse(of: MatchId, side: Side) -> DeclineMatch {
    DeclineMatch { of, side }
}
