use super::{
    ApprovePenPortrait, Experience, InviteMentor, MentorStatus, PenPortrait, PersonDetails,
    Portrait, RecordInduction, RegisterMentor, Standing, StateCapacity, standing,
};
use crate::{
    Rejection,
    identifiers::PersonId,
    register::CouncilType,
    spec::{Paired, called, experience, invite, paired, policy, portrait, ready, stranger},
};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 3, 2);

/// R031: the operator keeps how far each possible mentor has come.
#[test]
fn a_mentor_is_invited_registers_approves_and_is_inducted() {
    let world = ready().when(invite("Ada")).then(&["mentor.invited"]);
    let mentor = world.person();
    let world = world
        .when(registration(mentor))
        .then(&["mentor.registered"])
        .when(ApprovePenPortrait { mentor })
        .then(&["pen-portrait.approved"])
        .when(RecordInduction { mentor })
        .then(&["mentor.inducted"])
        .when(StateCapacity {
            mentor,
            capacity: 2,
        })
        .then(&["capacity.stated"]);
    let ada = world.scheme.mentor(mentor).expect("invited");
    assert_eq!(ada.portrait, Portrait::Approved);
    assert_eq!(ada.inducted_on, Some(TODAY));
    assert_eq!(ada.capacity_stated, Some(2));
    assert_eq!(ada.region.as_deref(), Some("West Midlands"));
}

#[test]
fn saying_again_what_is_known_of_a_mentor_changes_nothing() {
    let (world, mentor) = ready().ready_mentor("Ada");
    world
        .given(RecordInduction { mentor })
        .given(StateCapacity {
            mentor,
            capacity: 2,
        })
        .when(InviteMentor {
            person: Some(mentor),
            ..invite("Ada")
        })
        .then_nothing_happens()
        .when(registration(mentor))
        .then_nothing_happens()
        .when(ApprovePenPortrait { mentor })
        .then_nothing_happens()
        .when(RecordInduction { mentor })
        .then_nothing_happens()
        .when(StateCapacity {
            mentor,
            capacity: 2,
        })
        .then_nothing_happens();
}

#[test]
fn a_changed_profile_is_judged_again_and_keeps_the_rest() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let world = world
        .when(InviteMentor {
            person: Some(mentor),
            experience: Experience {
                years_in_post: Some(1),
                ..experience()
            },
            ..invite("Ada")
        })
        .then(&["mentor.invited"]);
    let ada = world.scheme.mentor(mentor).expect("invited");
    assert_eq!(ada.standing, Standing::NotEligible);
    assert_eq!(ada.portrait, Portrait::Approved);
}

/// The mentor approves what mentees are shown (R038).
#[test]
fn another_pen_portrait_must_be_approved_anew() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let world = world
        .when(RegisterMentor {
            mentor,
            portrait: PenPortrait {
                background: "Education".to_owned(),
                ..portrait()
            },
        })
        .then(&["mentor.registered"]);
    let ada = world.scheme.mentor(mentor).expect("invited");
    assert_eq!(ada.portrait, Portrait::Registered { complete: true });
}

/// Background (R032), expertise (R033), interests (R034), kinds of council (R035), challenges and achievements (R036).
#[test]
fn a_pen_portrait_keeps_all_that_a_mentor_tells_of_themselves() {
    let told = PenPortrait {
        background: "Education".to_owned(),
        expertise: vec!["Adoption".to_owned()],
        special_interests: vec!["Coastal towns".to_owned()],
        council_types: vec![CouncilType::County],
        challenges: "A service under intervention".to_owned(),
        span_of_responsibility: "Children and adults".to_owned(),
    };
    let world = ready().given(invite("Ada"));
    let mentor = world.person();
    let world = world.given(RegisterMentor {
        mentor,
        portrait: told.clone(),
    });
    assert_eq!(world.particulars.portrait(mentor), Some(&told));
}

/// Registration holds enough for an informed choice (R037).
#[test]
fn an_incomplete_pen_portrait_is_kept_but_not_approved() {
    let world = ready().given(invite("Ada"));
    let mentor = world.person();
    world
        .when(RegisterMentor {
            mentor,
            portrait: PenPortrait::default(),
        })
        .then(&["mentor.registered"])
        .when(ApprovePenPortrait { mentor })
        .then_rejected(Rejection::PortraitIncomplete {
            missing: "background, expertise, councilTypes".to_owned(),
        });
}

#[test]
fn there_is_nothing_to_approve_before_registration() {
    let world = ready().given(invite("Ada"));
    let mentor = world.person();
    world
        .when(ApprovePenPortrait { mentor })
        .then_rejected(Rejection::NotRegistered { mentor });
}

#[test]
fn an_invitation_names_somebody_and_an_employer_of_the_register() {
    ready()
        .when(InviteMentor {
            details: PersonDetails::default(),
            ..invite("Ada")
        })
        .then_rejected(Rejection::Empty { what: "the name" })
        .when(invite(" "))
        .then_rejected(Rejection::Empty { what: "the name" })
        .when(InviteMentor {
            person: Some(stranger()),
            ..invite("Ada")
        })
        .then_rejected(Rejection::UnknownPerson { person: stranger() })
        .when(InviteMentor {
            employer: Some("E99".into()),
            ..invite("Ada")
        })
        .then_rejected(Rejection::UnknownEmployer {
            employer: "E99".into(),
        });
}

