//! One writer per scheme: it takes all commands that wait, judges them one after the other, makes what
//! they led to durable as one group, publishes the new state, and only then answers.
//!
//! The keys that a group needs are made and synced before the group. After a write whose outcome is
//! unknown nothing more is written: the scheme is read-only until it is opened anew from its journal.

use super::{
    Accepted, Clock, Failure, Outcome, Refusal, Request,
    codec::{Draft, sealed_subjects, understand},
    outcomes::Quiet,
};
use crate::telemetry::Metrics;
use arc_swap::ArcSwap;
use domain::{
    Actor, Command, Context, Event, Recorded, Rejection, decide, due, next_due, rejection::Ground,
};
use event_log::{
    Embedded, Entry, EventStore, MAX_LEAF_BYTES, Operations, Position, Record, SchemeId,
    StoreError, Vault,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use projections::Snapshot;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};
use tokio::sync::{oneshot, watch};
use uuid::Uuid;

/// The most commands of one group.
const GROUP_COMMANDS_MOST: usize = 512;
/// The most time between two looks at what fell due.
const TICK_MOST: Duration = Duration::from_secs(60);

/// A command that waits, and where its answer goes.
pub struct Waiting {
    pub request: Request,
    /// Sets a rehearsal's clock first.
    pub rehearse_at: Option<Timestamp>,
    pub answer: oneshot::Sender<Result<Outcome, Failure>>,
}

/// What a writer shares with those who read.
pub struct Published {
    pub current: ArcSwap<Snapshot>,
    pub changes: watch::Sender<Arc<Snapshot>>,
    pub clock: Arc<Mutex<Clock>>,
}

/// A scheme's writer. Runs on a thread of its own until nobody can send any more.
pub struct Writer {
    pub scheme: SchemeId,
    pub store: Arc<Embedded>,
    pub vault: Arc<Vault>,
    pub operations: Arc<Operations>,
    pub published: Arc<Published>,
    pub metrics: Metrics,
    pub stopped: Option<Failure>,
    pub latest: Timestamp,
}

/// A group being made.
struct Group {
    state: Snapshot,
    drafts: Vec<Draft>,
    quiet: Vec<Entry>,
    /// Outcomes of commands of this very group, for those that came twice in it.
    seen: HashMap<Uuid, Judged>,
    answers: Vec<(oneshot::Sender<Result<Outcome, Failure>>, Judged)>,
}

/// What will be answered once the group is durable.
#[derive(Clone)]
enum Judged {
    Accepted(Vec<Recorded>),
    Rejected(Refusal),
    Failed(Failure),
}

impl Writer {
    /// Serves until every sender is gone.
    pub fn run(mut self, waiting: &Receiver<Waiting>) {
        loop {
            let first = match waiting.recv_timeout(self.until_next_due()) {
                Ok(first) => Some(first),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let rest = std::iter::from_fn(|| waiting.try_recv().ok());
            let batch: Vec<Waiting> = first
                .into_iter()
                .chain(rest)
                .take(GROUP_COMMANDS_MOST)
                .collect();
            self.serve(batch);
        }
    }

    fn until_next_due(&self) -> Duration {
        let next = next_due(&self.published.current.load().scheme);
        let Some(next) = next.filter(|_| self.stopped.is_none()) else {
            return TICK_MOST;
        };
        let left = next.duration_since(self.clock().peek());
        Duration::try_from(left)
            .unwrap_or(Duration::ZERO)
            .clamp(Duration::from_millis(10), TICK_MOST)
    }

    fn clock(&self) -> std::sync::MutexGuard<'_, Clock> {
        self.published
            .clock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&mut self, batch: Vec<Waiting>) {
        if let Some(failure) = &self.stopped {
            for waiting in batch {
                let _gone = waiting.answer.send(Err(failure.clone()));
            }
            return;
        }
        let state = Snapshot::clone(&self.published.current.load());
        let mut group = Group {
            state,
            drafts: vec![],
            quiet: vec![],
            seen: HashMap::new(),
            answers: vec![],
        };
        if batch.is_empty() {
            if let Err(failure) = self
                .present(None)
                .and_then(|now| self.fall_due(&mut group, now))
            {
                self.stop(failure);
            }
        }
        for waiting in batch {
            let judged = self.judge(&mut group, &waiting);
            group.answers.push((waiting.answer, judged));
        }
        self.finish(group);
    }

