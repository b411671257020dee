//! A coordinator looks at the list day after day.

mod office;

use super::{About, items};
use crate::testing::Office;
use domain::{
    Channel,
    closing::GiveMentorFeedback,
    development::{AnnounceDevelopment, OpportunityKind, Recipients, SendDevelopmentNews},
    matching::{AcceptMatch, PlaceOnWaitingList, Side},
    mentor::{ApprovePenPortrait, RecordInduction, RegisterMentor},
    mentoring::{AgreeStart, ContactOutcome, OfferMentoring},
    oversight::{RaiseDifficulty, RecordCheckIn, ResolveDifficulty, Word},
    pairing::{BreakPairing, BreakdownCause, PausePairing, ReportMeetingsReached, ResumePairing},
    work_list::MessageKind,
};
use jiff::civil::date;
use office::portrait;

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
