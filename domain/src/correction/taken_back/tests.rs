use super::*;
use crate::{
    Channel,
    evaluation::{RemindOfEvaluation, WaiveEvaluation},
    matching::{AcceptMatch, DeclineMatch, PlaceOnWaitingList, Progress, Side, WithdrawMatch},
    mentor::{RecordInduction, ResignAsMentor},
    mentoring::{
        AcceptMentoring, ContactOutcome, DeclineMentoring, Element, Offer, OfferMentoring,
        RecordContact, Topic,
    },
    oversight::{Difficulty, RaiseDifficulty, RecordCheckIn, Word},
    pairing::{ConcludePairing, PausePairing, Replacement, WithdrawFromPairing},
    spec::{Paired, World, broken, judged, paired, ready, yes},
    work_list::{MessageKind, RecordMessageSent},
};
use jiff::civil::date;

/// The entry of this type that stands last in the history.
#[track_caller]
fn last(world: &World, kind: &str) -> Uuid {
    let mut history = world.history.iter().rev();
    let found = history.find(|recorded| recorded.event.kind() == kind);
    found.expect("it happened").id
}

fn not_so(entry: Uuid) -> CorrectRecord {
    CorrectRecord {
        entry,
        correction: Correction::NotSo,
    }
}

/// R065, R078: an attempt recorded of the wrong person goes with what was said to have been explained, and both stay in the
/// history.
#[test]
fn an_attempt_recorded_of_the_wrong_person_is_taken_back_whole() {
    let (world, mentee) = ready().eligible_mentee("1");
    let contact = |explained| RecordContact {
        mentee,
        outcome: ContactOutcome::Reached,
        explained,
    };
    let world = world
        .on(date(2026, 3, 4))
        .heard(Channel::Telephone)
        .given(contact(vec![Topic::Mentoring, Topic::WiderSupport]))
        .on(date(2026, 3, 6))
        .heard(Channel::Telephone)
        .given(contact(vec![Topic::Mentoring]));
    let mut history = world.history.iter();
    let first = history.find(|recorded| recorded.event.kind() == "contact.made");
    let first = first.expect("it happened").id;
    let before = world.history.len();
    let world = world
        .when(not_so(first))
        .then(&["record.taken-back", "record.taken-back"]);
    assert_eq!(world.history.len(), before + 2);
    let state = world.mentee(mentee);
    assert_eq!(state.attempts.len(), 1);
    assert_eq!(state.reached_on, Some(date(2026, 3, 6)));
    assert_eq!(state.topics_explained(), [Topic::Mentoring]);
    let by = world.scheme.acts.get(&first).expect("known").taken_back_by;
    assert!(by.is_some());
    let world = world.when(not_so(first)).then_nothing_happens();

    let second = last(&world, "contact.made");
    let world = world.given(not_so(second));
    assert_eq!(world.mentee(mentee).reached_on, None);
    assert_eq!(world.mentee(mentee).topics_explained(), []);
    // What was taken back is so only when it is recorded anew.
    world
        .when(CorrectRecord {
            entry: second,
            correction: Correction::AsRecorded,
        })
        .then_rejected(Rejection::OnlyTakenBack { entry: second });
}

#[test]
fn what_is_so_or_not_so_is_not_moved_to_another_day() {
    let Paired { world, pairing, .. } = paired();
    let world = world.given(broken(pairing));
    let entry = last(&world, "pairing.broken");
    let correct = |correction| CorrectRecord { entry, correction };
    world
        .when(correct(Correction::AsRecorded))
        .then_nothing_happens()
        .when(correct(Correction::On(date(2026, 3, 2))))
        .then_rejected(Rejection::OnlyTakenBack { entry });
}

/// R105, Z05: a breakdown recorded of the wrong pair never was: they meet, the months run, and what ended with it goes on.
#[test]
fn a_pairing_whose_breakdown_was_recorded_by_mistake_goes_on() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let world = world
        .given(RaiseDifficulty { pairing })
        .given(PausePairing { pairing });
    let before = world.pairing(pairing).clone();
    let balance = world.balance(mentee);
    let world = world.on(date(2026, 3, 9)).given(broken(pairing));
    assert!(world.pairing(pairing).is_broken());
    let entry = last(&world, "pairing.broken");
    let world = world
        .on(date(2026, 3, 12))
        .when(not_so(entry))
        .then(&["record.taken-back"]);
    assert_eq!(*world.pairing(pairing), before);
    assert_eq!(world.balance(mentee), balance);
    let mentor = world.scheme.mentor(mentor).expect("known");
    assert_eq!(mentor.live_pairings, [pairing]);
    // And it may break down in truth.
    world.given(broken(pairing));
}

