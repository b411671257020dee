//! Whether a caller may do or see something: the access matrix, and the relation it asks for.
//!
//! Nobody else knows what `own` and `employer` mean: for questions it stands here, for commands in [`commands`]. What no line of the matrix grants is denied, and
//! what no function here recognises as the caller's own is not theirs.

mod commands;

use super::{
    error::forbidden,
    view::{View, caller, services},
};
use crate::identity::{Role, access::Relation};
use async_graphql::{Context, Error};
use domain::{
    appointment::Appointment,
    confidence::{Concern, ThirdPerson},
    identifiers::{AppointmentId, PersonId},
    matching::{Match, Progress, Side},
    mentor::Portrait,
    needs::{Analysis, Profile},
    pairing::Pairing,
};

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($variant,)+ }

        impl $name {
            /// Every name, as the access matrix spells it.
            #[cfg(test)]
            pub const NAMES: &'static [&'static str] = &[$($text),+];

            /// The name, as the access matrix spells it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

names! {
    /// A question that may be put.
    Query {
        Viewer = "viewer";
        Scheme = "scheme";
        Schemes = "schemes";
        Node = "node";
        Policies = "policies";
        Registers = "registers";
        Calendar = "calendar";
        Employers = "employers";
        Dashboard = "dashboard";
        Mentee = "mentee";
        Mentees = "mentees";
        Mentor = "mentor";
        Mentors = "mentors";
        Appointment = "appointment";
        Match = "match";
        Pairing = "pairing";
        Pairings = "pairings";
        Entitlement = "entitlement";
        AuditTrail = "auditTrail";
        PastYears = "pastYears";
        EvaluationReturns = "evaluationReturns";
        SuitableMentors = "suitableMentors";
        WaitingList = "waitingList";
        Campaigns = "campaigns";
        MentorInductionSeminars = "mentorInductionSeminars";
        DfeInductionDays = "dfeInductionDays";
        NeedsAnalysis = "needsAnalysis";
        NeedsProfile = "needsProfile";
        Concerns = "concerns";
        ThirdPersons = "thirdPersons";
        DevelopmentOpportunities = "developmentOpportunities";
        WorkList = "workList";
        DirectorPosts = "directorPosts";
        FirstTimeDirectors = "firstTimeDirectors";
        Measures = "measures";
        Erasures = "erasures";
    }
}

names! {
    /// A class of data inside the answers.
    Class {
        Identity = "identity";
        Employment = "employment";
        Eligibility = "eligibility";
        TakeUp = "take-up";
        Preferences = "preferences";
        PenPortrait = "pen-portrait";
        SessionCount = "session-count";
        Evaluation = "evaluation";
        MeetingPlaces = "meeting-places";
        OwnNotes = "own-notes";
        CheckIn = "check-in";
        Difficulty = "difficulty";
        Closing = "closing";
        DeclineSide = "decline-side";
        Audit = "audit";
        Position = "position";
        NeedsAnalysis = "needs-analysis";
        NeedsProfile = "needs-profile";
        DevelopmentNews = "development-news";
        TimeInPost = "time-in-post";
        ErasureHolds = "erasure-holds";
    }
}

/// Whether the caller may put this question at all, before any scheme is looked at.
pub fn authorise(context: &Context<'_>, query: Query) -> Result<Relation, Error> {
    let role = caller(context)?.role;
    services(context)?
        .matrix
        .query(role, query.name())
        .ok_or_else(forbidden)
}

/// Questions and classes of data.
impl View {
    /// Whether the caller may put this question, and about whom.
    pub fn ask(&self, query: Query) -> Result<Relation, Error> {
        self.matrix()
            .query(self.caller().role, query.name())
            .ok_or_else(forbidden)
    }

    /// Whether the caller sees this class of data about anybody.
    pub fn sees_of_all(&self, class: Class) -> bool {
        self.relation_to(class) == Some(Relation::Any)
    }

    /// Whether the caller sees this class of data about `person`.
    pub fn sees(&self, class: Class, person: PersonId) -> bool {
        match self.relation_to(class) {
            Some(Relation::Any) => true,
            Some(Relation::Own) => self.is_own(class, person),
            Some(Relation::Employer) => self.is_own_employee(person),
            None => false,
        }
    }

    /// Whether the caller sees this class of data about an appointment.
    pub fn sees_appointment(&self, class: Class, appointment: &Appointment) -> bool {
        match self.relation_to(class) {
            Some(Relation::Any) => true,
            Some(Relation::Own) => self.me() == Some(appointment.person),
            Some(Relation::Employer) => self.is_own_employers(appointment.id),
            None => false,
        }
    }

