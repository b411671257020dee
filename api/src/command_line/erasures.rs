//! `alongside erasures`: the list of everybody who has been erased, which a restore must be given.

use super::{Failed, Place, written_now};
use crate::dispatch::System;
use clap::Args;
use event_log::{Embedded, Options, backup::Erasures as List, disk::RealDisk};
use std::{path::PathBuf, sync::Arc};

/// Writes down who has been erased.
#[derive(Debug, Args)]
pub struct Erasures {
    /// The file to write, as a whole or not at all; one that knows more is left as it is. Standard output, if absent.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

impl Erasures {
    pub fn run(self) -> Result<(), Failed> {
        let options = Options::new(Arc::new(System));
        let store = Embedded::open_read_only(self.place.directory()?, options)?;
        let list = List::of(&store, &written_now())?;
        match &self.to {
            None => print!("{}", list.text()?),
            Some(path) => {
                list.write(&RealDisk, path)?;
                for listed in &list.schemes {
                    println!("{}: {} erased", listed.scheme, listed.erased.len());
                }
            }
        }
        Ok(())
    }
}
