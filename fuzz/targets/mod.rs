//! What must hold for any bytes: one function a target, called by the fuzzers and by the tests.
//!
//! A function returns when the properties hold and panics when one does not. It judges by what the rooms promise
//! their callers, never by how they do it. Nothing is asked of what is refused but that the refusal says nothing of
//! a person, and that what was refused has changed nothing.

mod adoption;
mod disk;
mod document;
mod history;
mod logs;
mod notes;
mod notices;
mod record;
mod request;
mod service;
mod settings;
mod token;
mod world;

use std::{path::PathBuf, sync::LazyLock};
use tempfile::TempDir;

/// What must hold for any bytes; it panics where it does not.
type Target = fn(&[u8]);

/// Every target by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("record", record::record),
    ("history", history::history),
    ("journal", logs::journal),
    ("operations", logs::operations),
    ("keyring", logs::keyring),
    ("report", notices::report),
    ("notice", notices::notice),
    ("spreadsheet", notices::spreadsheet),
    ("adoption", adoption::adoption),
    ("token", token::token),
    ("note", notes::note),
    ("settings", settings::settings),
    ("document", document::document),
    ("request", request::request),
];

/// The function of that name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, function)| *function)
}

/// A folder of this process, for what cannot be in memory.
fn folder(name: &str) -> PathBuf {
    FOLDERS.path().join(name)
}

static FOLDERS: LazyLock<TempDir> =
    LazyLock::new(|| TempDir::with_prefix("alongside-fuzz-").expect("a directory"));

/// Removes those folders. No target may be called afterwards.
pub fn remove_folders() {
    let _gone = std::fs::remove_dir_all(FOLDERS.path());
}
