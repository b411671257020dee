//! What became of everybody: evaluation reports, pairings and why they ended, regions, stages.

use super::{Cell, Chart, Making, Row, Section};
use domain::{Scheme, matching::Side, pairing::BreakdownCause};
use projections::{board::Board, groups::CAUSES, stage::Stage};

/// A number beside what it is a part of, as a bar before another.
const PART: Chart = Chart {
    value: 0,
    of: Some(1),
};

impl Making {
    pub(super) fn returns(&mut self, scheme: &Scheme) {
        let sides = [("By mentees", Side::Mentee), ("By mentors", Side::Mentor)];
        let rows = sides.map(|(label, side)| {
            let found = projections::returns(scheme, side);
            let mut count = |number: u32| self.figures.count(number as usize);
            let (asked, filed, waived) =
                (count(found.asked), count(found.filed), count(found.waived));
            let (out, unasked, reminders) = (
                count(found.out),
                count(found.filed_unasked),
                count(found.reminders),
            );
            self.figures.whole(asked, &[filed, waived, out]);
            Row {
                label: label.to_owned(),
                cells: [filed, asked, waived, out, unasked, reminders]
                    .map(Cell::Count)
                    .into(),
            }
        });
        self.sections.push(Section {
            id: "returns",
            heading: "Evaluation reports",
            lead: "Reports asked for at the end of pairings, of all who ever were in one, and what became of them. Those filed \
                   without being asked for stand apart. What they say is in no report.",
            chart: Some(PART),
            caption: "Evaluation reports asked for and returned",
            columns: vec!["Side", "Filed", "Of those asked for", "Given up", "Waited for", "Filed unasked", "Reminders"],
            rows: rows.into(),
        });
    }

    pub(super) fn courses(&mut self) {
        let found = &self.groups.pairings;
        let broken = found.broken.iter().map(|broken| broken.count).sum();
        let courses = [
            ("Go on", found.live),
            ("Came to a good end", found.concluded),
            ("The mentee withdrew", found.withdrawn),
            ("Broke down", broken),
        ];
        let formed = self.figures.count(found.formed);
        let rows = courses.map(|(label, count)| Row {
            label: label.to_owned(),
            cells: vec![Cell::Count(self.figures.count(count)), Cell::Count(formed)],
        });
        self.sections.push(Section {
            id: "pairings",
            heading: "What became of pairings",
            lead: "Every pairing that was formed.",
            chart: Some(PART),
            caption: "Pairings by their course",
            columns: vec!["Course", "Pairings", "Of"],
            rows: rows.into(),
        });
    }

    pub(super) fn causes(&mut self) {
        let found = self.groups.pairings.clone();
        let all = found.broken.iter().map(|broken| broken.count).sum();
        let all = self.figures.count(all);
        let rows = CAUSES
            .into_iter()
            .zip(found.broken)
            .filter(|(_, broken)| broken.count > 0)
            .map(|(cause, broken)| {
                let counts = [
                    broken.count,
                    broken.to_replace,
                    broken.ended,
                    broken.not_judged,
                ];
                let [count, to_replace, ended, not_judged] =
                    counts.map(|count| Cell::Count(self.figures.count(count)));
                Row {
                    label: name_of(cause).to_owned(),
                    cells: vec![count, Cell::Count(all), to_replace, ended, not_judged],
                }
            })
            .collect();
        self.sections.push(Section {
            id: "breakdowns",
            heading: "Pairings that broke down",
            lead: "By cause, as far as anybody said, and what mentee and coordinator judged then. Causes that did not come up are \
                   left out.",
            chart: Some(PART),
            caption: "Breakdowns by cause",
            columns: vec!["Cause", "Pairings", "Of", "Another mentor to be found", "Mentoring ended", "Not judged yet"],
            rows,
        });
        let carried = self.figures.count(found.sessions_carried_over);
        self.sections.push(Section {
            id: "carried-over",
            heading: "Sessions carried over",
            lead: "Sessions of the core offer that were left where another mentor was to be found.",
            chart: None,
            caption: "Sessions that carried over",
            columns: vec!["What", "Sessions"],
            rows: vec![Row {
                label: "Sessions carried over".to_owned(),
                cells: vec![Cell::Count(carried)],
            }],
        });
    }

    pub(super) fn regions(&mut self) {
        let found = self.groups.regions.clone();
        // The unknown stands last.
        let known = found.iter().filter(|(region, _)| region.is_some());
        let unknown = found.iter().filter(|(region, _)| region.is_none());
        let rows = known.chain(unknown).map(|(region, found)| {
            let counts = [found.paired, found.noticed, found.entitled];
            Row {
                label: region
                    .clone()
                    .unwrap_or_else(|| "Not known, or not told".to_owned()),
                cells: counts
                    .map(|count| Cell::Count(self.figures.count(count)))
                    .into(),
            }
        });
        let rows = rows.collect();
        self.sections.push(Section {
            id: "regions",
            heading: "Regions",
            lead: "Those of whom a notice told, by the region of the post of which the first told. A region that so few employers of \
                   a kind share that it would name one is not told.",
            chart: Some(PART),
            caption: "People by region",
            columns: vec!["Region", "Are or were paired", "Of whom a notice told", "Of these entitled"],
            rows,
        });
    }

    pub(super) fn stages(&mut self, board: &Board) {
        let stages = Stage::ALL.map(|stage| (stage, board.count(stage)));
        let all = self
            .figures
            .count(stages.iter().map(|(_, count)| count).sum());
        let rows = stages.map(|(stage, count)| Row {
            label: where_is(stage).to_owned(),
            cells: vec![Cell::Count(self.figures.count(count)), Cell::Count(all)],
        });
        self.sections.push(Section {
            id: "stages",
            heading: "Where everybody is",
            lead: "Everybody the scheme knows, by where they are on the way, whenever a notice told of them.",
            chart: Some(PART),
            caption: "People by stage",
            columns: vec!["Stage", "People", "Of"],
            rows: rows.into(),
        });
    }
}

const fn name_of(cause: BreakdownCause) -> &'static str {
    match cause {
        BreakdownCause::Incompatibility => "It did not work between them",
        BreakdownCause::Illness => "Illness",
        BreakdownCause::MentorLeftPost => "The mentor left their post",
        BreakdownCause::MenteeLeftPost => "The mentee left their post",
        BreakdownCause::Other => "Something else",
        BreakdownCause::NotStated => "Not stated",
    }
}

const fn where_is(stage: Stage) -> &'static str {
    match stage {
        Stage::ToConfirm => "A fact is to be confirmed",
        Stage::ToContact => "To be contacted",
        Stage::ToOffer => "To be offered mentoring",
        Stage::Offered => "Offered, not answered",
        Stage::ToMatch => "To be offered mentors",
        Stage::Matching => "Mentors offered",
        Stage::ToForm => "Pairing to be formed",
        Stage::Paired => "Paired",
        Stage::Paused => "Paired, and paused",
        Stage::BrokenDown => "Broken down, to be judged",
        Stage::Evaluating => "Over, a report is out",
        Stage::Ended => "Over",
        Stage::Declined => "Declined",
        Stage::NotEligible => "Not entitled",
        Stage::Unlinked => "No notice is about them",
        Stage::Erased => "Forgotten",
    }
}
