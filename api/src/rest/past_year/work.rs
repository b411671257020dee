//! From rows to an answer: each row becomes commands, one row after the other, because the later may name whom the
//! earlier brought.
//!
//! What a row makes is named from its content, so the same row sent again, in this file or another, makes nothing new.

use super::{
    Refusal,
    book::{Book, Entered},
    known::{facts, folded, live_with, mentee_called, mentors_called},
    reading::{Mentee, Mentor, Row, Told},
    values::Status,
};
use crate::dispatch::Failure;
use domain::{
    appointment::{NotifyAppointment, Source},
    brought_forward::{BringForwardMentor, BringForwardPairing, BringForwardYear, YearFigures},
    identifiers::{PairingId, PersonId},
    mentor::{PenPortrait, RegisterMentor},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashSet;

/// What came of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RowOutcome {
    /// It told something new, which is now recorded.
    Recorded,
    /// It told what was known.
    AlreadySo,
    /// It is about a pairing that is over: it is among the figures of its year.
    Counted,
    /// It was refused; nothing of the pairing it tells of was recorded.
    Refused,
}

/// What came of one row. It names the line and repeats nothing of what stood there.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RowResult {
    /// The line on which the row begins, counted from 1.
    pub line: u64,
    /// What came of it.
    pub outcome: RowOutcome,
    /// The mentee it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentee: Option<PersonId>,
    /// The mentor it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentor: Option<PersonId>,
    /// The pairing it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairing: Option<PairingId>,
    /// What is still to be done: `portraitIncomplete`, `sessionsUnknown`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<&'static str>,
    /// Fields of which a part was assumed, such as the first day of a month.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<&'static str>,
    /// Fields that are left unknown because the cell could not be understood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<&'static str>,
    /// Why it was refused, for machines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why it was refused and how to put it right, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The field it was refused for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// The figures that a file holds of its year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figures {
    /// Directors who are named.
    pub appointments: u32,
    /// Pairings, live and over.
    pub pairings: u32,
    /// Of these, those that broke down.
    pub broken: u32,
    /// Sessions of all of them.
    pub sessions: u32,
}

/// The first and the last day of a year.
pub type Year = (Date, Date);

/// Judges every row in turn. The figures are those of the rows that were taken, each once.
pub async fn work_through(
    book: &mut Book,
    rows: Vec<Row>,
    year: Option<Year>,
) -> Result<(Vec<RowResult>, Figures), Failure> {
    let (mut results, mut figures) = (Vec::new(), Figures::default());
    let mut seen = HashSet::new();
    for row in rows {
        let mut result = RowResult::new(row.line);
        let is_new = seen.insert(row.content.clone());
        let told = row.told.clone();
        match told {
            Err(refusal) => result.refuse(&refusal),
            Ok(told) => {
                result.assumed.clone_from(&told.assumed);
                result.not_understood.clone_from(&told.not_understood);
                let outcome = Desk {
                    book: &mut *book,
                    row: &row,
                    told: &told,
                    year,
                    result: &mut result,
                }
                .judge()
                .await?;
                match outcome {
                    Ok(outcome) => {
                        result.outcome = if is_new {
                            outcome
                        } else {
                            RowOutcome::AlreadySo
                        };
                        if is_new {
                            figures.add(&told);
                        }
                    }
                    Err(refusal) => result.refuse(&refusal),
                }
            }
        }
        results.push(result);
    }
    Ok((results, figures))
}

/// Brings the figures of the year forward.
pub async fn keep_year(
    book: &mut Book,
    (from, until): Year,
    figures: Figures,
) -> Result<Result<RowOutcome, Refusal>, Failure> {
    let command = BringForwardYear {
        figures: YearFigures {
            from,
            until,
            appointments: Some(figures.appointments),
            offered: None,
            accepted: None,
            pairings: Some(figures.pairings),
            broken: Some(figures.broken),
            sessions: Some(figures.sessions),
            evaluations: None,
        },
    };
    let content = format!("year {from} {until} {figures:?}");
    Ok(match book.enter(&content, command).await? {
        Entered::Recorded => Ok(RowOutcome::Recorded),
        Entered::AlreadySo => Ok(RowOutcome::AlreadySo),
        Entered::Refused(refusal) => Err(refusal),
    })
}

