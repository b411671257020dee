//! What may be recorded in confidence. A referral is refused only where nobody can have made it.

use super::{
    AcceptConfidence, AcknowledgeConcern, Act, AgreeThirdPerson, CloseConcern, Concern,
    Confidential, ConfidentialRecorded, EndThirdPerson, ReferConcern, Referral, Statement,
    ThirdPerson, ThirdPersonAgreed,
};
use crate::{
    Context, Event, Particulars, Party, Rejection, Scheme, Sealed,
    envelope::BARE_VALUE_BYTES,
    identifiers::{ConcernId, PairingId, PersonId, ThirdPersonId},
    limits::fits_within,
    matching::Side,
    pairing::Pairing,
};

pub(crate) fn refer(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &ReferConcern,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    on_side(pairing, command.mentor, Side::Mentor)?;
    on_side(pairing, command.mentee, Side::Mentee)?;
    let statement = in_order(&command.statement);
    let referred = |concern: &Concern| {
        concern.closed.is_none()
            && (concern.pairing, concern.mentor, concern.mentee)
                == (pairing.id, command.mentor, command.mentee)
            && concern.statement == statement
            && concern.referred_on == context.happened_on
    };
    if particulars.confidences().concerns().any(referred) {
        return Ok(vec![]);
    }
    let referral = Referral {
        concern: context.name("concern"),
        mentor: command.mentor,
        statement,
    };
    recorded(
        (command.mentee, Some(pairing.id)),
        Act::ConcernReferred(referral),
        context,
    )
}

pub(crate) fn acknowledge(
    particulars: &Particulars,
    command: &AcknowledgeConcern,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let concern = known(particulars, command.concern)?;
    if concern.acknowledged.is_some() || concern.closed.is_some() {
        return Ok(vec![]);
    }
    let of = (concern.mentee, Some(concern.pairing));
    recorded(of, Act::ConcernAcknowledged(concern.id), context)
}

pub(crate) fn close(
    particulars: &Particulars,
    command: &CloseConcern,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let concern = known(particulars, command.concern)?;
    if concern.closed.is_some() {
        return Ok(vec![]);
    }
    let of = (concern.mentee, Some(concern.pairing));
    recorded(of, Act::ConcernClosed(concern.id), context)
}

pub(crate) fn agree(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &AgreeThirdPerson,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let pairing = scheme.pairing(command.pairing)?;
    let side = pairing.side_of(command.person)?;
    on_own_word(command.person, side, context)?;
    if command.name.trim().is_empty() {
        return Err(Rejection::Empty { what: "the name" });
    }
    let mut wanted = particulars.confidences().third_persons();
    let wanted = wanted.find(|third| third.is(pairing.id, &command.name, command.purpose));
    if wanted.is_some_and(|third| third.is_agreed_by(command.person)) {
        return Ok(vec![]);
    }
    let unknown = Rejection::UnknownPairing {
        pairing: pairing.id,
    };
    // What several mentees share stands under the key of the first.
    let mentee = *pairing.mentees.first().ok_or(unknown)?;
    let agreed = ThirdPersonAgreed {
        third_person: wanted.map_or_else(|| context.name("third person"), |third| third.id),
        person: command.person,
        name: wanted.map_or_else(
            || command.name.trim().to_owned(),
            |third| third.name.clone(),
        ),
        purpose: command.purpose,
    };
    let of = (
        wanted.map_or(mentee, |third| third.mentee),
        Some(pairing.id),
    );
    recorded(of, Act::ThirdPersonAgreed(agreed), context)
}

pub(crate) fn accept(
    particulars: &Particulars,
    command: &AcceptConfidence,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let third = within_reach(particulars, command.third_person, context)?;
    if third.accepted_on.is_some() {
        return Ok(vec![]);
    }
    let of = (third.mentee, Some(third.pairing));
    recorded(of, Act::ConfidenceAccepted(third.id), context)
}

pub(crate) fn end(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &EndThirdPerson,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let third = within_reach(particulars, command.third_person, context)?;
    let pairing = scheme.pairing(third.pairing)?;
    let mut members = pairing.members();
    members
        .find(|(member, side)| on_own_word(*member, *side, context).is_ok())
        .ok_or(Rejection::OwnWordNeeded {
            person: third.mentee,
        })?;
    if third.ended_on.is_some() {
        return Ok(vec![]);
    }
    let of = (third.mentee, Some(third.pairing));
    recorded(of, Act::ThirdPersonEnded(third.id), context)
}

fn known(particulars: &Particulars, concern: ConcernId) -> Result<&Concern, Rejection> {
    let found = particulars.confidences().concern(concern);
    found.ok_or(Rejection::UnknownConcern { concern })
}

/// The third person. To the coordinator one of whom the office has recorded nothing is not there: identifiers can be
/// worked out, and the answer would tell.
fn within_reach<'a>(
    particulars: &'a Particulars,
    third_person: ThirdPersonId,
    context: &Context,
) -> Result<&'a ThirdPerson, Rejection> {
    let of_office = context.actor.party() == Party::Operator;
    let found = particulars.confidences().third_person(third_person);
    found
        .filter(|third| third.known_to_office || !of_office)
        .ok_or(Rejection::UnknownThirdPerson { third_person })
}

fn on_side(pairing: &Pairing, person: PersonId, side: Side) -> Result<(), Rejection> {
    if pairing.side_of(person)? == side {
        return Ok(());
    }
    Err(Rejection::NotOfPairing {
        person,
        pairing: pairing.id,
    })
}

/// Somebody's consent is their own to give: they give it, or it is recorded on their word.
fn on_own_word(person: PersonId, side: Side, context: &Context) -> Result<(), Rejection> {
    let party = match side {
        Side::Mentee => Party::Mentee,
        Side::Mentor => Party::Mentor,
    };
    let told = context.reported_by.as_ref().is_some_and(|reported| {
        reported.party == party && reported.person.is_none_or(|who| who == person)
    });
    if context.actor.party() == party || told {
        Ok(())
    } else {
        Err(Rejection::OwnWordNeeded { person })
    }
}

/// Each test once, in the order of the handbook.
fn in_order(statement: &Statement) -> Statement {
    let mut statement = statement.clone();
    statement.rests_on.sort_unstable();
    statement.rests_on.dedup();
    statement
}

/// A confidential act of one person, within a pairing where it is of one.
pub(crate) fn recorded(
    (person, pairing): (PersonId, Option<PairingId>),
    act: Act,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let confidential = Confidential {
        pairing,
        happened_on: context.happened_on,
        recorded_by: context.actor.party(),
        reported_by: context.reported_by.clone(),
        channel: context.channel,
        act,
    };
    // Nothing else can be too long.
    let what = match &confidential.act {
        Act::CharacteristicsStated(_) => "what is stated",
        _ => "the name",
    };
    fits_within(what, &confidential, BARE_VALUE_BYTES)?;
    Ok(vec![Event::ConfidentialRecorded(ConfidentialRecorded {
        act: Sealed::new(person, confidential),
    })])
}
