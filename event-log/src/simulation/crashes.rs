//! Telling a story again and again, and crashing it each time somewhere else.

use std::collections::HashSet;
use std::env;
use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::dice::Dice;
use super::disk::SimulatedDisk;
use super::outcome::{CrashPoint, Survives};

/// The environment variable that asks for the long form of a test, and what it must say.
pub const LONG: (&str, &str) = ("ALONGSIDE_FAULTS", "long");
/// The environment variable that repeats one crash.
const ONE: &str = "ALONGSIDE_CRASH";

/// Whether the long form of a test was asked for.
#[must_use]
pub fn is_long() -> bool {
    env::var(LONG.0).is_ok_and(|value| value == LONG.1)
}

/// What happens on a disk until it is gone, and what must be found of it.
pub trait Story {
    /// What was promised to whoever asked, and what was asked last.
    type Told;

    /// The disk on which the story of this seed begins: nobody has it, and all on it is durable.
    fn begin(&mut self, seed: u64) -> SimulatedDisk;

    /// Tells the story of this seed to its end, or until the disk is gone: the same operations every time.
    fn tell(&mut self, seed: u64, disk: &SimulatedDisk) -> Self::Told;

    /// Says what is wrong with what a crash left behind.
    fn check(
        &mut self,
        told: &Self::Told,
        left: SimulatedDisk,
        dice: &mut Dice,
    ) -> Result<(), String>;
}

/// Which crashes to try.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The stories.
    pub seeds: Range<u64>,
    /// Of the crash points of a story, one in this many.
    pub every: usize,
    /// How often chance decides what survives, beside nothing and everything.
    pub chances: u64,
    /// How many threads share the work.
    pub threads: usize,
    /// Tell the stories on disks whose syncs do nothing.
    pub lies: bool,
}

/// One crash, as it is printed and repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crash {
    seed: u64,
    point: CrashPoint,
    survives: Survives,
}

/// A crash after which something was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which one.
    pub crash: Crash,
    /// What was wrong.
    pub reason: String,
}

/// What was tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Stories told to their end.
    pub stories: u64,
    /// Changes of the disk in them.
    pub operations: u64,
    /// Moments of a crash: before, within and after a change.
    pub points: u64,
    /// Crashes looked at: each left another disk behind than the others at the same change.
    pub crashes: u64,
}

/// Crashes every story of the plan at every point and looks at what is left; ends at the first failure.
///
/// With `ALONGSIDE_CRASH` in the environment only that one crash is tried, unless the disks lie.
pub fn crash_everywhere<S: Story>(
    plan: &Plan,
    make: impl Fn() -> S + Sync,
) -> Result<Counts, Failure> {
    if let Some(crash) = one_asked_for().filter(|_| !plan.lies) {
        return Teller::new(&make, plan).repeat(crash);
    }
    let stop = AtomicBool::new(false);
    let share = |number: usize| {
        let mut teller = Teller::new(&make, plan);
        let found = plan
            .seeds
            .clone()
            .try_for_each(|seed| teller.tell_all(seed, number, &stop));
        if found.is_err() {
            stop.store(true, Ordering::SeqCst);
        }
        found.map(|()| teller.counts)
    };
    let shares: Vec<Result<Counts, Failure>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..plan.threads)
            .map(|number| scope.spawn(move || share(number)))
            .collect();
        let ended = threads.into_iter().map(thread::ScopedJoinHandle::join);
        // A panic of the harness itself, not of what it tries.
        ended
            .map(|share| share.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut counts = Counts::default();
    for share in shares {
        counts.add(share?);
    }
    Ok(counts)
}

/// One thread's part in it.
struct Teller<'a, S> {
    story: S,
    plan: &'a Plan,
    counts: Counts,
}

impl<'a, S: Story> Teller<'a, S> {
    fn new(make: impl Fn() -> S, plan: &'a Plan) -> Self {
        Self {
            story: make(),
            plan,
            counts: Counts::default(),
        }
    }

