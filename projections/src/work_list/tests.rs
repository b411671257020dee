//! A coordinator looks at the list day after day.

use super::{About, Item, items};
use crate::Snapshot;
use domain::{
    Actor, Channel, Command, Context, Recorded,
    adoption::{AdoptCalendar, AdoptPolicy, AdoptRegister, OpenScheme, SchemeKind},
    appointment::{FirstPost, NotifyAppointment, Source},
    closing::GiveMentorFeedback,
    development::{AnnounceDevelopment, OpportunityKind, Recipients, SendDevelopmentNews},
    identifiers::{MatchId, PairingId, PersonId, derive},
    matching::{AcceptMatch, OfferMatches, PlaceOnWaitingList, Side},
    mentor::{
        ApprovePenPortrait, Experience, InviteMentor, MentorStatus, PenPortrait, PersonDetails,
        RecordInduction, RegisterMentor,
    },
    mentoring::{AcceptMentoring, AgreeStart, ContactOutcome, OfferMentoring, RecordContact},
    oversight::{RaiseDifficulty, RecordCheckIn, ResolveDifficulty, Word},
    pairing::{
        BreakPairing, BreakdownCause, FormPairing, PausePairing, ReportMeetingsReached,
        ResumePairing,
    },
    policy::Basis,
    register::CouncilType,
    shipped,
    work_list::{MessageKind, RecordMessageSent},
};
use jiff::civil::{Date, date};
use uuid::Uuid;

/// R063, R064: the first call is due before the post begins, to whoever may know that day; a message moves it to its
/// follow-up, and the call that reaches them ends it.
#[test]
fn a_first_contact_moves_to_its_follow_up_and_is_done_when_they_are_reached() {
    let mut office = Office::open();
    let mentee = office.notified();
    let item = office.one(MessageKind::MakeContact);
    assert_eq!(
        (item.place.person, item.place.about),
        (mentee, About::Person)
    );
    assert_eq!(item.due_on, date(2026, 3, 9), "the first day in post");
    let unknowing = items(&office.snapshot, office.today, false);
    assert_eq!(unknowing[0].due_on, date(2026, 3, 16), "the policy's last");

    office.message(mentee, MessageKind::MakeContact, Channel::Email);
    let item = office.one(MessageKind::MakeContact);
    assert_eq!(item.due_on, date(2026, 3, 9));
    assert_eq!(item.place.on, date(2026, 3, 9), "five working days");
    assert_eq!(
        item.sent.len(),
        1,
        "the attempt it stands for is not told twice"
    );
    assert_eq!(item.sent[0].channel, Some(Channel::Email));

    office.today = date(2026, 3, 4);
    office.ring(mentee, ContactOutcome::NoAnswer);
    let channels: Vec<_> = office.one(MessageKind::MakeContact).sent;
    let channels: Vec<_> = channels.iter().map(|sent| sent.channel).collect();
    assert_eq!(channels, [Some(Channel::Email), Some(Channel::Telephone)]);
    office.ring(mentee, ContactOutcome::Reached);
    assert_eq!(office.kinds(), [MessageKind::OfferMentoring]);
}

/// Overdue is counted in working days: a weekend makes nobody late.
#[test]
fn what_is_due_on_a_friday_is_overdue_on_monday() {
    let mut office = Office::open();
    let mentee = office.notified();
    office.ring(mentee, ContactOutcome::Reached);
    office.tell(OfferMentoring { mentee });
    assert_eq!(
        office.one(MessageKind::AnswerOffer).due_on,
        date(2026, 3, 16)
    );
    office.today = date(2026, 3, 13);
    office.follow_up(mentee, MessageKind::AnswerOffer, date(2026, 3, 20));
    for (day, overdue) in [(20, 0), (21, 0), (22, 0), (23, 1), (25, 3)] {
        office.today = date(2026, 3, day);
        let item = office.one(MessageKind::AnswerOffer);
        assert_eq!(item.working_days_overdue, overdue, "on the {day}th");
        assert_eq!(item.is_overdue(), overdue > 0);
    }
}

