//! How a pairing broke down, and what was judged since.

use super::Pairing;
use crate::graphql::{
    access::Class,
    kinds::{BreakdownCause, Judge, Party, ReplacementJudgement},
    mentoring::Mentee,
    scalars::{Date, day},
    view::View,
};
use async_graphql::Object;
use domain::{
    identifiers::PairingId,
    pairing::{self, Judged},
};

/// A breakdown.
pub struct Breakdown {
    view: View,
    pairing: PairingId,
    state: pairing::Breakdown,
    remaining: Vec<pairing::Remaining>,
}

impl Breakdown {
    pub fn new(view: &View, pairing: &pairing::Pairing, breakdown: &pairing::Breakdown) -> Self {
        let judged = breakdown.judged.as_ref();
        let remaining = judged.map_or_else(
            || pairing::remaining(view.scheme(), pairing, breakdown, view.today()),
            |judged| judged.remaining.clone(),
        );
        Self {
            view: view.clone(),
            pairing: pairing.id,
            state: breakdown.clone(),
            remaining,
        }
    }

    fn judged(&self) -> Option<&Judged> {
        self.state.judged.as_ref()
    }

    /// Whether the caller may see how it came about, and not only that it did.
    fn how_shown(&self) -> bool {
        self.view.sees_of_all(Class::DeclineSide)
    }
}

/// How a pairing broke down: without blame, and with nothing of what was said.
#[Object]
impl Breakdown {
    /// The day it broke down.
    async fn on(&self) -> Date {
        self.state.on.into()
    }

    /// Why, as far as anybody says. Null for everybody but the coordinator.
    async fn cause(&self) -> Option<BreakdownCause> {
        self.how_shown().then(|| self.state.cause.into())
    }

    /// Which side reported it. The mentee is expected to; anybody may. Null for everybody but the coordinator.
    async fn reported_by(&self) -> Option<Party> {
        self.how_shown().then(|| self.state.reported_by.into())
    }

    /// What was judged since; null while nothing is.
    async fn judgement(&self) -> Option<ReplacementJudgement> {
        self.judged().map(|judged| judged.judgement.into())
    }

    /// The day it was judged; null while nothing is.
    async fn judged_on(&self) -> Option<Date> {
        day(self.judged().map(|judged| judged.on))
    }

    /// Everybody who took part in judging; empty while nothing is judged.
    async fn judged_by(&self) -> Vec<Judge> {
        let by = self.judged().into_iter().flat_map(|judged| &judged.by);
        by.map(|judge| (*judge).into()).collect()
    }

    /// Whether mentee and coordinator judged together, as they should; null while nothing is judged.
    async fn judged_together(&self) -> Option<bool> {
        self.judged().map(|judged| {
            judged.by.contains(&pairing::Judge::Mentee)
                && judged.by.contains(&pairing::Judge::Coordinator)
        })
    }

    /// What remains of the entitlement, mentee by mentee, as far as you may see it: today while nothing is judged, and
    /// afterwards as it stood when it was.
    async fn remaining(&self) -> Vec<RemainingEntitlement> {
        let all = self.remaining.iter();
        let seen = all.filter(|one| self.view.sees(Class::TakeUp, one.mentee));
        seen.map(|one| RemainingEntitlement {
            view: self.view.clone(),
            state: *one,
        })
        .collect()
    }

    /// The pairings that took its place. Empty until there is one, or when you may not see it.
    async fn replaced_by(&self) -> Vec<Pairing> {
        let all = self.view.scheme().pairings.values();
        let next = all.filter(|next| next.replaces == Some(self.pairing));
        let mut next: Vec<_> = next.map(|next| (next.formed_on, next.id)).collect();
        next.sort_unstable();
        next.into_iter()
            .filter_map(|(_, id)| self.view.pairing(id))
            .collect()
    }
}

/// What remains of one mentee's entitlement.
pub struct RemainingEntitlement {
    view: View,
    state: pairing::Remaining,
}

/// What remains of one mentee's entitlement after a breakdown.
#[Object]
impl RemainingEntitlement {
    /// The mentee. Null when you may not see them.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.state.mentee)
    }

    /// Sessions of the core offer that are left.
    async fn sessions(&self) -> u16 {
        self.state.sessions
    }

    /// Days that are left of its months, from the breakdown on; null while they have not begun.
    async fn days(&self) -> Option<u32> {
        self.state.days
    }
}
