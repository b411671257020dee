//! Bundles that were taken in: kept as they came, beside the schemes of a data directory or in a directory of their own.
//!
//! ```text
//! bundles/<scheme>.bundle    byte for byte, so that it can be given on and checked again
//! ```

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use super::error::BundleError;
use super::verify::{Expected, Verified, verify};
use crate::embedded::scheme_directory;
use crate::record::SchemeId;

/// The file in which the bundle of a scheme is kept in `directory`, whether or not there is one.
#[must_use]
pub fn shelved(directory: &Path, scheme: &SchemeId) -> PathBuf {
    directory.join("bundles").join(format!("{scheme}.bundle"))
}

/// Checks the bundle in the file `from` and keeps it in `directory`, which is made if it is not there.
///
/// What is kept is what was checked: the copy is read back. One that is there already stays, unless it is the same, and beside
/// a scheme of the same name there is none.
pub fn shelve(
    from: &Path,
    directory: &Path,
    expected: &Expected,
) -> Result<(Verified, PathBuf), BundleError> {
    let folder = directory.join("bundles");
    fs::create_dir_all(&folder).map_err(BundleError::Write)?;
    let temporary = folder.join("incoming.tmp");
    let copied = copy(from, &temporary).and_then(|()| {
        let file = File::open(&temporary).map_err(BundleError::Read)?;
        let verified = verify(BufReader::new(file), expected, |_| Ok(()))?;
        let scheme = &verified.manifest.scheme;
        if scheme_directory(directory, scheme).exists() {
            return Err(refused(format!(
                "{} has a scheme {scheme} of its own: take the bundle in elsewhere",
                directory.display()
            )));
        }
        let path = shelved(directory, scheme);
        place(&temporary, &path)?;
        Ok((verified, path))
    });
    if copied.is_err() && temporary.exists() {
        fs::remove_file(&temporary).map_err(BundleError::Write)?;
    }
    copied
}

fn copy(from: &Path, to: &Path) -> Result<(), BundleError> {
    let mut source = File::open(from).map_err(BundleError::Read)?;
    let mut target = File::create(to).map_err(BundleError::Write)?;
    io::copy(&mut source, &mut target)
        .and_then(|_| target.sync_all())
        .map_err(BundleError::Write)
}

/// Gives the checked copy its name.
fn place(temporary: &Path, path: &Path) -> Result<(), BundleError> {
    if path.exists() && !same(temporary, path).map_err(BundleError::Read)? {
        return Err(refused(format!(
            "{} is another bundle of this scheme: move it away, or take this one in elsewhere",
            path.display()
        )));
    }
    let folder = path.parent().unwrap_or(path);
    fs::rename(temporary, path)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(BundleError::Write)
}

/// That something is there already.
fn refused(reason: String) -> BundleError {
    BundleError::Write(io::Error::new(io::ErrorKind::AlreadyExists, reason))
}

/// Whether two files have the same bytes.
fn same(one: &Path, other: &Path) -> io::Result<bool> {
    use std::io::BufRead as _;
    let mut one = BufReader::new(File::open(one)?);
    let mut other = BufReader::new(File::open(other)?);
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let common = left.len().min(right.len());
        if left[..common] != right[..common] || (common == 0 && left.len() != right.len()) {
            return Ok(false);
        }
        if common == 0 {
            return Ok(true);
        }
        one.consume(common);
        other.consume(common);
    }
}
