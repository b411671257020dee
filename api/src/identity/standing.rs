//! How an asker stands to people, things and commands: the one place where relations of the access matrix are found out.
//!
//! A relation is computed from one state of a scheme and from the caller's token, and only where a line grants it. There is
//! deliberately no role here but where a relation is one's as a mentor or as a mentee: which role may make use of a
//! relation stands in the matrix.

mod commands;

use super::{
    Caller,
    access::{Relation, Relations},
};
use domain::{
    Particulars, Scheme,
    appointment::Appointment,
    confidence::{Concern, ThirdPerson},
    identifiers::{AppointmentId, EmployerId, OpportunityId, PersonId},
    matching::{Match, Progress, Side},
    mentor::Portrait,
    needs::{Access, Analysis, Profile},
    pairing::Pairing,
};
use projections::{Snapshot, entitlement::shows_take_up};

/// What a question or a class of data can be about.
#[derive(Debug, Clone, Copy)]
pub enum Thing<'a> {
    /// A person, as a mentee, as a mentor or as whatever else.
    Person(PersonId),
    /// An appointment.
    Appointment(&'a Appointment),
    /// A match.
    Match(&'a Match),
    /// A pairing.
    Pairing(&'a Pairing),
    /// An analysis of needs.
    NeedsAnalysis(&'a Analysis),
    /// A profile of needs.
    NeedsProfile(&'a Profile),
    /// A concern.
    Concern(&'a Concern),
    /// A third person.
    ThirdPerson(&'a ThirdPerson),
    /// An opportunity for development.
    Opportunity(OpportunityId),
    /// Something that is nobody's: the scheme itself, a campaign, an employer of the register.
    OfNobody,
}

impl Thing<'_> {
    /// The person it is about, where one may stand to it by standing to them. What somebody made or was referred about is
    /// not: it is told to whom it is told, and not to everybody who knows them.
    const fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Appointment(appointment) => Some(appointment.person),
            Self::Match(_)
            | Self::Pairing(_)
            | Self::NeedsAnalysis(_)
            | Self::NeedsProfile(_)
            | Self::Concern(_)
            | Self::ThirdPerson(_)
            | Self::Opportunity(_)
            | Self::OfNobody => None,
        }
    }
}

impl Thing<'_> {
    /// The same thing in another state, if that has it.
    fn found_in(self, state: &Snapshot) -> Option<Thing<'_>> {
        let (scheme, confidences) = (&state.scheme, state.particulars.confidences());
        Some(match self {
            Self::Person(person) => Thing::Person(person),
            Self::Appointment(one) => Thing::Appointment(scheme.appointments.get(&one.id)?),
            Self::Match(one) => Thing::Match(scheme.matches.get(&one.id)?),
            Self::Pairing(one) => Thing::Pairing(scheme.pairings.get(&one.id)?),
            Self::NeedsAnalysis(one) => Thing::NeedsAnalysis(scheme.needs.analyses.get(&one.id)?),
            Self::NeedsProfile(one) => Thing::NeedsProfile(scheme.needs.profiles.get(&one.id)?),
            Self::Concern(one) => Thing::Concern(confidences.concern(one.id)?),
            Self::ThirdPerson(one) => Thing::ThirdPerson(confidences.third_person(one.id)?),
            Self::Opportunity(id) => Thing::Opportunity(id),
            Self::OfNobody => Thing::OfNobody,
        })
    }
}

/// Somebody who asks, before one state of a scheme; before an earlier one, also before the present.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    caller: &'a Caller,
    snapshot: &'a Snapshot,
    /// The present, where the state is an earlier one: what held then must hold now too.
    present: Option<&'a Snapshot>,
}

impl<'a> Asker<'a> {
    /// This caller before this state.
    #[must_use]
    pub const fn new(caller: &'a Caller, snapshot: &'a Snapshot) -> Self {
        Self {
            caller,
            snapshot,
            present: None,
        }
    }

    /// The same before an earlier state, where `present` is what there is now: they stand to a thing as they stood then and
    /// stand now, both.
    #[must_use]
    pub const fn and_now(mut self, present: Option<&'a Snapshot>) -> Self {
        self.present = present;
        self
    }