/// R088: the mentee is asked first, and the mentor once the mentee has agreed, until the invitation lapses.
#[test]
fn a_mentor_is_asked_once_the_mentee_has_agreed() {
    let mut office = Office::open();
    let (mentee, mentor, of) = office.matched();
    let item = office.one(MessageKind::AnswerMatch);
    assert_eq!(item.place.person, mentee);
    assert_eq!(item.due_on, date(2026, 3, 16));
    let side = Side::Mentee;
    office.tell(AcceptMatch { of, side });
    let item = office.one(MessageKind::AnswerMatch);
    assert_eq!(
        (item.place.person, item.place.about),
        (mentor, About::Match(of))
    );
    assert_eq!(item.due_on, date(2026, 3, 16), "the day it lapses");
    let side = Side::Mentor;
    office.tell(AcceptMatch { of, side });
    assert_eq!(office.kinds(), [MessageKind::FormPairing]);
}

/// R069: whoever waits because nobody suits is looked at again.
#[test]
fn the_waiting_list_comes_back() {
    let mut office = Office::open();
    let mentee = office.accepted();
    assert_eq!(office.kinds(), [MessageKind::OfferMatches]);
    office.tell(PlaceOnWaitingList { mentee });
    let item = office.one(MessageKind::ReviewWaitingList);
    assert_eq!(item.due_on, date(2026, 3, 30), "twenty working days");
}

/// R070: each side is asked how it goes, so many months after they last said; who asks to be rung is rung back instead,
/// and whoever rests is not chased.
#[test]
fn check_ins_come_round_and_a_wish_to_be_rung_comes_first() {
    let mut office = Office::open();
    let (mentee, mentor, pairing) = office.paired();
    let due = |office: &Office, person| office.due_of(MessageKind::CheckIn, person);
    assert_eq!(due(&office, mentee), Some(date(2026, 5, 2)));
    office.today = date(2026, 4, 30);
    office.message(mentor, MessageKind::CheckIn, Channel::Email);
    for (person, word) in [(mentee, Word::PleaseRing), (mentor, Word::Fine)] {
        office.tell(RecordCheckIn {
            pairing,
            person,
            word,
        });
    }
    assert_eq!(due(&office, mentee), None);
    let ring = office.one(MessageKind::RingBack);
    assert_eq!((ring.place.person, ring.due_on), (mentee, date(2026, 5, 8)));
    // What was sent about the last time is not about the next.
    let item = office.of(MessageKind::CheckIn, mentor).expect("again");
    assert_eq!((item.place.on, item.sent.len()), (date(2026, 6, 30), 0));
    office.tell(PausePairing { pairing });
    assert_eq!(office.kinds(), [MessageKind::RingBack]);
    office.tell(ResumePairing { pairing });
    assert_eq!(due(&office, mentor), Some(date(2026, 6, 30)));
}

/// R068: a start is to be agreed until it is. R102: a difficulty waits until it is resolved.
#[test]
fn a_start_is_agreed_and_a_difficulty_resolved() {
    let mut office = Office::open();
    let (mentee, _, pairing) = office.paired();
    assert_eq!(
        office.due_of(MessageKind::AgreeStart, mentee),
        Some(date(2026, 3, 9))
    );
    office.tell(AgreeStart {
        mentee,
        starts_on: date(2026, 3, 9),
    });
    assert_eq!(office.due_of(MessageKind::AgreeStart, mentee), None);
    office.tell(RaiseDifficulty { pairing });
    let item = office.one(MessageKind::ResolveDifficulty);
    assert_eq!(item.place.about, About::Pairing(pairing));
    office.tell(ResolveDifficulty { pairing });
    assert_eq!(office.due_of(MessageKind::ResolveDifficulty, mentee), None);
}

/// R107: after a breakdown it is to be judged with the mentee whether another mentor is to be found.
#[test]
fn a_breakdown_waits_to_be_judged_and_nobody_is_asked_how_it_goes() {
    let mut office = Office::open();
    let (mentee, _, pairing) = office.paired();
    office.tell(BreakPairing {
        pairing,
        cause: BreakdownCause::NotStated,
    });
    assert_eq!(office.kinds(), [MessageKind::JudgeReplacement]);
    let due = office.due_of(MessageKind::JudgeReplacement, mentee);
    assert_eq!(due, Some(date(2026, 3, 9)));
}

