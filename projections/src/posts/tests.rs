//! A coordinator keeps the register of posts in the spring of 2026.

use super::{Only, Post, Standing, entries_of, first_timers, posts};
use crate::testing::Office;
use domain::{
    appointment::{FirstPost, NotifyAppointment, Source},
    brought_forward::{BringForwardMentor, BringForwardPairing},
    identifiers::PersonId,
    mentor::{Experience, MentorStatus, PenPortrait, PersonDetails},
    mentoring::OfferMentoring,
    policy::Basis,
    posts::{ConfirmPost, PostHolder},
    register::EmployerKind,
    shipped,
};
use jiff::civil::date;

const BRISTOL: &str = "E06000023";
const BIRMINGHAM: &str = "E08000025";
const LEEDS: &str = "E08000035";
const DORSET_COUNTY: &str = "E10000009";

/// R001: the denominator is every post there is, whether or not anybody has told of it.
#[test]
fn every_post_of_the_register_is_listed() {
    let office = Office::open();
    let all = posts(&office.snapshot, office.today);
    let register = shipped::register();
    let has_one = |kind| kind != EmployerKind::Other;
    let expected = register.employers.iter().filter(|one| has_one(one.kind));
    assert_eq!(all.len(), expected.count());
    let ended = all.iter().filter(|post| post.standing == Standing::Ended);
    let gone = register.employers.iter();
    let gone = gone.filter(|one| one.abolished_on.is_some_and(|day| day <= office.today));
    assert_eq!(ended.count(), gone.count());
    let unconfirmed = all.iter().filter(|post| post.is(Only::Unconfirmed));
    let unknown = all.iter().filter(|post| post.standing == Standing::Unknown);
    assert_eq!(unconfirmed.count(), unknown.count());
}

/// R001: councils that merged are shown with whoever took over, and not as vacant.
#[test]
fn the_post_of_a_council_that_is_gone_names_its_successors() {
    let office = Office::open();
    let dorset = office.post(DORSET_COUNTY);
    assert_eq!(dorset.standing, Standing::Ended);
    assert_eq!(
        dorset.successors,
        ["E06000058".into(), "E06000059".into()].to_vec()
    );
    assert!(!dorset.is(Only::Vacant) && !dorset.is(Only::Unconfirmed));
}

/// R001: who was last heard of longer ago than the policy allows is to be asked about again.
#[test]
fn a_post_is_unconfirmed_after_the_months_of_the_policy() {
    let mut office = Office::open();
    office.confirm(BRISTOL, &["Mary"]);
    let bristol = office.post(BRISTOL);
    assert_eq!(bristol.standing, Standing::Held);
    assert_eq!(bristol.confirmed_on, Some(date(2026, 3, 2)));
    assert!(!bristol.is(Only::Unconfirmed));
    office.today = date(2026, 9, 2);
    assert!(!office.post(BRISTOL).is(Only::Unconfirmed), "six months");
    office.today = date(2026, 9, 3);
    assert!(office.post(BRISTOL).is(Only::Unconfirmed), "and a day");
    office.confirm(BRISTOL, &["Mary"]);
    assert!(!office.post(BRISTOL).is(Only::Unconfirmed));
}

/// R001: a vacancy is not the same as a post of which nobody told.
#[test]
fn a_post_is_held_vacant_or_unknown() {
    let mut office = Office::open();
    assert_eq!(office.post(BRISTOL).standing, Standing::Unknown);
    office.confirm(BRISTOL, &[]);
    let bristol = office.post(BRISTOL);
    assert_eq!(bristol.standing, Standing::Vacant);
    assert!(bristol.is(Only::Vacant) && bristol.former.is_empty());
    office.confirm(BRISTOL, &["Mary"]);
    office.today = date(2026, 4, 1);
    office.confirm(BRISTOL, &[]);
    let bristol = office.post(BRISTOL);
    assert_eq!(bristol.standing, Standing::Vacant);
    assert_eq!((bristol.holders.len(), bristol.former.len()), (0, 1));
}

