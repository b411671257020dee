//! A coordinator, a commissioner and an auditor are each given what the year came to, and hold it against what the service says.

use crate::harness::{Service, open_scheme, run, token};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path, process::Output};

const SCHEME: &str = "mentor-plus";
const AUDIENCES: [&str; 3] = ["coordinator", "commissioner", "auditor"];
/// A period that the demonstration has published.
const YEAR: &str = "2025-10-01/2026-09-30";

fn report(audience: &str, arguments: &[&str], data: &Path) -> Output {
    let of = ["report", "--scheme", SCHEME, "--for", audience];
    run(&[&of, arguments].concat(), data)
}

/// The tables of a report, and the page beside them.
fn made(audience: &str, arguments: &[&str], folder: &Path, data: &Path) -> (Value, String) {
    let (page, object) = (folder.join("report.html"), folder.join("report.json"));
    let names = [&page, &object].map(|path| path.display().to_string());
    let to = ["--out", names[0].as_str(), "--json", names[1].as_str()];
    let output = report(audience, &[&to, arguments].concat(), data);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{audience}: {said}");
    let object = fs::read(object).expect("written");
    (
        serde_json::from_slice(&object).expect("one object"),
        fs::read_to_string(page).expect("written"),
    )
}

/// The cells of a row.
fn row<'a>(report: &'a Value, table: &str, label: &str) -> &'a [Value] {
    let tables = report["tables"].as_array().expect("tables");
    let table = tables.iter().find(|one| one["id"] == table);
    let rows = table.expect("the table")["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["label"] == label);
    row.expect("the row")["cells"].as_array().expect("cells")
}

fn ids(report: &Value) -> Vec<&str> {
    let tables = report["tables"].as_array().expect("tables").iter();
    tables.filter_map(|one| one["id"].as_str()).collect()
}

/// R310, R311, R313, R314: every figure of the report is the figure the service answers as of the same moment.
#[test]
fn the_figures_of_a_report_are_those_the_service_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::demo(&data);
    let coordinator = token(&data, &["--role", "coordinator", "--scheme", SCHEME]);
    let spread = "{ count of awaited median least most }";
    let ask = format!(
        "query($at: DateTime!) {{ scheme(id: \"{SCHEME}\", asOf: {{ recordedAt: $at }}) {{ position today
            measures {{ sessions {{ count of }} daysUsed {spread} daysToContact {spread} daysToMatch {spread}
                daysToFirstSession {spread} choices {spread} firstChoice {{ count of }}
                tookUp {{ count of }} declined {{ count of }} unanswered {{ count of }} }}
            evaluationReturns {{ side asked filed waived out filedUnasked reminders }}
            dashboard {{ stages {{ stage count }} }} pairings {{ totalCount }} }} }}"
    );
    let mut people = 0;
    for at in ["2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z"] {
        let asked = service.ask(&coordinator, &ask, json!({ "at": at }));
        let asked = &asked["scheme"];
        let (report, _) = made("coordinator", &["--as-of", at], folder.path(), &data);
        assert_eq!(
            report["about"]["position"].to_string(),
            asked["position"].as_str().expect("digits")
        );
        assert_eq!(report["about"]["day"], asked["today"]);
        compare(&report, asked);
        people += row(&report, "the-way", "Took it up")[0]
            .as_u64()
            .expect("a count");
    }
    assert!(people > 0, "somebody took mentoring up");
    service.stop();
}

