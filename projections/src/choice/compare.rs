//! How far two employers are apart, and whether a text holds what was asked for.

use domain::register::Employer;

/// Kilometres along the surface of a round earth, which is near enough for a journey.
pub(super) fn kilometres_between(one: &Employer, other: &Employer) -> Option<u32> {
    const RADIUS_KILOMETRES: f64 = 6_371.0;
    let (from, to) = (one.latitude?.to_radians(), other.latitude?.to_radians());
    let across = (other.longitude? - one.longitude?).to_radians();
    let along = ((to - from) / 2.0).sin().powi(2);
    let chord = along + from.cos() * to.cos() * (across / 2.0).sin().powi(2);
    let kilometres = 2.0 * RADIUS_KILOMETRES * chord.sqrt().min(1.0).asin();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "half the way round the earth fits, and no distance is negative"
    )]
    kilometres.is_finite().then(|| kilometres.round() as u32)
}

pub(super) fn holds(text: &str, wanted: &str) -> bool {
    let wanted = wanted.trim();
    !wanted.is_empty() && text.to_lowercase().contains(&wanted.to_lowercase())
}

pub(super) fn any_holds(texts: &[String], wanted: &str) -> bool {
    texts.iter().any(|text| holds(text, wanted))
}

pub(super) fn any_is(texts: &[String], wanted: &str) -> bool {
    texts
        .iter()
        .any(|text| text.trim().eq_ignore_ascii_case(wanted))
}
