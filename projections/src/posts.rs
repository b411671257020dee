//! The register of posts: each post there is, who holds it, and when that was last confirmed (R001).
//!
//! It is the denominator of "every new director": the posts stand in the register of employers, whether or not anybody
//! has told of a holder. It rests on sealed values, so it is the coordinator's alone, and it is worked out when asked.

use crate::{Snapshot, trail};
use domain::{
    appointment::{FirstPost, Source},
    identifiers::{EmployerId, PersonId},
    posts::{Holder, PostKey, holders},
    register::Employer,
    scheme::Terms,
};
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

/// How it stands with a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Somebody holds it, or is to take it up.
    Held,
    /// Nobody holds it, as was told.
    Vacant,
    /// Nobody has told of it.
    Unknown,
    /// Its employer exists no more; others took over.
    Ended,
}

/// Which posts to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Only {
    /// Those that are to be confirmed again, or were never confirmed.
    Unconfirmed,
    /// Those that nobody holds.
    Vacant,
    /// Those with a holder for whom it may be the first such post, and who does not take part in the scheme.
    NewHolderOutside,
}

/// A post of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The employer.
    pub employer: EmployerId,
    /// The code of the post in the policy.
    pub post: String,
    /// How it stands with it.
    pub standing: Standing,
    /// Whoever holds it, or is to take it up.
    pub holders: Vec<Holder>,
    /// Whoever held it before, as far as the scheme was told.
    pub former: Vec<Holder>,
    /// Who took over, where the employer exists no more.
    pub successors: Vec<EmployerId>,
    /// The last day of which the scheme was told.
    pub confirmed_on: Option<Date>,
    /// Who told of that day.
    pub source: Option<Source>,
    /// Whether that is longer ago than the policy allows, or never was.
    pub is_unconfirmed: bool,
    /// Whether a holder for whom it may be the first such post does not take part in the scheme.
    pub has_new_holder_outside: bool,
}

/// Directors in their first such post, and how far they have come: each list is a part of the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FirstTimers {
    /// Everybody of whom it is known that it is their first such post.
    pub known: Vec<PersonId>,
    /// Of these, those to whom mentoring was offered.
    pub offered: Vec<PersonId>,
    /// Of these, those who are or were in a pairing.
    pub with_mentor: Vec<PersonId>,
    /// Of these, those who do not take part in the scheme.
    pub outside: Vec<PersonId>,
    /// Beside all of these: holders of whom nobody said whether it is their first such post.
    pub not_said: Vec<PersonId>,
    /// The positions of the entries that told of them.
    told: BTreeMap<PersonId, Vec<u64>>,
}

/// Every post there is, by employer and code.
#[must_use]
pub fn posts(snapshot: &Snapshot, today: Date) -> Vec<Post> {
    let Ok(terms) = snapshot.scheme.terms(today) else {
        return Vec::new();
    };
    let mut known = holders(&snapshot.scheme, &snapshot.particulars, today);
    let mut posts = Vec::new();
    let is_there =
        |employer: &&Employer| employer.established_on.is_none_or(|first| first <= today);
    for employer in terms.register.employers.iter().filter(is_there) {
        for post in terms.policy.posts_of(employer.kind) {
            let key = (employer.id.clone(), post.code.clone());
            let holders = known.remove(&key).unwrap_or_default();
            posts.push(Post::of(snapshot, &terms, employer, key, holders, today));
        }
    }
    posts
}

impl Post {
    fn of(
        snapshot: &Snapshot,
        terms: &Terms<'_>,
        employer: &Employer,
        (id, post): PostKey,
        known: Vec<Holder>,
        today: Date,
    ) -> Self {
        let last = known.iter().max_by_key(|holder| holder.confirmed_on);
        let (confirmed_on, source) = (
            last.map(|holder| holder.confirmed_on),
            last.and_then(|holder| holder.source),
        );
        let was_told = last.is_some();
        let (holders, former): (Vec<_>, Vec<_>) =
            known.into_iter().partition(|holder| holder.holds);
        let standing = if !employer.exists_on(today) {
            Standing::Ended
        } else if !holders.is_empty() {
            Standing::Held
        } else if was_told {
            Standing::Vacant
        } else {
            Standing::Unknown
        };
        let months = i32::from(terms.policy.post_confirmed_months).months();
        let stale = |on: Date| on.checked_add(months).is_ok_and(|until| until < today);
        let has_ended = standing == Standing::Ended;
        let may_be_new = |holder: &&Holder| {
            holder.first_post != Some(FirstPost::No) && !snapshot.scheme.takes_part(holder.person)
        };
        Self {
            successors: if has_ended {
                employer.successors.clone()
            } else {
                Vec::new()
            },
            is_unconfirmed: !has_ended && confirmed_on.is_none_or(stale),
            has_new_holder_outside: !has_ended && holders.iter().any(|holder| may_be_new(&holder)),
            former: former
                .into_iter()
                .filter(|holder| !holder.is_nobody)
                .collect(),
            employer: id,
            post,
            standing,
            holders,
            confirmed_on,
            source,
        }
    }

