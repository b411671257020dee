//! `alongside schema`: the promises to strangers, written out.

use super::Failed;
use crate::{contracts, identity::access};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Writes the published contracts.
#[derive(Debug, Args)]
pub struct Schema {
    /// Writes all of them into this directory.
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "print",
        required_unless_present = "print"
    )]
    write: Option<PathBuf>,
    /// Prints one of them.
    #[arg(long, value_name = "WHICH")]
    print: Option<Which>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Which {
    /// The GraphQL schema, as SDL.
    Graphql,
    /// The REST interface, as OpenAPI 3.1.
    Openapi,
    /// The access matrix.
    Access,
}

impl Schema {
    pub fn run(self) -> Result<(), Failed> {
        match self.print {
            Some(Which::Graphql) => print!("{}", contracts::graphql()),
            Some(Which::Openapi) => print!("{}", contracts::open_api()?),
            Some(Which::Access) => print!("{}", access::TEXT),
            None => {}
        }
        let Some(directory) = self.write else {
            return Ok(());
        };
        for (path, text) in contracts::all()? {
            let path = directory.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(&path, text)?;
            println!("{}", path.display());
        }
        Ok(())
    }
}
