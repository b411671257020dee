//! Closing, opening anew, and what goes on across both.

use std::thread;
use std::time::Duration;

use super::grow;
use crate::conformance::samples;
use crate::embedded::scheme::State;
use crate::record::Position;
use crate::store::{EventStore, StoreError};
use crate::testing::{open, scheme};

#[test]
fn a_store_that_was_only_dropped_has_lost_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let store = open(directory.path());
    store.create(&scheme).unwrap();
    grow(&store, &scheme, 3).unwrap();
    let before = store.read(&scheme, Position(1), 9).unwrap();
    drop(store);
    assert_eq!(
        open(directory.path())
            .read(&scheme, Position(1), 9)
            .unwrap(),
        before
    );
}

#[test]
fn a_follower_goes_on_while_its_scheme_closes_and_opens() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let store = open(directory.path());
    store.create(&scheme).unwrap();
    grow(&store, &scheme, 2).unwrap();
    let mut follower = store.follow(&scheme, Position(1)).unwrap();
    assert_eq!(follower.next(Duration::ZERO).unwrap().unwrap().len(), 2);
    store.close_scheme(&scheme).unwrap();
    assert!(follower.next(Duration::from_millis(5)).unwrap().is_none());
    grow(&store, &scheme, 3).unwrap();
    store.close_scheme(&scheme).unwrap();
    assert_eq!(follower.next(Duration::ZERO).unwrap().unwrap().len(), 3);
    let waiting = thread::spawn(move || follower.next(Duration::from_mins(1)));
    thread::sleep(Duration::from_millis(20));
    store.close().unwrap();
    assert!(
        matches!(waiting.join().unwrap(), Err(StoreError::Closed)),
        "closing wakes who waits"
    );
    assert!(matches!(store.head(&scheme), Err(StoreError::Closed)));
    open(directory.path());
}

#[test]
fn an_append_that_meets_a_closing_goes_to_the_next_opening() {
    let directory = tempfile::tempdir().unwrap();
    let scheme = scheme("trial");
    let store = open(directory.path());
    store.create(&scheme).unwrap();
    grow(&store, &scheme, 1).unwrap();
    // The moment between the two halves of a closing, held open.
    store.inner.open_scheme(&scheme).unwrap().close().unwrap();
    thread::scope(|scope| {
        let group = samples(&scheme, Position(1), 1);
        let appending = scope.spawn(|| store.append(&scheme, Position(1), group));
        thread::sleep(Duration::from_millis(20));
        *store.inner.slot(&scheme).unwrap().state.lock().unwrap() = State::Closed;
        assert_eq!(appending.join().unwrap().unwrap(), Position(2));
    });
}
