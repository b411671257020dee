//! The coordinator's board: everybody by stage, since when, and the events that brought them there.
//!
//! What a stage is stands in [`crate::stage`]; this file keeps when somebody entered it. What is due next
//! depends on today and on days that are sealed, so it is worked out when asked ([`Board::due`]).

use crate::stage::Stage;
use domain::{
    Event, Particulars, Recorded, Scheme, entitlement, evaluation,
    identifiers::{PairingId, PersonId},
    mentoring::Mentee,
};
use jiff::civil::Date;
use rpds::{HashTrieMapSync, RedBlackTreeSetSync};
use serde::{Deserialize, Serialize};
use std::ops::Bound;

/// Somebody on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The mentee.
    pub mentee: PersonId,
    /// Where they are.
    pub stage: Stage,
    /// Since when.
    pub since: Date,
    /// The positions of the event that brought them there and of all that touched them since.
    pub because: Vec<u64>,
}

/// What is due next for somebody, and by when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextDue {
    /// What is due.
    pub what: DueKind,
    /// The last day for it.
    pub on: Date,
    /// Whether that day has passed.
    pub overdue: bool,
}

/// What can be due on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DueKind {
    /// A first contact.
    Contact,
    /// An answer to a match, after which it lapses.
    AnswerToMatch,
    /// The sessions of the core offer.
    Sessions,
    /// A report.
    Report,
}

/// Where a card lies: by stage, then since when, then whose it is.
type Place = (Stage, Date, PersonId);

/// Everybody by stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Board {
    cards: HashTrieMapSync<PersonId, Card>,
    order: RedBlackTreeSetSync<Place>,
}

impl Board {
    /// The card of a mentee.
    #[must_use]
    pub fn card(&self, mentee: PersonId) -> Option<&Card> {
        self.cards.get(&mentee)
    }

    /// How many are at `stage`.
    #[must_use]
    pub fn count(&self, stage: Stage) -> usize {
        self.order.range(Self::bounds(stage)).count()
    }

    /// Everybody at `stage`, who has waited longest first; after `after`, the day and person of the last one seen.
    pub fn at(&self, stage: Stage, after: Option<(Date, PersonId)>) -> impl Iterator<Item = &Card> {
        let (from, until) = Self::bounds(stage);
        let from = after.map_or(from, |(since, person)| {
            Bound::Excluded((stage, since, person))
        });
        self.order
            .range((from, until))
            .filter_map(|(_, _, person)| self.cards.get(person))
    }

    fn bounds(stage: Stage) -> (Bound<Place>, Bound<Place>) {
        let least = PersonId(uuid::Uuid::nil());
        let most = PersonId(uuid::Uuid::max());
        (
            Bound::Included((stage, Date::MIN, least)),
            Bound::Included((stage, Date::MAX, most)),
        )
    }

    /// What is due next for the mentee of `card`, as of `today`.
    ///
    /// A contact is due before the post begins, so its day tells of a sealed one: without `particulars` it is the last day
    /// the policy allows.
    #[must_use]
    pub fn due(
        &self,
        card: &Card,
        scheme: &Scheme,
        particulars: Option<&Particulars>,
        today: Date,
    ) -> Option<NextDue> {
        let mentee = scheme.mentees.get(&card.mentee)?;
        let terms = scheme.terms(today).ok()?;
        let (what, on) = match card.stage {
            Stage::ToContact => {
                let due = mentee.appointments.iter().filter_map(|id| {
                    let facts = particulars.and_then(|known| known.facts(*id));
                    let starts_on = facts.and_then(|facts| facts.starts_on);
                    let notified_on = scheme.appointments.get(id)?.notified_on;
                    Some(
                        terms
                            .policy
                            .contact_due(terms.calendar, notified_on, starts_on),
                    )
                });
                (DueKind::Contact, due.min()?)
            }
            Stage::Matching => (
                DueKind::AnswerToMatch,
                scheme
                    .open_matches(mentee)
                    .map(|open| open.answer_by)
                    .min()?,
            ),
            Stage::Paired => {
                let clock = entitlement::clock(scheme, mentee, &terms.policy.entitlement);
                (DueKind::Sessions, clock.until?)
            }
            Stage::Evaluating => (DueKind::Report, self.report_due(mentee, scheme, today)?),
            _ => return None,
        };
        Some(NextDue {
            what,
            on,
            overdue: on < today,
        })
    }

