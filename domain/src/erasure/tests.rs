//! Given, when, then: forgetting a person.

mod together;
mod what_ends;

use super::{
    ConfirmErasure, ErasureGround, Hold, LiftErasureHold, PlaceErasureHold, Progress,
    RequestErasure, WithdrawErasure, holds_on,
};
use crate::{
    Party, Rejection,
    appointment::LinkPerson,
    confidence::{CloseConcern, ReferConcern, Statement},
    identifiers::{ConcernId, PersonId},
    mentor::StateCapacity,
    mentoring::OfferMentoring,
    spec::{Paired, World, invite, notice, paired, ready, stranger},
};

pub(super) fn ask(person: PersonId) -> RequestErasure {
    RequestErasure {
        person,
        ground: ErasureGround::RetentionEnded,
    }
}

pub(super) fn confirm(person: PersonId) -> ConfirmErasure {
    ConfirmErasure {
        person,
        holds: vec![],
    }
}

fn place(person: PersonId, hold: Hold) -> PlaceErasureHold {
    PlaceErasureHold { person, hold }
}

fn lift(person: PersonId, hold: Hold) -> LiftErasureHold {
    LiftErasureHold { person, hold }
}

impl World {
    /// Asked for by one and confirmed by another.
    pub(super) fn erased(self, person: PersonId) -> Self {
        self.given(ask(person)).by_another().given(confirm(person))
    }

    fn progress(&self, person: PersonId) -> Progress {
        let erasure = self.scheme.erasures.of(person);
        erasure.expect("it was asked for").progress()
    }
}

/// Z07: erasure is a decision of two, and the second is not the first.
#[test]
fn whoever_asks_does_not_confirm() {
    let (world, person) = ready().eligible_mentee("1");
    let world = world.when(ask(person)).then(&["erasure.requested"]);
    let world = world
        .when(confirm(person))
        .then_rejected(Rejection::SecondPersonNeeded { person });
    assert!(!world.scheme.erasures.is_erased(person));
    let answer = world.by_another().when(confirm(person));
    let world = answer.then(&["erasure.confirmed", "erasure.decided"]);
    assert_eq!(world.progress(person), Progress::Completed);
}

#[test]
fn what_was_not_asked_for_is_not_confirmed_and_what_is_done_is_done() {
    let (world, person) = ready().eligible_mentee("1");
    let world = world
        .when(confirm(person))
        .then_rejected(Rejection::NoErasure { person });
    let world = world.when(ask(stranger())).then_rejected({
        let person = stranger();
        Rejection::UnknownPerson { person }
    });
    let world = world
        .given(ask(person))
        .when(ask(person))
        .then_nothing_happens();
    let other = RequestErasure {
        person,
        ground: ErasureGround::RecordedInError,
    };
    let world = world
        .when(other)
        .then_rejected(Rejection::ErasureAsked { person });
    let world = world.by_another().given(confirm(person));
    let world = world
        .by_another()
        .when(confirm(person))
        .then_nothing_happens();
    let erased = Rejection::PersonErased { person };
    let world = world.when(ask(person)).then_rejected(erased.clone());
    world.when(WithdrawErasure { person }).then_rejected(erased);
}

#[test]
fn a_request_is_taken_back_until_it_is_decided() {
    let (world, person) = ready().eligible_mentee("1");
    let world = world
        .when(WithdrawErasure { person })
        .then_nothing_happens();
    let world = world
        .given(ask(person))
        .when(WithdrawErasure { person })
        .then(&["erasure.withdrawn"]);
    assert!(world.scheme.erasures.of(person).is_none());
    world
        .by_another()
        .when(confirm(person))
        .then_rejected(Rejection::NoErasure { person });
}

/// The person's own request is made by them, or recorded on their word; what others asked for they do not take back.
#[test]
fn a_persons_own_request_is_theirs() {
    let (world, person) = ready().eligible_mentee("1");
    let own = RequestErasure {
        person,
        ground: ErasureGround::PersonsRequest,
    };
    let world = world
        .when(own.clone())
        .then_rejected(Rejection::OwnWordNeeded { person });
    let told = world.clone().on_the_word_of(Party::Mentee);
    told.when(own.clone()).then(&["erasure.requested"]);
    let world = world.acting_as("mentee").given(own);
    let withdrawn = world.acting_as("mentee").when(WithdrawErasure { person });
    let world = withdrawn.then(&["erasure.withdrawn"]).given(ask(person));
    world
        .acting_as("mentee")
        .when(WithdrawErasure { person })
        .then_rejected(Rejection::NoErasure { person });
}

