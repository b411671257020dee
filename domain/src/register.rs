//! The register of employers: councils, the trusts that serve them, and others.

use crate::{Rejection, identifiers::EmployerId};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A dated list of employers, adopted by a scheme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Register {
    /// The version verdicts name, for example `england-2026-11`.
    pub version: String,
    /// What a person would call it.
    pub title: String,
    /// Where the facts come from, as their licence asks.
    pub attribution: String,
    /// The employers, in order of their codes.
    pub employers: Vec<Employer>,
}

/// One employer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Employer {
    /// Its code: the ONS code of a council, a slug for others.
    pub id: EmployerId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: EmployerKind,
    /// What kind of council it is; absent for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub council_type: Option<CouncilType>,
    /// The region it lies in, one of the nine of England.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Degrees north of the place its people travel to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Degrees east of the place its people travel to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// The first day it existed, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub established_on: Option<Date>,
    /// The first day it no longer existed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abolished_on: Option<Date>,
    /// Who took over from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<EmployerId>,
    /// The councils a trust works for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<EmployerId>,
}

/// What an employer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EmployerKind {
    /// A local authority with duties for children's services.
    Council,
    /// A children's services trust or company that works for councils.
    Trust,
    /// Any other employer.
    Other,
}

/// What kind of council an authority is (R086).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CouncilType {
    /// A county council above districts.
    County,
    /// A council that does everything in its area.
    Unitary,
    /// A metropolitan district.
    Metropolitan,
    /// A London borough, or the City.
    LondonBorough,
}

impl Employer {
    /// Whether it exists on `day`.
    #[must_use]
    pub fn exists_on(&self, day: Date) -> bool {
        self.established_on.is_none_or(|first| first <= day)
            && self.abolished_on.is_none_or(|gone| day < gone)
    }
}

impl Employer {
    /// Refuses a day on which it does not exist, and names who took over.
    pub fn there_on(&self, day: Date) -> Result<(), Rejection> {
        if self.exists_on(day) {
            return Ok(());
        }
        let successors: Vec<String> = self.successors.iter().map(ToString::to_string).collect();
        Err(Rejection::EmployerNotThere {
            employer: self.id.clone(),
            day,
            successors: successors.join(", "),
        })
    }
}

impl Register {
    /// The employer with this code.
    #[must_use]
    pub fn employer(&self, id: &EmployerId) -> Option<&Employer> {
        let at = self
            .employers
            .binary_search_by(|employer| employer.id.cmp(id))
            .ok()?;
        self.employers.get(at)
    }

    /// Says what is wrong with the list, if anything is.
    pub fn check(&self) -> Result<(), String> {
        if self.version.is_empty() {
            return Err("`version` is empty".to_owned());
        }
        if let Some(pair) = self
            .employers
            .windows(2)
            .find(|pair| pair[0].id >= pair[1].id)
        {
            return Err(format!(
                "employers are not in order of `id`, or doubled, at {}",
                pair[1].id
            ));
        }
        let known: BTreeSet<_> = self.employers.iter().map(|employer| &employer.id).collect();
        for employer in &self.employers {
            if let Some(stranger) = employer
                .successors
                .iter()
                .chain(&employer.serves)
                .find(|id| !known.contains(id))
            {
                return Err(format!(
                    "{} names {stranger}, which is not in the list",
                    employer.id
                ));
            }
            if let (Some(first), Some(gone)) = (employer.established_on, employer.abolished_on)
                && gone <= first
            {
                return Err(format!(
                    "{} was abolished before it was established",
                    employer.id
                ));
            }
        }
        Ok(())
    }
}