    #[expect(
        clippy::unused_self,
        reason = "it belongs to the board and reads beside `due`"
    )]
    fn report_due(&self, mentee: &Mentee, scheme: &Scheme, today: Date) -> Option<Date> {
        let terms = scheme.terms(today).ok()?;
        let pairing = scheme.pairings.get(mentee.pairings.last()?)?;
        let out = pairing.reports.iter().filter(|report| report.is_out());
        let asked_on = out.filter_map(|report| report.requested_on).min()?;
        Some(evaluation::hoped_by(&terms, asked_on))
    }

    pub(crate) fn fold(&mut self, scheme: &Scheme, recorded: &Recorded) {
        for person in touched(scheme, &recorded.event) {
            if let Some(mentee) = scheme.mentees.get(&person) {
                self.place(person, Stage::of(scheme, mentee), recorded);
            }
        }
    }

    fn place(&mut self, person: PersonId, stage: Stage, recorded: &Recorded) {
        match self.cards.get_mut(&person) {
            Some(card) if card.stage == stage => card.because.push(recorded.position),
            before => {
                let left = before.map(|card| (card.stage, card.since, person));
                if let Some(left) = left {
                    self.order.remove_mut(&left);
                }
                let since = recorded.happened_on;
                self.order.insert_mut((stage, since, person));
                self.cards.insert_mut(
                    person,
                    Card {
                        mentee: person,
                        stage,
                        since,
                        because: vec![recorded.position],
                    },
                );
            }
        }
    }
}

