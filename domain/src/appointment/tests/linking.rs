//! Two notices that may be about one person.

use super::{confirm, press};
use crate::{
    Event, Rejection,
    appointment::{ConfirmFacts, FirstPost, LinkPerson, NotifyAppointment, UnlinkPerson},
    identifiers::{AppointmentId, PersonId},
    mentoring::OfferMentoring,
    spec::{World, notice, ready, stranger, yes},
};
use jiff::civil::date;

#[test]
fn a_press_notice_and_a_personnel_notice_are_linked_and_unlinked() {
    let (world, told, read) = told_and_read();
    let own = world.scheme.appointment(read).expect("made").person;
    let link = LinkPerson {
        appointment: read,
        person: told,
    };
    let world = world.when(link.clone()).then(&["person.linked"]);
    assert_eq!(world.mentee(told).appointments.len(), 2);
    assert!(world.mentee(own).appointments.is_empty());
    let unlink = UnlinkPerson { appointment: read };
    let world = world
        .when(link)
        .then_nothing_happens()
        .when(unlink.clone())
        .then(&["person.unlinked"]);
    assert_eq!(world.mentee(told).appointments.len(), 1);
    assert_eq!(world.mentee(own).appointments, [read]);
    world.when(unlink).then_nothing_happens();
}

#[test]
fn a_linked_number_means_the_person_it_was_linked_to() {
    let (world, told, read) = told_and_read();
    let number = world.mentee(told).appointments[0];
    let from_press = world.scheme.appointment(read).expect("made").person;
    let world = world.given(LinkPerson {
        appointment: number,
        person: from_press,
    });
    let world = world
        .when(NotifyAppointment {
            starts_on: Some(date(2026, 6, 1)),
            ..notice("1")
        })
        .then(&["appointment.amended"]);
    let Event::AppointmentAmended(amended) = world.last() else {
        panic!("it was amended");
    };
    assert_eq!(amended.person, from_press);
}

#[test]
fn a_notice_is_linked_to_somebody_the_scheme_knows() {
    let (world, told, read) = told_and_read();
    world
        .when(LinkPerson {
            appointment: read,
            person: stranger(),
        })
        .then_rejected(Rejection::UnknownPerson { person: stranger() })
        .when(LinkPerson {
            appointment: stranger(),
            person: told,
        })
        .then_rejected(Rejection::UnknownAppointment {
            appointment: stranger(),
        })
        .when(UnlinkPerson {
            appointment: stranger(),
        })
        .then_rejected(Rejection::UnknownAppointment {
            appointment: stranger(),
        });
}

#[test]
fn the_only_notice_of_somebody_who_was_offered_mentoring_stays_theirs() {
    let (world, told, read) = told_and_read();
    let number = world.mentee(told).appointments[0];
    let from_press = world.scheme.appointment(read).expect("made").person;
    world
        .given(OfferMentoring { mentee: told })
        .when(LinkPerson {
            appointment: number,
            person: from_press,
        })
        .then_rejected(Rejection::JourneyBegun { person: told });
}

#[test]
fn the_notice_that_entitles_stays_while_an_offer_rests_on_it() {
    let (world, told, read) = told_and_read();
    let number = world.mentee(told).appointments[0];
    let from_press = world.scheme.appointment(read).expect("made").person;
    let world = world
        .given(ConfirmFacts {
            first_post: Some(FirstPost::No),
            ..confirm(read)
        })
        .given(LinkPerson {
            appointment: number,
            person: from_press,
        })
        .given(OfferMentoring { mentee: from_press })
        .given(yes(from_press));
    world
        .when(UnlinkPerson {
            appointment: number,
        })
        .then_rejected(Rejection::JourneyBegun { person: from_press });
}

#[test]
fn a_second_notice_can_be_unlinked_after_the_offer() {
    let (world, told, read) = told_and_read();
    world
        .given(LinkPerson {
            appointment: read,
            person: told,
        })
        .given(OfferMentoring { mentee: told })
        .when(UnlinkPerson { appointment: read })
        .then(&["person.unlinked"]);
}

/// One person told of by the personnel system, and another notice, probably about them, read in the press.
fn told_and_read() -> (World, PersonId, AppointmentId) {
    let (world, told) = ready().eligible_mentee("1");
    let world = world.given(press());
    let read = world.appointment();
    (world, told, read)
}