    /// Whether `only` means it.
    #[must_use]
    pub fn is(&self, only: Only) -> bool {
        match only {
            Only::Unconfirmed => self.is_unconfirmed,
            Only::Vacant => self.standing == Standing::Vacant,
            Only::NewHolderOutside => self.has_new_holder_outside,
        }
    }

    /// The positions of the entries that told of its holders.
    #[must_use]
    pub fn because(&self, snapshot: &Snapshot) -> Vec<u64> {
        let all = self.holders.iter().chain(&self.former);
        positions(snapshot, all)
    }
}

/// The directors in their first such post of whom the scheme was first told on `since` or later.
#[must_use]
pub fn first_timers(snapshot: &Snapshot, since: Option<Date>, today: Date) -> FirstTimers {
    let mut people: BTreeMap<PersonId, Vec<Holder>> = BTreeMap::new();
    let all = holders(&snapshot.scheme, &snapshot.particulars, today);
    for holder in all.into_values().flatten() {
        if !holder.is_nobody {
            people.entry(holder.person).or_default().push(holder);
        }
    }
    let is_new = |held: &[Holder]| {
        let first_told = held.iter().map(|holder| holder.known_since).min();
        since.is_none_or(|since| first_told.is_some_and(|told| since <= told))
    };
    let mut found = FirstTimers::default();
    for (person, held) in people.into_iter().filter(|(_, held)| is_new(held)) {
        let said: BTreeSet<bool> = held
            .iter()
            .filter_map(|holder| holder.first_post)
            .map(|first| first == FirstPost::Yes)
            .collect();
        if said.contains(&true) {
            found.add(snapshot, person);
        } else if said.is_empty() {
            found.not_said.push(person);
        } else {
            continue;
        }
        found.told.insert(person, positions(snapshot, &held));
    }
    found
}

impl FirstTimers {
    fn add(&mut self, snapshot: &Snapshot, person: PersonId) {
        self.known.push(person);
        let mentee = snapshot.scheme.mentees.get(&person);
        if mentee.is_some_and(|mentee| mentee.offer.was_made()) {
            self.offered.push(person);
        }
        if mentee.is_some_and(|mentee| !mentee.pairings.is_empty()) {
            self.with_mentor.push(person);
        }
        if !snapshot.scheme.takes_part(person) {
            self.outside.push(person);
        }
    }

    /// The positions of the entries by which `people` are known as directors, in order.
    #[must_use]
    pub fn told_of(&self, people: &[PersonId]) -> Vec<u64> {
        let told = people.iter().filter_map(|person| self.told.get(person));
        let all: BTreeSet<u64> = told.flatten().copied().collect();
        all.into_iter().collect()
    }
}

/// The positions of the entries of these types that concern any of `people`, in order.
#[must_use]
pub fn entries_of(snapshot: &Snapshot, people: &[PersonId], kinds: &[&str]) -> Vec<u64> {
    let mut found = BTreeSet::new();
    for person in people {
        let filter = trail::Filter {
            subject: Some(person.0),
            kinds: Some(kinds.iter().map(|kind| (*kind).to_owned()).collect()),
            ..trail::Filter::default()
        };
        found.extend(snapshot.trail.forward(&filter, 0, usize::MAX));
    }
    found.into_iter().collect()
}

const TELLING: &[&str] = &[
    "appointment.notified",
    "appointment.amended",
    "pairing.brought-forward",
    "post.confirmed",
    "post.vacated",
];

fn positions<'a>(snapshot: &Snapshot, held: impl IntoIterator<Item = &'a Holder>) -> Vec<u64> {
    let told = held.into_iter().flat_map(|holder| &holder.told);
    let told: Vec<PersonId> = told.map(|told| PersonId(told.subject())).collect();
    entries_of(snapshot, &told, TELLING)
}

#[cfg(test)]
mod tests;
