//! One writer per scheme: it takes all commands that wait, judges them one after the other, makes what
//! they led to durable as one group, publishes the new state, and only then answers.
//!
//! The keys that a group needs are made and synced before the group. After a write whose outcome is
//! unknown nothing more is written: the scheme is read-only until it is opened anew from its journal.

use super::{
    Accepted, Clock, Failure, Outcome, Refusal, Request,
    answers::{failure, internal},
    codec::{self, Draft},
    keeper::Keeper,
    moments::Moments,
    rendered::Rendered,
};
use crate::telemetry::{CommandOutcome, Metrics};
use arc_swap::ArcSwap;
use domain::{Recorded, next_due};
use event_log::{
    Embedded, Entry, EventStore as _, Operations, Position, Record, SchemeId, SealError, Vault,
};
use jiff::Timestamp;
use projections::Snapshot;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};
use tokio::sync::{oneshot, watch};
use uuid::Uuid;

/// The most commands of one group.
const GROUP_COMMANDS_MOST: usize = 512;
/// About the most bytes of one group: well below what the log takes at once.
const GROUP_BYTES_MOST: usize = 8 << 20;
/// The most time between two looks at what fell due.
const TICK_MOST: Duration = Duration::from_mins(1);

/// A command that waits, and where its answer goes.
pub struct Waiting {
    pub request: Request,
    /// Judged right after the request, in the same group, if that recorded something: both are durable or neither is.
    pub sequel: Option<Request>,
    /// Sets a rehearsal's clock first.
    pub rehearse_at: Option<Timestamp>,
    pub answer: oneshot::Sender<Result<Outcome, Failure>>,
}

/// What a writer shares with those who read.
pub struct Published {
    pub current: ArcSwap<Snapshot>,
    pub changes: watch::Sender<Arc<Snapshot>>,
    pub clock: Arc<Mutex<Clock>>,
    /// States that were published before.
    pub moments: Arc<Moments>,
    /// Answers that rest on what was published last.
    pub rendered: Arc<Rendered>,
    /// The writer takes nothing more until the service is restarted.
    pub stopped: AtomicBool,
}

/// A scheme's writer. Runs on a thread of its own until nobody can send any more.
pub struct Writer {
    pub scheme: SchemeId,
    pub store: Arc<Embedded>,
    pub vault: Arc<Vault>,
    pub operations: Arc<Operations>,
    pub published: Arc<Published>,
    pub keeper: Arc<Keeper>,
    pub metrics: Metrics,
    pub stopped: Option<Failure>,
    pub latest: Timestamp,
}

/// A group being made.
pub(super) struct Group {
    pub state: Snapshot,
    pub drafts: Vec<Draft>,
    /// About how many bytes the drafts will have as records.
    pub bytes: usize,
    pub quiet: Vec<Entry>,
    /// Outcomes of commands of this very group, for those that came twice in it.
    pub seen: HashMap<Uuid, Judged>,
    answers: Vec<(oneshot::Sender<Result<Outcome, Failure>>, Judged)>,
}

/// What will be answered once the group is durable.
#[derive(Clone)]
pub(super) enum Judged {
    Accepted(Vec<Recorded>),
    Rejected(Refusal),
    Failed(Failure),
}

impl Writer {
    /// Serves until every sender is gone.
    pub fn run(mut self, waiting: &Receiver<Waiting>) {
        self.finish_what_was_decided();
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
        let mut group = self.begin();
        if batch.is_empty() && self.stopped.is_none() {
            let fallen = self
                .present(None)
                .and_then(|now| self.fall_due(&mut group, now));
            if let Err(failure) = fallen {
                return self.stop(failure);
            }
        }
        for waiting in batch {
            if let Some(failure) = &self.stopped {
                let _gone = waiting.answer.send(Err(failure.clone()));
                continue;
            }
            let judged = self.judge(&mut group, &waiting);
            group.answers.push((waiting.answer, judged));
            // Somebody was forgotten: nothing more is judged before their keys are gone.
            let forgets = !group.state.scheme.erasures.pending().is_empty();
            if forgets || group.bytes > GROUP_BYTES_MOST {
                self.finish(group);
                group = self.begin();
            }
        }
        self.finish(group);
    }

    /// A group that begins with the state published last.
    fn begin(&self) -> Group {
        Group {
            state: Snapshot::clone(&self.published.current.load()),
            drafts: Vec::new(),
            bytes: 0,
            quiet: Vec::new(),
            seen: HashMap::new(),
            answers: Vec::new(),
        }
    }

