//! What a decision costs: one look into the table of the access matrix, alone and with a relation that must be found out,
//! beside one look into a plain hash map by role and name.
//!
//! The relation is the dearest there is in the demonstration: whether a mentor may reach their mentee, which asks the
//! pairings of both.

use crate::{
    folding::Log,
    harness::Service,
    stage::{Pace, folder},
    table::{Aim, Line, Table, figure, median},
};
use api::identity::{
    Caller, Role,
    access::{Class, Item, Matrix, Relations},
    standing::{Asker, Thing},
};
use domain::identifiers::PersonId;
use jiff::Timestamp;
use projections::Snapshot;
use std::{
    collections::HashMap,
    hint::black_box,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Decisions between two looks at the clock.
const AT_ONCE: u32 = 4_096;

/// A decision is to take less than this.
const MICROSECOND: f64 = 1_000.0;

pub fn measure(pace: Pace, table: &mut Table) {
    let directory = folder();
    let data = directory.path().join("data");
    Service::demo(&data).stop();
    let snapshot = Log::read(&data, "mentor-plus").snapshot();
    let matrix = Matrix::embedded().expect("a matrix");
    let named: HashMap<(Role, &str), Relations> = Item::all()
        .flat_map(|item| Role::ALL.map(|role| ((role, item.name()), matrix.granted(role, item))))
        .collect();
    let (mentor, mentee) = pair(&snapshot);
    let caller = Caller {
        actor: Uuid::nil(),
        role: Role::Mentor,
        scheme: None,
        person: Some(mentor.0),
        employer: None,
        expires_at: Timestamp::MAX,
        by_list: false,
    };
    let asker = Asker::new(&caller, &snapshot);
    let may = || {
        let granted = matrix.class(black_box(Role::Mentor), black_box(Class::Identity));
        asker.may(granted, Thing::Person(black_box(mentee)))
    };
    assert!(may(), "a mentor reaches their mentee");
    let turns: Vec<[f64; 3]> = (0..pace.turns)
        .map(|_| {
            [
                nanoseconds(pace.slice, &|| {
                    black_box(
                        matrix
                            .class(black_box(Role::Coordinator), black_box(Class::Identity))
                            .of_all(),
                    );
                }),
                nanoseconds(pace.slice, &|| {
                    black_box(may());
                }),
                nanoseconds(pace.slice, &|| {
                    black_box(named.get(&(black_box(Role::Mentor), black_box("identity"))));
                }),
            ]
        })
        .collect();
    let told = |side: usize| median(turns.iter().map(|turn| turn[side]));
    let beside = format!("{} ns for one look into a hash map", figure(told(2)));
    for (side, what) in [
        (0, "a decision from the table of the access matrix"),
        (
            1,
            "the same, where it must be found out that two are in one pairing",
        ),
    ] {
        table.add(Line {
            what: what.to_owned(),
            ours: format!("{} ns", figure(told(side))),
            limit: beside.clone(),
            ratio: median(turns.iter().map(|turn| turn[side] / turn[2])),
            aim: Aim::Told,
        });
        table.add(Line {
            what: format!("{what}, held against a microsecond"),
            ours: format!("{} ns", figure(told(side))),
            limit: "1000 ns".to_owned(),
            ratio: told(side) / MICROSECOND,
            aim: Aim::Most(1.0),
        });
    }
}

/// A mentor and a mentee of theirs.
fn pair(snapshot: &Snapshot) -> (PersonId, PersonId) {
    let mut pairings = snapshot.scheme.pairings.values();
    let found =
        pairings.find_map(|pairing| Some((*pairing.mentors.first()?, *pairing.mentees.first()?)));
    found.expect("the demonstration has pairings")
}

fn nanoseconds(time: Duration, decide: &dyn Fn()) -> f64 {
    let (began, mut rounds) = (Instant::now(), 0_u32);
    while began.elapsed() < time {
        for _ in 0..AT_ONCE {
            decide();
        }
        rounds += 1;
    }
    began.elapsed().as_secs_f64() * 1e9 / (f64::from(rounds) * f64::from(AT_ONCE))
}
