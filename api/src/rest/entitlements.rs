//! `GET /v1/schemes/{scheme}/entitlements`: may this person be mentored, and what is left.
//!
//! An employer's system asks about its own people and hears the verdict alone, reached on its own appointments:
//! whether an offer was taken up, or what became of somebody who left, is not its business. Somebody it may not
//! know of and somebody who does not exist are answered alike.

use super::{
    Edge,
    admission::{Visitor, query},
    failure::Refused,
    moment::read,
};
use crate::{
    http::problem::Code,
    identity::{
        access::{self, Class},
        standing::Thing,
    },
};
use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
};
use domain::{
    appointment::{Verdict, Versions},
    entitlement::Balance,
    identifiers::{EmployerId, PersonId},
    mentoring::Offer,
    policy::Rule,
};
use jiff::civil::Date;
use projections::{Snapshot, entitlement};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The answer to an entitlement check. What the asker may not see is absent.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entitlement {
    /// Whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonId>,
    /// Whether they are entitled.
    verdict: Verdict,
    /// The category of the policy that is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    /// What the verdict rests on; absent for somebody who was judged elsewhere, before.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<Versions>,
    /// Facts that are not known yet, by the names they have in a notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<String>>,
    /// The rules behind it: the verdict's first, then the core offer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Vec<Rule>>,
    /// How the scheme's offer stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    offer: Option<OfferState>,
    /// What was given, used and is left; absent unless they are entitled.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<SessionBalance>,
    /// Stands for the state this was read from.
    version: String,
}

/// How the scheme's offer to somebody stands.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum OfferState {
    /// It was not made.
    NotMade,
    /// It was made and is not answered.
    Open,
    /// They said no; it stays open.
    Declined,
    /// They said yes.
    Accepted,
}

impl From<Offer> for OfferState {
    fn from(offer: Offer) -> Self {
        match offer {
            Offer::NotMade => Self::NotMade,
            Offer::Open => Self::Open,
            Offer::Declined => Self::Declined,
            Offer::Accepted => Self::Accepted,
        }
    }
}

/// Sessions and months of an entitlement.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SessionBalance {
    /// Sessions of the core offer.
    granted: u16,
    /// Sessions used, over all pairings.
    used: u16,
    /// Sessions left.
    left: u16,
    /// Sessions that were left when mentoring came to its end.
    ended: u16,
    /// The first day of its months; absent until a start is agreed or a session held.
    #[serde(skip_serializing_if = "Option::is_none")]
    starts_on: Option<Date>,
    /// The last day of its months.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
    /// Since when the months stand still.
    #[serde(skip_serializing_if = "Option::is_none")]
    paused_since: Option<Date>,
}

impl From<Balance> for SessionBalance {
    fn from(balance: Balance) -> Self {
        Self {
            granted: balance.granted,
            used: balance.used,
            left: balance.left,
            ended: balance.ended,
            starts_on: balance.clock.starts_on,
            until: balance.clock.until,
            paused_since: balance.clock.paused_since,
        }
    }
}

/// Whom the question is about: a person, or an employer's number for somebody.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    person: Option<Uuid>,
    employer: Option<EmployerId>,
    employee_number: Option<String>,
    at_least: Option<String>,
    as_of: Option<String>,
}

/// The handler.
pub async fn check(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Entitlement>, Refused> {
    let (matrix, role) = (&edge.matrix, visitor.0.role);
    let granted = visitor.granted(matrix.query(role, access::Query::Entitlement))?;
    let eligibility = visitor.granted(matrix.class(role, Class::Eligibility))?;
    let take_up = matrix.class(role, Class::TakeUp);
    let scheme = visitor.scheme(path)?;
    let asked = query(asked)?;
    // An employer's number names a person, so of those who may ask about anybody only those may ask by it who see it.
    if granted.of_all() && asked.employee_number.is_some() {
        visitor.granted(matrix.class(role, Class::Employment))?;
    }
    let (at_least, as_of) = (asked.at_least.as_deref(), asked.as_of.as_deref());
    let read = read(&edge, &visitor, &scheme, at_least, as_of).await?;
    let (snapshot, today) = (&*read.snapshot, read.today);
    let version = edge.platform.tokens().version(&scheme, snapshot.position());
    let standing = read.asker(&visitor);
    let own = standing.employer_of(granted);
    let found = asked.whom(own.as_ref(), snapshot)?;
    let answer = found.and_then(|person| {
        let thing = Thing::Person(person);
        if !standing.may(granted, thing) || !standing.may(eligibility, thing) {
            return None;
        }
        let answer = match &own {
            Some(own) => for_employer(snapshot, person, own, today, version)?,
            None => in_full(snapshot, person, today, version)?,
        };
        Some(if standing.may(take_up, thing) {
            answer
        } else {
            answer.without_take_up()
        })
    });
    answer.map(Json).ok_or_else(|| {
        let detail = "Nobody like that is known here to whom you may ask.";
        Refused::new(Code::NotFound, detail)
    })
}

impl Asked {
    /// The person meant, if the scheme knows them.
    fn whom(
        &self,
        own: Option<&EmployerId>,
        snapshot: &Snapshot,
    ) -> Result<Option<PersonId>, Refused> {
        let employer = self.employer.as_ref().or(own);
        match (self.person, &self.employee_number, employer) {
            (Some(person), None, _) if self.employer.is_none() => Ok(Some(PersonId(person))),
            (None, Some(_), Some(employer)) if own.is_some_and(|own| own != employer) => Ok(None),
            (None, Some(number), Some(employer)) => Ok(snapshot
                .particulars
                .person_of_number(employer, number.trim())),
            _ => Err(Refused::new(
                Code::Invalid,
                "Ask either by `person`, or by `employer` with `employeeNumber`.",
            )),
        }
    }
}

impl Entitlement {
    /// The same for somebody to whom the matrix does not show whether an offer was taken up.
    fn without_take_up(self) -> Self {
        Self {
            offer: None,
            balance: None,
            ..self
        }
    }
}

fn in_full(
    snapshot: &Snapshot,
    person: PersonId,
    today: Date,
    version: String,
) -> Option<Entitlement> {
    let check = entitlement::check(snapshot, person, today)?;
    Some(Entitlement {
        person: Some(person),
        verdict: check.verdict,
        category: check.category,
        versions: check.versions,
        missing: Some(check.missing),
        rules: Some(check.rules),
        offer: Some(check.offer.into()),
        balance: check.balance.map(SessionBalance::from),
        version,
    })
}

/// The verdict on what this employer told: of several the most favourable, and of equal ones the latest. Whether the offer
/// was taken up is in it only where the person agreed to that.
fn for_employer(
    snapshot: &Snapshot,
    person: PersonId,
    own: &EmployerId,
    today: Date,
    version: String,
) -> Option<Entitlement> {
    let check = entitlement::check_for(snapshot, person, own, today)?;
    let agreed = entitlement::shows_take_up(snapshot, person, own);
    Some(Entitlement {
        person: None,
        verdict: check.verdict,
        category: check.category,
        versions: check.versions,
        missing: None,
        rules: None,
        offer: agreed.then(|| check.offer.into()),
        balance: check.balance.map(SessionBalance::from),
        version,
    })
}
