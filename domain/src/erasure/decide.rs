//! Who may be forgotten, and when.

use super::{
    ConfirmErasure, Erasure, ErasureConfirmed, ErasureDecided, ErasureGround, ErasureRequested,
    ErasureWithdrawn, Hold, HoldLifted, HoldPlaced, Holds, LiftErasureHold, PlaceErasureHold,
    RequestErasure, WithdrawErasure,
    together::{Together, takes_part},
};
use crate::{
    Context, Event, Particulars, Party, Rejection, Scheme, Sealed,
    evaluation::{EvaluationWaived, requests},
    identifiers::{MatchId, PersonId},
    induction_day::{self, GiveUpDfeInductionDay},
    matching::{MatchWithdrawn, Progress, WaitingListLeft},
    pairing::{BreakdownCause, Pairing, PairingBroken, PairingWithdrawn, Report},
    sealed::MARKER,
};
use serde_json::Value;
use std::collections::BTreeSet;

pub(crate) fn request(
    scheme: &Scheme,
    command: &RequestErasure,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let person = known(scheme, command.person)?;
    if command.ground == ErasureGround::PersonsRequest && !is_own_word(person, context) {
        return Err(Rejection::OwnWordNeeded { person });
    }
    // An identifier that only a notice of somebody else's stands under is forgotten with that one.
    let together = Together::with(scheme, person);
    if let Some(other) = together.others.first()
        && !takes_part(scheme, person)
    {
        let other = *other;
        return Err(Rejection::IdentifierShared { person, other });
    }
    match scheme.erasures.of(person) {
        Some(asked) if asked.ground == command.ground => Ok(vec![]),
        Some(_) => Err(Rejection::ErasureAsked { person }),
        None => Ok(vec![Event::ErasureRequested(ErasureRequested {
            person,
            ground: command.ground,
        })]),
    }
}

pub(crate) fn confirm(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &ConfirmErasure,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let person = command.person;
    if scheme.erasures.is_erased(person) {
        return Ok(vec![]);
    }
    let asked = scheme.erasures.of(person);
    let asked = asked.ok_or(Rejection::NoErasure { person })?;
    if asked.requested.by == context.actor.id {
        return Err(Rejection::SecondPersonNeeded { person });
    }
    if asked.confirmed.is_some() {
        // What it waited for may be gone without a word about this person: a link put right, a concern of another closed.
        let holds = holds_on(particulars, person);
        return then_decided(scheme, particulars, asked, vec![], holds, context);
    }
    let others = Together::with(scheme, person).others;
    let unasked = |other: &PersonId| scheme.erasures.of(*other).is_none();
    if let Some(other) = others.into_iter().find(unasked) {
        return Err(Rejection::IdentifierShared { person, other });
    }
    let named = command.holds.iter();
    let holds = named.fold(holds_on(particulars, person), |holds, hold| {
        holds.with(*hold, true)
    });
    let confirmed = Event::ErasureConfirmed(ErasureConfirmed {
        person,
        holds: Sealed::new(person, holds),
    });
    then_decided(scheme, particulars, asked, vec![confirmed], holds, context)
}

pub(crate) fn withdraw(
    scheme: &Scheme,
    command: &WithdrawErasure,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let person = command.person;
    scheme.not_erased(person)?;
    let Some(asked) = scheme.erasures.of(person) else {
        return Ok(vec![]);
    };
    // What others asked for is not the person's to take back.
    let for_oneself = matches!(context.actor.party(), Party::Mentee | Party::Mentor);
    if for_oneself && asked.ground != ErasureGround::PersonsRequest {
        return Err(Rejection::NoErasure { person });
    }
    Ok(vec![Event::ErasureWithdrawn(ErasureWithdrawn { person })])
}

