//! Who can only be forgotten together: what was told of a notice stands under the keys of all whose it was when it was told.

use super::holds_on;
use crate::{Particulars, Scheme, appointment::Appointment, identifiers::PersonId};
use std::collections::BTreeSet;

/// What forgetting one person takes along.
#[derive(Debug, Default)]
pub(super) struct Together {
    /// Others with a part of their own in the scheme, whose erasure has to be confirmed as well.
    pub(super) others: Vec<PersonId>,
    /// Identifiers that nobody takes part under.
    pub(super) along: Vec<PersonId>,
}

impl Together {
    pub(super) fn with(scheme: &Scheme, person: PersonId) -> Self {
        let mut connected = connected(scheme, person);
        connected.remove(&person);
        let erasures = &scheme.erasures;
        let left = connected
            .into_iter()
            .filter(|one| !erasures.is_erased(*one));
        let (others, along) =
            left.partition(|one| takes_part(scheme, *one) || erasures.of(*one).is_some());
        Self { others, along }
    }

    /// Those of the others whose erasure is not confirmed, or is held.
    pub(super) fn awaited<'a>(
        &'a self,
        scheme: &'a Scheme,
        particulars: &'a Particulars,
    ) -> impl Iterator<Item = PersonId> + 'a {
        let others = self.others.iter().copied();
        others.filter(|other| {
            let asked = scheme.erasures.of(*other);
            let confirmed = asked.is_some_and(|asked| asked.confirmed.is_some());
            !confirmed || !holds_on(particulars, *other).is_empty()
        })
    }
}

/// For whose erasure that of `person` waits, because a notice stands under the keys of both: theirs has to be asked for and
/// confirmed as well, and nothing may hold it.
#[must_use]
pub fn waits_for(scheme: &Scheme, particulars: &Particulars, person: PersonId) -> Vec<PersonId> {
    if scheme.erasures.is_erased(person) {
        return Vec::new();
    }
    let together = Together::with(scheme, person);
    together.awaited(scheme, particulars).collect()
}

/// The person and every identifier under whose key something of a notice of theirs stands.
#[must_use]
pub fn identifiers(scheme: &Scheme, person: PersonId) -> BTreeSet<PersonId> {
    let all = scheme.appointments.values();
    let theirs = all.filter(|appointment| appointment.person == person);
    let told = theirs.flat_map(|appointment| appointment.told_under.iter().copied());
    told.chain([person]).collect()
}

/// Whether somebody stands in the scheme under this identifier by more than a notice that is by now another's.
pub(super) fn takes_part(scheme: &Scheme, person: PersonId) -> bool {
    let mentee = scheme.mentees.get(&person);
    scheme.mentors.contains_key(&person)
        || mentee.is_some_and(|mentee| {
            !mentee.appointments.is_empty()
                || !mentee.pairings.is_empty()
                || mentee.offer.was_made()
        })
}

/// Everybody who is connected with a person by notices, however far.
fn connected(scheme: &Scheme, person: PersonId) -> BTreeSet<PersonId> {
    let mut connected = BTreeSet::from([person]);
    loop {
        let before = connected.len();
        for appointment in scheme.appointments.values() {
            if keys(appointment).any(|one| connected.contains(&one)) {
                connected.extend(keys(appointment));
            }
        }
        if connected.len() == before {
            return connected;
        }
    }
}

fn keys(appointment: &Appointment) -> impl Iterator<Item = PersonId> {
    let told = appointment.told_under.iter().copied();
    told.chain([appointment.person])
}
