//! The certificate of an erasure: what was destroyed, proved by the history itself, and what that does not reach.
//!
//! Whoever checks it needs neither the log nor a key: the records that say so stand in it, each with the way from it to
//! the root of the history (RFC 6962, section 2.1.1). Compared with a root that was kept elsewhere, or with a data
//! directory, it shows that the history says so; that the keys are gone a keyring shows.

use event_log::{Digest, Embedded, Inclusion, KeyId, Position, ReadOnlyStore, SchemeId, Vault};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;

/// Names the shape of a certificate. It changes with it.
const FORMAT: &str = "alongside erasure certificate 1";

/// What an erasure reaches.
const REACHES: [&str; 4] = [
    "every value that was sealed for the person, in the history, its index, its snapshots and its backups made from then on",
    "what was opened of it in memory, and answers that were kept to be given again",
    "earlier generations of the keyring: overwritten and removed, as far as the file system overwrites",
    "every token of the person: it opens nothing of this scheme any more",
];

/// What it does not reach.
const DOES_NOT_REACH: [&str; 5] = [
    "blocks that a disk or a copying file system keeps of the earlier keyring, unless the master key is held elsewhere and destroyed",
    "backups made before, until the day they are destroyed; restored with the list of erasures they forget too",
    "what people and other systems have read, printed or copied before",
    "linkage by public knowledge: who was director of which council and when is public, and the history still shows on which \
     days somebody under this identifier did what",
    "personal values of others, in which the person may be named",
];

/// That a person was forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Certificate {
    format: String,
    /// The scheme.
    pub scheme: SchemeId,
    /// The identifier under which the scheme knew the person. It says nothing about them.
    pub person: Uuid,
    /// Every identifier that was erased with it, the person's own first.
    pub people: Vec<Uuid>,
    /// On which ground.
    pub ground: String,
    /// When it was decided: RFC 3339 in UTC.
    pub decided_at: String,
    /// When the keys were destroyed: RFC 3339 in UTC.
    pub completed_at: String,
    /// The names of the keys that were destroyed, as far as this keyring names them.
    pub keys: Vec<KeyId>,
    /// How many records the history had when the certificate was made.
    pub records: u64,
    /// The root of that history.
    pub root: Digest,
    /// That it was decided, as it stands in the history.
    pub decided: Inclusion,
    /// That the keys were destroyed, as it stands in the history.
    pub completed: Inclusion,
    /// What the erasure reaches.
    pub reaches: Vec<String>,
    /// What it does not reach.
    pub does_not_reach: Vec<String>,
}

/// Why there is no certificate, or why one proves nothing.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// The scheme's log cannot be read, or is not whole.
    #[error("the history cannot be read")]
    Store(#[from] event_log::StoreError),
    /// Nobody like that was forgotten.
    #[error("no erasure of this person is completed in this scheme")]
    NotErased,
    /// It contradicts itself.
    #[error("the certificate proves nothing: {0}")]
    NotProved(&'static str),
    /// It is of another history.
    #[error("the history has another root after {records} records: {found}, not {certified}")]
    AnotherRoot {
        /// How many records both are said to have.
        records: u64,
        /// The root of the history at hand.
        found: Digest,
        /// The root in the certificate.
        certified: Digest,
    },
    /// A key of the person opens.
    #[error("the keyring at hand still holds keys of this person: it is from before the erasure")]
    KeyLeft,
}

/// Where an erasure stands in a history.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Who was forgotten.
    pub person: Uuid,
    /// Where the decision stands.
    pub decided: u64,
    /// Where it stands that the keys were destroyed.
    pub completed: u64,
}

/// The certificate of an erasure, made beside the writer.
pub fn of_running(
    store: &Embedded,
    scheme: &SchemeId,
    standing: Standing,
    vault: &Vault,
) -> Result<Certificate, CertificateError> {
    let positions = [Position(standing.decided), Position(standing.completed)];
    let (found, proved) = store.prove(scheme, &positions)?;
    certificate(
        scheme,
        standing.person,
        found.records,
        found.root,
        proved,
        vault,
    )
}

/// The certificate of an erasure, made from a data directory that is only read.
pub fn of_directory(
    store: &ReadOnlyStore,
    scheme: &SchemeId,
    person: Uuid,
    vault: &Vault,
) -> Result<Certificate, CertificateError> {
    let mut reader = store.reader(scheme)?;
    let (mut decided, mut completed) = (None, None);
    while let Some(group) = reader.next_group()? {
        for stored in group {
            let record = stored.record().ok();
            let Some(record) = record.filter(|record| record.subjects.contains(&person)) else {
                continue;
            };
            match record.kind.as_str() {
                "erasure.decided" => decided = Some(record.position),
                "erasure.completed" => completed = Some(record.position),
                _ => {}
            }
        }
    }
    let positions = decided.zip(completed).ok_or(CertificateError::NotErased)?;
    let (found, proved) = store.prove(scheme, &[positions.0, positions.1])?;
    certificate(scheme, person, found.records, found.root, proved, vault)
}

