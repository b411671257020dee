//! What an administrator may wish about access.

use super::{Role, event::Standing};
use uuid::Uuid;

/// Lets somebody in, in one role. Somebody may be let in in several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantAccess {
    /// Whom: the actor that their token stands for.
    pub holder: Uuid,
    /// As what.
    pub role: Role,
    /// Which person or employer that is, where the role is somebody's.
    pub standing: Standing,
}

/// Shuts somebody out of one role, also where a token or the settings let them in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeAccess {
    /// Whom: the actor that their token stands for.
    pub holder: Uuid,
    /// Of what.
    pub role: Role,
}
