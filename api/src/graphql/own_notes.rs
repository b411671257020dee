//! What the pair may note for themselves: shown to the pair alone.

use super::{
    access::Class,
    command::mutations,
    kinds::{Foundation, PairActivity},
    pairing::Pairing,
    scalars::Date,
    view::View,
};
use async_graphql::{ID, SimpleObject};
use domain::{own_notes, pairing};

/// What the pair noted for themselves, if they liked. Nothing says what was talked about.
#[derive(Debug, Clone, SimpleObject)]
pub struct OwnNotes {
    /// The foundations laid, in the order in which they were.
    pub foundations: Vec<FoundationLaid>,
    /// What was done beside talking, in the order in which it was told.
    pub activities: Vec<ActivityDone>,
}

/// A foundation that was laid.
#[derive(Debug, Clone, SimpleObject)]
pub struct FoundationLaid {
    /// Which.
    pub foundation: Foundation,
    /// On which day.
    pub on: Date,
}

/// Something done beside talking.
#[derive(Debug, Clone, SimpleObject)]
pub struct ActivityDone {
    /// What.
    pub activity: PairActivity,
    /// On which day.
    pub on: Date,
}

impl View {
    /// What the pair noted for themselves, if the caller is one of them.
    pub fn own_notes(&self, pairing: &pairing::Pairing) -> Option<OwnNotes> {
        let shown = self.sees_pairing(Class::OwnNotes, pairing);
        let notes = &pairing.own_notes;
        shown.then(|| OwnNotes {
            foundations: notes
                .foundations
                .iter()
                .map(|(foundation, on)| FoundationLaid {
                    foundation: (*foundation).into(),
                    on: (*on).into(),
                })
                .collect(),
            activities: notes
                .activities
                .iter()
                .map(|(activity, on)| ActivityDone {
                    activity: (*activity).into(),
                    on: (*on).into(),
                })
                .collect(),
        })
    }
}

mutations! {
    OwnNotesMutations;

    /// Notes which foundations are laid, topic by topic, as far as the pair likes. What was laid before stays so.
    "agreeFoundations" agree_foundations
    /// What `agreeFoundations` needs.
    input AgreeFoundationsInput {
        /// The id of the pairing.
        pairing: ID,
        /// The foundations that are laid now.
        foundations: Vec<Foundation>,
    }
    /// What came of `agreeFoundations`.
    payload AgreeFoundationsPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        own_notes::AgreeFoundations {
            pairing: asked.view().ids().pairing("pairing", &given.pairing)?,
            foundations: given.foundations.iter().map(|foundation| (*foundation).into()).collect(),
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Notes that the pair did something beside talking, on the day given as `happenedOn`.
    "noteActivity" note_activity
    /// What `noteActivity` needs.
    input NoteActivityInput {
        /// The id of the pairing.
        pairing: ID,
        /// What was done.
        activity: PairActivity,
    }
    /// What came of `noteActivity`.
    payload NoteActivityPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        own_notes::NoteActivity {
            pairing: asked.view().ids().pairing("pairing", &given.pairing)?,
            activity: given.activity.into(),
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }
}
