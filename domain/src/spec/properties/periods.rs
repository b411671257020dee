//! What holds of published periods in every history.

use super::histories::every_step;
use crate::{Event, period::PeriodPublished};

/// A period is over when it is published, shares no day with another, and is the one that counts from then on.
#[test]
fn no_two_published_periods_share_a_day() {
    let published = std::cell::Cell::new(0);
    every_step(|world, _, outcome| {
        for event in outcome.iter().flatten() {
            let Event::PeriodPublished(event) = event else {
                continue;
            };
            let PeriodPublished { from, through } = *event;
            assert!(from <= through && through < world.today);
            let period = event.period();
            let all = &world.scheme.published;
            let others = all.all().filter(|other| other.period != period);
            assert!(
                others
                    .into_iter()
                    .all(|other| !other.period.overlaps(&period))
            );
            let counts = all.of(period).expect("published");
            assert_eq!(counts.position, world.scheme.position);
            published.set(published.get() + 1);
        }
    });
    assert!(published.get() > 10, "{}", published.get());
}
