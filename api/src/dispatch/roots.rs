//! Earlier states to fold from: evenly apart over the whole history, as close together as their share of memory allows.
//!
//! What did not change between two roots is shared by them, so roots further apart hold less together. When they hold
//! more than they may, every second one goes: whatever moment is asked for, the way to it is as short as to any other.

use super::Budget;
use projections::Snapshot;
use std::{collections::BTreeMap, sync::Arc};

/// Events between two roots while there is room.
const STRIDE_LEAST: u64 = 1_024;

/// The roots of one open scheme.
pub(super) struct Roots {
    /// At most one in each stretch of `stride` events.
    states: BTreeMap<u64, Arc<Snapshot>>,
    stride: u64,
    bytes: u64,
    bytes_most: u64,
}

impl Roots {
    /// None yet; together they may be taken to hold so many bytes.
    pub(super) const fn within(bytes_most: u64) -> Self {
        Self {
            states: BTreeMap::new(),
            stride: STRIDE_LEAST,
            bytes: 0,
            bytes_most,
        }
    }

    /// What they are taken to hold, in bytes.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The position after `position` at which a root is wanted next.
    pub(super) const fn next_after(&self, position: u64) -> u64 {
        (position / self.stride + 1) * self.stride
    }

    /// The root at exactly this position.
    pub(super) fn at(&self, position: u64) -> Option<&Arc<Snapshot>> {
        self.states.get(&position)
    }

    /// The last root before a position.
    pub(super) fn before(&self, position: u64) -> Option<&Arc<Snapshot>> {
        let (_, state) = self.states.range(..position).next_back()?;
        Some(state)
    }

    /// Keeps a state where its stretch of the history has none yet, and thins the roots out where they become too many.
    pub(super) fn keep(&mut self, state: &Arc<Snapshot>) {
        let stretch = state.position() / self.stride;
        let end = self.next_after(state.position());
        if stretch == 0
            || self
                .states
                .range(stretch * self.stride..end)
                .next()
                .is_some()
        {
            return;
        }
        self.states.insert(state.position(), Arc::clone(state));
        self.bytes = self.held();
        while self.bytes > self.bytes_most && !self.states.is_empty() {
            self.thin_out();
        }
    }

    /// Throws all of them away.
    pub(super) fn forget(&mut self) {
        *self = Self::within(self.bytes_most);
    }

    /// Doubles the stretches, and leaves the first root of each.
    fn thin_out(&mut self) {
        self.stride *= 2;
        let (stride, mut last) = (self.stride, 0);
        self.states.retain(|position, _| {
            let stretch = position / stride;
            let is_first = stretch > last;
            last = stretch;
            is_first
        });
        self.bytes = self.held();
    }

    /// What they differ by from one to the next. What the first shares with those behind it is counted with the scheme.
    fn held(&self) -> u64 {
        let first = self.states.keys().take(1);
        let first = first.map(|position| Budget::of_moment(*position, *position));
        let both = self.states.keys().zip(self.states.keys().skip(1));
        let others = both.map(|(from, to)| Budget::of_moment(*from, *to));
        first.chain(others).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(position: u64) -> Arc<Snapshot> {
        let mut state = Snapshot::default();
        state.scheme.position = position;
        Arc::new(state)
    }

    fn kept(events: u64, bytes_most: u64) -> Roots {
        let mut roots = Roots::within(bytes_most);
        for position in 1..=events {
            roots.keep(&state(position));
        }
        roots
    }

    #[test]
    fn roots_stand_evenly_apart() {
        let roots = kept(10_000, 1 << 30);
        let positions: Vec<u64> = roots.states.keys().copied().collect();
        let wanted: Vec<u64> = (1..=9).map(|number| number * STRIDE_LEAST).collect();
        assert_eq!(positions, wanted);
        assert_eq!(roots.before(1_024).map(|state| state.position()), None);
        assert_eq!(
            roots.before(5_000).map(|state| state.position()),
            Some(4_096)
        );
        assert_eq!(roots.next_after(5_000), 5_120);
    }

    #[test]
    fn what_has_no_room_is_thinned_out_over_the_whole_history() {
        let most = 64 << 20;
        let roots = kept(200_000, most);
        assert!(roots.bytes() <= most);
        assert_eq!(roots.bytes(), roots.held());
        assert!(roots.stride > STRIDE_LEAST);
        let positions: Vec<u64> = roots.states.keys().copied().collect();
        assert_eq!(positions.first(), Some(&roots.stride));
        assert!(
            positions
                .last()
                .is_some_and(|last| 200_000 - last < roots.stride)
        );
        for pair in positions.windows(2) {
            assert_eq!(pair[1] - pair[0], roots.stride);
        }
    }

    #[test]
    fn a_long_history_has_a_root_in_its_middle_where_there_is_room_for_no_more() {
        let mut roots = Roots::within(90 << 20);
        for number in 1..=1_000 {
            roots.keep(&state(number * 1_000));
        }
        let positions: Vec<u64> = roots.states.keys().copied().collect();
        assert!(matches!(positions[..], [middle] if (400_000..700_000).contains(&middle)));
    }

    #[test]
    fn states_that_come_in_groups_are_kept_one_in_a_stretch() {
        let mut roots = Roots::within(1 << 30);
        for position in [1_500, 1_800, 3_000, 3_071, 3_072, 3_073, 9_000] {
            roots.keep(&state(position));
        }
        let positions: Vec<u64> = roots.states.keys().copied().collect();
        assert_eq!(positions, [1_500, 3_000, 3_072, 9_000]);
    }

    #[test]
    fn where_nothing_has_room_nothing_is_kept() {
        let roots = kept(5_000, 1);
        assert_eq!((roots.states.len(), roots.bytes()), (0, 0));
        let mut roots = kept(5_000, 1 << 30);
        roots.forget();
        assert_eq!(
            (roots.states.len(), roots.bytes(), roots.stride),
            (0, 0, STRIDE_LEAST)
        );
    }
}
