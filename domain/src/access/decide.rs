//! Who may stand on the list as what.

use super::{
    Role,
    command::{GrantAccess, RevokeAccess},
    event::{AccessGranted, AccessRevoked, Standing},
};
use crate::{
    Context, Event, Particulars, Rejection, Scheme, identifiers::PersonId, sealed::Sealed,
};

/// A mentor or mentee is one of the scheme's, an employer one of its register, and nobody else is either.
pub(crate) fn grant(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &GrantAccess,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let GrantAccess {
        holder,
        role,
        ref standing,
    } = *command;
    match (role, standing.person, &standing.employer) {
        (Role::Mentor, Some(person), None) => {
            scheme.mentor(person)?;
        }
        (Role::Mentee, Some(person), None) => {
            scheme.mentee(person)?;
        }
        (Role::Employer | Role::EmployerAuditor, None, Some(employer)) => {
            scheme.terms(context.today)?.employer(employer)?;
        }
        (Role::Mentor | Role::Mentee | Role::Employer | Role::EmployerAuditor, ..)
        | (_, Some(_), _)
        | (_, _, Some(_)) => {
            return Err(Rejection::StandingDoesNotFit);
        }
        (_, None, None) => {}
    }
    let listed = scheme.access.of(holder, role);
    let is_let_in = listed.is_some_and(|entry| entry.granted);
    if is_let_in && particulars.standing(holder, role) == Some(standing) {
        return Ok(vec![]);
    }
    Ok(vec![Event::AccessGranted(AccessGranted {
        holder,
        role,
        standing: Sealed::new(subject(holder, standing), standing.clone()),
    })])
}

/// Shutting somebody out is always possible, also before anybody let them in: a token or the settings may.
pub(crate) fn revoke(scheme: &Scheme, command: &RevokeAccess) -> Vec<Event> {
    let RevokeAccess { holder, role } = *command;
    match scheme.access.of(holder, role) {
        Some(entry) if !entry.granted => vec![],
        _ => vec![Event::AccessRevoked(AccessRevoked { holder, role })],
    }
}

/// Under whose key it stands: forgetting a person ends the access they had as that person.
fn subject(holder: uuid::Uuid, standing: &Standing) -> PersonId {
    standing.person.unwrap_or(PersonId(holder))
}
