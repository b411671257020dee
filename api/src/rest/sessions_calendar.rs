//! `GET /v1/schemes/{scheme}/people/{person}/sessions.ics`: the sessions that somebody arranged, as a calendar file.
//!
//! It is for the person alone: when and where a pair meets is their own. What is called off stands in it until its day
//! is over, so that a calendar that took it in takes it out. A time that was told by somebody who is forgotten is gone.

use super::{
    Edge,
    admission::Visitor,
    failure::Refused,
    icalendar::{Entry, calendar},
    schemes::snapshot,
};
use crate::{
    http::problem::Code,
    identity::{
        access::{Class, Query},
        standing::{Asker, Thing},
    },
};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::{IntoResponse, Response},
};
use domain::{arrangement::ArrangedSession, calendar::Calendar, identifiers::PersonId};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use projections::Snapshot;
use uuid::Uuid;

/// The handler.
pub async fn show(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<(String, Uuid)>, PathRejection>,
) -> Result<Response, Refused> {
    let (matrix, role) = (&edge.matrix, visitor.0.role);
    let granted = visitor.granted(matrix.query(role, Query::SessionsCalendar))?;
    let places = visitor.granted(matrix.class(role, Class::MeetingPlaces))?;
    let (scheme, person) = match path {
        Ok(Path((scheme, person))) => (Ok(Path(scheme)), Some(PersonId(person))),
        Err(unread) => (Err(unread), None),
    };
    let scheme = visitor.scheme(scheme)?;
    let snapshot = snapshot(&edge, &scheme, None).await?;
    let standing = Asker::new(&visitor.0, &snapshot);
    let known = person.filter(|person| {
        let thing = Thing::Person(*person);
        standing.may(granted, thing)
            && standing.may(places, thing)
            && snapshot.scheme.takes_part(*person)
    });
    let Some(person) = known else {
        let detail = "Nobody like that is known here to whom you may ask.";
        return Err(Refused::new(Code::NotFound, detail));
    };
    let today = edge.platform.today(&scheme, &snapshot);
    let file = calendar(&entries(&snapshot, person, today));
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"sessions.ics\"",
        ),
    ];
    Ok((headers, file).into_response())
}

/// The sessions of somebody whose day is not over, earliest first.
fn entries(snapshot: &Snapshot, person: PersonId, today: Date) -> Vec<Entry> {
    let zone = snapshot.scheme.calendar().map(Calendar::zone);
    let zone = zone.unwrap_or(TimeZone::UTC);
    let pairings = snapshot.scheme.pairings.values();
    let own = pairings.filter(|pairing| pairing.side_of(person).is_ok());
    let arranged = own.flat_map(|pairing| &pairing.arranged);
    let mut entries: Vec<Entry> = arranged
        .filter_map(|session| entry(snapshot, session, &zone, today))
        .collect();
    entries.sort_by_key(|entry| (entry.starts_at, entry.id));
    entries
}

fn entry(
    snapshot: &Snapshot,
    session: &ArrangedSession,
    zone: &TimeZone,
    today: Date,
) -> Option<Entry> {
    let meeting = snapshot.particulars.arranged_meeting(session.id)?;
    let last = meeting.ends_at.unwrap_or(meeting.starts_at);
    if last.date() < today {
        return None;
    }
    Some(Entry {
        id: session.id.0,
        sequence: session.changes,
        changed_at: session.changed_at,
        starts_at: instant(meeting.starts_at, zone)?,
        ends_at: meeting.ends_at.and_then(|ends| instant(ends, zone)),
        summary: "Mentoring session",
        place: meeting.place.clone(),
        called_off: session.called_off_on.is_some(),
    })
}

/// The instant at which the clocks of the scheme show this.
fn instant(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let zoned = zone.to_ambiguous_zoned(at).compatible();
    zoned.ok().map(|zoned| zoned.timestamp())
}
