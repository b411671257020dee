//! `alongside what-if`: what another policy would have come to, from the log as it is.
//!
//! What it prints names people by identifiers alone. Whoever was forgotten cannot be judged again, and is counted.

use super::{
    Failed, Place,
    replay::fold::{Log, Moment},
};
use clap::Args;
use domain::{policy::Policy, shipped};
use jiff::civil::Date;
use projections::what_if::{self, Otherwise, Reason, what_if};
use serde_json::{Value, json};
use std::{fmt::Write as _, fs, path::Path, path::PathBuf};

/// Judges anew, under another policy, what was notified in a period.
#[derive(Debug, Args)]
pub struct WhatIf {
    /// The scheme.
    #[arg(long, value_name = "ID")]
    scheme: String,
    /// The other policy: a file as `adoptPolicy` takes it (JSON).
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "shipped",
        conflicts_with = "shipped"
    )]
    policy: Option<PathBuf>,
    /// The other policy: the version of one that is shipped.
    #[arg(long, value_name = "VERSION")]
    shipped: Option<String>,
    /// The first day of notices to judge; all before, if absent.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// The last day of notices to judge; all after, if absent.
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
    /// Prints one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl WhatIf {
    pub fn run(self) -> Result<(), Failed> {
        let policy = match (&self.policy, &self.shipped) {
            (Some(file), _) => read(file)?,
            (None, Some(version)) => shipped::policy(version).ok_or_else(|| {
                let known = shipped::POLICIES.join(", ");
                format!("no policy {version:?} is shipped; there are {known}")
            })?,
            (None, None) => return Err("say which policy".into()),
        };
        let (from, to) = (self.from.unwrap_or(Date::MIN), self.to.unwrap_or(Date::MAX));
        if to < from {
            return Err(format!("{to} lies before {from}: give the first day in --from").into());
        }
        let mut log = Log::open(&self.place, &self.scheme)?;
        let state = log.fold(Moment::End, |_| ())?.snapshot;
        let found = what_if(&state, &policy, from, to);
        if self.json {
            println!("{}", object(&self.scheme, &policy, &found));
        } else {
            print!("{}", told(&self.scheme, &policy, &found)?);
        }
        Ok(())
    }
}

fn read(file: &Path) -> Result<Policy, Failed> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| named(&error))?;
    let policy: Policy = serde_json::from_str(&text).map_err(|error| named(&error))?;
    policy.check().map_err(|reason| named(&reason))?;
    Ok(policy)
}

fn object(scheme: &str, policy: &Policy, found: &what_if::WhatIf) -> Value {
    let reason = |reason: &Reason| {
        json!({
            "verdict": reason.verdict,
            "category": reason.category,
            "rule": reason.rule,
            "missing": reason.missing,
        })
    };
    let one = |one: &Otherwise| {
        json!({
            "appointment": one.appointment,
            "person": one.person,
            "judgedWith": one.judged.1,
            "judged": reason(&one.judged.0),
            "would": reason(&one.would),
            "given": one.given.as_ref().map(|(before, after)| json!({ "judged": before, "would": after })),
        })
    };
    json!({
        "scheme": scheme,
        "policy": policy.version,
        "compared": found.compared,
        "leftOut": found.left_out,
        "changed": found.changed.iter().map(one).collect::<Vec<_>>(),
    })
}

fn told(scheme: &str, policy: &Policy, found: &what_if::WhatIf) -> Result<String, Failed> {
    let mut text = format!(
        "{scheme} under {}: {} appointments judged again, {} of them otherwise; {} left out (forgotten, or never judged)\n",
        policy.version,
        found.compared,
        found.changed.len(),
        found.left_out
    );
    for one in &found.changed {
        let (judged, with) = &one.judged;
        writeln!(text, "\n{}  person {}", one.appointment, one.person)?;
        writeln!(text, "  judged  {} with {with}", said(judged))?;
        writeln!(text, "  would   {}", said(&one.would))?;
        if let Some(rule) = policy.rule(&one.would.rule) {
            writeln!(text, "  because {}: {}", rule.section, rule.text)?;
        }
        if let Some((before, after)) = &one.given {
            writeln!(
                text,
                "  given   {} sessions in {} months, would be {} in {}",
                before.sessions_most, before.months_most, after.sessions_most, after.months_most
            )?;
        }
    }
    Ok(text)
}

fn said(reason: &Reason) -> String {
    let category = reason.category.as_ref();
    let category = category.map_or_else(String::new, |category| format!(", category {category}"));
    let missing = match &reason.missing[..] {
        [] => String::new(),
        missing => format!(", missing {}", missing.join(", ")),
    };
    format!(
        "{:?}{category} (rule {}{missing})",
        reason.verdict, reason.rule
    )
}
