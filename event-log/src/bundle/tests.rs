//! Bundles say the whole truth and nothing else.

use std::fs;

use super::specimen::{PERSON, Pieces, Specimen, schema, signer};
use super::*;
use crate::checkpoint::SignedCheckpoint;
use crate::conformance::sample;

use crate::record::{Position, Record, RecordError};
use crate::testing::scheme;

fn check(bundle: &[u8], expected: &Expected) -> Result<Verified, BundleError> {
    verify(bundle, expected, |_| Ok(()))
}

/// What is wrong with it, as text.
fn fault(bundle: &[u8], expected: &Expected) -> String {
    check(bundle, expected).unwrap_err().to_string()
}

#[test]
fn what_is_exported_verifies_and_says_how_far_that_reaches() {
    let specimen = Specimen::grow("one", "a");
    let bundle = specimen.bundle(|_| {});
    let root = specimen.store().verify(&specimen.scheme).unwrap().root;
    let all = specimen.expected();
    let said = |expected: &Expected| {
        let found = check(&bundle, expected).unwrap();
        assert_eq!((found.root, found.manifest.records.count), (root, 18));
        (found.signed_by_given, found.continues, found.cosignatures)
    };
    assert_eq!(said(&all), (true, Some(18), 4));
    assert_eq!(said(&Expected::default()), (false, None, 0));
    let checkpoint = specimen.checkpoints.first().cloned();
    let kept = Expected {
        checkpoint,
        keys: Vec::new(),
    };
    assert_eq!(said(&kept), (false, Some(5), 0));
    let witness = Expected {
        keys: all.keys[1..].to_vec(),
        checkpoint: None,
    };
    assert_eq!(
        said(&witness),
        (false, None, 4),
        "a witness does not say who made a bundle"
    );
    let text = String::from_utf8(bundle.clone()).unwrap();
    assert!(text.contains("\nadopted calendar.adopted 2\nadopted policy.adopted 1 12\nschemas 5 "));
    assert_eq!(text.matches("ciphertext_sha256").count(), 4);
    assert!(!text.contains("\"ciphertext\""));
    assert_eq!(
        bundle,
        specimen.bundle(|_| {}),
        "the same makes the same bytes"
    );
    assert_eq!(bundle, Pieces::of(&bundle).bytes());
    let mut again = Pieces::of(&bundle);
    again.fit();
    assert_eq!(
        bundle,
        again.signed(&specimen.signer),
        "everything follows from its content"
    );
}

#[test]
fn a_part_proves_what_it_leaves_out() {
    let specimen = Specimen::grow("one", "a");
    let bundle = specimen.bundle(|contents| {
        contents.choice = &|record| record.kind == "policy.adopted" || record.position.0 == 4;
    });
    let mut seen = Vec::new();
    let found = verify(&bundle[..], &specimen.expected(), |line| {
        match line {
            Seen::Record(record) => seen.push(record.position.0),
            Seen::Withheld(position) => seen.push(position.0 + 100),
        }
        Ok(())
    });
    let found = found.unwrap();
    assert_eq!(
        found.root,
        specimen.store().verify(&specimen.scheme).unwrap().root
    );
    assert_eq!(found.manifest.withheld, 15);
    let given: Vec<u64> = seen
        .iter()
        .copied()
        .filter(|position| *position < 100)
        .collect();
    assert_eq!((given, seen.len()), (vec![1, 4, 12], 18));
    let text = String::from_utf8(bundle).unwrap();
    assert!(
        text.contains("\nadopted policy.adopted 1 12\nschemas 3 "),
        "{text}"
    );
    assert!(
        !text.contains("calendar.adopted"),
        "what is withheld is not told in another way"
    );
}

#[test]
fn a_bundle_ends_where_a_checkpoint_ends() {
    let specimen = Specimen::grow("one", "a");
    let shorter = specimen.bundle(|contents| contents.size = Some(9));
    let early = Expected {
        checkpoint: specimen.checkpoints.get(1).cloned(),
        ..specimen.expected()
    };
    assert_eq!(check(&shorter, &early).unwrap().manifest.records.count, 9);
    let dropped = fault(&shorter, &specimen.expected());
    assert!(
        dropped.starts_with("the checkpoint given: it has 18 records, and the bundle ends at 9"),
        "{dropped}"
    );
    let refused = |checkpoints: Vec<SignedCheckpoint>, size| {
        let contents = Contents {
            checkpoints,
            size,
            schema: &schema,
            adopted: &[],
            choice: &|_| true,
        };
        let outcome = export(
            &specimen.store(),
            &specimen.scheme,
            &contents,
            &specimen.signer,
            &mut Vec::new(),
        );
        outcome.unwrap_err().to_string()
    };
    assert!(
        refused(specimen.checkpoints.clone(), Some(10)).contains("the first 10 records of one")
    );
    assert!(refused(Vec::new(), None).contains("no signed checkpoint of one"));
    let forked = Specimen::grow("one", "b");
    let damaged = refused(forked.checkpoints.clone(), None);
    assert_eq!(damaged, "the history cannot be read");
}