fn compare(report: &Value, asked: &Value) {
    let measures = &asked["measures"];
    for (table, label, name) in [
        ("days", "To first contact", "daysToContact"),
        ("days", "To the first pairing", "daysToMatch"),
        ("days", "To the first session", "daysToFirstSession"),
        ("days-used", "Days used", "daysUsed"),
        ("choices", "Mentors offered to each", "choices"),
    ] {
        let told = &measures[name];
        let expected =
            ["median", "least", "most", "count", "awaited", "of"].map(|of| told[of].as_f64());
        let found: Vec<_> = row(report, table, label)
            .iter()
            .map(Value::as_f64)
            .collect();
        assert_eq!(found, expected, "{name}");
    }
    for (table, label, name) in [
        ("the-way", "Took it up", "tookUp"),
        ("the-way", "Declined", "declined"),
        ("the-way", "Have not answered", "unanswered"),
        ("sessions", "Sessions", "sessions"),
        (
            "first-choice",
            "Paired with the first choice",
            "firstChoice",
        ),
    ] {
        let told = &measures[name];
        assert_eq!(
            row(report, table, label)[..2],
            [told["count"].clone(), told["of"].clone()],
            "{name}"
        );
    }
    for (label, told) in ["By mentees", "By mentors"]
        .iter()
        .zip(asked["evaluationReturns"].as_array().expect("sides"))
    {
        let expected = [
            "filed",
            "asked",
            "waived",
            "out",
            "filedUnasked",
            "reminders",
        ]
        .map(|of| told[of].clone());
        assert_eq!(row(report, "returns", label), expected, "{label}");
    }
    let stages = asked["dashboard"]["stages"].as_array().expect("stages");
    let told: Vec<&Value> = stages.iter().map(|stage| &stage["count"]).collect();
    let tables = report["tables"].as_array().expect("tables");
    let sum = |id: &str, column: usize| -> u64 {
        let table = tables
            .iter()
            .find(|one| one["id"] == id)
            .expect("the table");
        let rows = table["rows"].as_array().expect("rows").iter();
        rows.map(|row| row["cells"][column].as_u64().expect("a count"))
            .sum()
    };
    let all: u64 = told.iter().filter_map(|count| count.as_u64()).sum();
    assert_eq!(sum("stages", 0), all);
    assert_eq!(
        Some(sum("pairings", 0)),
        asked["pairings"]["totalCount"].as_u64()
    );
    assert_eq!(
        json!(sum("regions", 1)),
        row(report, "the-way", "A notice told of them")[0]
    );
    assert_eq!(
        json!(sum("regions", 2)),
        row(report, "the-way", "Entitled")[0]
    );
}

/// Each audience is given what it may have; the same moment makes the same bytes; and the root is the log's own.
#[test]
fn each_audience_is_given_its_own_report_and_the_same_bytes_each_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    Service::demo(&data).stop();
    let mut reports = BTreeMap::new();
    for audience in AUDIENCES {
        let year = ["--period", YEAR];
        let (object, page) = made(audience, &year, folder.path(), &data);
        let position = object["about"]["position"].to_string();
        let (again, page_again) = made(audience, &year, folder.path(), &data);
        assert!(
            object == again && page == page_again,
            "{audience}: the same moment, other bytes"
        );
        assert!(!page.contains("<script"), "{audience}");
        for outside in ["http:", "https:", "src=", "@import", "url("] {
            let elsewhere = page.matches(outside).count()
                - page.matches("http://www.w3.org/2000/svg").count()
                    * usize::from(outside == "http:");
            assert_eq!(elsewhere, 0, "{audience}: {outside}");
        }
        let proved = run(
            &["verify", "--scheme", SCHEME, "--to", &position, "--json"],
            &data,
        );
        let proved: Value = serde_json::from_slice(&proved.stdout).expect("one object");
        assert_eq!(proved["root"], object["about"]["root"]);
        assert!(page.contains(object["about"]["root"].as_str().expect("hex")));
        reports.insert(audience, object);
    }
    assert_eq!(ids(&reports["coordinator"]), ids(&reports["auditor"]));
    assert_eq!(
        reports["coordinator"]["tables"],
        reports["auditor"]["tables"]
    );
    let commissioner = &reports["commissioner"];
    for breakdown in [
        "stages",
        "regions",
        "breakdowns",
        "pairings",
        "sessions-each",
    ] {
        assert!(ids(&reports["auditor"]).contains(&breakdown), "{breakdown}");
        assert!(!ids(commissioner).contains(&breakdown), "{breakdown}");
    }
    withheld(commissioner, &reports["coordinator"]);
}

