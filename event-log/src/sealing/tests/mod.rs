//! Sealed values stay where they were put, and what is erased stays erased.

mod erasing;
mod keyring;
mod values;

use std::path::PathBuf;
use std::sync::Arc;

use uuid::Uuid;

use super::{MasterKey, MasterKeys, Opened, SealError, Vault};
use crate::disk::{Disk, RealDisk};
use crate::record::{Place, SchemeId, SealedValue};
use crate::testing::{Counting, scheme};

const ADA: Uuid = Uuid::from_u128(0xada);
const BEN: Uuid = Uuid::from_u128(0xbe);
const EVENT: Uuid = Uuid::from_u128(0xe);

struct Ring {
    directory: tempfile::TempDir,
    entropy: Arc<Counting>,
    master: Arc<MasterKey>,
    scheme: SchemeId,
}

impl Ring {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let entropy = Arc::new(Counting::default());
        let master =
            Arc::new(MasterKey::create(&directory.path().join("master.key"), &*entropy).unwrap());
        let ring = Self {
            directory,
            entropy,
            master,
            scheme: scheme("trial"),
        };
        Vault::create(&RealDisk, &ring.folder(), &ring.scheme).unwrap();
        ring
    }

    fn folder(&self) -> PathBuf {
        self.directory.path().join("keyring")
    }

    fn open(&self) -> Vault {
        self.try_open(Arc::new(RealDisk)).unwrap()
    }

    fn try_open(&self, disk: Arc<dyn Disk>) -> Result<Vault, SealError> {
        self.open_on(disk, &MasterKeys::one(Arc::clone(&self.master)))
    }

    fn open_with(&self, masters: &MasterKeys) -> Result<Vault, SealError> {
        self.open_on(Arc::new(RealDisk), masters)
    }

    fn open_on(&self, disk: Arc<dyn Disk>, masters: &MasterKeys) -> Result<Vault, SealError> {
        Vault::open(
            disk,
            &self.folder(),
            &self.scheme,
            masters,
            Arc::<Counting>::clone(&self.entropy),
        )
    }

    fn place(&self) -> Place<'_> {
        Place {
            scheme: &self.scheme,
            event: EVENT,
            kind: "thing.happened",
            version: 1,
        }
    }

    fn seal(&self, vault: &Vault, subject: Uuid) -> SealedValue {
        let key = vault.ensure_key(subject).unwrap();
        vault
            .seal(&self.place(), "/name", key, 1, b"Ada Lovelace")
            .unwrap()
    }

    fn seal_for(&self, vault: &Vault, subject: Uuid, purpose: &str) -> SealedValue {
        let keys = vault.ensure_keys_for(purpose, &[subject]).unwrap();
        vault
            .seal(&self.place(), "/name", keys[0], 1, b"Ada Lovelace")
            .unwrap()
    }

    fn opens(&self, vault: &Vault, value: &SealedValue) -> Option<bool> {
        match vault.open_value(&self.place(), value) {
            Ok(Opened::Plain(plain)) => Some(*plain == b"Ada Lovelace"),
            Ok(Opened::Erased) => None,
            Err(error) => panic!("{error:?}"),
        }
    }

    fn files(&self) -> Vec<String> {
        RealDisk.list(&self.folder()).unwrap()
    }
}
