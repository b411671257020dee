//! A coordinator comes with a spreadsheet that was kept for years: sixty rows, made up, and as messy as they are. It is brought
//! forward, and the year goes on from it.

use crate::{
    fortnight::{Desk, Rang},
    harness::{Answer, Service, open_scheme, post, run, token},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SPREADSHEET: &str = include_str!("past_year/spreadsheet.csv");
const YEAR: &str = "from=2025-01-01&until=2025-12-31";

/// What the coordinator mends after the first answer: each by the line the answer named.
const MENDED: [(&str, &str); 5] = [
    (",Gotham,", ",Kent,"),
    ("after half term", "3/11/25"),
    ("03-Apr", "3/4"),
    ("Cumbria County Council", "Cumberland"),
    (
        "\n,Blackburn with Darwen,",
        "\nNoel Brightwater,Blackburn with Darwen,",
    ),
];

fn sent(desk: &Desk, query: &str, file: &str) -> Value {
    let path = format!("/v1/schemes/mentor-plus/past-year?{query}");
    let headers = [("content-type", "text/csv")];
    let Answer { status, body } = post(&desk.url, &path, &desk.coordinator, &headers, file);
    assert_eq!(status, 200, "{body:#}");
    body
}

fn mended() -> String {
    MENDED
        .iter()
        .fold(SPREADSHEET.to_owned(), |file, (wrong, right)| {
            assert!(file.contains(wrong), "{wrong}");
            file.replacen(wrong, right, 1)
        })
}

fn receipt(answer: &Value) -> [u64; 5] {
    ["rows", "recorded", "alreadySo", "counted", "refused"]
        .map(|name| answer["receipt"][name].as_u64().expect("a count"))
}

fn rows<'a>(answer: &'a Value, wanted: impl Fn(&Value) -> bool + 'a) -> Vec<&'a Value> {
    let rows = answer["rows"].as_array().expect("rows");
    rows.iter().filter(|row| wanted(row)).collect()
}

fn has(row: &Value, list: &str, name: &str) -> bool {
    let all = row[list].as_array();
    all.is_some_and(|all| all.iter().any(|one| one == name))
}

/// R310: what was used before counts, and every row is answered.
#[test]
fn an_old_spreadsheet_is_brought_forward_and_the_year_goes_on() {
    let desk = Desk::opened();
    let head = || desk.ask("position")["position"].clone();
    let before = head();
    let trial = sent(&desk, &format!("validateOnly=true&{YEAR}"), SPREADSHEET);
    assert_eq!(receipt(&trial), [60, 39, 4, 12, 5], "{trial:#}");
    assert_eq!(head(), before, "a trial records nothing");

    let first = sent(&desk, YEAR, SPREADSHEET);
    assert_eq!(first["rows"], trial["rows"], "a trial tells what will be");
    every_row_is_answered(&first);
    let figures = json!({ "appointments": 48, "pairings": 42, "broken": 3, "sessions": 87 });
    assert_eq!(first["year"]["figures"], figures);
    assert_eq!(
        first["year"]["outcome"],
        Value::Null,
        "not while rows are refused"
    );

    let after = head();
    let again = sent(&desk, YEAR, SPREADSHEET);
    assert_eq!(receipt(&again), [60, 0, 43, 12, 5]);
    assert_eq!(head(), after, "sent twice it changes nothing");

    let second = sent(&desk, YEAR, &mended());
    assert_eq!(receipt(&second), [60, 5, 43, 12, 0], "{second:#}");
    let figures = json!({ "appointments": 53, "pairings": 46, "broken": 3, "sessions": 94 });
    assert_eq!(second["year"]["figures"], figures);
    assert_eq!(second["year"]["outcome"], "recorded");
    let third = sent(&desk, YEAR, &mended());
    assert_eq!(receipt(&third), [60, 0, 48, 12, 0]);
    assert_eq!(third["year"]["outcome"], "alreadySo");

    everything_is_right_to_the_number(&desk);
    the_year_goes_on(&desk, &second);
}

/// Each refusal names line and field and says how to put it right; nothing of the row is repeated.
fn every_row_is_answered(answer: &Value) {
    let refused = rows(answer, |row| row["outcome"] == "refused");
    let told: Vec<_> = refused
        .iter()
        .map(|row| (row["code"].as_str().expect("a code"), row["field"].as_str()))
        .collect();
    let expected = [
        ("unknown_council", Some("council")),
        ("date_unreadable", Some("formedOn")),
        ("sessions_unreadable", Some("sessions")),
        ("council_ambiguous", Some("council")),
        ("nobody_named", Some("mentee")),
    ];
    assert_eq!(told, expected);
    let merged = refused[3]["message"].as_str().expect("a sentence");
    assert!(
        merged.contains("Cumberland") && merged.contains("Westmorland"),
        "{merged}"
    );
    let text = answer.to_string();
    for personal in ["Ashgrove", "Gotham", "half term", "Fostering"] {
        assert!(!text.contains(personal), "{personal}");
    }
    assert_eq!(
        rows(answer, |row| has(row, "flags", "sessionsUnknown")).len(),
        4
    );
    assert_eq!(rows(answer, |row| has(row, "assumed", "council")).len(), 1);
    assert_eq!(rows(answer, |row| has(row, "assumed", "formedOn")).len(), 1);
    assert!(!rows(answer, |row| has(row, "notUnderstood", "basis")).is_empty());
}

/// R310: sessions against the entitlement; the dashboard; the mentors, of whom some are incomplete; the register of posts.
fn everything_is_right_to_the_number(desk: &Desk) {
    let wanted = [
        ("PAIRED", 34),
        ("TO_CONTACT", 4),
        ("TO_CONFIRM", 2),
        ("NOT_ELIGIBLE", 1),
    ];
    assert_eq!(
        stages(desk),
        BTreeMap::from(wanted.map(|(stage, count)| (stage.to_owned(), count)))
    );
    assert_eq!(balances(desk), (52, 4 * 34 - 52));
    let mentors = desk.ask(
        "mentors(first: 100) { totalCount edges { node { stage } } } pastYears { from until appointments pairings broken sessions offered }",
    );
    assert_eq!(mentors["mentors"]["totalCount"], 36);
    let edges = mentors["mentors"]["edges"].as_array().expect("mentors");
    let to_approve = edges
        .iter()
        .filter(|edge| edge["node"]["stage"] == "TO_APPROVE");
    assert_eq!(
        to_approve.count(),
        30,
        "six have an approved and complete portrait"
    );
    let year = json!([{ "from": "2025-01-01", "until": "2025-12-31", "appointments": 53, "pairings": 46,
        "broken": 3, "sessions": 94, "offered": null }]);
    assert_eq!(mentors["pastYears"], year);
    let directors = desk.ask("firstTimeDirectors { known { count } offered { count of } withMentor { count of } outside { count } }");
    let expected = json!({ "known": { "count": 24 }, "offered": { "count": 20, "of": 24 },
        "withMentor": { "count": 20, "of": 24 }, "outside": { "count": 0 } });
    assert_eq!(directors["firstTimeDirectors"], expected);
    let posts = desk.ask(
        r#"directorPosts(employer: "E06000029") { edges { node { standing successors { code } } } }"#,
    );
    let poole = &posts["directorPosts"]["edges"][0]["node"];
    assert_eq!(
        *poole,
        json!({ "standing": "ENDED", "successors": [{ "code": "E06000058" }] })
    );
}

/// A session, a breakdown with a replacement judged, and a new notice.
fn the_year_goes_on(desk: &Desk, answer: &Value) {
    let paired = rows(answer, |row| row["pairing"].is_string());
    let pairing = |place: usize| {
        format!(
            "mentor-plus:Pairing:{}",
            paired[place]["pairing"].as_str().expect("an id")
        )
    };
    let mentee = |place: usize| {
        format!(
            "mentor-plus:Mentee:{}",
            paired[place]["mentee"].as_str().expect("an id")
        )
    };
    let left = |place: usize| {
        let found = desk.ask(&format!(
            r#"entitlement(person: "{}") {{ used left }}"#,
            mentee(place)
        ));
        (
            found["entitlement"]["used"].as_u64(),
            found["entitlement"]["left"].as_u64(),
        )
    };
    // The third row says "2", the second "1".
    assert_eq!((left(2), left(1)), ((Some(2), Some(2)), (Some(1), Some(3))));
    let held = format!(r#"pairing: "{}", countedBy: MENTOR"#, pairing(2));
    desk.told(Rang::Mentor, "recordSession", &held, "version");
    assert_eq!(left(2), (Some(3), Some(1)));
    let broken = format!(r#"pairing: "{}", cause: INCOMPATIBILITY"#, pairing(1));
    desk.told(Rang::Mentee, "breakPairing", &broken, "version");
    assert_eq!(desk.stage(&mentee(1)), "BROKEN_DOWN");
    assert_eq!(left(1), (Some(1), Some(3)), "what was used stays used");
    let judged = format!(
        r#"pairing: "{}", judgement: REPLACE, judgedBy: [MENTEE, COORDINATOR]"#,
        pairing(1)
    );
    desk.told(Rang::Mentee, "judgeReplacement", &judged, "version");
    assert_eq!(desk.stage(&mentee(1)), "TO_MATCH");
    desk.notice(
        "E08000032",
        "B7",
        r#""basis":"substantive","startsOn":"2026-04-01","firstPost":"yes""#,
    );
    let wanted = [
        ("PAIRED", 33),
        ("TO_MATCH", 1),
        ("TO_CONTACT", 5),
        ("TO_CONFIRM", 2),
        ("NOT_ELIGIBLE", 1),
    ];
    assert_eq!(
        stages(desk),
        BTreeMap::from(wanted.map(|(stage, count)| (stage.to_owned(), count)))
    );
    assert_eq!(balances(desk), (53, 4 * 34 - 53));
}

/// The stages that are not empty.
fn stages(desk: &Desk) -> BTreeMap<String, u64> {
    let found = desk.ask("dashboard { stages { stage count } }");
    let stages = found["dashboard"]["stages"].as_array().expect("stages");
    let counted = stages.iter().filter_map(|column| {
        let count = column["count"].as_u64().filter(|count| *count > 0)?;
        Some((column["stage"].as_str()?.to_owned(), count))
    });
    counted.collect()
}

/// Sessions used and sessions left, of everybody who was brought forward in a pairing.
fn balances(desk: &Desk) -> (u64, u64) {
    let found =
        desk.ask("mentees(first: 100) { edges { node { entitlement { offer used left } } } }");
    let edges = found["mentees"]["edges"].as_array().expect("mentees");
    let of = |name: &str| {
        let accepted = edges.iter().map(|edge| &edge["node"]["entitlement"]);
        let accepted = accepted.filter(|found| found["offer"] == "ACCEPTED");
        accepted.filter_map(|found| found[name].as_u64()).sum()
    };
    (of("used"), of("left"))
}

/// The same code at the command line, where nothing serves: a trial first, then the file itself, then once more.
#[test]
fn an_old_spreadsheet_is_imported_from_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::serve(&data, &[]);
    open_scheme(
        &service,
        &token(&data, &["--role", "administrator"]),
        "mentor-plus",
    );
    service.stop();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, SPREADSHEET).expect("it is written");
    let file = file.to_str().expect("a path");
    let import = |more: &[&str]| {
        let first = ["import", "--scheme", "mentor-plus", "--kind", "past-year"];
        let output = run(&[&first, more, &[file]].concat(), &data);
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    let year = ["--from", "2025-01-01", "--until", "2025-12-31"];
    let (code, said) = import(&[&year[..], &["--dry-run"]].concat());
    assert_eq!(code, Some(0));
    assert!(
        said.contains("60 rows: 39 recorded, 4 already so, 12 counted, 5 refused"),
        "{said}"
    );
    let (_, real) = import(&year);
    assert!(real.contains("60 rows: 39 recorded"), "{real}");
    assert!(real.contains("write the number of sessions used"), "{real}");
    let (_, again) = import(&year);
    assert!(
        again.contains("60 rows: 0 recorded, 43 already so"),
        "{again}"
    );
    // Without its year, a pairing that is over has no place to go.
    let (_, without) = import(&[]);
    assert!(without.contains("0 counted, 17 refused"), "{without}");
    let (code, _) = import(&["--idempotency-key", "x"]);
    assert_eq!(code, Some(1));
}
