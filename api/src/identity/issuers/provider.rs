//! The keys of one issuer, kept fresh by a thread of its own.
//!
//! ```text
//! start ─▶ fetch ─▶ every 15 minutes, or when a token names a key that is not known (at most every 10 seconds)
//!            └─ failed: the keys last fetched hold on, and are asked for again after 30 seconds
//! ```
//!
//! A request never fetches: it looks at the keys there are, and waits at most [`Patience::wait_most`] for the thread to
//! bring others. There is deliberately no store on disk: a service that starts while its provider is down waits for it.

use super::{
    fetch::Fetcher,
    keys::KeySet,
    settings::{IdentityError, IssuerSettings, SignedWith},
};
use crate::identity::token::TokenError;
use arc_swap::ArcSwapOption;
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// How long things take at most, and how often they are done.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How often keys are fetched when nothing is missing.
    pub refresh_every: Duration,
    /// How soon they are asked for again when that failed.
    pub retry_after: Duration,
    /// How long after one attempt another may follow because a token names an unknown key.
    pub refresh_least: Duration,
    /// How long a request waits for keys.
    pub wait_most: Duration,
    /// How long keys hold that could not be fetched again.
    pub keys_kept: Duration,
}

impl Patience {
    /// What a service has, with keys that hold so many hours.
    #[must_use]
    pub const fn keeping(keys_kept_hours: u16) -> Self {
        Self {
            refresh_every: Duration::from_mins(15),
            retry_after: Duration::from_secs(30),
            refresh_least: Duration::from_secs(10),
            wait_most: Duration::from_secs(2),
            keys_kept: Duration::from_hours(keys_kept_hours as u64),
        }
    }
}

/// The keys of one issuer.
#[derive(Debug)]
pub struct Provider {
    shared: Arc<Shared>,
    /// Wakes the thread; letting go of it ends the thread.
    wake: SyncSender<()>,
}

#[derive(Debug)]
struct Shared {
    issuer: String,
    algorithms: Vec<SignedWith>,
    patience: Patience,
    known: ArcSwapOption<Known>,
    attempts: Mutex<Attempts>,
    /// Counts finished attempts, for whoever waits for one.
    finished: watch::Sender<u64>,
}

#[derive(Debug)]
struct Known {
    text: String,
    keys: Arc<KeySet>,
    fetched_at: Instant,
}

#[derive(Debug, Default)]
struct Attempts {
    running: bool,
    last: Option<Instant>,
}

impl Provider {
    /// Begins to fetch, and waits for nothing.
    pub fn start(settings: &IssuerSettings, patience: Patience) -> Result<Self, IdentityError> {
        let fetcher = Fetcher::new(settings)?;
        let shared = Arc::new(Shared::new(settings, patience));
        let (wake, woken) = sync_channel(1);
        let watched = Arc::downgrade(&shared);
        // The first attempt is under way from the beginning, so that a first request waits for it.
        shared.attempts().running = true;
        thread::Builder::new()
            .name("issuer-keys".to_owned())
            .spawn(move || keep_fresh(&watched, &fetcher, patience, &woken))
            .map_err(IdentityError::Thread)?;
        Ok(Self { shared, wake })
    }

    /// Keys that are at hand, and nobody who fetches others.
    pub fn fixed(settings: &IssuerSettings, text: &str) -> Result<Self, super::keys::KeysError> {
        let shared = Shared::new(settings, Patience::keeping(settings.keys_kept_hours));
        shared.learn(text.to_owned())?;
        shared.attempts().last = Some(Instant::now());
        let (wake, _) = sync_channel(1);
        let shared = Arc::new(shared);
        Ok(Self { shared, wake })
    }

    /// The keys there are, if they are not too old.
    pub fn keys(&self) -> Option<Arc<KeySet>> {
        let known = self.shared.known.load();
        let known = known.as_ref()?;
        let fresh = known.fetched_at.elapsed() <= self.shared.patience.keys_kept;
        fresh.then(|| Arc::clone(&known.keys))
    }

    /// The keys, with the one that a token names where the provider has it by now.
    pub async fn keys_with(&self, id: Option<&str>) -> Result<Arc<KeySet>, TokenError> {
        let at_hand = self.keys();
        if let Some(keys) = at_hand.as_ref().filter(|keys| keys.knows(id)) {
            return Ok(Arc::clone(keys));
        }
        let mut finished = self.shared.finished.subscribe();
        if self.shared.may_fetch() {
            // Full means that it has been woken already; without a thread there is nothing to wait for.
            if !matches!(self.wake.try_send(()), Err(TrySendError::Disconnected(()))) {
                let patience = self.shared.patience.wait_most;
                let _: Result<_, _> = tokio::time::timeout(patience, finished.changed()).await;
            }
        }
        self.keys().ok_or(TokenError::Unverifiable)
    }
}

impl Shared {
    fn new(settings: &IssuerSettings, patience: Patience) -> Self {
        Self {
            issuer: settings.issuer.clone(),
            algorithms: settings.algorithms.clone(),
            patience,
            known: ArcSwapOption::empty(),
            attempts: Mutex::default(),
            finished: watch::Sender::default(),
        }
    }

    fn attempts(&self) -> MutexGuard<'_, Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an attempt is under way, or another may be made already.
    fn may_fetch(&self) -> bool {
        let attempts = self.attempts();
        let last = attempts.last;
        attempts.running || last.is_none_or(|last| last.elapsed() >= self.patience.refresh_least)
    }

    /// Takes in what was fetched. The same keys stay the same, with all that was verified with them.
    fn learn(&self, text: String) -> Result<(), super::keys::KeysError> {
        let before = self.known.load();
        let same = before.as_ref().filter(|known| known.text == text);
        let keys = match same {
            Some(known) => Arc::clone(&known.keys),
            None => Arc::new(KeySet::read(&text, &self.algorithms)?),
        };
        self.known.store(Some(Arc::new(Known {
            text,
            keys,
            fetched_at: Instant::now(),
        })));
        Ok(())
    }

    /// One attempt. Whether it succeeded.
    fn fetch(&self, fetcher: &Fetcher) -> bool {
        self.attempts().running = true;
        let outcome: Result<(), Box<dyn std::error::Error + Send + Sync>> = fetcher
            .key_set()
            .map_err(Into::into)
            .and_then(|text| self.learn(text).map_err(Into::into));
        if let Err(error) = &outcome {
            tracing::warn!(
                issuer = self.issuer,
                error = &**error as &dyn std::error::Error,
                "the keys of an issuer could not be fetched; those fetched before hold on"
            );
        }
        *self.attempts() = Attempts {
            running: false,
            last: Some(Instant::now()),
        };
        self.finished.send_modify(|count| *count += 1);
        outcome.is_ok()
    }
}

/// The thread's life: until nobody needs the keys any more.
fn keep_fresh(shared: &Weak<Shared>, fetcher: &Fetcher, patience: Patience, woken: &Receiver<()>) {
    loop {
        let Some(alive) = shared.upgrade() else {
            return;
        };
        let succeeded = alive.fetch(fetcher);
        drop(alive);
        let pause = if succeeded {
            patience.refresh_every
        } else {
            patience.retry_after
        };
        let due = Instant::now() + pause;
        loop {
            match woken.recv_timeout(due.saturating_duration_since(Instant::now())) {
                // Whoever woke it saw an attempt that may have ended since: then the next one is not due yet.
                Ok(()) if shared.upgrade().is_none_or(|shared| !shared.may_fetch()) => {}
                Ok(()) | Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}
