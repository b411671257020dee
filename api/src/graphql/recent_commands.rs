//! Which command came under which `commandId` lately, so that one identifier is not taken for two commands.
//!
//! The platform answers a repeated identifier with its first outcome, whatever was asked the second time. A client
//! that reuses an identifier by mistake would take that for the outcome of what it asked. What a command said is
//! personal and is kept nowhere for this: only a hash of it under a key of this process, and only of the latest.

use crate::dispatch::Request;
use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};
use uuid::Uuid;

/// How many commands are remembered, over all schemes.
pub const REMEMBERED_MOST: usize = 16_384;

/// Hashes of the commands that came last.
#[derive(Default)]
pub struct RecentCommands {
    key: RandomState,
    remembered: Mutex<Remembered>,
}

#[derive(Default)]
struct Remembered {
    hashes: HashMap<(String, Uuid), u64>,
    order: VecDeque<(String, Uuid)>,
}

impl RecentCommands {
    /// Whether `request` may go on: its identifier is new here, or came with the same command from the same actor.
    pub fn admits(&self, scheme: &str, request: &Request) -> bool {
        let Request {
            command_id,
            command,
            actor,
            happened_on,
            reported_by,
            channel,
            // These do not change what is asked.
            validate_only: _,
            correlation_id: _,
            traceparent: _,
        } = request;
        let said = format!("{command:?} {actor:?} {happened_on:?} {reported_by:?} {channel:?}");
        let hash = self.key.hash_one(said);
        let id = (scheme.to_owned(), *command_id);
        let mut remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = remembered.hashes.get(&id) {
            return *first == hash;
        }
        if remembered.order.len() == REMEMBERED_MOST
            && let Some(oldest) = remembered.order.pop_front()
        {
            remembered.hashes.remove(&oldest);
        }
        remembered.order.push_back(id.clone());
        remembered.hashes.insert(id, hash);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Actor, mentoring::OfferMentoring};

    #[test]
    fn an_identifier_stands_for_one_command_of_one_actor() {
        let recent = RecentCommands::default();
        let (id, mentee, other) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        assert!(recent.admits("a", &offer(id, mentee, mentee)));
        assert!(recent.admits("a", &offer(id, mentee, mentee)), "a retry");
        assert!(
            !recent.admits("a", &offer(id, other, mentee)),
            "another command"
        );
        assert!(
            !recent.admits("a", &offer(id, mentee, other)),
            "another actor"
        );
        assert!(
            recent.admits("b", &offer(id, other, mentee)),
            "another scheme"
        );
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let recent = RecentCommands::default();
        let mentee = Uuid::from_u128(1);
        for number in 0..=REMEMBERED_MOST as u128 {
            assert!(recent.admits("a", &offer(Uuid::from_u128(number), mentee, mentee)));
        }
        let remembered = recent.remembered.lock().expect("nobody panics holding it");
        assert_eq!(remembered.hashes.len(), REMEMBERED_MOST);
        assert_eq!(remembered.order.len(), REMEMBERED_MOST);
    }

    fn offer(command_id: Uuid, mentee: Uuid, actor: Uuid) -> Request {
        Request {
            command_id,
            command: OfferMentoring {
                mentee: mentee.into(),
            }
            .into(),
            actor: Actor {
                id: actor,
                role: "coordinator".into(),
            },
            happened_on: None,
            reported_by: None,
            channel: None,
            validate_only: false,
            correlation_id: None,
            traceparent: None,
        }
    }
}
