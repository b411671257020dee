//! What happens to the list of access.

use super::Role;
use crate::{
    event::Payload,
    identifiers::{EmployerId, PersonId},
    sealed::{Content, Sealed},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
