//! Documents a scheme adopts: a policy, a register or a calendar, told apart by the first byte.

use super::world::{ADOPTED, NOW, act, starters, today};
use domain::{
    Command,
    adoption::{AdoptCalendar, AdoptPolicy, AdoptRegister},
};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

/// Any bytes as a document of one of the three kinds.
pub fn adoption(bytes: &[u8]) {
    let Some((kind, document)) = bytes.split_first() else {
        return;
    };
    let command = match kind % 3 {
        0 => read(document).map(|policy| {
            Command::from(AdoptPolicy {
                policy,
                effective_from: None,
            })
        }),
        1 => read(document).map(|register| Command::from(AdoptRegister { register })),
        _ => read(document).map(|calendar| Command::from(AdoptCalendar { calendar })),
    };
    if let Some(command) = command {
        live_under(&command);
    }
}

/// A document reads back as what it was.
fn read<T: DeserializeOwned + Serialize + PartialEq + Debug>(document: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(document).ok()?;
    let written = serde_json::to_value(&read).expect("a document is JSON");
    let again: T = serde_json::from_value(written).expect("a document reads back");
    assert_eq!(again, read);
    Some(read)
}

/// Whatever is adopted, a scheme can be run under it.
fn live_under(command: &Command) {
    let mut snapshot = ADOPTED.clone();
    if act(&mut snapshot, command).is_err() {
        return;
    }
    let again = act(&mut snapshot, command).expect("what was adopted may be adopted again");
    assert!(again.is_empty(), "and changes nothing");
    let scheme = &snapshot.scheme;
    scheme
        .terms(today())
        .expect("a scheme with all three has terms");
    for (_, _, notice) in starters().rows {
        if let Ok(notice) = notice {
            // Refused, when the document knows no such post or employer.
            let _judged = act(&mut snapshot, &Command::from(notice));
        }
    }
    for mentee in snapshot.scheme.mentees.keys() {
        let card = snapshot.board.card(*mentee).expect("everybody has a card");
        let _due = snapshot
            .board
            .due(card, &snapshot.scheme, Some(&snapshot.particulars), today());
        let _check = projections::entitlement::check(&snapshot, *mentee, today());
    }
    let _due = domain::due(&snapshot.scheme, NOW);
}
