//! Where the master key comes from: a file, the environment, or a command that prints it.
//!
//! A key goes from there straight into memory that is wiped, and appears in no error, whatever was found instead of it.

use super::{Failed, Place, config::Settings};
use crate::dispatch::MasterKeys;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use event_log::{MASTER_KEY_BYTES, MasterKey, MasterKeySource};
use std::{
    env,
    io::Read as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};
use thiserror::Error;
use zeroize::Zeroizing;

/// How long a command may take to print a key.
const COMMAND_WITHIN: Duration = Duration::from_secs(30);
/// More than any spelling of a key has, with a line's end.
const OUTPUT_BYTES_MOST: u64 = 256;

/// The keys that are named on the command line.
#[derive(Debug, Clone, Default, Args)]
pub struct KeyArguments {
    /// The master key, if it is not beside the data; made there when the data directory is made.
    #[arg(long, value_name = "FILE", env = "ALONGSIDE_MASTER_KEY")]
    master_key: Option<PathBuf>,
    /// A command that prints the master key (32 bytes, or those in hexadecimal or Base64). It is run without a shell, its
    /// words separated by spaces. The key itself may also stand in the environment, as `ALONGSIDE_MASTER_KEY_BASE64`.
    #[arg(long, value_name = "COMMAND", env = "ALONGSIDE_MASTER_KEY_COMMAND")]
    master_key_command: Option<String>,
    /// A key that is about to follow the master key: both open until `keys rotate` has finished.
    #[arg(long, value_name = "FILE", env = "ALONGSIDE_NEXT_MASTER_KEY")]
    next_master_key: Option<PathBuf>,
    /// A command that prints the key that is about to follow.
    #[arg(
        long,
        value_name = "COMMAND",
        env = "ALONGSIDE_NEXT_MASTER_KEY_COMMAND"
    )]
    next_master_key_command: Option<String>,
}

/// Why there is no key. No variant holds anything of what was found.
#[derive(Debug, Error)]
pub enum KeyError {
    /// Named in two ways.
    #[error(
        "the {0} is named twice: by a file, a command or the environment, but only by one of them"
    )]
    NamedTwice(&'static str),
    /// An empty command.
    #[error("the command for the {0} is empty")]
    NoCommand(&'static str),
    /// It could not be started.
    #[error("the command for the {what} could not be started: {program}")]
    Start {
        /// Which key.
        what: &'static str,
        /// The first word of the command.
        program: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It ended badly.
    #[error(
        "the command for the {what} failed ({status}); run it by hand to see why: its output is not shown here"
    )]
    Failed {
        /// Which key.
        what: &'static str,
        /// How it ended.
        status: String,
    },
    /// It did not end.
    #[error("the command for the {0} printed no key within {seconds} seconds and was ended", seconds = COMMAND_WITHIN.as_secs())]
    Late(&'static str),
    /// What came is no key.
    #[error(
        "what came for the {0} is not a key: 32 bytes are wanted, as they are, in hexadecimal or in Base64"
    )]
    NotAKey(&'static str),
}

impl Place {
    /// Where the master key is, by what is typed, in the environment or in the settings.
    pub fn master_keys(&self) -> Result<MasterKeys, Failed> {
        let (typed, settings) = (&self.keys, self.settings()?);
        let current = one_of(
            "master key",
            typed.master_key.clone(),
            typed.master_key_command.as_deref(),
            "ALONGSIDE_MASTER_KEY_BASE64",
        )?;
        let next = one_of(
            "next master key",
            typed.next_master_key.clone(),
            typed.next_master_key_command.as_deref(),
            "ALONGSIDE_NEXT_MASTER_KEY_BASE64",
        )?;
        let current = match current {
            Some(source) => source,
            None => from_settings(settings)?,
        };
        Ok(MasterKeys { current, next })
    }
}

fn from_settings(settings: Settings) -> Result<MasterKeySource, KeyError> {
    const WHAT: &str = "master key";
    match (settings.master_key, settings.master_key_command) {
        (Some(_), Some(_)) => Err(KeyError::NamedTwice(WHAT)),
        (Some(file), None) => Ok(MasterKeySource::File(file)),
        (None, Some(command)) => printed(WHAT, &command, COMMAND_WITHIN),
        (None, None) => Ok(MasterKeySource::Beside),
    }
}

/// The one way in which a key is named, if it is.
fn one_of(
    what: &'static str,
    file: Option<PathBuf>,
    command: Option<&str>,
    variable: &str,
) -> Result<Option<MasterKeySource>, KeyError> {
    let value = env::var(variable).ok().map(Zeroizing::new);
    match (file, command, value) {
        (None, None, None) => Ok(None),
        (Some(file), None, None) => Ok(Some(MasterKeySource::File(file))),
        (None, Some(command), None) => {
            let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            printed(what, &words, COMMAND_WITHIN).map(Some)
        }
        (None, None, Some(value)) => given(what, value.as_bytes()).map(Some),
        _ => Err(KeyError::NamedTwice(what)),
    }
}

