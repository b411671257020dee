//! Where a crash happens, and what of the unsynced survives it.

use std::fmt;
use std::str::FromStr;

use super::dice::Dice;

/// What a disk writes at once; a torn write is whole within each.
const SECTOR_BYTES: usize = 512;
/// What a file system allots at once. A block that was never written may show what it held before.
const BLOCK_BYTES: usize = 4096;
/// Fewer unwritten bytes than this are left as zeros: what so few old bytes hold can look like rot in what was
/// written, and a log that takes rot for a torn write would be worse than one that stops.
const GARBAGE_BYTES_LEAST: usize = 8;

/// The moment of a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CrashPoint {
    /// Which change of the disk, from 1.
    pub operation: u64,
    /// When, seen from that change.
    pub moment: Moment,
}

/// When, seen from one change of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// It was not begun.
    Before,
    /// Half of what it writes was written.
    During,
    /// It was done, and nobody heard of it.
    After,
}

/// What a crash leaves of all that was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Survives {
    /// Nothing: the power fails before anything is written back.
    Nothing,
    /// Everything: the process is killed and the system goes on.
    Everything,
    /// Any of what POSIX and ext4 allow, by this seed: for each file all, nothing, a part from its beginning, or
    /// sectors old, new and never written side by side; for each folder the first changes of names, or any.
    Chance(u64),
}

impl fmt::Display for CrashPoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = match self.moment {
            Moment::Before => "before",
            Moment::During => "during",
            Moment::After => "after",
        };
        write!(formatter, "{}:{moment}", self.operation)
    }
}

impl FromStr for CrashPoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let understood = text.split_once(':').and_then(|(operation, moment)| {
            let moment = match moment {
                "before" => Moment::Before,
                "during" => Moment::During,
                "after" => Moment::After,
                _ => return None,
            };
            Some(Self {
                operation: operation.parse().ok()?,
                moment,
            })
        });
        understood.ok_or_else(|| format!("`{text}` is no crash point"))
    }
}

impl fmt::Display for Survives {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => formatter.write_str("nothing"),
            Self::Everything => formatter.write_str("everything"),
            Self::Chance(seed) => write!(formatter, "{seed}"),
        }
    }
}

impl FromStr for Survives {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "nothing" => Ok(Self::Nothing),
            "everything" => Ok(Self::Everything),
            seed => seed
                .parse()
                .map(Self::Chance)
                .map_err(|_| format!("`{text}` says not what survives")),
        }
    }
}

/// Decides file by file and folder by folder.
pub(super) struct Fate(Option<Dice>, Survives);

impl Fate {
    pub(super) fn new(survives: Survives) -> Self {
        let dice = match survives {
            Survives::Chance(seed) => Some(Dice::new(seed)),
            Survives::Nothing | Survives::Everything => None,
        };
        Self(dice, survives)
    }

    /// Which of so many unsynced changes of names happened.
    pub(super) fn changes(&mut self, count: usize) -> Vec<bool> {
        let Some(dice) = self.0.as_mut().filter(|_| count > 0) else {
            return vec![self.1 == Survives::Everything; count];
        };
        if dice.once_in(2) {
            // A file system with a journal loses the last ones first.
            let kept = dice.index(count + 1);
            (0..count).map(|index| index < kept).collect()
        } else {
            (0..count).map(|_| dice.once_in(2)).collect()
        }
    }

    /// What a file holds that was `synced` as one thing and is `now` another. `None`: what it holds now.
    pub(super) fn content(&mut self, synced: &[u8], now: &[u8]) -> Option<Vec<u8>> {
        let Some(dice) = &mut self.0 else {
            return (self.1 == Survives::Nothing).then(|| synced.to_vec());
        };
        match dice.below(6) {
            0 => None,
            1 => Some(synced.to_vec()),
            // Written back from its beginning, up to anywhere.
            2 if now.starts_with(synced) => {
                let more = dice.index(now.len() - synced.len() + 1);
                Some(now[..synced.len() + more].to_vec())
            }
            _ => Some(torn(synced, now, dice)),
        }
    }
}

fn torn(synced: &[u8], now: &[u8], dice: &mut Dice) -> Vec<u8> {
    let length = if now.len() < synced.len() && dice.once_in(2) {
        synced.len()
    } else {
        now.len()
    };
    let mut left = Vec::with_capacity(length);
    while left.len() < length {
        let start = left.len();
        let end = length.min(start + SECTOR_BYTES);
        let never_written = start / BLOCK_BYTES * BLOCK_BYTES >= synced.len();
        let choice = dice.below(4);
        let source = if choice < 2 && end <= now.len() {
            now
        } else {
            synced
        };
        if choice == 3 && never_written && end - start >= GARBAGE_BYTES_LEAST {
            left.extend((start..end).map(|_| dice.roll().to_le_bytes()[0]));
        } else {
            left.extend_from_slice(&source[start.min(source.len())..end.min(source.len())]);
            left.resize(end, 0);
        }
    }
    left
}