impl Figures {
    fn add(&mut self, told: &Told) {
        self.appointments += u32::from(told.mentee.is_some());
        let is_pairing =
            told.mentee.is_some() && told.mentor.is_some() && told.status != Status::Waiting;
        self.pairings += u32::from(is_pairing);
        self.broken += u32::from(is_pairing && told.status == Status::Broken);
        self.sessions += if is_pairing {
            u32::from(told.sessions.unwrap_or(0))
        } else {
            0
        };
    }
}

impl RowResult {
    const fn new(line: u64) -> Self {
        Self {
            line,
            outcome: RowOutcome::Refused,
            mentee: None,
            mentor: None,
            pairing: None,
            flags: Vec::new(),
            assumed: Vec::new(),
            not_understood: Vec::new(),
            code: None,
            message: None,
            field: None,
        }
    }

    fn refuse(&mut self, refusal: &Refusal) {
        self.outcome = RowOutcome::Refused;
        self.code = Some(refusal.code.to_string());
        self.message = Some(refusal.message());
        self.field = refusal.field.as_ref().map(ToString::to_string);
    }
}

/// One row on the desk.
struct Desk<'a> {
    book: &'a mut Book,
    row: &'a Row,
    told: &'a Told,
    year: Option<Year>,
    result: &'a mut RowResult,
}

type Judged<T> = Result<Result<T, Refusal>, Failure>;

