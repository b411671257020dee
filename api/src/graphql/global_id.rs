//! Identifiers as clients see them: `{scheme}:{type}:{key}`, stable for ever; of an earlier moment with the moment behind
//! the scheme, `{scheme}@{moment}:{type}:{key}`.
//!
//! Scheme and type stand in the id so that a wrong one is refused with a clear sentence instead of being looked up
//! in vain. Clients are told to treat ids as opaque.

use super::error::{Code, field_error};
use async_graphql::{Error, ID};
use domain::identifiers::{
    AppointmentId, ArrangedSessionId, CampaignId, ConcernId, EmployerId, InductionDayId, MatchId,
    NeedsAnalysisId, NeedsProfileId, OpportunityId, PairingId, PersonId, SeminarId, ThirdPersonId,
};
use uuid::Uuid;

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Person,
    Mentee,
    Mentor,
    Appointment,
    Match,
    Pairing,
    Employer,
    Campaign,
    MentorInductionSeminar,
    DfeInductionDay,
    Entry,
    NeedsAnalysis,
    NeedsProfile,
    Concern,
    ThirdPerson,
    DevelopmentOpportunity,
    PostHolding,
    ArrangedSession,
}

impl Kind {
    const ALL: [Self; 18] = [
        Self::Person,
        Self::Mentee,
        Self::Mentor,
        Self::Appointment,
        Self::Match,
        Self::Pairing,
        Self::Employer,
        Self::Campaign,
        Self::MentorInductionSeminar,
        Self::DfeInductionDay,
        Self::Entry,
        Self::NeedsAnalysis,
        Self::NeedsProfile,
        Self::Concern,
        Self::ThirdPerson,
        Self::DevelopmentOpportunity,
        Self::PostHolding,
        Self::ArrangedSession,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Mentee => "Mentee",
            Self::Mentor => "Mentor",
            Self::Appointment => "Appointment",
            Self::Match => "Match",
            Self::Pairing => "Pairing",
            Self::Employer => "Employer",
            Self::Campaign => "Campaign",
            Self::MentorInductionSeminar => "MentorInductionSeminar",
            Self::DfeInductionDay => "DfeInductionDay",
            Self::Entry => "AuditEntry",
            Self::NeedsAnalysis => "NeedsAnalysis",
            Self::NeedsProfile => "NeedsProfile",
            Self::Concern => "Concern",
            Self::ThirdPerson => "ThirdPerson",
            Self::DevelopmentOpportunity => "DevelopmentOpportunity",
            Self::PostHolding => "PostHolding",
            Self::ArrangedSession => "ArrangedSession",
        }
    }
}

/// The id of the thing of this kind with this key, where `scheme` is named as ids of its moment name it.
pub fn encode(scheme: &str, kind: Kind, key: impl std::fmt::Display) -> ID {
    ID(format!("{scheme}:{}:{key}", kind.name()))
}

/// Takes an id apart: scheme (with the moment, where it carries one), kind, key. Nothing when it cannot be an id of ours.
pub fn parse(id: &str) -> Option<(&str, Kind, &str)> {
    let mut parts = id.splitn(3, ':');
    let (scheme, name, key) = (parts.next()?, parts.next()?, parts.next()?);
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
    Some((scheme, kind, key))
}

/// Reads the ids in the input of one command or question, all of one scheme.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The scheme every id must belong to.
    pub scheme: &'a str,
    /// The same as ids of the moment that is looked at name it: those are taken too, and no others.
    pub named: &'a str,
}

