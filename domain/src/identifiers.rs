//! Names for things: opaque, typed, and derived from the command that made them.
//!
//! An identifier is the name-based UUID (RFC 9562, version 5) of the command's own identifier and a
//! label, so a command that is repeated names the same things again, and a history made twice from the
//! same commands is the same history.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl From<$name> for Uuid {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }
    )+};
}

identifiers! {
    /// A person, whatever part they play. Opaque: it tells nothing of name or employer.
    PersonId,
    /// One notice that somebody takes up a post.
    AppointmentId,
    /// A person in a post, or who held it.
    HoldingId,
    /// One mentor offered to one mentee.
    MatchId,
    /// Mentors and mentees who have agreed to work together.
    PairingId,
    /// A time in which directors are invited to mentor.
    CampaignId,
    /// A seminar in which mentors are inducted.
    SeminarId,
    /// An induction day of the department for new directors.
    InductionDayId,
    /// A mentee's analysis of their needs, with all its versions.
    NeedsAnalysisId,
    /// A profile of a mentee's needs, as the coordinator wrote it.
    NeedsProfileId,
    /// A concern that a mentor referred.
    ConcernId,
    /// A third person whom a pair brings in.
    ThirdPersonId,
    /// A consent that somebody gave.
    ConsentId,
    /// An opportunity for development.
    OpportunityId,
    /// A session that a pair arranged.
    ArrangedSessionId,
}

/// An employer's code in the scheme's register: an ONS code for a council, a slug for a trust.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct EmployerId(pub String);

impl std::fmt::Display for EmployerId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

impl From<&str> for EmployerId {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

/// The identifier a command gives to the thing called `label` that it makes in `scheme`.
#[must_use]
pub fn derive(scheme: &str, command: Uuid, label: &str) -> Uuid {
    let in_scheme = Uuid::new_v5(&command, scheme.as_bytes());
    Uuid::new_v5(&in_scheme, label.as_bytes())
}
