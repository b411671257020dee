//! What a cell says: days, contract types, yes and no, as personnel systems in England write them.

use domain::{appointment::FirstPost, policy::Basis};
use jiff::civil::Date;

/// The most characters of one value.
pub const CHARACTERS_MOST: usize = 500;

/// A day as `yyyy-mm-dd`, and in no other way.
pub fn iso_day(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| {
            if matches!(place, 4 | 7) {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    shape.then(|| text.parse().ok()).flatten()
}

/// A day as `yyyy-mm-dd` or, as the English write it, `dd/mm/yyyy`; a time of midnight behind it is passed over.
pub fn day(text: &str) -> Option<Date> {
    let text = match text.split_once(['T', ' ']) {
        Some((day, time)) if time.bytes().all(|byte| b"0:.Z".contains(&byte)) => day,
        Some(_) => return None,
        None => text,
    };
    if let Some(day) = iso_day(text) {
        return Some(day);
    }
    let separator = ['/', '-', '.']
        .into_iter()
        .find(|character| text.contains(*character))?;
    let mut parts = text.split(separator);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    // Two digits of a year could be either century: better asked again than guessed.
    let sound = parts.next().is_none() && day.len() <= 2 && month.len() <= 2 && year.len() == 4;
    if !sound {
        return None;
    }
    Date::new(number(year)?, number(month)?, number(day)?).ok()
}

/// How a post is held, by the contract types that are in use.
///
/// Somebody engaged for a time is an interim, whoever pays them. A contract type that is not in this list says
/// nothing for certain, so the basis stays to be confirmed.
pub fn basis(text: &str) -> Option<Basis> {
    match plain(text).as_str() {
        "permanent" | "substantive" | "established" => Some(Basis::Substantive),
        "interim"
        | "agency"
        | "agency worker"
        | "fixed term"
        | "fixed term contract"
        | "temporary" => Some(Basis::Interim),
        "acting up" | "acting" | "secondment" | "seconded" => Some(Basis::ActingUp),
        "added remit" | "additional duties" | "additional remit" => Some(Basis::AddedRemit),
        _ => None,
    }
}

/// Yes or no.
pub fn first_post(text: &str) -> Option<FirstPost> {
    match plain(text).as_str() {
        "yes" | "y" | "true" | "1" => Some(FirstPost::Yes),
        "no" | "n" | "false" | "0" => Some(FirstPost::No),
        _ => None,
    }
}

/// A whole number of months.
pub fn months(text: &str) -> Option<u16> {
    number(text)
}

/// Digits only: the standard parser would take a sign.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

/// Small letters and digits, with single spaces between words.
pub fn plain(text: &str) -> String {
    text.to_lowercase()
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_read_the_english_way_or_as_iso() {
        let expected = Some(date(2026, 3, 5));
        for text in [
            "05/03/2026",
            "5/3/2026",
            "2026-03-05",
            "05-03-2026",
            "05.03.2026",
            "05/03/2026 00:00",
            "2026-03-05T00:00:00Z",
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
        for text in [
            "5/3/26",
            "03/31/2026",
            "2026/03/05",
            "31/02/2026",
            "tomorrow",
            "05/03/2026 17:30",
            "20260305",
            "+5/3/2026",
            "",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
        assert_eq!(iso_day("05/03/2026"), None);
        assert_eq!(iso_day("20260305"), None);
    }

    #[test]
    fn contract_types_mean_a_basis_or_stay_unknown() {
        assert_eq!(basis("Permanent"), Some(Basis::Substantive));
        assert_eq!(basis("Fixed-Term"), Some(Basis::Interim));
        assert_eq!(basis("ACTING UP"), Some(Basis::ActingUp));
        assert_eq!(basis("acting-up"), Some(Basis::ActingUp));
        assert_eq!(basis("Additional duties"), Some(Basis::AddedRemit));
        assert_eq!(basis("Casual"), None);
    }

    #[test]
    fn yes_no_and_months() {
        assert_eq!(first_post("Y"), Some(FirstPost::Yes));
        assert_eq!(first_post("FALSE"), Some(FirstPost::No));
        assert_eq!(first_post("perhaps"), None);
        assert_eq!(months("6"), Some(6));
        assert_eq!(months("+6"), None);
        assert_eq!(months("six"), None);
        assert_eq!(months("70000"), None);
    }
}
