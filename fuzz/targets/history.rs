//! A history, one event a line as `{"type", "on", "data"}`: folded or halted, and always the same.

use super::world::{ADOPTED, NOW, recorded, today};
use domain::{Event, Recorded};
use projections::{Snapshot, stage::Stage};
use serde_json::Value;

/// More would only be slower.
const EVENTS_MOST: usize = 64;

/// Any lines as what happened in a scheme.
pub fn history(bytes: &[u8]) {
    let mut snapshot = ADOPTED.clone();
    let mut folded: Vec<Recorded> = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n').take(EVENTS_MOST) {
        let Some(event) = read(line, snapshot.position() + 1) else {
            continue;
        };
        let data = event.event.data().expect("an event is JSON");
        let again = Event::decode(event.event.kind(), data).expect("an event reads back");
        assert_eq!(again, event.event);
        let mut next = snapshot.clone();
        if next.fold(&event).is_err() {
            break; // The scheme halts here, and what was half folded is never seen.
        }
        snapshot = next;
        folded.push(event);
    }
    let mut again = ADOPTED.clone();
    for event in &folded {
        again.fold(event).expect("what was folded once folds again");
    }
    assert!(again == snapshot, "the same history is another state");
    ask(&snapshot);
}

fn read(line: &[u8], position: u64) -> Option<Recorded> {
    let mut value: Value = serde_json::from_slice(line).ok()?;
    let kind = value["type"].as_str()?.to_owned();
    let on = value["on"].as_str().and_then(|on| on.parse().ok());
    let event = Event::decode(&kind, value["data"].take()).ok()?;
    Some(recorded(position, on.unwrap_or_else(today), event))
}

/// What everybody asks of a state has an answer.
fn ask(snapshot: &Snapshot) {
    let scheme = &snapshot.scheme;
    let due = domain::due(scheme, NOW);
    assert!(due.is_empty() || domain::next_due(scheme).is_some());
    let mut cards = 0;
    for stage in Stage::ALL {
        for card in snapshot.board.at(stage, None) {
            cards += 1;
            let _due = snapshot
                .board
                .due(card, scheme, Some(&snapshot.particulars), today());
            let _check = projections::entitlement::check(snapshot, card.mentee, today());
        }
    }
    assert_eq!(cards, scheme.mentees.size(), "everybody has one card");
}
