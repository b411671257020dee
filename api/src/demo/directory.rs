//! What the office tells of campaigns and seminars, of mentors who come and go, of how mentees choose, and of the
//! department's induction days.
//!
//! It is written down last, so that nothing it draws changes what else happens.

use super::{
    office::{Office, last_day},
    script::{Moment, Word},
};
use domain::{
    Channel, Party,
    identifiers::{CampaignId, InductionDayId, MatchId, PersonId, SeminarId},
    induction_day::{
        AnnounceDfeInductionDay, GiveUpDfeInductionDay, RecordDfeInductionDay,
        RequestDfeInductionDay,
    },
    matching::{
        Conflict, DeclareConflict, NameMentors, PlaceOnWaitingList, RankMatches,
        TakeOffWaitingList, WithdrawMatch,
    },
    mentor::{
        Decider, LeavingPost, PauseMentor, RecordMentorLeftPost, RemoveMentor, ResignAsMentor,
        ResumeMentor,
    },
    mentoring::{AgreeElements, Element},
    recruitment::{
        CloseCampaign, InviteToCampaign, OpenCampaign, RecordSeminarAttendance,
        ScheduleMentorInductionSeminar,
    },
};
use jiff::{
    ToSpan,
    civil::{Date, date},
};

/// The department's days, with the places the scheme has there.
const INDUCTION_DAYS: [(Date, u16); 5] = [
    (date(2025, 3, 12), 8),
    (date(2025, 7, 2), 8),
    (date(2026, 1, 21), 10),
    (date(2026, 6, 24), 8),
    (date(2026, 12, 9), 3),
];

/// What the office remembers of the way of each mentee, to be told of at the end.
#[derive(Default)]
pub(super) struct Remembered {
    /// Who was invited to mentor, by the day on which the letters of their campaign went out.
    pub(super) invited: Vec<(Date, PersonId)>,
    /// A mentee who became a mentor, and when.
    pub(super) returned: Option<(Moment, PersonId)>,
    /// Every time mentors were offered to a mentee.
    pub(super) offerings: Vec<Offering>,
    /// Who has accepted and was offered nobody yet.
    pub(super) unmatched: Vec<(Moment, PersonId)>,
    /// Who would like to go to the department's induction day, and since when.
    pub(super) would_go: Vec<(Moment, PersonId)>,
}

/// Mentors offered to a mentee.
pub(super) struct Offering {
    pub(super) mentee: PersonId,
    pub(super) at: Moment,
    pub(super) matches: Vec<(MatchId, PersonId)>,
    /// Whether they are still open on the last day.
    pub(super) rests: bool,
}

impl Office {
    pub(super) fn directory(&mut self) {
        let remembered = std::mem::take(&mut self.remembered);
        self.campaigns(&remembered.invited);
        self.seminars(&remembered.invited);
        self.come_and_go(&remembered);
        self.choices(&remembered.offerings);
        self.waiting(&remembered.unmatched);
        self.induction_days(remembered.would_go);
    }

    fn campaigns(&mut self, invited: &[(Date, PersonId)]) {
        let campaigns = [
            ("Autumn 2024", date(2024, 11, 11), true),
            ("Autumn 2025", date(2025, 10, 13), true),
            ("Autumn 2026", date(2026, 10, 5), false),
        ];
        for (title, letters, is_closed) in campaigns {
            let at = self.script.moment(letters.saturating_sub(7.days()));
            let open = OpenCampaign {
                title: title.to_owned(),
                answer_by: Some(letters.saturating_add(28.days())),
            };
            let command = self.script.step(at, Word::own(), open);
            let campaign: CampaignId = self.script.made(command, "campaign");
            let mentors = invited.iter().filter(|(on, _)| *on == letters);
            let mentors = mentors.map(|(_, mentor)| *mentor).collect();
            let at = self.script.moment(letters.saturating_add(3.days()));
            self.script
                .step(at, Word::own(), InviteToCampaign { campaign, mentors });
            if is_closed {
                let at = self.script.moment(letters.saturating_add(30.days()));
                self.script
                    .step(at, Word::own(), CloseCampaign { campaign });
            }
        }
    }

