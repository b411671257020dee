//! Taking backups: what is copied, what is left alone, and what is refused.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::super::manifest::Manifest;
use super::*;
use crate::operations::Entry;
use crate::simulation::FailingDisk;

#[test]
fn a_backup_is_the_durable_history_with_its_root() {
    let service = Service::new();
    let taken = service.take("backup").unwrap();
    let copy = &taken.manifest.schemes[0];
    let found = service.store.verify(&service.scheme).unwrap();
    assert_eq!(
        (copy.head, copy.root, copy.chain),
        (found.head, found.root, found.chain)
    );
    assert!(copy.journal.len() > 3, "{} segments", copy.journal.len());
    assert_eq!(
        Manifest::read(&RealDisk, &service.path("backup")).unwrap(),
        Some(taken.manifest)
    );
    let names = RealDisk.list(&service.path("backup")).unwrap();
    assert_eq!(
        names,
        [
            "alongside.lock",
            "erasures.json",
            "manifest.json",
            "objects"
        ]
    );
}

#[test]
fn closed_segments_are_copied_once() {
    let service = Service::new();
    let first = service.take("backup").unwrap();
    let closed = first.manifest.schemes[0].journal.split_last().unwrap().1;
    let identity = |name: &str| {
        let found = fs::metadata(service.path("backup/objects").join(name)).unwrap();
        (found.ino(), found.mtime(), found.mtime_nsec())
    };
    let before: Vec<_> = closed
        .iter()
        .map(|file| identity(&file.sha256.to_string()))
        .collect();
    service.grow(30);

    let second = service.take("backup").unwrap();
    assert_eq!(second.schemes[0].segments.kept, closed.len() as u64);
    assert!(second.schemes[0].bytes.kept > 0);
    let after: Vec<_> = closed
        .iter()
        .map(|file| identity(&file.sha256.to_string()))
        .collect();
    assert_eq!(before, after);
    assert!(second.schemes[0].segments.copied < second.manifest.schemes[0].journal.len() as u64);
    let needed: BTreeSet<String> = second
        .manifest
        .digests()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        service.objects("backup"),
        needed,
        "and nothing else is left"
    );
}

#[test]
fn a_file_that_rotted_in_the_backup_is_copied_again() {
    let service = Service::new();
    let first = service.take("backup").unwrap();
    let segment = first.manifest.schemes[0].journal[1].sha256;
    flip(&service.path("backup/objects").join(segment.to_string()));
    let second = service.take("backup").unwrap();
    let closed = second.manifest.schemes[0].journal.len() as u64 - 1;
    assert_eq!(second.schemes[0].segments.kept, closed - 1);
    service
        .restore("backup", "restored", &service.list())
        .unwrap();
}

#[test]
fn a_group_that_is_only_half_written_is_left_out() {
    let service = Service::new();
    let head = service.head();
    let path = service.path("data/schemes/trial/journal");
    let last = RealDisk.list(&path).unwrap().pop().unwrap();
    let mut bytes = fs::read(path.join(&last)).unwrap();
    let length = bytes.len();
    bytes.extend_from_slice(&[b'A', b'F', b'R', b'M', 9, 9]);
    fs::write(path.join(&last), &bytes).unwrap();
    let copy = service.take("backup").unwrap().manifest.schemes[0].clone();
    assert_eq!(copy.head, head);
    assert_eq!(copy.journal.last().unwrap().bytes, length as u64);
}

#[test]
fn an_interrupted_first_backup_is_none() {
    let service = Service::new();
    let disk = FailingDisk::default();
    let mut interruptions = 0;
    for count in 0.. {
        let to = service.path("backup");
        disk.fail_after(count, "backup");
        if take(&service.beside(Arc::new(disk.clone())), &to, "noon").is_ok() {
            break;
        }
        let named = to.join("manifest.json").exists();
        let refused = service.restore("backup", "restored", &service.list());
        // The last thing a backup does is to remove what nobody needs: then it is one already.
        match refused {
            Err(BackupError::Unfinished(_)) => assert!(!named),
            Ok(_) => assert!(named),
            Err(error) => panic!("{error:?}"),
        }
        let _ = fs::remove_dir_all(service.path("restored"));
        let _ = fs::remove_dir_all(&to);
        interruptions += 1;
    }
    assert!(interruptions > 20, "{interruptions}");
}

#[test]
fn an_interrupted_backup_never_spoils_the_last_one() {
    let service = Service::new();
    let first = service.take("backup").unwrap();
    service.grow(30);
    service.erase(BEN);
    let disk = FailingDisk::default();
    let mut interruptions = 0;
    for count in 0.. {
        disk.fail_after(count, "backup");
        let taken = take(
            &service.beside(Arc::new(disk.clone())),
            &service.path("backup"),
            "later",
        );
        let restored = service.restore("backup", "restored", &service.list());
        let restored = restored.unwrap();
        fs::remove_dir_all(service.path("restored")).unwrap();
        if taken.is_ok() {
            assert_eq!(restored.schemes[0].head, service.head());
            break;
        }
        if restored.taken_at == first.manifest.taken_at {
            assert_eq!(restored.schemes[0].root, first.manifest.schemes[0].root);
        }
        interruptions += 1;
    }
    assert!(interruptions > 10, "{interruptions}");
}

