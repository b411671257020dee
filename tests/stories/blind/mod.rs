//! Whoever may not open it cannot tell it: pairs of histories that differ in nothing but what is sealed look the same to
//! everybody who may not open what differs.
//!
//! Histories come from the property tests of the rules, questions from the schema, who may open what from the access
//! matrix and `docs/privacy-exceptions.md`. The short form tells a few pairs; `ALONGSIDE_PAIRS=1000` as many, which takes long;
//! with `ALONGSIDE_PAIRS_AFTER=500` it begins behind the first 500, so that a long form can be told in parts, and beside itself.

mod canary;
mod compared;
mod declared;
mod documents;
mod exported;
mod forgotten;
mod knocked;
mod listened;
mod people;
mod planted;
mod questions;
mod searched;
pub mod told;
mod vocabulary;

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
use questions::{Asked, Questions};
use std::{collections::BTreeSet, env};
use told::{Told, scheme};

/// Pairs of the short form: as many as there are groups of askers, of one history.
const PAIRS: usize = 6;
/// The most histories in one data directory.
const TOGETHER: usize = 4;

/// Every sealed value is declared, and nothing is declared that is not sealed.
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

/// R113, R299, R301, R305, R308: the same answers, lists, log lines and figures.
#[test]
fn nobody_can_tell_two_histories_apart_by_what_they_may_not_open() {
    let number = |name: &str, otherwise: usize| {
        let wished = env::var(name).ok();
        wished.map_or(otherwise, |number| {
            number.parse().expect("a number of pairs")
        })
    };
    let wished = number("ALONGSIDE_PAIRS", PAIRS);
    let after = number("ALONGSIDE_PAIRS_AFTER", 0) / PAIRS;
    let mut compared = Compared::default();
    let mut histories = richest_first().skip(after);
    let mut telling = Telling::new();
    while compared.pairs < wished {
        let together: Vec<Vec<Recorded>> = histories
            .by_ref()
            .take((wished / PAIRS).clamp(1, TOGETHER))
            .collect();
        telling.compare(&together, after * PAIRS, &mut compared);
        println!(
            "{} pairs behind the first {}, differences: {:?}",
            compared.pairs,
            after * PAIRS,
            compared.differences()
        );
    }
    println!("{compared}");
    let found = compared.differences();
    assert!(
        found.is_empty(),
        "{} differences\n{}",
        found.len(),
        found.join("\n")
    );
    // Of the richest history, which is the first.
    if after == 0 {
        telling.questions.everything_was_asked();
    }
}

/// Random histories, one in which much has happened before the others.
fn richest_first() -> impl Iterator<Item = Vec<Recorded>> {
    let richest = random_histories().take(16).max_by_key(|history| {
        let kinds = history.iter().map(|recorded| recorded.event.kind());
        kinds.collect::<BTreeSet<_>>().len()
    });
    richest.into_iter().chain(random_histories())
}

/// The comparison can fail: whoever may open what differs sees that it does.
#[test]
fn whoever_may_open_it_tells_two_histories_apart() {
    let histories: Vec<Vec<Recorded>> = richest_first().take(1).collect();
    let contents = Contents::of(&histories);
    let mut telling = Telling::new();
    let asking = Asking::of(&histories[0], &telling.matrix, &telling.declared, 0);
    let others = [contents.vary(&histories[0], 0, |_| false)];
    for group in asking.groups() {
        let mut compared = Compared::default();
        telling.tell(
            &histories,
            &others,
            &[group],
            &mut Vec::new(),
            &mut compared,
        );
        let differences = compared.differences();
        let open_to_them = contents.vary(&histories[0], 0, |found| {
            !asking.may_open(group, found, &telling.matrix, &telling.declared)
        });
        let can_tell = group.len() == 1 && open_to_them != histories[0];
        println!("{}: {} differences", group[0].name, differences.len());
        assert_eq!(
            !differences.is_empty(),
            can_tell,
            "{} can tell: {differences:?}",
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
    fn compare(&mut self, histories: &[Vec<Recorded>], before: usize, compared: &mut Compared) {
        let contents = Contents::of(histories);
        let seeds = ((before + compared.pairs) as u64)..;
        let asking: Vec<Asking> = histories
            .iter()
            .zip(seeds)
            .map(|(history, seed)| Asking::of(history, &self.matrix, &self.declared, seed))
            .collect();
        let mut asked = Vec::new();
        for group in 0..asking[0].groups().len() {
            let others: Vec<Vec<Recorded>> = histories
                .iter()
                .zip(&asking)
                .zip(before + compared.pairs..)
                .map(|((history, asking), seed)| {
                    let askers = &asking.groups()[group];
                    let other = contents.vary(history, seed as u64, |found| {
                        asking.may_open(askers, found, &self.matrix, &self.declared)
                    });
                    asking.without_what_names_them(askers, history, other)
                })
                .collect();
            let askers: Vec<&[Asker]> = asking.iter().map(|one| &*one.groups()[group]).collect();
            self.tell(histories, &others, &askers, &mut asked, compared);
            compared.pairs += histories.len();
        }
    }

    /// Serves both, asks both the same, and compares. What can be asked of a history is found out once, and is `asked` from then on.
    fn tell(
        &mut self,
        histories: &[Vec<Recorded>],
        others: &[Vec<Recorded>],
        askers: &[&[Asker]],
        asked: &mut Vec<Asked>,
        compared: &mut Compared,
    ) {
        let (one, other) = (told::folder(), told::folder());
        told::write(one.path(), histories);
        told::write(other.path(), others);
        let (first, second) = (Told::serve(one.path(), &[]), Told::serve(other.path(), &[]));
        for (number, askers) in askers.iter().enumerate() {
            let scheme = scheme(number);
            if asked.len() == number {
                asked.push(self.questions.of(&[&first, &second], &scheme));
            }
            let asked = &asked[number];
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
                let heard = first.heard(&token, &scheme);
                for (one, other) in heard.iter().zip(second.heard(&its, &scheme)) {
                    compared.heard(&asker.name, one.0, &one.1, &other.1);
                }
            }
        }
        let figures = |told: &Told| told.get("/metrics", "").text;
        compared.lines("figures", &figures(&first), &figures(&second));
        compared.lines("log", &first.stop(), &second.stop());
        for (number, _) in histories.iter().enumerate() {
            exported::compare(one.path(), other.path(), number, compared);
        }
    }
}
