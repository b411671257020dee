//! What an auditor checks an entry of the history by: the record as it is hashed, and who was given what it says.

use super::{
    access::Query,
    error::failure,
    sensitive_reads::{Readers, SensitiveRead},
    view::View,
};
use crate::{
    dispatch::{Failure, reads::Sensitive},
    identity::standing::Thing,
};
use async_graphql::{Result, SimpleObject};
use domain::identifiers::PersonId;
use event_log::{Digest, Record};
use jiff::Timestamp;

/// The exact record of an entry: the bytes that the log hashes, of which its proofs are.
#[derive(SimpleObject)]
pub struct AuditRecord {
    /// Canonical JSON (RFC 8785), byte for byte in UTF-8. In the place of each ciphertext stands its SHA-256, so nothing sealed is
    /// in it, and forgetting somebody does not change it. SHA-256 of a zero byte and these bytes is the `leafHash` of a proof (RFC
    /// 9162, section 2.1.1).
    pub leaf: String,
    /// SHA-256 of these bytes, in hexadecimal.
    pub sha256: String,
}

impl View {
    /// The record as it is hashed; nothing for whom the matrix does not let see records.
    pub fn exactly(&self, record: &Record) -> Option<Result<AuditRecord>> {
        self.ask_of_all(Query::LogEntries).ok()?;
        let leaf = record.leaf().ok();
        let leaf = leaf.and_then(|leaf| String::from_utf8(leaf).ok());
        let sha256 = record.leaf_sha256().ok();
        let exact = leaf.zip(sha256).map(|(leaf, sha256)| AuditRecord {
            leaf,
            sha256: Digest(sha256).to_string(),
        });
        // It was read from the log, so it is a record.
        Some(exact.ok_or_else(|| failure(&Failure::Internal)))
    }

    /// Who was given what these entries say, as far as the caller may ask: to be read once for all of them.
    pub fn readers_of(&self, records: &[Record]) -> Readers {
        let telling = records
            .iter()
            .filter(|record| class_of(&record.kind).is_some());
        let people = telling.flat_map(|record| self.people_of(record));
        Readers::of(people.collect())
    }

    /// Who was given what an entry says, or data of the same class of the same people, from the day on which it was recorded;
    /// nothing for whom the matrix does not let ask who read what.
    pub async fn given_of(
        &self,
        record: &Record,
        recorded_at: Timestamp,
        readers: &Readers,
    ) -> Option<Result<Vec<SensitiveRead>>> {
        self.ask(Query::SensitiveReads).ok()?;
        let Some(what) = class_of(&record.kind) else {
            return Some(Ok(Vec::new()));
        };
        let mut given = Vec::new();
        let recorded_on = recorded_at.to_zoned(self.time_zone()).date();
        for person in self.people_of(record) {
            let told = self.given_since(readers, (what, person), recorded_on);
            match told.await {
                Ok(reads) => given.extend(reads),
                Err(refused) => return Some(Err(refused)),
            }
        }
        given.sort_by_key(|read: &SensitiveRead| read.on.0);
        Some(Ok(given))
    }

    /// The mentees and mentors an entry is about, each once, of whom the caller may ask who read what.
    fn people_of(&self, record: &Record) -> Vec<PersonId> {
        let scheme = self.scheme();
        let people = record.subjects.iter().map(|subject| PersonId(*subject));
        let known = |person: &PersonId| {
            scheme.mentees.contains_key(person) || scheme.mentors.contains_key(person)
        };
        let may_ask = |person: &PersonId| self.may(Query::SensitiveReads, Thing::Person(*person));
        let mut people: Vec<_> = people.filter(known).filter(may_ask).collect();
        people.sort_unstable();
        people.dedup();
        people
    }
}

/// The class of data an entry of this type holds, of which it is written down who was given it. What is confidential is not among
/// them: that a concern was read tells that there is one.
fn class_of(kind: &str) -> Option<Sensitive> {
    match kind {
        "mentor.registered" | "mentor.brought-forward" => Some(Sensitive::PenPortrait),
        "needs-analysis.revised" | "needs-analysis.shared" => Some(Sensitive::NeedsAnalysis),
        "needs-profile.written" | "needs-profile.corrected" => Some(Sensitive::NeedsProfile),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Event;

    /// R299, R124: who was given what it says is told of entries that hold something sensitive; of what is confidential nothing is.
    #[test]
    fn every_type_with_a_class_is_in_the_catalogue() {
        let of_class = Event::KINDS
            .iter()
            .filter(|(kind, _)| class_of(kind).is_some());
        assert_eq!(of_class.count(), 6);
        assert_eq!(class_of("confidential.recorded"), None);
    }
}
