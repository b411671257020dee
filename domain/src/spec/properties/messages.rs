//! Random wishes about news of development and messages of the work list, and what holds of them in every history.

use super::{
    commands::{maybe, one_of, pick, some_day},
    histories::{Known, Step, every_step},
};
use crate::{
    Command, Event,
    development::{AnnounceDevelopment, OpportunityKind, Recipients, SendDevelopmentNews},
    work_list::{MessageKind, RecordMessageSent},
};
use std::collections::BTreeSet;

/// Steps of parts from this one on are about what people are sent.
const FROM: u8 = 240;

/// The command a step of this part stands for; nothing for a step of another.
pub(super) fn command(known: &Known, step: Step) -> Option<Command> {
    if step.part < FROM {
        return None;
    }
    let Step { what, more, .. } = step;
    let person = pick(&known.people, step.who);
    let opportunity = pick(&known.opportunities, step.whom);
    Some(match step.verb {
        0..=49 => AnnounceDevelopment {
            opportunity: maybe(more, opportunity),
            title: one_of(&["Inspection", "Finance", "ask a@b.example", ""], what).to_owned(),
            kind: one_of(&[OpportunityKind::Reading, OpportunityKind::Visit], more),
            on: maybe(what >> 1, some_day(more)),
            place: maybe(what >> 2, "Leeds".to_owned()),
        }
        .into(),
        50..=149 => SendDevelopmentNews {
            opportunity,
            to: one_of(
                &[
                    Recipients::Everybody,
                    Recipients::Mentors,
                    Recipients::Mentees,
                    Recipients::MentorOf(person),
                    Recipients::Mentee(person),
                ],
                what,
            ),
        }
        .into(),
        150..=255 => RecordMessageSent {
            person,
            kind: one_of(
                &[
                    MessageKind::MakeContact,
                    MessageKind::CheckIn,
                    MessageKind::FileReport,
                ],
                what,
            ),
            follow_up_on: maybe(more, some_day(more)),
        }
        .into(),
    })
}

/// R023, R125: everybody to whom news was sent finds it among what they were sent, each once in an event.
#[test]
fn whoever_was_sent_news_has_it() {
    every_step(|world, _, outcome| {
        for event in outcome.iter().flatten() {
            let Event::DevelopmentNewsSent(sent) = event else {
                continue;
            };
            let people: BTreeSet<_> = sent.people.iter().collect();
            assert_eq!(people.len(), sent.people.len());
            assert!(!people.is_empty(), "sent to nobody");
            for person in people {
                let received = world.scheme.development.received_by(*person);
                let last = received.last().expect("it was sent");
                assert_eq!(last.opportunity, sent.opportunity);
                assert_eq!(last.picked_for, sent.picked_for);
            }
        }
    });
}

/// A message is followed up when it was sent or later, never before.
#[test]
fn nothing_is_followed_up_before_it_was_sent() {
    every_step(|world, _, _| {
        for message in world.scheme.messages.values().flatten() {
            assert!(message.on <= message.follow_up_on);
            assert!(message.channel.is_some());
        }
    });
}
