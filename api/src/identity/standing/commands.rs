//! Whose a command is: whether what is asked is the asker's own to ask.

use super::{Asker, Thing};
use crate::identity::{
    Role,
    access::{Matrix, Relation},
};
use domain::{
    Command, Party, ReportedBy,
    erasure::ErasureGround,
    identifiers::{MatchId, NeedsAnalysisId, PairingId, ThirdPersonId},
    matching::Side,
};

impl Asker<'_> {
    /// Whether a command is the asker's to give, on this word.
    #[must_use]
    pub fn may_give(
        &self,
        matrix: &Matrix,
        command: &Command,
        reported_by: Option<&ReportedBy>,
    ) -> bool {
        let granted = matrix.command(self.caller.role, command.kind());
        granted.of_all()
            || (self.is_own_word(reported_by)
                && granted
                    .iter()
                    .any(|relation| self.stands_so_to(relation, command)))
    }

    fn stands_so_to(&self, relation: Relation, command: &Command) -> bool {
        match relation {
            Relation::Any => true,
            Relation::Own => self.is_own_command(command),
            Relation::SharedToWrite => self.is_shared_to_write(command),
            Relation::Employer => self.is_own_employers_command(command),
            Relation::Pairing
            | Relation::PairingOnceApproved
            | Relation::Match
            | Relation::MatchOnceApproved
            | Relation::Shared
            | Relation::Sent
            | Relation::Office
            | Relation::Published
            | Relation::EmployerOnceAgreed => false,
        }
    }

    /// Somebody who acts for themselves does not act on the word of another.
    fn is_own_word(&self, reported_by: Option<&ReportedBy>) -> bool {
        let Some(reported_by) = reported_by else {
            return true;
        };
        let own_party = match reported_by.party {
            Party::Mentee => self.caller.role == Role::Mentee,
            Party::Mentor => self.caller.role == Role::Mentor,
            Party::Employer => self.caller.employer.is_some(),
            Party::Operator | Party::Press | Party::Other => false,
        };
        own_party
            && reported_by
                .person
                .is_none_or(|person| self.me() == Some(person))
    }

    fn is_own_command(&self, command: &Command) -> bool {
        let Some(me) = self.me() else { return false };
        match command {
            Command::RegisterMentor(command) => command.mentor == me,
            Command::ApprovePenPortrait(command) => command.mentor == me,
            Command::StateCapacity(command) => command.mentor == me,
            Command::PauseMentor(command) => command.mentor == me,
            Command::ResignAsMentor(command) => command.mentor == me,
            Command::NameMentors(command) => command.mentee == me,
            Command::RankMatches(command) => command.mentee == me,
            Command::RequestDfeInductionDay(command) => command.mentee == me,
            Command::GiveUpDfeInductionDay(command) => command.mentee == me,
            Command::AcceptMentoring(command) => command.mentee == me,
            Command::DeclineMentoring(command) => command.mentee == me,
            Command::RecordPreferences(command) => command.mentee == me,
            Command::AcceptMatch(command) => self.is_own_match(command.of, command.side),
            Command::DeclineMatch(command) => self.is_own_match(command.of, command.side),
            Command::RecordSession(command) => {
                self.is_own_pairing(command.pairing, Some(command.counted_by))
            }
            Command::ReportSessionCount(command) => {
                self.is_own_pairing(command.pairing, Some(command.counted_by))
            }
            Command::ReportMeetingsReached(command) => {
                self.is_own_pairing(command.pairing, Some(Side::Mentor))
            }
            Command::BreakPairing(command) => self.is_own_pairing(command.pairing, None),
            Command::FileEvaluation(command) => {
                command.person == me && self.is_own_pairing(command.pairing, None)
            }
            Command::RecordSessionNotHeld(command) => {
                self.is_own_pairing(command.pairing, Some(command.counted_by))
            }
            Command::CorrectRecord(command) => {
                let told = self.scheme().told(command.entry);
                told.is_some_and(|(pairing, told)| {
                    self.is_own_pairing(pairing.id, Some(told.counted_by))
                })
            }
            Command::AgreeMeetings(command) => {
                command.person == me && self.is_own_pairing(command.pairing, None)
            }
            Command::ArrangeSession(command) => {
                command.person == me && self.is_own_pairing(command.pairing, None)
            }
            Command::CallOffSession(command) => self.is_own_pairing(command.pairing, None),
            Command::PausePairing(command) => {
                self.is_own_pairing(command.pairing, Some(Side::Mentee))
            }
            Command::ResumePairing(command) => {
                self.is_own_pairing(command.pairing, Some(Side::Mentee))
            }
            Command::WithdrawFromPairing(command) => {
                self.is_own_pairing(command.pairing, Some(Side::Mentee))
            }
            Command::RecordCheckIn(command) => {
                command.person == me && self.is_own_pairing(command.pairing, None)
            }
            Command::RaiseDifficulty(command) => self.is_own_pairing(command.pairing, None),
            Command::AgreeFoundations(command) => self.is_own_pairing(command.pairing, None),
            Command::NoteActivity(command) => self.is_own_pairing(command.pairing, None),
            Command::BeginNeedsAnalysis(command) => command.mentee == me,
            Command::ReviseNeedsAnalysis(command) => self.is_mentee_of(command.analysis),
            Command::ShareNeedsAnalysis(command) => self.is_mentee_of(command.analysis),
            Command::UnshareNeedsAnalysis(command) => self.is_mentee_of(command.analysis),
            Command::DestroyNeedsAnalysis(command) => self.is_mentee_of(command.analysis),
            Command::ReferConcern(command) => {
                command.mentor == me && self.is_own_pairing(command.pairing, Some(Side::Mentor))
            }
            Command::AgreeThirdPerson(command) => {
                command.person == me && self.is_own_pairing(command.pairing, None)
            }
            Command::AcceptConfidence(command) => self.is_own_third_person(command.third_person),
            Command::EndThirdPerson(command) => self.is_own_third_person(command.third_person),
            Command::GiveConsent(command) => command.person == me,
            Command::WithdrawConsent(command) => command.person == me,
            Command::StateCharacteristics(command) => command.person == me,
            Command::CorrectNeedsProfile(command) => {
                let found = self.scheme().needs.profiles.get(&command.profile);
                found.is_some_and(|profile| profile.mentee == me)
            }
            Command::RequestErasure(command) => {
                command.person == me && command.ground == ErasureGround::PersonsRequest
            }
            Command::WithdrawErasure(command) => command.person == me,
            // Whatever else there is, or comes to be, is nobody's own until it is named here.
            _ => false,
        }
    }

    fn is_own_employers_command(&self, command: &Command) -> bool {
        let Some(employer) = &self.caller.employer else {
            return false;
        };
        match command {
            // A personnel system names its own people by number; who they are to the scheme it does not know.
            Command::NotifyAppointment(command) => {
                command.employer.0 == *employer && command.person.is_none()
            }
            _ => false,
        }
    }

    fn is_mentee_of(&self, analysis: NeedsAnalysisId) -> bool {
        let found = self.scheme().needs.analyses.get(&analysis);
        found.is_some_and(|analysis| self.me() == Some(analysis.mentee))
    }

    fn is_shared_to_write(&self, command: &Command) -> bool {
        let Command::ReviseNeedsAnalysis(command) = command else {
            return false;
        };
        let found = self.scheme().needs.analyses.get(&command.analysis);
        found.is_some_and(|analysis| {
            self.holds(Relation::SharedToWrite, Thing::NeedsAnalysis(analysis))
        })
    }

    fn is_own_third_person(&self, third_person: ThirdPersonId) -> bool {
        let found = self.particulars().confidences().third_person(third_person);
        found.is_some_and(|third| self.is_own_pairing(third.pairing, None))
    }

    fn is_own_match(&self, of: MatchId, side: Side) -> bool {
        let found = self.scheme().matches.get(&of);
        found.and_then(|found| self.side_of(found)) == Some(side)
    }

    fn is_own_pairing(&self, pairing: PairingId, side: Option<Side>) -> bool {
        let found = self.scheme().pairings.get(&pairing);
        let own = found.and_then(|pairing| self.side_in(pairing));
        own.is_some_and(|own| side.is_none_or(|side| side == own))
    }
}
