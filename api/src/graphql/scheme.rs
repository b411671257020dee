//! A scheme as a whole, in one state, and the questions that are put to it.

use super::{
    access::{Class, Query},
    access_list::AccessEntry,
    adoption::{Calendar, Policy, Register},
    appointment::Appointment,
    audit_filter::AuditFilter,
    audit_trail::{AuditEntryConnection, Paging, weigh_both},
    brought_forward::YearFigures,
    choice::{MentorFilter, SuitableMentorConnection},
    concern::{Concern, ConcernState},
    connection::{Wanted, weigh},
    dashboard::Dashboard,
    development::DevelopmentOpportunity,
    difference::SchemeDifference,
    entitlement::{Asked, Entitlement},
    erasure::Erasure,
    error::answer,
    evaluation::EvaluationReturns,
    first_time_directors::FirstTimeDirectors,
    induction_day::DfeInductionDay,
    kinds::{EmployerKind, SchemeKind, Stage},
    log::Log,
    matching::Match,
    measures::Measures,
    mentor::{Mentor, MentorConnection},
    mentoring::{Mentee, MenteeConnection},
    moment::AsOf,
    pairing::{Pairing, PairingConnection, PairingCourse},
    periods::PublishedPeriod,
    posts::{DirectorPostConnection, PostFilter},
    recruitment::{Campaign, MentorInductionSeminar},
    register::EmployerConnection,
    scalars::{Date, Position, Version},
    sensitive_reads::SensitiveReadConnection,
    view::View,
    what_if::{PolicyToTry, WhatIf},
    work_list::{WorkListConnection, WorkListFilter},
};
use async_graphql::{Context, ID, Object, Result};

/// A scheme in one state.
pub struct Scheme(View);

impl Scheme {
    /// A scheme in the state of a view.
    pub const fn new(view: View) -> Self {
        Self(view)
    }
}

/// A mentoring scheme, as it stands in one state.
#[Object]
impl Scheme {
    /// The id of the scheme, for example `mentor-plus`. Mutations ask for it as `scheme`. That of an earlier moment carries
    /// the moment, like every id below it: asked for by it, the scheme answers as it was.
    pub async fn id(&self) -> ID {
        self.0.named().into()
    }

    /// What people call it; null until it was opened.
    async fn name(&self) -> Option<&str> {
        let opening = self.0.scheme().opening.as_ref();
        opening.map(|opening| opening.name.as_str())
    }

    /// Mentoring or coaching; null until it was opened.
    async fn kind(&self) -> Option<SchemeKind> {
        let opening = self.0.scheme().opening.as_ref();
        opening.map(|opening| opening.kind.into())
    }

    /// The version of this state. Give it as `atLeast` to read this state or a later one.
    async fn version(&self) -> Version {
        self.0.version()
    }

    /// The position of the last entry of the history in this state. Null when you may not see positions.
    async fn position(&self) -> Option<Position> {
        let visible = self.0.sees_of_all(Class::Position);
        visible.then(|| Position(self.0.snapshot().position()))
    }

    /// The scheme's day, by which things are judged as due; of an earlier moment the day it was. A scheme for rehearsal may
    /// have a day of its own.
    async fn today(&self) -> Date {
        self.0.today().into()
    }

    /// The policy in force today; null while there is none.
    async fn policy(&self) -> Option<Result<Policy>> {
        answer(|| {
            self.0.ask_of_all(Query::Policies)?;
            let adopted = self.0.scheme().policies.iter().rev();
            let mut in_force = adopted.filter(|adopted| adopted.effective_from <= self.0.today());
            Ok(in_force.next().map(|adopted| adopted.as_ref().into()))
        })
    }

    /// Every policy, in the order of their adoption.
    async fn policies(&self) -> Option<Result<Vec<Policy>>> {
        answer(|| {
            self.0.ask_of_all(Query::Policies)?;
            let adopted = self.0.scheme().policies.iter();
            Ok(Some(
                adopted.map(|adopted| adopted.as_ref().into()).collect(),
            ))
        })
    }

    /// Everybody who is to be forgotten, or was, in the order in which it was asked for.
    async fn erasures(&self) -> Option<Result<Vec<Erasure>>> {
        answer(|| {
            self.0.ask_of_all(Query::Erasures)?;
            Ok(Some(self.0.erasures()))
        })
    }

