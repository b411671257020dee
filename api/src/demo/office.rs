//! The office that runs the scheme of the demonstration, over two years and seven weeks.
//!
//! The numbers are those of England: about 62 changes of director a year, of which 21 bring somebody to a
//! first post, 28 an interim and 11 somebody from another council; and 40 mentors.

use super::{
    ANCHOR, BEGINS, SCHEME,
    cast::Cast,
    diary::Diary,
    directory::Remembered,
    draw::Draw,
    lives::Lived,
    meetings::{Course, Pair},
    posts::{Change, Kind, Noticed},
    script::{Script, Step},
};
use domain::{
    calendar::Calendar,
    identifiers::{AppointmentId, PersonId},
    mentor::PersonDetails,
    pairing::BreakdownCause,
    policy::Policy,
    register::Register,
    shipped,
};
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use projections::stage::Stage;
use std::collections::BTreeMap;

/// The policy the scheme opens with.
pub(super) const FIRST_POLICY: &str = "mentor-plus-2017";
/// The policy that takes its place.
pub(super) const SECOND_POLICY: &str = "newly-appointed-directors-2026";
/// The first day of the second policy.
pub(super) const SECOND_POLICY_FROM: Date = date(2026, 9, 1);
/// Everything that is left to chance comes from here.
const SEED: u64 = 2_017;

/// The changes of a year.
const FIRST_YEAR: [(Kind, usize); 8] = [
    (Kind::First, 21),
    (Kind::InterimFirst, 9),
    (Kind::ActingUp, 5),
    (Kind::InterimLong, 7),
    (Kind::InterimShort, 7),
    (Kind::Move, 11),
    (Kind::AddedRemit, 1),
    (Kind::Trust, 1),
];
/// As many again, less those of that year who are placed by hand.
const SECOND_YEAR: [(Kind, usize); 7] = [
    (Kind::First, 16),
    (Kind::InterimFirst, 8),
    (Kind::ActingUp, 5),
    (Kind::InterimLong, 6),
    (Kind::InterimShort, 7),
    (Kind::Move, 10),
    (Kind::Trust, 1),
];

/// The whole history as it will be played, and whom to show first.
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) in_devon: PersonId,
}

/// Writes the history down. Pure: the same at every call.
pub(super) fn plan() -> Option<Plan> {
    let mut office = Office::new()?;
    office.open();
    office.recruit();
    office.year(date(2024, 10, 1), &FIRST_YEAR);
    office.year(date(2025, 10, 1), &SECOND_YEAR);
    let in_devon = office.devon();
    office.last_weeks();
    office.oddities();
    office.lives(in_devon);
    let pairs = office.pairs.clone();
    office.needs(in_devon);
    office.close_of_play();
    office.directory();
    office.confidence(&pairs);
    office.development();
    office.confirm_posts();
    office.arranging(&pairs);
    office.mistakes(&pairs);
    office.access(pairs.first());
    office.erasures();
    office.periods();
    Some(Plan {
        steps: office.script.finish(ANCHOR),
        in_devon,
    })
}

/// The office, with everything it keeps in its head.
pub(super) struct Office {
    pub(super) script: Script,
    pub(super) cast: Cast,
    pub(super) diary: Diary,
    pub(super) register: Register,
    pub(super) calendar: Calendar,
    pub(super) first_policy: Policy,
    pub(super) second_policy: Policy,
    /// Pairings formed so far: which course the next takes goes by its number.
    pub(super) formed: usize,
    /// Pairings whose course is written down.
    pub(super) lived: Vec<Lived>,
    /// Those pairings, in the order in which they are written down.
    pub(super) pairs: Vec<Pair>,
    /// Notices of directors who came from another council.
    pub(super) moves: Vec<Noticed>,
    /// Appointments of people acting up who accepted, by the day they were notified.
    pub(super) acting_up: Vec<(Date, AppointmentId)>,
    /// Mentees whose mentoring came to its end, by the day of the end.
    pub(super) done: Vec<(Date, PersonId)>,
    /// What is told of at the end, of mentors and of how mentees chose.
    pub(super) remembered: Remembered,
    /// How those who were mentored are called and reached.
    pub(super) people: BTreeMap<PersonId, PersonDetails>,
}

