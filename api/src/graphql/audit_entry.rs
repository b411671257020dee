//! One entry of the history, as it was written, without its sealed content.

use super::{
    access::{Class, Query},
    audit_record::AuditRecord,
    error::failure,
    global_id::Kind,
    kinds::{Channel, Party},
    log::LogInclusionProof,
    scalars::{Date, DateTime, Position},
    sensitive_reads::{Readers, SensitiveRead},
    view::View,
};
use crate::dispatch::Failure;
use async_graphql::{Enum, ID, Json, Object, Result, SimpleObject};
use domain::identifiers::PersonId;
use event_log::Record;
use projections::trail::days_late;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{slice, str::FromStr, sync::Arc};
use uuid::Uuid;

/// An entry of the history.
pub struct AuditEntry {
    view: View,
    record: Record,
    recorded_at: DateTime,
    happened_on: Date,
    /// Who was given what the entries of its page say.
    readers: Arc<Readers>,
}

impl AuditEntry {
    /// An entry as it was read from the log.
    pub fn new(view: &View, record: Record) -> Result<Self> {
        let readers = Arc::new(view.readers_of(slice::from_ref(&record)));
        Self::of_page(view, record, readers)
    }

    /// The entries of a page.
    pub fn all(view: &View, records: Vec<Record>) -> Result<Vec<Self>> {
        let readers = Arc::new(view.readers_of(&records));
        let records = records.into_iter();
        records
            .map(|record| Self::of_page(view, record, Arc::clone(&readers)))
            .collect()
    }

    fn of_page(view: &View, record: Record, readers: Arc<Readers>) -> Result<Self> {
        Ok(Self {
            readers,
            recorded_at: DateTime(read(&record.recorded_at)?),
            happened_on: Date(read(&record.happened_on)?),
            view: view.clone(),
            record,
        })
    }
}

/// What an entry of the history can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum SubjectKind {
    /// A mentee.
    Mentee,
    /// A mentor.
    Mentor,
    /// An appointment.
    Appointment,
    /// A match.
    Match,
    /// A pairing.
    Pairing,
    /// A campaign in which directors are invited to mentor.
    Campaign,
    /// An induction seminar of mentors.
    MentorInductionSeminar,
    /// An induction day of the department.
    DfeInductionDay,
    /// An analysis of needs.
    NeedsAnalysis,
    /// A profile of needs.
    NeedsProfile,
    /// An opportunity for development.
    DevelopmentOpportunity,
    /// Somebody in a post of the register.
    PostHolding,
}

/// Something an entry of the history is about.
#[derive(Debug, Clone, SimpleObject)]
pub struct AuditSubject {
    /// Its id.
    pub id: ID,
    /// What it is; null where that is not known any more.
    pub kind: Option<SubjectKind>,
}

/// Who recorded an entry of the history.
#[derive(Debug, Clone, SimpleObject)]
pub struct AuditActor {
    /// A pseudonym: the same for everything one holder of tokens records, and it leads back to nobody.
    pub id: Uuid,
    /// The role they acted in, for example `coordinator`; `undisclosed` for what is confidential.
    pub role: String,
}

/// On whose word an entry was recorded.
#[derive(Debug, Clone, SimpleObject)]
pub struct AuditReporter {
    /// Which side said so; null for a word this version of the service does not know.
    pub party: Option<Party>,
    /// Who exactly; null where that is not known.
    pub person: Option<ID>,
}

/// A personal value of an entry. What it says is not shown here.
#[derive(Debug, Clone, SimpleObject)]
pub struct SealedPart {
    /// Where in `data` the value belongs, as a JSON pointer (RFC 6901).
    pub path: String,
    /// Whose value it is.
    pub subject: ID,
    /// Whether the person was forgotten or destroyed it, so that nobody can read it any more.
    pub erased: bool,
    /// The size of the encrypted value, in bytes.
    pub bytes: usize,
}

/// An entry of the history, as it was recorded. It is never changed.
#[Object]
impl AuditEntry {
    /// The id of the entry.
    async fn id(&self) -> ID {
        self.view.id(Kind::Entry, self.record.id)
    }

    /// Its place in the history. Null when you may not see it.
    async fn position(&self) -> Option<Position> {
        let visible = self.view.sees_of_all(Class::Position);
        visible.then_some(Position(self.record.position.0))
    }