    /// Whether the caller sees this class of data about a pairing.
    pub fn sees_pairing(&self, class: Class, pairing: &Pairing) -> bool {
        match self.relation_to(class) {
            Some(Relation::Any) => true,
            Some(Relation::Own) => self.side_in(pairing).is_some(),
            Some(Relation::Employer) | None => false,
        }
    }

    /// Whether the caller sees what an analysis of needs says: their own, or one that is shared with them.
    pub fn sees_needs_analysis(&self, analysis: &Analysis) -> bool {
        match self.relation_to(Class::NeedsAnalysis) {
            Some(Relation::Any) => true,
            Some(Relation::Own) => self.is_own_analysis(analysis),
            Some(Relation::Employer) | None => false,
        }
    }

    fn relation_to(&self, class: Class) -> Option<Relation> {
        self.matrix().field(self.caller().role, class.name())
    }

    /// What `own` means, class by class: always the caller's own data, and of others only what working together or
    /// choosing each other needs.
    fn is_own(&self, class: Class, person: PersonId) -> bool {
        if self.me() == Some(person) {
            return true;
        }
        match class {
            Class::Identity | Class::MeetingPlaces => self.is_companion(person),
            Class::Preferences => self.is_companion(person) || self.is_choosing(person),
            Class::PenPortrait => {
                let approved = self
                    .scheme()
                    .mentors
                    .get(&person)
                    .is_some_and(|mentor| mentor.portrait == Portrait::Approved);
                approved && (self.is_companion(person) || self.is_choosing(person))
            }
            Class::Employment
            | Class::Eligibility
            | Class::TakeUp
            | Class::SessionCount
            | Class::Evaluation
            | Class::OwnNotes
            | Class::CheckIn
            | Class::Difficulty
            | Class::Closing
            | Class::DeclineSide
            | Class::Audit
            | Class::Position
            | Class::NeedsAnalysis
            | Class::NeedsProfile
            | Class::DevelopmentNews
            | Class::TimeInPost
            | Class::ErasureHolds => false,
        }
    }
}

/// Things: whether the caller may know of them at all.
impl View {
    /// Whether the caller may see this mentee.
    pub fn may_see_mentee(&self, person: PersonId) -> bool {
        self.may_see_person(Query::Mentee, person)
    }

    /// Whether the caller may see this mentor.
    pub fn may_see_mentor(&self, person: PersonId) -> bool {
        self.may_see_person(Query::Mentor, person)
    }

    /// Whether the caller may see this appointment.
    pub fn may_see_appointment(&self, appointment: &Appointment) -> bool {
        match self.ask(Query::Appointment) {
            Ok(Relation::Any) => true,
            Ok(Relation::Own) => self.me() == Some(appointment.person),
            Ok(Relation::Employer) => self.is_own_employers(appointment.id),
            Err(_) => false,
        }
    }

    /// Whether the caller may see this match.
    pub fn may_see_match(&self, found: &Match) -> bool {
        match self.ask(Query::Match) {
            Ok(Relation::Any) => true,
            Ok(Relation::Own) => self.side_of(found).is_some(),
            Ok(Relation::Employer) | Err(_) => false,
        }
    }

    /// Whether the caller may see this pairing.
    pub fn may_see_pairing(&self, pairing: &Pairing) -> bool {
        match self.ask(Query::Pairing) {
            Ok(Relation::Any) => true,
            Ok(Relation::Own) => self.side_in(pairing).is_some(),
            Ok(Relation::Employer) | Err(_) => false,
        }
    }

    /// Whether the caller may see that there is this analysis of needs.
    pub fn may_see_needs_analysis(&self, analysis: &Analysis) -> bool {
        match self.ask(Query::NeedsAnalysis) {
            Ok(Relation::Any) => true,
            Ok(Relation::Own) => self.is_own_analysis(analysis),
            Ok(Relation::Employer) | Err(_) => false,
        }
    }

    /// Whether the caller may see this profile of needs.
    pub fn may_see_needs_profile(&self, profile: &Profile) -> bool {
        match self.ask(Query::NeedsProfile) {
            Ok(Relation::Any) => true,
            Ok(Relation::Own) => self.me() == Some(profile.mentee),
            Ok(Relation::Employer) | Err(_) => false,
        }
    }

