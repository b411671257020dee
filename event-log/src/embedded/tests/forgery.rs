//! A journal that nobody's mistake and no disk has made: its frames are whole, and what is in them is not a history.

use std::fs;

use serde_json::json;

use super::grow;
use crate::conformance::sample;
use crate::embedded::Embedded;
use crate::frame::{FILE_HEADER_BYTES, FRAME_HEADER_BYTES, FrameHeader};
use crate::record::{Position, Record, SchemeId};
use crate::store::{Encoded, EventStore, StoreError};
use crate::testing::{open, scheme};

/// Appends each group as it is, however little its records belong there, and verifies the log: where and why it does not hold.
fn verified(groups: &[&[Record]]) -> Result<(), (u64, String)> {
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let store = open(directory.path());
    store.create(&scheme).unwrap();
    let log = store.inner.open_scheme(&scheme).unwrap();
    for group in groups {
        let encoded = Encoded {
            records: group
                .iter()
                .map(|record| record.encode().unwrap())
                .collect(),
            first_recorded_at: String::new(),
            last_recorded_at: String::new(),
        };
        log.journal
            .append(log.journal.head(), Some(&encoded))
            .unwrap();
    }
    told(&store, &scheme)
}

fn told(store: &Embedded, scheme: &SchemeId) -> Result<(), (u64, String)> {
    match store.verify(scheme) {
        Ok(_) => Ok(()),
        Err(StoreError::Damaged { position, reason }) => Err((position.0, reason)),
        Err(error) => panic!("{error:?}"),
    }
}

fn at(position: u64) -> Record {
    sample(&scheme("trial"), Position(position))
}

/// A record that is judged by the slower reader.
fn with_a_fraction(record: Record) -> Record {
    let data = json!({ "share": 0.5 });
    Record { data, ..record }
}

#[test]
fn a_record_of_another_position_is_noticed() {
    let elsewhere = || Err((2, "it names another place".to_owned()));
    assert_eq!(verified(&[&[at(1), at(2)]]), Ok(()));
    assert_eq!(verified(&[&[at(1), at(3)]]), elsewhere());
    assert_eq!(verified(&[&[at(1)], &[at(1)]]), elsewhere());
    assert_eq!(
        verified(&[&[at(1)], &[with_a_fraction(at(3))]]),
        elsewhere()
    );
}

#[test]
fn a_record_of_another_scheme_is_noticed() {
    let foreign = || sample(&scheme("trials"), Position(2));
    let elsewhere = || Err((2, "it names another place".to_owned()));
    assert_eq!(verified(&[&[at(1), foreign()]]), elsewhere());
    assert_eq!(
        verified(&[&[at(1)], &[with_a_fraction(foreign())]]),
        elsewhere()
    );
}

#[test]
fn a_time_that_goes_backwards_is_noticed() {
    let early = || Record {
        recorded_at: "2025-12-31T23:59:59.999Z".to_owned(),
        ..at(2)
    };
    let backwards = || Err((2, "its time goes backwards".to_owned()));
    assert_eq!(verified(&[&[at(1), early()]]), backwards());
    assert_eq!(verified(&[&[at(1)], &[early()]]), backwards());
    assert_eq!(
        verified(&[&[at(1)], &[with_a_fraction(early())]]),
        backwards()
    );
    let same = Record {
        recorded_at: at(1).recorded_at,
        ..at(2)
    };
    assert_eq!(verified(&[&[at(1)], &[same]]), Ok(()));
}

#[test]
fn a_group_that_was_replaced_whole_is_noticed_by_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let store = open(directory.path());
    store.create(&scheme).unwrap();
    for count in [1, 2, 1] {
        grow(&store, &scheme, count).unwrap();
    }
    let path = directory
        .path()
        .join("schemes/trial/journal/00000000000000000001.log");
    let mut bytes = fs::read(&path).unwrap();
    let start = FILE_HEADER_BYTES + FRAME_HEADER_BYTES;
    let header = FrameHeader::decode(&bytes[FILE_HEADER_BYTES..start]).unwrap();
    let payload = start..start + header.payload_bytes as usize;
    // The same record with another word in it, and every checksum fitted to that.
    let text = String::from_utf8_lossy(&bytes[payload.clone()]).into_owned();
    let changed = text.replacen("\"coordinator\"", "\"co-ordinate\"", 1);
    assert_ne!(changed, text);
    let length = bytes[payload.start..payload.start + 4].to_vec();
    bytes[payload.clone()].copy_from_slice(changed.as_bytes());
    bytes[payload.start..payload.start + 4].copy_from_slice(&length);
    let fitted = FrameHeader::new(1, 1, &bytes[payload.clone()], header.previous);
    bytes[FILE_HEADER_BYTES..start].copy_from_slice(&fitted.encode());
    fs::write(&path, bytes).unwrap();
    let (position, _) = told(&store, &scheme).unwrap_err();
    assert_eq!(position, 2, "the second group names the first as it was");
}
