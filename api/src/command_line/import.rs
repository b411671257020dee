//! `alongside import`: a starters report or an old spreadsheet, pushed through the same doors as over HTTP.

use super::{Failed, Place, block_on, token::subject, verify_bundle};
use crate::{
    dispatch::{Options, Platform, StartError},
    identity::{
        Role,
        token::{Grant, LocalTokens},
    },
    outside, rest,
    telemetry::Metrics,
};
use axum::{
    body::Body,
    http::{Request, header},
};
use clap::{Args, ValueEnum};
use event_log::{OpenError, VerifierKey};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, civil::Date};
use serde_json::Value;
use std::path::PathBuf;
use tower::ServiceExt as _;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Who takes up a post, as a personnel system reports it.
    Starters,
    /// What there was before: mentors, pairings and directors from a spreadsheet that was kept for years.
    PastYear,
}

/// Pushes a starters report or an old spreadsheet into a scheme.
#[derive(Debug, Args)]
pub struct Import {
    /// The scheme.
    #[arg(
        long,
        value_name = "ID",
        required_unless_present = "bundle",
        default_value_t
    )]
    scheme: String,
    /// Checks this audit bundle and keeps it in the data directory, which is made if there is none, to be read and given on.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scheme", "file", "kind"])]
    bundle: Option<PathBuf>,
    /// With `--bundle`: the log's key, as its holder made it known; of several, one must have signed.
    #[arg(long, value_name = "KEY", requires = "bundle")]
    key: Vec<VerifierKey>,
    /// With `--bundle`: the last checkpoint that was kept elsewhere, in a file.
    #[arg(long, value_name = "FILE", requires = "bundle")]
    checkpoint: Option<PathBuf>,
    /// What the file holds.
    #[arg(long, value_enum, default_value_t = Kind::Starters)]
    kind: Kind,
    /// Judges every row and records nothing; of an old spreadsheet only.
    #[arg(long)]
    dry_run: bool,
    /// The first day of the year whose figures an old spreadsheet holds, as yyyy-mm-dd.
    #[arg(long, value_name = "DAY", requires = "until")]
    from: Option<Date>,
    /// The last day of that year.
    #[arg(long, value_name = "DAY", requires = "from")]
    until: Option<Date>,
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
    /// The report or spreadsheet, as CSV.
    #[arg(value_name = "FILE", required_unless_present = "bundle")]
    file: Option<PathBuf>,
}

impl Import {
    pub fn run(self) -> Result<(), Failed> {
        if let Some(bundle) = &self.bundle {
            let checkpoint = self.checkpoint.as_deref();
            let expected = verify_bundle::expected(&self.key, checkpoint)?;
            let directory = self.place.directory()?;
            return verify_bundle::keep(bundle, &directory, &expected, self.json);
        }
        if let Some(foreign) = self.foreign() {
            return Err(foreign.into());
        }
        let file = self.file.as_deref().ok_or("name the file to import")?;
        let report = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let directory = self.place.directory()?;
        let mut options = Options::new(&directory);
        options.master_keys = self.place.master_keys()?;
        options.anchor = crate::demo::ANCHOR;
        let platform = match Platform::open(&options, Metrics::new()) {
            Err(StartError::Directory(error @ OpenError::Locked { .. })) => {
                let push = format!(
                    "curl --data-binary @{} -H 'content-type: text/csv' -H 'idempotency-key: …' -H 'authorization: Bearer …' http://127.0.0.1:8080{}",
                    file.display(),
                    self.path()
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
            match self.kind {
                Kind::Starters => print(&answer),
                Kind::PastYear => print_past_year(&answer),
            }
        }
        if status == 200 {
            return Ok(());
        }
        let told = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        Err(format!("refused ({status}, {}): {}", told("code"), told("detail")).into())
    }

    /// An option that means nothing for this kind of file.
    fn foreign(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Starters if self.dry_run || self.from.is_some() => {
                Some("--dry-run, --from and --until are of --kind past-year only")
            }
            Kind::PastYear if self.employer.is_some() || self.idempotency_key.is_some() => Some(
                "--employer and --idempotency-key are of --kind starters only: an old spreadsheet names its councils, and the same row is known by its content",
            ),
            _ => None,
        }
    }

    fn path(&self) -> String {
        let asked =
            |name: &str, value: Option<String>| value.map(|value| format!("{name}={value}"));
        let (resource, parameters) = match self.kind {
            Kind::Starters => (
                "appointments",
                vec![asked("employer", self.employer.clone())],
            ),
            Kind::PastYear => (
                "past-year",
                vec![
                    asked("validateOnly", self.dry_run.then(|| "true".to_owned())),
                    asked("from", self.from.map(|day| day.to_string())),
                    asked("until", self.until.map(|day| day.to_string())),
                ],
            ),
        };
        let parameters: Vec<String> = parameters.into_iter().flatten().collect();
        let query = if parameters.is_empty() { "" } else { "?" };
        format!(
            "/v1/schemes/{}/{resource}{query}{}",
            self.scheme,
            parameters.join("&")
        )
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
        let request = Request::post(self.path())
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "text/csv")
            .header("idempotency-key", key)
            .body(Body::from(report))?;
        let router = rest::router(platform.clone(), tokens, self.place.matrix()?);
        let response = router.oneshot(request).await?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        Ok((status, serde_json::from_slice(&body)?))
    }
}

fn print_past_year(answer: &Value) {
    let count = |name: &str| answer["receipt"][name].as_u64().unwrap_or_default();
    println!(
        "{}{} rows: {} recorded, {} already so, {} counted, {} refused",
        if answer["validateOnly"] == true {
            "A trial, of which nothing is recorded. "
        } else {
            ""
        },
        count("rows"),
        count("recorded"),
        count("alreadySo"),
        count("counted"),
        count("refused"),
    );
    for row in answer["rows"].as_array().into_iter().flatten() {
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        if row["outcome"] == "refused" {
            println!(
                "  line {}: {} {} ({})",
                row["line"],
                text("field"),
                text("message"),
                text("code")
            );
        }
        for (name, said) in [
            ("flags", "to be seen to"),
            ("assumed", "assumed in part"),
            ("notUnderstood", "left unknown"),
        ] {
            let told: Vec<&str> = row[name]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            if !told.is_empty() {
                println!("  line {}: {said}: {}", row["line"], told.join(", "));
            }
        }
    }
    let year = &answer["year"];
    if year.is_object() && year["outcome"].is_null() {
        println!("  the figures of the year are recorded once no row is refused any more");
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
