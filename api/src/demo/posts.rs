//! Directors come and go, and the office learns of it: from a personnel system, by telephone, from the press.

use super::{
    cast::first_of_month,
    meetings::Course,
    office::Office,
    script::{Moment, Word},
    words,
};
use domain::{
    Channel, Party,
    appointment::{
        AppointmentFacts, ConfirmFacts, FirstPost, LinkPerson, NotifyAppointment, Source, Verdict,
        judge,
    },
    identifiers::{AppointmentId, EmployerId, PersonId},
    mentor::PersonDetails,
    mentoring::{ContactOutcome, RecordContact, Topic},
    policy::Basis,
    register::Employer,
};
use jiff::{ToSpan, civil::Date};
use projections::stage::Stage;

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A first post as director.
    First,
    /// An interim whose first post as director it is.
    InterimFirst,
    /// Somebody of the same council acts up for half a year or more.
    ActingUp,
    /// An interim with experience, for half a year or more.
    InterimLong,
    /// An interim with experience, for less.
    InterimShort,
    /// A director who comes from another council.
    Move,
    /// The director of another service takes the duties on.
    AddedRemit,
    /// The chief executive of a trust.
    Trust,
}

/// A change of director and how far it is to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub(super) kind: Kind,
    /// When the office learns of it.
    pub(super) on: Date,
    /// Where it is to rest on the last day, if it matters.
    pub(super) rests_at: Option<Stage>,
    /// How the pairing is to go, if it matters.
    pub(super) course: Option<Course>,
}

impl Change {
    pub(super) const fn new(kind: Kind, on: Date) -> Self {
        Self {
            kind,
            on,
            rests_at: None,
            course: None,
        }
    }

    pub(super) const fn resting_at(self, stage: Stage) -> Self {
        Self {
            rests_at: Some(stage),
            ..self
        }
    }

    pub(super) const fn taking(self, course: Course) -> Self {
        Self {
            course: Some(course),
            ..self
        }
    }

    /// Whether nothing about it is left to chance.
    pub(super) const fn is_settled(&self) -> bool {
        self.rests_at.is_some() || self.course.is_some()
    }
}

/// Somebody the office has learned of.
#[derive(Debug, Clone)]
pub(super) struct Noticed {
    pub(super) person: PersonId,
    pub(super) appointment: AppointmentId,
    pub(super) employer: EmployerId,
    pub(super) region: Option<String>,
    pub(super) starts_on: Date,
    pub(super) at: Moment,
}

/// A post that changes hands, as it is in truth.
pub(super) struct Post {
    employer: Employer,
    title: &'static str,
    pub(super) facts: AppointmentFacts,
    details: PersonDetails,
}

impl Office {
    /// Somebody takes up a post, and the office hears of it.
    pub(super) fn appoint(&mut self, change: Change) {
        let post = self.post(change.kind, change.on);
        let source = match self.script.draw.between(1, 100) {
            _ if change.is_settled() => Source::PersonnelSystem,
            1..=66 => Source::PersonnelSystem,
            67..=92 => Source::Coordinator,
            _ => Source::Press,
        };
        let told = self.told(&post, source, change);
        let at = self.script.moment(change.on);
        let noticed = self.notify(at, &post, &told, source);
        match source {
            Source::PersonnelSystem => {
                self.told_again(&post, &told, at);
                self.told_of_the_end(&post, &told);
            }
            Source::Press => self.told_by_employer_too(&post, &noticed),
            Source::Coordinator => {}
        }
        if change.kind == Kind::Move {
            self.moves.push(noticed.clone());
        }
        self.judged(&post, &told, noticed, change);
    }

    /// What follows from the verdict, once there is one.
    pub(super) fn judged(
        &mut self,
        post: &Post,
        told: &AppointmentFacts,
        noticed: Noticed,
        change: Change,
    ) {
        let mut verdict = judge(self.policy(noticed.at.day), told).verdict;
        let mut noticed = noticed;
        let mut reached = false;
        if verdict == Verdict::ToBeConfirmed {
            if change.rests_at == Some(Stage::ToConfirm) {
                return;
            }
            noticed.at = self.confirm(&noticed, post);
            reached = true;
            verdict = judge(self.policy(noticed.at.day), &post.facts).verdict;
        }
        if verdict == Verdict::Eligible {
            self.welcome(&noticed, change, reached);
        } else if self.script.draw.chance(30) {
            // Not entitled to the core offer, but told of the others.
            let at = self.script.later(noticed.at, 2, 12);
            self.contact(noticed.person, at, ContactOutcome::Reached);
        }
    }

