//! What is said of needs, table by table.

mod profile;
mod sharing;

use super::{
    Access, BeginNeedsAnalysis, Challenge, Competence, CompetenceNeed, CompetenceReview,
    CorrectNeedsProfile, DestroyNeedsAnalysis, Field, FieldReview, Heading, HeadingAudit, Horizon,
    Involvement, KnowledgeGap, NeedsProfile, Origin, Priorities, Priority, ReviseNeedsAnalysis,
    Setting, ShareNeedsAnalysis, Tables, Urgency, Way, WriteNeedsProfile,
};
use crate::{
    Rejection,
    identifiers::{NeedsAnalysisId, NeedsProfileId, PairingId, PersonId},
    matching::Side,
    spec::{World, ready, stranger},
};
use jiff::civil::date;
use serde_json::json;

/// R022, R147: an analysis may be begun with nothing in it, by somebody who has not even been offered mentoring.
#[test]
fn an_analysis_is_optional_and_may_be_empty() {
    let (world, mentee) = ready().eligible_mentee("1");
    let world = world
        .acting_as("mentee")
        .when(begin(mentee, Tables::default()))
        .then(&["needs-analysis.begun"]);
    let analysis = analysis_of(&world);
    let state = world.scheme.needs_analysis(analysis).expect("begun");
    assert_eq!((state.mentee, state.revisions), (mentee, 0));
    let nothing = revise(analysis, Tables::default());
    world
        .acting_as("mentee")
        .when(nothing)
        .then_nothing_happens();
}

/// R081, R131, R147: any table alone, in any order; Table 1 before the others or after them.
#[test]
fn any_table_may_be_filled_in_first_or_last_and_in_part() {
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]];
    for order in orders {
        let (mut world, mentee) = ready().eligible_mentee("1");
        world = world
            .acting_as("mentee")
            .given(begin(mentee, Tables::default()));
        let analysis = analysis_of(&world);
        let all: Vec<Tables> = full().each().collect();
        for index in order {
            let tables = all[index].clone();
            world = world
                .acting_as("mentee")
                .when(revise(analysis, tables))
                .then(&["needs-analysis.revised"]);
        }
        let opened = world.particulars.needs_analysis(analysis).expect("opened");
        assert_eq!(opened.tables(), full());
    }
}

/// R128, R129, R132, R133, R134, R136, R137, R139, R140, R142, Z09: whatever the four tables hold is kept as it was said.
#[test]
fn the_four_tables_are_kept_as_they_were_filled_in() {
    let (world, _, analysis) = with(full());
    let opened = world.particulars.needs_analysis(analysis).expect("opened");
    assert_eq!(opened.tables(), full());
    assert_eq!(world.count("needs-analysis.revised"), 4);
}

/// R146: every version is kept, with its day, who made it and in what company (R145).
#[test]
fn what_changes_is_kept_beside_what_it_was() {
    let (world, _, analysis) = with(knowledge(KnowledgeGap::Five));
    let later = ReviseNeedsAnalysis {
        setting: Some(Setting::WithMentor),
        ..revise(analysis, knowledge(KnowledgeGap::Two))
    };
    let world = world
        .on(date(2026, 9, 1))
        .acting_as("mentee")
        .when(later.clone())
        .then(&["needs-analysis.revised"])
        .acting_as("mentee")
        .when(later)
        .then_nothing_happens();
    let opened = world.particulars.needs_analysis(analysis).expect("opened");
    let told: Vec<_> = opened
        .versions
        .iter()
        .map(|version| (version.on, version.by, version.revision.setting))
        .collect();
    assert_eq!(
        told,
        [
            (date(2026, 3, 2), Side::Mentee, None),
            (date(2026, 9, 1), Side::Mentee, Some(Setting::WithMentor)),
        ]
    );
    assert_eq!(opened.tables(), knowledge(KnowledgeGap::Two));
    let state = world.scheme.needs_analysis(analysis).expect("begun");
    assert_eq!(
        (state.begun_on, state.revised_on),
        (date(2026, 3, 2), Some(date(2026, 9, 1)))
    );
}

/// R145: before taking up post, which is on 1 April 2026, on the day, and long after.
#[test]
fn it_may_be_filled_in_before_while_and_after_taking_up_post() {
    let (mut world, _, analysis) = with(knowledge(KnowledgeGap::Five));
    for (day, gap) in [
        (date(2026, 4, 1), KnowledgeGap::Four),
        (date(2027, 1, 15), KnowledgeGap::One),
    ] {
        world = world
            .on(day)
            .acting_as("mentee")
            .when(revise(analysis, knowledge(gap)))
            .then(&["needs-analysis.revised"]);
    }
    assert_eq!(
        world
            .scheme
            .needs_analysis(analysis)
            .expect("begun")
            .revisions,
        3
    );
}

