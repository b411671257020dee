//! How a matrix is read, and what is refused.

use super::*;

const SMALL: &str = r#"
[commands]
recordSession = { coordinator = "any", mentor = "own" }
notifyAppointment = { employer = "employer" }
destroyNeedsAnalysis = {}

[queries]
pairings = { coordinator = "any", mentee = ["own"] }

[fields]
identity = { coordinator = "visible", mentee = ["own", "pairing"] }

[floor.fields]
identity = { coordinator = "visible", mentor = "own", mentee = ["own", "pairing"] }
"#;

fn small() -> Matrix {
    Matrix::parse(SMALL).unwrap()
}

fn of(relations: &[Relation]) -> Relations {
    relations.iter().copied().collect()
}

#[test]
fn what_is_not_written_is_denied() {
    let matrix = small();
    let recorded = |role| matrix.command(role, CommandKind::RecordSession);
    assert_eq!(recorded(Role::Mentor), of(&[Relation::Own]));
    assert!(recorded(Role::Mentee).is_empty());
    for role in Role::ALL {
        assert!(matrix.command(role, CommandKind::OpenScheme).is_empty());
        let destroyed = matrix.command(role, CommandKind::DestroyNeedsAnalysis);
        assert!(destroyed.is_empty());
        assert!(matrix.query(role, Query::Pairing).is_empty());
    }
    let nobody = Matrix::parse("").unwrap();
    assert_eq!(nobody.undeclared().count(), Item::COUNT);
}

#[test]
fn every_thing_has_a_place_of_its_own() {
    let places: Vec<usize> = Item::all().map(Item::place).collect();
    assert_eq!(places, (0..Item::COUNT).collect::<Vec<_>>());
    for item in Item::all() {
        assert_eq!(Item::named(item.section(), item.name()), Some(item));
    }
}

#[test]
fn a_relation_belongs_to_one_role_and_one_section() {
    let matrix = small();
    assert_eq!(
        matrix.command(Role::Employer, CommandKind::NotifyAppointment),
        of(&[Relation::Employer])
    );
    assert!(matrix.query(Role::Coordinator, Query::Pairings).of_all());
    assert!(matrix.class(Role::Coordinator, Class::Identity).of_all());
    assert_eq!(
        matrix.class(Role::Mentee, Class::Identity),
        of(&[Relation::Own, Relation::Pairing])
    );
}

#[test]
fn a_grant_covers_what_is_less() {
    let granted = of(&[Relation::Own, Relation::Match]);
    assert!(of(&[Relation::Any]).covers(granted));
    assert!(granted.covers(of(&[Relation::Own])) && granted.covers(Relations::NONE));
    assert!(!granted.covers(of(&[Relation::Any])));
    assert!(!granted.covers(of(&[Relation::Own, Relation::Sent])));
    assert_eq!(
        granted.iter().collect::<Vec<_>>(),
        [Relation::Own, Relation::Match]
    );
}

#[test]
fn mistakes_are_named_with_their_line() {
    let said = |text: &str| Matrix::parse(text).unwrap_err().to_string();
    let error = said("[commands]\nopenScheme = { coordinator = \"any\", mentorr = \"own\" }\n");
    assert!(
        error.starts_with("line 2") && error.contains("mentorr"),
        "{error}"
    );
    assert_eq!(
        Matrix::parse("[fields]\n\nidentity = { mentor = [\"own\", \"any\"] }\n").unwrap_err(),
        MatrixError::UnknownRelation {
            line: 3,
            key: "fields.identity".to_owned(),
            role: "mentor".to_owned(),
            relation: "any".to_owned(),
        }
    );
    let error = said("[queries]\nidentity = {}\n");
    assert!(
        error.starts_with("line 2") && error.contains("queries.identity"),
        "{error}"
    );
    let error = said("[orders]\n");
    assert!(
        error.contains("line 1") && error.contains("orders"),
        "{error}"
    );
    assert!(Matrix::parse("[commands]\nopenScheme = 1\n").is_err());
    assert!(Matrix::parse("[commands]\nopenScheme = {}\nopenScheme = {}\n").is_err());
}

/// R113, R299, R308: what is a pair's own, and whatever is personal, is opened to nobody by a slip of the pen.
#[test]
fn a_line_beyond_the_confidentiality_floor_is_refused_with_its_line() {
    let beyond = SMALL.replace(
        r#"identity = { coordinator = "visible", mentee = ["own", "pairing"] }"#,
        r#"identity = { auditor = "visible" }"#,
    );
    assert_eq!(
        Matrix::parse(&beyond).unwrap_err(),
        MatrixError::BeyondTheFloor {
            line: 11,
            key: "fields.identity".to_owned(),
            role: Role::Auditor,
        }
    );
}

