//! What can be told of pairings.

use super::Pairing;
use crate::graphql::{
    command::mutations,
    global_id::Reader,
    kinds::{BreakdownCause, ReplacementJudgement, Side},
    view::View,
};
use async_graphql::{Error, ID};
use domain::{Event, identifiers::PairingId, pairing};

fn pairing_of(ids: Reader<'_>, id: &ID) -> Result<PairingId, Error> {
    ids.pairing("pairing", id)
}

/// The caller's own side of a pairing.
fn own_side(view: &View, id: PairingId) -> Option<domain::matching::Side> {
    let pairing = view.scheme().pairings.get(&id);
    pairing.and_then(|pairing| view.side_in(pairing))
}

mutations! {
    PairingMutations;

    /// Forms a pairing of matches on which both sides have agreed. Other open matches of the mentee are released.
    "formPairing" form_pairing
    /// What `formPairing` needs.
    input FormPairingInput {
        /// The ids of the matches: one, or several where the policy allows groups.
        matches: Vec<ID>,
    }
    /// What came of `formPairing`.
    payload FormPairingPayload {
        /// The pairing; null when the command was refused, or only judged.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::FormPairing { matches: asked.view().ids().matches("matches", &given.matches)? }
    }
    changed(answer, command) {
        let formed = answer.events.iter().find_map(|recorded| match &recorded.event {
            Event::PairingFormed(formed) => Some(formed.pairing),
            _ => None,
        });
        let before = || answer.view.scheme().pairing_of_matches(&command.matches).map(|found| found.id);
        formed.or_else(before).and_then(|id| answer.view.pairing(id))
    }

    /// Records that a session was held, on the day given as `happenedOn`. What was said in it is nobody's business.
    "recordSession" record_session
    /// What `recordSession` needs.
    input RecordSessionInput {
        /// The id of the pairing.
        pairing: ID,
        /// Which side's count it adds to. Mentors and mentees may leave it out: it is their own. Others name it here or
        /// in `reportedBy`.
        counted_by: Option<Side>,
        /// Whether it was cut short; it counts all the same.
        #[graphql(default)]
        shortened: bool,
    }
    /// What came of `recordSession`.
    payload RecordSessionPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let pairing = pairing_of(asked.view().ids(), &given.pairing)?;
        let own = own_side(asked.view(), pairing);
        pairing::RecordSession {
            pairing,
            counted_by: asked.side("countedBy", given.counted_by, own)?,
            shortened: given.shortened,
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Reports how many sessions there have been in all, by one side's count.
    "reportSessionCount" report_session_count
    /// What `reportSessionCount` needs.
    input ReportSessionCountInput {
        /// The id of the pairing.
        pairing: ID,
        /// Which side counted. Mentors and mentees may leave it out: it is their own. Others name it here or in
        /// `reportedBy`.
        counted_by: Option<Side>,
        /// How many sessions in all.
        count: u16,
    }
    /// What came of `reportSessionCount`.
    payload ReportSessionCountPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        let pairing = pairing_of(asked.view().ids(), &given.pairing)?;
        let own = own_side(asked.view(), pairing);
        pairing::ReportSessionCount {
            pairing,
            counted_by: asked.side("countedBy", given.counted_by, own)?,
            count: given.count,
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Reports that the sessions of the core offer have been held, so that reports are asked for.
    "reportMeetingsReached" report_meetings_reached
    /// What `reportMeetingsReached` needs.
    input ReportMeetingsReachedInput {
        /// The id of the pairing.
        pairing: ID,
    }
    /// What came of `reportMeetingsReached`.
    payload ReportMeetingsReachedPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::ReportMeetingsReached { pairing: pairing_of(asked.view().ids(), &given.pairing)? }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records that a pairing broke down.
    "breakPairing" break_pairing
    /// What `breakPairing` needs.
    input BreakPairingInput {
        /// The id of the pairing.
        pairing: ID,
        /// Why, as far as anybody says.
        #[graphql(default_with = "BreakdownCause::NotStated")]
        cause: BreakdownCause,
    }
    /// What came of `breakPairing`.
    payload BreakPairingPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::BreakPairing {
            pairing: pairing_of(asked.view().ids(), &given.pairing)?,
            cause: given.cause.into(),
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records what was judged after a breakdown: whether another mentor is to be found.
    "judgeReplacement" judge_replacement
    /// What `judgeReplacement` needs.
    input JudgeReplacementInput {
        /// The id of the pairing that broke down.
        pairing: ID,
        /// What was judged.
        judgement: ReplacementJudgement,
        /// Whether the mentee took part in judging, as they should.
        with_mentee: bool,
    }
    /// What came of `judgeReplacement`.
    payload JudgeReplacementPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::JudgeReplacement {
            pairing: pairing_of(asked.view().ids(), &given.pairing)?,
            judgement: given.judgement.into(),
            with_mentee: given.with_mentee,
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records that a pairing came to its end as planned.
    "concludePairing" conclude_pairing
    /// What `concludePairing` needs.
    input ConcludePairingInput {
        /// The id of the pairing.
        pairing: ID,
    }
    /// What came of `concludePairing`.
    payload ConcludePairingPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::ConcludePairing { pairing: pairing_of(asked.view().ids(), &given.pairing)? }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }
}
