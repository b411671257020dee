//! What is judged in one pass is judged as by the reader that writes everything anew, on whatever bytes.

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{cleared, scan};
use crate::conformance::sample;
use crate::record::{Position, Record, ReportedBy, SealedValue};
use crate::testing::scheme;

/// Bytes that mean something in a record, or nearly do.
const TELLING: &[u8] = b"{}[]:,\"\\ \n\0\x1f\x7f\x80\xc3\xa9\xed\xff019aefgzAFZ+-._~/$Tn";

/// Every field there is, and no fraction.
fn golden() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/record");
    let text = std::fs::read_to_string(folder.join("example.json")).unwrap();
    text.replace("\"share\":0.1", "\"share\":1").into_bytes()
}

/// Whether the one pass has accepted `bytes`; what it says of them must then be true, and in any case what is said last.
fn judged(bytes: &[u8]) -> bool {
    let decoded = Record::decode(bytes);
    let scanned = scan(bytes);
    let accepted = scanned.is_some();
    match (&decoded, scanned) {
        (Ok(record), Some(found)) => {
            assert_eq!(found.position, record.position);
            assert_eq!(found.recorded_at, record.recorded_at.as_bytes());
            assert!(found.is_of(&record.scheme));
            assert_eq!(*found.leaf, record.leaf().unwrap());
        }
        (Err(error), Some(_)) => {
            panic!("{error} in {}", String::from_utf8_lossy(bytes));
        }
        (_, None) => {}
    }
    match (decoded, Record::prove(bytes)) {
        (Ok(record), Ok(found)) => {
            assert_eq!(found.position, record.position);
            assert_eq!(*found.leaf, record.leaf().unwrap());
            assert!(found.is_of(&record.scheme) && !found.is_of(&scheme("another")));
        }
        (Err(expected), Err(said)) => assert_eq!(said.to_string(), expected.to_string()),
        (decoded, proved) => panic!("{decoded:?} and {proved:?}"),
    }
    accepted
}

/// The same of a leaf.
fn judged_as_leaf(bytes: &[u8]) -> bool {
    let accepted = cleared(bytes).is_some();
    match (Record::from_leaf_anew(bytes), Record::from_leaf(bytes)) {
        (Ok(expected), Ok(read)) => assert_eq!(read, expected),
        (Err(expected), Err(said)) => assert_eq!(said.to_string(), expected.to_string()),
        (expected, read) => panic!("{expected:?} and {read:?}"),
    }
    accepted
}

/// The leaf of a record, or of what would be one if it might be written.
fn leaf(record: &Record) -> Vec<u8> {
    crate::record::canonical(&crate::record::Leaf::from(record)).unwrap()
}

#[test]
fn what_schemes_record_is_judged_in_one_pass() {
    assert!(judged(&golden()), "with every field there is");
    let golden = Record::decode(&golden()).unwrap();
    assert!(judged_as_leaf(&golden.leaf().unwrap()));
    let mut record = sample(&scheme("trial"), Position(u64::MAX >> 1));
    for data in [
        json!(null),
        json!([true, false, 0, -1, 999_999_999_999_999_u64, [], {}]),
        json!({ "a": "\"\\\u{8}\u{c}\n\r\t/ é \u{2028} 😀", "b": { "": {} } }),
    ] {
        record.data = data;
        assert!(judged(&record.encode().unwrap()), "{}", record.data);
    }
}

#[test]
fn what_is_not_plain_is_left_to_the_slower_reader() {
    let mut record = sample(&scheme("trial"), Position(1));
    let mut deep = json!(1);
    for _ in 0..40 {
        deep = json!([deep]);
    }
    for data in [
        json!(0.5),
        json!(9_007_199_254_740_991_u64),
        json!({ "ö": 1 }),
        json!("\u{1}"),
        deep,
    ] {
        record.data = data;
        let bytes = record.encode().unwrap();
        assert!(!judged(&bytes), "{}", record.data);
        assert!(Record::prove(&bytes).is_ok(), "{}", record.data);
    }
    // What the library makes of its own name depends on who else is built with it; the slower reader has the say.
    record.data = json!({ "$serde_json::private::RawValue": "1" });
    assert!(!judged(&record.encode().unwrap()), "{}", record.data);
}

#[test]
fn another_byte_anywhere_is_judged_alike() {
    let bytes = golden();
    let leaf = leaf(&Record::decode(&bytes).unwrap());
    for (bytes, judged) in [(bytes, judged as fn(&[u8]) -> bool), (leaf, judged_as_leaf)] {
        for at in 0..bytes.len() {
            let (before, after) = bytes.split_at(at);
            judged(&[before, &after[1..]].concat());
            for telling in TELLING {
                judged(&[before, &[*telling], &after[1..]].concat());
                judged(&[before, &[*telling], after].concat());
            }
        }
    }
}

