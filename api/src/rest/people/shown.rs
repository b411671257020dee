//! What of a person's record whoever asks is shown.
//!
//! The person is given everything of theirs. Anybody else is given a sealed value only where a line of the matrix shows
//! its class; a value of which nothing is said here is shown to nobody but the person.

use crate::identity::{
    Role,
    access::{Matrix, Relation},
};
use domain::{
    Event, Party, Recorded,
    confidence::{Act, Confidential},
};
use std::sync::Arc;

/// Whoever asks.
pub struct Asker {
    pub own: bool,
    pub coordinates: bool,
    pub matrix: Arc<Matrix>,
    pub role: Role,
}

/// What a record tells that its reader may not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// All of it may be known.
    All,
    /// Only that a match is not going ahead (R090): not why, nor whose doing it was.
    NotGoingAhead,
    /// Only that something was recorded.
    Nothing,
}

/// The class of a sealed value, as the access matrix names it.
pub fn class(kind: &str, path: &str) -> Option<&'static str> {
    Some(match (kind, path) {
        (_, "/details") => "identity",
        (_, "/facts" | "/leaving") | ("mentor.invited" | "mentor.brought-forward", "/profile") => {
            "employment"
        }
        (_, "/portrait") => "pen-portrait",
        (_, "/preferences") => "preferences",
        ("evaluation.filed", "/report") => "evaluation",
        ("meetings.agreed", "/places") => "meeting-places",
        ("needs-analysis.revised", "/revision") => "needs-analysis",
        ("needs-profile.written", "/profile") | ("needs-profile.corrected", "/correction") => {
            "needs-profile"
        }
        ("confidential.recorded", "/act") => "confidential",
        (_, "/holds") => "erasure-holds",
        _ => return None,
    })
}

impl Asker {
    /// Whether this sealed value of the person is shown.
    pub fn sees(&self, recorded: &Recorded, path: &str) -> bool {
        match class(recorded.event.kind(), path) {
            Some("confidential") => self.own || self.sees_confidential(recorded),
            // What holds an erasure is not even the person's own to know: an inquiry would be told of by it.
            Some("erasure-holds") => self.sees_of_all("erasure-holds"),
            Some(class) => self.own || self.sees_of_all(class),
            None => self.own,
        }
    }

    /// The roles that see a class of data about anybody, and those that see it of people they have to do with.
    pub fn who_sees(&self, class: &str) -> Vec<&'static str> {
        let all = Role::ALL.into_iter();
        all.filter(|role| match class {
            "confidential" => self.matrix.query(*role, "concerns").is_some(),
            class => self.matrix.field(*role, class).is_some(),
        })
        .map(Role::as_str)
        .collect()
    }

    /// What of a record in clear is told.
    pub fn told(&self, recorded: &Recorded) -> Told {
        let declined_by_oneself = recorded.actor.role.as_ref() == self.role.as_str();
        match &recorded.event {
            Event::FoundationsAgreed(_) | Event::ActivityNoted(_) if !self.own => Told::Nothing,
            Event::MatchDeclined(_) if self.own && declined_by_oneself => Told::All,
            Event::MatchDeclined(_)
            | Event::MatchLapsed(_)
            | Event::MatchReleased(_)
            | Event::MatchWithdrawn(_)
                if !self.coordinates =>
            {
                Told::NotGoingAhead
            }
            // Why a pairing broke down and who reported it, and who raised a difficulty, the other side is not told.
            Event::DifficultyRaised(_) | Event::DifficultyResolved(_) | Event::PairingBroken(_)
                if !self.coordinates =>
            {
                Told::Nothing
            }
            _ => Told::All,
        }
    }

    fn sees_of_all(&self, class: &str) -> bool {
        self.matrix.field(self.role, class) == Some(Relation::Any)
    }

    /// A coordinator is shown concerns, and of third persons what the office recorded.
    fn sees_confidential(&self, recorded: &Recorded) -> bool {
        let Event::ConfidentialRecorded(confidential) = &recorded.event else {
            return false;
        };
        let concerns = self.matrix.query(self.role, "concerns") == Some(Relation::Any);
        let of_office = |said: &Confidential| match said.act {
            Act::ConcernReferred(_) | Act::ConcernAcknowledged(_) | Act::ConcernClosed(_) => true,
            Act::ThirdPersonAgreed(_) | Act::ConfidenceAccepted(_) | Act::ThirdPersonEnded(_) => {
                said.recorded_by == Party::Operator
            }
        };
        concerns && confidential.act.open().is_none_or(of_office)
    }
}

#[cfg(test)]
mod tests {
    use super::class;
    use crate::{dispatch::codec, identity::access::Matrix};

    /// A new sealed value cannot be forgotten: it has a class of the matrix, or this fails.
    #[test]
    fn every_sealed_value_has_a_class_of_the_matrix() {
        let matrix = Matrix::embedded().expect("readable");
        for (kind, path) in codec::sealed_values() {
            let class = class(kind, path).unwrap_or_else(|| panic!("{kind} {path} has no class"));
            if class != "confidential" {
                let known = matrix.undeclared(crate::identity::access::Section::Fields, [class]);
                assert!(known.is_empty(), "{class} is no class of the matrix");
            }
        }
    }
}
