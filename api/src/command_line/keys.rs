//! `alongside keys`: which master key wraps what, and another in its place; and another key with which a log signs.

use super::{Failed, Place, written_now};
use crate::dispatch::System;
use clap::{Args, Subcommand};
use event_log::{Embedded, MasterKeySource, Options, Rotated, master_key_id, rotate_master_key};
use serde_json::{Value, json};
use std::sync::Arc;

/// Looks after the keys of a data directory.
#[derive(Debug, Args)]
pub struct Keys {
    #[command(subcommand)]
    command: Subject,
}

#[derive(Debug, Subcommand)]
enum Subject {
    /// Names the master key, and the one that each scheme's keyring needs. Runs beside the service.
    #[command(after_help = "Example: alongside keys show --data /var/lib/alongside")]
    Show(Show),
    /// Lets another master key follow the one in use: every keyring is wrapped anew, no log is touched. The service must
    /// not be running. Interrupted, it is begun again.
    #[command(
        after_help = "Examples: alongside keys rotate --data /var/lib/alongside\n          alongside keys rotate --data /var/lib/alongside --master-key old.key --next-master-key new.key"
    )]
    Rotate(Rotate),
    /// Lets another key sign the checkpoints of a log: both sign one more, then the old key is destroyed. The service must not
    /// be running. Interrupted, it is begun again.
    #[command(
        after_help = "Example: alongside keys rotate-log --scheme mentor-plus --data /var/lib/alongside"
    )]
    RotateLog(RotateLog),
}

#[derive(Debug, Args)]
struct Show {
    /// Prints one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct Rotate {
    /// Prints one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct RotateLog {
    /// The scheme whose log it is.
    #[arg(long, value_name = "ID")]
    scheme: String,
    /// Prints one object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Keys {
    pub fn run(self) -> Result<(), Failed> {
        match self.command {
            Subject::Show(show) => show.run(),
            Subject::Rotate(rotate) => rotate.run(),
            Subject::RotateLog(rotate) => rotate.run(),
        }
    }
}

impl Show {
    fn run(self) -> Result<(), Failed> {
        let directory = self.place.directory()?;
        let keys = self.place.master_keys()?;
        let own = master_key_id(&directory, &keys.current)?;
        let options = keys.apply(Options::new(Arc::new(System)));
        let store = Embedded::open_read_only(&directory, options)?;
        let mut schemes = Vec::new();
        for scheme in store.schemes()? {
            let needed = store.vault(&scheme).map(|vault| vault.master_key());
            schemes.push((scheme, needed));
        }
        if self.json {
            let schemes: Vec<Value> = schemes
                .iter()
                .map(|(scheme, needed)| {
                    let opens = needed.is_ok();
                    json!({ "scheme": scheme, "opens": opens, "masterKey": needed.as_ref().ok() })
                })
                .collect();
            println!("{}", json!({ "masterKey": own, "schemes": schemes }));
            return Ok(());
        }
        println!("master key: {own}");
        for (scheme, needed) in schemes {
            match needed {
                Ok(needed) => println!("{scheme}: wrapped under {needed}"),
                Err(error) => println!("{scheme}: {}", super::chain(&error)),
            }
        }
        Ok(())
    }
}

impl Rotate {
    fn run(self) -> Result<(), Failed> {
        let directory = self.place.directory()?;
        let keys = self.place.master_keys()?;
        if keys.next.is_none() && matches!(keys.current, MasterKeySource::Given(_)) {
            return Err("a master key that is not in a file is followed by one that you make: give it with --next-master-key FILE, --next-master-key-command or ALONGSIDE_NEXT_MASTER_KEY_BASE64".into());
        }
        let is_brought = keys.next.is_some();
        let options = keys.apply(Options::new(Arc::new(System)));
        let rotated = rotate_master_key(&directory, &options)?;
        if self.json {
            println!("{}", machine(&rotated));
        } else {
            print(&rotated);
        }
        if is_brought {
            eprintln!(
                "From now on give the next master key as the master key. Then destroy the old one: it opens nothing here any more."
            );
        }
        eprintln!(
            "Backups taken before still need the old key ({}). Take one now; destroy them and that key together.",
            rotated
                .from
                .map_or_else(|| "the one before".to_owned(), |from| from.to_string()),
        );
        Ok(())
    }
}

impl RotateLog {
    fn run(self) -> Result<(), Failed> {
        let scheme = self.place.scheme(&self.scheme)?;
        let keys = self.place.master_keys()?;
        let mut options = keys.apply(Options::new(Arc::new(System))).without_index();
        if let Some(origin) = self.place.settings()?.log_origin {
            options = options.log_origin(origin.0);
        }
        let store = Embedded::open(self.place.directory()?, options)?;
        let signed = store.rotate_log_key(&scheme, &written_now())?;
        let keys = store.log_keys(&scheme)?;
        store.close()?;
        let key = keys.last().map(|last| last.key.to_string());
        let key = key.ok_or("the log has no key")?;
        if self.json {
            let said = json!({ "scheme": scheme, "key": key, "note": signed.to_string() });
            println!("{said}");
        } else {
            print!("{signed}");
            println!("\n{key}");
        }
        eprintln!(
            "Send both to everybody who keeps checkpoints of {scheme}: the checkpoint, which the old key and the new one have \
             signed, and, by the way by which they had the old key, the new one, with which they verify from now on."
        );
        Ok(())
    }
}

fn machine(rotated: &Rotated) -> Value {
    let schemes: Vec<Value> = rotated
        .schemes
        .iter()
        .map(|(scheme, done)| json!({ "scheme": scheme, "keys": done.keys, "wasAlready": done.was_already }))
        .collect();
    json!({ "from": rotated.from, "to": rotated.to, "schemes": schemes })
}

fn print(rotated: &Rotated) {
    for (scheme, done) in &rotated.schemes {
        let what = if done.was_already {
            "were wrapped anew before"
        } else {
            "wrapped anew"
        };
        println!("{scheme}: {} keys {what}", done.keys);
    }
    println!("The master key is {} now.", rotated.to);
}
