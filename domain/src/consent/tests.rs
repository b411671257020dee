//! Given, when, then: consent, and what stands under it.

use super::{Characteristics, ConsentPurpose, GiveConsent, StateCharacteristics, WithdrawConsent};
use crate::{
    Channel, Party, Rejection,
    identifiers::PersonId,
    spec::{Paired, World, paired, stranger},
};
use jiff::civil::date;

const RECORDED: &[&str] = &["confidential.recorded"];

fn give(person: PersonId, purpose: ConsentPurpose) -> GiveConsent {
    GiveConsent { person, purpose }
}

fn withdraw(person: PersonId, purpose: ConsentPurpose) -> WithdrawConsent {
    WithdrawConsent { person, purpose }
}

fn words(all: &[&str]) -> Vec<String> {
    all.iter().map(|word| (*word).to_owned()).collect()
}

fn state(person: PersonId, of_myself: &[&str], hoped_for: &[&str]) -> StateCharacteristics {
    StateCharacteristics {
        person,
        characteristics: Characteristics {
            of_myself: words(of_myself),
            hoped_for: words(hoped_for),
        },
    }
}

fn in_force(world: &World, person: PersonId) -> Vec<ConsentPurpose> {
    let consents = world.particulars.confidences().consents().of(person);
    let in_force = consents.filter(|consent| consent.withdrawn_on.is_none());
    in_force.map(|consent| consent.purpose).collect()
}

/// Z08: purpose by purpose, once, and withdrawn as easily as it was given.
#[test]
fn consent_is_given_for_one_purpose_and_withdrawn_again() {
    use ConsentPurpose::{ContactAfterEnd, TakeUpToEmployer};
    let Paired { world, mentee, .. } = paired();
    let world = world
        .on(date(2026, 6, 5))
        .acting_as("mentee")
        .when(give(mentee, TakeUpToEmployer))
        .then(RECORDED)
        .acting_as("mentee")
        .when(give(mentee, TakeUpToEmployer))
        .then_nothing_happens()
        .acting_as("mentee")
        .when(withdraw(mentee, ContactAfterEnd))
        .then_nothing_happens();
    assert_eq!(in_force(&world, mentee), [TakeUpToEmployer]);
    let world = world
        .acting_as("mentee")
        .when(withdraw(mentee, TakeUpToEmployer))
        .then(RECORDED)
        .acting_as("mentee")
        .when(withdraw(mentee, TakeUpToEmployer))
        .then_nothing_happens();
    assert!(in_force(&world, mentee).is_empty());
    let world = world
        .on(date(2026, 6, 9))
        .acting_as("mentee")
        .when(give(mentee, TakeUpToEmployer))
        .then(RECORDED);
    let consents = world.particulars.confidences().consents();
    let days: Vec<_> = consents
        .of(mentee)
        .map(|consent| (consent.given_on, consent.withdrawn_on))
        .collect();
    let first = (date(2026, 6, 5), Some(date(2026, 6, 5)));
    assert_eq!(days, [first, (date(2026, 6, 9), None)]);
}

/// Z08: nobody consents for somebody else: the coordinator takes it on the person's word alone.
#[test]
fn consent_is_recorded_on_the_word_of_whose_it_is() {
    let Paired {
        world,
        mentee,
        mentor,
        ..
    } = paired();
    let purpose = ConsentPurpose::EvaluationWords;
    let world = world
        .on(date(2026, 6, 5))
        .when(give(mentee, purpose))
        .then_rejected(Rejection::OwnWordNeeded { person: mentee })
        .on_the_word_of(Party::Employer)
        .when(give(mentee, purpose))
        .then_rejected(Rejection::OwnWordNeeded { person: mentee })
        .on_the_word_of(Party::Mentee)
        .heard(Channel::Telephone)
        .when(give(mentee, purpose))
        .then(RECORDED)
        .on_the_word_of(Party::Mentor)
        .when(give(mentor, purpose))
        .then(RECORDED);
    assert_eq!(in_force(&world, mentor), [purpose]);
    let nobody: PersonId = stranger();
    world
        .acting_as("mentee")
        .when(give(nobody, purpose))
        .then_rejected(Rejection::UnknownPerson { person: nobody });
}

/// R292: what somebody says of their background exists under their consent alone and ends with it.
#[test]
fn characteristics_exist_only_under_consent() {
    let Paired { world, mentee, .. } = paired();
    let stated = state(mentee, &["a carer"], &["first of the family at university"]);
    let purpose = ConsentPurpose::Characteristics;
    let known = |world: &World| {
        let consents = world.particulars.confidences().consents();
        consents.characteristics(mentee).cloned()
    };
    let world = world
        .on(date(2026, 6, 5))
        .acting_as("mentee")
        .when(stated.clone())
        .then_rejected(Rejection::ConsentNeeded { person: mentee })
        .acting_as("mentee")
        .when(give(mentee, purpose))
        .then(RECORDED)
        .acting_as("mentee")
        .when(stated.clone())
        .then(RECORDED)
        .acting_as("mentee")
        .when(stated.clone())
        .then_nothing_happens();
    assert_eq!(known(&world).as_ref(), Some(&stated.characteristics));
    let world = world
        .acting_as("mentee")
        .when(withdraw(mentee, purpose))
        .then(RECORDED);
    assert_eq!(known(&world), None);
    let consents = world.particulars.confidences().consents();
    assert_eq!(consents.destroyed().count(), 1);
    assert_eq!(consents.all_stated().count(), 0, "it is held no longer");
    let world = world
        .acting_as("mentee")
        .when(give(mentee, purpose))
        .then(RECORDED);
    assert_eq!(known(&world), None, "what was destroyed does not come back");
    world
        .acting_as("mentee")
        .when(state(mentee, &[" "], &[]))
        .then_rejected(Rejection::Empty {
            what: "a characteristic",
        });
}

/// R294: several count together, in one's own words, and nobody need say any.
#[test]
fn what_is_hoped_for_is_met_by_what_the_other_says_of_themselves() {
    let of = |of_myself: &[&str], hoped_for: &[&str]| Characteristics {
        of_myself: words(of_myself),
        hoped_for: words(hoped_for),
    };
    let mentee = of(&["a carer"], &["A  Carer", "from the North", "Deaf"]);
    let mentor = of(&["a carer", "from the north", "a twin"], &[]);
    assert_eq!(mentee.met_by(&mentor), ["A  Carer", "from the North"]);
    assert!(mentor.met_by(&mentee).is_empty());
    assert!(mentee.met_by(&Characteristics::default()).is_empty());
}
