//! Concerns: shown to whoever referred one, to whom it is about and to the coordinator, and to nobody else.

use super::{
    access::Query,
    adoption::PolicyRule,
    command::{Answer, mutations},
    global_id::Kind,
    kinds::{Channel, Party},
    mentor::Mentor,
    mentoring::Mentee,
    pairing::Pairing,
    scalars::{Date, civil, day},
    view::View,
};
use crate::dispatch::reads::Sensitive;
use async_graphql::{Enum, Error, ID, Object, SimpleObject};
use domain::{
    Event,
    confidence::{self, Act, Departure},
    identifiers::{ConcernId, PairingId},
};
use std::cmp::Reverse;
use uuid::Uuid;

/// A concern.
pub struct Concern {
    view: View,
    state: confidence::Concern,
}

/// How far a concern is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ConcernState {
    /// It was referred, and nobody has acknowledged it.
    Referred,
    /// The coordinator, or whoever stands in, has it in hand.
    Acknowledged,
    /// It was closed.
    Closed,
}

/// On which grounds a concern may be referred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "confidence::ConcernTest")]
pub enum ConcernTest {
    /// Clear reason to believe that statutory duties are breached.
    StatutoryDuties,
    /// Clear reason to believe that children are put at risk, by what is done or left undone.
    ChildrenAtRisk,
}

/// Where a concern can depart from the order in which it is to be referred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "confidence::Departure")]
pub enum ConcernDepartureKind {
    /// It rests on neither test.
    NoTestNamed,
    /// It is not said to go beyond a bad week.
    #[graphql(name = "NOT_BEYOND_A_BAD_WEEK")]
    NotBeyondABadWeek,
    /// Nothing is said of attempts to help the mentee put it right.
    AttemptsNotExhausted,
    /// Attempts went on after the mentee was told, or after it was referred.
    AttemptsExhaustedAfterwards,
    /// The mentee was not told that it must be referred.
    MenteeNotTold,
    /// The mentee was told after it was referred.
    MenteeToldAfterwards,
    /// The reason was not disclosed to the mentee.
    ReasonNotDisclosed,
    /// The reason was disclosed after it was referred.
    ReasonDisclosedAfterwards,
    /// Nothing is said of turning to the coordinator.
    CoordinatorNotContacted,
}

/// Something done with a concern.
#[derive(Debug, Clone, SimpleObject)]
pub struct ConcernStep {
    /// The day.
    pub on: Date,
    /// Who recorded it, as a pseudonym: it tells the coordinator from whoever stood in, as `AuditActor.id` does.
    pub by: Uuid,
}

/// Where a concern departs from the order in which it is to be referred. It refuses nothing and accuses nobody: it says
/// what to ask about.
#[derive(Debug, Clone, SimpleObject)]
pub struct ConcernDeparture {
    /// What departs.
    pub what: ConcernDepartureKind,
    /// The rule it departs from; null where the policy in force on the day has none.
    pub rule: Option<PolicyRule>,
}

impl View {
    /// A concern, if there is one and the caller may know of it.
    pub fn concern(&self, id: ConcernId) -> Option<Concern> {
        let state = self.particulars().confidences().concern(id)?;
        self.shown(state)
    }

    /// The concerns of the scheme, latest first, as far as the caller may know of them.
    pub fn concerns(&self, state: Option<ConcernState>) -> Result<Vec<Concern>, Error> {
        self.ask(Query::Concerns)?;
        Ok(self.concerns_where(|concern| state.is_none_or(|wanted| state_of(concern) == wanted)))
    }

    /// The concerns about a pairing, latest first, as far as the caller may know of them.
    pub fn concerns_of(&self, pairing: PairingId) -> Vec<Concern> {
        self.concerns_where(|concern| concern.pairing == pairing)
    }

    fn concerns_where(&self, is_wanted: impl Fn(&confidence::Concern) -> bool) -> Vec<Concern> {
        let all = self.particulars().confidences().concerns();
        let mut all: Vec<_> = all.filter(|concern| is_wanted(concern)).collect();
        all.sort_by_key(|concern| Reverse((concern.referred_on, concern.id)));
        all.into_iter()
            .filter_map(|concern| self.shown(concern))
            .collect()
    }

