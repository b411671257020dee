//! Connections: how many, how patiently, and from whom.
//!
//! ```text
//! accept (while there is room) ─▶ headers within 30 s ─▶ router ─▶ answer, as long as it is being read
//! ```
//!
//! A connection that says nothing, says it letter by letter or does not read its answer is closed, and until then it has one
//! place of many. Bodies have a time of their own ([`super::security::BODY_WITHIN`]). There is deliberately no TLS and no
//! HTTP/2 here: both belong to the proxy in front.

mod counted;

#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    io,
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, extract::Request, http::HeaderMap};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};
use tower::ServiceExt as _;

use super::quota::Peer;
use counted::Counted;

/// How connections are dealt with.
#[derive(Debug, Clone)]
pub struct Patience {
    /// Connections at once. Whoever comes then waits to be accepted.
    pub connections: NonZeroUsize,
    /// How long the headers of a request may take; so also how long a connection may rest between two.
    pub headers: Duration,
    /// How long an answer may wait for its reader to take any of it.
    pub reading: Duration,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connections: NonZeroUsize::new(4_096).unwrap_or(NonZeroUsize::MIN),
            headers: Duration::from_secs(30),
            reading: Duration::from_mins(1),
            proxies: Vec::new(),
        }
    }
}

/// Serves `router` until `stop`, and then until all connections have ended.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(patience.connections.get()));
    let patience = Arc::new(patience);
    let (stopping, told) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, accept(&listener).await)
        };
        let (place, (stream, address)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let Ok(place) = place else { break };
        let connection = Connection {
            router: router.clone(),
            patience: Arc::clone(&patience),
            peer: address.ip(),
            stopping: told.clone(),
        };
        tokio::spawn(connection.serve(stream, place));
    }
    drop(listener);
    drop(told);
    // Heard by each connection, which ends when it has answered what it is answering.
    let _nobody_is_there = stopping.send(());
    stopping.closed().await;
}

/// The next connection. One that came to nothing is not ours to mend; when there are no more files, some are freed.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted at the moment");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn is_of_the_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

struct Connection {
    router: Router,
    patience: Arc<Patience>,
    peer: IpAddr,
    stopping: watch::Receiver<()>,
}

impl Connection {
    async fn serve(self, stream: TcpStream, place: OwnedSemaphorePermit) {
        let Self {
            router,
            patience,
            peer,
            mut stopping,
        } = self;
        let stream = Counted::new(stream, place, patience.reading);
        let headers = patience.headers;
        let service = service_fn(move |request: Request<Incoming>| {
            let router = router.clone();
            let peer = Peer(client(peer, request.headers(), &patience.proxies));
            async move {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(peer);
                Ok::<_, Infallible>(match router.oneshot(request).await {
                    Ok(response) => response,
                    Err(never) => match never {},
                })
            }
        });
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(headers);
        let connection = builder
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = stopping.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            // The client's doing, nearly always; and nothing of what it sent stands in it.
            tracing::trace!(%error, "a connection ended early");
        }
    }
}

/// Who is at the other end: the peer, or whom a proxy that is believed says it speaks for. Of several that were passed
/// through, the last that is no such proxy: what stands before it anybody may have written.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&peer.to_canonical()) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let said = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.rsplit(','))
        .map(|address| address.trim().parse::<IpAddr>());
    for address in said {
        match address {
            Ok(address) if proxies.contains(&address.to_canonical()) => {}
            Ok(address) => return address,
            Err(_) => return peer,
        }
    }
    peer
}