    /// What happened, for example `session.held`. The names never change.
    #[graphql(name = "type")]
    async fn kind(&self) -> &str {
        &self.record.kind
    }

    /// The version of the shape of `data`, from 1. Each is published as a JSON Schema.
    async fn version(&self) -> u16 {
        self.record.version
    }

    /// When it was recorded. It never goes backwards.
    async fn recorded_at(&self) -> DateTime {
        self.recorded_at
    }

    /// The day it happened in the world, as claimed; for what is confidential, the day it was recorded.
    async fn happened_on(&self) -> Date {
        self.happened_on
    }

    /// The days from the day it happened to the day it was recorded, by the scheme's calendar: 0 for what was recorded on the
    /// day, and for what is confidential.
    async fn days_late(&self) -> i32 {
        days_late(
            self.happened_on.0,
            self.recorded_at.0,
            &self.view.time_zone(),
        )
    }

    /// Who recorded it.
    async fn actor(&self) -> AuditActor {
        AuditActor {
            id: self.record.actor.id,
            role: self.record.actor.role.clone(),
        }
    }

    /// On whose word; null where that is the actor's own.
    async fn reported_by(&self) -> Option<AuditReporter> {
        let reported = self.record.reported_by.as_ref()?;
        let party: Option<domain::Party> = word(&reported.party);
        Some(AuditReporter {
            party: party.map(Into::into),
            person: reported.person.map(|person| self.subject(person).id),
        })
    }

    /// How it was heard; null where nobody said.
    async fn channel(&self) -> Option<Channel> {
        let channel: Option<domain::Channel> = word(self.record.channel.as_deref()?);
        channel.map(Into::into)
    }

    /// The command that asked for it; null for what fell due by itself.
    async fn command_id(&self) -> Option<Uuid> {
        self.record.command_id
    }

    /// What belongs to one conversation carries the same; null where nobody said.
    async fn correlation_id(&self) -> Option<Uuid> {
        self.record.correlation_id
    }

    /// The W3C trace context of the request; null where it had none.
    async fn traceparent(&self) -> Option<&str> {
        self.record.traceparent.as_deref()
    }

    /// The id of the entry that it corrects; null where it corrects none.
    async fn corrects(&self) -> Option<ID> {
        let corrected = self.record.data["corrects"].as_str()?;
        let corrected: Uuid = corrected.parse().ok()?;
        Some(self.view.id(Kind::Entry, corrected))
    }

    /// The ids of the entries that correct it, in order.
    async fn corrected_by(&self) -> Vec<ID> {
        let scheme = self.view.scheme();
        let told = scheme.told(self.record.id);
        let corrected_by = told.into_iter().flat_map(|(_, told)| &told.corrected_by);
        let act = scheme.acts.get(&self.record.id);
        let taken_back_by = act.and_then(|act| act.taken_back_by);
        let by = corrected_by.copied().chain(taken_back_by);
        by.map(|by| self.view.id(Kind::Entry, by)).collect()
    }

    /// What it is about.
    async fn subjects(&self) -> Vec<AuditSubject> {
        let subjects = self.record.subjects.iter();
        subjects.map(|subject| self.subject(*subject)).collect()
    }

    /// What happened in detail, as it was stored: without personal values, whose places are named in `sealed`.
    async fn data(&self) -> Json<&Value> {
        Json(&self.record.data)
    }

    /// The personal values of the entry, without what they say.
    async fn sealed(&self) -> Vec<SealedPart> {
        let parts = self.record.sealed.iter();
        let parts = parts.map(|part| SealedPart {
            path: part.path.clone(),
            subject: self.subject(part.subject).id,
            erased: self.is_destroyed() || self.view.is_erased(PersonId(part.subject)),
            bytes: part.ciphertext.len(),
        });
        parts.collect()
    }

    /// The exact record, as the log hashes it. Null when you may not see the records themselves.
    async fn record(&self) -> Option<Result<AuditRecord>> {
        self.view.exactly(&self.record)
    }

