use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{
    MAX_LEAF_BYTES, Position, Record, RecordError, SchemeId, SealedValue, UpcastError, Upcasters,
    UpcastersError, canonical, check,
};
use crate::conformance::sample;
use crate::testing::scheme;

/// A shipped format never changes: whoever changes these constants breaks every log there is.
const EXAMPLE_LEAF_SHA256: &str = "1ftxdjRywhdYtNkwJNn4BXua4iErh23LXIz-t2FLYVc";

fn golden(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/record");
    std::fs::read(folder.join(name)).unwrap()
}

#[test]
fn the_golden_record_keeps_its_bytes_and_its_leaf() {
    let bytes = golden("example.json");
    let record = Record::decode(&bytes).unwrap();
    assert_eq!(record.encode().unwrap(), bytes);
    assert_eq!(
        URL_SAFE_NO_PAD.encode(record.leaf_sha256().unwrap()),
        EXAMPLE_LEAF_SHA256
    );
    assert_eq!(record.position, Position(9_007_199_254_740_993));
    assert_eq!(record.sealed.len(), 1);
}

#[test]
fn the_published_schema_names_exactly_the_fields_there_are() {
    let schema: Value = serde_json::from_slice(&golden("1.json")).unwrap();
    let record: Map<String, Value> = serde_json::from_slice(&golden("example.json")).unwrap();
    compare(&schema, &record, "");
    compare(
        &schema["$defs"]["actor"],
        record["actor"].as_object().unwrap(),
        "actor",
    );
    compare(
        &schema["$defs"]["reportedBy"],
        record["reported_by"].as_object().unwrap(),
        "reported_by",
    );
    compare(
        &schema["$defs"]["sealedValue"],
        record["sealed"][0].as_object().unwrap(),
        "sealed",
    );

    // And what the schema demands is what the strict reader demands.
    for field in record.keys() {
        let mut without = record.clone();
        without.remove(field);
        let required = schema["required"]
            .as_array()
            .unwrap()
            .contains(&json!(field));
        let bytes = canonical(&without).unwrap();
        assert_eq!(Record::decode(&bytes).is_err(), required, "{field}");
    }
}

/// The example has every field, so its members are the properties; and each is described.
fn compare(schema: &Value, example: &Map<String, Value>, what: &str) {
    let properties = schema["properties"].as_object().unwrap();
    let described: BTreeSet<_> = properties.keys().collect();
    assert_eq!(described, example.keys().collect(), "{what}");
    assert_eq!(schema["additionalProperties"], json!(false), "{what}");
    for (name, property) in properties {
        assert!(
            property["description"]
                .as_str()
                .is_some_and(|text| text.len() > 10),
            "{what} {name}"
        );
    }
}

#[test]
fn a_leaf_differs_from_its_record_only_in_the_ciphertexts() {
    let record = Record::decode(&golden("example.json")).unwrap();
    let mut whole: Value = serde_json::to_value(&record).unwrap();
    let leaf: Value = serde_json::from_slice(&record.leaf().unwrap()).unwrap();
    let sealed = whole["sealed"][0].as_object_mut().unwrap();
    let ciphertext = URL_SAFE_NO_PAD
        .decode(sealed.remove("ciphertext").unwrap().as_str().unwrap())
        .unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(ciphertext);
    sealed.insert(
        "ciphertext_sha256".to_owned(),
        json!(URL_SAFE_NO_PAD.encode(digest)),
    );
    assert_eq!(leaf, whole);
}

#[test]
fn only_the_canonical_bytes_are_a_record() {
    let bytes = golden("example.json");
    let text = String::from_utf8(bytes).unwrap();
    let spellings = [
        text.replace("{\"actor\"", "{ \"actor\""),
        text.replace("\"version\":1", "\"version\":1.0"),
        text.replace("\"data\":{", "\"data\":{\"extra\":1,\"extra\":1,"),
        text.replacen("{\"actor\"", "{\"aaa\":1,\"actor\"", 1),
        text.replace("phone", "\\u0070hone"),
        format!("{text}\n"),
    ];
    for spelling in spellings {
        assert_ne!(spelling, text);
        assert!(Record::decode(spelling.as_bytes()).is_err(), "{spelling}");
    }
}

