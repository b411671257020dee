//! Whatever happens to sled, the answers stay the same: its files cut, flipped, exchanged for older ones, left behind
//! unfinished, or the process killed while it builds the index anew.

use super::{Dice, aloud, trials};
use crate::{
    harness::{Service, alongside, token},
    rebuilds::answers,
};
use serde_json::Value;
use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

const INDEX_PATIENCE: Duration = Duration::from_mins(1);

#[test]
fn whatever_happens_to_the_files_of_the_index_the_answers_stay_the_same() {
    let mut dice = Dice::of("index faults");
    let story = Story::begin();
    let mut done = 0;
    let mut faults: Vec<Fault> = vec![Fault::LeftUnfinished, Fault::Older, Fault::Gone];
    for file in 0..story.files().len() {
        let lengths = [0, 1, dice.below(1_000), 500, 999];
        let most = usize::try_from(trials(1, 5)).expect("few");
        // In the short form each file is emptied; the long one takes all of these lengths, in thousandths.
        faults.extend(
            lengths
                .iter()
                .take(most)
                .map(|length| Fault::Cut(file, *length)),
        );
    }
    for _ in 0..trials(3, 100) {
        faults.push(Fault::Flipped(dice.below(1 << 32), 1 + dice.below(8)));
    }
    for fault in &faults {
        story.restore();
        let what = fault.strike(&story, &mut dice);
        story.check(&format!("{fault:?}, {what}"));
        done += 1;
        if done % 20 == 0 {
            aloud(&format!("index faults: {done} of {}", faults.len()));
        }
    }
    aloud(&format!(
        "index faults: {done} (cut, flipped, older, unfinished, gone), the same answers after each; {} indexes were set aside",
        story.set_aside()
    ));
}

#[test]
fn a_rebuild_of_the_index_that_is_killed_again_and_again_ends_with_the_same_answers() {
    let mut dice = Dice::of("kills in a rebuild");
    let story = Story::begin();
    let (rounds, kills_a_round) = (trials(2, 20), trials(3, 5));
    for round in 0..rounds {
        fs::remove_dir_all(&story.index).expect("there is an index");
        for kill in 0..kills_a_round {
            // A rebuild takes a few tenths of a second; the first kills fall into sled's own opening.
            let service = Service::try_start(serve(), &story.data).expect("it serves");
            thread::sleep(dice.pause(if kill % 2 == 0 { 30 } else { 300 }));
            service.kill();
        }
        story.check(&format!("round {round}"));
    }
    aloud(&format!(
        "kills in a rebuild: {} in {rounds} rounds, the same answers after each round",
        rounds * kills_a_round
    ));
}

/// What happens to the index.
#[derive(Debug)]
enum Fault {
    /// A file is cut to so many thousandths of its length.
    Cut(usize, u64),
    /// So many bits are flipped, at places drawn from this.
    Flipped(u64, u64),
    /// As a kill leaves it when sled was opening.
    LeftUnfinished,
    /// As a restored backup would bring it.
    Older,
    Gone,
}

impl Fault {
    /// Returns what was done to which file.
    fn strike(&self, story: &Story, dice: &mut Dice) -> String {
        match self {
            Self::Cut(number, thousandths) => {
                let files = story.files();
                let path = &files[*number];
                let file = OpenOptions::new().write(true).open(path);
                let file = file.expect("it can be opened");
                let length = file.metadata().expect("it has a length").len();
                let kept = length * thousandths / 1_000;
                file.set_len(kept).expect("it can be cut");
                format!("{} cut from {length} to {kept}", path.display())
            }
            Self::Flipped(seed, bits) => {
                let files = story.files();
                let mut places = super::Dice(*seed);
                let mut what = String::new();
                for _ in 0..*bits {
                    let chosen = usize::try_from(places.below(files.len() as u64));
                    what += &flip(&files[chosen.expect("few")], &mut places);
                }
                what
            }
            Self::LeftUnfinished => {
                let path = story.index.join("snap.0000000000000000.generating");
                let bytes: Vec<u8> = (0..200).map(|_| dice.below(256).to_le_bytes()[0]).collect();
                fs::write(&path, bytes).expect("it can be left behind");
                path.display().to_string()
            }
            Self::Older => {
                fs::remove_dir_all(&story.index).expect("there is an index");
                copy(&story.older, &story.index);
                "of an earlier position".to_owned()
            }
            Self::Gone => {
                fs::remove_dir_all(&story.index).expect("there is an index");
                String::new()
            }
        }
    }
}

