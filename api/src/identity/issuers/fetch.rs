//! Asking an identity provider for its keys (OpenID Connect Discovery 1.0, RFC 8414).
//!
//! Blocking, on a thread that does nothing else. There is deliberately no redirect, no cookie and no second try here: what
//! the configured address says counts, and when to ask again is [`super::provider`]'s to say.

use super::{
    endpoint::{self, Endpoint},
    settings::{IdentityError, IssuerSettings},
};
use serde::Deserialize;
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use thiserror::Error;
use ureq::{
    Agent,
    tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem},
};

/// Each of the two documents within this time.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;

/// Where the certificates stand that a machine trusts.
const TRUSTED_BY_THE_MACHINE: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Why there are no keys this time.
#[derive(Debug, Error)]
pub enum FetchError {
    /// Nobody there, or not whom the certificates vouch for.
    #[error("{0} cannot be asked")]
    Unreachable(String, #[source] Box<ureq::Error>),
    /// An answer, but not the document.
    #[error("{0} answers with status {1}")]
    Status(String, u16),
    /// Not the document that it should be.
    #[error("{0} is no discovery document")]
    Shape(String, #[source] serde_json::Error),
    /// It speaks for somebody else.
    #[error("the discovery document is that of {0:?}, and not of the issuer that is configured")]
    AnotherIssuer(String),
    /// The keys are at a place that may not be asked.
    #[error("the keys are said to be at {0:?}, which is no https URL")]
    Address(String),
}

/// What of a discovery document is needed.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

/// Asks one provider.
#[derive(Debug)]
pub struct Fetcher {
    agent: Agent,
    issuer: Endpoint,
}

impl Fetcher {
    /// Reads the certificates, and asks nothing yet.
    pub fn new(settings: &IssuerSettings) -> Result<Self, IdentityError> {
        let issuer = endpoint::of_issuer(&settings.issuer)
            .ok_or_else(|| IdentityError::Issuer(settings.issuer.clone()))?;
        let roots = match &settings.ca_file {
            Some(file) => certificates(file)?,
            None if issuer.is_loopback => vec![],
            None => machine_certificates()?,
        };
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(roots)))
            .unversioned_rustls_crypto_provider(Arc::new(
                rustls::crypto::aws_lc_rs::default_provider(),
            ));
        let mut config = Agent::config_builder()
            .timeout_global(Some(ANSWERED_WITHIN))
            .http_status_as_error(false)
            .max_redirects(0)
            .tls_config(tls.build());
        if issuer.is_loopback {
            config = config.proxy(None); // Nobody stands between a machine and itself.
        }
        let agent = config.build().new_agent();
        Ok(Self { agent, issuer })
    }

    /// The text of the key set.
    pub fn key_set(&self) -> Result<String, FetchError> {
        let issuer = &self.issuer.url;
        let place = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        let text = self.get(&place)?;
        let document: Discovery =
            serde_json::from_str(&text).map_err(|error| FetchError::Shape(place, error))?;
        if document.issuer != *issuer {
            return Err(FetchError::AnotherIssuer(document.issuer));
        }
        // Only an issuer on this machine may have its keys there without TLS.
        let keys = endpoint::of(&document.jwks_uri).filter(|keys| {
            keys.url.starts_with("https:") || (keys.is_loopback && self.issuer.is_loopback)
        });
        let keys = keys.ok_or(FetchError::Address(document.jwks_uri))?;
        self.get(&keys.url)
    }

    fn get(&self, url: &str) -> Result<String, FetchError> {
        let unreachable = |error| FetchError::Unreachable(url.to_owned(), Box::new(error));
        let request = self.agent.get(url).header("accept", "application/json");
        let mut answer = request.call().map_err(unreachable)?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(FetchError::Status(url.to_owned(), status));
        }
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX);
        body.read_to_string().map_err(unreachable)
    }
}

fn machine_certificates() -> Result<Vec<Certificate<'static>>, IdentityError> {
    let mut places = TRUSTED_BY_THE_MACHINE.into_iter().map(Path::new);
    let place = places.find(|place| place.exists());
    certificates(place.ok_or(IdentityError::NoCertificates)?)
}

fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>, IdentityError> {
    let unusable = |source: Box<dyn Error + Send + Sync>| {
        IdentityError::Certificates(PathBuf::from(file), source)
    };
    let pem = fs::read(file).map_err(|error| unusable(error.into()))?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(one) = item.map_err(|error| unusable(error.into()))? {
            found.push(one);
        }
    }
    if found.is_empty() {
        return Err(unusable("it holds no certificate".into()));
    }
    Ok(found)
}
