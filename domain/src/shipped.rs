//! The documents this project ships, so that a scheme can be opened with nothing else at hand.

use crate::{calendar::Calendar, policy::Policy, register::Register};
use serde::de::DeserializeOwned;

/// The versions of the policies that are shipped.
pub const POLICIES: &[&str] = &["mentor-plus-2017", "newly-appointed-directors-2026"];

/// The policy shipped under this version.
#[must_use]
pub fn policy(version: &str) -> Option<Policy> {
    let text = match version {
        "mentor-plus-2017" => include_str!("../data/policies/mentor-plus-2017.json"),
        "newly-appointed-directors-2026" => {
            include_str!("../data/policies/newly-appointed-directors-2026.json")
        }
        _ => return None,
    };
    Some(shipped(text))
}

/// The register of English employers.
#[must_use]
pub fn register() -> Register {
    shipped(include_str!("../data/register.json"))
}

/// The bank holidays of England and Wales.
#[must_use]
pub fn calendar() -> Calendar {
    shipped(include_str!("../data/bank-holidays.json"))
}

#[expect(
    clippy::expect_used,
    reason = "the documents are part of the program, and a test reads every one of them"
)]
fn shipped<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("a shipped document has its shape")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::EmployerKind;

    #[test]
    fn every_shipped_document_is_sound() {
        for version in POLICIES {
            let policy = policy(version).expect("listed");
            assert_eq!(&policy.version, version);
            assert_eq!(policy.check(), Ok(()));
        }
        assert_eq!(register().check(), Ok(()));
        assert_eq!(calendar().check(), Ok(()));
    }

    #[test]
    fn the_register_holds_the_153_authorities_and_the_eight_that_are_gone() {
        let register = register();
        let councils = register
            .employers
            .iter()
            .filter(|employer| employer.kind == EmployerKind::Council);
        let (gone, current): (Vec<_>, Vec<_>) =
            councils.partition(|council| council.abolished_on.is_some());
        assert_eq!((current.len(), gone.len()), (153, 8));
        assert!(gone.iter().all(|council| !council.successors.is_empty()));
    }
}
