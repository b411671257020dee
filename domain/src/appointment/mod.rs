//! Notices that somebody takes up a post, who that is, and whether it entitles them.
//!
//! ```text
//!  notified ──▶ judged ──▶ amended or linked ──▶ judged again when that changes the verdict
//! ```
//!
//! A notice comes from a personnel system, the coordinator or the press. A personnel system's key is
//! employer and employee number, never a name. Judging again never withdraws mentoring that has begun.

mod command;
mod decide;
mod eligibility;
mod event;
mod state;
#[cfg(test)]
mod tests;
mod time_in_post;

pub use command::{ConfirmFacts, LinkPerson, NotifyAppointment, RecordNotices, UnlinkPerson};
pub use decide::known;
pub(crate) use decide::{
    confirm_facts, link_person, merge_details, notify, record_notices, unlink_person,
};
pub use eligibility::{Outcome, judge};
pub use event::{
    AppointmentAmended, AppointmentFacts, AppointmentNotified, EligibilityJudged, FirstPost, Form,
    NoticesReceived, NotifiedPerson, PersonLinked, PersonUnlinked, Source, Verdict, Versions,
};
pub use state::{Appointment, Judgement};
pub use time_in_post::{days_in_post, in_post_from};
