//! Signed notes: checkpoints, the lines of witnesses below them, the keys of both, and proofs that rest on one.
//!
//! ```text
//! input = what (1 byte), then
//!   0  a note as it stands: `--checkpoint`, the body of `…/log/cosignatures`
//!   1  a note that a witness signed, edited, brought to the log that it is of:
//!      flags (1 byte), how much goes (1 byte), seconds (u32), where (u16), and what comes there
//!   2  a key: `--key`, `--log-key`, `witnesses`, the file of a witness
//!   3  what such a key is made of: algorithm and key (33 bytes), and the name
//!   4  a proof that a record is in a log
//! ```
//!
//! The keys are those of the tests, so that signed notes can be kept among the inputs; an input cannot sign with them by
//! chance. Ed25519 signs alike every time, so whatever verifies must be what the key makes of that very text.

use super::{
    disk::{MemoryDisk, Picture},
    logs,
};
use api::{dispatch::kept_checkpoint::KeptCheckpoint, outside_bytes::brought_checkpoint};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use event_log::{
    Checkpoint, Digest, EventStore as _, LogProof, Position, SignedCheckpoint, Signer, VerifierKey,
    proves_extension,
};
use sha2::{Digest as _, Sha256};
use std::{slice, sync::LazyLock};

const BY_A_STRANGER: u8 = 1;
const TWO_LINES: u8 = 2;
const AT: &str = "2026-11-22T12:00:00.000Z";

static LOG: LazyLock<Signer> =
    LazyLock::new(|| Signer::log("alongside/mentor-plus", &[7; 32]).expect("a name"));
static WITNESS: LazyLock<Signer> =
    LazyLock::new(|| Signer::witness("audit.example.org", &[9; 32]).expect("a name"));
static STRANGER: LazyLock<Signer> =
    LazyLock::new(|| Signer::witness("elsewhere.example.org", &[8; 32]).expect("a name"));

/// Any bytes as one of the five.
pub fn note(bytes: &[u8]) {
    let Some((what, rest)) = bytes.split_first() else {
        return;
    };
    match what % 5 {
        0 => drop(read(rest)),
        1 => brought(rest),
        2 => key(rest),
        3 => made_key(rest),
        _ => proof(rest),
    }
}

/// Reads a note as the service does. What is read is the same bytes again, to whoever reads it, and says nothing that was
/// not signed.
fn read(bytes: &[u8]) -> Option<SignedCheckpoint> {
    let read = brought_checkpoint(bytes).ok();
    let text = std::str::from_utf8(bytes).ok()?;
    let own = text.parse::<SignedCheckpoint>().ok();
    assert_eq!(own, read, "a file and a body are read alike");
    if let Ok(KeptCheckpoint::Named { size, root }) = text.parse() {
        let typed = format!("{size}:{root}").parse::<KeptCheckpoint>();
        assert_eq!(typed.ok(), Some(KeptCheckpoint::Named { size, root }));
    }
    let note = read?;
    assert_eq!(note.to_string(), text, "what was read is written again");
    let kept = KeptCheckpoint::Signed(note.clone());
    for way in [text.to_owned(), text.replace('\n', "\r\n")] {
        let mailed = way.parse::<KeptCheckpoint>().ok();
        assert_eq!(mailed.as_ref(), Some(&kept), "as it was mailed");
    }
    was_signed(&note);
    Some(note)
}

/// Whatever verifies is what the key makes of that text.
fn was_signed(note: &SignedCheckpoint) {
    assert!(note.verify(STRANGER.verifier()).is_err() || is_cosigned(note, &STRANGER));
    assert!(note.verify(WITNESS.verifier()).is_err() || is_cosigned(note, &WITNESS));
    if let Ok(at) = note.verify(LOG.verifier()) {
        assert_eq!(at, None, "a log does not say when");
        let signed = signed(note.checkpoint().clone(), &LOG);
        // It signs its three lines, and nobody has it sign a fourth.
        let text = format!("{}\n", note.checkpoint());
        assert!(note.to_string().starts_with(&text));
        assert!(note.signatures().contains(&signed.signatures()[0]));
    }
}

/// Whether the line that counts is the one this witness writes at the time in it.
fn is_cosigned(note: &SignedCheckpoint, witness: &Signer) -> bool {
    let seen = note.verify(witness.verifier()).ok().flatten();
    let again = note.clone().cosigned(witness, seen.expect("a time"));
    let (name, key_id) = (witness.verifier().name(), witness.verifier().id());
    let mut lines = note.signatures().iter();
    let line = lines.rfind(|line| line.name == name && line.key_id == key_id);
    line == again.signatures().last()
}