impl Office {
    fn new() -> Option<Self> {
        let mut draw = Draw::seeded(SEED);
        let (register, calendar) = (shipped::register(), shipped::calendar());
        Some(Self {
            cast: Cast::of(&register, &mut draw),
            script: Script::new(SCHEME, calendar.clone(), draw),
            diary: Diary::default(),
            first_policy: shipped::policy(FIRST_POLICY)?,
            second_policy: shipped::policy(SECOND_POLICY)?,
            register,
            calendar,
            formed: 0,
            lived: Vec::new(),
            pairs: Vec::new(),
            moves: Vec::new(),
            acting_up: Vec::new(),
            done: Vec::new(),
            remembered: Remembered::default(),
            people: BTreeMap::new(),
        })
    }

    /// The policy in force on `day`.
    pub(super) fn policy(&self, day: Date) -> &Policy {
        if day < SECOND_POLICY_FROM {
            &self.first_policy
        } else {
            &self.second_policy
        }
    }

    /// The changes of director of twelve months.
    fn year(&mut self, from: Date, counts: &[(Kind, usize)]) {
        let mut kinds: Vec<Kind> = counts
            .iter()
            .flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count))
            .collect();
        self.script.draw.shuffle(&mut kinds);
        // A little apart from each other and never before the scheme stands.
        let apart = 360 / i32::try_from(kinds.len()).unwrap_or(i32::MAX);
        let mut day = from.saturating_add(5.days());
        for kind in kinds {
            self.appoint(Change::new(kind, day));
            let gap = i32::from(self.script.draw.between(0, 2)) - 1;
            day = day.saturating_add((apart + gap + 1).days());
        }
    }

    /// The last weeks, in which everything is somewhere on its way.
    fn last_weeks(&mut self) {
        let broken = Course::Breaks {
            cause: BreakdownCause::Incompatibility,
            replaced: None,
        };
        let resting = |kind, day, stage| Change::new(kind, day).resting_at(stage);
        let changes = [
            Change::new(Kind::First, date(2026, 6, 15)).taking(broken),
            resting(Kind::First, date(2026, 9, 8), Stage::Offered),
            resting(Kind::First, date(2026, 9, 14), Stage::ToForm),
            resting(Kind::First, date(2026, 9, 17), Stage::Matching),
            resting(Kind::InterimFirst, date(2026, 9, 21), Stage::Matching),
            resting(Kind::AddedRemit, date(2026, 9, 24), Stage::Matching),
            resting(Kind::First, date(2026, 9, 29), Stage::ToMatch),
            resting(Kind::Trust, date(2026, 10, 5), Stage::Offered),
            Change::new(Kind::InterimLong, date(2026, 10, 8)),
            resting(Kind::InterimFirst, date(2026, 10, 13), Stage::ToMatch),
            resting(Kind::First, date(2026, 10, 16), Stage::Declined),
            Change::new(Kind::ActingUp, date(2026, 10, 19)),
            resting(Kind::First, date(2026, 10, 23), Stage::ToOffer),
            resting(Kind::First, date(2026, 10, 30), Stage::ToContact),
            resting(Kind::InterimShort, date(2026, 11, 5), Stage::ToConfirm),
            Change::new(Kind::Move, date(2026, 11, 9)),
            resting(Kind::First, date(2026, 11, 12), Stage::ToContact),
            resting(Kind::First, date(2026, 11, 16), Stage::ToConfirm),
            resting(Kind::InterimFirst, date(2026, 11, 18), Stage::ToContact),
        ];
        for change in changes {
            self.appoint(change);
        }
    }
}

/// The day on which the history begins.
pub(super) fn first_day() -> Date {
    BEGINS.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The day on which it ends.
pub(super) fn last_day() -> Date {
    ANCHOR.to_zoned(jiff::tz::TimeZone::UTC).date()
}
