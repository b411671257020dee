use super::{
    AnnounceDfeInductionDay, GiveUpDfeInductionDay, Place, RecordDfeInductionDay,
    RequestDfeInductionDay,
};
use crate::{
    Rejection,
    identifiers::{InductionDayId, PersonId},
    spec::{World, ready, stranger},
};
use jiff::civil::{Date, date};

const MAY: Date = date(2026, 5, 20);

/// R021: whoever asked first is given the first place.
#[test]
fn places_go_to_those_who_asked_first() {
    let Three { world, people } = three();
    let [first, second, third] = people;
    let world = world
        .when(request(first))
        .then(&["dfe-induction-day.requested"])
        .given(request(second))
        .given(request(third))
        .when(announce(2))
        .then(&[
            "dfe-induction-day.announced",
            "dfe-induction-day.place-given",
            "dfe-induction-day.place-given",
        ]);
    let day = world.made("dfe induction day");
    assert_eq!(place(&world, first), Place::Given(day));
    assert_eq!(place(&world, second), Place::Given(day));
    assert_eq!(place(&world, third), Place::Waiting(date(2026, 3, 2)));
}

/// First come is by the day on which they asked, also where that is told late.
#[test]
fn who_asked_earlier_and_is_recorded_later_stands_before() {
    let Three { world, people } = three();
    let [first, second, _] = people;
    let world = world
        .on(date(2026, 3, 10))
        .given(request(second))
        .happened(date(2026, 3, 4))
        .given(request(first))
        .given(announce(1));
    let day = world.made("dfe induction day");
    assert_eq!(place(&world, first), Place::Given(day));
    assert_eq!(place(&world, second), Place::Waiting(date(2026, 3, 10)));
}

#[test]
fn a_free_place_is_given_at_once_and_a_given_up_one_to_the_next() {
    let Three { world, people } = three();
    let [first, second, third] = people;
    let world = world.given(announce(1));
    let day = world.made("dfe induction day");
    let world = world
        .when(request(first))
        .then(&[
            "dfe-induction-day.requested",
            "dfe-induction-day.place-given",
        ])
        .when(request(first))
        .then_nothing_happens()
        .given(request(second))
        .given(request(third))
        .when(GiveUpDfeInductionDay { mentee: first })
        .then(&[
            "dfe-induction-day.given-up",
            "dfe-induction-day.place-given",
        ]);
    assert_eq!(place(&world, first), Place::NotRequested);
    assert_eq!(place(&world, second), Place::Given(day));
    let world = world
        .when(GiveUpDfeInductionDay { mentee: third })
        .then(&["dfe-induction-day.given-up"])
        .when(GiveUpDfeInductionDay { mentee: third })
        .then_nothing_happens();
    assert_eq!(place(&world, third), Place::NotRequested);
}

#[test]
fn more_places_reach_further_down_the_line_and_fewer_take_none_back() {
    let Three { world, people } = three();
    let world = people
        .iter()
        .fold(world, |world, mentee| world.given(request(*mentee)))
        .given(announce(1));
    let day: InductionDayId = world.made("dfe induction day");
    let again = |places| AnnounceDfeInductionDay {
        day: Some(day),
        ..announce(places)
    };
    let world = world
        .when(again(1))
        .then_nothing_happens()
        .when(again(3))
        .then(&[
            "dfe-induction-day.announced",
            "dfe-induction-day.place-given",
            "dfe-induction-day.place-given",
        ])
        .when(again(1))
        .then(&["dfe-induction-day.announced"]);
    assert_eq!(world.scheme.induction_days.days[&day].placed, people);
}

/// R021: one day each; whoever did not come may ask again, and stands at the end.
#[test]
fn whoever_missed_the_day_may_ask_again_and_whoever_came_need_not() {
    let Three { world, people } = three();
    let [first, second, third] = people;
    let world = world
        .given(request(first))
        .given(request(second))
        .given(announce(2));
    let day = world.made("dfe induction day");
    let record = |mentee, attended| RecordDfeInductionDay {
        day,
        mentee,
        attended,
    };
    let world = world
        .when(record(first, true))
        .then_rejected(Rejection::HappenedInFuture {
            happened_on: MAY,
            today: date(2026, 3, 2),
        })
        .on(date(2026, 5, 21))
        .when(record(first, true))
        .then(&["dfe-induction-day.attended"])
        .when(record(first, true))
        .then_nothing_happens()
        .when(record(second, false))
        .then(&["dfe-induction-day.missed"])
        .when(record(third, false))
        .then_rejected(Rejection::NoPlace { person: third })
        .when(record(third, true))
        .then(&["dfe-induction-day.attended"])
        .when(request(first))
        .then_nothing_happens()
        .when(request(second))
        .then(&["dfe-induction-day.requested"]);
    assert_eq!(place(&world, second), Place::Waiting(date(2026, 5, 21)));
    assert_eq!(place(&world, third), Place::Attended(day));
}

#[test]
fn whoever_was_at_one_day_needs_no_place_at_another() {
    let Three { world, people } = three();
    let [first, second, _] = people;
    let world = world.given(announce(1));
    let may: InductionDayId = world.made("dfe induction day");
    let world = world
        .given(request(first))
        .given(request(second))
        .given(AnnounceDfeInductionDay {
            day: None,
            on: date(2026, 3, 2),
            places: 0,
        });
    let today = world.made("dfe induction day");
    world
        .when(RecordDfeInductionDay {
            day: today,
            mentee: first,
            attended: true,
        })
        .then(&[
            "dfe-induction-day.given-up",
            "dfe-induction-day.place-given",
            "dfe-induction-day.attended",
        ])
        .when(GiveUpDfeInductionDay { mentee: first })
        .then_nothing_happens()
        .when(RecordDfeInductionDay {
            day: may,
            mentee: second,
            attended: false,
        })
        .then_rejected(Rejection::HappenedInFuture {
            happened_on: MAY,
            today: date(2026, 3, 2),
        });
}

#[test]
fn a_place_is_for_somebody_who_accepted_and_at_a_day_that_is_known() {
    let (world, person) = ready().eligible_mentee("1");
    let day = stranger();
    world
        .when(request(person))
        .then_rejected(Rejection::NotAccepted { person })
        .when(RecordDfeInductionDay {
            day,
            mentee: person,
            attended: true,
        })
        .then_rejected(Rejection::UnknownInductionDay { day })
        .when(AnnounceDfeInductionDay {
            day: Some(day),
            ..announce(1)
        })
        .then_rejected(Rejection::UnknownInductionDay { day });
}

/// A day that is over gives nobody a place.
#[test]
fn a_day_that_was_gives_no_places() {
    let Three { world, people } = three();
    let world = world.given(request(people[0])).on(date(2026, 6, 1));
    world
        .when(announce(5))
        .then(&["dfe-induction-day.announced"])
        .when(request(people[1]))
        .then(&["dfe-induction-day.requested"]);
}

struct Three {
    world: World,
    people: [PersonId; 3],
}

/// Three who have accepted mentoring.
fn three() -> Three {
    let (world, first) = ready().accepted_mentee("1");
    let (world, second) = world.accepted_mentee("2");
    let (world, third) = world.accepted_mentee("3");
    Three {
        world,
        people: [first, second, third],
    }
}

fn announce(places: u16) -> AnnounceDfeInductionDay {
    AnnounceDfeInductionDay {
        day: None,
        on: MAY,
        places,
    }
}

fn request(mentee: PersonId) -> RequestDfeInductionDay {
    RequestDfeInductionDay { mentee }
}

fn place(world: &World, mentee: PersonId) -> Place {
    world.mentee(mentee).induction_day
}
