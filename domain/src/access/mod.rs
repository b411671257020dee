//! The scheme's own list of access: whom its administrator let in, as what, and whom they shut out.
//!
//! ```text
//!              grant                 revoke
//! not listed ─────────▶ let in ◀──────────────▶ shut out ◀── revoke ── not listed
//! ```
//!
//! A holder is the opaque actor that the edge makes of issuer and subject, and nothing here knows either. Whoever is shut
//! out stays out whatever a token or the settings say; whoever is not listed is as the token and the settings say. Who a
//! holder is stands sealed, under the key of that person, so forgetting somebody ends their access too. There is
//! deliberately no rule about who may grant: the access matrix says that.

mod command;
mod decide;
mod event;
mod role;
mod state;
#[cfg(test)]
mod tests;

pub use command::{GrantAccess, RevokeAccess};
pub(crate) use decide::{grant, revoke};
pub use event::{AccessGranted, AccessRevoked, Standing};
pub use role::{Role, UnknownRole};
pub use state::{Access, Entry};