    /// The writer's instant for the next command, never before the last record.
    fn present(&mut self, rehearse_at: Option<Timestamp>) -> Result<Timestamp, Failure> {
        let now = {
            let mut clock = self.clock();
            if let Some(at) = rehearse_at {
                // Between two given instants the clock must not run ahead of them, or what falls due by itself
                // would be recorded too early: a history made from instants is the same at every making.
                let at = at.max(self.latest);
                clock.set(at);
                if matches!(*clock, Clock::Rehearsal { .. }) {
                    Ok(at)
                } else {
                    clock.now(self.latest)
                }
            } else {
                clock.now(self.latest)
            }
        }?;
        self.latest = now;
        Ok(now)
    }

    fn judge(&mut self, group: &mut Group, waiting: &Waiting) -> Judged {
        let command_id = waiting.request.command_id;
        let before = group.state.clone();
        let drafts_before = group.drafts.len();
        let judged = self.judge_at(group, waiting).unwrap_or_else(Judged::Failed);
        if matches!(judged, Judged::Failed(_)) {
            // Nothing of a command that failed may stay in the group.
            group.state = before;
            group.drafts.truncate(drafts_before);
        } else if !waiting.request.validate_only {
            group.seen.insert(command_id, judged.clone());
        }
        judged
    }

    fn judge_at(&mut self, group: &mut Group, waiting: &Waiting) -> Result<Judged, Failure> {
        let request = &waiting.request;
        let now = match self.present(waiting.rehearse_at) {
            Err(failure) => {
                self.stop(failure.clone());
                return Err(failure);
            }
            Ok(now) => now,
        };
        if let Some(known) = self.known(group, request.command_id, now)? {
            return Ok(known);
        }
        self.fall_due(group, now)?;
        let context = self.context(&group.state, request, now);
        let decided = decide(
            &group.state.scheme,
            &group.state.particulars,
            &request.command,
            &context,
        );
        let judged = match decided {
            Ok(events) => match self.first_erased(&events) {
                Some(person) => Judged::Rejected(erased(person, group.state.position())),
                None if request.validate_only => Judged::Accepted(vec![]),
                None => Judged::Accepted(self.record(group, events, request, &context)?),
            },
            Err(rejection) => Judged::Rejected(refusal(&group.state, &rejection, &context)),
        };
        if !request.validate_only {
            let quiet = match &judged {
                Judged::Accepted(events) if events.is_empty() => Some(Quiet::AlreadySo),
                Judged::Rejected(refusal) => Some(Quiet::from(refusal)),
                _ => None,
            };
            let entry = quiet
                .map(|quiet| quiet.entry(request.command_id, now))
                .transpose();
            group
                .quiet
                .extend(entry.map_err(|error| internal(&self.scheme, &error))?);
        }
        Ok(judged)
    }

    /// The first outcome of a command that came before: in this group, in the log, or among the quiet ones.
    fn known(
        &self,
        group: &Group,
        command: Uuid,
        now: Timestamp,
    ) -> Result<Option<Judged>, Failure> {
        if let Some(judged) = group.seen.get(&command) {
            return Ok(Some(judged.clone()));
        }
        if let Some((first, last)) = group.state.outcomes.of(command) {
            return self
                .events(first, last, command)
                .map(|events| Some(Judged::Accepted(events)));
        }
        Ok(
            Quiet::find(&self.operations, command, now).map(|quiet| match quiet {
                Quiet::AlreadySo => Judged::Accepted(vec![]),
                Quiet::Refused {
                    code,
                    message,
                    field,
                    rule,
                    position,
                } => Judged::Rejected(Refusal {
                    code,
                    message,
                    field,
                    rule,
                    position,
                }),
            }),
        )
    }

    fn events(&self, first: u64, last: u64, command: Uuid) -> Result<Vec<Recorded>, Failure> {
        let count = usize::try_from(last - first + 1).unwrap_or(usize::MAX);
        let stored = self
            .store
            .read(&self.scheme, Position(first), count)
            .map_err(|error| failure(&error))?;
        let events = stored.iter().map(|stored| {
            let record = stored
                .record()
                .map_err(|error| internal(&self.scheme, &error))?;
            understand(&record, &self.vault).map_err(|error| internal(&self.scheme, &error))
        });
        let events: Vec<Recorded> = events.collect::<Result<_, _>>()?;
        Ok(events
            .into_iter()
            .filter(|recorded| recorded.command_id == Some(command))
            .collect())
    }

