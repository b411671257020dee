//! Which figures stand in a report, in which order, and which make each other up.

mod groups;

use super::{
    About, Beside, Chart, Headline, Report, Row, Section,
    audience::Given,
    figures::{Cell, Count, Figures},
};
use projections::{
    Snapshot,
    groups::Groups,
    measures::{self, Measures, Share, Spread},
};

/// A report on a state of a scheme.
#[must_use]
pub fn contents(state: &Snapshot, about: About, given: Given) -> Report {
    let Snapshot { scheme, board, .. } = state;
    let mut making = Making {
        figures: Figures::default(),
        measures: measures::measures(scheme, about.since, about.day),
        groups: projections::groups::groups(scheme, about.since, about.day),
        sections: Vec::new(),
        headlines: Vec::new(),
    };
    if given.measures {
        making.measured(given);
    }
    if given.returns {
        making.returns(scheme);
    }
    if given.pairings {
        making.courses();
        making.causes();
    }
    if given.regions {
        making.regions();
    }
    if given.stages {
        making.stages(board);
    }
    if about.audience.withholds() {
        making.figures.suppress();
    }
    Report {
        about,
        headlines: making.headlines,
        sections: making.sections,
        figures: making.figures,
    }
}

/// A report in the making.
struct Making {
    figures: Figures,
    measures: Measures,
    groups: Groups,
    sections: Vec<Section>,
    headlines: Vec<Headline>,
}

/// A spread whose numbers of people are known.
struct Counted {
    middle: Cell,
    there: Count,
    of: Count,
    awaited: Count,
    spread: Spread,
}

impl Making {
    /// What the measures tell: the way, the days, the sessions, the choices.
    fn measured(&mut self, given: Given) {
        let known = self.figures.count(self.groups.known);
        let paired = self.figures.count(self.measures.paired.len());
        self.figures.within(known, &[paired]);
        let contact = self.counted(self.measures.days_to_contact.clone());
        let matched = self.counted(self.measures.days_to_match.clone());
        let session = self.counted(self.measures.days_to_first_session.clone());
        // Who was paired and of whom a notice told is among those paired, and whoever took mentoring up before that among them.
        self.figures.within(paired, &[session.of]);
        self.figures.within(session.of, &[matched.there]);
        self.funnel(known, [&contact, &matched, &session]);
        self.headlines.push(Headline {
            label: "Days to first contact, in the middle",
            cell: contact.middle.clone(),
            of: Beside::Unit("days"),
        });
        self.headlines.push(Headline {
            label: "Had a first session",
            cell: Cell::Count(session.there),
            of: Beside::Of(Cell::Count(session.of)),
        });
        self.days([contact, matched, session]);
        self.sessions(paired);
        if given.pairings {
            self.sessions_each(paired);
        }
        self.choices();
    }

    fn funnel(&mut self, known: Count, [contact, matched, session]: [&Counted; 3]) {
        let Groups {
            noticed,
            to_confirm,
            not_entitled,
            ..
        } = self.groups;
        let figures = &mut self.figures;
        let [noticed, to_confirm, not_entitled] =
            [noticed, to_confirm, not_entitled].map(|count| figures.count(count));
        figures.within(known, &[noticed]);
        figures.whole(noticed, &[contact.of, to_confirm, not_entitled]);
        let share = |figures: &mut Figures, share: &Share| figures.count(share.people.len());
        let offered = figures.count(self.measures.took_up.of);
        let took_up = share(figures, &self.measures.took_up);
        let declined = share(figures, &self.measures.declined);
        let unanswered = share(figures, &self.measures.unanswered);
        figures.whole(offered, &[took_up, declined, unanswered]);
        figures.within(known, &[offered]);
        figures.within(took_up, &[matched.of]);
        let numbers = [
            (known, known),
            (noticed, known),
            (contact.of, noticed),
            (to_confirm, noticed),
            (not_entitled, noticed),
            (contact.there, contact.of),
            (offered, known),
            (took_up, offered),
            (declined, offered),
            (unanswered, offered),
            (matched.there, matched.of),
            (session.there, session.of),
        ];
        let steps = STEPS.into_iter().zip(numbers);
        let rows = steps.map(|((label, whom), (count, of))| Row {
            label: label.to_owned(),
            cells: vec![
                Cell::Count(count),
                Cell::Count(of),
                Cell::Text(whom.to_owned()),
            ],
        });
        self.headlines.push(Headline {
            label: "Took mentoring up",
            cell: Cell::Count(took_up),
            of: Beside::Of(Cell::Count(offered)),
        });
        self.sections.push(Section {
            id: "the-way",
            heading: "The way through the scheme",
            lead: "How many came how far. Each number stands beside how many it could be, and of whom; the two are not always the \
                   number before, because somebody may be brought forward without a notice. What is not known is counted as not \
                   known.",
            chart: Some(Chart { value: 0, of: Some(1) }),
            caption: "People by how far they came",
            columns: vec!["Step", "People", "Of", "Of whom"],
            rows: rows.collect(),
        });
    }

    fn days(&mut self, [contact, matched, session]: [Counted; 3]) {
        let rows = [
            ("To first contact", contact),
            ("To the first pairing", matched),
            ("To the first session", session),
        ];
        self.sections.push(Section {
            id: "days",
            heading: "Days from the first notice",
            lead: "How long it took from the day on which a notice first told of somebody: the number in the middle, the least and \
                   the most; the chart shows the middle. Below nought is what came before its notice was written down.",
            chart: Some(Chart { value: 0, of: None }),
            caption: "Days until each step",
            columns: vec!["Until", "Middle", "Least", "Most", "People", "Not there yet", "Of"],
            rows: rows.map(|(label, counted)| counted.row(label)).into(),
        });
    }

