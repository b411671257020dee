//! Which periods a scheme has published, read from its log without any key.

use super::{Failed, chain};
use crate::dispatch::codec;
use domain::{
    Event,
    period::{Period, Publication, Publications},
};
use event_log::{ReadOnlyStore, SchemeId};

/// The type of the entries that publish.
const KIND: &str = "period.published";

/// Every period that was published, by the log in a data directory.
pub fn published(store: &ReadOnlyStore, scheme: &SchemeId) -> Result<Publications, Failed> {
    let mut published = Publications::default();
    let mut reader = store.reader(scheme)?;
    while let Some(group) = reader.next_group()? {
        for stored in group {
            let record = stored.record()?;
            if record.kind != KIND {
                continue;
            }
            // Nothing of it is sealed, so what stands in clear is all of it.
            let recorded = codec::understand_leaf(&record)
                .map_err(|error| format!("position {}: {}", record.position, chain(&error)))?;
            if let Event::PeriodPublished(event) = recorded.event {
                published.note(event.period(), recorded.position);
            }
        }
    }
    Ok(published)
}

/// The publication of a period that counts, or which there are.
pub fn publication(
    published: &Publications,
    period: Period,
    scheme: &SchemeId,
) -> Result<Publication, Failed> {
    published.of(period).ok_or_else(|| {
        format!(
            "{scheme}: the figures of {period} were not published. {}",
            there_are(published)
        )
        .into()
    })
}

/// Which periods were published, or how one comes to be.
pub fn there_are(published: &Publications) -> String {
    let counting = published
        .all()
        .filter(|one| published.of(one.period) == Some(*one));
    let names: Vec<String> = counting.map(|one| one.period.to_string()).collect();
    if names.is_empty() {
        "None was yet: a coordinator publishes a period that is over with `publishPeriod`"
            .to_owned()
    } else {
        format!(
            "These were: {}; a coordinator publishes another that is over with `publishPeriod`",
            names.join(", ")
        )
    }
}
