//! What the clients of a service know: which commands were acknowledged, which are open, and what must be found.

use crate::harness::{Answer, notice, records};
use event_log::Record;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::AddAssign,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const CLIENTS: usize = 16;
/// How long a load may take to be acknowledged as often as it must.
const LOAD_PATIENCE: Duration = Duration::from_mins(2);

/// The commands of one scheme.
#[derive(Debug, Default)]
pub struct Ledger {
    scheme: String,
    /// By key, the appointment that was made.
    acknowledged: BTreeMap<String, String>,
    unanswered: Vec<String>,
    /// Appointments of answers that came when it was too late to count them.
    late: Vec<String>,
}

/// Answers that came too late to count.
#[derive(Debug, Default, Clone, Copy)]
pub struct Late {
    pub heard: usize,
    /// Of these, how many were not kept.
    pub missing: usize,
}

impl AddAssign for Late {
    fn add_assign(&mut self, other: Self) {
        self.heard += other.heard;
        self.missing += other.missing;
    }
}

impl fmt::Display for Late {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} answers heard after the cut was ordered, {} of them of commands that were not kept",
            self.heard, self.missing
        )
    }
}

/// What a client was told.
pub enum Told {
    /// Recorded, as this appointment.
    Recorded(String),
    /// Nothing, or to come back later.
    Later(Answer),
}

impl Ledger {
    pub fn of(scheme: &str) -> Self {
        Self {
            scheme: scheme.to_owned(),
            ..Self::default()
        }
    }

    pub fn acknowledged(&self) -> usize {
        self.acknowledged.len()
    }

    /// What another client was told of its command.
    pub fn know(&mut self, key: &str, appointment: String) {
        self.acknowledged.insert(key.to_owned(), appointment);
    }

    /// One command more; remembers what came of it.
    pub fn send(&mut self, url: &str, token: &str, key: &str) -> Option<Answer> {
        match notify(url, &self.scheme, token, key) {
            Told::Recorded(appointment) => {
                self.unanswered.retain(|open| open != key);
                let before = self
                    .acknowledged
                    .insert(key.to_owned(), appointment.clone());
                assert!(
                    before.is_none_or(|before| before == appointment),
                    "{key} was answered twice, differently"
                );
                None
            }
            Told::Later(answer) => {
                self.unanswered.push(key.to_owned());
                Some(answer)
            }
        }
    }

    /// Sends everything again that was not answered, under the same keys.
    pub fn retry(&mut self, url: &str, token: &str) {
        for key in std::mem::take(&mut self.unanswered) {
            let refused = self.send(url, token, &key);
            assert!(
                refused.is_none(),
                "a retry of {key} is answered: {refused:?}"
            );
        }
    }

    /// Sends from many clients until at least so many are acknowledged, then ends it with `end` while they go on. Once
    /// `end` has set what it is given, no answer counts any more: the command is one without an answer.
    pub fn load(
        &mut self,
        url: &str,
        token: &str,
        label: &str,
        least: usize,
        end: impl FnOnce(&AtomicBool),
    ) {
        let (done, count) = (AtomicBool::new(false), AtomicUsize::new(0));
        let gone = AtomicBool::new(false);
        let (unanswered, late) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
        let acknowledged = Mutex::new(Vec::new());
        let scheme = self.scheme.as_str();
        let client = |client: usize| {
            for number in 0.. {
                if done.load(Ordering::SeqCst) {
                    break;
                }
                let key = format!("{label} client {client} number {number}");
                match notify(url, scheme, token, &key) {
                    Told::Recorded(appointment) if gone.load(Ordering::SeqCst) => {
                        locked(&unanswered).push(key);
                        locked(&late).push(appointment);
                        break;
                    }
                    Told::Recorded(appointment) => {
                        count.fetch_add(1, Ordering::SeqCst);
                        locked(&acknowledged).push((key, appointment));
                    }
                    Told::Later(_) => {
                        locked(&unanswered).push(key);
                        break;
                    }
                }
            }
        };
        thread::scope(|scope| {
            let client = &client;
            let clients: Vec<_> = (0..CLIENTS)
                .map(|number| scope.spawn(move || client(number)))
                .collect();
            let began = Instant::now();
            while count.load(Ordering::SeqCst) < least
                && !clients.iter().all(thread::ScopedJoinHandle::is_finished)
                && began.elapsed() < LOAD_PATIENCE
            {
                thread::sleep(Duration::from_millis(1));
            }
            end(&gone);
            done.store(true, Ordering::SeqCst);
        });
        let reached = count.load(Ordering::SeqCst);
        assert!(reached >= least, "{label}: {reached} acknowledged");
        self.acknowledged
            .extend(std::mem::take(&mut *locked(&acknowledged)));
        self.unanswered
            .append(&mut std::mem::take(&mut *locked(&unanswered)));
        self.late.append(&mut std::mem::take(&mut *locked(&late)));
    }

