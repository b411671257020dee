//! What may be said of a post.

use super::{
    ConfirmPost, Holder, PostConfirmed, PostFacts, PostHolder, PostKey, PostVacated, Told, holders,
};
use crate::{
    Context, Event, Particulars, Rejection, Scheme, Sealed,
    appointment::{NotifiedPerson, Source, merge_details},
    identifiers::{HoldingId, PersonId},
    limits::{fits, named},
    mentor::PersonDetails,
    policy::Post,
    register::Employer,
    scheme::Terms,
};
use jiff::civil::Date;

/// Everything a confirmation is judged against.
struct Asked<'a> {
    scheme: &'a Scheme,
    particulars: &'a Particulars,
    context: &'a Context,
    terms: Terms<'a>,
    employer: &'a Employer,
    source: Source,
    key: PostKey,
    /// Which of the posts it is that one command is about.
    nth: usize,
    /// Whoever was told of in this post until now.
    before: Vec<Holder>,
}

pub(crate) fn confirm(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &ConfirmPost,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    let employer = terms.employer(&command.employer)?;
    let post = post(&terms, employer, command.post.as_deref())?;
    employer.there_on(context.happened_on)?;
    let key = (employer.id.clone(), post.code.clone());
    let asked = Asked {
        before: known_of(scheme, particulars, &key, context.today),
        scheme,
        particulars,
        context,
        terms,
        employer,
        source: command.source,
        key,
        nth: 0,
    };
    let mut people = Vec::new();
    let mut events = Vec::new();
    for told in &command.holders {
        let person = asked.person(command, told)?;
        if !people.contains(&person) {
            people.push(person);
            events.extend(asked.confirmed(person, told)?);
        }
    }
    let on = context.happened_on;
    for holder in &asked.before {
        // What is told of an earlier day says nothing of whoever was heard of since.
        if holder.holds && !people.contains(&holder.person) && holder.confirmed_on <= on {
            events.push(asked.vacated(holder));
        }
    }
    if people.is_empty() && !asked.before.iter().any(|holder| holder.holds) {
        events.extend(asked.still_vacant());
    }
    Ok(events)
}

/// The posts that somebody gives up who leaves their employer; every post of theirs where no employer is known.
pub(crate) fn left_with(
    scheme: &Scheme,
    particulars: &Particulars,
    person: PersonId,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let terms = scheme.terms(context.today)?;
    let profile = particulars.mentor_profile(person);
    let left = profile.and_then(|profile| profile.employer.as_ref());
    let mut events = Vec::new();
    for (key, known) in holders(scheme, particulars, context.today) {
        if left.is_some_and(|left| *left != key.0) {
            continue;
        }
        let mine = known.iter().find(|holder| holder.person == person);
        let Some(holder) = mine.filter(|holder| holder.holds) else {
            continue;
        };
        let asked = Asked {
            scheme,
            particulars,
            context,
            employer: terms.employer(&key.0)?,
            terms,
            source: Source::Coordinator,
            key,
            nth: events.len(),
            before: Vec::new(),
        };
        events.push(asked.vacated(holder));
    }
    Ok(events)
}

/// The post that is meant: the one that is named, or the only one such an employer has.
fn post<'a>(
    terms: &Terms<'a>,
    employer: &Employer,
    named: Option<&str>,
) -> Result<&'a Post, Rejection> {
    let Some(title) = named else {
        let mut of_kind = terms.policy.posts_of(employer.kind);
        let only = of_kind.next().filter(|_| of_kind.next().is_none());
        return only.ok_or(Rejection::NotOfThisScheme);
    };
    let post = terms
        .policy
        .post_called(title)
        .ok_or(Rejection::NotOfThisScheme)?;
    if post.employer_kinds.contains(&employer.kind) {
        return Ok(post);
    }
    Err(Rejection::PostNotOfEmployer {
        post: post.code.clone(),
        employer: employer.id.clone(),
    })
}

fn known_of(scheme: &Scheme, particulars: &Particulars, key: &PostKey, today: Date) -> Vec<Holder> {
    let mut all = holders(scheme, particulars, today);
    all.remove(key).unwrap_or_default()
}

