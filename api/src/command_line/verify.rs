//! `alongside verify`: proves that logs are whole, without the lock and beside the service.

use super::{Failed, Place};
use crate::dispatch::System;
use clap::Args;
use event_log::{Embedded, Options, SchemeId, Verification};
use serde_json::json;
use std::{fmt::Write as _, sync::Arc};

/// Proves that the logs of a data directory are whole.
#[derive(Debug, Args)]
pub struct Verify {
    /// The one scheme to prove; all, if absent.
    #[arg(long, value_name = "ID")]
    scheme: Option<String>,
    /// Prints one object a scheme.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Verify {
    pub fn run(self) -> Result<(), Failed> {
        let options = Options::new(Arc::new(System));
        let options = match &self.place.master_key {
            Some(path) => options.master_key(path),
            None => options,
        };
        let store = Embedded::open_read_only(self.place.directory()?, options)?;
        let schemes = match &self.scheme {
            Some(scheme) => vec![SchemeId::new(scheme.as_str())?],
            None => store.schemes()?,
        };
        let mut damaged = 0;
        for scheme in &schemes {
            match store.verify(scheme) {
                Ok(found) => println!(
                    "{}",
                    if self.json {
                        machine(&found)
                    } else {
                        human(&found)
                    }
                ),
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
        "chain": hex(&found.chain),
        "leaves": hex(&found.leaves),
        "firstRecordedAt": found.first_recorded_at,
        "lastRecordedAt": found.last_recorded_at,
    })
    .to_string()
}

fn human(found: &Verification) -> String {
    format!(
        "{}: whole. {} records in {} groups and {} segments, the last recorded at {}; chain {}",
        found.scheme,
        found.records,
        found.groups,
        found.segments,
        found.last_recorded_at.as_deref().unwrap_or("no time"),
        hex(&found.chain),
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string cannot fail.
        let _: Result<(), std::fmt::Error> = write!(text, "{byte:02x}");
        text
    })
}
