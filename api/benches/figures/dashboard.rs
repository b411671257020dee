//! The coordinator's dashboard over GraphQL, beside a bare handler that writes out the same data.

use crate::{
    client::{Client, Measured},
    stage::{self, Pace, Stage, folder, peer},
    table::{Aim, Line, Table, figure, median},
};

/// Everybody of a scheme of two years by stage: who, since when, and what is due.
const DASHBOARD: &str = r#"{ scheme(id: "mentor-plus") { today version dashboard { stages { stage waitsFor count
    cards(first: 8) { edges { node { mentee { id name { state value } } since due { what on overdue } } } } } } } }"#;
/// Enough to keep both cores busy.
const CLIENTS: usize = 16;

pub fn measure(pace: Pace, table: &mut Table) {
    let directory = folder();
    let data = directory.path().join("data");
    let stage = Stage::over(stage::demo(&data), &data);
    let ours = stage.client();
    let (status, answer) = ours.once(&stage.query(DASHBOARD, false));
    let text = String::from_utf8_lossy(&answer);
    assert!(
        status == 200 && !text.contains("\"errors\""),
        "{status}: {text}"
    );
    let file = directory.path().join("answer.json");
    std::fs::write(&file, &answer).expect("a file");
    let peer = peer(&file);
    let theirs = Client::new(&peer.url, 0);
    // A variable that the document does not declare changes the question and not the work.
    let (anew, again) = (stage.query(DASHBOARD, true), stage.query(DASHBOARD, false));
    let plain = stage.plain_question("/dashboard");
    let turns: Vec<[Measured; 3]> = (0..=pace.turns)
        .map(|_| {
            [
                ours.closed(CLIENTS, pace.slice, 200, &anew),
                ours.closed(CLIENTS, pace.slice, 200, &again),
                theirs.closed(CLIENTS, pace.slice, 200, &plain),
            ]
        })
        .skip(1)
        .collect();
    lines(&turns, answer.len(), table);
    stage.service.stop();
    peer.kill();
}

fn lines(turns: &[[Measured; 3]], bytes: usize, table: &mut Table) {
    let rate = |side: usize| median(turns.iter().map(|turn| turn[side].rate()));
    let ratio = |one: usize, other: usize| {
        median(
            turns
                .iter()
                .map(|turn| turn[one].rate() / turn[other].rate()),
        )
    };
    let told = |side: usize, what: &str| format!("{} {what} a second", figure(rate(side)));
    table.add(Line {
        what: format!(
            "dashboard query of {:.1} KiB, executed each time",
            kibibytes(bytes)
        ),
        ours: told(0, "answers"),
        limit: told(2, "answers of a bare JSON handler"),
        ratio: ratio(0, 2),
        aim: Aim::Least(0.15),
    });
    table.add(Line {
        what: "the same from the cache of rendered answers, beside executed".to_owned(),
        ours: told(1, "answers"),
        limit: told(0, "answers"),
        ratio: ratio(1, 0),
        aim: Aim::Least(15.0),
    });
    table.add(Line {
        what: "the same from the cache, beside the bare handler".to_owned(),
        ours: told(1, "answers"),
        limit: told(2, "answers"),
        ratio: ratio(1, 2),
        aim: Aim::Told,
    });
}

fn kibibytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1024.0
}
