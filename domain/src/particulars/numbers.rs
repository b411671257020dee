//! Whom the numbers mean under which employers' personnel systems know people.

use super::{Particulars, Told};
use crate::{
    appointment::AppointmentFacts,
    identifiers::{AppointmentId, EmployerId, PersonId},
};

/// A personnel system's key: its employer and its own number for the person. Never a name.
pub(super) type PersonnelKey = (EmployerId, String);

/// Whom a personnel system's key means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    pub(super) person: PersonId,
    /// The person whose facts told it: with their key it is sealed, and with them forgotten.
    pub(super) told_of: PersonId,
    pub(super) appointments: Vec<AppointmentId>,
}

impl Particulars {
    /// The person an employer knows by this number.
    #[must_use]
    pub fn person_of_number(&self, employer: &EmployerId, number: &str) -> Option<PersonId> {
        self.by_number
            .get(&(employer.clone(), number.to_owned()))
            .map(|meant| meant.person)
    }

    /// The person whom the employer and number in `facts` mean.
    #[must_use]
    pub fn person_of(&self, facts: &AppointmentFacts) -> Option<PersonId> {
        self.person_of_number(&facts.employer, facts.employee_number.as_deref()?)
    }

    /// The appointments known under the employer and number in `facts`.
    #[must_use]
    pub fn appointments_of_number(&self, facts: &AppointmentFacts) -> Vec<AppointmentId> {
        let Some(number) = &facts.employee_number else {
            return Vec::new();
        };
        let found = self
            .by_number
            .get(&(facts.employer.clone(), number.clone()));
        found
            .map(|meant| meant.appointments.clone())
            .unwrap_or_default()
    }

    pub(super) fn learn_number(
        &mut self,
        person: PersonId,
        told: &Told,
        appointment: Option<AppointmentId>,
    ) {
        let Some(number) = &told.facts.employee_number else {
            return;
        };
        let key = (told.facts.employer.clone(), number.clone());
        let mut appointments = self
            .by_number
            .get(&key)
            .map(|known| known.appointments.clone())
            .unwrap_or_default();
        if let Some(appointment) = appointment.filter(|new| !appointments.contains(new)) {
            appointments.push(appointment);
        }
        let meant = Meant {
            person,
            told_of: told.of,
            appointments,
        };
        self.by_number.insert_mut(key, meant);
    }

    /// The employer's number means the person the notice was linked to.
    pub(super) fn hand_over(&mut self, appointment: AppointmentId, to: PersonId) {
        let Some(told) = self.facts.get(&appointment).cloned() else {
            return;
        };
        self.learn_number(to, &told, Some(appointment));
    }
}