    /// The same before the present alone; nothing where the state is the present.
    fn now(&self) -> Option<Self> {
        self.present.map(|present| Self::new(self.caller, present))
    }

    /// Whether what is granted opens `thing`.
    #[must_use]
    pub fn may(&self, granted: Relations, thing: Thing<'_>) -> bool {
        granted.of_all() || granted.iter().any(|relation| self.holds(relation, thing))
    }

    /// Those of what is granted by which `thing` is open.
    #[must_use]
    pub fn held(&self, granted: Relations, thing: Thing<'_>) -> Relations {
        let held = granted.iter();
        held.filter(|relation| self.holds(*relation, thing))
            .collect()
    }

    /// Whether the asker stands so to `thing`.
    #[must_use]
    pub fn holds(&self, relation: Relation, thing: Thing<'_>) -> bool {
        if relation == Relation::Published {
            return self.is_at_published_end();
        }
        let now = || match self.now() {
            None => true,
            Some(now) => {
                let thing = thing.found_in(now.snapshot);
                thing.is_some_and(|thing| now.holds_here(relation, thing))
            }
        };
        self.holds_here(relation, thing) && now()
    }

    fn holds_here(&self, relation: Relation, thing: Thing<'_>) -> bool {
        let person = thing.person();
        let of_person = |stands: &dyn Fn(PersonId) -> bool| person.is_some_and(stands);
        match relation {
            Relation::Any => true,
            Relation::Own => self.is_own(thing),
            Relation::Pairing => of_person(&|person| self.is_companion(person)),
            Relation::PairingOnceApproved => {
                of_person(&|person| self.has_approved(person) && self.is_companion(person))
            }
            Relation::Match => of_person(&|person| self.is_choosing(person)),
            Relation::MatchOnceApproved => {
                of_person(&|person| self.has_approved(person) && self.is_choosing(person))
            }
            Relation::Shared => self.access_to(thing).is_some(),
            Relation::SharedToWrite => self.access_to(thing) == Some(Access::Write),
            Relation::Sent => self.was_sent(thing),
            // Of the moment, and of nothing in it: see [`Self::is_at_published_end`].
            Relation::Published => false,
            Relation::Office => matches!(thing, Thing::ThirdPerson(third) if third.known_to_office),
            Relation::Employer => match thing {
                Thing::Appointment(appointment) => self.is_own_employers(appointment.id),
                _ => of_person(&|person| self.is_own_employee(person)),
            },
            Relation::EmployerOnceAgreed => {
                let employer = self.caller.employer.as_deref().map(EmployerId::from);
                employer.is_some_and(|employer| {
                    of_person(&|person| shows_take_up(self.snapshot, person, &employer))
                })
            }
        }
    }

    /// Whether the state is that of the end of a published period, by what counts now.
    fn is_at_published_end(&self) -> bool {
        let now = self.present.unwrap_or(self.snapshot);
        now.scheme.published.at(self.snapshot.position()).is_some()
    }

    /// The employer for whose own notices alone something is granted; nothing where it is granted otherwise.
    #[must_use]
    pub fn employer_of(&self, granted: Relations) -> Option<EmployerId> {
        let bounded = !granted.of_all() && granted.has(Relation::Employer);
        let employer = self.caller.employer.as_ref().filter(|_| bounded)?;
        Some(EmployerId(employer.clone()))
    }

    /// On which side of a match the asker is.
    #[must_use]
    pub fn side_of(&self, found: &Match) -> Option<Side> {
        let me = self.me()?;
        if found.mentee == me {
            Some(Side::Mentee)
        } else if found.mentor == me {
            Some(Side::Mentor)
        } else {
            None
        }
    }

    /// On which side of a pairing the asker is.
    #[must_use]
    pub fn side_in(&self, pairing: &Pairing) -> Option<Side> {
        let me = self.me()?;
        let mut members = pairing.members();
        members
            .find(|(person, _)| *person == me)
            .map(|(_, side)| side)
    }

    /// The person who asks, where the token is somebody's own. That of somebody who was forgotten outlives them, and is
    /// nobody's.
    fn me(&self) -> Option<PersonId> {
        let me = self.caller.person.map(PersonId);
        me.filter(|me| !self.scheme().erasures.is_erased(*me))
    }

