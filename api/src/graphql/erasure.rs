//! Forgetting a person: asked for, confirmed, held, done.

use super::{
    access::Class,
    command::mutations,
    global_id::Kind,
    scalars::{Date, Position},
    view::View,
};
use crate::dispatch::reads::Sensitive;
use async_graphql::{Enum, ID, Object};
use domain::{erasure, identifiers::PersonId};

/// On which ground a person is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::erasure::ErasureGround")]
pub enum ErasureGround {
    /// They asked for it themselves.
    PersonsRequest,
    /// A review of what is retained found that it is needed no longer.
    RetentionEnded,
    /// They should never have been recorded.
    RecordedInError,
    /// Another ground in law.
    OtherLawfulGround,
}

/// What defers an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::erasure::Hold")]
pub enum ErasureHold {
    /// An inquiry or investigation.
    Inquiry,
    /// A concern that is open, or was when this was last recorded. It holds by itself and is never placed by hand.
    OpenConcern,
    /// A claim in law, made or expected.
    LegalClaim,
    /// An audit.
    Audit,
}

/// How far an erasure has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::erasure::Progress")]
pub enum ErasureState {
    /// Asked for, and to be confirmed by somebody else.
    Requested,
    /// Confirmed, and deferred by something.
    Confirmed,
    /// Decided: nothing of the person is read any more, and their keys are being destroyed.
    Decided,
    /// The keys are destroyed.
    Completed,
}

/// That a person is to be forgotten, or was. It names them by an opaque id only.
pub struct Erasure {
    view: View,
    state: erasure::Erasure,
}

impl View {
    /// Somebody's erasure, if it was asked for.
    pub fn erasure(&self, person: PersonId) -> Option<Erasure> {
        let state = self.scheme().erasures.of(person)?.clone();
        Some(Erasure {
            view: self.clone(),
            state,
        })
    }

    /// Every erasure that was asked for and not taken back, in the order in which they were asked for.
    pub fn erasures(&self) -> Vec<Erasure> {
        let all = self.scheme().erasures.all().into_iter();
        all.map(|state| Erasure {
            view: self.clone(),
            state: state.clone(),
        })
        .collect()
    }
}

/// That a person is to be forgotten, or was.
#[Object]
impl Erasure {
    /// The id of the person.
    async fn person(&self) -> ID {
        self.view.id(Kind::Person, self.state.person)
    }

    /// On which ground.
    async fn ground(&self) -> ErasureGround {
        self.state.ground.into()
    }

    /// How far it has come.
    async fn state(&self) -> ErasureState {
        self.state.progress().into()
    }

    /// The day on which it was asked for.
    async fn requested_on(&self) -> Date {
        self.state.requested.on.into()
    }

    /// The day on which somebody else confirmed it.
    async fn confirmed_on(&self) -> Option<Date> {
        self.state.confirmed.map(|step| step.on.into())
    }

    /// The day from which on nothing of the person is read.
    async fn decided_on(&self) -> Option<Date> {
        self.state.decided.map(|(on, _)| on.into())
    }

    /// The day on which their keys were destroyed.
    async fn completed_on(&self) -> Option<Date> {
        self.state.completed.map(|(on, _)| on.into())
    }

    /// Where the entry of the history stands that says so. Null until then, and when you may not see positions.
    async fn completed_at(&self) -> Option<Position> {
        let visible = self.view.sees_of_all(Class::Position);
        let completed = self.state.completed.filter(|_| visible);
        completed.map(|(_, position)| Position(position))
    }

    /// What holds it now; empty when nothing does, or when the person was forgotten. Null when you may not see it.
    async fn holds(&self) -> Option<Vec<ErasureHold>> {
        let visible = self.view.sees_of_all(Class::ErasureHolds);
        let holds = erasure::holds_on(self.view.particulars(), self.state.person);
        if visible && holds.has(erasure::Hold::OpenConcern) {
            self.view.give(Sensitive::Concern, self.state.person);
        }
        visible.then(|| holds.standing().map(Into::into).collect())
    }

    /// The ids of those whose erasure has to be asked for and confirmed as well, because a notice stands under the keys of
    /// both; empty when it waits for nobody, or when the person was forgotten. Null when you may not see it.
    async fn waits_for(&self) -> Option<Vec<ID>> {
        let visible = self.view.sees_of_all(Class::ErasureHolds);
        let (scheme, known) = (self.view.scheme(), self.view.particulars());
        let others = erasure::waits_for(scheme, known, self.state.person).into_iter();
        visible.then(|| others.map(|one| self.view.id(Kind::Person, one)).collect())
    }
}

