//! Appointments: notices that somebody takes up a post, and whether they entitle to mentoring.

use super::{
    access::Class,
    adoption::{PolicyRule, Versions},
    command::mutations,
    global_id::Kind,
    kinds::{AppointmentSource, Basis, EmployerKind, FirstPost, Verdict},
    mentor::PersonDetailsInput,
    mentoring::Mentee,
    personal::{
        Found, PersonalBasis, PersonalDate, PersonalEmployer, PersonalFirstPost, PersonalNumber,
        PersonalText,
    },
    scalars::{Date, civil},
    view::View,
};
use async_graphql::{ID, Object};
use domain::{
    Event,
    appointment::{self, AppointmentFacts, Judgement},
    identifiers::AppointmentId,
};

/// An appointment.
pub struct Appointment {
    view: View,
    state: appointment::Appointment,
}

impl View {
    /// An appointment, if there is one and the caller may know of it.
    pub fn appointment(&self, id: AppointmentId) -> Option<Appointment> {
        let state = self.scheme().appointments.get(&id)?;
        let visible = self.may_see_appointment(state);
        visible.then(|| Appointment {
            view: self.clone(),
            state: state.clone(),
        })
    }
}

/// A notice that somebody takes up a post, with the verdict whether it entitles them to mentoring.
#[Object]
impl Appointment {
    /// The id of the appointment.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::Appointment, self.state.id)
    }

    /// Who takes up the post. Null when you may not see them.
    async fn mentee(&self) -> Option<Mentee> {
        self.view.mentee(self.state.person)
    }

    /// Where the scheme learned of it.
    async fn source(&self) -> AppointmentSource {
        self.state.source.into()
    }

    /// The day the scheme learned of it.
    async fn notified_on(&self) -> Date {
        self.state.notified_on.into()
    }

    /// The region of England the employer lies in; null where it is not known.
    async fn region(&self) -> Option<&str> {
        self.state.region.as_deref()
    }

    /// The kind of employer.
    async fn employer_kind(&self) -> EmployerKind {
        self.state.employer_kind.into()
    }

    /// The employer.
    async fn employer(&self) -> PersonalEmployer {
        let view = &self.view;
        let listed = self
            .facts()
            .and_then(|facts| view.employer(&facts.employer));
        self.found(listed.map(|listed| view.employer_node(listed)))
            .into()
    }

    /// The employer's own number for the person.
    async fn employee_number(&self) -> PersonalText {
        self.fact(|facts| facts.employee_number.clone()).into()
    }

    /// The post, by its code in the policy.
    async fn post(&self) -> PersonalText {
        self.fact(|facts| Some(facts.post.clone())).into()
    }

    /// How the post is held.
    async fn basis(&self) -> PersonalBasis {
        self.fact(|facts| facts.basis).into()
    }

    /// The first day in post.
    async fn starts_on(&self) -> PersonalDate {
        self.fact(|facts| facts.starts_on).into()
    }

    /// The last day in post, where one is foreseen.
    async fn ends_on(&self) -> PersonalDate {
        self.fact(|facts| facts.ends_on).into()
    }

    /// Whether it is the person's first post of this kind.
    async fn first_post(&self) -> PersonalFirstPost {
        self.fact(|facts| facts.first_post).into()
    }

    /// The expected length in months, where no last day is foreseen.
    async fn expected_months(&self) -> PersonalNumber {
        self.fact(|facts| facts.expected_months).into()
    }

    /// Whether it entitles the person to the core offer. Null while it is not judged, or when you may not see it.
    async fn verdict(&self) -> Option<Verdict> {
        self.judgement().map(|judgement| judgement.verdict.into())
    }

    /// The category of the policy that is met. Null when none is, or when you may not see it.
    async fn category(&self) -> Option<&str> {
        self.judgement()
            .and_then(|judgement| judgement.category.as_deref())
    }

    /// The facts still missing before it can be judged, by the names of the fields of `confirmFacts`. Null when you may
    /// not see them.
    async fn missing(&self) -> Option<&[String]> {
        self.judgement()
            .map(|judgement| judgement.missing.as_slice())
    }

    /// The rule the verdict rests on. Null when you may not see it.
    async fn rule(&self) -> Option<PolicyRule> {
        let judgement = self.judgement()?;
        let mut adopted = self.view.scheme().policies.iter();
        let judged_by =
            adopted.find(|adopted| adopted.policy.version == judgement.versions.policy)?;
        judged_by
            .policy
            .rule(&judgement.rule)
            .cloned()
            .map(Into::into)
    }

    /// The versions of policy, register and calendar the verdict was reached with. Null when you may not see them.
    async fn versions(&self) -> Option<Versions> {
        self.judgement()
            .map(|judgement| judgement.versions.clone().into())
    }

    /// The day the verdict was reached. Null when you may not see it.
    async fn judged_on(&self) -> Option<Date> {
        self.judgement().map(|judgement| judgement.judged_on.into())
    }
}

impl Appointment {
    fn facts(&self) -> Option<&AppointmentFacts> {
        self.view.particulars().facts(self.state.id)
    }

    fn fact<T>(&self, of: impl Fn(&AppointmentFacts) -> Option<T>) -> Found<T> {
        self.found(self.facts().and_then(of))
    }

    fn found<T>(&self, value: Option<T>) -> Found<T> {
        let visible = self.view.sees_appointment(Class::Employment, &self.state);
        self.view.personal_where(visible, self.state.person, value)
    }