fn flip(path: &Path, dice: &mut Dice) -> String {
    let file = OpenOptions::new().read(true).write(true).open(path);
    let file = file.expect("it can be opened");
    let length = file.metadata().expect("it has a length").len();
    if length == 0 {
        return String::new();
    }
    let (offset, bit) = (dice.below(length), dice.below(8));
    let mut byte = [0];
    file.read_exact_at(&mut byte, offset)
        .expect("it can be read");
    byte[0] ^= 1 << bit;
    file.write_all_at(&byte, offset).expect("it can be written");
    format!("{} bit {bit} of byte {offset}; ", path.display())
}

/// The demonstration with a whole index, a copy of that, one of an earlier state, and what it answers.
struct Story {
    _folder: tempfile::TempDir,
    data: PathBuf,
    index: PathBuf,
    whole: PathBuf,
    older: PathBuf,
    answers: Value,
}

impl Story {
    fn begin() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let index = data.join("schemes/mentor-plus/index");
        let (whole, older) = (folder.path().join("whole"), folder.path().join("older"));
        let service = Service::demo(&data);
        caught_up(&service, &data, "at first");
        service.stop();
        copy(&index, &older);
        let service = Service::demo(&data);
        note_something(&service, &data);
        caught_up(&service, &data, "at first");
        let answers = answers(&service, &data);
        service.stop();
        copy(&index, &whole);
        Self {
            _folder: folder,
            data,
            index,
            whole,
            older,
            answers,
        }
    }

    /// The files of the index, in a fixed order.
    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(&self.whole)
            .expect("a folder")
            .map(|entry| entry.expect("an entry"))
            .filter(|entry| entry.path().is_file())
            .map(|entry| self.index.join(entry.file_name()))
            .collect();
        files.sort();
        files
    }

    /// Puts the whole index back.
    fn restore(&self) {
        if self.index.exists() {
            fs::remove_dir_all(&self.index).expect("it can be removed");
        }
        copy(&self.whole, &self.index);
    }

    /// The answers are the same at once, and once the index is whole again.
    fn check(&self, what: &str) {
        let service = Service::start(serve(), &self.data);
        assert_eq!(
            answers(&service, &self.data),
            self.answers,
            "{what}, at once"
        );
        caught_up(&service, &self.data, what);
        assert_eq!(
            answers(&service, &self.data),
            self.answers,
            "{what}, from the index"
        );
        service.stop();
    }

    fn set_aside(&self) -> usize {
        let scheme = fs::read_dir(self.data.join("schemes/mentor-plus")).expect("a folder");
        let names = scheme.flatten().map(|entry| entry.file_name());
        names
            .filter(|name| name.to_string_lossy().starts_with("index.set-aside"))
            .count()
    }
}

fn serve() -> Command {
    let mut command = alongside();
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    command
}

/// One record more, so that an older index is older.
fn note_something(service: &Service, data: &Path) {
    let coordinator = token(data, &["--role", "coordinator"]);
    let mut ledger = super::ledger::Ledger::of("mentor-plus");
    let refused = ledger.send(&service.url, &coordinator, "one more");
    assert!(refused.is_none(), "{refused:?}");
}

/// Waits until the index holds everything.
fn caught_up(service: &Service, data: &Path, what: &str) {
    let administrator = token(data, &["--role", "administrator"]);
    let began = Instant::now();
    loop {
        let health = service.get("/v1/schemes/mentor-plus/health", &administrator);
        let index = &health.body["index"];
        if index["running"] == true && index["lag"] == 0 {
            return;
        }
        assert!(began.elapsed() < INDEX_PATIENCE, "{what}: {health:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(copied.expect("cp runs").success());
}
