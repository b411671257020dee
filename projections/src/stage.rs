//! Where somebody is on the way through a scheme, and who is to act next.

use domain::{
    Scheme,
    appointment::Verdict,
    matching::Match,
    mentor::{Mentor, Portrait, Presence},
    mentoring::{Mentee, Offer},
    pairing::{Course, Pairing, Replacement, Report},
};
use serde::{Deserialize, Serialize};

/// Where a mentee is, in the order of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Stage {
    /// A fact is missing before entitlement can be judged.
    ToConfirm,
    /// Entitled, and not reached yet.
    ToContact,
    /// Reached, and mentoring not offered yet.
    ToOffer,
    /// Offered, and not answered.
    Offered,
    /// Accepted, and no mentor offered.
    ToMatch,
    /// Mentors offered, and a side has not answered.
    Matching,
    /// Both sides have agreed, and the pairing is not formed.
    ToForm,
    /// In a live pairing.
    Paired,
    /// In a live pairing that rests because the mentee asked for it.
    Paused,
    /// The pairing broke down, and a replacement is not judged.
    BrokenDown,
    /// Over, and a report is still out.
    Evaluating,
    /// Over, with every report filed.
    Ended,
    /// Declined. The offer stays open and nobody is chased.
    Declined,
    /// Not entitled to the core offer.
    NotEligible,
    /// No notice is about this person any more.
    Unlinked,
    /// They were forgotten.
    Erased,
}

/// Where a mentor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum MentorStage {
    /// Invited, and not registered.
    Invited,
    /// Registered, and the pen portrait not approved.
    ToApprove,
    /// Approved, and not inducted.
    ToInduct,
    /// Ready, with room.
    Available,
    /// Ready, with no room at present.
    Full,
    /// They take nobody new for a while, however far they had come.
    Paused,
    /// They resigned, were removed or were forgotten.
    Gone,
}

/// Who is to act next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaitsFor {
    /// The coordinator.
    Coordinator,
    /// The mentee.
    Mentee,
    /// The mentor.
    Mentor,
    /// Mentee and mentor, either or both.
    Pair,
    /// Mentee and coordinator together.
    MenteeAndCoordinator,
    /// Nobody.
    Nobody,
}

impl Stage {
    /// Every stage, in the order of the way.
    pub const ALL: [Self; 16] = [
        Self::ToConfirm,
        Self::ToContact,
        Self::ToOffer,
        Self::Offered,
        Self::ToMatch,
        Self::Matching,
        Self::ToForm,
        Self::Paired,
        Self::Paused,
        Self::BrokenDown,
        Self::Evaluating,
        Self::Ended,
        Self::Declined,
        Self::NotEligible,
        Self::Unlinked,
        Self::Erased,
    ];

    /// Where `mentee` is.
    #[must_use]
    pub fn of(scheme: &Scheme, mentee: &Mentee) -> Self {
        if scheme.erasures.is_erased(mentee.person) {
            return Self::Erased;
        }
        if let Some(pairing) = mentee
            .pairings
            .last()
            .and_then(|id| scheme.pairings.get(id))
        {
            match &pairing.course {
                Course::Live if pairing.meetings_reached => return Self::evaluating(pairing),
                Course::Live if pairing.paused_since().is_some() => return Self::Paused,
                Course::Live => return Self::Paired,
                Course::Broken(breakdown) => match breakdown.judgement() {
                    None => return Self::BrokenDown,
                    Some(Replacement::End) => return Self::evaluating(pairing),
                    Some(Replacement::Replace) => {}
                },
                Course::Withdrawn { .. } | Course::Concluded { .. } => {
                    return Self::evaluating(pairing);
                }
            }
        }
        match mentee.offer {
            Offer::Accepted => Self::matching(scheme, mentee),
            Offer::Declined => Self::Declined,
            Offer::Open => Self::Offered,
            Offer::NotMade => Self::before_offer(scheme, mentee),
        }
    }

    fn evaluating(pairing: &Pairing) -> Self {
        let out = pairing.reports.iter().any(Report::is_out);
        if out { Self::Evaluating } else { Self::Ended }
    }

    fn matching(scheme: &Scheme, mentee: &Mentee) -> Self {
        let mut open = scheme.open_matches(mentee).peekable();
        if open.peek().is_none() {
            Self::ToMatch
        } else if open.any(Match::is_agreed) {
            Self::ToForm
        } else {
            Self::Matching
        }
    }

