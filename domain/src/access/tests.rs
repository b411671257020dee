use super::{GrantAccess, RevokeAccess, Role, Standing};
use crate::{
    Event, Rejection,
    identifiers::PersonId,
    sealed::MARKER,
    spec::{BRISTOL, World, invite, ready, stranger},
};
use serde_json::json;
use uuid::Uuid;

const HOLDER: Uuid = Uuid::from_u128(0xACC);

#[test]
fn a_coordinator_is_let_in_and_let_in_again_changes_nothing() {
    let world = ready()
        .when(to_be(Role::Coordinator, nobody()))
        .then(&["access.granted"]);
    let entry = world
        .scheme
        .access
        .of(HOLDER, Role::Coordinator)
        .expect("listed");
    assert!(entry.granted);
    assert_eq!(entry.since, world.today);
    assert_eq!(world.scheme.access.of(HOLDER, Role::Administrator), None);
    world
        .when(to_be(Role::Coordinator, nobody()))
        .then_nothing_happens();
}

#[test]
fn one_person_may_be_several_things() {
    let world = ready().given(invite("Ben"));
    let ben = world.person();
    let world = world
        .given(to_be(Role::Mentor, the_person(ben)))
        .given(to_be(Role::Coordinator, nobody()));
    let roles: Vec<_> = world
        .scheme
        .access
        .entries()
        .map(|(_, role, _)| role)
        .collect();
    assert_eq!(roles, [Role::Coordinator, Role::Mentor]);
    let standing = world.particulars.standing(HOLDER, Role::Mentor);
    assert_eq!(standing.and_then(|standing| standing.person), Some(ben));
}

#[test]
fn a_mentor_or_mentee_is_one_of_the_scheme_and_an_employer_one_of_its_register() {
    let person: PersonId = stranger();
    let world = ready()
        .when(to_be(Role::Mentor, the_person(person)))
        .then_rejected(Rejection::UnknownMentor { person })
        .when(to_be(Role::Mentee, the_person(person)))
        .then_rejected(Rejection::UnknownMentee { person })
        .when(to_be(Role::Employer, the_employer("E00000000")))
        .then_rejected(Rejection::UnknownEmployer {
            employer: "E00000000".into(),
        })
        .when(to_be(Role::Employer, the_employer(BRISTOL)))
        .then(&["access.granted"])
        .when(to_be(Role::EmployerAuditor, the_employer(BRISTOL)))
        .then(&["access.granted"]);
    for (role, standing) in [
        (Role::Mentor, nobody()),
        (Role::Mentee, the_employer(BRISTOL)),
        (Role::Employer, nobody()),
        (Role::Coordinator, the_person(person)),
        (Role::Auditor, the_employer(BRISTOL)),
        (Role::EmployerAuditor, nobody()),
    ] {
        world
            .clone()
            .when(to_be(role, standing))
            .then_rejected(Rejection::StandingDoesNotFit);
    }
}

#[test]
fn whoever_is_shut_out_is_so_until_let_in_again() {
    let out = RevokeAccess {
        holder: HOLDER,
        role: Role::Coordinator,
    };
    let world = ready()
        // Also somebody whom only their token lets in.
        .when(out.clone())
        .then(&["access.revoked"])
        .when(out.clone())
        .then_nothing_happens()
        .when(to_be(Role::Coordinator, nobody()))
        .then(&["access.granted"])
        .when(out.clone())
        .then(&["access.revoked"]);
    assert!(is_shut_out(&world));
    assert_eq!(world.particulars.standing(HOLDER, Role::Coordinator), None);
    let world = world.given(to_be(Role::Coordinator, nobody()));
    assert!(!is_shut_out(&world));
}

/// Who somebody is stands under that person's own key, and nowhere else.
#[test]
fn the_record_holds_neither_person_nor_employer_in_clear() {
    let world = ready().given(to_be(Role::Employer, the_employer(BRISTOL)));
    let data = world.last().data().expect("it can be written");
    assert_eq!(data["holder"], json!(HOLDER));
    assert_eq!(data["standing"][MARKER]["subject"], json!(HOLDER));
    assert_eq!(data.as_object().expect("an object").len(), 3);
    let world = ready().given(invite("Ben"));
    let ben = world.person();
    let world = world.given(to_be(Role::Mentor, the_person(ben)));
    let Event::AccessGranted(granted) = world.last() else {
        panic!("access was granted");
    };
    assert_eq!(granted.standing.subject(), ben);
}

fn to_be(role: Role, standing: Standing) -> GrantAccess {
    GrantAccess {
        holder: HOLDER,
        role,
        standing,
    }
}

fn nobody() -> Standing {
    Standing::default()
}

fn the_person(person: PersonId) -> Standing {
    Standing {
        person: Some(person),
        employer: None,
    }
}

fn the_employer(code: &str) -> Standing {
    Standing {
        person: None,
        employer: Some(code.into()),
    }
}

fn is_shut_out(world: &World) -> bool {
    let entry = world.scheme.access.of(HOLDER, Role::Coordinator);
    entry.is_some_and(|entry| !entry.granted)
}
