//! One master key after another: every keyring wrapped anew, the log untouched.
//!
//! ```text
//! make master.key.next ─▶ scheme by scheme: a new generation of its keyring ─▶ master.key.next becomes master.key
//! ```
//!
//! Interrupted anywhere, every scheme opens: as long as there is a successor, both keys are accepted, and each keyring says
//! which it needs. Begun again, it goes on where it was. A successor that the caller brought is left where it is: from then
//! on it is the caller's to give.

use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use super::layout::{self, OpenError};
use super::options::Options;
use crate::record::SchemeId;
use crate::sealing::{
    MasterKey, MasterKeyId, MasterKeySource, MasterKeys, Rewrapped, SealError, Vault, has_old,
    next_of, succeed,
};

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The master key that counts no more; none if all that was left to do was to destroy it.
    pub from: Option<MasterKeyId>,
    /// The one that counts now.
    pub to: MasterKeyId,
    /// What became of each scheme's keyring, in order of name.
    pub schemes: Vec<(SchemeId, Rewrapped)>,
}

/// Why a rotation was not finished. What was done of it stays, and both keys open until it is begun again.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RotateError {
    /// The directory cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A keyring cannot be wrapped anew.
    #[error("{scheme}: the keyring could not be wrapped anew; begin again once that is mended")]
    Keyring {
        /// Which scheme.
        scheme: SchemeId,
        /// Why.
        #[source]
        source: SealError,
    },
    /// The successor is the key itself.
    #[error("the next master key is the one in use ({0}); nothing was done")]
    SameKey(MasterKeyId),
}

/// Lets another master key follow the one in use, in a directory that nobody else has.
///
/// The successor is the one that `options` name ([`Options::next_master_key`]); without one, a key that is in a file gets a
/// new one beside it, which takes its name at the end.
pub fn rotate_master_key(directory: &Path, options: &Options) -> Result<Rotated, RotateError> {
    let _lock = layout::lock(directory)?;
    layout::read_kind(directory)?;
    let own_file = layout::master_key_path(directory, options).filter(|_| options.next.is_none());
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| OpenError::MasterKey { path, source }
    };
    let mut finishing = false;
    if let Some(path) = &own_file
        && !next_of(path).exists()
    {
        finishing = has_old(path);
        if !finishing {
            // Not before the one in use was read: a successor to a key that is not there opens nothing.
            MasterKey::read(path).map_err(failed(path))?;
            let next = next_of(path);
            MasterKey::create(&next, &*options.entropy).map_err(failed(&next))?;
        }
    }
    let masters = layout::read_master_keys(directory, options)?;
    let next = masters.next.as_ref().unwrap_or(&masters.current);
    if !finishing && next.id() == masters.current.id() {
        return Err(RotateError::SameKey(next.id()));
    }
    let schemes = rewrap_all(directory, options, &masters, next)?;
    if let Some(path) = &own_file {
        succeed(path).map_err(failed(path))?;
    }
    Ok(Rotated {
        from: (!finishing).then(|| masters.current.id()),
        to: next.id(),
        schemes,
    })
}

fn rewrap_all(
    directory: &Path,
    options: &Options,
    masters: &MasterKeys,
    next: &Arc<MasterKey>,
) -> Result<Vec<(SchemeId, Rewrapped)>, RotateError> {
    let listed = layout::list_schemes(directory, options);
    let listed = listed.map_err(|source| OpenError::Io {
        path: directory.to_owned(),
        source,
    })?;
    let mut schemes = Vec::with_capacity(listed.len());
    for scheme in listed {
        let folder = layout::scheme_directory(directory, &scheme).join("keyring");
        let (disk, entropy) = (Arc::clone(&options.disk), Arc::clone(&options.entropy));
        let rewrapped = Vault::open(disk, &folder, &scheme, masters, entropy).and_then(|vault| {
            let rewrapped = vault.rewrap(next)?;
            vault.close()?;
            Ok(rewrapped)
        });
        let rewrapped = rewrapped.map_err(|source| RotateError::Keyring {
            scheme: scheme.clone(),
            source,
        })?;
        schemes.push((scheme, rewrapped));
    }
    Ok(schemes)
}

/// The name of a master key, for whoever wants to know which one it is.
pub fn master_key_id(directory: &Path, source: &MasterKeySource) -> Result<MasterKeyId, OpenError> {
    layout::read_source(directory, source).map(|key| key.id())
}
