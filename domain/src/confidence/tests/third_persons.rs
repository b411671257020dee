//! Third persons: by both together, each for themselves, and under the same confidence.

use crate::{
    Party, Rejection,
    confidence::{AcceptConfidence, AgreeThirdPerson, EndThirdPerson, Purpose, ThirdPerson},
    identifiers::{PersonId, ThirdPersonId},
    spec::{Paired, World, paired, stranger},
};
use jiff::civil::date;

/// R114: one of the two cannot open their confidence alone. R115: both together may, for one purpose. R116, R300: and not
/// before the third person has accepted the same confidence.
#[test]
fn a_third_person_is_brought_in_when_both_agreed_and_they_accepted() {
    let Pair { world, ben, ada } = pair();
    let alone = agree(&world, ben, "Jo Field");
    let world = world
        .acting_as("mentor")
        .when(alone)
        .then(&["confidential.recorded"]);
    assert!(!in_effect(&world), "one alone");
    let third_person = third(&world).id;
    let world = world
        .acting_as("mentor")
        .when(AcceptConfidence { third_person })
        .then(&["confidential.recorded"]);
    assert!(!in_effect(&world), "one alone, whoever accepted");
    let both = agree(&world, ada, " jo  FIELD ");
    let world = world
        .acting_as("mentee")
        .when(both.clone())
        .then(&["confidential.recorded"])
        .acting_as("mentee")
        .when(both)
        .then_nothing_happens();
    assert!(in_effect(&world));
    assert_eq!(third(&world).name, "Jo Field", "as the first named them");
    assert_eq!(world.particulars.confidences().third_persons().count(), 1);
}

/// R116: whom both want is still not brought in.
#[test]
fn nobody_is_brought_in_who_has_not_accepted_the_same_confidence() {
    let world = agreed();
    assert!(!in_effect(&world));
    let third_person = third(&world).id;
    let accept = AcceptConfidence { third_person };
    let world = world
        .acting_as("mentee")
        .when(accept.clone())
        .then(&["confidential.recorded"])
        .acting_as("mentor")
        .when(accept)
        .then_nothing_happens();
    assert!(in_effect(&world));
}

/// R115: another purpose is another instance, and is agreed anew.
#[test]
fn what_is_agreed_holds_for_one_purpose_only() {
    let world = agreed();
    let (ben, _) = members(&world);
    let other = AgreeThirdPerson {
        purpose: Purpose::Mediation,
        ..agree(&world, ben, "Jo Field")
    };
    let world = world
        .acting_as("mentor")
        .when(other)
        .then(&["confidential.recorded"]);
    let all: Vec<_> = world.particulars.confidences().third_persons().collect();
    assert_eq!(all.len(), 2);
    let agreements: usize = all.iter().map(|third| third.agreed.len()).sum();
    assert_eq!(agreements, 3);
}

/// R114: either of the two ends it, and then it is agreed anew or not at all.
#[test]
fn either_of_the_two_ends_it() {
    let world = agreed();
    let third_person = third(&world).id;
    let end = EndThirdPerson { third_person };
    let world = world
        .acting_as("mentor")
        .given(AcceptConfidence { third_person })
        .on(date(2026, 7, 1))
        .acting_as("mentee")
        .when(end.clone())
        .then(&["confidential.recorded"])
        .acting_as("mentor")
        .when(end)
        .then_nothing_happens();
    assert!(!in_effect(&world));
    assert_eq!(third(&world).ended_on, Some(date(2026, 7, 1)));
    let (ben, _) = members(&world);
    let again = agree(&world, ben, "Jo Field");
    let world = world
        .acting_as("mentor")
        .when(again)
        .then(&["confidential.recorded"]);
    assert_eq!(world.particulars.confidences().third_persons().count(), 2);
}

