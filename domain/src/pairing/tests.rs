mod breakdown;
mod interruption;
mod meetings;

use super::{ConcludePairing, FormPairing, RecordSession, Replacement, ReportMeetingsReached};
use crate::{
    Event, Rejection,
    identifiers::PairingId,
    matching::{AcceptMatch, Side},
    mentor::StateCapacity,
    mentoring::AgreeStart,
    spec::{Paired, broken, counted, held, judged, paired, ready, stranger},
};
use jiff::civil::date;

#[test]
fn a_pairing_is_formed_of_a_match_both_agreed_to() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, of) = world.agreed(mentee, mentor);
    let form = FormPairing { matches: vec![of] };
    let world = world
        .when(form.clone())
        .then(&["pairing.formed"])
        .when(form)
        .then_nothing_happens();
    assert_eq!(world.mentee(mentee).pairings.len(), 1);
    let ada = world.scheme.mentor(mentor).expect("invited");
    assert_eq!(ada.live_pairings.len(), 1);
}

/// The handbook in force belongs on each pairing (R013).
#[test]
fn a_pairing_names_its_handbook() {
    let Paired { world, pairing, .. } = paired();
    let handbook = world.pairing(pairing).handbook.as_ref();
    assert_eq!(handbook.map(|book| &*book.edition), Some("2017"));
}

/// R089.
#[test]
fn no_pairing_without_the_agreement_of_both_sides() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, of) = world.offered(mentee, mentor);
    let form = FormPairing { matches: vec![of] };
    world
        .when(form.clone())
        .then_rejected(Rejection::MatchNotAgreed { of })
        .on(date(2026, 4, 1))
        .when(form)
        .then_rejected(Rejection::MatchClosed { of })
        .when(FormPairing { matches: vec![] })
        .then_rejected(Rejection::Empty {
            what: "the list of matches",
        })
        .when(FormPairing {
            matches: vec![stranger()],
        })
        .then_rejected(Rejection::UnknownMatch { of: stranger() });
}

/// R089.
#[test]
fn no_pairing_without_the_agreement_of_both_sides_whichever_comes_first() {
    for only in [Side::Mentee, Side::Mentor] {
        let (world, mentor) = ready().ready_mentor("Ada");
        let (world, mentee) = world.accepted_mentee("1");
        let (world, of) = world.offered(mentee, mentor);
        world
            .given(AcceptMatch { of, side: only })
            .when(FormPairing { matches: vec![of] })
            .then_rejected(Rejection::MatchNotAgreed { of });
    }
}

#[test]
fn a_pairing_that_is_over_is_not_formed_again() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, of) = world.agreed(mentee, mentor);
    let form = FormPairing { matches: vec![of] };
    let world = world.given(form.clone());
    let pairing = world.made("pairing");
    world
        .given(broken(pairing))
        .when(form)
        .then_rejected(Rejection::PairingOver { pairing });
}

/// Z07.
#[test]
fn a_mentor_is_never_in_more_pairings_than_they_have_room_for() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, first) = world.accepted_mentee("1");
    let (world, second) = world.accepted_mentee("2");
    let (world, of) = world.agreed(second, mentor);
    let (world, _) = world.paired(first, mentor);
    world
        .when(FormPairing { matches: vec![of] })
        .then_rejected(Rejection::MentorFull {
            mentor,
            capacity: 1,
        });
}

#[test]
fn one_mentee_and_one_mentor_make_a_pairing_of_this_scheme() {
    let (world, ada) = ready().ready_mentor("Ada");
    let (world, ben) = world.ready_mentor("Ben");
    let (world, first) = world.accepted_mentee("1");
    let (world, second) = world.accepted_mentee("2");
    let (world, one) = world.agreed(first, ada);
    let (world, two) = world.agreed(first, ben);
    let (world, three) = world.agreed(second, ada);
    let too_many = |what| Rejection::TooManyInPairing { most: 1, what };
    world
        .when(FormPairing {
            matches: vec![one, two],
        })
        .then_rejected(too_many("mentors"))
        .when(FormPairing {
            matches: vec![one, three],
        })
        .then_rejected(too_many("mentees"));
}

#[test]
fn two_pairings_of_one_mentor_are_not_one_pairing() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let world = world.given(StateCapacity {
        mentor,
        capacity: 2,
    });
    let (world, first) = world.accepted_mentee("1");
    let (world, second) = world.accepted_mentee("2");
    let (world, one) = world.agreed(first, mentor);
    let (world, two) = world.agreed(second, mentor);
    world
        .given(FormPairing { matches: vec![one] })
        .given(FormPairing { matches: vec![two] })
        .when(FormPairing {
            matches: vec![one, two],
        })
        .then_rejected(Rejection::MatchClosed { of: one });
}

/// R226.
#[test]
fn each_side_keeps_its_own_count_and_the_larger_is_used() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let world = world
        .given(held(pairing, Side::Mentor))
        .given(held(pairing, Side::Mentor))
        .given(held(pairing, Side::Mentee));
    let counts = world.pairing(pairing).counts;
    assert_eq!((counts.mentor, counts.mentee), (2, 1));
    assert_eq!((counts.used(), world.balance(mentee).left), (2, 2));
}

/// Held and shortened spend one (Z13).
#[test]
fn a_session_cut_short_counts() {
    let Paired { world, pairing, .. } = paired();
    let world = world.given(RecordSession {
        shortened: true,
        ..held(pairing, Side::Mentor)
    });
    assert_eq!(world.pairing(pairing).counts.used(), 1);
}

