//! Who takes part: invented people and the employers of the register.

use super::draw::Draw;
use domain::{
    mentor::PersonDetails,
    register::{Employer, EmployerKind, Register},
};
use jiff::civil::Date;
use serde::Deserialize;

/// The council whose personnel system the documentation lets the reader be.
pub(super) const DEVON: &str = "E10000008";

const NAMES: &str = include_str!("../../data/names.json");

#[derive(Deserialize)]
struct Names {
    names: Vec<Name>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Name {
    first_name: String,
    last_name: String,
}

/// Everybody who may still come on stage.
pub(super) struct Cast {
    names: std::vec::IntoIter<Name>,
    councils: Vec<Employer>,
    trusts: Vec<Employer>,
    directors: usize,
    chiefs: usize,
    mentors: usize,
    numbers: u32,
    telephones: u32,
}

impl Cast {
    #[expect(
        clippy::expect_used,
        reason = "the names are part of the program, and the tests read them"
    )]
    pub(super) fn of(register: &Register, draw: &mut Draw) -> Self {
        let names: Names = serde_json::from_str(NAMES).expect("the names have their shape");
        let standing = |kind: EmployerKind| {
            let employers = register.employers.iter();
            let standing = employers
                .filter(move |employer| employer.kind == kind && employer.abolished_on.is_none());
            standing.cloned().collect::<Vec<_>>()
        };
        let mut councils = standing(EmployerKind::Council);
        councils.retain(|council| council.id.0 != DEVON);
        draw.shuffle(&mut councils);
        let mut trusts = standing(EmployerKind::Trust);
        draw.shuffle(&mut trusts);
        Self {
            names: names.names.into_iter(),
            councils,
            trusts,
            directors: 0,
            chiefs: 0,
            mentors: 0,
            numbers: 300_117,
            telephones: 0,
        }
    }

    /// Somebody new, who works or is to work for `employer`.
    #[expect(
        clippy::expect_used,
        reason = "the history is the same every time, and the tests make it: there are names enough"
    )]
    pub(super) fn person(&mut self, employer: &Employer) -> PersonDetails {
        let name = self.names.next().expect("there are names enough");
        self.telephones += 1;
        PersonDetails {
            email: Some(format!(
                "{}.{}@{}.example",
                plain(&name.first_name, ""),
                plain(&name.last_name, ""),
                plain(&employer.name, "-")
            )),
            // Numbers kept free for drama: nobody answers.
            telephone: Some(format!("07700 900{:03}", self.telephones * 7 % 1_000)),
            name: Some(format!("{} {}", name.first_name, name.last_name)),
        }
    }

    /// The next council whose director changes. Each comes up once before any comes up again.
    pub(super) fn council(&mut self) -> Employer {
        self.directors += 1;
        self.councils[self.directors % self.councils.len()].clone()
    }

    /// The next trust whose chief executive changes.
    pub(super) fn trust(&mut self) -> Employer {
        self.chiefs += 1;
        self.trusts[self.chiefs % self.trusts.len()].clone()
    }

    /// The council of the next mentor: from the other end of the same list, so that few meet their own.
    pub(super) fn mentors_council(&mut self) -> Employer {
        self.mentors += 1;
        self.councils[self.councils.len() - self.mentors].clone()
    }

    /// An employer's next number for somebody.
    pub(super) fn employee_number(&mut self) -> String {
        self.numbers += 83;
        self.numbers.to_string()
    }
}

/// The first day of a month, which is when most posts begin; the first working day is the employer's affair.
pub(super) fn first_of_month(day: Date) -> Date {
    day.last_of_month().tomorrow().unwrap_or(day)
}

/// Small letters without marks, and `gap` for what is between words.
fn plain(text: &str, gap: &str) -> String {
    text.to_lowercase()
        .chars()
        .fold(String::new(), |mut all, letter| {
            match letter {
                'ü' => all.push('u'),
                'ş' => all.push('s'),
                'č' | 'ć' => all.push('c'),
                'ı' | 'í' => all.push('i'),
                'ö' | 'ó' => all.push('o'),
                'é' | 'ė' => all.push('e'),
                letter if letter.is_ascii_alphanumeric() => all.push(letter),
                ' ' | '-' => all.push_str(gap),
                _ => {}
            }
            all
        })
}
