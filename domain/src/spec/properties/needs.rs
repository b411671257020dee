//! Random commands about needs, and what holds of analyses in every history.

use super::{
    commands::{maybe, one_of, pick},
    histories::{Known, Step, every_history, every_step},
};
use crate::{
    Command, Event, Particulars,
    needs::{
        Access, BeginNeedsAnalysis, Challenge, Competence, CompetenceNeed, CompetenceReview,
        CorrectNeedsProfile, DestroyNeedsAnalysis, Field, FieldReview, Heading, HeadingAudit,
        Horizon, Involvement, KnowledgeGap, NeedsProfile, Origin, Priorities, Priority,
        ReviseNeedsAnalysis, Setting, ShareNeedsAnalysis, Tables, UnshareNeedsAnalysis, Urgency,
        Way, WriteNeedsProfile,
    },
};

/// One step in ten is about needs.
pub(super) const fn are_meant_by(step: Step) -> bool {
    step.when >= 230
}

pub(super) fn command(known: &Known, step: Step) -> Command {
    let mentee = pick(&known.mentees, step.who);
    // Of few, so that what is shared is also taken back.
    let analysis = pick(&known.analyses, step.who % 3);
    let pairing = pick(&known.pairings, step.whom % 2);
    let profile = pick(&known.needs_profiles, step.who);
    let setting = one_of(
        &[None, Some(Setting::Alone), Some(Setting::WithMentor)],
        step.more,
    );
    match step.verb {
        0..=49 => BeginNeedsAnalysis {
            mentee,
            tables: some_tables(step),
            setting,
        }
        .into(),
        50..=79 => ReviseNeedsAnalysis {
            analysis,
            tables: some_tables(step),
            setting,
        }
        .into(),
        80..=159 => ShareNeedsAnalysis {
            analysis,
            pairing,
            access: one_of(&[Access::Read, Access::Write], step.what),
        }
        .into(),
        160..=214 => UnshareNeedsAnalysis { analysis, pairing }.into(),
        215..=220 => DestroyNeedsAnalysis { analysis }.into(),
        221..=241 => WriteNeedsProfile {
            mentee,
            profile: NeedsProfile {
                needs: maybe(step.what, "Finance".to_owned()).into_iter().collect(),
                remarks: one_of(&["", "Little time"], step.more).to_owned(),
            },
        }
        .into(),
        242..=255 => CorrectNeedsProfile {
            profile,
            correction: one_of(&["It is not finance", "More time now", " "], step.what).to_owned(),
        }
        .into(),
    }
}

fn some_tables(step: Step) -> Tables {
    let Step { what, more, .. } = step;
    let way = one_of(&[Way::Reading, Way::MentorAdvice, Way::Other], more);
    let priority = Priority {
        area: one_of(&["", "Placements", "Members"], what).to_owned(),
        ways: vec![way],
        other_way: maybe(more >> 4, "Shadowing".to_owned()),
    };
    Tables {
        priorities: maybe(
            what,
            Priorities {
                service: vec![priority.clone(); usize::from(more % 3)],
                personal: vec![priority],
            },
        ),
        service: maybe(what >> 1, some_audit(step)),
        knowledge: maybe(
            what >> 2,
            vec![FieldReview {
                field: one_of(&[Field::CouncilStrategy, Field::LocalContext], more),
                gap: maybe(more, one_of(&[KnowledgeGap::One, KnowledgeGap::Five], what)),
                urgency: maybe(more >> 1, Urgency::Soon),
            }],
        ),
        competences: maybe(
            what >> 3,
            vec![CompetenceReview {
                competence: one_of(&[Competence::Finance, Competence::Resilience], more),
                own: maybe(more >> 2, "Working with members".to_owned()),
                need: maybe(more >> 3, CompetenceNeed::Four),
            }],
        ),
    }
}

/// Now and then with a heading twice, or a challenge too many.
fn some_audit(step: Step) -> Vec<HeadingAudit> {
    let said = HeadingAudit {
        heading: one_of(
            &[Heading::Partnerships, Heading::QualityAssurance],
            step.more,
        ),
        strengths: one_of(&["", "Steady"], step.more).to_owned(),
        weaknesses: String::new(),
        challenges: vec![
            Challenge {
                challenge: "Inspection".to_owned(),
                involvement: maybe(step.more, Involvement::Four),
                horizon: maybe(step.more >> 1, Horizon::Short),
                origin: maybe(step.more >> 2, Origin::Performance),
            };
            usize::from(step.more % 5)
        ],
    };
    vec![said; usize::from(step.what % 7 != 6) + usize::from(step.what % 11 == 10)]
}

/// R113: nothing is left of what was destroyed, and nobody is let see it.
#[test]
fn what_was_destroyed_is_opened_to_nobody() {
    every_step(|world, _, _| {
        for analysis in world.scheme.needs.destroyed() {
            assert_eq!(world.particulars.needs_analysis(analysis.id), None);
            assert!(analysis.grants.is_empty());
        }
    });
}

/// R113: a grant is to a pairing of the mentee, and opens the analysis to its mentors.
#[test]
fn an_analysis_is_shared_with_the_mentors_of_its_own_mentee_only() {
    every_step(|world, _, _| {
        for analysis in world.scheme.needs.analyses.values() {
            assert_eq!(analysis.access_of(&world.scheme, analysis.mentee), None);
            for grant in &analysis.grants {
                let pairing = world.pairing(grant.pairing);
                assert!(pairing.mentees.contains(&analysis.mentee));
                for mentor in &pairing.mentors {
                    let access = analysis.access_of(&world.scheme, *mentor);
                    assert!(access.is_some() || !pairing.is_live());
                }
            }
        }
    });
}

/// R146: every version that was recorded is kept, in order.
#[test]
fn every_version_of_what_was_not_destroyed_is_kept() {
    every_history(|world| {
        for analysis in world.scheme.needs.analyses.values() {
            let recorded = world.history.iter().filter(|recorded| {
                matches!(&recorded.event, Event::NeedsAnalysisRevised(revised) if revised.analysis == analysis.id)
            });
            let recorded = recorded.count();
            assert_eq!(recorded, analysis.revisions as usize);
            let opened = world.particulars.needs_analysis(analysis.id);
            let kept = opened.map_or(0, |opened| opened.versions.len());
            let forgotten = world.scheme.erasures.is_erased(analysis.mentee);
            let destroyed = analysis.destroyed_on.is_some() || forgotten;
            assert_eq!(kept, if destroyed { 0 } else { recorded });
        }
    });
}

/// What is taken apart key by key, to be sealed, is the same when it is put together again.
#[test]
fn particulars_come_back_from_what_stands_under_each_key() {
    every_history(|world| {
        let mut again = Particulars::default();
        for ((person, _), known) in world.particulars.by_key() {
            again.recall(person, known);
        }
        assert_eq!(again, world.particulars);
    });
}
