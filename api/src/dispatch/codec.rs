//! Where events become records and records become events: the one file in which the rules and the log meet.
//!
//! On the way in, every sealed value is lifted out of the payload and encrypted; on the way out, what can
//! be opened is put back, and what was erased comes back as such. Old payloads are lifted to today's shape.

mod lifting;

use domain::{
    Actor, Channel, Event, Party, Recorded, ReportedBy, confidence::Act, consent::ConsentPurpose,
    envelope::BARE_VALUE_BYTES, event::DecodeError, sealed::MARKER,
};
use event_log::{
    Opened, PERSON, Place, Position, Record, SchemeId, SealError, SealedValue, UpcastError,
    Upcasters, Vault,
};
use jiff::{Timestamp, civil::Date};
use projections::Snapshot;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};
use thiserror::Error;
use uuid::Uuid;

/// Sealed shapes written today: event type, path, version.
const SEALED: &[(&str, &str, u16)] = &[
    ("access.granted", "/standing", 1),
    ("mentor.invited", "/profile", 1),
    ("mentor.registered", "/portrait", 1),
    ("mentor.left-post", "/leaving", 1),
    ("appointment.notified", "/facts", 1),
    ("appointment.notified", "/details", 1),
    ("appointment.amended", "/facts", 1),
    ("appointment.amended", "/details", 1),
    ("post.confirmed", "/facts", 1),
    ("post.confirmed", "/details", 1),
    ("post.vacated", "/facts", 1),
    ("preferences.recorded", "/preferences", 1),
    ("evaluation.filed", "/report", 1),
    ("meetings.agreed", "/places", 1),
    ("session.arranged", "/meeting", 1),
    ("needs-analysis.revised", "/revision", 1),
    ("needs-profile.written", "/profile", 1),
    ("needs-profile.corrected", "/correction", 1),
    ("confidential.recorded", "/act", 1),
    ("erasure.confirmed", "/holds", 1),
    ("hold.placed", "/holds", 1),
    ("hold.lifted", "/holds", 1),
    ("mentor.brought-forward", "/profile", 1),
    ("mentor.brought-forward", "/portrait", 1),
    ("pairing.brought-forward", "/facts", 1),
    ("pairing.brought-forward", "/details", 1),
];

/// Which values are sealed today: the type of the event, and where in its payload.
pub fn sealed_values() -> impl Iterator<Item = (&'static str, &'static str)> {
    SEALED.iter().map(|(kind, path, _)| (*kind, *path))
}

/// Every type and sealed shape known today, with the steps that lift older ones.
static UPCASTERS: LazyLock<Upcasters> = LazyLock::new(|| {
    let builder = Event::KINDS
        .iter()
        .fold(Upcasters::builder(), |builder, (kind, version)| {
            builder.current(kind, *version)
        });
    let builder = SEALED
        .iter()
        .fold(builder, |builder, (kind, path, version)| {
            builder.current_sealed(kind, path, *version)
        });
    let builder = lifting::steps(builder);
    #[expect(
        clippy::expect_used,
        reason = "the list is part of the program, and a test builds it"
    )]
    builder.build().expect("every step leads on")
});

