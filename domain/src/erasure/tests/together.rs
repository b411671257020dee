//! Given, when, then: people under whose keys the same notice stands.

use super::{ask, confirm, lift, place};
use crate::{
    Rejection,
    appointment::{LinkPerson, UnlinkPerson},
    erasure::{Hold, Progress, WithdrawErasure, waits_for},
    identifiers::{AppointmentId, PersonId},
    spec::{World, invite, notice, ready},
};
use jiff::civil::date;

/// Two people who take part, and a notice told of the second that was linked to the first.
fn entangled() -> (World, PersonId, PersonId, AppointmentId) {
    let (world, person) = ready().eligible_mentee("1");
    let (world, other) = world.eligible_mentee("2");
    let appointment = world.appointment();
    let world = world.given(LinkPerson {
        appointment,
        person,
    });
    let mut invited = invite("Number 2");
    invited.person = Some(other);
    (world.given(invited), person, other, appointment)
}

impl World {
    fn awaits(&self, person: PersonId) -> Vec<PersonId> {
        waits_for(&self.scheme, &self.particulars, person)
    }
}

/// What was heard under another identifier before it was linked is theirs, and goes along.
#[test]
fn a_notice_that_was_linked_goes_along_under_both_identifiers() {
    let (world, person) = ready().eligible_mentee("1");
    let (world, heard_as) = world.eligible_mentee("2");
    let appointment = world.appointment();
    let world = world.given(LinkPerson {
        appointment,
        person,
    });
    let shared = Rejection::IdentifierShared {
        person: heard_as,
        other: person,
    };
    let world = world.when(ask(heard_as)).then_rejected(shared);
    let world = world.erased(person);
    assert!(world.scheme.erasures.is_erased(heard_as));
    assert_eq!(world.particulars, ready().particulars);
}

/// Z07: one that takes part under its own name is not forgotten along the way: somebody has to ask for it.
#[test]
fn nobody_is_forgotten_along_with_another() {
    let (world, person, other, _) = entangled();
    let world = world.given(ask(person));
    assert_eq!(world.awaits(person), [other]);
    let shared = Rejection::IdentifierShared { person, other };
    world
        .by_another()
        .when(confirm(person))
        .then_rejected(shared);
}

/// Z07: nobody is kept for ever because of a mix-up: both are asked for, and go in one group once both are confirmed.
#[test]
fn two_under_whose_keys_one_notice_stands_are_forgotten_together() {
    let (world, person, other, _) = entangled();
    let world = world.given(ask(person)).given(ask(other));
    let confirmed = world.by_another().when(confirm(person));
    let world = confirmed.then(&["erasure.confirmed"]);
    assert_eq!(world.awaits(person), [other]);
    assert_eq!(world.awaits(other), [], "it is on the other now");
    let world = world.by_another().when(confirm(other)).then(&[
        "erasure.confirmed",
        "erasure.decided",
        "erasure.decided",
    ]);
    for one in [person, other] {
        assert_eq!(world.progress(one), Progress::Completed);
        assert_eq!(world.awaits(one), []);
    }
    assert_eq!(world.particulars, ready().particulars);
}

/// Z07: a hold defers the erasure of everybody who goes together.
#[test]
fn what_holds_one_of_them_holds_both() {
    let (world, person, other, _) = entangled();
    let world = world.given(place(other, Hold::Audit));
    let world = world.given(ask(person)).given(ask(other));
    let world = world.by_another().given(confirm(other));
    let confirmed = world.by_another().when(confirm(person));
    let world = confirmed.then(&["erasure.confirmed"]);
    assert_eq!(world.awaits(person), [other]);
    let lifted = world.when(lift(other, Hold::Audit));
    let world = lifted.then(&["hold.lifted", "erasure.decided", "erasure.decided"]);
    assert_eq!(world.progress(person), Progress::Completed);
}

#[test]
fn who_was_to_go_with_somebody_waits_while_that_is_taken_back() {
    let (world, person, other, _) = entangled();
    let world = world.given(ask(person)).given(ask(other));
    let world = world.by_another().given(confirm(person));
    let world = world.given(WithdrawErasure { person: other });
    assert_eq!(world.progress(person), Progress::Confirmed);
    assert_eq!(world.awaits(person), [other]);
    let world = world.erased(other);
    assert_eq!(world.progress(person), Progress::Completed);
}

/// Z07: what an erasure waited for may be gone without a word about the person; confirmed again, it is decided.
#[test]
fn an_erasure_that_waits_for_nobody_any_more_is_decided_when_it_is_confirmed_again() {
    let (world, person, other, appointment) = entangled();
    let world = world.given(ask(person)).given(ask(other));
    let world = world.by_another().given(confirm(person));
    let again = world.by_another().when(confirm(person));
    let world = again.then_nothing_happens();
    let world = world.given(UnlinkPerson { appointment });
    assert_eq!(world.awaits(person), []);
    assert_eq!(world.progress(person), Progress::Confirmed);
    let again = world.by_another().when(confirm(person));
    let world = again.then(&["erasure.decided"]);
    assert_eq!(world.progress(person), Progress::Completed);
    assert_eq!(world.progress(other), Progress::Requested);
}

/// A link that was put right before anything was told leaves nothing of the one under the key of the other.
#[test]
fn a_link_that_was_put_right_ties_nobody() {
    let (world, person, other, appointment) = entangled();
    let world = world.given(UnlinkPerson { appointment });
    let world = world.erased(person);
    assert!(!world.scheme.erasures.is_erased(other));
    let facts = world.particulars.facts(appointment);
    assert!(facts.is_some(), "the notice is of the other again");
}

/// What was told while it was linked stands under the other's key, wherever the notice is now.
#[test]
fn what_was_told_of_a_notice_while_it_was_linked_ties_both() {
    let (world, person, other, appointment) = entangled();
    let mut again = notice("2");
    again.starts_on = Some(date(2027, 1, 1));
    let told = world.when(again);
    let world = told.then(&["appointment.amended"]);
    let world = world.given(UnlinkPerson { appointment });
    let world = world.given(ask(other));
    let shared = Rejection::IdentifierShared {
        person: other,
        other: person,
    };
    world
        .by_another()
        .when(confirm(other))
        .then_rejected(shared);
}
