//! What is confidential, as it stands on disk: in records, in the operations journal and in snapshots.

use super::{SCHEME, accepted, kept, matched, open, options, person, platform, request, scheme};
use crate::{
    dispatch::{Accepted, Outcome, Platform, Refusal, Request, codec, snapshots},
    telemetry::Metrics,
};
use domain::{
    Channel, Command, Event, Party, ReportedBy,
    confidence::{
        AcceptConfidence, AcknowledgeConcern, AgreeThirdPerson, CloseConcern, ConcernTest,
        Confidences, EndThirdPerson, Purpose, ReferConcern, Statement,
    },
    envelope::UNDISCLOSED,
    identifiers::{self, ConcernId, PairingId, PersonId, ThirdPersonId},
    matching::{AcceptMatch, Side},
    pairing::FormPairing,
};
use event_log::Record;
use std::sync::Arc;
use uuid::Uuid;

fn made<T: From<Uuid>>(number: u128, label: &str) -> T {
    identifiers::derive(SCHEME, Uuid::from_u128(number), label).into()
}

/// The mentor of command 10 and the mentee, in the pairing of command 27.
async fn paired(platform: &Platform) -> (PairingId, PersonId) {
    open(platform).await;
    let mentee = matched(platform).await;
    let of = made(24, &format!("match with {}", person(10)));
    for (number, side) in [(25, Side::Mentee), (26, Side::Mentor)] {
        accepted(platform, number, AcceptMatch { of, side }).await;
    }
    accepted(platform, 27, FormPairing { matches: vec![of] }).await;
    (made(27, "pairing"), mentee)
}

fn refer(pairing: PairingId, mentee: PersonId) -> ReferConcern {
    let day = "2026-02-27".parse().ok();
    ReferConcern {
        pairing,
        mentor: person(10),
        mentee,
        statement: Statement {
            rests_on: vec![ConcernTest::StatutoryDuties, ConcernTest::ChildrenAtRisk],
            beyond_a_bad_week: true,
            attempts_exhausted_on: day,
            mentee_told_on: day,
            reason_disclosed_on: day,
            coordinator_contacted_on: day,
        },
    }
}

fn agree(pairing: PairingId, person: PersonId, name: &str) -> AgreeThirdPerson {
    AgreeThirdPerson {
        pairing,
        person,
        name: name.to_owned(),
        purpose: Purpose::Advice,
    }
}

/// In a role of one's own, with a trace of the caller's.
fn acting_as(role: &str, number: u128, command: impl Into<Command>) -> Request {
    let mut request = request(number, command);
    request.actor.role = Arc::from(role);
    request.traceparent =
        Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
    request.correlation_id = Some(Uuid::from_u128(9));
    request
}

/// By telephone, on the word of `party`, of an earlier day.
fn by_telephone(party: Party, number: u128, command: impl Into<Command>) -> Request {
    let mut request = acting_as("coordinator", number, command);
    let person = None;
    request.reported_by = Some(ReportedBy { party, person });
    request.channel = Some(Channel::Telephone);
    request.happened_on = "2026-03-01".parse().ok();
    request
}

async fn told(platform: &Platform, request: Request) -> Accepted {
    match platform.execute(SCHEME, request).await {
        Ok(Outcome::Accepted(accepted)) => accepted,
        other => panic!("{other:?}"),
    }
}

