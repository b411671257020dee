//! The scheme's offer to a person: contact, offer, answer, the start agreed, and what they hope for.
//!
//! ```text
//!             offer              accept
//! not made ──────────▶ open ──────────────▶ accepted
//!                       │ ▲ decline            ▲
//!                       └─▶ declined ──────────┘  nobody is chased, and nobody is shut out
//! ```

mod command;
mod decide;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::{
    AcceptMentoring, AgreeElements, AgreeStart, DeclineMentoring, OfferMentoring, RecordContact,
    RecordPreferences,
};
pub(crate) use decide::{
    accept_mentoring, agree_elements, agree_start, decline_mentoring, offer_mentoring,
    record_contact, record_preferences,
};
pub use event::{
    ContactMade, ContactOutcome, Element, MentoringAccepted, MentoringDeclined, MentoringOffered,
    Preferences, PreferencesRecorded, StartAgreed, SupportAgreed, SupportExplained, Topic,
};
pub use state::{Attempt, Mentee, Offer};
