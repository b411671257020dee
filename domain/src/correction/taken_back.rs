//! Taking back what was recorded of the wrong person, the wrong pair or by mistake.
//!
//! What can be taken back is said not to be so, and what is so is recorded anew by the command of its own. What one
//! command recorded was one act, and is taken back whole. What time or others would have made of it meanwhile is made of
//! it at once: a match whose no is taken back may have lapsed. Where something rests on it, it stays, and the rejection says
//! what to do.

use super::{CorrectRecord, Correction};
use crate::{
    Context, Event, Rejection, Scheme,
    evaluation::EvaluationRequested,
    event::Payload,
    identifiers::{MatchId, PairingId, PersonId},
    matching::{Match, MatchLapsed, MatchReleased, MatchWithdrawn, WaitingListLeft, may_be_paired},
    mentor::Presence,
    mentoring::{Mentee, Offer},
    pairing::{Breakdown, Pairing},
};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// What was told, of those things that can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(transform = named_as_described)]
pub enum Matter {
    /// An attempt to make contact.
    ContactAttempt {
        /// With whom.
        mentee: PersonId,
    },
    /// That the support was explained.
    SupportExplained {
        /// To whom.
        mentee: PersonId,
    },
    /// That mentoring was accepted.
    MentoringAccepted {
        /// By whom.
        mentee: PersonId,
    },
    /// That mentoring was declined.
    MentoringDeclined {
        /// By whom.
        mentee: PersonId,
    },
    /// That a match was declined.
    MatchDeclined {
        /// The match.
        #[serde(rename = "match")]
        of: MatchId,
        /// The mentee.
        mentee: PersonId,
        /// The mentor.
        mentor: PersonId,
    },
    /// That a pairing broke down.
    Breakdown {
        /// The pairing.
        pairing: PairingId,
    },
    /// That a pairing came to its end otherwise: it was concluded, or the mentee withdrew.
    Ending {
        /// The pairing.
        pairing: PairingId,
    },
    /// What somebody said when asked how it goes.
    CheckIn {
        /// The pairing.
        pairing: PairingId,
        /// Who.
        person: PersonId,
    },
    /// That a difficulty was raised.
    Difficulty {
        /// The pairing.
        pairing: PairingId,
    },
    /// That somebody was asked for a report. It is taken back with the end at which they were, and not by itself.
    ReportRequest {
        /// The pairing.
        pairing: PairingId,
        /// Who.
        person: PersonId,
    },
    /// That somebody was reminded of their report.
    ReportReminder {
        /// The pairing.
        pairing: PairingId,
        /// Who.
        person: PersonId,
    },
    /// That somebody's report is not waited for.
    ReportWaiver {
        /// The pairing.
        pairing: PairingId,
        /// Whose.
        person: PersonId,
    },
    /// That somebody was sent a message.
    Message {
        /// To whom.
        person: PersonId,
    },
    /// That a mentor was inducted.
    MentorInduction {
        /// Who.
        mentor: PersonId,
    },
}

/// Where the name of a variant is the name of a member, the member is described as the variant is.
fn named_as_described(schema: &mut Schema) {
    let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    for variant in variants.into_iter().flatten() {
        let description = variant["description"].clone();
        let members = variant["properties"].as_object_mut();
        for member in members.into_iter().flat_map(|members| members.values_mut()) {
            member["description"] = description.clone();
        }
    }
}

impl Matter {
    /// Opaque identifiers of what it concerns.
    fn subjects(self) -> Vec<Uuid> {
        match self {
            Self::ContactAttempt { mentee }
            | Self::SupportExplained { mentee }
            | Self::MentoringAccepted { mentee }
            | Self::MentoringDeclined { mentee } => vec![mentee.0],
            Self::MatchDeclined { of, mentee, mentor } => vec![of.0, mentee.0, mentor.0],
            Self::Breakdown { pairing }
            | Self::Ending { pairing }
            | Self::Difficulty { pairing } => vec![pairing.0],
            Self::CheckIn { pairing, person }
            | Self::ReportRequest { pairing, person }
            | Self::ReportReminder { pairing, person }
            | Self::ReportWaiver { pairing, person } => vec![pairing.0, person.0],
            Self::Message { person } => vec![person.0],
            Self::MentorInduction { mentor } => vec![mentor.0],
        }
    }

    /// The mentees whose way through the scheme it is about.
    #[must_use]
    pub fn mentees(self, scheme: &Scheme) -> Vec<PersonId> {
        match self {
            Self::ContactAttempt { mentee }
            | Self::SupportExplained { mentee }
            | Self::MentoringAccepted { mentee }
            | Self::MentoringDeclined { mentee }
            | Self::MatchDeclined { mentee, .. } => vec![mentee],
            Self::Breakdown { pairing }
            | Self::Ending { pairing }
            | Self::Difficulty { pairing }
            | Self::CheckIn { pairing, .. }
            | Self::ReportRequest { pairing, .. }
            | Self::ReportReminder { pairing, .. }
            | Self::ReportWaiver { pairing, .. } => {
                let pairing = scheme.pairings.get(&pairing);
                pairing.map_or_else(Vec::new, |pairing| pairing.mentees.clone())
            }
            Self::Message { .. } | Self::MentorInduction { .. } => vec![],
        }
    }

