//! Where commands of a file are entered: in the scheme itself, or in a copy of it that is thrown away.
//!
//! A row may need what an earlier row brought. So a trial cannot judge each command alone: it folds what would happen
//! into its own copy of the state, by the very rules, and records nothing.

use super::Refusal;
use crate::{
    dispatch::{Failure, Outcome, Platform, Request},
    identity::Caller,
};
use domain::{Actor, Command, Context, Recorded, identifiers};
use projections::Snapshot;
use std::sync::Arc;
use uuid::Uuid;

/// A place in which commands are entered.
pub struct Book {
    platform: Platform,
    scheme: String,
    actor: Actor,
    traceparent: Option<String>,
    is_trial: bool,
    snapshot: Arc<Snapshot>,
}

/// What came of a command.
#[derive(Debug, PartialEq, Eq)]
pub enum Entered {
    /// It told something new.
    Recorded,
    /// It told what was known.
    AlreadySo,
    /// The rules said no.
    Refused(Refusal),
}

impl Book {
    /// The scheme itself, or a copy of it for a trial.
    pub fn open(
        platform: Platform,
        scheme: String,
        caller: &Caller,
        (snapshot, is_trial): (Arc<Snapshot>, bool),
        traceparent: Option<String>,
    ) -> Self {
        let actor = Actor {
            id: caller.actor,
            role: Arc::from(caller.role.as_str()),
        };
        Self {
            platform,
            scheme,
            actor,
            traceparent,
            is_trial,
            snapshot,
        }
    }

    /// The state that holds everything entered so far.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The version of that state, for whoever wants to read it. Of a trial: of the state it began with.
    pub fn version(&self, position: u64) -> String {
        self.platform.tokens().version(&self.scheme, position)
    }

    /// Whether the command of this content was entered before.
    pub fn look_up(&self, content: &str) -> Entered {
        match self.snapshot.outcomes.of(self.command_id(content)) {
            Some(_) => Entered::AlreadySo,
            None => Entered::Recorded,
        }
    }

    /// The identifier that the command of this content gives to what it calls `label`.
    pub fn made<T: From<Uuid>>(&self, content: &str, label: &str) -> T {
        identifiers::derive(&self.scheme, self.command_id(content), label).into()
    }

    /// Enters a command that is named from its content.
    pub async fn enter(
        &mut self,
        content: &str,
        command: impl Into<Command>,
    ) -> Result<Entered, Failure> {
        if self.look_up(content) == Entered::AlreadySo {
            return Ok(Entered::AlreadySo);
        }
        let command_id = self.command_id(content);
        if self.is_trial {
            return self.rehearse(command_id, &command.into());
        }
        let request = Request {
            command_id,
            command: command.into(),
            actor: self.actor.clone(),
            happened_on: None,
            reported_by: None,
            channel: None,
            validate_only: false,
            correlation_id: None,
            traceparent: self.traceparent.clone(),
        };
        match self.platform.execute(&self.scheme, request).await? {
            Outcome::Rejected(refusal) => Ok(Entered::Refused(refusal.into())),
            Outcome::Accepted(accepted) => {
                self.snapshot = accepted.snapshot;
                Ok(entered(accepted.events.is_empty()))
            }
        }
    }

    fn rehearse(&mut self, command_id: Uuid, command: &Command) -> Result<Entered, Failure> {
        let today = self.platform.today(&self.scheme, &self.snapshot);
        let context = Context {
            scheme: self.scheme.as_str().into(),
            now: self.platform.now(&self.scheme),
            today,
            happened_on: today,
            actor: self.actor.clone(),
            command_id,
            reported_by: None,
            channel: None,
        };
        let copy = Arc::make_mut(&mut self.snapshot);
        let events = match domain::decide(&copy.scheme, &copy.particulars, command, &context) {
            Ok(events) => events,
            Err(rejection) => return Ok(Entered::Refused(rejection.into())),
        };
        let told_nothing = events.is_empty();
        for event in events {
            let recorded = Recorded {
                position: copy.position() + 1,
                id: command_id,
                recorded_at: context.now,
                happened_on: today,
                actor: self.actor.clone(),
                reported_by: None,
                channel: None,
                command_id: Some(command_id),
                event,
            };
            copy.fold(&recorded).map_err(|_| Failure::Internal)?;
        }
        Ok(entered(told_nothing))
    }

    /// Under the key of the data directory: nobody without it can tell from the identifier what a row said.
    fn command_id(&self, content: &str) -> Uuid {
        let parts = [b"past year 1", self.scheme.as_bytes(), content.as_bytes()];
        let digest = self.platform.tokens().digest(&parts);
        Uuid::new_v5(&Uuid::NAMESPACE_OID, digest.as_bytes())
    }
}

const fn entered(told_nothing: bool) -> Entered {
    if told_nothing {
        Entered::AlreadySo
    } else {
        Entered::Recorded
    }
}