/// No number of people from one to four is shown to a commissioner, and what is shown is what the coordinator is shown.
fn withheld(commissioner: &Value, coordinator: &Value) {
    let is_withheld = |cell: &Value| cell["withheld"] == true;
    let (mut hidden, mut shown) = (0, 0);
    for table in commissioner["tables"].as_array().expect("tables") {
        let id = table["id"].as_str().expect("a name");
        let columns = table["columns"].as_array().expect("columns");
        for told in table["rows"].as_array().expect("rows") {
            let label = told["label"].as_str().expect("a label");
            let whole = row(coordinator, id, label);
            let cells = told["cells"].as_array().expect("cells").iter().zip(whole);
            for ((cell, whole), column) in cells.zip(&columns[1..]) {
                if is_withheld(cell) {
                    hidden += 1;
                    continue;
                }
                shown += 1;
                assert_eq!(cell, whole, "{id}, {label}, {column}");
                assert!(
                    column != "Least" && column != "Most",
                    "{id}: one person's number"
                );
                let is_count = column != "Middle" && column != "Used" && column != "Granted";
                let few = cell.as_u64().is_some_and(|count| 0 < count && count < 5);
                assert!(!is_count || !few, "{id}, {label}, {column}: {cell}");
            }
        }
    }
    assert!(
        hidden > 10 && shown > 10,
        "{hidden} withheld, {shown} shown"
    );
}

/// A spreadsheet can be made of every table.
#[test]
fn every_table_is_a_file_of_its_own_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    Service::demo(&data).stop();
    let (object, _) = made("auditor", &[], folder.path(), &data);
    let tables = folder.path().join("tables").display().to_string();
    let output = report("auditor", &["--csv", &tables], &data);
    assert!(output.status.success());
    for table in object["tables"].as_array().expect("tables") {
        let name = format!("{}.csv", table["id"].as_str().expect("a name"));
        let text = fs::read_to_string(folder.path().join("tables").join(&name)).expect("a file");
        let rows = table["rows"].as_array().expect("rows");
        assert_eq!(text.lines().count(), 1 + rows.len(), "{name}");
    }
    let about = fs::read_to_string(folder.path().join("tables/about.csv")).expect("a file");
    assert!(about.contains(object["about"]["root"].as_str().expect("hex")));
}

/// A scheme in which nobody is yet has a report that says so; what cannot be reported says why, and nothing is written.
#[test]
fn an_empty_scheme_is_reported_and_what_cannot_be_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::serve(&data, &[]);
    open_scheme(
        &service,
        &token(&data, &["--role", "administrator"]),
        SCHEME,
    );
    service.stop();
    for audience in ["coordinator", "auditor"] {
        let (object, page) = made(audience, &[], folder.path(), &data);
        assert!(page.contains("every number is nought"), "{audience}");
        assert_eq!(row(&object, "the-way", "Took it up")[..2], [0, 0]);
        assert_eq!(row(&object, "days", "To first contact")[3], 0);
    }
    let out = folder.path().join("none.html");
    let name = out.display().to_string();
    let unpublished = report("commissioner", &["--out", &name], &data);
    let said = String::from_utf8_lossy(&unpublished.stderr).into_owned();
    assert!(!unpublished.status.success() && !out.exists());
    assert!(said.contains("publishPeriod"), "{said}");
    let refused = |arguments: &[&str], why: &str| {
        let output = run(
            &[&["report", "--for", "auditor", "--out", &name], arguments].concat(),
            &data,
        );
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(why), "{said}");
        assert!(!out.exists(), "{why}");
    };
    refused(
        &["--scheme", "another"],
        "there is no scheme another in this data directory; there are: mentor-plus",
    );
    refused(
        &["--scheme", SCHEME, "--as-of", "9999"],
        "lies beyond the end of the log",
    );
    refused(
        &["--scheme", SCHEME, "--as-of", "2999-01-01T00:00:00Z"],
        "is yet to come",
    );
    refused(
        &["--scheme", SCHEME, "--as-of", "1999-01-01T00:00:00Z"],
        "the log begins later",
    );
    let nowhere = run(&["report", "--scheme", SCHEME, "--for", "auditor"], &data);
    assert_eq!(nowhere.status.code(), Some(2), "where to is to be said");
    let missing = folder
        .path()
        .join("no/such/folder.html")
        .display()
        .to_string();
    let output = report("auditor", &["--out", &missing], &data);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("no/such/folder.html"),
        "{said}"
    );
}