/// R001: a director in a first post of whom the scheme has only heard is to be offered mentoring.
#[test]
fn a_new_holder_outside_the_scheme_is_pointed_out() {
    let mut office = Office::open();
    office.confirm(BRISTOL, &["Mary"]);
    assert!(office.post(BRISTOL).is(Only::NewHolderOutside));
    let mary = office.post(BRISTOL).holders[0].person;
    office.notify(BIRMINGHAM, "Noor", None);
    assert!(!office.post(BIRMINGHAM).is(Only::NewHolderOutside));
    office.notify(BRISTOL, "Mary", Some(mary));
    let bristol = office.post(BRISTOL);
    assert!(!bristol.is(Only::NewHolderOutside));
    assert_eq!(bristol.because(&office.snapshot).len(), 2);
}

/// R001: of every new first-time director known, how many were offered mentoring and how many have a mentor.
#[test]
fn first_time_directors_are_counted_with_what_came_of_them() {
    let mut office = Office::open();
    let noor = office.notify(BIRMINGHAM, "Noor", None);
    let omar = office.notify(LEEDS, "Omar", None);
    office.tell(OfferMentoring { mentee: noor });
    office.confirm(BRISTOL, &["Mary"]);
    let pat = office.brought_forward("E06000024");
    let found = first_timers(&office.snapshot, None, office.today);
    assert_eq!(sorted(found.known.clone()), sorted(vec![noor, omar, pat]));
    assert_eq!(found.offered, sorted(vec![noor, pat]));
    assert_eq!(found.with_mentor, [pat]);
    assert_eq!(found.outside, []);
    assert_eq!(found.not_said.len(), 1, "Mary");
    assert_eq!(found.told_of(&found.known).len(), 3);
    let offered = entries_of(&office.snapshot, &found.offered, &["mentoring.offered"]);
    assert_eq!(offered.len(), 1, "what was brought forward tells itself");
    let later = first_timers(&office.snapshot, Some(date(2026, 3, 3)), office.today);
    assert_eq!(later.known, []);
}

impl Office {
    fn post(&self, employer: &str) -> Post {
        let mut all = posts(&self.snapshot, self.today).into_iter();
        all.find(|post| post.employer.0 == employer)
            .expect("it stands in the register")
    }

    fn confirm(&mut self, employer: &str, names: &[&str]) {
        let holder = |name: &&str| PostHolder {
            details: called(name),
            ..PostHolder::default()
        };
        self.tell(ConfirmPost {
            employer: employer.into(),
            post: None,
            source: Source::Press,
            holders: names.iter().map(holder).collect(),
        });
    }

    fn notify(&mut self, employer: &str, name: &str, person: Option<PersonId>) -> PersonId {
        self.tell(NotifyAppointment {
            source: Source::Coordinator,
            employer: employer.into(),
            employee_number: None,
            person,
            details: called(name),
            post: "director-of-childrens-services".to_owned(),
            basis: Some(Basis::Substantive),
            starts_on: None,
            ends_on: None,
            first_post: Some(FirstPost::Yes),
            expected_months: None,
        });
        person.unwrap_or_else(|| self.made("person"))
    }

    /// Somebody in a first post whose pairing is older than the scheme here.
    fn brought_forward(&mut self, employer: &str) -> PersonId {
        self.tell(BringForwardMentor {
            details: called("Ada"),
            employer: None,
            experience: Experience {
                status: MentorStatus::Serving,
                retired_on: None,
                years_in_post: Some(5),
            },
            portrait: PenPortrait::default(),
            inducted_on: None,
            capacity: None,
        });
        let mentor = self.made("person");
        self.tell(BringForwardPairing {
            mentor,
            person: None,
            details: called("Pat"),
            facts: domain::appointment::AppointmentFacts {
                employer: employer.into(),
                employee_number: None,
                post: "director-of-childrens-services".to_owned(),
                basis: None,
                starts_on: None,
                ends_on: None,
                first_post: Some(FirstPost::Yes),
                expected_months: None,
            },
            category: None,
            formed_on: date(2026, 1, 5),
            starts_on: None,
            sessions_used: 1,
        });
        self.made("person")
    }
}

fn called(name: &str) -> PersonDetails {
    PersonDetails {
        name: Some(name.to_owned()),
        email: None,
        telephone: None,
    }
}

fn sorted(mut people: Vec<PersonId>) -> Vec<PersonId> {
    people.sort_unstable();
    people
}
