//! Which employer of the register an old spreadsheet means by a name.

use crate::rest::appointments::values::plain;
use domain::{
    identifiers::EmployerId,
    register::{Employer, Register},
};
use jiff::civil::Date;

/// Words that say what an employer is and not which.
const OF_ANY: &[&str] = &[
    "council",
    "county",
    "city",
    "borough",
    "metropolitan",
    "district",
    "unitary",
    "authority",
    "the",
    "of",
    "and",
    "royal",
    "london",
    "cc",
    "mbc",
    "mdc",
    "bc",
    "dc",
    "lb",
    "rb",
    "lbc",
    "ua",
];

/// Who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// This employer, by a name it has today or had on the day.
    This(EmployerId),
    /// This employer, which took over from the one that was named.
    Successor(EmployerId),
    /// One of several that took over.
    OneOf(Vec<String>),
    /// Nobody in the register.
    Nobody,
}

/// The employer that `text` means on `day`: by its code, its name, or a name that was used before a reorganisation.
pub fn meant(register: &Register, text: &str, day: Date) -> Meant {
    if let Some(employer) = register.employer(&text.into()) {
        return there(register, &[employer], day);
    }
    let same = |fold: fn(&str) -> String| -> Vec<_> {
        let wanted = fold(text);
        let all = register.employers.iter();
        all.filter(|employer| !wanted.is_empty() && fold(&employer.name) == wanted)
            .collect()
    };
    let by_name = match &*same(plainly) {
        [only] if only.exists_on(day) => vec![*only],
        // "Dorset" and "Dorset County" are two councils and one place.
        _ => same(roughly),
    };
    there(register, &by_name, day)
}

fn there(register: &Register, named: &[&Employer], day: Date) -> Meant {
    let standing: Vec<_> = named.iter().filter(|one| one.exists_on(day)).collect();
    match (standing.as_slice(), named) {
        ([only], _) => Meant::This(only.id.clone()),
        ([], []) => Meant::Nobody,
        ([], [gone, ..]) => took_over(register, gone, day),
        (several, _) => Meant::OneOf(several.iter().map(|one| one.name.clone()).collect()),
    }
}

fn took_over(register: &Register, gone: &Employer, day: Date) -> Meant {
    let successors = gone.successors.iter();
    let standing: Vec<&Employer> = successors
        .filter_map(|id| register.employer(id))
        .filter(|employer| employer.exists_on(day))
        .collect();
    match standing.as_slice() {
        [] => Meant::Nobody,
        [only] => Meant::Successor(only.id.clone()),
        several => Meant::OneOf(several.iter().map(|one| one.name.clone()).collect()),
    }
}

fn plainly(name: &str) -> String {
    plain(&name.replace('&', " and ").replace(['\'', '’', '.'], ""))
}

fn roughly(name: &str) -> String {
    let plain = plainly(name);
    let words = plain.split(' ').filter(|word| !OF_ANY.contains(word));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::shipped;
    use jiff::civil::date;

    #[track_caller]
    fn is(text: &str, code: &str) {
        let found = meant(&shipped::register(), text, date(2026, 3, 2));
        assert_eq!(found, Meant::This(code.into()), "{text}");
    }

    #[test]
    fn a_council_is_known_by_its_code_and_by_however_it_is_called() {
        is("E06000023", "E06000023");
        is("bristol city council", "E06000023");
        is("Leeds CC", "E08000035");
        is("L.B. Southwark", "E09000028");
        is("Richmond upon Thames", "E09000027");
        is("Bath & North East Somerset", "E06000022");
        is("Devon County Council", "E10000008");
        is("Slough Children First", "trust-slough");
        let gotham = meant(&shipped::register(), "Gotham", date(2026, 3, 2));
        assert_eq!(gotham, Meant::Nobody);
        assert_eq!(
            meant(&shipped::register(), "Council", date(2026, 3, 2)),
            Meant::Nobody
        );
    }

    /// R001: a name from before a reorganisation means whoever took over, where that is one.
    #[test]
    fn a_name_of_before_a_reorganisation_leads_to_whoever_took_over() {
        let register = shipped::register();
        let on = |text, day| meant(&register, text, day);
        assert_eq!(
            on("Poole", date(2026, 3, 2)),
            Meant::Successor("E06000058".into())
        );
        assert_eq!(
            on("Poole", date(2018, 3, 2)),
            Meant::This("E06000029".into())
        );
        assert_eq!(
            on("Dorset CC", date(2026, 3, 2)),
            Meant::This("E06000059".into())
        );
        assert_eq!(
            on("Dorset", date(2018, 3, 2)),
            Meant::This("E10000009".into())
        );
        let cumbria = on("Cumbria County Council", date(2026, 3, 2));
        assert!(
            matches!(&cumbria, Meant::OneOf(names) if names.len() == 2),
            "{cumbria:?}"
        );
    }
}
