use super::{MessageKind, RecordMessageSent};
use crate::{
    Channel, Rejection,
    evaluation::FileEvaluation,
    identifiers::PersonId,
    pairing::ReportMeetingsReached,
    spec::{Paired, World, paired, ready, stranger},
};
use jiff::civil::date;

/// R065: how somebody was reached is said; a message that stands for a first contact is an attempt like any other.
#[test]
fn a_message_says_how_it_was_sent() {
    let (world, mentee) = ready().eligible_mentee("1");
    let write = about(mentee, MessageKind::MakeContact);
    let world = world
        .when(write.clone())
        .then_rejected(Rejection::ChannelMissing)
        .heard(Channel::Email)
        .when(write)
        .then(&["message.sent", "contact.made"]);
    assert_eq!(
        world.mentee(mentee).attempts[0].channel,
        Some(Channel::Email)
    );
    assert_eq!(world.mentee(mentee).reached_on, None, "nobody has answered");
    assert_eq!(
        world.scheme.messages_to(mentee)[0].channel,
        Some(Channel::Email)
    );
}

/// The same message of the same day is one; by another channel or on another day it is another.
#[test]
fn the_same_message_of_the_same_day_is_recorded_once() {
    let (world, mentee) = ready().accepted_mentee("1");
    let write = about(mentee, MessageKind::AgreeStart);
    let world = world
        .heard(Channel::Email)
        .given(write.clone())
        .heard(Channel::Email)
        .when(write.clone())
        .then_nothing_happens()
        .heard(Channel::Telephone)
        .when(write.clone())
        .then(&["message.sent"])
        .on(date(2026, 3, 3))
        .heard(Channel::Email)
        .when(write)
        .then(&["message.sent"]);
    assert_eq!(world.scheme.messages_to(mentee).len(), 3);
}

/// What is sent is followed up: on the day that was said, else so many working days later by the policy.
#[test]
fn a_message_is_followed_up_by_the_policy_unless_a_day_is_said() {
    let (world, mentee) = ready().accepted_mentee("1");
    let world = told(world, about(mentee, MessageKind::AgreeStart));
    // Monday the 2nd, and five working days.
    assert_eq!(follow_up(&world, mentee), date(2026, 3, 9));
    let said = RecordMessageSent {
        follow_up_on: Some(date(2026, 4, 1)),
        ..about(mentee, MessageKind::RingBack)
    };
    let world = told(world, said);
    assert_eq!(follow_up(&world, mentee), date(2026, 4, 1));
    let before = RecordMessageSent {
        follow_up_on: Some(date(2026, 3, 1)),
        ..about(mentee, MessageKind::CheckIn)
    };
    let rejection = Rejection::FollowUpBefore {
        follow_up_on: date(2026, 3, 1),
    };
    world
        .heard(Channel::Email)
        .when(before)
        .then_rejected(rejection);
}

/// R109: a reminder that was sent from the list is a reminder, and counts as one; of a report that came, none does.
#[test]
fn a_message_about_a_report_is_a_reminder_of_it() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let world = world
        .given(ReportMeetingsReached { pairing })
        .heard(Channel::Email)
        .when(about(mentee, MessageKind::FileReport))
        .then(&["message.sent", "evaluation.reminded"])
        .given(FileEvaluation {
            pairing,
            person: mentor,
            report: crate::evaluation::Evaluation::default(),
        })
        .heard(Channel::Email)
        .when(about(mentor, MessageKind::FileReport))
        .then(&["message.sent"]);
    let reminders = |person| {
        world
            .pairing(pairing)
            .report_of(person)
            .map(|one| one.reminders)
    };
    assert_eq!((reminders(mentee), reminders(mentor)), (Some(1), Some(0)));
}

#[test]
fn nothing_is_sent_to_somebody_nobody_knows() {
    let person: PersonId = stranger();
    ready()
        .heard(Channel::Email)
        .when(about(person, MessageKind::CheckIn))
        .then_rejected(Rejection::UnknownPerson { person });
}

fn about(person: PersonId, kind: MessageKind) -> RecordMessageSent {
    RecordMessageSent {
        person,
        kind,
        follow_up_on: None,
    }
}

#[track_caller]
fn told(world: World, message: RecordMessageSent) -> World {
    world.heard(Channel::Email).given(message)
}

fn follow_up(world: &World, person: PersonId) -> jiff::civil::Date {
    let messages = world.scheme.messages_to(person);
    messages.last().expect("something was sent").follow_up_on
}
