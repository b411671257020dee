//! For whom a report is, and what of the figures they are given.
//!
//! What a coordinator or an auditor is given is what the access matrix lets them ask the service, narrowed as a deployment narrows
//! it. The matrix lets a commissioner ask for no figure, so what theirs holds is said here: figures of the whole scheme, no
//! breakdown of them by anything, no group under five, and as of the ends of published periods alone.

use crate::identity::access::{Item, Matrix, Query};
use clap::ValueEnum;
use domain::access::Role;
use serde::Serialize;

/// For whom a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Whoever runs the scheme.
    Coordinator,
    /// Whoever pays for it: groups under five are withheld.
    Commissioner,
    /// Whoever checks it.
    Auditor,
}

/// What of the figures somebody is given.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Funnel, days, sessions and choices.
    pub measures: bool,
    /// Which reports came back.
    pub returns: bool,
    /// Everybody by stage.
    pub stages: bool,
    /// People by region.
    pub regions: bool,
    /// Pairings by their course, breakdowns by cause, people by sessions.
    pub pairings: bool,
}

impl Audience {
    /// What this audience is given.
    #[must_use]
    pub fn given(self, matrix: &Matrix) -> Given {
        let role = match self {
            Self::Coordinator => Role::Coordinator,
            Self::Auditor => Role::Auditor,
            Self::Commissioner => {
                return Given {
                    measures: true,
                    returns: true,
                    stages: false,
                    regions: false,
                    pairings: false,
                };
            }
        };
        let may_ask = |query: Query| matrix.granted(role, Item::Query(query)).of_all();
        Given {
            measures: may_ask(Query::Measures),
            returns: may_ask(Query::EvaluationReturns),
            stages: may_ask(Query::Dashboard),
            regions: may_ask(Query::Appointment),
            pairings: may_ask(Query::Pairings),
        }
    }

    /// Whether small groups are withheld.
    #[must_use]
    pub const fn withholds(self) -> bool {
        matches!(self, Self::Commissioner)
    }

    /// Whether theirs is as of the end of a published period always, so that no two can be made at will and subtracted.
    #[must_use]
    pub const fn is_given_published_periods_alone(self) -> bool {
        matches!(self, Self::Commissioner)
    }

    /// As the page calls them.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coordinator => "the coordinator",
            Self::Commissioner => "the commissioner",
            Self::Auditor => "the auditor",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the service would not answer to an auditor stands in no report for one.
    #[test]
    fn an_auditor_is_given_what_the_access_matrix_lets_them_ask() {
        let matrix = Matrix::embedded().expect("the matrix is read");
        let given = Audience::Auditor.given(&matrix);
        assert!(given.measures && given.returns && given.stages);
        let narrowed = matrix
            .narrowed("[queries]\nmeasures = { coordinator = \"any\" }\npairings = { coordinator = \"any\" }\n")
            .expect("it grants less");
        let less = Audience::Auditor.given(&narrowed);
        assert!(!less.measures && !less.pairings && less.returns);
        assert!(Audience::Coordinator.given(&narrowed).measures);
    }

    /// The API gives a commissioner no breakdown, and neither does a report.
    #[test]
    fn a_commissioner_is_given_no_breakdown() {
        let matrix = Matrix::embedded().expect("the matrix is read");
        let given = Audience::Commissioner.given(&matrix);
        assert!(!given.stages && !given.regions && !given.pairings);
        assert!(Audience::Commissioner.withholds());
        assert!(!Audience::Auditor.withholds() && !Audience::Coordinator.withholds());
    }

    /// Two reports of nearly the same moment could be subtracted from each other.
    #[test]
    fn a_commissioner_is_given_published_periods_alone() {
        for audience in [Audience::Coordinator, Audience::Auditor] {
            assert!(!audience.is_given_published_periods_alone());
        }
        assert!(Audience::Commissioner.is_given_published_periods_alone());
    }
}