#[test]
fn only_the_key_that_signed_will_do() {
    let specimen = Specimen::grow("one", "a");
    let bundle = specimen.bundle(|_| {});
    let older = signer(&specimen.scheme, 2);
    let only_older = Expected {
        keys: vec![older.verifier().clone()],
        checkpoint: None,
    };
    assert!(fault(&bundle, &only_older).contains("another key than the one given"));
    let both = Expected {
        keys: vec![older.verifier().clone(), specimen.signer.verifier().clone()],
        checkpoint: specimen.checkpoints.last().cloned(),
    };
    check(&bundle, &both).unwrap();
    let by_older = Pieces::of(&bundle).signed(&older);
    assert!(fault(&by_older, &Expected::default()).contains("not signed by the bundle's key"));
    let other_log = Specimen::grow("two", "a");
    let kept = Expected {
        checkpoint: other_log.checkpoints.last().cloned(),
        keys: Vec::new(),
    };
    assert!(fault(&bundle, &kept).contains("it is of another log"));
}

#[test]
fn what_is_no_bundle_is_told_so() {
    let specimen = Specimen::grow("one", "a");
    let bundle = specimen.bundle(|_| {});
    let nobody = Expected::default();
    for wrong in [
        "",
        "alongside audit bundle 2\n",
        "PK\u{3}\u{4}",
        "alongside audit bundle 1",
    ] {
        let said = fault(wrong.as_bytes(), &nobody);
        assert!(said.contains("not an audit bundle of version 1"), "{said}");
    }
    for end in (0..bundle.len()).step_by(13) {
        check(&bundle[..end], &nobody).unwrap_err();
    }
    let longer = [&bundle[..], b"\n"].concat();
    assert!(fault(&longer, &nobody).contains("something follows the last record"));
    let endless = format!("{}\n{}", "alongside audit bundle 1", "x".repeat(2 << 20));
    assert!(fault(endless.as_bytes(), &nobody).contains("a line is too long"));
    // Whoever can sign may announce anything: it costs nobody memory.
    let mut huge = Pieces::of(&bundle);
    huge.manifest.schemas.bytes = MAX_NUMBER;
    let huge = huge.signed(&specimen.signer);
    assert!(fault(&huge, &nobody).contains("it announces too many bytes"));
    let mut many = Pieces::of(&bundle);
    many.manifest.records.count = MAX_NUMBER;
    assert!(
        fault(&many.signed(&specimen.signer), &nobody)
            .contains("does not end where the bundle ends")
    );
    let mut short = Pieces::of(&bundle);
    short.manifest.schemas.bytes = MAX_PART_BYTES;
    assert!(
        fault(&short.signed(&specimen.signer), &nobody).contains("the file ends in the middle")
    );
}

/// A change, and what is said of the bundle after it.
type Case<'a> = (&'a dyn Fn(&mut Pieces), &'a str);

