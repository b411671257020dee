use super::{DiscussOngoingSupport, GiveMentorFeedback, OwedKind, owed};
use crate::{
    Rejection,
    evaluation::{Evaluation, FileEvaluation},
    identifiers::PairingId,
    pairing::{ConcludePairing, Replacement, ReportMeetingsReached, WithdrawFromPairing},
    spec::{Paired, World, broken, judged, paired},
};

/// R112: closing a pairing shows what is still owed, until it is done (R027, R075, R076, R109).
#[test]
fn a_pairing_that_closes_shows_what_is_owed() {
    let Paired {
        world,
        mentee,
        mentor,
        pairing,
    } = paired();
    assert_eq!(owes(&world, pairing), []);
    let world = world.given(ConcludePairing { pairing });
    let everything = [
        OwedKind::Report,
        OwedKind::Report,
        OwedKind::MentorFeedback,
        OwedKind::OngoingSupport,
    ];
    assert_eq!(owes(&world, pairing), everything);
    let world = world
        .when(GiveMentorFeedback { pairing, mentor })
        .then(&["mentor-feedback.given"])
        .when(GiveMentorFeedback { pairing, mentor })
        .then_nothing_happens();
    assert_eq!(
        owes(&world, pairing),
        [OwedKind::Report, OwedKind::Report, OwedKind::OngoingSupport]
    );
    let world = world
        .when(DiscussOngoingSupport { pairing, mentee })
        .then(&["ongoing-support.discussed"])
        .when(DiscussOngoingSupport { pairing, mentee })
        .then_nothing_happens();
    let report = |person| FileEvaluation {
        pairing,
        person,
        report: Evaluation::default(),
    };
    let world = world.given(report(mentee));
    let out = owed(&world.scheme, world.pairing(pairing));
    assert_eq!(out.len(), 1);
    assert_eq!((out[0].what, out[0].person), (OwedKind::Report, mentor));
    assert_eq!(owes(&world.given(report(mentor)), pairing), []);
}

/// R112: every end is one, but not where another mentor is to be found.
#[test]
fn something_is_owed_at_every_end() {
    let Paired { world, pairing, .. } = paired();
    let broke_down = world.clone().given(broken(pairing));
    assert_eq!(owes(&broke_down, pairing), []);
    let replaced = broke_down
        .clone()
        .given(judged(pairing, Replacement::Replace));
    assert_eq!(owes(&replaced, pairing), []);
    for ended in [
        broke_down.given(judged(pairing, Replacement::End)),
        world.clone().given(WithdrawFromPairing { pairing }),
        world.given(ReportMeetingsReached { pairing }),
    ] {
        assert_eq!(owes(&ended, pairing).len(), 4);
    }
}

/// R075, R076: feedback is the mentor's, and the talk about what comes next the mentee's.
#[test]
fn each_is_owed_their_own() {
    let Paired {
        world,
        mentee,
        mentor,
        pairing,
    } = paired();
    let not_of = |person| Rejection::NotOfPairing { person, pairing };
    world
        .when(GiveMentorFeedback {
            pairing,
            mentor: mentee,
        })
        .then_rejected(not_of(mentee))
        .when(DiscussOngoingSupport {
            pairing,
            mentee: mentor,
        })
        .then_rejected(not_of(mentor));
}

fn owes(world: &World, pairing: PairingId) -> Vec<OwedKind> {
    let all = owed(&world.scheme, world.pairing(pairing)).into_iter();
    all.map(|owed| owed.what).collect()
}
