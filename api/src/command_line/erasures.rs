//! `alongside erasures`: the list of everybody who has been erased, which a restore must be given; and the certificate that
//! one of them was.

use super::{Failed, Place, written_now};
use crate::{certificate, dispatch::System};
use clap::Args;
use event_log::{Embedded, Options, backup::Erasures as List, disk::RealDisk};
use std::{path::PathBuf, sync::Arc};
use uuid::Uuid;

/// Writes down who has been erased.
#[derive(Debug, Args)]
pub struct Erasures {
    /// The file to write, as a whole or not at all; one that knows more is left as it is. Standard output, if absent.
    #[arg(long, value_name = "FILE", conflicts_with = "certificate")]
    to: Option<PathBuf>,
    /// Prints the certificate that this person, by their opaque id, was erased, instead of the list.
    #[arg(long, value_name = "PERSON", requires = "scheme")]
    certificate: Option<Uuid>,
    /// The scheme the certificate is of.
    #[arg(long, value_name = "ID", requires = "certificate")]
    scheme: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Erasures {
    pub fn run(self) -> Result<(), Failed> {
        let scheme = self.scheme.as_deref();
        let scheme = scheme.map(|scheme| self.place.scheme(scheme)).transpose()?;
        let options = Options::new(Arc::new(System));
        // The list needs no key; of a certificate it is looked up in the keyring which were destroyed.
        let options = match self.certificate {
            Some(_) => self.place.master_keys()?.apply(options),
            None => options,
        };
        let store = Embedded::open_read_only(self.place.directory()?, options)?;
        if let (Some(person), Some(scheme)) = (self.certificate, scheme) {
            let vault = store.vault(&scheme)?;
            let certificate = certificate::of_directory(&store, &scheme, person, &vault)?;
            println!("{}", serde_json::to_string_pretty(&certificate)?);
            return Ok(());
        }
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
