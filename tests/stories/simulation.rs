//! The dispatcher crashed at every change of its disk in turn, on a simulated disk and a rehearsal's clock.
//!
//! Whatever was answered is there once, whole, and answered the same again. Whatever was not answered is sent
//! again under its own identifier; after that the log is the very log of a run that nothing disturbed.

mod rounds;

use api::{
    dispatch::{Failure, Options, Outcome, Platform, Refusal, Request},
    telemetry::Metrics,
};
use domain::Recorded;
use event_log::{
    EventStore as _, Kind, Position, SchemeId,
    simulation::{
        Counts, Dice, FailingDisk, Plan, SimulatedDisk, Story, Survives, crash_everywhere, is_long,
    },
};
use jiff::Timestamp;
use projections::Snapshot;
use rounds::{ANCHOR, Round, SCHEME, preparation, rounds};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

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
        (0..3, 29, 2)
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

fn crash(plan: &Plan) -> Result<Counts, event_log::simulation::Failure> {
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

/// What makes a record the same record in two runs.
#[derive(Debug, PartialEq)]
struct Line {
    id: Uuid,
    kind: String,
    command: Option<Uuid>,
}

struct Told {
    seed: u64,
    /// Rounds of which every command was answered.
    rounds: usize,
    answered: Vec<Answered>,
    /// Commands of the round that was cut short which were not answered.
    open: Vec<(Request, Timestamp)>,
}

struct Answered {
    request: Request,
    at: Timestamp,
    answer: Answer,
}

#[derive(Debug)]
enum Answer {
    Accepted(Vec<Recorded>),
    Refused(Refusal),
}

impl Answer {
    /// The sentence of a refusal is kept without what the asker wrote, so it is not compared.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Accepted(one), Self::Accepted(two)) => one == two,
            (Self::Refused(one), Self::Refused(two)) => {
                (&one.code, &one.field, &one.rule, one.position)
                    == (&two.code, &two.field, &two.rule, two.position)
            }
            _ => false,
        }
    }
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
        let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
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
        let among = told.answered.len();
        let some: BTreeSet<usize> = (0..ASKED_AGAIN).map(|_| dice.index(among)).collect();
        for (index, before) in told.answered.iter().enumerate() {
            let quiet = match &before.answer {
                Answer::Accepted(events) => events.is_empty(),
                Answer::Refused(_) => true,
            };
            let kept = last.at.duration_since(before.at) < rounds::QUIET_KEPT;
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

impl Told {
    fn begin(seed: u64) -> Self {
        Self {
            seed,
            rounds: 0,
            answered: Vec::new(),
            open: Vec::new(),
        }
    }

    fn hear(&mut self, request: Request, at: Timestamp, answer: Answer) {
        let before = self
            .answered
            .iter()
            .find(|before| before.request.command_id == request.command_id);
        if let Some(before) = before {
            assert!(answer.is_same(&before.answer), "{answer:?} to a repetition");
        }
        self.answered.push(Answered {
            request,
            at,
            answer,
        });
    }

    /// The last position that somebody was told of.
    fn head(&self) -> u64 {
        let told = self.answered.iter().map(|answered| match &answered.answer {
            Answer::Accepted(events) => events.last().map_or(0, |event| event.position),
            Answer::Refused(refusal) => refusal.position,
        });
        told.max().unwrap_or_default()
    }
}

/// Sends the first command alone, and the others while its group is being synced: they form the next group.
async fn ask_all(
    platform: &Platform,
    failing: &FailingDisk,
    disk: &SimulatedDisk,
    round: &Round,
) -> Vec<Result<Answer, Failure>> {
    // Opened before anything is held, and without an answer of its own: the first command says what is wrong.
    let _opened = platform.snapshot(SCHEME).await;
    let send = |request: &Request| {
        let (platform, request, at) = (platform.clone(), request.clone(), round.at);
        tokio::spawn(async move { ask(&platform, request, at).await })
    };
    let (first, others) = round.requests.split_first().expect("a round has a command");
    let held = (!others.is_empty()).then(|| failing.hold_syncs("/journal/"));
    let mut sent = vec![send(first)];
    tokio::task::yield_now().await;
    if held.is_some() {
        while failing.held_up(Duration::from_millis(1)) == 0 && !disk.crashed() {
            tokio::task::yield_now().await;
        }
    }
    sent.extend(others.iter().map(send));
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    drop(held);
    let mut answers = Vec::new();
    for answer in sent {
        answers.push(answer.await.expect("nobody panics"));
    }
    answers
}

async fn ask(platform: &Platform, request: Request, at: Timestamp) -> Result<Answer, Failure> {
    match platform.execute_at(SCHEME, request, Some(at)).await? {
        Outcome::Accepted(accepted) => Ok(Answer::Accepted(accepted.events)),
        Outcome::Rejected(refusal) => Ok(Answer::Refused(refusal)),
    }
}

/// The state of the scheme, folded; `None` if it does not exist.
async fn snapshot(platform: &Platform) -> Result<Option<Arc<Snapshot>>, String> {
    match platform.snapshot(SCHEME).await {
        Ok(snapshot) => Ok(Some(snapshot)),
        Err(Failure::UnknownScheme(_)) => Ok(None),
        Err(failure) => Err(format!("the scheme does not open: {failure:?}")),
    }
}

fn scheme() -> SchemeId {
    SchemeId::new(SCHEME).expect("a name")
}

fn head(platform: &Platform) -> u64 {
    let head = platform.store().head(&scheme());
    head.unwrap_or_default().0
}

fn lines(platform: &Platform) -> Result<Vec<Line>, String> {
    let stored = match platform.store().read(&scheme(), Position(1), usize::MAX) {
        Err(event_log::StoreError::NotFound(_)) => return Ok(Vec::new()),
        other => other.map_err(|error| format!("the log does not read: {error:?}"))?,
    };
    let line = |stored: &event_log::Stored| {
        let record = stored.record().map_err(|error| format!("{error:?}"))?;
        Ok(Line {
            id: record.id,
            kind: record.kind,
            command: record.command_id,
        })
    };
    stored.iter().map(line).collect()
}

fn group_ends(platform: &Platform) -> Result<BTreeSet<u64>, event_log::StoreError> {
    let mut ends = BTreeSet::new();
    let mut follower = platform.store().follow(&scheme(), Position(1))?;
    while let Some(group) = follower.next(Duration::ZERO)? {
        ends.extend(group.last().map(|stored| stored.position.0));
    }
    Ok(ends)
}
