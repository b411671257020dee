//! Somebody who sees figures only reads a table again and again, and learns of no small group.

use super::{LEAST, is_small, ranges, suppress};
use crate::report::figures::{Figure, Whole};

/// A whole with its parts, the whole last.
fn table(parts: &[u64]) -> (Vec<Figure>, Vec<Whole>) {
    let total = parts.iter().sum();
    let all = parts.iter().copied().chain([total]);
    let figures = all.map(figure);
    let whole = Whole {
        total: parts.len(),
        parts: (0..parts.len()).collect(),
    };
    (figures.collect(), vec![whole])
}

fn figure(value: u64) -> Figure {
    Figure {
        value,
        hidden: false,
        least: 0,
    }
}

fn hidden(figures: &[Figure]) -> Vec<bool> {
    figures.iter().map(|figure| figure.hidden).collect()
}

fn suppressed(parts: &[u64]) -> Vec<bool> {
    let (mut figures, wholes) = table(parts);
    suppress(&mut figures, &wholes);
    hidden(&figures)
}

#[test]
fn a_group_under_five_is_withheld_and_one_of_five_is_shown() {
    for (value, is_hidden) in [(0, false), (1, true), (4, true), (5, false)] {
        let mut figures = [figure(value)];
        suppress(&mut figures, &[]);
        assert_eq!(figures[0].hidden, is_hidden, "{value}");
    }
}

/// Of 30 with 3, 7 and 20 among them, the 3 would be what the others leave: the 7 goes with it.
#[test]
fn what_a_total_would_give_away_is_withheld_too() {
    assert_eq!(suppressed(&[3, 7, 20]), [true, true, false, false]);
    assert_eq!(suppressed(&[20, 7, 5]), [false; 4]);
}

/// Two small groups that come to fewer than five together are as telling as one.
#[test]
fn small_groups_together_are_still_a_small_group() {
    assert_eq!(suppressed(&[1, 2, 9, 30]), [true, true, true, false, false]);
    assert_eq!(
        suppressed(&[4, 4, 9, 30]),
        [true, true, false, false, false]
    );
}

/// "48 of 50" tells of two as much as "2" does.
#[test]
fn what_is_left_of_a_whole_is_a_group_as_well() {
    let (mut figures, wholes) = table(&[48, 2]);
    figures[1].hidden = true;
    suppress(&mut figures, &wholes);
    assert_eq!(hidden(&figures), [true, true, false]);
}

/// A number that stands in two wholes is protected in both.
#[test]
fn a_number_that_could_be_worked_out_on_a_detour_is_withheld() {
    // 0 + 1 = 4, and 2 + 3 = 1: to hide 1 beside 0 is of no use where 2 and 3 still add up to it.
    let mut figures = [3, 12, 5, 7, 15].map(figure);
    let whole = |total: usize, parts: [usize; 2]| Whole {
        total,
        parts: parts.to_vec(),
    };
    let wholes = [whole(4, [0, 1]), whole(1, [2, 3])];
    suppress(&mut figures, &wholes);
    assert_eq!(hidden(&figures), [true, true, false, false, true]);
    assert!(ranges(&figures, &wholes)[0].most >= LEAST);
}

/// Of seven the five are seen to be a group by the number in their middle, so that two could be the others: the seven goes.
#[test]
fn that_there_is_a_group_is_known_where_its_middle_is_shown() {
    let (mut figures, wholes) = table(&[5, 2]);
    figures[0].least = LEAST;
    suppress(&mut figures, &wholes);
    assert_eq!(hidden(&figures), [true, true, true]);
}

/// What is far from a small group, and tells nothing of it, is shown.
#[test]
fn only_what_tells_of_a_small_group_is_withheld_beside_it() {
    let mut figures = [2, 8, 10, 22, 27, 49].map(figure);
    let whole = |total: usize, parts: [usize; 2]| Whole {
        total,
        parts: parts.to_vec(),
    };
    suppress(&mut figures, &[whole(2, [0, 1]), whole(5, [3, 4])]);
    assert_eq!(hidden(&figures), [true, true, false, false, false, false]);
}

/// Over many tables of two directions: whoever works out all that can be never sees that a hidden group is small.
#[test]
fn no_table_gives_a_small_group_away() {
    let mut seed = 7_u64;
    let mut next = |below: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let (mut small, mut beside) = (0, 0);
    for _ in 0..500 {
        let (mut figures, wholes) = crossed([(); 9].map(|()| next(12)));
        suppress(&mut figures, &wholes);
        for (figure, range) in figures.iter().zip(ranges(&figures, &wholes)) {
            if is_small(figure.value) {
                small += 1;
                assert!(range.most >= LEAST, "{figure:?} is seen to be {range:?}");
            } else if figure.hidden {
                beside += 1;
            }
        }
    }
    assert!(
        small > 100 && beside > 100,
        "{small} small, {beside} beside"
    );
}

/// Three rows and three columns with their totals, and the total of all.
fn crossed(cells: [u64; 9]) -> (Vec<Figure>, Vec<Whole>) {
    let row = |row: usize| vec![row * 3, row * 3 + 1, row * 3 + 2];
    let column = |column: usize| vec![column, column + 3, column + 6];
    let lines: Vec<Vec<usize>> = (0..3).map(row).chain((0..3).map(column)).collect();
    let sum = |line: &Vec<usize>| line.iter().map(|index| cells[*index]).sum::<u64>();
    let totals: Vec<u64> = lines.iter().map(sum).collect();
    let all = cells.iter().sum();
    let values = cells.iter().copied().chain(totals).chain([all]);
    let figures = values.map(figure);
    let numbered = lines.into_iter().enumerate();
    let mut wholes: Vec<Whole> = numbered
        .map(|(index, parts)| Whole {
            total: 9 + index,
            parts,
        })
        .collect();
    for parts in [vec![9, 10, 11], vec![12, 13, 14]] {
        wholes.push(Whole { total: 15, parts });
    }
    (figures.collect(), wholes)
}
