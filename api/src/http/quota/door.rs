//! Where requests are charged: one layer around all routes.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};

use super::{Charge, HeldStream, Holder, Overdrawn, Quotas, Reason};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STANDING: HeaderName = HeaderName::from_static("ratelimit");

/// What a monitor looks at, above all when the service is being flooded. Each costs next to nothing.
const FREE: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// The address of whoever is at the other end of the connection. Set by whatever listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// What the token of a request comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    /// There is none.
    Absent,
    /// It does not hold.
    Fails,
    /// It holds.
    Holds(Holder),
}

/// Whoever sent a request, for what goes on after its headers: messages and streams.
#[derive(Clone)]
pub struct Asker {
    quotas: Quotas,
    peer: IpAddr,
    holder: Option<Holder>,
}

impl Asker {
    /// Whoever holds the token that came later, as the first message of a connection.
    #[must_use]
    pub fn admitted(&self, holder: Holder) -> Self {
        Self {
            holder: Some(holder),
            ..self.clone()
        }
    }

    /// Charges one message.
    pub fn message(&self) -> Result<(), Overdrawn> {
        let charge = match self.holder {
            Some(holder) => self.quotas.spend_as_holder(holder),
            None => self.quotas.spend_at(self.peer, Reason::WithoutToken),
        };
        charge.overdrawn().map_or(Ok(()), Err)
    }

    /// Charges a token that came as a message and does not hold.
    pub fn failed_token(&self) {
        let _closed_anyway = self.quotas.spend_at(self.peer, Reason::FailedTokens);
    }

    /// Counts a stream for as long as what is returned lives.
    pub fn hold_stream(&self) -> Result<Option<HeldStream>, Overdrawn> {
        let held = self.holder.map(|holder| self.quotas.hold_stream(holder));
        held.transpose()
    }
}

/// Charges every request of `router` to whoever sent it, and says so in the answer. `judge` tells what the token in the
/// headers comes to.
pub fn limit<J>(router: Router, quotas: Quotas, judge: J) -> Router
where
    J: Fn(&HeaderMap) -> Bearer + Clone + Send + Sync + 'static,
{
    router.layer(middleware::from_fn(
        move |mut request: Request, next: Next| {
            let (quotas, judge) = (quotas.clone(), judge.clone());
            async move {
                if FREE.contains(&request.uri().path()) {
                    return next.run(request).await;
                }
                let peer = request.extensions().get::<Peer>();
                // In one process, without a socket, everybody is at the same address.
                let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
                let bearer = judge(request.headers());
                let charge = charge(&quotas, peer, bearer);
                let mut response = if let Some(overdrawn) = charge.overdrawn() {
                    refused(&overdrawn)
                } else {
                    let holder = match bearer {
                        Bearer::Holds(holder) => Some(holder),
                        Bearer::Absent | Bearer::Fails => None,
                    };
                    let asker = Asker {
                        quotas,
                        peer,
                        holder,
                    };
                    request.extensions_mut().insert(asker);
                    next.run(request).await
                };
                let (policy, standing) = charge.headers();
                set(&mut response, POLICY, &policy);
                set(&mut response, STANDING, &standing);
                response
            }
        },
    ))
}

fn charge(quotas: &Quotas, peer: IpAddr, bearer: Bearer) -> Charge {
    match bearer {
        Bearer::Holds(holder) => quotas.spend_as_holder(holder),
        Bearer::Absent => quotas.spend_at(peer, Reason::WithoutToken),
        Bearer::Fails => quotas.spend_at(peer, Reason::FailedTokens),
    }
}

/// 429, and when to come back.
pub fn refused(overdrawn: &Overdrawn) -> Response {
    let mut response = overdrawn.problem().into_response();
    let seconds = HeaderValue::from(overdrawn.retry_after_seconds());
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

fn set(response: &mut Response, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        response.headers_mut().insert(name, value);
    }
}