    /// The pairing it is about.
    #[must_use]
    pub const fn pairing(self) -> Option<PairingId> {
        match self {
            Self::Breakdown { pairing }
            | Self::Ending { pairing }
            | Self::Difficulty { pairing }
            | Self::CheckIn { pairing, .. }
            | Self::ReportRequest { pairing, .. }
            | Self::ReportReminder { pairing, .. }
            | Self::ReportWaiver { pairing, .. } => Some(pairing),
            Self::ContactAttempt { .. }
            | Self::SupportExplained { .. }
            | Self::MentoringAccepted { .. }
            | Self::MentoringDeclined { .. }
            | Self::MatchDeclined { .. }
            | Self::Message { .. }
            | Self::MentorInduction { .. } => None,
        }
    }
}

/// An entry that can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// What it told.
    pub matter: Matter,
    /// The command that recorded it: what it recorded beside belongs to the same act.
    pub command: Option<Uuid>,
    /// The entry that took it back.
    pub taken_back_by: Option<Uuid>,
}

/// What an earlier entry told is not so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordTakenBack {
    /// The entry that is taken back. It stays in the history as it is.
    pub corrects: Uuid,
    /// What it told.
    pub told: Matter,
}

impl Payload for RecordTakenBack {
    fn subjects(&self) -> Vec<Uuid> {
        self.told.subjects()
    }
}

pub(super) fn take_back(
    scheme: &Scheme,
    command: &CorrectRecord,
    act: &Act,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let entry = command.entry;
    if matches!(act.matter, Matter::ReportRequest { .. }) {
        return Err(Rejection::NotCorrectable { entry });
    }
    match command.correction {
        Correction::NotSo if act.taken_back_by.is_some() => return Ok(vec![]),
        Correction::NotSo => {}
        Correction::AsRecorded if act.taken_back_by.is_none() => return Ok(vec![]),
        Correction::AsRecorded | Correction::On(_) => {
            return Err(Rejection::OnlyTakenBack { entry });
        }
    }
    let together = recorded_together(scheme, entry, act);
    for (_, matter) in &together {
        nobody_was_forgotten(scheme, *matter)?;
        nothing_rests_on(scheme, entry, *matter)?;
    }
    let mut events: Vec<Event> = Vec::new();
    for (corrects, told) in together {
        events.push(Event::RecordTakenBack(RecordTakenBack { corrects, told }));
        events.extend(made_of_it_since(scheme, told, context));
    }
    Ok(events)
}

/// The entry and what else its command recorded, as far as that stands, in the order of their names.
fn recorded_together(scheme: &Scheme, entry: Uuid, act: &Act) -> Vec<(Uuid, Matter)> {
    let acts = scheme.acts.iter();
    let of_command = acts.filter(|(_, other)| {
        other.command.is_some() && other.command == act.command && other.taken_back_by.is_none()
    });
    let mut together: Vec<_> = of_command.map(|(id, other)| (*id, other.matter)).collect();
    if act.command.is_none() {
        together.push((entry, act.matter));
    }
    together.sort_unstable_by_key(|(id, _)| *id);
    together
}

/// Refuses to bring back what somebody who was forgotten would stand in again.
fn nobody_was_forgotten(scheme: &Scheme, matter: Matter) -> Result<(), Rejection> {
    let people: Vec<PersonId> = match matter {
        Matter::ContactAttempt { mentee }
        | Matter::SupportExplained { mentee }
        | Matter::MentoringAccepted { mentee }
        | Matter::MentoringDeclined { mentee } => vec![mentee],
        Matter::MatchDeclined { mentee, mentor, .. } => vec![mentee, mentor],
        Matter::Breakdown { pairing } | Matter::Ending { pairing } => {
            let members = scheme.pairing(pairing)?.members();
            members.map(|(member, _)| member).collect()
        }
        Matter::Difficulty { .. } => vec![],
        Matter::CheckIn { person, .. }
        | Matter::ReportRequest { person, .. }
        | Matter::ReportReminder { person, .. }
        | Matter::ReportWaiver { person, .. }
        | Matter::Message { person } => vec![person],
        Matter::MentorInduction { mentor } => vec![mentor],
    };
    people
        .into_iter()
        .try_for_each(|person| scheme.not_erased(person))
}

/// Refuses to make undone what others have built on since.
fn nothing_rests_on(scheme: &Scheme, entry: Uuid, matter: Matter) -> Result<(), Rejection> {
    match matter {
        Matter::Breakdown { pairing } | Matter::Ending { pairing } => {
            nothing_rests_on_end(scheme, entry, scheme.pairing(pairing)?)
        }
        Matter::MentoringAccepted { mentee } => {
            let mentee = scheme.mentee(mentee)?;
            if !mentee.pairings.is_empty() {
                return Err(Rejection::RestedOn {
                    entry,
                    since: "the mentee has been in a pairing since; record how that ended",
                });
            }
            nobody_offered(scheme, entry, mentee)
        }
        Matter::ContactAttempt { .. }
        | Matter::SupportExplained { .. }
        | Matter::MentoringDeclined { .. }
        | Matter::MatchDeclined { .. }
        | Matter::CheckIn { .. }
        | Matter::Difficulty { .. }
        | Matter::ReportRequest { .. }
        | Matter::ReportReminder { .. }
        | Matter::ReportWaiver { .. }
        | Matter::Message { .. }
        | Matter::MentorInduction { .. } => Ok(()),
    }
}