/// R071, R126: each side is due news so many months after the last; what is sent to one side settles it for that side.
#[test]
fn news_is_due_to_each_side_for_itself() {
    let mut office = Office::open();
    let (mentee, mentor, _) = office.paired();
    let due = |office: &Office, person| office.due_of(MessageKind::SendDevelopmentNews, person);
    assert_eq!(due(&office, mentee), Some(date(2026, 6, 2)));
    office.today = date(2026, 5, 20);
    office.tell(AnnounceDevelopment {
        opportunity: None,
        title: "A course".to_owned(),
        kind: OpportunityKind::ShortProgramme,
        on: None,
        place: None,
    });
    let opportunity = office.made("opportunity");
    office.tell(SendDevelopmentNews {
        opportunity,
        to: Recipients::MentorOf(mentee),
    });
    assert_eq!(due(&office, mentor), Some(date(2026, 8, 20)));
    assert_eq!(due(&office, mentee), Some(date(2026, 6, 2)));
    let item = office.of(MessageKind::SendDevelopmentNews, mentor);
    let because = item.expect("due again").because(&office.snapshot);
    assert!(because.contains(&office.snapshot.position()), "{because:?}");
}

/// R075, R076, R109: at the end both are asked for a report, the mentor is owed feedback, and the mentee a talk.
#[test]
fn what_is_owed_at_the_end_is_due_when_the_reports_are_hoped_for() {
    let mut office = Office::open();
    let (mentee, mentor, pairing) = office.paired();
    office.tell(ReportMeetingsReached { pairing });
    let hoped = Some(date(2026, 3, 30));
    assert_eq!(office.due_of(MessageKind::FileReport, mentee), hoped);
    assert_eq!(office.due_of(MessageKind::FileReport, mentor), hoped);
    assert_eq!(
        office.due_of(MessageKind::GiveMentorFeedback, mentor),
        hoped
    );
    assert_eq!(
        office.due_of(MessageKind::DiscussOngoingSupport, mentee),
        hoped
    );
    assert_eq!(office.due_of(MessageKind::CheckIn, mentee), None);
    office.tell(GiveMentorFeedback { pairing, mentor });
    assert_eq!(office.due_of(MessageKind::GiveMentorFeedback, mentor), None);
}

/// R031: a mentor registers, approves the pen portrait and comes to a seminar; then nothing waits for them.
#[test]
fn a_mentor_is_asked_for_one_thing_after_another() {
    let mut office = Office::open();
    let mentor = office.invited();
    assert_eq!(office.kinds(), [MessageKind::Register]);
    office.tell(RegisterMentor {
        mentor,
        portrait: portrait(),
    });
    assert_eq!(office.kinds(), [MessageKind::ApprovePenPortrait]);
    office.tell(ApprovePenPortrait { mentor });
    assert_eq!(office.kinds(), [MessageKind::AttendSeminar]);
    office.tell(RecordInduction { mentor });
    assert_eq!(office.kinds(), []);
}

/// The list stands in one order, whatever happened in which: by day, then by person.
#[test]
fn the_order_is_by_day_and_then_by_person() {
    let mut office = Office::open();
    office.paired();
    for _ in 0..3 {
        office.notified();
    }
    let all = office.all();
    let places: Vec<_> = all.iter().map(|item| item.place).collect();
    let by_day = places.iter().map(|place| (place.on, place.person));
    assert!(by_day.is_sorted());
    assert!(places.len() >= 8, "{places:?}");
    assert!(
        all.iter()
            .all(|item| !item.because(&office.snapshot).is_empty())
    );
}

/// Everything the coordinator has told so far, and the day it is.
struct Office {
    snapshot: Snapshot,
    today: Date,
    channel: Channel,
    commands: u128,
}

impl Office {
    fn open() -> Self {
        let mut office = Self {
            snapshot: Snapshot::default(),
            today: date(2026, 3, 2),
            channel: Channel::Telephone,
            commands: 0,
        };
        office.tell(OpenScheme {
            name: "Mentor Plus".to_owned(),
            kind: SchemeKind::Mentoring,
        });
        office.tell(AdoptPolicy {
            policy: shipped::policy("mentor-plus-2017").expect("shipped"),
            effective_from: None,
        });
        office.tell(AdoptRegister {
            register: shipped::register(),
        });
        office.tell(AdoptCalendar {
            calendar: shipped::calendar(),
        });
        office
    }