/// R112, R104: an end recorded of the wrong pair never was, and nobody is asked for a report because of it. What rests on
/// it is put right first.
#[test]
fn a_pairing_that_was_concluded_by_mistake_goes_on() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let world = world.given(PausePairing { pairing });
    let before = world.pairing(pairing).clone();
    let balance = world.balance(mentee);
    let world = world
        .on(date(2026, 3, 9))
        .given(ConcludePairing { pairing })
        .given(PlaceOnWaitingList { mentee });
    let request = last(&world, "evaluation.requested");
    let entry = last(&world, "pairing.concluded");
    let world = world
        .when(not_so(request))
        .then_rejected(Rejection::NotCorrectable { entry: request });
    let (offered, of) = world.clone().offered(mentee, mentor);
    let answer = offered.when(not_so(entry));
    assert!(matches!(answer.outcome, Err(Rejection::RestedOn { .. })));
    answer
        .world
        .given(WithdrawMatch { of })
        .given(not_so(entry));

    let world = world.given(not_so(entry));
    assert_eq!(world.count("record.taken-back"), 3);
    assert_eq!(world.count("waiting-list.left"), 1);
    assert_eq!(*world.pairing(pairing), before);
    assert_eq!(world.balance(mentee), balance);
    world.when(WithdrawFromPairing { pairing }).then(&[
        "pairing.withdrawn",
        "evaluation.requested",
        "evaluation.requested",
    ]);
}

/// R026: what was judged on a breakdown rests on it; the rejection says how to go on.
#[test]
fn a_breakdown_that_was_judged_is_not_taken_back() {
    let Paired { world, pairing, .. } = paired();
    let world = world
        .given(broken(pairing))
        .given(judged(pairing, Replacement::Replace));
    let entry = last(&world, "pairing.broken");
    let answer = world.when(not_so(entry));
    assert!(
        matches!(&answer.outcome, Err(Rejection::RestedOn { entry: of, .. }) if *of == entry),
        "{:?}",
        answer.outcome
    );
}

/// R002: a no recorded of the wrong person leaves the offer as open as it was.
#[test]
fn a_no_to_mentoring_recorded_of_the_wrong_person_is_taken_back() {
    let (world, mentee) = ready().eligible_mentee("1");
    let declined = world
        .given(OfferMentoring { mentee })
        .given(DeclineMentoring { mentee });
    let entry = last(&declined, "mentoring.declined");
    let world = declined.clone().given(not_so(entry));
    assert_eq!(world.mentee(mentee).offer, Offer::Open);
    world.given(DeclineMentoring { mentee });
    // Whoever changed their mind since has said yes all the same.
    let world = declined.given(yes(mentee)).given(not_so(entry));
    assert_eq!(world.mentee(mentee).offer, Offer::Accepted);
}

/// R067, R068: a yes recorded of the wrong person goes with what was agreed with it, and a no from before stands again.
#[test]
fn a_yes_to_mentoring_recorded_of_the_wrong_person_is_taken_back() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.eligible_mentee("1");
    let accepted = world
        .given(OfferMentoring { mentee })
        .given(DeclineMentoring { mentee })
        .given(AcceptMentoring {
            elements: vec![Element::Sessions],
            starts_on: Some(date(2026, 4, 1)),
            ..yes(mentee)
        })
        .given(PlaceOnWaitingList { mentee });
    let entry = last(&accepted, "mentoring.accepted");
    let world = accepted
        .clone()
        .when(not_so(entry))
        .then(&["record.taken-back", "waiting-list.left"]);
    let state = world.mentee(mentee);
    assert_eq!(
        (state.offer, state.starts_on, &state.elements[..]),
        (Offer::Declined, None, &[][..])
    );
    // What was built on it is put right first.
    let (offered, of) = accepted.offered(mentee, mentor);
    let answer = offered.when(not_so(entry));
    assert!(matches!(answer.outcome, Err(Rejection::RestedOn { .. })));
    let withdrawn = answer.world.given(WithdrawMatch { of });
    withdrawn.clone().given(not_so(entry));
    let (paired, _) = withdrawn.paired(mentee, mentor);
    let answer = paired.when(not_so(entry));
    assert!(matches!(answer.outcome, Err(Rejection::RestedOn { .. })));
}