    fn sessions(&mut self, paired: Count) {
        let sum = |sessions: u32| Cell::Sum(f64::from(sessions), paired);
        let (used, granted) = (self.measures.sessions_used, self.measures.sessions_granted);
        let row = Row {
            label: "Sessions".to_owned(),
            cells: vec![sum(used), sum(granted), Cell::Count(paired)],
        };
        self.headlines.push(Headline {
            label: "Sessions used",
            cell: sum(used),
            of: Beside::Of(sum(granted)),
        });
        self.sections.push(Section {
            id: "sessions",
            heading: "Sessions against the entitlement",
            lead: "Sessions used by everybody who is or was in a pairing, and what the core offer granted them. Sessions beyond \
                   the core offer are among those used.",
            chart: Some(Chart { value: 0, of: Some(1) }),
            caption: "Sessions used and granted",
            columns: vec!["What", "Used", "Granted", "To people"],
            rows: vec![row],
        });
        let days = self.counted_of(self.measures.days_used.clone(), paired);
        self.sections.push(Section {
            id: "days-used",
            heading: "Days of the months that have passed",
            lead: "For everybody in a pairing whose months have begun, without days on which they stood still.",
            chart: None,
            caption: "Days used of the months of the core offer",
            columns: vec!["What", "Middle", "Least", "Most", "People", "Not begun", "Of"],
            rows: vec![days.row("Days used")],
        });
    }

    /// By how many sessions each used: a breakdown.
    fn sessions_each(&mut self, paired: Count) {
        let sessions: Vec<_> = self.groups.sessions.clone().into_iter().collect();
        let rows: Vec<Row> = sessions
            .into_iter()
            .map(|(used, people)| Row {
                label: if used == 1 {
                    "1 session".to_owned()
                } else {
                    format!("{used} sessions")
                },
                cells: vec![Cell::Count(self.figures.count(people)), Cell::Count(paired)],
            })
            .collect();
        self.sections.push(Section {
            id: "sessions-each",
            heading: "Sessions of each",
            lead: "Everybody who is or was in a pairing, by how many sessions they used.",
            chart: Some(Chart {
                value: 0,
                of: Some(1),
            }),
            caption: "People by sessions used",
            columns: vec!["Used", "People", "Of"],
            rows,
        });
    }

    fn choices(&mut self) {
        let choices = self.counted(self.measures.choices.clone());
        let first = self.figures.count(self.measures.first_choice.people.len());
        let ranked = self.figures.count(self.measures.first_choice.of);
        self.figures.within(ranked, &[first]);
        self.sections.push(Section {
            id: "choices",
            heading: "Mentors to choose from",
            lead: "How many mentors were offered to each who took mentoring up.",
            chart: None,
            caption: "Mentors offered",
            columns: vec![
                "What",
                "Middle",
                "Least",
                "Most",
                "People",
                "Not offered yet",
                "Of",
            ],
            rows: vec![choices.row("Mentors offered to each")],
        });
        self.sections.push(Section {
            id: "first-choice",
            heading: "First choices",
            lead: "Of those who put mentors in an order and were paired, those who were paired with their first choice.",
            chart: None,
            caption: "Paired with the first choice",
            columns: vec!["What", "People", "Of", "Of whom"],
            rows: vec![Row {
                label: "Paired with the first choice".to_owned(),
                cells: vec![
                    Cell::Count(first),
                    Cell::Count(ranked),
                    Cell::Text("chose in an order, and were paired".to_owned()),
                ],
            }],
        });
    }

    fn counted(&mut self, spread: Spread) -> Counted {
        let of = self.figures.count(spread.counts().1);
        self.counted_of(spread, of)
    }

    /// The same of people whose number is known already.
    fn counted_of(&mut self, spread: Spread, of: Count) -> Counted {
        let figures = &mut self.figures;
        let there = figures.count(spread.counts().0);
        let awaited = figures.count(spread.awaited.len());
        figures.whole(of, &[there, awaited]);
        Counted {
            middle: figures.middle(spread.median(), there),
            there,
            of,
            awaited,
            spread,
        }
    }
}

/// The steps of the way, and of whom their numbers are a part.
const STEPS: [(&str, &str); 12] = [
    ("Known to the scheme", "everybody"),
    ("A notice told of them", "known to the scheme"),
    ("Entitled", "of whom a notice told"),
    (
        "Not known yet",
        "of whom a notice told; a fact is to be confirmed",
    ),
    ("Not entitled", "of whom a notice told"),
    ("Reached", "entitled"),
    ("Offered mentoring", "known to the scheme"),
    ("Took it up", "offered mentoring"),
    ("Declined", "offered mentoring; nobody is asked why"),
    ("Have not answered", "offered mentoring"),
    ("Paired", "took it up, and a notice told of them"),
    (
        "First session held",
        "are or were paired, and a notice told of them",
    ),
];

impl Counted {
    fn row(&self, label: &str) -> Row {
        let one = |number: Option<&(i32, _)>| {
            let number = number.map(|(number, _)| f64::from(*number));
            Cell::OfOne(number, self.there)
        };
        let numbers = &self.spread.numbers;
        Row {
            label: label.to_owned(),
            cells: vec![
                self.middle.clone(),
                one(numbers.first()),
                one(numbers.last()),
                Cell::Count(self.there),
                Cell::Count(self.awaited),
                Cell::Count(self.of),
            ],
        }
    }
}