    #[track_caller]
    fn tell(&mut self, command: impl Into<Command>) {
        self.commands += 1;
        let actor = Actor {
            id: Uuid::nil(),
            role: "coordinator".into(),
        };
        let context = Context {
            scheme: "test".into(),
            now: "2026-03-02T12:00:00Z".parse().expect("an instant"),
            today: self.today,
            happened_on: self.today,
            actor: actor.clone(),
            command_id: Uuid::from_u128(self.commands),
            reported_by: None,
            channel: Some(self.channel),
        };
        let (scheme, known) = (&self.snapshot.scheme, &self.snapshot.particulars);
        let events = domain::decide(scheme, known, &command.into(), &context).expect("accepted");
        for event in events {
            let recorded = Recorded {
                position: self.snapshot.position() + 1,
                id: Uuid::nil(),
                recorded_at: context.now,
                happened_on: self.today,
                actor: actor.clone(),
                reported_by: None,
                channel: context.channel,
                command_id: Some(context.command_id),
                event,
            };
            self.snapshot.fold(&recorded).expect("it folds");
        }
    }

    fn made<T: From<Uuid>>(&self, label: &str) -> T {
        derive("test", Uuid::from_u128(self.commands), label).into()
    }

    /// Bristol tells of a first post that begins a week later.
    fn notified(&mut self) -> PersonId {
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

    fn ring(&mut self, mentee: PersonId, outcome: ContactOutcome) {
        self.tell(RecordContact {
            mentee,
            outcome,
            explained: vec![],
        });
    }

    fn accepted(&mut self) -> PersonId {
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

    fn invited(&mut self) -> PersonId {
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

    fn matched(&mut self) -> (PersonId, PersonId, MatchId) {
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

    fn paired(&mut self) -> (PersonId, PersonId, PairingId) {
        let (mentee, mentor, of) = self.matched();
        for side in [Side::Mentee, Side::Mentor] {
            self.tell(AcceptMatch { of, side });
        }
        self.tell(FormPairing { matches: vec![of] });
        (mentee, mentor, self.made("pairing"))
    }

    fn message(&mut self, person: PersonId, kind: MessageKind, channel: Channel) {
        self.channel = channel;
        self.tell(RecordMessageSent {
            person,
            kind,
            follow_up_on: None,
        });
        self.channel = Channel::Telephone;
    }

    fn follow_up(&mut self, person: PersonId, kind: MessageKind, on: Date) {
        self.tell(RecordMessageSent {
            person,
            kind,
            follow_up_on: Some(on),
        });
    }

    fn all(&self) -> Vec<Item> {
        items(&self.snapshot, self.today, true)
    }

    fn of(&self, kind: MessageKind, person: PersonId) -> Option<Item> {
        let all = self.all();
        all.into_iter()
            .find(|item| (item.place.kind, item.place.person) == (kind, person))
    }

    fn due_of(&self, kind: MessageKind, person: PersonId) -> Option<Date> {
        self.of(kind, person).map(|item| item.due_on)
    }

    /// The one item of this kind.
    #[track_caller]
    fn one(&self, kind: MessageKind) -> Item {
        let all = self.all().into_iter();
        let mut found: Vec<_> = all.filter(|item| item.place.kind == kind).collect();
        assert_eq!(found.len(), 1, "{kind:?} of {:?}", self.kinds());
        found.remove(0)
    }

    /// What is on the list, each kind in its place.
    fn kinds(&self) -> Vec<MessageKind> {
        self.all().iter().map(|item| item.place.kind).collect()
    }
}

fn called(name: &str) -> PersonDetails {
    PersonDetails {
        name: Some(name.to_owned()),
        ..PersonDetails::default()
    }
}

fn portrait() -> PenPortrait {
    PenPortrait {
        background: "Social care".to_owned(),
        expertise: vec!["Fostering".to_owned()],
        council_types: vec![CouncilType::Metropolitan],
        ..PenPortrait::default()
    }
}
