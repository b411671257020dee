//! Ten thousand tokens that are not what they say, each shown to GraphQL and to REST over real HTTP.

use super::{Answer, Stage, agent};
use crate::{
    identity::{
        Role,
        issuers::testing::{Signer, unsigned},
        token::{Grant, LocalTokens},
    },
    outside::wall_clock,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::Sha256;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read as _, Write as _},
    net::TcpStream,
};
use ureq::http::HeaderValue;
use uuid::Uuid;

const TOKENS: usize = 10_000;
const AT_ONCE: usize = 8;

/// A way of being wrong: what it is, and its `n`th token as bytes.
type Way = (&'static str, fn(&Forger, usize) -> Vec<u8>);

const WAYS: [Way; 20] = [
    ("one character changed", |forger, n| forger.changed(n)),
    ("cut short", |forger, n| forger.cut(n)),
    ("another key of the same name", |forger, n| {
        forger.by_another_key(n)
    }),
    ("HS256 with the public key", |forger, n| {
        forger.by_the_public_key(n)
    }),
    ("the local key", |forger, _| forger.local.clone().into()),
    ("none", |forger, n| forger.none(n)),
    ("unsigned", |forger, n| forger.unsigned(n)),
    ("another algorithm named", |forger, n| {
        forger.header(n, "alg", json!(["RS256", "EdDSA", "HS256"][n % 3]))
    }),
    ("another key named", |forger, n| {
        forger.header(n, "kid", json!(["rsa", "edwards", "", "../curve"][n % 4]))
    }),
    ("a key of its own", |forger, n| {
        forger.header(n, ["jwk", "jku", "x5u", "crit"][n % 4], forger.own.jwk())
    }),
    ("a token for something else", |forger, n| {
        forger.header(n, "typ", json!(["logout+jwt", "dpop+jwt", "JWE"][n % 3]))
    }),
    ("not yet valid", |forger, n| {
        forger.claim("nbf", json!(forger.now + 120 + i64::try_from(n).unwrap()))
    }),
    ("dates that are none", |forger, n| {
        let values = json!(["soon", null, 1e300, -1.5, i64::MAX]);
        forger.claim(["exp", "iat", "nbf"][n % 3], values[n % 5].clone())
    }),
    ("for somebody else", |forger, n| {
        let values = json!(["another", [], [""], ["https://alongside.example/"]]);
        forger.claim("aud", values[n % 4].clone())
    }),
    ("by somebody else", |forger, n| {
        forger.claim(
            "iss",
            json!(["https://a.example", "", "alongside-local"][n % 3]),
        )
    }),
    ("about nobody", |forger, n| {
        let values = json!(["", null, ["root"], 7]);
        forger.claim("sub", values[n % 4].clone())
    }),
    ("a claim told twice", |forger, n| forger.twice(n)),
    ("nested", |forger, n| forger.nested(n)),
    ("far too long", |forger, n| forger.long(n)),
    ("not text at all", |forger, n| forger.bytes(n)),
];

/// Makes tokens that are wrong in one way each.
struct Forger {
    now: i64,
    claims: Value,
    curve: Signer,
    own: Signer,
    good: String,
    public: Value,
    local: String,
}

impl Forger {
    fn cut(&self, n: usize) -> Vec<u8> {
        self.good.as_bytes()[..n % self.good.len()].to_vec()
    }

    fn unsigned(&self, n: usize) -> Vec<u8> {
        let mut token = self.header(n, "n", json!(n));
        let signature = token.iter().rposition(|byte| *byte == b'.').unwrap();
        token.truncate(signature + 1);
        token
    }

    fn changed(&self, n: usize) -> Vec<u8> {
        let mut token = self.good.clone().into_bytes();
        let at = n * 7919 % token.len();
        token[at] = if token[at] == b'A' { b'B' } else { b'A' };
        token
    }

    fn by_another_key(&self, n: usize) -> Vec<u8> {
        let mut claims = self.claims.clone();
        claims["jti"] = json!(n);
        let header = json!({ "typ": "JWT", "alg": "ES256", "kid": "curve" });
        self.own.signed(&header, &claims.to_string()).into()
    }

    fn by_the_public_key(&self, n: usize) -> Vec<u8> {
        let header = json!({ "typ": "JWT", "alg": "HS256", "kid": "rsa" });
        let signed = unsigned(&header, &self.claims.to_string());
        let modulus = self.public["n"].as_str().unwrap();
        let secret = match n % 3 {
            0 => modulus.as_bytes().to_vec(),
            1 => URL_SAFE_NO_PAD.decode(modulus).unwrap(),
            _ => self.public.to_string().into_bytes(),
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
        mac.update(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        format!("{signed}.{signature}").into()
    }

    fn none(&self, n: usize) -> Vec<u8> {
        let algorithm = ["none", "None", "NONE", "nOnE", ""][n % 5];
        let header = json!({ "typ": "JWT", "alg": algorithm });
        let signature = ["", "AA", "c2ln"][n % 3];
        let signed = unsigned(&header, &self.claims.to_string());
        format!("{signed}.{signature}").into()
    }

    /// Rightly signed, under a header that says something else.
    fn header(&self, n: usize, name: &str, value: Value) -> Vec<u8> {
        let mut header = json!({ "typ": "JWT", "alg": "ES256", "kid": "curve", "n": n });
        header[name] = value;
        self.curve.signed(&header, &self.claims.to_string()).into()
    }

    /// Rightly signed, with one claim that will not do.
    fn claim(&self, name: &str, value: Value) -> Vec<u8> {
        let mut claims = self.claims.clone();
        claims[name] = value;
        self.curve.token(&claims).into()
    }

    fn twice(&self, n: usize) -> Vec<u8> {
        let name = ["sub", "aud", "iss", "exp", "anything"][n % 5];
        let value = self.claims.get(name).cloned().unwrap_or(json!(1));
        let inner = self.claims.to_string();
        let claims = format!("{{\"{name}\":{value},\"{name}\":{value},{}", &inner[1..]);
        let header = json!({ "typ": "JWT", "alg": "ES256", "kid": "curve" });
        self.curve.signed(&header, &claims).into()
    }

    fn nested(&self, n: usize) -> Vec<u8> {
        let depth = 200 + n % 2_000;
        let inner = self.claims.to_string();
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let claims = format!("{{\"deep\":{deep},{}", &inner[1..]);
        let header = json!({ "typ": "JWT", "alg": "ES256", "kid": "curve" });
        self.curve.signed(&header, &claims).into()
    }

    fn long(&self, n: usize) -> Vec<u8> {
        let bytes = if n.is_multiple_of(2) {
            100 * 1024
        } else {
            8_193
        };
        let filler = "x".repeat(bytes);
        match n % 3 {
            0 => filler.into(),
            1 => format!("{}.{filler}", self.good).into(),
            _ => self.claim("filler", json!(filler)),
        }
    }

    fn bytes(&self, n: usize) -> Vec<u8> {
        let mut token = self.good.clone().into_bytes();
        let at = n * 31 % token.len();
        token[at] = 0x80 | u8::try_from(n % 128).unwrap();
        token
    }
}

impl Stage {
    fn forger(&self) -> Forger {
        let now = wall_clock();
        let claims = self.stub.claims("root", now);
        let local = LocalTokens::new(self.platform.key().clone());
        let grant = Grant {
            subject: Uuid::nil(),
            role: Role::Administrator,
            scheme: None,
            person: None,
            employer: None,
        };
        let hour = SignedDuration::from_hours(1);
        Forger {
            now: now.as_second(),
            good: self.curve.token(&claims),
            claims,
            // The very key of the provider, so that what is wrong is never the signature alone.
            curve: self.curve.clone(),
            own: Signer::es256("curve"),
            public: self.rsa.jwk(),
            local: local.mint(&grant, now, hour).unwrap(),
        }
    }

    /// What both interfaces answer to whoever shows this.
    fn shown(url: &str, token: &[u8]) -> [Answer; 2] {
        let body = json!({ "query": "{ __typename }" }).to_string();
        let value = HeaderValue::from_bytes(&[b"Bearer ", token].concat()).unwrap();
        if value.to_str().is_err() {
            let graphql = format!(
                "POST /graphql HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
                body.len()
            );
            let rest = "GET /v1/schemes/mentor-plus HTTP/1.1\r\n";
            return [
                answered(url, &graphql, token, &body),
                answered(url, rest, token, ""),
            ];
        }
        let graphql = || {
            let request = ureq::http::Request::post(format!("{url}/graphql"))
                .header("authorization", value.clone())
                .header("content-type", "application/json")
                .body(body.clone());
            agent().run(request.unwrap())
        };
        let rest = || {
            let request = ureq::http::Request::get(format!("{url}/v1/schemes/mentor-plus"))
                .header("authorization", value.clone())
                .body(());
            agent().run(request.unwrap())
        };
        // A connection over which too much came is closed, perhaps just when the next request takes it: asked once more.
        let asked = [graphql().or_else(|_| graphql()), rest().or_else(|_| rest())];
        asked.map(|answer| {
            let mut answer = answer.unwrap();
            Answer {
                status: answer.status().as_u16(),
                body: answer.body_mut().read_to_string().unwrap(),
            }
        })
    }
}

/// What is answered to these very bytes: the client refuses to send what is no text.
fn answered(url: &str, head: &str, token: &[u8], body: &str) -> Answer {
    let address = url.trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).unwrap();
    let mut request =
        format!("{head}host: {address}\r\nconnection: close\r\nauthorization: Bearer ")
            .into_bytes();
    request.extend([token, b"\r\n\r\n", body.as_bytes()].concat());
    socket.write_all(&request).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body = body.to_owned();
    Answer { status, body }
}

/// Nobody comes in by a token that is not what it says, and whatever is wrong with it is answered alike.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_forged_tokens_are_refused_and_all_alike() {
    let stage = Stage::opened().await;
    let forger = std::sync::Arc::new(stage.forger());
    // The one they are all made of is good.
    let url = stage.url.clone();
    let good = forger.good.clone();
    let accepted = tokio::task::spawn_blocking(move || Stage::shown(&url, good.as_bytes()));
    assert_eq!(
        accepted.await.unwrap().map(|answer| answer.status),
        [200, 200]
    );

    let workers = (0..AT_ONCE).map(|worker| {
        let (url, forger) = (stage.url.clone(), std::sync::Arc::clone(&forger));
        tokio::task::spawn_blocking(move || {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            let mut answers = BTreeSet::new();
            for n in (worker..TOKENS).step_by(AT_ONCE) {
                let (way, forge) = WAYS[n % WAYS.len()];
                let answered = Stage::shown(&url, &forge(&forger, n / WAYS.len()));
                for answer in &answered {
                    assert_ne!(answer.status, 200, "{way} {n}: accepted");
                }
                *counts.entry(way).or_default() += 1;
                answers.extend(answered.map(|answer| (answer, way)));
            }
            (counts, answers)
        })
    });
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shapes: BTreeMap<Answer, BTreeSet<&str>> = BTreeMap::new();
    for worker in workers.collect::<Vec<_>>() {
        let (some, answers) = worker.await.unwrap();
        for (way, count) in some {
            *counts.entry(way).or_default() += count;
        }
        for (answer, way) in answers {
            shapes.entry(answer).or_default().insert(way);
        }
    }
    for (way, count) in &counts {
        println!("{count:>6}  {way}");
    }
    let all: usize = counts.values().sum();
    println!(
        "{all:>6}  in all, each over GraphQL and over REST; accepted: 0; shapes of the answer: {}",
        shapes.len()
    );
    assert_eq!(all, TOKENS);
    assert_eq!(shapes.len(), 1, "{shapes:#?}");
    let (shape, _) = shapes.first_key_value().unwrap();
    assert_eq!(
        (shape.status, &shape.json()["code"]),
        (401, &json!("unauthenticated"))
    );
}

/// That a token was good once is told to whoever holds it, so that a client renews it; a forged one that is also late is
/// forged.
#[tokio::test(flavor = "multi_thread")]
async fn only_a_token_that_was_good_has_expired() {
    let stage = Stage::served().await;
    let forger = stage.forger();
    let past = json!(forger.now - 31);
    let mut claims = forger.claims.clone();
    (claims["exp"], claims["iat"], claims["nbf"]) =
        (past, json!(forger.now - 60), json!(forger.now - 60));
    for (signer, code) in [
        (&forger.curve, "token_expired"),
        (&forger.own, "unauthenticated"),
    ] {
        let (url, token) = (stage.url.clone(), signer.token(&claims));
        let answers = tokio::task::spawn_blocking(move || Stage::shown(&url, token.as_bytes()));
        for answer in answers.await.unwrap() {
            assert_eq!((answer.status, &answer.json()["code"]), (401, &json!(code)));
        }
    }
}
