//! What was asked and answered before a crash.

use api::dispatch::{Refusal, Request};
use domain::Recorded;
use jiff::Timestamp;

pub struct Told {
    pub seed: u64,
    /// Rounds of which every command was answered.
    pub rounds: usize,
    pub answered: Vec<Answered>,
    /// Commands of the round that was cut short which were not answered.
    pub open: Vec<(Request, Timestamp)>,
}

pub struct Answered {
    pub request: Request,
    pub at: Timestamp,
    pub answer: Answer,
}

#[derive(Debug)]
pub enum Answer {
    Accepted(Vec<Recorded>),
    Refused(Refusal),
}

impl Answer {
    /// The sentence of a refusal is kept without what the asker wrote, so it is not compared.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Accepted(one), Self::Accepted(two)) => one == two,
            (Self::Refused(one), Self::Refused(two)) => {
                (&one.code, &one.field, &one.rule, one.position)
                    == (&two.code, &two.field, &two.rule, two.position)
            }
            _ => false,
        }
    }
}

impl Told {
    pub fn begin(seed: u64) -> Self {
        Self {
            seed,
            rounds: 0,
            answered: Vec::new(),
            open: Vec::new(),
        }
    }

    pub fn hear(&mut self, request: Request, at: Timestamp, answer: Answer) {
        let before = self
            .answered
            .iter()
            .find(|before| before.request.command_id == request.command_id);
        if let Some(before) = before {
            assert!(answer.is_same(&before.answer), "{answer:?} to a repetition");
        }
        self.answered.push(Answered {
            request,
            at,
            answer,
        });
    }

    /// The last position that somebody was told of.
    pub fn head(&self) -> u64 {
        let told = self.answered.iter().map(|answered| match &answered.answer {
            Answer::Accepted(events) => events.last().map_or(0, |event| event.position),
            Answer::Refused(refusal) => refusal.position,
        });
        told.max().unwrap_or_default()
    }
}