mutations! {
    ErasureMutations;

    /// Asks that a person be forgotten. A mentor or mentee asks it for themselves, with the ground `PERSONS_REQUEST`;
    /// whoever takes that down for them says so in `reportedBy`. Nothing is forgotten before somebody else confirms it.
    "requestErasure" request_erasure
    /// What `requestErasure` needs.
    input RequestErasureInput {
        /// The id of the person: of a mentee, a mentor or a person.
        person: ID,
        /// On which ground.
        ground: ErasureGround,
    }
    /// What came of `requestErasure`.
    payload RequestErasurePayload {
        /// The erasure; null when the command was refused.
        erasure: Erasure
    }
    command(given, asked) {
        erasure::RequestErasure {
            person: asked.view().ids().person("person", &given.person)?,
            ground: given.ground.into(),
        }
    }
    changed(answer, command) { answer.view.erasure(command.person) }

    /// Confirms that a person is to be forgotten, as somebody else than who asked. If nothing holds it, it is decided and
    /// done with the answer, for ever: what they still stood in ends, their keys are destroyed, and no answer shows anything
    /// of them any more. Otherwise it waits for the last hold to be lifted.
    "confirmErasure" confirm_erasure
    /// What `confirmErasure` needs.
    input ConfirmErasureInput {
        /// The id of the person.
        person: ID,
        /// What you know to hold it, beside what was placed before. An open concern need not be named.
        #[graphql(default)]
        holds: Vec<ErasureHold>,
    }
    /// What came of `confirmErasure`.
    payload ConfirmErasurePayload {
        /// The erasure; null when the command was refused.
        erasure: Erasure
    }
    command(given, asked) {
        erasure::ConfirmErasure {
            person: asked.view().ids().person("person", &given.person)?,
            holds: given.holds.iter().map(|hold| (*hold).into()).collect(),
        }
    }
    changed(answer, command) { answer.view.erasure(command.person) }

    /// Takes a request to forget a person back, as long as it is not decided. A mentor or mentee takes back their own.
    "withdrawErasure" withdraw_erasure
    /// What `withdrawErasure` needs.
    input WithdrawErasureInput {
        /// The id of the person.
        person: ID,
    }
    /// What came of `withdrawErasure`.
    payload WithdrawErasurePayload {
        /// The erasure that is left: null, as there is none.
        erasure: Erasure
    }
    command(given, asked) {
        erasure::WithdrawErasure {
            person: asked.view().ids().person("person", &given.person)?,
        }
    }
    changed(answer, command) { answer.view.erasure(command.person) }

    /// Keeps a person from being forgotten, whether that was asked for or not.
    "placeErasureHold" place_erasure_hold
    /// What `placeErasureHold` needs.
    input PlaceErasureHoldInput {
        /// The id of the person.
        person: ID,
        /// Why. An open concern holds by itself and is refused here.
        hold: ErasureHold,
    }
    /// What came of `placeErasureHold`.
    payload PlaceErasureHoldPayload {
        /// The erasure it holds; null when none was asked for, or the command was refused.
        erasure: Erasure
    }
    command(given, asked) {
        erasure::PlaceErasureHold {
            person: asked.view().ids().person("person", &given.person)?,
            hold: given.hold.into(),
        }
    }
    changed(answer, command) { answer.view.erasure(command.person) }

    /// Lifts what keeps a person from being forgotten. With the last hold an erasure that was confirmed is decided and done.
    /// That of a concern is lifted when the concern is closed, and not by the closing: that would tell of it.
    "liftErasureHold" lift_erasure_hold
    /// What `liftErasureHold` needs.
    input LiftErasureHoldInput {
        /// The id of the person.
        person: ID,
        /// Which.
        hold: ErasureHold,
    }
    /// What came of `liftErasureHold`.
    payload LiftErasureHoldPayload {
        /// The erasure it held; null when none was asked for, or the command was refused.
        erasure: Erasure
    }
    command(given, asked) {
        erasure::LiftErasureHold {
            person: asked.view().ids().person("person", &given.person)?,
            hold: given.hold.into(),
        }
    }
    changed(answer, command) { answer.view.erasure(command.person) }
}
