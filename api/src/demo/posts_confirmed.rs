//! The office asks who is director where nobody has told, twice a year.

use super::{office::Office, script::Word};
use domain::{
    Channel, Command, Party,
    appointment::{FirstPost, Source},
    identifiers::PersonId,
    policy::Basis,
    posts::{ConfirmPost, PostHolder},
    register::{Employer, EmployerKind},
};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

/// Councils that were rung in each round.
const RUNG: usize = 5;

impl Office {
    /// In spring and in autumn. What was confirmed in spring alone is due again on the last day.
    pub(super) fn confirm_posts(&mut self) {
        let untold = self.untold();
        let (spring, rest) = untold.split_at(RUNG.min(untold.len()));
        for (nth, employer) in spring.iter().enumerate() {
            let holder = self.somebody(employer);
            self.holders_told(employer, date(2026, 4, 13), vec![holder.clone()]);
            // Two are still there in autumn; nobody has asked about the others again.
            if nth < 2 {
                self.holders_told(employer, date(2026, 10, 12), vec![holder]);
            }
        }
        for employer in rest.iter().take(RUNG) {
            self.rung_about(employer, date(2026, 10, 12), None);
        }
        let mut others = rest.iter().skip(RUNG);
        if let [Some(first), Some(one), Some(other), Some(two), Some(empty)] =
            std::array::from_fn(|_| others.next())
        {
            self.rung_about(first, date(2026, 10, 19), Some(FirstPost::Yes));
            self.one_for_two(one, other);
            self.two_in_one(two);
            self.vacant(empty, date(2026, 11, 2));
        }
        // One who was confirmed in autumn has gone since.
        if let Some(left) = rest.first() {
            self.vacant(left, date(2026, 11, 9));
        }
    }

    /// The councils of which nobody has told who is director.
    fn untold(&self) -> Vec<Employer> {
        let told: BTreeSet<&str> = self
            .script
            .commands()
            .filter_map(|command| match command {
                Command::NotifyAppointment(notice) => Some(notice.employer.0.as_str()),
                Command::BringForwardPairing(brought) => Some(brought.facts.employer.0.as_str()),
                _ => None,
            })
            .collect();
        let councils = self.register.employers.iter().filter(|employer| {
            employer.kind == EmployerKind::Council
                && employer.abolished_on.is_none()
                && !told.contains(employer.id.0.as_str())
        });
        councils.cloned().collect()
    }

    fn rung_about(
        &mut self,
        employer: &Employer,
        on: Date,
        first_post: Option<FirstPost>,
    ) -> PersonId {
        let holder = PostHolder {
            first_post,
            ..self.somebody(employer)
        };
        self.holders_told(employer, on, vec![holder])
    }

    /// One director for two councils.
    fn one_for_two(&mut self, one: &Employer, other: &Employer) {
        let person = self.rung_about(one, date(2026, 10, 20), Some(FirstPost::No));
        let shared = PostHolder {
            person: Some(person),
            first_post: Some(FirstPost::No),
            ..PostHolder::default()
        };
        self.holders_told(other, date(2026, 10, 22), vec![shared]);
    }

    /// An interim beside the director who is away.
    fn two_in_one(&mut self, employer: &Employer) {
        let holder = |office: &mut Self, basis| PostHolder {
            basis: Some(basis),
            first_post: Some(FirstPost::No),
            ..office.somebody(employer)
        };
        let both = vec![
            holder(self, Basis::Substantive),
            holder(self, Basis::Interim),
        ];
        self.holders_told(employer, date(2026, 10, 21), both);
    }

    fn vacant(&mut self, employer: &Employer, on: Date) {
        self.holders_told(employer, on, vec![]);
    }

    fn somebody(&mut self, employer: &Employer) -> PostHolder {
        PostHolder {
            details: self.cast.person(employer),
            ..PostHolder::default()
        }
    }

    /// Who was named first.
    fn holders_told(
        &mut self,
        employer: &Employer,
        on: Date,
        holders: Vec<PostHolder>,
    ) -> PersonId {
        let at = self.script.moment(on);
        let word = Word::of(Party::Employer, None, Some(Channel::Telephone));
        let confirm = ConfirmPost {
            employer: employer.id.clone(),
            post: None,
            source: Source::Coordinator,
            holders,
        };
        let command = self.script.step(at, word, confirm);
        self.script.made(command, "person 0")
    }
}
