//! What is planted in every personal field is found nowhere but in answers to those who may open it.

use super::{
    declared::Declared,
    people::{Asker, Asking},
    planted::{Canaries, Planted},
    questions::Questions,
    searched::{days, files, found, words},
    told::{self, Told, scheme},
};
use crate::harness::{alongside, records};
use crate::privacy::Collector;
use api::identity::access::Matrix;
use domain::{
    Recorded,
    testing::{
        random_histories,
        varied::{Found, places},
    },
};
use std::{collections::BTreeSet, fs};
use tempfile::TempDir;

/// How many histories are looked at before those are chosen that hold every sealed value.
const LOOKED_AT: usize = 420;

/// R113, R299, R300, R305: planted in every field of every sealed value, told by the real binary to everybody.
#[test]
fn what_is_sealed_is_found_nowhere_but_in_answers_to_those_who_may_open_it() {
    let mut place = Place::planted();
    place.everything_has_a_canary();
    let collector = Collector::start();
    let settings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];
    let told = Told::serve(&place.data(), &settings);
    let seen = place.ask_everybody(&told);
    println!(
        "{} canaries in {} sealed fields; {} of them seen by those who may; {} answers",
        place.canaries.all.len(),
        places().len(),
        seen.canaries.len(),
        seen.answers
    );
    assert!(seen.leaks.is_empty(), "{}", seen.leaks.join("\n"));
    let classes: BTreeSet<&str> = seen
        .canaries
        .iter()
        .filter_map(|canary| place.declared.class(&place.canaries.all[canary].place))
        .collect();
    // Of every class in which there is room for a word or a day.
    let planted = place.canaries.all.values();
    let all: BTreeSet<&str> = planted
        .filter_map(|one| place.declared.class(&one.place))
        .collect();
    assert_eq!(classes, all, "somebody sees something of every class");
    let knocked = place.knock(&told);
    println!("{}", knocked.told);
    assert!(knocked.leaks.is_empty(), "{}", knocked.leaks.join("\n"));
    let figures = told.get("/metrics", "").text;
    let log = told.stop();
    assert!(log.len() > 10_000, "it wrote about itself");
    let spans = collector.received();
    assert!(spans.len() > 1_000, "traces arrived");
    for (what, bytes) in [
        ("the log", log.as_bytes()),
        ("the figures", figures.as_bytes()),
        ("traces", &spans),
    ] {
        assert_eq!(found(bytes), [""; 0], "in {what}");
        assert!(
            days(&String::from_utf8_lossy(bytes)).is_empty(),
            "a day in {what}"
        );
    }
    place.nothing_lies_about_but(&knocked.printed);
}

/// A data directory in which something is planted everywhere.
pub struct Place {
    pub(super) folder: TempDir,
    pub(super) histories: Vec<Vec<Recorded>>,
    pub(super) canaries: Canaries,
    pub(super) declared: Declared,
    pub(super) matrix: Matrix,
    pub(super) questions: Questions,
}

/// What came of asking everybody.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) canaries: BTreeSet<String>,
    pub(super) leaks: Vec<String>,
    pub(super) answers: usize,
}

impl Place {
    /// The fewest histories, taken greedily, in which every sealed field is.
    pub(super) fn planted() -> Self {
        let (mut canaries, mut histories) = (Canaries::default(), Vec::new());
        let mut missing: BTreeSet<String> = places().into_iter().map(|place| place.kind).collect();
        for history in random_histories().take(LOOKED_AT) {
            let held = history
                .iter()
                .filter(|recorded| missing.contains(recorded.event.kind()));
            let held: BTreeSet<String> = held
                .map(|recorded| recorded.event.kind().to_owned())
                .collect();
            if !held.is_empty() {
                missing.retain(|kind| !held.contains(kind));
                histories.push(canaries.plant(&history));
            }
        }
        let folder = told::folder();
        told::write(&folder.path().join("data"), &histories);
        Self {
            folder,
            histories,
            canaries,
            declared: Declared::read(),
            matrix: Matrix::embedded().expect("a matrix"),
            questions: Questions::new(),
        }
    }

