//! Whose tokens a service takes: its own, on the machine itself, or those of identity providers.

use super::{Failed, Place};
use crate::{
    dispatch::Platform,
    identity::{
        bearers::Bearers,
        issuers::{IdentitySettings, Issuers},
        token::LocalTokens,
    },
};
use clap::Args;
use std::net::SocketAddr;

/// Who may come in without an identity provider.
#[derive(Debug, Clone, Copy, Args)]
pub struct Openness {
    /// Takes tokens of local mode also at an address that other machines can reach.
    #[arg(long, env = "ALONGSIDE_ALLOW_LOCAL_TOKENS_ON_PUBLIC_ADDRESS")]
    allow_local_tokens_on_public_address: bool,
}

impl Openness {
    /// Refuses to take local tokens where others can reach the service, unless told to.
    pub fn check(self, address: SocketAddr, place: &Place) -> Result<(), Failed> {
        let settings = place.settings()?;
        let told = self.allow_local_tokens_on_public_address
            || settings
                .allow_local_tokens_on_public_address
                .unwrap_or(false);
        if address.ip().is_loopback() || settings.identity.has_issuers() || told {
            return Ok(());
        }
        Err(format!(
            "{address} can be reached by other machines, and whoever reads this data directory can make tokens for anybody. \
             Name an identity provider ([[identity.issuers]] in the file of --config, see docs/guides/identity.md), listen at \
             127.0.0.1 behind a proxy, or say --allow-local-tokens-on-public-address"
        )
        .into())
    }
}

/// The tokens that are taken, by these settings.
pub fn bearers(settings: &IdentitySettings, platform: &Platform) -> Result<Bearers, Failed> {
    settings.check()?;
    let key = platform.key().clone();
    Ok(if settings.has_issuers() {
        Bearers::Issued(Issuers::start(key, settings)?)
    } else {
        LocalTokens::new(key).into()
    })
}

/// Refuses what makes local tokens, where none are taken.
pub fn require_local(place: &Place) -> Result<(), Failed> {
    match place.settings()?.identity.issuers.first() {
        None => Ok(()),
        Some(issuer) => Err(format!(
            "tokens come from {}, and none of this data directory are taken; ask there, or leave out --config",
            issuer.issuer
        )
        .into()),
    }
}
