//! Random wishes about the mentors' directory, the choice of mentors and the department's induction day, and what
//! holds of them in every history.

use super::{
    commands::{maybe, one_of, pick, some_day},
    histories::{Known, Step, every_step},
};
use crate::{
    Command, Event,
    appointment::{FirstPost, Source},
    induction_day::{
        AnnounceDfeInductionDay, GiveUpDfeInductionDay, Place, RecordDfeInductionDay,
        RequestDfeInductionDay,
    },
    matching::{
        Conflict, DeclareConflict, NameMentors, PlaceOnWaitingList, Progress, RankMatches,
        TakeOffWaitingList, WithdrawMatch,
    },
    mentor::{
        Decider, LeavingPost, PauseMentor, RecordMentorLeftPost, RemoveMentor, ResignAsMentor,
        ResumeMentor,
    },
    mentoring::{AgreeElements, Element},
    posts::{ConfirmPost, PostHolder},
    recruitment::{
        CloseCampaign, InviteToCampaign, OpenCampaign, RecordSeminarAttendance,
        ScheduleMentorInductionSeminar,
    },
    spec::{BIRMINGHAM_TRUST, BRISTOL, called},
};
use std::collections::BTreeSet;

/// How many of 256 steps are about this part.
const SHARE: u8 = 48;

/// The command a step of this part stands for; nothing for a step of another.
pub(super) fn command(known: &Known, step: Step) -> Option<Command> {
    if step.part >= SHARE {
        return None;
    }
    Some(match step.verb {
        0..=89 => of_mentors(known, step),
        90..=159 => of_choice(known, step),
        160..=174 => of_posts(known, step),
        175..=255 => of_support(known, step),
    })
}

fn of_mentors(known: &Known, step: Step) -> Command {
    let Step { what, more, .. } = step;
    let mentor = pick(&known.mentors, step.who);
    let campaign = pick(&known.campaigns, step.who);
    let seminar = pick(&known.seminars, step.who);
    let several = [mentor, pick(&known.mentors, step.whom)];
    match step.verb % 10 {
        0 => PauseMentor {
            mentor,
            until: maybe(what, some_day(more)),
        }
        .into(),
        // Few are gone for long: with everybody gone nothing else would happen.
        3 if what < 48 => ResignAsMentor { mentor }.into(),
        3 if what < 96 => RemoveMentor {
            mentor,
            decided_by: one_of(&[Decider::Coordinator, Decider::Commissioner], what),
        }
        .into(),
        1..=3 => ResumeMentor { mentor }.into(),
        4 => RecordMentorLeftPost {
            mentor,
            leaving: LeavingPost {
                left_on: maybe(what, some_day(more)),
                retired: more.is_multiple_of(3),
            },
        }
        .into(),
        5 => OpenCampaign {
            title: one_of(&["Spring", "Autumn", ""], what).to_owned(),
            answer_by: maybe(what >> 1, some_day(more)),
        }
        .into(),
        6 => InviteToCampaign {
            campaign,
            mentors: several.to_vec(),
        }
        .into(),
        7 => CloseCampaign { campaign }.into(),
        8 => ScheduleMentorInductionSeminar {
            seminar: maybe(more, seminar),
            on: some_day(what % 100),
            venue: "Leeds".to_owned(),
            places: maybe(what, 12),
        }
        .into(),
        _ => RecordSeminarAttendance {
            seminar,
            attended: several[..usize::from(what % 3)].to_vec(),
            absent: several[usize::from(more % 3)..].to_vec(),
        }
        .into(),
    }
}

fn of_posts(known: &Known, step: Step) -> Command {
    let Step { what, more, .. } = step;
    let holder = |person: u8, name: &str| PostHolder {
        person: maybe(person, pick(&known.people, step.who)),
        details: called(name),
        starts_on: maybe(more, some_day(what)),
        first_post: maybe(more >> 1, FirstPost::Yes),
        ..PostHolder::default()
    };
    let both = [holder(what, "Mary"), holder(more, "Noor")];
    ConfirmPost {
        employer: one_of(&[BRISTOL, BIRMINGHAM_TRUST], what >> 1).into(),
        post: None,
        source: one_of(&[Source::Press, Source::Coordinator], more),
        holders: both[..usize::from(what % 3)].to_vec(),
    }
    .into()
}

