//! Small choices, the same at every making.
//!
//! `SplitMix64` in a dozen lines instead of a crate: a demonstration must come out the same with every
//! version of every dependency, and nothing here is secret, so there is nothing for a better generator to
//! do. Keys and identifiers that must not be guessed come from `outside`, never from here.

/// A sequence of choices that depends on its seed alone.
pub(super) struct Draw(u64);

impl Draw {
    pub(super) const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`, both possible.
    pub(super) fn between(&mut self, least: u16, most: u16) -> u16 {
        let span = u64::from(most.saturating_sub(least)) + 1;
        // The bias of a remainder is far below what anybody could see in a few thousand choices.
        least + u16::try_from(self.next() % span).unwrap_or_default()
    }

    /// Yes, `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: u16) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of `from`, which must not be empty.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.index(from.len())]
    }

    /// Up to `most` different ones of `from`, at least one of them where there is one.
    pub(super) fn some<T: Clone>(&mut self, from: &[T], most: u16) -> Vec<T> {
        let mut all = from.to_vec();
        self.shuffle(&mut all);
        all.truncate(usize::from(self.between(1, most)));
        all
    }

    pub(super) fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.index(last + 1));
        }
    }

    fn index(&mut self, length: usize) -> usize {
        let most = u16::try_from(length.saturating_sub(1)).unwrap_or(u16::MAX);
        usize::from(self.between(0, most))
    }
}