    /// Two seminars that were held, and one that is to come.
    fn seminars(&mut self, invited: &[(Date, PersonId)]) {
        let seminars = [
            ("Birmingham", date(2024, 11, 11), date(2025, 1, 23)),
            ("London", date(2025, 10, 13), date(2025, 12, 4)),
            ("Leeds", date(2026, 10, 5), date(2026, 12, 3)),
        ];
        // One who was never inducted was expected at the second and did not come.
        let absent = self.diary.0[11].person;
        for (venue, letters, on) in seminars {
            let at = self.script.moment(letters.saturating_add(2.days()));
            let set = ScheduleMentorInductionSeminar {
                seminar: None,
                on,
                venue: venue.to_owned(),
                places: Some(20),
            };
            let command = self.script.step(at, Word::own(), set);
            let seminar: SeminarId = self.script.made(command, "induction seminar");
            if on > last_day() {
                continue;
            }
            let came = invited.iter().filter(|(day, _)| *day == letters);
            let at = self.script.moment(on.saturating_add(7.days()));
            let record = RecordSeminarAttendance {
                seminar,
                attended: came.map(|(_, mentor)| *mentor).collect(),
                absent: (venue == "London").then_some(absent).into_iter().collect(),
            };
            self.script.step(at, Word::over(Channel::InPerson), record);
        }
    }

    /// One pauses, comes back and gives it up in the end; one retires from their post; one is removed; one takes a
    /// break before beginning.
    fn come_and_go(&mut self, remembered: &Remembered) {
        let mentor = self.diary.0[7].person;
        let at = self.script.moment(date(2026, 4, 7));
        let word = self.script.word(Party::Mentor, mentor);
        let pause = PauseMentor {
            mentor,
            until: Some(date(2026, 6, 1)),
        };
        self.script.step(at, word, pause);
        let at = self.script.moment(date(2026, 6, 3));
        let word = self.script.word(Party::Mentor, mentor);
        self.script.step(at, word, ResumeMentor { mentor });
        let at = self.script.moment(date(2026, 9, 10));
        let word = self.script.word(Party::Mentor, mentor);
        self.script.step(at, word, ResignAsMentor { mentor });

        for (nth, retired) in [(3, true), (13, false)] {
            let mentor = self.diary.0[nth].person;
            let at = self.script.moment(date(2026, 10, 13));
            let word = self.script.word(Party::Mentor, mentor);
            let leave = RecordMentorLeftPost {
                mentor,
                leaving: LeavingPost {
                    left_on: Some(date(2026, 9, 30)),
                    retired,
                },
            };
            self.script.step(at, word, leave);
        }
        if let Some((_, mentor)) = remembered.invited.last() {
            let at = self.script.moment(date(2026, 11, 2));
            let remove = RemoveMentor {
                mentor: *mentor,
                decided_by: Decider::Operator,
            };
            let word = Word::of(Party::Operator, None, Some(Channel::Email));
            self.script.step(at, word, remove);
        }
        if let Some((at, mentor)) = remembered.returned {
            let at = self.script.later(at, 1, 3);
            let word = self.script.word(Party::Mentor, mentor);
            let pause = PauseMentor {
                mentor,
                until: Some(date(2027, 4, 1)),
            };
            self.script.step(at, word, pause);
        }
    }

