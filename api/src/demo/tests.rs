//! What the demonstration promises: the same at every making, and something of everything in it.

use super::*;
use crate::{dispatch::Options, telemetry::Metrics};
use domain::{Command, Event, matching::Side};
use event_log::{Kind, Record};
use projections::stage::MentorStage;
use std::{collections::BTreeSet, path::Path};

fn open(directory: &Path) -> Platform {
    let options = Options {
        create: Some(Kind::Rehearsal),
        anchor: ANCHOR,
        ..Options::new(directory)
    };
    Platform::open(&options, Metrics::new()).expect("a new directory")
}

async fn loaded(platform: &Platform) -> Summary {
    load(platform, &mut |_, _| {}).await.expect("it loads")
}

/// Every record, less what is new with every key: its id, the nonce and the ciphertext.
async fn records(platform: &Platform) -> Vec<Record> {
    let head = platform.snapshot(SCHEME).await.expect("open").position();
    let all: Vec<u64> = (1..=head).collect();
    let mut records = platform.records(SCHEME, &all).await.expect("readable");
    for sealed in records.iter_mut().flat_map(|record| &mut record.sealed) {
        sealed.key = uuid::Uuid::nil();
        sealed.nonce.clear();
        sealed.ciphertext.clear();
    }
    records
}

#[test]
fn the_plan_is_the_same_at_every_call_and_asks_for_everything() {
    let (first, second) = (
        office::plan().expect("a plan"),
        office::plan().expect("a plan"),
    );
    let ids = |plan: &Plan| -> Vec<_> {
        let steps = plan.steps.iter();
        steps
            .map(|step| {
                (
                    step.at,
                    step.request.command_id,
                    step.request.command.clone(),
                )
            })
            .collect()
    };
    assert_eq!(ids(&first), ids(&second));
    let asked: BTreeSet<&str> = first
        .steps
        .iter()
        .map(|step| step.request.command.name())
        .collect();
    assert_eq!(asked, Command::NAMES.iter().copied().collect());
    let begins = first.steps.first().expect("a first").at;
    let ends = first.steps.last().expect("a last").at;
    assert_eq!((begins, ends), (BEGINS, ANCHOR));
}

#[tokio::test]
async fn there_is_something_of_everything_and_a_second_load_adds_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let platform = open(directory.path());
    let summary = loaded(&platform).await;

    let snapshot = platform.snapshot(SCHEME).await.expect("open");
    let scheme = &snapshot.scheme;
    for (stage, count) in &summary.mentees {
        assert!(*count > 0, "nobody is at {stage:?}");
    }
    let stages: BTreeSet<MentorStage> = scheme
        .mentors
        .values()
        .map(|mentor| MentorStage::of(mentor, 1))
        .collect();
    assert_eq!(stages, MentorStage::ALL.into_iter().collect());
    let records = records(&platform).await;
    let kinds: BTreeSet<&str> = records.iter().map(|record| record.kind.as_str()).collect();
    let all: BTreeSet<&str> = Event::KINDS.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, all);

    assert!(
        (2_500..=4_000).contains(&summary.events),
        "{}",
        summary.events
    );
    assert_eq!(summary.mentors, 40);
    assert!(
        (70..=110).contains(&summary.pairings),
        "{}",
        summary.pairings
    );
    assert_eq!(stage_of(&snapshot, summary.mentee), Some(Stage::Paired));
    let employers = employers_of(&snapshot, summary.mentee);
    assert_eq!(employers, std::slice::from_ref(&summary.employer));
    for year in [first_year(&records), second_year(&records)] {
        // Some are notified twice, by the press and by their employer.
        assert!((60..=72).contains(&year), "{year} changes in a year");
    }
    let judged_by: BTreeSet<&str> = records
        .iter()
        .filter_map(|record| record.data["versions"]["policy"].as_str())
        .collect();
    assert_eq!(
        judged_by,
        domain::shipped::POLICIES.iter().copied().collect()
    );
    assert!(addresses(&snapshot).all(|address| address.ends_with(".example")));
    assert!(differing_counts(scheme) >= 2);
    assert_eq!(confidential(&snapshot), (1, 1, 1));
    assert!(
        records
            .iter()
            .any(|record| record.data["shortened"] == true)
    );
    assert!(
        records
            .iter()
            .any(|record| record.data["outside_core_offer"] == true)
    );

    let again = loaded(&platform).await;
    assert_eq!(
        again,
        Summary {
            loaded: false,
            ..summary
        }
    );
    assert!(platform.now(SCHEME) >= ANCHOR);
    platform.shut_down().await;
    let reopened = loaded(&open_again(platform, directory.path())).await;
    assert_eq!(reopened, again);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_load_goes_on_to_the_same_history() {
    let (whole, broken) = (
        tempfile::tempdir().expect("a directory"),
        tempfile::tempdir().expect("a directory"),
    );
    let straight = open(whole.path());
    loaded(&straight).await;

    let platform = open(broken.path());
    let plan = office::plan().expect("a plan");
    let part = &plan.steps[..plan.steps.len() / 3];
    play(&platform, part, 0, &mut |_, _| {})
        .await
        .expect("it plays");
    platform.shut_down().await;
    let platform = open_again(platform, broken.path());
    platform.snapshot(SCHEME).await.expect("open");
    // Long enough for the writer to look at what falls due by itself.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(loaded(&platform).await.loaded);

    let (expected, found) = (records(&straight).await, records(&platform).await);
    assert_eq!(expected.len(), found.len());
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected, found);
    }
    let (expected, found) = (
        straight.snapshot(SCHEME).await,
        platform.snapshot(SCHEME).await,
    );
    let (expected, found) = (expected.expect("open"), found.expect("open"));
    assert_eq!(expected.particulars, found.particulars, "what was sealed");
    assert_eq!(expected.scheme, found.scheme);
}

