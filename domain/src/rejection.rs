//! Why the rules say no.
//!
//! A rejection is a short sentence that is safe to show to whoever asked: it names identifiers and
//! days of the request, never a person. The codes are published and never change.

use crate::identifiers::{
    AppointmentId, ArrangedSessionId, CampaignId, ConcernId, EmployerId, InductionDayId, MatchId,
    NeedsAnalysisId, NeedsProfileId, OpportunityId, PairingId, PersonId, SeminarId, ThirdPersonId,
};
use jiff::civil::Date;
use thiserror::Error;
use uuid::Uuid;

/// Which rule of the policy in force a rejection rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// What somebody entitled is given.
    Entitlement,
    /// Who is entitled.
    Eligibility,
    /// How mentors are offered.
    Matching,
    /// How breakdowns and replacements are judged.
    Replacement,
    /// Who may mentor.
    Mentors,
    /// How soon and how contact is made.
    Contact,
    /// How reports are asked for.
    Evaluation,
}

macro_rules! rejections {
    ($($(#[$doc:meta])* $variant:ident $({ $($name:ident: $type:ty),+ })? = $code:literal, $field:expr, $ground:expr, $message:literal;)+) => {
        /// Why the rules say no. Safe to show to whoever asked.
        #[derive(Debug, Clone, PartialEq, Eq, Error)]
        #[expect(missing_docs, reason = "the fields are what the sentence names")]
        pub enum Rejection {
            $($(#[$doc])* #[error($message)] $variant $({ $($name: $type),+ })?,)+
        }

        impl Rejection {
            /// Every code, for the documentation.
            pub const CODES: &[&str] = &[$($code),+];

            /// A name for machines. Published, so it never changes.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant $({ $($name: _),+ })? => $code,)+
                }
            }

            /// The sentence for keeping: without an employer or a day of the request, which together would name a person.
            #[must_use]
            pub fn in_general(&self) -> String {
                match self {
                    Self::UnknownEmployer { .. } => "no such employer stands in the scheme's register".to_owned(),
                    Self::EmployerNotThere { .. } => "the employer does not exist on the first day in post; see its successors in the register".to_owned(),
                    Self::PostNotOfEmployer { .. } => "the employer is not of a kind that has such a post".to_owned(),
                    other => other.to_string(),
                }
            }

            /// The input field it is about, as the API spells it.
            #[must_use]
            pub const fn field(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant $({ $($name: _),+ })? => $field,)+
                }
            }

            /// The part of the policy it rests on.
            #[must_use]
            pub const fn ground(&self) -> Option<Ground> {
                match self {
                    $(Self::$variant $({ $($name: _),+ })? => $ground,)+
                }
            }
        }
    };
}