    fn judgement(&self) -> Option<&Judgement> {
        let visible = self.view.sees_appointment(Class::Eligibility, &self.state);
        self.state.judgement.as_ref().filter(|_| visible)
    }
}

mutations! {
    AppointmentMutations;

    /// Notifies that somebody takes up a post. A notice of a known post, by employer and employee number or by person,
    /// adds to what is known; what it does not say stays as it is.
    "notifyAppointment" notify_appointment
    /// What `notifyAppointment` needs.
    input NotifyAppointmentInput {
        /// Where it was learned. For a personnel system this is always `PERSONNEL_SYSTEM`.
        source: Option<AppointmentSource>,
        /// The employer: its id, or its bare code in the register.
        employer: ID,
        /// The employer's own number for the person: with the employer, the key by which a notice is recognised.
        employee_number: Option<String>,
        /// The id of somebody the scheme knows already, where the notice says so. Not for personnel systems.
        person: Option<ID>,
        /// How the person is called and reached.
        details: PersonDetailsInput,
        /// The post, by its code or by any title the policy knows.
        post: String,
        /// How the post is held; left out where it is not known.
        basis: Option<Basis>,
        /// The first day in post; left out where it is not known.
        starts_on: Option<Date>,
        /// The last day in post, where one is foreseen.
        ends_on: Option<Date>,
        /// Whether it is the person's first post of this kind; left out where it is not known.
        first_post: Option<FirstPost>,
        /// The expected length in months, where no last day is foreseen.
        expected_months: Option<u16>,
    }
    /// What came of `notifyAppointment`.
    payload NotifyAppointmentPayload {
        /// The appointment; null when the command was refused, or only judged.
        appointment: Appointment
    }
    command(given, asked) {
        let ids = asked.view().ids();
        let from_system = asked.view().caller().employer.is_some();
        let source = if from_system {
            appointment::Source::PersonnelSystem
        } else {
            given.source.map_or(appointment::Source::Coordinator, Into::into)
        };
        appointment::NotifyAppointment {
            source,
            employer: ids.employer("employer", &given.employer)?,
            employee_number: given.employee_number.clone(),
            person: ids.person_if_given("person", given.person.as_ref())?,
            details: given.details.clone().into(),
            post: given.post.clone(),
            basis: given.basis.map(Into::into),
            starts_on: civil(given.starts_on),
            ends_on: civil(given.ends_on),
            first_post: given.first_post.map(Into::into),
            expected_months: given.expected_months,
        }
    }
    changed(answer, command) {
        let told = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::AppointmentNotified(notified) => Some(notified.appointment),
            Event::AppointmentAmended(amended) => Some(amended.appointment),
            _ => None,
        });
        let known = || {
            let view = &answer.view;
            appointment::known(view.scheme(), view.particulars(), command, view.today())
        };
        told.or_else(known).and_then(|id| answer.view.appointment(id))
    }

    /// Confirms facts of an appointment that were unknown, or corrects them, and judges it anew. What is left out stays
    /// as it is.
    "confirmFacts" confirm_facts
    /// What `confirmFacts` needs.
    input ConfirmFactsInput {
        /// The id of the appointment.
        appointment: ID,
        /// How the post is held.
        basis: Option<Basis>,
        /// The first day in post.
        starts_on: Option<Date>,
        /// The last day in post.
        ends_on: Option<Date>,
        /// Whether it is the person's first post of this kind.
        first_post: Option<FirstPost>,
        /// The expected length in months, where no last day is foreseen.
        expected_months: Option<u16>,
    }
    /// What came of `confirmFacts`.
    payload ConfirmFactsPayload {
        /// The appointment; null when the command was refused.
        appointment: Appointment
    }
    command(given, asked) {
        appointment::ConfirmFacts {
            appointment: asked.view().ids().appointment("appointment", &given.appointment)?,
            basis: given.basis.map(Into::into),
            starts_on: civil(given.starts_on),
            ends_on: civil(given.ends_on),
            first_post: given.first_post.map(Into::into),
            expected_months: given.expected_months,
        }
    }
    changed(answer, command) { answer.view.appointment(command.appointment) }

    /// Links a notice to somebody the scheme knows already, whom it turned out to be about.
    "linkPerson" link_person
    /// What `linkPerson` needs.
    input LinkPersonInput {
        /// The id of the appointment.
        appointment: ID,
        /// The id of the person it is about.
        person: ID,
    }
    /// What came of `linkPerson`.
    payload LinkPersonPayload {
        /// The appointment; null when the command was refused.
        appointment: Appointment
    }
    command(given, asked) {
        let ids = asked.view().ids();
        appointment::LinkPerson {
            appointment: ids.appointment("appointment", &given.appointment)?,
            person: ids.person("person", &given.person)?,
        }
    }
    changed(answer, command) { answer.view.appointment(command.appointment) }

    /// Takes back such a link: the notice is about the person it first named again.
    "unlinkPerson" unlink_person
    /// What `unlinkPerson` needs.
    input UnlinkPersonInput {
        /// The id of the appointment.
        appointment: ID,
    }
    /// What came of `unlinkPerson`.
    payload UnlinkPersonPayload {
        /// The appointment; null when the command was refused.
        appointment: Appointment
    }
    command(given, asked) {
        appointment::UnlinkPerson {
            appointment: asked.view().ids().appointment("appointment", &given.appointment)?,
        }
    }
    changed(answer, command) { answer.view.appointment(command.appointment) }
}
