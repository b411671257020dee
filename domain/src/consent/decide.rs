//! What may be recorded of consent: by the person, or on their word.

use super::{
    CharacteristicsStated, ConsentGiven, ConsentPurpose, ConsentWithdrawn, GiveConsent,
    StateCharacteristics, WithdrawConsent,
};
use crate::{
    Context, Event, Particulars, Party, Rejection, Scheme,
    confidence::{Act, recorded},
    identifiers::PersonId,
};

pub(crate) fn give(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &GiveConsent,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    on_own_word(scheme, command.person, context)?;
    let consents = particulars.confidences().consents();
    if consents.in_force(command.person, command.purpose).is_some() {
        return Ok(vec![]);
    }
    let given = ConsentGiven {
        consent: context.name("consent"),
        purpose: command.purpose,
    };
    recorded((command.person, None), Act::ConsentGiven(given), context)
}

pub(crate) fn withdraw(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &WithdrawConsent,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    on_own_word(scheme, command.person, context)?;
    let consents = particulars.confidences().consents();
    let Some(consent) = consents.in_force(command.person, command.purpose) else {
        return Ok(vec![]);
    };
    let withdrawn = ConsentWithdrawn {
        consent: consent.id,
        purpose: consent.purpose,
    };
    let act = Act::ConsentWithdrawn(withdrawn);
    recorded((command.person, None), act, context)
}

pub(crate) fn state(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &StateCharacteristics,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let person = command.person;
    on_own_word(scheme, person, context)?;
    let consents = particulars.confidences().consents();
    let consent = consents
        .in_force(person, ConsentPurpose::Characteristics)
        .ok_or(Rejection::ConsentNeeded { person })?;
    let wanted = &command.characteristics;
    let mut all = wanted.of_myself.iter().chain(&wanted.hoped_for);
    if all.any(|said| said.trim().is_empty()) {
        let what = "a characteristic";
        return Err(Rejection::Empty { what });
    }
    if consents.characteristics(person) == Some(wanted) {
        return Ok(vec![]);
    }
    let stated = CharacteristicsStated {
        consent: consent.id,
        characteristics: wanted.clone(),
    };
    recorded((person, None), Act::CharacteristicsStated(stated), context)
}

/// Consent is the person's own to give and to withdraw: they do, or it is recorded on their word.
fn on_own_word(scheme: &Scheme, person: PersonId, context: &Context) -> Result<(), Rejection> {
    if !scheme.takes_part(person) {
        return Err(Rejection::UnknownPerson { person });
    }
    let of_people = |party| matches!(party, Party::Mentee | Party::Mentor);
    let told = context.reported_by.as_ref().is_some_and(|reported| {
        of_people(reported.party) && reported.person.is_none_or(|who| who == person)
    });
    if of_people(context.actor.party()) || told {
        Ok(())
    } else {
        Err(Rejection::OwnWordNeeded { person })
    }
}