/// R129, R130: six ways speak for themselves; the seventh needs words.
#[test]
fn another_way_is_said_in_words() {
    let (world, mentee) = ready().eligible_mentee("1");
    let by = |way, words: Option<&str>| Tables {
        priorities: Some(Priorities {
            service: vec![],
            personal: vec![Priority {
                area: "Budgets".to_owned(),
                ways: vec![Way::Reading, way],
                other_way: words.map(str::to_owned),
            }],
        }),
        ..Tables::default()
    };
    world
        .acting_as("mentee")
        .when(begin(mentee, by(Way::Other, None)))
        .then_rejected(Rejection::OtherWayUnsaid)
        .acting_as("mentee")
        .when(begin(mentee, by(Way::Other, Some("  "))))
        .then_rejected(Rejection::OtherWayUnsaid)
        .acting_as("mentee")
        .when(begin(mentee, by(Way::Other, Some("Shadow a treasurer"))))
        .then(&["needs-analysis.begun", "needs-analysis.revised"])
        .acting_as("mentee")
        .when(begin(mentee, by(Way::LongProgramme, None)))
        .then(&["needs-analysis.begun", "needs-analysis.revised"]);
}

/// R133: three challenges under a heading, and no fourth.
#[test]
fn a_heading_holds_three_challenges_at_most() {
    let (world, mentee) = ready().eligible_mentee("1");
    let of = |count| audit(vec![under(Heading::Partnerships, count)]);
    world
        .acting_as("mentee")
        .when(begin(mentee, of(4)))
        .then_rejected(Rejection::TooMany {
            what: "the challenges under a heading",
            most: 3,
        })
        .acting_as("mentee")
        .when(begin(mentee, of(3)))
        .then(&["needs-analysis.begun", "needs-analysis.revised"]);
}

/// R132, R137, R140: a heading, a field or a competence stands in its table once.
#[test]
fn nothing_stands_in_a_table_twice() {
    let (world, mentee) = ready().eligible_mentee("1");
    let said = FieldReview {
        field: Field::ProvisionInTheArea,
        gap: None,
        urgency: None,
    };
    let judged = |own: &str| CompetenceReview {
        competence: Competence::Finance,
        own: Some(own.to_owned()),
        need: None,
    };
    let twice = [
        (
            "heading",
            audit(vec![
                under(Heading::Administration, 0),
                under(Heading::Administration, 1),
            ]),
        ),
        (
            "field of knowledge",
            Tables {
                knowledge: Some(vec![said.clone(), said]),
                ..Tables::default()
            },
        ),
        (
            "competence",
            Tables {
                competences: Some(vec![judged("Courage"), judged("Patience")]),
                ..Tables::default()
            },
        ),
    ];
    for (what, tables) in twice {
        world
            .clone()
            .acting_as("mentee")
            .when(begin(mentee, tables))
            .then_rejected(Rejection::NamedTwice { what });
    }
}

#[test]
fn a_table_has_its_limits() {
    let (world, mentee) = ready().eligible_mentee("1");
    let areas = |count, area: String| Tables {
        priorities: Some(Priorities {
            service: vec![area_met(&area, vec![], None); count],
            personal: vec![],
        }),
        ..Tables::default()
    };
    world
        .acting_as("mentee")
        .when(begin(mentee, areas(41, String::new())))
        .then_rejected(Rejection::TooMany {
            what: "the areas",
            most: 40,
        })
        .acting_as("mentee")
        .when(begin(mentee, areas(1, "x".repeat(16_000))))
        .then_rejected(Rejection::TooLong {
            what: "the table",
            most: 16_000,
        });
}

/// R144: the three scales are three types whose marks are words and no numbers, in the record too.
#[test]
fn marks_are_no_numbers() {
    let marks = [
        serde_json::to_value(Involvement::Five),
        serde_json::to_value(KnowledgeGap::Five),
        serde_json::to_value(CompetenceNeed::Five),
    ];
    for mark in marks {
        assert_eq!(mark.expect("it can be written"), json!("five"));
    }
}

/// R134, R138, R141, Z10: what one and five mean is said with each scale, and a five is not the same in all.
#[test]
fn each_scale_says_what_its_ends_mean() {
    let scales = [
        (
            schemars::schema_for!(Involvement),
            "right people",
            "in person",
        ),
        (
            schemars::schema_for!(KnowledgeGap),
            "knows it well",
            "serious gap",
        ),
        (schemars::schema_for!(CompetenceNeed), "strong", "in need"),
    ];
    for (schema, one, five) in scales {
        let marks = schema.as_value()["oneOf"]
            .as_array()
            .expect("marks")
            .clone();
        let meaning = |mark: usize| marks[mark]["description"].as_str().expect("a meaning");
        assert_eq!(marks.len(), 5);
        assert!(
            meaning(0).starts_with("1: ") && meaning(0).contains(one),
            "{}",
            meaning(0)
        );
        assert!(
            meaning(4).starts_with("5: ") && meaning(4).contains(five),
            "{}",
            meaning(4)
        );
    }
}

