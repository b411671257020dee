//! What whoever asked is told: a rule's "no" with the rule it rests on, or a failure reduced to what they may know.

use super::{Failure, Refusal};
use domain::{Context, Rejection, rejection::Ground};
use event_log::{SchemeId, StoreError};
use projections::Snapshot;
use uuid::Uuid;

/// A rule's "no", with the rule of the policy in force that it rests on.
pub fn refusal(state: &Snapshot, rejection: &Rejection, context: &Context) -> Refusal {
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

/// The "no" to a command that would record something about somebody forgotten.
pub fn erased(person: Uuid, position: u64) -> Refusal {
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
