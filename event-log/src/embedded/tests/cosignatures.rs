//! What a witness says of a checkpoint is kept under it, and nothing that is not of this log.

use super::grow;
use crate::checkpoint::{Checkpoint, SignedCheckpoint, Signer};
use crate::embedded::{Embedded, NotCosigned};
use crate::record::SchemeId;
use crate::store::EventStore as _;
use crate::testing::{open, scheme};

/// A log of three records, the checkpoint it signed of them, and a witness.
fn begun(directory: &std::path::Path) -> (Embedded, SchemeId, SignedCheckpoint, Signer) {
    let (store, scheme) = (open(directory), scheme("trial"));
    store.create(&scheme).unwrap();
    grow(&store, &scheme, 3).unwrap();
    let signed = store.checkpoint(&scheme, "monday").unwrap();
    let witness = Signer::witness("audit.example.org", &[9; 32]).unwrap();
    (store, scheme, signed, witness)
}

/// R308: in whichever order they come, and when the log is opened again.
#[test]
fn of_two_lines_by_one_witness_the_later_stays() {
    let directory = tempfile::tempdir().unwrap();
    let (store, scheme, signed, witness) = begun(directory.path());
    let known = [witness.verifier().clone()];
    let keep = |seconds| {
        let note = signed.clone().cosigned(&witness, seconds);
        let kept = store.keep_cosignatures(&scheme, &note, &known, "tuesday");
        kept.unwrap()
    };
    for (brought, stays) in [(20, 20), (10, 20), (20, 20), (30, 30)] {
        let kept = keep(brought).unwrap();
        assert_eq!(kept.verify(&known[0]), Ok(Some(stays)));
        assert_eq!(kept.signatures().len(), 2);
        assert_eq!(store.checkpoint(&scheme, "").unwrap(), kept);
    }
    let kept = store.checkpoint_at(&scheme, 3).unwrap().unwrap();
    store.close().unwrap();
    let store = open(directory.path());
    let beside = store.checkpoints(&scheme).unwrap();
    assert_eq!(beside, std::slice::from_ref(&kept));
    grow(&store, &scheme, 1).unwrap();
    let later = store.checkpoint(&scheme, "wednesday").unwrap();
    assert!(later.verify(&known[0]).is_err(), "it is another checkpoint");
    assert_eq!(store.checkpoints(&scheme).unwrap(), [kept, later]);
}

/// R308: a witness who saw another history does not vouch for this one.
#[test]
fn a_line_under_another_text_is_not_kept() {
    let directory = tempfile::tempdir().unwrap();
    let (store, scheme, signed, witness) = begun(directory.path());
    let known = [witness.verifier().clone()];
    let log = Signer::log("alongside/trial", &[7; 32]).unwrap();
    let other = |change: &dyn Fn(&mut Checkpoint)| {
        let mut checkpoint = signed.checkpoint().clone();
        change(&mut checkpoint);
        let note = SignedCheckpoint::sign(checkpoint, std::slice::from_ref(&log)).unwrap();
        let kept = store.keep_cosignatures(&scheme, &note.cosigned(&witness, 10), &known, "");
        kept.unwrap()
    };
    let forked = other(&|checkpoint| checkpoint.root.0[0] ^= 1);
    assert_eq!(forked, Err(NotCosigned::Another(3)));
    let elsewhere = other(&|checkpoint| checkpoint.origin.push('x'));
    assert_eq!(elsewhere, Err(NotCosigned::Another(3)));
    let never = other(&|checkpoint| checkpoint.size = 2);
    assert_eq!(never, Err(NotCosigned::NeverSigned(2)));
    assert_eq!(
        store.checkpoint_at(&scheme, 3).unwrap(),
        Some(signed.clone())
    );
}

/// R308: nobody else's line, and no line that was changed.
#[test]
fn only_lines_of_witnesses_who_are_named_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let (store, scheme, signed, witness) = begun(directory.path());
    let stranger = Signer::witness("elsewhere.example.org", &[8; 32]).unwrap();
    let known = [witness.verifier().clone()];
    let keep = |note: &SignedCheckpoint| {
        let kept = store.keep_cosignatures(&scheme, note, &known, "");
        kept.unwrap()
    };
    let by_stranger = signed.clone().cosigned(&stranger, 10);
    for nobody in [&signed, &by_stranger] {
        let kept = keep(nobody);
        assert_eq!(kept, Err(NotCosigned::NoWitness));
    }
    let by_both = by_stranger.clone().cosigned(&witness, 10);
    let kept = keep(&by_both).unwrap();
    assert!(kept.verify(stranger.verifier()).is_err());
    // The line of another checkpoint under this one.
    grow(&store, &scheme, 1).unwrap();
    let later = store.checkpoint(&scheme, "").unwrap();
    let line = kept.signatures().iter().find(|line| line.is_by(&known[0]));
    let moved = later.joined(line.cloned());
    let kept = keep(&moved);
    assert_eq!(
        kept,
        Err(NotCosigned::Wrong("audit.example.org".to_owned()))
    );
}

/// R308: the line of a checkpoint whose size begins like another's stays under its own.
#[test]
fn each_checkpoint_has_its_own_lines() {
    let directory = tempfile::tempdir().unwrap();
    let (store, scheme, third, witness) = begun(directory.path());
    let known = [witness.verifier().clone()];
    grow(&store, &scheme, 27).unwrap();
    let thirtieth = store.checkpoint(&scheme, "").unwrap();
    for (signed, seconds) in [(&third, 10), (&thirtieth, 20)] {
        let note = signed.clone().cosigned(&witness, seconds);
        let kept = store.keep_cosignatures(&scheme, &note, &known, "");
        assert_eq!(kept.unwrap(), Ok(note));
    }
    for (size, seconds) in [(3, 10), (30, 20)] {
        let kept = store.checkpoint_at(&scheme, size).unwrap().unwrap();
        assert_eq!(kept.verify(&known[0]), Ok(Some(seconds)));
        assert_eq!(kept.signatures().len(), 2);
    }
}