impl Asked<'_> {
    /// Who is meant: whoever is named, whoever was told of in this post under the same name, or somebody new.
    fn person(&self, command: &ConfirmPost, told: &PostHolder) -> Result<PersonId, Rejection> {
        if let Some(person) = told.person {
            return if self.scheme.knows(person) {
                Ok(person)
            } else {
                Err(Rejection::UnknownPerson { person })
            };
        }
        named(&told.details)?;
        // Whoever is named by identifier beside them may be called otherwise from now on, and is somebody else.
        let is_beside = |person| {
            let mut listed = command.holders.iter();
            listed.any(|other| other.person == Some(person))
        };
        let known = self.before.iter().find(|holder| {
            let details = self.particulars.details(holder.person);
            details.is_some_and(|known| same_name(known, &told.details))
                && !is_beside(holder.person)
        });
        if let Some(holder) = known {
            return Ok(holder.person);
        }
        // Named twice is one person. The place and not the name makes the identifier, which must not tell the name.
        let mut listed = command.holders.iter();
        let place = listed.position(|other| same_name(&other.details, &told.details));
        Ok(self.context.name(&format!("person {}", place.unwrap_or(0))))
    }

    fn confirmed(&self, person: PersonId, told: &PostHolder) -> Result<Option<Event>, Rejection> {
        let (id, known) = self.holding_of(person);
        let on = self.context.happened_on;
        let holding = self.scheme.holdings.get(&id);
        let is_older = holding.is_some_and(|holding| on < holding.told_on);
        let facts = self.facts(told, known, is_older);
        let details = merge_details(self.particulars.details(person), &told.details);
        fits("the post", &(&facts, &details))?;
        let same = self.particulars.post_facts(id) == Some(&facts)
            && self.particulars.details(person) == Some(&details);
        let is_known = |holding: &crate::posts::Holding| {
            let as_told = holding.is_held && holding.source == self.source;
            is_older || (as_told && holding.told_on == on)
        };
        if same && holding.is_some_and(is_known) {
            return Ok(None);
        }
        Ok(Some(Event::PostConfirmed(PostConfirmed {
            holding: id,
            person,
            source: self.source,
            region: self.terms.region_for_figures(self.employer),
            employer_kind: self.employer.kind,
            facts: Sealed::new(person, facts),
            details: Sealed::new(person, NotifiedPerson(details)),
        })))
    }

    /// What is said now takes the place of what was said of an earlier day; what is not said stays.
    fn facts(&self, told: &PostHolder, known: Option<&PostFacts>, is_older: bool) -> PostFacts {
        let (employer, post) = self.key.clone();
        let now = PostFacts {
            employer,
            post,
            basis: told.basis,
            starts_on: told.starts_on,
            first_post: told.first_post,
        };
        let Some(known) = known else { return now };
        let (later, earlier) = if is_older {
            (known, &now)
        } else {
            (&now, known)
        };
        PostFacts {
            basis: later.basis.or(earlier.basis),
            starts_on: later.starts_on.or(earlier.starts_on),
            first_post: later.first_post.or(earlier.first_post),
            ..now.clone()
        }
    }

    fn vacated(&self, holder: &Holder) -> Event {
        let (id, known) = self.holding_of(holder.person);
        let (employer, post) = self.key.clone();
        let facts = known.cloned().unwrap_or(PostFacts {
            employer,
            post,
            basis: holder.basis,
            starts_on: holder.starts_on,
            first_post: holder.first_post,
        });
        self.vacancy(id, holder.person, facts)
    }

    /// It is said of whoever held the post last, so that it is forgotten with them.
    fn still_vacant(&self) -> Option<Event> {
        let on = self.context.happened_on;
        let last = self.before.iter().max_by_key(|holder| holder.confirmed_on);
        let Some(last) = last else {
            let (employer, post) = self.key.clone();
            let facts = PostFacts {
                employer,
                post,
                basis: None,
                starts_on: None,
                first_post: None,
            };
            let nobody = self.context.name("nobody");
            return Some(self.vacancy(self.context.name("holding of nobody"), nobody, facts));
        };
        (last.confirmed_on < on).then(|| self.vacated(last))
    }

    fn vacancy(&self, holding: HoldingId, person: PersonId, facts: PostFacts) -> Event {
        Event::PostVacated(PostVacated {
            holding,
            person,
            source: self.source,
            region: self.terms.region_for_figures(self.employer),
            employer_kind: self.employer.kind,
            facts: Sealed::new(person, facts),
        })
    }

    /// The identifier of this person in this post, with what was said of it.
    fn holding_of(&self, person: PersonId) -> (HoldingId, Option<&PostFacts>) {
        let mut mine = self.scheme.holdings.values().filter_map(|holding| {
            let facts = self.particulars.post_facts(holding.id)?;
            let same_post = (&facts.employer, &facts.post) == (&self.key.0, &self.key.1);
            (holding.person == person && same_post).then_some((holding.id, Some(facts)))
        });
        let new = || {
            // Neither employer nor post: whoever guessed them could tell from the identifier that they are right.
            let label = format!("holding {} of {person}", self.nth);
            (self.context.name(&label), None)
        };
        mine.next().unwrap_or_else(new)
    }
}

/// Whether both carry the same name, in small letters and with single spaces.
fn same_name(one: &PersonDetails, other: &PersonDetails) -> bool {
    let folded = |details: &PersonDetails| -> Option<Vec<String>> {
        let name = details.name.as_deref()?;
        Some(name.split_whitespace().map(str::to_lowercase).collect())
    };
    folded(one).is_some() && folded(one) == folded(other)
}

impl Told {
    /// The identifier under which the history tells of it.
    #[must_use]
    pub const fn subject(self) -> uuid::Uuid {
        match self {
            Self::BroughtForward(pairing) => pairing.0,
            Self::Notice(appointment) => appointment.0,
            Self::Confirmation(holding) => holding.0,
        }
    }
}
