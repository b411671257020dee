//! Mentors: invited, registered with a pen portrait they approve, inducted, with the room they say they have.
//!
//! A mentor's standing (eligible, or not, or not yet known) is judged when they are invited and written
//! down; somebody not eligible, not inducted or gone from their post is flagged, not barred (Z01, Z02).

mod command;
mod decide;
mod event;
mod presence;
mod state;
#[cfg(test)]
mod tests;

pub use command::{
    ApprovePenPortrait, InviteMentor, RecordInduction, RegisterMentor, StateCapacity,
};
pub use decide::standing;
pub(crate) use decide::{
    approve_pen_portrait, invite, known_or_new, plausible, record_induction, register,
    state_capacity,
};
pub use event::{
    CapacityStated, Experience, MentorInducted, MentorInvited, MentorProfile, MentorRegistered,
    MentorStatus, PenPortrait, PenPortraitApproved, PersonDetails, Standing,
};
pub use presence::{
    Decider, LeavingPost, MentorLeftPost, MentorPaused, MentorRemoved, MentorResigned,
    MentorResumed, PauseMentor, Presence, RecordMentorLeftPost, RemoveMentor, ResignAsMentor,
    ResumeMentor,
};
pub(crate) use presence::{leave_post, pause, remove, resign, resume};
pub use state::{Mentor, Portrait};
