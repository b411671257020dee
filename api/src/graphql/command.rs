//! What every mutation has in common: what comes beside a command, how it is sent, what is answered.
//!
//! Translate in, dispatch, translate out. [`mutations!`] writes the input, the payload and the resolver of each
//! command from its fields, so that no mutation can forget the access check or take the actor from its input.

use super::{
    adoption::PolicyRule,
    error::{Code, failure, field_error, forbidden},
    global_id::of_another_moment,
    kinds::{self, Channel, Party},
    scalars::{Date, Version, civil},
    view::{TraceContext, View, caller, services, states},
};
use crate::dispatch::{Failure, Outcome, Request};
use async_graphql::{Context, Error, ID, InputObject, SimpleObject};
use domain::{Actor, Command, CommandKind, Recorded, ReportedBy};
use std::sync::Arc;
use uuid::Uuid;

/// What comes beside every command.
#[derive(Debug, Clone, InputObject)]
pub struct Beside {
    /// The id of the scheme, for example `mentor-plus`.
    pub scheme: ID,
    /// A UUID you choose for this command. When the answer is lost, repeat the command with the same one: it is carried
    /// out once, and answers with its first outcome. For another command choose another: used again for something else
    /// it is refused with `command_id_reused`, as long as the service remembers (the latest 16,384 commands).
    pub command_id: Uuid,
    /// Judge only: the answer says whether the command would be accepted, and nothing is recorded.
    #[graphql(default)]
    pub validate_only: bool,
    /// The day it happened in the world, where that was not today. It may lie in the past, never in the future.
    pub happened_on: Option<Date>,
    /// On whose word you record it, where that is not your own.
    pub reported_by: Option<ReportedByInput>,
    /// How you heard of it. Some commands ask for it.
    pub channel: Option<Channel>,
}

/// On whose word something is recorded.
#[derive(Debug, Clone, InputObject)]
pub struct ReportedByInput {
    /// Which side said so.
    pub party: Party,
    /// The id of the person who said so, where the scheme knows them: a mentee or a mentor.
    pub person: Option<ID>,
}

/// A "no" from the rules of the scheme. It is an answer, not an error: nothing was recorded.
#[derive(SimpleObject)]
pub struct Rejection {
    /// A name for machines, for example `mentor_full`. It never changes.
    pub code: String,
    /// A sentence for people. It names ids and days of your input, never a person.
    pub message: String,
    /// The field of the input it is about; null where it is about none in particular.
    pub field: Option<String>,
    /// The rule of the policy it rests on; null where it rests on none.
    pub rule: Option<PolicyRule>,
}

/// A command on its way, with the state it is given in.
pub struct Submission {
    beside: Beside,
    view: View,
}

/// What came of a command.
pub struct Answer {
    /// The version that holds it, or in which it was refused.
    pub version: Version,
    /// The rules' "no", if they said so.
    pub rejection: Option<Rejection>,
    /// A state that holds it.
    pub view: View,
    /// What happened; empty when it already was so.
    pub events: Vec<Recorded>,
}

impl Submission {
    /// Begins a command, if the caller's role may give it at all.
    pub async fn begin(
        context: &Context<'_>,
        kind: CommandKind,
        beside: &Beside,
    ) -> Result<Self, Error> {
        let (services, caller, states) = (services(context)?, caller(context)?, states(context)?);
        let scheme = beside.scheme.as_str();
        if scheme.contains('@') {
            return Err(of_another_moment("scheme"));
        }
        if !caller.may_enter(scheme) || services.matrix.command(caller.role, kind).is_empty() {
            return Err(forbidden());
        }
        // Always the latest state: a command is judged against that, not against what the operation read before.
        let view = match services.platform.snapshot(scheme).await {
            Ok(snapshot) => View::of(services, caller, states, scheme, snapshot).admitted()?,
            // A scheme that is about to be opened has no state yet.
            Err(Failure::UnknownScheme(_)) if kind == CommandKind::OpenScheme => {
                View::of(services, caller, states, scheme, Arc::default())
            }
            Err(found) => return Err(failure(&found)),
        };
        if !caller.is_let_in_by(view.snapshot()) {
            return Err(forbidden());
        }
        let beside = beside.clone();
        Ok(Self { beside, view })
    }

    /// The state the command is given in.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Which side is said to act: the one named, else the caller's own, else the one on whose word it is recorded.
    pub fn side(
        &self,
        field: &str,
        named: Option<kinds::Side>,
        own: Option<domain::matching::Side>,
    ) -> Result<domain::matching::Side, Error> {
        use domain::matching::Side;
        let reported = self.beside.reported_by.as_ref();
        let reported = reported.and_then(|reported| match reported.party {
            Party::Mentee => Some(Side::Mentee),
            Party::Mentor => Some(Side::Mentor),
            _ => None,
        });
        named.map(Into::into).or(own).or(reported).ok_or_else(|| {
            field_error(
                Code::InvalidInput,
                field,
                format!("Say which side it is, in `{field}` or in `reportedBy`."),
            )
        })
    }

