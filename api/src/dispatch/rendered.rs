//! Answers that were rendered before, kept for whoever puts the same question to the same state.
//!
//! An answer rests on one published state of one scheme and on the scheme's day, and is given again only while both
//! are what they were: not on a number, but on the very state in memory. So an answer never outlives what it was read
//! from, whatever made the state go: a command, a closing, or a key that was destroyed, for which the scheme is folded
//! anew. The writer throws away what is kept of its scheme before it answers a command, so no personal value stays
//! here longer than in the state itself.
//!
//! An answer that gives sensitive data is kept once it is written down who read it (`reads`): whoever is given it again is
//! the same reader on the same day, and that is written once a day.
//!
//! Who may see an answer is decided where the key is made. A key is a digest, so nothing of a question stands here.

use axum::body::Bytes;
use jiff::civil::Date;
use projections::Snapshot;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

/// The most bytes of all answers together, unless it is set.
const BYTES_MOST: usize = 32 << 20;
/// What an answer costs beside its own bytes.
const OVERHEAD_BYTES: usize = 256;

/// Stands for a question and for everything of the asker that can change its answer.
pub type Key = [u8; 32];

/// The answers of all schemes.
pub struct Rendered(Mutex<Kept>);

struct Kept {
    answers: HashMap<Key, Answer>,
    of_scheme: HashMap<Arc<str>, Vec<Key>>,
    bytes: usize,
    bytes_most: usize,
    given: u64,
}

struct Answer {
    scheme: Arc<str>,
    state: Weak<Snapshot>,
    day: Date,
    body: Bytes,
}

/// What an answer was read from.
#[derive(Debug, Clone)]
pub struct Basis {
    /// The scheme.
    pub scheme: String,
    /// Its state.
    pub state: Arc<Snapshot>,
    /// Its day.
    pub day: Date,
}

impl Default for Rendered {
    fn default() -> Self {
        Self(Mutex::new(Kept {
            answers: HashMap::new(),
            of_scheme: HashMap::new(),
            bytes: 0,
            bytes_most: BYTES_MOST,
            given: 0,
        }))
    }
}

impl Rendered {
    /// Sets the most bytes of all answers together; none are kept at zero.
    pub fn set_bytes_most(&self, bytes_most: usize) {
        let mut kept = self.kept();
        kept.bytes_most = bytes_most;
        if kept.bytes > bytes_most {
            kept.forget_all();
        }
    }

    /// The scheme whose state the answer under this key rests on.
    pub fn scheme(&self, key: &Key) -> Option<Arc<str>> {
        let kept = self.kept();
        let answer = kept.answers.get(key)?;
        (answer.state.strong_count() > 0).then(|| Arc::clone(&answer.scheme))
    }

    /// The answer under this key, if it rests on this very state and day.
    pub fn find(&self, key: &Key, state: &Arc<Snapshot>, day: Date) -> Option<Bytes> {
        let mut kept = self.kept();
        let answer = kept.answers.get(key)?;
        let same = std::ptr::eq(answer.state.as_ptr(), Arc::as_ptr(state)) && answer.day == day;
        let body = same.then(|| answer.body.clone())?;
        kept.given += 1;
        Some(body)
    }

    /// How often an answer was given again.
    pub fn given(&self) -> u64 {
        self.kept().given
    }

    /// Keeps an answer, if `is_current` still says so once nobody else can change what is kept. What has no room makes
    /// room: everything is forgotten, and what is asked often comes back.
    pub fn keep(&self, key: Key, basis: &Basis, body: Bytes, is_current: impl FnOnce() -> bool) {
        let cost = body.len() + OVERHEAD_BYTES;
        let mut kept = self.kept();
        if cost > kept.bytes_most / 8 || !is_current() {
            return;
        }
        if kept.bytes + cost > kept.bytes_most {
            kept.forget_all();
        }
        let scheme: Arc<str> = Arc::from(basis.scheme.as_str());
        let answer = Answer {
            scheme: Arc::clone(&scheme),
            state: Arc::downgrade(&basis.state),
            day: basis.day,
            body,
        };
        kept.bytes += cost;
        match kept.answers.insert(key, answer) {
            Some(before) => kept.bytes -= before.body.len() + OVERHEAD_BYTES,
            None => kept.of_scheme.entry(scheme).or_default().push(key),
        }
    }

    /// Forgets every answer of a scheme. The writer calls it whenever the scheme's state changes, and whoever destroys
    /// a key must.
    pub fn forget(&self, scheme: &str) {
        let mut kept = self.kept();
        for key in kept.of_scheme.remove(scheme).unwrap_or_default() {
            if let Some(answer) = kept.answers.remove(&key) {
                kept.bytes -= answer.body.len() + OVERHEAD_BYTES;
            }
        }
    }

    /// How many bytes are kept.
    pub fn bytes(&self) -> usize {
        self.kept().bytes
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn forget_all(&mut self) {
        self.answers.clear();
        self.of_scheme.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn basis() -> Basis {
        Basis {
            scheme: "a".to_owned(),
            state: Arc::default(),
            day: date(2026, 3, 2),
        }
    }

    #[test]
    fn an_answer_is_found_for_its_very_state_and_day_only() {
        let (rendered, basis) = (Rendered::default(), basis());
        rendered.keep([1; 32], &basis, "answer".into(), || true);
        let find = |key: u8, state: &Arc<Snapshot>, day| rendered.find(&[key; 32], state, day);
        assert_eq!(find(1, &basis.state, basis.day), Some("answer".into()));
        assert_eq!(find(2, &basis.state, basis.day), None);
        assert_eq!(find(1, &basis.state, date(2026, 3, 3)), None);
        // Equal, and yet another: folded anew after a key was destroyed.
        assert_eq!(find(1, &Arc::default(), basis.day), None);
    }

    #[test]
    fn an_answer_does_not_outlive_its_state_and_is_forgotten_with_its_scheme() {
        let (rendered, basis) = (Rendered::default(), basis());
        rendered.keep([1; 32], &basis, "answer".into(), || true);
        assert_eq!(rendered.scheme(&[1; 32]).as_deref(), Some("a"));
        rendered.forget("b");
        assert!(rendered.bytes() > 0);
        drop(basis);
        assert_eq!(rendered.scheme(&[1; 32]), None);
        rendered.forget("a");
        assert_eq!(rendered.bytes(), 0);
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_no_longer_current_is_not_kept() {
        let (rendered, basis) = (Rendered::default(), basis());
        rendered.set_bytes_most(4_096);
        for number in 0..100 {
            rendered.keep([number; 32], &basis, vec![b'x'; 200].into(), || true);
            assert!((1..=4_096).contains(&rendered.bytes()));
        }
        rendered.set_bytes_most(0);
        assert_eq!(rendered.bytes(), 0);
        rendered.set_bytes_most(4_096);
        rendered.keep([1; 32], &basis, "stale".into(), || false);
        rendered.keep([2; 32], &basis, vec![b'x'; 4_000].into(), || true);
        assert_eq!(rendered.bytes(), 0);
    }
}