fn nobody_offered(scheme: &Scheme, entry: Uuid, mentee: &Mentee) -> Result<(), Rejection> {
    if scheme.open_matches(mentee).next().is_none() {
        return Ok(());
    }
    Err(Rejection::RestedOn {
        entry,
        since: "the mentee was offered mentors since; withdraw those matches first",
    })
}

fn nothing_rests_on_end(scheme: &Scheme, entry: Uuid, pairing: &Pairing) -> Result<(), Rejection> {
    let judged = pairing.breakdown().and_then(Breakdown::judgement);
    if judged.is_some() {
        return Err(Rejection::RestedOn {
            entry,
            since: "it was judged since what comes after it; judge that another mentor is to be found and pair the two again: what is left carries over",
        });
    }
    for mentee in &pairing.mentees {
        let mentee = scheme.mentee(*mentee)?;
        if mentee.pairings.last() != Some(&pairing.id) {
            return Err(Rejection::RestedOn {
                entry,
                since: "the mentee has been in another pairing since; go on in that one",
            });
        }
        nobody_offered(scheme, entry, mentee)?;
    }
    Ok(())
}

/// What has become meanwhile of what was only thought to be over.
fn made_of_it_since(scheme: &Scheme, matter: Matter, context: &Context) -> Vec<Event> {
    match matter {
        Matter::MatchDeclined { of, .. } => {
            let found = scheme.matches.get(&of);
            let became = found.and_then(|found| became_of_match(scheme, found, context));
            became.into_iter().collect()
        }
        Matter::ReportWaiver { pairing, person } => {
            let pairing = scheme.pairings.get(&pairing);
            let asked = pairing.and_then(|pairing| asked_for_after_all(pairing, person));
            asked.into_iter().collect()
        }
        Matter::Breakdown { .. } | Matter::Ending { .. } | Matter::MentoringAccepted { .. } => {
            let mentees = matter.mentees(scheme).into_iter();
            mentees
                .filter_map(|mentee| waits_no_longer(scheme, mentee))
                .collect()
        }
        Matter::ContactAttempt { .. }
        | Matter::SupportExplained { .. }
        | Matter::MentoringDeclined { .. }
        | Matter::CheckIn { .. }
        | Matter::Difficulty { .. }
        | Matter::ReportRequest { .. }
        | Matter::ReportReminder { .. }
        | Matter::Message { .. }
        | Matter::MentorInduction { .. } => vec![],
    }
}

/// Whoever works with somebody, or never wished to, waits for nobody.
fn waits_no_longer(scheme: &Scheme, mentee: PersonId) -> Option<Event> {
    let waits = scheme.mentees.get(&mentee)?.waiting_since.is_some();
    waits.then_some(Event::WaitingListLeft(WaitingListLeft { mentee }))
}

/// A match that nobody declined was released when the mentee found somebody else, withdrawn with its mentor, with the
/// mentee's own yes or for another offer of the same, or lapsed.
fn became_of_match(scheme: &Scheme, found: &Match, context: &Context) -> Option<Event> {
    let (of, mentee, mentor) = (found.id, found.mentee, found.mentor);
    let state = scheme.mentees.get(&mentee)?;
    if may_be_paired(scheme, state).is_err() {
        return Some(Event::MatchReleased(MatchReleased { of, mentee, mentor }));
    }
    let presence = scheme.mentors.get(&mentor).map(|mentor| mentor.presence);
    let again = scheme.open_matches(state).any(|open| open.mentor == mentor);
    let wished = state.offer == Offer::Accepted;
    if presence != Some(Presence::TakesPart) || again || !wished {
        return Some(Event::MatchWithdrawn(MatchWithdrawn { of, mentee, mentor }));
    }
    let agreed = found.mentee_agreed_on.is_some() && found.mentor_agreed_on.is_some();
    let lapsed = !agreed && found.answer_by < context.today;
    lapsed.then_some(Event::MatchLapsed(MatchLapsed { of, mentee, mentor }))
}

/// Whoever was not asked for a report because nobody waited for it is asked, where the others were.
fn asked_for_after_all(pairing: &Pairing, person: PersonId) -> Option<Event> {
    let report = pairing.report_of(person)?;
    let asks = pairing.is_final() || pairing.meetings_reached;
    let wanted = report.requested_on.is_none() && report.filed_on.is_none();
    let request = EvaluationRequested {
        pairing: pairing.id,
        person,
        side: report.side,
    };
    (asks && wanted).then_some(Event::EvaluationRequested(request))
}
