//! The power goes while the service writes, and while it starts: what had not reached the device is gone.
//!
//! The control is the same load on the same file system, once with the disk as it is and once with syncs that do
//! nothing. If the second lost nothing, the first would prove nothing.

use super::{
    Dice, aloud,
    file_system::FileSystem,
    in_process::{InProcess, Unsynced},
    ledger::{Counts, Late, Ledger},
    skipped, trials,
};
use crate::harness::{Service, kill_while_starting, open_scheme, run, token, try_records};
use event_log::disk::{Disk, RealDisk};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    thread,
    time::Duration,
};

const TRIALS_A_FILE_SYSTEM: u64 = 20;
const MEGABYTES: u64 = 256;
const ACKNOWLEDGED_LEAST: usize = 150;
const SEGMENT_BYTES: u64 = 65_536;
const SEGMENTS: [&str; 2] = ["--segment-bytes", "65536"];
/// How long clients go on after the cut. What they hear from its beginning on does not count as an answer, for with real
/// power gone nobody would have heard it: a sync that is under way may return as if all were well. How many that were,
/// and how many of them were not kept, is printed.
const AFTERMATH: Duration = Duration::from_millis(20);

#[test]
fn nothing_acknowledged_is_lost_when_the_power_goes() {
    let mut dice = Dice::of("power cuts");
    let all = trials(3, 200);
    let (mut counts, mut done, mut while_starting) = (Counts::default(), 0, 0);
    let mut late = Late::default();
    while done < all {
        let file_system = match FileSystem::make(MEGABYTES) {
            Ok(made) => made,
            Err(reason) => return skipped("power cuts", &reason),
        };
        let round = TRIALS_A_FILE_SYSTEM.min(all - done);
        let found = one_file_system(&mut dice, file_system, round, &mut late);
        done += round;
        while_starting += round.div_ceil(3);
        counts.add(found);
        aloud(&format!(
            "power cuts: {done} under load, {while_starting} while starting; {counts}; {late}"
        ));
        assert!(found.is_clean(), "{found}");
    }
}

fn one_file_system(
    dice: &mut Dice,
    mut file_system: FileSystem,
    trials: u64,
    late: &mut Late,
) -> Counts {
    let (data, coordinator) = new_scheme(&file_system);
    let mut ledger = Ledger::of("one");
    for trial in 0..trials {
        let service = Service::serve(&data, &SEGMENTS);
        ledger.retry(&service.url, &coordinator);
        let (switch, pause) = (file_system.switch(), dice.pause(40));
        let label = format!("trial {trial}");
        ledger.load(
            &service.url,
            &coordinator,
            &label,
            ACKNOWLEDGED_LEAST,
            |gone| {
                thread::sleep(pause);
                gone.store(true, Ordering::SeqCst);
                switch.cut();
                thread::sleep(AFTERMATH);
            },
        );
        service.kill();
        file_system.remount();
        if trial % 3 == 0 {
            let switch = file_system.switch();
            kill_while_starting(&SEGMENTS, &data, dice.pause(60), || switch.cut());
            file_system.remount();
        }
        let proved = run(&["verify"], &data);
        let said = String::from_utf8_lossy(&proved.stdout);
        assert!(proved.status.success(), "trial {trial}: {said}");
        let found = ledger.found_meanwhile(&data);
        assert!(found.is_clean(), "trial {trial}: {found}");
        *late += ledger.take_late(&data);
    }
    let service = Service::serve(&data, &SEGMENTS);
    ledger.retry(&service.url, &coordinator);
    service.stop();
    ledger.found_in(&data)
}

#[test]
fn a_service_whose_syncs_do_nothing_is_found_out() {
    let mut dice = Dice::of("power cuts, control");
    let all = trials(2, 25);
    let mut losses = [0, 0];
    let disks: [Arc<dyn Disk>; 2] = [Arc::new(RealDisk), Arc::new(Unsynced)];
    for (disk, lost) in disks.into_iter().zip(&mut losses) {
        for _ in 0..all {
            let file_system = match FileSystem::make(MEGABYTES) {
                Ok(made) => made,
                Err(reason) => return skipped("power cuts, control", &reason),
            };
            *lost += u64::from(loses(&mut dice, file_system, Arc::clone(&disk)));
        }
    }
    let [with_syncs, without] = losses;
    aloud(&format!(
        "power cuts, control: {with_syncs} of {all} lost something with syncs, {without} of {all} without"
    ));
    assert_eq!(with_syncs, 0, "with syncs nothing is lost");
    assert!(
        without > 0,
        "without syncs something is lost, or this harness sees nothing"
    );
}

/// One cut under load; whether anything acknowledged was gone, or the log no longer whole.
fn loses(dice: &mut Dice, mut file_system: FileSystem, disk: Arc<dyn Disk>) -> bool {
    let (data, coordinator) = new_scheme(&file_system);
    let mut ledger = Ledger::of("one");
    let service = InProcess::serve(&data, disk, SEGMENT_BYTES).expect("it serves");
    let (switch, pause) = (file_system.switch(), dice.pause(40));
    ledger.load(
        &service.url,
        &coordinator,
        "control",
        ACKNOWLEDGED_LEAST,
        |gone| {
            thread::sleep(pause);
            gone.store(true, Ordering::SeqCst);
            switch.cut();
        },
    );
    service.drop_dead();
    file_system.remount();
    try_records(&data, "one").map_or(true, |records| !ledger.count(&records, false).is_clean())
}

/// A scheme on the file system, made the clean way, and a coordinator's token.
fn new_scheme(file_system: &FileSystem) -> (PathBuf, String) {
    let data = file_system.path().join("data");
    let service = Service::serve(&data, &SEGMENTS);
    open_scheme(&service, &token(&data, &["--role", "administrator"]), "one");
    service.stop();
    let coordinator = token(&data, &["--role", "coordinator", "--ttl", "8h"]);
    (data, coordinator)
}
