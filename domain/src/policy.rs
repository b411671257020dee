//! What a particular scheme promises, as data.
//!
//! The rules in this crate ask a policy how many sessions, for how long, for whom. Nothing here assumes
//! directors, four sessions or one mentor to one mentee: other schemes are other policies. A policy is
//! adopted by an event with its whole content, is never in force before its adoption, and every verdict
//! names the version it used. What the sources leave open stands in the documents of `data/policies`.

use crate::{calendar::Calendar, register::EmployerKind};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A dated set of rules for one kind of scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The version verdicts name, for example `mentor-plus-2017`.
    pub version: String,
    /// What a person would call it.
    pub title: String,
    /// The handbook both parties of a pairing work by (R013).
    pub handbook: Handbook,
    /// The posts the scheme is for.
    pub posts: Vec<Post>,
    /// Who is entitled, in the order in which they are tried.
    pub categories: Vec<CategoryRule>,
    /// The rule shown when nobody's category fits.
    pub otherwise: String,
    /// What somebody entitled is given.
    pub entitlement: Entitlement,
    /// How soon the scheme makes contact.
    pub contact: ContactRule,
    /// How mentors are offered.
    pub matching: MatchingRule,
    /// How many may be in one pairing.
    pub pairing: PairingRule,
    /// Who may mentor.
    pub mentors: MentorRule,
    /// The rule by which reports are asked for at the end.
    pub evaluation: EvaluationRule,
    /// By when things are due that no other rule dates.
    #[serde(default)]
    pub work_list: WorkListRule,
    /// Months after which the holder of a post is to be confirmed again (R001; the number is ours).
    #[serde(default = "six_months")]
    pub post_confirmed_months: u16,
    /// The rules by code, so that a verdict can cite them.
    pub rules: Vec<Rule>,
}

/// A published handbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handbook {
    /// Its title.
    pub title: String,
    /// Its edition.
    pub edition: String,
}

/// A post the scheme is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Post {
    /// Its code, for example `director-of-childrens-services`.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Other titles by which a personnel system may call it, compared without case and punctuation.
    pub also_called: Vec<String>,
    /// The kinds of employer that have such a post.
    pub employer_kinds: Vec<EmployerKind>,
}

/// How somebody holds a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Appointed to it.
    Substantive,
    /// Engaged for a time.
    Interim,
    /// Acting up from another post of the same employer.
    ActingUp,
    /// Holding another director's post to which this one's duties were added.
    AddedRemit,
}

/// One way of being entitled. It is met when each condition that is present is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CategoryRule {
    /// The category a verdict names.
    pub category: String,
    /// The code of the rule it rests on.
    pub rule: String,
    /// The posts it is for, by code.
    pub posts: Vec<String>,
    /// The ways of holding the post it is for; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<Basis>,
    /// Whether it must be the person's first post of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_post: Option<bool>,
    /// The least expected length of the appointment, in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_months_least: Option<u16>,
}

/// What somebody entitled is given (R019, R020).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entitlement {
    /// The sessions of the core offer.
    pub sessions_most: u16,
    /// The months over which they may be spread, from the agreed start or else the first session.
    pub months_most: u16,
    /// The code of the rule it rests on.
    pub rule: String,
}

/// How soon the scheme makes contact (R063, R064).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactRule {
    /// Working days from the notice to the first contact.
    pub working_days_most: u16,
    /// Working days the scheme always has, however soon the post begins.
    pub working_days_least: u16,
    /// The code of the rule it rests on.
    pub rule: String,
}

/// How mentors are offered (R088, R090).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatchingRule {
    /// Mentors offered to one mentee at once, unless the coordinator asks for more.
    pub offered_at_once_most: u16,
    /// Working days after which an unanswered match lapses.
    pub answer_working_days: u16,
    /// The code of the rule it rests on.
    pub rule: String,
}

/// How many may be in one pairing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PairingRule {
    /// Mentors in one pairing.
    pub mentors_most: u16,
    /// Mentees in one pairing.
    pub mentees_most: u16,
    /// The code of the rule for a breakdown and a replacement.
    pub replacement_rule: String,
}

/// Who may mentor (R028, R029).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MentorRule {
    /// Years in a post of the scheme's kind.
    pub years_in_post_least: u16,
    /// Months since retirement, up to which somebody still counts as recently retired; 0 for serving only.
    pub retired_months_most: u16,
    /// Live pairings a mentor takes who has stated no number.
    pub capacity_default: u16,
    /// The code of the rule it rests on.
    pub rule: String,
}

/// How reports are asked for at the end (R109).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluationRule {
    /// Working days in which a report is hoped for; a late one is always taken.
    pub working_days_hoped: u16,
    /// The code of the rule it rests on.
    pub rule: String,
}

/// By when things on the work list are due that no other rule dates. No source names a number, so these are ours, and
/// hold for a policy that says nothing of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkListRule {
    /// Months between two pieces of development news to a member of a pairing.
    pub development_news_months: u16,
    /// Months after which a member of a pairing is asked how it goes.
    pub check_in_months: u16,
    /// Working days in which an answer is hoped for that has no last day.
    pub answer_working_days: u16,
    /// Working days after which it is looked again whether somebody suits a mentee who waits.
    pub waiting_list_working_days: u16,
    /// Working days in which the coordinator does what has no last day.
    pub act_working_days: u16,
    /// Working days after which a message is followed up, unless another day is said.
    pub follow_up_working_days: u16,
}

