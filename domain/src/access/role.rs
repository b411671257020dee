//! What somebody is to a scheme. The edge knows people by it, the access matrix grants by it, and the list of access gives it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What somebody may be let in as. The names are those of the access matrix.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs a scheme, or stands in for the one who does.
    Coordinator,
    /// Mentors others.
    Mentor,
    /// Is mentored.
    Mentee,
    /// An employer's personnel system.
    Employer,
    /// A line manager who answers surveys.
    Manager,
    /// Leads the meetings of a group.
    Facilitator,
    /// Steers the programme of which a scheme is part.
    ProjectManager,
    /// Pays for a scheme and sees its figures.
    Commissioner,
    /// Replays the history and checks that nobody altered it.
    Auditor,
    /// Keeps policy and keys.
    Administrator,
    /// Checks what the notices of one employer came to.
    EmployerAuditor,
}

impl Role {
    /// Every role, in the order in which they are declared.
    pub const ALL: [Self; 11] = [
        Self::Coordinator,
        Self::Mentor,
        Self::Mentee,
        Self::Employer,
        Self::Manager,
        Self::Facilitator,
        Self::ProjectManager,
        Self::Commissioner,
        Self::Auditor,
        Self::Administrator,
        Self::EmployerAuditor,
    ];

    /// The name as it stands in tokens, in the access matrix and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Coordinator => "coordinator",
            Self::Mentor => "mentor",
            Self::Mentee => "mentee",
            Self::Employer => "employer",
            Self::Manager => "manager",
            Self::Facilitator => "facilitator",
            Self::ProjectManager => "project-manager",
            Self::Commissioner => "commissioner",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
            Self::EmployerAuditor => "employer-auditor",
        }
    }

    /// The same for a token that names an employer, or none: an auditor's then reaches that employer's notices alone.
    #[must_use]
    pub const fn bounded_by(self, employer: Option<&str>) -> Self {
        match (self, employer) {
            (Self::Auditor, Some(_)) => Self::EmployerAuditor,
            (role, _) => role,
        }
    }

    /// The role of that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        Self::from_name(name).ok_or_else(|| UnknownRole(name.to_owned()))
    }
}

/// A name that is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a role")]
pub struct UnknownRole(String);