    /// The post as it is in truth.
    fn post(&mut self, kind: Kind, on: Date) -> Post {
        let employer = if kind == Kind::Trust {
            self.cast.trust()
        } else {
            self.cast.council()
        };
        let details = self.cast.person(&employer);
        let draw = &mut self.script.draw;
        let (basis, first_post, months) = match kind {
            Kind::First | Kind::Trust => (Basis::Substantive, FirstPost::Yes, None),
            Kind::Move => (Basis::Substantive, FirstPost::No, None),
            Kind::AddedRemit => (Basis::AddedRemit, FirstPost::Yes, None),
            Kind::ActingUp => (Basis::ActingUp, FirstPost::Yes, Some(draw.between(6, 10))),
            Kind::InterimFirst => (Basis::Interim, FirstPost::Yes, Some(draw.between(5, 9))),
            Kind::InterimLong => (Basis::Interim, FirstPost::No, Some(draw.between(6, 9))),
            Kind::InterimShort => (Basis::Interim, FirstPost::No, Some(draw.between(3, 5))),
        };
        let starts_on = if months.is_some() {
            on.saturating_add((i32::from(draw.between(0, 14)) - 4).days())
        } else {
            first_of_month(on.saturating_add(i32::from(draw.between(15, 70)).days()))
        };
        // Some know the last day, others only about how long it will be.
        let ends_on = months
            .filter(|_| draw.chance(50))
            .map(|months| starts_on.saturating_add(i32::from(months).months()));
        let title = if kind == Kind::Trust {
            "Chief Executive"
        } else {
            draw.pick(words::DIRECTOR)
        };
        let facts = AppointmentFacts {
            employer: employer.id.clone(),
            employee_number: Some(self.cast.employee_number()),
            post: title.to_owned(),
            basis: Some(basis),
            starts_on: Some(starts_on),
            ends_on,
            first_post: Some(first_post),
            expected_months: months.filter(|_| ends_on.is_none()),
        };
        self.true_post(employer, title, facts, details)
    }

    pub(super) fn true_post(
        &self,
        employer: Employer,
        title: &'static str,
        facts: AppointmentFacts,
        details: PersonDetails,
    ) -> Post {
        let code = self
            .first_policy
            .post_called(title)
            .map(|post| post.code.clone());
        Post {
            employer,
            title,
            facts: AppointmentFacts {
                post: code.unwrap_or_default(),
                ..facts
            },
            details,
        }
    }

    /// What the first notice says: not always everything.
    fn told(&mut self, post: &Post, source: Source, change: Change) -> AppointmentFacts {
        let gap = if change.is_settled() {
            change.rests_at == Some(Stage::ToConfirm)
        } else {
            self.script.draw.chance(match source {
                Source::PersonnelSystem => 20,
                Source::Coordinator => 12,
                Source::Press => 60,
            })
        };
        let length_unknown = gap && self.script.draw.chance(50);
        let known = !length_unknown;
        AppointmentFacts {
            employee_number: post
                .facts
                .employee_number
                .clone()
                .filter(|_| source == Source::PersonnelSystem),
            first_post: post.facts.first_post.filter(|_| !gap),
            ends_on: post.facts.ends_on.filter(|_| known),
            expected_months: post.facts.expected_months.filter(|_| known),
            ..post.facts.clone()
        }
    }

    pub(super) fn notify(
        &mut self,
        at: Moment,
        post: &Post,
        told: &AppointmentFacts,
        source: Source,
    ) -> Noticed {
        let word = match source {
            Source::PersonnelSystem => Word::of_system(&told.employer.0),
            Source::Coordinator => Word::of(Party::Employer, None, Some(Channel::Telephone)),
            Source::Press => Word::of(Party::Press, None, None),
        };
        let command = self.script.step(at, word, notice(post, told, source, None));
        let person = self.script.made(command, "person");
        self.people.insert(person, post.details.clone());
        Noticed {
            person,
            appointment: self.script.made(command, "appointment"),
            employer: told.employer.clone(),
            region: post.employer.region.clone(),
            starts_on: told.starts_on.unwrap_or(at.day),
            at,
        }
    }

