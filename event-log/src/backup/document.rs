//! Small JSON files that know their own SHA-256: manifests and lists of erasures.
//!
//! The member `sha256` is that of the canonical form (RFC 8785) of all the others, so a document that was cut,
//! mended by hand or spoilt by its disk is told from the one that was written.

use std::io;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::error::BackupError;
use crate::digest::Digest;
use crate::disk::Disk;
use crate::record::canonical;

const CHECKSUM: &str = "sha256";

/// The whole document as text, with its checksum.
pub(super) fn text(content: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut value = serde_json::to_value(content)?;
    let checksum = checksum(&value);
    if let Some(members) = value.as_object_mut() {
        members.insert(CHECKSUM.to_owned(), checksum.to_string().into());
    }
    let mut text = serde_json::to_string_pretty(&value)?;
    text.push('\n');
    Ok(text)
}

/// Writes the document under another name first, so that there is never half of one.
pub(super) fn write(
    disk: &dyn Disk,
    path: &Path,
    content: &impl Serialize,
) -> Result<(), BackupError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".tmp");
    let unfinished = Path::new(&unfinished);
    let written = || -> io::Result<()> {
        let text = text(content)?;
        let mut file = disk.create(unfinished)?;
        file.append(text.as_bytes())?;
        file.sync()?;
        disk.rename(unfinished, path)?;
        disk.sync_directory(folder)
    };
    written().map_err(BackupError::at(path))
}

/// Reads a document and proves it; `None` if there is none.
pub(super) fn read<T: DeserializeOwned>(
    disk: &dyn Disk,
    path: &Path,
) -> Result<Option<T>, BackupError> {
    let bytes = match read_all(disk, path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(BackupError::at(path)(error)),
    };
    let wrong = |reason: String| BackupError::Document {
        path: path.to_owned(),
        reason,
    };
    let mut value: Value =
        serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    let said = value
        .as_object_mut()
        .and_then(|members| members.remove(CHECKSUM));
    if said.as_ref().and_then(Value::as_str) != Some(&checksum(&value).to_string()) {
        return Err(wrong("it does not have the SHA-256 it names".to_owned()));
    }
    serde_json::from_value(value)
        .map(Some)
        .map_err(|error| wrong(error.to_string()))
}

/// Of a value that came from JSON or goes there, which always has a canonical form.
fn checksum(value: &Value) -> Digest {
    let bytes = canonical(value).unwrap_or_default();
    Digest(Sha256::digest(bytes).into())
}

fn read_all(disk: &dyn Disk, path: &Path) -> io::Result<Vec<u8>> {
    let file = disk.open_to_read(path)?;
    let length = usize::try_from(file.length()?).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    let read = file.read_at(0, &mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}
