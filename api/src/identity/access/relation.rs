//! How an asker can stand to what is asked for, and sets of that.

use super::Section;
use std::fmt;

macro_rules! relations {
    ($($(#[$doc:meta])* $variant:ident = $word:literal;)+) => {
        /// How the asker stands to what is asked for. `access-matrix.toml` says in its head what each word means;
        /// [`crate::identity::standing`] is the one place that finds out whether it holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Relation { $($(#[$doc])* $variant,)+ }

        impl Relation {
            /// Every relation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word, as the access matrix spells it of commands and queries.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

relations! {
    /// Anybody and anything, within the schemes the token reaches.
    Any = "any";
    /// About the asker, made by the asker, or of a match or pairing of which they are a side.
    Own = "own";
    /// About somebody with whom the asker is or was in a pairing.
    Pairing = "pairing";
    /// The same of a mentor, once they approved their pen portrait.
    PairingOnceApproved = "pairing-once-approved";
    /// About the other side of a match that may still go ahead.
    Match = "match";
    /// The same of a mentor, once they approved their pen portrait.
    MatchOnceApproved = "match-once-approved";
    /// An analysis of needs that is shared with a live pairing in which the asker mentors.
    Shared = "shared";
    /// The same, where it is shared to be written.
    SharedToWrite = "shared-to-write";
    /// Something that the asker was sent.
    Sent = "sent";
    /// A third person of whom the office recorded anything.
    Office = "office";
    /// Of a moment: the end of a period of which the figures were published, as it counts now.
    Published = "published";
    /// About people of whom the asker's employer told; of notices, those it gave itself.
    Employer = "employer";
    /// The same of people who agreed that the employer of their present post sees it (Z08).
    EmployerOnceAgreed = "employer-once-agreed";
}

impl Relation {
    /// `visible` reads better of data than `any`; they mean the same.
    #[must_use]
    pub const fn word_in(self, section: Section) -> &'static str {
        match (self, section) {
            (Self::Any, Section::Fields) => "visible",
            _ => self.word(),
        }
    }

    /// What a word means in a section.
    #[must_use]
    pub fn of_word(section: Section, word: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|relation| relation.word_in(section) == word)
    }
}

/// A set of relations: what a line grants to a role, or which of them hold.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Relations(u16);

impl Relations {
    /// None at all.
    pub const NONE: Self = Self(0);

    /// The set of one.
    #[must_use]
    pub const fn only(relation: Relation) -> Self {
        Self(1 << relation as u16)
    }

    /// Both sets together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether nothing is in it: of a grant, "not at all".
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this one is in it.
    #[must_use]
    pub const fn has(self, relation: Relation) -> bool {
        self.0 & Self::only(relation).0 != 0
    }

    /// Of a grant: whether it is without further condition.
    #[must_use]
    pub const fn of_all(self) -> bool {
        self.has(Relation::Any)
    }

    /// Of a grant: whether it takes in the whole of another.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        self.of_all() || self.0 & other.0 == other.0
    }

    /// One after the other.
    pub fn iter(self) -> impl Iterator<Item = Relation> {
        let all = Relation::ALL.iter().copied();
        all.filter(move |relation| self.has(*relation))
    }
}

impl FromIterator<Relation> for Relations {
    fn from_iter<I: IntoIterator<Item = Relation>>(relations: I) -> Self {
        let relations = relations.into_iter();
        relations.fold(Self::NONE, |set, relation| set.or(Self::only(relation)))
    }
}

impl fmt::Debug for Relations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}