/// The mentees whose stage an event may change.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each event, so that none is forgotten"
)]
fn touched(scheme: &Scheme, event: &Event) -> Vec<PersonId> {
    match event {
        Event::AppointmentNotified(notified) => vec![notified.person],
        Event::AppointmentAmended(amended) => vec![amended.person],
        Event::PersonLinked(linked) => vec![linked.person, linked.previous],
        Event::PersonUnlinked(unlinked) => vec![unlinked.person, unlinked.previous],
        Event::EligibilityJudged(judged) => vec![judged.person],
        Event::ContactMade(made) => vec![made.mentee],
        Event::MentoringOffered(offered) => vec![offered.mentee],
        Event::MentoringAccepted(accepted) => vec![accepted.mentee],
        Event::MentoringDeclined(declined) => vec![declined.mentee],
        Event::StartAgreed(agreed) => vec![agreed.mentee],
        Event::PreferencesRecorded(recorded) => vec![recorded.mentee],
        Event::MatchOffered(offered) => vec![offered.mentee],
        Event::MatchAccepted(accepted) => vec![accepted.mentee],
        Event::MatchDeclined(declined) => vec![declined.mentee],
        Event::MatchLapsed(lapsed) => vec![lapsed.mentee],
        Event::MatchReleased(released) => vec![released.mentee],
        Event::MatchWithdrawn(withdrawn) => vec![withdrawn.mentee],
        Event::MentorsNamed(named) => vec![named.mentee],
        Event::MatchesRanked(ranked) => vec![ranked.mentee],
        Event::ConflictDeclared(declared) => vec![declared.mentee],
        Event::WaitingListJoined(joined) => vec![joined.mentee],
        Event::WaitingListLeft(left) => vec![left.mentee],
        Event::SupportExplained(explained) => vec![explained.mentee],
        Event::SupportAgreed(agreed) => vec![agreed.mentee],
        Event::DfeInductionDayRequested(requested) => vec![requested.mentee],
        Event::DfeInductionDayPlaceGiven(given) => vec![given.mentee],
        Event::DfeInductionDayGivenUp(given_up) => vec![given_up.mentee],
        Event::DfeInductionDayAttended(attended) => vec![attended.mentee],
        Event::DfeInductionDayMissed(missed) => vec![missed.mentee],
        Event::PairingFormed(formed) => formed.mentees.clone(),
        Event::SessionHeld(held) => mentees_of(scheme, held.pairing),
        Event::SessionsCounted(counted) => mentees_of(scheme, counted.pairing),
        Event::MeetingsReached(reached) => mentees_of(scheme, reached.pairing),
        Event::PairingBroken(broken) => mentees_of(scheme, broken.pairing),
        Event::ReplacementJudged(judged) => mentees_of(scheme, judged.pairing),
        Event::PairingConcluded(concluded) => mentees_of(scheme, concluded.pairing),
        Event::SessionNotHeld(not_held) => mentees_of(scheme, not_held.pairing),
        Event::RecordCorrected(corrected) => mentees_of(scheme, corrected.pairing),
        Event::RecordTakenBack(back) => back.told.mentees(scheme),
        Event::MeetingsAgreed(agreed) => mentees_of(scheme, agreed.pairing),
        Event::PairingPaused(paused) => mentees_of(scheme, paused.pairing),
        Event::PairingResumed(resumed) => mentees_of(scheme, resumed.pairing),
        Event::PairingWithdrawn(withdrawn) => mentees_of(scheme, withdrawn.pairing),
        Event::CheckInMade(made) => mentees_of(scheme, made.pairing),
        Event::DifficultyRaised(raised) => mentees_of(scheme, raised.pairing),
        Event::DifficultyResolved(resolved) => mentees_of(scheme, resolved.pairing),
        Event::MentorFeedbackGiven(given) => mentees_of(scheme, given.pairing),
        Event::OngoingSupportDiscussed(discussed) => vec![discussed.mentee],
        Event::FoundationsAgreed(agreed) => mentees_of(scheme, agreed.pairing),
        Event::ActivityNoted(noted) => mentees_of(scheme, noted.pairing),
        Event::EvaluationRequested(requested) => mentees_of(scheme, requested.pairing),
        Event::EvaluationReminded(reminded) => mentees_of(scheme, reminded.pairing),
        Event::EvaluationWaived(waived) => mentees_of(scheme, waived.pairing),
        Event::EvaluationFiled(filed) => mentees_of(scheme, filed.pairing),
        Event::PairingBroughtForward(brought) => vec![brought.mentee],
        Event::ErasureDecided(decided) => decided.people.clone(),
        Event::NeedsProfileWritten(written) => vec![written.mentee],
        Event::NeedsProfileCorrected(corrected) => vec![corrected.mentee],
        // An analysis is its mentee's own: it moves nobody on the board, and nobody is shown there that it moved.
        Event::NeedsAnalysisBegun(_)
        | Event::NeedsAnalysisRevised(_)
        | Event::NeedsAnalysisShared(_)
        | Event::NeedsAnalysisUnshared(_)
        | Event::NeedsAnalysisDestroyed(_)
        // Nor does what a pair arranges: nothing rests on it.
        | Event::SessionArranged(_)
        | Event::SessionCalledOff(_)
        // Nor does what is confidential.
        | Event::ConfidentialRecorded(_)
        // Nor what is asked, confirmed or held, until it is decided.
        | Event::ErasureRequested(_)
        | Event::ErasureConfirmed(_)
        | Event::ErasureWithdrawn(_)
        | Event::ErasureCompleted(_)
        | Event::HoldPlaced(_)
        | Event::HoldLifted(_)
        | Event::SchemeOpened(_)
        | Event::PolicyAdopted(_)
        | Event::RegisterAdopted(_)
        | Event::CalendarAdopted(_)
        | Event::MentorInvited(_)
        | Event::MentorRegistered(_)
        | Event::PenPortraitApproved(_)
        | Event::MentorInducted(_)
        | Event::CapacityStated(_)
        | Event::MentorPaused(_)
        | Event::MentorResumed(_)
        | Event::MentorResigned(_)
        | Event::MentorRemoved(_)
        | Event::MentorLeftPost(_)
        | Event::CampaignOpened(_)
        | Event::CampaignInvited(_)
        | Event::CampaignClosed(_)
        | Event::MentorInductionSeminarScheduled(_)
        | Event::MentorInductionSeminarHeld(_)
        | Event::DfeInductionDayAnnounced(_)
        | Event::NoticesReceived(_)
        | Event::PostConfirmed(_)
        | Event::PostVacated(_)
        | Event::MentorBroughtForward(_)
        | Event::DevelopmentAnnounced(_)
        | Event::DevelopmentNewsSent(_)
        | Event::MessageSent(_)
        | Event::AccessGranted(_)
        | Event::AccessRevoked(_)
        | Event::YearBroughtForward(_)
        | Event::PeriodPublished(_) => vec![],
    }
}

pub(crate) fn mentees_of(scheme: &Scheme, pairing: PairingId) -> Vec<PersonId> {
    scheme
        .pairings
        .get(&pairing)
        .map(|pairing| pairing.mentees.clone())
        .unwrap_or_default()
}