impl Reader<'_> {
    /// A person, by an id of mentee, mentor or person: they are the same key.
    pub fn person(self, field: &str, id: &ID) -> Result<PersonId, Error> {
        self.key(field, id, &[Kind::Mentee, Kind::Mentor, Kind::Person])
            .map(PersonId)
    }

    /// A person, where one is given.
    pub fn person_if_given(self, field: &str, id: Option<&ID>) -> Result<Option<PersonId>, Error> {
        id.map(|id| self.person(field, id)).transpose()
    }

    /// Several people.
    pub fn people(self, field: &str, ids: &[ID]) -> Result<Vec<PersonId>, Error> {
        ids.iter().map(|id| self.person(field, id)).collect()
    }

    /// An appointment.
    pub fn appointment(self, field: &str, id: &ID) -> Result<AppointmentId, Error> {
        self.key(field, id, &[Kind::Appointment]).map(AppointmentId)
    }

    /// A match.
    pub fn offered_match(self, field: &str, id: &ID) -> Result<MatchId, Error> {
        self.key(field, id, &[Kind::Match]).map(MatchId)
    }

    /// Several matches.
    pub fn matches(self, field: &str, ids: &[ID]) -> Result<Vec<MatchId>, Error> {
        ids.iter().map(|id| self.offered_match(field, id)).collect()
    }

    /// A pairing.
    pub fn pairing(self, field: &str, id: &ID) -> Result<PairingId, Error> {
        self.key(field, id, &[Kind::Pairing]).map(PairingId)
    }

    /// A session that a pair arranged.
    pub fn arranged_session(self, field: &str, id: &ID) -> Result<ArrangedSessionId, Error> {
        self.key(field, id, &[Kind::ArrangedSession])
            .map(ArrangedSessionId)
    }

    /// An entry of the history.
    pub fn entry(self, field: &str, id: &ID) -> Result<Uuid, Error> {
        self.key(field, id, &[Kind::Entry])
    }

    /// A campaign.
    pub fn campaign(self, field: &str, id: &ID) -> Result<CampaignId, Error> {
        self.key(field, id, &[Kind::Campaign]).map(CampaignId)
    }

    /// An induction seminar of mentors.
    pub fn seminar(self, field: &str, id: &ID) -> Result<SeminarId, Error> {
        self.key(field, id, &[Kind::MentorInductionSeminar])
            .map(SeminarId)
    }

    /// An induction day of the department.
    pub fn induction_day(self, field: &str, id: &ID) -> Result<InductionDayId, Error> {
        self.key(field, id, &[Kind::DfeInductionDay])
            .map(InductionDayId)
    }

    /// An analysis of needs.
    pub fn needs_analysis(self, field: &str, id: &ID) -> Result<NeedsAnalysisId, Error> {
        self.key(field, id, &[Kind::NeedsAnalysis])
            .map(NeedsAnalysisId)
    }

    /// A profile of needs.
    pub fn needs_profile(self, field: &str, id: &ID) -> Result<NeedsProfileId, Error> {
        self.key(field, id, &[Kind::NeedsProfile])
            .map(NeedsProfileId)
    }

    /// A concern.
    pub fn concern(self, field: &str, id: &ID) -> Result<ConcernId, Error> {
        self.key(field, id, &[Kind::Concern]).map(ConcernId)
    }

    /// A third person whom a pair brings in.
    pub fn third_person(self, field: &str, id: &ID) -> Result<ThirdPersonId, Error> {
        self.key(field, id, &[Kind::ThirdPerson]).map(ThirdPersonId)
    }

    /// An opportunity for development.
    pub fn opportunity(self, field: &str, id: &ID) -> Result<OpportunityId, Error> {
        self.key(field, id, &[Kind::DevelopmentOpportunity])
            .map(OpportunityId)
    }

    /// Anything that stands in the history.
    pub fn subject(self, field: &str, id: &ID) -> Result<Uuid, Error> {
        let kinds = [
            Kind::Person,
            Kind::Mentee,
            Kind::Mentor,
            Kind::Appointment,
            Kind::Match,
            Kind::Pairing,
            Kind::Campaign,
            Kind::MentorInductionSeminar,
            Kind::DfeInductionDay,
            Kind::NeedsAnalysis,
            Kind::NeedsProfile,
            Kind::DevelopmentOpportunity,
            Kind::PostHolding,
        ];
        self.key(field, id, &kinds)
    }

    /// An employer, by its id here or by its bare code in the register, which personnel systems know.
    pub fn employer(self, field: &str, id: &ID) -> Result<EmployerId, Error> {
        if !id.contains(':') {
            return Ok(EmployerId(id.0.clone()));
        }
        match parse(id) {
            Some((scheme, Kind::Employer, code)) if self.takes(scheme) => {
                Ok(EmployerId(code.to_owned()))
            }
            _ => Err(self.wrong(field, &[Kind::Employer])),
        }
    }

    /// An employer, where one is given.
    pub fn employer_if_given(
        self,
        field: &str,
        id: Option<&ID>,
    ) -> Result<Option<EmployerId>, Error> {
        id.map(|id| self.employer(field, id)).transpose()
    }

    fn key(self, field: &str, id: &ID, wanted: &[Kind]) -> Result<Uuid, Error> {
        match parse(id) {
            Some((scheme, kind, key)) if self.takes(scheme) && wanted.contains(&kind) => {
                Uuid::parse_str(key).map_err(|_| self.wrong(field, wanted))
            }
            Some((scheme, ..)) if scheme.contains('@') => Err(of_another_moment(field)),
            _ => Err(self.wrong(field, wanted)),
        }
    }

    fn takes(self, scheme: &str) -> bool {
        scheme == self.scheme || scheme == self.named
    }

    fn wrong(self, field: &str, wanted: &[Kind]) -> Error {
        let names: Vec<&str> = wanted.iter().map(|kind| kind.name()).collect();
        field_error(
            Code::InvalidId,
            field,
            format!(
                "`{field}` must be an id of the scheme `{}` and of the type {}.",
                self.scheme,
                names.join(" or ")
            ),
        )
    }
}

