//! What whoever is given a copy of the history holds in their hands: a bundle, and what a replay tells.

use super::{compared::Compared, told::scheme};
use crate::harness::run;
use serde_json::{Value, json};
use std::{fs, path::Path};
use uuid::Uuid;

/// Compares what leaves the machine of the scheme of this number.
pub fn compare(one: &Path, other: &Path, number: usize, compared: &mut Compared) {
    compared.lines("replay", &replayed(one, number), &replayed(other, number));
    let (one, other) = (bundle(one, number), bundle(other, number));
    let lines = |text: &str| -> Vec<Value> {
        let mut said = Said::default();
        text.lines().map(|line| said.line(line)).collect()
    };
    compared.copies("bundle", &lines(&one), &lines(&other));
}

/// What whoever replays a scheme is told.
fn replayed(data: &Path, number: usize) -> String {
    let told = run(&["replay", "--json", "--scheme", &scheme(number)], data);
    assert!(told.status.success(), "{told:?}");
    String::from_utf8_lossy(&told.stdout).into_owned()
}

/// The audit bundle of a scheme.
fn bundle(data: &Path, number: usize) -> String {
    let file = data.join(format!("{number}.bundle"));
    let out = file.to_str().expect("text");
    let told = run(&["export", "--scheme", &scheme(number), "--out", out], data);
    assert!(told.status.success(), "{told:?}");
    fs::read_to_string(&file).expect("a bundle is text")
}

/// A copy as it is compared.
#[derive(Default)]
struct Said {
    /// The keys under which something is sealed, in the order in which they are met: what they are called is dice, which of them are the
    /// same is not.
    keys: Vec<String>,
}

impl Said {
    /// A line: a record or a schema as JSON without its identifier, and of what is sealed without hash and nonce; of any other its words, but for numbers,
    /// hashes, keys and signatures, which hold one of these characters each.
    fn line(&mut self, line: &str) -> Value {
        let (head, tail) = line.split_at(line.find('{').unwrap_or(line.len()));
        if let Ok(mut json) = serde_json::from_str::<Value>(tail) {
            self.mask(&mut json);
            return json;
        }
        let is_masked =
            |word: &str| word.contains(|one: char| one.is_ascii_digit() || "+/=".contains(one));
        let words = head.split(' ').filter(|word| !is_masked(word));
        words.collect()
    }

    fn mask(&mut self, record: &mut Value) {
        if let Some(id) = record.get_mut("id").filter(|id| is_identifier(id)) {
            id.take();
        }
        // Declared: what ends with a consent stands under a key of its own, and what else is confidential does not.
        let tells_its_key = record["type"] == "confidential.recorded";
        let sealed = record.get_mut("sealed").and_then(Value::as_array_mut);
        for one in sealed.into_iter().flatten() {
            for dice in ["ciphertext_sha256", "nonce"] {
                one[dice] = one[dice].as_str().map(str::len).into();
            }
            if tells_its_key {
                one["key"].take();
                continue;
            }
            let key = one["key"].to_string();
            let known = self.keys.iter().position(|other| *other == key);
            let number = known.unwrap_or(self.keys.len());
            self.keys.extend(known.is_none().then_some(key));
            one["key"] = number.into();
        }
    }
}

fn is_identifier(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.parse::<Uuid>().is_ok())
}

#[test]
fn copies_differ_where_a_record_does_and_not_where_dice_do() {
    let copy = |lines: [(&str, u8, &str); 2]| -> Vec<Value> {
        let mut said = Said::default();
        let lines = lines.map(|(hash, key, kind)| {
            let id = Uuid::from_u128(u128::from(hash.as_bytes()[0]));
            let sealed = json!([{ "ciphertext_sha256": hash, "key": Uuid::from_u128(key.into()) }]);
            let record = json!({ "id": id, "sealed": sealed, "type": kind });
            said.line(&format!("{record}"))
        });
        lines.into()
    };
    let (one, other) = (&*"a".repeat(43), &*"b".repeat(43));
    let first = copy([(one, 1, "x.y"), (one, 2, "x.y")]);
    assert_eq!(first, copy([(other, 8, "x.y"), (other, 7, "x.y")]));
    assert_ne!(first, copy([(one, 1, "x.y"), (one, 2, "x.z")]), "a type");
    assert_ne!(first, copy([(one, 1, "x.y"), (one, 1, "x.y")]), "one key");
    assert_ne!(first, copy([(one, 1, "x.y"), ("a", 2, "x.y")]), "no hash");
    let line = Said::default().line("key told-0+1f2e3d4c+AQ= here");
    assert_eq!(line, json!(["key", "here"]));
}
