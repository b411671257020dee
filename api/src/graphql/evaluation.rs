//! Short reports at the end, on how well mentoring worked and never on what was said.

use super::{
    access::{Class, Query},
    command::mutations,
    kinds::Side,
    mentor::Mentor,
    mentoring::Mentee,
    pairing::Pairing,
    personal::{Found, PersonalNumber, PersonalText},
    scalars::{Date, day},
    view::View,
};
use async_graphql::{ID, InputObject, Object, Result, SimpleObject};
use domain::{evaluation, identifiers::PairingId, matching, pairing};
use projections::Returns;

/// A report.
pub struct Report {
    view: View,
    pairing: PairingId,
    state: pairing::Report,
}

impl View {
    /// A report on a pairing, if the caller may know of it.
    pub fn report(&self, pairing: PairingId, state: pairing::Report) -> Option<Report> {
        let known = self.sees_of_all(Class::TakeUp) || self.me() == Some(state.person);
        known.then(|| Report {
            view: self.clone(),
            pairing,
            state,
        })
    }
}

/// How many reports of one side came back. Each number stands beside what it is a part of.
#[derive(Debug, Clone, SimpleObject)]
pub struct EvaluationReturns {
    /// On which side their authors are.
    pub side: Side,
    /// Reports that were asked for.
    pub asked: u32,
    /// Of those asked for, how many were filed.
    pub filed: u32,
    /// Of those asked for, how many were given up and did not come.
    pub waived: u32,
    /// Of those asked for, how many are waited for.
    pub out: u32,
    /// Reports that were filed without being asked for; not among those above.
    pub filed_unasked: u32,
    /// Reminders, in all.
    pub reminders: u32,
}

impl View {
    /// How many reports came back, by side.
    pub fn evaluation_returns(&self) -> Result<Vec<EvaluationReturns>> {
        self.ask_of_all(Query::EvaluationReturns)?;
        let of = |side: matching::Side| {
            let Returns {
                asked,
                filed,
                waived,
                out,
                filed_unasked,
                reminders,
            } = projections::returns(self.scheme(), side);
            EvaluationReturns {
                side: side.into(),
                asked,
                filed,
                waived,
                out,
                filed_unasked,
                reminders,
            }
        };
        Ok([matching::Side::Mentee, matching::Side::Mentor]
            .map(of)
            .into())
    }
}

/// A report asked of one member of a pairing at its end, or filed without being asked.
#[Object]
impl Report {
    /// On which side its author is.
    async fn side(&self) -> Side {
        self.state.side.into()
    }

    /// Its author, where that is a mentee you may see.
    async fn mentee(&self) -> Option<Mentee> {
        let of_side = self.state.side == matching::Side::Mentee;
        self.view.mentee(self.state.person).filter(|_| of_side)
    }

    /// Its author, where that is a mentor you may see.
    async fn mentor(&self) -> Option<Mentor> {
        let of_side = self.state.side == matching::Side::Mentor;
        self.view.mentor(self.state.person).filter(|_| of_side)
    }

    /// The day it was asked for; null when nobody asked.
    async fn requested_on(&self) -> Option<Date> {
        day(self.state.requested_on)
    }

    /// The day it was filed; null while it is out.
    async fn filed_on(&self) -> Option<Date> {
        day(self.state.filed_on)
    }

    /// How often its author was reminded of it.
    async fn reminders(&self) -> u16 {
        self.state.reminders
    }

    /// The day on which it was given up; null while it is waited for. If it came all the same, `filedOn` says so.
    async fn waived_on(&self) -> Option<Date> {
        day(self.state.waived_on)
    }

    /// How effective mentoring was, from 1, not at all, to 5, very.
    async fn effectiveness(&self) -> PersonalNumber {
        self.value(|report| report.effectiveness.map(u16::from))
            .into()
    }

    /// What was good about the process.
    async fn strengths(&self) -> PersonalText {
        self.value(|report| report.strengths.clone()).into()
    }

    /// What was not.
    async fn weaknesses(&self) -> PersonalText {
        self.value(|report| report.weaknesses.clone()).into()
    }

    /// What came of it, as far as its author wishes to say.
    async fn outcomes(&self) -> PersonalText {
        self.value(|report| report.outcomes.clone()).into()
    }

    /// Advice for the scheme.
    async fn advice(&self) -> PersonalText {
        self.value(|report| report.advice.clone()).into()
    }
}

impl Report {
    fn value<T>(&self, of: impl Fn(&evaluation::Evaluation) -> Option<T>) -> Found<T> {
        let person = self.state.person;
        let report = self.view.particulars().evaluation(self.pairing, person);
        self.view
            .personal(Class::Evaluation, person, report.and_then(of))
    }
}

/// A report on how well mentoring worked. Every answer is free, and none is about what was said in sessions.
#[derive(Debug, Clone, InputObject)]
pub struct EvaluationInput {
    /// How effective it was, from 1, not at all, to 5, very.
    pub effectiveness: Option<u8>,
    /// What was good about the process.
    pub strengths: Option<String>,
    /// What was not.
    pub weaknesses: Option<String>,
    /// What came of it, as far as its author wishes to say.
    pub outcomes: Option<String>,
    /// Advice for the scheme.
    pub advice: Option<String>,
}

impl From<EvaluationInput> for evaluation::Evaluation {
    fn from(given: EvaluationInput) -> Self {
        Self {
            effectiveness: given.effectiveness,
            strengths: given.strengths,
            weaknesses: given.weaknesses,
            outcomes: given.outcomes,
            advice: given.advice,
        }
    }
}

mutations! {
    EvaluationMutations;

    /// Files one person's report on a pairing. A late one is always taken, and one nobody asked for as well.
    "fileEvaluation" file_evaluation
    /// What `fileEvaluation` needs.
    input FileEvaluationInput {
        /// The id of the pairing.
        pairing: ID,
        /// The id of the person whose report it is: a mentor or mentee of the pairing.
        person: ID,
        /// The report.
        report: EvaluationInput,
    }
    /// What came of `fileEvaluation`.
    payload FileEvaluationPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let ids = asked.view().ids();
        evaluation::FileEvaluation {
            pairing: ids.pairing("pairing", &given.pairing)?,
            person: ids.person("person", &given.person)?,
            report: given.report.clone().into(),
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Notes that somebody was reminded of their report. Each one is an act of its own, however many there were.
    "remindOfEvaluation" remind_of_evaluation
    /// What `remindOfEvaluation` needs.
    input RemindOfEvaluationInput {
        /// The id of the pairing.
        pairing: ID,
        /// The id of the person who was reminded: a mentor or mentee of the pairing.
        person: ID,
    }
    /// What came of `remindOfEvaluation`.
    payload RemindOfEvaluationPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let ids = asked.view().ids();
        evaluation::RemindOfEvaluation {
            pairing: ids.pairing("pairing", &given.pairing)?,
            person: ids.person("person", &given.person)?,
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Waits no longer for somebody's report. If it comes all the same, it is taken.
    "waiveEvaluation" waive_evaluation
    /// What `waiveEvaluation` needs.
    input WaiveEvaluationInput {
        /// The id of the pairing.
        pairing: ID,
        /// The id of the person whose report is not waited for: a mentor or mentee of the pairing.
        person: ID,
    }
    /// What came of `waiveEvaluation`.
    payload WaiveEvaluationPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let ids = asked.view().ids();
        evaluation::WaiveEvaluation {
            pairing: ids.pairing("pairing", &given.pairing)?,
            person: ids.person("person", &given.person)?,
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }
}