#[test]
fn another_history_does_not_replace_the_last_backup() {
    let service = Service::new();
    let early = service.path("early");
    copy_folder(&service.path("data"), &early);
    service.grow(30);
    let last = service.take("backup").unwrap();
    let manifest = || Manifest::read(&RealDisk, &service.path("backup")).unwrap();

    let beside = |path: &Path| Embedded::open_read_only(path, options()).unwrap();
    let shorter = take(&beside(&early), &service.path("backup"), "later");
    assert!(
        matches!(
            shorter,
            Err(BackupError::OtherHistory { position, .. }) if position == last.manifest.schemes[0].head
        ),
        "{shorter:?}"
    );
    assert_eq!(manifest().as_ref(), Some(&last.manifest));

    let store = Service::open(&early);
    let head = store.head(&service.scheme).unwrap();
    let mut group = samples(&service.scheme, head, 40);
    group[0].channel = Some("phone".to_owned());
    for record in group {
        let head = store.head(&service.scheme).unwrap();
        store.append(&service.scheme, head, vec![record]).unwrap();
    }
    store.close().unwrap();
    let other = take(&beside(&early), &service.path("backup"), "later");
    assert!(
        matches!(
            other,
            Err(BackupError::OtherHistory { .. } | BackupError::Journal { .. })
        ),
        "{other:?}"
    );
    assert_eq!(manifest().as_ref(), Some(&last.manifest));

    fs::remove_dir_all(early.join("schemes/trial")).unwrap();
    let gone = take(&beside(&early), &service.path("backup"), "later");
    assert!(
        matches!(gone, Err(BackupError::OtherHistory { .. })),
        "{gone:?}"
    );
    assert_eq!(manifest(), Some(last.manifest));
    service
        .restore("backup", "restored", &service.list())
        .unwrap();
}

#[test]
fn a_journal_that_names_a_key_nobody_has_is_not_backed_up() {
    let service = Service::new();
    let keyring = service.path("data/schemes/trial/keyring");
    fs::remove_dir_all(&keyring).unwrap();
    crate::sealing::Vault::create(&RealDisk, &keyring, &service.scheme).unwrap();
    let refused = service.take("backup");
    assert!(
        matches!(
            refused,
            Err(BackupError::KeyMissing {
                position: Position(1),
                ..
            })
        ),
        "{refused:?}"
    );
    assert!(!service.path("backup/manifest.json").exists());
}

#[test]
fn damage_in_the_data_is_not_backed_up() {
    let service = Service::new();
    flip(&service.path("data/schemes/trial/journal/00000000000000000001.log"));
    assert!(matches!(
        service.take("backup"),
        Err(BackupError::Journal { copy: true, .. })
    ));
    assert!(!service.path("backup/manifest.json").exists());
}

#[test]
fn a_data_directory_is_no_place_for_a_backup() {
    let service = Service::new();
    assert!(matches!(service.take("data"), Err(BackupError::IsData(_))));
}

/// Everything at once: the writer makes keys, appends, compacts its operations journal and erases, and each
/// backup beside it must hold together. `take` itself proves that no record is ahead of its key.
#[test]
fn a_backup_beside_a_busy_writer_is_consistent() {
    let service = Service::new();
    let done = AtomicBool::new(false);
    let taken = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..10_000_u128 {
                if done.load(Ordering::SeqCst) {
                    break;
                }
                let person = Uuid::from_u128(0x1000 + number);
                service.name(person);
                let operations = service.store.operations(&service.scheme).unwrap();
                let entry = Entry {
                    kind: crate::operations::CHECKPOINT.to_owned(),
                    key: "latest".to_owned(),
                    at: number.to_string(),
                    value: serde_json::json!({ "position": service.head().to_string() }),
                };
                operations.append(&[entry]).unwrap();
                if number % 5 == 0 {
                    operations.compact(|_| true).unwrap();
                    service.erase(person);
                }
            }
        });
        let mut heads: Vec<Position> = Vec::new();
        let head = || service.take("backup").unwrap().manifest.schemes[0].head;
        loop {
            // Not a number of backups but of records: how fast the two are beside each other is the machine's affair.
            let busy = heads
                .first()
                .is_some_and(|first| service.head() > first.plus(20));
            heads.push(head());
            if (busy && heads.len() >= 10) || writer.is_finished() {
                break;
            }
        }
        done.store(true, Ordering::SeqCst);
        writer.join().unwrap();
        heads
    });
    assert!(
        taken.is_sorted() && taken.first() < taken.last(),
        "{taken:?}"
    );
    // The checkpoint in the operations journal would say so if the journal were older than it.
    let restored = service
        .restore("backup", "restored", &service.list())
        .unwrap();
    assert_eq!(Some(&restored.schemes[0].head), taken.last());
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
