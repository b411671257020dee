//! What changed between two moments of a scheme.

use super::{
    access::{Class, Query},
    appointment::Appointment,
    connection::{Page, Wanted, connection, weigh},
    error::{Code, field_error},
    kinds::{MentorStage, Stage, Verdict},
    mentor::Mentor,
    mentoring::Mentee,
    moment::AsOf,
    pairing::Pairing,
    scalars::Position,
    view::View,
};
use async_graphql::{Enum, Error, Object, Result, SimpleObject};
use projections::difference::{self, Change, Difference, Judged};
use serde::{Serialize, de::DeserializeOwned};

/// What changed after one moment, up to and with a later one.
pub struct SchemeDifference {
    view: View,
    found: Difference,
}

/// How many entries of one type were recorded.
#[derive(SimpleObject)]
pub struct RecordedCount {
    /// What happened, for example `session.held`.
    #[graphql(name = "type")]
    pub kind: String,
    /// How many entries.
    pub count: usize,
}

/// How a pairing stands, a pause apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "difference::PairingState")]
pub enum PairingState {
    /// They meet.
    Live,
    /// It rests, because the mentee asked for it.
    Paused,
    /// It broke down.
    Broken,
    /// The mentee withdrew.
    Withdrawn,
    /// It came to a good end, as planned or early.
    Concluded,
}

/// A mentee who is at another stage.
#[derive(SimpleObject)]
pub struct MenteeChange {
    /// The mentee, as they are now.
    pub mentee: Option<Mentee>,
    /// Their stage at the earlier moment; null where the scheme did not know them.
    pub before: Option<Stage>,
    /// Their stage at the later moment.
    pub after: Option<Stage>,
}

/// A mentor who is at another stage.
#[derive(SimpleObject)]
pub struct MentorChange {
    /// The mentor, as they are now.
    pub mentor: Option<Mentor>,
    /// Their stage at the earlier moment; null where the scheme did not know them.
    pub before: Option<MentorStage>,
    /// Their stage at the later moment.
    pub after: Option<MentorStage>,
}

/// A pairing that stands otherwise.
#[derive(SimpleObject)]
pub struct PairingChange {
    /// The pairing, as it is now.
    pub pairing: Option<Pairing>,
    /// How it stood at the earlier moment; null where there was none.
    pub before: Option<PairingState>,
    /// How it stood at the later moment.
    pub after: Option<PairingState>,
}

/// An appointment that was judged otherwise, or came to be another person's.
#[derive(SimpleObject)]
pub struct VerdictChange {
    /// The appointment, as it is now.
    pub appointment: Option<Appointment>,
    /// The verdict at the earlier moment; null where there was none.
    pub before: Option<VerdictReached>,
    /// The verdict at the later moment.
    pub after: Option<VerdictReached>,
}

/// A verdict with what it rests on.
#[derive(SimpleObject)]
pub struct VerdictReached {
    /// The verdict; null before the first.
    pub verdict: Option<Verdict>,
    /// The code of the rule it rests on.
    pub rule: Option<String>,
    /// The version of the policy it was reached with.
    pub policy: Option<String>,
}

impl From<&Judged> for VerdictReached {
    fn from(judged: &Judged) -> Self {
        Self {
            verdict: judged.verdict.map(Into::into),
            rule: judged.rule.clone(),
            policy: judged.policy.clone(),
        }
    }
}

connection! {
    /// A page of mentees who are at another stage, by identifier.
    MenteeChangeConnection, MenteeChangeEdge, MenteeChange
}
connection! {
    /// A page of mentors who are at another stage, by identifier.
    MentorChangeConnection, MentorChangeEdge, MentorChange
}
connection! {
    /// A page of pairings that stand otherwise, by identifier.
    PairingChangeConnection, PairingChangeEdge, PairingChange
}
connection! {
    /// A page of appointments that were judged otherwise, by identifier.
    VerdictChangeConnection, VerdictChangeEdge, VerdictChange
}

impl View {
    /// What changed from one moment to another, neither after this state.
    pub async fn difference(&self, from: AsOf, to: AsOf) -> Result<SchemeDifference, Error> {
        self.ask_of_all(Query::Diff)?;
        let (before, after) = (self.as_of(from).await?, self.as_of(to).await?);
        let (before, after) = (before.snapshot(), after.snapshot());
        if after.position() < before.position() {
            let message = "`to` lies before `from`: give the earlier moment in `from`.";
            return Err(field_error(Code::InvalidInput, "to", message));
        }
        Ok(SchemeDifference {
            view: self.clone(),
            found: Difference::between(before, after),
        })
    }
}

