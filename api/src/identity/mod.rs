//! Who is asking, and what a role may ask for.
//!
//! ```text
//! bearer token ─▶ local key or issuer's key ─▶ holder ─▶ one role, by settings, claims or the scheme's list ─▶ caller
//! ```
//!
//! [`bearers`] is the one door: [`token`] verifies what the data directory's own key signed, [`issuers`] what an identity
//! provider did. [`access`] holds the matrix that says what each role may do, and [`standing`] finds out how a caller
//! stands to what they ask for. There is deliberately no session, no cookie and no password here: a caller is a role, the
//! identifiers that bound it, and an opaque actor for the history. The token's own text goes no further than here.

pub mod access;
pub mod bearers;
mod holder;
pub mod issuers;
pub mod key;
mod remembered;
#[cfg(test)]
mod served;
pub mod standing;
pub mod token;

pub use domain::access::{Role, UnknownRole};
pub use holder::{HeldRole, Holder, NoCaller, Wanted};
pub use remembered::TOKEN_BYTES_MAX;

use jiff::Timestamp;
use projections::Snapshot;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Whoever holds a valid token, reduced to what decisions need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Stands for the holder in the history. Derived by a keyed hash, so the history leads back to nobody.
    pub actor: Uuid,
    /// What the holder is.
    pub role: Role,
    /// The one scheme the token is for; any, if absent.
    pub scheme: Option<String>,
    /// The person the holder is, where the role acts for itself.
    pub person: Option<Uuid>,
    /// The employer the holder speaks for.
    pub employer: Option<String>,
    /// From this instant on the token is worth nothing.
    pub expires_at: Timestamp,
    /// Whether they are what they are by the scheme's own list of access, and no longer than they stand on it.
    pub by_list: bool,
}

impl Caller {
    /// Stands for the whole of the caller: two callers who differ in anything at all have different ones.
    ///
    /// This is what keeps an answer that was rendered for one from being given to another. Every field is named, so that
    /// a new one does not compile until somebody has thought of it here.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let Self {
            actor,
            role,
            scheme,
            person,
            employer,
            expires_at,
            by_list,
        } = self;
        let mut digest = Sha256::new();
        let mut part = |value: Option<&[u8]>| {
            // Absent and empty differ, and no value runs into the next.
            digest.update([u8::from(value.is_some())]);
            let value = value.unwrap_or_default();
            digest.update((value.len() as u64).to_be_bytes());
            digest.update(value);
        };
        part(Some(actor.as_bytes()));
        part(Some(role.as_str().as_bytes()));
        part(scheme.as_deref().map(str::as_bytes));
        part(person.as_ref().map(|person| person.as_bytes().as_slice()));
        part(employer.as_deref().map(str::as_bytes));
        part(Some(&expires_at.as_nanosecond().to_be_bytes()));
        part(Some(&[u8::from(*by_list)]));
        digest.finalize().into()
    }

    /// Whether the token reaches this scheme at all.
    #[must_use]
    pub fn may_enter(&self, scheme: &str) -> bool {
        self.scheme.as_deref().is_none_or(|own| own == scheme)
    }

    /// Whether they had been shut out of the scheme in an earlier state. Who was not let in yet was not: whom the list lets
    /// in now it lets look back.
    #[must_use]
    pub fn was_shut_out_of(&self, then: &Snapshot) -> bool {
        let entry = then.scheme.access.of(self.actor, self.role);
        entry.is_some_and(|entry| !entry.granted)
    }

    /// Whether the scheme's own list of access lets them stay: whoever was taken off it is out at once, whatever their
    /// token says, and whoever is in by it alone must still stand on it as the very same.
    #[must_use]
    pub fn is_let_in_by(&self, snapshot: &Snapshot) -> bool {
        let (role, listed) = (self.role, &snapshot.scheme.access);
        match listed.of(self.actor, role) {
            Some(entry) if !entry.granted => false,
            Some(_) if self.by_list => {
                snapshot
                    .particulars
                    .standing(self.actor, role)
                    .is_some_and(|standing| {
                        standing.person.map(|person| person.0) == self.person
                            && standing.employer.as_ref().map(|code| &code.0)
                                == self.employer.as_ref()
                    })
            }
            None => !self.by_list,
            Some(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_named_alike_everywhere() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(
                serde_json::to_value(role).unwrap(),
                serde_json::json!(role.as_str())
            );
        }
        assert!("director".parse::<Role>().is_err());
    }

    #[test]
    fn callers_who_differ_in_anything_have_different_fingerprints() {
        let caller = Caller {
            actor: Uuid::from_u128(1),
            role: Role::Coordinator,
            scheme: None,
            person: None,
            employer: None,
            expires_at: Timestamp::UNIX_EPOCH,
            by_list: false,
        };
        let with = |change: &dyn Fn(&mut Caller)| {
            let mut changed = caller.clone();
            change(&mut changed);
            changed.fingerprint()
        };
        let mut all = vec![caller.fingerprint()];
        all.extend(
            Role::ALL
                .into_iter()
                .skip(1)
                .map(|role| with(&|caller| caller.role = role)),
        );
        all.push(with(&|caller| caller.actor = Uuid::from_u128(2)));
        all.push(with(&|caller| caller.scheme = Some(String::new())));
        all.push(with(&|caller| caller.scheme = Some("a".to_owned())));
        all.push(with(&|caller| caller.person = Some(Uuid::nil())));
        all.push(with(&|caller| caller.employer = Some("a".to_owned())));
        all.push(with(&|caller| caller.expires_at = Timestamp::MAX));
        all.push(with(&|caller| caller.by_list = true));
        let different: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        assert_eq!(with(&|_| ()), caller.fingerprint());
    }
}