    /// What became of the answers that came too late since this was asked last. To be asked before anything is retried.
    pub fn take_late(&mut self, data: &Path) -> Late {
        let late = std::mem::take(&mut self.late);
        let records = records(data, &self.scheme);
        let kept: BTreeSet<&str> = records
            .iter()
            .filter_map(|record| record.data["appointment"].as_str())
            .collect();
        let missing = late.iter().filter(|one| !kept.contains(one.as_str()));
        Late {
            missing: missing.count(),
            heard: late.len(),
        }
    }

    /// Compares what is on the disk with what was acknowledged, everything else having been retried.
    pub fn found_in(&self, data: &Path) -> Counts {
        self.count(&records(data, &self.scheme), true)
    }

    /// As [`Self::found_in`], while commands are open: those may be there or not, but not twice.
    pub fn found_meanwhile(&self, data: &Path) -> Counts {
        self.count(&records(data, &self.scheme), false)
    }

    /// Compares records with what was acknowledged.
    pub fn count(&self, records: &[Record], all_answered: bool) -> Counts {
        let gaps = (1..)
            .zip(records)
            .filter(|(expected, record)| record.position.0 != *expected)
            .count();
        let mut by_command: BTreeMap<_, Vec<&Record>> = BTreeMap::new();
        for record in records.iter().filter(|record| record.command_id.is_some()) {
            by_command
                .entry(record.command_id)
                .or_default()
                .push(record);
        }
        let (mut found, mut split) = (BTreeMap::<&str, usize>::new(), 0);
        for group in by_command.values() {
            let kinds: Vec<&str> = group.iter().map(|record| record.kind.as_str()).collect();
            if !kinds.contains(&"appointment.notified") && !kinds.contains(&"eligibility.judged") {
                continue;
            }
            if kinds != ["appointment.notified", "eligibility.judged"] {
                split += 1;
            }
            let appointment = group[0].data["appointment"].as_str().unwrap_or_default();
            *found.entry(appointment).or_default() += 1;
        }
        let known: Vec<&str> = self.acknowledged.values().map(String::as_str).collect();
        let missing = known.iter().filter(|one| !found.contains_key(*one)).count();
        let doubled = found.values().filter(|times| **times > 1).count();
        let unasked = if all_answered {
            found.len() + missing - known.len()
        } else {
            0
        };
        Counts {
            acknowledged: known.len(),
            missing,
            gaps,
            doubled: doubled + unasked,
            split,
        }
    }
}

/// What a comparison came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub acknowledged: usize,
    pub missing: usize,
    pub gaps: usize,
    /// Recorded twice, or recorded though nobody was told so and nobody asks any more.
    pub doubled: usize,
    pub split: usize,
}

impl Counts {
    /// Nothing is missing, doubled or torn.
    pub fn is_clean(&self) -> bool {
        self.missing + self.gaps + self.doubled + self.split == 0
    }

    pub fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.missing += other.missing;
        self.gaps += other.gaps;
        self.doubled += other.doubled;
        self.split += other.split;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} acknowledged commands, {} missing, {} gaps, {} doubles, {} split groups",
            self.acknowledged, self.missing, self.gaps, self.doubled, self.split
        )
    }
}

/// One notice under one key. Any answer but "recorded", "come back" and none at all is wrong.
pub fn notify(url: &str, scheme: &str, token: &str, key: &str) -> Told {
    let answer = notice(url, scheme, token, key);
    let appointment = answer.body["appointment"].as_str().map(str::to_owned);
    match (answer.status, appointment) {
        (200 | 201, Some(appointment)) => Told::Recorded(appointment),
        // A killed service may leave half an answer behind: that is none.
        (0 | 503 | 200 | 201, _) => Told::Later(answer),
        (other, _) => panic!("{other}: {:#}", answer.body),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
