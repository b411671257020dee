//! Disks that fail on purpose, for the tests of every room that stores something.
//!
//! ```text
//! SimulatedDisk   in memory; knows what was synced; can be crashed at any operation
//! FailingDisk     around a real or a simulated disk; refuses or holds up what it is told to
//! crash_everywhere tells a story, crashes it at every operation in turn, and has the rest looked at
//! ```
//!
//! Everything follows from seeds, so a failure names what repeats it. Nothing here is used by the service.

mod crashes;
mod dice;
mod disk;
mod failing;
mod outcome;
mod tree;

#[cfg(test)]
mod tests;

pub use crashes::{Counts, Crash, Failure, LONG, Plan, Story, crash_everywhere, is_long};
pub use dice::Dice;
pub use disk::SimulatedDisk;
pub use failing::{FailingDisk, Held};
pub use outcome::{CrashPoint, Moment, Survives};