    /// What the history proves of itself: signed checkpoints, and proofs against them.
    async fn log(&self) -> Option<Result<Log>> {
        answer(|| Ok(Some(self.0.log()?)))
    }

    /// Every register of employers, in the order of their adoption. The last one counts.
    async fn registers(&self) -> Option<Result<Vec<Register>>> {
        answer(|| {
            self.0.ask_of_all(Query::Registers)?;
            let adopted = self.0.scheme().registers.iter();
            Ok(Some(
                adopted.map(|register| register.as_ref().into()).collect(),
            ))
        })
    }

    /// The calendar in force; null while there is none.
    async fn calendar(&self) -> Option<Result<Calendar>> {
        answer(|| {
            self.0.ask_of_all(Query::Calendar)?;
            Ok(self.0.scheme().calendar().map(Into::into))
        })
    }

    /// The employers of the register in force, by code; null while there is none.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn employers(
        &self,
        #[graphql(desc = "A part of the name, in small or capital letters.")] name: Option<String>,
        #[graphql(desc = "What the employer is.")] kind: Option<EmployerKind>,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<EmployerConnection>> {
        let wanted = Wanted {
            list: "employers",
            first,
            after,
        };
        self.0
            .employers_page(name.as_deref(), kind, &wanted)
            .transpose()
    }

    /// The board: everybody by stage, who has waited longest first. Null with an error when you may not see it.
    async fn dashboard(&self) -> Option<Result<Dashboard>> {
        Some(self.0.dashboard())
    }

    /// A mentee. Null when there is none of this id, or when you may not see them.
    async fn mentee(
        &self,
        #[graphql(desc = "The id of the mentee.")] id: ID,
    ) -> Option<Result<Mentee>> {
        answer(|| {
            self.0.ask(Query::Mentee)?;
            Ok(self.0.mentee(self.0.ids().person("id", &id)?))
        })
    }

    /// The mentees, who has been at their stage longest first, as far as you may see them.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn mentees(
        &self,
        #[graphql(desc = "Only those at this stage.")] stage: Option<Stage>,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<MenteeConnection>> {
        let wanted = Wanted {
            list: "mentees",
            first,
            after,
        };
        Some(self.0.mentees_page(stage, &wanted))
    }

    /// A mentor. Null when there is none of this id, or when you may not see them.
    async fn mentor(
        &self,
        #[graphql(desc = "The id of the mentor.")] id: ID,
    ) -> Option<Result<Mentor>> {
        answer(|| {
            self.0.ask(Query::Mentor)?;
            Ok(self.0.mentor(self.0.ids().person("id", &id)?))
        })
    }

    /// The mentors, who has been one longest first, as far as you may see them.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn mentors(
        &self,
        #[graphql(desc = "Only those who are ready and have room, or only those who are not.")]
        available: Option<bool>,
        #[graphql(desc = "Only those who work in this region of England.")] region: Option<String>,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<MentorConnection>> {
        let wanted = Wanted {
            list: "mentors",
            first,
            after,
        };
        Some(self.0.mentors_page(available, region.as_deref(), &wanted))
    }

    /// The mentors who may be offered to a mentee, with facts and without scores, who has been a mentor longest first.
    /// Advice as of now: nothing is recorded but who is then offered. Null when there is no such mentee.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn suitable_mentors(
        &self,
        #[graphql(desc = "The id of the mentee.")] mentee: ID,
        #[graphql(desc = "Which mentors to look for; everybody who can be offered when absent.")]
        filter: Option<MentorFilter>,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<SuitableMentorConnection>> {
        let wanted = Wanted {
            list: "suitable-mentors",
            first,
            after,
        };
        self.0
            .suitable_mentors(&mentee, filter, &wanted)
            .transpose()
    }

    /// The mentees who wait because nobody was suitable, who has waited longest first.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn waiting_list(
        &self,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<MenteeConnection>> {
        let wanted = Wanted {
            list: "waiting-list",
            first,
            after,
        };
        Some(self.0.waiting_list(&wanted))
    }

    /// The campaigns in which directors were invited to mentor, in the order in which they were opened.
    async fn campaigns(&self) -> Option<Result<Vec<Campaign>>> {
        Some(self.0.campaigns())
    }

    /// The induction seminars of mentors, in the order in which their dates were set.
    async fn mentor_induction_seminars(&self) -> Option<Result<Vec<MentorInductionSeminar>>> {
        Some(self.0.seminars())
    }

    /// The department's induction days for new directors, earliest first.
    async fn dfe_induction_days(&self) -> Option<Result<Vec<DfeInductionDay>>> {
        Some(self.0.induction_days())
    }

    /// The mentees who wait for a place at an induction day of the department, who asked first before the others.
    async fn dfe_induction_day_line(&self) -> Option<Result<Vec<Mentee>>> {
        Some(self.0.induction_day_line())
    }

    /// The opportunities for development that were announced, as far as you may know of them, in the order in which they
    /// first were.
    async fn development_opportunities(&self) -> Option<Result<Vec<DevelopmentOpportunity>>> {
        Some(self.0.opportunities())
    }

    /// The work list: what is due to whom, what they were sent about it, and when to follow it up. Earliest day first, then
    /// by person.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn work_list(
        &self,
        #[graphql(desc = "Which items you want; all when absent.")] filter: Option<WorkListFilter>,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<WorkListConnection>> {
        let list = "work-list";
        Some(self.0.work_list(filter, &Wanted { list, first, after }))
    }

    /// The register of posts: every post that an employer of the register has, with its holder and when that was last
    /// confirmed. It says whom the scheme has not heard of.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn director_posts(
        &self,
        #[graphql(desc = "Only those of this employer: its id, or its bare code.")]
        employer: Option<ID>,
        #[graphql(desc = "Which of them you want; all when absent.")] only: Option<PostFilter>,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<DirectorPostConnection>> {
        let wanted = Wanted {
            list: "director-posts",
            first,
            after,
        };
        Some(self.0.director_posts(employer.as_ref(), only, &wanted))
    }

    /// How many new directors the scheme knows of for whom it is the first such post, how many of them were offered
    /// mentoring, and how many have a mentor.
    async fn first_time_directors(
        &self,
        #[graphql(
            desc = "Only those of whom the scheme was first told on this day or later; everybody when absent."
        )]
        since: Option<Date>,
    ) -> Option<Result<FirstTimeDirectors>> {
        Some(self.0.first_time_directors(since))
    }

    /// An appointment. Null when there is none of this id, or when you may not see it.
    async fn appointment(
        &self,
        #[graphql(desc = "The id of the appointment.")] id: ID,
    ) -> Option<Result<Appointment>> {
        answer(|| {
            self.0.ask(Query::Appointment)?;
            Ok(self.0.appointment(self.0.ids().appointment("id", &id)?))
        })
    }

    /// A pairing. Null when there is none of this id, or when you may not see it.
    async fn pairing(
        &self,
        #[graphql(desc = "The id of the pairing.")] id: ID,
    ) -> Option<Result<Pairing>> {
        answer(|| {
            self.0.ask(Query::Pairing)?;
            Ok(self.0.pairing(self.0.ids().pairing("id", &id)?))
        })
    }

    /// The pairings, earliest first, as far as you may see them.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn pairings(
        &self,
        #[graphql(desc = "Only those at this point of their course.")] course: Option<
            PairingCourse,
        >,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<PairingConnection>> {
        let wanted = Wanted {
            list: "pairings",
            first,
            after,
        };
        Some(self.0.all_pairings(course, &wanted))
    }

    /// A match: a mentor offered to a mentee. Null when there is none of this id, or when you may not see it.
    #[graphql(name = "match")]
    async fn offered_match(
        &self,
        #[graphql(desc = "The id of the match.")] id: ID,
    ) -> Option<Result<Match>> {
        answer(|| {
            self.0.ask(Query::Match)?;
            Ok(self.0.offered_match(self.0.ids().offered_match("id", &id)?))
        })
    }

    /// What somebody is entitled to: name them by id, or by employer and the employer's own number. Null when the scheme
    /// knows nobody of that name, or when you may not ask it of them.
    async fn entitlement(
        &self,
        #[graphql(desc = "The id of the person.")] person: Option<ID>,
        #[graphql(desc = "The employer: its id, or its bare code in the register.")]
        employer: Option<ID>,
        #[graphql(desc = "The employer's own number for the person.")] employee_number: Option<
            String,
        >,
    ) -> Option<Result<Entitlement>> {
        self.0
            .entitlement_of(&Asked {
                person: person.as_ref(),
                employer: employer.as_ref(),
                employee_number: employee_number.as_deref(),
            })
            .transpose()
    }

    /// The history: what was recorded, by whom, when and on whose word. Oldest first, in pages from either end.
    #[graphql(complexity = "weigh_both(first, last, child_complexity)")]
    async fn audit_trail(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which entries you want; all when absent.")] filter: Option<AuditFilter>,
        #[graphql(
            desc = "How many entries to return from the beginning, 1 to 100; 25 when absent."
        )]
        first: Option<i32>,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
        #[graphql(desc = "How many entries to return from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which to go on, towards the beginning.")]
        before: Option<String>,
    ) -> Option<Result<AuditEntryConnection>> {
        let paging = Paging {
            first,
            after,
            last,
            before,
        };
        Some(self.0.audit_trail(context, filter, paging).await)
    }

    /// What changed from one moment to another: how much was recorded, whose stage, course or verdict is another. Of an earlier
    /// moment of the scheme, neither may lie after it.
    async fn diff(
        &self,
        #[graphql(desc = "The earlier moment: changes after it are told.")] from: AsOf,
        #[graphql(desc = "The later moment: changes up to it are told.")] to: AsOf,
    ) -> Option<Result<SchemeDifference>> {
        Some(self.0.difference(from, to).await)
    }

    /// What another policy would come to for the appointments that were notified in a period: whose verdict or entitlement would be
    /// another, and by which rule. A question and nothing more: nothing is recorded.
    #[graphql(complexity = "200 + child_complexity")]
    async fn what_if(
        &self,
        #[graphql(desc = "The policy that is tried.")] policy: PolicyToTry,
        #[graphql(desc = "The first day of notices to judge; all before when absent.")]
        from: Option<Date>,
        #[graphql(desc = "The last day of notices to judge; all after when absent.")] to: Option<
            Date,
        >,
    ) -> Option<Result<WhatIf>> {
        Some(self.0.what_if(&policy, from, to))
    }

    /// The concerns that were referred, latest first, as far as you may know of them: those you referred, those about you, or
    /// as coordinator all.
    async fn concerns(
        &self,
        #[graphql(desc = "Only those in this state.")] state: Option<ConcernState>,
    ) -> Option<Result<Vec<Concern>>> {
        Some(self.0.concerns(state))
    }

    /// Who was given sensitive data of somebody, earliest first: pen portraits, needs and concerns. One entry for each
    /// reader, class and day; what the person reads of themselves is not written down, and no answer that gives such data
    /// leaves before it is. Everybody may ask about themselves.
    #[graphql(complexity = "weigh(first, child_complexity)")]
    async fn sensitive_reads(
        &self,
        #[graphql(desc = "Whose data; your own when absent.")] person: Option<ID>,
        #[graphql(desc = "How many entries to return, 1 to 100; 25 when absent.")] first: Option<
            i32,
        >,
        #[graphql(desc = "The cursor after which to go on.")] after: Option<String>,
    ) -> Option<Result<SensitiveReadConnection>> {
        Some(self.0.sensitive_reads(person.as_ref(), first, after).await)
    }

    /// The figures of past years, as far as they were brought forward.
    async fn past_years(&self) -> Option<Result<Vec<YearFigures>>> {
        Some(self.0.past_years())
    }

    /// The periods of which the figures were published, as they were known then: the one that ended last first, and of the same
    /// one what was published last. Ask as of one with `asOf: { period }`.
    async fn published_periods(&self) -> Option<Result<Vec<PublishedPeriod>>> {
        Some(self.0.published_periods())
    }

    /// What the scheme gave, in figures: sessions and days against the entitlement, days to contact, match and first session,
    /// how offers were answered, and how many had a choice.
    async fn measures(
        &self,
        #[graphql(
            desc = "Only those of whom a notice first told on this day or later; everybody when absent."
        )]
        since: Option<Date>,
    ) -> Option<Result<Measures>> {
        Some(self.0.measures(since))
    }

    /// How many reports at the end of pairings came back, mentees' first.
    async fn evaluation_returns(&self) -> Option<Result<Vec<EvaluationReturns>>> {
        Some(self.0.evaluation_returns())
    }

    /// Whom the administrator let in, and whom they shut out, by actor and role.
    async fn access(&self) -> Option<Result<Vec<AccessEntry>>> {
        Some(self.0.access_list())
    }
}
