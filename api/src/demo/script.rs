//! The script of the demonstration: which command is given when, by whom and on whose word.
//!
//! Times are working hours of working days in England. Steps are written person by person and sorted by
//! their instant at the end; what lies after the last day has not happened yet and is left out.

use super::draw::Draw;
use crate::{
    dispatch::{Request, event_id},
    identity::Role,
};
use domain::{
    Actor, Channel, Command, Party, ReportedBy,
    calendar::Calendar,
    identifiers::{self, PersonId},
};
use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use std::sync::Arc;
use uuid::{Uuid, uuid};

/// From it every identifier of the demonstration is derived.
const NAMESPACE: Uuid = uuid!("6a1c2f1e-8d0b-5a3e-9f47-0c5d2b7e4a91");
/// The first and last minute of a day at which anything is written down.
const OFFICE: (i16, i16) = (9 * 60, 17 * 60 - 10);

/// One command at its instant.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) at: Timestamp,
    pub(super) request: Request,
}

/// A minute of a working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) day: Date,
    minute: i16,
}

/// What stands beside a command: who gives it, on whose word, how it was heard, and of which day it tells.
#[derive(Debug, Clone, Default)]
pub(super) struct Word {
    role: Option<Role>,
    system_of: Option<String>,
    oneself: Option<PersonId>,
    reported_by: Option<ReportedBy>,
    channel: Option<Channel>,
    happened_on: Option<Date>,
}

impl Moment {
    /// A minute before, on the same day: office hours begin late enough.
    pub(super) const fn just_before(self) -> Self {
        Self {
            day: self.day,
            minute: self.minute - 1,
        }
    }
}

impl Word {
    /// The office does it on its own account.
    pub(super) fn own() -> Self {
        Self::default()
    }

    /// Whoever keeps policy and keys does it.
    pub(super) fn of_administrator() -> Self {
        Self {
            role: Some(Role::Administrator),
            ..Self::default()
        }
    }

    /// The office does it over `channel`.
    pub(super) fn over(channel: Channel) -> Self {
        Self {
            channel: Some(channel),
            ..Self::default()
        }
    }

    /// An employer's personnel system says so.
    pub(super) fn of_system(employer: &str) -> Self {
        Self {
            role: Some(Role::Employer),
            system_of: Some(employer.to_owned()),
            channel: Some(Channel::System),
            ..Self::default()
        }
    }

    /// Somebody does it themselves, with a token of their own.
    pub(super) fn of_oneself(role: Role, person: PersonId) -> Self {
        Self {
            role: Some(role),
            oneself: Some(person),
            ..Self::default()
        }
    }

    /// Somebody says so.
    pub(super) fn of(party: Party, person: Option<PersonId>, channel: Option<Channel>) -> Self {
        Self {
            reported_by: Some(ReportedBy { party, person }),
            channel,
            ..Self::default()
        }
    }

    /// Of an earlier day.
    pub(super) fn about(mut self, day: Date) -> Self {
        self.happened_on = Some(day);
        self
    }
}

/// The script as it is being written.
pub(super) struct Script {
    pub(super) draw: Draw,
    scheme: &'static str,
    calendar: Calendar,
    zone: TimeZone,
    steps: Vec<Step>,
}

impl Script {
    pub(super) fn new(scheme: &'static str, calendar: Calendar, draw: Draw) -> Self {
        Self {
            draw,
            scheme,
            zone: calendar.zone(),
            calendar,
            steps: Vec::new(),
        }
    }

    /// The steps up to `end`, in order.
    pub(super) fn finish(mut self, end: Timestamp) -> Vec<Step> {
        self.steps.retain(|step| step.at <= end);
        self.steps.sort_by_key(|step| step.at);
        self.steps
    }

    /// What is asked for so far, in the order in which it was written down.
    pub(super) fn commands(&self) -> impl Iterator<Item = &Command> {
        self.steps.iter().map(|step| &step.request.command)
    }

    /// Some minute of `day`, or of the next working day.
    pub(super) fn moment(&mut self, day: Date) -> Moment {
        let day = if self.calendar.is_working_day(day) {
            day
        } else {
            self.calendar.add_working_days(day, 1)
        };
        let minute = self.draw.between(0, 420);
        Moment {
            day,
            minute: OFFICE.0 + i16::try_from(minute).unwrap_or_default(),
        }
    }

