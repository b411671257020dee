//! The service is killed without warning, under load and while it starts.
//!
//! Each acknowledged command must be found again, whole, once, at a gapless position; commands that were
//! not acknowledged are sent again under the same key and must not be doubled.

use super::{
    Dice, aloud,
    ledger::{Counts, Ledger},
    trials,
};
use crate::harness::{Service, kill_while_starting, open_scheme, run, token};
use std::thread;

/// Trials on one directory; then a new one is begun, so that a long run is not about reading ever longer logs.
const TRIALS_A_DIRECTORY: u64 = 30;
const ACKNOWLEDGED_LEAST: usize = 200;
/// Small segments and frequent snapshots, so that kills meet both at every point.
const SEGMENTS: [&str; 4] = ["--segment-bytes", "65536", "--snapshot-every", "100"];

#[test]
fn nothing_acknowledged_is_lost_doubled_or_split_when_the_service_is_killed() {
    let mut dice = Dice::of("kills");
    let all = trials(30, 1_000);
    let (mut counts, mut done, mut while_starting) = (Counts::default(), 0, 0);
    while done < all {
        let round = TRIALS_A_DIRECTORY.min(all - done);
        let found = one_directory(&mut dice, round);
        done += round;
        while_starting += round.div_ceil(3);
        counts.add(found);
        aloud(&format!(
            "kills: {done} under load, {while_starting} while starting; {counts}"
        ));
        assert!(found.is_clean(), "{found}");
    }
}

fn one_directory(dice: &mut Dice, trials: u64) -> Counts {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::serve(&data, &SEGMENTS);
    open_scheme(&service, &token(&data, &["--role", "administrator"]), "one");
    service.stop();
    let coordinator = token(&data, &["--role", "coordinator", "--ttl", "8h"]);
    let mut ledger = Ledger::of("one");
    for trial in 0..trials {
        let service = Service::serve(&data, &SEGMENTS);
        ledger.retry(&service.url, &coordinator);
        let (url, pause) = (service.url.clone(), dice.pause(40));
        let label = format!("trial {trial}");
        ledger.load(&url, &coordinator, &label, ACKNOWLEDGED_LEAST, |_| {
            thread::sleep(pause);
            service.kill();
        });
        if trial % 3 == 0 {
            kill_while_starting(&SEGMENTS, &data, dice.pause(60), || {});
        }
        // A frame torn by the kill is no damage: it was never acknowledged, and the next opening cuts it.
        let proved = run(&["verify"], &data);
        assert!(
            proved.status.success(),
            "trial {trial}: {}",
            String::from_utf8_lossy(&proved.stdout)
        );
    }
    let service = Service::serve(&data, &SEGMENTS);
    ledger.retry(&service.url, &coordinator);
    service.stop();
    let segments = std::fs::read_dir(data.join("schemes/one/journal")).expect("a journal");
    let segments = segments.count();
    assert!(segments > 3, "the journal rolled: {segments} segments");
    let snapshots = std::fs::read_dir(data.join("schemes/one/snapshots"));
    let snapshots = snapshots.expect("snapshots were written").count();
    assert!(snapshots > 0, "and left behind");
    ledger.found_in(&data)
}
