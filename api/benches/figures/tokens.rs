//! What a bearer token costs: shown for the first time, and shown again; beside nothing but its signature being verified.

use crate::{
    signer::{Signer, key_set},
    stage::Pace,
    table::{Aim, Line, Table, figure, median},
};
use api::identity::{
    Role,
    issuers::{IdentitySettings, Issuers},
    key::TokenKey,
    token::{Grant, LocalTokens},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::Sha256;
use std::{hint::black_box, time::Instant};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

const KEY: [u8; 32] = [7; 32];
/// Tokens of a turn: fewer than are remembered.
const TOKENS: usize = 500;
/// How often a known token is shown in a turn.
const AGAIN: usize = 20_000;

/// Microseconds for one token, of each.
struct Turn {
    first: f64,
    again: f64,
    bare: f64,
}

pub fn measure(pace: Pace, table: &mut Table) {
    let runtime = Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    let now = Timestamp::from_second(1_750_000_000).expect("an instant");
    lines("local (HS256)", pace, table, &|| local(now));
    for signer in [Signer::es256("a"), Signer::rs256("a"), Signer::eddsa("a")] {
        lines(signer.algorithm(), pace, table, &|| {
            issued(&signer, &runtime, now)
        });
    }
}

fn lines(what: &str, pace: Pace, table: &mut Table, turn: &dyn Fn() -> Turn) {
    let turns: Vec<Turn> = (0..pace.turns).map(|_| turn()).collect();
    let told = |of: fn(&Turn) -> f64| format!("{} µs", figure(median(turns.iter().map(of))));
    for (shown, aim, of) in [
        (
            "for the first time",
            Aim::Most(2.0),
            (|turn| turn.first) as fn(&Turn) -> f64,
        ),
        ("again", Aim::Told, |turn| turn.again),
    ] {
        table.add(Line {
            what: format!("a token shown {shown}, {what}, beside its signature alone"),
            ours: told(of),
            limit: told(|turn| turn.bare),
            ratio: median(turns.iter().map(|turn| of(turn) / turn.bare)),
            aim,
        });
    }
}

fn local(now: Timestamp) -> Turn {
    let tokens = LocalTokens::new(TokenKey::from_bytes(KEY));
    let minted: Vec<String> = (0..TOKENS)
        .map(|number| {
            let grant = Grant {
                subject: Uuid::from_u128(number as u128),
                role: Role::Coordinator,
                scheme: Some("mentor-plus".to_owned()),
                person: None,
                employer: None,
            };
            let hour = SignedDuration::from_hours(1);
            tokens.mint(&grant, now, hour).expect("a token")
        })
        .collect();
    let show = |token: &String| {
        black_box(tokens.verify(token, now)).expect("it holds");
    };
    Turn {
        first: each(minted.iter(), show),
        again: each((0..AGAIN).map(|_| &minted[0]), show),
        bare: each(minted.iter(), |token| {
            let (signed, signature) = token.rsplit_once('.').expect("three parts");
            let mut mac = Hmac::<Sha256>::new_from_slice(&KEY).expect("a key");
            mac.update(signed.as_bytes());
            black_box((mac.finalize(), signature));
        }),
    }
}

fn issued(signer: &Signer, runtime: &Runtime, now: Timestamp) -> Turn {
    let issuer = "https://login.example";
    let settings = format!(
        "[[issuers]]\nissuer = \"{issuer}\"\naudience = \"alongside\"\n[[claims]]\nissuer = \"{issuer}\"\nclaim = \"roles\"\nvalue = \"office\"\nrole = \"coordinator\""
    );
    let settings: IdentitySettings = toml::from_str(&settings).expect("settings");
    let key = TokenKey::from_bytes(KEY);
    let issuers = Issuers::with_keys(key, &settings, &key_set(&[signer])).expect("keys");
    let tokens: Vec<String> = (0..TOKENS)
        .map(|number| {
            let second = now.as_second();
            signer.token(&json!({
                "iss": issuer, "aud": "alongside", "sub": number.to_string(), "roles": ["office"],
                "iat": second, "nbf": second, "exp": second + 3600, "jti": number,
            }))
        })
        .collect();
    let parts = tokens.iter().map(|token| {
        let (message, _) = token.rsplit_once('.').expect("three parts");
        (message, signer.sign(message.as_bytes()))
    });
    let parts: Vec<(&str, Vec<u8>)> = parts.collect();
    let show = |token: &String| {
        let holder = runtime.block_on(issuers.holder(token, now));
        black_box(holder).expect("it holds");
    };
    Turn {
        first: each(tokens.iter(), show),
        again: each((0..AGAIN).map(|_| &tokens[0]), show),
        bare: each(parts.iter(), |(message, signature)| {
            assert!(signer.verifies(message.as_bytes(), signature));
        }),
    }
}

/// Microseconds for each.
fn each<T>(of: impl Iterator<Item = T>, act: impl Fn(T)) -> f64 {
    let began = Instant::now();
    let mut count = 0.0;
    for one in of {
        act(one);
        count += 1.0;
    }
    began.elapsed().as_secs_f64() * 1e6 / count
}
