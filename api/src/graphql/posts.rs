//! The register of posts: every post there is, who holds it, and when that was last confirmed.
//!
//! Employer, post and holder stand here side by side, so all of it is for those who may see where people work.

use super::{
    access::{Class, Query},
    audit_trail::{AuditEntryConnection, Because},
    command::mutations,
    connection::{Wanted, connection, weigh},
    global_id::Kind,
    kinds::{AppointmentSource, Basis, FirstPost},
    mentor::{Mentor, PersonDetailsInput},
    mentoring::Mentee,
    personal::PersonalText,
    register::Employer,
    scalars::{Date, civil, day},
    view::View,
};
use async_graphql::{Enum, Error, ID, InputObject, Object, Result};
use domain::{
    identifiers::EmployerId,
    posts::{self as rules, ConfirmPost},
};
use projections::posts::{self, Only, Post};

/// How it stands with a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::posts::Standing")]
pub enum PostStanding {
    /// Somebody holds it, or is to take it up.
    Held,
    /// Nobody holds it, as was told.
    Vacant,
    /// Nobody has told of it.
    Unknown,
    /// Its employer exists no more; others took over.
    Ended,
}

/// Which posts you want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "projections::posts::Only")]
pub enum PostFilter {
    /// Those to be confirmed again: never confirmed, or longer ago than the policy allows.
    Unconfirmed,
    /// Those that nobody holds.
    Vacant,
    /// Those with a holder for whom it may be the first such post, and who does not take part in the scheme.
    NewHolderOutside,
}

connection! {
    /// A page of posts, in the order of their employers' codes.
    DirectorPostConnection, DirectorPostEdge, DirectorPost
}

/// A post of the register.
pub struct DirectorPost {
    view: View,
    post: Post,
}

/// A post that an employer of the register has, with whoever holds it, as far as the scheme was told.
#[Object]
impl DirectorPost {
    /// The employer. Null when the register in force no longer lists it.
    async fn employer(&self) -> Option<Employer> {
        self.employer_node(&self.post.employer)
    }

    /// The post, by its code in the policy.
    async fn post(&self) -> &str {
        &self.post.post
    }

    /// How it stands with it.
    async fn standing(&self) -> PostStanding {
        self.post.standing.into()
    }

    /// Whoever holds it or is to take it up: nobody, one, or several at a time.
    async fn holders(&self) -> Vec<DirectorPostHolder> {
        self.people(&self.post.holders)
    }

    /// Whoever held it before, as far as the scheme was told.
    async fn former_holders(&self) -> Vec<DirectorPostHolder> {
        self.people(&self.post.former)
    }

    /// Who took over, where the employer exists no more.
    async fn successors(&self) -> Vec<Employer> {
        let successors = self.post.successors.iter();
        successors.filter_map(|id| self.employer_node(id)).collect()
    }

    /// The last day of which the scheme was told who holds it, or that nobody does; null when it never was.
    async fn confirmed_on(&self) -> Option<Date> {
        day(self.post.confirmed_on)
    }

    /// Where the scheme learned of that; null when it never did, or when a pairing was brought forward.
    async fn source(&self) -> Option<AppointmentSource> {
        self.post.source.map(Into::into)
    }

    /// Whether it is to be confirmed again: it never was, or longer ago than the policy allows.
    async fn unconfirmed(&self) -> bool {
        self.post.is_unconfirmed
    }

    /// Whether a holder for whom it may be the first such post does not take part in the scheme.
    async fn new_holder_outside(&self) -> bool {
        self.post.has_new_holder_outside
    }

    /// The entries of the history that told of its holders. Null when you may not see the history.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn because(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<AuditEntryConnection>> {
        let positions = self.post.because(self.view.snapshot());
        let because = Because::Positions(positions);
        self.view.because(because, first, after).await.transpose()
    }
}

impl DirectorPost {
    fn employer_node(&self, id: &EmployerId) -> Option<Employer> {
        let listed = self.view.employer(id)?;
        Some(self.view.employer_node(listed))
    }

    fn people(&self, holders: &[rules::Holder]) -> Vec<DirectorPostHolder> {
        let shown = |holder: &rules::Holder| DirectorPostHolder {
            view: self.view.clone(),
            holder: holder.clone(),
        };
        holders.iter().map(shown).collect()
    }
}

/// Somebody in a post.
pub struct DirectorPostHolder {
    view: View,
    holder: rules::Holder,
}

/// Somebody who holds a post or held it: a person of the scheme, or somebody of whom it has only heard.
#[Object]
impl DirectorPostHolder {
    /// The id of the person. Give it as `person` when a notice is about them, or when they are invited to mentor.
    async fn person(&self) -> ID {
        self.view.id(Kind::Person, self.holder.person)
    }

    /// Their name.
    async fn name(&self) -> PersonalText {
        let person = self.holder.person;
        let known = self.view.particulars().details(person);
        let name = known.and_then(|details| details.name.clone());
        self.view.personal(Class::Identity, person, name).into()
    }

