//! What somebody who is forgotten still stood in, and what stays of them.

use super::{ask, confirm};
use crate::{
    Event, Rejection,
    closing::owed,
    evaluation::{Evaluation, FileEvaluation},
    induction_day::{AnnounceDfeInductionDay, Place, RequestDfeInductionDay},
    matching::{AcceptMatch, PlaceOnWaitingList, Progress, Side, WithdrawMatch},
    mentor::Presence,
    pairing::{BreakdownCause, ConcludePairing, Course, Replacement},
    spec::{Paired, held, judged, paired, ready},
};
use jiff::civil::date;

/// Z05: a mentor who is forgotten leaves a pairing that broke down, of nobody's fault: the clock stands still, what was
/// used stays used, and the mentee can be matched anew.
#[test]
fn a_mentor_in_a_live_pairing_leaves_it_broken_with_no_cause() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let world = world.given(held(pairing, Side::Mentee)).given(ask(mentor));
    let before = world.balance(mentee);
    let confirmed = world.by_another().when(confirm(mentor));
    let world = confirmed.then(&[
        "erasure.confirmed",
        "pairing.broken",
        "evaluation.waived",
        "erasure.decided",
    ]);
    let breakdown = world.pairing(pairing).breakdown().expect("it broke down");
    assert_eq!(breakdown.cause, BreakdownCause::NotStated);
    let after = world.balance(mentee);
    assert_eq!((after.used, after.left), (before.used, before.left));
    assert_eq!(after.clock.paused_since, Some(world.today));
    assert_eq!(world.scheme.mentors[&mentor].presence, Presence::Erased);
    assert!(world.scheme.mentors[&mentor].live_pairings.is_empty());
    let world = world.given(judged(pairing, Replacement::Replace));
    let (world, other) = world.ready_mentor("Ben");
    let (world, next) = world.paired(mentee, other);
    assert_eq!(world.pairing(next).replaces, Some(pairing));
    assert_eq!(world.balance(mentee).used, before.used);
}

/// Nobody waits for the report of somebody who was forgotten, and nothing is owed to them.
#[test]
fn nothing_is_owed_by_or_to_somebody_who_was_forgotten() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let world = world.erased(mentor);
    let world = world.given(judged(pairing, Replacement::End));
    let all = owed(&world.scheme, world.pairing(pairing));
    assert!(!all.is_empty(), "the mentee's");
    assert!(all.iter().all(|owed| owed.person == mentee));
    let asked = world.history.iter().filter(|recorded| {
        matches!(&recorded.event, Event::EvaluationRequested(asked) if asked.person == mentor)
    });
    assert_eq!(asked.count(), 0, "nobody asks them for a report");
}

/// A mentee who is forgotten leaves their partner's history and every count as they were.
#[test]
fn a_mentee_with_history_leaves_every_count_as_it_was() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let world = world
        .given(held(pairing, Side::Mentee))
        .given(held(pairing, Side::Mentor))
        .given(ConcludePairing { pairing });
    let report = |person| FileEvaluation {
        pairing,
        person,
        report: Evaluation::default(),
    };
    let world = world.given(report(mentor)).given(report(mentee));
    let before = world.clone();
    let world = world.erased(mentee);
    assert_eq!(world.pairing(pairing), before.pairing(pairing));
    assert_eq!(world.scheme.mentees[&mentee], *before.mentee(mentee));
    assert_eq!(
        world.scheme.mentors[&mentor], before.scheme.mentors[&mentor],
        "their partner's history"
    );
    assert!(world.particulars.evaluation(pairing, mentor).is_some());
    assert!(world.particulars.evaluation(pairing, mentee).is_none());
    assert!(world.particulars.details(mentee).is_none());
}

/// A live pairing without its mentee ends as if they had wished to stop: the mentor is asked for a report and has room.
#[test]
fn a_mentee_in_a_live_pairing_leaves_the_mentor_with_room() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let world = world.given(ask(mentee));
    let confirmed = world.by_another().when(confirm(mentee));
    let world = confirmed.then(&[
        "erasure.confirmed",
        "pairing.withdrawn",
        "evaluation.requested",
        "evaluation.waived",
        "erasure.decided",
    ]);
    let ended = &world.pairing(pairing).course;
    assert!(matches!(ended, Course::Withdrawn { .. }));
    assert!(world.scheme.mentors[&mentor].live_pairings.is_empty());
    let (world, next) = world.accepted_mentee("2");
    world.paired(next, mentor);
}

/// R090: to the other side a match ends like any that was withdrawn.
#[test]
fn open_matches_end_like_any_that_was_withdrawn() {
    let (world, ada) = ready().ready_mentor("Ada");
    let (world, ben) = world.ready_mentor("Ben");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, of_ada) = world.offered(mentee, ada);
    let (world, of_ben) = world.offered(mentee, ben);
    let world = world.given(WithdrawMatch { of: of_ada }).erased(ben);
    let [withdrawn, gone] = [of_ada, of_ben].map(|of| world.scheme.matches[&of].progress);
    assert_eq!(
        (withdrawn, gone),
        (Progress::Withdrawn, Progress::Withdrawn)
    );
    let kind = |of: crate::identifiers::MatchId| {
        let about = |recorded: &&crate::Recorded| recorded.event.subjects().contains(&of.0);
        let last = world.history.iter().rev().find(about);
        last.expect("it was withdrawn").event.kind()
    };
    assert_eq!(kind(of_ada), kind(of_ben));
}

/// R090: a match that lapsed is not taken up again by a yes that was given in time: to the mentee it is closed like any.
#[test]
fn a_yes_given_in_time_brings_nobody_back_who_was_forgotten_since() {
    let (world, ben) = ready().ready_mentor("Ben");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, of) = world.offered(mentee, ben);
    let last_day = world.scheme.matches[&of].answer_by;
    let world = world.on(date(2027, 1, 4)).erased(ben);
    assert_eq!(world.scheme.matches[&of].progress, Progress::Lapsed);
    world
        .happened(last_day)
        .when(AcceptMatch {
            of,
            side: Side::Mentee,
        })
        .then_rejected(Rejection::MatchClosed { of });
}

/// Whoever is forgotten waits in no line, and their place goes to the next.
#[test]
fn a_place_in_a_line_goes_to_the_next() {
    let (world, first) = ready().accepted_mentee("1");
    let (world, second) = world.accepted_mentee("2");
    let world = world
        .given(AnnounceDfeInductionDay {
            day: None,
            on: date(2026, 6, 1),
            places: 1,
        })
        .given(RequestDfeInductionDay { mentee: first })
        .given(RequestDfeInductionDay { mentee: second })
        .given(PlaceOnWaitingList { mentee: first });
    assert!(matches!(world.mentee(first).induction_day, Place::Given(_)));
    let world = world.erased(first);
    assert!(matches!(
        world.mentee(second).induction_day,
        Place::Given(_)
    ));
    let gone = &world.scheme.mentees[&first];
    assert_eq!(gone.induction_day, Place::NotRequested);
    assert_eq!(gone.waiting_since, None);
}
