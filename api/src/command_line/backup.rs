//! `alongside backup`: a copy of a data directory, taken and proved beside the running service.

use super::{Failed, Place, written_now};
use crate::dispatch::System;
use clap::Args;
use event_log::{
    Embedded, Options,
    backup::{self, SchemeCopy, Taken, TakenScheme},
};
use serde_json::{Value, json};
use std::{path::PathBuf, sync::Arc};

/// Copies a data directory.
#[derive(Debug, Args)]
pub struct Backup {
    /// Where the backup goes: a directory of its own. What an earlier one there has is not copied again.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Prints one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Backup {
    pub fn run(self) -> Result<(), Failed> {
        let data = self.place.directory()?;
        let store = Embedded::open_read_only(&data, Options::new(Arc::new(System)))?;
        let taken = backup::take(&store, &self.to, &written_now())?;
        if self.json {
            println!("{}", self.machine(&taken));
        } else {
            self.print(&taken);
        }
        let mut needed: Vec<String> = each(&taken)
            .filter_map(|(copy, _)| copy.master_key.as_ref())
            .map(ToString::to_string)
            .collect();
        needed.sort_unstable();
        needed.dedup();
        eprintln!(
            "The backup holds no secret key. Keep the master key ({}) and {} apart from it and from the data, or it opens nothing.",
            if needed.is_empty() {
                "alongside keys show".to_owned()
            } else {
                needed.join(", ")
            },
            data.join("keys/token.key").display(),
        );
        eprintln!(
            "A restore needs the list of erasures as it is then. Keep it apart too, anew after each erasure: alongside erasures --data {} --to FILE",
            data.display()
        );
        Ok(())
    }

    fn machine(&self, taken: &Taken) -> Value {
        let schemes: Vec<Value> = each(taken)
            .map(|(copy, effort)| {
                json!({
                    "scheme": copy.scheme,
                    "head": copy.head,
                    "root": copy.root,
                    "chain": copy.chain,
                    "erased": copy.erased.len(),
                    "masterKey": copy.master_key,
                    "segmentsCopied": effort.segments.copied,
                    "segmentsKept": effort.segments.kept,
                    "bytesCopied": effort.bytes.copied,
                    "bytesKept": effort.bytes.kept,
                })
            })
            .collect();
        json!({ "directory": self.to, "takenAt": taken.manifest.taken_at, "schemes": schemes })
    }

    fn print(&self, taken: &Taken) {
        for (copy, effort) in each(taken) {
            println!(
                "{}: backed up to position {}; root {}",
                copy.scheme, copy.head, copy.root
            );
            println!(
                "  segments: {} copied, {} as they were; bytes: {} copied, {} as they were; erased persons: {}",
                effort.segments.copied,
                effort.segments.kept,
                effort.bytes.copied,
                effort.bytes.kept,
                copy.erased.len(),
            );
        }
        println!(
            "{} holds the state of {}, read back and proved.",
            self.to.display(),
            taken.manifest.taken_at
        );
    }
}

fn each(taken: &Taken) -> impl Iterator<Item = (&SchemeCopy, &TakenScheme)> {
    taken.manifest.schemes.iter().zip(&taken.schemes)
}
