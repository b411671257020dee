//! `alongside import`: a starters report, pushed through the same door a personnel system uses.

use super::{Failed, Place, block_on, token::subject};
use crate::{
    dispatch::{Options, Platform, StartError},
    identity::{
        Role,
        access::Matrix,
        token::{Grant, LocalTokens},
    },
    outside, rest,
    telemetry::Metrics,
};
use axum::{
    body::Body,
    http::{Request, header},
};
use clap::Args;
use event_log::OpenError;
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use serde_json::Value;
use std::{path::PathBuf, sync::Arc};
use tower::ServiceExt as _;

/// Pushes a starters report into a scheme.
#[derive(Debug, Args)]
pub struct Import {
    /// The scheme.
    #[arg(long, value_name = "ID")]
    scheme: String,
    /// The employer whose people the report is about, by its code; needed when the report has no column for it.
    #[arg(long, value_name = "CODE")]
    employer: Option<String>,
    /// The key by which a repetition is recognised; made of the report's content, if absent.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// Prints the whole answer as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
    /// The report, as CSV.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Import {
    pub fn run(self) -> Result<(), Failed> {
        let report = std::fs::read(&self.file)
            .map_err(|error| format!("{}: {error}", self.file.display()))?;
        let directory = self.place.directory()?;
        let mut options = Options::new(&directory);
        options.master_key.clone_from(&self.place.master_key);
        options.anchor = crate::demo::ANCHOR;
        let platform = match Platform::open(&options, Metrics::new()) {
            Err(StartError::Directory(error @ OpenError::Locked { .. })) => {
                let push = format!(
                    "curl --data-binary @{} -H 'content-type: text/csv' -H 'idempotency-key: …' -H 'authorization: Bearer …' http://127.0.0.1:8080/v1/schemes/{}/appointments",
                    self.file.display(),
                    self.scheme
                );
                return Err(format!(
                    "{error}; push the report to the running service instead: {push}"
                )
                .into());
            }
            opened => opened?,
        };
        let (status, answer) = block_on(async {
            let answered = self.push(&platform, report).await;
            platform.shut_down().await;
            answered
        })?;
        if self.json {
            println!("{answer:#}");
        } else if status == 200 {
            print(&answer);
        }
        if status == 200 {
            return Ok(());
        }
        let told = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        Err(format!("refused ({status}, {}): {}", told("code"), told("detail")).into())
    }

    async fn push(&self, platform: &Platform, report: Vec<u8>) -> Result<(u16, Value), Failed> {
        let tokens = LocalTokens::new(platform.key().clone());
        let now = outside::wall_clock();
        let grant = Grant {
            subject: subject(Role::Coordinator, None, None),
            role: Role::Coordinator,
            scheme: Some(self.scheme.clone()),
            person: None,
            employer: None,
        };
        let token = tokens.mint(&grant, now, SignedDuration::from_hours(1))?;
        let digest = platform.tokens().digest(&[
            b"import 1",
            self.employer.as_deref().unwrap_or_default().as_bytes(),
            &report,
        ]);
        let key = self.idempotency_key.clone().unwrap_or(digest);
        let employer = self
            .employer
            .as_deref()
            .map(|code| format!("?employer={code}"))
            .unwrap_or_default();
        let request = Request::post(format!(
            "/v1/schemes/{}/appointments{employer}",
            self.scheme
        ))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "text/csv")
        .header("idempotency-key", key)
        .body(Body::from(report))?;
        let router = rest::router(platform.clone(), tokens, Arc::new(Matrix::embedded()?));
        let response = router.oneshot(request).await?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        Ok((status, serde_json::from_slice(&body)?))
    }
}

fn print(answer: &Value) {
    let receipt = &answer["receipt"];
    let count = |name: &str| receipt[name].as_u64().unwrap_or_default();
    println!(
        "{} rows: {} recorded, {} already so, {} refused, {} not of this scheme",
        count("rows"),
        count("recorded"),
        count("alreadySo"),
        count("refused"),
        count("notOfThisScheme"),
    );
    for row in answer["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| row["outcome"] == "refused")
    {
        println!(
            "  line {}: {} ({})",
            row["line"],
            row["message"].as_str().unwrap_or_default(),
            row["code"].as_str().unwrap_or_default()
        );
    }
}