    fn context(&self, state: &Snapshot, request: &Request, now: Timestamp) -> Context {
        let today = day(state, now);
        Context {
            scheme: Arc::from(self.scheme.as_str()),
            now,
            today,
            happened_on: request.happened_on.unwrap_or(today),
            actor: request.actor.clone(),
            command_id: request.command_id,
            reported_by: request.reported_by.clone(),
            channel: request.channel,
        }
    }

    /// The first person among the sealed values of `events` who was erased: nothing can be sealed for them again.
    fn first_erased(&self, events: &[Event]) -> Option<Uuid> {
        if self.vault.erased().is_empty() {
            return None;
        }
        events
            .iter()
            .flat_map(sealed_subjects)
            .find(|subject| self.vault.is_erased(*subject))
    }

    fn record(
        &mut self,
        group: &mut Group,
        events: Vec<Event>,
        request: &Request,
        context: &Context,
    ) -> Result<Vec<Recorded>, Failure> {
        let mut all = Vec::with_capacity(events.len());
        for (index, event) in events.into_iter().enumerate() {
            let label = format!("event {index}");
            let recorded = Recorded {
                position: group.state.position() + 1,
                id: event_id(&self.scheme, context.now, request.command_id, &label),
                recorded_at: context.now,
                happened_on: context.happened_on,
                actor: context.actor.clone(),
                reported_by: context.reported_by.clone(),
                channel: context.channel,
                command_id: Some(request.command_id),
                event,
            };
            self.add(
                group,
                recorded.clone(),
                request.correlation_id,
                request.traceparent.clone(),
            )?;
            all.push(recorded);
        }
        Ok(all)
    }

    /// What has fallen due by `now`, in order, once.
    fn fall_due(&mut self, group: &mut Group, now: Timestamp) -> Result<(), Failure> {
        for fallen in due(&group.state.scheme, now) {
            let rule = Uuid::new_v5(&Uuid::NAMESPACE_OID, fallen.at.to_string().as_bytes());
            let recorded = Recorded {
                position: group.state.position() + 1,
                id: event_id(&self.scheme, now, rule, &fallen.label),
                recorded_at: now,
                happened_on: fallen.on,
                actor: Actor {
                    id: Uuid::nil(),
                    role: Arc::from("scheme"),
                },
                reported_by: None,
                channel: None,
                command_id: None,
                event: fallen.event,
            };
            self.add(group, recorded, None, None)?;
        }
        Ok(())
    }

    fn add(
        &self,
        group: &mut Group,
        recorded: Recorded,
        correlation_id: Option<Uuid>,
        traceparent: Option<String>,
    ) -> Result<(), Failure> {
        let draft = Draft::new(recorded.clone(), correlation_id, traceparent);
        let draft = draft.map_err(|error| internal(&self.scheme, &error))?;
        if draft.leaf_bytes() > MAX_LEAF_BYTES {
            return Err(Failure::TooLarge);
        }
        group
            .state
            .fold(&recorded)
            .map_err(|error| internal(&self.scheme, &error))?;
        group.drafts.push(draft);
        Ok(())
    }

    /// Makes the group durable, publishes it and answers.
    fn finish(&mut self, group: Group) {
        let Group {
            state,
            drafts,
            quiet,
            answers,
            ..
        } = group;
        let commands = answers.len();
        let began = Instant::now();
        let expected = Position(self.published.current.load().position());
        let outcome = self
            .seal(drafts)
            .and_then(|records| self.append(expected, records));
        let outcome = outcome.and_then(|()| self.keep(quiet));
        let state = match outcome {
            Ok(()) => self.publish(state),
            Err(failure) => {
                self.stop(Failure::ReadOnly);
                for (answer, judged) in answers {
                    let told = if let Judged::Failed(own) = judged {
                        own
                    } else {
                        failure.clone()
                    };
                    let _gone = answer.send(Err(told));
                }
                return;
            }
        };
        if commands > 0 {
            self.metrics
                .group_synced(u32::try_from(commands).unwrap_or(u32::MAX), began.elapsed());
        }
        for (answer, judged) in answers {
            // Whoever asked may have gone: what happened happened.
            let _gone = answer.send(match judged {
                Judged::Accepted(events) => Ok(Outcome::Accepted(Accepted {
                    events,
                    snapshot: Arc::clone(&state),
                })),
                Judged::Rejected(refusal) => Ok(Outcome::Rejected(refusal)),
                Judged::Failed(failure) => Err(failure),
            });
        }
    }