rejections! {
    /// The scheme already stands, under another name or of another kind.
    SchemeAlreadyOpen = "scheme_already_open", Some("scheme"), None,
        "this scheme was opened before, with another name or kind";
    /// No such scheme was opened.
    SchemeNotOpen = "scheme_not_open", Some("scheme"), None,
        "this scheme has not been opened";
    /// The scheme lacks something without which nothing can be judged.
    SchemeNotReady { missing: &'static str } = "scheme_not_ready", None, None,
        "the scheme has adopted no {missing} that is in force; adopt one first";
    /// Another content already carries this version.
    VersionTaken { version: String } = "version_taken", Some("version"), None,
        "version {version} was adopted before with another content; give the new content a new version";
    /// A policy, register or calendar contradicts itself.
    DocumentInvalid { reason: String } = "document_invalid", Some("document"), None,
        "the document cannot be adopted: {reason}";
    /// A policy may not reach back before its adoption.
    EffectiveBeforeAdoption { effective_from: Date, today: Date } = "effective_before_adoption", Some("effectiveFrom"), None,
        "a policy is never in force before its adoption: {effective_from} lies before {today}";
    /// What is said to have happened lies in the future.
    HappenedInFuture { happened_on: Date, today: Date } = "happened_in_future", Some("happenedOn"), None,
        "{happened_on} has not come yet: today is {today}";

    /// No such person.
    UnknownPerson { person: PersonId } = "unknown_person", Some("person"), None,
        "no person {person} is known to this scheme";
    /// No such mentee.
    UnknownMentee { person: PersonId } = "unknown_mentee", Some("mentee"), None,
        "no mentee {person} is known to this scheme";
    /// No such mentor.
    UnknownMentor { person: PersonId } = "unknown_mentor", Some("mentor"), None,
        "no mentor {person} is known to this scheme";
    /// No such appointment.
    UnknownAppointment { appointment: AppointmentId } = "unknown_appointment", Some("appointment"), None,
        "no appointment {appointment} is known to this scheme";
    /// No such match.
    UnknownMatch { of: MatchId } = "unknown_match", Some("match"), None,
        "no match {of} is known to this scheme";
    /// No such pairing.
    UnknownPairing { pairing: PairingId } = "unknown_pairing", Some("pairing"), None,
        "no pairing {pairing} is known to this scheme";
    /// No such employer.
    UnknownEmployer { employer: EmployerId } = "unknown_employer", Some("employer"), None,
        "no employer {employer} stands in the scheme's register";

    /// Something that must be said was left empty.
    Empty { what: &'static str } = "empty", Some("name"), None,
        "{what} must not be empty";
    /// The employer did not exist on the day the post begins.
    EmployerNotThere { employer: EmployerId, day: Date, successors: String } = "employer_not_there", Some("employer"), None,
        "employer {employer} does not exist on {day}; its successors are: {successors}";
    /// The post is not one of those the scheme is for.
    NotOfThisScheme = "not_of_this_scheme", Some("post"), Some(Ground::Eligibility),
        "this post is not one of those the scheme is for";
    /// The employer is not of a kind that has such a post.
    PostNotOfEmployer { post: String, employer: EmployerId } = "post_not_of_employer", Some("post"), Some(Ground::Eligibility),
        "employer {employer} is not of a kind that has the post {post}";
    /// Dates contradict each other.
    DatesContradict { earlier: &'static str, later: &'static str } = "dates_contradict", Some("endsOn"), None,
        "the dates contradict each other: {later} lies before {earlier}";
    /// The person has begun a journey under the identifier that would be given up.
    JourneyBegun { person: PersonId } = "journey_begun", Some("appointment"), None,
        "person {person} has already been offered mentoring; a notice can be linked only before that";

    /// Contact is by a channel that is recorded.
    ChannelMissing = "channel_missing", Some("channel"), Some(Ground::Contact),
        "say how contact was made";
    /// The person is not entitled.
    NotEligible { person: PersonId } = "not_eligible", Some("mentee"), Some(Ground::Eligibility),
        "person {person} is not entitled to the core offer; enhanced support is offered separately";
    /// Whether the person is entitled is not known yet.
    EligibilityToBeConfirmed { person: PersonId, missing: String } = "eligibility_to_be_confirmed", Some("mentee"), Some(Ground::Eligibility),
        "whether person {person} is entitled is to be confirmed; confirm first: {missing}";
    /// Mentoring has not been offered.
    NotOffered { person: PersonId } = "not_offered", Some("mentee"), None,
        "mentoring has not been offered to person {person}";
    /// The person said no. The offer stays open and nobody is chased.
    AlreadyDeclined { person: PersonId } = "already_declined", Some("mentee"), None,
        "person {person} declined; the offer stays open, record an acceptance when they change their mind";
    /// Mentoring was accepted before, so it can no longer be declined.
    AlreadyAccepted { person: PersonId } = "already_accepted", Some("mentee"), None,
        "person {person} has accepted mentoring; a pairing that ends is recorded as such";
    /// What stands there cannot be corrected by naming it.
    NotCorrectable { entry: Uuid } = "not_correctable", Some("entry"), None,
        "entry {entry} is none that can be corrected; record what holds now with the command of its own";
    /// What stands there is so or not so, and nothing between.
    OnlyTakenBack { entry: Uuid } = "only_taken_back", Some("correction"), None,
        "entry {entry} can be said not to be so, and no more; record what is so with the command of its own";
    /// Others have built on what stands there.
    RestedOn { entry: Uuid, since: &'static str } = "rested_on", Some("entry"), None,
        "entry {entry} cannot be taken back: {since}";
    /// Mentoring has not been accepted.
    NotAccepted { person: PersonId } = "not_accepted", Some("mentee"), None,
        "person {person} has not accepted mentoring";

    /// The pen portrait lacks what an informed choice needs.
    PortraitIncomplete { missing: String } = "portrait_incomplete", Some("mentor"), Some(Ground::Mentors),
        "the registration is not complete; still missing: {missing}";
    /// The mentor has registered no pen portrait.
    NotRegistered { mentor: PersonId } = "not_registered", Some("mentor"), Some(Ground::Mentors),
        "mentor {mentor} has not registered a pen portrait";
    /// The mentor has not approved the pen portrait.
    PortraitNotApproved { mentor: PersonId } = "portrait_not_approved", Some("mentors"), Some(Ground::Mentors),
        "mentor {mentor} has not approved a pen portrait, so no mentee can be shown one";
    /// The mentor has no room.
    MentorFull { mentor: PersonId, capacity: u16 } = "mentor_full", Some("mentors"), Some(Ground::Matching),
        "mentor {mentor} has no room: {capacity} at a time";
    /// Nobody is their own mentor.
    OwnMentor { person: PersonId } = "own_mentor", Some("mentors"), Some(Ground::Matching),
        "person {person} cannot be their own mentor";
    /// More mentors at once than is usual.
    TooManyAtOnce { most: u16 } = "too_many_at_once", Some("mentors"), Some(Ground::Matching),
        "at most {most} mentors are offered at once; say moreThanUsual to offer more";
    /// The mentee is in a live pairing.
    AlreadyPaired { person: PersonId } = "already_paired", Some("mentee"), Some(Ground::Matching),
        "person {person} is in a live pairing";
    /// The match is over.
    MatchClosed { of: MatchId } = "match_closed", Some("match"), Some(Ground::Matching),
        "match {of} is no longer going ahead";
    /// The match lacks a yes.
    MatchNotAgreed { of: MatchId } = "match_not_agreed", Some("matches"), Some(Ground::Matching),
        "match {of} lacks the agreement of both sides";
    /// More people than the policy allows in one pairing.
    TooManyInPairing { most: u16, what: &'static str } = "too_many_in_pairing", Some("matches"), Some(Ground::Matching),
        "a pairing of this scheme has at most {most} {what}";

    /// The mentor paused, resigned or was removed.
    MentorNotTakingPart { mentor: PersonId } = "mentor_not_taking_part", Some("mentors"), Some(Ground::Mentors),
        "mentor {mentor} does not take part at present; record that they are back first";
    /// The mentee is still choosing among mentors who were offered.
    StillChoosing { person: PersonId } = "still_choosing", Some("mentee"), Some(Ground::Matching),
        "person {person} has mentors to choose from; they wait for nobody while a match is open";
    /// No such campaign.
    UnknownCampaign { campaign: CampaignId } = "unknown_campaign", Some("campaign"), None,
        "no campaign {campaign} is known to this scheme";
    /// No such seminar.
    UnknownSeminar { seminar: SeminarId } = "unknown_seminar", Some("seminar"), None,
        "no induction seminar {seminar} is known to this scheme";
    /// No such induction day.
    UnknownInductionDay { day: InductionDayId } = "unknown_induction_day", Some("day"), None,
        "no induction day {day} is known to this scheme";
    /// Who had no place cannot have missed it.
    NoPlace { person: PersonId } = "no_place", Some("mentee"), None,
        "person {person} had no place at this induction day";

    /// The pairing is over.
    PairingOver { pairing: PairingId } = "pairing_over", Some("pairing"), None,
        "pairing {pairing} is over";
    /// It would have happened before the pairing was formed.
    BeforePairing { pairing: PairingId, formed_on: Date } = "before_pairing", Some("happenedOn"), None,
        "pairing {pairing} was formed on {formed_on}; nothing of it can have happened before";
    /// The pairing has not broken down.
    NotBroken { pairing: PairingId } = "not_broken", Some("pairing"), Some(Ground::Replacement),
        "pairing {pairing} has not broken down, so there is no replacement to judge";
    /// It would have been resumed before it was paused.
    BeforePause { pairing: PairingId, paused_on: Date } = "before_pause", Some("happenedOn"), None,
        "pairing {pairing} was paused on {paused_on}; it cannot have been resumed before";
    /// No such session was arranged.
    UnknownArrangedSession { session: ArrangedSessionId, pairing: PairingId } = "unknown_arranged_session", Some("session"), None,
        "no session {session} was arranged in pairing {pairing}";
    /// It would lie before the day on which it was arranged.
    ArrangedBackwards = "arranged_backwards", Some("startsAt"), None,
        "a session is arranged for a day that comes; record one that was held as such";
    /// No difficulty is open.
    NoDifficulty { pairing: PairingId } = "no_difficulty", Some("pairing"), None,
        "no difficulty is open in pairing {pairing}";
    /// No replacement was judged to be right.
    ReplacementNotJudged { person: PersonId } = "replacement_not_judged", Some("mentee"), Some(Ground::Replacement),
        "a pairing of person {person} broke down; judge a replacement first";
    /// The person is not of this pairing.
    NotOfPairing { person: PersonId, pairing: PairingId } = "not_of_pairing", Some("person"), None,
        "person {person} is not of pairing {pairing}";
    /// The report was filed before, with another content.
    AlreadyFiled { pairing: PairingId } = "already_filed", Some("pairing"), Some(Ground::Evaluation),
        "this report on pairing {pairing} was filed before";
    /// A number outside its range.
    OutOfRange { what: &'static str, least: u32, most: u32 } = "out_of_range", Some("count"), None,
        "{what} must be between {least} and {most}";
    /// A text longer than a sealed value may be.
    TooLong { what: &'static str, most: usize } = "too_long", Some("text"), None,
        "{what} is longer than {most} bytes of JSON";

    /// No such analysis of needs.
    UnknownNeedsAnalysis { analysis: NeedsAnalysisId } = "unknown_needs_analysis", Some("analysis"), None,
        "no analysis of needs {analysis} is known to this scheme";
    /// The analysis was destroyed by its mentee.
    NeedsAnalysisDestroyed { analysis: NeedsAnalysisId } = "needs_analysis_destroyed", Some("analysis"), None,
        "analysis of needs {analysis} was destroyed; begin another";
    /// The mentor may read it at most.
    NotSharedToWrite { analysis: NeedsAnalysisId } = "not_shared_to_write", Some("analysis"), None,
        "analysis of needs {analysis} is not shared to be written by a mentor";
    /// What is the mentee's own is recorded on their word.
    WordNeeded { person: PersonId } = "word_needed", Some("reportedBy"), None,
        "this is for mentee {person} to say: record it on their word, in reportedBy";
    /// Nobody else can do it, on whosever word.
    MenteeAlone { person: PersonId } = "mentee_alone", Some("analysis"), None,
        "mentee {person} alone can do this, and nobody on their word";
    /// Another way of meeting a need is chosen and not said.
    OtherWayUnsaid = "other_way_unsaid", Some("tables"), None,
        "whoever chooses another way says in a few words which";
    /// More entries than there is room for.
    TooMany { what: &'static str, most: usize } = "too_many", None, None,
        "there are too many of {what}: at most {most}";
    /// The same thing stands twice in a table.
    NamedTwice { what: &'static str } = "named_twice", Some("tables"), None,
        "a {what} stands in the table twice";
    /// No such profile of needs.
    UnknownNeedsProfile { profile: NeedsProfileId } = "unknown_needs_profile", Some("profile"), None,
        "no profile of needs {profile} is known to this scheme";

    /// No such concern.
    UnknownConcern { concern: ConcernId } = "unknown_concern", Some("concern"), None,
        "no concern {concern} is known to this scheme";
    /// No such third person.
    UnknownThirdPerson { third_person: ThirdPersonId } = "unknown_third_person", Some("thirdPerson"), None,
        "no third person {third_person} is known to this scheme";
    /// What somebody agrees to themselves is recorded on their word.
    OwnWordNeeded { person: PersonId } = "own_word_needed", Some("reportedBy"), None,
        "this is for {person} to say: record it on their word, in reportedBy";
    /// It exists only under a consent that is not in force.
    ConsentNeeded { person: PersonId } = "consent_needed", Some("person"), None,
        "this is kept only with the consent of {person}: it is given with giveConsent";
    /// The person was forgotten.
    PersonErased { person: PersonId } = "person_erased", None, None,
        "person {person} was erased; nothing more can be recorded about them";
    /// No erasure was asked for.
    NoErasure { person: PersonId } = "no_erasure", Some("person"), None,
        "no erasure of person {person} was asked for that could be confirmed or taken back here";
    /// An erasure was asked for on another ground.
    ErasureAsked { person: PersonId } = "erasure_asked", Some("ground"), None,
        "an erasure of person {person} was asked for on another ground; withdraw that first";
    /// Whoever asked cannot confirm.
    SecondPersonNeeded { person: PersonId } = "second_person_needed", Some("person"), None,
        "whoever asked for the erasure of person {person} cannot confirm it; somebody else has to";
    /// Something of one person stands under the key of another, whose erasure nobody asked for.
    IdentifierShared { person: PersonId, other: PersonId } = "identifier_shared", Some("person"), None,
        "a notice of person {person} also stands under the key of person {other}; ask for the other's erasure as well, and both are forgotten together";
    /// An open concern is no hold that is placed by hand.
    HoldsByItself = "holds_by_itself", Some("hold"), None,
        "an open concern holds an erasure by itself; place no hold for it";
    /// The concern is open.
    ConcernOpen { person: PersonId } = "concern_open", Some("hold"), None,
        "a concern by or about person {person} is open; close it first";
    /// No such opportunity.
    UnknownOpportunity { opportunity: OpportunityId } = "unknown_opportunity", Some("opportunity"), None,
        "no opportunity for development {opportunity} is known to this scheme";
    /// What stands in clear may hold no address, which would name a person.
    AddressGiven { what: &'static str } = "address_given", Some("place"), None,
        "{what} stands in clear for ever and may hold no electronic mail address";
    /// Nobody is addressed.
    NobodyToSendTo = "nobody_to_send_to", Some("to"), None,
        "there is nobody to whom this could have been sent";
    /// The mentee never had a mentor.
    NoMentor { person: PersonId } = "no_mentor", Some("mentee"), None,
        "person {person} has no mentor yet";
    /// It would be looked at again before it was sent.
    FollowUpBefore { follow_up_on: Date } = "follow_up_before", Some("followUpOn"), None,
        "{follow_up_on} lies before the day on which the message was sent";

    /// The last day of a period lies before its first.
    PeriodBackwards { from: Date, through: Date } = "period_backwards", Some("through"), None,
        "a period does not end before it begins: {through} lies before {from}";
    /// Figures of a period that goes on would be others tomorrow.
    PeriodNotOver { through: Date, today: Date } = "period_not_over", Some("through"), None,
        "the figures of a period are published once it is over: its last day is {through}, and today is {today}";
    /// The scheme saw no day of the period.
    PeriodBeforeScheme { through: Date, opened_on: Date } = "period_before_scheme", Some("through"), None,
        "the scheme was opened on {opened_on}; a period that ended on {through} has no figures here";
    /// Figures of periods that share days could be subtracted from each other.
    PeriodOverlaps { from: Date, through: Date } = "period_overlaps", Some("from"), None,
        "some of these days are of a period that was published, {from} to {through}; publish just that period again, or one that shares no day with it";

    /// A mentor or mentee is a person, an employer a code, and nobody else is either.
    StandingDoesNotFit = "standing_does_not_fit", Some("role"), None,
        "a mentor or mentee is let in as a person of the scheme, an employer by its code, and any other role without either";
}
