//! What is asked to see whether a line of the access matrix opens something, and where the answer shows it.

use serde_json::Value;

/// One way to see whether something is open: what is asked of which thing, and where the answer shows it.
#[derive(Clone, Copy)]
pub struct Probe {
    pub section: &'static str,
    /// The line of the access matrix that is tried.
    pub name: &'static str,
    /// Of which thing of the world; `""` where it is of none.
    pub of: &'static str,
    /// Questions that must be open first, on the way there: of the same thing.
    pub through: &'static [&'static str],
    /// What is asked. `ID` stands for the id of the thing.
    pub ask: &'static str,
    /// Where the answer shows it.
    pub at: &'static str,
    pub shows: Shows,
}

/// How an answer says that something is not open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shows {
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

/// Every line of `[queries]` and `[fields]` that is not about people.
const OF_THINGS: &[Probe] = &[
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
    query(
        "publishedPeriods",
        "",
        "publishedPeriods { from }",
        "/publishedPeriods",
    ),
    query("measures", "", "measures { __typename }", "/measures"),
    query(
        "diff",
        "",
        r#"diff(from: { position: "1" }, to: { position: "2" }) { recorded { count } }"#,
        "/diff",
    ),
    query(
        "whatIf",
        "",
        r#"whatIf(policy: { shipped: "mentor-plus-2017" }) { compared }"#,
        "/whatIf",
    ),
    probe(
        "queries",
        "logEntries",
        "",
        &["scheme", "auditTrail"],
        "auditTrail(first: 1) { edges { node { record { leaf } } } }",
        "/auditTrail/edges/0/node/record",
        AValue,
    ),
    query("access", "", "access { actor }", "/access"),
    query("erasures", "", "erasures { __typename }", "/erasures"),
    query("log", "", "log { checkpoint { size } }", "/log/checkpoint"),
    class(
        "erasure-holds",
        "",
        &["scheme", "erasures"],
        "erasures { holds }",
        "/erasures/0/holds",
        AValue,
    ),
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

/// What is asked of each mentee.
const OF_MENTEES: &[Probe] = &[
    query("mentee", "", r#"mentee(id: "ID") { id }"#, "/mentee"),
    by_id("mentee", ""),
    listed(
        "mentees",
        "",
        "mentees(first: 100) { edges { node { id } } }",
        "/mentees",
    ),
    query(
        "entitlement",
        "",
        r#"entitlement(person: "ID") { verdict }"#,
        "/entitlement",
    ),
    query(
        "suitableMentors",
        "",
        r#"suitableMentors(mentee: "ID") { totalCount }"#,
        "/suitableMentors",
    ),
    class(
        "identity",
        "",
        MENTEE,
        r#"mentee(id: "ID") { email { state } }"#,
        "/mentee/email/state",
        State,
    ),
    class(
        "take-up",
        "",
        MENTEE,
        r#"mentee(id: "ID") { stage }"#,
        "/mentee/stage",
        AValue,
    ),
    query(
        "sensitiveReads",
        "",
        r#"sensitiveReads(person: "ID") { totalCount }"#,
        "/sensitiveReads",
    ),
    class(
        "consent",
        "",
        MENTEE,
        r#"mentee(id: "ID") { consents { purpose } }"#,
        "/mentee/consents",
        AValue,
    ),
    class(
        "characteristics",
        "",
        MENTEE,
        r#"mentee(id: "ID") { characteristics { __typename } }"#,
        "/mentee/characteristics",
        AValue,
    ),
    class(
        "development-news",
        "",
        MENTEE,
        r#"mentee(id: "ID") { developmentNews { totalCount } }"#,
        "/mentee/developmentNews",
        AValue,
    ),
];

/// What is asked of each mentor.
const OF_MENTORS: &[Probe] = &[
    query("mentor", "", r#"mentor(id: "ID") { id }"#, "/mentor"),
    by_id("mentor", ""),
    listed(
        "mentors",
        "",
        "mentors(first: 100) { edges { node { id } } }",
        "/mentors",
    ),
    class(
        "identity",
        "",
        MENTOR,
        r#"mentor(id: "ID") { name { state } }"#,
        "/mentor/name/state",
        State,
    ),
    class(
        "employment",
        "",
        MENTOR,
        r#"mentor(id: "ID") { yearsInPost { state } }"#,
        "/mentor/yearsInPost/state",
        State,
    ),
    class(
        "take-up",
        "",
        MENTOR,
        r#"mentor(id: "ID") { stage }"#,
        "/mentor/stage",
        AValue,
    ),
    class(
        "pen-portrait",
        "",
        MENTOR,
        r#"mentor(id: "ID") { penPortrait { background { state } } }"#,
        "/mentor/penPortrait/background/state",
        State,
    ),
];

/// What Ada told, seen in the pairing of Ada and Ben: the pairing must be open, and the class of Ada's data.
const TOLD_BY_ADA: &[Probe] = &[
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
];

/// Every line at least once; of people, each of the six.
pub fn probes() -> Vec<Probe> {
    let mut all = [OF_THINGS, TOLD_BY_ADA].concat();
    let each =
        |probes: &'static [Probe], of| probes.iter().map(move |probe| Probe { of, ..*probe });
    for of in ["ada", "cleo", "finn"] {
        all.extend(each(OF_MENTEES, of));
    }
    for of in ["ben", "dan", "eve"] {
        all.extend(each(OF_MENTORS, of));
    }
    all
}

/// Whether `answer` shows what is probed.
pub fn is_shown(answer: &Value, probe: &Probe, id: &str) -> bool {
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
