//! What can be told of pairings.

use super::Pairing;
use crate::graphql::{
    command::mutations,
    global_id::Reader,
    kinds::{BreakdownCause, Judge, ReplacementJudgement},
};
use async_graphql::{Error, ID};
use domain::{Event, identifiers::PairingId, pairing};

/// The pairing that the input names.
pub(super) fn pairing_of(ids: Reader<'_>, id: &ID) -> Result<PairingId, Error> {
    ids.pairing("pairing", id)
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

    /// Records what was judged after a breakdown: whether another mentor is to be found. What remains of the entitlement is
    /// recorded with it.
    "judgeReplacement" judge_replacement
    /// What `judgeReplacement` needs.
    input JudgeReplacementInput {
        /// The id of the pairing that broke down.
        pairing: ID,
        /// What was judged.
        judgement: ReplacementJudgement,
        /// Everybody who took part in judging: mentee and coordinator, as it should be, and whoever else did.
        judged_by: Vec<Judge>,
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
            judged_by: given.judged_by.iter().map(|judge| (*judge).into()).collect(),
        }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records that a pairing came to a good end, as planned or early. `owed` of the pairing shows what is still to be
    /// done.
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
