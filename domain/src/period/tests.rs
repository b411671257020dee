use super::{NotAPeriod, Period, Publication, PublishPeriod};
use crate::{
    Rejection,
    spec::{World, invite, nothing_yet, open_scheme, ready},
};
use jiff::civil::{Date, date};

#[test]
fn a_period_that_is_over_is_published_as_it_is_known_then() {
    let world = after_june().when(quarter()).then(&["period.published"]);
    let published = Publication {
        period: SECOND_QUARTER,
        position: world.scheme.position,
    };
    assert_eq!(world.scheme.published.of(SECOND_QUARTER), Some(published));
    assert_eq!(
        world.scheme.published.at(published.position),
        Some(published)
    );
    assert_eq!(world.scheme.published.at(published.position - 1), None);
    assert_eq!(
        world.last().data().expect("JSON"),
        serde_json::json!({ "from": "2026-04-01", "through": "2026-06-30" })
    );
    assert!(world.last().subjects().is_empty());
}

#[test]
fn nothing_is_published_of_a_scheme_that_was_not_opened() {
    nothing_yet()
        .when(quarter())
        .then_rejected(Rejection::SchemeNotOpen);
}

#[test]
fn a_period_does_not_end_before_it_begins() {
    let one_day = date(2026, 6, 30);
    after_june()
        .when(publish(date(2026, 7, 1), date(2026, 6, 30)))
        .then_rejected(Rejection::PeriodBackwards {
            from: date(2026, 7, 1),
            through: date(2026, 6, 30),
        })
        .when(publish(one_day, one_day))
        .then(&["period.published"]);
}

/// On its last day a period is not over, on the day after it is.
#[test]
fn a_period_is_published_once_it_is_over() {
    let last = date(2026, 6, 30);
    let refused = |today| Rejection::PeriodNotOver {
        through: last,
        today,
    };
    ready()
        .on(date(2026, 5, 1))
        .when(quarter())
        .then_rejected(refused(date(2026, 5, 1)))
        .on(last)
        .when(quarter())
        .then_rejected(refused(last))
        .on(date(2026, 7, 1))
        .when(quarter())
        .then(&["period.published"]);
}

/// The year in which a scheme is opened may have begun without it; a year that ended without it has no figures here.
#[test]
fn a_period_of_which_the_scheme_saw_no_day_is_not_published() {
    let opened_on = date(2026, 3, 2);
    ready()
        .when(publish(date(2025, 3, 2), date(2026, 3, 1)))
        .then_rejected(Rejection::PeriodBeforeScheme {
            through: date(2026, 3, 1),
            opened_on,
        })
        .on(date(2026, 3, 3))
        .when(publish(date(2025, 3, 3), opened_on))
        .then(&["period.published"]);
    // Opened before it was told of here.
    nothing_yet()
        .happened(date(2025, 10, 1))
        .given(open_scheme())
        .when(publish(date(2025, 10, 1), date(2026, 3, 1)))
        .then(&["period.published"]);
}

#[test]
fn published_periods_share_no_day() {
    let taken = Rejection::PeriodOverlaps {
        from: SECOND_QUARTER.from,
        through: SECOND_QUARTER.through,
    };
    let world = after_june().given(quarter());
    for (from, through) in [
        (date(2026, 3, 1), date(2026, 4, 1)),
        (date(2026, 6, 30), date(2026, 6, 30)),
        (date(2026, 6, 30), date(2026, 7, 31)),
        (date(2026, 1, 1), date(2026, 7, 31)),
        (date(2026, 5, 1), date(2026, 5, 31)),
    ] {
        let tried = world.clone().on(date(2026, 9, 1));
        tried
            .when(publish(from, through))
            .then_rejected(taken.clone());
    }
    world
        .on(date(2026, 9, 1))
        .when(publish(date(2026, 3, 1), date(2026, 3, 31)))
        .then(&["period.published"])
        .when(publish(date(2026, 7, 1), date(2026, 7, 31)))
        .then(&["period.published"]);
}

#[test]
fn a_period_is_published_again_when_more_was_recorded_and_the_later_counts() {
    let world = after_june().given(quarter());
    let first = world.scheme.position;
    let world = world
        .when(quarter())
        .then_nothing_happens()
        .given(invite("Ben"))
        .when(quarter())
        .then(&["period.published"]);
    let later = world.scheme.position;
    let published = &world.scheme.published;
    assert_eq!(published.all().count(), 2);
    let counts = published.of(SECOND_QUARTER).expect("published");
    assert_eq!(counts.position, later);
    assert_eq!(published.at(first), None, "the earlier counts no more");
    assert_eq!(published.at(later), Some(counts));
    world.when(quarter()).then_nothing_happens();
}

/// Whichever was published last, the last end is that of the period that ended last, as it counts.
#[test]
fn the_last_end_is_that_of_the_period_that_ended_last() {
    assert_eq!(ready().scheme.published.last_end(), None);
    let world = after_june()
        .given(quarter())
        .given(publish(date(2026, 3, 1), date(2026, 3, 31)))
        .given(quarter());
    let last = world.scheme.published.last_end().expect("published");
    assert_eq!(last.period, SECOND_QUARTER);
    assert_eq!(last.position, world.scheme.position);
}

#[test]
fn a_period_is_written_with_a_slash() {
    let text = "2026-04-01/2026-06-30";
    assert_eq!(text.parse(), Ok(SECOND_QUARTER));
    assert_eq!(SECOND_QUARTER.to_string(), text);
    for wrong in ["2026-04-01", "2026-04-01/", "2026-04-01/P3M", "1/2", ""] {
        assert_eq!(wrong.parse::<Period>(), Err(NotAPeriod), "{wrong}");
    }
}

const SECOND_QUARTER: Period = Period {
    from: date(2026, 4, 1),
    through: date(2026, 6, 30),
};

fn after_june() -> World {
    ready().on(date(2026, 7, 6))
}

fn quarter() -> PublishPeriod {
    PublishPeriod {
        period: SECOND_QUARTER,
    }
}

fn publish(from: Date, through: Date) -> PublishPeriod {
    PublishPeriod {
        period: Period { from, through },
    }
}
