//! Restoring: the same history, without the forgotten, whole or not at all.

use super::*;
use crate::sealing::SealError;
use crate::simulation::FailingDisk;

#[test]
fn what_is_restored_is_what_was_backed_up() {
    let service = Service::new();
    service.take("backup").unwrap();
    let before = service.store.verify(&service.scheme).unwrap();
    service.grow(5);
    let restored = service
        .restore("backup", "restored", &service.list())
        .unwrap();
    let scheme = &restored.schemes[0];
    assert_eq!((scheme.head, scheme.root), (before.head, before.root));
    assert_eq!(scheme.root_in_manifest, before.root);

    let store = service.restored("restored");
    assert_eq!(store.kind(), service.store.kind());
    assert_eq!(
        names(&store, &service.scheme),
        [(ADA, true), (BEN, true), (CLEO, true)]
    );
    let record = named(&store, &service.scheme, before.head, DAN);
    store
        .append(&service.scheme, before.head, vec![record])
        .unwrap();
    store.close().unwrap();
    let beside = service.beside(Arc::new(RealDisk));
    assert_eq!(
        beside.verify_to(&service.scheme, before.head).unwrap().root,
        before.root,
        "the service that went on has the same root at that position"
    );
}

#[test]
fn whoever_is_on_the_list_is_not_brought_back_by_an_older_backup() {
    let service = Service::new();
    service.erase(CLEO);
    let taken = service.take("backup").unwrap();
    service.erase(BEN);
    service.erase(DAN); // Never had a key.
    let list = service.list();
    let restored = service.restore("backup", "restored", &list).unwrap();
    let found = &restored.schemes[0];
    assert_eq!(
        (
            found.erased_before,
            found.erased_now,
            found.erased_without_key
        ),
        (1, 1, 1)
    );
    assert_eq!(found.root, taken.manifest.schemes[0].root);

    let store = service.restored("restored");
    assert_eq!(
        names(&store, &service.scheme),
        [(ADA, true), (BEN, false), (CLEO, false)]
    );
    let vault = store.vault(&service.scheme).unwrap();
    for erased in [BEN, CLEO, DAN] {
        assert!(
            matches!(vault.ensure_key(erased), Err(SealError::Erased { .. })),
            "never silently made again"
        );
    }
    let keyring = service.path("restored/schemes/trial/keyring");
    assert_eq!(
        RealDisk.list(&keyring).unwrap().len(),
        1,
        "the generation with the key is gone"
    );
}

#[test]
fn a_list_that_is_older_than_the_backup_is_refused() {
    let service = Service::new();
    let older = service.list();
    service.erase(BEN);
    service.take("backup").unwrap();
    let refused = service.restore("backup", "restored", &older);
    assert!(
        matches!(refused, Err(BackupError::Outdated { missing: 1, .. })),
        "{refused:?}"
    );
    assert!(!service.path("restored").exists());
}

#[test]
fn a_list_of_other_schemes_is_refused() {
    let service = Service::new();
    service.take("backup").unwrap();
    let mut list = service.list();
    let listed = list.schemes.remove(0);
    assert!(matches!(
        service.restore("backup", "restored", &list),
        Err(BackupError::NotListed { .. })
    ));
    list.schemes.push(listed);
    list.schemes[0].origin = Some(crate::Digest([7; 32]));
    assert!(matches!(
        service.restore("backup", "restored", &list),
        Err(BackupError::OtherScheme { .. })
    ));
    list.schemes[0].origin = None;
    assert!(matches!(
        service.restore("backup", "restored", &list),
        Err(BackupError::Outdated { missing: 0, .. })
    ));
}

#[test]
fn a_list_never_replaces_one_that_knows_more() {
    let service = Service::new();
    let path = service.path("erasures.json");
    let older = service.list();
    older.write(&RealDisk, &path).unwrap();
    service.erase(BEN);
    let newer = service.list();
    newer.write(&RealDisk, &path).unwrap();
    assert_eq!(Erasures::read(&RealDisk, &path).unwrap(), newer);
    let mut other = newer.clone();
    other.schemes[0].origin = Some(crate::Digest([7; 32]));
    let mut none = newer.clone();
    none.schemes.clear();
    for less in [older, other, none] {
        assert!(matches!(
            less.write(&RealDisk, &path),
            Err(BackupError::WouldForget { .. })
        ));
        assert_eq!(Erasures::read(&RealDisk, &path).unwrap(), newer);
    }
}

