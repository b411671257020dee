//! What the marks from 1 to 5 mean: one type for each scale.
//!
//! Higher is more involvement in one table and more need in the others, so no figure may ever be made of two of them
//! (R144). That cannot be written here: a mark is no number, has no arithmetic, and turns into no other mark.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! scales {
    ($($(#[$doc:meta])* $name:ident { $($(#[$mark_doc:meta])* $mark:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$mark_doc])* $mark),+ }
    )+};
}

scales! {
    /// How far a director is personally involved in meeting a challenge, from 1 to 5 (R134). No measure of need.
    Involvement {
        /// 1: only sees to it that the right people deal with it.
        One,
        /// 2: nearer to seeing to it.
        Two,
        /// 3: between the two ends.
        Three,
        /// 4: nearer to leading it in person.
        Four,
        /// 5: directs and manages the change in person.
        Five,
    }

    /// How large a gap in knowledge is, from 1 to 5 (R138).
    KnowledgeGap {
        /// 1: knows it well.
        One,
        /// 2: nearer to knowing it well.
        Two,
        /// 3: between the two ends.
        Three,
        /// 4: nearer to a serious gap.
        Four,
        /// 5: a serious gap.
        Five,
    }

    /// How much a competence needs attention, from 1 to 5 (R141).
    CompetenceNeed {
        /// 1: strong, nothing to be done first.
        One,
        /// 2: nearer to strong.
        Two,
        /// 3: between the two ends.
        Three,
        /// 4: nearer to a certain need.
        Four,
        /// 5: weak, and certainly in need.
        Five,
    }
}
