//! Names the code that folds a history, so that a snapshot which other code has written is never read.
//!
//! The name is a hash of the sources themselves: a number that somebody has to raise would be forgotten once, and a
//! wrong answer read from a cache looks like a right one. Whatever changes in them, be it a comment, costs one fold of
//! the log. The locked versions count too, because they decide how a value is written.

use std::{
    env,
    error::Error,
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

/// The rules, the projections, what a record is, how one becomes an event, and how a snapshot is written.
const SOURCES: &[&str] = &[
    "domain/src",
    "projections/src",
    "event-log/src/record",
    "api/src/dispatch/codec.rs",
    "api/src/dispatch/snapshots.rs",
    "Cargo.lock",
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo:rerun-if-changed=../{source}");
        for path in files(&root.join(source))? {
            path.strip_prefix(&root)?.hash(&mut hasher);
            fs::read(&path)?.hash(&mut hasher);
        }
    }
    println!(
        "cargo:rustc-env=ALONGSIDE_FOLDED_BY={:016x}",
        hasher.finish()
    );
    Ok(())
}

/// The file itself, or all files below a folder, sorted.
fn files(path: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    entries.sort();
    let mut all = Vec::new();
    for entry in entries {
        all.extend(files(&entry)?);
    }
    Ok(all)
}
