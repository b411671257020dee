//! Forgetting people among the opened values: whatever stands under their keys, or leads to them.

use super::Particulars;
use crate::identifiers::PersonId;
use rpds::HashTrieMapSync;
use std::hash::Hash;

impl Particulars {
    /// Forgets everything that stands under the keys of `people`, and which personnel system's number means them.
    pub(super) fn forget(&mut self, people: &[PersonId]) {
        let gone = |person: &PersonId| people.contains(person);
        remove_where(&mut self.details, |person, _| gone(person));
        remove_where(&mut self.facts, |_, told| gone(&told.of));
        remove_where(&mut self.by_number, |_, meant| {
            gone(&meant.person) || gone(&meant.told_of)
        });
        remove_where(&mut self.profiles, |person, _| gone(person));
        remove_where(&mut self.leavings, |person, _| gone(person));
        remove_where(&mut self.portraits, |person, _| gone(person));
        remove_where(&mut self.preferences, |person, _| gone(person));
        remove_where(&mut self.evaluations, |(_, person), _| gone(person));
        remove_where(&mut self.meeting_places, |(_, person), _| gone(person));
        remove_where(&mut self.arranged, |_, told| gone(&told.of));
        remove_where(&mut self.analyses, |_, opened| gone(&opened.mentee));
        remove_where(&mut self.needs_profiles, |_, opened| gone(&opened.mentee));
        remove_where(&mut self.posts, |_, told| gone(&told.of));
        remove_where(&mut self.brought_forward, |_, told| gone(&told.of));
        remove_where(&mut self.standings, |_, (of, _)| gone(of));
        remove_where(&mut self.erasure_holds, |person, _| gone(person));
        self.confidences.forget(people);
    }
}

/// Removes what `is_gone`.
pub(crate) fn remove_where<K: Clone + Eq + Hash, V>(
    map: &mut HashTrieMapSync<K, V>,
    is_gone: impl Fn(&K, &V) -> bool,
) {
    let gone: Vec<K> = map
        .iter()
        .filter(|(key, value)| is_gone(key, value))
        .map(|(key, _)| key.clone())
        .collect();
    for key in &gone {
        map.remove_mut(key);
    }
}