    /// What proves that it is in the log. Null when you may not see proofs.
    #[graphql(complexity = "5 + child_complexity")]
    async fn inclusion_proof(
        &self,
        #[graphql(
            desc = "The size of the log it is to be proved in, for example that of a checkpoint you kept; that of this state when absent."
        )]
        size: Option<Position>,
    ) -> Option<Result<LogInclusionProof>> {
        self.view.ask_of_all(Query::Log).ok()?;
        // The log itself is no state of the scheme.
        self.view.go_beyond();
        let position = Position(self.record.position.0);
        Some(self.view.prove_inclusion(position, size, "size").await)
    }

    /// Who was given what it says, earliest first: pen portraits and needs of the people it is about, from the day it was recorded
    /// on, be it this version or another; one entry for each reader and day. Empty for whatever is not written down, and for
    /// what is confidential. Null when you may not ask who read what.
    #[graphql(complexity = "50 + child_complexity")]
    async fn seen_by(&self) -> Option<Result<Vec<SensitiveRead>>> {
        let (record, at) = (&self.record, self.recorded_at.0);
        self.view.given_of(record, at, &self.readers).await
    }
}

impl AuditEntry {
    /// Whether what it holds was sealed for an analysis of needs that its mentee has destroyed.
    fn is_destroyed(&self) -> bool {
        let present = self.view.present();
        let present = present.unwrap_or_else(|| self.view.snapshot());
        let analyses = &present.scheme.needs.analyses;
        let subjects = self.record.subjects.iter();
        subjects
            .filter_map(|subject| analyses.get(&(*subject).into()))
            .any(|analysis| analysis.destroyed_on.is_some())
    }

    fn subject(&self, subject: Uuid) -> AuditSubject {
        let scheme = self.view.scheme();
        let (named_as, kind) = if scheme.mentees.contains_key(&subject.into()) {
            (Kind::Mentee, Some(SubjectKind::Mentee))
        } else if scheme.mentors.contains_key(&subject.into()) {
            (Kind::Mentor, Some(SubjectKind::Mentor))
        } else if scheme.appointments.contains_key(&subject.into()) {
            (Kind::Appointment, Some(SubjectKind::Appointment))
        } else if scheme.matches.contains_key(&subject.into()) {
            (Kind::Match, Some(SubjectKind::Match))
        } else if scheme.pairings.contains_key(&subject.into()) {
            (Kind::Pairing, Some(SubjectKind::Pairing))
        } else if scheme.needs.analyses.contains_key(&subject.into()) {
            (Kind::NeedsAnalysis, Some(SubjectKind::NeedsAnalysis))
        } else if scheme.needs.profiles.contains_key(&subject.into()) {
            (Kind::NeedsProfile, Some(SubjectKind::NeedsProfile))
        } else {
            self.of_the_directory(subject)
        };
        AuditSubject {
            id: self.view.id(named_as, subject),
            kind,
        }
    }

    fn of_the_directory(&self, subject: Uuid) -> (Kind, Option<SubjectKind>) {
        let scheme = self.view.scheme();
        let (mut campaigns, mut seminars) = (scheme.campaigns.iter(), scheme.seminars.iter());
        if campaigns.any(|campaign| campaign.id.0 == subject) {
            (Kind::Campaign, Some(SubjectKind::Campaign))
        } else if seminars.any(|seminar| seminar.id.0 == subject) {
            let kind = SubjectKind::MentorInductionSeminar;
            (Kind::MentorInductionSeminar, Some(kind))
        } else if scheme.induction_days.days.contains_key(&subject.into()) {
            (Kind::DfeInductionDay, Some(SubjectKind::DfeInductionDay))
        } else if scheme
            .development
            .opportunities
            .contains_key(&subject.into())
        {
            let kind = SubjectKind::DevelopmentOpportunity;
            (Kind::DevelopmentOpportunity, Some(kind))
        } else if scheme.holdings.contains_key(&subject.into()) {
            (Kind::PostHolding, Some(SubjectKind::PostHolding))
        } else {
            (Kind::Person, None)
        }
    }
}

/// A record is checked when it is written, so a part that cannot be read is damage.
fn read<T: FromStr>(part: &str) -> Result<T> {
    part.parse().map_err(|_| failure(&Failure::Internal))
}

/// A word of the domain as records spell it.
fn word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(Value::String(text.to_owned())).ok()
}
