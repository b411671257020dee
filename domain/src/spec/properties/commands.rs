//! Filling a random step with content, so that it is a command.

mod pairings;

pub(super) use pairings::life_of_a_pairing;

use super::{
    access, directory,
    histories::{Known, Step, later_policy},
    messages, needs,
};
use crate::{
    Command,
    adoption::{AdoptCalendar, AdoptRegister},
    appointment::{
        AppointmentFacts, ConfirmFacts, FirstPost, Form, LinkPerson, NotifyAppointment,
        RecordNotices, UnlinkPerson,
    },
    brought_forward::{BringForwardMentor, BringForwardPairing, BringForwardYear, YearFigures},
    evaluation::{Evaluation, FileEvaluation, RemindOfEvaluation, WaiveEvaluation},
    matching::{AcceptMatch, DeclineMatch, OfferMatches, Side},
    mentor::{
        ApprovePenPortrait, Experience, InviteMentor, MentorStatus, PenPortrait, RecordInduction,
        RegisterMentor, StateCapacity,
    },
    mentoring::{
        AcceptMentoring, AgreeStart, ContactOutcome, DeclineMentoring, Element, OfferMentoring,
        Preferences, RecordContact, RecordPreferences, Topic,
    },
    pairing::{
        BreakPairing, BreakdownCause, ConcludePairing, FormPairing, Judge, JudgeReplacement,
        Replacement, ReportMeetingsReached,
    },
    period::{Period, PublishPeriod},
    policy::Basis,
    shipped,
    spec::{
        BIRMINGHAM_TRUST, BRISTOL, called, counted, held, invite, notice, open_scheme, portrait,
        stranger,
    },
};
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The command a step stands for.
#[expect(
    clippy::too_many_lines,
    reason = "one line for each command reads better than a tree of functions"
)]
pub(super) fn command(known: &Known, step: Step) -> Command {
    if let Some(wish) = directory::command(known, step) {
        return wish;
    }
    if let Some(wish) = messages::command(known, step) {
        return wish;
    }
    if let Some(wish) = access::command(known, step) {
        return wish;
    }
    if needs::are_meant_by(step) {
        return needs::command(known, step);
    }
    let Step { what, more, .. } = step;
    let mentor = pick(&known.mentors, step.who);
    let mentee = pick(&known.mentees, step.who);
    let appointment = pick(&known.appointments, step.who);
    let of = pick(&known.matches, step.who);
    let pairing = pick(&known.pairings, step.who);
    let side = one_of(&[Side::Mentee, Side::Mentor], what);
    match step.verb {
        0..=1 => open_scheme().into(),
        2..=3 => later_policy(step, some_day(more)).into(),
        4 => AdoptRegister {
            register: shipped::register(),
        }
        .into(),
        5 => AdoptCalendar {
            calendar: shipped::calendar(),
        }
        .into(),
        6..=13 => InviteMentor {
            person: maybe(more, pick(&known.people, step.who)),
            experience: some_experience(step),
            ..invite(one_of(&["Ada", "Ben", "Cleo", ""], what))
        }
        .into(),
        14..=21 => RegisterMentor {
            mentor,
            portrait: some_portrait(what),
        }
        .into(),
        22..=29 => ApprovePenPortrait { mentor }.into(),
        30..=31 => RecordInduction { mentor }.into(),
        32..=37 => StateCapacity {
            mentor,
            capacity: one_of(&[0, 1, 2, 3, 200], what),
        }
        .into(),
        38..=57 => some_notice(known, step).into(),
        58..=64 => ConfirmFacts {
            appointment,
            basis: maybe(what, some_basis(more)),
            starts_on: maybe(what >> 1, some_day(more)),
            ends_on: maybe(what >> 2, some_day(more.wrapping_mul(7))),
            first_post: maybe(what >> 3, one_of(&[FirstPost::Yes, FirstPost::No], more)),
            expected_months: maybe(what >> 4, u16::from(more % 12)),
        }
        .into(),
        65..=72 => LinkPerson {
            appointment,
            person: pick(&known.people, step.whom),
        }
        .into(),
        73..=77 => UnlinkPerson { appointment }.into(),
        78 => RecordNotices {
            form: Form::Json,
            digest: what.to_string(),
            rows: 1,
            recorded: 1,
            already_so: 0,
            refused: 0,
            not_of_this_scheme: 0,
            codes: BTreeMap::new(),
        }
        .into(),
        79..=82 => RecordContact {
            mentee,
            outcome: one_of(&[ContactOutcome::Reached, ContactOutcome::NoAnswer], what),
            explained: maybe(more, Topic::Mentoring).into_iter().collect(),
        }
        .into(),
        83..=94 => OfferMentoring { mentee }.into(),
        95..=106 => AcceptMentoring {
            mentee,
            elements: maybe(what, Element::Sessions).into_iter().collect(),
            starts_on: maybe(what >> 1, some_day(more)),
        }
        .into(),
        107..=110 => DeclineMentoring { mentee }.into(),
        111..=114 => AgreeStart {
            mentee,
            starts_on: some_day(more),
        }
        .into(),
        115..=117 => RecordPreferences {
            mentee,
            preferences: Preferences {
                summary: one_of(&["", "Fostering", "Finance"], what).to_owned(),
                ..Preferences::default()
            },
        }
        .into(),
        118..=141 => OfferMatches {
            mentee,
            mentors: (0..=what % 3)
                .map(|next| pick(&known.mentors, step.whom.wrapping_add(next)))
                .collect(),
            more_than_usual: more % 4 == 0,
        }
        .into(),
        142..=177 => AcceptMatch { of, side }.into(),
        178..=181 => DeclineMatch { of, side }.into(),
        182..=203 => FormPairing {
            matches: std::iter::once(of)
                .chain(maybe(what, pick(&known.matches, step.whom)))
                .collect(),
        }
        .into(),
        204..=211 => held(pairing, side).into(),
        212..=214 => counted(pairing, side, one_of(&[0, 1, 2, 3, 4, 5, 300], more)).into(),
        215..=218 => ReportMeetingsReached { pairing }.into(),
        219..=225 => BreakPairing {
            pairing,
            cause: BreakdownCause::NotStated,
        }
        .into(),
        226..=233 => JudgeReplacement {
            pairing,
            judgement: one_of(
                &[Replacement::Replace, Replacement::Replace, Replacement::End],
                what,
            ),
            judged_by: [
                maybe(more, Judge::Mentee),
                maybe(more >> 1, Judge::Coordinator),
            ]
            .into_iter()
            .flatten()
            .collect(),
        }
        .into(),
        234..=236 => ConcludePairing { pairing }.into(),
        237 => RemindOfEvaluation {
            pairing,
            person: pick(&known.people, step.whom),
        }
        .into(),
        238 => WaiveEvaluation {
            pairing,
            person: pick(&known.people, step.whom),
        }
        .into(),
        239..=244 => FileEvaluation {
            pairing,
            person: pick(&known.people, step.whom),
            report: Evaluation {
                effectiveness: maybe(what, more % 7),
                ..Evaluation::default()
            },
        }
        .into(),
        245..=248 => BringForwardMentor {
            details: called("Dora"),
            employer: maybe(what, BRISTOL.into()),
            experience: some_experience(step),
            portrait: some_portrait(what),
            inducted_on: maybe(what >> 1, some_day(more)),
            capacity: maybe(what >> 2, u16::from(more % 3)),
        }
        .into(),
        249..=253 => BringForwardPairing {
            mentor,
            person: (what > 192).then(|| pick(&known.people, step.whom)),
            details: called("Eva"),
            facts: some_facts(step),
            category: None,
            formed_on: some_day(more),
            starts_on: maybe(what, some_day(more)),
            sessions_used: u16::from(more % 6),
        }
        .into(),
        254 => BringForwardYear {
            figures: some_figures(step),
        }
        .into(),
        255 => PublishPeriod {
            period: Period {
                from: some_day(what % 96),
                through: some_day(more % 128),
            },
        }
        .into(),
    }
}