    pub(super) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Every sealed value has one, in every field that has room for a word or a day.
    fn everything_has_a_canary(&self) {
        let planted: BTreeSet<_> = self
            .canaries
            .all
            .values()
            .map(|one| one.place.clone())
            .collect();
        let roomless: Vec<_> = places()
            .into_iter()
            .filter(|one| !planted.contains(one))
            .collect();
        for place in &roomless {
            // What is a choice, a number or a code has no room for a word; everything else does.
            let choices = [
                "basis",
                "first_post",
                "expected_months",
                "employer",
                "effectiveness",
                "council_types",
                "channel",
                "recorded_by",
                "reported_by",
                "pairing",
                "retired",
                "setting",
                "starts_at",
                "ends_at",
                "person",
                "inquiry",
                "openConcern",
                "legalClaim",
                "audit",
            ];
            let field = place.path.rsplit('/').next().unwrap_or_default();
            assert!(choices.contains(&field), "{place:?} has no canary");
        }
    }

    /// Puts every question to every service, as everybody, and looks at each answer.
    pub(super) fn ask_everybody(&mut self, told: &Told) -> Seen {
        let mut seen = Seen::default();
        for (number, history) in self.histories.iter().enumerate() {
            let scheme = scheme(number);
            let asking = Asking::of(history, &self.matrix, &self.declared, number as u64);
            let asked = self.questions.of(&[told], &scheme);
            for asker in asking.groups().iter().flatten() {
                let token = told.token(asker, &scheme);
                let documents = asked.documents.iter().map(|question| {
                    let answer = told.ask(&token, &scheme, question);
                    (&question.root, answer.text)
                });
                let routes = asked.routes.iter();
                let texts = documents.chain(routes.map(|path| (path, told.get(path, &token).text)));
                for (question, text) in texts {
                    seen.answers += 1;
                    for canary in words(&text).into_iter().chain(days(&text)) {
                        let planted = self.canaries.all.get(&canary);
                        let may = planted.is_some_and(|planted| self.may(&asking, asker, planted));
                        if may {
                            seen.canaries.insert(canary);
                        } else {
                            let place = planted.map(|planted| &planted.place);
                            seen.leaks
                                .push(format!("{}: {question}: {canary} of {place:?}", asker.name));
                        }
                    }
                }
            }
        }
        seen
    }

    fn may(&self, asking: &Asking, asker: &Asker, planted: &Planted) -> bool {
        let found = Found {
            recorded: &planted.recorded,
            place: &planted.place,
            subject: planted.subject,
            whole: &planted.whole,
        };
        asking.may_open(
            std::slice::from_ref(asker),
            &found,
            &self.matrix,
            &self.declared,
        )
    }

    /// Canaries that stand in clear in the records of a scheme.
    pub(super) fn in_clear(&self, scheme: &str) -> BTreeSet<String> {
        let records = records(&self.data(), scheme);
        let clear = records.iter().map(|record| record.data.to_string());
        let clear: String = clear.collect();
        let unescaped = clear.replace("\\u00eb", "ë");
        words(&unescaped)
    }

    /// No file of the directory, and nothing that is made from it, holds a planted word but those that are nobody's.
    pub(super) fn nothing_lies_about_but(&self, printed: &BTreeSet<String>) {
        let backup = self.folder.path().join("backup");
        let bundle = self.folder.path().join("given-away.bundle");
        let bundle = bundle.to_str().expect("text");
        let scheme = scheme(0);
        let runs: [&[&str]; 4] = [
            &["backup", "--to", backup.to_str().expect("text")],
            &["export", "--scheme", &scheme, "--out", bundle],
            &["replay", "--scheme", &scheme, "--json"],
            &["verify"],
        ];
        for arguments in runs {
            let output = alongside()
                .args(arguments)
                .arg("--data")
                .arg(self.data())
                .output();
            let output = output.expect("it runs");
            assert!(output.status.success(), "{arguments:?} {output:?}");
            assert_eq!(found(&output.stdout), [""; 0], "{arguments:?}");
            assert_eq!(found(&output.stderr), [""; 0], "{arguments:?}");
        }
        let (mut bytes, mut count) = (0, 0);
        for path in files(self.folder.path()) {
            let held = fs::read(&path).expect("a file");
            bytes += held.len();
            count += 1;
            let clothes = found(&held);
            let all: BTreeSet<String> = words(&String::from_utf8_lossy(&held));
            assert!(
                clothes.is_empty() || (clothes == ["plain"] && all.is_subset(printed)),
                "{clothes:?} in {}: {:?}",
                path.display(),
                all.difference(printed).next()
            );
        }
        println!("{bytes} bytes of {count} files searched");
    }
}
