use super::{
    IdentityError, Issuers, Patience,
    stub::Stub,
    testing::{Signer, key_set},
};
use crate::{
    identity::{Role, key::TokenKey, token::TokenError},
    outside::wall_clock,
};
use jiff::SignedDuration;
use serde_json::json;
use std::time::{Duration, Instant};
use uuid::Uuid;

fn key() -> TokenKey {
    TokenKey::from_bytes([7; 32])
}

/// Asks as often as it is woken, and waits a second.
const EAGER: Patience = Patience {
    refresh_every: Duration::from_hours(1),
    retry_after: Duration::from_millis(50),
    refresh_least: Duration::ZERO,
    wait_most: Duration::from_secs(1),
    keys_kept: Duration::from_hours(1),
};

fn started(stub: &Stub, more: &str, patience: Patience) -> Issuers {
    Issuers::start_with(key(), &stub.settings(more), |_| patience).unwrap()
}

#[tokio::test]
async fn a_token_holds_that_a_published_key_signed() {
    let signers = [Signer::rs256("a"), Signer::es256("b"), Signer::eddsa("c")];
    let stub = Stub::new(&[&signers[0], &signers[1], &signers[2]]);
    let issuers = started(&stub, "", EAGER);
    let now = wall_clock();
    for signer in &signers {
        let token = signer.token(&stub.claims("ada", now));
        assert!(signer.verifies(b"a word", &signer.sign(b"a word")));
        for _ in 0..2 {
            let holder = issuers.holder(&token, now).await.unwrap();
            assert_eq!(holder.actor, key().actor(&stub.issuer, "ada"));
            assert_eq!(holder.roles, []);
        }
        let hour = SignedDuration::from_hours(1);
        let end = now + hour;
        let late = issuers
            .holder(&token, end + SignedDuration::from_secs(30))
            .await;
        assert_eq!(late.unwrap_err(), TokenError::Expired);
        let early = issuers
            .holder(&token, now - SignedDuration::from_secs(31))
            .await;
        assert_eq!(early.unwrap_err(), TokenError::Invalid);
    }
    // Once at the start, and once more at most where the first token came before that was answered.
    assert!(stub.asked() <= 2, "they are kept: {}", stub.asked());
}

#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it_and_what_the_old_one_signed_ends() {
    let (old, new) = (Signer::es256("old"), Signer::es256("new"));
    let stub = Stub::new(&[&old]);
    let issuers = started(&stub, "", EAGER);
    let now = wall_clock();
    let claims = stub.claims("ada", now);
    let (before, after) = (old.token(&claims), new.token(&claims));
    assert!(issuers.holder(&before, now).await.is_ok());
    assert_eq!(
        issuers.holder(&after, now).await.unwrap_err(),
        TokenError::Invalid
    );
    stub.rotate(&[&old, &new]);
    assert!(issuers.holder(&after, now).await.is_ok());
    assert!(
        issuers.holder(&before, now).await.is_ok(),
        "both are published"
    );
    stub.rotate(&[&new]);
    // Whoever shows a key nobody knows has the set fetched again.
    let stranger = Signer::es256("stranger").token(&claims);
    assert!(issuers.holder(&stranger, now).await.is_err());
    assert_eq!(
        issuers.holder(&before, now).await.unwrap_err(),
        TokenError::Invalid,
        "it was remembered, with a key that is no more"
    );
}

#[tokio::test]
async fn strangers_cannot_have_keys_fetched_again_and_again_nor_keep_anybody_waiting() {
    let signer = Signer::es256("a");
    let stub = Stub::new(&[&signer]);
    let patience = Patience {
        refresh_least: Duration::from_hours(1),
        ..EAGER
    };
    let issuers = started(&stub, "", patience);
    let now = wall_clock();
    let claims = stub.claims("ada", now);
    assert!(issuers.holder(&signer.token(&claims), now).await.is_ok());
    let began = Instant::now();
    for number in 0..200 {
        let stranger = Signer::eddsa(&format!("stranger {number}")).token(&claims);
        assert!(issuers.holder(&stranger, now).await.is_err());
    }
    assert_eq!(stub.asked(), 1);
    assert!(began.elapsed() < patience.wait_most * 20, "nobody waited");
}

