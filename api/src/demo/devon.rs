//! The one council whose personnel system the reader of the documentation may be.

use super::{
    cast::DEVON,
    meetings::Course,
    office::Office,
    posts::{Change, Kind},
};
use domain::{
    appointment::{AppointmentFacts, FirstPost, Source},
    identifiers::{EmployerId, PersonId},
    mentor::PersonDetails,
    policy::Basis,
};
use jiff::civil::date;

impl Office {
    /// The interim director of the council whose report of starters lies beside the names: the same person,
    /// so that reading the report in finds them known.
    pub(super) fn devon(&mut self) -> PersonId {
        let employer = self.register.employer(&EmployerId::from(DEVON)).cloned();
        let (on, title) = (date(2026, 3, 16), "Interim Director of Children's Services");
        let Some(employer) = employer else {
            unreachable!("the register holds every council");
        };
        let facts = AppointmentFacts {
            employer: employer.id.clone(),
            employee_number: Some("204077".to_owned()),
            post: title.to_owned(),
            basis: Some(Basis::Interim),
            starts_on: Some(date(2026, 3, 30)),
            ends_on: Some(date(2026, 11, 29)),
            first_post: Some(FirstPost::No),
            expected_months: None,
        };
        let details = PersonDetails {
            name: Some("Aled Traherne".to_owned()),
            email: Some("aled.traherne@devon.example".to_owned()),
            telephone: None,
        };
        let post = self.true_post(employer, title, facts, details);
        let at = self.script.moment(on);
        let noticed = self.notify(at, &post, &post.facts, Source::PersonnelSystem);
        let person = noticed.person;
        let change = Change::new(Kind::InterimLong, on).taking(Course::Core { sessions: 4 });
        self.judged(&post, &post.facts, noticed, change);
        person
    }
}
