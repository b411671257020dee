//! What the history proves of itself: signed checkpoints, and proofs against them.

use super::{
    access::Query,
    error::{Code, error, failure, field_error},
    scalars::Position,
    view::View,
};
use crate::dispatch::NotProved;
use async_graphql::{Error, Object, Result, SimpleObject};
use event_log::{Digest, Tree};

/// The log of one scheme.
pub struct Log {
    view: View,
}

/// How many records the log has and their root, signed. Keep it somewhere else: whoever has it can prove later that nothing
/// up to then was changed, dropped or inserted.
#[derive(SimpleObject)]
pub struct LogCheckpoint {
    /// Which log, as the signed text names it.
    pub origin: String,
    /// How many records it is of: the position of the last.
    pub size: Position,
    /// The root over their leaves, in hexadecimal.
    pub root: String,
    /// The signed text itself (C2SP `tlog-checkpoint`): what is to be kept, byte for byte.
    pub note: String,
}

/// A key with which the log signs its checkpoints, or signed them.
#[derive(SimpleObject)]
pub struct LogKey {
    /// What signatures are verified with: a verifier key of C2SP `signed-note`.
    pub key: String,
    /// Since when it signs, by the scheme's clock.
    pub since: String,
}

/// What proves that a record is in the log (RFC 9162, section 2.1.3). Hashes are in hexadecimal.
#[derive(SimpleObject)]
pub struct LogInclusionProof {
    /// Where the record stands.
    pub position: Position,
    /// The size of the log it is proved to be in.
    pub size: Position,
    /// The root of the log of that size.
    pub root: String,
    /// The hash of the record's leaf: SHA-256 of a zero byte and the leaf.
    pub leaf_hash: String,
    /// The hashes beside the way from the leaf to the root, lowest first.
    pub path: Vec<String>,
}

/// What proves that the log of one size is the beginning of the log of another (RFC 9162, section 2.1.4). Hashes are in
/// hexadecimal.
#[derive(SimpleObject)]
pub struct LogConsistencyProof {
    /// The earlier size.
    pub from: Position,
    /// The later size.
    pub to: Position,
    /// The root of the log of the earlier size.
    pub from_root: String,
    /// The root of the log of the later size.
    pub to_root: String,
    /// The hashes that lead to both.
    pub path: Vec<String>,
}

impl View {
    /// The log behind this scheme, for whom the matrix lets see it.
    pub fn log(&self) -> Result<Log> {
        self.ask_of_all(Query::Log)?;
        // Checkpoints and keys are no state of the scheme.
        self.go_beyond();
        Ok(Log { view: self.clone() })
    }

    /// What proves that the record at `position` is in the log of `size` records, of this state where no size is given. Of what
    /// the log has not got, the error tells `field`.
    pub async fn prove_inclusion(
        &self,
        position: Position,
        size: Option<Position>,
        field: &str,
    ) -> Result<LogInclusionProof> {
        let size = size.map_or(self.snapshot().position(), |size| size.0);
        let prove = move |tree: &Tree| {
            let at = event_log::Position(position.0);
            Ok((
                tree.root(size)?,
                tree.leaf_head(at)?,
                tree.inclusion(at, size)?,
            ))
        };
        let proved = self.platform().in_tree(self.scheme_id(), prove).await;
        let (root, leaf, path) = proved.map_err(|found| not_proved(&found, field))?;
        Ok(LogInclusionProof {
            position,
            size: Position(size),
            root: root.to_string(),
            leaf_hash: leaf.to_string(),
            path: texts(&path),
        })
    }
}

/// The history as a log that proves itself: a Merkle tree over its records (RFC 9162), without anything that was recorded.
#[Object]
impl Log {
    /// The signed checkpoint of everything recorded by now.
    async fn checkpoint(&self) -> Option<Result<LogCheckpoint>> {
        let platform = self.view.platform();
        let signed = platform.checkpoint(self.view.scheme_id()).await;
        Some(
            signed
                .map_err(|found| not_proved(&found, "checkpoint"))
                .map(|signed| {
                    let of = signed.checkpoint();
                    LogCheckpoint {
                        origin: of.origin.clone(),
                        size: Position(of.size),
                        root: of.root.to_string(),
                        note: signed.to_string(),
                    }
                }),
        )
    }

    /// Every key that signs or signed checkpoints of this log, the one that signs now last.
    async fn keys(&self) -> Option<Result<Vec<LogKey>>> {
        let platform = self.view.platform();
        let keys = platform.log_keys(self.view.scheme_id()).await;
        let shown = |known: event_log::LogKey| LogKey {
            key: known.key.to_string(),
            since: known.since,
        };
        let keys = keys.map(|keys| keys.into_iter().map(shown).collect());
        Some(keys.map_err(|found| not_proved(&found, "keys")))
    }

    /// What proves that the record at `position` is in the log.
    async fn inclusion_proof(
        &self,
        #[graphql(desc = "Where the record stands.")] position: Position,
        #[graphql(
            desc = "The size of the log it is to be proved in; that of this state when absent."
        )]
        size: Option<Position>,
    ) -> Option<Result<LogInclusionProof>> {
        Some(self.view.prove_inclusion(position, size, "position").await)
    }

    /// What proves that the log of `from` records is the beginning of the log of `to` records.
    async fn consistency_proof(
        &self,
        #[graphql(desc = "The earlier size: that of a checkpoint that was kept.")] from: Position,
        #[graphql(desc = "The later size; that of this state when absent.")] to: Option<Position>,
    ) -> Option<Result<LogConsistencyProof>> {
        let to = to.map_or(self.view.snapshot().position(), |to| to.0);
        let prove = move |tree: &Tree| {
            let path = tree.consistency(from.0, to)?;
            Ok((tree.root(from.0)?, tree.root(to)?, path))
        };
        let platform = self.view.platform();
        let proved = platform.in_tree(self.view.scheme_id(), prove).await;
        let proved = proved.map_err(|found| not_proved(&found, "from"));
        Some(
            proved.map(|(from_root, to_root, path)| LogConsistencyProof {
                from,
                to: Position(to),
                from_root: from_root.to_string(),
                to_root: to_root.to_string(),
                path: texts(&path),
            }),
        )
    }
}

fn texts(path: &[Digest]) -> Vec<String> {
    path.iter().map(Digest::to_string).collect()
}

/// That a log did not prove something, told of a field of the input.
pub fn not_proved(found: &NotProved, field: &str) -> Error {
    match found {
        NotProved::Beyond(head) => {
            let said = format!("The log has {head} records, and the question is about others.");
            field_error(Code::InvalidInput, field, said)
        }
        NotProved::NotYet => error(
            Code::Overloaded,
            "The tree over the log is being worked out anew. Ask again in a while.",
        ),
        NotProved::Failed(found) => failure(found),
    }
}