#[test]
fn a_mentor_without_an_employer_may_be_invited() {
    let world = ready()
        .when(InviteMentor {
            employer: None,
            ..invite("Ada")
        })
        .then(&["mentor.invited"]);
    let ada = world.scheme.mentor(world.person()).expect("invited");
    assert_eq!((&ada.region, ada.employer_kind), (&None, None));
}

#[test]
fn somebody_mentored_before_may_be_invited_to_mentor() {
    let (world, person) = ready().eligible_mentee("1");
    let world = world
        .when(InviteMentor {
            person: Some(person),
            ..invite("Ada")
        })
        .then(&["mentor.invited"]);
    assert!(world.scheme.mentor(person).is_ok());
}

#[test]
fn nothing_can_be_said_of_a_mentor_nobody_invited() {
    let mentor = stranger();
    let unknown = Rejection::UnknownMentor { person: mentor };
    ready()
        .when(registration(mentor))
        .then_rejected(unknown.clone())
        .when(ApprovePenPortrait { mentor })
        .then_rejected(unknown.clone())
        .when(RecordInduction { mentor })
        .then_rejected(unknown.clone())
        .when(StateCapacity {
            mentor,
            capacity: 1,
        })
        .then_rejected(unknown);
}

#[test]
fn a_capacity_is_a_number_of_people_one_could_know() {
    let (world, mentor) = ready().ready_mentor("Ada");
    world
        .when(StateCapacity {
            mentor,
            capacity: 101,
        })
        .then_rejected(Rejection::OutOfRange {
            what: "the capacity",
            least: 0,
            most: 100,
        });
}

#[test]
fn what_is_too_long_to_be_sealed_is_refused() {
    let too_long = |what| Rejection::TooLong { what, most: 16_000 };
    let (world, mentor) = ready().ready_mentor("Ada");
    world
        .when(RegisterMentor {
            mentor,
            portrait: PenPortrait {
                background: "x".repeat(16_000),
                ..portrait()
            },
        })
        .then_rejected(too_long("the pen portrait"))
        .when(InviteMentor {
            details: called(&"x".repeat(16_000)),
            ..invite("Ada")
        })
        .then_rejected(too_long("the profile"));
}

/// Two or more years in such a post (R028).
#[test]
fn a_mentor_has_two_years_in_post() {
    let after = |years| {
        judged(&Experience {
            years_in_post: years,
            ..experience()
        })
    };
    assert_eq!(after(Some(2)), Standing::Eligible);
    assert_eq!(after(Some(1)), Standing::NotEligible);
    assert_eq!(after(None), Standing::ToBeConfirmed);
}

/// Serving, or retired within 24 months (R029, Z01).
#[test]
fn a_retired_director_may_mentor_for_two_years() {
    assert_eq!(retired(Some(date(2024, 3, 2))), Standing::Eligible);
    assert_eq!(retired(Some(date(2024, 3, 1))), Standing::NotEligible);
    assert_eq!(retired(None), Standing::ToBeConfirmed);
}

/// A policy may ask for serving directors only (Z01).
#[test]
fn a_policy_may_admit_serving_directors_only() {
    let mut rule = policy().mentors;
    rule.retired_months_most = 0;
    let yesterday = Experience {
        status: MentorStatus::Retired,
        retired_on: Some(date(2026, 3, 1)),
        ..experience()
    };
    assert_eq!(standing(&rule, &yesterday, TODAY), Standing::NotEligible);
    assert_eq!(standing(&rule, &experience(), TODAY), Standing::Eligible);
}

/// Z02: what the scheme sees of a mentor who has left is a flag; a pairing ends only when somebody says so.
#[test]
fn a_mentor_who_leaves_their_post_loses_standing_and_stays_in_the_pairing() {
    let Paired {
        world,
        mentor,
        pairing,
        ..
    } = paired();
    let world = world.given(InviteMentor {
        person: Some(mentor),
        experience: Experience {
            status: MentorStatus::Retired,
            retired_on: Some(date(2020, 1, 1)),
            ..experience()
        },
        ..invite("Ada")
    });
    let ada = world.scheme.mentor(mentor).expect("invited");
    assert_eq!(ada.standing, Standing::NotEligible);
    assert_eq!(ada.live_pairings, [pairing]);
    assert!(world.pairing(pairing).is_live());
}

fn judged(experience: &Experience) -> Standing {
    standing(&policy().mentors, experience, TODAY)
}

fn retired(retired_on: Option<Date>) -> Standing {
    judged(&Experience {
        status: MentorStatus::Retired,
        retired_on,
        ..experience()
    })
}

fn registration(mentor: PersonId) -> RegisterMentor {
    RegisterMentor {
        mentor,
        portrait: portrait(),
    }
}
