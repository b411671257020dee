//! `GET /v1/schemes/{scheme}/work-list`: what is due to whom, as a mail relay reads it.
//!
//! It is the list of the coordinator's screen, in the same order. Reading it changes nothing: what was sent is recorded
//! over GraphQL, and what is done where it is done. Names and addresses go to whom the matrix shows them, to everybody
//! else ids alone.

use super::{
    Edge,
    admission::{Visitor, query},
    failure::Refused,
    moment::read,
};
use crate::{
    graphql::work_list::is_shown,
    http::problem::Code,
    identity::access::{self, Class},
};
use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
};
use domain::{
    Channel,
    appointment::days_in_post,
    identifiers::{InductionDayId, MatchId, PairingId, PersonId},
    work_list::MessageKind,
};
use jiff::civil::Date;
use projections::{
    Snapshot,
    work_list::{About, Item, Place, Sent, items},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name of the list in its cursors.
const LIST: &str = "rest-work-list";
/// Items of a page when nobody says how many.
const FIRST_DEFAULT: usize = 25;
/// The most items of a page.
const FIRST_MOST: usize = 100;

/// A page of what is due to whom, earliest day first, then by person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkList {
    /// The items of this page.
    items: Vec<WorkListItem>,
    /// Stands for the end of this page, to be given as `after`; absent when nothing follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// The scheme's day, by which things are judged as due.
    today: Date,
    /// Stands for the state this was read from; a later read may ask for it by `atLeast`.
    version: String,
}

/// Something that is due to somebody. What the asker may not see is absent.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkListItem {
    /// What is due.
    kind: MessageKind,
    /// To whom.
    person: PersonId,
    /// The day on which to look at it: the follow-up of what was sent last, else the day it is due.
    on: Date,
    /// The last day for it by the rule it rests on.
    due_on: Date,
    /// Whether a working day has begun since the day on which to look at it.
    overdue: bool,
    /// Working days since that day, up to today; 0 while it is not overdue.
    working_days_overdue: usize,
    /// The match it is about.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    of: Option<MatchId>,
    /// The pairing it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pairing: Option<PairingId>,
    /// The induction day of the department it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    dfe_induction_day: Option<InductionDayId>,
    /// What they were sent about it so far, earliest first.
    sent: Vec<WorkListMessage>,
    /// Whether it is known how they are called and reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<ContactState>,
    /// The name they go by.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Their electronic mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Their telephone number, as they write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    telephone: Option<String>,
    /// Of a mentee: the days since they took up their post; less than none until they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    days_in_post: Option<i32>,
}

/// Whether it is known how somebody is called and reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ContactState {
    /// It is.
    Given,
    /// The person was forgotten: nobody can read it any more.
    Erased,
}

/// Something that somebody was sent, without what it said.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WorkListMessage {
    /// The day it was sent.
    on: Date,
    /// How it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
    /// The day on which it is to be looked at again.
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up_on: Option<Date>,
}

impl From<&Sent> for WorkListMessage {
    fn from(sent: &Sent) -> Self {
        Self {
            on: sent.on,
            channel: sent.channel,
            follow_up_on: sent.follow_up_on,
        }
    }
}

/// Which items are asked for, and which page of them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    kind: Option<MessageKind>,
    person: Option<PersonId>,
    due_by: Option<Date>,
    first: Option<usize>,
    after: Option<String>,
    at_least: Option<String>,
    as_of: Option<String>,
}

/// What the asker is shown of each item.
#[derive(Debug, Clone, Copy)]
struct Shown {
    identity: bool,
    time_in_post: bool,
}

/// The handler.
pub async fn show(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<WorkList>, Refused> {
    visitor.granted_of_all(edge.matrix.query(visitor.0.role, access::Query::WorkList))?;
    let scheme = visitor.scheme(path)?;
    let asked = query(asked)?;
    let role = visitor.0.role;
    let sees = |class: Class| edge.matrix.class(role, class).of_all();
    let size = asked.size()?;
    let (at_least, as_of) = (asked.at_least.as_deref(), asked.as_of.as_deref());
    let read = read(&edge, &visitor, &scheme, at_least, as_of).await?;
    let (snapshot, today, named) = (&*read.snapshot, read.today, &read.named);
    let tokens = edge.platform.tokens();
    let after = match &asked.after {
        None => None,
        Some(cursor) => {
            let place = tokens.read_cursor(named, LIST, cursor)?;
            let place: Option<Place> = serde_json::from_slice(&place).ok();
            Some(place.ok_or(crate::dispatch::Failure::ForeignToken)?)
        }
    };
    let mut wanted = items(snapshot, today, sees(Class::Employment));
    wanted.retain(|item| asked.admits(item) && is_shown(&edge.matrix, role, item.place.kind));
    let start = after.map_or(0, |after| {
        wanted.partition_point(|item| item.place <= after)
    });
    let end = start.saturating_add(size).min(wanted.len());
    let next = (end < wanted.len()).then(|| {
        let last = serde_json::to_vec(&wanted[end - 1].place).unwrap_or_default();
        tokens.cursor(named, LIST, &last)
    });
    let shown = Shown {
        identity: sees(Class::Identity),
        time_in_post: sees(Class::TimeInPost),
    };
    let page = wanted[start..end].iter();
    Ok(Json(WorkList {
        items: page
            .map(|item| WorkListItem::of(snapshot, item, today, shown))
            .collect(),
        next,
        today,
        version: tokens.version(&scheme, snapshot.position()),
    }))
}

impl Asked {
    fn size(&self) -> Result<usize, Refused> {
        let size = self.first.unwrap_or(FIRST_DEFAULT);
        if (1..=FIRST_MOST).contains(&size) {
            return Ok(size);
        }
        let detail = format!("`first` must lie between 1 and {FIRST_MOST}.");
        Err(Refused::new(Code::Invalid, detail))
    }

    fn admits(&self, item: &Item) -> bool {
        let Place {
            on, person, kind, ..
        } = item.place;
        self.kind.is_none_or(|wanted| wanted == kind)
            && self.person.is_none_or(|wanted| wanted == person)
            && self.due_by.is_none_or(|day| on <= day)
    }
}

impl WorkListItem {
    fn of(snapshot: &Snapshot, item: &Item, today: Date, shown: Shown) -> Self {
        let Place {
            on,
            person,
            kind,
            about,
        } = item.place;
        let known = &snapshot.particulars;
        let details = known.details(person).filter(|_| shown.identity);
        let mentee = snapshot.scheme.mentees.get(&person);
        let mentee = mentee.filter(|_| shown.time_in_post);
        let contact = match details {
            Some(_) => ContactState::Given,
            None => ContactState::Erased,
        };
        Self {
            kind,
            person,
            on,
            due_on: item.due_on,
            overdue: item.is_overdue(),
            working_days_overdue: item.working_days_overdue,
            of: match about {
                About::Match(id) => Some(id),
                _ => None,
            },
            pairing: match about {
                About::Pairing(id) => Some(id),
                _ => None,
            },
            dfe_induction_day: match about {
                About::InductionDay(id) => Some(id),
                _ => None,
            },
            sent: item.sent.iter().map(Into::into).collect(),
            contact: shown.identity.then_some(contact),
            name: details.and_then(|details| details.name.clone()),
            email: details.and_then(|details| details.email.clone()),
            telephone: details.and_then(|details| details.telephone.clone()),
            days_in_post: mentee
                .and_then(|mentee| days_in_post(&snapshot.scheme, known, mentee, today)),
        }
    }
}
