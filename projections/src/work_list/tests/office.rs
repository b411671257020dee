//! What the coordinator's office does in these tests.

use crate::{
    testing::Office,
    work_list::{Item, items},
};
use domain::{
    Channel,
    appointment::{FirstPost, NotifyAppointment, Source},
    identifiers::{MatchId, PairingId, PersonId},
    matching::{AcceptMatch, OfferMatches, Side},
    mentor::{
        ApprovePenPortrait, Experience, InviteMentor, MentorStatus, PenPortrait, PersonDetails,
        RecordInduction, RegisterMentor,
    },
    mentoring::{AcceptMentoring, ContactOutcome, OfferMentoring, RecordContact},
    pairing::FormPairing,
    policy::Basis,
    register::CouncilType,
    work_list::{MessageKind, RecordMessageSent},
};
use jiff::civil::{Date, date};

impl Office {
    /// Bristol tells of a first post that begins a week later.
    pub(super) fn notified(&mut self) -> PersonId {
        self.tell(NotifyAppointment {
            source: Source::Coordinator,
            employer: "E06000023".into(),
            employee_number: None,
            person: None,
            details: called("Mia"),
            post: "director-of-childrens-services".to_owned(),
            basis: Some(Basis::Substantive),
            starts_on: Some(date(2026, 3, 9)),
            ends_on: None,
            first_post: Some(FirstPost::Yes),
            expected_months: None,
        });
        self.made("person")
    }

    pub(super) fn ring(&mut self, mentee: PersonId, outcome: ContactOutcome) {
        self.tell(RecordContact {
            mentee,
            outcome,
            explained: vec![],
        });
    }

    pub(super) fn accepted(&mut self) -> PersonId {
        let mentee = self.notified();
        self.ring(mentee, ContactOutcome::Reached);
        self.tell(OfferMentoring { mentee });
        self.tell(AcceptMentoring {
            mentee,
            elements: vec![],
            starts_on: None,
        });
        mentee
    }

    pub(super) fn invited(&mut self) -> PersonId {
        self.tell(InviteMentor {
            person: None,
            details: called("Ada"),
            employer: Some("E08000025".into()),
            experience: Experience {
                status: MentorStatus::Serving,
                retired_on: None,
                years_in_post: Some(5),
            },
        });
        self.made("person")
    }

    pub(super) fn matched(&mut self) -> (PersonId, PersonId, MatchId) {
        let mentor = self.invited();
        self.tell(RegisterMentor {
            mentor,
            portrait: portrait(),
        });
        self.tell(ApprovePenPortrait { mentor });
        self.tell(RecordInduction { mentor });
        let mentee = self.accepted();
        self.tell(OfferMatches {
            mentee,
            mentors: vec![mentor],
            more_than_usual: false,
        });
        (mentee, mentor, self.made(&format!("match with {mentor}")))
    }

    pub(super) fn paired(&mut self) -> (PersonId, PersonId, PairingId) {
        let (mentee, mentor, of) = self.matched();
        for side in [Side::Mentee, Side::Mentor] {
            self.tell(AcceptMatch { of, side });
        }
        self.tell(FormPairing { matches: vec![of] });
        (mentee, mentor, self.made("pairing"))
    }

    pub(super) fn message(&mut self, person: PersonId, kind: MessageKind, channel: Channel) {
        self.channel = channel;
        self.tell(RecordMessageSent {
            person,
            kind,
            follow_up_on: None,
        });
        self.channel = Channel::Telephone;
    }

    pub(super) fn follow_up(&mut self, person: PersonId, kind: MessageKind, on: Date) {
        self.tell(RecordMessageSent {
            person,
            kind,
            follow_up_on: Some(on),
        });
    }

    pub(super) fn all(&self) -> Vec<Item> {
        items(&self.snapshot, self.today, true)
    }

    pub(super) fn of(&self, kind: MessageKind, person: PersonId) -> Option<Item> {
        let all = self.all();
        all.into_iter()
            .find(|item| (item.place.kind, item.place.person) == (kind, person))
    }

    pub(super) fn due_of(&self, kind: MessageKind, person: PersonId) -> Option<Date> {
        self.of(kind, person).map(|item| item.due_on)
    }

    /// The one item of this kind.
    #[track_caller]
    pub(super) fn one(&self, kind: MessageKind) -> Item {
        let all = self.all().into_iter();
        let mut found: Vec<_> = all.filter(|item| item.place.kind == kind).collect();
        assert_eq!(found.len(), 1, "{kind:?} of {:?}", self.kinds());
        found.remove(0)
    }

    /// What is on the list, each kind in its place.
    pub(super) fn kinds(&self) -> Vec<MessageKind> {
        self.all().iter().map(|item| item.place.kind).collect()
    }
}

fn called(name: &str) -> PersonDetails {
    PersonDetails {
        name: Some(name.to_owned()),
        ..PersonDetails::default()
    }
}

pub(super) fn portrait() -> PenPortrait {
    PenPortrait {
        background: "Social care".to_owned(),
        expertise: vec!["Fostering".to_owned()],
        council_types: vec![CouncilType::Metropolitan],
        ..PenPortrait::default()
    }
}
