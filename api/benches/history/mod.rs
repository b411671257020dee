//! A long history to measure with: the demonstration, as it would be in a scheme hundreds of times as large.
//!
//! The demonstration is played once by the real writer. Then each of its events is written as often as is wanted,
//! every copy about people of its own: the same two years, at the same instants, with identifiers and employee
//! numbers of another round. Records are sealed and appended as the writer does it; only the judging is left out.

use api::{
    demo,
    dispatch::{
        Options, Platform, System,
        codec::{self, Draft},
    },
    telemetry::Metrics,
};
use domain::{Actor, Event, Recorded, ReportedBy};
use event_log::{Embedded, EventStore as _, Kind, Position, SchemeId};
use serde_json::Value;
use std::{error::Error, path::Path, sync::Arc};
use uuid::Uuid;

/// The scheme that is made.
pub const SCHEME: &str = demo::SCHEME;
/// Records appended with one sync.
const GROUP: usize = 512;

type Made<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Makes a data directory for rehearsals with one scheme of at least `events` events; returns how many there are.
pub fn make(directory: &Path, events: u64) -> Made<u64> {
    let once = demonstration()?;
    let opening = once.iter().filter(|recorded| stands_once(recorded)).count() as u64;
    let rounds = events
        .saturating_sub(opening)
        .div_ceil(once.len() as u64 - opening);
    let options = event_log::Options::new(Arc::new(System))
        .create(Kind::Rehearsal)
        .without_index();
    let store = Embedded::open(directory, options)?;
    let scheme = SchemeId::new(SCHEME)?;
    store.create(&scheme)?;
    let (mut position, mut group) = (0, Vec::with_capacity(GROUP));
    for recorded in &once {
        let copies = if stands_once(recorded) { 1 } else { rounds };
        for round in 0..copies {
            position += 1;
            group.push(Draft::new(another(recorded, round, position)?, None, None)?);
            if group.len() == GROUP {
                append(&store, &scheme, position, &mut group)?;
            }
        }
    }
    append(&store, &scheme, position, &mut group)?;
    store.close()?;
    Ok(position)
}

/// The events of the demonstration, in order.
fn demonstration() -> Made<Vec<Recorded>> {
    let folder = tempfile::tempdir()?;
    let mut options = Options::new(folder.path());
    options.create = Some(Kind::Rehearsal);
    options.anchor = demo::ANCHOR;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let platform = Platform::open(&options, Metrics::new())?;
        demo::load(&platform, &mut |_, _| {}).await?;
        platform.shut_down().await;
        Made::Ok(())
    })?;
    let store = Embedded::open_read_only(folder.path(), event_log::Options::new(Arc::new(System)))?;
    let scheme = SchemeId::new(SCHEME)?;
    let (vault, mut reader) = (store.vault(&scheme)?, store.reader(&scheme)?);
    let mut once = Vec::new();
    while let Some(group) = reader.next_group()? {
        for stored in group {
            once.push(codec::understand(&stored.record()?, &vault)?);
        }
    }
    Ok(once)
}

/// What a scheme has once, however large it is.
const fn stands_once(recorded: &Recorded) -> bool {
    matches!(
        recorded.event,
        Event::SchemeOpened(_)
            | Event::PolicyAdopted(_)
            | Event::RegisterAdopted(_)
            | Event::CalendarAdopted(_)
            | Event::YearBroughtForward(_)
    )
}

/// The same event about the people of another round.
fn another(recorded: &Recorded, round: u64, position: u64) -> Made<Recorded> {
    let mut data = recorded.event.data()?;
    rename(&mut data, round);
    Ok(Recorded {
        position,
        id: of_round(recorded.id, round),
        command_id: recorded.command_id.map(|command| of_round(command, round)),
        actor: Actor::clone(&recorded.actor),
        reported_by: recorded.reported_by.as_ref().map(|reported| ReportedBy {
            party: reported.party,
            person: reported
                .person
                .map(|person| of_round(person.0, round).into()),
        }),
        event: Event::decode(recorded.event.kind(), data)?,
        ..recorded.clone()
    })
}

/// Gives every identifier and employee number in `data` its name of `round`.
fn rename(data: &mut Value, round: u64) {
    match data {
        Value::String(text) => {
            if let Ok(id) = text.parse::<Uuid>() {
                *text = of_round(id, round).to_string();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, round)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(number) if name == "employee_number" => {
                        *number = format!("{number}-{round}");
                    }
                    member => rename(member, round),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn of_round(id: Uuid, round: u64) -> Uuid {
    Uuid::new_v5(&id, &round.to_le_bytes())
}

/// Makes the keys a group needs with one sync, seals it, and makes it durable with another.
fn append(store: &Embedded, scheme: &SchemeId, last: u64, group: &mut Vec<Draft>) -> Made<()> {
    let vault = store.vault(scheme)?;
    let subjects: Vec<Uuid> = group
        .iter()
        .flat_map(Draft::subjects)
        .map(|(_, subject)| subject)
        .collect();
    vault.ensure_keys(&subjects)?;
    let before = last - group.len() as u64;
    let sealed = group.drain(..).map(|draft| draft.seal(scheme, &vault));
    store.append(scheme, Position(before), sealed.collect::<Result<_, _>>()?)?;
    Ok(())
}
