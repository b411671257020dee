//! Each mentee's entitlement, line by line: what granted it, what used it, what stopped its months.
//!
//! A line keeps what stood after its event. What the event credited and debited is the difference to the line before,
//! worked out when asked, because how many sessions were granted is the policy's to say ([`explained`]). So the lines
//! add up to the balance, whatever happened.

use crate::board::mentees_of;
use domain::{
    Event, Recorded, Scheme, appointment::Verdict, correction::Matter, entitlement,
    identifiers::PersonId,
};
use jiff::civil::Date;
use rpds::HashTrieMapSync;
use serde::{Deserialize, Serialize};

/// One line: an event that bears on an entitlement, and what stood after it.
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
    /// Whether they were entitled after it.
    entitled_after: bool,
    /// Whether mentoring had come to its end after it.
    over_after: bool,
    /// For how many days the months had stood still after it.
    still_days_after: u32,
    /// What the event itself is to the entitlement, whatever it changed.
    nature: Nature,
}

/// What an event is to an entitlement by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Nature {
    /// Told of a session beyond the core offer.
    OutsideCoreOffer,
    /// Told of sessions used before the scheme was run here.
    BroughtForward,
    /// Formed a replacement.
    CarriedOver,
    /// Stopped the months.
    Stopped,
    /// Took back what had stopped them.
    RunsOn,
    /// Set the day from which the months run.
    Begun,
    /// Anything else.
    Other,
}

/// What a line is to the entitlement, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entry {
    /// The sessions of the core offer were granted.
    Granted,
    /// They were granted, and what was used before was brought forward.
    BroughtForward,
    /// Sessions were used.
    Used,
    /// A session lay outside the core offer, in number or in time.
    OutsideCoreOffer,
    /// A count was put right downwards: sessions are given back.
    Corrected,
    /// The months were said to run from a day.
    Begun,
    /// The months stand still from here on.
    Stopped,
    /// The months run on, longer by the days they stood still.
    RunsOn,
    /// What was left carries over to the next pairing, and the days in between are added.
    CarriedOver,
    /// What was left ended with mentoring.
    Ended,
    /// Mentoring was taken up again, and what had ended is there again.
    TakenUpAgain,
    /// They are not entitled any more.
    Lost,
    /// It changed nothing.
    Noted,
}

/// A line with what it credited and debited: `granted` less `used` and `ended` is what was added to what is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The line.
    pub line: Line,
    /// What it is in one word.
    pub entry: Entry,
    /// Sessions of the core offer that it granted; less than nothing where they were lost.
    pub granted: i32,
    /// Sessions of the core offer that it used; less than nothing where they were given back.
    pub used: i32,
    /// Sessions that it used beyond those granted.
    pub outside: i32,
    /// Sessions that ended with it unused; less than nothing where they are there again.
    pub ended: i32,
    /// Days by which it made the months longer.
    pub days: i64,
    /// Sessions left after it.
    pub left_after: u16,
}

/// What stands after a line, by a policy that grants so many sessions.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    granted: u16,
    within: u16,
    outside: u16,
    ended: u16,
    still_days: u32,
    over: bool,
}

impl Standing {
    fn after(line: &Line, sessions_most: u16) -> Self {
        let granted = if line.entitled_after {
            sessions_most
        } else {
            0
        };
        let within = line.used_after.min(granted);
        Self {
            granted,
            within,
            outside: line.used_after - within,
            ended: if line.over_after { granted - within } else { 0 },
            still_days: line.still_days_after,
            over: line.over_after,
        }
    }
}

/// The lines with what each credited and debited, where the policy grants `sessions_most` sessions.
#[must_use]
pub fn explained(lines: &[Line], sessions_most: u16) -> Vec<Explained> {
    let mut before = Standing::default();
    let explain = |line: &Line| {
        let after = Standing::after(line, sessions_most);
        let change = |of: fn(&Standing) -> u16| i32::from(of(&after)) - i32::from(of(&before));
        let explained = Explained {
            entry: entry(line, &before, &after),
            granted: change(|standing| standing.granted),
            used: change(|standing| standing.within),
            outside: change(|standing| standing.outside),
            ended: change(|standing| standing.ended),
            days: i64::from(after.still_days) - i64::from(before.still_days),
            left_after: after.granted - after.within - after.ended,
            line: line.clone(),
        };
        before = after;
        explained
    };
    lines.iter().map(explain).collect()
}