/// The refusal of an id that carries another moment than the one that is looked at.
pub fn of_another_moment(field: &str) -> Error {
    field_error(
        Code::InvalidId,
        field,
        format!(
            "`{field}` is an id of an earlier moment. Look the thing up at the moment you ask about, without `asOf` if that \
             is now, and give the id you find there."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const READER: Reader<'_> = Reader {
        scheme: "mentor-plus",
        named: "mentor-plus",
    };

    #[test]
    fn an_id_of_a_moment_is_taken_at_that_moment_only() {
        let then = Reader {
            named: "mentor-plus@then",
            ..READER
        };
        let key = Uuid::from_u128(7);
        let earlier = encode("mentor-plus@then", Kind::Pairing, key);
        let now = encode("mentor-plus", Kind::Pairing, key);
        assert!(then.pairing("pairing", &earlier).is_ok());
        assert!(then.pairing("pairing", &now).is_ok());
        assert!(READER.pairing("pairing", &now).is_ok());
        assert!(READER.pairing("pairing", &earlier).is_err());
        let other = encode("mentor-plus@other", Kind::Pairing, key);
        assert!(then.pairing("pairing", &other).is_err());
    }

    #[test]
    fn an_id_comes_back_as_what_it_was() {
        let key = Uuid::from_u128(7);
        let id = encode("mentor-plus", Kind::Pairing, key);
        assert_eq!(READER.pairing("pairing", &id).unwrap(), PairingId(key));
    }

    #[test]
    fn mentee_and_mentor_are_the_same_person() {
        for kind in [Kind::Mentee, Kind::Mentor, Kind::Person] {
            let id = encode("mentor-plus", kind, Uuid::from_u128(7));
            assert!(READER.person("mentee", &id).is_ok());
        }
    }

    #[test]
    fn another_scheme_another_type_and_plain_text_are_refused() {
        let stranger = encode("other", Kind::Pairing, Uuid::from_u128(7));
        let wrong = encode("mentor-plus", Kind::Match, Uuid::from_u128(7));
        for id in [stranger, wrong, ID::from("x")] {
            assert!(READER.pairing("pairing", &id).is_err());
        }
    }

    #[test]
    fn an_employer_may_be_named_by_its_bare_code() {
        let wanted = EmployerId::from("E08000035");
        let id = encode("mentor-plus", Kind::Employer, "E08000035");
        assert_eq!(READER.employer("employer", &id).unwrap(), wanted);
        let bare = ID::from("E08000035");
        assert_eq!(READER.employer("employer", &bare).unwrap(), wanted);
    }
}
