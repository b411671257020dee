//! `--bundle` of `alongside verify` and `alongside import`: an audit bundle is checked, and perhaps kept.

use super::Failed;
use event_log::{
    MAX_CHECKPOINT_BYTES, SignedCheckpoint, VerifierKey,
    bundle::{self, BundleError, Expected, Verified},
};
use serde_json::json;
use std::{
    fs::File,
    io::{BufReader, Read as _},
    path::Path,
};

/// What the operator has from elsewhere.
pub fn expected(keys: &[VerifierKey], checkpoint: Option<&Path>) -> Result<Expected, Failed> {
    Ok(Expected {
        keys: keys.to_vec(),
        checkpoint: checkpoint.map(read_checkpoint).transpose()?,
    })
}

fn read_checkpoint(path: &Path) -> Result<SignedCheckpoint, Failed> {
    let unreadable = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut text = String::new();
    file.take(MAX_CHECKPOINT_BYTES as u64 + 1)
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&error))?;
    Ok(text.parse().map_err(|error| unreadable(&error))?)
}

/// Checks the bundle in a file and says what that shows.
pub fn run(path: &Path, expected: &Expected, json: bool) -> Result<(), Failed> {
    let found = check(path, expected).map_err(|error| told(path, &error))?;
    print(&found, json);
    if !json && !found.signed_by_given {
        eprintln!(
            "Whoever made it named the key. Compare it with the one that the scheme made known, and give that with --key."
        );
    }
    Ok(())
}

fn check(path: &Path, expected: &Expected) -> Result<Verified, BundleError> {
    let file = File::open(path).map_err(BundleError::Read)?;
    bundle::verify(
        BufReader::with_capacity(1 << 20, file),
        expected,
        |_| Ok(()),
    )
}

/// Checks the bundle in a file and keeps it in a data directory.
pub fn keep(path: &Path, directory: &Path, expected: &Expected, json: bool) -> Result<(), Failed> {
    let (found, kept) =
        bundle::shelve(path, directory, expected).map_err(|error| told(path, &error))?;
    print(&found, json);
    eprintln!(
        "It is kept, byte for byte, as {}. Write it again with: alongside export --scheme {} --data {} --out FILE",
        kept.display(),
        found.manifest.scheme,
        directory.display(),
    );
    Ok(())
}

/// What is wrong with a bundle, in one line that names it.
pub fn told(path: &Path, error: &BundleError) -> Failed {
    let said = super::chain(error);
    let path = path.display();
    match error {
        BundleError::NotIntact { .. } => format!("{path}: NOT intact: {said}").into(),
        _ => format!("{path}: {said}").into(),
    }
}

pub fn print(found: &Verified, json: bool) {
    println!("{}", if json { machine(found) } else { human(found) });
}

fn machine(found: &Verified) -> String {
    let manifest = &found.manifest;
    json!({
        "scheme": manifest.scheme,
        "intact": true,
        "signedByKeyGiven": found.signed_by_given,
        "continuesCheckpointOf": found.continues.map(|size| size.to_string()),
        "records": manifest.records.count.to_string(),
        "withheld": manifest.withheld.to_string(),
        "checkpoints": manifest.checkpoints.count,
        "cosignaturesVerified": found.cosignatures,
        "root": found.root,
        "key": manifest.key.to_string(),
        "adopted": manifest.adopted,
    })
    .to_string()
}

fn human(found: &Verified) -> String {
    let manifest = &found.manifest;
    let mut said = vec!["intact"];
    if found.signed_by_given {
        said.push("signed by the key given");
    }
    if found.continues.is_some() {
        said.push("continues the checkpoint given");
    }
    if !found.signed_by_given {
        said.push("origin unproven");
    }
    format!(
        "{}: {}\n{} records, {} of them withheld; {} checkpoints, {} cosignatures verified; root {}\nsigned by {}",
        manifest.scheme,
        said.join(", "),
        manifest.records.count,
        manifest.withheld,
        manifest.checkpoints.count,
        found.cosignatures,
        found.root,
        manifest.key,
    )
}
