//! Pause and withdrawal: the mentee's to ask for, and no breakdown.

use super::{Pairing, commands::pairing_of};
use crate::graphql::command::mutations;
use async_graphql::ID;
use domain::pairing;

mutations! {
    LifeMutations;

    /// Records that the mentee asked for a pause. The months of the entitlement stand still until `resumePairing`.
    "pausePairing" pause_pairing
    /// What `pausePairing` needs.
    input PausePairingInput {
        /// The id of the pairing.
        pairing: ID,
    }
    /// What came of `pausePairing`.
    payload PausePairingPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::PausePairing { pairing: pairing_of(asked.view().ids(), &given.pairing)? }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records that a pause is over. The months of the entitlement run on, longer by the days of the pause.
    "resumePairing" resume_pairing
    /// What `resumePairing` needs.
    input ResumePairingInput {
        /// The id of the pairing.
        pairing: ID,
    }
    /// What came of `resumePairing`.
    payload ResumePairingPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::ResumePairing { pairing: pairing_of(asked.view().ids(), &given.pairing)? }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }

    /// Records that the mentee withdrew. It is no breakdown: nobody is asked why, and no replacement is to be judged.
    "withdrawFromPairing" withdraw_from_pairing
    /// What `withdrawFromPairing` needs.
    input WithdrawFromPairingInput {
        /// The id of the pairing.
        pairing: ID,
    }
    /// What came of `withdrawFromPairing`.
    payload WithdrawFromPairingPayload {
        /// The pairing; null when the command was refused.
        pairing: Pairing
    }
    command(given, asked) {
        pairing::WithdrawFromPairing { pairing: pairing_of(asked.view().ids(), &given.pairing)? }
    }
    changed(answer, command) { answer.view.pairing(command.pairing) }
}