#[test]
fn a_position_is_text_without_ornament() {
    assert_eq!(
        serde_json::to_string(&Position(u64::MAX)).unwrap(),
        "\"18446744073709551615\""
    );
    for bad in [
        "\"01\"",
        "\"+1\"",
        "\" 1\"",
        "1",
        "\"\"",
        "\"-1\"",
        "\"18446744073709551616\"",
    ] {
        assert!(serde_json::from_str::<Position>(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_scheme_is_a_folder_name_and_nothing_else() {
    for good in ["a", "mentor-plus", "0", &"x".repeat(63)] {
        assert!(SchemeId::new(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "-a",
        "A",
        "a_b",
        "a.b",
        "a/b",
        "..",
        "ä",
        "a b",
        &"x".repeat(64),
    ] {
        assert!(SchemeId::new(bad).is_err(), "{bad}");
    }
}

#[test]
fn dates_and_instants_are_of_one_form() {
    for good in ["2024-02-29", "2000-02-29", "2026-12-31"] {
        assert!(check::is_date(good), "{good}");
        assert!(check::is_instant(format!("{good}T23:59:59.999Z")), "{good}");
    }
    for bad in [
        "2023-02-29",
        "1900-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-04-31",
        "2026-4-3",
        "26-04-03",
        "2026-04-0é",
    ] {
        assert!(!check::is_date(bad), "{bad}");
    }
    for bad in [
        "T00:00:00.000Z",
        "T24:00:00.000Z",
        "T00:60:00.000Z",
        "T00:00:60.000Z",
        "T00:00:00Z",
        "T00:00:00.000+00:00",
        "T00:00:0é.000Z",
    ] {
        let text = format!("2026-01-01{bad}");
        assert_eq!(check::is_instant(&text), bad == "T00:00:00.000Z", "{text}");
    }
}

#[test]
fn a_pointer_escapes_as_the_standard_says() {
    for good in ["", "/", "/a/0", "/a~0b~1c"] {
        assert!(check::is_pointer(good), "{good}");
    }
    for bad in ["a", "/~", "/~2", "/a~"] {
        assert!(!check::is_pointer(bad), "{bad}");
    }
}

#[test]
fn the_size_limit_counts_the_leaf_not_the_ciphertexts() {
    let mut record = sample(&scheme("trial"), Position(1));
    record.data = json!({ "text": "x".repeat(70_000) });
    assert!(matches!(record.encode(), Err(RecordError::TooLarge { .. })));
    record = Record::decode(&golden("example.json")).unwrap();
    record.sealed[0].ciphertext = vec![1; 100_000];
    assert!(record.encode().is_ok());
}

#[test]
fn many_short_ciphertexts_do_not_hide_a_leaf_that_is_too_long() {
    let mut record = sample(&scheme("trial"), Position(1));
    let value = SealedValue {
        path: "/name".to_owned(),
        subject: uuid::Uuid::from_u128(1),
        key: uuid::Uuid::from_u128(2),
        nonce: vec![0; 24],
        version: 1,
        ciphertext: vec![0; 17],
    };
    while canonical(&record).unwrap().len() < MAX_LEAF_BYTES - 250 {
        record.sealed.push(value.clone());
    }
    assert!(record.leaf().is_err());
    assert!(record.encode().is_err(), "and so it is no record");
}

#[test]
fn a_row_of_digits_that_readers_would_round_is_refused() {
    let encoded = |number: Value| {
        let mut record = sample(&scheme("trial"), Position(1));
        record.data = json!([number]);
        record
            .encode()
            .map(|bytes| Record::decode(&bytes).unwrap().encode().unwrap() == bytes)
    };
    for good in [
        json!(9_007_199_254_740_991_u64),
        json!(-9_007_199_254_740_991_i64),
        json!(1e21),
        json!(-1e300),
        json!(0.5),
        json!(-0.0),
        json!(3.0),
    ] {
        assert!(encoded(good.clone()).unwrap(), "{good}");
    }
    for bad in [
        json!(9_007_199_254_740_992_u64),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(9_007_199_254_740_992.0),
        json!(-1e17),
        json!(9e20),
    ] {
        assert!(encoded(bad.clone()).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn whatever_is_encoded_decodes_to_the_same_bytes(text in any::<String>(), number in any::<f64>(), small in any::<i32>()) {
        let mut record = sample(&scheme("trial"), Position(1));
        record.data = json!({ text.as_str(): [number, small, { "nested": text.as_str() }] });
        match record.encode() {
            Ok(bytes) => prop_assert_eq!(Record::decode(&bytes).unwrap().encode().unwrap(), bytes),
            // A double that is written as a row of digits too long to be exact.
            Err(_) => prop_assert!((9e15..1e21).contains(&number.abs()), "{number}"),
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of a step")]
fn rename(mut data: Value) -> Result<Value, String> {
    data["new"] = data["old"].take();
    Ok(data)
}

fn refuse(_: Value) -> Result<Value, String> {
    Err("no".to_owned())
}

#[test]
fn old_payloads_are_lifted_step_by_step() {
    let upcasters = Upcasters::builder()
        .current("a.b", 3)
        .step("a.b", 1, rename)
        .step("a.b", 2, |data| Ok(json!({ "was": data["new"] })))
        .current_sealed("a.b", "/people/*/name", 2)
        .step_sealed("a.b", "/people/*/name", 1, |name| Ok(json!([name])))
        .build()
        .unwrap();
    let lifted = |version| {
        upcasters
            .upcast("a.b", version, Position(1), json!({ "old": 1, "new": 2 }))
            .unwrap()
    };
    assert_eq!(lifted(1), json!({ "was": 1 }));
    assert_eq!(lifted(2), json!({ "was": 2 }));
    assert_eq!(lifted(3), json!({ "old": 1, "new": 2 }));
    let sealed = upcasters.upcast_sealed("a.b", "/people/17/name", 1, Position(1), json!("Ada"));
    assert_eq!(sealed, Ok(json!(["Ada"])));
}

#[test]
fn what_is_not_understood_is_named_with_its_place() {
    let upcasters = Upcasters::builder()
        .current("a.b", 2)
        .step("a.b", 1, refuse)
        .build()
        .unwrap();
    let at = Position(7);
    let unknown = upcasters.upcast("c.d", 1, at, json!(1)).unwrap_err();
    assert_eq!(
        unknown,
        UpcastError::UnknownType {
            shape: "c.d".to_owned(),
            version: 1,
            position: at
        }
    );
    let newer = upcasters.upcast("a.b", 3, at, json!(1)).unwrap_err();
    assert_eq!(
        newer,
        UpcastError::Newer {
            shape: "a.b".to_owned(),
            version: 3,
            position: at,
            known: 2
        }
    );
    let failed = upcasters.upcast("a.b", 1, at, json!(1)).unwrap_err();
    assert_eq!(
        failed.to_string(),
        "`a.b` version 1 at position 7 cannot be lifted: no"
    );
    assert!(
        upcasters
            .upcast_sealed("a.b", "/x", 1, at, json!(1))
            .is_err()
    );
}

#[test]
fn a_registry_with_a_gap_is_not_built() {
    let gap = Upcasters::builder()
        .current("a.b", 3)
        .step("a.b", 1, rename)
        .build()
        .unwrap_err();
    assert_eq!(
        gap,
        UpcastersError::Gap {
            shape: "a.b".to_owned(),
            from: 2
        }
    );
    let stray = Upcasters::builder()
        .current("a.b", 1)
        .step("a.b", 1, rename)
        .build()
        .unwrap_err();
    assert_eq!(
        stray,
        UpcastersError::Stray {
            shape: "a.b".to_owned(),
            from: 1
        }
    );
}
