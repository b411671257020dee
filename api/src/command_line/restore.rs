//! `alongside restore`: a data directory made from a backup, without those who have been erased since.

use super::{Failed, Place};
use crate::{dispatch::System, identity::key::TokenKey};
use clap::Args;
use event_log::{
    MasterKeySource, Options,
    backup::{self, Erasures, Restored},
    disk::RealDisk,
};
use serde_json::{Value, json};
use std::{io, path::PathBuf, sync::Arc};

/// Restores a backup into a new data directory.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The current list of erasures, from `alongside erasures`. Without it nothing is restored.
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
    /// The key that signed the service's tokens (`keys/token.key`). Without it all tokens end, and a delivery repeated
    /// under its old Idempotency-Key is taken for a new one.
    #[arg(long, value_name = "FILE")]
    token_key: Option<PathBuf>,
    /// Prints one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Restore {
    pub fn run(self) -> Result<(), Failed> {
        let Some(list) = &self.erasures else {
            return Err("a restore needs the current list of erasures, or it would bring back people who have been erased; give it with --erasures FILE (it is made by: alongside erasures --to FILE)".into());
        };
        let keys = self.place.master_keys()?;
        if matches!(keys.current, MasterKeySource::Beside) {
            return Err("a restore needs the master key of the service that was backed up; give it with --master-key FILE".into());
        }
        let to = self.place.directory()?;
        let list = Erasures::read(&RealDisk, list)?;
        let token_key = self.token_key.as_deref().map(TokenKey::read).transpose()?;
        let file = match &keys.current {
            MasterKeySource::File(file) => format!(" --master-key {}", file.display()),
            MasterKeySource::Beside | MasterKeySource::Given(_) => String::new(),
        };
        let options = keys.apply(Options::new(Arc::new(System)));
        let restored = backup::restore(&self.from, &to, &list, options, &mut |directory| {
            let installed = token_key.as_ref().map(|key| key.install(directory));
            installed.transpose().map_err(io::Error::other)?;
            Ok(())
        })?;
        if self.json {
            println!("{}", machine(&restored, &list));
        } else {
            print(&restored);
        }
        eprintln!(
            "The backup is of {}, the list of erasures of {}. Whoever was erased after that is not on it.",
            restored.taken_at, list.made_at
        );
        if self.token_key.is_none() {
            eprintln!(
                "Without --token-key all tokens have ended, and a delivery repeated under its old Idempotency-Key is taken for a new one."
            );
        }
        eprintln!(
            "Serve it with: alongside serve --data {}{file}",
            to.display()
        );
        Ok(())
    }
}

fn machine(restored: &Restored, list: &Erasures) -> Value {
    let schemes: Vec<Value> = restored
        .schemes
        .iter()
        .map(|scheme| {
            json!({
                "scheme": scheme.scheme,
                "head": scheme.head,
                "root": scheme.root,
                "rootInManifest": scheme.root_in_manifest,
                "erasedBefore": scheme.erased_before,
                "erasedNow": scheme.erased_now,
                "erasedWithoutKey": scheme.erased_without_key,
            })
        })
        .collect();
    json!({ "takenAt": restored.taken_at, "erasuresMadeAt": list.made_at, "schemes": schemes })
}

fn print(restored: &Restored) {
    for scheme in &restored.schemes {
        println!("{}: restored to position {}", scheme.scheme, scheme.head);
        println!("  root in the manifest  {}", scheme.root_in_manifest);
        println!("  root read back        {}", scheme.root);
        println!(
            "  erased persons: {} in the backup already, {} erased now, {} of whom the backup has no key",
            scheme.erased_before, scheme.erased_now, scheme.erased_without_key
        );
    }
}
