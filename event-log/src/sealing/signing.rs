//! The seeds with which a log signs its checkpoints: kept in the keyring like every other secret.
//!
//! So they are made and synced before anything is signed, wrapped under the master key and anew with it, copied by a backup
//! without being readable there, and destroyed like a person's key. Their subject is the log itself, and their purpose
//! carries their number; nothing is ever sealed with one.

use std::sync::PoisonError;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::{SealError, Vault};

/// The log, as the subject of a key. No person has this identifier: theirs are random or derived, of versions 4, 5 and 7.
const LOG: Uuid = Uuid::from_u128(0x616c_6f6e_6773_8964_a520_6c6f_6720_6b65);
const PURPOSE: &str = "checkpoints ";

/// The number of a seed, and the seed.
pub(crate) type Seed = (u32, Zeroizing<[u8; 32]>);

impl Vault {
    /// All seeds that are not destroyed with their numbers, rising. The last is the one that counts.
    pub(crate) fn signing_seeds(&self) -> Result<Vec<Seed>, SealError> {
        let mut keys: Vec<(u32, Uuid)> = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            let found = keys.purposes_of(LOG).into_iter();
            found
                .filter_map(|(purpose, key)| Some((number(&purpose)?, key)))
                .collect()
        };
        keys.sort_unstable();
        let mut seeds = Vec::with_capacity(keys.len());
        for (number, key) in keys {
            let (_, seed) = self.secret(key, None)?.ok_or(SealError::Missing { key })?;
            seeds.push((number, seed));
        }
        Ok(seeds)
    }

    /// Makes the next seed and syncs it.
    pub(crate) fn make_signing_seed(&self) -> Result<(), SealError> {
        let last = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            let there = keys
                .purposes_of(LOG)
                .into_iter()
                .map(|(purpose, _)| purpose);
            let all = there.chain(keys.destroyed_purposes_of(LOG));
            all.filter_map(|purpose| number(&purpose)).max()
        };
        let next = last.unwrap_or(0).saturating_add(1);
        self.ensure_keys_for(&format!("{PURPOSE}{next}"), &[LOG])?;
        Ok(())
    }

    /// Destroys the seed of this number for ever: nothing can be signed with it again.
    pub(crate) fn destroy_signing_seed(&self, number: u32) -> Result<(), SealError> {
        self.destroy(LOG, &format!("{PURPOSE}{number}"))
    }
}

fn number(purpose: &str) -> Option<u32> {
    purpose.strip_prefix(PURPOSE)?.parse().ok()
}
