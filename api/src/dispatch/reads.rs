//! Who was given sensitive data of whom: written down before the answer leaves, or the answer does not leave.
//!
//! ```text
//! answer made ─▶ what it gives of whom ─▶ known today? ─▶ entry, synced ─▶ answer leaves
//! ```
//!
//! An entry of the operations journal tells by whom, in which role, on which day of the scheme, and of whom in clear; of
//! which class is sealed under the key of the person whose data it is, alike for all classes, so that the journal does
//! not tell of a concern, and forgetting the person forgets it. The same reader, role, person and class is written once
//! a day, many in one answer with one sync. In memory stands the present day alone; who asks reads the journal.

use super::{Failure, answers::internal, codec};
use crate::{identity::Role, outside};
use domain::identifiers::PersonId;
use event_log::{Entry, Opened, Operations, PERSON, Place, SchemeId, SealedValue, Vault};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use uuid::Uuid;

/// The kind of these entries in the operations journal.
const KIND: &str = "read";
/// The version of what is sealed in them.
const VERSION: u16 = 1;
/// The most that one entry tells: well below what the journal takes.
const GIVEN_MOST: usize = 1_000;
/// The most of a day that is remembered. Beyond it the day is begun anew, which costs entries that say the same again.
const KNOWN_MOST: usize = 100_000;

/// A class of data of which it is written down who was given it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitive {
    /// What a mentor wrote of themselves.
    PenPortrait,
    /// What an analysis of needs says, or with whom it is shared.
    NeedsAnalysis,
    /// What a profile of needs says.
    NeedsProfile,
    /// A concern about a mentee, be it only that there is one.
    Concern,
    /// What a mentor says of their background, as far as a mentee hopes for it.
    Characteristics,
}

/// Sensitive data of one person that an answer gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Given {
    /// Whose.
    pub of: PersonId,
    /// Of which class.
    pub what: Sensitive,
}

/// Whoever is given it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reader {
    /// The pseudonym under which the history knows them.
    pub id: Uuid,
    /// As what they asked.
    pub role: Role,
}

/// That somebody was given sensitive data of a person on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Who was.
    pub reader: Reader,
    /// What of whom.
    pub given: Given,
    /// The scheme's day.
    pub on: Date,
    /// The first time on that day.
    pub at: Timestamp,
}

/// The reads of one scheme.
pub struct Reads {
    scheme: SchemeId,
    operations: Arc<Operations>,
    vault: Arc<Vault>,
    known: RwLock<Known>,
    /// Held by whoever writes, so that nobody relies on an entry that is not synced yet.
    turn: Mutex<()>,
}

/// What was written of one day.
#[derive(Default)]
struct Known {
    day: Option<Date>,
    reads: HashSet<(Reader, Given)>,
}

/// What an entry holds in clear, and sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    day: Date,
    given: Vec<SealedValue>,
    reader: Uuid,
    role: Role,
}

impl Reads {
    /// The reads of a scheme that is open.
    pub fn new(scheme: &SchemeId, operations: &Arc<Operations>, vault: &Arc<Vault>) -> Self {
        Self {
            scheme: scheme.clone(),
            operations: Arc::clone(operations),
            vault: Arc::clone(vault),
            known: RwLock::default(),
            turn: Mutex::default(),
        }
    }