/// Why an event cannot be written, or a record not understood.
#[derive(Debug, Error)]
pub enum CodecError {
    /// A payload is not what its type promises.
    #[error("the payload cannot be understood")]
    Payload(#[from] DecodeError),
    /// A payload is older or newer than this program knows.
    #[error("the payload cannot be lifted to today's shape")]
    Upcast(#[from] UpcastError),
    /// A sealed value cannot be sealed or opened.
    #[error("a sealed value cannot be handled")]
    Sealing(#[from] SealError),
    /// JSON that does not read.
    #[error("JSON does not read")]
    Json(#[from] serde_json::Error),
    /// A field of the envelope does not read.
    #[error("the field `{0}` does not read")]
    Field(&'static str),
}

/// An event that is decided and folded, and not yet sealed.
#[derive(Debug)]
pub struct Draft {
    recorded: Recorded,
    correlation_id: Option<Uuid>,
    traceparent: Option<String>,
    data: Value,
    /// How many bytes `data` has as JSON.
    data_bytes: usize,
    sealed: Vec<Plain>,
}

#[derive(Debug)]
struct Plain {
    path: String,
    subject: Uuid,
    version: u16,
    plaintext: Vec<u8>,
}

impl Draft {
    /// Lifts the sealed values out of the event's payload. In a bare envelope stands no trace either, for a trace of the
    /// caller's names what was asked; and sealed values are filled up with white space, which JSON allows for.
    pub fn new(
        recorded: Recorded,
        correlation_id: Option<Uuid>,
        traceparent: Option<String>,
    ) -> Result<Self, CodecError> {
        let mut data = recorded.event.data()?;
        let mut sealed = Vec::new();
        lift(&mut data, &mut String::new(), &mut sealed)?;
        let bare = recorded.event.is_bare();
        for plain in sealed.iter_mut().filter(|_| bare) {
            let bytes = plain.plaintext.len().max(BARE_VALUE_BYTES);
            plain.plaintext.resize(bytes, b' ');
        }
        Ok(Self {
            recorded,
            correlation_id: correlation_id.filter(|_| !bare),
            traceparent: traceparent.filter(|_| !bare),
            data_bytes: serde_json::to_vec(&data)?.len(),
            data,
            sealed,
        })
    }

    /// The event, as it was folded.
    #[must_use]
    pub const fn recorded(&self) -> &Recorded {
        &self.recorded
    }

    /// Whose keys are needed to seal it, each for the purpose of the event.
    pub fn subjects(&self) -> impl Iterator<Item = (Option<Uuid>, Uuid)> {
        let sealed_for = self.recorded.event.sealed_for();
        let subjects = self.sealed.iter().map(|plain| plain.subject);
        subjects.map(move |subject| (sealed_for, subject))
    }

    /// About how many bytes the record's leaf will have: its clear payload and a generous envelope.
    #[must_use]
    pub fn leaf_bytes(&self) -> usize {
        let envelope = 1_536 + 300 * self.sealed.len() + 40 * self.recorded.event.subjects().len();
        self.data_bytes.saturating_add(envelope)
    }

    /// About how many bytes the whole record will have: its leaf, and each sealed value padded and in base64.
    #[must_use]
    pub fn record_bytes(&self) -> usize {
        let sealed = self
            .sealed
            .iter()
            .map(|plain| plain.plaintext.len().saturating_mul(6));
        self.leaf_bytes().saturating_add(sealed.sum())
    }

    /// Seals it. Every subject must have a key by now.
    pub fn seal(self, scheme: &SchemeId, vault: &Vault) -> Result<Record, CodecError> {
        let recorded = self.recorded;
        let purpose = purpose(recorded.event.sealed_for());
        let mut record = Record {
            scheme: scheme.clone(),
            position: Position(recorded.position),
            id: recorded.id,
            kind: recorded.event.kind().to_owned(),
            version: recorded.event.version(),
            recorded_at: instant(recorded.recorded_at),
            happened_on: recorded.happened_on.to_string(),
            actor: event_log::Actor {
                id: recorded.actor.id,
                role: recorded.actor.role.to_string(),
            },
            reported_by: recorded.reported_by.as_ref().map(written_by).transpose()?,
            channel: recorded.channel.as_ref().map(word).transpose()?,
            command_id: recorded.command_id,
            correlation_id: self.correlation_id,
            causation_id: None,
            traceparent: self.traceparent,
            subjects: recorded.event.subjects(),
            data: self.data,
            sealed: Vec::new(),
        };
        let subjects: Vec<Uuid> = self.sealed.iter().map(|plain| plain.subject).collect();
        let keys = vault.ensure_keys_for(&purpose, &subjects)?;
        let sealed = self.sealed.iter().zip(keys).map(|(plain, key)| {
            vault.seal(
                &Place::of(&record),
                &plain.path,
                key,
                plain.version,
                &plain.plaintext,
            )
        });
        record.sealed = sealed.collect::<Result<Vec<SealedValue>, _>>()?;
        Ok(record)
    }
}

/// The purpose of a key, as the keyring spells it: a person's own, or that of one thing of theirs.
#[must_use]
pub fn purpose(of: Option<Uuid>) -> Cow<'static, str> {
    of.map_or(Cow::Borrowed(PERSON), |thing| Cow::Owned(thing.to_string()))
}

/// The key that `event` says is gone for good, as whose it was and for which purpose.
#[must_use]
pub fn destroyed_key(event: &Event) -> Option<(Uuid, Cow<'static, str>)> {
    match event {
        Event::NeedsAnalysisDestroyed(destroyed) => {
            Some((destroyed.mentee.0, purpose(Some(destroyed.analysis.0))))
        }
        Event::ConfidentialRecorded(confidential) => {
            let Act::ConsentWithdrawn(withdrawn) = &confidential.act.open()?.act else {
                return None;
            };
            let is_sealed_under = withdrawn.purpose == ConsentPurpose::Characteristics;
            let key = (
                confidential.act.subject().0,
                purpose(Some(withdrawn.consent.0)),
            );
            is_sealed_under.then_some(key)
        }
        _ => None,
    }
}

/// Every key that the events folded into this state say is gone for good.
pub fn destroyed_keys(state: &Snapshot) -> impl Iterator<Item = (Uuid, Cow<'static, str>)> {
    let analyses = state.scheme.needs.destroyed();
    let analyses = analyses.map(|analysis| (analysis.mentee.0, analysis.id.0));
    let consents = state.particulars.confidences().consents().destroyed();
    let consents = consents.map(|(person, consent)| (person.0, consent.0));
    let all = analyses.chain(consents);
    all.map(|(person, thing)| (person, purpose(Some(thing))))
}

/// Whose sealed values an event holds.
pub fn sealed_subjects(event: &Event) -> Vec<Uuid> {
    let mut sealed = Vec::new();
    let lifted = event
        .data()
        .map_err(CodecError::Json)
        .and_then(|mut data| lift(&mut data, &mut String::new(), &mut sealed));
    lifted.map_or_else(
        |_| event.subjects(),
        |()| sealed.iter().map(|plain| plain.subject).collect(),
    )
}

/// Understands a record, opening what `vault` can open.
pub fn understand(record: &Record, vault: &Vault) -> Result<Recorded, CodecError> {
    understand_with(record, record.data.clone(), &|sealed| {
        vault.open_value(&Place::of(record), sealed)
    })
}

/// As [`understand`], for a record that is not needed any more: nothing is copied.
pub fn understand_whole(mut record: Record, vault: &Vault) -> Result<Recorded, CodecError> {
    let data = record.data.take();
    understand_with(&record, data, &|sealed| {
        vault.open_value(&Place::of(&record), sealed)
    })
}

/// As [`understand`], of a record whose ciphertexts are not at hand: what is sealed counts as erased.
pub fn understand_leaf(record: &Record) -> Result<Recorded, CodecError> {
    understand_with(record, record.data.clone(), &|_| Ok(Opened::Erased))
}

/// Reads a payload of any version that was ever written, with what is sealed open in its place.
pub fn read_payload(kind: &str, version: u16, data: Value) -> Result<Event, CodecError> {
    let lifted = UPCASTERS.upcast(kind, version, Position::FIRST, data)?;
    Ok(Event::decode(kind, lifted)?)
}

fn understand_with(
    record: &Record,
    data: Value,
    open: &dyn Fn(&SealedValue) -> Result<Opened, SealError>,
) -> Result<Recorded, CodecError> {
    let mut data = UPCASTERS.upcast(&record.kind, record.version, record.position, data)?;
    for sealed in &record.sealed {
        let value = match open(sealed)? {
            Opened::Plain(bytes) => {
                let value = serde_json::from_slice(&bytes)?;
                UPCASTERS.upcast_sealed(
                    &record.kind,
                    &sealed.path,
                    sealed.version,
                    record.position,
                    value,
                )?
            }
            Opened::Erased => Value::Null,
        };
        let marked = json!({ MARKER: { "subject": sealed.subject, "version": sealed.version, "value": value } });
        put_back(&mut data, &sealed.path, marked).ok_or(CodecError::Field("sealed.path"))?;
    }
    Ok(Recorded {
        position: record.position.0,
        id: record.id,
        recorded_at: record
            .recorded_at
            .parse::<Timestamp>()
            .map_err(|_| CodecError::Field("recorded_at"))?,
        happened_on: record
            .happened_on
            .parse::<Date>()
            .map_err(|_| CodecError::Field("happened_on"))?,
        actor: Actor {
            id: record.actor.id,
            role: Arc::from(record.actor.role.as_str()),
        },
        reported_by: record.reported_by.as_ref().map(read_by).transpose()?,
        channel: record
            .channel
            .as_deref()
            .map(unword::<Channel>)
            .transpose()?,
        command_id: record.command_id,
        event: Event::decode(&record.kind, data)?,
    })
}

/// RFC 3339 in UTC with three decimals, as records keep an instant.
#[must_use]
pub fn instant(at: Timestamp) -> String {
    format!("{at:.3}")
}

fn written_by(reported_by: &ReportedBy) -> Result<event_log::ReportedBy, CodecError> {
    Ok(event_log::ReportedBy {
        party: word(&reported_by.party)?,
        person: reported_by.person.map(|person| person.0),
    })
}

fn read_by(reported_by: &event_log::ReportedBy) -> Result<ReportedBy, CodecError> {
    Ok(ReportedBy {
        party: unword::<Party>(&reported_by.party)?,
        person: reported_by.person.map(Into::into),
    })
}

/// The one word by which an enumeration's value is written.
fn word(value: &impl Serialize) -> Result<String, CodecError> {
    match serde_json::to_value(value)? {
        Value::String(word) => Ok(word),
        _ => Err(CodecError::Field("word")),
    }
}

fn unword<T: DeserializeOwned>(word: &str) -> Result<T, CodecError> {
    Ok(serde_json::from_value(Value::String(word.to_owned()))?)
}

/// Takes every marked value out of `value`, which stands at `path`, and remembers where it stood.
fn lift(value: &mut Value, path: &mut String, found: &mut Vec<Plain>) -> Result<(), CodecError> {
    let Value::Object(members) = value else {
        return Ok(());
    };
    let mut kept = Map::new();
    for (name, mut member) in std::mem::take(members) {
        let length = path.len();
        path.push('/');
        path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        if let Some(mut plain) = marked(&mut member)? {
            plain.path.clone_from(path);
            found.push(plain);
        } else {
            lift(&mut member, path, found)?;
            kept.insert(name, member);
        }
        path.truncate(length);
    }
    *members = kept;
    Ok(())
}

fn marked(value: &mut Value) -> Result<Option<Plain>, CodecError> {
    let Some(parts) = value.get_mut(MARKER) else {
        return Ok(None);
    };
    let subject = parts["subject"].as_str().and_then(|text| text.parse().ok());
    let version = parts["version"]
        .as_u64()
        .and_then(|number| u16::try_from(number).ok());
    Ok(Some(Plain {
        path: String::new(),
        subject: subject.ok_or(CodecError::Field("subject"))?,
        version: version.ok_or(CodecError::Field("version"))?,
        plaintext: serde_json::to_vec(&parts["value"].take())?,
    }))
}

/// Puts `value` where `path`, an RFC 6901 pointer to a member of an object, says it stood.
fn put_back(data: &mut Value, path: &str, value: Value) -> Option<()> {
    let (parent, name) = path.rsplit_once('/')?;
    let members = data.pointer_mut(parent)?.as_object_mut()?;
    members.insert(name.replace("~1", "/").replace("~0", "~"), value);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sealed_value_of_every_event_is_listed() {
        let mut declared = Vec::new();
        for (kind, _, schema) in Event::schemas() {
            let schema = schema.to_value();
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let reference = property["$ref"]
                    .as_str()
                    .unwrap_or_default()
                    .trim_start_matches('#')
                    .to_owned();
                let target = if reference.is_empty() {
                    Some(property)
                } else {
                    schema.pointer(&reference)
                };
                if let Some(version) = target.and_then(|target| target["x-sealed-version"].as_u64())
                {
                    declared.push((
                        kind,
                        format!("/{name}"),
                        u16::try_from(version).expect("small"),
                    ));
                }
            }
        }
        declared.sort();
        let mut listed: Vec<_> = SEALED
            .iter()
            .map(|(kind, path, version)| (*kind, (*path).to_owned(), *version))
            .collect();
        listed.sort();
        assert_eq!(listed, declared);
        LazyLock::force(&UPCASTERS);
    }
}