fn some_notice(known: &Known, step: Step) -> NotifyAppointment {
    let facts = some_facts(step);
    NotifyAppointment {
        employer: facts.employer,
        employee_number: facts.employee_number,
        person: (step.whom < 64).then(|| pick(&known.people, step.whom)),
        details: called(one_of(&["Ada", "Fay"], step.more)),
        post: facts.post,
        basis: facts.basis,
        starts_on: facts.starts_on,
        ends_on: facts.ends_on,
        first_post: facts.first_post,
        expected_months: facts.expected_months,
        ..notice("1")
    }
}

fn some_facts(step: Step) -> AppointmentFacts {
    let Step { what, more, .. } = step;
    let trust = what % 5 == 0;
    AppointmentFacts {
        employer: one_of(
            &[
                if trust { BIRMINGHAM_TRUST } else { BRISTOL },
                BRISTOL,
                "E10000009",
            ],
            more,
        )
        .into(),
        employee_number: (what % 4 != 1).then(|| (more % 6).to_string()),
        post: if trust { "Chief Executive" } else { "DCS" }.to_owned(),
        basis: maybe(what, some_basis(more)),
        starts_on: maybe(what >> 1, some_day(more)),
        ends_on: maybe(what >> 2, some_day(more.wrapping_mul(3))),
        first_post: maybe(
            what >> 3,
            one_of(&[FirstPost::Yes, FirstPost::No], more >> 1),
        ),
        expected_months: maybe(what >> 4, u16::from(more % 12)),
    }
}

