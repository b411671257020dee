//! What can be told of mentors.

use super::Mentor;
use crate::graphql::{
    command::mutations,
    global_id::Reader,
    kinds::MentorStatus,
    pen_portrait::PenPortraitInput,
    scalars::{Date, civil},
};
use async_graphql::{Error, ID, InputObject};
use domain::{Event, identifiers::PersonId, mentor};

/// How somebody is called and reached. What is absent stays as it was known.
#[derive(Debug, Clone, InputObject)]
pub struct PersonDetailsInput {
    /// The name they go by.
    pub name: Option<String>,
    /// Their electronic mail address.
    pub email: Option<String>,
    /// Their telephone number, as they write it.
    pub telephone: Option<String>,
}

/// What decides whether somebody may mentor.
#[derive(Debug, Clone, InputObject)]
pub struct ExperienceInput {
    /// Whether they are in a post of the scheme's kind or retired from it.
    pub status: MentorStatus,
    /// When they retired.
    pub retired_on: Option<Date>,
    /// Full years in a post of the scheme's kind.
    pub years_in_post: Option<u16>,
}

impl From<PersonDetailsInput> for mentor::PersonDetails {
    fn from(given: PersonDetailsInput) -> Self {
        Self {
            name: given.name,
            email: given.email,
            telephone: given.telephone,
        }
    }
}

impl From<ExperienceInput> for mentor::Experience {
    fn from(given: ExperienceInput) -> Self {
        Self {
            status: given.status.into(),
            retired_on: civil(given.retired_on),
            years_in_post: given.years_in_post,
        }
    }
}

pub(super) fn mentor_of(ids: Reader<'_>, id: &ID) -> Result<PersonId, Error> {
    ids.person("mentor", id)
}

mutations! {
    MentorMutations;

    /// Invites somebody to mentor, or records anew who an invited mentor is.
    "inviteMentor" invite_mentor
    /// What `inviteMentor` needs.
    input InviteMentorInput {
        /// The id of somebody the scheme knows already; a new person when absent.
        person: Option<ID>,
        /// How they are called and reached. The name is needed.
        details: PersonDetailsInput,
        /// The employer they work for, or last worked for: its id, or its bare code in the register.
        employer: Option<ID>,
        /// What decides whether they may mentor.
        experience: ExperienceInput,
    }
    /// What came of `inviteMentor`.
    payload InviteMentorPayload {
        /// The mentor; null when the command was refused, or only judged.
        mentor: Mentor
    }
    command(given, asked) {
        let ids = asked.view().ids();
        mentor::InviteMentor {
            person: ids.person_if_given("person", given.person.as_ref())?,
            details: given.details.clone().into(),
            employer: ids.employer_if_given("employer", given.employer.as_ref())?,
            experience: given.experience.clone().into(),
        }
    }
    changed(answer, command) {
        let invited = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::MentorInvited(invited) => Some(invited.mentor),
            _ => None,
        });
        invited.or(command.person).and_then(|person| answer.view.mentor(person))
    }

    /// Registers an invited mentor with a pen portrait. A changed one must be approved anew.
    "registerMentor" register_mentor
    /// What `registerMentor` needs.
    input RegisterMentorInput {
        /// The id of the mentor.
        mentor: ID,
        /// The pen portrait, in full.
        portrait: PenPortraitInput,
    }
    /// What came of `registerMentor`.
    payload RegisterMentorPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::RegisterMentor {
            mentor: mentor_of(asked.view().ids(), &given.mentor)?,
            portrait: given.portrait.clone().into(),
        }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }

    /// Approves the pen portrait last registered, so that mentees may be shown it.
    "approvePenPortrait" approve_pen_portrait
    /// What `approvePenPortrait` needs.
    input ApprovePenPortraitInput {
        /// The id of the mentor, whose approval it is.
        mentor: ID,
    }
    /// What came of `approvePenPortrait`.
    payload ApprovePenPortraitPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::ApprovePenPortrait { mentor: mentor_of(asked.view().ids(), &given.mentor)? }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }

    /// Records that a mentor took part in the scheme's induction seminar, on the day given as `happenedOn`.
    "recordInduction" record_induction
    /// What `recordInduction` needs.
    input RecordInductionInput {
        /// The id of the mentor.
        mentor: ID,
    }
    /// What came of `recordInduction`.
    payload RecordInductionPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::RecordInduction { mentor: mentor_of(asked.view().ids(), &given.mentor)? }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }

    /// States how many pairings a mentor takes at a time.
    "stateCapacity" state_capacity
    /// What `stateCapacity` needs.
    input StateCapacityInput {
        /// The id of the mentor.
        mentor: ID,
        /// Live pairings at a time; 0 for none at present.
        capacity: u16,
    }
    /// What came of `stateCapacity`.
    payload StateCapacityPayload {
        /// The mentor; null when the command was refused.
        mentor: Mentor
    }
    command(given, asked) {
        mentor::StateCapacity {
            mentor: mentor_of(asked.view().ids(), &given.mentor)?,
            capacity: given.capacity,
        }
    }
    changed(answer, command) { answer.view.mentor(command.mentor) }
}
