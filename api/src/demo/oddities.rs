//! What does not happen to everybody: namesakes, returns, a second portrait, a new policy.

use super::{
    ANCHOR,
    office::{Office, SECOND_POLICY_FROM, last_day},
    opening::serving,
    script::Word,
};
use domain::{
    Channel, Party,
    adoption::AdoptPolicy,
    appointment::{
        ConfirmFacts, Form, LinkPerson, NotifyAppointment, RecordNotices, Source, UnlinkPerson,
    },
    identifiers::EmployerId,
    mentor::{ApprovePenPortrait, InviteMentor, PersonDetails, RegisterMentor, StateCapacity},
    mentoring::{ContactOutcome, RecordContact},
    policy::Basis,
};
use jiff::{ToSpan, civil::date};
use std::collections::BTreeMap;

impl Office {
    pub(super) fn oddities(&mut self) {
        self.new_policy();
        self.longer_than_thought();
        self.namesakes();
        self.returns();
        self.changes_of_mentors();
        self.deliveries();
    }

    /// The second policy is adopted in summer and in force from autumn.
    fn new_policy(&mut self) {
        let at = self.script.moment(date(2026, 6, 22));
        let adopt = AdoptPolicy {
            policy: self.second_policy.clone(),
            effective_from: Some(SECOND_POLICY_FROM),
        };
        self.script.step(at, Word::of_administrator(), adopt);
    }

    /// Somebody acts up for longer than was thought. The policy in force by then no longer knows acting up, so
    /// they are judged not entitled; mentoring that has begun goes on all the same.
    fn longer_than_thought(&mut self) {
        let before = date(2026, 7, 15);
        let latest = self.acting_up.iter().filter(|(on, _)| *on < before).max();
        let Some((_, appointment)) = latest.copied() else {
            return;
        };
        let at = self.script.moment(date(2026, 10, 12));
        let word = Word::of(Party::Employer, None, Some(Channel::Email));
        let confirm = ConfirmFacts {
            appointment,
            basis: None,
            starts_on: None,
            ends_on: Some(date(2027, 6, 30)),
            first_post: None,
            expected_months: None,
        };
        self.script.step(at, word, confirm);
    }

    /// Two directors with like names are taken for one, for a day.
    fn namesakes(&mut self) {
        let [.., other, noticed] = self.moves.as_slice() else {
            return;
        };
        let (other, noticed) = (other.clone(), noticed.clone());
        let at = self.script.later(noticed.at, 1, 3);
        let link = LinkPerson {
            appointment: noticed.appointment,
            person: other.person,
        };
        self.script.step(at, Word::own(), link);
        let at = self.script.later(at, 1, 2);
        let unlink = UnlinkPerson {
            appointment: noticed.appointment,
        };
        self.script.step(at, Word::own(), unlink);
    }

    /// One who was mentored moves to another council, and one becomes a mentor.
    fn returns(&mut self) {
        self.done.sort_unstable();
        let [(first, mover), (second, mentor), ..] = self.done.as_slice() else {
            return;
        };
        let (first, mover, second, mentor) = (*first, *mover, *second, *mentor);
        let employer = self.cast.council();
        let at = self.script.moment(first.saturating_add(8.months()));
        let starts_on = at.day.saturating_add(50.days());
        let notice = NotifyAppointment {
            source: Source::Coordinator,
            employer: employer.id,
            employee_number: None,
            person: Some(mover),
            details: PersonDetails::default(),
            post: "Director of Children's Services".to_owned(),
            basis: Some(Basis::Substantive),
            starts_on: Some(starts_on),
            ends_on: None,
            first_post: Some(domain::appointment::FirstPost::No),
            expected_months: None,
        };
        let word = Word::of(Party::Mentee, Some(mover), Some(Channel::Telephone));
        self.script.step(at, word, notice);

        let at = self
            .script
            .moment(second.saturating_add(16.months()).max(date(2026, 9, 15)));
        let employer = self.cast.mentors_council();
        let invite = InviteMentor {
            person: Some(mentor),
            details: self.people.get(&mentor).cloned().unwrap_or_default(),
            employer: Some(employer.id.clone()),
            experience: serving(2),
        };
        self.script.step(at, Word::over(Channel::Telephone), invite);
        let at = self.script.later(at, 4, 8);
        let portrait = self.portrait(&employer);
        let word = self.script.word(Party::Mentor, mentor);
        self.script
            .step(at, word, RegisterMentor { mentor, portrait });
        let at = self.script.later(at, 2, 4);
        let word = self.script.word(Party::Mentor, mentor);
        self.script.step(at, word, ApprovePenPortrait { mentor });
        self.remembered.returned = Some((at, mentor));
    }

