use super::{Activity, AgreeFoundations, Foundation, NoteActivity};
use crate::{
    Rejection,
    spec::{Paired, paired},
};
use jiff::civil::date;

/// R097: six foundations, each laid once, topic by topic and in any order.
#[test]
fn foundations_are_laid_topic_by_topic() {
    let Paired { world, pairing, .. } = paired();
    let agree = |foundations: &[Foundation]| AgreeFoundations {
        pairing,
        foundations: foundations.to_vec(),
    };
    let world = world
        .when(agree(&[]))
        .then_nothing_happens()
        .when(agree(&[Foundation::GroundRules, Foundation::Purpose]))
        .then(&["foundations.agreed"])
        .when(agree(&[Foundation::Purpose]))
        .then_nothing_happens()
        .on(date(2026, 4, 1))
        .when(agree(&[Foundation::Purpose, Foundation::Confidentiality]))
        .then(&["foundations.agreed"]);
    let laid = &world.pairing(pairing).own_notes.foundations;
    assert_eq!(
        *laid,
        [
            (Foundation::Purpose, date(2026, 3, 2)),
            (Foundation::GroundRules, date(2026, 3, 2)),
            (Foundation::Confidentiality, date(2026, 4, 1)),
        ]
    );
}

/// R047, R048, R099: acts for the mentee, observation and reviews are each an act of its own, as often as it happens.
#[test]
fn what_is_done_beside_talking_is_noted_each_time() {
    let Paired { world, pairing, .. } = paired();
    let done = |activity| NoteActivity { pairing, activity };
    let world = world
        .when(done(Activity::ActedForMentee))
        .then(&["activity.noted"])
        .when(done(Activity::ActedForMentee))
        .then(&["activity.noted"])
        .when(done(Activity::RelationshipReviewed))
        .then(&["activity.noted"])
        .happened(date(2026, 3, 1))
        .when(done(Activity::PracticeObserved))
        .then_rejected(Rejection::BeforePairing {
            pairing,
            formed_on: date(2026, 3, 2),
        });
    let noted = &world.pairing(pairing).own_notes.activities;
    assert_eq!(noted.len(), 3);
    assert_eq!(noted[2].0, Activity::RelationshipReviewed);
}
