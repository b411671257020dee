use super::{Unfoldable, evolve};
use crate::{
    Event, Recorded,
    arrangement::SessionCalledOff,
    correction::{Matter, RecordTakenBack},
    matching::{MatchLapsed, MatchOffered},
    mentor::PenPortraitApproved,
    mentoring::MentoringOffered,
    pairing::{PairingConcluded, Replacement, ReplacementJudged},
    spec::{Paired, World, paired, ready, stranger},
};
use jiff::civil::date;

#[test]
fn positions_are_gapless() {
    let world = ready();
    for position in [world.scheme.position, world.scheme.position + 2] {
        let event = world.last().clone();
        let halted = folded(&world, position, event);
        assert_eq!(halted, Err("it is not the next one"));
    }
}

/// What cannot be understood is never skipped.
#[test]
fn an_event_that_makes_no_sense_halts_the_scheme() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let next = world.scheme.position + 1;
    let halts = |event, reason| assert_eq!(folded(&world, next, event), Err(reason));
    halts(
        Event::PenPortraitApproved(PenPortraitApproved { mentor: stranger() }),
        "it names a mentor who was never invited",
    );
    halts(
        Event::MentoringOffered(MentoringOffered { mentee: stranger() }),
        "it names a mentee who was never notified",
    );
    halts(
        Event::MatchOffered(MatchOffered {
            of: stranger(),
            mentee,
            mentor: stranger(),
            answer_by: date(2026, 3, 16),
        }),
        "it names a mentor who was never invited",
    );
    halts(
        Event::MatchLapsed(MatchLapsed {
            of: stranger(),
            mentee,
            mentor: stranger(),
        }),
        "it names a match that was never offered",
    );
    halts(
        Event::PairingConcluded(PairingConcluded {
            pairing: stranger(),
            early: None,
        }),
        "it names a pairing that was never formed",
    );
    halts(
        Event::RecordTakenBack(RecordTakenBack {
            corrects: stranger(),
            told: Matter::Breakdown { pairing },
        }),
        "it takes back what was never told",
    );
    halts(
        Event::SessionCalledOff(SessionCalledOff {
            pairing,
            session: stranger(),
        }),
        "it calls off a session that was never arranged",
    );
    halts(
        Event::ReplacementJudged(ReplacementJudged {
            pairing,
            judgement: Replacement::End,
            judged_by: vec![],
            remaining: vec![],
        }),
        "the pairing has not broken down",
    );
}

fn folded(world: &World, position: u64, event: Event) -> Result<(), &'static str> {
    let recorded = Recorded {
        position,
        event,
        ..world.history[0].clone()
    };
    let mut scheme = world.scheme.clone();
    evolve(&mut scheme, &recorded).map_err(|unfoldable: Unfoldable| {
        assert_eq!(unfoldable.position, position);
        assert_eq!(scheme.position, world.scheme.position);
        unfoldable.reason
    })
}