pub(crate) fn place(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &PlaceErasureHold,
) -> Result<Vec<Event>, Rejection> {
    let person = known(scheme, command.person)?;
    // What only the register of concerns can say is not said by hand.
    if command.hold == Hold::OpenConcern {
        return Err(Rejection::HoldsByItself);
    }
    if particulars.erasure_holds(person).has(command.hold) {
        return Ok(vec![]);
    }
    let holds = holds_on(particulars, person).with(command.hold, true);
    let holds = Sealed::new(person, holds);
    Ok(vec![Event::HoldPlaced(HoldPlaced { person, holds })])
}

pub(crate) fn lift(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &LiftErasureHold,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let person = known(scheme, command.person)?;
    if command.hold == Hold::OpenConcern && has_open_concern(particulars, person) {
        return Err(Rejection::ConcernOpen { person });
    }
    if !particulars.erasure_holds(person).has(command.hold) {
        return Ok(vec![]);
    }
    let holds = holds_on(particulars, person).with(command.hold, false);
    let lifted = Event::HoldLifted(HoldLifted {
        person,
        holds: Sealed::new(person, holds),
    });
    match scheme.erasures.of(person) {
        Some(asked) if asked.confirmed.is_some() => {
            then_decided(scheme, particulars, asked, vec![lifted], holds, context)
        }
        _ => Ok(vec![lifted]),
    }
}

/// Everything that holds somebody's erasure: what was recorded, and by itself a concern that is open, by them or about
/// them.
#[must_use]
pub fn holds_on(particulars: &Particulars, person: PersonId) -> Holds {
    let recorded = particulars.erasure_holds(person);
    recorded.with(
        Hold::OpenConcern,
        recorded.open_concern || has_open_concern(particulars, person),
    )
}

fn has_open_concern(particulars: &Particulars, person: PersonId) -> bool {
    let mut concerns = particulars.confidences().concerns();
    concerns.any(|concern| concern.closed.is_none() && concern.is_of(person))
}

/// What happened, and with it the decision, if nothing holds it: of everybody whose notices stand under the same keys at once.
fn then_decided(
    scheme: &Scheme,
    particulars: &Particulars,
    asked: &Erasure,
    mut events: Vec<Event>,
    holds: Holds,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let together = Together::with(scheme, asked.person);
    if !holds.is_empty() || together.awaited(scheme, particulars).next().is_some() {
        return Ok(events);
    }
    let own = [&[asked.person], &*together.along].concat();
    let people = [&*own, &*together.others].concat();
    events.extend(what_ends(scheme, &people, context)?);
    events.push(decided(asked, own));
    let others = together.others.iter();
    let others = others.filter_map(|other| scheme.erasures.of(*other));
    events.extend(others.map(|other| decided(other, vec![other.person])));
    Ok(events)
}

fn decided(asked: &Erasure, people: Vec<PersonId>) -> Event {
    Event::ErasureDecided(ErasureDecided {
        person: asked.person,
        ground: asked.ground,
        people,
    })
}

/// What somebody who is forgotten still stood in: it ends as it does for others who leave, and nobody is told why.
fn what_ends(
    scheme: &Scheme,
    people: &[PersonId],
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let gone: BTreeSet<PersonId> = people.iter().copied().collect();
    let mut events = Vec::new();
    let mut matches: BTreeSet<MatchId> = BTreeSet::new();
    for person in people {
        let mentor = scheme.mentors.get(person).map(|mentor| &mentor.matches);
        let mentee = scheme.mentees.get(person).map(|mentee| &mentee.matches);
        matches.extend(mentor.into_iter().chain(mentee).flatten());
    }
    let open = matches.iter().filter_map(|id| scheme.matches.get(id));
    let open = open.filter(|found| found.progress == Progress::Open);
    events.extend(open.map(|found| {
        Event::MatchWithdrawn(MatchWithdrawn {
            of: found.id,
            mentee: found.mentee,
            mentor: found.mentor,
        })
    }));
    for pairing in pairings_with(scheme, &gone) {
        events.extend(pairing_ends(pairing, &gone));
    }
    for mentee in people.iter().filter_map(|one| scheme.mentees.get(one)) {
        let mentee_id = mentee.person;
        if mentee.waiting_since.is_some() {
            let left = WaitingListLeft { mentee: mentee_id };
            events.push(Event::WaitingListLeft(left));
        }
        let given_up = GiveUpDfeInductionDay { mentee: mentee_id };
        events.extend(induction_day::give_up(scheme, &given_up, context)?);
    }
    Ok(events)
}

