//! The words of the domain that both questions and answers use, as enums of the schema.

use async_graphql::Enum;

/// A side that may have said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Party")]
pub enum Party {
    /// Somebody who is mentored, or may be.
    Mentee,
    /// Somebody who mentors, or may.
    Mentor,
    /// Somebody's employer.
    Employer,
    /// The body that runs the scheme.
    Operator,
    /// A newspaper, a website, an announcement.
    Press,
    /// Anybody else.
    Other,
}

/// How something was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Channel")]
pub enum Channel {
    /// By telephone.
    Telephone,
    /// By electronic mail.
    Email,
    /// By letter.
    Letter,
    /// Face to face.
    InPerson,
    /// In a video call.
    Video,
    /// Pushed by another system.
    System,
}

/// What kind of help a scheme gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::adoption::SchemeKind")]
pub enum SchemeKind {
    /// For people new to a post.
    Mentoring,
    /// For people settled in one.
    Coaching,
}

/// How somebody holds a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::policy::Basis")]
pub enum Basis {
    /// Appointed to it.
    Substantive,
    /// Engaged for a time.
    Interim,
    /// Acting up from another post of the same employer.
    ActingUp,
    /// Holding another director's post to which this one's duties were added.
    AddedRemit,
}

/// Whether a post is somebody's first of its kind. Leave it out where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::appointment::FirstPost")]
pub enum FirstPost {
    /// It is their first.
    Yes,
    /// They held such a post before.
    No,
}

/// Where the scheme learned of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::appointment::Source")]
pub enum AppointmentSource {
    /// An employer's personnel system told.
    PersonnelSystem,
    /// The coordinator learned of it.
    Coordinator,
    /// It was read in the press.
    Press,
}

/// Whether somebody is entitled to the core offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::appointment::Verdict")]
pub enum Verdict {
    /// They are.
    Eligible,
    /// They are not.
    NotEligible,
    /// A fact is not known yet; `missing` names which.
    ToBeConfirmed,
}

/// How an attempt to make contact ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::mentoring::ContactOutcome")]
pub enum ContactOutcome {
    /// They spoke or wrote back.
    Reached,
    /// A message was left.
    MessageLeft,
    /// Nobody answered.
    NoAnswer,
}

/// A part of the support that a mentee may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::mentoring::Element")]
pub enum SupportElement {
    /// Sessions with a mentor.
    Sessions,
    /// An analysis of needs.
    NeedsAnalysis,
    /// The department's one-day induction, places permitting.
    DfeInductionDay,
    /// Information on further development.
    Development,
}

/// How the scheme's offer to a person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::mentoring::Offer")]
pub enum OfferState {
    /// It was not made.
    NotMade,
    /// It was made and is not answered.
    Open,
    /// They said no. The offer stays open, and nobody is chased.
    Declined,
    /// They said yes.
    Accepted,
}

/// What an employer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::EmployerKind")]
pub enum EmployerKind {
    /// A local authority with duties for children's services.
    Council,
    /// A children's services trust or company that works for councils.
    Trust,
    /// Any other employer.
    Other,
}

/// What kind of council an authority is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::CouncilType")]
pub enum CouncilType {
    /// A county council above districts.
    County,
    /// A council that does everything in its area.
    Unitary,
    /// A metropolitan district.
    Metropolitan,
    /// A London borough, or the City.
    LondonBorough,
}

/// Whether a mentor is in post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::mentor::MentorStatus")]
pub enum MentorStatus {
    /// In a post of the scheme's kind.
    Serving,
    /// Retired from such a post.
    Retired,
}

/// Whether somebody may mentor, by the policy in force when it was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::mentor::Standing")]
pub enum MentorStanding {
    /// They may.
    Eligible,
    /// The policy asks for more. A flag, not a bar.
    NotEligible,
    /// A fact is not known yet.
    ToBeConfirmed,
}

/// A side of a match or a pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::matching::Side")]
pub enum Side {
    /// The mentee.
    Mentee,
    /// The mentor.
    Mentor,
}

/// Why a pairing broke down, as far as anybody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::pairing::BreakdownCause")]
pub enum BreakdownCause {
    /// It did not work between them.
    Incompatibility,
    /// Illness.
    Illness,
    /// The mentor left their post.
    MentorLeftPost,
    /// The mentee left their post.
    MenteeLeftPost,
    /// Something else.
    Other,
    /// Nobody said, and nobody need.
    NotStated,
}

/// What was judged after a pairing broke down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::pairing::Replacement")]
pub enum ReplacementJudgement {
    /// Another mentor is to be found; what is left of the entitlement carries over.
    Replace,
    /// Mentoring ends here.
    End,
}

/// Where a mentee is on the way through the scheme, in the order of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::stage::Stage")]
pub enum Stage {
    /// A fact is missing before entitlement can be judged.
    ToConfirm,
    /// Entitled, and not reached yet.
    ToContact,
    /// Reached, and mentoring not offered yet.
    ToOffer,
    /// Offered, and not answered.
    Offered,
    /// Accepted, and no mentor offered.
    ToMatch,
    /// Mentors offered, and a side has not answered.
    Matching,
    /// Both sides have agreed, and the pairing is not formed.
    ToForm,
    /// In a live pairing.
    Paired,
    /// The pairing broke down, and a replacement is not judged.
    BrokenDown,
    /// Over, and a report is still out.
    Evaluating,
    /// Over, with every report filed.
    Ended,
    /// Declined. The offer stays open and nobody is chased.
    Declined,
    /// Not entitled to the core offer.
    NotEligible,
    /// No notice is about this person any more.
    Unlinked,
}

/// Where a mentor is on the way to being available, in the order of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::stage::MentorStage")]
pub enum MentorStage {
    /// Invited, and not registered.
    Invited,
    /// Registered, and the pen portrait not approved.
    ToApprove,
    /// Approved, and not inducted.
    ToInduct,
    /// Ready, with room.
    Available,
    /// Ready, with no room at present.
    Full,
    /// They take nobody new for a while, however far they had come.
    Paused,
    /// They resigned or were removed.
    Gone,
}

/// Who is to act next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::stage::WaitsFor")]
pub enum WaitsFor {
    /// The coordinator.
    Coordinator,
    /// The mentee.
    Mentee,
    /// The mentor.
    Mentor,
    /// Mentee and mentor, either or both.
    Pair,
    /// Mentee and coordinator together.
    MenteeAndCoordinator,
    /// Nobody.
    Nobody,
}

/// What can be due by a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::board::DueKind")]
pub enum DueKind {
    /// A first contact.
    Contact,
    /// An answer to a match, after which it lapses.
    AnswerToMatch,
    /// The sessions of the core offer.
    Sessions,
    /// A report on how well mentoring worked.
    Report,
}
