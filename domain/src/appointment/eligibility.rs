//! Whether an appointment entitles somebody, by the policy in force.
//!
//! Each category of the policy is tried in turn; each of its conditions is met, not met, or waits for a
//! fact. One category met is enough. If none is met but one only waits, the verdict is `to be confirmed`
//! and names what is missing.

use super::{AppointmentFacts, FirstPost, Verdict};
use crate::policy::{CategoryRule, Policy};

/// A verdict with its category, the rule it rests on and the facts it waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The category that is met.
    pub category: Option<String>,
    /// The code of the rule it rests on.
    pub rule: String,
    /// The facts it waits for, by the names the API gives them.
    pub missing: Vec<String>,
}

/// Judges `facts` by `policy` (R015 to R018, Z04).
#[must_use]
pub fn judge(policy: &Policy, facts: &AppointmentFacts) -> Outcome {
    let mut waiting: Option<(&CategoryRule, Vec<&'static str>)> = None;
    for category in &policy.categories {
        match test(category, facts) {
            Test::Met => {
                return Outcome {
                    verdict: Verdict::Eligible,
                    category: Some(category.category.clone()),
                    rule: category.rule.clone(),
                    missing: vec![],
                };
            }
            Test::Waits(missing) => match &mut waiting {
                None => waiting = Some((category, missing)),
                Some((_, all)) => all.extend(
                    missing
                        .into_iter()
                        .filter(|fact| !all.contains(fact))
                        .collect::<Vec<_>>(),
                ),
            },
            Test::NotMet => {}
        }
    }
    match waiting {
        Some((category, missing)) => Outcome {
            verdict: Verdict::ToBeConfirmed,
            category: None,
            rule: category.rule.clone(),
            missing: missing.into_iter().map(str::to_owned).collect(),
        },
        None => Outcome {
            verdict: Verdict::NotEligible,
            category: None,
            rule: policy.otherwise.clone(),
            missing: vec![],
        },
    }
}

enum Test {
    Met,
    NotMet,
    Waits(Vec<&'static str>),
}

fn test(category: &CategoryRule, facts: &AppointmentFacts) -> Test {
    if !category.posts.contains(&facts.post) {
        return Test::NotMet;
    }
    let basis = (!category.bases.is_empty())
        .then(|| facts.basis.map(|basis| category.bases.contains(&basis)));
    let first = category.first_post.map(|wanted| {
        facts
            .first_post
            .map(|first| (first == FirstPost::Yes) == wanted)
    });
    let length = category
        .expected_months_least
        .map(|least| expected_months(facts).map(|months| months >= least));
    let conditions = [
        ("basis", basis),
        ("firstPost", first),
        ("expectedMonths", length),
    ];
    let mut waits = Vec::new();
    for (fact, condition) in conditions {
        match condition {
            Some(Some(false)) => return Test::NotMet,
            Some(None) => waits.push(fact),
            Some(Some(true)) | None => {}
        }
    }
    if waits.is_empty() {
        Test::Met
    } else {
        Test::Waits(waits)
    }
}

/// The expected length in full months: from the days of the post where both are known, else as stated.
fn expected_months(facts: &AppointmentFacts) -> Option<u16> {
    match (facts.starts_on, facts.ends_on) {
        (Some(starts), Some(ends)) => {
            // The last day belongs to the appointment: 1 April to 30 September is six months.
            let after = ends.tomorrow().ok()?;
            let span = starts.until((jiff::Unit::Month, after)).ok()?;
            u16::try_from(span.get_months()).ok()
        }
        _ => facts.expected_months,
    }
}

#[cfg(test)]
mod tests;
