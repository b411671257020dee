//! Whom the scheme knows already of those an old spreadsheet names.
//!
//! A name alone means nobody for certain. With the same council beside it, it is taken for the same person, because a row that
//! is sent again after a correction is far more likely than two directors of one name at one council.

use super::reading::{Mentee, Mentor};
use domain::{
    appointment::AppointmentFacts,
    identifiers::{EmployerId, PairingId, PersonId},
};
use projections::Snapshot;

/// What the row tells of the appointment.
pub fn facts(mentee: &Mentee) -> AppointmentFacts {
    AppointmentFacts {
        employer: mentee.employer.clone(),
        employee_number: mentee.employee_number.clone(),
        post: mentee.post.clone(),
        basis: mentee.basis,
        starts_on: mentee.starts_on,
        ends_on: None,
        first_post: mentee.first_post,
        expected_months: None,
    }
}

/// Everybody of the mentor's name who mentors: of the same council, where both are said.
pub fn mentors_called(snapshot: &Snapshot, named: &Mentor) -> Vec<PersonId> {
    let wanted = folded(named.details.name.as_deref());
    let council = |person: PersonId| -> Option<EmployerId> {
        snapshot
            .particulars
            .mentor_profile(person)?
            .employer
            .clone()
    };
    let mut all: Vec<PersonId> = snapshot.scheme.mentors.keys().copied().collect();
    all.retain(|person| {
        let details = snapshot.particulars.details(*person);
        let name = folded(details.and_then(|details| details.name.as_deref()));
        let elsewhere = match (&named.employer, council(*person)) {
            (Some(named), Some(known)) => *named != known,
            _ => false,
        };
        name == wanted && !elsewhere
    });
    all.sort_unstable();
    all
}

/// Whoever the scheme knows by the employer's number, or by this name at this employer.
pub fn mentee_called(snapshot: &Snapshot, mentee: &Mentee) -> Option<PersonId> {
    let (scheme, known) = (&snapshot.scheme, &snapshot.particulars);
    if let Some(person) = known.person_of(&facts(mentee)) {
        return Some(person);
    }
    let wanted = folded(mentee.details.name.as_deref());
    let mut all = scheme.mentees.values().filter(|one| {
        let noticed = one.appointments.iter().filter_map(|id| known.facts(*id));
        let brought = one
            .pairings
            .iter()
            .filter_map(|id| known.facts_brought_forward(*id));
        let mut facts = noticed.chain(brought);
        let name = known
            .details(one.person)
            .and_then(|details| details.name.as_deref());
        folded(name) == wanted && facts.any(|facts| facts.employer == mentee.employer)
    });
    all.next().map(|one| one.person)
}

/// The live pairing of the two, with the sessions it has used.
pub fn live_with(
    snapshot: &Snapshot,
    mentee: PersonId,
    mentor: PersonId,
) -> Option<(PairingId, u16)> {
    let mentee = snapshot.scheme.mentees.get(&mentee)?;
    let mut pairings = mentee
        .pairings
        .iter()
        .filter_map(|id| snapshot.scheme.pairings.get(id));
    let live = pairings.find(|one| one.is_live() && one.mentors.contains(&mentor))?;
    Some((live.id, live.counts.used()))
}

/// A name in small letters and with single spaces.
pub fn folded(name: Option<&str>) -> String {
    let words = name.unwrap_or_default().split_whitespace();
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
