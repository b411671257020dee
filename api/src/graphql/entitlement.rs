//! The entitlement check: may this person be mentored, by which rule, and what is left.
//!
//! An employer is told verdict and category. Whether somebody took the offer up is theirs to tell.

use super::{
    access::{Class, Query},
    adoption::{PolicyRule, Versions},
    audit_entry::AuditEntry,
    audit_trail::{AuditEntryConnection, Because},
    connection::weigh,
    error::{Code, error, forbidden},
    kinds::{EntitlementEntry, OfferState, Verdict},
    mentoring::Mentee,
    scalars::{Date, day},
    view::View,
};
use async_graphql::{Error, ID, Object};
use domain::{
    entitlement::Balance,
    identifiers::{EmployerId, PersonId},
};
use projections::{Explained, entitlement};

/// The answer to an entitlement check.
pub struct Entitlement {
    view: View,
    check: entitlement::Check,
}

/// Whom an entitlement check is about, as a client names them.
pub struct Asked<'a> {
    pub person: Option<&'a ID>,
    pub employer: Option<&'a ID>,
    pub employee_number: Option<&'a str>,
}

impl View {
    /// What somebody is entitled to, if the caller may ask that of them.
    pub fn entitlement(&self, person: PersonId) -> Option<Entitlement> {
        if !self.may_check_entitlement(person) {
            return None;
        }
        let (snapshot, today) = (self.snapshot(), self.today());
        let granted = self.ask(Query::Entitlement).ok()?;
        let check = match self.asker().employer_of(granted) {
            // Of somebody who moved on, an employer hears what its own notices came to and nothing else.
            Some(own) => entitlement::check_for(snapshot, person, &own, today),
            None => entitlement::check(snapshot, person, today),
        }?;
        Some(Entitlement {
            view: self.clone(),
            check,
        })
    }

    /// The same for somebody named by id, or by employer and number.
    pub fn entitlement_of(&self, asked: &Asked<'_>) -> Result<Option<Entitlement>, Error> {
        let granted = self.ask(Query::Entitlement)?;
        let person = match (asked.person, asked.employer, asked.employee_number) {
            (Some(person), None, None) => Some(self.ids().person("person", person)?),
            (None, Some(employer), Some(number)) => {
                let employer = self.ids().employer("employer", employer)?;
                // An employer's number names a person, so only those may ask by it who see whose it is.
                let sees_numbers = granted.of_all() && self.sees_of_all(Class::Employment);
                if !sees_numbers && !self.speaks_for(&employer) {
                    return Err(forbidden());
                }
                self.particulars().person_of_number(&employer, number)
            }
            _ => {
                return Err(error(
                    Code::InvalidInput,
                    "Give either `person`, or `employer` and `employeeNumber`.",
                ));
            }
        };
        Ok(person.and_then(|person| self.entitlement(person)))
    }

    fn speaks_for(&self, employer: &EmployerId) -> bool {
        self.caller().employer.as_ref() == Some(&employer.0)
    }
}

