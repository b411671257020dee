//! Each mentee's entitlement, line by line: what granted it, what used it, what stopped its months.

use crate::board::mentees_of;
use domain::{Event, Recorded, Scheme, identifiers::PersonId};
use jiff::civil::Date;
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};

/// One line: an event that bears on an entitlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where the event stands.
    pub position: u64,
    /// When it happened.
    pub on: Date,
    /// Its type.
    #[serde(with = "crate::kind")]
    pub kind: crate::kind::Kind,
    /// Sessions used after it, over all pairings.
    pub used_after: u16,
}

/// On which terms somebody was brought forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroughtForward {
    /// The category by which they were entitled, where it was said.
    pub category: Option<String>,
}

/// What is kept for one mentee.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// For somebody brought forward: on which terms.
    pub brought_forward: Option<BroughtForward>,
}

/// Every mentee's entitlement, line by line.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger(HashTrieMapSync<PersonId, Account>);

impl Ledger {
    /// What is kept for `mentee`.
    #[must_use]
    pub fn account(&self, mentee: PersonId) -> Option<&Account> {
        self.0.get(&mentee)
    }

    pub(crate) fn fold(&mut self, scheme: &Scheme, recorded: &Recorded) {
        for mentee in bears_on(scheme, &recorded.event) {
            if !self.0.contains_key(&mentee) {
                self.0.insert_mut(mentee, Account::default());
            }
            let Some(account) = self.0.get_mut(&mentee) else {
                continue;
            };
            if let Event::PairingBroughtForward(brought) = &recorded.event {
                account.brought_forward = Some(BroughtForward {
                    category: brought.category.clone(),
                });
            }
            account.lines.push(Line {
                position: recorded.position,
                on: recorded.happened_on,
                kind: recorded.event.kind(),
                used_after: used(scheme, mentee),
            });
        }
    }
}

fn used(scheme: &Scheme, mentee: PersonId) -> u16 {
    let pairings = scheme
        .mentees
        .get(&mentee)
        .map(|mentee| mentee.pairings.as_slice())
        .unwrap_or_default();
    let found = pairings.iter().filter_map(|id| scheme.pairings.get(id));
    found
        .map(|pairing| pairing.counts.used())
        .fold(0, u16::saturating_add)
}

/// The mentees on whose entitlement an event bears.
fn bears_on(scheme: &Scheme, event: &Event) -> Vec<PersonId> {
    match event {
        Event::PersonLinked(linked) => vec![linked.person, linked.previous],
        Event::PersonUnlinked(unlinked) => vec![unlinked.person, unlinked.previous],
        Event::EligibilityJudged(judged) => vec![judged.person],
        Event::MentoringAccepted(accepted) => vec![accepted.mentee],
        Event::StartAgreed(agreed) => vec![agreed.mentee],
        Event::PairingFormed(formed) => formed.mentees.clone(),
        Event::SessionHeld(held) => mentees_of(scheme, held.pairing),
        Event::SessionsCounted(counted) => mentees_of(scheme, counted.pairing),
        Event::MeetingsReached(reached) => mentees_of(scheme, reached.pairing),
        Event::PairingBroken(broken) => mentees_of(scheme, broken.pairing),
        Event::ReplacementJudged(judged) => mentees_of(scheme, judged.pairing),
        Event::PairingConcluded(concluded) => mentees_of(scheme, concluded.pairing),
        Event::PairingBroughtForward(brought) => vec![brought.mentee],
        Event::SchemeOpened(_)
        | Event::PolicyAdopted(_)
        | Event::RegisterAdopted(_)
        | Event::CalendarAdopted(_)
        | Event::MentorInvited(_)
        | Event::MentorRegistered(_)
        | Event::PenPortraitApproved(_)
        | Event::MentorInducted(_)
        | Event::CapacityStated(_)
        | Event::AppointmentNotified(_)
        | Event::AppointmentAmended(_)
        | Event::NoticesReceived(_)
        | Event::ContactMade(_)
        | Event::MentoringOffered(_)
        | Event::MentoringDeclined(_)
        | Event::PreferencesRecorded(_)
        | Event::MatchOffered(_)
        | Event::MatchAccepted(_)
        | Event::MatchDeclined(_)
        | Event::MatchLapsed(_)
        | Event::MatchReleased(_)
        | Event::EvaluationRequested(_)
        | Event::EvaluationFiled(_)
        | Event::NeedsAnalysisBegun(_)
        | Event::NeedsAnalysisRevised(_)
        | Event::NeedsAnalysisShared(_)
        | Event::NeedsAnalysisUnshared(_)
        | Event::NeedsAnalysisDestroyed(_)
        | Event::NeedsProfileWritten(_)
        | Event::NeedsProfileCorrected(_)
        | Event::MentorBroughtForward(_)
        | Event::YearBroughtForward(_) => vec![],
    }
}
