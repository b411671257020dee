//! How long somebody has been in the post for which they are mentored (R011).

use crate::{Particulars, Scheme, mentoring::Mentee};
use jiff::civil::Date;

/// The first day of the post that entitles somebody, of several the earliest; where none does, of the post they have.
/// Nothing where no first day is known, or where they were forgotten.
#[must_use]
pub fn in_post_from(scheme: &Scheme, particulars: &Particulars, mentee: &Mentee) -> Option<Date> {
    let earliest = |that_entitles: bool| {
        let all = mentee.appointments.iter();
        all.filter_map(|id| scheme.appointments.get(id))
            .filter(|appointment| !that_entitles || appointment.entitles())
            .filter_map(|appointment| particulars.facts(appointment.id)?.starts_on)
            .min()
    };
    earliest(true).or_else(|| earliest(false))
}

/// The days since that day; less than none until it comes.
#[must_use]
pub fn days_in_post(
    scheme: &Scheme,
    particulars: &Particulars,
    mentee: &Mentee,
    today: Date,
) -> Option<i32> {
    let from = in_post_from(scheme, particulars, mentee)?;
    Some((today - from).get_days())
}