    /// Some name a mentor, many rank those offered, one is in the other's line of management, and one match is
    /// withdrawn.
    fn choices(&mut self, offerings: &[Offering]) {
        for (nth, offering) in offerings.iter().enumerate() {
            let mentee = offering.mentee;
            if nth % 9 == 4
                && let Some((_, mentor)) = offering.matches.first()
            {
                let word = self.script.word(Party::Mentee, mentee);
                let name = NameMentors {
                    mentee,
                    mentors: vec![*mentor],
                };
                let before = offering.at.just_before();
                self.script.step(before, word, name);
            }
            if nth == 12
                && let Some((_, mentor)) = offering.matches.last()
            {
                let conflict = DeclareConflict {
                    mentee,
                    mentor: *mentor,
                    conflict: Some(Conflict::LineManagement),
                };
                let at = self.script.soon(offering.at);
                self.script.step(at, Word::own(), conflict);
            }
            if nth % 3 == 1 {
                let matches = offering.matches.iter().map(|(of, _)| *of).collect();
                let at = self.script.soon(offering.at);
                let word = self.script.word(Party::Mentee, mentee);
                self.script.step(at, word, RankMatches { mentee, matches });
            }
        }
        let open = offerings.iter().find(|offering| offering.rests);
        if let Some((offering, (of, _))) = open.and_then(|open| Some((open, open.matches.last()?)))
        {
            let at = self.script.later(offering.at, 2, 2);
            self.script.step(at, Word::own(), WithdrawMatch { of: *of });
        }
    }

    /// Nobody is suitable for the last who accepted. One of them is taken off the list again.
    fn waiting(&mut self, unmatched: &[(Moment, PersonId)]) {
        for (nth, (at, mentee)) in unmatched.iter().enumerate() {
            let mentee = *mentee;
            let at = self.script.later(*at, 1, 2);
            let word = self.script.word(Party::Mentee, mentee);
            let agree = AgreeElements {
                mentee,
                elements: vec![
                    Element::Sessions,
                    Element::DfeInductionDay,
                    Element::Development,
                    Element::NeedsAnalysis,
                ],
            };
            self.script.step(at, word, agree);
            let at = self.script.later(at, 1, 2);
            self.script
                .step(at, Word::own(), PlaceOnWaitingList { mentee });
            if nth == 0 {
                let at = self.script.later(at, 1, 2);
                self.script
                    .step(at, Word::own(), TakeOffWaitingList { mentee });
            }
        }
    }

    /// Everybody who would like to go stands in line; of each day that was, the office is told who came.
    fn induction_days(&mut self, mut would_go: Vec<(Moment, PersonId)>) {
        would_go.retain(|(at, _)| at.day < last_day());
        would_go.sort_unstable();
        let mut line = Vec::new();
        for (at, mentee) in would_go {
            let at = self.script.soon(at);
            let word = self.script.word(Party::Mentee, mentee);
            self.script
                .step(at, word, RequestDfeInductionDay { mentee });
            line.push((at, mentee));
        }
        line.sort_unstable();
        let mut line = line.into_iter().peekable();
        for (nth, (on, places)) in INDUCTION_DAYS.into_iter().enumerate() {
            let at = self.script.moment(on.saturating_sub(120.days()));
            let announce = AnnounceDfeInductionDay {
                day: None,
                on,
                places,
            };
            let word = Word::of(Party::Other, None, Some(Channel::Email));
            let command = self.script.step(at, word, announce);
            let day: InductionDayId = self.script.made(command, "dfe induction day");
            let mut placed = Vec::new();
            while placed.len() < usize::from(places)
                && let Some((_, mentee)) = line.next_if(|(asked, _)| asked.day <= on)
            {
                placed.push(mentee);
            }
            if on < last_day() {
                self.who_came(day, on, &placed, nth == 1);
            } else if let Some(mentee) = placed.first().copied() {
                // One cannot go after all.
                let at = self.script.moment(date(2026, 11, 12));
                let word = self.script.word(Party::Mentee, mentee);
                self.script.step(at, word, GiveUpDfeInductionDay { mentee });
            }
        }
    }

    fn who_came(&mut self, day: InductionDayId, on: Date, placed: &[PersonId], one_missed: bool) {
        let at = self.script.moment(on);
        for (nth, mentee) in placed.iter().enumerate() {
            let told = self.script.later(at, 1, 3);
            let word = Word::over(Channel::Email).about(on);
            let record = RecordDfeInductionDay {
                day,
                mentee: *mentee,
                attended: !(one_missed && nth == 1),
            };
            self.script.step(told, word, record);
        }
    }
}
