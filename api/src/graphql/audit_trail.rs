//! The audit trail: what was recorded, by whom, when, on whose word; read from the log as it was written.
//!
//! It shows records without their sealed content. The index of [`projections::trail`] finds the positions, and
//! nothing here is remade from the state.

use super::{
    access::Query,
    audit_entry::AuditEntry,
    audit_filter::AuditFilter,
    connection::{self, Page, Wanted, connection, weigh},
    error::{Code, error, failure, forbidden},
    history::History,
    live::Listener,
    view::View,
};
use crate::identity::access::Relation;
use async_graphql::{Context, Error, ID, Result, Subscription};
use event_log::Record;
use futures_util::{Stream, stream};
use jiff::tz::TimeZone;
use projections::trail::Filter;
use std::collections::VecDeque;
use uuid::Uuid;

/// The name of the list in cursors: positions are the same under every filter.
const LIST: &str = "audit-trail";
/// Entries read from the log at once for a subscription.
const AT_ONCE: usize = 100;

/// What an answer rests on.
pub enum Because {
    /// These entries.
    Positions(Vec<u64>),
    /// Every entry about this.
    Subject(Uuid),
}

connection! {
    /// A page of entries of the history, oldest first.
    AuditEntryConnection, AuditEntryEdge, AuditEntry
}

impl View {
    /// The entries an answer rests on; nothing when the caller may not see the history.
    pub async fn because(
        &self,
        because: Because,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<AuditEntryConnection>> {
        let Some(history) = self.history() else {
            return Ok(None);
        };
        let positions = match because {
            Because::Positions(mut positions) => {
                positions.retain(|position| history.holds(*position));
                positions
            }
            Because::Subject(subject) => {
                let filter = Filter {
                    subject: Some(subject),
                    ..Filter::default()
                };
                history.forward(&filter, 0, usize::MAX)
            }
        };
        let list = LIST;
        let page = self.page(&Wanted { list, first, after }, &positions)?;
        self.entries(page).await.map(Some)
    }

    /// One entry; nothing when the caller may not see the history.
    pub async fn entry(&self, position: u64) -> Result<Option<AuditEntry>> {
        if !self
            .history()
            .is_some_and(|history| history.holds(position))
        {
            return Ok(None);
        }
        let mut records = self.records(&[position]).await?;
        records
            .pop()
            .map(|record| AuditEntry::new(self, record))
            .transpose()
    }

    async fn entries(&self, page: Page<u64>) -> Result<AuditEntryConnection> {
        let records = self.records(&page.keys).await?;
        let mut entries = AuditEntry::all(self, records)?.into_iter();
        Ok(AuditEntryConnection::of(self, LIST, page, |_| {
            entries.next()
        }))
    }

    async fn records(&self, positions: &[u64]) -> Result<Vec<Record>> {
        if positions.is_empty() {
            return Ok(Vec::new());
        }
        let records = self.platform().records(self.scheme_id(), positions).await;
        records.map_err(|found| failure(&found))
    }

    /// The time zone of the scheme's days.
    pub fn time_zone(&self) -> TimeZone {
        let calendar = self.scheme().calendar();
        calendar.map_or(TimeZone::UTC, domain::calendar::Calendar::zone)
    }
}

/// Which page of the history a client wants, in either direction.
pub struct Paging {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

impl View {
    /// A page of the history.
    pub async fn audit_trail(
        &self,
        context: &Context<'_>,
        filter: Option<AuditFilter>,
        paging: Paging,
    ) -> Result<AuditEntryConnection> {
        let granted = self.ask(Query::AuditTrail)?;
        let open = |history: &History<'_>| {
            granted.of_all() || granted.has(Relation::Employer) && !history.is_whole()
        };
        let history = self.history().filter(open).ok_or_else(forbidden)?;
        let filter = self.filter(filter)?;
        let mut page = match paging {
            Paging {
                first,
                after,
                last: None,
                before: None,
            } => self.forward(&history, &filter, first, after.as_deref())?,
            Paging {
                first: None,
                after: None,
                last,
                before,
            } => self.backward(&history, &filter, last, before.as_deref())?,
            _ => {
                return Err(error(
                    Code::InvalidInput,
                    "Give `first` with `after`, or `last` with `before`.",
                ));
            }
        };
        // Counting looks at every entry, so it is done only for those who ask.
        if context.look_ahead().field("totalCount").exists() {
            let count = history.count(&filter);
            page.total = usize::try_from(count).unwrap_or(usize::MAX);
        }
        self.entries(page).await
    }

