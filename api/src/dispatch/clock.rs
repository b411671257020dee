//! What a writer takes for the present.
//!
//! A live scheme goes by the wall clock, watched against the monotonic one: after a jump of more than five
//! minutes nobody can say when anything happened, so writing stops. A rehearsal has a clock of its own that
//! begins at an anchor, or where its log ends, and can be set.

use super::Failure;
use crate::outside;
use jiff::{SignedDuration, Timestamp};
use std::time::Instant;

/// The most the wall clock may move against the monotonic one between two readings.
const JUMP_MOST: SignedDuration = SignedDuration::from_mins(5);

/// What a writer takes for the present.
#[derive(Debug)]
pub enum Clock {
    /// The machine's.
    Wall {
        /// The last reading of both clocks.
        last: Option<(Timestamp, Instant)>,
        /// When the last record was made: the present is never before that.
        latest: Timestamp,
    },
    /// A rehearsal's own.
    Rehearsal {
        /// What it was set to.
        base: Timestamp,
        /// When it was set.
        set: Instant,
        /// Whether it goes on by itself, or is still to find out where its log ends.
        begun: bool,
    },
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn wall() -> Self {
        Self::Wall {
            last: None,
            latest: Timestamp::UNIX_EPOCH,
        }
    }

    /// A rehearsal's clock, which now reads `base`.
    #[must_use]
    pub fn rehearsal(base: Timestamp) -> Self {
        Self::Rehearsal {
            base,
            set: Instant::now(),
            begun: false,
        }
    }

    /// The present, in whole milliseconds as records keep it, never before `latest`.
    pub fn now(&mut self, latest: Timestamp) -> Result<Timestamp, Failure> {
        let reading = match self {
            Self::Wall {
                last,
                latest: before,
            } => {
                *before = latest.max(*before);
                let (wall, monotonic) = (outside::wall_clock(), Instant::now());
                if let Some((wall_before, monotonic_before)) = *last {
                    let passed = SignedDuration::try_from(monotonic - monotonic_before)
                        .unwrap_or(SignedDuration::MAX);
                    let moved = wall.duration_since(wall_before);
                    if moved.saturating_sub(passed).abs() > JUMP_MOST {
                        return Err(Failure::ClockJumped);
                    }
                }
                *last = Some((wall, monotonic));
                wall
            }
            Self::Rehearsal { .. } => self.peek(),
        };
        Ok(whole_milliseconds(reading).max(latest))
    }

    /// The present, without watching for jumps.
    #[must_use]
    pub fn peek(&self) -> Timestamp {
        match self {
            Self::Wall { latest, .. } => outside::wall_clock().max(*latest),
            Self::Rehearsal { base, set, .. } => {
                let passed =
                    SignedDuration::try_from(set.elapsed()).unwrap_or(SignedDuration::ZERO);
                base.saturating_add(passed).unwrap_or(*base)
            }
        }
    }

    /// Begins a rehearsal's clock where its log ends, even before the anchor: what was interrupted goes on from
    /// there. A clock that has begun goes on, and so does that of a scheme with nothing in its log. A live clock learns
    /// from when on it may be believed.
    pub fn begin(&mut self, latest: Option<Timestamp>) {
        if let (Self::Wall { latest: before, .. }, Some(latest)) = (&mut *self, latest) {
            *before = latest.max(*before);
        }
        if let (Self::Rehearsal { begun: false, .. }, Some(latest)) = (&*self, latest) {
            self.set(latest);
        }
        if let Self::Rehearsal { begun, .. } = self {
            *begun = true;
        }
    }

    /// Sets a rehearsal's clock to `at`, wherever it stood: the writer sees to it that records never go back.
    /// A live clock is never set.
    pub fn set(&mut self, at: Timestamp) {
        if let Self::Rehearsal { base, set, begun } = self {
            (*base, *set, *begun) = (at, Instant::now(), true);
        }
    }
}

fn whole_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rehearsal_clock_goes_on_from_where_it_was_set() {
        let anchor: Timestamp = "2026-09-01T08:00:00Z".parse().expect("an instant");
        let mut clock = Clock::rehearsal(anchor);
        let latest = "2024-10-01T08:00:00Z".parse().expect("an instant");
        clock.set("2024-10-02T08:00:00Z".parse().expect("an instant"));
        let now = clock.now(latest).expect("no jump");
        assert_eq!(now.to_string()[..13], *"2024-10-02T08");
    }

    #[test]
    fn a_rehearsal_clock_begins_where_its_log_ends_and_then_goes_on() {
        let anchor: Timestamp = "2026-09-01T08:00:00Z".parse().expect("an instant");
        let mut clock = Clock::rehearsal(anchor);
        let latest = anchor - SignedDuration::from_hours(48);
        clock.begin(Some(latest));
        assert!(clock.peek() < anchor);
        clock.set(anchor);
        clock.begin(Some(latest));
        assert!(clock.peek() >= anchor);
    }

    #[test]
    fn time_never_goes_back_before_the_last_record() {
        let later = outside::wall_clock() + SignedDuration::from_mins(1);
        assert_eq!(Clock::wall().now(later), Ok(later));
    }

    #[test]
    fn what_is_only_looked_at_is_not_before_the_last_record_either() {
        let later = outside::wall_clock() + SignedDuration::from_hours(1);
        let mut clock = Clock::wall();
        clock.begin(Some(later));
        assert_eq!(clock.peek(), later);
    }

    #[test]
    fn a_jump_of_the_wall_clock_is_noticed() {
        let hour_ago = outside::wall_clock() - SignedDuration::from_hours(1);
        let mut clock = Clock::Wall {
            last: Some((hour_ago, Instant::now())),
            latest: hour_ago,
        };
        assert_eq!(clock.now(hour_ago), Err(Failure::ClockJumped));
    }
}
