//! Which mentor has time when, as the office keeps it in its diary.
//!
//! The rules judge room themselves; the diary only keeps the script from asking for what they would refuse.

use super::draw::Draw;
use domain::identifiers::{EmployerId, PersonId};
use jiff::civil::Date;

/// A mentor in the diary.
pub(super) struct Entry {
    pub(super) person: PersonId,
    pub(super) employer: EmployerId,
    pub(super) region: Option<String>,
    /// From when they may be offered.
    pub(super) from: Date,
    /// Until when they may.
    pub(super) until: Date,
    /// Pairings at a time.
    pub(super) capacity: usize,
    /// First and last days on which one of those is taken, or may become so.
    pub(super) taken: Vec<(Date, Date)>,
}

impl Entry {
    /// Whether one more may be taken on every day from `from` to `until`.
    fn has_room(&self, from: Date, until: Date) -> bool {
        let taken_on = |day: Date| {
            let taken = self.taken.iter();
            taken
                .filter(|(first, last)| *first <= day && day <= *last)
                .count()
        };
        let beginnings = self.taken.iter().map(|(first, _)| *first);
        let busiest = beginnings
            .filter(|first| from < *first && *first <= until)
            .chain([from])
            .map(taken_on)
            .max();
        self.from <= from
            && until <= self.until
            && busiest.is_none_or(|taken| taken < self.capacity)
    }
}

/// Every mentor.
#[derive(Default)]
pub(super) struct Diary(pub(super) Vec<Entry>);

impl Diary {
    /// Mentors with room from `from` to `until`, those of `region` first.
    pub(super) fn free(
        &self,
        draw: &mut Draw,
        region: Option<&String>,
        (from, until): (Date, Date),
        not: &[PersonId],
        employer: &EmployerId,
    ) -> Vec<PersonId> {
        let mut free: Vec<&Entry> = self
            .0
            .iter()
            .filter(|entry| entry.has_room(from, until))
            .filter(|entry| !not.contains(&entry.person) && entry.employer != *employer)
            .collect();
        draw.shuffle(&mut free);
        free.sort_by_key(|entry| entry.region.as_ref() != region);
        free.into_iter().map(|entry| entry.person).collect()
    }

    /// Takes one place with `person`.
    pub(super) fn take(&mut self, person: PersonId, from: Date, until: Date) {
        if let Some(entry) = self.0.iter_mut().find(|entry| entry.person == person) {
            entry.taken.push((from, until));
        }
    }
}