#[test]
fn a_member_that_is_missing_doubled_or_moved_is_judged_alike() {
    let text = String::from_utf8(golden()).unwrap();
    let parts: Vec<&str> = text.split_inclusive(',').collect();
    for one in 0..parts.len() {
        for other in 0..parts.len() {
            let mut changed = parts.clone();
            changed.swap(one, other);
            judged(changed.concat().as_bytes());
            changed = parts.clone();
            changed.insert(other, parts[one]);
            judged(changed.concat().as_bytes());
        }
        let mut without = parts.clone();
        without.remove(one);
        judged(without.concat().as_bytes());
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i16>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let name = prop_oneof![any::<String>(), "[a-z_]{0,9}"];
        let members = vec((name, inner.clone()), 0..5);
        prop_oneof![
            vec(inner, 0..5).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn sealed() -> impl Strategy<Value = SealedValue> {
    let path = prop_oneof!["(/[a-z~01]{0,4}){0,3}", any::<String>()];
    let ciphertext = vec(any::<u8>(), 15..60);
    let versions = (any::<u128>(), any::<[u8; 24]>(), 0_u16..4);
    (path, ciphertext, versions).prop_map(|(path, ciphertext, (key, nonce, version))| SealedValue {
        ciphertext,
        key: Uuid::from_u128(key),
        nonce: nonce.to_vec(),
        path,
        subject: Uuid::from_u128(key >> 3),
        version,
    })
}

fn records() -> impl Strategy<Value = Record> {
    let word = || prop_oneof!["[a-zA-Z0-9._-]{0,66}", "\\PC{0,4}"];
    let texts = (
        prop::option::of(word()),
        prop::option::of(word()),
        prop_oneof!["[a-z]{1,5}(\\.[a-z_-]{1,5}){0,3}", "[a-z.]{0,5}"],
        prop::option::of(prop_oneof![
            "[!-~]{0,20}",
            "00-[0-9a-f]{32}-[0-9a-f]{16}-01"
        ]),
    );
    let ids = vec(prop::option::of(any::<u128>().prop_map(Uuid::from_u128)), 4);
    let days = ("20[0-9]{2}-[01][0-9]-[0-3][0-9]", any::<u64>());
    (texts, ids, days, values(), vec(sealed(), 0..3), 0_u16..300).prop_map(
        |((party, channel, kind, trace), ids, (day, position), data, sealed, version)| Record {
            reported_by: party.map(|party| ReportedBy {
                party,
                person: ids[3],
            }),
            channel,
            traceparent: trace,
            kind,
            causation_id: ids[0],
            command_id: ids[1],
            correlation_id: ids[2],
            subjects: ids.into_iter().flatten().collect(),
            recorded_at: format!("{day}T0{}:00:00.00{}Z", position % 7, position % 10),
            happened_on: day,
            position: Position(position),
            data,
            sealed,
            version,
            ..sample(&scheme("trial"), Position(1))
        },
    )
}

/// How bytes are changed: where, how many of them go, and what comes in their place.
fn changes() -> impl Strategy<Value = Vec<(Index, usize, Vec<u8>)>> {
    let pieces: Vec<&[u8]> = vec![
        b"",
        b" ",
        b"\"",
        b"\\",
        b"\\\"",
        b"\\n",
        b"\\u000a",
        b"\\u0061",
        b"\\/",
        b"\xc3\xa9",
        b"\xed\xa0\x80",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"{}",
        b"[]",
        b"null",
        b"true",
        b"-0",
        b"00",
        b"1.0",
        b"1e2",
        b"-1",
        b"\"a\":1,",
        b"\"sealed\":[]",
        b",\"channel\":null",
        b"0",
        b"=",
        b"A",
    ];
    let piece = select(pieces).prop_map(<[u8]>::to_vec);
    vec((any::<Index>(), 0_usize..4, piece), 1..4)
}

fn change(bytes: &mut Vec<u8>, changes: &[(Index, usize, Vec<u8>)]) {
    for (place, gone, piece) in changes {
        let at = place.index(bytes.len() + 1);
        let end = bytes.len().min(at + gone);
        bytes.splice(at..end, piece.iter().copied());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_record_and_any_change_of_it_is_judged_alike(record in records(), changes in changes()) {
        // Whatever its fields hold: a record that may not be written is refused as it is read.
        let mut bytes = crate::record::canonical(&record).unwrap();
        judged(&bytes);
        change(&mut bytes, &changes);
        judged(&bytes);
        let mut bytes = leaf(&record);
        judged_as_leaf(&bytes);
        change(&mut bytes, &changes);
        judged_as_leaf(&bytes);
    }

    #[test]
    fn any_spelling_of_data_is_judged_alike(
        pieces in vec(select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"a\":", ",\"b\":", "\"é\":", "\"\\n\"", "\"\\u000a\"",
            "\"\\u00e9\"", "\"\\/\"", "\"😀\"", "0", "-0", "-7", "01", "1.5", "1.0", "1e3", "1E3", "1000000000000000",
            "9007199254740991", "9007199254740993", "true", "false", "null", " ", "\t", "\"\u{7f}\"", "\"\\u001f\"", "\"\u{1f}\"",
        ]), 0..9),
        wrapped in any::<bool>(),
    ) {
        let spelled = pieces.concat();
        let data = if wrapped { format!("{{\"a\":[{spelled}]}}") } else { spelled };
        let record = sample(&scheme("trial"), Position(1)).encode().unwrap();
        let text = String::from_utf8(record).unwrap();
        judged(text.replacen("{\"number\":\"1\"}", &data, 1).as_bytes());
    }
}

#[test]
fn what_lies_near_a_limit_is_left_to_the_slower_reader() {
    let mut record = Record::decode(&golden()).unwrap();
    let value = record.sealed[0].clone();
    while record.encode().is_ok() {
        record.sealed.push(value.clone());
    }
    assert!(!judged(&crate::record::canonical(&record).unwrap()));
    record.sealed.truncate(2);
    record.sealed[0].ciphertext = vec![1; 100_000];
    let bytes = record.encode().unwrap();
    assert!(!judged(&bytes) && Record::prove(&bytes).is_ok());
    record.sealed.clear();
    record.data = json!("x".repeat(65_535));
    assert!(!judged_as_leaf(&leaf(&record)));
}
