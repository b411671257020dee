//! What the histories were made of: how often each command was tried and accepted, and each event happened.

use super::{World, histories::Outcome};
use crate::{Command, Event};
use std::{collections::BTreeMap, fmt};

#[derive(Debug, Default)]
pub(super) struct Tally {
    histories: usize,
    /// The fewest commands of a history.
    pub(super) shortest: usize,
    steps: usize,
    /// By name: how often it was tried, how often it was accepted, and how often that changed something.
    commands: BTreeMap<&'static str, [usize; 3]>,
    events: BTreeMap<&'static str, usize>,
}

impl Tally {
    pub(super) fn step(&mut self, command: &Command, outcome: &Outcome) {
        let [tried, accepted, changed] = self.commands.entry(command.name()).or_default();
        *tried += 1;
        *accepted += usize::from(outcome.is_ok());
        *changed += usize::from(outcome.as_ref().is_ok_and(|events| !events.is_empty()));
        self.steps += 1;
    }

    /// Takes the end of the history whose steps were taken.
    pub(super) fn history(&mut self, world: &World) {
        self.histories += 1;
        let steps = std::mem::take(&mut self.steps);
        self.shortest = if self.histories == 1 {
            steps
        } else {
            self.shortest.min(steps)
        };
        for recorded in &world.history {
            *self.events.entry(recorded.event.kind()).or_default() += 1;
        }
    }

    /// What was never accepted, and what never happened.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let accepted = |name: &str| {
            let tally = self.commands.get(name);
            tally.is_some_and(|[_, accepted, _]| *accepted > 0)
        };
        let commands = Command::NAMES.iter().copied();
        let kinds = Event::KINDS.iter().map(|(kind, _)| *kind);
        let commands = commands.filter(|name| !accepted(name));
        commands
            .chain(kinds.filter(|kind| !self.events.contains_key(kind)))
            .collect()
    }

    pub(super) fn tried(&self) -> usize {
        self.commands.values().map(|[tried, ..]| tried).sum()
    }

    pub(super) fn accepted(&self) -> usize {
        self.commands
            .values()
            .map(|[_, accepted, _]| accepted)
            .sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "{} histories of at least {} commands: {} commands tried, {} accepted; {} events",
            self.histories,
            self.shortest,
            self.tried(),
            self.accepted(),
            self.events.values().sum::<usize>(),
        )?;
        for (name, [tried, accepted, changed]) in &self.commands {
            writeln!(
                formatter,
                "{name}: {tried} tried, {accepted} accepted, {changed} changed something"
            )?;
        }
        for (kind, times) in &self.events {
            writeln!(formatter, "{kind}: {times}")?;
        }
        Ok(())
    }
}