    fn shown(&self, state: &confidence::Concern) -> Option<Concern> {
        self.may_see_concern(state).then(|| {
            self.give(Sensitive::Concern, state.mentee);
            Concern {
                view: self.clone(),
                state: state.clone(),
            }
        })
    }
}

fn state_of(concern: &confidence::Concern) -> ConcernState {
    match (concern.acknowledged, concern.closed) {
        (_, Some(_)) => ConcernState::Closed,
        (Some(_), None) => ConcernState::Acknowledged,
        (None, None) => ConcernState::Referred,
    }
}

fn step(step: Option<confidence::Step>) -> Option<ConcernStep> {
    step.map(|step| ConcernStep {
        on: step.on.into(),
        by: step.by,
    })
}

/// A very serious concern that a mentor referred to the coordinator. It is seen by that mentor, by the mentee whom it is
/// about, from the moment it is recorded, and by the coordinator and whoever stands in; by nobody else. What it is about is
/// talked over and has no field. It is gone when the mentee is forgotten.
#[Object]
impl Concern {
    /// The id of the concern.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::Concern, self.state.id)
    }

    /// The pairing.
    async fn pairing(&self) -> Option<Pairing> {
        self.view.pairing(self.state.pairing)
    }

    /// The mentor who referred it, as far as you may see them.
    async fn mentor(&self) -> Option<Mentor> {
        self.view.mentor(self.state.mentor)
    }

    /// The mentee whom it is about, as far as you may see them.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.state.mentee)
    }

    /// How far it is.
    async fn state(&self) -> ConcernState {
        state_of(&self.state)
    }

    /// The day it was referred.
    async fn referred_on(&self) -> Date {
        self.state.referred_on.into()
    }

    /// On whose word it was recorded; null where the mentor recorded it, or nobody said.
    async fn reported_by(&self) -> Option<Party> {
        let reported = self.state.reported_by.as_ref()?;
        Some(reported.party.into())
    }

    /// How it was heard; null where nobody said.
    async fn channel(&self) -> Option<Channel> {
        self.state.channel.map(Into::into)
    }

    /// The tests on which it rests, as the mentor says; empty where they name none.
    async fn rests_on(&self) -> Vec<ConcernTest> {
        let tests = self.state.rests_on().iter();
        tests.map(|test| (*test).into()).collect()
    }

    /// Whether the mentor says that it goes beyond a bad week or what will pass.
    async fn beyond_a_bad_week(&self) -> bool {
        self.state.statement.beyond_a_bad_week
    }

    /// The day by which reasonable attempts to help the mentee had failed, as claimed; null where nothing is.
    async fn attempts_exhausted_on(&self) -> Option<Date> {
        day(self.state.statement.attempts_exhausted_on)
    }

    /// The day the mentee was told that it must be referred, as claimed; null where nothing is.
    async fn mentee_told_on(&self) -> Option<Date> {
        day(self.state.statement.mentee_told_on)
    }

    /// The day the whole reason was disclosed to the mentee, as claimed; null where nothing is.
    async fn reason_disclosed_on(&self) -> Option<Date> {
        day(self.state.statement.reason_disclosed_on)
    }

    /// The day the mentor contacted the coordinator, as claimed; null where nothing is.
    async fn coordinator_contacted_on(&self) -> Option<Date> {
        day(self.state.statement.coordinator_contacted_on)
    }

    /// Where it departs from the order in which a concern is to be referred, with the rule. Empty where it keeps to it.
    async fn departures(&self) -> Vec<ConcernDeparture> {
        let policy = self.view.scheme().policy_on(self.state.referred_on);
        let rule = |departure: Departure| policy?.rule(departure.rule()).cloned();
        let all = self.state.departures().into_iter();
        all.map(|departure| ConcernDeparture {
            what: departure.into(),
            rule: rule(departure).map(Into::into),
        })
        .collect()
    }

    /// That somebody has it in hand; null while nobody has said so.
    async fn acknowledged(&self) -> Option<ConcernStep> {
        step(self.state.acknowledged)
    }

    /// That it was closed; null while it is open.
    async fn closed(&self) -> Option<ConcernStep> {
        step(self.state.closed)
    }
}

