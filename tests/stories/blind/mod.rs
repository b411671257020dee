//! Whoever may not open it cannot tell it: pairs of histories that differ in nothing but what is sealed look the same to
//! everybody who may not open what differs.
//!
//! Histories come from the property tests of the rules, questions from the schema, who may open what from the access
//! matrix and `docs/privacy-exceptions.md`. The short form tells a few pairs; `ALONGSIDE_PAIRS=1000` as many.

mod canary;
mod compared;
mod declared;
mod documents;
mod people;
mod planted;
mod questions;
mod searched;
mod told;

use api::identity::access::{self, Matrix};
use compared::Compared;
use declared::Declared;
use domain::{
    Recorded,
    testing::{
        random_histories,
        varied::{Contents, places},
    },
};
use people::{Asker, Asking};
use questions::Questions;
use std::env;
use told::{Told, scheme};

/// Pairs of the short form.
const PAIRS: usize = 10;
/// Histories in one data directory.
const TOGETHER: usize = 4;

/// R304: every sealed value is declared, and nothing is declared that is not sealed.
#[test]
fn every_sealed_value_has_its_class_in_the_page_of_exceptions() {
    let declared = Declared::read();
    let matrix = access::TEXT;
    for place in places() {
        let class = declared.class(&place);
        let class = class.unwrap_or_else(|| panic!("docs/privacy-exceptions.md lacks {place:?}"));
        assert!(
            matrix.contains(&format!("\n{class} = ")),
            "{class} is no class of data"
        );
    }
    let exceptions = declared.exceptions().iter();
    let lines = declared
        .lines()
        .chain(exceptions.map(|one| (&*one.kind, &*one.path)));
    for (kind, path) in lines {
        let sealed = places();
        let mut all = sealed.iter().filter(|place| place.kind == kind);
        assert!(
            all.any(|place| declared::within(&place.path, path)),
            "{kind} {path} is not sealed"
        );
    }
}

#[test]
fn nobody_can_tell_two_histories_apart_by_what_they_may_not_open() {
    let wished = env::var("ALONGSIDE_PAIRS").ok();
    let wished = wished.map_or(PAIRS, |number| number.parse().expect("a number of pairs"));
    let mut compared = Compared::default();
    let mut histories = random_histories();
    let mut telling = Telling::new();
    while compared.pairs < wished {
        let together: Vec<Vec<Recorded>> = histories.by_ref().take(TOGETHER.min(wished)).collect();
        telling.compare(&together, wished, &mut compared);
    }
    println!("{compared}");
    telling.questions.everything_was_asked();
    let found = compared.differences();
    assert!(
        found.is_empty(),
        "{} differences\n{}",
        found.len(),
        found.join("\n")
    );
}

/// The comparison can fail: whoever may open what differs sees that it does.
#[test]
fn whoever_may_open_it_tells_two_histories_apart() {
    let histories: Vec<Vec<Recorded>> = random_histories().take(1).collect();
    let contents = Contents::of(&histories);
    let mut telling = Telling::new();
    let asking = Asking::of(&histories[0], &telling.matrix, &telling.declared, 0);
    let others = [contents.vary(&histories[0], 0, |_| false)];
    for group in asking.groups() {
        let mut compared = Compared::default();
        telling.tell(&histories, &others, &[group], &mut compared);
        let differences = compared.differences();
        let can_tell = group.len() == 1;
        println!("{}: {} differences", group[0].name, differences.len());
        assert!(
            !can_tell || differences.len() > 5,
            "{} cannot tell",
            group[0].name
        );
    }
}

/// What stays the same from pair to pair.
struct Telling {
    questions: Questions,
    declared: Declared,
    matrix: Matrix,
}

impl Telling {
    fn new() -> Self {
        Self {
            questions: Questions::new(),
            declared: Declared::read(),
            matrix: Matrix::embedded().expect("a matrix"),
        }
    }

    /// Tells `histories` in pairs: to each group of askers with other content wherever they may not open it.
    fn compare(&mut self, histories: &[Vec<Recorded>], wished: usize, compared: &mut Compared) {
        let contents = Contents::of(histories);
        let seeds = (compared.pairs as u64)..;
        let asking: Vec<Asking> = histories
            .iter()
            .zip(seeds)
            .map(|(history, seed)| Asking::of(history, &self.matrix, &self.declared, seed))
            .collect();
        for group in 0..asking[0].groups().len() {
            if compared.pairs >= wished {
                return;
            }
            let others: Vec<Vec<Recorded>> = histories
                .iter()
                .zip(&asking)
                .zip(compared.pairs..)
                .map(|((history, asking), seed)| {
                    let askers = &asking.groups()[group];
                    contents.vary(history, seed as u64, |found| {
                        asking.may_open(askers, found, &self.matrix, &self.declared)
                    })
                })
                .collect();
            let askers: Vec<&[Asker]> = asking.iter().map(|one| &*one.groups()[group]).collect();
            self.tell(histories, &others, &askers, compared);
            compared.pairs += histories.len();
        }
    }

    /// Serves both, asks both the same, and compares.
    fn tell(
        &mut self,
        histories: &[Vec<Recorded>],
        others: &[Vec<Recorded>],
        askers: &[&[Asker]],
        compared: &mut Compared,
    ) {
        let (one, other) = (told::folder(), told::folder());
        told::write(one.path(), histories);
        told::write(other.path(), others);
        let (first, second) = (Told::serve(one.path(), &[]), Told::serve(other.path(), &[]));
        for (number, askers) in askers.iter().enumerate() {
            let scheme = scheme(number);
            let asked = self.questions.of(&[&first, &second], &scheme);
            for asker in *askers {
                let (token, its) = (first.token(asker, &scheme), second.token(asker, &scheme));
                for question in &asked.documents {
                    let one = first.ask(&token, &scheme, question);
                    let other = second.ask(&its, &scheme, question);
                    compared.answers(&asker.name, &question.root, &one, &other);
                }
                for path in &asked.routes {
                    let (one, other) = (first.get(path, &token), second.get(path, &its));
                    compared.answers(&asker.name, path, &one, &other);
                }
            }
        }
        let figures = |told: &Told| told.get("/metrics", "").text;
        compared.lines("figures", &figures(&first), &figures(&second));
        compared.lines("log", &first.stop(), &second.stop());
    }
}