fn pairings_with<'a>(scheme: &'a Scheme, gone: &BTreeSet<PersonId>) -> Vec<&'a Pairing> {
    let all = scheme.pairings.values();
    let mut with: Vec<&Pairing> = all
        .filter(|pairing| pairing.members().any(|(member, _)| gone.contains(&member)))
        .collect();
    with.sort_unstable_by_key(|pairing| pairing.id);
    with
}

/// A live pairing goes on while somebody is left on either side. Without a mentor it broke down, so that the clock stands
/// still and the mentee can be matched anew; without a mentee it ended as if they had wished to stop.
fn pairing_ends(pairing: &Pairing, gone: &BTreeSet<PersonId>) -> Vec<Event> {
    let nobody_left = |side: &[PersonId]| side.iter().all(|member| gone.contains(member));
    let mut events = Vec::new();
    if pairing.is_live() && nobody_left(&pairing.mentees) {
        let withdrawn = PairingWithdrawn {
            pairing: pairing.id,
        };
        events.push(Event::PairingWithdrawn(withdrawn));
        let asked = requests(pairing);
        events.extend(asked.filter(
            |asked| !matches!(asked, Event::EvaluationRequested(one) if gone.contains(&one.person)),
        ));
    } else if pairing.is_live() && nobody_left(&pairing.mentors) {
        events.push(Event::PairingBroken(PairingBroken {
            pairing: pairing.id,
            cause: BreakdownCause::NotStated,
        }));
    }
    events.extend(waived(pairing, gone));
    events
}

/// The reports of those who are gone that are out, or that would be asked for when mentoring ends.
fn waived(pairing: &Pairing, gone: &BTreeSet<PersonId>) -> Vec<Event> {
    let theirs = pairing.members().filter(|(member, _)| {
        let report = pairing.report_of(*member);
        gone.contains(member) && report.map_or(!pairing.is_final(), Report::is_out)
    });
    let waived = theirs.map(|(person, side)| {
        Event::EvaluationWaived(EvaluationWaived {
            pairing: pairing.id,
            person,
            side,
        })
    });
    waived.collect()
}

fn known(scheme: &Scheme, person: PersonId) -> Result<PersonId, Rejection> {
    scheme.not_erased(person)?;
    if scheme.knows(person) {
        Ok(person)
    } else {
        Err(Rejection::UnknownPerson { person })
    }
}

/// The person's own request is theirs to make: they make it, or it is recorded on their word.
fn is_own_word(person: PersonId, context: &Context) -> bool {
    let own = |party: Party| matches!(party, Party::Mentee | Party::Mentor);
    let told = context.reported_by.as_ref().is_some_and(|reported| {
        own(reported.party) && reported.person.is_none_or(|who| who == person)
    });
    told || own(context.actor.party())
}

/// Refuses what would seal anything for somebody who was forgotten: no key of theirs is ever made again.
pub(crate) fn nothing_of_erased(scheme: &Scheme, events: &[Event]) -> Result<(), Rejection> {
    if scheme.erasures.is_nobody_erased() {
        return Ok(());
    }
    for event in events {
        let Ok(data) = event.data() else { continue };
        if let Some(person) = sealed_for_erased(scheme, &data) {
            return Err(Rejection::PersonErased { person });
        }
    }
    Ok(())
}

fn sealed_for_erased(scheme: &Scheme, data: &Value) -> Option<PersonId> {
    let members = data.as_object()?;
    if let Some(sealed) = members.get(MARKER) {
        let subject = sealed["subject"].as_str()?.parse().ok().map(PersonId)?;
        return scheme.erasures.is_erased(subject).then_some(subject);
    }
    let mut values = members.values();
    values.find_map(|value| sealed_for_erased(scheme, value))
}