/// Concerns that are open, concerns that were closed, and third persons whom both have agreed to.
fn confidential(snapshot: &Snapshot) -> (usize, usize, usize) {
    let known = snapshot.particulars.confidences();
    let closed = known.concerns().filter(|concern| concern.closed.is_some());
    let (all, closed) = (known.concerns().count(), closed.count());
    let third_persons = known.third_persons();
    let agreed =
        third_persons.filter(|third| third.agreed.len() == 2 && third.accepted_on.is_some());
    (all - closed, closed, agreed.count())
}

fn open_again(platform: Platform, directory: &Path) -> Platform {
    drop(platform);
    open(directory)
}

fn stage_of(snapshot: &Snapshot, mentee: PersonId) -> Option<Stage> {
    snapshot.board.card(mentee).map(|card| card.stage)
}

fn employers_of(snapshot: &Snapshot, mentee: PersonId) -> Vec<EmployerId> {
    let mentee = snapshot.scheme.mentees.get(&mentee).expect("a mentee");
    let facts = mentee.appointments.iter();
    facts
        .filter_map(|appointment| snapshot.particulars.facts(*appointment))
        .map(|facts| facts.employer.clone())
        .collect()
}

fn first_year(records: &[Record]) -> usize {
    notified(records, "2024-10-01", "2025-10-01")
}

fn second_year(records: &[Record]) -> usize {
    notified(records, "2025-10-01", "2026-10-01")
}

fn notified(records: &[Record], from: &str, until: &str) -> usize {
    let notices = records
        .iter()
        .filter(|record| record.kind == "appointment.notified");
    notices
        .filter(|record| *record.recorded_at >= *from && *record.recorded_at < *until)
        .count()
}

fn addresses(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    let scheme = &snapshot.scheme;
    let people = scheme.mentees.keys().chain(scheme.mentors.keys());
    people
        .filter_map(|person| snapshot.particulars.details(*person))
        .filter_map(|details| details.email.as_deref())
}

/// Pairings whose two sides do not count the same.
fn differing_counts(scheme: &domain::Scheme) -> usize {
    scheme
        .pairings
        .values()
        .filter(|pairing| !pairing.is_live())
        .filter(|pairing| pairing.counts.of(Side::Mentee) != pairing.counts.of(Side::Mentor))
        .count()
}