#[test]
fn what_contradicts_itself_is_refused_whoever_signed_it() {
    let specimen = Specimen::grow("one", "a");
    let whole = Pieces::of(&specimen.bundle(|_| {}));
    let fault_of = |edit: &dyn Fn(&mut Pieces)| {
        let mut pieces = whole.clone();
        edit(&mut pieces);
        pieces.fit();
        fault(&pieces.signed(&specimen.signer), &Expected::default())
    };
    let cases: [Case; 9] = [
        (
            &|pieces| pieces.schemas.swap(1, 2),
            "schemas: they are out of order",
        ),
        (
            &|pieces| drop(pieces.schemas.remove(1)),
            "record 2: its type and version have no schema",
        ),
        (
            &|pieces| pieces.schemas.push("x.y 1 {}\n".to_owned()),
            "schemas: one is of no record",
        ),
        (
            &|pieces| drop(pieces.schemas.remove(0)),
            "schemas: they do not begin with that of a record",
        ),
        (
            &|pieces| pieces.checkpoints.swap(0, 1),
            "checkpoints: they are out of order",
        ),
        (
            &|pieces| pieces.checkpoints.push(pieces.checkpoints[3].clone()),
            "checkpoints: one stands twice",
        ),
        (
            &|pieces| drop(pieces.checkpoints.pop()),
            "checkpoints: the last one does not end where the bundle ends",
        ),
        (
            &|pieces| pieces.records.swap(3, 4),
            "record 4: it is of another position",
        ),
        (
            &|pieces| pieces.records[3] = b"withheld 00\n".to_vec(),
            "record 4: it is no leaf hash",
        ),
    ];
    for (edit, said) in cases {
        assert_eq!(fault_of(edit), said);
    }
    let text = String::from_utf8(whole.records[3].clone()).unwrap();
    let opened = text.replace("ciphertext_sha256\":\"", "ciphertext\":\"AAAA");
    assert!(
        fault_of(&|pieces| pieces.records[3] = opened.clone().into_bytes())
            .contains("in the place of each ciphertext")
    );
    let name = "\"recorded_at\":\"";
    let mut early = text.clone();
    let year = early.find(name).unwrap() + name.len();
    early.replace_range(year..year + 4, "1999");
    assert_eq!(
        fault_of(&|pieces| pieces.records[3] = early.clone().into_bytes()),
        "record 4: its time goes backwards"
    );
    let mut silent = whole.clone();
    silent
        .manifest
        .adopted
        .insert("policy.adopted".to_owned(), vec![1]);
    assert!(
        fault(&silent.signed(&specimen.signer), &Expected::default())
            .contains("what was adopted where")
    );
}

#[test]
fn a_bundle_is_kept_as_it_came() {
    let specimen = Specimen::grow("one", "a");
    let bundle = specimen.bundle(|_| {});
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("came.bundle");
    let data = folder.path().join("data");
    fs::write(&file, &bundle).unwrap();
    for _twice in 0..2 {
        let (verified, path) = shelve(&file, &data, &specimen.expected()).unwrap();
        assert_eq!(path, shelved(&data, &verified.manifest.scheme));
        assert_eq!(fs::read(path).unwrap(), bundle);
    }
    fs::write(&file, specimen.bundle(|contents| contents.size = Some(9))).unwrap();
    let other = shelve(&file, &data, &Expected::default()).unwrap_err();
    assert!(matches!(&other, BundleError::Write(_)), "{other:?}");
    fs::create_dir_all(folder.path().join("live/schemes/one")).unwrap();
    fs::write(&file, &bundle).unwrap();
    shelve(&file, &folder.path().join("live"), &Expected::default()).unwrap_err();
    fs::write(&file, &bundle[1..]).unwrap();
    shelve(&file, &data, &Expected::default()).unwrap_err();
    assert_eq!(
        fs::read_dir(data.join("bundles")).unwrap().count(),
        1,
        "nothing half is left"
    );
}

#[test]
fn a_leaf_is_read_as_it_was_written_and_no_other_way() {
    let specimen = Specimen::grow("one", "a");
    let mut reader = specimen.store().reader(&specimen.scheme).unwrap();
    let mut sealed = 0;
    while let Some(group) = reader.next_group().unwrap() {
        for stored in group {
            let record = stored.record().unwrap();
            let leaf = record.leaf().unwrap();
            let read = Record::from_leaf(&leaf).unwrap();
            sealed += read.sealed.len();
            assert!(
                read.sealed
                    .iter()
                    .all(|value| value.ciphertext.is_empty() && value.subject == PERSON)
            );
            let cleared = Record {
                sealed: read.sealed.clone(),
                ..record.clone()
            };
            assert_eq!(read, cleared);
            assert!(
                read.sealed.is_empty() || read.encode().is_err(),
                "nothing is made up of it"
            );
            // A record is no leaf where they differ.
            let bytes = record.encode().unwrap();
            assert_eq!(Record::from_leaf(&bytes).is_ok(), record.sealed.is_empty());
        }
    }
    assert_eq!(sealed, 4);
    let leaf = String::from_utf8(sample(&scheme("one"), Position(1)).leaf().unwrap()).unwrap();
    let spaced = leaf.replacen(':', ": ", 1);
    assert!(matches!(
        Record::from_leaf(spaced.as_bytes()),
        Err(RecordError::NotCanonical)
    ));
    let unknown = leaf.replacen("\"actor\"", "\"aa\":1,\"actor\"", 1);
    assert!(matches!(
        Record::from_leaf(unknown.as_bytes()),
        Err(RecordError::Malformed(_))
    ));
}
