//! Judging one command of a group: known before, fallen due, decided, folded. Nothing here touches the disk but to
//! look up what a command came to before.

use super::{
    Accepted, Failure, Outcome, Refusal, Request,
    answers::{erased, failure, internal, refusal},
    codec::{Draft, purpose, sealed_subjects, understand},
    outcomes::Quiet,
    writer::{Group, Judged, Waiting, Writer},
};
use domain::{Actor, Command, Context, Event, Recorded, decide, due};
use event_log::{EventStore as _, MAX_LEAF_BYTES, Position};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use projections::Snapshot;
use std::sync::Arc;
use uuid::Uuid;

impl Writer {
    pub(super) fn judge(&mut self, group: &mut Group, waiting: &Waiting) -> Judged {
        let before = (group.drafts.len(), group.quiet.len());
        let judged = self.judge_at(group, &waiting.request, waiting.rehearse_at);
        let judged = judged.and_then(|judged| match (judged, &waiting.sequel) {
            (Judged::Accepted(events), Some(sequel)) if !events.is_empty() => {
                self.judge_sequel(group, events, sequel)
            }
            (judged, _) => Ok(judged),
        });
        let judged = judged.unwrap_or_else(Judged::Failed);
        if matches!(judged, Judged::Failed(_)) {
            self.take_back(group, before);
        } else {
            remember(group, &waiting.request, &judged);
        }
        judged
    }

    /// What both came to. A sequel that cannot be recorded takes what it follows with it.
    fn judge_sequel(
        &mut self,
        group: &mut Group,
        mut events: Vec<Recorded>,
        sequel: &Request,
    ) -> Result<Judged, Failure> {
        let judged = self.judge_at(group, sequel, None)?;
        remember(group, sequel, &judged);
        match judged {
            Judged::Accepted(more) => {
                events.extend(more);
                Ok(Judged::Accepted(events))
            }
            Judged::Rejected(refusal) => {
                group.seen.remove(&sequel.command_id);
                tracing::error!(scheme = %self.scheme, code = refusal.code, "a sequel was refused");
                Err(Failure::Internal)
            }
            Judged::Failed(failure) => Err(failure),
        }
    }

    /// Nothing of a command that failed may stay in the group: its state is folded again without it. That is rare, and
    /// a copy of the state for each command would make every fold write new nodes.
    fn take_back(&mut self, group: &mut Group, (drafts, quiet): (usize, usize)) {
        group.drafts.truncate(drafts);
        group.quiet.truncate(quiet);
        group.state = Snapshot::clone(&self.published.current.load());
        for draft in &group.drafts {
            if let Err(error) = group.state.fold(draft.recorded()) {
                let failure = internal(&self.scheme, &error);
                self.stop(failure);
                return;
            }
        }
    }

