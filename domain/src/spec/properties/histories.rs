//! Making histories of random steps.

use super::{
    World,
    commands::{command, life_of_a_pairing},
    erasure,
};
use crate::spec::COORDINATOR;
use crate::{
    Channel, Command, Event, Party, Recorded, Rejection,
    adoption::AdoptPolicy,
    confidence::{Act, ConfidentialRecorded},
    identifiers::{
        AppointmentId, ArrangedSessionId, CampaignId, ConcernId, InductionDayId, MatchId,
        NeedsAnalysisId, NeedsProfileId, OpportunityId, PairingId, PersonId, SeminarId,
        ThirdPersonId,
    },
    matching::Side,
    spec::{another_scheme::for_social_workers, policy, ready_under},
};
use jiff::ToSpan;
use proptest::{
    collection::vec,
    prelude::{Strategy, any},
    test_runner::{Config, TestRunner},
};
use uuid::Uuid;

/// How many are made unless `ALONGSIDE_HISTORIES` says how many: the first of them are the same in any number.
const HISTORIES: u32 = 420;

pub(super) type Outcome = Result<Vec<Event>, Rejection>;

/// One command in the making: numbers by which it is chosen and filled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) verb: u8,
    pub(super) who: u8,
    pub(super) whom: u8,
    pub(super) what: u8,
    pub(super) more: u8,
    /// Where it is small, something happens in the life of a pairing as well.
    pub(super) life: u8,
    /// Which part of the scheme it is about.
    pub(super) part: u8,
    pub(super) when: u8,
    ago: u8,
}

/// What exists so far, in the order in which it came to be.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) people: Vec<PersonId>,
    heard_of: Vec<PersonId>,
    pub(super) mentors: Vec<PersonId>,
    pub(super) mentees: Vec<PersonId>,
    pub(super) appointments: Vec<AppointmentId>,
    pub(super) matches: Vec<MatchId>,
    pub(super) pairings: Vec<PairingId>,
    /// The first mentor and the first mentee of each pairing.
    pub(super) pairs: Vec<(PairingId, PersonId, PersonId)>,
    pub(super) campaigns: Vec<CampaignId>,
    pub(super) seminars: Vec<SeminarId>,
    pub(super) induction_days: Vec<InductionDayId>,
    pub(super) analyses: Vec<NeedsAnalysisId>,
    pub(super) needs_profiles: Vec<NeedsProfileId>,
    pub(super) told: Vec<Uuid>,
    /// Entries that can be taken back.
    pub(super) acts: Vec<Uuid>,
    pub(super) arranged: Vec<ArrangedSessionId>,
    pub(super) concerns: Vec<ConcernId>,
    pub(super) third_persons: Vec<ThirdPersonId>,
    pub(super) opportunities: Vec<OpportunityId>,
}

/// Checks the end of every history.
pub(super) fn every_history(check: impl Fn(&World)) {
    all_of_every_history(|_, _, _| {}, check);
}

/// Checks what stands after every command, with the command and what came of it.
pub(super) fn every_step(check: impl Fn(&World, &Command, &Outcome)) {
    all_of_every_history(check, |_| {});
}

