//! What can happen to a pairing between its beginning and its end, and what is owed then.

use super::{Known, Step, maybe, one_of, pick, some_day};
use crate::{
    Command,
    arrangement::{ArrangeSession, ArrangedMeeting, CallOffSession},
    closing::{DiscussOngoingSupport, GiveMentorFeedback},
    correction::{CorrectRecord, Correction},
    matching::Side,
    oversight::{RaiseDifficulty, RecordCheckIn, ResolveDifficulty, Word},
    own_notes::{Activity, AgreeFoundations, Foundation, NoteActivity},
    pairing::{
        AgreeMeetings, MeetingFormat, MeetingPlaces, NotHeld, PausePairing, RecordSessionNotHeld,
        ResumePairing, WithdrawFromPairing,
    },
    spec::properties::confidence,
};

/// What happens in the life of a pairing beside what a step stands for, now and then.
pub(in crate::spec::properties) fn life_of_a_pairing(known: &Known, step: Step) -> Option<Command> {
    match step.life {
        0..=59 => Some(command(known, step)),
        60..=99 => Some(confidence::command(known, step)),
        100..=107 => Some(arrangement(known, step)),
        108..=127 => Some(taking_back(known, step)),
        _ => None,
    }
}

/// Something that was recorded lately is taken back.
fn taking_back(known: &Known, step: Step) -> Command {
    CorrectRecord {
        entry: pick(&known.acts, step.who),
        correction: one_of(
            &[
                Correction::NotSo,
                Correction::NotSo,
                Correction::AsRecorded,
                Correction::On(some_day(step.more)),
            ],
            step.what,
        ),
    }
    .into()
}

/// A session is arranged by one of a pair, moved, or called off.
fn arrangement(known: &Known, step: Step) -> Command {
    let pairing = pick(&known.pairings, step.who);
    if step.life >= 105 {
        return CallOffSession {
            pairing,
            session: pick(&known.arranged, step.whom),
        }
        .into();
    }
    let starts_at = some_day(step.more).at(16, 0, 0, 0);
    ArrangeSession {
        pairing,
        session: maybe(step.what, pick(&known.arranged, step.whom)),
        person: pick(&known.people, step.whom),
        meeting: ArrangedMeeting {
            starts_at,
            ends_at: None,
            place: maybe(step.what >> 1, "Half way".to_owned()),
        },
    }
    .into()
}

fn command(known: &Known, step: Step) -> Command {
    let Step { what, more, .. } = step;
    let pairing = pick(&known.pairings, step.who);
    let person = pick(&known.people, step.whom);
    match step.life % 15 {
        0 => RecordSessionNotHeld {
            pairing,
            counted_by: one_of(&[Side::Mentee, Side::Mentor], what),
            outcome: one_of(&[NotHeld::Missed, NotHeld::Moved, NotHeld::Cancelled], more),
        }
        .into(),
        1 => AgreeMeetings {
            pairing,
            person,
            every_weeks: maybe(what, u16::from(more % 60)),
            format: maybe(what >> 1, MeetingFormat::Mixed),
            places: MeetingPlaces {
                times: maybe(what >> 2, "Fridays".to_owned()),
                places: None,
            },
        }
        .into(),
        2 | 3 => PausePairing { pairing }.into(),
        4 | 5 => ResumePairing { pairing }.into(),
        6 => WithdrawFromPairing { pairing }.into(),
        7 => RecordCheckIn {
            pairing,
            person,
            word: one_of(&[Word::Fine, Word::PleaseRing], what),
        }
        .into(),
        8 => RaiseDifficulty { pairing }.into(),
        9 => ResolveDifficulty { pairing }.into(),
        10 => GiveMentorFeedback {
            pairing,
            mentor: pick(&known.mentors, step.whom),
        }
        .into(),
        11 => AgreeFoundations {
            pairing,
            foundations: [
                maybe(what, Foundation::Purpose),
                maybe(more, Foundation::GroundRules),
            ]
            .into_iter()
            .flatten()
            .collect(),
        }
        .into(),
        12 => NoteActivity {
            pairing,
            activity: one_of(
                &[Activity::ActedForMentee, Activity::RelationshipReviewed],
                what,
            ),
        }
        .into(),
        13 => CorrectRecord {
            entry: pick(&known.told, step.who),
            correction: one_of(
                &[
                    Correction::NotSo,
                    Correction::On(some_day(more)),
                    Correction::AsRecorded,
                ],
                what,
            ),
        }
        .into(),
        _ => DiscussOngoingSupport {
            pairing,
            mentee: pick(&known.mentees, step.whom),
        }
        .into(),
    }
}