fn entry(line: &Line, before: &Standing, after: &Standing) -> Entry {
    let used = |standing: &Standing| standing.within.saturating_add(standing.outside);
    match line.nature {
        Nature::BroughtForward => return Entry::BroughtForward,
        Nature::OutsideCoreOffer => return Entry::OutsideCoreOffer,
        Nature::CarriedOver => return Entry::CarriedOver,
        Nature::Stopped => return Entry::Stopped,
        Nature::RunsOn => return Entry::RunsOn,
        Nature::Begun => return Entry::Begun,
        Nature::Other => {}
    }
    if after.granted > before.granted {
        Entry::Granted
    } else if after.granted < before.granted {
        Entry::Lost
    } else if used(after) > used(before) {
        Entry::Used
    } else if used(after) < used(before) {
        Entry::Corrected
    } else if after.over && !before.over {
        Entry::Ended
    } else if before.over && !after.over {
        Entry::TakenUpAgain
    } else if after.still_days > before.still_days {
        Entry::RunsOn
    } else {
        Entry::Noted
    }
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
        let (mentees, nature) = bears_on(scheme, &recorded.event);
        for mentee in mentees {
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
            let brought_forward = account.brought_forward.is_some();
            let line = line(scheme, recorded, mentee, nature, brought_forward);
            account.lines.extend(line);
        }
    }
}

fn line(
    scheme: &Scheme,
    recorded: &Recorded,
    person: PersonId,
    nature: Nature,
    brought_forward: bool,
) -> Option<Line> {
    let mentee = scheme.mentees.get(&person)?;
    let judgements = scheme.judgements(person);
    let mut verdicts = judgements.iter().map(|judgement| judgement.verdict);
    Some(Line {
        position: recorded.position,
        on: recorded.happened_on,
        kind: recorded.event.kind(),
        used_after: entitlement::used(scheme, mentee),
        entitled_after: brought_forward || verdicts.any(|verdict| verdict == Verdict::Eligible),
        over_after: entitlement::is_over(scheme, mentee),
        still_days_after: entitlement::still_days(scheme, mentee),
        nature,
    })
}

