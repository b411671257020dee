//! What was opened of analyses and profiles: every version, in order, so that change over time can be read (R146).

use super::{NeedsProfile, Revision, Tables};
use crate::{Recorded, identifiers::PersonId, matching::Side};
use jiff::civil::Date;
use rpds::VectorSync;
use serde::{Deserialize, Serialize};

/// One version of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The day it was made.
    pub on: Date,
    /// Who made it: the mentee, also where it was recorded on their word, or a mentor.
    pub by: Side,
    /// The table, and with whom it was worked on.
    pub revision: Revision,
}

impl Version {
    pub(crate) fn of(recorded: &Recorded, revision: Revision) -> Self {
        let by_mentor = &*recorded.actor.role == MENTOR;
        Self {
            on: recorded.happened_on,
            by: if by_mentor {
                Side::Mentor
            } else {
                Side::Mentee
            },
            revision,
        }
    }
}

/// The role in which a mentor records, as the access matrix names it.
pub(super) const MENTOR: &str = "mentor";
/// The role in which a mentee records.
pub(super) const MENTEE: &str = "mentee";

/// An analysis, opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// Whose it is.
    pub mentee: PersonId,
    /// Every version of every table, in the order in which they were made.
    pub versions: VectorSync<Version>,
}

impl Opened {
    /// The tables as they stand now.
    #[must_use]
    pub fn tables(&self) -> Tables {
        let versions = self.versions.iter();
        versions.fold(Tables::default(), |tables, version| {
            tables.revised(&version.revision.tables)
        })
    }
}

/// A profile, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedProfile {
    /// Whose needs.
    pub mentee: PersonId,
    /// What it says.
    pub profile: NeedsProfile,
    /// What the mentee has said of it since, in order.
    pub corrections: Vec<Correction>,
}

/// What a mentee said of their profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The day.
    pub on: Date,
    /// Their words.
    pub words: String,
}
