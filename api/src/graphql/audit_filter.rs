//! What of the history somebody looks for, as they say it. What cannot be meant is refused: an empty answer would look like one.

use super::{
    error::{Code, field_error},
    kinds::{Channel, Party},
    scalars::{Date, DateTime},
    view::View,
};
use async_graphql::{Error, ID, InputObject, Result};
use domain::Event;
use projections::trail::{Filter, Late};
use uuid::Uuid;

/// Which entries of the history you want: those that are all of what you say. Whatever is left out does not matter.
#[derive(Debug, Clone, Default, InputObject)]
pub struct AuditFilter {
    /// The id of a mentee, mentor, appointment, match or pairing the entry is about.
    pub subject: Option<ID>,
    /// The id of who recorded it, as `actor` shows it.
    pub actor: Option<Uuid>,
    /// Recorded in one of these roles, as `actor` shows them, for example `coordinator`.
    pub roles: Option<Vec<String>>,
    /// Event types, for example `session.held`, or all of a family: `session.*`.
    pub types: Option<Vec<String>>,
    /// Heard in one of these ways.
    pub channels: Option<Vec<Channel>>,
    /// On the word of one of these sides, where that is not the actor's own.
    pub reported_by: Option<Vec<Party>>,
    /// Recorded at this instant or later.
    pub from: Option<DateTime>,
    /// Recorded before this instant.
    pub before: Option<DateTime>,
    /// Happened on this day or later, as claimed.
    pub happened_from: Option<Date>,
    /// Happened on this day or earlier, as claimed.
    pub happened_to: Option<Date>,
    /// Recorded at least so many days after it happened: see `daysLate`.
    pub days_late_least: Option<i32>,
    /// Only entries that correct another or take it back, those with `corrects`; or only the others.
    pub corrections: Option<bool>,
}

impl View {
    /// What is looked for, once it can be meant.
    pub fn filter(&self, given: Option<AuditFilter>) -> Result<Filter> {
        let given = given.unwrap_or_default();
        check(&given)?;
        let subject = given.subject.as_ref();
        Ok(Filter {
            subject: subject
                .map(|id| self.ids().subject("filter.subject", id))
                .transpose()?,
            actor: given.actor,
            roles: given.roles,
            kinds: given.types.as_deref().map(kinds).transpose()?,
            channels: all(given.channels),
            parties: all(given.reported_by),
            from: given.from.map(|instant| instant.0),
            before: given.before.map(|instant| instant.0),
            happened_from: given.happened_from.map(|day| day.0),
            happened_to: given.happened_to.map(|day| day.0),
            late: given.days_late_least.map(|by_days| Late {
                by_days,
                zone: self.time_zone(),
            }),
            corrects: given.corrections,
        })
    }
}

fn all<Given, Meant: From<Given>>(given: Option<Vec<Given>>) -> Option<Vec<Meant>> {
    given.map(|all| all.into_iter().map(Into::into).collect())
}

/// Refuses what no entry can be.
fn check(given: &AuditFilter) -> Result<()> {
    let is_empty = [
        ("filter.roles", given.roles.as_ref().map(Vec::is_empty)),
        ("filter.types", given.types.as_ref().map(Vec::is_empty)),
        (
            "filter.channels",
            given.channels.as_ref().map(Vec::is_empty),
        ),
        (
            "filter.reportedBy",
            given.reported_by.as_ref().map(Vec::is_empty),
        ),
    ];
    if let Some((field, _)) = is_empty.iter().find(|(_, empty)| *empty == Some(true)) {
        return Err(bad(
            field,
            "An empty list admits no entry. Leave it out if it does not matter.",
        ));
    }
    if let (Some(from), Some(before)) = (given.from, given.before)
        && before.0 <= from.0
    {
        let message = "`before` is not after `from`, so no entry lies between them.";
        return Err(bad("filter.before", message));
    }
    if let (Some(from), Some(to)) = (given.happened_from, given.happened_to)
        && to.0 < from.0
    {
        let message =
            "`happenedTo` lies before `happenedFrom`: give the first day in `happenedFrom`.";
        return Err(bad("filter.happenedTo", message));
    }
    if given.days_late_least.is_some_and(|days| days < 0) {
        let message = "Nothing is recorded fewer than 0 days late.";
        return Err(bad("filter.daysLateLeast", message));
    }
    Ok(())
}

/// The types that are named, one by one or by family.
fn kinds(named: &[String]) -> Result<Vec<String>> {
    let mut kinds = Vec::new();
    for (index, name) in named.iter().enumerate() {
        let family = name
            .strip_suffix('*')
            .filter(|family| family.ends_with('.'));
        let before = kinds.len();
        let known = Event::KINDS.iter().map(|(kind, _)| *kind);
        let meant = known.filter(|kind| match family {
            Some(family) => kind.starts_with(family),
            None => kind == name,
        });
        kinds.extend(meant.map(str::to_owned));
        if kinds.len() == before {
            let message = "There is no such event type. Each is published with its JSON Schema; a family is named like `session.*`.";
            return Err(bad(&format!("filter.types.{index}"), message));
        }
    }
    Ok(kinds)
}

fn bad(field: &str, message: &str) -> Error {
    field_error(Code::InvalidInput, field, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Result<Vec<String>> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        kinds(&names)
    }

    #[test]
    fn types_are_named_one_by_one_or_by_family() {
        assert_eq!(
            named(&["record.*"]).unwrap(),
            ["record.corrected", "record.taken-back"]
        );
        assert_eq!(named(&["session.held"]).unwrap(), ["session.held"]);
        for unknown in [
            "session",
            "session.*.",
            "*",
            ".*",
            "nothing.*",
            "Session.held",
        ] {
            assert!(named(&["session.held", unknown]).is_err(), "{unknown}");
        }
    }

    #[test]
    fn what_no_entry_can_be_is_refused() {
        let day = |text: &str| Some(Date(text.parse().unwrap()));
        let instant = |text: &str| Some(DateTime(text.parse().unwrap()));
        let none = AuditFilter::default;
        let bad = [
            AuditFilter {
                types: Some(vec![]),
                ..none()
            },
            AuditFilter {
                channels: Some(vec![]),
                ..none()
            },
            AuditFilter {
                days_late_least: Some(-1),
                ..none()
            },
            AuditFilter {
                happened_from: day("2026-03-03"),
                happened_to: day("2026-03-02"),
                ..none()
            },
            AuditFilter {
                from: instant("2026-03-03T00:00:00Z"),
                before: instant("2026-03-03T00:00:00Z"),
                ..none()
            },
        ];
        for filter in &bad {
            assert!(check(filter).is_err(), "{filter:?}");
        }
        let one_day = AuditFilter {
            happened_from: day("2026-03-02"),
            happened_to: day("2026-03-02"),
            days_late_least: Some(0),
            ..none()
        };
        assert!(check(&one_day).is_ok());
    }
}
