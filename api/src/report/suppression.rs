//! Groups under five are not shown to whoever sees figures only, and cannot be worked out from what is.
//!
//! Two steps. What counts fewer than [`LEAST`] and more than nobody is hidden. Then the report is read as somebody would who
//! wants to know all the same: every whole with its parts narrows what a hidden number can be, again and again, until nothing
//! changes. As long as a hidden group is seen in this way to be a small one, one more number beside it is hidden, the smallest
//! that tells of it, and the report is read anew.
//!
//! Nobody is not a group: a nought is shown. The five is our own; the published schemes name no number.

use super::figures::{Figure, Whole};

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
        let (least, most) = (0, u64::MAX);
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

/// What to hide so that `found` is given away no longer: the smallest that is shown in a whole with it, of groups before
/// noughts; where nothing is, of any whole in which something is hidden.
fn beside(found: usize, figures: &[Figure], wholes: &[Whole]) -> Option<usize> {
    let members = |whole: &Whole| {
        let mut members = whole.parts.clone();
        members.push(whole.total);
        members
    };
    let is_hidden = |index: &usize| figures.get(*index).is_some_and(|figure| figure.hidden);
    let smallest = |beside: &dyn Fn(&[usize]) -> bool| {
        let near = wholes.iter().map(members).filter(|all| beside(all));
        near.flatten()
            .filter(|index| !is_hidden(index))
            .min_by_key(|index| {
                let value = figures.get(*index).map_or(0, |figure| figure.value);
                (value == 0, value, *index)
            })
    };
    smallest(&|all| all.contains(&found)).or_else(|| smallest(&|all| all.iter().any(is_hidden)))
}

#[cfg(test)]
mod tests;