/// What a command prints, as a key.
fn printed(
    what: &'static str,
    command: &[String],
    within: Duration,
) -> Result<MasterKeySource, KeyError> {
    let (program, arguments) = command.split_first().ok_or(KeyError::NoCommand(what))?;
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // Whatever it says there might be the key.
        .stderr(Stdio::null())
        .spawn();
    let mut child = started.map_err(|source| KeyError::Start {
        what,
        program: program.clone(),
        source,
    })?;
    let output = output_of(&mut child, within).ok_or(KeyError::Late(what));
    if output.is_err() {
        let _ended_by_itself = child.kill();
    }
    let status = child.wait().map_err(|source| KeyError::Start {
        what,
        program: program.clone(),
        source,
    })?;
    let output = output?;
    if !status.success() {
        return Err(KeyError::Failed {
            what,
            status: status.to_string(),
        });
    }
    given(what, &output)
}

/// Everything the command prints until it closes its output; nothing, if it does not in time.
fn output_of(child: &mut Child, within: Duration) -> Option<Zeroizing<Vec<u8>>> {
    let stdout = child.stdout.take()?;
    let (send, receive) = mpsc::channel();
    // Not joined: a grandchild may hold the output open for ever.
    thread::spawn(move || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(256));
        let read = stdout.take(OUTPUT_BYTES_MOST).read_to_end(&mut bytes);
        let _nobody_waits = send.send(read.map(|_| bytes));
    });
    receive.recv_timeout(within).ok()?.ok()
}

/// The key that these bytes are or spell.
fn given(what: &'static str, bytes: &[u8]) -> Result<MasterKeySource, KeyError> {
    let key = spelled(bytes).ok_or(KeyError::NotAKey(what))?;
    Ok(MasterKeySource::Given(Arc::new(MasterKey::from_bytes(key))))
}

fn spelled(bytes: &[u8]) -> Option<Zeroizing<[u8; MASTER_KEY_BYTES]>> {
    let mut key = Zeroizing::new([0; MASTER_KEY_BYTES]);
    if bytes.len() == MASTER_KEY_BYTES {
        key.copy_from_slice(bytes);
        return Some(key);
    }
    let text = std::str::from_utf8(bytes).ok()?.trim();
    if text.len() == 2 * MASTER_KEY_BYTES {
        for (index, byte) in key.iter_mut().enumerate() {
            let digits = text.get(2 * index..2 * index + 2)?;
            let are_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            *byte = u8::from_str_radix(digits, 16).ok().filter(|_| are_digits)?;
        }
        return Some(key);
    }
    let decoded = Zeroizing::new(STANDARD.decode(text).ok()?);
    if decoded.len() != MASTER_KEY_BYTES {
        return None;
    }
    key.copy_from_slice(&decoded);
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    const KEY: [u8; 32] = [0x5a; 32];

    fn words(command: &[&str]) -> Vec<String> {
        command.iter().map(|word| (*word).to_owned()).collect()
    }

    fn shell(script: &str, within: Duration) -> Result<MasterKeySource, KeyError> {
        printed("master key", &words(&["sh", "-c", script]), within)
    }

    fn id(source: &MasterKeySource) -> String {
        match source {
            MasterKeySource::Given(key) => key.id().to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_key_is_taken_as_it_is_in_hexadecimal_or_in_base64() {
        let wanted = MasterKey::from_bytes(Zeroizing::new(KEY)).id().to_string();
        let base64 = STANDARD.encode(KEY);
        for spelling in [
            KEY.to_vec(),
            "5a".repeat(32).into_bytes(),
            format!("{}\n", "5A".repeat(32)).into_bytes(),
            base64.clone().into_bytes(),
            format!(" {base64}\r\n").into_bytes(),
        ] {
            assert_eq!(id(&given("master key", &spelling).unwrap()), wanted);
        }
        for other in [
            "",
            "5a",
            &"zz".repeat(32),
            &"5a".repeat(31),
            &"+5".repeat(32),
        ] {
            let refused = given("master key", other.as_bytes());
            assert!(matches!(refused, Err(KeyError::NotAKey(_))), "{other}");
        }
    }

    #[test]
    fn what_a_command_prints_is_the_key() {
        let printed = shell(&format!("echo {}", "5a".repeat(32)), COMMAND_WITHIN);
        let wanted = MasterKey::from_bytes(Zeroizing::new(KEY)).id();
        assert_eq!(id(&printed.unwrap()), wanted.to_string());
    }

    #[test]
    fn a_command_that_fails_lies_or_hangs_is_told_without_its_words() {
        let secret = "5a".repeat(32);
        let failed = shell(
            &format!("echo {secret}; echo {secret} >&2; exit 3"),
            COMMAND_WITHIN,
        );
        let lied = shell(
            &format!("echo {secret}{secret}{secret}{secret}{secret}"),
            COMMAND_WITHIN,
        );
        let started = Instant::now();
        let hung = shell(
            &format!("echo {secret}; sleep 60"),
            Duration::from_millis(200),
        );
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "it was waited for"
        );
        let absent = printed("master key", &words(&["/nowhere/at/all"]), COMMAND_WITHIN);
        let empty = printed("master key", &[], COMMAND_WITHIN);
        assert!(matches!(failed, Err(KeyError::Failed { .. })));
        assert!(matches!(lied, Err(KeyError::NotAKey(_))));
        assert!(matches!(hung, Err(KeyError::Late(_))));
        assert!(matches!(absent, Err(KeyError::Start { .. })));
        assert!(matches!(empty, Err(KeyError::NoCommand(_))));
        for outcome in [failed, lied, hung] {
            let error = outcome.unwrap_err();
            let told = format!("{error} {error:?}");
            assert!(!told.contains("5a5a") && !told.contains("90, 90"), "{told}");
        }
    }
}
