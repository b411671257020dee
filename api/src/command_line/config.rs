//! The file of settings.

use crate::identity::issuers::IdentitySettings;
use serde::Deserialize;
use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// What a file of settings may say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The data directory.
    pub data: Option<PathBuf>,
    /// Where the service listens.
    pub listen: Option<SocketAddr>,
    /// Minutes after which a scheme that nobody uses is closed.
    pub idle_minutes: Option<u64>,
    /// The most memory, in MiB, for what is kept to answer quickly.
    pub memory: Option<u64>,
    /// Who vouches for whom. Local mode when it names no issuer.
    #[serde(default)]
    pub identity: IdentitySettings,
    /// Whether tokens of local mode are taken at an address that others can reach.
    pub allow_local_tokens_on_public_address: Option<bool>,
}

/// Why a file of settings cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// It could not be read.
    #[error("the settings in {0} could not be read")]
    Read(PathBuf, #[source] io::Error),
    /// It is not understood.
    #[error("the settings in {0} are not understood")]
    Understand(PathBuf, #[source] toml::de::Error),
}

impl Settings {
    /// Reads the file, if one is named.
    pub fn read(file: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(file) = file else {
            return Ok(Self::default());
        };
        let text = std::fs::read_to_string(file)
            .map_err(|source| ConfigError::Read(file.to_owned(), source))?;
        Self::parse(&text).map_err(|source| ConfigError::Understand(file.to_owned(), source))
    }

    /// Reads the text of such a file.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}
