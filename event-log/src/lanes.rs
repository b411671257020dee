//! SHA-256 of many messages in the time of fewer: two are hashed side by side.
//!
//! A round of SHA-256 waits for the one before it, and a processor with instructions for it is idle meanwhile. Blocks of two
//! messages in turn fill that gap: about a third less time where those instructions are, and none lost where they are not. What
//! is added to `sha2` is only the padding of FIPS 180-4; the rounds are that crate's.

use sha2::block_api::compress256;

use crate::digest::Digest;

/// Bytes of a block.
const BLOCK_BYTES: usize = 64;
/// Bytes of the length with which the last block ends.
const LENGTH_BYTES: usize = 8;
/// FIPS 180-4, section 5.3.3.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

type Block = [u8; BLOCK_BYTES];

/// What is to be hashed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message<'a> {
    /// The byte that a Merkle tree puts in front.
    pub(crate) prefix: Option<u8>,
    pub(crate) bytes: &'a [u8],
}

/// Adds the SHA-256 of each message to `found`, in their order.
pub(crate) fn digests<'a>(
    messages: impl IntoIterator<Item = Message<'a>>,
    found: &mut Vec<Digest>,
) {
    let mut messages = messages.into_iter();
    let mut next = |found: &mut Vec<Digest>| {
        let lane = Lane::new(messages.next()?, found.len());
        found.push(Digest([0; 32]));
        Some(lane)
    };
    let (mut one, mut other) = (next(found), next(found));
    while let (Some(left), Some(right)) = (&mut one, &mut other) {
        if left.step() {
            left.finish(found);
            one = next(found);
        }
        if right.step() {
            right.finish(found);
            other = next(found);
        }
    }
    for mut lane in [one, other].into_iter().flatten() {
        while !lane.step() {}
        lane.finish(found);
    }
}

/// A message that is being hashed.
struct Lane<'a> {
    state: [u32; 8],
    /// Whole blocks that are still to come.
    blocks: &'a [Block],
    /// What comes before the blocks where they are too few to take it, and what comes behind them.
    ends: (Option<u8>, &'a [u8]),
    message_bytes: usize,
    /// Where its digest belongs.
    place: usize,
}

impl<'a> Lane<'a> {
    fn new(message: Message<'a>, place: usize) -> Self {
        let (mut state, mut prefix, mut bytes) = (INITIAL, message.prefix, message.bytes);
        // A prefix moves everything by one byte: the first block is put together, and the others stand where they are.
        if let Some(first) = prefix
            && let Some((begin, after)) = bytes.split_first_chunk::<{ BLOCK_BYTES - 1 }>()
        {
            let mut block = [first; BLOCK_BYTES];
            block[1..].copy_from_slice(begin);
            compress256(&mut state, &[block]);
            (prefix, bytes) = (None, after);
        }
        let (blocks, rest) = bytes.as_chunks();
        Self {
            state,
            blocks,
            ends: (prefix, rest),
            message_bytes: message.bytes.len() + usize::from(message.prefix.is_some()),
            place,
        }
    }

    /// Takes one block; tells whether there was none left.
    fn step(&mut self) -> bool {
        let Some((block, rest)) = self.blocks.split_at_checked(1) else {
            return true;
        };
        compress256(&mut self.state, block);
        self.blocks = rest;
        false
    }

    /// Takes what is left with the padding behind it, and writes the digest where it belongs.
    fn finish(&mut self, found: &mut [Digest]) {
        let mut last = [0; 2 * BLOCK_BYTES];
        let (prefix, rest) = self.ends;
        let begin = prefix.map_or(0, |byte| {
            last[0] = byte;
            1
        });
        let end = begin + rest.len();
        last[begin..end].copy_from_slice(rest);
        last[end] = 0x80;
        let blocks = 1 + usize::from(end + 1 + LENGTH_BYTES > BLOCK_BYTES);
        let bits = (self.message_bytes as u64) << 3;
        let length_at = blocks * BLOCK_BYTES - LENGTH_BYTES;
        last[length_at..length_at + LENGTH_BYTES].copy_from_slice(&bits.to_be_bytes());
        compress256(&mut self.state, &last.as_chunks().0[..blocks]);
        if let Some(digest) = found.get_mut(self.place) {
            for (bytes, word) in digest.0.as_chunks_mut().0.iter_mut().zip(self.state) {
                *bytes = word.to_be_bytes();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn one_by_one(messages: &[(Option<u8>, Vec<u8>)]) -> Vec<Digest> {
        let digest = |(prefix, bytes): &(Option<u8>, Vec<u8>)| {
            let hasher = Sha256::new().chain_update(prefix.as_slice());
            Digest(hasher.chain_update(bytes).finalize().into())
        };
        messages.iter().map(digest).collect()
    }

    fn side_by_side(messages: &[(Option<u8>, Vec<u8>)]) -> Vec<Digest> {
        let mut found = Vec::new();
        let messages = messages.iter().map(|(prefix, bytes)| Message {
            prefix: *prefix,
            bytes,
        });
        digests(messages, &mut found);
        found
    }

    #[test]
    fn every_length_around_a_block_is_padded_as_the_standard_says() {
        let lengths = (0..=200).flat_map(|length| {
            let bytes: Vec<u8> = (0..length).collect();
            [None, Some(0), Some(1)].map(|prefix| (prefix, bytes.clone()))
        });
        let messages: Vec<_> = lengths.collect();
        assert_eq!(side_by_side(&messages), one_by_one(&messages));
        assert_eq!(side_by_side(&[]), []);
    }

    proptest! {
        #[test]
        fn side_by_side_hashes_are_those_of_one_after_the_other(
            messages in vec((any::<Option<u8>>(), vec(any::<u8>(), 0..700)), 0..12)
        ) {
            prop_assert_eq!(side_by_side(&messages), one_by_one(&messages));
        }
    }
}
