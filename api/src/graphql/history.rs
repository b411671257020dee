//! Which entries of the history a caller sees: all, or what the notices of one employer left there.
//!
//! What is not in it does not count, shifts no page and is not hinted at: a list of it is made of nothing else.

use super::{access::Class, view::View};
use crate::identity::access::Relation;
use domain::identifiers::AppointmentId;
use projections::trail::{Filter, Trail};

/// What a notice leaves in the history. That somebody was linked to another notice tells of that one too, so it is not
/// among them.
const OF_NOTICES: [&str; 3] = [
    "appointment.notified",
    "appointment.amended",
    "eligibility.judged",
];

/// The entries of the history that a caller sees, by position.
pub struct History<'v> {
    trail: &'v Trail,
    /// All, if absent; ascending.
    only: Option<Vec<u64>>,
}

impl View {
    /// The entries of the history that the caller sees; nothing where they see none.
    pub fn history(&self) -> Option<History<'_>> {
        let granted = self.relations_to(Class::Audit);
        let only = match () {
            () if granted.of_all() => None,
            () if granted.has(Relation::Employer) => Some(self.left_by_own_notices()),
            () => return None,
        };
        let trail = &self.snapshot().trail;
        Some(History { trail, only })
    }

    fn left_by_own_notices(&self) -> Vec<u64> {
        let own = self.scheme().appointments.values();
        let own = own.filter(|appointment| self.is_own_employers(appointment.id));
        let left = own.flat_map(|appointment| self.left_by(appointment.id));
        let mut positions: Vec<u64> = left.collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    fn left_by(&self, appointment: AppointmentId) -> Vec<u64> {
        let filter = Filter {
            subject: Some(appointment.0),
            kinds: Some(OF_NOTICES.map(str::to_owned).to_vec()),
            ..Filter::default()
        };
        self.snapshot().trail.forward(&filter, 0, usize::MAX)
    }
}

impl History<'_> {
    /// Whether it is the whole history.
    pub fn is_whole(&self) -> bool {
        self.only.is_none()
    }

    /// Whether the entry at this position is among them.
    pub fn holds(&self, position: u64) -> bool {
        let only = self.only.as_ref();
        only.is_none_or(|only| only.binary_search(&position).is_ok())
    }

    /// The positions that `filter` admits, after `after`, at most `most`, in order.
    pub fn forward(&self, filter: &Filter, after: u64, most: usize) -> Vec<u64> {
        match &self.only {
            None => self.trail.forward(filter, after, most),
            Some(only) => {
                let first = only.partition_point(|position| *position <= after);
                let mut found = self.trail.among(filter, &only[first..]);
                found.truncate(most);
                found
            }
        }
    }

    /// The positions that `filter` admits, before `before`, at most `most`, newest first.
    pub fn backward(&self, filter: &Filter, before: u64, most: usize) -> Vec<u64> {
        match &self.only {
            None => self.trail.backward(filter, before, most),
            Some(only) => {
                let end = only.partition_point(|position| *position < before);
                let mut found = self.trail.among(filter, &only[..end]);
                found.reverse();
                found.truncate(most);
                found
            }
        }
    }

    /// How many positions `filter` admits.
    pub fn count(&self, filter: &Filter) -> u64 {
        match &self.only {
            None => self.trail.count(filter),
            Some(only) => self.trail.among(filter, only).len() as u64,
        }
    }
}