macro_rules! or_refuse {
    ($judged:expr) => {
        match $judged {
            Ok(value) => value,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
}

impl Desk<'_> {
    async fn judge(&mut self) -> Judged<RowOutcome> {
        let told = self.told;
        let is_over = matches!(told.status, Status::Ended | Status::Broken);
        if is_over && self.year.is_none() {
            return Ok(Err(Refusal::of("pairing_ended", Some("status"))));
        }
        let before = self.book.snapshot().position();
        if let Some(mentor) = &told.mentor {
            let person = or_refuse!(self.mentor(mentor).await?);
            self.result.mentor = Some(person);
        }
        if is_over {
            return Ok(Ok(RowOutcome::Counted));
        }
        if let Some(mentee) = &told.mentee {
            match self.result.mentor {
                Some(mentor) if told.status == Status::Live => {
                    or_refuse!(self.pairing(mentee, mentor).await?);
                }
                _ => or_refuse!(self.notice(mentee).await?),
            }
        }
        let is_new = self.book.snapshot().position() > before;
        Ok(Ok(if is_new {
            RowOutcome::Recorded
        } else {
            RowOutcome::AlreadySo
        }))
    }

    /// The mentor of this name, and of this council where that is said; somebody new where there is none.
    async fn mentor(&mut self, named: &Mentor) -> Judged<PersonId> {
        let known = mentors_called(self.book.snapshot(), named);
        let person = match known.as_slice() {
            [] => or_refuse!(self.new_mentor(named).await?),
            [one] => *one,
            _ => return Ok(Err(Refusal::of("mentor_ambiguous", Some("mentorCouncil")))),
        };
        let mentors = &self.book.snapshot().scheme.mentors;
        let is_approved = mentors
            .get(&person)
            .is_some_and(|mentor| mentor.portrait == domain::mentor::Portrait::Approved);
        if !is_approved {
            self.result.flags.push("portraitIncomplete");
        }
        Ok(Ok(person))
    }

    async fn new_mentor(&mut self, named: &Mentor) -> Judged<PersonId> {
        let name = folded(named.details.name.as_deref());
        let employer = named.employer.as_ref().map_or("", |id| &id.0);
        let content = format!("mentor {name} {employer}");
        let is_told = named.portrait != PenPortrait::default();
        let command = BringForwardMentor {
            details: named.details.clone(),
            employer: named.employer.clone(),
            experience: named.experience.clone(),
            portrait: if named.is_approved {
                named.portrait.clone()
            } else {
                PenPortrait::default()
            },
            inducted_on: named.inducted_on,
            capacity: named.capacity,
        };
        if let Entered::Refused(refusal) = self.book.enter(&content, command).await? {
            return Ok(Err(refusal));
        }
        let mentor: PersonId = self.book.made(&content, "person");
        if is_told && !named.is_approved {
            // It is theirs to approve: what stands in a spreadsheet nobody has shown them.
            let command = RegisterMentor {
                mentor,
                portrait: named.portrait.clone(),
            };
            let registered = self
                .book
                .enter(&format!("portrait of {content}"), command)
                .await?;
            if let Entered::Refused(refusal) = registered {
                return Ok(Err(refusal));
            }
        }
        Ok(Ok(mentor))
    }

    async fn pairing(&mut self, mentee: &Mentee, mentor: PersonId) -> Judged<()> {
        let formed_on = self.told.formed_on.or(self.told.starts_on);
        let formed_on =
            or_refuse!(formed_on.ok_or(Refusal::of("formed_on_missing", Some("formedOn"))));
        let sessions_used = self.told.sessions.unwrap_or_else(|| {
            self.result.flags.push("sessionsUnknown");
            0
        });
        if let Entered::AlreadySo = self.book.look_up(&self.row.content) {
            self.result.pairing = Some(self.book.made(&self.row.content, "pairing"));
            self.result.mentee = mentee_called(self.book.snapshot(), mentee);
            return Ok(Ok(()));
        }
        let known = mentee_called(self.book.snapshot(), mentee);
        if let Some(person) = known {
            self.result.mentee = known;
            if let Some((pairing, used)) = live_with(self.book.snapshot(), person, mentor) {
                self.result.pairing = Some(pairing);
                let same = self.told.sessions.is_none_or(|told| told == used);
                return Ok(if same {
                    Ok(())
                } else {
                    Err(Refusal::of("known_otherwise", Some("sessions")))
                });
            }
        }
        let command = BringForwardPairing {
            mentor,
            person: known,
            details: mentee.details.clone(),
            facts: facts(mentee),
            category: None,
            formed_on,
            starts_on: self.told.starts_on,
            sessions_used,
        };
        match self.book.enter(&self.row.content, command).await? {
            Entered::Refused(refusal) => Ok(Err(refusal)),
            Entered::Recorded | Entered::AlreadySo => {
                let pairing: PairingId = self.book.made(&self.row.content, "pairing");
                let formed = self.book.snapshot().scheme.pairings.get(&pairing);
                self.result.mentee = formed.and_then(|formed| formed.mentees.first().copied());
                self.result.pairing = Some(pairing);
                Ok(Ok(()))
            }
        }
    }

    /// A director without a mentor: a notice like any other, from which mentoring is offered.
    async fn notice(&mut self, mentee: &Mentee) -> Judged<()> {
        let known = mentee_called(self.book.snapshot(), mentee);
        let facts = facts(mentee);
        let command = NotifyAppointment {
            source: Source::Coordinator,
            employer: facts.employer,
            employee_number: facts.employee_number,
            person: known,
            details: mentee.details.clone(),
            post: facts.post,
            basis: facts.basis,
            starts_on: facts.starts_on,
            ends_on: None,
            first_post: facts.first_post,
            expected_months: None,
        };
        if let Entered::Refused(refusal) = self.book.enter(&self.row.content, command).await? {
            return Ok(Err(refusal));
        }
        self.result.mentee = mentee_called(self.book.snapshot(), mentee);
        Ok(Ok(()))
    }
}