/// Checks what stands after every command, and the end.
pub(super) fn all_of_every_history(
    at_step: impl Fn(&World, &Command, &Outcome),
    at_end: impl Fn(&World),
) {
    let wished = std::env::var("ALONGSIDE_HISTORIES").ok();
    let wished = wished.map(|number| number.parse().expect("ALONGSIDE_HISTORIES is a number"));
    let config = Config {
        cases: wished.unwrap_or(HISTORIES),
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRunner::deterministic().new_rng();
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(
        &(any::<bool>(), vec(step(), 100..200)),
        |(groups, steps)| {
            at_end(&history(groups, &steps, &at_step));
            Ok(())
        },
    );
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// An endless row of random histories, the same in every run.
#[cfg(feature = "testing")]
pub fn random_histories() -> impl Iterator<Item = Vec<Recorded>> {
    use proptest::strategy::ValueTree as _;
    let mut runner = TestRunner::deterministic();
    let steps = (any::<bool>(), vec(step(), 100..200));
    std::iter::from_fn(move || {
        let (groups, steps) = steps.new_tree(&mut runner).ok()?.current();
        Some(history(groups, &steps, &|_, _, _| {}).history)
    })
}

fn step() -> impl Strategy<Value = Step> {
    any::<[u8; 9]>().prop_map(
        |[verb, who, whom, what, more, life, part, when, ago]| Step {
            verb,
            who,
            whom,
            what,
            more,
            life,
            part,
            when,
            ago,
        },
    )
}

/// A scheme for one or for two at a time in which a few people have come some way already, and then anything.
fn history(groups: bool, steps: &[Step], check: &impl Fn(&World, &Command, &Outcome)) -> World {
    let mut first = policy();
    if groups {
        first.version = "in-groups".to_owned();
        first.pairing = for_social_workers().pairing;
        first.entitlement = for_social_workers().entitlement;
    }
    let (world, _) = ready_under(first).ready_mentor("Ada");
    let (world, _) = world.ready_mentor("Ben");
    let (world, _) = world.accepted_mentee("1");
    let (mut world, _) = world.accepted_mentee("2");
    let mut known = Known::default();
    let mut seen = 0;
    for step in steps {
        for recorded in &world.history[seen..] {
            known.learn(recorded);
        }
        seen = world.history.len();
        let beside = life_of_a_pairing(&known, *step).or_else(|| erasure::beside(&known, *step));
        let wish = command(&known, *step);
        world = before(world, *step);
        let (happened_on, channel) = (world.happened_on, world.channel);
        let (role, on_the_word_of) = (world.role, world.on_the_word_of);
        for wish in beside.into_iter().chain([wish]) {
            (world.happened_on, world.channel) = (happened_on, channel);
            (world.role, world.on_the_word_of) = (role, on_the_word_of);
            if matches!(wish, Command::ConfirmErasure(_)) {
                world = world.by_another();
            }
            let answer = world.when(wish.clone());
            world = answer.world;
            (world.happened_on, world.channel) = (happened_on, channel);
            (world.role, world.on_the_word_of) = (role, on_the_word_of);
            check(&world, &wish, &answer.outcome);
        }
        (world.happened_on, world.channel) = (None, None);
        (world.role, world.on_the_word_of) = (COORDINATOR, None);
    }
    world
}

/// Time passes before some steps; some tell of an earlier day, and most say how it was heard.
fn before(mut world: World, step: Step) -> World {
    if step.when < 64 {
        let later = world.today.saturating_add(i32::from(step.when % 16).days());
        world = world.on(later);
    }
    if step.ago < 64 {
        let earlier = world.today.saturating_sub(i32::from(step.ago).days());
        world = world.happened(earlier);
    }
    if !step.ago.is_multiple_of(8) {
        world = world.heard(Channel::Telephone);
    }
    match (step.ago % 4, step.side()) {
        (0 | 1, Some(Side::Mentee)) => world.on_the_word_of(Party::Mentee),
        (0 | 1, Some(Side::Mentor)) => world.on_the_word_of(Party::Mentor),
        (_, Some(Side::Mentee)) => world.acting_as("mentee"),
        (_, Some(Side::Mentor)) => world.acting_as("mentor"),
        (_, None) => world,
    }
}

impl Step {
    /// Which side gives it or tells it; neither, where the coordinator does on their own account.
    pub(super) const fn side(self) -> Option<Side> {
        match self.ago % 4 {
            1 if self.what.is_multiple_of(2) => Some(Side::Mentor),
            2 if self.when % 3 == 2 => Some(Side::Mentor),
            0..=2 => Some(Side::Mentee),
            _ => None,
        }
    }
}

impl Known {
    fn learn(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::SessionHeld(_)
            | Event::SessionNotHeld(_)
            | Event::SessionsCounted(_)
            | Event::MeetingsReached(_) => note(&mut self.told, recorded.id),
            Event::ContactMade(_)
            | Event::SupportExplained(_)
            | Event::MentoringAccepted(_)
            | Event::MentoringDeclined(_)
            | Event::MatchDeclined(_)
            | Event::PairingBroken(_)
            | Event::PairingConcluded(_)
            | Event::PairingWithdrawn(_)
            | Event::EvaluationRequested(_)
            | Event::CheckInMade(_)
            | Event::DifficultyRaised(_)
            | Event::EvaluationReminded(_)
            | Event::EvaluationWaived(_)
            | Event::MessageSent(_)
            | Event::MentorInducted(_) => note(&mut self.acts, recorded.id),
            Event::SessionArranged(arranged) => note(&mut self.arranged, arranged.session),
            Event::MentorInvited(invited) => note(&mut self.mentors, invited.mentor),
            Event::MentorBroughtForward(brought) => note(&mut self.mentors, brought.mentor),
            Event::AppointmentNotified(notified) => {
                note(&mut self.mentees, notified.person);
                note(&mut self.appointments, notified.appointment);
            }
            Event::MatchOffered(offered) => note(&mut self.matches, offered.of),
            Event::PairingFormed(formed) => {
                note(&mut self.pairings, formed.pairing);
                let two = (formed.mentors.first(), formed.mentees.first());
                if let (Some(mentor), Some(mentee)) = two {
                    note(&mut self.pairs, (formed.pairing, *mentor, *mentee));
                }
            }
            Event::NeedsAnalysisBegun(begun) => note(&mut self.analyses, begun.analysis),
            Event::NeedsProfileWritten(written) => {
                note(&mut self.needs_profiles, written.needs_profile);
            }
            Event::ConfidentialRecorded(recorded) => self.learn_in_confidence(recorded),
            // Nobody but the register knows them: a command may name them all the same.
            Event::PostConfirmed(confirmed) => note(&mut self.heard_of, confirmed.person),
            Event::PairingBroughtForward(brought) => {
                note(&mut self.mentees, brought.mentee);
                note(&mut self.pairings, brought.pairing);
            }
            Event::CampaignOpened(opened) => note(&mut self.campaigns, opened.campaign),
            Event::MentorInductionSeminarScheduled(set) => note(&mut self.seminars, set.seminar),
            Event::DfeInductionDayAnnounced(announced) => {
                note(&mut self.induction_days, announced.day);
            }
            Event::DevelopmentAnnounced(announced) => {
                note(&mut self.opportunities, announced.opportunity);
            }
            _ => return,
        }
        self.people = [&*self.heard_of, &*self.mentors, &*self.mentees].concat();
    }

    fn learn_in_confidence(&mut self, recorded: &ConfidentialRecorded) {
        match recorded.act.open().map(|confidential| &confidential.act) {
            Some(Act::ConcernReferred(referral)) => note(&mut self.concerns, referral.concern),
            Some(Act::ThirdPersonAgreed(agreed)) => {
                note(&mut self.third_persons, agreed.third_person);
            }
            _ => {}
        }
    }
}

fn note<T: PartialEq>(all: &mut Vec<T>, new: T) {
    if !all.contains(&new) {
        all.push(new);
    }
}

/// A policy that takes over some days from now, or is said to have taken over before.
pub(super) fn later_policy(step: Step, from: jiff::civil::Date) -> AdoptPolicy {
    let mut later = policy();
    later.version = format!("later-{}", step.what % 3);
    later.mentors.capacity_default = u16::from(step.what % 3);
    later.matching.answer_working_days = u16::from(step.more % 4);
    AdoptPolicy {
        policy: later,
        effective_from: step.who.is_multiple_of(2).then_some(from),
    }
}
