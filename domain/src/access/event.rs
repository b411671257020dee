//! What happens to the list of access.

use crate::{
    event::Payload,
    identifiers::{EmployerId, PersonId},
    sealed::{Content, Sealed},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

/// Which person or employer of the scheme somebody is, where their role is somebody's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// The person they are.
    pub person: Option<PersonId>,
    /// The employer they speak for.
    pub employer: Option<EmployerId>,
}

impl Content for Standing {
    const VERSION: u16 = 1;
}

/// Somebody was let in, in a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccessGranted {
    /// The actor that their token stands for.
    pub holder: Uuid,
    /// As what.
    pub role: Role,
    /// Which person or employer that is: under the key of that person, or of the holder where they are nobody of the scheme.
    pub standing: Sealed<Standing>,
}

impl Payload for AccessGranted {
    fn subjects(&self) -> Vec<Uuid> {
        let of = self.standing.subject().0;
        if of == self.holder {
            vec![self.holder]
        } else {
            vec![self.holder, of]
        }
    }
}

/// Somebody was shut out of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessRevoked {
    /// The actor that their token stands for.
    pub holder: Uuid,
    /// Of what.
    pub role: Role,
}

impl Payload for AccessRevoked {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.holder]
    }
}
