//! The file of settings.

use crate::identity::access::{Matrix, MatrixError};
use serde::Deserialize;
use std::{
    io,
    net::SocketAddr,
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
    /// The most memory, in MiB, for what is kept to answer quickly.
    pub memory: Option<u64>,
    /// Who may do and see less than the access matrix says.
    #[serde(default)]
    pub access: AccessSettings,
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
}