    /// In the second autumn some mentors offer more room, one steps back, and one sends a new portrait.
    fn changes_of_mentors(&mut self) {
        for nth in [2_usize, 3, 8, 10, 12] {
            let entry = &self.diary.0[nth];
            let (mentor, capacity) = (entry.person, entry.capacity + 1);
            let at = self.script.moment(date(2025, 9, 16));
            let word = self.script.word(Party::Mentor, mentor);
            let state = StateCapacity {
                mentor,
                capacity: u16::try_from(capacity).unwrap_or(1),
            };
            self.script.step(at, word, state);
        }
        let mentor = self.diary.0[7].person;
        let at = self.script.moment(date(2026, 3, 2));
        let word = self.script.word(Party::Mentor, mentor);
        let state = StateCapacity {
            mentor,
            capacity: 0,
        };
        self.script.step(at, word, state);

        let (mentor, employer) = (self.diary.0[14].person, self.diary.0[14].employer.clone());
        if let Some(employer) = self.register.employer(&employer).cloned() {
            let at = self.script.moment(date(2026, 2, 10));
            let portrait = self.portrait(&employer);
            let word = Word::of(Party::Mentor, Some(mentor), Some(Channel::Email));
            let register = RegisterMentor { mentor, portrait };
            self.script.step(at, word.clone(), register);
            let at = self.script.soon(at);
            self.script.step(at, word, ApprovePenPortrait { mentor });
        }
    }

    /// Three reports of starters are read in. Hardly anybody in them is a director.
    fn deliveries(&mut self) {
        let reports = [
            ("E09000007", date(2025, 4, 3), 41, 0),
            ("E08000003", date(2025, 10, 2), 66, 1),
            ("E10000015", date(2026, 4, 2), 52, 0),
        ];
        for (employer, on, rows, refused) in reports {
            let employer = EmployerId::from(employer);
            let at = self.script.moment(on);
            let codes = BTreeMap::from([("dates_contradict".to_owned(), refused)]);
            let record = RecordNotices {
                form: Form::Csv,
                digest: self.digest(),
                rows,
                recorded: 0,
                already_so: 0,
                refused,
                not_of_this_scheme: rows - refused,
                codes: codes.into_iter().filter(|(_, count)| *count > 0).collect(),
            };
            self.script.step(at, Word::of_system(&employer.0), record);
        }
    }

    /// What looks like a keyed digest. There was no delivery, so there is nothing it could be a digest of.
    fn digest(&mut self) -> String {
        let draw = &mut self.script.draw;
        let digits: Vec<char> = "0123456789abcdef".chars().collect();
        (0..64).map(|_| draw.pick(&digits)).collect()
    }

    /// The last call on the last day: the history ends where the clock of a rehearsal goes on from.
    pub(super) fn close_of_play(&mut self) {
        let Some((_, mentee)) = self.done.iter().rfind(|(end, _)| *end < last_day()) else {
            return;
        };
        let contact = RecordContact {
            mentee: *mentee,
            outcome: ContactOutcome::Reached,
            explained: vec![],
        };
        self.script
            .step_at(ANCHOR, Word::over(Channel::Telephone), contact);
    }
}