fn of_choice(known: &Known, step: Step) -> Command {
    let Step { what, more, .. } = step;
    let (mentor, mentee) = (
        pick(&known.mentors, step.whom),
        pick(&known.mentees, step.who),
    );
    match step.verb % 8 {
        0 | 1 => NameMentors {
            mentee,
            mentors: maybe(what, mentor).into_iter().collect(),
        }
        .into(),
        2 | 3 => RankMatches {
            mentee,
            matches: (0..what % 4)
                .map(|next| pick(&known.matches, more.wrapping_add(next)))
                .collect(),
        }
        .into(),
        4 => WithdrawMatch {
            of: pick(&known.matches, step.who),
        }
        .into(),
        5 => DeclareConflict {
            mentee,
            mentor,
            conflict: maybe(
                what,
                one_of(&[Conflict::LineManagement, Conflict::NotStated], more),
            ),
        }
        .into(),
        6 => PlaceOnWaitingList { mentee }.into(),
        _ if what < 128 => PlaceOnWaitingList { mentee }.into(),
        _ => TakeOffWaitingList { mentee }.into(),
    }
}

fn of_support(known: &Known, step: Step) -> Command {
    let Step { what, more, .. } = step;
    let mentee = pick(&known.mentees, step.who);
    let day = pick(&known.induction_days, step.whom);
    match step.verb % 8 {
        0 => AgreeElements {
            mentee,
            elements: [Element::Sessions, Element::Development, Element::Sessions]
                [..usize::from(what % 4)]
                .to_vec(),
        }
        .into(),
        1 => AnnounceDfeInductionDay {
            day: maybe(more, day),
            on: some_day(more),
            places: u16::from(what % 3),
        }
        .into(),
        2..=4 => RequestDfeInductionDay { mentee }.into(),
        5 => GiveUpDfeInductionDay { mentee }.into(),
        _ => RecordDfeInductionDay {
            day,
            mentee,
            attended: more.is_multiple_of(2),
        }
        .into(),
    }
}

/// Whoever is gone has no match that may still go ahead, unless a yes that was given in time took it up again; and
/// nobody is paired with them.
#[test]
fn nobody_is_paired_with_a_mentor_who_is_gone() {
    every_step(|world, _, outcome| {
        let Ok(events) = outcome else { return };
        for event in events {
            match event {
                Event::MentorResigned(resigned) => {
                    let mentor = world.scheme.mentor(resigned.mentor).expect("known");
                    let mut matches = mentor.matches.iter();
                    let open = |of| world.scheme.matches[of].progress == Progress::Open;
                    assert!(!matches.any(open));
                }
                Event::PairingFormed(formed) => {
                    for mentor in &formed.mentors {
                        let mentor = world.scheme.mentor(*mentor).expect("known");
                        assert!(!mentor.presence.is_gone());
                    }
                }
                Event::MatchOffered(offered) => {
                    let mentee = world.mentee(offered.mentee);
                    assert_eq!(mentee.waiting_since, None, "who is offered waits no more");
                }
                _ => {}
            }
        }
    });
}

/// R021: places go to those who asked first, and none is left while somebody waits.
#[test]
fn no_place_is_free_while_somebody_waits_for_one() {
    every_step(|world, _, _| {
        let days = &world.scheme.induction_days;
        assert!(days.waiting.is_sorted_by_key(|(asked, _)| *asked));
        let mentees = world.scheme.mentees.values();
        let waiting: BTreeSet<_> = mentees
            .filter_map(|mentee| match mentee.induction_day {
                Place::Waiting(since) => Some((since, mentee.person)),
                _ => None,
            })
            .collect();
        assert_eq!(waiting, days.waiting.iter().copied().collect());
        assert_eq!(waiting.len(), days.waiting.len());
        for day in days.days.values().filter(|day| day.on >= world.today) {
            assert!(waiting.is_empty() || day.free() == 0);
        }
    });
}