    /// A personnel system sends some notices twice, and some again with another first day.
    fn told_again(&mut self, post: &Post, told: &AppointmentFacts, at: Moment) {
        let mut again = told.clone();
        let open_ended = post.facts.ends_on.is_none() && post.facts.expected_months.is_none();
        if self.script.draw.chance(12) && open_ended {
            again.starts_on = told.starts_on.map(first_of_month);
        } else if !self.script.draw.chance(10) {
            return;
        }
        let at = self.script.later(at, 8, 20);
        let word = Word::of_system(&told.employer.0);
        let again = notice(post, &again, Source::PersonnelSystem, None);
        self.script.step(at, word, again);
    }

    /// When somebody leaves of whom only the length was known, the personnel system tells the last day.
    fn told_of_the_end(&mut self, post: &Post, told: &AppointmentFacts) {
        let (Some(starts_on), Some(months)) = (told.starts_on, post.facts.expected_months) else {
            return;
        };
        let ends_on = starts_on.saturating_add(i32::from(months).months());
        let at = self.script.moment(ends_on);
        let known = AppointmentFacts {
            ends_on: Some(ends_on),
            ..told.clone()
        };
        let word = Word::of_system(&told.employer.0);
        let end = notice(post, &known, Source::PersonnelSystem, None);
        self.script.step(at, word, end);
    }

    /// What stood in the press comes from the employer some weeks later, and the office sees it is one person.
    fn told_by_employer_too(&mut self, post: &Post, noticed: &Noticed) {
        let at = self.script.later(noticed.at, 6, 20);
        let from_employer = self.notify(at, post, &post.facts, Source::PersonnelSystem);
        let at = self.script.later(at, 0, 2);
        self.script.step(
            at,
            Word::own(),
            LinkPerson {
                appointment: from_employer.appointment,
                person: noticed.person,
            },
        );
    }

    /// The office asks for what was not told, and hears it.
    fn confirm(&mut self, noticed: &Noticed, post: &Post) -> Moment {
        let at = self.script.later(noticed.at, 1, 5);
        self.contact(noticed.person, at, ContactOutcome::Reached);
        let at = self.script.soon(at);
        let (party, person) = if self.script.draw.chance(60) {
            (Party::Mentee, Some(noticed.person))
        } else {
            (Party::Employer, None)
        };
        self.script.step(
            at,
            Word::of(party, person, Some(Channel::Telephone)),
            ConfirmFacts {
                appointment: noticed.appointment,
                basis: None,
                starts_on: None,
                ends_on: post.facts.ends_on,
                first_post: post.facts.first_post,
                expected_months: post.facts.expected_months,
            },
        );
        at
    }

    /// A call or a message of the office.
    pub(super) fn contact(&mut self, mentee: PersonId, at: Moment, outcome: ContactOutcome) {
        self.contact_explaining(mentee, at, outcome, Vec::new());
    }

    /// The same, in which something is explained.
    pub(super) fn contact_explaining(
        &mut self,
        mentee: PersonId,
        at: Moment,
        outcome: ContactOutcome,
        explained: Vec<Topic>,
    ) {
        let channel = if self.script.draw.chance(82) {
            Channel::Telephone
        } else {
            Channel::Email
        };
        let contact = RecordContact {
            mentee,
            outcome,
            explained,
        };
        self.script.step(at, Word::over(channel), contact);
    }
}

fn notice(
    post: &Post,
    told: &AppointmentFacts,
    source: Source,
    person: Option<PersonId>,
) -> NotifyAppointment {
    let details = match source {
        Source::PersonnelSystem => PersonDetails {
            telephone: None,
            ..post.details.clone()
        },
        Source::Coordinator => PersonDetails {
            email: None,
            ..post.details.clone()
        },
        Source::Press => PersonDetails {
            name: post.details.name.clone(),
            ..PersonDetails::default()
        },
    };
    NotifyAppointment {
        source,
        employer: told.employer.clone(),
        employee_number: told.employee_number.clone(),
        person,
        details,
        post: post.title.to_owned(),
        basis: told.basis,
        starts_on: told.starts_on,
        ends_on: told.ends_on,
        first_post: told.first_post,
        expected_months: told.expected_months,
    }
}
