//! What a caller may do and see, asked in the words of the schema.
//!
//! Every guard of every resolver is here, and none decides anything: the access matrix says which relation opens what
//! (`identity/access.rs`), and [`Asker`] says which relations hold (`identity/standing.rs`).

use super::{
    error::forbidden,
    view::{View, caller, services},
};
pub use crate::identity::access::{Class, Query};
use crate::identity::{
    access::Relations,
    standing::{Asker, Thing},
};
use async_graphql::{Context, Error};
use domain::{
    Command, ReportedBy,
    appointment::Appointment,
    confidence::{Concern, ThirdPerson},
    identifiers::{AppointmentId, PersonId},
    matching::{Match, Side},
    needs::{Analysis, Profile},
    pairing::Pairing,
};

/// Whether the caller may put this question at all, before any scheme is looked at.
pub fn authorise(context: &Context<'_>, query: Query) -> Result<Relations, Error> {
    let granted = services(context)?
        .matrix
        .query(caller(context)?.role, query);
    some(granted)
}

fn some(granted: Relations) -> Result<Relations, Error> {
    if granted.is_empty() {
        return Err(forbidden());
    }
    Ok(granted)
}

/// Questions, classes of data and commands.
impl View {
    /// Whether the caller may put this question at all, and of what: see [`View::may`].
    pub fn ask(&self, query: Query) -> Result<Relations, Error> {
        some(self.matrix().query(self.caller().role, query))
    }

    /// Whether the caller may put this question of everybody: of one that means nothing of somebody alone.
    pub fn ask_of_all(&self, query: Query) -> Result<(), Error> {
        let granted = self.ask(query)?;
        granted.of_all().then_some(()).ok_or_else(forbidden)
    }

    /// Whether the caller may put this question of `thing`.
    pub fn may(&self, query: Query, thing: Thing<'_>) -> bool {
        let granted = self.matrix().query(self.caller().role, query);
        self.asker().may(granted, thing)
    }

    /// Whether the caller sees this class of data about anybody.
    pub fn sees_of_all(&self, class: Class) -> bool {
        self.matrix().class(self.caller().role, class).of_all()
    }

    /// Whether the caller sees this class of data about `person`.
    pub fn sees(&self, class: Class, person: PersonId) -> bool {
        self.sees_of(class, Thing::Person(person))
    }

    /// Whether the caller sees this class of data about an appointment.
    pub fn sees_appointment(&self, class: Class, appointment: &Appointment) -> bool {
        self.sees_of(class, Thing::Appointment(appointment))
    }

    /// Whether the caller sees this class of data about a pairing.
    pub fn sees_pairing(&self, class: Class, pairing: &Pairing) -> bool {
        self.sees_of(class, Thing::Pairing(pairing))
    }

    /// Whether the caller sees what an analysis of needs says.
    pub fn sees_needs_analysis(&self, analysis: &Analysis) -> bool {
        self.sees_of(Class::NeedsAnalysis, Thing::NeedsAnalysis(analysis))
    }

    /// How the caller must stand to whatever of this class they see.
    pub fn relations_to(&self, class: Class) -> Relations {
        self.matrix().class(self.caller().role, class)
    }

    fn sees_of(&self, class: Class, thing: Thing<'_>) -> bool {
        self.asker().may(self.relations_to(class), thing)
    }

    /// Refuses a command that is not the caller's to give.
    pub fn authorise_command(
        &self,
        command: &Command,
        reported_by: Option<&ReportedBy>,
    ) -> Result<(), Error> {
        let allowed = self.asker().may_give(self.matrix(), command, reported_by);
        allowed.then_some(()).ok_or_else(forbidden)
    }
}

/// Things: whether the caller may know of them at all.
impl View {
    /// Whether the caller may see this mentee.
    pub fn may_see_mentee(&self, person: PersonId) -> bool {
        self.may(Query::Mentee, Thing::Person(person))
    }

    /// Whether the caller may see this mentor.
    pub fn may_see_mentor(&self, person: PersonId) -> bool {
        self.may(Query::Mentor, Thing::Person(person))
    }

    /// Whether the caller may see this appointment.
    pub fn may_see_appointment(&self, appointment: &Appointment) -> bool {
        self.may(Query::Appointment, Thing::Appointment(appointment))
    }

    /// Whether the caller may see this match.
    pub fn may_see_match(&self, found: &Match) -> bool {
        self.may(Query::Match, Thing::Match(found))
    }

    /// Whether the caller may see this pairing.
    pub fn may_see_pairing(&self, pairing: &Pairing) -> bool {
        self.may(Query::Pairing, Thing::Pairing(pairing))
    }

    /// Whether the caller may see that there is this analysis of needs.
    pub fn may_see_needs_analysis(&self, analysis: &Analysis) -> bool {
        self.may(Query::NeedsAnalysis, Thing::NeedsAnalysis(analysis))
    }

    /// Whether the caller may see this profile of needs.
    pub fn may_see_needs_profile(&self, profile: &Profile) -> bool {
        self.may(Query::NeedsProfile, Thing::NeedsProfile(profile))
    }

    /// Whether the caller may know of this concern.
    pub fn may_see_concern(&self, concern: &Concern) -> bool {
        self.may(Query::Concerns, Thing::Concern(concern))
    }

    /// Whether the caller may know of this third person.
    pub fn may_see_third_person(&self, third: &ThirdPerson) -> bool {
        self.may(Query::ThirdPersons, Thing::ThirdPerson(third))
    }

    /// Whether the caller may ask what this person is entitled to.
    pub fn may_check_entitlement(&self, person: PersonId) -> bool {
        self.may(Query::Entitlement, Thing::Person(person))
    }
}

/// How the caller stands to people and things.
impl View {
    /// The caller before this state.
    pub fn asker(&self) -> Asker<'_> {
        Asker::new(self.caller(), self.snapshot()).and_now(self.present())
    }

    /// On which side of a match the caller is.
    pub fn side_of(&self, found: &Match) -> Option<Side> {
        self.asker().side_of(found)
    }

    /// On which side of a pairing the caller is.
    pub fn side_in(&self, pairing: &Pairing) -> Option<Side> {
        self.asker().side_in(pairing)
    }

    /// Whether an appointment is with the employer for which the caller speaks.
    pub fn is_own_employers(&self, appointment: AppointmentId) -> bool {
        self.asker().is_own_employers(appointment)
    }
}