    fn disk(&mut self, seed: u64) -> SimulatedDisk {
        let disk = self.story.begin(seed);
        if self.plan.lies {
            disk.lie();
        }
        disk
    }

    /// Crashes the story of one seed at every point that is this thread's.
    fn tell_all(&mut self, seed: u64, number: usize, stop: &AtomicBool) -> Result<(), Failure> {
        let whole = self.disk(seed);
        self.story.tell(seed, &whole);
        let points = whole.points();
        if number == 0 {
            self.counts.stories += 1;
            self.counts.operations += points.last().map_or(0, |last| last.operation);
        }
        let chosen = points
            .into_iter()
            .skip(usize::try_from(seed).unwrap_or_default() % self.plan.every.max(1))
            .step_by(self.plan.every.max(1));
        for (index, point) in chosen.enumerate() {
            if index % self.plan.threads != number {
                continue;
            }
            if stop.load(Ordering::SeqCst) {
                break;
            }
            self.crash(seed, point)?;
        }
        Ok(())
    }

    fn crash(&mut self, seed: u64, point: CrashPoint) -> Result<(), Failure> {
        let disk = self.disk(seed);
        disk.crash_at(point);
        let told = self.story.tell(seed, &disk);
        self.counts.points += 1;
        let mut looked_at = HashSet::new();
        let mut chance = Dice::new(seed ^ point.operation << 24);
        let chances = (0..self.plan.chances).map(|_| Survives::Chance(chance.roll()));
        for survives in [Survives::Nothing, Survives::Everything]
            .into_iter()
            .chain(chances)
        {
            let left = disk.left_behind(survives);
            if looked_at.insert(left.fingerprint()) {
                self.counts.crashes += 1;
                let crash = Crash {
                    seed,
                    point,
                    survives,
                };
                self.check(&told, left, crash)?;
            }
        }
        Ok(())
    }

    fn check(&mut self, told: &S::Told, left: SimulatedDisk, crash: Crash) -> Result<(), Failure> {
        let mut dice = Dice::new(match crash.survives {
            Survives::Chance(seed) => seed,
            Survives::Nothing | Survives::Everything => crash.point.operation,
        });
        let checked = catch_unwind(AssertUnwindSafe(|| self.story.check(told, left, &mut dice)));
        let checked = checked.unwrap_or_else(|_| Err("it panicked, see above".to_owned()));
        checked.map_err(|reason| Failure { crash, reason })
    }

    fn repeat(mut self, crash: Crash) -> Result<Counts, Failure> {
        let disk = self.disk(crash.seed);
        disk.crash_at(crash.point);
        let told = self.story.tell(crash.seed, &disk);
        self.counts.crashes += 1;
        self.check(&told, disk.left_behind(crash.survives), crash)?;
        Ok(self.counts)
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.stories += other.stories;
        self.operations += other.operations;
        self.points += other.points;
        self.crashes += other.crashes;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            stories,
            operations,
            points,
            crashes,
        } = self;
        write!(
            formatter,
            "{crashes} crashes at {points} points of {stories} stories with {operations} operations"
        )
    }
}

impl fmt::Display for Crash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}/{}", self.seed, self.point, self.survives)
    }
}

impl FromStr for Crash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('/').collect();
        let [seed, point, survives] = parts.as_slice() else {
            return Err(format!("`{text}` is no crash"));
        };
        let seed = seed.parse().map_err(|_| format!("`{seed}` is no seed"))?;
        Ok(Self {
            seed,
            point: point.parse()?,
            survives: survives.parse()?,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}; again with {ONE}={}",
            self.reason, self.crash
        )
    }
}

/// Panics on one that cannot be read: trying all instead would hide that.
fn one_asked_for() -> Option<Crash> {
    let text = env::var(ONE).ok()?;
    match text.parse() {
        Ok(crash) => Some(crash),
        Err(reason) => panic!("{ONE}: {reason}"),
    }
}
