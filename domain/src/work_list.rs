//! Messages by which the coordinator's work list is worked through: what was sent to whom about what, how, and when it is
//! to be looked at again.
//!
//! What is due stands in no event: it is worked out from what is known when it is asked for (`projections::work_list`). A
//! message is recorded without a word of what it said. It settles nothing: what it is about is done when that is
//! recorded, and until then it comes back on the day of its follow-up.

use crate::{
    Channel, Context, Event, Rejection, Scheme,
    evaluation::{self, RemindOfEvaluation},
    event::Payload,
    identifiers::PersonId,
    mentoring::{self, ContactOutcome, RecordContact},
    pairing::Report,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a message to somebody is about: what waits for them, or for the coordinator because of them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// Confirm the facts an entitlement waits for.
    ConfirmFacts,
    /// Make the first contact.
    MakeContact,
    /// Offer mentoring.
    OfferMentoring,
    /// Answer the offer of mentoring.
    AnswerOffer,
    /// Offer mentors.
    OfferMatches,
    /// Look again whether somebody suits a mentee who waits.
    ReviewWaitingList,
    /// Answer a match, before it lapses.
    AnswerMatch,
    /// Form a pairing on which both sides have agreed.
    FormPairing,
    /// Agree when mentoring begins.
    AgreeStart,
    /// Ask how it goes.
    CheckIn,
    /// Ring back somebody who asked for it.
    RingBack,
    /// Have a difficulty resolved.
    ResolveDifficulty,
    /// Judge whether another mentor is to be found.
    JudgeReplacement,
    /// Send news of development.
    SendDevelopmentNews,
    /// File a report on how well mentoring worked.
    FileReport,
    /// Give a mentor feedback at the end.
    GiveMentorFeedback,
    /// Talk over with a mentee what support comes next.
    DiscussOngoingSupport,
    /// Take up a place at the department's induction day, and tell whether one was there.
    AttendDfeInductionDay,
    /// Register with a pen portrait.
    Register,
    /// Approve the pen portrait.
    ApprovePenPortrait,
    /// Take part in the induction seminar of mentors.
    AttendSeminar,
}

/// Records that a message was sent to somebody. On which day and how stands beside the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordMessageSent {
    /// To whom.
    pub person: PersonId,
    /// What it was about.
    pub kind: MessageKind,
    /// When it is to be looked at again; by the policy when absent.
    pub follow_up_on: Option<Date>,
}

/// A message was sent to somebody. What it said is not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageSent {
    /// To whom.
    pub person: PersonId,
    /// What it was about.
    pub kind: MessageKind,
    /// When it is to be looked at again.
    pub follow_up_on: Date,
}

impl Payload for MessageSent {
    fn subjects(&self) -> Vec<Uuid> {
        vec![self.person.0]
    }
}

/// A message as the scheme remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The entry of the history that told it.
    pub entry: Uuid,
    /// What it was about.
    pub kind: MessageKind,
    /// When it was sent.
    pub on: Date,
    /// How.
    pub channel: Option<Channel>,
    /// When it is to be looked at again.
    pub follow_up_on: Date,
    /// Where the record of it stands.
    pub position: u64,
}

/// The same day, the same kind, the same channel is the same message. A reminder of a report and an attempt to make
/// contact are recorded as such too, so that nobody has to say a thing twice.
pub(crate) fn record_sent(
    scheme: &Scheme,
    command: &RecordMessageSent,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let RecordMessageSent { person, kind, .. } = *command;
    scheme.not_erased(person)?;
    if !scheme.knows(person) {
        return Err(Rejection::UnknownPerson { person });
    }
    if context.channel.is_none() {
        return Err(Rejection::ChannelMissing);
    }
    let mut before = scheme.messages_to(person).iter();
    let same = |message: &Message| {
        (message.kind, message.on, message.channel) == (kind, context.happened_on, context.channel)
    };
    if before.any(same) {
        return Ok(vec![]);
    }
    let follow_up_on = match command.follow_up_on {
        Some(day) if day < context.happened_on => {
            return Err(Rejection::FollowUpBefore { follow_up_on: day });
        }
        Some(day) => day,
        None => {
            let terms = scheme.terms(context.today)?;
            let days = terms.policy.work_list.follow_up_working_days;
            terms.calendar.add_working_days(context.happened_on, days)
        }
    };
    let mut events = vec![Event::MessageSent(MessageSent {
        person,
        kind,
        follow_up_on,
    })];
    events.extend(said_elsewhere(scheme, command, context)?);
    Ok(events)
}

/// What the message also is, in the words of another part of the scheme.
fn said_elsewhere(
    scheme: &Scheme,
    command: &RecordMessageSent,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let person = command.person;
    match command.kind {
        MessageKind::MakeContact if scheme.mentees.contains_key(&person) => {
            let attempt = RecordContact {
                mentee: person,
                outcome: ContactOutcome::MessageLeft,
                explained: vec![],
            };
            mentoring::record_contact(scheme, &attempt, context)
        }
        MessageKind::FileReport => {
            let out = |report: &Report| report.person == person && report.is_out();
            let all = scheme.pairings.values();
            let mut owing: Vec<_> = all
                .filter(|pairing| pairing.reports.iter().any(out))
                .map(|pairing| pairing.id)
                .collect();
            owing.sort_unstable();
            let mut reminded = Vec::new();
            for pairing in owing {
                let remind = RemindOfEvaluation { pairing, person };
                reminded.extend(evaluation::remind(scheme, &remind)?);
            }
            Ok(reminded)
        }
        _ => Ok(vec![]),
    }
}

#[cfg(test)]
mod tests;
