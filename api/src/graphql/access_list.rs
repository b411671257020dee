//! The scheme's own list of access: whom its administrator let in, and whom they shut out.
//!
//! Issuer and subject of the input become the opaque actor here and go no further.

use super::{
    access::Query,
    command::{Submission, mutations},
    error::{Code, field_error},
    global_id::Kind,
    scalars::Date,
    view::View,
    viewer::Role,
};
use async_graphql::{Error, ID, Object};
use domain::access::{self, Entry, GrantAccess, RevokeAccess, Standing};
use uuid::Uuid;

/// What the list says of somebody in a role.
pub struct AccessEntry {
    view: View,
    actor: Uuid,
    role: access::Role,
    entry: Entry,
}

/// What the scheme's list of access says of somebody in a role. Whoever is not on it is as their token says.
#[Object]
impl AccessEntry {
    /// Who it is, as the history names them. It is made of issuer and subject and leads back to neither.
    async fn actor(&self) -> Uuid {
        self.actor
    }

    /// In which role.
    async fn role(&self) -> Role {
        self.role.into()
    }

    /// True when they are let in; false when they are shut out, whatever their token says.
    async fn granted(&self) -> bool {
        self.entry.granted
    }

    /// Since when.
    async fn since(&self) -> Date {
        self.entry.since.into()
    }

    /// The id of the person they are; null for a role that is nobody's, and once the person was forgotten: then the
    /// access has ended too.
    async fn person(&self) -> Option<ID> {
        let person = self.standing()?.person?;
        Some(self.view.id(Kind::Person, person))
    }

    /// The code of the employer they speak for.
    async fn employer(&self) -> Option<&str> {
        let employer = self.standing()?.employer.as_ref()?;
        Some(&employer.0)
    }
}

impl AccessEntry {
    fn standing(&self) -> Option<&Standing> {
        self.view.particulars().standing(self.actor, self.role)
    }
}

impl View {
    /// The whole list.
    pub fn access_list(&self) -> Result<Vec<AccessEntry>, Error> {
        self.ask_of_all(Query::Access)?;
        let all = self.scheme().access.entries();
        Ok(all
            .map(|(actor, role, _)| (actor, role))
            .filter_map(|(actor, role)| self.access_entry(actor, role))
            .collect())
    }

    fn access_entry(&self, actor: Uuid, role: access::Role) -> Option<AccessEntry> {
        let entry = self.scheme().access.of(actor, role)?;
        Some(AccessEntry {
            view: self.clone(),
            actor,
            role,
            entry,
        })
    }
}

/// The actor that a token of this issuer about this subject stands for.
fn actor(asked: &Submission, issuer: Option<&str>, subject: &str) -> Result<Uuid, Error> {
    let known = asked.view().issuers();
    let issuer = match (issuer, known) {
        (None, [only]) => only,
        (Some(named), _) => known.iter().find(|one| *one == named).ok_or_else(|| {
            let message = "No such issuer is configured. It is compared letter for letter.";
            field_error(Code::InvalidInput, "issuer", message)
        })?,
        (None, _) => {
            let message = "Several issuers are configured; say which.";
            return Err(field_error(Code::InvalidInput, "issuer", message));
        }
    };
    if subject.is_empty() {
        let message = "Say how the issuer calls them.";
        return Err(field_error(Code::InvalidInput, "subject", message));
    }
    Ok(asked.view().platform().key().actor(issuer, subject))
}

mutations! {
    AccessMutations;

    /// Lets somebody into the scheme in a role, by how an identity provider calls them. They may be let in in several roles;
    /// their requests name the scheme, and the role where there are several (headers `Alongside-Scheme` and `Alongside-Role`).
    /// The history holds neither issuer nor subject.
    "grantAccess" grant_access
    /// What `grantAccess` needs.
    input GrantAccessInput {
        /// The issuer of their tokens, letter for letter; needed where several are configured.
        issuer: Option<String>,
        /// How that issuer calls them, in the claim that is configured for it: `sub`, where nothing else is.
        subject: String,
        /// As what.
        role: Role,
        /// The id of the person they are; needed for mentors and mentees, and for nobody else.
        person: Option<ID>,
        /// The employer they speak for: its id, or its bare code in the register; needed for employers, and for nobody else.
        employer: Option<ID>,
    }
    /// What came of `grantAccess`.
    payload GrantAccessPayload {
        /// What the list says of them now; null when the command was refused.
        access: AccessEntry
    }
    command(given, asked) {
        GrantAccess {
            holder: actor(asked, given.issuer.as_deref(), &given.subject)?,
            role: given.role.into(),
            standing: Standing {
                person: asked.view().ids().person_if_given("person", given.person.as_ref())?,
                employer: asked.view().ids().employer_if_given("employer", given.employer.as_ref())?,
            },
        }
    }
    changed(answer, command) { answer.view.access_entry(command.holder, command.role) }

    /// Shuts somebody out of a role, also where their token or the settings of the service let them in. What they follow
    /// ends at once. They stay out until they are let in again.
    "revokeAccess" revoke_access
    /// What `revokeAccess` needs.
    input RevokeAccessInput {
        /// The issuer of their tokens, letter for letter; needed where several are configured.
        issuer: Option<String>,
        /// How that issuer calls them, in the claim that is configured for it: `sub`, where nothing else is.
        subject: String,
        /// Of what.
        role: Role,
    }
    /// What came of `revokeAccess`.
    payload RevokeAccessPayload {
        /// What the list says of them now; null when the command was refused.
        access: AccessEntry
    }
    command(given, asked) {
        RevokeAccess {
            holder: actor(asked, given.issuer.as_deref(), &given.subject)?,
            role: given.role.into(),
        }
    }
    changed(answer, command) { answer.view.access_entry(command.holder, command.role) }
}
