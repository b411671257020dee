//! Cases about content: what went in comes back, byte for byte, also after a reopening.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Bench, Named, Outcome, all, equal, filled, holds, name, sample};
use crate::record::{Position, Record, ReportedBy, SealedValue};

pub(super) const CASES: &[Named] = &[
    ("text of every kind comes back as it was", |bench| {
        let text = "Ünïcödé \u{0} \u{1f} \u{7f} \u{2028} \u{feff} 日本 \u{1f9d1}\u{200d}\u{1f3eb} \"\\/ e\u{301}";
        kept(bench, |record| {
            record.data =
                json!({ text: [text, null, true, -0.5, 1e21, 9_007_199_254_740_991_i64] });
        })
    }),
    ("fractions come back to the last digit", |bench| {
        let numbers: Vec<Value> = [
            0.1 + 0.2,
            5e-324,
            f64::MAX,
            1.0 / 3.0,
            123_456_789.123_456_79,
        ]
        .into_iter()
        .map(|n| json!(n))
        .collect();
        kept(bench, |record| record.data = Value::Array(numbers.clone()))
    }),
    ("every optional field comes back", |bench| {
        kept(bench, |record| {
            let id = Some(Uuid::from_u128(7));
            record.reported_by = Some(ReportedBy {
                party: "mentee".to_owned(),
                person: id,
            });
            record.channel = Some("phone".to_owned());
            (
                record.command_id,
                record.correlation_id,
                record.causation_id,
            ) = (id, id, id);
            record.traceparent =
                Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
        })
    }),
    ("sealed values come back byte for byte", |bench| {
        let (subject, key) = (Uuid::from_u128(5), Uuid::from_u128(6));
        let path = "/person~1name/0".to_owned();
        let value = SealedValue {
            path,
            subject,
            key,
            nonce: vec![9; 24],
            version: 3,
            ciphertext: (0..=255).collect(),
        };
        kept(bench, |record| {
            record.sealed = vec![value.clone(), value.clone()];
        })
    }),
    ("the bytes that are read are the canonical bytes", |bench| {
        let scheme = filled(bench, &[4])?;
        for stored in all(bench.store(), &scheme)? {
            equal(
                "bytes",
                stored.bytes.to_vec(),
                Record::decode(&stored.bytes)?.encode()?,
            )?;
        }
        Ok(())
    }),
];

/// Changes a record; it must come back equal, before and after a reopening.
fn kept(bench: &mut dyn Bench, change: impl Fn(&mut Record)) -> Outcome {
    let scheme = name();
    bench.store().create(&scheme)?;
    let mut record = sample(&scheme, Position(1));
    change(&mut record);
    bench
        .store()
        .append(&scheme, Position(0), vec![record.clone()])?;
    equal(
        "record",
        all(bench.store(), &scheme)?[0].record()?,
        record.clone(),
    )?;
    bench.reopen();
    let found = all(bench.store(), &scheme)?;
    equal("record after reopening", found[0].record()?, record.clone())?;
    holds(
        "the bytes are canonical",
        *found[0].bytes == *record.encode()?,
    )
}
