//! Groups under five are not shown to whoever sees figures only, and cannot be worked out from what is.
//!
//! Two steps. What counts fewer than [`LEAST`] and more than nobody is hidden. Then the report is read as somebody would who
//! wants to know all the same: every whole with its parts narrows what a hidden number can be, again and again, until nothing
//! changes. As long as a hidden group is seen in this way to be a small one, one more number is hidden, the smallest of those
//! nearest to it, and the report is read anew.
//!
//! Nobody is not a group: a nought is shown. The five is our own; the published schemes name no number.

use super::figures::{Figure, Whole};
use std::collections::BTreeSet;

/// The least people that are shown as a group.
pub const LEAST: u64 = 5;

/// What can be known of a number: the least and the most it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub least: u64,
    /// The most.
    pub most: u64,
}

/// Hides small groups, and what would tell of them.
pub fn suppress(figures: &mut [Figure], wholes: &[Whole]) {
    for figure in figures.iter_mut() {
        figure.hidden |= is_small(figure.value);
    }
    while let Some(found) = given_away(figures, wholes) {
        let Some(next) = beside(found, figures, wholes) else {
            return;
        };
        if let Some(figure) = figures.get_mut(next) {
            figure.hidden = true;
        }
    }
}

/// What somebody can work out of each number who reads those that are shown and knows what adds up to what.
#[must_use]
pub fn ranges(figures: &[Figure], wholes: &[Whole]) -> Vec<Range> {
    let mut ranges: Vec<Range> = figures.iter().map(at_first).collect();
    let mut before = Vec::new();
    while before != ranges {
        before.clone_from(&ranges);
        for whole in wholes {
            narrow(&mut ranges, whole);
        }
    }
    ranges
}

/// Whether a number is of a group that is not shown.
const fn is_small(value: u64) -> bool {
    0 < value && value < LEAST
}

fn at_first(figure: &Figure) -> Range {
    if figure.hidden {
        let (least, most) = (figure.least, u64::MAX);
        return Range { least, most };
    }
    let (least, most) = (figure.value, figure.value);
    Range { least, most }
}

/// A whole is neither less nor more than its parts, and a part is what the others leave.
fn narrow(ranges: &mut [Range], whole: &Whole) {
    let of = |ranges: &[Range], index: usize| ranges.get(index).copied();
    let parts = |ranges: &[Range], without: Option<usize>| {
        let others = whole.parts.iter().filter(|part| Some(**part) != without);
        let nothing = Range { least: 0, most: 0 };
        others
            .filter_map(|part| of(ranges, *part))
            .fold(nothing, |sum, part| Range {
                least: sum.least.saturating_add(part.least),
                most: sum.most.saturating_add(part.most),
            })
    };
    let all = parts(ranges, None);
    let Some(total) = ranges.get_mut(whole.total) else {
        return;
    };
    total.least = total.least.max(all.least);
    total.most = total.most.min(all.most);
    let total = *total;
    for part in &whole.parts {
        let others = parts(ranges, Some(*part));
        if let Some(part) = ranges.get_mut(*part) {
            part.least = part.least.max(total.least.saturating_sub(others.most));
            part.most = part.most.min(total.most.saturating_sub(others.least));
        }
    }
}

/// The first small group that can be seen to be one.
fn given_away(figures: &[Figure], wholes: &[Whole]) -> Option<usize> {
    let ranges = ranges(figures, wholes);
    let mut pairs = figures.iter().zip(&ranges);
    pairs.position(|(figure, range)| is_small(figure.value) && range.most < LEAST)
}

/// What to hide so that `found` is given away no longer: of what is shown nearest to it, whole by whole, the smallest; groups
/// before noughts.
fn beside(found: usize, figures: &[Figure], wholes: &[Whole]) -> Option<usize> {
    let mut near = BTreeSet::from([found]);
    loop {
        let touching = wholes.iter().map(Whole::members);
        let touching = touching.filter(|all| all.iter().any(|index| near.contains(index)));
        let wider: BTreeSet<usize> = touching.flatten().chain(near.iter().copied()).collect();
        let shown = wider.iter().filter_map(|index| {
            let figure = figures.get(*index).filter(|figure| !figure.hidden)?;
            Some((figure.value == 0, figure.value, *index))
        });
        if let Some((_, _, next)) = shown.min() {
            return Some(next);
        }
        if wider == near {
            return None;
        }
        near = wider;
    }
}

#[cfg(test)]
mod tests;
