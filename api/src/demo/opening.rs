//! The first two days: the scheme is opened, and what there was before is brought forward.

use super::{
    BEGINS,
    diary::Entry,
    meetings::{Course, Ending, Pair},
    office::{Office, first_day},
    script::{Moment, Word},
    words,
};
use domain::{
    adoption::{AdoptCalendar, AdoptPolicy, AdoptRegister, OpenScheme, SchemeKind},
    appointment::{AppointmentFacts, FirstPost},
    brought_forward::{BringForwardMentor, BringForwardPairing, BringForwardYear, YearFigures},
    mentor::{Experience, MentorStatus, PenPortrait},
    policy::Basis,
    register::Employer,
};
use jiff::civil::{Date, date};

/// Mentors there were before.
const BEFORE: u16 = 24;

impl Office {
    /// Opens the scheme and brings forward what there was.
    pub(super) fn open(&mut self) {
        let open = OpenScheme {
            name: "Mentor Plus".to_owned(),
            kind: SchemeKind::Mentoring,
        };
        self.script.step_at(BEGINS, Word::of_administrator(), open);
        let mut at = self.script.moment(first_day());
        let policy = AdoptPolicy {
            policy: self.first_policy.clone(),
            effective_from: None,
        };
        self.script.step(at, Word::of_administrator(), policy);
        at = self.script.soon(at);
        let register = self.register.clone();
        self.script
            .step(at, Word::of_administrator(), AdoptRegister { register });
        at = self.script.soon(at);
        let calendar = self.calendar.clone();
        self.script
            .step(at, Word::of_administrator(), AdoptCalendar { calendar });
        at = self.script.soon(at);
        let figures = last_year();
        self.script
            .step(at, Word::own(), BringForwardYear { figures });
        for nth in 0..BEFORE {
            at = self.script.soon(at);
            self.mentor_before(nth, at);
        }
        let kept = [
            (date(2024, 4, 15), Some(date(2024, 5, 1)), 2),
            (date(2024, 6, 10), None, 1),
        ];
        for (nth, (formed_on, starts_on, used)) in kept.into_iter().enumerate() {
            at = self.script.soon(at);
            self.pairing_before(nth, at, (formed_on, starts_on, used));
        }
    }

    /// A mentor of the years before, with the portrait they approved then.
    fn mentor_before(&mut self, nth: u16, at: Moment) {
        let employer = self.cast.mentors_council();
        let details = self.cast.person(&employer);
        let draw = &mut self.script.draw;
        let capacity = draw.chance(70).then(|| draw.between(1, 3));
        let inducted_on = (nth != 11).then(|| date(2023, 11, i8::from(nth < 12) * 7 + 9));
        let experience = match nth {
            // Not quite what the policy asks for, and not quite known: flagged, not barred.
            5 => serving(1),
            9 => retired(None),
            _ if nth % 6 == 3 => retired(Some(date(2024, 3, 31))),
            _ => serving(draw.between(2, 11)),
        };
        let command = BringForwardMentor {
            details,
            employer: Some(employer.id.clone()),
            experience,
            portrait: self.portrait(&employer),
            inducted_on,
            capacity,
        };
        let command = self.script.step(at, Word::own(), command);
        // One steps back after a year and a half; see `oddities`.
        let until = if nth == 7 {
            date(2026, 3, 1)
        } else {
            Date::MAX
        };
        self.diary.0.push(Entry {
            person: self.script.made(command, "person"),
            employer: employer.id,
            region: employer.region,
            from: at.day,
            until,
            capacity: usize::from(capacity.unwrap_or(1)),
            taken: Vec::new(),
        });
    }

    /// A pairing that lived before, and goes on.
    fn pairing_before(
        &mut self,
        nth: usize,
        at: Moment,
        (formed_on, starts_on, sessions_used): (Date, Option<Date>, u16),
    ) {
        let mentor = self.diary.0[nth].person;
        let employer = self.cast.council();
        let facts = AppointmentFacts {
            employer: employer.id.clone(),
            employee_number: Some(self.cast.employee_number()),
            post: "director-of-childrens-services".to_owned(),
            basis: Some(Basis::Substantive),
            starts_on: starts_on.or(Some(date(2024, 6, 3))),
            ends_on: None,
            first_post: Some(FirstPost::Yes),
            expected_months: None,
        };
        let details = self.cast.person(&employer);
        let command = BringForwardPairing {
            mentor,
            person: None,
            details: details.clone(),
            facts,
            category: Some("first-post".to_owned()),
            formed_on,
            starts_on,
            sessions_used,
        };
        let command = self.script.step(at, Word::own(), command);
        let pair = Pair {
            pairing: self.script.made(command, "pairing"),
            mentee: self.script.made(command, "person"),
            mentor,
            formed: at,
        };
        self.people.insert(pair.mentee, details);
        let rest = Course::Core {
            sessions: 4 - sessions_used,
        };
        if let Ending::Over(end) = self.meet(&pair, rest) {
            self.diary.take(mentor, at.day, end.day);
            self.done.push((end.day, pair.mentee));
        }
    }

    /// A pen portrait that holds enough for an informed choice.
    pub(super) fn portrait(&mut self, employer: &Employer) -> PenPortrait {
        let draw = &mut self.script.draw;
        let strings = |chosen: Vec<&str>| chosen.into_iter().map(str::to_owned).collect();
        PenPortrait {
            background: draw.pick(words::BACKGROUNDS).to_owned(),
            expertise: strings(draw.some(words::EXPERTISE, 4)),
            special_interests: strings(draw.some(words::INTERESTS, 2)),
            council_types: employer.council_type.into_iter().collect(),
            challenges: draw.pick(words::CHALLENGES).to_owned(),
            span_of_responsibility: draw.pick(words::SPANS).to_owned(),
        }
    }
}

pub(super) const fn serving(years: u16) -> Experience {
    Experience {
        status: MentorStatus::Serving,
        retired_on: None,
        years_in_post: Some(years),
    }
}

pub(super) const fn retired(on: Option<Date>) -> Experience {
    Experience {
        status: MentorStatus::Retired,
        retired_on: on,
        years_in_post: Some(6),
    }
}

/// The year before, as far as anybody kept count: nobody counted the sessions.
const fn last_year() -> YearFigures {
    YearFigures {
        from: date(2023, 10, 1),
        until: date(2024, 9, 30),
        appointments: Some(58),
        offered: Some(37),
        accepted: Some(29),
        pairings: Some(27),
        broken: Some(2),
        sessions: None,
        evaluations: Some(31),
    }
}
