//! The dispatcher crashed at every change of its disk in turn, on a simulated disk and a rehearsal's clock.
//!
//! Whatever was answered is there once, whole, and answered the same again. Whatever was not answered is sent
//! again under its own identifier; after that the log is the very log of a run that nothing disturbed.

mod asking;
mod rounds;
mod told;

use crate::harness::open_platform;
use api::{
    dispatch::{Options, Platform},
    telemetry::Metrics,
};
use asking::{Line, ask, ask_all, group_ends, head, lines, snapshot};
use event_log::{
    Kind,
    simulation::{
        Counts, Dice, FailingDisk, Failure, Plan, SimulatedDisk, Story, Survives, crash_everywhere,
        is_long,
    },
};
use projections::Snapshot;
use rounds::{ANCHOR, preparation, rounds};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Instant,
};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use told::{Answer, Told};

/// Segments are full after a few groups.
const SEGMENT_BYTES: u64 = 8 << 10;
/// How many of the commands that were answered are asked again after a crash.
const ASKED_AGAIN: usize = 6;

#[test]
fn every_acknowledged_command_is_there_once_and_whole_wherever_the_dispatcher_crashes() {
    let started = Instant::now();
    let (seeds, every, chances) = if is_long() {
        (0..24, 1, 4)
    } else {
        (0..3, 9, 2)
    };
    let counts = crash(&Plan {
        seeds,
        every,
        chances,
        threads: 2,
        lies: false,
    });
    match counts {
        Ok(counts) => println!("the dispatcher: {counts}, {:?}", started.elapsed()),
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn a_dispatcher_on_a_disk_whose_syncs_do_nothing_is_found_out() {
    let counts = crash(&Plan {
        seeds: 1..2,
        every: 7,
        chances: 2,
        threads: 1,
        lies: true,
    });
    println!("the control: {}", counts.expect_err("loss goes unnoticed"));
}

fn crash(plan: &Plan) -> Result<Counts, Failure> {
    crash_everywhere(plan, Dispatcher::new)
}

/// One directory for lock and keys, one runtime, and the disk on which most stories begin.
struct Dispatcher {
    folder: TempDir,
    runtime: Runtime,
    prepared: SimulatedDisk,
    undisturbed: HashMap<u64, Arc<Undisturbed>>,
}

/// What a story leads to when nothing crashes.
struct Undisturbed {
    entries: Vec<Line>,
    group_ends: BTreeSet<u64>,
    /// The head before the first round, and after each.
    heads: Vec<u64>,
}

impl Dispatcher {
    fn new() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let runtime = Builder::new_current_thread().enable_time().build();
        let mut dispatcher = Self {
            folder: folder.expect("a folder"),
            runtime: runtime.expect("a runtime"),
            prepared: SimulatedDisk::default(),
            undisturbed: HashMap::new(),
        };
        let disk = dispatcher.empty();
        dispatcher.runtime.block_on(async {
            let platform = dispatcher.open(&disk).0;
            for (request, at) in preparation() {
                ask(&platform, request, at).await.expect("it is prepared");
            }
            platform.shut_down().await;
        });
        dispatcher.prepared = disk.left_behind(Survives::Everything);
        dispatcher
    }

    fn empty(&self) -> SimulatedDisk {
        SimulatedDisk::with_folder(&self.folder.path().join("schemes"))
    }

    fn open(&self, disk: &SimulatedDisk) -> (Platform, FailingDisk) {
        let disk = FailingDisk::over(Arc::new(disk.clone()));
        let options = Options {
            create: Some(Kind::Rehearsal),
            anchor: ANCHOR,
            segment_bytes: Some(SEGMENT_BYTES),
            index: false,
            disk: Some(Arc::new(disk.clone())),
            ..Options::new(self.folder.path())
        };
        let platform = open_platform(&options, &Metrics::new()).expect("a data directory");
        (platform, disk)
    }

    async fn tell_all(&self, told: &mut Told, disk: &SimulatedDisk) -> Vec<u64> {
        let (mut platform, mut failing) = self.open(disk);
        let mut heads = vec![head(&platform)];
        for round in rounds(told.seed) {
            if round.reopen {
                platform.shut_down().await;
                drop(platform);
                (platform, failing) = self.open(disk);
            }
            let answers = ask_all(&platform, &failing, disk, &round).await;
            for (request, answer) in round.requests.into_iter().zip(answers) {
                match answer {
                    Ok(answer) => told.hear(request, round.at, answer),
                    Err(failure) => {
                        assert!(disk.crashed(), "{failure:?} of {request:?}");
                        told.open.push((request, round.at));
                    }
                }
            }
            if disk.crashed() {
                break;
            }
            told.rounds += 1;
            heads.push(head(&platform));
        }
        platform.shut_down().await;
        heads
    }

    /// What the story of this seed leads to, told once.
    fn undisturbed(&mut self, seed: u64) -> Arc<Undisturbed> {
        if let Some(known) = self.undisturbed.get(&seed) {
            return Arc::clone(known);
        }
        let disk = self.begin(seed);
        let heads = self.runtime.block_on(async {
            let mut told = Told::begin(seed);
            self.tell_all(&mut told, &disk).await
        });
        let (platform, _) = self.open(&disk);
        let undisturbed = Arc::new(Undisturbed {
            entries: lines(&platform).expect("it reads"),
            group_ends: group_ends(&platform).expect("it reads"),
            heads,
        });
        self.runtime.block_on(platform.shut_down());
        self.undisturbed.insert(seed, Arc::clone(&undisturbed));
        undisturbed
    }

    async fn look(
        &self,
        told: &Told,
        undisturbed: &Undisturbed,
        left: &SimulatedDisk,
        dice: &mut Dice,
    ) -> Result<(), String> {
        let (platform, _) = self.open(left);
        let outcome = self.look_at(&platform, told, undisturbed, dice).await;
        platform.shut_down().await;
        drop(platform);
        let grown = outcome?;
        // All of it was durable when it was answered, and a fold of the records is the state that grew.
        let (platform, _) = self.open(&left.left_behind(Survives::Nothing));
        let again = snapshot(&platform).await;
        platform.shut_down().await;
        if again? == grown {
            Ok(())
        } else {
            Err("the state that grew is not the fold of its records".to_owned())
        }
    }

    async fn look_at(
        &self,
        platform: &Platform,
        told: &Told,
        undisturbed: &Undisturbed,
        dice: &mut Dice,
    ) -> Result<Option<Arc<Snapshot>>, String> {
        snapshot(platform).await?;
        let found = lines(platform)?;
        let acknowledged = told.head();
        if !undisturbed.entries.starts_with(&found) {
            return Err(format!(
                "{} records are not those that were made",
                found.len()
            ));
        }
        if (found.len() as u64) < acknowledged {
            return Err(format!(
                "{} records of {acknowledged} acknowledged",
                found.len()
            ));
        }
        if !found.is_empty() && !undisturbed.group_ends.contains(&(found.len() as u64)) {
            return Err(format!("a group is split at {}", found.len()));
        }
        self.ask_again(platform, told, dice).await?;
        if lines(platform)? != found {
            return Err("asking again recorded something".to_owned());
        }
        for (request, at) in &told.open {
            let answer = ask(platform, request.clone(), *at).await;
            answer.map_err(|failure| format!("a retry is answered with {failure:?}"))?;
        }
        let rounds = told.rounds + usize::from(!told.open.is_empty());
        let expected = usize::try_from(undisturbed.heads[rounds]).unwrap_or(usize::MAX);
        if lines(platform)? != undisturbed.entries[..expected] {
            return Err("after the retries the log is not the undisturbed one".to_owned());
        }
        snapshot(platform).await
    }

    /// Asks some of what was answered again: all refusals, and a few that were accepted.
    async fn ask_again(
        &self,
        platform: &Platform,
        told: &Told,
        dice: &mut Dice,
    ) -> Result<(), String> {
        let Some(last) = told.answered.last() else {
            return Ok(());
        };
        // What was not answered may be in the log, and time passes with the log.
        let latest = told.open.last().map_or(last.at, |(_, at)| *at);
        let among = told.answered.len();
        let some: BTreeSet<usize> = (0..ASKED_AGAIN).map(|_| dice.index(among)).collect();
        for (index, before) in told.answered.iter().enumerate() {
            let quiet = match &before.answer {
                Answer::Accepted(events) => events.is_empty(),
                Answer::Refused(_) => true,
            };
            let kept = latest.duration_since(before.at) < rounds::QUIET_KEPT;
            if !(if quiet { kept } else { some.contains(&index) }) {
                continue;
            }
            match ask(platform, before.request.clone(), last.at).await {
                Ok(answer) if answer.is_same(&before.answer) => {}
                other => {
                    return Err(format!(
                        "{:?} was answered before, now {other:?}",
                        before.answer
                    ));
                }
            }
        }
        Ok(())
    }
}

impl Story for Dispatcher {
    type Told = Told;

    fn begin(&mut self, seed: u64) -> SimulatedDisk {
        if rounds::begins_with_nothing(seed) {
            self.empty()
        } else {
            self.prepared.copied()
        }
    }

    fn tell(&mut self, seed: u64, disk: &SimulatedDisk) -> Told {
        let mut told = Told::begin(seed);
        self.runtime.block_on(self.tell_all(&mut told, disk));
        told
    }

    fn check(&mut self, told: &Told, left: SimulatedDisk, dice: &mut Dice) -> Result<(), String> {
        let undisturbed = self.undisturbed(told.seed);
        self.runtime
            .block_on(self.look(told, &undisturbed, &left, dice))
    }
}
