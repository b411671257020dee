//! Who appears in the tests, and how far they have come.

use super::World;
use crate::{
    adoption::{OpenScheme, SchemeKind},
    appointment::{FirstPost, NotifyAppointment, Source},
    entitlement::{Balance, balance},
    identifiers::{AppointmentId, MatchId, PairingId, PersonId},
    matching::{AcceptMatch, OfferMatches, Side},
    mentor::{
        ApprovePenPortrait, Experience, InviteMentor, MentorStatus, PenPortrait, PersonDetails,
        RegisterMentor,
    },
    mentoring::{AcceptMentoring, Mentee, OfferMentoring},
    pairing::{
        BreakPairing, BreakdownCause, FormPairing, Judge, JudgeReplacement, Pairing, RecordSession,
        Replacement, ReportSessionCount,
    },
    policy::Basis,
    register::CouncilType,
};
use jiff::civil::date;
use uuid::Uuid;

pub(crate) const BRISTOL: &str = "E06000023";
pub(crate) const BIRMINGHAM: &str = "E08000025";
pub(crate) const BIRMINGHAM_TRUST: &str = "trust-birmingham";

/// Somebody nobody has heard of.
pub(crate) fn stranger<T: From<Uuid>>() -> T {
    Uuid::from_u128(u128::MAX).into()
}

pub(crate) fn open_scheme() -> OpenScheme {
    OpenScheme {
        name: "Mentor Plus".to_owned(),
        kind: SchemeKind::Mentoring,
    }
}

pub(crate) fn called(name: &str) -> PersonDetails {
    PersonDetails {
        name: Some(name.to_owned()),
        email: None,
        telephone: None,
    }
}

/// A serving director with five years in post.
pub(crate) fn experience() -> Experience {
    Experience {
        status: MentorStatus::Serving,
        retired_on: None,
        years_in_post: Some(5),
    }
}

pub(crate) fn invite(name: &str) -> InviteMentor {
    InviteMentor {
        person: None,
        details: called(name),
        employer: Some(BIRMINGHAM.into()),
        experience: experience(),
    }
}

pub(crate) fn portrait() -> PenPortrait {
    PenPortrait {
        background: "Social care".to_owned(),
        expertise: vec!["Fostering".to_owned()],
        council_types: vec![CouncilType::Metropolitan],
        ..PenPortrait::default()
    }
}

/// Bristol's personnel system tells of a first, substantive post from 1 April 2026.
pub(crate) fn notice(number: &str) -> NotifyAppointment {
    NotifyAppointment {
        source: Source::PersonnelSystem,
        employer: BRISTOL.into(),
        employee_number: Some(number.to_owned()),
        person: None,
        details: called(&format!("Number {number}")),
        post: "director-of-childrens-services".to_owned(),
        basis: Some(Basis::Substantive),
        starts_on: Some(date(2026, 4, 1)),
        ends_on: None,
        first_post: Some(FirstPost::Yes),
        expected_months: None,
    }
}

pub(crate) fn held(pairing: PairingId, counted_by: Side) -> RecordSession {
    RecordSession {
        pairing,
        counted_by,
        shortened: false,
    }
}

pub(crate) fn counted(pairing: PairingId, counted_by: Side, count: u16) -> ReportSessionCount {
    ReportSessionCount {
        pairing,
        counted_by,
        count,
    }
}

pub(crate) fn broken(pairing: PairingId) -> BreakPairing {
    BreakPairing {
        pairing,
        cause: BreakdownCause::NotStated,
    }
}

pub(crate) fn judged(pairing: PairingId, judgement: Replacement) -> JudgeReplacement {
    JudgeReplacement {
        pairing,
        judgement,
        judged_by: vec![Judge::Coordinator, Judge::Mentee],
    }
}

/// A pairing, the two in it, and the scheme they are in.
pub(crate) struct Paired {
    pub(crate) world: World,
    pub(crate) mentor: PersonId,
    pub(crate) mentee: PersonId,
    pub(crate) pairing: PairingId,
}

/// A pairing formed on Monday 2 March 2026, with no start agreed.
pub(crate) fn paired() -> Paired {
    let (world, mentor) = super::ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, pairing) = world.paired(mentee, mentor);
    Paired {
        world,
        mentor,
        mentee,
        pairing,
    }
}

impl World {
    /// A mentor with an approved pen portrait.
    #[track_caller]
    pub(crate) fn ready_mentor(self, name: &str) -> (Self, PersonId) {
        let world = self.given(invite(name));
        let mentor = world.person();
        let world = world
            .given(RegisterMentor {
                mentor,
                portrait: portrait(),
            })
            .given(ApprovePenPortrait { mentor });
        (world, mentor)
    }

    /// Somebody whose first post entitles them.
    #[track_caller]
    pub(crate) fn eligible_mentee(self, number: &str) -> (Self, PersonId) {
        let world = self.given(notice(number));
        let mentee = world.person();
        (world, mentee)
    }

    /// Somebody who was offered mentoring and said yes.
    #[track_caller]
    pub(crate) fn accepted_mentee(self, number: &str) -> (Self, PersonId) {
        let (world, mentee) = self.eligible_mentee(number);
        let world = world.given(OfferMentoring { mentee });
        (world.given(yes(mentee)), mentee)
    }

    /// A mentor offered to a mentee.
    #[track_caller]
    pub(crate) fn offered(self, mentee: PersonId, mentor: PersonId) -> (Self, MatchId) {
        let world = self.given(OfferMatches {
            mentee,
            mentors: vec![mentor],
            more_than_usual: false,
        });
        let of = world.match_with(mentor);
        (world, of)
    }

    /// A match to which both sides have agreed.
    #[track_caller]
    pub(crate) fn agreed(self, mentee: PersonId, mentor: PersonId) -> (Self, MatchId) {
        let (world, of) = self.offered(mentee, mentor);
        let world = world.given(AcceptMatch {
            of,
            side: Side::Mentee,
        });
        let world = world.given(AcceptMatch {
            of,
            side: Side::Mentor,
        });
        (world, of)
    }

    /// A pairing of the two.
    #[track_caller]
    pub(crate) fn paired(self, mentee: PersonId, mentor: PersonId) -> (Self, PairingId) {
        let (world, of) = self.agreed(mentee, mentor);
        let world = world.given(FormPairing { matches: vec![of] });
        let pairing = world.made("pairing");
        (world, pairing)
    }

    /// The appointment the last command made.
    pub(crate) fn appointment(&self) -> AppointmentId {
        self.made("appointment")
    }

    /// The match with `mentor` that the last command made.
    pub(crate) fn match_with(&self, mentor: PersonId) -> MatchId {
        self.made(&format!("match with {mentor}"))
    }

    pub(crate) fn mentee(&self, person: PersonId) -> &Mentee {
        self.scheme.mentee(person).expect("a mentee")
    }

    pub(crate) fn pairing(&self, pairing: PairingId) -> &Pairing {
        self.scheme.pairing(pairing).expect("a pairing")
    }

    pub(crate) fn balance(&self, mentee: PersonId) -> Balance {
        let policy = self.scheme.policy_on(self.today).expect("a policy");
        balance(&self.scheme, self.mentee(mentee), &policy.entitlement)
    }
}

pub(crate) fn yes(mentee: PersonId) -> AcceptMentoring {
    AcceptMentoring {
        mentee,
        elements: vec![],
        starts_on: None,
    }
}