async fn not_told(platform: &Platform, request: Request) -> Refusal {
    match platform.execute(SCHEME, request).await {
        Ok(Outcome::Rejected(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// Every confidential act, each by another who may; the numbers of their commands.
async fn everything(platform: &Platform) -> (Vec<u128>, PairingId, PersonId) {
    let (pairing, mentee) = paired(platform).await;
    let mentor = person(10);
    let concern: ConcernId = made(40, "concern");
    let third_person: ThirdPersonId = made(43, "third person");
    let long = "A very long name that somebody has ".repeat(8);
    let all = [
        by_telephone(Party::Mentor, 40, refer(pairing, mentee)),
        acting_as("coordinator", 41, AcknowledgeConcern { concern }),
        acting_as("coordinator", 42, CloseConcern { concern }),
        acting_as("mentor", 43, agree(pairing, mentor, &long)),
        by_telephone(Party::Mentee, 44, agree(pairing, mentee, &long)),
        acting_as("mentee", 45, AcceptConfidence { third_person }),
        acting_as("mentee", 46, EndThirdPerson { third_person }),
        acting_as("mentor", 47, refer(pairing, mentee)),
    ];
    let mut numbers = Vec::new();
    for request in all {
        numbers.push(request.command_id.as_u128());
        assert_eq!(told(platform, request).await.events.len(), 1);
    }
    (numbers, pairing, mentee)
}

async fn record_of(platform: &Platform, number: u128) -> Record {
    let snapshot = platform.snapshot(SCHEME).await.expect("a state");
    let found = snapshot.outcomes.of(Uuid::from_u128(number));
    let (_, last) = found.expect("recorded");
    let mut records = platform.records(SCHEME, &[last]).await.expect("readable");
    records.remove(0)
}

/// R074, R113, R124: nothing on disk tells a concern from a third person, or one act from another, down to the length.
#[tokio::test]
async fn all_confidential_records_are_alike_but_for_identifiers_and_ciphertext() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    let (numbers, _, mentee) = everything(&platform).await;
    let mut alike: Option<Record> = None;
    for number in numbers {
        let record = record_of(&platform, number).await;
        assert_eq!(record.kind, "confidential.recorded");
        assert_eq!(record.subjects, [mentee.0]);
        assert_eq!(record.actor.role, UNDISCLOSED);
        assert_eq!((&record.traceparent, record.correlation_id), (&None, None));
        let [sealed] = &record.sealed[..] else {
            panic!("one sealed value");
        };
        assert_eq!(sealed.ciphertext.len(), 4 + 1_024 + 16, "one size class");
        let mut in_clear = record.clone();
        let first = alike.get_or_insert_with(|| record.clone());
        in_clear.id = first.id;
        in_clear.position = first.position;
        in_clear.recorded_at.clone_from(&first.recorded_at);
        in_clear.command_id = first.command_id;
        in_clear.sealed[0].nonce.clone_from(&first.sealed[0].nonce);
        let ciphertext = &first.sealed[0].ciphertext;
        in_clear.sealed[0].ciphertext.clone_from(ciphertext);
        assert_eq!(in_clear, *first, "command {number}");
    }
}

/// R113: what is kept of a "no" says neither what was asked nor why; whoever asked heard it the first time.
#[tokio::test]
async fn the_operations_journal_says_nothing_of_what_was_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = platform(folder.path());
    let (pairing, mentee) = paired(&platform).await;
    let (concern, third_person) = (made(1, "x"), made(1, "x"));
    let mut early = by_telephone(Party::Mentor, 62, refer(pairing, mentee));
    early.happened_on = "2027-01-01".parse().ok();
    for (code, request) in [
        (
            "unknown_concern",
            acting_as("coordinator", 60, AcknowledgeConcern { concern }),
        ),
        (
            "unknown_third_person",
            acting_as("mentor", 61, EndThirdPerson { third_person }),
        ),
        ("happened_in_future", early),
        (
            "own_word_needed",
            acting_as("coordinator", 63, agree(pairing, mentee, "Jo")),
        ),
    ] {
        assert_eq!(not_told(&platform, request.clone()).await.code, code);
        let again = not_told(&platform, request).await;
        assert_eq!((again.code.as_str(), again.field), ("not_done", None));
    }
    let kept = platform.operations(SCHEME).await.expect("open").all();
    let mut values: Vec<_> = kept.iter().map(|entry| entry.value.to_string()).collect();
    assert_eq!(values.len(), 4);
    values.dedup();
    assert_eq!(values.len(), 1, "all alike: {values:?}");
    let mentee = mentee.to_string();
    for word in ["concern", "third", "word", "future", "person", &mentee] {
        assert!(!values[0].contains(word), "{word} in {values:?}");
    }
}

/// R124: it stands under the mentee's key, in snapshots too, and is gone with it.
#[tokio::test]
async fn concerns_are_opened_again_at_a_start_and_gone_when_the_mentee_is_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut options = options(folder.path());
    options.snapshot_every = 1;
    let platform = Platform::open(&options, Metrics::new()).expect("a data directory");
    let (_, pairing, mentee) = everything(&platform).await;
    let ended = platform.snapshot(SCHEME).await.expect("a state");
    platform.shut_down().await;
    drop(platform);
    let (store, kept, vault) = kept(folder.path());
    let read = snapshots::read(&kept, &scheme(), &vault).expect("read");
    assert!(read == *ended, "the same from the snapshot");
    assert_eq!(read.particulars.confidences().concerns().count(), 2);
    vault.erase(mentee.0).expect("erased");
    drop((kept, vault, read, store));

    let platform = super::platform(folder.path());
    let state = platform.snapshot(SCHEME).await.expect("a state");
    assert_eq!(state.particulars.confidences(), &Confidences::default());
    assert_eq!(state.scheme, ended.scheme, "nothing of the history changed");
    let concern = made(40, "concern");
    let unknown = acting_as("coordinator", 70, AcknowledgeConcern { concern });
    assert_eq!(not_told(&platform, unknown).await.code, "unknown_concern");
    let erased = acting_as("mentor", 71, refer(pairing, mentee));
    assert_eq!(
        not_told(&platform, erased.clone()).await.code,
        "person_erased"
    );
    assert_eq!(not_told(&platform, erased).await.code, "not_done");
    let vault = platform.store().vault(&scheme()).expect("keys");
    let record = record_of(&platform, 40).await;
    let understood = codec::understand(&record, &vault).expect("understood");
    let Event::ConfidentialRecorded(confidential) = understood.event else {
        panic!("{:?}", understood.event);
    };
    assert_eq!(confidential.act.open(), None);
}
