//! Every question and every class of data, asked by everybody of everything.

use super::super::*;
use super::{
    plain::Plain,
    world::{Who, World},
};

/// One way to see whether something is open: what is asked of which thing, and where the answer shows it.
struct Probe {
    section: &'static str,
    /// The line of the access matrix that is tried.
    name: &'static str,
    /// Of which thing of the world; `""` where it is of none.
    of: &'static str,
    /// Questions that must be open first, on the way there: of the same thing.
    through: &'static [&'static str],
    /// What is asked. `ID` stands for the id of the thing.
    ask: &'static str,
    /// Where the answer shows it.
    at: &'static str,
    shows: Shows,
}

/// How an answer says that something is not open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// By null.
    Value,
    /// By a state `HIDDEN`, or null further up.
    State,
    /// By a list in which the thing is not.
    InList,
}
use Shows::{InList, State, Value as AValue};

const fn query(name: &'static str, of: &'static str, ask: &'static str, at: &'static str) -> Probe {
    probe("queries", name, of, &["scheme"], ask, at, AValue)
}

const fn class(
    name: &'static str,
    of: &'static str,
    through: &'static [&'static str],
    ask: &'static str,
    at: &'static str,
    shows: Shows,
) -> Probe {
    probe("fields", name, of, through, ask, at, shows)
}

const fn probe(
    section: &'static str,
    name: &'static str,
    of: &'static str,
    through: &'static [&'static str],
    ask: &'static str,
    at: &'static str,
    shows: Shows,
) -> Probe {
    Probe {
        section,
        name,
        of,
        through,
        ask,
        at,
        shows,
    }
}

const fn listed(
    name: &'static str,
    of: &'static str,
    ask: &'static str,
    at: &'static str,
) -> Probe {
    probe("queries", name, of, &["scheme"], ask, at, InList)
}

const fn by_id(name: &'static str, of: &'static str) -> Probe {
    probe(
        "queries",
        name,
        of,
        &["node"],
        r#"node(id: "ID") { id }"#,
        "/node",
        AValue,
    )
}

const MENTEE: &[&str] = &["scheme", "mentee"];
const MENTOR: &[&str] = &["scheme", "mentor"];
const PAIRING: &[&str] = &["scheme", "pairing"];

