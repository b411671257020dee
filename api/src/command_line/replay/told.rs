//! What a replay says: to a person in lines, to a machine as one object.

use super::{fold::Replayed, history::Told};
use crate::command_line::Failed;
use event_log::Digest;
use projections::{
    Snapshot,
    difference::{Change, Difference, Judged, capacity_default},
    stage::{MentorStage, Stage},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt::{Debug, Display, Write as _},
};
use uuid::Uuid;

/// What the whole history comes to.
pub fn replayed(scheme: &str, replayed: &Replayed, as_json: bool) -> Result<String, Failed> {
    let snapshot = &replayed.snapshot;
    let digest = Digest(snapshot.digest()?);
    if as_json {
        let object = json!({
            "scheme": scheme,
            "position": snapshot.position().to_string(),
            "firstRecordedAt": replayed.first,
            "lastRecordedAt": replayed.last,
            "stateDigest": format!("sha256:{digest}"),
            "events": replayed.kinds,
            "mentees": stages(snapshot).collect::<BTreeMap<_, _>>(),
            "mentors": mentor_stages(snapshot).collect::<BTreeMap<_, _>>(),
            "pairings": snapshot.scheme.pairings.size(),
        });
        return Ok(format!("{object}\n"));
    }
    let mut text = format!("{scheme}: {} events\n", snapshot.position());
    if let (Some(first), Some(last)) = (&replayed.first, &replayed.last) {
        writeln!(text, "recorded from {first} to {last}")?;
    }
    writeln!(text, "state sha256:{digest}")?;
    counts(&mut text, "events", &replayed.kinds)?;
    counts(&mut text, "mentees by stage", stages(snapshot))?;
    counts(&mut text, "mentors by stage", mentor_stages(snapshot))?;
    Ok(text)
}

/// What changed from one moment to another.
pub fn difference(scheme: &str, found: &Difference, as_json: bool) -> Result<String, Failed> {
    if as_json {
        let object = json!({
            "scheme": scheme,
            "from": found.from.to_string(),
            "to": found.to.to_string(),
            "events": found.recorded,
            "mentees": changes(&found.mentees, |stage| json!(format!("{stage:?}"))),
            "mentors": changes(&found.mentors, |stage| json!(format!("{stage:?}"))),
            "pairings": changes(&found.pairings, |state| json!(format!("{state:?}"))),
            "verdicts": changes(&found.verdicts, |judged| json!(judged)),
        });
        return Ok(format!("{object}\n"));
    }
    let mut text = format!(
        "{scheme}: from position {} to position {}\n",
        found.from, found.to
    );
    counts(&mut text, "events", &found.recorded)?;
    lines(&mut text, "mentees at another stage", &found.mentees)?;
    lines(&mut text, "mentors at another stage", &found.mentors)?;
    lines(&mut text, "pairings", &found.pairings)?;
    let verdicts = found.verdicts.iter().map(|change| Change {
        of: change.of,
        before: change.before.as_ref().map(verdict),
        after: change.after.as_ref().map(verdict),
    });
    lines(&mut text, "verdicts", &verdicts.collect::<Vec<_>>())?;
    Ok(text)
}

/// One person's or one pairing's history.
pub fn history(
    scheme: &str,
    subject: Uuid,
    steps: &[Told],
    as_json: bool,
) -> Result<String, Failed> {
    if as_json {
        let entries = steps.iter().map(|step| {
            let changed = step.changed.iter().map(|(name, before, after)| {
                (
                    (*name).to_owned(),
                    json!({ "before": before, "after": after }),
                )
            });
            json!({
                "position": step.position.to_string(),
                "recordedAt": step.recorded_at,
                "happenedOn": step.happened_on,
                "type": step.kind,
                "role": step.role,
                "changed": changed.collect::<serde_json::Map<_, _>>(),
            })
        });
        let entries: Vec<Value> = entries.collect();
        let object = json!({ "scheme": scheme, "subject": subject, "entries": entries });
        return Ok(format!("{object}\n"));
    }
    let mut text = format!("{scheme}: {} entries about {subject}\n", steps.len());
    for step in steps {
        writeln!(
            text,
            "{:>9}  {}  happened {}  {} ({})",
            step.position, step.recorded_at, step.happened_on, step.kind, step.role
        )?;
        for (name, before, after) in &step.changed {
            writeln!(
                text,
                "           {name}: {} → {}",
                or_none(before.as_deref()),
                or_none(after.as_deref())
            )?;
        }
    }
    Ok(text)
}

fn or_none(word: Option<&str>) -> &str {
    word.unwrap_or("none")
}

fn counts<K: Display, N: Display>(
    text: &mut String,
    title: &str,
    all: impl IntoIterator<Item = (K, N)>,
) -> std::fmt::Result {
    writeln!(text, "\n{title}")?;
    for (name, count) in all {
        writeln!(text, "  {count:>7}  {name}")?;
    }
    Ok(())
}

fn lines<K: Display, S: Debug>(
    text: &mut String,
    title: &str,
    changes: &[Change<K, S>],
) -> std::fmt::Result {
    writeln!(text, "\n{title}: {}", changes.len())?;
    let word = |state: Option<&S>| match state {
        Some(state) => format!("{state:?}").trim_matches('"').to_owned(),
        None => "none".to_owned(),
    };
    for change in changes {
        let (before, after) = (word(change.before.as_ref()), word(change.after.as_ref()));
        writeln!(text, "  {}  {before} → {after}", change.of)?;
    }
    Ok(())
}

fn verdict(judged: &Judged) -> String {
    let verdict = judged.verdict.map(|verdict| format!("{verdict:?}"));
    format!(
        "{} (rule {}, policy {}, person {})",
        or_none(verdict.as_deref()),
        or_none(judged.rule.as_deref()),
        or_none(judged.policy.as_deref()),
        judged.person
    )
}

fn changes<K: Display, S>(all: &[Change<K, S>], shown: impl Fn(&S) -> Value) -> Vec<Value> {
    let one = |change: &Change<K, S>| {
        json!({
            "id": change.of.to_string(),
            "before": change.before.as_ref().map(&shown),
            "after": change.after.as_ref().map(&shown),
        })
    };
    all.iter().map(one).collect()
}

fn stages(snapshot: &Snapshot) -> impl Iterator<Item = (String, usize)> {
    Stage::ALL
        .into_iter()
        .map(|stage| (format!("{stage:?}"), snapshot.board.count(stage)))
}

fn mentor_stages(snapshot: &Snapshot) -> impl Iterator<Item = (String, usize)> {
    let capacity = capacity_default(&snapshot.scheme);
    MentorStage::ALL.into_iter().map(move |stage| {
        let mentors = snapshot.scheme.mentors.values();
        let at = mentors.filter(|mentor| MentorStage::of(mentor, capacity) == stage);
        (format!("{stage:?}"), at.count())
    })
}