#[test]
fn a_list_or_a_manifest_that_was_changed_is_refused() {
    let service = Service::new();
    service.erase(BEN);
    service.take("backup").unwrap();
    for name in ["backup/erasures.json", "backup/manifest.json"] {
        let path = service.path(name);
        let text = fs::read_to_string(&path).unwrap();
        let spoilt = [
            text.replace("00be", "00bf"),
            text.replace("\"format\": 1", "\"format\": 2"),
            text[..text.len() / 2].to_owned(),
            text.replace("\"sha256\"", "\"sha255\""),
        ];
        for changed in spoilt {
            assert_ne!(changed, text);
            fs::write(&path, &changed).unwrap();
            let list = Erasures::read(&RealDisk, &service.path("backup/erasures.json"));
            let refused = list.and_then(|list| service.restore("backup", "restored", &list));
            assert!(
                matches!(refused, Err(BackupError::Document { .. })),
                "{refused:?}"
            );
        }
        fs::write(&path, text).unwrap();
    }
    let list = Erasures::read(&RealDisk, &service.path("backup/erasures.json")).unwrap();
    service.restore("backup", "restored", &list).unwrap();
}

#[test]
fn a_flipped_bit_in_any_file_of_the_backup_is_refused_by_name() {
    let service = Service::new();
    service.take("backup").unwrap();
    let list = service.list();
    let objects = service.objects("backup");
    assert!(objects.len() > 5);
    for name in objects {
        let path = service.path("backup/objects").join(&name);
        let good = fs::read(&path).unwrap();
        let refused = |service: &Service| match service.restore("backup", "restored", &list) {
            Err(BackupError::Changed { path, .. }) => {
                assert!(path.ends_with(&name));
                assert!(!service.path("restored").exists());
                assert!(!service.path(".restored.restoring").exists());
            }
            other => panic!("{other:?}"),
        };
        flip(&path);
        refused(&service);
        fs::write(&path, &good[..good.len() - 1]).unwrap();
        refused(&service);
        fs::write(&path, [&good[..], b"x"].concat()).unwrap();
        refused(&service);
        fs::remove_file(&path).unwrap();
        refused(&service);
        fs::write(&path, good).unwrap();
    }
    service.restore("backup", "restored", &list).unwrap();
}

#[test]
fn only_an_empty_place_is_restored_into() {
    let service = Service::new();
    service.take("backup").unwrap();
    let list = service.list();
    assert!(matches!(
        service.restore("backup", "data", &list),
        Err(BackupError::NotEmpty(_))
    ));
    fs::create_dir(service.path("empty")).unwrap();
    service.restore("backup", "empty", &list).unwrap();
    assert!(matches!(
        service.restore("backup", "empty", &list),
        Err(BackupError::NotEmpty(_))
    ));
}

#[test]
fn another_master_key_is_refused_and_leaves_nothing_behind() {
    let service = Service::new();
    service.take("backup").unwrap();
    fs::write(service.path("data/keys/master.key"), [7; 32]).unwrap();
    let refused = service.restore("backup", "restored", &service.list());
    assert!(
        matches!(refused, Err(BackupError::WrongMasterKey { .. })),
        "{refused:?}"
    );
    let left = RealDisk.list(service.folder.path()).unwrap();
    assert_eq!(left, ["backup", "data"]);
}

#[test]
fn a_restore_that_is_interrupted_leaves_no_half_of_one() {
    let service = Service::new();
    service.take("backup").unwrap();
    service.erase(BEN);
    let list = service.list();
    let disk = FailingDisk::default();
    let mut interruptions = 0;
    for count in 0.. {
        disk.fail_after(count, "restor");
        let restored = service.restore_on(Arc::new(disk.clone()), "backup", "restored", &list);
        if restored.is_ok() {
            break;
        }
        interruptions += 1;
        if service.path("restored").exists() {
            // Only the sync of the folder above was left to do: what is there is whole.
            let store = service.restored("restored");
            assert!(names(&store, &service.scheme).contains(&(BEN, false)));
            drop(store);
            fs::remove_dir_all(service.path("restored")).unwrap();
        }
    }
    assert!(interruptions > 20, "{interruptions}");
    let names = names(&service.restored("restored"), &service.scheme);
    assert_eq!(names, [(ADA, true), (BEN, false), (CLEO, true)]);
}