/// R090: a match whose no is taken back is what it would have become without: open, lapsed, withdrawn or released.
#[test]
fn a_match_declined_by_mistake_is_what_it_would_have_become() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, other) = world.ready_mentor("Ben");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, of) = world.offered(mentee, mentor);
    let side = Side::Mentor;
    let declined = world.given(DeclineMatch { of, side });
    let entry = last(&declined, "match.declined");
    let answer_by = declined.scheme.matches.get(&of).expect("offered").answer_by;
    let progress = |world: &World| world.scheme.matches.get(&of).expect("offered").progress;

    let open = declined
        .clone()
        .on(answer_by)
        .when(not_so(entry))
        .then(&["record.taken-back"]);
    assert_eq!(progress(&open), Progress::Open);
    assert!(open.scheme.answers_awaited.contains(&(answer_by, of)));
    open.clone().given(AcceptMatch { of, side });
    let open = open.on(answer_by.tomorrow().expect("a day"));
    assert_eq!(progress(&open), Progress::Lapsed, "time acts on it again");

    let late = declined
        .clone()
        .on(answer_by.tomorrow().expect("a day"))
        .when(not_so(entry))
        .then(&["record.taken-back", "match.lapsed"]);
    assert_eq!(progress(&late), Progress::Lapsed);

    let resigned = declined.clone().given(ResignAsMentor { mentor });
    let resigned = resigned
        .when(not_so(entry))
        .then(&["record.taken-back", "match.withdrawn"]);
    assert_eq!(progress(&resigned), Progress::Withdrawn);

    let (paired, _) = declined.paired(mentee, other);
    let paired = paired
        .when(not_so(entry))
        .then(&["record.taken-back", "match.released"]);
    assert_eq!(progress(&paired), Progress::Released);
}

/// R070: what somebody said before stands again, and a difficulty nobody raised is not there.
#[test]
fn a_check_in_and_a_difficulty_of_the_wrong_pair_are_taken_back() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let says = |word| RecordCheckIn {
        pairing,
        person: mentee,
        word,
    };
    let world = world
        .given(says(Word::PleaseRing))
        .given(says(Word::Fine))
        .given(RaiseDifficulty { pairing });
    let difficulty = last(&world, "difficulty.raised");
    let fine = last(&world, "check-in.made");
    let world = world.given(not_so(fine));
    let words = |world: &World| -> Vec<Word> {
        let said = world.pairing(pairing).check_ins.iter();
        said.map(|said| said.word).collect()
    };
    assert_eq!(words(&world), [Word::PleaseRing]);
    let mut open = world.pairing(pairing).difficulties.iter();
    assert!(open.any(Difficulty::is_open));
    let world = world.given(not_so(difficulty));
    assert_eq!(world.pairing(pairing).difficulties, []);
}

/// R109, Z11: a report that was given up by mistake is waited for, and asked for where it never was.
#[test]
fn a_report_given_up_by_mistake_is_asked_for() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let of_mentee = WaiveEvaluation {
        pairing,
        person: mentee,
    };
    let of_mentor = WaiveEvaluation {
        pairing,
        person: mentor,
    };
    let world = world.given(of_mentee);
    let early = last(&world, "evaluation.waived");
    let world = world.given(ConcludePairing { pairing }).given(of_mentor);
    let late = last(&world, "evaluation.waived");
    let world = world
        .when(not_so(early))
        .then(&["record.taken-back", "evaluation.requested"])
        .when(not_so(late))
        .then(&["record.taken-back"]);
    let reports = world.pairing(pairing).reports.iter();
    assert_eq!(reports.filter(|report| report.is_out()).count(), 2);
}

/// R071: a message was one act with what it also was: the attempt, or the reminder.
#[test]
fn a_message_recorded_of_the_wrong_person_is_taken_back_whole() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let sent = |kind| RecordMessageSent {
        person: mentee,
        kind,
        follow_up_on: None,
    };
    let world = world
        .given(ConcludePairing { pairing })
        .heard(Channel::Email)
        .given(RemindOfEvaluation {
            pairing,
            person: mentee,
        })
        .heard(Channel::Email)
        .when(sent(MessageKind::FileReport))
        .then(&["message.sent", "evaluation.reminded"]);
    let reminders = |world: &World| {
        let report = world.pairing(pairing).report_of(mentee);
        report.expect("asked for").reminders
    };
    assert_eq!(reminders(&world), 2);
    let message = last(&world, "message.sent");
    let world = world.given(not_so(message));
    assert_eq!(reminders(&world), 1);
    assert_eq!(world.scheme.messages_to(mentee), []);
}

/// R031: a mentor who was said to be inducted and was not is not.
#[test]
fn an_induction_recorded_of_the_wrong_mentor_is_taken_back() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let world = world.given(RecordInduction { mentor });
    let entry = last(&world, "mentor.inducted");
    let world = world.given(not_so(entry));
    assert_eq!(
        world.scheme.mentor(mentor).expect("known").inducted_on,
        None
    );
    world
        .when(RecordInduction { mentor })
        .then(&["mentor.inducted"]);
}
