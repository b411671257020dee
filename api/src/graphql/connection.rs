//! Lists as connections (the Relay specification): pages with a cursor for each entry.

use super::{
    error::{Code, error, field_error},
    view::View,
};
use async_graphql::{Error, SimpleObject};
use serde::{Serialize, de::DeserializeOwned};

/// The entries of a page when a client does not say.
pub const FIRST_DEFAULT: usize = 25;
/// The most entries of a page.
pub const FIRST_MOST: usize = 100;

/// Where a page stands in its list.
#[derive(Debug, Clone, Default, SimpleObject)]
pub struct PageInfo {
    /// Whether entries follow this page.
    pub has_next_page: bool,
    /// Whether entries precede this page.
    pub has_previous_page: bool,
    /// The cursor of the first entry of this page; null when the page is empty.
    pub start_cursor: Option<String>,
    /// The cursor of the last entry of this page, to be given as `after` for the next; null when the page is empty.
    pub end_cursor: Option<String>,
}

/// One page of a list: what its entries are named by, in order.
#[derive(Debug, Clone)]
pub struct Page<K> {
    /// The entries.
    pub keys: Vec<K>,
    /// Whether entries follow.
    pub has_next: bool,
    /// Whether entries precede.
    pub has_previous: bool,
    /// The entries of the whole list.
    pub total: usize,
}

/// How many entries a client wants.
pub fn size(field: &str, wanted: Option<i32>) -> Result<usize, Error> {
    let Some(wanted) = wanted else {
        return Ok(FIRST_DEFAULT);
    };
    usize::try_from(wanted)
        .ok()
        .filter(|wanted| (1..=FIRST_MOST).contains(wanted))
        .ok_or_else(|| {
            let message = format!("`{field}` must lie between 1 and {FIRST_MOST}.");
            field_error(Code::InvalidInput, field, message)
        })
}

/// What a page costs against the limit of complexity: a tenth of its entries, each with what is asked of it.
///
/// The limit itself (2,000) is meant for fields; counting every entry would refuse an ordinary board.
pub fn weigh(wanted: Option<i32>, child: usize) -> usize {
    let entries = wanted
        .and_then(|wanted| usize::try_from(wanted).ok())
        .unwrap_or(FIRST_DEFAULT);
    child.saturating_mul(entries.div_ceil(10)).saturating_add(1)
}

/// What a client gives with every list.
pub struct Wanted<'a> {
    /// A name for the list: a cursor of one list is refused by another.
    pub list: &'a str,
    /// How many entries.
    pub first: Option<i32>,
    /// After which cursor.
    pub after: Option<String>,
}

impl View {
    /// The page of `all`, which ascend, that a client wants.
    pub fn page<K>(&self, wanted: &Wanted<'_>, all: &[K]) -> Result<Page<K>, Error>
    where
        K: Ord + Clone + DeserializeOwned,
    {
        let size = size("first", wanted.first)?;
        let start = match &wanted.after {
            None => 0,
            Some(cursor) => {
                let after: K = self.read_cursor(wanted.list, cursor)?;
                all.partition_point(|key| *key <= after)
            }
        };
        let end = start.saturating_add(size).min(all.len());
        Ok(Page {
            keys: all[start..end].to_vec(),
            has_next: end < all.len(),
            has_previous: start > 0,
            total: all.len(),
        })
    }

    /// The cursor of the entry of `list` that is named by `key`.
    pub fn cursor(&self, list: &str, key: &impl Serialize) -> String {
        let payload = serde_json::to_vec(key).unwrap_or_default();
        let tokens = self.platform().tokens();
        tokens.cursor(self.named(), list, &payload)
    }

    /// What a cursor of `list` names.
    pub fn read_cursor<K: DeserializeOwned>(&self, list: &str, cursor: &str) -> Result<K, Error> {
        let tokens = self.platform().tokens();
        let payload = tokens.read_cursor(self.named(), list, cursor).ok();
        payload
            .and_then(|payload| serde_json::from_slice(&payload).ok())
            .ok_or_else(|| {
                error(
                    Code::BadCursor,
                    "This cursor was not given out for this list.",
                )
            })
    }
}

macro_rules! connection {
    ($(#[$doc:meta])* $connection:ident, $edge:ident, $node:ty) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $connection {
            /// The entries of this page, in order.
            pub edges: Vec<$edge>,
            /// Where this page stands in the list.
            pub page_info: crate::graphql::connection::PageInfo,
            /// The number of entries of the whole list, not only of this page.
            pub total_count: usize,
        }

        /// An entry of a list, with its place.
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// The place of the entry: give it as `after` to go on behind it. Opaque, and of this list only.
            pub cursor: String,
            /// The entry itself.
            pub node: $node,
        }

        impl $connection {
            /// A page whose entries are made of their keys. An entry that cannot be made is left out.
            pub fn of<K: serde::Serialize>(
                view: &crate::graphql::view::View,
                list: &str,
                page: crate::graphql::connection::Page<K>,
                mut node: impl FnMut(K) -> Option<$node>,
            ) -> Self {
                let edges: Vec<$edge> = page
                    .keys
                    .into_iter()
                    .filter_map(|key| {
                        let cursor = view.cursor(list, &key);
                        Some($edge { cursor, node: node(key)? })
                    })
                    .collect();
                let page_info = crate::graphql::connection::PageInfo {
                    has_next_page: page.has_next,
                    has_previous_page: page.has_previous,
                    start_cursor: edges.first().map(|edge| edge.cursor.clone()),
                    end_cursor: edges.last().map(|edge| edge.cursor.clone()),
                };
                Self { edges, page_info, total_count: page.total }
            }
        }
    };
}

pub(super) use connection;