/// Z07: a hold defers it, and with the last one that is lifted it is decided.
#[test]
fn a_hold_defers_it_until_the_last_is_lifted() {
    let (world, person) = ready().eligible_mentee("1");
    let world = world
        .when(place(person, Hold::Inquiry))
        .then(&["hold.placed"])
        .when(place(person, Hold::Inquiry))
        .then_nothing_happens();
    let world = world.given(ask(person));
    let named = ConfirmErasure {
        person,
        holds: vec![Hold::LegalClaim],
    };
    let world = world.by_another().when(named).then(&["erasure.confirmed"]);
    assert_eq!(world.progress(person), Progress::Confirmed);
    let world = world.when(lift(person, Hold::Audit)).then_nothing_happens();
    let world = world
        .when(lift(person, Hold::Inquiry))
        .then(&["hold.lifted"]);
    assert_eq!(world.progress(person), Progress::Confirmed);
    let lifted = world.when(lift(person, Hold::LegalClaim));
    let world = lifted.then(&["hold.lifted", "erasure.decided"]);
    assert_eq!(world.progress(person), Progress::Completed);
}

/// R113: a concern that is open holds it by itself, whether it is about the person or by them, and the events are those of
/// any other hold.
#[test]
fn an_open_concern_is_a_hold_by_itself_and_looks_like_any_other() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let concern = ReferConcern {
        pairing,
        mentor,
        mentee,
        statement: Statement::default(),
    };
    let world = world.acting_as("mentor").given(concern);
    let id: ConcernId = world.made("concern");
    for person in [mentor, mentee] {
        let world = world.clone().given(ask(person));
        let confirmed = world.by_another().when(confirm(person));
        let world = confirmed.then(&["erasure.confirmed"]);
        assert!(holds_on(&world.particulars, person).open_concern);
        let world = world
            .when(lift(person, Hold::OpenConcern))
            .then_rejected(Rejection::ConcernOpen { person });
        // Closing it says nothing of an erasure in clear: the coordinator lifts the hold.
        let closed = world.when(CloseConcern { concern: id });
        let world = closed.then(&["confidential.recorded"]);
        let lifted = world.when(lift(person, Hold::OpenConcern));
        let world = lifted.outcome.map(|events| {
            let kinds: Vec<_> = events.iter().map(crate::Event::kind).collect();
            (kinds.first().copied(), kinds.last().copied())
        });
        assert_eq!(world, Ok((Some("hold.lifted"), Some("erasure.decided"))));
    }
    world
        .when(place(mentee, Hold::OpenConcern))
        .then_rejected(Rejection::HoldsByItself);
}

/// A concern that was opened while another hold stood holds it too.
#[test]
fn a_concern_that_came_later_holds_it_too() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let world = world.given(place(mentee, Hold::Audit)).given(ask(mentee));
    let world = world.by_another().given(confirm(mentee));
    let world = world.acting_as("mentor").given(ReferConcern {
        pairing,
        mentor,
        mentee,
        statement: Statement::default(),
    });
    let lifted = world.when(lift(mentee, Hold::Audit));
    let world = lifted.then(&["hold.lifted"]);
    assert_eq!(world.progress(mentee), Progress::Confirmed);
}

/// Z07: nothing is recorded about somebody who was forgotten, and no key of theirs is made again.
#[test]
fn nothing_more_is_recorded_about_somebody_who_was_forgotten() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.eligible_mentee("1");
    let (world, other) = world.eligible_mentee("2");
    let appointment = world.appointment();
    let world = world.erased(mentor).erased(mentee);
    let world = world
        .when(StateCapacity {
            mentor,
            capacity: 3,
        })
        .then_rejected(Rejection::PersonErased { person: mentor });
    let erased = Rejection::PersonErased { person: mentee };
    let world = world
        .when(OfferMentoring { mentee })
        .then_rejected(erased.clone());
    let mut told = notice("3");
    told.person = Some(mentee);
    let world = world.when(told).then_rejected(erased.clone());
    let mut invited = invite("Ada");
    invited.person = Some(mentee);
    let world = world.when(invited).then_rejected(erased.clone());
    let linked = LinkPerson {
        appointment,
        person: mentee,
    };
    world.when(linked).then_rejected(erased);
    let _ = other;
}

/// A personnel system that tells of somebody who was forgotten tells of somebody new: the number leads to nobody.
#[test]
fn a_number_leads_to_nobody_any_more() {
    let (world, person) = ready().eligible_mentee("1");
    assert_eq!(
        world
            .particulars
            .person_of_number(&crate::spec::BRISTOL.into(), "1"),
        Some(person)
    );
    let world = world.erased(person);
    assert_eq!(world.particulars, ready().particulars);
    let told = world.when(notice("1"));
    let world = told.then(&["appointment.notified", "eligibility.judged"]);
    assert_ne!(world.person(), person);
    assert!(
        world.scheme.mentees.contains_key(&person),
        "its history stays"
    );
}
