use super::{DifficultyOutcome, RaiseDifficulty, RecordCheckIn, ResolveDifficulty, Word};
use crate::{
    Rejection,
    pairing::ConcludePairing,
    spec::{Paired, broken, paired, stranger},
};
use jiff::civil::date;

/// R070, R102: each side says how it goes, each for itself, and the last word counts.
#[test]
fn each_side_says_how_it_goes() {
    let Paired {
        world,
        mentee,
        mentor,
        pairing,
    } = paired();
    let says = |person, word| RecordCheckIn {
        pairing,
        person,
        word,
    };
    let world = world
        .when(says(mentee, Word::PleaseRing))
        .then(&["check-in.made"])
        .when(says(mentor, Word::Fine))
        .then(&["check-in.made"])
        .on(date(2026, 3, 4))
        .when(says(mentee, Word::Fine))
        .then(&["check-in.made"])
        .when(says(stranger(), Word::Fine))
        .then_rejected(Rejection::NotOfPairing {
            person: stranger(),
            pairing,
        });
    let last = |person| {
        let mut said = world.pairing(pairing).check_ins.iter();
        said.find(|said| said.person == person)
            .map(|said| (said.on, said.word))
    };
    assert_eq!(last(mentee), Some((date(2026, 3, 4), Word::Fine)));
    assert_eq!(last(mentor), Some((date(2026, 3, 2), Word::Fine)));
    assert_eq!(world.pairing(pairing).check_ins.len(), 2);
}

/// R102: no event of this kind has a place for what it is about.
#[test]
fn nothing_says_what_a_difficulty_is_about() {
    for (kind, _, schema) in crate::Event::schemas() {
        let fields = schema.to_value()["properties"]
            .as_object()
            .map(|fields| fields.keys().cloned().collect::<Vec<_>>());
        match kind {
            "check-in.made" => assert_eq!(
                fields.expect("an object"),
                ["pairing", "person", "side", "word"]
            ),
            kind if kind.starts_with("difficulty.") => {
                assert_eq!(fields.expect("an object"), ["pairing"]);
            }
            _ => {}
        }
    }
}

/// R070: a difficulty is resolved, and there may be another.
#[test]
fn a_difficulty_is_resolved() {
    let Paired { world, pairing, .. } = paired();
    let (raise, resolve) = (RaiseDifficulty { pairing }, ResolveDifficulty { pairing });
    let world = world
        .when(resolve.clone())
        .then_rejected(Rejection::NoDifficulty { pairing })
        .when(raise.clone())
        .then(&["difficulty.raised"])
        .when(raise.clone())
        .then_nothing_happens()
        .on(date(2026, 3, 9))
        .when(resolve.clone())
        .then(&["difficulty.resolved"])
        .when(resolve)
        .then_nothing_happens()
        .when(raise)
        .then(&["difficulty.raised"]);
    let outcomes = world.pairing(pairing).difficulties.iter();
    let outcomes: Vec<_> = outcomes.map(|one| one.outcome).collect();
    let on = date(2026, 3, 9);
    assert_eq!(
        outcomes,
        [DifficultyOutcome::Resolved { on }, DifficultyOutcome::Open]
    );
}

/// R070, R105: a difficulty that is not resolved becomes the breakdown, and is not one to resolve any more.
#[test]
fn a_difficulty_becomes_a_breakdown() {
    let Paired { world, pairing, .. } = paired();
    let raised = world.given(RaiseDifficulty { pairing });
    let on = date(2026, 3, 2);
    let world = raised
        .clone()
        .given(broken(pairing))
        .when(ResolveDifficulty { pairing })
        .then_rejected(Rejection::NoDifficulty { pairing });
    let outcome = world.pairing(pairing).difficulties[0].outcome;
    assert_eq!(outcome, DifficultyOutcome::BecameBreakdown { on });
    let world = raised.given(ConcludePairing { pairing });
    let outcome = world.pairing(pairing).difficulties[0].outcome;
    assert_eq!(outcome, DifficultyOutcome::Ended { on });
}
