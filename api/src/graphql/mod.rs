//! The GraphQL API: one file a feature, merged into three roots.
//!
//! ```text
//! input ─▶ ids and access ─▶ command or view ─▶ dispatcher ─▶ payload or object
//! ```
//!
//! Every object holds a `view::View`: one state of one scheme as one caller sees it. Who may do and see what is
//! decided in `access` and nowhere else. There is deliberately no rule of a scheme here, no storage and no clock
//! but the one tokens expire by. The `///` comments on types and fields are published with the schema: write them
//! for somebody who knows nothing else.

mod access;
mod access_list;
mod adoption;
mod answering;
mod appointment;
mod arrangement;
mod audit_entry;
mod audit_filter;
mod audit_record;
mod audit_trail;
mod brought_forward;
mod choice;
mod closing;
mod command;
mod concern;
mod connection;
mod consent;
mod dashboard;
mod development;
mod difference;
mod door;
mod entitlement;
mod erasure;
mod error;
mod evaluation;
mod explain;
mod first_time_directors;
pub(crate) mod global_id;
mod history;
mod induction_day;
mod kinds;
mod live;
mod log;
mod matching;
mod measures;
mod mentor;
mod mentoring;
mod moment;
mod needs;
mod node;
mod oversight;
mod own_notes;
mod pairing;
mod pen_portrait;
mod periods;
mod personal;
mod posts;
mod preferences;
mod recent_commands;
mod recruitment;
mod refused_bursts;
mod register;
mod scalars;
mod scheme;
mod sensitive_reads;
mod support;
mod third_person;
mod view;
mod viewer;
mod what_if;
pub(crate) mod work_list;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod story;

pub use answering::Schema;
pub use door::Door;
pub use error::Code;
pub use view::{OperationStates, Services, TraceContext};

use crate::{http::graphql::harden, identity::Caller};
use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions, SchemaBuilder};

/// The schema itself. What it answers leaves by way of [`Schema`].
type Roots = async_graphql::Schema<Query, Mutation, Subscription>;

/// What can be asked.
#[derive(Default, MergedObject)]
pub struct Query(
    viewer::ViewerQuery,
    node::NodeQuery,
    explain::ExplainQuery,
    refused_bursts::RefusedBurstsQuery,
);

/// What can be done: each mutation is one command, judged by the rules of the scheme. A rule's "no" is the `rejection`
/// of the answer; an error means that the command could not be judged.
#[derive(Default, MergedObject)]
pub struct Mutation(OfScheme, OfMentors, OfMentees, OfPairings);

// Grouped, because what is merged is nested one in the other, and the compiler follows only so deep.

/// The rules of the scheme, the employers, what was before, and who is let in.
#[derive(Default, MergedObject)]
struct OfScheme(
    adoption::AdoptionMutations,
    appointment::AppointmentMutations,
    posts::PostMutations,
    brought_forward::BroughtForwardMutations,
    periods::PeriodMutations,
    access_list::AccessMutations,
    erasure::ErasureMutations,
);

/// Those who mentor.
#[derive(Default, MergedObject)]
struct OfMentors(
    mentor::MentorMutations,
    mentor::PresenceMutations,
    recruitment::RecruitmentMutations,
);

/// Those who are mentored, up to a pairing.
#[derive(Default, MergedObject)]
struct OfMentees(
    mentoring::MentoringMutations,
    support::SupportMutations,
    needs::NeedsMutations,
    induction_day::InductionDayMutations,
    development::DevelopmentMutations,
    choice::ChoiceMutations,
    matching::MatchingMutations,
    work_list::WorkListMutations,
);

/// Those who work together.
#[derive(Default, MergedObject)]
struct OfPairings(
    pairing::PairingMutations,
    pairing::SessionMutations,
    pairing::CorrectionMutations,
    pairing::LifeMutations,
    arrangement::ArrangementMutations,
    oversight::OversightMutations,
    own_notes::OwnNotesMutations,
    concern::ConcernMutations,
    third_person::ThirdPersonMutations,
    consent::ConsentMutations,
    closing::ClosingMutations,
    evaluation::EvaluationMutations,
);

/// What can be followed. A subscription ends when the token expires.
#[derive(Default, MergedSubscription)]
pub struct Subscription(
    dashboard::DashboardSubscription,
    audit_trail::AuditTrailSubscription,
);

/// The schema over these services. Each request must be equipped with [`equip`].
#[must_use]
pub fn schema(services: Services) -> Schema {
    Schema::new(|services| builder().data(services).finish(), services)
}

/// The schema as text, sorted, so that the same schema is always the same text.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items();
    builder().finish().sdl_with_options(options)
}

/// Adds to a request what resolvers need of it: who asks, in which trace, and room for the states it reads.
#[must_use]
pub fn equip(
    request: async_graphql::Request,
    caller: Caller,
    trace: TraceContext,
) -> (async_graphql::Request, OperationStates) {
    let states = OperationStates::default();
    let request = request.data(caller).data(trace).data(states.clone());
    (request, states)
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    harden(Roots::build(
        Query::default(),
        Mutation::default(),
        Subscription::default(),
    ))
}