    /// The person as a mentee; null when they are none.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.holder.person)
    }

    /// The person as a mentor; null when they are none.
    async fn mentor(&self) -> Option<Mentor> {
        self.view.mentor(self.holder.person)
    }

    /// Whether they take part in the scheme, as a mentee or a mentor.
    async fn in_scheme(&self) -> bool {
        self.view.scheme().takes_part(self.holder.person)
    }

    /// How they hold it; null when nobody said.
    async fn basis(&self) -> Option<Basis> {
        self.holder.basis.map(Into::into)
    }

    /// The first day in post; null when nobody said.
    async fn since(&self) -> Option<Date> {
        day(self.holder.starts_on)
    }

    /// Whether it is their first post of this kind; null when nobody said.
    async fn first_post(&self) -> Option<FirstPost> {
        self.holder.first_post.map(Into::into)
    }

    /// The first day of which the scheme was told of them in this post.
    async fn known_since(&self) -> Date {
        self.holder.known_since.into()
    }

    /// The last day of which the scheme was told.
    async fn confirmed_on(&self) -> Date {
        self.holder.confirmed_on.into()
    }
}

impl View {
    /// The posts that `only` means, in the order of their employers' codes.
    pub fn director_posts(
        &self,
        employer: Option<&ID>,
        only: Option<PostFilter>,
        wanted: &Wanted<'_>,
    ) -> Result<DirectorPostConnection, Error> {
        self.ask_of_all(Query::DirectorPosts)?;
        let employer = self.ids().employer_if_given("employer", employer)?;
        let only = only.map(Only::from);
        let mut all = posts::posts(self.snapshot(), self.today());
        all.retain(|post| {
            let here = employer.as_ref().is_none_or(|id| *id == post.employer);
            here && only.is_none_or(|only| post.is(only))
        });
        all.sort_by_cached_key(key);
        let keys: Vec<_> = all.iter().map(key).collect();
        let page = self.page(wanted, &keys)?;
        Ok(DirectorPostConnection::of(
            self,
            wanted.list,
            page,
            |wanted| {
                let place = keys.binary_search(&wanted).ok()?;
                Some(DirectorPost {
                    view: self.clone(),
                    post: all.get(place)?.clone(),
                })
            },
        ))
    }

    fn director_post(&self, employer: &EmployerId, title: Option<&str>) -> Option<DirectorPost> {
        self.ask_of_all(Query::DirectorPosts).ok()?;
        let policy = self.scheme().policy_on(self.today());
        let named = title.and_then(|title| policy?.post_called(title));
        let mut all = posts::posts(self.snapshot(), self.today()).into_iter();
        let post = all.find(|post| {
            post.employer == *employer && named.is_none_or(|named| named.code == post.post)
        })?;
        Some(DirectorPost {
            view: self.clone(),
            post,
        })
    }
}

fn key(post: &Post) -> (String, String) {
    (post.employer.0.clone(), post.post.clone())
}

/// Somebody who holds a post, as it is confirmed. What is absent stays as it was known.
#[derive(Debug, Clone, InputObject)]
pub struct DirectorPostHolderInput {
    /// The id of somebody the scheme knows or has heard of. When absent, whoever of this name was told of in this post;
    /// else somebody new.
    pub person: Option<ID>,
    /// How they are called and reached. Somebody new needs a name.
    pub details: Option<PersonDetailsInput>,
    /// How they hold it.
    pub basis: Option<Basis>,
    /// The first day in post.
    pub since: Option<Date>,
    /// Whether it is their first post of this kind.
    pub first_post: Option<FirstPost>,
}

mutations! {
    PostMutations;

    /// Confirms who holds a post, in full: whoever is not named holds it no longer, and an empty list is a vacancy. Said
    /// again on another day it is a new confirmation.
    "confirmPost" confirm_post
    /// What `confirmPost` needs.
    input ConfirmPostInput {
        /// The employer: its id, or its bare code in the register.
        employer: ID,
        /// The post, by its code or by any title the policy knows. May be absent where such an employer has one only.
        post: Option<String>,
        /// Where it was learned.
        source: AppointmentSource,
        /// Everybody who holds it: nobody where it is vacant, two where an interim stands beside a substantive holder.
        holders: Vec<DirectorPostHolderInput>,
    }
    /// What came of `confirmPost`.
    payload ConfirmPostPayload {
        /// The post as it stands now; null when the command was refused.
        post: DirectorPost
    }
    command(given, asked) {
        let ids = asked.view().ids();
        let holder = |given: &DirectorPostHolderInput| -> Result<rules::PostHolder, Error> {
            Ok(rules::PostHolder {
                person: ids.person_if_given("holders.person", given.person.as_ref())?,
                details: given.details.clone().map(Into::into).unwrap_or_default(),
                basis: given.basis.map(Into::into),
                starts_on: civil(given.since),
                first_post: given.first_post.map(Into::into),
            })
        };
        ConfirmPost {
            employer: ids.employer("employer", &given.employer)?,
            post: given.post.clone(),
            source: given.source.into(),
            holders: given.holders.iter().map(holder).collect::<Result<_, Error>>()?,
        }
    }
    changed(answer, command) { answer.view.director_post(&command.employer, command.post.as_deref()) }
}
