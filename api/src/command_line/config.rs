//! The file of settings.

use crate::{
    http::{cors::Origin, graphql::Introspection, listener::Patience, quota::Budgets},
    server::Protection,
};
use serde::Deserialize;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
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
    /// The file of the master key, if it is not beside the data.
    pub master_key: Option<PathBuf>,
    /// A command that prints the master key: the program and each of its arguments.
    pub master_key_command: Option<Vec<String>>,
    /// What clients may ask.
    #[serde(default)]
    pub limits: Budgets,
    /// Origins whose pages may read answers; none, unless they are named.
    #[serde(default)]
    pub allowed_origins: Vec<Origin>,
    /// Who may ask for the schema itself: `open`, `signed-in` or `off`.
    #[serde(default)]
    pub introspection: Introspection,
    /// Connections at once.
    pub connections: Option<NonZeroUsize>,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub proxies: Vec<IpAddr>,
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

    /// How the edge protects itself.
    #[must_use]
    pub fn protection(&self) -> Protection {
        let mut patience = Patience {
            proxies: self.proxies.iter().map(IpAddr::to_canonical).collect(),
            ..Patience::default()
        };
        patience.connections = self.connections.unwrap_or(patience.connections);
        Protection {
            budgets: self.limits,
            origins: self.allowed_origins.clone(),
            introspection: self.introspection,
            patience,
        }
    }

    /// Reads the text of such a file.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protection_is_what_the_file_says_and_the_default_elsewhere() {
        let text = "introspection = \"off\"\nallowed_origins = [\"https://mentoring.example.gov.uk\"]\n\
                    connections = 100\nproxies = [\"10.0.0.5\"]\n[limits]\nrequests_a_minute = 60\n";
        let protection = Settings::parse(text).unwrap().protection();
        assert_eq!(protection.introspection, Introspection::Off);
        assert_eq!(protection.origins.len(), 1);
        assert_eq!(protection.patience.connections.get(), 100);
        assert_eq!(protection.budgets.requests_a_minute.get(), 60);
        assert_eq!(
            protection.budgets.failed_tokens_a_minute,
            Budgets::default().failed_tokens_a_minute
        );
        let nothing_said = Settings::parse("").unwrap().protection();
        assert!(nothing_said.origins.is_empty() && nothing_said.patience.proxies.is_empty());
    }

    #[test]
    fn what_would_open_the_edge_by_mistake_is_no_setting() {
        for text in [
            "allowed_origins = [\"*\"]",
            "allowed_origins = [\"mentoring.example.gov.uk\"]",
            "introspection = \"yes\"",
            "[limits]\nrequests_a_minute = 0",
            "[limits]\nrequests = 10",
            "connections = 0",
            "proxies = [\"everybody\"]",
        ] {
            assert!(Settings::parse(text).is_err(), "{text}");
        }
    }
}
