//! Random wishes about who is let in, and what holds of the list of access in every history.

use super::{
    commands::{one_of, pick},
    histories::{Known, Step, every_step},
};
use crate::{
    Command, Event,
    access::{GrantAccess, RevokeAccess, Role, Standing},
    spec::{BIRMINGHAM_TRUST, BRISTOL},
};
use uuid::Uuid;

/// Steps of these parts are about access.
const PARTS: std::ops::Range<u8> = 236..240;

/// The command a step of this part stands for; nothing for a step of another.
pub(super) fn command(known: &Known, step: Step) -> Option<Command> {
    if !PARTS.contains(&step.part) {
        return None;
    }
    let Step { what, more, .. } = step;
    // Of few, so that whoever is let in is also shut out.
    let holder = Uuid::from_u128(0xACC + u128::from(step.whom % 3));
    let roles = [
        Role::Coordinator,
        Role::Mentor,
        Role::Mentee,
        Role::Employer,
    ];
    let role = one_of(&roles, what);
    if step.verb >= 160 {
        return Some(RevokeAccess { holder, role }.into());
    }
    let employer = one_of(&[BRISTOL, BIRMINGHAM_TRUST, "nowhere"], more);
    let standing = match role {
        Role::Mentor => Standing {
            person: Some(pick(&known.mentors, step.who)),
            employer: None,
        },
        Role::Mentee => Standing {
            person: Some(pick(&known.mentees, step.who)),
            employer: None,
        },
        Role::Employer => Standing {
            person: None,
            employer: Some(employer.into()),
        },
        _ => Standing::default(),
    };
    let grant = GrantAccess {
        holder,
        role,
        standing,
    };
    Some(grant.into())
}

/// Whoever is let in is known as somebody, whoever is shut out as nobody, and the last word counts.
#[test]
fn the_list_says_what_was_last_said() {
    every_step(|world, _, outcome| {
        for event in outcome.iter().flatten() {
            let (holder, role, granted) = match event {
                Event::AccessGranted(event) => (event.holder, event.role, true),
                Event::AccessRevoked(event) => (event.holder, event.role, false),
                _ => continue,
            };
            let entry = world.scheme.access.of(holder, role).expect("listed");
            assert_eq!(entry.granted, granted);
            let standing = world.particulars.standing(holder, role);
            assert_eq!(standing.is_some(), granted);
        }
    });
}
