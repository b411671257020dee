//! Who asks, and what of the sealed they may open.

use super::declared::Declared;
use api::identity::{
    Role,
    access::{Item, Matrix, Query, Relation, Relations, Section},
    token::Grant,
};
use domain::{
    Event, Recorded, Scheme,
    confidence::Act,
    evolve,
    identifiers::{AppointmentId, PersonId},
    matching::Match,
    pairing::Pairing,
    testing::varied::Found,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// An employer that gave no notice in any history.
const UNINVOLVED: &str = "E10000030";
/// The employer that gave most of them.
const INVOLVED: &str = "E06000023";

/// Somebody who asks.
#[derive(Debug, Clone)]
pub struct Asker {
    /// How the tests call them.
    pub name: String,
    /// Their role; nobody, if absent.
    pub role: Option<Role>,
    person: Option<Uuid>,
    employer: Option<String>,
    /// Whether their token is for another scheme.
    elsewhere: bool,
}

/// Everybody who asks a history, in groups that may open the same.
pub struct Asking {
    scheme: Scheme,
    groups: Vec<Vec<Asker>>,
}

impl Asking {
    /// Whoever there is to ask `history`; `seed` chooses which two of a pairing.
    pub fn of(history: &[Recorded], matrix: &Matrix, declared: &Declared, seed: u64) -> Self {
        let mut scheme = Scheme::default();
        for recorded in history {
            evolve(&mut scheme, recorded).expect("it happened");
        }
        // In an order of its own: the map's is another in each run, and what a test finds must not be.
        let mut pairings: Vec<&Pairing> = scheme.pairings.values().collect();
        pairings.sort_by_key(|pairing| pairing.id);
        let index = usize::try_from(seed).unwrap_or_default() % pairings.len().max(1);
        let (mentor, mentee) = match pairings.get(index) {
            Some(pairing) => (
                pairing.mentors.first().copied(),
                pairing.mentees.first().copied(),
            ),
            None => (
                scheme.mentors.keys().min().copied(),
                scheme.mentees.keys().min().copied(),
            ),
        };
        let of_pairing = |person: Option<PersonId>| person.map(|person| person.0);
        let mut groups = vec![
            vec![Asker::of(Role::Coordinator)],
            vec![Asker::of(Role::Mentor).being(of_pairing(mentor))],
            vec![Asker::of(Role::Mentee).being(of_pairing(mentee))],
            vec![Asker::of(Role::Employer).speaking_for(INVOLVED)],
        ];
        let stranger = Some(Uuid::from_u128(u128::MAX - 1));
        let mut blind = vec![
            Asker::nobody(),
            Asker::of(Role::Coordinator).elsewhere(),
            Asker::of(Role::Mentor)
                .being(stranger)
                .called("a mentor of nobody's"),
            Asker::of(Role::Mentee)
                .being(stranger)
                .called("a mentee of nobody's"),
            Asker::of(Role::Employer)
                .speaking_for(UNINVOLVED)
                .called("another employer"),
        ];
        for role in Role::ALL {
            let known = [
                Role::Coordinator,
                Role::Mentor,
                Role::Mentee,
                Role::Employer,
            ];
            if known.contains(&role) {
                continue;
            }
            if declared.lines().all(|(kind, path)| {
                let place = domain::testing::varied::Place {
                    kind: kind.to_owned(),
                    path: path.to_owned(),
                };
                let class = declared.class(&place).unwrap_or_default();
                grants(matrix, role, class).is_empty()
            }) {
                blind.push(Asker::of(role));
            } else {
                groups.push(vec![Asker::of(role)]);
            }
        }
        groups.push(blind);
        Self { scheme, groups }
    }

    /// The groups.
    pub fn groups(&self) -> &[Vec<Asker>] {
        &self.groups
    }

    /// Whether somebody of a group may open `found`, or it is declared that they can tell.
    pub fn may_open(
        &self,
        group: &[Asker],
        found: &Found<'_>,
        matrix: &Matrix,
        declared: &Declared,
    ) -> bool {
        let class = declared.class(found.place).unwrap_or_default();
        group.iter().any(|asker| {
            let Some(role) = asker.role else { return false };
            let is_declared = declared
                .exceptions()
                .iter()
                .any(|one| one.holds(found.place, role.as_str()));
            is_declared || (!asker.elsewhere && self.opens(asker, role, class, found, matrix))
        })
    }

    fn opens(
        &self,
        asker: &Asker,
        role: Role,
        class: &str,
        found: &Found<'_>,
        matrix: &Matrix,
    ) -> bool {
        let (me, subject) = (asker.person.map(PersonId), PersonId(found.subject));
        let of_me = |stands: &dyn Fn(PersonId) -> bool| me.is_some_and(stands);
        let opens = |relation| match relation {
            Relation::Any => true,
            Relation::Own if class == "concerns" => {
                of_me(&|me| subject == me || self.is_companion(me, subject))
            }
            Relation::Own => of_me(&|me| subject == me || self.appointee(found) == Some(me)),
            Relation::Pairing
            | Relation::PairingOnceApproved
            | Relation::Shared
            | Relation::SharedToWrite
            | Relation::Office => of_me(&|me| self.is_companion(me, subject)),
            Relation::Match | Relation::MatchOnceApproved => {
                of_me(&|me| self.is_choosing(me, subject))
            }
            Relation::Sent | Relation::Published => false,
            Relation::Employer | Relation::EmployerOnceAgreed => {
                // Which employer told is what this grant goes by, so it stays as it is.
                let facts = &found.whole["employer"];
                found.place.path.ends_with("/employer")
                    || facts.as_str() == asker.employer.as_deref()
            }
        };
        grants(matrix, role, class).iter().any(opens)
    }

    /// `other` with what `history` has wherever other content would make something of the askers' own of it: a concern is
    /// open to the mentor who referred it, and who that was is sealed with it, as is which third person an act is about.
    pub fn without_what_names_them(
        &self,
        askers: &[Asker],
        history: &[Recorded],
        other: Vec<Recorded>,
    ) -> Vec<Recorded> {
        let theirs = self.names_of_theirs(askers, history);
        let names = |recorded: &Recorded| {
            let text = recorded.event.data().expect("JSON").to_string();
            theirs.iter().any(|id| text.contains(id))
        };
        let both = history.iter().zip(other);
        both.map(|(one, other)| {
            if names(&other) && !names(one) {
                one.clone()
            } else {
                other
            }
        })
        .collect()
    }

    /// The identifiers of the askers, and of the concerns and third persons of their pairings.
    fn names_of_theirs(&self, askers: &[Asker], history: &[Recorded]) -> BTreeSet<String> {
        let people: Vec<PersonId> = askers
            .iter()
            .filter_map(|asker| asker.person.map(PersonId))
            .collect();
        let is_theirs = |subject: PersonId| {
            let mut people = people.iter();
            people.any(|me| *me == subject || self.is_companion(*me, subject))
        };
        let mut names: BTreeSet<String> = people.iter().map(|me| me.0.to_string()).collect();
        for recorded in history {
            let Event::ConfidentialRecorded(confidential) = &recorded.event else {
                continue;
            };
            let said = confidential.act.open();
            let said = said.filter(|_| is_theirs(confidential.act.subject()));
            match said.map(|said| &said.act) {
                Some(Act::ConcernReferred(referral)) => {
                    names.insert(referral.concern.0.to_string());
                }
                Some(Act::ThirdPersonAgreed(agreed)) => {
                    names.insert(agreed.third_person.0.to_string());
                }
                _ => {}
            }
        }
        names
    }

    /// Whose appointment it is now, where the value is of one.
    fn appointee(&self, found: &Found<'_>) -> Option<PersonId> {
        let data = found.recorded.event.data().ok()?;
        let id: Uuid = data["appointment"].as_str()?.parse().ok()?;
        let appointment = self.scheme.appointment(AppointmentId(id)).ok()?;
        Some(appointment.person)
    }

    fn is_companion(&self, me: PersonId, other: PersonId) -> bool {
        let both = |pairing: &Pairing| {
            let members: BTreeSet<PersonId> = pairing.members().map(|(person, _)| person).collect();
            members.contains(&me) && members.contains(&other)
        };
        self.scheme.pairings.values().any(both)
    }

    fn is_choosing(&self, me: PersonId, other: PersonId) -> bool {
        let both =
            |found: &Match| [(me, other), (other, me)].contains(&(found.mentor, found.mentee));
        self.scheme.matches.values().any(both)
    }
}

/// How a role opens a class of data. Concerns, third persons and who was let in are opened by a question of their own.
fn grants(matrix: &Matrix, role: Role, class: &str) -> Relations {
    let of = |query| matrix.query(role, query);
    match class {
        "concerns" => return of(Query::Concerns).or(of(Query::ThirdPersons)),
        "access" => return of(Query::Access),
        _ => {}
    }
    Item::named(Section::Fields, class).map_or(Relations::NONE, |item| matrix.granted(role, item))
}

impl Asker {
    fn of(role: Role) -> Self {
        Self {
            name: role.to_string(),
            role: Some(role),
            person: None,
            employer: None,
            elsewhere: false,
        }
    }

    /// Whoever runs the scheme.
    pub fn coordinator() -> Self {
        Self::of(Role::Coordinator)
    }

    /// Whoever keeps the keys.
    pub fn administrator() -> Self {
        Self::of(Role::Administrator)
    }

    fn nobody() -> Self {
        Self {
            role: None,
            ..Self::of(Role::Auditor).called("nobody")
        }
    }

    fn being(self, person: Option<Uuid>) -> Self {
        Self { person, ..self }
    }

    fn speaking_for(self, employer: &str) -> Self {
        Self {
            employer: Some(employer.to_owned()),
            ..self
        }
    }

    fn elsewhere(self) -> Self {
        Self {
            elsewhere: true,
            ..self.called("a coordinator of another scheme")
        }
    }

    fn called(self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self
        }
    }

    /// What their token says, if they have one.
    pub fn grant(&self, scheme: &str) -> Option<Grant> {
        let scheme = if self.elsewhere { "elsewhere" } else { scheme };
        Some(Grant {
            // Two who are called differently are two people.
            subject: Uuid::new_v5(&Uuid::NAMESPACE_OID, self.name.as_bytes()),
            role: self.role?,
            scheme: Some(scheme.to_owned()),
            person: self.person,
            employer: self.employer.clone(),
        })
    }
}
