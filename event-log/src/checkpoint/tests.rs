//! Checkpoints are read, checked and written as others do it.

use super::*;
use crate::merkle::{self, leaf_head};

/// The example of C2SP `signed-note`'s best-known implementation, made by a Go program: a key and what it signed.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

fn signer(name: &str, first: u8) -> Signer {
    Signer::log(name, &[first; SEED_BYTES]).unwrap()
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint {
        origin: "alongside/one".to_owned(),
        size,
        root: Digest([7; 32]),
    }
}

#[test]
fn a_signed_checkpoint_is_read_as_it_was_written() {
    let signers = [signer("alongside/one", 1), signer("alongside/one", 2)];
    let signed = SignedCheckpoint::sign(checkpoint(12), &signers).unwrap();
    let text = signed.to_string();
    assert!(text.starts_with(
        "alongside/one\n12\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n— alongside/one "
    ));
    let read: SignedCheckpoint = text.parse().unwrap();
    assert_eq!(read, signed);
    for signer in &signers {
        assert_eq!(read.verify(signer.verifier()), Ok(None));
    }
    let stranger = signer("alongside/one", 3);
    assert_eq!(read.verify(stranger.verifier()), Err(NotSigned::Absent));
}

#[test]
fn every_changed_letter_is_noticed() {
    let one = signer("alongside/one", 1);
    let signed = SignedCheckpoint::sign(checkpoint(12), std::slice::from_ref(&one)).unwrap();
    let text = signed.to_string();
    for (at, letter) in text.char_indices() {
        for other in ['A', 'b', '0', '\n', ' ']
            .into_iter()
            .filter(|other| *other != letter)
        {
            let changed = format!("{}{other}{}", &text[..at], &text[at + letter.len_utf8()..]);
            let outcome = changed
                .parse::<SignedCheckpoint>()
                .map(|read| read.verify(one.verifier()));
            assert!(!matches!(outcome, Ok(Ok(_))), "{at}: {changed}");
        }
        let shorter = format!("{}{}", &text[..at], &text[at + letter.len_utf8()..]);
        let outcome = shorter
            .parse::<SignedCheckpoint>()
            .map(|read| read.verify(one.verifier()));
        assert!(!matches!(outcome, Ok(Ok(_))), "{at}: {shorter}");
    }
}

#[test]
fn a_key_is_read_as_others_write_it() {
    let key: VerifierKey = PETER.parse().unwrap();
    assert_eq!(
        (key.name(), key.id()),
        ("PeterNeumann", [0xc7, 0x4f, 0x20, 0xa3])
    );
    assert_eq!(key.to_string(), PETER);
    // Signed by that program with the secret of this key.
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let line = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    let signature: Signature = line.parse().unwrap();
    assert_eq!(signature.key_id, key.id());
    assert!(key.holds(text.as_bytes(), &signature.bytes));
    assert!(!key.holds(&text.as_bytes()[1..], &signature.bytes));
    for wrong in [
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10",
        "PeterNeumann+c74f20a3",
        "",
    ] {
        assert!(wrong.parse::<VerifierKey>().is_err(), "{wrong}");
    }
}

#[test]
fn a_witness_says_when() {
    let (log, witness) = (
        signer("alongside/one", 1),
        Signer::witness("witness.example/w1", &[9; SEED_BYTES]).unwrap(),
    );
    let signed = SignedCheckpoint::sign(checkpoint(12), std::slice::from_ref(&log)).unwrap();
    let twice = signed
        .cosigned(&witness, 5)
        .cosigned(&witness, 1_679_315_147);
    let read: SignedCheckpoint = twice.to_string().parse().unwrap();
    assert_eq!(read.signatures().len(), 2);
    assert_eq!(read.verify(log.verifier()), Ok(None));
    assert_eq!(read.verify(witness.verifier()), Ok(Some(1_679_315_147)));
    // The same seed in the other use is another key.
    let as_log = signer("witness.example/w1", 9);
    assert_eq!(read.verify(as_log.verifier()), Err(NotSigned::Absent));
}

