//! What of a person's record whoever asks is shown.
//!
//! The person is given everything of theirs. Anybody else is given a sealed value only where a line of the matrix shows
//! its class; a value of which nothing is said here is shown to nobody but the person.

use crate::{
    dispatch::reads::Sensitive,
    identity::{
        Role,
        access::{Class, Matrix, Query},
    },
};
use domain::{
    Event, Party, Recorded,
    confidence::{Act, Confidential},
    correction::Matter,
};
use serde_json::Value;
use std::sync::Arc;

/// Whoever asks.
pub struct Reader {
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

/// Of which class a sealed value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of this one.
    Of(Class),
    /// Of the line of whatever confidential act it turns out to be.
    Confidential,
    /// Who was let in as whom.
    Access,
}

impl Kind {
    /// The name, as the access matrix spells it where it has one.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Of(class) => class.name(),
            Self::Confidential => "confidential",
            Self::Access => Query::Access.name(),
        }
    }

    /// As what it is written down that another than the person was given this value.
    pub fn sensitive(self, recorded: &Recorded, value: &Value) -> Option<Sensitive> {
        match self {
            Self::Of(Class::PenPortrait) => Some(Sensitive::PenPortrait),
            Self::Of(Class::NeedsAnalysis) => Some(Sensitive::NeedsAnalysis),
            Self::Of(Class::NeedsProfile) => Some(Sensitive::NeedsProfile),
            Self::Of(Class::ErasureHolds) => {
                (value["open_concern"] == true).then_some(Sensitive::Concern)
            }
            Self::Of(_) | Self::Access => None,
            Self::Confidential => match act(recorded)?.act {
                Act::ConcernReferred(_) | Act::ConcernAcknowledged(_) | Act::ConcernClosed(_) => {
                    Some(Sensitive::Concern)
                }
                Act::CharacteristicsStated(_) => Some(Sensitive::Characteristics),
                Act::ThirdPersonAgreed(_)
                | Act::ConfidenceAccepted(_)
                | Act::ThirdPersonEnded(_)
                | Act::ConsentGiven(_)
                | Act::ConsentWithdrawn(_) => None,
            },
        }
    }
}

fn act(recorded: &Recorded) -> Option<&Confidential> {
    match &recorded.event {
        Event::ConfidentialRecorded(confidential) => confidential.act.open(),
        _ => None,
    }
}

/// The class of a sealed value.
pub fn class(kind: &str, path: &str) -> Option<Kind> {
    Some(Kind::Of(match (kind, path) {
        ("confidential.recorded", "/act") => return Some(Kind::Confidential),
        ("access.granted", "/standing") => return Some(Kind::Access),
        (_, "/details") => Class::Identity,
        (_, "/facts" | "/leaving") | ("mentor.invited" | "mentor.brought-forward", "/profile") => {
            Class::Employment
        }
        (_, "/portrait") => Class::PenPortrait,
        (_, "/preferences") => Class::Preferences,
        ("evaluation.filed", "/report") => Class::Evaluation,
        ("meetings.agreed", "/places") | ("session.arranged", "/meeting") => Class::MeetingPlaces,
        ("needs-analysis.revised", "/revision") => Class::NeedsAnalysis,
        ("needs-profile.written", "/profile") | ("needs-profile.corrected", "/correction") => {
            Class::NeedsProfile
        }
        (_, "/holds") => Class::ErasureHolds,
        _ => return None,
    }))
}

impl Reader {
    /// Whether this sealed value of the person is shown.
    pub fn sees(&self, recorded: &Recorded, path: &str) -> bool {
        match class(recorded.event.kind(), path) {
            Some(Kind::Confidential) => self.own || self.sees_confidential(recorded),
            // What holds an erasure is not even the person's own to know: an inquiry would be told of by it.
            Some(Kind::Of(Class::ErasureHolds)) => self.sees_of_all(Class::ErasureHolds),
            Some(Kind::Of(class)) => self.own || self.sees_of_all(class),
            Some(Kind::Access) => self.own || self.matrix.query(self.role, Query::Access).of_all(),
            None => self.own,
        }
    }

    /// The roles that see a class of data about anybody, and those that see it of people they have to do with.
    pub fn who_sees(&self, class: Kind) -> Vec<&'static str> {
        let all = Role::ALL.into_iter();
        all.filter(|role| {
            let granted = match class {
                Kind::Confidential => self.matrix.query(*role, Query::Concerns),
                Kind::Access => self.matrix.query(*role, Query::Access),
                Kind::Of(class) => self.matrix.class(*role, class),
            };
            !granted.is_empty()
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
            // Nor is it told that they took it back.
            Event::RecordTakenBack(back)
                if !self.coordinates
                    && matches!(
                        back.told,
                        Matter::MatchDeclined { .. }
                            | Matter::Breakdown { .. }
                            | Matter::Ending { .. }
                            | Matter::Difficulty { .. }
                    ) =>
            {
                Told::Nothing
            }
            _ => Told::All,
        }
    }

    fn sees_of_all(&self, class: Class) -> bool {
        self.matrix.class(self.role, class).of_all()
    }

    /// A coordinator is shown concerns and consents, and of third persons what the office recorded.
    fn sees_confidential(&self, recorded: &Recorded) -> bool {
        let concerns = self.matrix.query(self.role, Query::Concerns).of_all();
        act(recorded).map_or(concerns, |said| match said.act {
            Act::ConcernReferred(_) | Act::ConcernAcknowledged(_) | Act::ConcernClosed(_) => {
                concerns
            }
            Act::ThirdPersonAgreed(_) | Act::ConfidenceAccepted(_) | Act::ThirdPersonEnded(_) => {
                concerns && said.recorded_by == Party::Operator
            }
            Act::ConsentGiven(_) | Act::ConsentWithdrawn(_) => self.sees_of_all(Class::Consent),
            Act::CharacteristicsStated(_) => self.sees_of_all(Class::Characteristics),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::class;
    use crate::dispatch::codec;

    /// A new sealed value cannot be forgotten: it has a class of the matrix, or this fails.
    #[test]
    fn every_sealed_value_has_a_class_of_the_matrix() {
        for (kind, path) in codec::sealed_values() {
            assert!(class(kind, path).is_some(), "{kind} {path} has no class");
        }
    }
}
