//! The whole access matrix through the real doors: every role, standing every way, before every line of it.
//!
//! What is to come out is read from `schema/access-matrix.toml` by a few lines that know nothing of the table
//! (`plain.rs`); how everybody stands to everything is said by hand (`world.rs`). A line that nothing tries fails.

mod commands;
mod doors;
mod explained;
mod exposure;
mod plain;
mod probes;
mod reads;
mod world;

/// What was tried, and where it came out otherwise than it is written.
#[derive(Default)]
struct Cells {
    tried: usize,
    open: usize,
    wrong: Vec<String>,
}

impl Cells {
    /// One cell: what it is in truth, what it should be, and what to say of it otherwise.
    fn hold(&mut self, is_open: bool, wanted: bool, of: impl FnOnce() -> String) {
        self.tried += 1;
        self.open += usize::from(is_open);
        if is_open != wanted {
            let found = if is_open { "open" } else { "not open" };
            self.wrong.push(format!("{found}: {}", of()));
        }
    }

    /// Tells how many there were, and fails if any was wrong.
    fn end(self, what: &str) {
        let Self { tried, open, wrong } = self;
        println!("{tried} cells of {what}, {open} of them open");
        let first: Vec<_> = wrong.iter().take(20).cloned().collect();
        assert!(
            wrong.is_empty(),
            "{} are not as written:\n{}",
            wrong.len(),
            first.join("\n")
        );
    }
}
