use crate::{
    appointment::{ConfirmFacts, FirstPost, NotifyAppointment, days_in_post},
    identifiers::PersonId,
    spec::{World, notice, ready},
};
use jiff::civil::{Date, date};

/// R011: the time since the appointment is known for each mentee; before the first day, how long it is until then.
#[test]
fn the_days_since_the_post_began_are_counted_and_until_it_begins() {
    let (world, mentee) = ready().eligible_mentee("1");
    assert_eq!(days(&world, mentee, date(2026, 3, 2)), Some(-30));
    assert_eq!(days(&world, mentee, date(2026, 4, 1)), Some(0));
    assert_eq!(days(&world, mentee, date(2026, 7, 1)), Some(91));
}

/// R011: the post that entitles counts, and a day that is put right is put right here too.
#[test]
fn the_post_that_entitles_counts() {
    let (world, mentee) = ready().eligible_mentee("1");
    let appointment = world.appointment();
    let second = NotifyAppointment {
        person: Some(mentee),
        employer: "E06000022".into(),
        first_post: Some(FirstPost::No),
        starts_on: Some(date(2025, 4, 1)),
        ..notice("2")
    };
    let world = world.given(second);
    assert_eq!(days(&world, mentee, date(2026, 4, 1)), Some(0));
    let world = world.given(ConfirmFacts {
        appointment,
        basis: None,
        starts_on: Some(date(2026, 3, 25)),
        ends_on: None,
        first_post: None,
        expected_months: None,
    });
    assert_eq!(days(&world, mentee, date(2026, 4, 1)), Some(7));
}

/// Whoever was forgotten has no day of post.
#[test]
fn nothing_is_counted_of_whoever_was_forgotten() {
    let (mut world, mentee) = ready().eligible_mentee("1");
    world.particulars = crate::Particulars::default();
    assert_eq!(days(&world, mentee, date(2026, 4, 1)), None);
}

fn days(world: &World, mentee: PersonId, today: Date) -> Option<i32> {
    days_in_post(
        &world.scheme,
        &world.particulars,
        world.mentee(mentee),
        today,
    )
}