/// Every line of `[queries]` and `[fields]` at least once; of people, each of the four to whom somebody stands.
fn probes() -> Vec<Probe> {
    let mut all = vec![
        probe(
            "queries",
            "viewer",
            "",
            &[],
            "viewer { roles }",
            "/viewer",
            AValue,
        ),
        probe(
            "queries",
            "scheme",
            "",
            &[],
            r#"scheme(id: "mentor-plus") { id }"#,
            "/scheme",
            AValue,
        ),
        probe(
            "queries",
            "schemes",
            "",
            &[],
            "schemes { id }",
            "/schemes",
            AValue,
        ),
        probe(
            "queries",
            "node",
            "",
            &[],
            r#"node(id: "mentor-plus") { id }"#,
            "/node",
            AValue,
        ),
        probe(
            "queries",
            "explain",
            "",
            &[],
            r#"explain(of: QUERY, name: "node") { open }"#,
            "/explain",
            AValue,
        ),
        query("policies", "", "policies { __typename }", "/policies"),
        query("policies", "", "policy { __typename }", "/policy"),
        query("registers", "", "registers { __typename }", "/registers"),
        query("calendar", "", "calendar { __typename }", "/calendar"),
        query("employers", "", "employers { totalCount }", "/employers"),
        query("dashboard", "", "dashboard { __typename }", "/dashboard"),
        query("pastYears", "", "pastYears { __typename }", "/pastYears"),
        query("measures", "", "measures { __typename }", "/measures"),
        query(
            "evaluationReturns",
            "",
            "evaluationReturns { __typename }",
            "/evaluationReturns",
        ),
        query(
            "waitingList",
            "",
            "waitingList { totalCount }",
            "/waitingList",
        ),
        query("campaigns", "", "campaigns { id }", "/campaigns"),
        query(
            "mentorInductionSeminars",
            "",
            "mentorInductionSeminars { id }",
            "/mentorInductionSeminars",
        ),
        query(
            "dfeInductionDays",
            "",
            "dfeInductionDays { id }",
            "/dfeInductionDays",
        ),
        query(
            "dfeInductionDays",
            "",
            "dfeInductionDayLine { id }",
            "/dfeInductionDayLine",
        ),
        query("workList", "", "workList { totalCount }", "/workList"),
        query(
            "directorPosts",
            "",
            "directorPosts { totalCount }",
            "/directorPosts",
        ),
        query(
            "firstTimeDirectors",
            "",
            "firstTimeDirectors { __typename }",
            "/firstTimeDirectors",
        ),
        query(
            "auditTrail",
            "",
            "auditTrail(first: 1) { totalCount }",
            "/auditTrail",
        ),
        query(
            "appointment",
            "appointment",
            r#"appointment(id: "ID") { id }"#,
            "/appointment",
        ),
        query("match", "match", r#"match(id: "ID") { id }"#, "/match"),
        query("match", "open match", r#"match(id: "ID") { id }"#, "/match"),
        query(
            "pairing",
            "pairing",
            r#"pairing(id: "ID") { id }"#,
            "/pairing",
        ),
        listed(
            "pairings",
            "pairing",
            "pairings(first: 100) { edges { node { id } } }",
            "/pairings",
        ),
        listed("concerns", "concern", "concerns { id }", "/concerns"),
        listed(
            "developmentOpportunities",
            "opportunity",
            "developmentOpportunities { id }",
            "/developmentOpportunities",
        ),
        by_id("appointment", "appointment"),
        by_id("match", "open match"),
        by_id("pairing", "pairing"),
        by_id("needsAnalysis", "analysis"),
        by_id("needsProfile", "profile"),
        by_id("concerns", "concern"),
        by_id("thirdPersons", "third"),
        by_id("thirdPersons", "third of office"),
        by_id("developmentOpportunities", "opportunity"),
        class(
            "employment",
            "appointment",
            &["scheme", "appointment"],
            r#"appointment(id: "ID") { employer { state } }"#,
            "/appointment/employer/state",
            State,
        ),
        class(
            "eligibility",
            "appointment",
            &["scheme", "appointment"],
            r#"appointment(id: "ID") { verdict }"#,
            "/appointment/verdict",
            AValue,
        ),
        class(
            "preferences",
            "ada",
            MENTEE,
            r#"mentee(id: "ID") { preferences { summary { state } } }"#,
            "/mentee/preferences/summary/state",
            State,
        ),
        class(
            "session-count",
            "pairing",
            PAIRING,
            r#"pairing(id: "ID") { sessions { used } }"#,
            "/pairing/sessions",
            AValue,
        ),
        class(
            "own-notes",
            "pairing",
            PAIRING,
            r#"pairing(id: "ID") { ownNotes { __typename } }"#,
            "/pairing/ownNotes",
            AValue,
        ),
        class(
            "difficulty",
            "pairing",
            PAIRING,
            r#"pairing(id: "ID") { difficulties { state } }"#,
            "/pairing/difficulties",
            AValue,
        ),
        class(
            "closing",
            "pairing",
            PAIRING,
            r#"pairing(id: "ID") { owed { what } }"#,
            "/pairing/owed",
            AValue,
        ),
        class(
            "decline-side",
            "declined match",
            &["scheme", "match"],
            r#"match(id: "ID") { ending }"#,
            "/match/ending",
            AValue,
        ),
        class(
            "needs-analysis",
            "analysis",
            &["node", "needsAnalysis"],
            r#"node(id: "ID") { ... on NeedsAnalysis { tables { state } } }"#,
            "/node/tables/state",
            State,
        ),
        class(
            "needs-profile",
            "profile",
            &["node", "needsProfile"],
            r#"node(id: "ID") { ... on NeedsProfile { needs { state } } }"#,
            "/node/needs/state",
            State,
        ),
        class("position", "", &["scheme"], "position", "/position", AValue),
        class(
            "audit",
            "ada",
            MENTEE,
            r#"mentee(id: "ID") { because(first: 1) { totalCount } }"#,
            "/mentee/because",
            AValue,
        ),
        class(
            "time-in-post",
            "ada",
            MENTEE,
            r#"mentee(id: "ID") { daysInPost { state } }"#,
            "/mentee/daysInPost/state",
            State,
        ),
    ];
    for of in ["ada", "cleo", "finn"] {
        all.extend([
            query("mentee", of, r#"mentee(id: "ID") { id }"#, "/mentee"),
            by_id("mentee", of),
            listed(
                "mentees",
                of,
                "mentees(first: 100) { edges { node { id } } }",
                "/mentees",
            ),
            query(
                "entitlement",
                of,
                r#"entitlement(person: "ID") { verdict }"#,
                "/entitlement",
            ),
            query(
                "suitableMentors",
                of,
                r#"suitableMentors(mentee: "ID") { totalCount }"#,
                "/suitableMentors",
            ),
            class(
                "identity",
                of,
                MENTEE,
                r#"mentee(id: "ID") { email { state } }"#,
                "/mentee/email/state",
                State,
            ),
            class(
                "take-up",
                of,
                MENTEE,
                r#"mentee(id: "ID") { stage }"#,
                "/mentee/stage",
                AValue,
            ),
            class(
                "development-news",
                of,
                MENTEE,
                r#"mentee(id: "ID") { developmentNews { totalCount } }"#,
                "/mentee/developmentNews",
                AValue,
            ),
        ]);
    }
    for of in ["ben", "dan", "eve"] {
        all.extend([
            query("mentor", of, r#"mentor(id: "ID") { id }"#, "/mentor"),
            by_id("mentor", of),
            listed(
                "mentors",
                of,
                "mentors(first: 100) { edges { node { id } } }",
                "/mentors",
            ),
            class(
                "identity",
                of,
                MENTOR,
                r#"mentor(id: "ID") { name { state } }"#,
                "/mentor/name/state",
                State,
            ),
            class(
                "employment",
                of,
                MENTOR,
                r#"mentor(id: "ID") { yearsInPost { state } }"#,
                "/mentor/yearsInPost/state",
                State,
            ),
            class(
                "take-up",
                of,
                MENTOR,
                r#"mentor(id: "ID") { stage }"#,
                "/mentor/stage",
                AValue,
            ),
            class(
                "pen-portrait",
                of,
                MENTOR,
                r#"mentor(id: "ID") { penPortrait { background { state } } }"#,
                "/mentor/penPortrait/background/state",
                State,
            ),
        ]);
    }
    // What Ada told, seen in the pairing of Ada and Ben: the pairing must be open, and the class of Ada's data.
    all.extend([
        class(
            "meeting-places",
            "ada",
            &[],
            r#"pairing(id: "PAIRING") { meetings { times { state } } }"#,
            "/pairing/meetings/times/state",
            State,
        ),
        class(
            "check-in",
            "ada",
            &[],
            r#"pairing(id: "PAIRING") { checkIns { side } }"#,
            "/pairing/checkIns/0",
            AValue,
        ),
        class(
            "evaluation",
            "ada",
            &[],
            r#"pairing(id: "PAIRING") { reports { strengths { state } } }"#,
            "/pairing/reports/0/strengths/state",
            State,
        ),
    ]);
    all
}

/// Whether `answer` shows what is probed.
fn is_shown(answer: &Value, probe: &Probe, id: &str) -> bool {
    let below = if answer["data"]["scheme"].is_object() && probe.name != "scheme" {
        &answer["data"]["scheme"]
    } else {
        &answer["data"]
    };
    let found = below.pointer(probe.at).unwrap_or(&Value::Null);
    match probe.shows {
        AValue => !found.is_null(),
        State => !found.is_null() && found != "HIDDEN",
        InList => found.to_string().contains(id),
    }
}

/// R113, R299, R305, R308: every role, standing every way, before every question and every class of data, over GraphQL.
#[tokio::test]
async fn every_question_and_class_is_open_to_whom_the_matrix_opens_it_and_to_nobody_else() {
    let (world, plain, probes) = (World::made().await, Plain::read(), probes());
    for section in ["queries", "fields"] {
        for name in plain.names(section) {
            let tried = |probe: &Probe| probe.section == section && probe.name == name;
            // Asked over REST only.
            assert!(
                name == "health" || probes.iter().any(tried),
                "nothing tries {section}.{name}"
            );
        }
    }
    let (mut cells, mut open) = (0, 0);
    for role in Role::ALL {
        for who in Who::ALL {
            let token = world.token(role, who);
            for probe in &probes {
                let id = if probe.of.is_empty() {
                    ""
                } else {
                    world.id(probe.of)
                };
                let ask = probe
                    .ask
                    .replace("ID", id)
                    .replace("PAIRING", world.id("pairing"));
                let below_scheme = probe.through.first() == Some(&"scheme")
                    || probe.through.is_empty() && probe.of == "ada";
                let document = if below_scheme {
                    format!(r#"{{ scheme(id: "mentor-plus") {{ {ask} }} }}"#)
                } else {
                    format!("{{ {ask} }}")
                };
                let answer = world.asked(&token, &document).await;
                let wanted = is_wanted(&plain, probe, role, who);
                let shown = is_shown(&answer, probe, id);
                assert_eq!(
                    shown, wanted,
                    "{role}, as {who:?}: {}.{} of `{}`: {answer}",
                    probe.section, probe.name, probe.of
                );
                cells += 1;
                open += usize::from(shown);
            }
        }
    }
    println!("{cells} cells of questions and classes over GraphQL, {open} of them open");
}

fn is_wanted(plain: &Plain, probe: &Probe, role: Role, who: Who) -> bool {
    let role = role.as_str();
    let opens = |section: &str, name: &str, of: &str| match name {
        // Of nothing in particular: whoever is on the line may, as far as they may anything.
        "viewer" | "scheme" | "schemes" | "node" | "explain" => {
            !plain.words(section, name, role).is_empty()
        }
        _ => plain.opens(section, name, role, who.stands_to(of)),
    };
    let seen_in_pairing = probe.through.is_empty() && probe.of == "ada";
    let way = if seen_in_pairing {
        opens("queries", "scheme", "") && opens("queries", "pairing", "pairing")
    } else {
        probe
            .through
            .iter()
            .all(|name| opens("queries", name, probe.of))
    };
    let single = match probe.name {
        // A list of people holds those whom one may see one by one.
        "mentees" => opens("queries", "mentee", probe.of),
        "mentors" => opens("queries", "mentor", probe.of),
        "pairings" => opens("queries", "pairing", probe.of),
        _ => true,
    };
    way && single && opens(probe.section, probe.name, probe.of)
}

/// Whatever one may not see is answered as what there is not: to an id that nobody has, every role hears the same.
#[tokio::test]
async fn what_one_may_not_see_is_answered_as_what_there_is_not() {
    let (world, plain) = (World::made().await, Plain::read());
    let kinds = [
        ("Mentee", "ada"),
        ("Mentor", "ben"),
        ("Pairing", "pairing"),
        ("Appointment", "appointment"),
        ("Match", "open match"),
        ("NeedsAnalysis", "analysis"),
        ("NeedsProfile", "profile"),
        ("Concern", "concern"),
        ("ThirdPerson", "third"),
    ];
    let mut cells = 0;
    for role in Role::ALL {
        for who in Who::ALL {
            let token = world.token(role, who);
            for (kind, thing) in kinds {
                let nothing = format!("mentor-plus:{kind}:00000000-0000-4000-8000-00000000c0c0");
                let node = |id: &str| format!(r#"{{ node(id: "{id}") {{ id }} }}"#);
                let known = world.asked(&token, &node(world.id(thing))).await;
                if !known["data"]["node"].is_null() {
                    continue;
                }
                assert_eq!(
                    known,
                    world.asked(&token, &node(&nothing)).await,
                    "{role} {who:?} {thing}"
                );
                for name in plain.names("fields") {
                    let explain = |id: &str| {
                        format!(
                            r#"{{ explain(of: DATA, name: "{name}", id: "{id}") {{ open reason held line sentence }} }}"#
                        )
                    };
                    let known = world.asked(&token, &explain(world.id(thing))).await;
                    let relative =
                        plain.opens("fields", &name, role.as_str(), who.stands_to(thing))
                            && !plain.opens_all("fields", &name, role.as_str());
                    if !relative {
                        assert_eq!(
                            known,
                            world.asked(&token, &explain(&nothing)).await,
                            "{role} {who:?} {name} of {thing}"
                        );
                        cells += 1;
                    }
                }
            }
        }
    }
    println!("{cells} explanations of what one may not know of, each as of what there is not");
}

/// What is explained is what is so: for every line, every role and every thing of the world that one may know of.
#[tokio::test]
async fn an_explanation_says_what_the_matrix_says() {
    let (world, plain) = (World::made().await, Plain::read());
    let mut cells = 0;
    for role in Role::ALL {
        for who in Who::ALL {
            let token = world.token(role, who);
            for (section, of) in [
                ("commands", "COMMAND"),
                ("queries", "QUERY"),
                ("fields", "DATA"),
            ] {
                for name in plain.names(section) {
                    let ask = |id: &str| {
                        format!(
                            r#"{{ explain(of: {of}, name: "{name}" {id}) {{ open reason line lineNumber narrowed granted held }} }}"#
                        )
                    };
                    let answer = world.asked(&token, &ask("")).await;
                    let answer = &answer["data"]["explain"];
                    let words = plain.words(section, &name, role.as_str());
                    let granted: Vec<_> = answer["granted"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|word| {
                            text(word).to_lowercase().replace('_', "-").replace(
                                "any",
                                if section == "fields" {
                                    "visible"
                                } else {
                                    "any"
                                },
                            )
                        })
                        .collect();
                    let (mut said, mut written) = (
                        granted,
                        words.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    );
                    said.sort_unstable();
                    written.sort_unstable();
                    assert_eq!(said, written, "{role} {section}.{name}");
                    let all = plain.opens_all(section, &name, role.as_str());
                    let reason = match (words.is_empty(), all) {
                        (true, _) => "NOT_GRANTED",
                        (false, true) => "OPEN_OF_ALL",
                        (false, false) => "DEPENDS_ON_RELATION",
                    };
                    assert_eq!(
                        (&answer["reason"], &answer["open"]),
                        (&reason.into(), &all.into()),
                        "{role} {name}"
                    );
                    assert_eq!(answer["line"], format!("{section}.{name}"));
                    let number = usize::try_from(answer["lineNumber"].as_u64().unwrap()).unwrap();
                    let line = crate::identity::access::TEXT
                        .lines()
                        .nth(number - 1)
                        .unwrap();
                    assert!(line.starts_with(&format!("{name} =")), "{line}");
                    cells += 1;
                    for thing in ["ada", "pairing", "analysis"] {
                        let answer = world
                            .asked(&token, &ask(&format!(r#", id: "{}""#, world.id(thing))))
                            .await;
                        let stands =
                            plain.opens(section, &name, role.as_str(), who.stands_to(thing));
                        if !all {
                            let may_open =
                                plain.words("queries", "scheme", role.as_str()).len() == 1;
                            let wanted = stands && may_open;
                            assert_eq!(
                                answer["data"]["explain"]["open"], wanted,
                                "{role} {who:?} {name} {thing}: {answer}"
                            );
                            cells += 1;
                        }
                    }
                }
            }
        }
    }
    println!("{cells} explanations");
}