#[test]
fn a_secret_key_is_read_as_it_was_written() {
    let witness = Signer::witness("witness.example/w1", &[9; SEED_BYTES]).unwrap();
    let text = witness_secret(witness.verifier(), &[9; SEED_BYTES]);
    assert!(
        text.starts_with("PRIVATE+KEY+witness.example/w1+"),
        "{}",
        *text
    );
    let read: Signer = text.parse().unwrap();
    assert_eq!(read.verifier(), witness.verifier());
    assert!(read.verifier().is_witness());
    for wrong in [
        text.replace("w1", "w2"),
        text[1..].to_owned(),
        text[..text.len() - 4].to_owned(),
        witness.verifier().to_string(),
    ] {
        assert!(wrong.parse::<Signer>().is_err(), "{wrong}");
    }
}

#[test]
fn what_is_no_checkpoint_is_not_taken_for_one() {
    let one = signer("alongside/one", 1);
    let good = SignedCheckpoint::sign(checkpoint(12), std::slice::from_ref(&one))
        .unwrap()
        .to_string();
    for (from, to) in [
        ("\n12\n", "\n012\n"),
        ("\n12\n", "\n+12\n"),
        ("\n12\n", "\n-1\n"),
        ("\n12\n", "\n18446744073709551616\n"),
        ("alongside/one\n12", "\n12"),
        ("Bwc=", "Bwd="),
        ("Bwc=", "="),
        ("\n\n", "\n"),
        ("\n\n", "\n\n\n"),
        ("\n\n", "\r\n\r\n"),
        ("— ", "- "),
    ] {
        let wrong = good.replacen(from, to, 1);
        assert_ne!(wrong, good);
        assert!(wrong.parse::<SignedCheckpoint>().is_err(), "{wrong}");
    }
    let huge = format!("{good}{}", "— x AAAAAAAA\n".repeat(101));
    assert_eq!(
        huge.parse::<SignedCheckpoint>(),
        Err(CheckpointError::TooLarge)
    );
    let two_lines = Checkpoint {
        origin: "one\ntwo".to_owned(),
        ..checkpoint(1)
    };
    assert!(SignedCheckpoint::sign(two_lines, &[one]).is_err());
    assert!(SignedCheckpoint::sign(checkpoint(1), &[]).is_err());
    assert!(Signer::log("a b", &[1; SEED_BYTES]).is_err());
}

#[test]
fn a_proof_that_is_kept_in_a_file_holds_for_its_leaf_alone() {
    let leaves: Vec<Vec<u8>> = (0..7_u8).map(|number| vec![number; 4]).collect();
    let heads: Vec<Digest> = leaves.iter().map(|leaf| leaf_head(leaf)).collect();
    let Ok(root) = merkle::root(&merkle::Leaves(&heads), 7);
    let checkpoint = Checkpoint {
        root,
        ..checkpoint(7)
    };
    let signed = SignedCheckpoint::sign(checkpoint, &[signer("alongside/one", 1)]).unwrap();
    for index in 0..7_u8 {
        let Ok(path) = merkle::inclusion(&merkle::Leaves(&heads), u64::from(index), 7);
        let proof = LogProof {
            index: u64::from(index),
            path,
            checkpoint: signed.clone(),
        };
        let text = proof.to_string();
        assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex "), "{text}");
        assert_eq!(text.parse(), Ok(proof.clone()));
        for (at, leaf) in leaves.iter().enumerate() {
            assert_eq!(proof.proves(leaf), at == usize::from(index));
        }
        for (from, to) in [
            ("index ", "index 0"),
            ("@v1", "@v2"),
            ("\n\n", "\n"),
            ("=\n", "\n"),
        ] {
            let wrong = text.replacen(from, to, 1);
            assert!(wrong.parse::<LogProof>().is_err(), "{wrong}");
        }
    }
}