impl Default for WorkListRule {
    fn default() -> Self {
        Self {
            development_news_months: 3,
            check_in_months: 2,
            answer_working_days: 10,
            waiting_list_working_days: 20,
            act_working_days: 5,
            follow_up_working_days: 5,
        }
    }
}

/// One rule, so that a verdict can cite it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its stable code.
    pub code: String,
    /// Where it stands in the handbook.
    pub section: String,
    /// What it says, in our words.
    pub text: String,
}

/// A policy with the day from which it is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopted {
    /// The policy.
    pub policy: Policy,
    /// The first day it is in force.
    pub effective_from: Date,
}

/// What a policy promises that was adopted before it could say so.
const fn six_months() -> u16 {
    6
}

impl Policy {
    /// The posts that employers of this kind have.
    pub fn posts_of(&self, kind: EmployerKind) -> impl Iterator<Item = &Post> {
        let has = move |post: &&Post| post.employer_kinds.contains(&kind);
        self.posts.iter().filter(has)
    }

    /// The rule with this code.
    #[must_use]
    pub fn rule(&self, code: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.code == code)
    }

    /// The post with this code.
    #[must_use]
    pub fn post(&self, code: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.code == code)
    }

    /// The post a personnel system means by `title`, compared without case and punctuation.
    #[must_use]
    pub fn post_called(&self, title: &str) -> Option<&Post> {
        let wanted = folded(title);
        self.posts.iter().find(|post| {
            post.code == title
                || folded(&post.title) == wanted
                || post.also_called.iter().any(|name| folded(name) == wanted)
        })
    }

    /// The day by which a first contact is due, for a notice of `noticed_on` and a post that begins on `starts_on`.
    #[must_use]
    pub fn contact_due(
        &self,
        calendar: &Calendar,
        noticed_on: Date,
        starts_on: Option<Date>,
    ) -> Date {
        let latest = calendar.add_working_days(noticed_on, self.contact.working_days_most);
        let least = calendar.add_working_days(noticed_on, self.contact.working_days_least);
        starts_on
            .map_or(latest, |start| latest.min(start))
            .max(least)
    }

    /// Says what is wrong with the document, if anything is.
    pub fn check(&self) -> Result<(), String> {
        if self.version.is_empty() {
            return Err("`version` is empty".to_owned());
        }
        let codes: BTreeSet<_> = self.rules.iter().map(|rule| rule.code.as_str()).collect();
        let cited = [
            &self.otherwise,
            &self.entitlement.rule,
            &self.contact.rule,
            &self.matching.rule,
            &self.pairing.replacement_rule,
            &self.mentors.rule,
            &self.evaluation.rule,
        ];
        let cited = cited
            .into_iter()
            .chain(self.categories.iter().map(|category| &category.rule));
        if let Some(missing) = cited
            .into_iter()
            .find(|code| !codes.contains(code.as_str()))
        {
            return Err(format!("rule {missing:?} is cited but not among `rules`"));
        }
        for category in &self.categories {
            if let Some(post) = category.posts.iter().find(|code| self.post(code).is_none()) {
                return Err(format!(
                    "category {:?} names the post {post:?}, which is not among `posts`",
                    category.category
                ));
            }
        }
        for (name, value) in [
            ("entitlement.sessionsMost", self.entitlement.sessions_most),
            ("entitlement.monthsMost", self.entitlement.months_most),
            ("pairing.mentorsMost", self.pairing.mentors_most),
            ("pairing.menteesMost", self.pairing.mentees_most),
            (
                "workList.developmentNewsMonths",
                self.work_list.development_news_months,
            ),
            ("workList.checkInMonths", self.work_list.check_in_months),
        ] {
            if value == 0 {
                return Err(format!("`{name}` must be at least 1"));
            }
        }
        Ok(())
    }
}

/// A title with nothing left but small letters, digits and single spaces.
fn folded(title: &str) -> String {
    let plain: String = title
        .to_lowercase()
        .replace('&', " and ")
        .chars()
        .filter(|character| !matches!(character, '\'' | '’' | '.'))
        .map(|character| {
            if character.is_alphanumeric() {
                character
            } else {
                ' '
            }
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::spec;
    use jiff::civil::date;

    #[test]
    fn a_personnel_system_may_spell_a_title_its_own_way() {
        let policy = spec::policy();
        for title in [
            "director of childrens services",
            "Director of Children’s Services",
            "DCS",
        ] {
            assert_eq!(
                policy.post_called(title).map(|post| post.code.as_str()),
                Some("director-of-childrens-services")
            );
        }
        assert_eq!(
            policy.post_called("Assistant Director of Children's Services"),
            None
        );
    }

    /// R063, R064: early, and before the first day in post. The days are the policy's (Z06).
    #[test]
    fn contact_is_due_before_the_post_begins_but_never_in_under_two_working_days() {
        let (policy, calendar) = (spec::policy(), spec::calendar());
        let noticed = date(2026, 3, 2);
        assert_eq!(
            policy.contact_due(&calendar, noticed, None),
            date(2026, 3, 16)
        );
        assert_eq!(
            policy.contact_due(&calendar, noticed, Some(date(2026, 3, 9))),
            date(2026, 3, 9)
        );
        assert_eq!(
            policy.contact_due(&calendar, noticed, Some(date(2026, 3, 2))),
            date(2026, 3, 4)
        );
    }
}
