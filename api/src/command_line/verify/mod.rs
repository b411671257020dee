//! `alongside verify`: proves that logs are whole, without the lock and beside the service; that one goes on from a checkpoint
//! that was kept outside; that an audit bundle holds; or that a certificate of an erasure does, with or without the log.

pub mod kept;

use super::{Failed, Place, verify_bundle};
use crate::{certificate::Certificate, dispatch::System};
use clap::{ArgGroup, Args};
use event_log::{
    Digest, Embedded, Options, Position, ReadOnlyStore, StoreError, Verification, VerifierKey,
};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Proves that the logs of a data directory are whole.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("whose").args(["key", "bundle"]).multiple(true),
    group = ArgGroup::new("what").args(["checkpoint", "bundle"]).multiple(true)
)]
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
    /// A checkpoint that was kept outside: proves that the log or the bundle goes on from it, so that nothing up to then was
    /// changed, dropped or inserted.
    #[arg(long, value_name = "FILE", requires = "whose", conflicts_with_all = ["to", "certificate"])]
    checkpoint: Option<PathBuf>,
    /// The key the checkpoint or the bundle is signed with, as it was written down when it was kept. With `--bundle` there may be
    /// several, of which one must have signed, and those of witnesses.
    #[arg(long, value_name = "KEY", requires = "what")]
    key: Vec<VerifierKey>,
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
        let checkpoint = self.checkpoint.as_deref();
        if let Some(path) = &self.bundle {
            let expected = verify_bundle::expected(&self.key, checkpoint)?;
            return verify_bundle::run(path, &expected, self.json);
        }
        if let Some(path) = checkpoint {
            let [key] = &self.key[..] else {
                return Err("--checkpoint takes one --key: the one that was kept with it".into());
            };
            return self.checkpoint(path, key);
        }
        // Nothing is opened, so no key is asked for.
        let options = Options::new(Arc::new(System));
        let store = Embedded::open_read_only(self.place.directory()?, options)?;
        let schemes = match &self.scheme {
            Some(scheme) => vec![self.place.scheme(scheme)?],
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

    fn checkpoint(&self, path: &Path, key: &VerifierKey) -> Result<(), Failed> {
        let (signed, _) = kept::read(path, key)?;
        let checkpoint = signed.checkpoint();
        let scheme = match &self.scheme {
            Some(scheme) => self.place.scheme(scheme)?,
            None => self.place.scheme(kept::scheme_of(checkpoint)?.as_str())?,
        };
        // Nothing is opened, so no key is asked for.
        let options = Options::new(Arc::new(System));
        let store = Embedded::open_read_only(self.place.directory()?, options)?;
        kept::goes_on(&store, &scheme, checkpoint, self.json)
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
