//! A digest of a folded state, by which two replays of one history can be held against each other.

use crate::Snapshot;
use sha2::{Digest as _, Sha256};

impl Snapshot {
    /// SHA-256 of the canonical JSON (RFC 8785) of scheme, board and ledger.
    ///
    /// Nothing of it was ever sealed, so forgetting somebody changes no digest of an earlier position. It is the same for
    /// the same history folded by the same version of this code, on any machine; what was recorded is proved by the root of
    /// the log and not by this. An error means that the state cannot be written as JSON.
    pub fn digest(&self) -> Result<[u8; 32], serde_json::Error> {
        let folded = (&self.scheme, &self.board, &self.ledger);
        let canonical = serde_json_canonicalizer::to_vec(&folded)?;
        Ok(Sha256::digest(canonical).into())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Office;
    use domain::{
        access::{GrantAccess, Role, Standing},
        identifiers::PersonId,
        mentor::{Experience, InviteMentor, MentorStatus, PersonDetails},
    };
    use uuid::Uuid;

    fn office(name: &str) -> Office {
        let mut office = Office::open();
        for _ in 0..20 {
            office.tell(InviteMentor {
                person: None,
                details: PersonDetails {
                    name: Some(name.to_owned()),
                    ..PersonDetails::default()
                },
                employer: None,
                experience: Experience {
                    status: MentorStatus::Serving,
                    retired_on: None,
                    years_in_post: Some(5),
                },
            });
        }
        let mentor: PersonId = office.made("person");
        office.tell(GrantAccess {
            holder: Uuid::from_u128(7),
            role: Role::Mentor,
            standing: Standing {
                person: Some(mentor),
                employer: None,
            },
        });
        office
    }

    #[test]
    fn the_same_history_has_the_same_digest_whatever_is_sealed_and_another_has_another() {
        let digest = |office: &Office| office.snapshot.digest().expect("it is JSON");
        let (ada, ben) = (office("Ada"), office("Ben"));
        assert_ne!(ada.snapshot, ben.snapshot);
        assert_eq!(digest(&ada), digest(&ben));
        assert_eq!(digest(&ada), digest(&ada));
        assert_ne!(digest(&ada), digest(&Office::open()));
    }
}