/// The mentees on whose entitlement an event bears, and what it is to it.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each event, so that none is forgotten"
)]
fn bears_on(scheme: &Scheme, event: &Event) -> (Vec<PersonId>, Nature) {
    let of = |pairing| mentees_of(scheme, pairing);
    match event {
        Event::PersonLinked(linked) => (vec![linked.person, linked.previous], Nature::Other),
        Event::PersonUnlinked(unlinked) => {
            (vec![unlinked.person, unlinked.previous], Nature::Other)
        }
        Event::EligibilityJudged(judged) => (vec![judged.person], Nature::Other),
        Event::MentoringAccepted(accepted) => (vec![accepted.mentee], Nature::Other),
        Event::StartAgreed(agreed) => (vec![agreed.mentee], Nature::Begun),
        Event::PairingFormed(formed) if formed.replaces.is_some() => {
            (formed.mentees.clone(), Nature::CarriedOver)
        }
        Event::PairingFormed(formed) => (formed.mentees.clone(), Nature::Other),
        Event::SessionHeld(held) if held.outside_core_offer => {
            (of(held.pairing), Nature::OutsideCoreOffer)
        }
        Event::SessionHeld(held) => (of(held.pairing), Nature::Other),
        Event::SessionsCounted(counted) => (of(counted.pairing), Nature::Other),
        Event::MeetingsReached(reached) => (of(reached.pairing), Nature::Other),
        Event::RecordCorrected(corrected) => (of(corrected.pairing), Nature::Other),
        Event::RecordTakenBack(back) => match back.told {
            Matter::Breakdown { pairing } => (of(pairing), Nature::RunsOn),
            Matter::Ending { pairing } => (of(pairing), Nature::Other),
            Matter::MentoringAccepted { mentee } => (vec![mentee], Nature::Other),
            _ => (vec![], Nature::Other),
        },
        Event::PairingPaused(paused) => (of(paused.pairing), Nature::Stopped),
        Event::PairingResumed(resumed) => (of(resumed.pairing), Nature::Other),
        Event::PairingBroken(broken) => (of(broken.pairing), Nature::Stopped),
        Event::ReplacementJudged(judged) => (of(judged.pairing), Nature::Other),
        Event::PairingWithdrawn(withdrawn) => (of(withdrawn.pairing), Nature::Other),
        Event::PairingConcluded(concluded) => (of(concluded.pairing), Nature::Other),
        Event::PairingBroughtForward(brought) => (vec![brought.mentee], Nature::BroughtForward),
        Event::DfeInductionDayRequested(requested) => (vec![requested.mentee], Nature::Other),
        Event::DfeInductionDayPlaceGiven(given) => (vec![given.mentee], Nature::Other),
        Event::DfeInductionDayGivenUp(given_up) => (vec![given_up.mentee], Nature::Other),
        Event::DfeInductionDayAttended(attended) => (vec![attended.mentee], Nature::Other),
        Event::DfeInductionDayMissed(missed) => (vec![missed.mentee], Nature::Other),
        Event::ErasureRequested(_)
        | Event::ErasureConfirmed(_)
        | Event::ErasureWithdrawn(_)
        | Event::ErasureDecided(_)
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
        | Event::CampaignOpened(_)
        | Event::CampaignInvited(_)
        | Event::CampaignClosed(_)
        | Event::MentorInductionSeminarScheduled(_)
        | Event::MentorInductionSeminarHeld(_)
        | Event::MatchWithdrawn(_)
        | Event::MentorsNamed(_)
        | Event::MatchesRanked(_)
        | Event::ConflictDeclared(_)
        | Event::WaitingListJoined(_)
        | Event::WaitingListLeft(_)
        | Event::SupportExplained(_)
        | Event::SupportAgreed(_)
        | Event::DfeInductionDayAnnounced(_)
        | Event::MentorLeftPost(_)
        | Event::AppointmentNotified(_)
        | Event::AppointmentAmended(_)
        | Event::NoticesReceived(_)
        | Event::PostConfirmed(_)
        | Event::PostVacated(_)
        | Event::ContactMade(_)
        | Event::MentoringOffered(_)
        | Event::MentoringDeclined(_)
        | Event::PreferencesRecorded(_)
        | Event::MatchOffered(_)
        | Event::MatchAccepted(_)
        | Event::MatchDeclined(_)
        | Event::MatchLapsed(_)
        | Event::MatchReleased(_)
        | Event::SessionNotHeld(_)
        | Event::MeetingsAgreed(_)
        | Event::SessionArranged(_)
        | Event::SessionCalledOff(_)
        | Event::CheckInMade(_)
        | Event::DifficultyRaised(_)
        | Event::DifficultyResolved(_)
        | Event::MentorFeedbackGiven(_)
        | Event::OngoingSupportDiscussed(_)
        | Event::FoundationsAgreed(_)
        | Event::ActivityNoted(_)
        | Event::EvaluationRequested(_)
        | Event::EvaluationReminded(_)
        | Event::EvaluationWaived(_)
        | Event::EvaluationFiled(_)
        | Event::NeedsAnalysisBegun(_)
        | Event::NeedsAnalysisRevised(_)
        | Event::NeedsAnalysisShared(_)
        | Event::NeedsAnalysisUnshared(_)
        | Event::NeedsAnalysisDestroyed(_)
        | Event::NeedsProfileWritten(_)
        | Event::NeedsProfileCorrected(_)
        | Event::ConfidentialRecorded(_)
        | Event::MentorBroughtForward(_)
        | Event::DevelopmentAnnounced(_)
        | Event::DevelopmentNewsSent(_)
        | Event::MessageSent(_)
        | Event::AccessGranted(_)
        | Event::AccessRevoked(_)
        | Event::YearBroughtForward(_)
        | Event::PeriodPublished(_) => (vec![], Nature::Other),
    }
}
