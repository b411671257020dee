//! The one table that is printed, and how its figures come about.

use std::fmt::Write as _;

/// One line.
pub struct Line {
    /// What was measured.
    pub what: String,
    /// What it came to.
    pub ours: String,
    /// What it is held against, measured in the same run.
    pub limit: String,
    /// Ours by the limit, in the words of the aim.
    pub ratio: f64,
    /// What is aimed at.
    pub aim: Aim,
}

/// What is aimed at.
#[derive(Clone, Copy)]
pub enum Aim {
    /// At least so much.
    Least(f64),
    /// At most so much.
    Most(f64),
    /// Nothing: told for comparison.
    Told,
}

/// The lines so far.
#[derive(Default)]
pub struct Table(Vec<Line>);

impl Table {
    /// Adds a line, and says so at once for whoever waits.
    pub fn add(&mut self, line: Line) {
        eprintln!(
            "  {}: {} / {} = {:.2}",
            line.what, line.ours, line.limit, line.ratio
        );
        self.0.push(line);
    }

    /// The table in Markdown.
    pub fn markdown(&self) -> String {
        let mut text = "| what | ours | beside it, in the same run | ratio | aim | met |\n|---|---|---|---|---|---|\n".to_owned();
        for line in &self.0 {
            let (aim, met) = match line.aim {
                Aim::Least(least) => (format!("≥ {least}"), yes(line.ratio >= least)),
                Aim::Most(most) => (format!("≤ {most}"), yes(line.ratio <= most)),
                Aim::Told => ("–".to_owned(), "–"),
            };
            let Line {
                what,
                ours,
                limit,
                ratio,
                ..
            } = line;
            let _always = writeln!(
                text,
                "| {what} | {ours} | {limit} | {ratio:.2} | {aim} | {met} |"
            );
        }
        text
    }
}

const fn yes(met: bool) -> &'static str {
    if met { "yes" } else { "no" }
}

/// The middle one of `values`; of ratios taken one after the other, what the disk's moods disturb least.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value below which `share` of the ascending `values` lie.
pub fn quantile(values: &[u32], share: f64) -> f64 {
    let last = values.len().saturating_sub(1);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index within the list"
    )]
    let index = (last as f64 * share).round() as usize;
    values.get(index).copied().map_or(f64::NAN, f64::from)
}

/// A figure as people read it: three digits that matter.
pub fn figure(value: f64) -> String {
    match value {
        value if value >= 10_000.0 => format!("{:.1}k", value / 1000.0),
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 1.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}
