//! `alongside serve`: the service, until it is told to stop.

use super::{
    Failed, Listen, Memory, Place, block_on,
    mode::{self, Openness},
};
use crate::{
    dispatch::{Options, Platform},
    server::{self, Server},
    telemetry::{self, Metrics},
};
use clap::Args;
use event_log::Kind;
use jiff::SignedDuration;
use std::time::Duration;

/// Serves the schemes of a data directory.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    openness: Openness,
    /// Makes the data directory if there is none.
    #[arg(long)]
    create: bool,
    /// Bytes from which a segment of a journal is full; for tests of rolling.
    #[arg(long, value_name = "BYTES", hide = true)]
    segment_bytes: Option<u64>,
    /// Events after which a snapshot is written; for tests of snapshots.
    #[arg(long, value_name = "EVENTS", hide = true)]
    snapshot_every: Option<u64>,
}

impl Serve {
    pub fn run(self) -> Result<(), Failed> {
        let telemetry = telemetry::init(&telemetry::Options::from_environment())?;
        let address = self.listen.address(&self.place)?;
        self.openness.check(address, &self.place)?;
        let identity = self.place.settings()?.identity;
        let mut options = Options::new(self.place.directory()?);
        options.create = self.create.then_some(Kind::Live);
        options.segment_bytes = self.segment_bytes;
        options.memory = self.memory.budget(&self.place)?;
        options.snapshot_every = self.snapshot_every.unwrap_or(options.snapshot_every);
        if let Some(days) = self.place.settings()?.sensitive_reads_days {
            options.reads_kept = SignedDuration::from_hours(i64::from(days) * 24);
        }
        options.log_origin = self.place.settings()?.log_origin.map(|origin| origin.0);
        options.witnesses = self.place.settings()?.witnesses.0;
        if let Some(minutes) = self.place.settings()?.idle_minutes {
            options.idle_after = Duration::from_secs(minutes.saturating_mul(60));
        }
        // A rehearsal's clock goes on where its history ends.
        options.master_keys = self.place.master_keys()?;
        options.anchor = crate::demo::ANCHOR;
        let deployment = self.place.settings()?.deployment()?;
        let metrics = Metrics::new();
        let served = block_on(async move {
            let platform = Platform::open(&options, metrics.clone())?;
            let deployment = deployment.with_bearers(mode::bearers(&identity, &platform)?);
            let server = Server::bind_as(address, platform, metrics, &deployment).await?;
            eprintln!(
                "Alongside serves {} at {}",
                options.directory.display(),
                server.url()
            );
            match identity.issuers.first() {
                None => eprintln!(
                    "Stop it with Ctrl-C. Mint a token with: alongside token --role coordinator --data {}",
                    options.directory.display()
                ),
                Some(issuer) => {
                    eprintln!("Stop it with Ctrl-C. Tokens come from {}", issuer.issuer);
                }
            }
            server.run(server::stop_signal()).await?;
            Ok(())
        });
        telemetry.shut_down();
        served
    }
}
