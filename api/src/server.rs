//! The service: every route, one listener, and a stop that loses nothing.

use crate::{
    dispatch::Platform,
    graphql,
    http::{
        self,
        cors::{self, Origin},
        graphql::{Introspection, bearer_token},
        listener::{self, Patience},
        quota::{self, Bearer, Budgets, Holder, Quotas},
        security,
    },
    identity::{
        access::{Matrix, MatrixError},
        token::LocalTokens,
    },
    outside, pages, rest,
    telemetry::{self, Metrics},
};
use axum::{
    Router,
    http::{HeaderMap, header},
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use thiserror::Error;
use tokio::net::TcpListener;

/// How long open connections may take to end once the service was told to stop.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// Why the service cannot be started.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The address cannot be listened at.
    #[error("cannot listen at {0}; choose another with --listen")]
    Bind(SocketAddr, #[source] io::Error),
    /// The access matrix is not sound.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
}

/// How the edge protects itself and those behind it.
#[derive(Debug, Clone, Default)]
pub struct Protection {
    /// What clients may ask.
    pub budgets: Budgets,
    /// Origins whose pages may read answers.
    pub origins: Vec<Origin>,
    /// Who may ask for the schema itself.
    pub introspection: Introspection,
    /// How connections are dealt with.
    pub patience: Patience,
}

/// A service that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    platform: Platform,
    router: Router,
    patience: Patience,
}

impl Server {
    /// Listens at `address`, protected as it is by default; port 0 takes any.
    pub async fn bind(
        address: SocketAddr,
        platform: Platform,
        metrics: Metrics,
    ) -> Result<Self, ServerError> {
        Self::bind_protected(address, platform, metrics, &Protection::default()).await
    }

    /// Listens at `address`; port 0 takes any.
    pub async fn bind_protected(
        address: SocketAddr,
        platform: Platform,
        metrics: Metrics,
        protection: &Protection,
    ) -> Result<Self, ServerError> {
        let router = protected_router(&platform, &metrics, protection)?;
        let refused = |source| ServerError::Bind(address, source);
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self {
            listener,
            address,
            platform,
            router,
            patience: protection.patience.clone(),
        })
    }

    /// Where it is reached.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until `stop`, then ends what is open, closes every scheme and lets go of the directory.
    pub async fn run(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        let idle = tokio::spawn(self.platform.clone().close_idle_schemes());
        let stopping = Arc::new(tokio::sync::Notify::new());
        let told = Arc::clone(&stopping);
        let serving = listener::serve(self.listener, self.router, self.patience, async move {
            stop.await;
            tracing::info!("stopping");
            told.notify_one();
        });
        // A subscription may last for hours; it does not keep the service from stopping.
        let impatient = async {
            stopping.notified().await;
            tokio::time::sleep(STOP_PATIENCE).await;
        };
        tokio::select! {
            () = serving => {}
            () = impatient => {}
        }
        idle.abort();
        self.platform.shut_down().await;
        Ok(())
    }
}

/// Every route of the service, protected as it is by default.
pub fn router(platform: &Platform, metrics: &Metrics) -> Result<Router, ServerError> {
    protected_router(platform, metrics, &Protection::default())
}

/// Every route of the service.
pub fn protected_router(
    platform: &Platform,
    metrics: &Metrics,
    protection: &Protection,
) -> Result<Router, ServerError> {
    let key = platform.key().derive("alongside addresses 1");
    let quotas = Quotas::new(protection.budgets, key, metrics.clone());
    let matrix = Arc::new(Matrix::embedded()?);
    let tokens = LocalTokens::new(platform.key().clone());
    let services =
        graphql::Services::new(platform.clone(), Arc::clone(&matrix), outside::wall_clock)
            .with_refusals(quotas.refusals());
    let judge = judge(tokens.clone());
    let schema = graphql::schema(services);
    let context = graphql::Door::new(tokens.clone(), platform.clone());
    let routes = http::graphql::router(
        schema,
        graphql::sdl(),
        context,
        http::graphql::Limits {
            introspection: protection.introspection,
            ..http::graphql::Limits::default()
        },
    )
    .merge(rest::router(platform.clone(), tokens, matrix))
    .merge(pages::router())
    .merge(metrics.router());
    // Outermost what a browser asks beforehand, then whose account is charged.
    let inner = |routes| cors::allow(quota::limit(routes, quotas, judge), &protection.origins);
    Ok(telemetry::observe(
        security::protect_with(routes, inner),
        metrics.clone(),
    ))
}

/// Whose account a request is charged to, by its token. What the handlers make of the token is theirs.
fn judge(tokens: LocalTokens) -> impl Fn(&HeaderMap) -> Bearer + Clone + Send + Sync + 'static {
    move |headers| {
        if !headers.contains_key(header::AUTHORIZATION) {
            return Bearer::Absent;
        }
        let caller = bearer_token(headers)
            .ok()
            .and_then(|token| tokens.verify(token, outside::wall_clock()).ok());
        caller.map_or(Bearer::Fails, |caller| {
            Bearer::Holds(Holder {
                actor: caller.actor,
                role: caller.role,
            })
        })
    }
}

/// Waits for Ctrl-C, or for what a service manager sends.
pub async fn stop_signal() {
    let interrupted = async {
        let _told = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