    /// Some minute `least` to `most` working days later.
    pub(super) fn later(&mut self, from: Moment, least: u16, most: u16) -> Moment {
        let days = self.draw.between(least, most);
        if days == 0 {
            return self.soon(from);
        }
        let day = self.calendar.add_working_days(from.day, days);
        self.moment(day)
    }

    /// A few minutes later, or the next morning when the day is over.
    pub(super) fn soon(&mut self, from: Moment) -> Moment {
        let minutes = i16::try_from(self.draw.between(3, 25)).unwrap_or_default();
        if from.minute + minutes <= OFFICE.1 {
            return Moment {
                minute: from.minute + minutes,
                ..from
            };
        }
        Moment {
            day: self.calendar.add_working_days(from.day, 1),
            minute: OFFICE.0 + minutes,
        }
    }

    /// A channel by which people reach the office: the telephone mostly.
    pub(super) fn channel(&mut self) -> Channel {
        match self.draw.between(1, 100) {
            1..=76 => Channel::Telephone,
            77..=92 => Channel::Email,
            93..=96 => Channel::Video,
            97..=98 => Channel::InPerson,
            _ => Channel::Letter,
        }
    }

    /// On the word of a mentee or mentor.
    pub(super) fn word(&mut self, party: Party, person: PersonId) -> Word {
        let channel = self.channel();
        Word::of(party, Some(person), Some(channel))
    }

    /// Writes a step down. Its answer is known beforehand: what it makes is named from its identifier.
    pub(super) fn step(&mut self, at: Moment, word: Word, command: impl Into<Command>) -> Uuid {
        let at = self.instant(at);
        self.step_at(at, word, command)
    }

    /// As [`Self::step`], at an instant that may lie outside office hours.
    pub(super) fn step_at(
        &mut self,
        at: Timestamp,
        word: Word,
        command: impl Into<Command>,
    ) -> Uuid {
        let command_id = named(&format!("command {}", self.steps.len() + 1));
        let request = Request {
            command_id,
            command: command.into(),
            actor: self.actor(&word),
            happened_on: word.happened_on,
            reported_by: word.reported_by,
            channel: word.channel,
            validate_only: false,
            correlation_id: None,
            traceparent: None,
        };
        self.steps.push(Step { at, request });
        command_id
    }

    /// The identifier that `command` gives to what it calls `label`.
    pub(super) fn made<T: From<Uuid>>(&self, command: Uuid, label: &str) -> T {
        identifiers::derive(self.scheme, command, label).into()
    }

    /// The first entry of the history that `command`, given at `at`, leaves behind.
    pub(super) fn entry(&self, at: Moment, command: Uuid) -> Uuid {
        event_id(self.scheme, self.instant(at), command, 0)
    }

    fn instant(&self, moment: Moment) -> Timestamp {
        let (hour, minute) = (moment.minute / 60, moment.minute % 60);
        let time = Time::new(
            i8::try_from(hour).unwrap_or_default(),
            i8::try_from(minute).unwrap_or_default(),
            0,
            0,
        );
        self.zone
            .to_ambiguous_zoned(moment.day.to_datetime(time.unwrap_or(Time::midnight())))
            .compatible()
            .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
    }

    /// The coordinator, mostly; the deputy one time in seven; or whom the word names.
    fn actor(&mut self, word: &Word) -> Actor {
        let role = word.role.unwrap_or(Role::Coordinator);
        let label = match (&word.system_of, word.oneself, role) {
            (Some(employer), _, _) => format!("system of {employer}"),
            (None, Some(person), role) => format!("{} {person}", role.as_str()),
            (None, None, Role::Coordinator) if self.draw.chance(14) => "deputy".to_owned(),
            (None, None, role) => role.as_str().to_owned(),
        };
        Actor {
            id: named(&label),
            role: Arc::from(role.as_str()),
        }
    }
}

/// The identifier of something of the demonstration.
fn named(label: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, label.as_bytes())
}
