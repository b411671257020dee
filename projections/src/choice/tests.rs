//! A coordinator asks for a small scheme in the West Midlands and the South West.

use super::{Candidate, Caution, Filter, Hindrance, Wish, suitable};
use crate::testing::Office;
use domain::{
    appointment::{FirstPost, NotifyAppointment, Source},
    identifiers::PersonId,
    matching::{Conflict, DeclareConflict, DeclineMatch, NameMentors, OfferMatches, Side},
    mentor::{
        ApprovePenPortrait, Experience, InviteMentor, LeavingPost, MentorStatus, PauseMentor,
        PenPortrait, PersonDetails, RecordInduction, RecordMentorLeftPost, RegisterMentor,
        ResignAsMentor, StateCapacity,
    },
    mentoring::{AcceptMentoring, OfferMentoring, Preferences, RecordPreferences},
    policy::Basis,
    register::CouncilType,
};
use jiff::civil::{Date, date};
use uuid::Uuid;

const BRISTOL: &str = "E06000023";
const BIRMINGHAM: &str = "E08000025";
const BIRMINGHAM_TRUST: &str = "trust-birmingham";
const TODAY: Date = date(2026, 3, 2);

/// R069: without a filter, everybody who may be offered, longest a mentor first; nobody is rated.
#[test]
fn everybody_who_may_be_offered_is_suitable() {
    let mut office = Office::open();
    let mentee = office.mentee(BIRMINGHAM);
    let ada = office.mentor(BIRMINGHAM, portrait("Social care"));
    let ben = office.mentor(BRISTOL, portrait("Education"));
    let unregistered = office.invite(BRISTOL);
    assert_eq!(
        office.found(mentee, &Filter::default()),
        sorted(&[ada, ben])
    );
    let all = Filter {
        with_hindered: true,
        ..Filter::default()
    };
    assert_eq!(
        office.found(mentee, &all),
        sorted(&[ada, ben, unregistered])
    );
    let hindrances = office.candidate(mentee, unregistered).hindrances;
    assert_eq!(hindrances, [Hindrance::NotRegistered]);
}

/// R084: the mentee's own region, or deliberately not; R083: how far it is between the two employers.
#[test]
fn a_mentor_of_the_same_region_may_be_asked_for_or_avoided() {
    let mut office = Office::open();
    let mentee = office.mentee(BIRMINGHAM);
    let near = office.mentor("E08000028", portrait("Social care"));
    let far = office.mentor(BRISTOL, portrait("Social care"));
    let same = |same_region| Filter {
        same_region: Some(same_region),
        ..Filter::default()
    };
    assert_eq!(office.found(mentee, &same(true)), [near]);
    assert_eq!(office.found(mentee, &same(false)), [far]);
    let south_west = Filter {
        region: Some("south west".to_owned()),
        ..Filter::default()
    };
    assert_eq!(office.found(mentee, &south_west), [far]);
    let bristol = office.candidate(mentee, far);
    assert_eq!(bristol.same_region, Some(false));
    // From Birmingham to Bristol it is about 125 kilometres as the crow flies.
    let kilometres = bristol.kilometres.expect("both are in the register");
    assert!((110..=140).contains(&kilometres), "{kilometres}");
}

/// R085, R086, R087: background, kind of council, particular experience; R034: special interests.
#[test]
fn what_a_mentor_brings_may_be_asked_for() {
    let mut office = Office::open();
    let mentee = office.mentee(BIRMINGHAM);
    let ada = office.mentor(
        BIRMINGHAM,
        PenPortrait {
            expertise: vec!["Intervention by the department".to_owned()],
            special_interests: vec!["Care leavers".to_owned()],
            council_types: vec![CouncilType::County],
            ..portrait("Youth justice and social care")
        },
    );
    let ben = office.mentor(BRISTOL, portrait("Education"));
    let filters: [(Filter, &[PersonId]); 6] = [
        (
            asks(|filter| filter.background = Some("social CARE".to_owned())),
            &[ada],
        ),
        (
            asks(|filter| filter.experience = Some("intervention".to_owned())),
            &[ada],
        ),
        (
            asks(|filter| filter.special_interest = Some("leavers".to_owned())),
            &[ada],
        ),
        (
            asks(|filter| filter.council_type = Some(CouncilType::County)),
            &[ada],
        ),
        (
            asks(|filter| filter.council_type = Some(CouncilType::Unitary)),
            &[ben],
        ),
        (
            asks(|filter| filter.background = Some("medicine".to_owned())),
            &[],
        ),
    ];
    for (filter, expected) in filters {
        assert_eq!(office.found(mentee, &filter), expected, "{filter:?}");
    }
}

