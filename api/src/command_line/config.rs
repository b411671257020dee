//! The file of settings.

use crate::{
    http::{cors::Origin, graphql::Introspection, listener::Patience, quota::Budgets},
    identity::{
        access::{Matrix, MatrixError},
        issuers::IdentitySettings,
    },
    server::{Deployment, Protection},
};
use event_log::VerifierKey;
use serde::Deserialize;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
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
    /// Days for which it is kept who was given sensitive data; 731, which is two years, if absent.
    pub sensitive_reads_days: Option<u32>,
    /// What the origin of every log begins with, before a slash and the scheme: a name nobody else has, such as that of the
    /// host. Not changed by it: a log that has signed a checkpoint.
    pub log_origin: Option<LogOrigin>,
    /// The keys of outside witnesses whose lines under checkpoints are kept, as `alongside cosign --new-key` printed them;
    /// at most sixteen.
    #[serde(default)]
    pub witnesses: Witnesses,
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
    /// Who may do and see less than the access matrix says.
    #[serde(default)]
    pub access: AccessSettings,
    /// Who vouches for whom. Local mode when it names no issuer.
    #[serde(default)]
    pub identity: IdentitySettings,
    /// Whether tokens of local mode are taken at an address that others can reach.
    pub allow_local_tokens_on_public_address: Option<bool>,
}

/// The beginning of an origin: letters, digits and `.-_/`, at most 200 of them, as in an address without its scheme.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct LogOrigin(pub String);

impl TryFrom<String> for LogOrigin {
    type Error = &'static str;

    fn try_from(origin: String) -> Result<Self, Self::Error> {
        let is_part = |letter: u8| letter.is_ascii_alphanumeric() || b".-_/".contains(&letter);
        let is_bounded = (1..=200).contains(&origin.len()) && !origin.ends_with('/');
        if is_bounded && origin.bytes().all(is_part) {
            Ok(Self(origin))
        } else {
            Err(
                "log_origin is 1 to 200 letters, digits and .-_/ without a slash at its end, such as mentoring.example.gov.uk",
            )
        }
    }
}

/// Keys of witnesses (C2SP `signed-note` verifier keys of type 0x04).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Witnesses(pub Vec<VerifierKey>);

/// As many as C2SP `tlog-checkpoint` asks every reader to take.
const WITNESSES_MOST: usize = 16;

impl TryFrom<Vec<String>> for Witnesses {
    type Error = String;

    fn try_from(keys: Vec<String>) -> Result<Self, Self::Error> {
        if keys.len() > WITNESSES_MOST {
            return Err(format!("witnesses names more than {WITNESSES_MOST} keys"));
        }
        let read = |text: String| {
            let key: Result<VerifierKey, _> = text.parse();
            key.ok().filter(VerifierKey::is_witness).ok_or_else(|| {
                format!(
                    "witnesses: {text:?} is not the key of a witness; it is what `alongside cosign --new-key` printed"
                )
            })
        };
        keys.into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// What a deployment says of access.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessSettings {
    /// A file with lines like those of the access matrix, which take the place of the lines of their name and can only
    /// grant less.
    pub narrow: Option<PathBuf>,
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
    /// The file that is to narrow the access matrix is not there, not readable or gives instead of taking away.
    #[error("{0}, which the settings name under `[access] narrow`, cannot be used")]
    Narrow(PathBuf, #[source] MatrixError),
    /// The access matrix of the programme itself is not sound.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
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

    /// What this deployment decides of the edge; whose tokens it takes is known once the data directory is open.
    pub fn deployment(&self) -> Result<Deployment, ConfigError> {
        Ok(Deployment {
            matrix: self.matrix()?,
            protection: self.protection(),
            bearers: None,
        })
    }

    /// The access matrix, as this deployment narrows it.
    pub fn matrix(&self) -> Result<Arc<Matrix>, ConfigError> {
        let shipped = Matrix::embedded()?;
        let Some(file) = &self.access.narrow else {
            return Ok(Arc::new(shipped));
        };
        let text = std::fs::read_to_string(file)
            .map_err(|source| ConfigError::Read(file.clone(), source))?;
        let narrowed = shipped.narrowed(&text);
        let narrowed = narrowed.map_err(|source| ConfigError::Narrow(file.clone(), source))?;
        Ok(Arc::new(narrowed))
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
    use crate::identity::{Role, access::Query};

    fn settings(narrow: &str) -> (tempfile::TempDir, Settings) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("narrow.toml");
        std::fs::write(&file, narrow).unwrap();
        let text = format!("[access]\nnarrow = {:?}\n", file.to_str().unwrap());
        (folder, Settings::parse(&text).unwrap())
    }

    #[test]
    fn a_deployment_narrows_the_matrix_by_a_file_that_its_settings_name() {
        let (_folder, settings) = settings("[queries]\nmeasures = { coordinator = \"any\" }\n");
        let matrix = settings.matrix().unwrap();
        assert!(matrix.query(Role::Auditor, Query::Measures).is_empty());
        assert!(matrix.query(Role::Coordinator, Query::Measures).of_all());
        let whole = Settings::default().matrix().unwrap();
        assert!(whole.query(Role::Auditor, Query::Measures).of_all());
    }

    #[test]
    fn a_file_that_widens_it_is_refused_with_its_name_its_line_and_the_reason() {
        let (_folder, settings) = settings("# ours\n[queries]\nmeasures = { mentor = \"any\" }\n");
        let ConfigError::Narrow(file, reason) = settings.matrix().unwrap_err() else {
            panic!("not refused as such");
        };
        assert!(file.ends_with("narrow.toml"));
        let reason = reason.to_string();
        assert!(
            reason.starts_with("line 3") && reason.contains("take away"),
            "{reason}"
        );
        assert!(Settings::parse("[access]\nwiden = \"x\"\n").is_err());
    }

    #[test]
    fn a_file_that_is_not_there_stops_the_start() {
        let settings = Settings::parse("[access]\nnarrow = \"/nowhere/narrow.toml\"\n").unwrap();
        assert!(matches!(settings.matrix(), Err(ConfigError::Read(..))));
    }

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
        let origin = Settings::parse("log_origin = \"mentoring.example.gov.uk/logs\"").unwrap();
        assert_eq!(
            origin.log_origin.unwrap().0,
            "mentoring.example.gov.uk/logs"
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
            "log_origin = \"\"",
            "log_origin = \"https://mentoring.example.gov.uk\"",
            "log_origin = \"mentoring.example.gov.uk/\"",
            "log_origin = \"mentoring example\"",
            "proxies = [\"everybody\"]",
        ] {
            assert!(Settings::parse(text).is_err(), "{text}");
        }
    }
}