/// R113: what an analysis says, and which tables it has, stands in no event in clear.
#[test]
fn an_event_tells_in_clear_that_it_was_revised_and_no_more() {
    let (world, mentee, analysis) = with(full());
    let revised = world.last();
    let mut data = revised.data().expect("it can be written");
    let sealed = data["revision"].take();
    assert_eq!(
        data,
        json!({ "analysis": analysis, "mentee": mentee, "revision": null })
    );
    assert!(sealed.get(crate::sealed::MARKER).is_some());
    assert_eq!(revised.sealed_for(), Some(analysis.0));
}

#[test]
fn nothing_can_be_said_of_what_nobody_knows() {
    let (world, _) = ready().accepted_mentee("1");
    let nobody: PersonId = stranger();
    let (analysis, profile_id): (NeedsAnalysisId, NeedsProfileId) = (stranger(), stranger());
    let unknown = Rejection::UnknownNeedsAnalysis { analysis };
    world
        .acting_as("mentee")
        .when(begin(nobody, full()))
        .then_rejected(Rejection::UnknownMentee { person: nobody })
        .when(revise(analysis, full()))
        .then_rejected(unknown.clone())
        .when(share(analysis, stranger(), Access::Read))
        .then_rejected(unknown.clone())
        .when(DestroyNeedsAnalysis { analysis })
        .then_rejected(unknown)
        .when(WriteNeedsProfile {
            mentee: nobody,
            profile: NeedsProfile::default(),
        })
        .then_rejected(Rejection::UnknownMentee { person: nobody })
        .when(CorrectNeedsProfile {
            profile: profile_id,
            correction: "x".to_owned(),
        })
        .then_rejected(Rejection::UnknownNeedsProfile {
            profile: profile_id,
        });
    let (world, _, analysis) = with(full());
    let pairing = stranger();
    world
        .acting_as("mentee")
        .when(share(analysis, pairing, Access::Read))
        .then_rejected(Rejection::UnknownPairing { pairing });
}

/// An analysis with these tables, begun by its mentee on Monday 2 March 2026.
fn with(tables: Tables) -> (World, PersonId, NeedsAnalysisId) {
    let (world, mentee) = ready().eligible_mentee("1");
    let world = world.acting_as("mentee").given(begin(mentee, tables));
    let analysis = analysis_of(&world);
    (world, mentee, analysis)
}

/// The analysis the last command began.
fn analysis_of(world: &World) -> NeedsAnalysisId {
    world.made("needs analysis")
}

fn begin(mentee: PersonId, tables: Tables) -> BeginNeedsAnalysis {
    BeginNeedsAnalysis {
        mentee,
        tables,
        setting: None,
    }
}

fn revise(analysis: NeedsAnalysisId, tables: Tables) -> ReviseNeedsAnalysis {
    ReviseNeedsAnalysis {
        analysis,
        tables,
        setting: None,
    }
}

fn share(analysis: NeedsAnalysisId, pairing: PairingId, access: Access) -> ShareNeedsAnalysis {
    ShareNeedsAnalysis {
        analysis,
        pairing,
        access,
    }
}

fn knowledge(gap: KnowledgeGap) -> Tables {
    Tables {
        knowledge: Some(vec![FieldReview {
            field: Field::LegislationAndPolicy,
            gap: Some(gap),
            urgency: Some(Urgency::AtOnce),
        }]),
        ..Tables::default()
    }
}

fn audit(headings: Vec<HeadingAudit>) -> Tables {
    Tables {
        service: Some(headings),
        ..Tables::default()
    }
}

fn under(heading: Heading, challenges: usize) -> HeadingAudit {
    let challenge = Challenge {
        challenge: "An inspection is expected".to_owned(),
        involvement: Some(Involvement::Five),
        horizon: Some(Horizon::Short),
        origin: Some(Origin::Performance),
    };
    HeadingAudit {
        heading,
        strengths: "A steady team".to_owned(),
        weaknesses: String::new(),
        challenges: vec![challenge; challenges],
    }
}

/// Something in each of the four tables.
fn full() -> Tables {
    Tables {
        priorities: Some(Priorities {
            service: vec![area_met(
                "Placements",
                vec![Way::Visits, Way::Briefings],
                None,
            )],
            personal: vec![
                area_met(
                    "Finance",
                    vec![Way::ShortProgramme, Way::MentorAdvice],
                    None,
                ),
                area_met("Members", vec![Way::Other], Some("Sit in on cabinet")),
            ],
        }),
        competences: Some(vec![
            CompetenceReview {
                competence: Competence::Finance,
                own: None,
                need: Some(CompetenceNeed::Four),
            },
            CompetenceReview {
                competence: Competence::TeamBuilding,
                own: Some("Leading people one has not chosen".to_owned()),
                need: None,
            },
        ]),
        service: audit(vec![
            under(Heading::StrategicPlanning, 0),
            under(Heading::QualityAssurance, 3),
        ])
        .service,
        knowledge: knowledge(KnowledgeGap::Five).knowledge,
    }
}

fn area_met(area: &str, ways: Vec<Way>, other_way: Option<&str>) -> Priority {
    Priority {
        area: area.to_owned(),
        ways,
        other_way: other_way.map(str::to_owned),
    }
}
