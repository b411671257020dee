//! What is being worked through just now: a second request under the same key hears so.

use super::{Answer, Delivery, another_body};
use crate::{http::problem::Code, rest::failure::Refused};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The deliveries that are being worked through in this process.
#[derive(Clone, Default)]
pub struct Running(Arc<Mutex<HashMap<String, Place>>>);

struct Place {
    body: String,
    /// What was answered, while the entry that keeps it is on its way to the disk.
    answer: Option<Answer>,
}

/// Whose turn a delivery is.
pub enum Turn {
    /// The asker's, until the claim is dropped.
    Taken(Claim),
    /// It was worked through a moment ago.
    Answered(Answer),
}

/// A delivery's place among those; free again when dropped.
pub struct Claim {
    running: Running,
    key: String,
}

impl Running {
    /// Takes the place of a delivery, unless it is taken.
    pub fn claim(&self, delivery: &Delivery) -> Result<Turn, Refused> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match running.get(&delivery.key) {
            Some(place) if place.body != delivery.body => Err(another_body()),
            Some(Place {
                answer: Some(answer),
                ..
            }) => Ok(Turn::Answered(answer.clone())),
            Some(_) => Err(Refused::new(
                Code::IdempotencyInProgress,
                "The first delivery under this key is being worked through; ask again shortly.",
            )),
            None => {
                let place = Place {
                    body: delivery.body.clone(),
                    answer: None,
                };
                running.insert(delivery.key.clone(), place);
                Ok(Turn::Taken(Claim {
                    running: self.clone(),
                    key: delivery.key.clone(),
                }))
            }
        }
    }
}

impl Claim {
    /// Whoever asks again from now on hears this.
    pub fn answered(&self, answer: &Answer) {
        let running = self.running.0.lock();
        let mut running = running.unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = running.get_mut(&self.key) {
            place.answer = Some(answer.clone());
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let running = self.running.0.lock();
        running
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::tokens::Tokens;
    use uuid::Uuid;

    #[test]
    fn a_place_is_taken_once_and_free_when_dropped() {
        let tokens = Tokens::new(&[7; 32]);
        let delivery = |body: &[u8]| Delivery::new(&tokens, Uuid::nil(), "/", "key", &[body]);
        let running = Running::default();
        let Ok(Turn::Taken(claim)) = running.claim(&delivery(b"one")) else {
            panic!("free");
        };
        let again = running.claim(&delivery(b"one")).err().expect("taken");
        assert_eq!(again.problem().code(), "idempotency_in_progress");
        let answer = Answer {
            status: axum::http::StatusCode::OK,
            body: "{}".to_owned(),
        };
        claim.answered(&answer);
        let again = running.claim(&delivery(b"one"));
        assert!(matches!(again, Ok(Turn::Answered(told)) if told == answer));
        let other = running.claim(&delivery(b"two")).err().expect("taken");
        assert_eq!(other.problem().code(), "idempotency_mismatch");
        drop(claim);
        assert!(running.claim(&delivery(b"two")).is_ok());
    }
}
