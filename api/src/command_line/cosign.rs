//! `alongside cosign`: an outside witness, who signs only what goes on from what it signed before.
//!
//! What it signed last of each log stands in its own state file, written before the signature is given away: a witness that
//! forgot what it signed could be made to sign two histories.

use super::{Failed, verify::kept};
use crate::outside;
use clap::Args;
use event_log::{
    Checkpoint, Digest, SEED_BYTES, Signer, VerifierKey, proves_extension, witness_secret,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Signs a checkpoint as a witness, or makes the key for it.
#[derive(Debug, Args)]
pub struct Cosign {
    /// Makes a key in `--key-file`, which must not be there yet, and prints the one that others verify with.
    #[arg(long, requires = "name", conflicts_with_all = ["checkpoint", "log_key", "state", "proof"])]
    new_key: bool,
    /// What the witness is called: an address without its scheme, such as audit.example.org.
    #[arg(long, value_name = "NAME", requires = "new_key")]
    name: Option<String>,
    /// The witness's secret key.
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// The checkpoint to sign.
    #[arg(long, value_name = "FILE", required_unless_present = "new_key")]
    checkpoint: Option<PathBuf>,
    /// The key of the log, as it was given to the witness.
    #[arg(long, value_name = "KEY", required_unless_present = "new_key")]
    log_key: Option<VerifierKey>,
    /// Where the witness keeps what it signed last; made with the first checkpoint.
    #[arg(long, value_name = "FILE", required_unless_present = "new_key")]
    state: Option<PathBuf>,
    /// What the log answered to `…/log/proof/consistency?from=LAST&to=NEW`. The first checkpoint of a log needs none.
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
}

/// What was signed last, by the key of the log and its origin.
type State = BTreeMap<String, Signed>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    size: u64,
    root: Digest,
}

/// The part of an answer that is looked at: the rest of it is the log's word.
#[derive(Debug, Deserialize)]
struct Proof {
    path: Vec<Digest>,
}

impl Cosign {
    pub fn run(self) -> Result<(), Failed> {
        if let Some(name) = self.name.as_ref().filter(|_| self.new_key) {
            return self.make_key(name);
        }
        let (Some(file), Some(log_key), Some(state_file)) =
            (&self.checkpoint, &self.log_key, &self.state)
        else {
            return Err("give --checkpoint, --log-key and --state".into());
        };
        let text = Zeroizing::new(read(&self.key_file)?);
        let witness: Signer = text.trim_end().parse().map_err(|_| {
            format!(
                "{}: not the secret key of a witness",
                self.key_file.display()
            )
        })?;
        let (signed, _) = kept::read(file, log_key)?;
        let checkpoint = signed.checkpoint();
        if checkpoint.origin != log_key.name() {
            return Err(format!(
                "the checkpoint is of the log {:?}, and the key of {:?}",
                checkpoint.origin,
                log_key.name()
            )
            .into());
        }
        let mut state = read_state(state_file)?;
        let log = checkpoint.origin.clone();
        if let Some(last) = state.get(&log) {
            self.follows(last, checkpoint)?;
        }
        let now = Signed {
            size: checkpoint.size,
            root: checkpoint.root,
        };
        if state.insert(log, now.clone()) != Some(now) {
            write_state(state_file, &state)?;
        }
        let seconds = u64::try_from(outside::wall_clock().as_second())?;
        print!("{}", signed.cosigned(&witness, seconds));
        Ok(())
    }

    /// Whether the checkpoint goes on from what was signed last.
    fn follows(&self, last: &Signed, new: &Checkpoint) -> Result<(), Failed> {
        if new.size < last.size {
            return Err(format!(
                "ROLLED BACK: {} records were signed before, and this checkpoint is of {}. Nothing was signed. Ask the log for a \
                 checkpoint of now; if there is none of as many, tell whoever relies on this log",
                last.size, new.size
            )
            .into());
        }
        let path = match &self.proof {
            Some(file) => {
                let proof: Proof = serde_json::from_str(&read(file)?)
                    .map_err(|error| format!("{}: not a proof: {error}", file.display()))?;
                proof.path
            }
            None if new.size == last.size || last.size == 0 => Vec::new(),
            None => {
                return Err(format!(
                    "give --proof: what the log answers to /log/proof/consistency?from={}&to={}",
                    last.size, new.size
                )
                .into());
            }
        };
        if proves_extension((last.size, last.root), (new.size, new.root), &path) {
            return Ok(());
        }
        Err(format!(
            "FORKED, or not the proof for it: nothing shows that the log of {} records goes on from the {} that were signed before. \
             Nothing was signed. Fetch the proof from {} to {} anew; if it shows nothing either, keep both checkpoints and tell \
             whoever relies on this log",
            new.size, last.size, last.size, new.size
        )
        .into())
    }

    fn make_key(&self, name: &str) -> Result<(), Failed> {
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        outside::fill_random(&mut *seed);
        let witness = Signer::witness(name, &seed)?;
        let text = witness_secret(witness.verifier(), &seed);
        let failed = |error| format!("{}: {error}", self.key_file.display());
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.key_file)
            .map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.write_all(b"\n")
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        println!("{}", witness.verifier());
        Ok(())
    }
}

fn read(path: &Path) -> Result<String, Failed> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn read_state(path: &Path) -> Result<State, Failed> {
    match fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| {
            format!("{}: not what a witness keeps: {error}", path.display()).into()
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::new()),
        Err(error) => Err(format!("{}: {error}", path.display()).into()),
    }
}

/// Written whole or not at all, and durable before anything is given away.
fn write_state(path: &Path, state: &State) -> Result<(), Failed> {
    let failed = |error| format!("{}: {error}", path.display());
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".tmp");
    let unfinished = PathBuf::from(unfinished);
    let mut file = File::create(&unfinished).map_err(failed)?;
    let text = serde_json::to_string_pretty(state)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    fs::rename(&unfinished, path).map_err(failed)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(failed)?;
    Ok(())
}
