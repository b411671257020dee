//! Real sockets that say nothing, say it slowly, or do not listen.

use std::time::Duration;

use axum::routing::{get, post};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::*;
use crate::http::security::{self, protect};

const SOON: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(20);

struct Service {
    address: SocketAddr,
    _serving: JoinHandle<()>,
}

async fn service(patience: Patience) -> Service {
    let take = async |headers: HeaderMap, body: Body| match security::read_body_within(
        &headers, body, 1_000, SOON,
    )
    .await
    {
        Ok(bytes) => Ok(bytes.len().to_string()),
        Err(problem) => Err(problem),
    };
    let peer = async |request: Request| {
        let peer = request.extensions().get::<Peer>().expect("there is a peer");
        peer.0.to_string()
    };
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/large", get(|| async { "x".repeat(64 << 20) }))
        .route("/peer", get(peer))
        .route("/take", post(take));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = serve(listener, protect(router), patience, std::future::pending());
    Service {
        address,
        _serving: tokio::spawn(serving),
    }
}

impl Service {
    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    async fn ask(&self, text: &str) -> String {
        let mut stream = self.send(text).await;
        all_of(&mut stream).await
    }
}

/// Everything until the other side closes, which it must.
async fn all_of(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(LONG, stream.read_to_end(&mut bytes)).await;
    let _reset_is_an_end_too = read.expect("it is closed");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn headers_letter_by_letter_are_not_waited_for() {
    let service = service(Patience {
        headers: SOON,
        ..Patience::default()
    })
    .await;
    let mut silent = service.send("").await;
    assert_eq!(all_of(&mut silent).await, "");
    let mut slow = service.send("GET / HTTP/1.1\r\nhost: a\r\n").await;
    let letters = async {
        for _ in 0..100 {
            sleep(SOON / 4).await;
            if slow.write_all(b"x-slow: 1\r\n").await.is_err() {
                return;
            }
        }
        panic!("a hundred headers were waited for");
    };
    timeout(LONG, letters).await.unwrap();
    assert!(service.ask("GET / HTTP/1.0\r\n\r\n").await.contains("here"));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered_and_not_waited_for() {
    let service = service(Patience::default()).await;
    let answer = service
        .ask("POST /take HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nfour")
        .await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"request_timeout\""), "{answer}");
    assert!(
        answer.to_lowercase().contains("connection: close"),
        "{answer}"
    );
    let whole =
        "POST /take HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 4\r\n\r\nfour";
    assert!(service.ask(whole).await.ends_with("\r\n\r\n4"));
}

#[tokio::test]
async fn there_are_only_so_many_places_and_silence_loses_its_own() {
    let service = service(Patience {
        connections: NonZeroUsize::new(2).unwrap(),
        headers: SOON,
        ..Patience::default()
    })
    .await;
    let silent: Vec<TcpStream> = [service.send("").await, service.send("").await].into();
    // Accepted only when one of the silent two was closed.
    let answer = service.ask("GET / HTTP/1.0\r\n\r\n").await;
    assert!(answer.contains("here"), "{answer}");
    drop(silent);
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let service = service(Patience {
        connections: NonZeroUsize::MIN,
        reading: SOON,
        ..Patience::default()
    })
    .await;
    let deaf = service.send("GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let other = timeout(LONG, service.ask("GET / HTTP/1.0\r\n\r\n")).await;
    assert!(other.unwrap().contains("here"));
    drop(deaf);
}

#[tokio::test]
async fn a_stop_ends_what_rests_and_waits_for_what_is_being_answered() {
    let slow = async || {
        sleep(SOON).await;
        "at last"
    };
    let router = Router::new().route("/", get(slow));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, told) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(serve(listener, router, Patience::default(), async {
        let _told = told.await;
    }));
    let mut resting = TcpStream::connect(address).await.unwrap();
    let mut asking = TcpStream::connect(address).await.unwrap();
    asking
        .write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        .await
        .unwrap();
    sleep(SOON / 4).await;
    stop.send(()).unwrap();
    assert!(all_of(&mut asking).await.ends_with("at last"));
    assert_eq!(all_of(&mut resting).await, "");
    timeout(LONG, serving).await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn only_a_proxy_that_is_known_speaks_for_others() {
    let ask = "GET /peer HTTP/1.0\r\nx-forwarded-for: 203.0.113.9, 198.51.100.7\r\n\r\n";
    let stranger = service(Patience::default()).await;
    assert!(stranger.ask(ask).await.ends_with("127.0.0.1"));
    let known = service(Patience {
        proxies: vec!["127.0.0.1".parse().unwrap()],
        ..Patience::default()
    })
    .await;
    assert!(known.ask(ask).await.ends_with("198.51.100.7"));
    let nonsense = "GET /peer HTTP/1.0\r\nx-forwarded-for: somebody\r\n\r\n";
    assert!(known.ask(nonsense).await.ends_with("127.0.0.1"));
}