/// R226.
#[test]
fn a_side_may_say_how_many_there_have_been_in_all() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let world = world
        .when(counted(pairing, Side::Mentor, 3))
        .then(&["sessions.counted"])
        .when(counted(pairing, Side::Mentor, 3))
        .then_nothing_happens()
        .when(counted(pairing, Side::Mentee, 2))
        .then(&["sessions.counted"])
        .when(counted(pairing, Side::Mentor, 1))
        .then(&["sessions.counted"]);
    assert_eq!(world.balance(mentee).used, 2);
    world
        .when(counted(pairing, Side::Mentor, 201))
        .then_rejected(Rejection::OutOfRange {
            what: "the count of sessions",
            least: 0,
            most: 200,
        });
}

/// R019: more are recorded as outside the core offer (Z13).
#[test]
fn the_fifth_session_is_outside_the_core_offer() {
    let Paired {
        mut world,
        mentee,
        pairing,
        ..
    } = paired();
    for _ in 0..4 {
        world = world.given(held(pairing, Side::Mentor));
        assert!(!outside(world.last()));
    }
    let world = world.given(held(pairing, Side::Mentor));
    assert!(outside(world.last()));
    assert_eq!(world.balance(mentee).left, 0);
}

#[test]
fn one_sides_first_session_is_no_fifth_because_the_other_side_counted_more() {
    let Paired { world, pairing, .. } = paired();
    let world = world
        .given(counted(pairing, Side::Mentor, 5))
        .given(held(pairing, Side::Mentee));
    assert!(!outside(world.last()));
}

/// R020: twelve months from the agreed start (Z03).
#[test]
fn a_session_after_twelve_months_is_outside_the_core_offer() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let world = world
        .given(AgreeStart {
            mentee,
            starts_on: date(2026, 4, 1),
        })
        .on(date(2027, 3, 31))
        .given(held(pairing, Side::Mentor));
    assert!(!outside(world.last()));
    let world = world
        .on(date(2027, 4, 1))
        .given(held(pairing, Side::Mentor));
    assert!(outside(world.last()));
}

#[test]
fn nothing_of_a_pairing_happened_before_it_was_formed() {
    let Paired { world, pairing, .. } = paired();
    let before = Rejection::BeforePairing {
        pairing,
        formed_on: date(2026, 3, 2),
    };
    let day = date(2026, 3, 1);
    world
        .happened(day)
        .when(held(pairing, Side::Mentor))
        .then_rejected(before.clone())
        .happened(day)
        .when(ReportMeetingsReached { pairing })
        .then_rejected(before.clone())
        .happened(day)
        .when(broken(pairing))
        .then_rejected(before.clone())
        .happened(day)
        .when(ConcludePairing { pairing })
        .then_rejected(before);
}

/// The record is never made unsayable by an end.
#[test]
fn a_session_held_after_the_end_is_recorded() {
    let Paired { world, pairing, .. } = paired();
    world
        .given(ConcludePairing { pairing })
        .when(held(pairing, Side::Mentee))
        .then(&["session.held"]);
}

/// R104, R109.
#[test]
fn meetings_reached_asks_both_sides_for_a_report_once() {
    let Paired {
        world,
        mentee,
        mentor,
        pairing,
    } = paired();
    let reached = ReportMeetingsReached { pairing };
    let world = world
        .when(reached.clone())
        .then(&[
            "meetings.reached",
            "evaluation.requested",
            "evaluation.requested",
        ])
        .when(reached)
        .then_nothing_happens()
        .when(ConcludePairing { pairing })
        .then(&["pairing.concluded"]);
    let asked = &world.pairing(pairing).reports;
    assert_eq!(
        asked.iter().map(|report| report.person).collect::<Vec<_>>(),
        [mentee, mentor]
    );
}

/// The mentor tells that four meetings are done (R072); the mentee's count stays the mentee's.
#[test]
fn meetings_reached_raises_the_mentors_count_to_the_core_offer() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let world = world
        .given(counted(pairing, Side::Mentee, 1))
        .given(ReportMeetingsReached { pairing });
    let counts = world.pairing(pairing).counts;
    assert_eq!((counts.mentor, counts.mentee), (4, 1));
    assert_eq!(world.balance(mentee).left, 0);
}

#[test]
fn meetings_reached_never_gives_the_mentor_the_mentees_larger_count() {
    let Paired { world, pairing, .. } = paired();
    let world = world
        .given(counted(pairing, Side::Mentee, 6))
        .given(ReportMeetingsReached { pairing });
    let counts = world.pairing(pairing).counts;
    assert_eq!((counts.mentor, counts.mentee), (4, 6));
}

#[test]
fn nothing_can_be_said_of_a_pairing_nobody_formed() {
    let pairing: PairingId = stranger();
    let unknown = Rejection::UnknownPairing { pairing };
    ready()
        .when(held(pairing, Side::Mentee))
        .then_rejected(unknown.clone())
        .when(counted(pairing, Side::Mentee, 1))
        .then_rejected(unknown.clone())
        .when(ReportMeetingsReached { pairing })
        .then_rejected(unknown.clone())
        .when(broken(pairing))
        .then_rejected(unknown.clone())
        .when(judged(pairing, Replacement::End))
        .then_rejected(unknown.clone())
        .when(ConcludePairing { pairing })
        .then_rejected(unknown);
}

fn outside(event: &Event) -> bool {
    match event {
        Event::SessionHeld(held) => held.outside_core_offer,
        _ => panic!("no session was held"),
    }
}
