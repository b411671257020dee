//! `alongside verify`: proves that logs are whole, without the lock and beside the service; or that a certificate of an
//! erasure holds, with or without the log.

use super::{Failed, Place, verify_bundle};
use crate::{certificate::Certificate, dispatch::System};
use clap::Args;
use event_log::{
    Digest, Embedded, Options, Position, ReadOnlyStore, SchemeId, StoreError, Verification,
    VerifierKey,
};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Proves that the logs of a data directory are whole.
#[derive(Debug, Args)]
pub struct Verify {
    /// The one scheme to prove; all, if absent.
    #[arg(long, value_name = "ID")]
    scheme: Option<String>,
    /// Proves up to this position only, and prints the root when that was the head.
    #[arg(long, value_name = "POSITION", requires = "scheme")]
    to: Option<u64>,
    /// Checks this certificate of an erasure instead: against the data directory, or against `--root`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scheme", "to"])]
    certificate: Option<PathBuf>,
    /// A root that was kept elsewhere, of as many records as the certificate names. No data directory is needed then.
    #[arg(long, value_name = "HEX", requires = "certificate")]
    root: Option<Digest>,
    /// Checks this audit bundle instead. No data directory is needed.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scheme", "to", "certificate"])]
    bundle: Option<PathBuf>,
    /// With `--bundle`: the log's key, as its holder made it known; of several, one must have signed. Or that of a witness.
    #[arg(long, value_name = "KEY", requires = "bundle")]
    key: Vec<VerifierKey>,
    /// With `--bundle`: the last checkpoint that was kept elsewhere, in a file.
    #[arg(long, value_name = "FILE", requires = "bundle")]
    checkpoint: Option<PathBuf>,
    /// Prints one object a scheme.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Verify {
    pub fn run(self) -> Result<(), Failed> {
        if let Some(path) = &self.certificate {
            return self.certificate(path);
        }
        if let Some(path) = &self.bundle {
            let checkpoint = self.checkpoint.as_deref();
            let expected = verify_bundle::expected(&self.key, checkpoint)?;
            return verify_bundle::run(path, &expected, self.json);
        }
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

impl Verify {
    fn store(&self) -> Result<ReadOnlyStore, Failed> {
        let keys = self.place.master_keys()?;
        let options = keys.apply(Options::new(Arc::new(System)));
        Ok(Embedded::open_read_only(self.place.directory()?, options)?)
    }

    fn certificate(&self, path: &Path) -> Result<(), Failed> {
        let read = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let certificate: Certificate = serde_json::from_slice(&read)
            .map_err(|error| format!("{}: not a certificate: {error}", path.display()))?;
        let keyring = match self.root {
            Some(root) => certificate.check_against(root).map(|()| false)?,
            None => certificate.check_in(&self.store()?)?,
        };
        if self.json {
            let said = json!({
                "scheme": certificate.scheme,
                "person": certificate.person,
                "holds": true,
                "records": certificate.records,
                "root": certificate.root,
                "keyringRead": keyring,
            });
            println!("{said}");
            return Ok(());
        }
        let Certificate { scheme, person, .. } = &certificate;
        let keys = if keyring {
            "the keyring holds no key of theirs"
        } else {
            "no keyring was read"
        };
        println!(
            "{scheme}: the certificate holds. Person {person} was erased, decided at {} and completed at {}; {} keys destroyed; \
             root {} of {} records; {keys}",
            certificate.decided_at,
            certificate.completed_at,
            certificate.keys.len(),
            certificate.root,
            certificate.records,
        );
        Ok(())
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
