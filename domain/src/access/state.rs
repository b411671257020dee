//! The list of access, as far as it stands in clear.

use super::{
    Role,
    event::{AccessGranted, AccessRevoked},
};
use jiff::civil::Date;
use rpds::RedBlackTreeMapSync;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The list of access. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Access {
    #[serde(with = "as_pairs")]
    entries: RedBlackTreeMapSync<(Uuid, Role), Entry>,
}

/// Keys of two parts are no names of members, so in whatever the state is written the list is a list.
mod as_pairs {
    use super::{Entry, RedBlackTreeMapSync, Role, Uuid};
    use serde::{Deserialize, Deserializer, Serializer};

    type Key = (Uuid, Role);

    pub fn serialize<S: Serializer>(
        entries: &RedBlackTreeMapSync<Key, Entry>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(entries.iter())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<RedBlackTreeMapSync<Key, Entry>, D::Error> {
        let entries = Vec::<(Key, Entry)>::deserialize(deserializer)?;
        Ok(entries.into_iter().collect())
    }
}

/// What is said of a holder in a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Whether they are let in; else they are shut out.
    pub granted: bool,
    /// Since when.
    pub since: Date,
}

impl Access {
    /// What is said of a holder in a role, if anything is.
    #[must_use]
    pub fn of(&self, holder: Uuid, role: Role) -> Option<Entry> {
        self.entries.get(&(holder, role)).copied()
    }

    /// The whole list, by holder and role.
    pub fn entries(&self) -> impl Iterator<Item = (Uuid, Role, Entry)> {
        let all = self.entries.iter();
        all.map(|((holder, role), entry)| (*holder, *role, *entry))
    }

    pub(crate) fn granted(&mut self, event: &AccessGranted, since: Date) {
        let granted = true;
        self.note(event.holder, event.role, Entry { granted, since });
    }

    pub(crate) fn revoked(&mut self, event: &AccessRevoked, since: Date) {
        let granted = false;
        self.note(event.holder, event.role, Entry { granted, since });
    }

    fn note(&mut self, holder: Uuid, role: Role, entry: Entry) {
        self.entries.insert_mut((holder, role), entry);
    }
}