    /// The writer's instant for the next command, never before the last record.
    pub(super) fn present(&mut self, rehearse_at: Option<Timestamp>) -> Result<Timestamp, Failure> {
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

    /// Makes the group durable, publishes it and answers.
    fn finish(&mut self, group: Group) {
        let Group {
            mut state,
            drafts,
            quiet,
            answers,
            ..
        } = group;
        let commands = answers.len();
        let began = Instant::now();
        let expected = Position(self.published.current.load().position());
        let destroyed: Vec<_> = drafts
            .iter()
            .filter_map(|draft| codec::destroyed_key(&draft.recorded().event))
            .collect();
        let outcome = self
            .seal(drafts)
            .and_then(|records| self.append(expected, records));
        let outcome = outcome
            .and_then(|()| self.keep(&quiet))
            .and_then(|()| self.destroy(&destroyed))
            .and_then(|()| self.complete_erasures(&mut state, self.latest));
        let state = match outcome {
            Ok(()) => self.publish(state),
            Err(failure) => {
                self.stop(Failure::ReadOnly);
                for (answer, judged) in answers {
                    self.metrics.command_ended(CommandOutcome::failed);
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
            self.metrics.command_ended(match &judged {
                Judged::Accepted(_) => CommandOutcome::accepted,
                Judged::Rejected(_) => CommandOutcome::refused,
                Judged::Failed(_) => CommandOutcome::failed,
            });
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

    /// Makes every key the group needs with one sync for each purpose, then seals.
    pub(super) fn seal(&self, drafts: Vec<Draft>) -> Result<Vec<Record>, Failure> {
        let mut needed: BTreeMap<Option<Uuid>, BTreeSet<Uuid>> = BTreeMap::new();
        for (sealed_for, subject) in drafts.iter().flat_map(Draft::subjects) {
            needed.entry(sealed_for).or_default().insert(subject);
        }
        for (sealed_for, subjects) in needed {
            let subjects: Vec<Uuid> = subjects.into_iter().collect();
            self.vault
                .ensure_keys_for(&codec::purpose(sealed_for), &subjects)
                .map_err(|error| unkeyed(&self.scheme, &error))?;
        }
        let records = drafts
            .into_iter()
            .map(|draft| draft.seal(&self.scheme, &self.vault));
        records
            .collect::<Result<_, _>>()
            .map_err(|error| internal(&self.scheme, &error))
    }

    pub(super) fn append(&self, expected: Position, records: Vec<Record>) -> Result<(), Failure> {
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

    fn keep(&self, quiet: &[Entry]) -> Result<(), Failure> {
        if quiet.is_empty() {
            return Ok(());
        }
        self.operations.append(quiet).map_err(|error| {
            internal(&self.scheme, &error);
            Failure::OutcomeUnknown
        })
    }

    /// Destroys the keys that events which are durable say are gone. What is interrupted here is done at the next
    /// opening, before anything is answered.
    fn destroy(&self, keys: &[(Uuid, Cow<'static, str>)]) -> Result<(), Failure> {
        for (subject, purpose) in keys {
            let destroyed = self.vault.destroy(*subject, purpose);
            destroyed.map_err(|error| {
                internal(&self.scheme, &error);
                Failure::OutcomeUnknown
            })?;
        }
        if !keys.is_empty() {
            self.published.moments.forget();
        }
        Ok(())
    }

    pub(super) fn publish(&self, state: Snapshot) -> Arc<Snapshot> {
        let state = Arc::new(state);
        if self.published.current.load().position() != state.position() {
            self.published.current.store(Arc::clone(&state));
            self.published.rendered.forget(self.scheme.as_str());
            self.published.changes.send_replace(Arc::clone(&state));
            self.keeper.look(&state);
            self.published.moments.pass(&state);
        }
        state
    }

    pub(super) fn stop(&mut self, failure: Failure) {
        tracing::error!(scheme = %self.scheme, %failure, "this scheme takes no more commands until the service is restarted");
        self.published.stopped.store(true, Ordering::SeqCst);
        self.stopped = Some(failure);
    }
}

/// No key, no event: whatever the disk did to the keyring, nothing was recorded.
fn unkeyed(scheme: &SchemeId, error: &SealError) -> Failure {
    let ours = internal(scheme, error);
    match error {
        SealError::Unknown(_) | SealError::ReadOnly => Failure::ReadOnly,
        _ => ours,
    }
}