    fn forward(
        &self,
        history: &History<'_>,
        filter: &Filter,
        first: Option<i32>,
        after: Option<&str>,
    ) -> Result<Page<u64>> {
        let size = connection::size("first", first)?;
        let after: u64 = after.map_or(Ok(0), |cursor| self.read_cursor(LIST, cursor))?;
        let mut keys = history.forward(filter, after, size + 1);
        let has_next = keys.len() > size;
        keys.truncate(size);
        let has_previous = after > 0
            && !history
                .backward(filter, after.saturating_add(1), 1)
                .is_empty();
        Ok(Page {
            keys,
            has_next,
            has_previous,
            total: 0,
        })
    }

    fn backward(
        &self,
        history: &History<'_>,
        filter: &Filter,
        last: Option<i32>,
        before: Option<&str>,
    ) -> Result<Page<u64>> {
        let size = connection::size("last", last)?;
        let before: u64 = before.map_or(Ok(u64::MAX), |cursor| self.read_cursor(LIST, cursor))?;
        let mut keys = history.backward(filter, before, size + 1);
        let has_previous = keys.len() > size;
        keys.truncate(size);
        keys.reverse();
        let has_next = before < u64::MAX
            && !history
                .forward(filter, before.saturating_sub(1), 1)
                .is_empty();
        Ok(Page {
            keys,
            has_next,
            has_previous,
            total: 0,
        })
    }
}

/// What can be followed of the history.
#[derive(Default)]
pub struct AuditTrailSubscription;

#[Subscription]
impl AuditTrailSubscription {
    /// Every new entry of the history, in order and without a gap. It ends when your token expires: subscribe again with
    /// the last cursor as `after`.
    async fn audit_trail(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the scheme.")] scheme: ID,
        #[graphql(desc = "Which entries you want; all when absent.")] filter: Option<AuditFilter>,
        #[graphql(
            desc = "The cursor of an entry: begin behind it, with what was recorded since. Begin with what is recorded from now on when absent."
        )]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<AuditEntryEdge>> + use<>> {
        let mut listener = Listener::open(context, &scheme, Query::AuditTrail).await?;
        let view = listener.view()?;
        let filter = view.filter(filter)?;
        let seen = match after {
            Some(cursor) => view.read_cursor(LIST, &cursor)?,
            None => view.snapshot().position(),
        };
        let following = Following {
            listener,
            filter,
            seen,
            read: VecDeque::new(),
        };
        Ok(stream::unfold(Some(following), Following::next))
    }
}

/// Somebody who follows the history.
struct Following {
    listener: Listener,
    filter: Filter,
    /// Every entry up to here was sent or is not wanted, but for those in `read`.
    seen: u64,
    read: VecDeque<Record>,
}

impl Following {
    async fn next(this: Option<Self>) -> Option<(Result<AuditEntryEdge>, Option<Self>)> {
        let mut this = this?;
        loop {
            // Asked anew for each entry: who may see it may change while they listen.
            let view = match this.listener.view() {
                Ok(view) => view,
                Err(refused) => return Some((Err(refused), None)),
            };
            if let Some(record) = this.read.pop_front() {
                let cursor = view.cursor(LIST, &record.position.0);
                let edge =
                    AuditEntry::new(&view, record).map(|node| AuditEntryEdge { cursor, node });
                return Some((edge, Some(this)));
            }
            match this.read_on(&view).await {
                Ok(()) if this.read.is_empty() => {
                    if !this.listener.changed().await {
                        return None;
                    }
                }
                Ok(()) => {}
                Err(refused) => return Some((Err(refused), None)),
            }
        }
    }

    async fn read_on(&mut self, view: &View) -> Result<(), Error> {
        let trail = &view.snapshot().trail;
        let positions = trail.forward(&self.filter, self.seen, AT_ONCE);
        self.read = view.records(&positions).await?.into();
        self.seen = if positions.len() < AT_ONCE {
            self.seen.max(view.snapshot().position())
        } else {
            positions.last().copied().unwrap_or(self.seen)
        };
        Ok(())
    }
}

/// What a page of the history costs against the limit of complexity, in either direction.
pub fn weigh_both(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    weigh(first.or(last), child)
}
