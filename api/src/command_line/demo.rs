//! `alongside demo`: a scheme of two years, loaded once, and served.

use super::{
    Failed, Listen, Memory, Place, block_on,
    mode::{self, Openness},
    token::subject,
};
use crate::{
    demo::{self, Summary},
    dispatch::{Options, Platform},
    identity::{
        Role,
        token::{Grant, LocalTokens},
    },
    outside,
    server::{self, Server},
    telemetry::{self, Metrics},
};
use clap::Args;
use event_log::Kind;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::SignedDuration;
use std::{io::IsTerminal as _, path::Path};
use uuid::Uuid;

/// How long the printed tokens hold.
const TOKENS_HOLD: SignedDuration = SignedDuration::from_hours(8);

/// Loads a demonstration scheme of two years and serves it.
#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    openness: Openness,
}

impl Demo {
    pub fn run(self) -> Result<(), Failed> {
        let telemetry = telemetry::init(&telemetry::Options::from_environment())?;
        let address = self.listen.address(&self.place)?;
        mode::require_local(&self.place)?;
        self.openness.check(address, &self.place)?;
        let mut options = Options::new(self.place.directory()?);
        options.create = Some(Kind::Rehearsal);
        options.master_keys = self.place.master_keys()?;
        options.anchor = demo::ANCHOR;
        options.memory = self.memory.budget(&self.place)?;
        let deployment = self.place.settings()?.deployment()?;
        let metrics = Metrics::new();
        let served = block_on(async move {
            let platform = Platform::open(&options, metrics.clone())?;
            if !platform.is_rehearsal() {
                let place = options.directory.display();
                return Err(format!("{place} holds real schemes; give the demonstration a directory of its own with --data").into());
            }
            let summary = load(&platform).await?;
            let server = Server::bind_as(address, platform.clone(), metrics, &deployment).await?;
            print(&platform, &summary, &server.url(), &options.directory)?;
            server.run(server::stop_signal()).await?;
            Ok(())
        });
        telemetry.shut_down();
        served
    }
}

async fn load(platform: &Platform) -> Result<Summary, Failed> {
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new(0)
    } else {
        ProgressBar::hidden()
    };
    let style = ProgressStyle::with_template("loading two years of a scheme {bar:40} {pos}/{len}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let summary = demo::load(platform, &mut |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    })
    .await?;
    bar.finish_and_clear();
    Ok(summary)
}

fn print(platform: &Platform, summary: &Summary, url: &str, data: &Path) -> Result<(), Failed> {
    let tokens = LocalTokens::new(platform.key().clone());
    let mint = |role: Role, person: Option<Uuid>, employer: Option<&str>| {
        let grant = Grant {
            subject: subject(role, person, employer),
            role,
            scheme: Some(demo::SCHEME.to_owned()),
            person,
            employer: employer.map(str::to_owned),
        };
        tokens.mint(&grant, outside::wall_clock(), TOKENS_HOLD)
    };
    println!("Alongside: a demonstration scheme of two years, with invented people");
    println!();
    println!(
        "  scheme     {} ({} events, {})",
        demo::SCHEME,
        summary.events,
        if summary.loaded {
            "loaded now"
        } else {
            "loaded before"
        }
    );
    println!("  data       {}", data.display());
    println!("  GraphQL    {url}/graphql      try it at {url}/graphiql");
    println!("  REST       {url}/docs");
    println!("  figures    {url}/metrics      health {url}/readyz");
    println!();
    println!("Tokens, good for eight hours:");
    println!();
    for (role, person, employer) in [
        (Role::Coordinator, None, None),
        (Role::Mentor, Some(summary.mentor.0), None),
        (Role::Mentee, Some(summary.mentee.0), None),
        (Role::Employer, None, Some(summary.employer.0.as_str())),
        (Role::Auditor, None, None),
        (
            Role::EmployerAuditor,
            None,
            Some(summary.employer.0.as_str()),
        ),
        (Role::Administrator, None, None),
        (Role::Commissioner, None, None),
        (Role::Facilitator, None, None),
        (Role::ProjectManager, None, None),
        (Role::Manager, None, None),
    ] {
        println!(
            "  {:<18}{}",
            role.to_string(),
            mint(role, person, employer)?
        );
    }
    let token = mint(Role::Coordinator, None, None)?;
    println!();
    println!("Try next, in another terminal:");
    println!();
    println!("  export TOKEN={token}");
    println!("  curl -sG {url}/graphql -H \"authorization: Bearer $TOKEN\" --data-urlencode \\");
    println!(
        "    'query={{ scheme(id: \"{}\") {{ dashboard {{ stages {{ stage count waitsFor }} }} }} }}'",
        demo::SCHEME
    );
    println!();
    println!("Stop it with Ctrl-C. A second start loads nothing again.");
    Ok(())
}
