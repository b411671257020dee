//! A checkpoint that somebody kept, held against the log: of which moment it is, or why it is none of this history.
//!
//! ```text
//! text ─▶ signed by a key of this log? ─▶ as many records as the log has? ─▶ the same root? ─▶ its moment
//! ```
//!
//! Without a signature, as size and root, it is taken too: the root alone says which history is meant, and only a log that has
//! that very history answers.

use super::{Failure, platform::NotProved};
use event_log::{CheckpointError, Digest, LogKey, NotSigned, SignedCheckpoint};
use std::str::FromStr;
use thiserror::Error;

/// What somebody kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptCheckpoint {
    /// The text that was signed, with its signatures.
    Signed(SignedCheckpoint),
    /// How many records, and the root over them.
    Named {
        /// How many records.
        size: u64,
        /// Their root.
        root: Digest,
    },
}

/// Why what was kept names no moment of a log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotAsKept {
    /// It cannot be read.
    #[error(
        "This is not a checkpoint: {0}. Give the file as it was kept, byte for byte, or `<size>:<root>` with the root in \
         hexadecimal."
    )]
    Unread(CheckpointError),
    /// It is neither a note nor a size with a root.
    #[error(
        "This is not a checkpoint: give the file as it was kept, byte for byte, or `<size>:<root>` with the root in hexadecimal."
    )]
    Shapeless,
    /// It names another log.
    #[error(
        "This checkpoint is of another log, which its first line names. Ask it of that scheme."
    )]
    OtherLog,
    /// No key of the log has signed it.
    #[error(
        "No key of this log has signed this checkpoint. `log {{ keys }}` shows the keys it signs and signed with; compare them with \
         the one you wrote down."
    )]
    NotSigned,
    /// What stands there is not what was signed.
    #[error(
        "This checkpoint was changed after this log had signed it. Take the copy that was given to you, byte for byte."
    )]
    Changed,
    /// The log has so many records and others.
    #[error(
        "The history of this log up to {size} records is another than the one in this checkpoint: something before was changed. \
         Keep the checkpoint, have nothing more recorded, and ask the operator which copy of the data goes on from it."
    )]
    OtherHistory {
        /// How many records the checkpoint is of.
        size: u64,
    },
    /// The log signed for more records than it has.
    #[error(
        "This log signed for {size} records and has {head}: an older copy was put back, or the end is lost. Keep the checkpoint, \
         have nothing more recorded, and ask the operator which copy of the data goes on from it."
    )]
    CutShort {
        /// How many records the checkpoint is of.
        size: u64,
        /// How many records there are.
        head: u64,
    },
    /// The log was not asked to the end.
    #[error("the log could not be asked")]
    Unasked(NotProved),
}

impl From<NotProved> for NotAsKept {
    fn from(found: NotProved) -> Self {
        Self::Unasked(found)
    }
}

/// The text of a signed checkpoint, or `<size>:<root>`.
impl FromStr for KeptCheckpoint {
    type Err = NotAsKept;

    fn from_str(text: &str) -> Result<Self, NotAsKept> {
        if let Some((size, root)) = text.trim().split_once(':')
            && let (Ok(size), Ok(root)) = (size.parse(), root.parse())
        {
            return Ok(Self::Named { size, root });
        }
        if !text.trim_end().contains('\n') {
            return Err(NotAsKept::Shapeless);
        }
        // Mail and clipboards change the ends of lines, and drop the last; the signature is over lines as they were.
        let lines: Vec<&str> = text.trim_end().lines().collect();
        let note = lines.join("\n") + "\n";
        let signed = note.parse().map_err(NotAsKept::Unread)?;
        Ok(Self::Signed(signed))
    }
}

impl KeptCheckpoint {
    /// How many records it is of, and their root.
    #[must_use]
    pub fn size_and_root(&self) -> (u64, Digest) {
        match self {
            Self::Signed(signed) => (signed.checkpoint().size, signed.checkpoint().root),
            Self::Named { size, root } => (*size, *root),
        }
    }

    /// Refuses what the log did not sign; one of its keys will do, also one that signs no more.
    pub fn check_signature(&self, keys: &[LogKey]) -> Result<(), NotAsKept> {
        let Self::Signed(signed) = self else {
            return Ok(());
        };
        let origin = &signed.checkpoint().origin;
        if !keys.iter().any(|known| known.key.name() == origin) {
            return Err(NotAsKept::OtherLog);
        }
        let verdicts = keys.iter().map(|known| signed.verify(&known.key));
        let verdicts: Vec<_> = verdicts.collect();
        if verdicts.iter().any(Result::is_ok) {
            Ok(())
        } else if verdicts.contains(&Err(NotSigned::Wrong)) {
            Err(NotAsKept::Changed)
        } else {
            Err(NotAsKept::NotSigned)
        }
    }