    /// Sends the command, if it is the caller's to give.
    pub async fn send(self, context: &Context<'_>, command: Command) -> Result<Answer, Error> {
        let reported_by = self.reported_by()?;
        self.view
            .authorise_command(&command, reported_by.as_ref())?;
        let trace = context.data_opt::<TraceContext>();
        let caller = self.view.caller();
        let request = Request {
            command_id: self.beside.command_id,
            command,
            actor: Actor {
                id: caller.actor,
                role: caller.role.as_str().into(),
            },
            happened_on: civil(self.beside.happened_on),
            reported_by,
            channel: self.beside.channel.map(Into::into),
            validate_only: self.beside.validate_only,
            correlation_id: None,
            traceparent: trace.and_then(|trace| trace.traceparent.clone()),
        };
        let services = services(context)?;
        if !request.validate_only
            && !services
                .recent_commands
                .admits(self.view.scheme_id(), &request)
        {
            return Err(field_error(
                Code::CommandIdReused,
                "commandId",
                "This commandId came before with another command. Choose a new one; only a repetition has the same.",
            ));
        }
        let platform = self.view.platform();
        let outcome = platform.execute(self.view.scheme_id(), request).await;
        match outcome.map_err(|found| failure(&found))? {
            Outcome::Accepted(accepted) => {
                let view = self.view.moved_on(accepted.snapshot);
                Ok(Answer {
                    version: view.version(),
                    rejection: None,
                    view,
                    events: accepted.events,
                })
            }
            Outcome::Rejected(refusal) => Ok(Answer {
                version: self.view.version_at(refusal.position),
                rejection: Some(Rejection {
                    code: refusal.code,
                    message: refusal.message,
                    field: refusal.field,
                    rule: refusal.rule.map(Into::into),
                }),
                view: self.view,
                events: Vec::new(),
            }),
        }
    }

    fn reported_by(&self) -> Result<Option<ReportedBy>, Error> {
        let Some(given) = &self.beside.reported_by else {
            return Ok(None);
        };
        let ids = self.view.ids();
        let person = ids.person_if_given("reportedBy.person", given.person.as_ref())?;
        Ok(Some(ReportedBy {
            party: given.party.into(),
            person,
        }))
    }
}

/// Writes the mutations of one feature: for each its input, its payload and its resolver.
///
/// `command` makes the domain's command of the input; `changed` finds the changed object when it was accepted.
macro_rules! mutations {
    (
        $root:ident;
        $(
            $(#[$doc:meta])*
            $name:literal $method:ident
            $(#[$input_doc:meta])*
            input $input:ident { $($(#[$field_doc:meta])* $field:ident: $field_type:ty,)* }
            $(#[$payload_doc:meta])*
            payload $payload:ident { $(#[$object_doc:meta])* $object:ident: $object_type:ty }
            command($given:ident, $asked:ident) { $($build:tt)* }
            changed($answer:ident, $command:ident) { $($changed:tt)* }
        )+
    ) => {
        /// The mutations of one feature.
        #[derive(Default)]
        pub struct $root;

        $(
            $(#[$input_doc])*
            #[derive(Debug, Clone, async_graphql::InputObject)]
            pub struct $input {
                /// What comes beside every command.
                #[graphql(flatten)]
                pub beside: crate::graphql::command::Beside,
                $($(#[$field_doc])* pub $field: $field_type,)*
            }

            $(#[$payload_doc])*
            #[derive(async_graphql::SimpleObject)]
            pub struct $payload {
                /// The version of the scheme that holds the change, or in which it was refused. Give it as `atLeast` to read your own change.
                pub version: crate::graphql::scalars::Version,
                /// The rules' "no"; null when the command was accepted.
                pub rejection: Option<crate::graphql::command::Rejection>,
                $(#[$object_doc])*
                pub $object: Option<$object_type>,
            }
        )+

        #[async_graphql::Object]
        impl $root {
            $(
                $(#[$doc])*
                async fn $method(
                    &self,
                    context: &async_graphql::Context<'_>,
                    #[graphql(desc = "What the command needs, and what comes beside every command.")]
                    input: $input,
                ) -> Option<async_graphql::Result<$payload>> {
                    const KIND: domain::CommandKind =
                        domain::CommandKind::ALL[domain::CommandKind::place_of($name)];
                    let answered = async {
                        let asked = crate::graphql::command::Submission::begin(context, KIND, &input.beside).await?;
                        let command = {
                            let ($given, $asked) = (&input, &asked);
                            $($build)*
                        };
                        let answer = asked.send(context, command.clone().into()).await?;
                        let changed = match answer.rejection {
                            None => {
                                let ($answer, $command) = (&answer, &command);
                                $($changed)*
                            }
                            Some(_) => None,
                        };
                        Ok($payload {
                            version: answer.version,
                            rejection: answer.rejection,
                            $object: changed,
                        })
                    };
                    Some(answered.await)
                }
            )+
        }
    };
}

pub(super) use mutations;
