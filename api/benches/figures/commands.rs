//! Durable commands over HTTP on one scheme, beside the same server echoing and beside the disk's own syncs.

use crate::{
    client::{Client, Measured, Write},
    machine,
    stage::{Pace, Stage, echo, folder, peer},
    table::{Aim, Line, Table, figure, median},
};
use std::path::Path;

/// About what one notice leaves in the journal, in bytes.
const NOTICE_BYTES: usize = 3_000;

/// One client and more.
pub fn measure(pace: Pace, table: &mut Table) {
    let directory = folder();
    let stage = Stage::open(&directory.path().join("data"));
    let peer = peer(Path::new("-"));
    let (ours, theirs) = (stage.client(), Client::new(&peer.url, 0));
    let (notice, mutation, echo) = (
        stage.notice(crate::stage::SCHEME),
        stage.mutation(),
        echo(&stage),
    );
    ours.closed(16, pace.slice, 201, &notice);
    ours.closed(16, pace.slice, 200, &mutation);
    for clients in [1, 32, 64, 256] {
        let mut rounds = Vec::new();
        for _ in 0..pace.turns {
            rounds.push(Round {
                notices: ours.closed(clients, pace.slice, 201, &notice),
                mutations: ours.closed(clients, pace.slice, 200, &mutation),
                echoes: theirs.closed(clients, pace.slice, 200, &echo as Write<'_>),
                syncs: machine::sync_rate(directory.path(), NOTICE_BYTES, pace.slice / 2),
            });
        }
        lines(clients, &rounds, table);
    }
    assert_accepted(&ours, &mutation);
    stage.service.stop();
    peer.kill();
}

struct Round {
    notices: Measured,
    mutations: Measured,
    echoes: Measured,
    syncs: f64,
}

fn lines(clients: usize, rounds: &[Round], table: &mut Table) {
    let of = |value: &dyn Fn(&Round) -> f64| median(rounds.iter().map(value));
    let told = |measured: &dyn Fn(&Round) -> &Measured| {
        format!(
            "{} a second, p50 {:.1} ms, p99 {:.1} ms",
            figure(of(&|round| measured(round).rate())),
            of(&|round| measured(round).within(0.5)) / 1000.0,
            of(&|round| measured(round).within(0.99)) / 1000.0
        )
    };
    let who = if clients == 1 {
        "1 client".to_owned()
    } else {
        format!("{clients} clients")
    };
    let aim = |at: usize, aim: f64| {
        if clients == at {
            Aim::Least(aim)
        } else {
            Aim::Told
        }
    };
    table.add(Line {
        what: format!("notices over REST, {who}, beside an echo"),
        ours: told(&|round| &round.notices),
        limit: told(&|round| &round.echoes),
        ratio: of(&|round| round.notices.rate() / round.echoes.rate()),
        aim: aim(64, 0.4),
    });
    table.add(Line {
        what: format!("notices over REST, {who}, beside the disk's syncs"),
        ours: format!("{} a second", figure(of(&|round| round.notices.rate()))),
        limit: format!("{} syncs a second", figure(of(&|round| round.syncs))),
        ratio: of(&|round| round.notices.rate() / round.syncs),
        aim: aim(1, 0.4),
    });
    if clients == 64 {
        table.add(Line {
            what: format!("p99 beside p50 of notices, {who}"),
            ours: format!("{:.1} ms", of(&|round| round.notices.within(0.99)) / 1000.0),
            limit: format!("{:.1} ms", of(&|round| round.notices.within(0.5)) / 1000.0),
            ratio: of(&|round| round.notices.within(0.99) / round.notices.within(0.5)),
            aim: Aim::Most(2.5),
        });
    }
    table.add(Line {
        what: format!("the same command as a GraphQL mutation, {who}, beside REST"),
        ours: told(&|round| &round.mutations),
        limit: format!("{} a second", figure(of(&|round| round.notices.rate()))),
        ratio: of(&|round| round.mutations.rate() / round.notices.rate()),
        aim: aim(64, 0.6),
    });
}

/// A mutation answers 200 whatever the rules said: one of them is looked at.
fn assert_accepted(client: &Client, mutation: Write<'_>) {
    let (_, body) = client.once(&|_, into| mutation(u64::MAX >> 8, into));
    let body = String::from_utf8_lossy(&body).into_owned();
    assert!(
        body.contains(r#""rejection":null"#) && body.contains("ELIGIBLE"),
        "{body}"
    );
}