/// The concern that was referred, or the one that says the same already.
fn referred(answer: &Answer, command: &confidence::ReferConcern) -> Option<Concern> {
    let made = answer.events.iter().find_map(|recorded| {
        let Event::ConfidentialRecorded(confidential) = &recorded.event else {
            return None;
        };
        match &confidential.act.open()?.act {
            Act::ConcernReferred(referral) => Some(referral.concern),
            _ => None,
        }
    });
    if let Some(concern) = made {
        return answer.view.concern(concern);
    }
    let same = answer.view.concerns_where(|concern| {
        concern.closed.is_none()
            && (concern.pairing, concern.mentor, concern.mentee)
                == (command.pairing, command.mentor, command.mentee)
    });
    same.into_iter().next()
}

mutations! {
    ConcernMutations;

    /// Refers a very serious concern to the coordinator. Nothing is recorded before, and nothing you leave out or did in
    /// another order refuses it: departures are judged and shown. If a child is at risk now, do not wait for this: ring.
    /// The mentee sees at once that it was referred, when, and on which test. What it is about has no field. Dates are
    /// days, as you claim them. The coordinator records it on the mentor's word, in `reportedBy`.
    "referConcern" refer_concern
    /// What `referConcern` needs.
    input ReferConcernInput {
        /// The id of the pairing, which may be over.
        pairing: ID,
        /// The id of the mentor who refers.
        mentor: ID,
        /// The id of the mentee whom it is about.
        mentee: ID,
        /// The tests it meets: one, or both. It is taken without any, too.
        #[graphql(default)]
        rests_on: Vec<ConcernTest>,
        /// Whether it goes beyond a bad week or what will pass.
        #[graphql(default)]
        beyond_a_bad_week: bool,
        /// The day by which reasonable attempts to help the mentee put it right had failed.
        attempts_exhausted_on: Option<Date>,
        /// The day the mentee was told that it must be referred.
        mentee_told_on: Option<Date>,
        /// The day the whole reason was disclosed to the mentee.
        reason_disclosed_on: Option<Date>,
        /// The day the mentor contacted the coordinator.
        coordinator_contacted_on: Option<Date>,
    }
    /// What came of `referConcern`.
    payload ReferConcernPayload {
        /// The concern; null when the command was refused or only tried.
        concern: Concern
    }
    command(given, asked) {
        let ids = asked.view().ids();
        confidence::ReferConcern {
            pairing: ids.pairing("pairing", &given.pairing)?,
            mentor: ids.person("mentor", &given.mentor)?,
            mentee: ids.person("mentee", &given.mentee)?,
            statement: confidence::Statement {
                rests_on: given.rests_on.iter().map(|test| (*test).into()).collect(),
                beyond_a_bad_week: given.beyond_a_bad_week,
                attempts_exhausted_on: civil(given.attempts_exhausted_on),
                mentee_told_on: civil(given.mentee_told_on),
                reason_disclosed_on: civil(given.reason_disclosed_on),
                coordinator_contacted_on: civil(given.coordinator_contacted_on),
            },
        }
    }
    changed(answer, command) { referred(answer, command) }

    /// Acknowledges a concern: the coordinator, or whoever stands in, has it in hand. Mentor and mentee see that.
    "acknowledgeConcern" acknowledge_concern
    /// What `acknowledgeConcern` needs.
    input AcknowledgeConcernInput {
        /// The id of the concern.
        concern: ID,
    }
    /// What came of `acknowledgeConcern`.
    payload AcknowledgeConcernPayload {
        /// The concern; null when the command was refused.
        concern: Concern
    }
    command(given, asked) {
        confidence::AcknowledgeConcern { concern: asked.view().ids().concern("concern", &given.concern)? }
    }
    changed(answer, command) { answer.view.concern(command.concern) }

    /// Closes a concern. What was decided is not recorded here.
    "closeConcern" close_concern
    /// What `closeConcern` needs.
    input CloseConcernInput {
        /// The id of the concern.
        concern: ID,
    }
    /// What came of `closeConcern`.
    payload CloseConcernPayload {
        /// The concern; null when the command was refused.
        concern: Concern
    }
    command(given, asked) {
        confidence::CloseConcern { concern: asked.view().ids().concern("concern", &given.concern)? }
    }
    changed(answer, command) { answer.view.concern(command.concern) }
}