fn some_experience(step: Step) -> Experience {
    Experience {
        status: one_of(
            &[MentorStatus::Serving, MentorStatus::Retired],
            step.what >> 3,
        ),
        retired_on: maybe(step.more, some_day(step.what)),
        years_in_post: maybe(step.more >> 1, u16::from(step.what % 4)),
    }
}

fn some_portrait(what: u8) -> PenPortrait {
    match what % 4 {
        0 => PenPortrait::default(),
        1 => PenPortrait {
            background: "Education".to_owned(),
            ..portrait()
        },
        _ => portrait(),
    }
}

fn some_figures(step: Step) -> YearFigures {
    let year = i16::from(step.what % 4) + 2022;
    YearFigures {
        from: date(year, 4, 1),
        until: date(year + 1, 3, 31),
        appointments: maybe(step.more, 30),
        offered: None,
        accepted: None,
        pairings: None,
        broken: None,
        sessions: None,
        evaluations: None,
    }
}

fn some_basis(number: u8) -> Basis {
    one_of(
        &[
            Basis::Substantive,
            Basis::Interim,
            Basis::ActingUp,
            Basis::AddedRemit,
        ],
        number,
    )
}

/// A day near the time in which the histories play.
pub(super) fn some_day(number: u8) -> Date {
    date(2025, 10, 1).saturating_add((i32::from(number) * 2).days())
}

pub(super) fn one_of<T: Clone>(choices: &[T], number: u8) -> T {
    choices[usize::from(number) % choices.len()].clone()
}

pub(super) fn maybe<T>(number: u8, value: T) -> Option<T> {
    number.is_multiple_of(2).then_some(value)
}

/// One of the latest few, or now and then a stranger.
pub(super) fn pick<T: Copy + From<Uuid>>(all: &[T], number: u8) -> T {
    if all.is_empty() || number == u8::MAX {
        return stranger();
    }
    let latest = &all[all.len().saturating_sub(6)..];
    latest[usize::from(number) % latest.len()]
}
