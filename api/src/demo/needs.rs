//! What mentees need: a few fill in some of the four tables, one shares and revises, one destroys again; and the office
//! writes profiles.

use super::{
    meetings::Pair,
    office::Office,
    script::{Moment, Word},
    words,
};
use crate::identity::Role;
use domain::{
    Party,
    identifiers::{NeedsAnalysisId, NeedsProfileId, PersonId},
    needs::{
        Access, BeginNeedsAnalysis, Challenge, Competence, CompetenceNeed, CompetenceReview,
        CorrectNeedsProfile, DestroyNeedsAnalysis, Field, FieldReview, Heading, HeadingAudit,
        Horizon, Involvement, KnowledgeGap, NeedsProfile, Origin, Priorities, Priority,
        ReviseNeedsAnalysis, Setting, ShareNeedsAnalysis, Tables, UnshareNeedsAnalysis, Urgency,
        Way, WriteNeedsProfile,
    },
};

/// A profile is written for one in so many of those who were paired.
const PROFILED: usize = 4;

impl Office {
    pub(super) fn needs(&mut self, in_devon: PersonId) {
        let pairs = std::mem::take(&mut self.pairs);
        for pair in pairs.iter().step_by(PROFILED) {
            self.profile(pair);
        }
        if let Some(pair) = pairs.iter().find(|pair| pair.mentee == in_devon) {
            self.shared_and_revised(pair);
        }
        if let Some(pair) = pairs.first() {
            self.thought_better_of(pair);
        }
        self.pairs = pairs;
    }

    /// The office writes a profile after a talk, and one in three mentees has something to put right.
    fn profile(&mut self, pair: &Pair) {
        let at = self.script.later(pair.formed, 0, 2);
        let draw = &mut self.script.draw;
        let needs = draw.some(words::NEEDS, 3);
        let profile = NeedsProfile {
            needs: needs.into_iter().map(str::to_owned).collect(),
            remarks: String::new(),
        };
        let word = self.script.word(Party::Mentee, pair.mentee);
        let write = WriteNeedsProfile {
            mentee: pair.mentee,
            profile,
        };
        let written = self.script.step(at, word, write);
        if self.script.draw.chance(35) {
            let at = self.script.later(at, 3, 9);
            let word = self.script.word(Party::Mentee, pair.mentee);
            let profile: NeedsProfileId = self.script.made(written, "needs profile");
            let correction = self.script.draw.pick(words::CORRECTIONS).to_owned();
            let correct = CorrectNeedsProfile {
                profile,
                correction,
            };
            self.script.step(at, word, correct);
        }
    }

    /// Filled in by the mentee in part, shared before the first session, and revised with the mentor since.
    fn shared_and_revised(&mut self, pair: &Pair) {
        let mentee = Word::of_oneself(Role::Mentee, pair.mentee);
        let mut at = self.script.later(pair.formed, 1, 1);
        let first = BeginNeedsAnalysis {
            mentee: pair.mentee,
            tables: first_thoughts(),
            setting: Some(Setting::Alone),
        };
        let command = self.script.step(at, mentee.clone(), first);
        let analysis: NeedsAnalysisId = self.script.made(command, "needs analysis");
        let share = |office: &mut Self, at: Moment, access| {
            let share = ShareNeedsAnalysis {
                analysis,
                pairing: pair.pairing,
                access,
            };
            office.script.step(at, mentee.clone(), share);
        };
        at = self.script.soon(at);
        share(self, at, Access::Read);
        at = self.script.later(at, 25, 30);
        share(self, at, Access::Write);
        for (tables, word) in [
            (service(), Word::of_oneself(Role::Mentor, pair.mentor)),
            (
                knowledge(KnowledgeGap::Three),
                Word::of_oneself(Role::Mentee, pair.mentee),
            ),
            (competences(), Word::of_oneself(Role::Mentor, pair.mentor)),
        ] {
            let revise = ReviseNeedsAnalysis {
                analysis,
                tables,
                setting: Some(Setting::WithMentor),
            };
            at = self.script.later(at, 8, 12);
            self.script.step(at, word, revise);
        }
    }

    /// Told by telephone, shared, taken back, and destroyed by the mentee in the end.
    fn thought_better_of(&mut self, pair: &Pair) {
        let mut at = self.script.later(pair.formed, 1, 2);
        let told = self.script.word(Party::Mentee, pair.mentee);
        let first = BeginNeedsAnalysis {
            mentee: pair.mentee,
            tables: knowledge(KnowledgeGap::Five),
            setting: None,
        };
        let command = self.script.step(at, told.clone(), first);
        let analysis: NeedsAnalysisId = self.script.made(command, "needs analysis");
        let pairing = pair.pairing;
        at = self.script.soon(at);
        let share = ShareNeedsAnalysis {
            analysis,
            pairing,
            access: Access::Read,
        };
        self.script.step(at, told.clone(), share);
        at = self.script.later(at, 10, 12);
        let unshare = UnshareNeedsAnalysis { analysis, pairing };
        self.script.step(at, told, unshare);
        at = self.script.later(at, 20, 25);
        let mentee = Word::of_oneself(Role::Mentee, pair.mentee);
        self.script
            .step(at, mentee, DestroyNeedsAnalysis { analysis });
    }
}

fn first_thoughts() -> Tables {
    let [service, personal, ..] = words::PRIORITIES else {
        return Tables::default();
    };
    Tables {
        priorities: Some(Priorities {
            service: vec![Priority {
                area: (*service).to_owned(),
                ways: vec![Way::Briefings, Way::Visits],
                other_way: None,
            }],
            personal: vec![Priority {
                area: (*personal).to_owned(),
                ways: vec![Way::MentorAdvice, Way::Other],
                other_way: Some("A week beside the treasurer".to_owned()),
            }],
        }),
        ..knowledge(KnowledgeGap::Five)
    }
}

fn knowledge(gap: KnowledgeGap) -> Tables {
    Tables {
        knowledge: Some(vec![
            FieldReview {
                field: Field::CouncilStrategy,
                gap: Some(gap),
                urgency: Some(Urgency::AtOnce),
            },
            FieldReview {
                field: Field::LegislationAndPolicy,
                gap: Some(KnowledgeGap::Two),
                urgency: None,
            },
        ]),
        ..Tables::default()
    }
}

fn service() -> Tables {
    Tables {
        service: Some(vec![HeadingAudit {
            heading: Heading::QualityAssurance,
            strengths: "Audits are done and read".to_owned(),
            weaknesses: String::new(),
            challenges: vec![Challenge {
                challenge: "The first inspection under a new team".to_owned(),
                involvement: Some(Involvement::Four),
                horizon: Some(Horizon::Short),
                origin: Some(Origin::Performance),
            }],
        }]),
        ..Tables::default()
    }
}

fn competences() -> Tables {
    Tables {
        competences: Some(vec![
            CompetenceReview {
                competence: Competence::Finance,
                own: None,
                need: Some(CompetenceNeed::Four),
            },
            CompetenceReview {
                competence: Competence::TeamBuilding,
                own: Some("Leading a team one has not chosen".to_owned()),
                need: Some(CompetenceNeed::Two),
            },
        ]),
        ..Tables::default()
    }
}