fn certificate(
    scheme: &SchemeId,
    person: Uuid,
    records: u64,
    root: Digest,
    proved: Vec<Inclusion>,
    vault: &Vault,
) -> Result<Certificate, CertificateError> {
    let [decided, completed] = <[Inclusion; 2]>::try_from(proved)
        .map_err(|_| CertificateError::NotProved("a record is missing"))?;
    let (said, done) = (Said::read(&decided)?, Said::read(&completed)?);
    let keys = said.people.iter().flat_map(|one| vault.buried_keys(*one));
    let certificate = Certificate {
        format: FORMAT.to_owned(),
        scheme: scheme.clone(),
        // Whoever asks by an identifier that went along is answered with the person's own.
        person: said.people.first().copied().unwrap_or(person),
        ground: said.ground.unwrap_or_default(),
        decided_at: said.recorded_at,
        completed_at: done.recorded_at,
        keys: keys.collect(),
        people: said.people,
        records,
        root,
        decided,
        completed,
        reaches: REACHES.map(str::to_owned).to_vec(),
        does_not_reach: DOES_NOT_REACH.map(str::to_owned).to_vec(),
    };
    certificate.check()?;
    Ok(certificate)
}

impl Certificate {
    /// Whether everything in it agrees, and both records lead to its root.
    pub fn check(&self) -> Result<(), CertificateError> {
        let proved = |holds: bool, otherwise: &'static str| {
            if holds {
                Ok(())
            } else {
                Err(CertificateError::NotProved(otherwise))
            }
        };
        let (said, done) = (Said::read(&self.decided)?, Said::read(&self.completed)?);
        proved(self.format == FORMAT, "it is not of this form")?;
        proved(said.kind == "erasure.decided", "no decision stands in it")?;
        proved(
            done.kind == "erasure.completed",
            "no completion stands in it",
        )?;
        for found in [&said, &done] {
            proved(
                found.scheme == self.scheme.as_str(),
                "a record is of another scheme",
            )?;
            proved(found.people == self.people, "a record is of somebody else")?;
        }
        proved(
            self.people.first() == Some(&self.person),
            "it names another person",
        )?;
        proved(
            (said.position, done.position) == (self.decided.position.0, self.completed.position.0),
            "a record stands elsewhere",
        )?;
        proved(
            said.ground.as_deref() == Some(self.ground.as_str()),
            "it names another ground",
        )?;
        proved(
            (&said.recorded_at, &done.recorded_at) == (&self.decided_at, &self.completed_at),
            "it names another time",
        )?;
        proved(
            // A keyring that was restored from before names fewer: it never had the others.
            done.keys >= u64::try_from(self.keys.len()).ok(),
            "it names more keys than were destroyed",
        )?;
        // What it says beside is part of its form: nobody takes a sentence out.
        proved(
            self.reaches == REACHES && self.does_not_reach == DOES_NOT_REACH,
            "it says something else of its reach",
        )?;
        for inclusion in [&self.decided, &self.completed] {
            proved(
                inclusion.root(self.records) == Some(self.root),
                "a record does not lead to the root",
            )?;
        }
        Ok(())
    }

    /// Whether it is of the history with this root.
    pub fn check_against(&self, found: Digest) -> Result<(), CertificateError> {
        self.check()?;
        if found == self.root {
            return Ok(());
        }
        Err(CertificateError::AnotherRoot {
            records: self.records,
            found,
            certified: self.root,
        })
    }

    /// Whether it is of the history in a data directory. Tells too whether the keyring there was read, which needs the
    /// master key; one that holds a key of the person contradicts it.
    pub fn check_in(&self, store: &ReadOnlyStore) -> Result<bool, CertificateError> {
        let found = store.verify_to(&self.scheme, Position(self.records))?;
        self.check_against(found.root)?;
        let Ok(vault) = store.vault(&self.scheme) else {
            return Ok(false);
        };
        if self.people.iter().all(|person| vault.is_erased(*person)) {
            Ok(true)
        } else {
            Err(CertificateError::KeyLeft)
        }
    }
}

/// What a record says of an erasure, in clear.
struct Said {
    scheme: String,
    kind: String,
    position: u64,
    recorded_at: String,
    people: Vec<Uuid>,
    ground: Option<String>,
    keys: Option<u64>,
}

impl Said {
    fn read(inclusion: &Inclusion) -> Result<Self, CertificateError> {
        let unreadable = || CertificateError::NotProved("a record in it cannot be read");
        let leaf: Value = serde_json::from_str(&inclusion.leaf).map_err(|_| unreadable())?;
        let text = |name: &str| leaf[name].as_str().map(str::to_owned);
        let data = &leaf["data"];
        let people = data["people"].as_array().ok_or_else(unreadable)?.iter();
        let people = people.map(|one| one.as_str().and_then(|one| one.parse().ok()));
        let position = &leaf["position"];
        let position = position
            .as_u64()
            .or_else(|| position.as_str().and_then(|text| text.parse().ok()));
        Ok(Self {
            scheme: text("scheme").ok_or_else(unreadable)?,
            kind: text("type").ok_or_else(unreadable)?,
            position: position.ok_or_else(unreadable)?,
            recorded_at: text("recorded_at").ok_or_else(unreadable)?,
            people: people.collect::<Option<_>>().ok_or_else(unreadable)?,
            ground: data["ground"].as_str().map(str::to_owned),
            keys: data["keys"].as_u64(),
        })
    }
}