/// R114: nobody agrees for another. The coordinator records it on the word of each.
#[test]
fn the_coordinator_records_it_on_the_word_of_each() {
    let Pair {
        world, ben, ada, ..
    } = pair();
    let (of_ben, of_ada) = (agree(&world, ben, "Jo"), agree(&world, ada, "Jo"));
    let world = world
        .when(of_ben.clone())
        .then_rejected(Rejection::OwnWordNeeded { person: ben })
        .on_the_word_of(Party::Mentee)
        .when(of_ben.clone())
        .then_rejected(Rejection::OwnWordNeeded { person: ben })
        .on_the_word_of(Party::Mentor)
        .when(of_ben)
        .then(&["confidential.recorded"])
        .on_the_word_of(Party::Mentee)
        .when(of_ada)
        .then(&["confidential.recorded"]);
    let third_person = third(&world).id;
    assert!(third(&world).known_to_office);
    let world = world
        .on_the_word_of(Party::Other)
        .when(AcceptConfidence { third_person })
        .then(&["confidential.recorded"])
        .on_the_word_of(Party::Other)
        .when(EndThirdPerson { third_person })
        .then_rejected(Rejection::OwnWordNeeded { person: ada });
    assert!(in_effect(&world));
}

/// R113: what the two recorded themselves is not there for the coordinator, not by its identifier either.
#[test]
fn the_coordinator_reaches_no_third_person_of_whom_the_office_recorded_nothing() {
    let world = agreed();
    let third_person = third(&world).id;
    assert!(!third(&world).known_to_office);
    let unknown = Rejection::UnknownThirdPerson { third_person };
    world
        .when(AcceptConfidence { third_person })
        .then_rejected(unknown.clone())
        .on_the_word_of(Party::Mentee)
        .when(EndThirdPerson { third_person })
        .then_rejected(unknown);
}

#[test]
fn a_third_person_has_a_name_and_is_known() {
    let Pair { world, ben, .. } = pair();
    let long = agree(&world, ben, &"x".repeat(1_000));
    let nobody = agree(&world, ben, " ");
    let outsider = agree(&world, stranger(), "Jo");
    let third_person: ThirdPersonId = stranger();
    let pairing = long.pairing;
    world
        .acting_as("mentor")
        .when(nobody)
        .then_rejected(Rejection::Empty { what: "the name" })
        .acting_as("mentor")
        .when(long)
        .then_rejected(Rejection::TooLong {
            what: "the name",
            most: 1_000,
        })
        .acting_as("mentor")
        .when(outsider)
        .then_rejected(Rejection::NotOfPairing {
            person: stranger(),
            pairing,
        })
        .acting_as("mentor")
        .when(AcceptConfidence { third_person })
        .then_rejected(Rejection::UnknownThirdPerson { third_person });
}

struct Pair {
    world: World,
    ben: PersonId,
    ada: PersonId,
}

/// Ben mentors Ada.
fn pair() -> Pair {
    let Paired {
        world,
        mentor,
        mentee,
        ..
    } = paired();
    Pair {
        world,
        ben: mentor,
        ada: mentee,
    }
}

/// Both have agreed, each for themselves.
fn agreed() -> World {
    let Pair { world, ben, ada } = pair();
    let (of_ben, of_ada) = (
        agree(&world, ben, "Jo Field"),
        agree(&world, ada, "Jo Field"),
    );
    world
        .acting_as("mentor")
        .given(of_ben)
        .acting_as("mentee")
        .given(of_ada)
}

fn agree(world: &World, person: PersonId, name: &str) -> AgreeThirdPerson {
    let pairing = world.scheme.pairings.values().next().expect("a pairing");
    AgreeThirdPerson {
        pairing: pairing.id,
        person,
        name: name.to_owned(),
        purpose: Purpose::Advice,
    }
}

fn members(world: &World) -> (PersonId, PersonId) {
    let pairing = world.scheme.pairings.values().next().expect("a pairing");
    (pairing.mentors[0], pairing.mentees[0])
}

fn third(world: &World) -> ThirdPerson {
    let mut all = world.particulars.confidences().third_persons();
    all.next().expect("agreed by somebody").clone()
}

fn in_effect(world: &World) -> bool {
    let third = third(world);
    third.is_in_effect(world.pairing(third.pairing))
}
