//! Who was given sensitive data of somebody: for the person themselves, and for those who look after the scheme.

use super::{
    access::Query,
    connection::{Wanted, connection},
    error::{Code, failure, field_error, forbidden},
    scalars::{Date, DateTime},
    view::View,
    viewer::Role,
};
use crate::{
    dispatch::reads::{Read, Sensitive},
    identity::{self, standing::Thing},
};
use async_graphql::{Enum, ID, Result, SimpleObject};
use domain::identifiers::PersonId;
use jiff::{Timestamp, civil};
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// A class of data of which it is written down who was given it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Sensitive")]
pub enum SensitiveData {
    /// What a mentor wrote of themselves.
    PenPortrait,
    /// What an analysis of needs says, or with whom it is shared.
    NeedsAnalysis,
    /// What a profile of needs says.
    NeedsProfile,
    /// A concern about a mentee, be it only that there is one. Told to the mentee alone.
    Concern,
    /// What a mentor says of their background, as far as a mentee hopes for it. Told to the mentor alone.
    Characteristics,
}

/// That somebody was given sensitive data of a person on a day, however often on that day.
#[derive(SimpleObject)]
pub struct SensitiveRead {
    /// What they were given.
    pub what: SensitiveData,
    /// The scheme's day.
    pub on: Date,
    /// The first time on that day. Null where it is about yourself: you are told the day.
    pub at: Option<DateTime>,
    /// In which role they asked.
    pub role: Role,
    /// Who was given it, as a pseudonym: the same one as `AuditActor.id`.
    pub reader: Uuid,
}

connection! {
    /// A page of who was given sensitive data, earliest first.
    SensitiveReadConnection, SensitiveReadEdge, SensitiveRead
}

/// Who was given sensitive data of some people: read from the journal once, when it is first asked of one of them.
pub struct Readers {
    people: BTreeSet<PersonId>,
    by_person: OnceCell<BTreeMap<PersonId, Vec<Read>>>,
}

impl Readers {
    /// Of these people.
    pub fn of(people: BTreeSet<PersonId>) -> Self {
        Self {
            people,
            by_person: OnceCell::new(),
        }
    }

    /// Every read of what is `person`'s, earliest first; none of somebody who is not among the people.
    async fn told(&self, view: &View, person: PersonId) -> Result<&[Read]> {
        let by_person = self.by_person.get_or_try_init(|| self.read(view)).await?;
        Ok(by_person.get(&person).map_or(&[][..], Vec::as_slice))
    }

    async fn read(&self, view: &View) -> Result<BTreeMap<PersonId, Vec<Read>>> {
        let mut by_person: BTreeMap<_, Vec<Read>> = BTreeMap::new();
        for read in view.reads_of(self.people.clone()).await? {
            by_person.entry(read.given.of).or_default().push(read);
        }
        Ok(by_person)
    }
}

/// What an entry is named by in its list.
type Key = (Timestamp, Uuid, identity::Role, Sensitive);

fn key(read: &Read) -> Key {
    (read.at, read.reader.id, read.reader.role, read.given.what)
}

impl View {
    /// Who was given sensitive data of `person`, as far as the caller may know of it.
    pub async fn sensitive_reads(
        &self,
        person: Option<&ID>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<SensitiveReadConnection> {
        let granted = self.ask(Query::SensitiveReads)?;
        let named = self.ids().person_if_given("person", person)?;
        let person = named.or(self.me());
        let person =
            person.ok_or_else(|| field_error(Code::InvalidInput, "person", "Say whose data."))?;
        if !self.asker().may(granted, Thing::Person(person)) {
            return Err(forbidden());
        }
        let reads = self.reads_of(BTreeSet::from([person])).await?;
        let keys: Vec<Key> = reads.iter().map(key).collect();
        let list = "sensitive-reads";
        let page = self.page(&Wanted { list, first, after }, &keys)?;
        let is_own = self.me() == Some(person);
        Ok(SensitiveReadConnection::of(self, list, page, |wanted| {
            let found = reads.iter().find(|read| key(read) == wanted)?;
            Some(shown(found, is_own))
        }))
    }

    /// Who was given `what` of `person`, who is among those of `readers`, from a day of the scheme on. What is read twice a day
    /// is written down once, so no instant within a day can be told from another.
    pub async fn given_since(
        &self,
        readers: &Readers,
        (what, person): (Sensitive, PersonId),
        from: civil::Date,
    ) -> Result<Vec<SensitiveRead>> {
        let reads = readers.told(self, person).await?.iter();
        let given = reads.filter(|read| read.given.what == what && from <= read.on);
        let is_own = self.me() == Some(person);
        Ok(given.map(|read| shown(read, is_own)).collect())
    }

    /// Every read of what is of these people that the caller may know of, earliest first.
    async fn reads_of(&self, people: BTreeSet<PersonId>) -> Result<Vec<Read>> {
        // What is read of the journal is no state of the scheme.
        self.go_beyond();
        let reads = self.platform().reads_of(self.scheme_id(), people).await;
        let mut reads = reads.map_err(|found| failure(&found))?;
        let until = self.present().map(|_| self.today());
        reads.retain(|read| until.is_none_or(|day| read.on <= day) && self.may_know_of(read));
        reads.sort_by_key(key);
        Ok(reads)
    }

    /// That a concern was read tells that there is one.
    fn may_know_of(&self, read: &Read) -> bool {
        match read.given.what {
            Sensitive::Concern => self.may_know_of_concerns_about(read.given.of),
            // That there is such a thing is the mentor's own.
            Sensitive::Characteristics => self.me() == Some(read.given.of),
            Sensitive::PenPortrait | Sensitive::NeedsAnalysis | Sensitive::NeedsProfile => true,
        }
    }

    fn may_know_of_concerns_about(&self, mentee: PersonId) -> bool {
        let granted = self.ask(Query::Concerns).unwrap_or_default();
        self.asker().may(granted, Thing::Person(mentee))
    }
}

fn shown(read: &Read, is_own: bool) -> SensitiveRead {
    SensitiveRead {
        what: read.given.what.into(),
        on: read.on.into(),
        at: (!is_own).then_some(DateTime(read.at)),
        role: read.reader.role.into(),
        reader: read.reader.id,
    }
}