/// R082, R091: which of the mentee's own wishes a mentor meets is told as facts; a mentor they named is marked.
#[test]
fn which_wishes_are_met_is_said_of_each_mentor() {
    let mut office = Office::open();
    let mentee = office.mentee(BIRMINGHAM);
    let ada = office.mentor(BIRMINGHAM, portrait("Social care"));
    let ben = office.mentor(BRISTOL, portrait("Education"));
    office.tell(RecordPreferences {
        mentee,
        preferences: Preferences {
            regions: vec!["West Midlands".to_owned()],
            backgrounds: vec!["social care".to_owned()],
            council_types: vec![CouncilType::Metropolitan],
            experience: vec!["fostering".to_owned()],
            summary: String::new(),
        },
    });
    office.tell(NameMentors {
        mentee,
        mentors: vec![ben],
    });
    let meets = |of| office.candidate(mentee, of).meets;
    assert_eq!(
        meets(ada),
        [
            Wish::Region,
            Wish::Background,
            Wish::CouncilType,
            Wish::Experience
        ]
    );
    assert_eq!(
        meets(ben),
        [Wish::Named, Wish::CouncilType, Wish::Experience]
    );
}

#[test]
fn what_stands_in_the_way_is_said_and_keeps_them_out() {
    let mut office = Office::open();
    let mentee = office.mentee(BIRMINGHAM);
    let [paused, gone, full, offered] =
        [(); 4].map(|()| office.mentor(BRISTOL, portrait("Education")));
    office.tell(PauseMentor {
        mentor: paused,
        until: None,
    });
    office.tell(ResignAsMentor { mentor: gone });
    office.tell(StateCapacity {
        mentor: full,
        capacity: 0,
    });
    office.offer(mentee, offered);
    assert_eq!(office.found(mentee, &Filter::default()), []);
    let hindrances = |of| office.candidate(mentee, of).hindrances;
    assert_eq!(hindrances(paused), [Hindrance::Paused]);
    assert_eq!(hindrances(gone), [Hindrance::Gone]);
    assert_eq!(hindrances(full), [Hindrance::NoRoom]);
    assert_eq!(hindrances(offered), [Hindrance::OfferedAlready]);
}

/// What speaks against somebody is shown beforehand and bars nobody: their own council, its trust, a line of management.
#[test]
fn conflicts_and_earlier_outcomes_are_shown_and_bar_nobody() {
    let mut office = Office::open();
    let mentee = office.mentee(BIRMINGHAM);
    let own = office.mentor(BIRMINGHAM, portrait("Education"));
    let trust = office.mentor(BIRMINGHAM_TRUST, portrait("Education"));
    let managed = office.mentor(BRISTOL, portrait("Education"));
    office.tell(DeclareConflict {
        mentee,
        mentor: managed,
        conflict: Some(Conflict::LineManagement),
    });
    let of = office.offer(mentee, managed);
    office.tell(DeclineMatch {
        of,
        side: Side::Mentee,
    });
    for mentor in [own, trust, managed] {
        office.tell(RecordInduction { mentor });
    }
    let cautions = |of| office.candidate(mentee, of).cautions;
    assert_eq!(cautions(own), [Caution::OwnCouncil]);
    assert_eq!(cautions(trust), [Caution::OwnCouncil]);
    assert_eq!(cautions(managed), [Caution::LineManagement]);
    assert_eq!(office.candidate(mentee, managed).matches, [of]);
    assert_eq!(
        office.found(mentee, &Filter::default()),
        sorted(&[own, trust, managed])
    );
}

/// R029, Z01, Z02: who left their post is flagged, and judged by the day of asking: recently retired is not for ever.
#[test]
fn whoever_left_their_post_is_judged_as_of_the_day_of_asking() {
    let mut office = Office::open();
    let mentee = office.mentee(BIRMINGHAM);
    let mentor = office.mentor(BRISTOL, portrait("Education"));
    office.tell(RecordInduction { mentor });
    office.tell(RecordMentorLeftPost {
        mentor,
        leaving: LeavingPost {
            left_on: Some(date(2026, 2, 1)),
            retired: true,
        },
    });
    let cautions = |today| {
        let all = suitable(&office.snapshot, mentee, &Filter::default(), today);
        all.expect("ready").remove(0).cautions
    };
    assert_eq!(cautions(TODAY), [Caution::LeftPost]);
    assert_eq!(
        cautions(date(2028, 3, 2)),
        [Caution::NotEligible, Caution::LeftPost]
    );
}

