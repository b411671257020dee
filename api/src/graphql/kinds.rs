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

/// Somebody who took part in judging whether another mentor is to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::pairing::Judge")]
pub enum Judge {
    /// The mentee.
    Mentee,
    /// The coordinator, or who stands in for them.
    Coordinator,
    /// The mentor of the pairing that broke down.
    Mentor,
    /// Anybody else.
    Other,
}

/// What became of a session that was to be held and was not. Nobody is asked why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::pairing::NotHeld")]
pub enum SessionNotHeld {
    /// Somebody did not come.
    Missed,
    /// It was moved to another day.
    Moved,
    /// It was called off.
    Cancelled,
}

/// How a pair meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::pairing::MeetingFormat")]
pub enum MeetingFormat {
    /// Face to face.
    InPerson,
    /// By telephone.
    Telephone,
    /// In video calls.
    Video,
    /// Now one, now another.
    Mixed,
}

/// What somebody says when they are asked how it goes. There is no more to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::oversight::Word")]
pub enum CheckInWord {
    /// It goes well.
    Fine,
    /// They would like to be rung.
    PleaseRing,
}

/// What a first session is to settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::own_notes::Foundation")]
pub enum Foundation {
    /// What mentoring is for.
    Purpose,
    /// What each expects of the other.
    Expectations,
    /// How they deal with each other.
    GroundRules,
    /// What stays between them, and what does not.
    Confidentiality,
    /// What the mentee hopes to learn.
    LearningOutcomes,
    /// In which ways the mentor helps.
    FormsOfSupport,
}

/// What a pair may do beside talking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::own_notes::Activity")]
pub enum PairActivity {
    /// They looked back at how they work together.
    RelationshipReviewed,
    /// The mentor acted for the mentee.
    ActedForMentee,
    /// The mentor watched the mentee at work.
    PracticeObserved,
    /// The mentor gathered data on the mentee's work.
    WorkDataGathered,
}

/// What can be owed at the end of a pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::closing::OwedKind")]
pub enum OwedKind {
    /// Somebody's report, owed to the scheme.
    Report,
    /// Feedback, owed to a mentor.
    MentorFeedback,
    /// A talk about what support comes next, owed to a mentee.
    OngoingSupport,
}

/// What a line is to an entitlement, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::Entry")]
pub enum EntitlementEntry {
    /// The sessions of the core offer were granted.
    Granted,
    /// They were granted, and what was used before was brought forward.
    BroughtForward,
    /// Sessions were used.
    Used,
    /// A session lay outside the core offer, in number or in time.
    OutsideCoreOffer,
    /// A count was put right downwards: sessions are given back.
    Corrected,
    /// The months were said to run from a day.
    Begun,
    /// The months stand still from here on: the pairing broke down, or the mentee pauses.
    Stopped,
    /// The months run on, longer by the days they stood still.
    RunsOn,
    /// What was left carries over to the next pairing, and the days in between are added.
    CarriedOver,
    /// What was left ended with mentoring.
    Ended,
    /// Mentoring was taken up again, and what had ended is there again.
    TakenUpAgain,
    /// They are not entitled any more.
    Lost,
    /// It bears on the entitlement and changed nothing.
    Noted,
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
    /// In a live pairing that rests because the mentee asked for it.
    Paused,
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
    /// They were forgotten: what is known is that they were here.
    Erased,
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
