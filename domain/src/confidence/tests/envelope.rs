//! What stands in clear: the same for everything confidential.

use super::{in_order, refer};
use crate::{
    Channel, Command, Party, Recorded,
    confidence::{AgreeThirdPerson, Purpose},
    envelope::UNDISCLOSED,
    sealed::MARKER,
    spec::{Paired, World, paired},
};
use jiff::civil::date;
use serde_json::{Value, json};

/// R074, R113: nothing in clear tells a concern from a third person: not the day, the word, the channel or the role.
#[test]
fn a_concern_and_a_third_person_look_alike_in_clear() {
    let Paired {
        world,
        pairing,
        mentee,
        ..
    } = paired();
    let concern = refer(&world, in_order());
    let third = AgreeThirdPerson {
        pairing,
        person: mentee,
        name: "Jo Field".to_owned(),
        purpose: Purpose::Advice,
    };
    let world = world.on(date(2026, 6, 5));
    let by_telephone = world
        .clone()
        .heard(Channel::Telephone)
        .happened(date(2026, 6, 1))
        .on_the_word_of(Party::Mentor);
    let all = [
        clear(world.clone().acting_as("mentor"), concern.clone()),
        clear(by_telephone, concern),
        clear(world.acting_as("mentee"), third),
    ];
    let (wanted, data) = &all[0];
    assert_eq!(wanted.happened_on, date(2026, 6, 5), "the day of recording");
    assert_eq!(&*wanted.actor.role, UNDISCLOSED);
    assert_eq!((&wanted.reported_by, &wanted.channel), (&None, &None));
    assert_eq!(wanted.event.subjects(), [mentee.0]);
    assert_eq!(
        *data,
        json!({ "act": { MARKER: { "subject": mentee, "version": 1 } } })
    );
    for (recorded, said) in &all[1..] {
        assert_eq!(said, data);
        let in_its_place = Recorded {
            event: wanted.event.clone(),
            command_id: wanted.command_id,
            ..recorded.clone()
        };
        assert_eq!(in_its_place, *wanted);
    }
}

/// What was recorded, and its payload without what is sealed.
fn clear(world: World, command: impl Into<Command>) -> (Recorded, Value) {
    let world = world.given(command);
    let recorded = world.history.last().expect("recorded").clone();
    let mut data = recorded.event.data().expect("it can be written");
    let sealed = data["act"][MARKER].as_object_mut().expect("sealed");
    sealed.remove("value");
    (recorded, data)
}
