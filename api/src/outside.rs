//! Where time and chance enter, and the only place.
//!
//! Everything else is handed its instant and its identifiers, so that a history can be made twice and come out
//! the same. `clippy.toml` forbids the wall clock elsewhere; there is deliberately no clock trait and no seeded
//! generator here, because a test that needs another time passes another time.

use jiff::Timestamp;
use uuid::{Builder, Uuid};

/// The instant it is now, by the machine's clock.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one module that reads the wall clock"
)]
pub fn wall_clock() -> Timestamp {
    Timestamp::now()
}

/// Fills `bytes` from the operating system's source of randomness.
///
/// Panics when the system has none to give: keys and tokens made without it would be worse than a stopped process.
pub fn fill_random(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        panic!("the operating system gave no randomness: {error}");
    }
}

/// An identifier that says nothing, not even when it was made.
#[must_use]
pub fn random_uuid() -> Uuid {
    let mut bytes = [0; 16];
    fill_random(&mut bytes);
    Builder::from_random_bytes(bytes).into_uuid()
}

/// An identifier that sorts by the instant it was made for (`UUIDv7`), as events carry.
#[must_use]
pub fn time_ordered_uuid(at: Timestamp) -> Uuid {
    let mut bytes = [0; 10];
    fill_random(&mut bytes);
    let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0); // Before 1970 sorts as 1970.
    Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_identifiers_differ_and_are_of_version_four() {
        let first = random_uuid();
        assert_ne!(first, random_uuid());
        assert_eq!(first.get_version_num(), 4);
    }

    #[test]
    fn time_ordered_identifiers_sort_by_their_instant() {
        let early = Timestamp::from_second(1_700_000_000).unwrap();
        let late = Timestamp::from_second(1_700_000_001).unwrap();
        assert!(time_ordered_uuid(early) < time_ordered_uuid(late));
        assert_eq!(time_ordered_uuid(early).get_version_num(), 7);
    }

    #[test]
    fn the_clock_reads_a_plausible_year() {
        assert!(wall_clock() > Timestamp::from_second(1_700_000_000).unwrap());
    }
}