    fn scheme(&self) -> &'a Scheme {
        &self.snapshot.scheme
    }

    fn particulars(&self) -> &'a Particulars {
        &self.snapshot.particulars
    }

    fn is_own(&self, thing: Thing<'_>) -> bool {
        match thing {
            Thing::Match(found) => self.side_of(found).is_some(),
            Thing::Pairing(pairing) => self.side_in(pairing).is_some(),
            Thing::Concern(concern) => self.me().is_some_and(|me| concern.is_of(me)),
            Thing::ThirdPerson(third) => {
                let pairing = self.scheme().pairings.get(&third.pairing);
                pairing.is_some_and(|pairing| self.side_in(pairing).is_some())
            }
            Thing::Person(person) => self.is_me(person),
            Thing::Appointment(appointment) => self.is_me(appointment.person),
            Thing::NeedsAnalysis(analysis) => self.is_me(analysis.mentee),
            Thing::NeedsProfile(profile) => self.is_me(profile.mentee),
            Thing::Opportunity(_) | Thing::OfNobody => false,
        }
    }

    fn is_me(&self, person: PersonId) -> bool {
        self.me() == Some(person)
    }

    fn access_to(&self, thing: Thing<'_>) -> Option<Access> {
        match thing {
            Thing::NeedsAnalysis(analysis) => analysis.access_of(self.scheme(), self.me()?),
            _ => None,
        }
    }

    fn was_sent(&self, thing: Thing<'_>) -> bool {
        let (Thing::Opportunity(id), Some(me)) = (thing, self.me()) else {
            return false;
        };
        let mut received = self.scheme().development.received_by(me).iter();
        received.any(|news| news.opportunity == id)
    }

    fn has_approved(&self, mentor: PersonId) -> bool {
        let mentor = self.scheme().mentors.get(&mentor);
        mentor.is_some_and(|mentor| mentor.portrait == Portrait::Approved)
    }

    /// Whether the asker and `person` are, or were, in one pairing.
    fn is_companion(&self, person: PersonId) -> bool {
        let together = |pairing: &Pairing| {
            self.side_in(pairing).is_some() && pairing.members().any(|(member, _)| member == person)
        };
        self.me() != Some(person) && self.pairings_between(person).any(together)
    }

    /// Every pairing of which the asker or `person` is a mentee: where both are in one, one of them is.
    fn pairings_between(&self, person: PersonId) -> impl Iterator<Item = &'a Pairing> {
        let scheme = self.scheme();
        let people = self.me().into_iter().chain([person]);
        people
            .filter_map(|one| scheme.mentees.get(&one))
            .flat_map(|mentee| &mentee.pairings)
            .filter_map(|id| scheme.pairings.get(id))
    }

    /// Whether the asker and `person` are the two sides of a match that may still go ahead.
    fn is_choosing(&self, person: PersonId) -> bool {
        let Some(me) = self.me() else { return false };
        let scheme = self.scheme();
        let mentees = [me, person].into_iter();
        mentees
            .filter_map(|one| scheme.mentees.get(&one))
            .flat_map(|mentee| &mentee.matches)
            .filter_map(|id| scheme.matches.get(id))
            .filter(|found| found.progress == Progress::Open)
            .any(|found| {
                (found.mentee, found.mentor) == (me, person)
                    || (found.mentee, found.mentor) == (person, me)
            })
    }

    /// Whether the asker's employer has told of an appointment of `person`.
    fn is_own_employee(&self, person: PersonId) -> bool {
        let mentee = self.scheme().mentees.get(&person);
        mentee.is_some_and(|mentee| {
            let mut appointments = mentee.appointments.iter();
            appointments.any(|id| self.is_own_employers(*id))
        })
    }

    /// Whether an appointment is with the employer for which the asker speaks.
    #[must_use]
    pub fn is_own_employers(&self, appointment: AppointmentId) -> bool {
        let now = self.now();
        self.is_told_by_own_employer(appointment)
            && now.is_none_or(|now| now.is_told_by_own_employer(appointment))
    }

    fn is_told_by_own_employer(&self, appointment: AppointmentId) -> bool {
        let facts = self.particulars().facts(appointment);
        match (facts, &self.caller.employer) {
            (Some(facts), Some(employer)) => facts.employer.0 == *employer,
            _ => false,
        }
    }
}