/// A log keeps the line of a witness it knows, under what it signed itself, and nothing else; what it refuses changes nothing.
fn brought(bytes: &[u8]) {
    let Some(([flags, gone], rest)) = bytes.split_first_chunk() else {
        return;
    };
    let Some((seconds, rest)) = rest.split_first_chunk() else {
        return;
    };
    let Some((at, put)) = rest.split_first_chunk() else {
        return;
    };
    let (seconds, at) = (u32::from_le_bytes(*seconds), u16::from_le_bytes(*at));
    let (store, signed) = (&STORE.0, &STORE.1);
    let known = flags & BY_A_STRANGER == 0;
    let witness = if known { &*WITNESS } else { &*STRANGER };
    let seconds = u64::from(seconds);
    let made = signed.clone().cosigned(witness, seconds);
    let mut text = made.to_string();
    if flags & TWO_LINES != 0 {
        let later = signed.clone().cosigned(witness, seconds + 1);
        text += &later.signatures()[1].to_string();
    }
    let mut text = text.into_bytes();
    let from = usize::from(at) % (text.len() + 1);
    let to = text.len().min(from + usize::from(*gone));
    text.splice(from..to, put.iter().copied());
    let Some(note) = read(&text) else {
        assert!(*gone > 0 || !put.is_empty(), "what was signed is read");
        return;
    };
    let store = logs::open(&MemoryDisk::of(store));
    let witnesses = [WITNESS.verifier().clone()];
    let kept = store.keep_cosignatures(&logs::scheme(), &note, &witnesses, AT);
    let kept = kept.expect("memory can be written");
    assert!(
        kept.is_ok() || !known || note != made,
        "it is as it was made"
    );
    let now = store.checkpoint_at(&logs::scheme(), signed.checkpoint().size);
    let now = now.expect("a store that opened").expect("it was kept");
    let Ok(kept) = kept else {
        assert_eq!(now, *signed, "what was refused has changed nothing");
        return;
    };
    let seen = note.verify(&witnesses[0]).ok().flatten();
    let wanted = signed.clone().cosigned(&WITNESS, seen.expect("its time"));
    assert_eq!(kept, wanted, "its line and no other");
    assert_eq!(now, wanted, "what was kept is read again");
}

/// A key is written again as it was read, and holds for what it signed.
fn key(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
        let known = [LOG.verifier(), WITNESS.verifier()].contains(&&key);
        let note = signed(CHECKPOINT.clone(), &LOG).cosigned(&WITNESS, 5);
        assert_eq!(note.verify(&key).is_ok(), known, "it has not signed this");
    }
    if let Ok(signer) = text.parse::<Signer>() {
        signs(&signer);
    }
    for signer in [Signer::log(text, &[1; 32]), Signer::witness(text, &[1; 32])] {
        signer.iter().for_each(signs);
    }
}

/// What a key signs is read again and holds, for its own public key and for no other.
fn signs(signer: &Signer) {
    let public = signer.verifier();
    let read_again = public.to_string().parse::<VerifierKey>();
    assert_eq!(read_again.as_ref(), Ok(public));
    let (note, at) = if public.is_witness() {
        (
            signed(CHECKPOINT.clone(), &LOG).cosigned(signer, 5),
            Some(5),
        )
    } else {
        (signed(CHECKPOINT.clone(), signer), None)
    };
    let note = read(note.to_string().as_bytes()).expect("what was signed is read");
    assert_eq!(note.verify(public), Ok(at));
    assert!(note.verify(STRANGER.verifier()).is_err() || public == STRANGER.verifier());
}

/// A key of a plain name is read where it is one for Ed25519, as a log's or as a witness's.
fn made_key(bytes: &[u8]) {
    let Some((key, name)) = bytes.split_first_chunk::<33>() else {
        return;
    };
    let Ok(name) = std::str::from_utf8(name) else {
        return;
    };
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update(b"\n")
        .chain_update(key)
        .finalize();
    let id = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    let text = format!("{name}+{id:08x}+{}", STANDARD.encode(key));
    let plain = |letter: u8| letter.is_ascii_alphanumeric() || b"./-_".contains(&letter);
    let good = matches!(key[0], 1 | 4) && !name.is_empty();
    match text.parse::<VerifierKey>() {
        Ok(read) => assert!(good && read.to_string() == text),
        Err(_) => assert!(!good || !name.bytes().all(plain), "it is a key"),
    }
    let read = text.parse::<VerifierKey>();
    let note = signed(CHECKPOINT.clone(), &LOG).cosigned(&WITNESS, 5);
    let known = [LOG.verifier(), WITNESS.verifier()];
    let is_known = read.as_ref().is_ok_and(|read| known.contains(&read));
    assert_eq!(read.is_ok_and(|read| note.verify(&read).is_ok()), is_known);
}

/// A proof is written again as it was read, proves one leaf at most, and no tree that is another of the same size.
fn proof(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(proof) = text.parse::<LogProof>() else {
        return;
    };
    assert_eq!(proof.to_string(), text);
    let note = read(proof.checkpoint.to_string().as_bytes());
    assert_eq!(note.as_ref(), Some(&proof.checkpoint));
    assert!(!(proof.proves(b"one") && proof.proves(b"another")));
    let Checkpoint { size, root, .. } = *proof.checkpoint.checkpoint();
    for from in [proof.index, proof.index.saturating_add(1), size] {
        for before in [root, Digest([7; 32])] {
            let extends = proves_extension((from, before), (size, root), &proof.path);
            assert!(!extends || from < size || (from == size && before == root));
        }
    }
}

fn signed(checkpoint: Checkpoint, signer: &Signer) -> SignedCheckpoint {
    SignedCheckpoint::sign(checkpoint, slice::from_ref(signer)).expect("it can be signed")
}

static CHECKPOINT: LazyLock<Checkpoint> = LazyLock::new(|| Checkpoint {
    origin: LOG.verifier().name().to_owned(),
    size: 12,
    root: Digest([7; 32]),
});

/// A log of one record on a disk, and the checkpoint that it signed of it.
static STORE: LazyLock<(Picture, SignedCheckpoint)> = LazyLock::new(|| {
    let disk = MemoryDisk::of(&logs::EMPTY);
    let store = logs::open(&disk);
    let record = logs::a_record(Position::FIRST);
    let written = store.append(&logs::scheme(), Position::ZERO, vec![record]);
    written.expect("memory can be written");
    let signed = store.checkpoint(&logs::scheme(), AT);
    (disk.picture(), signed.expect("memory can be written"))
});