#[tokio::test]
async fn keys_hold_while_the_provider_is_down_and_not_for_ever() {
    let signer = Signer::rs256("a");
    let stub = Stub::new(&[&signer]);
    let patience = Patience {
        refresh_every: Duration::from_millis(50),
        keys_kept: Duration::from_millis(1_500),
        ..EAGER
    };
    let issuers = started(&stub, "", patience);
    let now = wall_clock();
    let token = signer.token(&stub.claims("ada", now));
    assert!(issuers.holder(&token, now).await.is_ok());
    stub.be_up(false);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let fresh = signer.token(&stub.claims("ben", now));
    assert!(
        issuers.holder(&fresh, now).await.is_ok(),
        "with the keys it has"
    );
    tokio::time::sleep(Duration::from_millis(1_700)).await;
    for token in [&token, &fresh] {
        let refused = issuers.holder(token, now).await;
        assert_eq!(refused.unwrap_err(), TokenError::Unverifiable);
    }
    stub.be_up(true);
    assert!(
        issuers.holder(&token, now).await.is_ok(),
        "it came back by itself"
    );
}

#[tokio::test]
async fn a_service_that_starts_while_the_provider_is_down_waits_for_it_and_no_request_waits_long() {
    let signer = Signer::es256("a");
    let stub = Stub::new(&[&signer]);
    stub.be_up(false);
    let issuers = started(&stub, "", EAGER);
    let now = wall_clock();
    let token = signer.token(&stub.claims("ada", now));
    let began = Instant::now();
    let refused = issuers.holder(&token, now).await;
    assert_eq!(refused.unwrap_err(), TokenError::Unverifiable);
    assert!(began.elapsed() < Duration::from_secs(5));
    stub.be_up(true);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(issuers.holder(&token, now).await.is_ok());
}

#[tokio::test]
async fn a_document_that_speaks_for_somebody_else_is_not_believed() {
    let signer = Signer::es256("a");
    let stub = Stub::new(&[&signer]);
    stub.answers.lock().unwrap().issuer.push('/');
    let issuers = started(&stub, "", EAGER);
    let now = wall_clock();
    let token = signer.token(&stub.claims("ada", now));
    let refused = issuers.holder(&token, now).await;
    assert_eq!(refused.unwrap_err(), TokenError::Unverifiable);
}

#[tokio::test]
async fn the_settings_say_who_is_who_by_subject_and_by_claim() {
    let signer = Signer::es256("a");
    let stub = Stub::new(&[&signer]);
    let more = r#"
        subject_claim = "oid"
        [[people]]
        issuer = "ISSUER"
        subject = "hr-devon"
        role = "employer"
        scheme = "mentor-plus"
        employer = "E10000008"
        [[claims]]
        issuer = "ISSUER"
        claim = "roles"
        value = "Office"
        role = "coordinator"
        [[claims]]
        issuer = "ISSUER"
        claim = "roles"
        value = "Mentors"
        role = "mentor"
        person_claim = "person"
        [[claims]]
        issuer = "ISSUER"
        claim = "roles"
        value = "Audit"
        role = "auditor"
        employer_claim = "employer"
    "#;
    let issuers = started(&stub, more, EAGER);
    let now = wall_clock();
    let told = async |change: serde_json::Value| {
        let mut claims = stub.claims("never asked", now);
        claims
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let holder = issuers.holder(&signer.token(&claims), now).await?;
        let roles = holder.roles.iter();
        Ok::<_, TokenError>(
            roles
                .map(|one| (one.role, one.person, one.employer.clone()))
                .collect::<Vec<_>>(),
        )
    };
    let ben = Uuid::from_u128(3);
    assert_eq!(
        told(json!({ "oid": "hr-devon" })).await.unwrap(),
        [(Role::Employer, None, Some("E10000008".to_owned()))]
    );
    assert_eq!(
        told(json!({ "oid": "ben", "roles": ["Office", "Mentors"], "person": ben }))
            .await
            .unwrap(),
        [
            (Role::Coordinator, None, None),
            (Role::Mentor, Some(ben), None)
        ]
    );
    // Whom a claim should bound to one employer is never of all, because the claim is missing or says two.
    for employer in [json!(null), json!(["E10000008", "E08000035"])] {
        let auditor = json!({ "oid": "x", "roles": "Audit", "employer": employer });
        assert_eq!(told(auditor).await.unwrap(), []);
    }
    let auditor = json!({ "oid": "x", "roles": "Audit", "employer": "E10000008" });
    let bounded = [(Role::Auditor, None, Some("E10000008".to_owned()))];
    assert_eq!(told(auditor).await.unwrap(), bounded);
    // A mentor who is nobody is none, and a list that is not all texts says nothing.
    assert_eq!(
        told(json!({ "oid": "x", "roles": "Mentors" }))
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        told(json!({ "oid": "x", "roles": ["Office", 7] }))
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        told(json!({})).await.unwrap_err(),
        TokenError::Invalid,
        "without the claim"
    );
}

