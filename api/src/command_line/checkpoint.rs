//! `alongside checkpoint`: the last signed checkpoint of a scheme, to be sent to whoever keeps it. Beside the service.

use super::{Failed, Place, periods};
use crate::dispatch::{System, first_over};
use clap::Args;
use domain::period::Period;
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
    /// Prints the first one instead that was signed over the entry by which this published period counts, from its first to its
    /// last day: the file to mail with its figures.
    #[arg(long, value_name = "FROM/THROUGH", conflicts_with = "size")]
    period: Option<Period>,
    /// Prints the keys instead that checkpoints are verified with, the one that signs now last.
    #[arg(long, conflicts_with_all = ["size", "period"])]
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
        let found = match self.period {
            Some(period) => {
                let published = periods::published(&store, &scheme)?;
                let publication = periods::publication(&published, period, &scheme)?;
                first_over(kept, publication.position)
            }
            None => kept.pop(),
        };
        let Some(signed) = found else {
            return Err(format!(
                "{scheme}: no such checkpoint is kept. One is signed when a period is published, when the service stops, \
                 after every 1000 events, and whenever somebody asks for /v1/schemes/{scheme}/log/checkpoint"
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
