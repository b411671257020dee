//! The dashboard and the entitlements, counted again from the audit trail by code of its own.
//!
//! This counts from the clear part of the records alone, as an auditor can who holds no key, and shares
//! nothing with the rules or the projections but the names of event types.

mod count;

use crate::harness::{Service, records, token};
use api::dispatch::{System, codec};
use count::Recount;
use domain::entitlement::Balance;
use event_log::{Embedded, Options, Record, SchemeId, Vault};
use jiff::civil::Date;
use projections::{Explained, Snapshot, stage::Stage};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path, sync::Arc};

const EVERY: u64 = 500;

/// R308: without any key.
#[test]
fn the_figures_of_the_demonstration_equal_a_recount_from_the_audit_trail() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::demo(&data);
    let coordinator = token(&data, &["--role", "coordinator"]);
    let live_stages = live_stages(&service, &coordinator);
    let people = live_entitlements(&service, &coordinator);
    service.stop();

    let records = records(&data, "mentor-plus");
    assert!(
        records.len() as u64 > 2 * EVERY,
        "two years are {} events",
        records.len()
    );
    let vault = vault(&data);
    let (mut snapshot, mut recount, mut compared) = (Snapshot::default(), Recount::default(), 0);
    for record in &records {
        snapshot
            .fold(&codec::understand(record, &vault).expect("a record is understood"))
            .expect("it folds");
        recount.take(record);
        if record.position.0 % EVERY == 0 || record.position.0 == records.len() as u64 {
            compare(&snapshot, &recount, record);
            compared += 1;
        }
    }
    println!("{} events, compared at {compared} positions", records.len());
    assert_eq!(
        live_stages,
        recount.stages(),
        "what the service answers is what the trail tells"
    );
    for (person, (used, left, until)) in people {
        let counted = recount
            .entitlement(&person)
            .expect("the trail knows everybody");
        assert_eq!((used, left, until), counted, "{person}");
    }
    let again = fold(&records, &vault);
    assert!(again == snapshot, "a rebuild from zero equals what grew");
}

fn compare(snapshot: &Snapshot, recount: &Recount, record: &Record) {
    let position = record.position;
    let today: Date = record.recorded_at[..10].parse().expect("a day");
    let board: BTreeMap<String, u64> = Stage::ALL
        .into_iter()
        .map(|stage| {
            (
                count::spelled(&format!("{stage:?}")),
                snapshot.board.count(stage) as u64,
            )
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(board, recount.stages(), "the board at position {position}");
    let scheme = &snapshot.scheme;
    for person in scheme.mentees.keys().chain(scheme.mentors.keys()) {
        let received = scheme.development.received_by(*person).len();
        let last = scheme.development.last_news(*person);
        let messages = scheme.messages_to(*person).len();
        assert_eq!(
            (received, last, messages),
            recount.sent(&person.to_string()),
            "what {person} was sent by position {position}"
        );
    }
    for person in snapshot.scheme.mentees.keys() {
        let Some(check) = projections::entitlement::check(snapshot, *person, today) else {
            continue;
        };
        let Some(balance) = check.balance else {
            continue;
        };
        let until = balance.clock.until.map(|day| day.to_string());
        let counted = recount
            .entitlement(&person.to_string())
            .expect("the trail knows everybody");
        assert_eq!(
            (balance.used, balance.left, until),
            counted,
            "the entitlement of {person} at position {position}"
        );
        let lines = check.lines.iter();
        let positions: Vec<u64> = lines.map(|explained| explained.line.position).collect();
        assert!(positions.is_sorted() && positions.last().is_none_or(|last| *last <= position.0));
        adds_up(&check.lines, &balance);
    }
}

/// Every line tells the difference to the one before, and all together they are the balance.
fn adds_up(lines: &[Explained], balance: &Balance) {
    let sum = |of: fn(&Explained) -> i32| lines.iter().map(of).sum::<i32>();
    let (granted, used) = (sum(|line| line.granted), sum(|line| line.used));
    let (outside, ended) = (sum(|line| line.outside), sum(|line| line.ended));
    assert_eq!(granted, i32::from(balance.granted));
    assert_eq!(used + outside, i32::from(balance.used));
    assert_eq!(ended, i32::from(balance.ended));
    assert_eq!(granted - used - ended, i32::from(balance.left));
    let days: i64 = lines.iter().map(|line| line.days).sum();
    assert_eq!(days, i64::from(balance.clock.still_days));
    let mut left = 0;
    for line in lines {
        left += line.granted - line.used - line.ended;
        assert_eq!(left, i32::from(line.left_after), "{line:?}");
    }
}

fn fold(records: &[Record], vault: &Vault) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for record in records {
        snapshot
            .fold(&codec::understand(record, vault).expect("a record is understood"))
            .expect("it folds");
    }
    snapshot
}

pub fn vault(data: &Path) -> Vault {
    let store =
        Embedded::open_read_only(data, Options::new(Arc::new(System))).expect("a data directory");
    store
        .vault(&SchemeId::new("mentor-plus").expect("a name"))
        .expect("a keyring")
}

fn live_stages(service: &Service, token: &str) -> BTreeMap<String, u64> {
    let data = service.ask(
        token,
        "{ scheme(id: \"mentor-plus\") { dashboard { stages { stage count } } } }",
        Value::Null,
    );
    let stages = data["scheme"]["dashboard"]["stages"]
        .as_array()
        .expect("a list");
    let counts = stages.iter().map(|stage| {
        (
            stage["stage"].as_str().expect("a name").to_owned(),
            stage["count"].as_u64().expect("a number"),
        )
    });
    counts.filter(|(_, count)| *count > 0).collect()
}

type Entitlement = (u16, u16, Option<String>);

/// Everybody who is entitled: used, left, until.
fn live_entitlements(service: &Service, token: &str) -> BTreeMap<String, Entitlement> {
    let (mut people, mut after) = (BTreeMap::new(), Value::Null);
    loop {
        let data = service.ask(
            token,
            "query($after: String) { scheme(id: \"mentor-plus\") { mentees(first: 50, after: $after) {
               edges { node { id } } pageInfo { hasNextPage endCursor } } } }",
            json!({ "after": after }),
        );
        let page = &data["scheme"]["mentees"];
        for edge in page["edges"].as_array().expect("a list") {
            let id = edge["node"]["id"].as_str().expect("an id");
            let data = service.ask(
                token,
                "query($id: ID!) { scheme(id: \"mentor-plus\") { entitlement(person: $id) { granted used left until } } }",
                json!({ "id": id }),
            );
            let check = &data["scheme"]["entitlement"];
            if let (Some(used), Some(left)) = (check["used"].as_u64(), check["left"].as_u64()) {
                let number = |value| u16::try_from(value).expect("small");
                let until = check["until"].as_str().map(str::to_owned);
                people.insert(
                    id.rsplit(':').next().expect("an id").to_owned(),
                    (number(used), number(left), until),
                );
            }
        }
        if page["pageInfo"]["hasNextPage"] != true {
            return people;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}