/// What changed after one moment, up to and with a later one. Nobody is in it but by what you may see of them.
#[Object]
impl SchemeDifference {
    /// The position of the earlier moment. Null when you may not see positions.
    async fn from(&self) -> Option<Position> {
        let visible = self.view.sees_of_all(Class::Position);
        visible.then_some(Position(self.found.from))
    }

    /// The position of the later moment. Null when you may not see positions.
    async fn to(&self) -> Option<Position> {
        let visible = self.view.sees_of_all(Class::Position);
        visible.then_some(Position(self.found.to))
    }

    /// How many entries of each type were recorded, by type.
    async fn recorded(&self) -> Vec<RecordedCount> {
        let recorded = self.found.recorded.iter();
        let count = |(kind, count): (&&str, &u64)| RecordedCount {
            kind: (*kind).to_owned(),
            count: usize::try_from(*count).unwrap_or(usize::MAX),
        };
        recorded.map(count).collect()
    }

    /// Mentees who are at another stage, by identifier. Null when you may not see stages.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn mentees(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<MenteeChangeConnection>> {
        let all = &self.found.mentees;
        let page = self.page("mentees", Class::TakeUp, all, first, after)?;
        Some(page.map(|(list, page)| {
            MenteeChangeConnection::of(&self.view, &list, page, |id| {
                let change = find(all, &id)?;
                Some(MenteeChange {
                    mentee: self.view.mentee(id),
                    before: change.before.map(Into::into),
                    after: change.after.map(Into::into),
                })
            })
        }))
    }

    /// Mentors who are at another stage, by identifier. Null when you may not see stages.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn mentors(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<MentorChangeConnection>> {
        let all = &self.found.mentors;
        let page = self.page("mentors", Class::TakeUp, all, first, after)?;
        Some(page.map(|(list, page)| {
            MentorChangeConnection::of(&self.view, &list, page, |id| {
                let change = find(all, &id)?;
                Some(MentorChange {
                    mentor: self.view.mentor(id),
                    before: change.before.map(Into::into),
                    after: change.after.map(Into::into),
                })
            })
        }))
    }

    /// Pairings that stand otherwise, by identifier. Null when you may not see take-up.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn pairings(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<PairingChangeConnection>> {
        let all = &self.found.pairings;
        let page = self.page("pairings", Class::TakeUp, all, first, after)?;
        Some(page.map(|(list, page)| {
            PairingChangeConnection::of(&self.view, &list, page, |id| {
                let change = find(all, &id)?;
                Some(PairingChange {
                    pairing: self.view.pairing(id),
                    before: change.before.map(Into::into),
                    after: change.after.map(Into::into),
                })
            })
        }))
    }

    /// Appointments that were judged otherwise, by identifier. Null when you may not see verdicts.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn verdicts(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<VerdictChangeConnection>> {
        let all = &self.found.verdicts;
        let page = self.page("verdicts", Class::Eligibility, all, first, after)?;
        Some(page.map(|(list, page)| {
            VerdictChangeConnection::of(&self.view, &list, page, |id| {
                let change = find(all, &id)?;
                Some(VerdictChange {
                    appointment: self.view.appointment(id),
                    before: change.before.as_ref().map(Into::into),
                    after: change.after.as_ref().map(Into::into),
                })
            })
        }))
    }
}

impl SchemeDifference {
    /// A page of changes, with the name of its list: a cursor of other moments is refused. Nothing where the caller may not
    /// see this class of data.
    fn page<K: Ord + Copy + Serialize + DeserializeOwned, S>(
        &self,
        of: &str,
        class: Class,
        all: &[Change<K, S>],
        first: Option<i32>,
        after: Option<String>,
    ) -> Option<Result<(String, Page<K>)>> {
        if !self.view.sees_of_all(class) {
            return None;
        }
        let Difference { from, to, .. } = self.found;
        let list = format!("diff-{of}-{from}-{to}");
        let keys: Vec<K> = all.iter().map(|change| change.of).collect();
        let wanted = Wanted {
            list: &list,
            first,
            after,
        };
        let page = self.view.page(&wanted, &keys);
        Some(page.map(|page| (list, page)))
    }
}

/// Changes stand in the order of what they are of.
fn find<'a, K: Ord, S>(all: &'a [Change<K, S>], of: &K) -> Option<&'a Change<K, S>> {
    let index = all.binary_search_by(|change| change.of.cmp(of)).ok()?;
    all.get(index)
}