    fn before_offer(scheme: &Scheme, mentee: &Mentee) -> Self {
        let verdicts: Vec<Verdict> = scheme
            .judgements(mentee.person)
            .into_iter()
            .map(|judgement| judgement.verdict)
            .collect();
        if verdicts.contains(&Verdict::Eligible) {
            if mentee.reached_on.is_some() {
                Self::ToOffer
            } else {
                Self::ToContact
            }
        } else if verdicts.contains(&Verdict::ToBeConfirmed) {
            Self::ToConfirm
        } else if verdicts.is_empty() {
            Self::Unlinked
        } else {
            Self::NotEligible
        }
    }

    /// Who is to act next for a mentee at this stage.
    #[must_use]
    pub fn waits_for(self, scheme: &Scheme, mentee: &Mentee) -> WaitsFor {
        match self {
            Self::ToConfirm | Self::ToContact | Self::ToOffer | Self::ToMatch | Self::ToForm => {
                WaitsFor::Coordinator
            }
            Self::Offered | Self::Paused => WaitsFor::Mentee,
            Self::Matching => matching_waits_for(scheme, mentee),
            Self::Paired => WaitsFor::Pair,
            Self::BrokenDown => WaitsFor::MenteeAndCoordinator,
            Self::Evaluating => reports_wait_for(scheme, mentee),
            Self::Ended | Self::Declined | Self::NotEligible | Self::Unlinked | Self::Erased => {
                WaitsFor::Nobody
            }
        }
    }
}

/// A mentee chooses first; once they have agreed to somebody, the mentor is asked.
fn matching_waits_for(scheme: &Scheme, mentee: &Mentee) -> WaitsFor {
    let chosen = scheme
        .open_matches(mentee)
        .any(|open| open.mentee_agreed_on.is_some());
    if chosen {
        WaitsFor::Mentor
    } else {
        WaitsFor::Mentee
    }
}

fn reports_wait_for(scheme: &Scheme, mentee: &Mentee) -> WaitsFor {
    use domain::matching::Side;
    let Some(pairing) = mentee
        .pairings
        .last()
        .and_then(|id| scheme.pairings.get(id))
    else {
        return WaitsFor::Nobody;
    };
    let out = |side: Side| {
        pairing
            .reports
            .iter()
            .any(|report| report.side == side && report.is_out())
    };
    match (out(Side::Mentee), out(Side::Mentor)) {
        (true, true) => WaitsFor::Pair,
        (true, false) => WaitsFor::Mentee,
        (false, true) => WaitsFor::Mentor,
        (false, false) => WaitsFor::Nobody,
    }
}

impl MentorStage {
    /// Every stage, in the order of the way.
    pub const ALL: [Self; 7] = [
        Self::Invited,
        Self::ToApprove,
        Self::ToInduct,
        Self::Available,
        Self::Full,
        Self::Paused,
        Self::Gone,
    ];

    /// Where `mentor` is, where `capacity_default` is what the policy supposes of a mentor who stated no number.
    #[must_use]
    pub fn of(mentor: &Mentor, capacity_default: u16) -> Self {
        match mentor.presence {
            Presence::TakesPart => {}
            Presence::Paused { .. } => return Self::Paused,
            Presence::Resigned | Presence::Removed { .. } | Presence::Erased => return Self::Gone,
        }
        match mentor.portrait {
            Portrait::None => Self::Invited,
            Portrait::Registered { .. } => Self::ToApprove,
            Portrait::Approved if mentor.inducted_on.is_none() => Self::ToInduct,
            Portrait::Approved => {
                let capacity = mentor.capacity_stated.unwrap_or(capacity_default);
                if mentor.live_pairings.len() < usize::from(capacity) {
                    Self::Available
                } else {
                    Self::Full
                }
            }
        }
    }

    /// Who is to act next.
    #[must_use]
    pub const fn waits_for(self) -> WaitsFor {
        match self {
            Self::Invited | Self::ToApprove => WaitsFor::Mentor,
            Self::ToInduct => WaitsFor::Coordinator,
            Self::Available | Self::Full | Self::Paused | Self::Gone => WaitsFor::Nobody,
        }
    }
}