/// A request is charged to whoever holds its token only where that is verified by the keys at hand; nothing is
/// fetched for it.
#[tokio::test]
async fn what_cannot_be_verified_at_once_is_charged_to_nobody() {
    let (signer, impostor) = (Signer::es256("a"), Signer::es256("a"));
    let (stub, now) = (Stub::new(&[&signer]), wall_clock());
    let issuers = started(&stub, "", EAGER);
    let good = signer.token(&stub.claims("ada", now));
    let known = issuers.holder(&good, now).await.unwrap();
    assert_eq!(
        issuers.holder_at_hand(&good, now).unwrap().actor,
        known.actor
    );
    // Not only what was seen before: the key is at hand.
    let first = signer.token(&stub.claims("ben", now));
    assert_eq!(
        issuers.holder_at_hand(&first, now).unwrap().actor,
        issuers.holder(&first, now).await.unwrap().actor
    );
    let forged = impostor.token(&stub.claims("ada", now));
    assert_eq!(
        issuers.holder_at_hand(&forged, now),
        Err(TokenError::Invalid)
    );
    let other = Signer::es256("b");
    assert_eq!(
        issuers.holder_at_hand(&other.token(&stub.claims("ada", now)), now),
        Err(TokenError::Invalid)
    );
    stub.be_up(false);
    let unreachable = started(&stub, "", EAGER);
    assert_eq!(
        unreachable.holder_at_hand(&good, now),
        Err(TokenError::Unverifiable)
    );
}

#[test]
fn settings_that_cannot_be_meant_are_refused_by_name() {
    let stub = Stub::new(&[]);
    let mistake = |more: &str| stub.settings(more).check().unwrap_err().to_string();
    let person = "[[people]]\nissuer = \"ISSUER\"\nsubject = \"a\"\nrole = ";
    assert!(mistake(&format!("{person}\"mentor\"")).contains("mentor needs person"));
    assert!(mistake(&format!("{person}\"employer\"")).contains("employer needs employer"));
    let other = "[[people]]\nissuer = \"https://a.example\"\nsubject = \"a\"\nrole = \"auditor\"";
    assert!(mistake(other).contains("none of identity.issuers"));
    assert!(mistake("algorithms = []").contains("needs an algorithm"));
    let again = "[[issuers]]\nissuer = \"ISSUER\"\naudience = \"b\"";
    assert!(mistake(again).contains("twice"));
    let bare = "[[issuers]]\nissuer = \"http://login.example\"\naudience = \"b\"";
    assert!(mistake(bare).contains("https"));
    let text =
        "[[issuers]]\nissuer = \"https://a.example\"\naudience = \"b\"\nalgorithms = [\"HS256\"]";
    assert!(toml::from_str::<super::IdentitySettings>(text).is_err());
}

#[test]
fn certificates_that_are_none_stop_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roots.pem");
    std::fs::write(&file, "none").unwrap();
    let stub = Stub::new(&[]);
    let settings = stub.settings(&format!("ca_file = {file:?}"));
    let started = Issuers::start(key(), &settings);
    assert!(matches!(
        started.err(),
        Some(IdentityError::Certificates(..))
    ));
}

#[tokio::test]
async fn an_algorithm_that_is_not_allowed_is_refused_though_the_key_is_published() {
    let signer = Signer::rs256("a");
    let stub = Stub::new(&[&signer, &Signer::es256("b")]);
    let settings = stub.settings("algorithms = [\"ES256\"]");
    let set = key_set(&[&signer, &Signer::es256("b")]);
    let issuers = Issuers::with_keys(key(), &settings, &set).unwrap();
    let now = wall_clock();
    let token = signer.token(&stub.claims("ada", now));
    assert_eq!(
        issuers.holder(&token, now).await.unwrap_err(),
        TokenError::Invalid
    );
}