/// Two mentees may be offered the last place of one mentor; the coordinator sees it beforehand.
#[test]
fn a_last_place_that_is_offered_to_others_is_said_to_be() {
    let mut office = Office::open();
    let mentee = office.mentee(BIRMINGHAM);
    let other = office.mentee(BRISTOL);
    let mentor = office.mentor("E08000028", portrait("Education"));
    office.tell(RecordInduction { mentor });
    assert_eq!(office.candidate(mentee, mentor).cautions, []);
    office.offer(other, mentor);
    let candidate = office.candidate(mentee, mentor);
    assert_eq!(candidate.cautions, [Caution::OfferedToOthers]);
    assert_eq!(candidate.room, 1);
}

#[test]
fn nobody_is_suitable_for_whom_nobody_knows() {
    let office = Office::open();
    let stranger = Uuid::from_u128(u128::MAX).into();
    let found = suitable(&office.snapshot, stranger, &Filter::default(), TODAY);
    assert_eq!(found, None);
}

impl Office {
    fn invite(&mut self, employer: &str) -> PersonId {
        self.tell(InviteMentor {
            person: None,
            details: called("Ada"),
            employer: Some(employer.into()),
            experience: Experience {
                status: MentorStatus::Serving,
                retired_on: None,
                years_in_post: Some(5),
            },
        });
        self.made("person")
    }

    fn mentor(&mut self, employer: &str, portrait: PenPortrait) -> PersonId {
        let mentor = self.invite(employer);
        self.tell(RegisterMentor { mentor, portrait });
        self.tell(ApprovePenPortrait { mentor });
        mentor
    }

    fn mentee(&mut self, employer: &str) -> PersonId {
        self.tell(NotifyAppointment {
            source: Source::Coordinator,
            employer: employer.into(),
            employee_number: None,
            person: None,
            details: called("Mia"),
            post: "director-of-childrens-services".to_owned(),
            basis: Some(Basis::Substantive),
            starts_on: None,
            ends_on: None,
            first_post: Some(FirstPost::Yes),
            expected_months: None,
        });
        let mentee = self.made("person");
        self.tell(OfferMentoring { mentee });
        self.tell(AcceptMentoring {
            mentee,
            elements: vec![],
            starts_on: None,
        });
        mentee
    }

    fn offer(&mut self, mentee: PersonId, mentor: PersonId) -> domain::identifiers::MatchId {
        self.tell(OfferMatches {
            mentee,
            mentors: vec![mentor],
            more_than_usual: false,
        });
        self.made(&format!("match with {mentor}"))
    }

    fn everybody(&self, mentee: PersonId, filter: &Filter) -> Vec<Candidate> {
        suitable(&self.snapshot, mentee, filter, TODAY).expect("ready")
    }

    fn found(&self, mentee: PersonId, filter: &Filter) -> Vec<PersonId> {
        let mut found: Vec<_> = self
            .everybody(mentee, filter)
            .into_iter()
            .map(|candidate| candidate.mentor)
            .collect();
        found.sort_unstable();
        found
    }

    fn candidate(&self, mentee: PersonId, mentor: PersonId) -> Candidate {
        let all = Filter {
            with_hindered: true,
            ..Filter::default()
        };
        let mut all = self.everybody(mentee, &all).into_iter();
        let found = all.find(|candidate| candidate.mentor == mentor);
        found.expect("one of them")
    }
}

/// They all became mentors on the same day, so they come in the order of their identifiers.
fn sorted(people: &[PersonId]) -> Vec<PersonId> {
    let mut sorted = people.to_vec();
    sorted.sort_unstable();
    sorted
}

fn called(name: &str) -> PersonDetails {
    PersonDetails {
        name: Some(name.to_owned()),
        ..PersonDetails::default()
    }
}

fn portrait(background: &str) -> PenPortrait {
    PenPortrait {
        background: background.to_owned(),
        expertise: vec!["Fostering".to_owned()],
        council_types: vec![CouncilType::Metropolitan],
        ..PenPortrait::default()
    }
}

fn asks(set: impl FnOnce(&mut Filter)) -> Filter {
    let mut filter = Filter::default();
    set(&mut filter);
    filter
}