    /// The moment it is of, where the log has `head` records and `root` over as many as it is of; no root where it has fewer.
    pub fn moment(&self, head: u64, root: Option<Digest>) -> Result<u64, NotAsKept> {
        let (size, kept) = self.size_and_root();
        match (root, self) {
            (Some(root), _) if root == kept => Ok(size),
            (Some(_), _) => Err(NotAsKept::OtherHistory { size }),
            (None, Self::Signed(_)) => Err(NotAsKept::CutShort { size, head }),
            // Whoever types a number may mean a moment that is still to come.
            (None, Self::Named { .. }) => Err(NotProved::Failed(Failure::MomentNotReached).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use event_log::{Checkpoint, Signer};

    const ROOT: Digest = Digest([7; 32]);

    fn signed(origin: &str, seed: u8) -> (SignedCheckpoint, LogKey) {
        let signer = Signer::log(origin, &[seed; 32]).unwrap();
        let checkpoint = Checkpoint {
            origin: origin.to_owned(),
            size: 9,
            root: ROOT,
        };
        let key = LogKey {
            key: signer.verifier().clone(),
            since: "2026-01-01T00:00:00.000Z".to_owned(),
        };
        (SignedCheckpoint::sign(checkpoint, &[signer]).unwrap(), key)
    }

    #[test]
    fn a_checkpoint_is_read_as_it_was_kept_mailed_or_typed() {
        let (note, _) = signed("alongside/one", 1);
        let note = note.to_string();
        let wanted: KeptCheckpoint = note.parse().unwrap();
        for way in [note.replace('\n', "\r\n"), note.trim_end().to_owned()] {
            assert_eq!(way.parse::<KeptCheckpoint>().unwrap(), wanted, "{way:?}");
        }
        assert_eq!(wanted.size_and_root(), (9, ROOT));
        let typed: KeptCheckpoint = format!("9:{ROOT}").parse().unwrap();
        assert_eq!(
            typed,
            KeptCheckpoint::Named {
                size: 9,
                root: ROOT
            }
        );
        for bad in [
            "",
            "9",
            "9:abc",
            "-1:00",
            "2026-03-02T09:30:00Z",
            "one\ntwo\n",
        ] {
            assert!(bad.parse::<KeptCheckpoint>().is_err(), "{bad:?}");
        }
    }

    /// R308: a checkpoint of another log, of another key or changed names no moment of this one.
    #[test]
    fn only_what_this_log_signed_is_taken_and_an_earlier_key_will_do() {
        let (note, old) = signed("alongside/one", 1);
        let (_, new) = signed("alongside/one", 2);
        let (_, other) = signed("alongside/two", 1);
        let kept = KeptCheckpoint::Signed(note.clone());
        assert_eq!(kept.check_signature(&[old.clone(), new.clone()]), Ok(()));
        assert_eq!(kept.check_signature(&[new]), Err(NotAsKept::NotSigned));
        assert_eq!(kept.check_signature(&[other]), Err(NotAsKept::OtherLog));
        let changed = note.to_string().replace("\n9\n", "\n8\n");
        let changed: KeptCheckpoint = changed.parse().unwrap();
        assert_eq!(changed.check_signature(&[old]), Err(NotAsKept::Changed));
    }

    /// R308: a history that was changed or cut short is told from one that has not got so far.
    #[test]
    fn what_is_none_of_this_history_is_told_from_what_is_still_to_come() {
        let (note, _) = signed("alongside/one", 1);
        let kept = KeptCheckpoint::Signed(note);
        assert_eq!(kept.moment(12, Some(ROOT)), Ok(9));
        let other = Some(Digest([8; 32]));
        assert_eq!(
            kept.moment(12, other),
            Err(NotAsKept::OtherHistory { size: 9 })
        );
        let short = NotAsKept::CutShort { size: 9, head: 4 };
        assert_eq!(kept.moment(4, None), Err(short));
        let typed = KeptCheckpoint::Named {
            size: 9,
            root: ROOT,
        };
        let ahead = NotProved::Failed(Failure::MomentNotReached);
        assert_eq!(typed.moment(4, None), Err(ahead.into()));
    }
}