    /// Whether the caller may know of this concern. `own` is whoever referred it and whom it is about.
    pub fn may_see_concern(&self, concern: &Concern) -> bool {
        match self.ask(Query::Concerns) {
            Ok(Relation::Any) => true,
            Ok(Relation::Own) => self.me().is_some_and(|me| concern.is_of(me)),
            Ok(Relation::Employer) | Err(_) => false,
        }
    }

    /// Whether the caller may know of this third person. `own` is those of the pairing, and for a coordinator one of whom
    /// the office recorded anything.
    pub fn may_see_third_person(&self, third: &ThirdPerson) -> bool {
        match self.ask(Query::ThirdPersons) {
            Ok(Relation::Any) => true,
            Ok(Relation::Own) if self.caller().role == Role::Coordinator => third.known_to_office,
            Ok(Relation::Own) => self.is_own_pairing(third.pairing, None),
            Ok(Relation::Employer) | Err(_) => false,
        }
    }

    /// Whether the caller may ask what this person is entitled to.
    pub fn may_check_entitlement(&self, person: PersonId) -> bool {
        match self.ask(Query::Entitlement) {
            Ok(Relation::Any) => true,
            Ok(Relation::Own) => self.me() == Some(person),
            Ok(Relation::Employer) => self.is_own_employee(person),
            Err(_) => false,
        }
    }

    fn may_see_person(&self, query: Query, person: PersonId) -> bool {
        match self.ask(query) {
            Ok(Relation::Any) => true,
            Ok(Relation::Own) => {
                self.me() == Some(person) || self.is_companion(person) || self.is_choosing(person)
            }
            Ok(Relation::Employer) => self.is_own_employee(person),
            Err(_) => false,
        }
    }
}

/// How the caller stands to people and things.
impl View {
    /// On which side of a match the caller is.
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

    /// On which side of a pairing the caller is.
    pub fn side_in(&self, pairing: &Pairing) -> Option<Side> {
        let me = self.me()?;
        let mut members = pairing.members();
        members
            .find(|(person, _)| *person == me)
            .map(|(_, side)| side)
    }

    /// Whether an analysis of needs is the caller's own, or shared with a live pairing of which they are a mentor.
    fn is_own_analysis(&self, analysis: &Analysis) -> bool {
        let Some(me) = self.me() else { return false };
        analysis.mentee == me || analysis.access_of(self.scheme(), me).is_some()
    }

    /// Whether the caller and `person` are, or were, in one pairing.
    fn is_companion(&self, person: PersonId) -> bool {
        let together = |pairing: &Pairing| {
            self.side_in(pairing).is_some() && pairing.members().any(|(member, _)| member == person)
        };
        self.pairings_between(person).any(together)
    }

    /// Every pairing of which the caller or `person` is a mentee: where both are in one, one of them is.
    fn pairings_between(&self, person: PersonId) -> impl Iterator<Item = &Pairing> {
        let scheme = self.scheme();
        let people = self.me().into_iter().chain([person]);
        people
            .filter_map(|one| scheme.mentees.get(&one))
            .flat_map(|mentee| &mentee.pairings)
            .filter_map(|id| scheme.pairings.get(id))
    }

    /// Whether the caller and `person` are the two sides of a match that may still go ahead.
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

    /// Whether the caller's employer has told of an appointment of `person`.
    fn is_own_employee(&self, person: PersonId) -> bool {
        let mentee = self.scheme().mentees.get(&person);
        mentee.is_some_and(|mentee| {
            let mut appointments = mentee.appointments.iter();
            appointments.any(|id| self.is_own_employers(*id))
        })
    }

    fn is_own_employers(&self, appointment: AppointmentId) -> bool {
        let facts = self.particulars().facts(appointment);
        match (facts, &self.caller().employer) {
            (Some(facts), Some(employer)) => facts.employer.0 == *employer,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, Query};
    use crate::identity::access::{Matrix, Section};
    use domain::Command;

    #[test]
    fn the_matrix_names_every_command_question_and_class_of_data_and_nothing_else() {
        let matrix = Matrix::embedded().unwrap();
        for (section, names) in [
            (Section::Commands, Command::NAMES),
            (Section::Queries, Query::NAMES),
            (Section::Fields, Class::NAMES),
        ] {
            let undeclared = matrix.undeclared(section, names.iter().copied());
            assert!(undeclared.is_empty(), "not in the matrix: {undeclared:?}");
            let mut left_over = matrix.left_over(section, names);
            // Asked over REST only.
            left_over.retain(|name| !["health", "personRecord"].contains(name));
            assert!(left_over.is_empty(), "only in the matrix: {left_over:?}");
        }
    }
}