    /// Makes every key the group needs with one sync, then seals.
    fn seal(&self, drafts: Vec<Draft>) -> Result<Vec<Record>, Failure> {
        let mut subjects: Vec<Uuid> = drafts.iter().flat_map(Draft::subjects).collect();
        subjects.sort_unstable();
        subjects.dedup();
        if !subjects.is_empty() {
            self.vault
                .ensure_keys(&subjects)
                .map_err(|error| internal(&self.scheme, &error))?;
        }
        let records = drafts
            .into_iter()
            .map(|draft| draft.seal(&self.scheme, &self.vault));
        records
            .collect::<Result<_, _>>()
            .map_err(|error| internal(&self.scheme, &error))
    }

    fn append(&self, expected: Position, records: Vec<Record>) -> Result<(), Failure> {
        if records.is_empty() {
            return Ok(());
        }
        match self.store.append(&self.scheme, expected, records) {
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::error!(scheme = %self.scheme, error = &error as &dyn std::error::Error, "a group was not written");
                Err(failure(&error))
            }
        }
    }

    fn keep(&self, quiet: Vec<Entry>) -> Result<(), Failure> {
        if quiet.is_empty() {
            return Ok(());
        }
        self.operations.append(quiet).map_err(|error| {
            internal(&self.scheme, &error);
            Failure::OutcomeUnknown
        })
    }

    fn publish(&self, state: Snapshot) -> Arc<Snapshot> {
        let state = Arc::new(state);
        if self.published.current.load().position() != state.position() {
            self.published.current.store(Arc::clone(&state));
            self.published.changes.send_replace(Arc::clone(&state));
        }
        state
    }

    fn stop(&mut self, failure: Failure) {
        tracing::error!(scheme = %self.scheme, %failure, "this scheme takes no more commands until it is opened anew");
        self.stopped = Some(failure);
    }
}

/// The day it is in the scheme's time zone.
pub fn day(state: &Snapshot, now: Timestamp) -> Date {
    let zone = state
        .scheme
        .calendar()
        .map_or(TimeZone::UTC, domain::calendar::Calendar::zone);
    now.to_zoned(zone).date()
}

/// A UUID of version 7 whose random part is derived, so that the same history made twice is the same.
fn event_id(scheme: &SchemeId, now: Timestamp, command: Uuid, label: &str) -> Uuid {
    let derived = domain::identifiers::derive(scheme.as_str(), command, label);
    let mut random = [0; 10];
    random.copy_from_slice(&derived.as_bytes()[6..]);
    let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}

fn refusal(state: &Snapshot, rejection: &Rejection, context: &Context) -> Refusal {
    let policy = state.scheme.policy_on(context.today);
    let rule = policy.zip(rejection.ground()).and_then(|(policy, ground)| {
        policy.rule(match ground {
            Ground::Entitlement => &policy.entitlement.rule,
            Ground::Eligibility => &policy.otherwise,
            Ground::Matching => &policy.matching.rule,
            Ground::Replacement => &policy.pairing.replacement_rule,
            Ground::Mentors => &policy.mentors.rule,
            Ground::Contact => &policy.contact.rule,
            Ground::Evaluation => &policy.evaluation.rule,
        })
    });
    Refusal {
        code: rejection.code().to_owned(),
        message: rejection.to_string(),
        field: rejection.field().map(str::to_owned),
        rule: rule.cloned(),
        position: state.position(),
    }
}

fn erased(person: Uuid, position: u64) -> Refusal {
    Refusal {
        code: "person_erased".to_owned(),
        message: format!("person {person} was erased; nothing more can be recorded about them"),
        field: None,
        rule: None,
        position,
    }
}

/// What a caller is told of a failure of the store.
pub fn failure(error: &StoreError) -> Failure {
    match error {
        StoreError::NotFound(scheme) => Failure::UnknownScheme(scheme.to_string()),
        StoreError::TooLarge { .. } => Failure::TooLarge,
        StoreError::ReadOnly => Failure::ReadOnly,
        StoreError::Unknown(_) => Failure::OutcomeUnknown,
        StoreError::Damaged { position, .. } => Failure::Halted {
            position: position.0,
        },
        _ => Failure::Internal,
    }
}

/// Tells the operator; the caller learns only that it was on our side. No error of ours holds a personal value.
pub fn internal(scheme: &SchemeId, error: &(dyn std::error::Error + 'static)) -> Failure {
    tracing::error!(%scheme, error, "a command came to nothing");
    Failure::Internal
}

/// Whether a command may make a scheme that does not exist yet.
pub const fn opens_a_scheme(command: &Command) -> bool {
    matches!(command, Command::OpenScheme(_))
}
