//! Records: what decodes is canonical, has its leaf, and is understood or refused.

use super::{
    folder,
    world::{self, ADOPTED},
};
use api::dispatch::codec::{self, Draft};
use event_log::{
    Embedded, Entropy, EventStore as _, Kind, MAX_LEAF_BYTES, Options, Record, SchemeId, Vault,
};
use std::sync::{Arc, LazyLock};

/// Any bytes as a record.
pub fn record(bytes: &[u8]) {
    let parsed = Record::parse(bytes);
    proved(bytes);
    if let Ok(record) = Record::decode(bytes) {
        let again = record.encode().expect("what decodes encodes");
        assert_eq!(again, bytes, "to the same bytes");
        assert_eq!(parsed.as_ref().ok(), Some(&record), "both readers agree");
        let leaf = record.leaf().expect("what may be recorded has a leaf");
        assert!(leaf.len() <= MAX_LEAF_BYTES);
        understand(&record);
    }
    // What is not canonical is not refused by the lenient reader, and becomes canonical by writing it. It may then be another
    // value in this program, as with -0 and 0, but none to a reader of JSON.
    if let Some(canonical) = parsed.ok().and_then(|record| record.encode().ok()) {
        let decoded = Record::decode(&canonical).expect("what encodes decodes");
        assert_eq!(decoded.encode().ok(), Some(canonical));
    }
}

/// What is proved in one pass is what the reader that writes everything anew accepts, and it has the same leaf.
fn proved(bytes: &[u8]) {
    match (Record::prove(bytes), Record::decode(bytes)) {
        (Ok(proved), Ok(record)) => {
            assert_eq!(proved.position, record.position);
            assert_eq!(Some(&*proved.leaf), record.leaf().ok().as_deref());
            assert!(proved.is_of(&record.scheme));
        }
        (Err(said), Err(expected)) => assert_eq!(said.to_string(), expected.to_string()),
        (proved, decoded) => panic!("one pass says {proved:?}, the slower reader {decoded:?}"),
    }
}

/// Lifts a record to today's shape and folds it into a scheme.
fn understand(record: &Record) {
    let Ok(mut recorded) = codec::understand(record, &VAULT) else {
        return;
    };
    let data = recorded.event.data().expect("an event is JSON");
    let again = domain::Event::decode(recorded.event.kind(), data).expect("an event reads back");
    assert_eq!(again, recorded.event);
    Draft::new(recorded.clone(), None, None).expect("what was understood can be written again");
    recorded.position = ADOPTED.position() + 1;
    let mut snapshot = ADOPTED.clone();
    if snapshot.fold(&recorded).is_ok() {
        assert_eq!(snapshot.position(), recorded.position);
    }
}

/// A vault without a key, on a directory of its own.
static VAULT: LazyLock<Arc<Vault>> = LazyLock::new(|| {
    let options = Options::new(Arc::new(Zeros))
        .create(Kind::Rehearsal)
        .without_index();
    let store = Embedded::open(folder("record"), options).expect("a store");
    let scheme = SchemeId::new(world::SCHEME).expect("a name");
    store.create(&scheme).expect("a scheme");
    store.vault(&scheme).expect("a vault")
});

struct Zeros;

impl Entropy for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}
