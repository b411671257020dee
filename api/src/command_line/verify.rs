//! `alongside verify`: proves that logs are whole, without the lock and beside the service.

use super::{Failed, Place};
use crate::dispatch::System;
use clap::Args;
use event_log::{Embedded, Options, Position, SchemeId, StoreError, Verification};
use serde_json::json;
use std::sync::Arc;

/// Proves that the logs of a data directory are whole.
#[derive(Debug, Args)]
pub struct Verify {
    /// The one scheme to prove; all, if absent.
    #[arg(long, value_name = "ID")]
    scheme: Option<String>,
    /// Proves up to this position only, and prints the root when that was the head.
    #[arg(long, value_name = "POSITION", requires = "scheme")]
    to: Option<u64>,
    /// Prints one object a scheme.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Verify {
    pub fn run(self) -> Result<(), Failed> {
        // Nothing is opened, so no key is asked for.
        let options = Options::new(Arc::new(System));
        let store = Embedded::open_read_only(self.place.directory()?, options)?;
        let schemes = match &self.scheme {
            Some(scheme) => vec![SchemeId::new(scheme.as_str())?],
            None => store.schemes()?,
        };
        let mut damaged = 0;
        for scheme in &schemes {
            let found = match self.to {
                Some(to) => store.verify_to(scheme, Position(to)),
                None => store.verify(scheme),
            };
            match found {
                Ok(found) => println!(
                    "{}",
                    if self.json {
                        machine(&found)
                    } else {
                        human(&found)
                    }
                ),
                Err(error @ StoreError::Ahead { .. }) => return Err(error.into()),
                Err(error) => {
                    damaged += 1;
                    if self.json {
                        println!(
                            "{}",
                            json!({ "scheme": scheme, "whole": false, "problem": super::chain(&error) })
                        );
                    } else {
                        println!("{scheme}: NOT whole: {}", super::chain(&error));
                    }
                }
            }
        }
        if damaged > 0 {
            Err(format!("{damaged} of {} logs are not whole", schemes.len()).into())
        } else {
            Ok(())
        }
    }
}

fn machine(found: &Verification) -> String {
    json!({
        "scheme": found.scheme,
        "whole": true,
        "head": found.head,
        "records": found.records,
        "groups": found.groups,
        "segments": found.segments,
        "root": found.root,
        "chain": found.chain,
        "firstRecordedAt": found.first_recorded_at,
        "lastRecordedAt": found.last_recorded_at,
    })
    .to_string()
}

fn human(found: &Verification) -> String {
    format!(
        "{}: whole. {} records in {} groups and {} segments, the last recorded at {}; root {}; chain {}",
        found.scheme,
        found.records,
        found.groups,
        found.segments,
        found.last_recorded_at.as_deref().unwrap_or("no time"),
        found.root,
        found.chain,
    )
}