    fn judge_at(
        &mut self,
        group: &mut Group,
        request: &Request,
        rehearse_at: Option<Timestamp>,
    ) -> Result<Judged, Failure> {
        let now = match self.present(rehearse_at) {
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
        let context = context(&Arc::from(self.scheme.as_str()), &group.state, request, now);
        let decided = decide(
            &group.state.scheme,
            &group.state.particulars,
            &request.command,
            &context,
        );
        let (judged, quiet) = match decided {
            Ok(events) => match self.first_erased(&events) {
                Some(person) => {
                    let refusal = erased(person, group.state.position());
                    refused(refusal, None, &request.command)
                }
                None if request.validate_only => (Judged::Accepted(vec![]), None),
                None => {
                    let events = self.record(group, events, request, &context)?;
                    let quiet = events.is_empty().then_some(Quiet::AlreadySo);
                    (Judged::Accepted(events), quiet)
                }
            },
            Err(rejection) => {
                let refusal = refusal(&group.state, &rejection, &context);
                refused(refusal, Some(rejection.in_general()), &request.command)
            }
        };
        if let Some(quiet) = quiet.filter(|_| !request.validate_only) {
            let entry = quiet.entry(request.command_id, now);
            group
                .quiet
                .push(entry.map_err(|error| internal(&self.scheme, &error))?);
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

    /// The first person among the sealed values of `events` for whom nothing can be sealed again: they were erased, or
    /// the one key of theirs that it would need.
    fn first_erased(&self, events: &[Event]) -> Option<Uuid> {
        let nobody_erased = self.vault.erased().is_empty();
        let mut needed = events
            .iter()
            .filter(|event| !nobody_erased || event.sealed_for().is_some())
            .flat_map(|event| {
                let purpose = purpose(event.sealed_for());
                let subjects = sealed_subjects(event).into_iter();
                subjects.map(move |subject| (subject, purpose.clone()))
            });
        let gone = needed.find(|(subject, purpose)| {
            self.vault.is_erased(*subject) || self.vault.is_destroyed(*subject, purpose)
        });
        gone.map(|(subject, _)| subject)
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
            let scheme = self.scheme.as_str();
            let id = event_id(scheme, context.now, request.command_id, index);
            let recorded = Recorded::of(event, group.state.position() + 1, id, context);
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
    pub(super) fn fall_due(&mut self, group: &mut Group, now: Timestamp) -> Result<(), Failure> {
        for fallen in due(&group.state.scheme, now) {
            let rule = Uuid::new_v5(&Uuid::NAMESPACE_OID, fallen.at.to_string().as_bytes());
            let recorded = Recorded {
                position: group.state.position() + 1,
                id: labelled(self.scheme.as_str(), now, rule, &fallen.label),
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
        // Whatever fails below, the caller gives the group the state it had before.
        group
            .state
            .fold(&recorded)
            .map_err(|error| internal(&self.scheme, &error))?;
        let draft = Draft::new(recorded, correlation_id, traceparent);
        let draft = draft.map_err(|error| internal(&self.scheme, &error))?;
        if draft.leaf_bytes() > MAX_LEAF_BYTES {
            return Err(Failure::TooLarge);
        }
        group.bytes += draft.record_bytes();
        group.drafts.push(draft);
        Ok(())
    }
}

/// Whoever sends the same command again in this very group hears the same.
fn remember(group: &mut Group, request: &Request, judged: &Judged) {
    if !request.validate_only {
        group.seen.insert(request.command_id, judged.clone());
    }
}

/// What a first command comes to in a scheme that does not exist yet. Nothing is made and nothing kept.
pub(super) fn first_outcome(scheme: &str, request: &Request, now: Timestamp) -> Outcome {
    let state = Snapshot::default();
    let context = context(&Arc::from(scheme), &state, request, now);
    match decide(
        &state.scheme,
        &state.particulars,
        &request.command,
        &context,
    ) {
        Ok(_) => Outcome::Accepted(Accepted {
            events: Vec::new(),
            snapshot: Arc::new(state),
        }),
        Err(rejection) => Outcome::Rejected(refusal(&state, &rejection, &context)),
    }
}

fn context(scheme: &Arc<str>, state: &Snapshot, request: &Request, now: Timestamp) -> Context {
    let today = day(state, now);
    Context {
        scheme: Arc::clone(scheme),
        now,
        today,
        happened_on: request.happened_on.unwrap_or(today),
        actor: request.actor.clone(),
        command_id: request.command_id,
        reported_by: request.reported_by.clone(),
        channel: request.channel,
    }
}

/// A refusal, and what is kept of it: `in_general`, its sentence without what the asker wrote; of something confidential
/// not even that.
fn refused(
    refusal: Refusal,
    in_general: Option<String>,
    command: &Command,
) -> (Judged, Option<Quiet>) {
    let quiet = if command.is_confidential() {
        Quiet::not_done(refusal.position)
    } else {
        let message = in_general.unwrap_or_else(|| refusal.message.clone());
        Quiet::refused(&refusal, message)
    };
    (Judged::Rejected(refusal), Some(quiet))
}

/// The day it is in the scheme's time zone.
pub(crate) fn day(state: &Snapshot, now: Timestamp) -> Date {
    now.to_zoned(zone(state)).date()
}

/// The time zone of a scheme's days.
pub(super) fn zone(state: &Snapshot) -> TimeZone {
    let calendar = state.scheme.calendar();
    calendar.map_or(TimeZone::UTC, domain::calendar::Calendar::zone)
}

/// The identifier of the event at `index`, from 0, of those that `command` led to at `now`.
#[must_use]
pub fn event_id(scheme: &str, now: Timestamp, command: Uuid, index: usize) -> Uuid {
    labelled(scheme, now, command, &format!("event {index}"))
}

/// A UUID of version 7 whose random part is derived, so that the same history made twice is the same.
pub(super) fn labelled(scheme: &str, now: Timestamp, command: Uuid, label: &str) -> Uuid {
    let derived = domain::identifiers::derive(scheme, command, label);
    let mut random = [0; 10];
    random.copy_from_slice(&derived.as_bytes()[6..]);
    let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}
