//! The numbers of a report, each known once, and how they make each other up.
//!
//! A number that stands in two tables is one [`Count`] here, so what is withheld is withheld wherever it stands; and every whole
//! is told with its parts, so that suppression knows what could be worked out from what.

use super::suppression::{self, LEAST};

/// A number of people, pairings or reports: its place among the [`Figures`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(usize);

/// A whole and the parts that add up to it, by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The whole.
    pub total: usize,
    /// The parts.
    pub parts: Vec<usize>,
}

impl Whole {
    /// Whole and parts.
    #[must_use]
    pub fn members(&self) -> Vec<usize> {
        self.parts.iter().copied().chain([self.total]).collect()
    }
}

/// One number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// How many.
    pub value: u64,
    /// Whether it is not to be read: withheld, or a remainder that stands in no table.
    pub hidden: bool,
    /// The least that it is seen to be without being read: what is made of a group's numbers tells that there is a group.
    pub least: u64,
}

/// All numbers of a report.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    all: Vec<Figure>,
    wholes: Vec<Whole>,
    withholds: bool,
}

/// What stands in a cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// How many.
    Count(Count),
    /// The number in the middle of those of so many people; `None` where there is none. [`Figures::middle`] makes it.
    Middle(Option<f64>, Count),
    /// The numbers of so many people together. As a multiple it may tell how many they are.
    Sum(f64, Count),
    /// The number of one single person among so many, such as the least; `None` where there is none.
    OfOne(Option<f64>, Count),
    /// A word.
    Text(String),
}

/// What is shown of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// A number.
    Number(f64),
    /// A word.
    Text(String),
    /// There is no number.
    Nothing,
    /// There is one, and this audience is not given it.
    Withheld,
}

impl Figures {
    /// Takes a number in.
    pub fn count(&mut self, value: usize) -> Count {
        self.take(value as u64, false)
    }

    /// Says that `parts` add up to `total`.
    pub fn whole(&mut self, total: Count, parts: &[Count]) {
        let parts = parts.iter().map(|part| part.0).collect();
        let total = total.0;
        self.wholes.push(Whole { total, parts });
    }

    /// Says that `parts` are a part of `total` each without the others, and something may be left that stands in no table.
    pub fn within(&mut self, total: Count, parts: &[Count]) {
        let taken: u64 = parts.iter().map(|part| self.value(*part)).sum();
        let rest = self.take(self.value(total).saturating_sub(taken), true);
        let parts: Vec<Count> = parts.iter().copied().chain([rest]).collect();
        self.whole(total, &parts);
    }

    /// The number in the middle of those of `of` people. Where it is shown, so is that they are a group.
    pub fn middle(&mut self, value: Option<f64>, of: Count) -> Cell {
        if let Some(figure) = self.all.get_mut(of.0)
            && value.is_some()
            && figure.value >= LEAST
        {
            figure.least = LEAST;
        }
        Cell::Middle(value, of)
    }

    /// Withholds groups under [`LEAST`], and what they could be worked out from.
    pub fn suppress(&mut self) {
        self.withholds = true;
        suppression::suppress(&mut self.all, &self.wholes);
    }

    /// Whether there is nobody and nothing in it.
    #[must_use]
    pub fn are_nought(&self) -> bool {
        self.all.iter().all(|figure| figure.value == 0)
    }

    /// What is shown of a cell.
    #[must_use]
    pub fn shown(&self, cell: &Cell) -> Shown {
        let number = |value: Option<f64>| value.map_or(Shown::Nothing, Shown::Number);
        match cell {
            Cell::Text(text) => Shown::Text(text.clone()),
            Cell::Count(count) if self.is_hidden(*count) => Shown::Withheld,
            Cell::Count(count) => Shown::Number(exact(self.value(*count))),
            Cell::Sum(_, of) if self.is_hidden(*of) => Shown::Withheld,
            Cell::Sum(sum, _) => Shown::Number(*sum),
            Cell::Middle(Some(_), of) if self.withholds && self.value(*of) < LEAST => {
                Shown::Withheld
            }
            // Least and most are one person's own numbers, however many there are.
            Cell::OfOne(..) if self.withholds => Shown::Withheld,
            Cell::Middle(value, _) | Cell::OfOne(value, _) => number(*value),
        }
    }

    fn take(&mut self, value: u64, hidden: bool) -> Count {
        self.all.push(Figure {
            value,
            hidden,
            least: 0,
        });
        Count(self.all.len() - 1)
    }

    fn value(&self, count: Count) -> u64 {
        self.all.get(count.0).map_or(0, |figure| figure.value)
    }

    fn is_hidden(&self, count: Count) -> bool {
        self.all.get(count.0).is_none_or(|figure| figure.hidden)
    }
}

/// Counts of people and days are far below where a float stops being exact.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
const fn exact(value: u64) -> f64 {
    value as f64
}
