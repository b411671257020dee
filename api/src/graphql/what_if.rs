//! What another policy would come to. A question: nothing is recorded, and the history is as it is.
//!
//! It is worked out from the sealed facts of appointments, and a policy could be written that tells any of them by its verdict.
//! So beside the line of the question it takes the one that shows those facts.

use super::{
    access::{Class, Query},
    adoption::named_policy,
    appointment::Appointment,
    connection::{Wanted, connection, weigh},
    error::{Code, field_error, forbidden},
    kinds::Verdict,
    scalars::Date,
    view::View,
};
use async_graphql::{InputObject, Json, Object, Result, SimpleObject};
use domain::{
    identifiers::AppointmentId,
    policy::{Entitlement, Policy},
};
use projections::what_if::{self, Otherwise, Reason};
use serde_json::Value;

/// Which policy is tried. Give either a policy this service ships or a document of your own.
#[derive(Debug, Clone, InputObject)]
pub struct PolicyToTry {
    /// The version of a policy this service ships: `mentor-plus-2017` or `newly-appointed-directors-2026`.
    pub shipped: Option<String>,
    /// A policy of your own, in the shape that `adoptPolicy` takes.
    pub document: Option<Json<Value>>,
}

/// What another policy comes to for the appointments that were notified in a period.
pub struct WhatIf {
    view: View,
    policy: Policy,
    list: String,
    found: what_if::WhatIf,
}

/// An appointment that would have been judged otherwise, or have entitled to something else.
#[derive(SimpleObject)]
pub struct WhatIfChange {
    /// The appointment.
    pub appointment: Option<Appointment>,
    /// As it was judged last.
    pub judged: WhatIfVerdict,
    /// As it would be judged.
    pub would: WhatIfVerdict,
}

/// A verdict with what it rests on and what it gives.
#[derive(SimpleObject)]
pub struct WhatIfVerdict {
    /// The verdict.
    pub verdict: Verdict,
    /// The category that is met; null where none is.
    pub category: Option<String>,
    /// The code of the rule it rests on.
    pub rule: String,
    /// The facts it waits for.
    pub missing: Vec<String>,
    /// The version of the policy.
    pub policy: String,
    /// The most sessions it gives; null unless both policies entitle.
    pub sessions_most: Option<u32>,
    /// The months in which they are to be held; null unless both policies entitle.
    pub months_most: Option<u32>,
}

connection! {
    /// A page of appointments that would have been judged otherwise, by identifier.
    WhatIfChangeConnection, WhatIfChangeEdge, WhatIfChange
}

impl View {
    /// What another policy comes to for what was notified from a day to a day; for all of it where no day is given.
    pub fn what_if(
        &self,
        policy: &PolicyToTry,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<WhatIf> {
        self.ask_of_all(Query::WhatIf)?;
        if !self.sees_of_all(Class::Employment) || !self.sees_of_all(Class::Eligibility) {
            return Err(forbidden());
        }
        let policy = named_policy(policy.shipped.as_deref(), policy.document.as_ref())?;
        policy
            .check()
            .map_err(|reason| field_error(Code::InvalidInput, "document", reason))?;
        let first = from.map_or(jiff::civil::Date::MIN, |day| day.0);
        let last = to.map_or(jiff::civil::Date::MAX, |day| day.0);
        if last < first {
            let message = "`to` lies before `from`: give the first day in `from`.";
            return Err(field_error(Code::InvalidInput, "to", message));
        }
        Ok(WhatIf {
            view: self.clone(),
            list: format!("what-if-{}-{first}-{last}", policy.version),
            found: what_if::what_if(self.snapshot(), &policy, first, last),
            policy,
        })
    }
}

/// What another policy comes to. Whoever was forgotten cannot be judged again, and is counted.
#[Object]
impl WhatIf {
    /// The version of the policy that is tried.
    async fn policy(&self) -> &str {
        &self.policy.version
    }

    /// How many appointments were judged in the history and again.
    async fn compared(&self) -> usize {
        self.found.compared
    }

    /// How many were not: their facts can be read no more, or they were never judged.
    async fn left_out(&self) -> usize {
        self.found.left_out
    }

    /// Those judged otherwise, or entitled to something else, by identifier.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn changed(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<WhatIfChangeConnection>> {
        let all = &self.found.changed;
        let keys: Vec<AppointmentId> = all.iter().map(|one| one.appointment).collect();
        let list = self.list.as_str();
        let page = self.view.page(&Wanted { list, first, after }, &keys);
        Some(page.map(|page| {
            WhatIfChangeConnection::of(&self.view, list, page, |id| {
                let index = all.binary_search_by_key(&id, |one| one.appointment).ok()?;
                all.get(index).map(|one| self.change(one))
            })
        }))
    }
}

impl WhatIf {
    fn change(&self, one: &Otherwise) -> WhatIfChange {
        let (judged, with) = &one.judged;
        let (before, after) = one
            .given
            .as_ref()
            .map_or((None, None), |(before, after)| (Some(before), Some(after)));
        WhatIfChange {
            appointment: self.view.appointment(one.appointment),
            judged: verdict(judged, with, before),
            would: verdict(&one.would, &self.policy.version, after),
        }
    }
}

fn verdict(reason: &Reason, policy: &str, given: Option<&Entitlement>) -> WhatIfVerdict {
    WhatIfVerdict {
        verdict: reason.verdict.into(),
        category: reason.category.clone(),
        rule: reason.rule.clone(),
        missing: reason.missing.clone(),
        policy: policy.to_owned(),
        sessions_most: given.map(|given| u32::from(given.sessions_most)),
        months_most: given.map(|given| u32::from(given.months_most)),
    }
}
