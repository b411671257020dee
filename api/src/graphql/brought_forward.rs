//! What there was before a scheme was run here, taken on the coordinator's word.

use super::{
    access::Query,
    command::mutations,
    kinds::{Basis, FirstPost},
    mentor::{ExperienceInput, Mentor, PersonDetailsInput},
    pairing::Pairing,
    pen_portrait::PenPortraitInput,
    scalars::{Date, civil},
    scheme::Scheme,
    view::View,
};
use async_graphql::{Error, ID, InputObject, SimpleObject};
use domain::{Event, appointment::AppointmentFacts, brought_forward};

/// The figures of a past year, as far as they were kept. A figure is null where nobody kept it.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(input_name = "YearFiguresInput")]
pub struct YearFigures {
    /// The first day of the year they are for.
    pub from: Date,
    /// The last day of the year they are for.
    pub until: Date,
    /// Appointments that became known.
    pub appointments: Option<u32>,
    /// Offers made.
    pub offered: Option<u32>,
    /// Offers accepted.
    pub accepted: Option<u32>,
    /// Pairings formed.
    pub pairings: Option<u32>,
    /// Pairings that broke down.
    pub broken: Option<u32>,
    /// Sessions held.
    pub sessions: Option<u32>,
    /// Reports filed.
    pub evaluations: Option<u32>,
}

impl From<&brought_forward::YearFigures> for YearFigures {
    fn from(figures: &brought_forward::YearFigures) -> Self {
        Self {
            from: figures.from.into(),
            until: figures.until.into(),
            appointments: figures.appointments,
            offered: figures.offered,
            accepted: figures.accepted,
            pairings: figures.pairings,
            broken: figures.broken,
            sessions: figures.sessions,
            evaluations: figures.evaluations,
        }
    }
}

impl From<YearFigures> for brought_forward::YearFigures {
    fn from(given: YearFigures) -> Self {
        Self {
            from: given.from.into(),
            until: given.until.into(),
            appointments: given.appointments,
            offered: given.offered,
            accepted: given.accepted,
            pairings: given.pairings,
            broken: given.broken,
            sessions: given.sessions,
            evaluations: given.evaluations,
        }
    }
}

impl View {
    /// The figures of past years, in the order in which they were brought forward.
    pub fn past_years(&self) -> Result<Vec<YearFigures>, Error> {
        self.ask_of_all(Query::PastYears)?;
        Ok(self.scheme().past_years.iter().map(Into::into).collect())
    }
}

/// What is known of the appointment of a mentee who is brought forward.
#[derive(Debug, Clone, InputObject)]
pub struct AppointmentFactsInput {
    /// The employer: its id, or its bare code in the register.
    pub employer: ID,
    /// The employer's own number for the person.
    pub employee_number: Option<String>,
    /// The post, by its code or by any title the policy knows.
    pub post: String,
    /// How the post is held.
    pub basis: Option<Basis>,
    /// The first day in post.
    pub starts_on: Option<Date>,
    /// The last day in post, where one is foreseen.
    pub ends_on: Option<Date>,
    /// Whether it is the person's first post of this kind.
    pub first_post: Option<FirstPost>,
    /// The expected length in months, where no last day is foreseen.
    pub expected_months: Option<u16>,
}

mutations! {
    BroughtForwardMutations;

    /// Brings a mentor forward, with the pen portrait they have approved, as far as there is one. Where it is not complete
    /// they are flagged, and nobody new is offered them until they have registered and approved one.
    "bringForwardMentor" bring_forward_mentor
    /// What `bringForwardMentor` needs.
    input BringForwardMentorInput {
        /// How they are called and reached. The name is needed.
        details: PersonDetailsInput,
        /// The employer they work for, or last worked for: its id, or its bare code in the register.
        employer: Option<ID>,
        /// What decides whether they may mentor.
        experience: ExperienceInput,
        /// The pen portrait they have approved, as far as there is one.
        portrait: PenPortraitInput,
        /// When they took part in the induction seminar, where that is known.
        inducted_on: Option<Date>,
        /// How many pairings they take at a time, where they have said.
        capacity: Option<u16>,
    }
    /// What came of `bringForwardMentor`.
    payload BringForwardMentorPayload {
        /// The mentor; null when the command was refused, or only judged.
        mentor: Mentor
    }
    command(given, asked) {
        let ids = asked.view().ids();
        brought_forward::BringForwardMentor {
            details: given.details.clone().into(),
            employer: ids.employer_if_given("employer", given.employer.as_ref())?,
            experience: given.experience.clone().into(),
            portrait: given.portrait.clone().into(),
            inducted_on: civil(given.inducted_on),
            capacity: given.capacity,
        }
    }
    changed(answer, _command) {
        let brought = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::MentorBroughtForward(brought) => Some(brought.mentor),
            _ => None,
        });
        brought.and_then(|person| answer.view.mentor(person))
    }

    /// Brings a live pairing forward, with the sessions already used.
    "bringForwardPairing" bring_forward_pairing
    /// What `bringForwardPairing` needs.
    input BringForwardPairingInput {
        /// The id of the mentor, who is known already.
        mentor: ID,
        /// The id of the mentee, where the scheme knows them already: from a notice, or from the register of posts.
        person: Option<ID>,
        /// How the mentee is called and reached. The name is needed.
        details: PersonDetailsInput,
        /// What is known of the mentee's appointment.
        facts: AppointmentFactsInput,
        /// The category by which the mentee was entitled.
        category: Option<String>,
        /// The day the pairing was formed.
        formed_on: Date,
        /// The day mentoring began, where that was agreed.
        starts_on: Option<Date>,
        /// Sessions already used.
        sessions_used: u16,
    }
    /// What came of `bringForwardPairing`.
    payload BringForwardPairingPayload {
        /// The pairing; null when the command was refused, or only judged.
        pairing: Pairing
    }
    command(given, asked) {
        let ids = asked.view().ids();
        let facts = &given.facts;
        brought_forward::BringForwardPairing {
            mentor: ids.person("mentor", &given.mentor)?,
            person: ids.person_if_given("person", given.person.as_ref())?,
            details: given.details.clone().into(),
            facts: AppointmentFacts {
                employer: ids.employer("facts.employer", &facts.employer)?,
                employee_number: facts.employee_number.clone(),
                post: facts.post.clone(),
                basis: facts.basis.map(Into::into),
                starts_on: civil(facts.starts_on),
                ends_on: civil(facts.ends_on),
                first_post: facts.first_post.map(Into::into),
                expected_months: facts.expected_months,
            },
            category: given.category.clone(),
            formed_on: given.formed_on.into(),
            starts_on: civil(given.starts_on),
            sessions_used: given.sessions_used,
        }
    }
    changed(answer, _command) {
        let brought = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::PairingBroughtForward(brought) => Some(brought.pairing),
            _ => None,
        });
        brought.and_then(|id| answer.view.pairing(id))
    }

    /// Brings the figures of a past year forward.
    "bringForwardYear" bring_forward_year
    /// What `bringForwardYear` needs.
    input BringForwardYearInput {
        /// The figures.
        figures: YearFigures,
    }
    /// What came of `bringForwardYear`.
    payload BringForwardYearPayload {
        /// The scheme, whose `pastYears` hold the figures now; null when the command was refused.
        scheme: Scheme
    }
    command(given, _asked) {
        brought_forward::BringForwardYear { figures: given.figures.clone().into() }
    }
    changed(answer, _command) { Some(Scheme::new(answer.view.clone())) }
}
