//! Mentors who join: three campaigns, each with letters, portraits and a seminar.

use super::{
    diary::Entry,
    office::Office,
    opening::{retired, serving},
    script::{Moment, Word},
};
use domain::{
    Channel, Party,
    identifiers::PersonId,
    mentor::{
        ApprovePenPortrait, Experience, InviteMentor, PenPortrait, RecordInduction, RegisterMentor,
        StateCapacity,
    },
    register::Employer,
};
use jiff::civil::{Date, date};
use projections::stage::MentorStage;

impl Office {
    /// The three campaigns. Of the last, nobody has got to the end yet.
    pub(super) fn recruit(&mut self) {
        for nth in 0..6 {
            self.invite(date(2024, 11, 11), nth, Some(date(2025, 1, 23)), None);
        }
        for nth in 0..5 {
            self.invite(date(2025, 10, 13), nth, Some(date(2025, 12, 4)), None);
        }
        let last = [
            MentorStage::Invited,
            MentorStage::ToApprove,
            MentorStage::ToInduct,
            MentorStage::Invited,
        ];
        for (nth, stage) in (0..).zip(last) {
            self.invite(date(2026, 10, 5), nth, None, Some(stage));
        }
    }

    fn invite(&mut self, on: Date, nth: u16, seminar: Option<Date>, rests_at: Option<MentorStage>) {
        let employer = self.cast.mentors_council();
        let details = self.cast.person(&employer);
        let at = self.script.moment(on);
        let experience = self.experience(nth, on);
        let invite = InviteMentor {
            person: None,
            details,
            employer: Some(employer.id.clone()),
            experience,
        };
        let command = self.script.step(at, Word::over(Channel::Email), invite);
        let mentor: PersonId = self.script.made(command, "person");
        self.remembered.invited.push((on, mentor));
        if rests_at == Some(MentorStage::Invited) {
            return;
        }
        let at = self.register_mentor(mentor, &employer, at, nth == 2);
        if rests_at == Some(MentorStage::ToApprove) {
            return;
        }
        let at = self.script.later(at, 2, 6);
        let word = self.script.word(Party::Mentor, mentor);
        self.script.step(at, word, ApprovePenPortrait { mentor });
        let capacity = self.script.draw.between(1, 3);
        let stated = self.script.draw.chance(60);
        if stated {
            let at = self.script.soon(at);
            let word = self.script.word(Party::Mentor, mentor);
            self.script
                .step(at, word, StateCapacity { mentor, capacity });
        }
        let Some(seminar) = seminar else { return };
        let at = self.script.moment(seminar);
        // The list of those who came is typed in some days later.
        let typed = self.script.later(at, 1, 3);
        let word = Word::over(Channel::InPerson).about(seminar);
        self.script.step(typed, word, RecordInduction { mentor });
        self.diary.0.push(Entry {
            person: mentor,
            employer: employer.id,
            region: employer.region,
            from: typed.day,
            until: Date::MAX,
            capacity: usize::from(if stated { capacity } else { 1 }),
            taken: Vec::new(),
        });
    }

    fn experience(&mut self, nth: u16, on: Date) -> Experience {
        if nth == 4 {
            // Retired in the summer before.
            retired(Some(date(on.year(), 7, 31)))
        } else {
            serving(self.script.draw.between(2, 9))
        }
    }

    /// The mentor sends a portrait; one first sends half of it.
    fn register_mentor(
        &mut self,
        mentor: PersonId,
        employer: &Employer,
        at: Moment,
        in_halves: bool,
    ) -> Moment {
        let mut at = self.script.later(at, 3, 12);
        let portrait = self.portrait(employer);
        let word = Word::of(Party::Mentor, Some(mentor), Some(Channel::Email));
        if in_halves {
            let half = PenPortrait {
                expertise: Vec::new(),
                ..portrait.clone()
            };
            let register = RegisterMentor {
                mentor,
                portrait: half,
            };
            self.script.step(at, word.clone(), register);
            at = self.script.later(at, 2, 5);
        }
        self.script
            .step(at, word, RegisterMentor { mentor, portrait });
        at
    }
}