/// R113, R299, R308: the floor of this binary, said once more in other words, so that nobody lowers it by the way.
#[test]
fn the_floor_keeps_what_is_confidential_from_whoever_is_not_of_it() {
    let matrix = Matrix::embedded().unwrap();
    let most = |role, item| matrix.most(role, item).is_none_or(|most| !most.is_empty());
    let pairs_own = [
        Class::OwnNotes,
        Class::MeetingPlaces,
        Class::NeedsAnalysis,
        Class::Characteristics,
    ];
    let personal = [
        Class::Identity,
        Class::Employment,
        Class::Preferences,
        Class::PenPortrait,
        Class::Evaluation,
        Class::CheckIn,
        Class::NeedsProfile,
        Class::TimeInPost,
    ];
    let outside = [
        Role::Manager,
        Role::Facilitator,
        Role::ProjectManager,
        Role::Commissioner,
        Role::Auditor,
        Role::Administrator,
    ];
    for role in Role::ALL {
        let is_of_the_pair = matches!(role, Role::Mentor | Role::Mentee);
        for class in pairs_own {
            assert_eq!(
                most(role, Item::Class(class)),
                is_of_the_pair,
                "{role} {class:?}"
            );
        }
        let may_know = is_of_the_pair || role == Role::Coordinator;
        for query in [Query::Concerns, Query::PersonRecord] {
            assert_eq!(most(role, Item::Query(query)), may_know, "{role} {query:?}");
        }
        let holds = most(role, Item::Class(Class::ErasureHolds));
        assert_eq!(holds, role == Role::Coordinator, "{role}");
    }
    for role in outside {
        for class in personal {
            assert!(!most(role, Item::Class(class)), "{role} {class:?}");
        }
    }
}

#[test]
fn a_deployment_takes_away_and_what_it_does_not_mention_stays() {
    let narrowed = small()
        .narrowed("[commands]\nrecordSession = { mentor = \"own\" }\n[fields]\nidentity = { coordinator = \"visible\", mentee = \"own\" }\n[queries]\npairings = {}")
        .unwrap();
    let recorded = |role| narrowed.command(role, CommandKind::RecordSession);
    assert!(recorded(Role::Coordinator).is_empty());
    assert_eq!(recorded(Role::Mentor), of(&[Relation::Own]));
    assert_eq!(
        narrowed.class(Role::Mentee, Class::Identity),
        of(&[Relation::Own])
    );
    for role in Role::ALL {
        assert!(narrowed.query(role, Query::Pairings).is_empty());
        assert_eq!(
            narrowed.command(role, CommandKind::NotifyAppointment),
            small().command(role, CommandKind::NotifyAppointment)
        );
    }
    let line = narrowed.line(Item::Query(Query::Pairings)).unwrap();
    assert_eq!((line.number, line.narrowed), (6, true));
}

#[test]
fn a_deployment_that_gives_is_refused_with_its_line() {
    let refused = |text: &str| small().narrowed(text).unwrap_err();
    assert_eq!(
        refused("\n[queries]\npairings = { mentee = \"own\", auditor = \"any\" }\n"),
        MatrixError::Widened {
            line: 3,
            key: "queries.pairings".to_owned(),
            role: Role::Auditor,
        }
    );
    assert!(matches!(
        refused("[queries]\nmeasures = { coordinator = \"any\" }\n"),
        MatrixError::Widened { line: 2, .. }
    ));
    assert!(matches!(
        refused("[fields]\nidentity = { auditor = \"visible\" }\n"),
        MatrixError::BeyondTheFloor { line: 2, .. }
    ));
    assert!(matches!(
        refused("[floor.fields]\nidentity = { auditor = \"visible\" }\n"),
        MatrixError::UnknownName { line: 2, .. }
    ));
    assert!(matches!(
        refused("[fields]\nidentify = {}\n"),
        MatrixError::UnknownName { line: 2, .. }
    ));
}

#[test]
fn the_matrix_in_the_repository_says_something_of_everything() {
    let matrix = Matrix::embedded().unwrap();
    let undeclared: Vec<_> = matrix.undeclared().map(Item::name).collect();
    assert!(undeclared.is_empty(), "not in the matrix: {undeclared:?}");
}
