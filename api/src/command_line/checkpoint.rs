//! `alongside checkpoint`: the last signed checkpoint of a scheme, to be sent to whoever keeps it. Beside the service.

use super::{Failed, Place};
use crate::dispatch::System;
use clap::Args;
use event_log::{Embedded, Options};
use serde_json::json;
use std::sync::Arc;

/// Prints the last signed checkpoint of a scheme.
#[derive(Debug, Args)]
pub struct Checkpoint {
    /// The scheme.
    #[arg(long, value_name = "ID")]
    scheme: String,
    /// Prints the one of this many records instead, if one was signed.
    #[arg(long, value_name = "RECORDS")]
    size: Option<u64>,
    /// Prints the keys instead that checkpoints are verified with, the one that signs now last.
    #[arg(long, conflicts_with = "size")]
    keys: bool,
    /// Prints one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Checkpoint {
    pub fn run(self) -> Result<(), Failed> {
        let scheme = self.place.scheme(&self.scheme)?;
        let options = Options::new(Arc::new(System));
        let store = Embedded::open_read_only(self.place.directory()?, options)?;
        if self.keys {
            let keys = store.log_keys(&scheme)?;
            if self.json {
                let keys = keys
                    .iter()
                    .map(|known| json!({ "key": known.key.to_string(), "since": known.since }));
                let keys: Vec<_> = keys.collect();
                println!("{}", json!({ "scheme": scheme, "keys": keys }));
            } else {
                for known in keys {
                    println!("{}", known.key);
                }
            }
            return Ok(());
        }
        let mut kept = store.checkpoints(&scheme)?;
        if let Some(size) = self.size {
            kept.retain(|signed| signed.checkpoint().size == size);
        }
        let Some(signed) = kept.pop() else {
            return Err(format!(
                "{scheme}: no such checkpoint is kept. One is signed when the service stops, after every 1000 events, and \
                 whenever somebody asks for /v1/schemes/{scheme}/log/checkpoint"
            )
            .into());
        };
        let of = signed.checkpoint();
        if self.json {
            let said = json!({
                "scheme": scheme, "origin": of.origin, "size": of.size, "root": of.root, "note": signed.to_string(),
            });
            println!("{said}");
        } else {
            print!("{signed}");
        }
        Ok(())
    }
}