/// What somebody is entitled to, by which rules, and what they have left of it.
#[Object]
impl Entitlement {
    /// Who it is about. Null when you may not see them.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.check.person)
    }

    /// Whether they are entitled to the core offer.
    async fn verdict(&self) -> Verdict {
        self.check.verdict.into()
    }

    /// The category of the policy that is met; null when none is.
    async fn category(&self) -> Option<&str> {
        self.check.category.as_deref()
    }

    /// The facts still missing before it can be judged, by the names of the fields of `confirmFacts`.
    async fn missing(&self) -> &[String] {
        &self.check.missing
    }

    /// The versions of policy, register and calendar the verdict was reached with; null for somebody brought forward,
    /// who was judged before the scheme was run here.
    async fn versions(&self) -> Option<Versions> {
        self.check.versions.clone().map(Into::into)
    }

    /// The rules behind it: the verdict's first, then the core offer's.
    async fn rules(&self) -> Vec<PolicyRule> {
        let rules = self.check.rules.iter().cloned();
        rules.map(Into::into).collect()
    }

    /// How the scheme's offer to them stands. Null when you may not see it.
    async fn offer(&self) -> Option<OfferState> {
        self.shown().then(|| self.check.offer.into())
    }

    /// Sessions of the core offer. Null unless they are entitled, or when you may not see it.
    async fn granted(&self) -> Option<u16> {
        self.balance().map(|balance| balance.granted)
    }

    /// Sessions used, over all pairings. Null unless they are entitled, or when you may not see it.
    async fn used(&self) -> Option<u16> {
        self.balance().map(|balance| balance.used)
    }

    /// Sessions left. Null unless they are entitled, or when you may not see it.
    async fn left(&self) -> Option<u16> {
        self.balance().map(|balance| balance.left)
    }

    /// Sessions that were left when mentoring came to its end; they are left again if it is taken up once more. Null
    /// unless they are entitled, or when you may not see it.
    async fn ended(&self) -> Option<u16> {
        self.balance().map(|balance| balance.ended)
    }

    /// The first day of the months in which sessions may be held. Null until a start is agreed or a session held, or
    /// when you may not see it.
    async fn starts_on(&self) -> Option<Date> {
        self.balance()
            .and_then(|balance| day(balance.clock.starts_on))
    }

    /// The last day of those months, with every standstill that has ended added. Null until a start is agreed or a session
    /// held, or when you may not see it.
    async fn until(&self) -> Option<Date> {
        self.balance().and_then(|balance| day(balance.clock.until))
    }

    /// Since when those months stand still, because a pairing broke down or the mentee pauses. Null while they run, or
    /// when you may not see it.
    async fn paused_since(&self) -> Option<Date> {
        self.balance()
            .and_then(|balance| day(balance.clock.paused_since))
    }

    /// The lines behind it, in order: each an event with what it credited and debited. They add up: what all lines
    /// granted, less what they used and what ended, is what is left. Null when you may not see them.
    async fn lines(&self) -> Option<Vec<EntitlementLine>> {
        let lines = self.check.lines.iter().map(|explained| EntitlementLine {
            view: self.view.clone(),
            explained: explained.clone(),
        });
        // What one employer is told has no lines, though it may have a balance.
        let in_full = self.shown() && !self.is_for_employer();
        in_full.then(|| lines.collect())
    }

    /// The entries of the history behind it. Null when you may not see the history.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn because(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<AuditEntryConnection, Error>> {
        let lines = self.check.lines.iter();
        let positions = lines.map(|explained| explained.line.position).collect();
        // What is told of one employer's notices has no lines: it rests on what those left in the history.
        let because = if self.is_for_employer() {
            Because::Subject(self.check.person.0)
        } else {
            Because::Positions(positions)
        };
        self.view.because(because, first, after).await.transpose()
    }
}

impl Entitlement {
    /// Whether the caller may see whether and how the offer was taken up.
    fn shown(&self) -> bool {
        self.view.sees(Class::TakeUp, self.check.person)
    }

    fn is_for_employer(&self) -> bool {
        let granted = self.view.ask(Query::Entitlement).unwrap_or_default();
        self.view.asker().employer_of(granted).is_some()
    }

    fn balance(&self) -> Option<&Balance> {
        self.check.balance.as_ref().filter(|_| self.shown())
    }
}

/// A line of an entitlement.
pub struct EntitlementLine {
    view: View,
    explained: Explained,
}

/// An event that bears on an entitlement, with what it credited and debited.
#[Object]
impl EntitlementLine {
    /// The day it happened.
    async fn on(&self) -> Date {
        self.explained.line.on.into()
    }

    /// The type of the event, for example `session.held`.
    #[graphql(name = "type")]
    async fn kind(&self) -> &str {
        self.explained.line.kind
    }

    /// What it is to the entitlement, in one word.
    async fn entry(&self) -> EntitlementEntry {
        self.explained.entry.into()
    }

    /// Sessions of the core offer that it granted: a credit. Below zero where they were lost.
    async fn granted(&self) -> i32 {
        self.explained.granted
    }

    /// Sessions of the core offer that it used: a debit. Below zero where they were given back.
    async fn used(&self) -> i32 {
        self.explained.used
    }

    /// Sessions that it used beyond those granted.
    async fn outside_core_offer(&self) -> i32 {
        self.explained.outside
    }

    /// Sessions that ended with it unused: a debit. Below zero where they are there again.
    async fn ended(&self) -> i32 {
        self.explained.ended
    }

    /// Days by which it made the months longer, because they had stood still.
    async fn days_added(&self) -> i64 {
        self.explained.days
    }

    /// Sessions used after it, over all pairings.
    async fn used_after(&self) -> u16 {
        self.explained.line.used_after
    }

    /// Sessions left after it.
    async fn left_after(&self) -> u16 {
        self.explained.left_after
    }

    /// The entry of the history. Null when you may not see the history.
    async fn event(&self) -> Option<Result<AuditEntry, Error>> {
        let position = self.explained.line.position;
        self.view.entry(position).await.transpose()
    }
}