    /// Whether all of it is written for this day. Waits for no disk.
    pub fn knows(&self, reader: Reader, on: Date, given: &BTreeSet<Given>) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.day == Some(on)
            && given
                .iter()
                .all(|given| known.reads.contains(&(reader, *given)))
    }

    /// Writes down what is not written yet for this day; durable when this returns. Waits for the disk.
    pub fn record(
        &self,
        reader: Reader,
        on: Date,
        at: Timestamp,
        given: &BTreeSet<Given>,
    ) -> Result<(), Failure> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.begin(on)?;
        let fresh: Vec<Given> = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            let unknown = |given: &&Given| !known.reads.contains(&(reader, **given));
            given.iter().filter(unknown).copied().collect()
        };
        if fresh.is_empty() {
            return Ok(());
        }
        let entries = fresh
            .chunks(GIVEN_MOST)
            .map(|given| self.entry(reader, on, at, given))
            .collect::<Result<Vec<_>, _>>()?;
        self.operations
            .append(&entries)
            .map_err(|error| self.unwritten(&error))?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.reads.len() + fresh.len() > KNOWN_MOST {
            known.reads.clear();
        }
        known
            .reads
            .extend(fresh.into_iter().map(|given| (reader, given)));
        Ok(())
    }

    /// Who was given sensitive data of these people, earliest first. What was of somebody forgotten is not told. Reads the
    /// journal once for all of them.
    pub fn of(&self, people: &BTreeSet<PersonId>) -> Result<Vec<Read>, Failure> {
        self.read(|_, value| people.contains(&PersonId(value.subject)))
    }

    /// Begins a day with what the journal has of it.
    fn begin(&self, on: Date) -> Result<(), Failure> {
        let is_begun = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .day
            == Some(on);
        if is_begun {
            return Ok(());
        }
        let written = self.read(|written, _| written.day == on)?.into_iter();
        let reads = written.map(|read| (read.reader, read.given));
        let reads = reads.take(KNOWN_MOST).collect();
        let day = Some(on);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Known { day, reads };
        Ok(())
    }

    /// What the journal has, as far as it is wanted and still opens.
    fn read(&self, wanted: impl Fn(&Written, &SealedValue) -> bool) -> Result<Vec<Read>, Failure> {
        let mut reads = Vec::new();
        for entry in self.operations.latest_of_kind(KIND) {
            let (event, at, written) = understood(&entry).ok_or(Failure::Internal)?;
            for value in &written.given {
                if !wanted(&written, value) {
                    continue;
                }
                let opened = self.vault.open_value(&self.place(event), value);
                let opened = opened.map_err(|error| internal(&self.scheme, &error))?;
                let Opened::Plain(what) = opened else {
                    continue;
                };
                let what = serde_json::from_slice(&what);
                reads.push(Read {
                    reader: Reader {
                        id: written.reader,
                        role: written.role,
                    },
                    given: Given {
                        of: value.subject.into(),
                        what: what.map_err(|error| internal(&self.scheme, &error))?,
                    },
                    on: written.day,
                    at,
                });
            }
        }
        Ok(reads)
    }

    fn entry(
        &self,
        reader: Reader,
        on: Date,
        at: Timestamp,
        given: &[Given],
    ) -> Result<Entry, Failure> {
        let event = outside::random_uuid();
        let subjects: Vec<Uuid> = given.iter().map(|given| given.of.0).collect();
        let keys = self.vault.ensure_keys_for(PERSON, &subjects);
        let keys = keys.map_err(|error| self.unwritten(&error))?;
        let seal = |(index, (given, key)): (usize, (&Given, _))| {
            let what = serde_json::to_vec(&given.what);
            let what = what.map_err(|error| internal(&self.scheme, &error))?;
            let path = format!("/given/{index}");
            self.vault
                .seal(&self.place(event), &path, key, VERSION, &what)
                .map_err(|error| self.unwritten(&error))
        };
        let sealed = given.iter().zip(keys).enumerate().map(seal);
        let written = Written {
            day: on,
            given: sealed.collect::<Result<_, _>>()?,
            reader: reader.id,
            role: reader.role,
        };
        let value = serde_json::to_value(written);
        Ok(Entry {
            kind: KIND.to_owned(),
            key: event.to_string(),
            at: codec::instant(at),
            value: value.map_err(|error| internal(&self.scheme, &error))?,
        })
    }

    fn place(&self, event: Uuid) -> Place<'_> {
        Place {
            scheme: &self.scheme,
            event,
            kind: KIND,
            version: VERSION,
        }
    }

    fn unwritten(&self, error: &(dyn std::error::Error + 'static)) -> Failure {
        tracing::error!(scheme = %self.scheme, error, "it could not be written down who was given sensitive data");
        Failure::ReadNotRecorded
    }
}

fn understood(entry: &Entry) -> Option<(Uuid, Timestamp, Written)> {
    let written = serde_json::from_value(entry.value.clone()).ok()?;
    Some((entry.key.parse().ok()?, entry.at.parse().ok()?, written))
}

/// Whether an entry of the operations journal is still kept at `now`, where reads are kept for `kept`.
#[must_use]
pub fn is_kept(entry: &Entry, now: Timestamp, kept: SignedDuration) -> bool {
    entry.kind != KIND
        || entry
            .at
            .parse::<Timestamp>()
            .is_ok_and(|at| now.duration_since(at) <= kept)
}
