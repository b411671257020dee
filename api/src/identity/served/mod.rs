//! The whole service behind an identity provider, asked over real sockets.

mod forged;
mod let_in;

use super::{
    bearers::Bearers,
    issuers::{Issuers, stub::Stub, testing::Signer},
};
use crate::{
    demo,
    dispatch::{Options, Platform},
    outside::wall_clock,
    server::{Deployment, Server},
    telemetry::Metrics,
};
use event_log::Kind;
use serde_json::{Value, json};
use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use ureq::http::HeaderValue;
use uuid::Uuid;

/// A service and its provider, with one key for each algorithm.
struct Stage {
    url: String,
    stub: Stub,
    rsa: Signer,
    curve: Signer,
    edwards: Signer,
    commands: AtomicU64,
    platform: Platform,
    _data: tempfile::TempDir,
}

/// An answer over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Answer {
    status: u16,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Stage {
    /// Whose subject `root` is an administrator by the settings, and `office` a coordinator.
    async fn served() -> Self {
        let rsa = Signer::rs256("rsa");
        let (curve, edwards) = (Signer::es256("curve"), Signer::eddsa("edwards"));
        let stub = Stub::new(&[&rsa, &curve, &edwards]);
        let settings = stub.settings(
            "[[people]]\nissuer = \"ISSUER\"\nsubject = \"root\"\nrole = \"administrator\"\n\
             [[people]]\nissuer = \"ISSUER\"\nsubject = \"office\"\nrole = \"coordinator\"\nscheme = \"mentor-plus\"\n",
        );
        let data = tempfile::tempdir().unwrap();
        let options = Options {
            create: Some(Kind::Rehearsal),
            anchor: demo::ANCHOR,
            ..Options::new(data.path())
        };
        let metrics = Metrics::new();
        let platform = Platform::open(&options, metrics.clone()).unwrap();
        let issuers = Issuers::start(platform.key().clone(), &settings).unwrap();
        let bearers = Bearers::Issued(issuers);
        let address = ([127, 0, 0, 1], 0).into();
        let mut deployment = Deployment::shipped().unwrap().with_bearers(bearers);
        // What bounds clients is tried elsewhere; here ten thousand tokens come from one address.
        deployment.protection.budgets.failed_tokens_a_minute = NonZeroU32::MAX;
        deployment.protection.budgets.requests_a_minute = NonZeroU32::MAX;
        let server = Server::bind_as(address, platform.clone(), metrics, &deployment);
        let server = server.await.unwrap();
        let url = server.url();
        tokio::spawn(server.run(std::future::pending()));
        Self {
            url,
            stub,
            rsa,
            curve,
            edwards,
            commands: AtomicU64::new(1),
            platform,
            _data: data,
        }
    }

    /// The same with a scheme that is ready.
    async fn opened() -> Self {
        let stage = Self::served().await;
        for command in [
            r#"openScheme(input: { COMMON, name: "A scheme", kind: MENTORING })"#,
            r#"adoptPolicy(input: { COMMON, shipped: "mentor-plus-2017" })"#,
            "adoptRegister(input: { COMMON, shipped: true })",
            "adoptCalendar(input: { COMMON, shipped: true })",
        ] {
            stage
                .tell("root", &format!("{command} {{ rejection {{ code }} }}"))
                .await;
        }
        stage
    }

    /// A good token about `subject`.
    fn token(&self, subject: &str) -> String {
        self.curve.token(&self.stub.claims(subject, wall_clock()))
    }

    /// A mutation by `subject` that is accepted.
    async fn tell(&self, subject: &str, command: &str) -> Value {
        let answer = self.command(&self.token(subject), command).await.json();
        assert!(answer.get("errors").is_none(), "{command}: {answer}");
        let payload = answer["data"].as_object().unwrap().values().next().unwrap();
        assert!(payload["rejection"].is_null(), "{command}: {payload}");
        payload.clone()
    }

    async fn command(&self, token: &str, command: &str) -> Answer {
        let number = self.commands.fetch_add(1, Ordering::Relaxed);
        let id = Uuid::from_u128(u128::from(number));
        let common = format!(r#"scheme: "mentor-plus", commandId: "{id}""#);
        let document = format!("mutation {{ {} }}", command.replace("COMMON", &common));
        self.ask(token, &[], &document).await
    }

    async fn ask(&self, token: &str, headers: &[(&str, &str)], document: &str) -> Answer {
        let body = json!({ "query": document }).to_string();
        let token = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        self.send("/graphql", token, headers, Some(body)).await
    }

    async fn get(&self, token: &str, headers: &[(&str, &str)], path: &str) -> Answer {
        let token = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        self.send(path, token, headers, None).await
    }

    async fn send(
        &self,
        path: &str,
        authorization: HeaderValue,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let mut request = ureq::http::Request::builder()
            .uri(format!("{}{path}", self.url))
            .method(if body.is_some() { "POST" } else { "GET" })
            .header("authorization", authorization)
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let ask = move || {
            let answer = match body {
                Some(body) => agent().run(request.body(body).unwrap()),
                None => agent().run(request.body(()).unwrap()),
            };
            let mut answer = answer.unwrap();
            Answer {
                status: answer.status().as_u16(),
                body: answer.body_mut().read_to_string().unwrap(),
            }
        };
        tokio::task::spawn_blocking(ask).await.unwrap()
    }
}

/// One that keeps its connections, and sends headers however long.
fn agent() -> ureq::Agent {
    static AGENT: std::sync::LazyLock<ureq::Agent> = std::sync::LazyLock::new(|| {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .output_buffer_size(512 * 1024)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        config.new_agent()
    });
    AGENT.clone()
}
