//! The service: every route, one listener, and a stop that loses nothing.

use crate::{
    dispatch::Platform,
    graphql,
    http::{
        self,
        cors::{self, Origin},
        graphql::{Introspection, credentials},
        listener::{self, Patience},
        quota::{self, Bearer, Budgets, Quotas},
        security,
    },
    identity::{
        access::{Matrix, MatrixError},
        bearers::Bearers,
        token::{LocalTokens, TokenError},
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

/// What a deployment decides of the edge.
#[derive(Clone)]
pub struct Deployment {
    /// Who may do what.
    pub matrix: Arc<Matrix>,
    /// How the edge protects itself.
    pub protection: Protection,
    /// Whose tokens are taken: those of the data directory's own key, if absent.
    pub bearers: Option<Bearers>,
}

impl Deployment {
    /// As this binary was built.
    pub fn shipped() -> Result<Self, MatrixError> {
        Ok(Self {
            matrix: Arc::new(Matrix::embedded()?),
            protection: Protection::default(),
            bearers: None,
        })
    }

    /// The same, for whoever shows one of these tokens.
    #[must_use]
    pub fn with_bearers(self, bearers: Bearers) -> Self {
        let bearers = Some(bearers);
        Self { bearers, ..self }
    }
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
    /// Listens at `address` in local mode, with the access matrix and the protection this binary was built with; port 0 takes any.
    pub async fn bind(
        address: SocketAddr,
        platform: Platform,
        metrics: Metrics,
    ) -> Result<Self, ServerError> {
        Self::bind_as(address, platform, metrics, &Deployment::shipped()?).await
    }

    /// Listens at `address`; port 0 takes any.
    pub async fn bind_as(
        address: SocketAddr,
        platform: Platform,
        metrics: Metrics,
        deployment: &Deployment,
    ) -> Result<Self, ServerError> {
        let router = router_as(&platform, &metrics, deployment);
        let refused = |source| ServerError::Bind(address, source);
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self {
            listener,
            address,
            platform,
            router,
            patience: deployment.protection.patience.clone(),
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

/// Every route of the service in local mode, with the access matrix and the protection this binary was built with.
pub fn router(platform: &Platform, metrics: &Metrics) -> Result<Router, ServerError> {
    Ok(router_as(platform, metrics, &Deployment::shipped()?))
}

/// Every route of the service.
pub fn router_as(platform: &Platform, metrics: &Metrics, deployment: &Deployment) -> Router {
    let Deployment {
        matrix,
        protection,
        bearers,
    } = deployment;
    let own_key = || LocalTokens::new(platform.key().clone()).into();
    let bearers = bearers.clone().unwrap_or_else(own_key);
    let key = platform.key().derive("alongside addresses 1");
    let quotas = Quotas::new(protection.budgets, key, metrics.clone());
    let services =
        graphql::Services::new(platform.clone(), Arc::clone(matrix), outside::wall_clock)
            .with_refusals(quotas.refusals())
            .with_issuers(bearers.issuers());
    let judge = judge(bearers.clone());
    let schema = graphql::schema(services);
    let context = graphql::Door::new(bearers.clone(), platform.clone());
    let routes = http::graphql::router(
        schema,
        graphql::sdl(),
        context,
        http::graphql::Limits {
            introspection: protection.introspection,
            ..http::graphql::Limits::default()
        },
    )
    .merge(rest::router(platform.clone(), bearers, Arc::clone(matrix)))
    .merge(pages::router())
    .merge(metrics.router());
    // Outermost what a browser asks beforehand, then whose account is charged.
    let inner = |routes| cors::allow(quota::limit(routes, quotas, judge), &protection.origins);
    telemetry::observe(security::protect_with(routes, inner), metrics.clone())
}

/// Whose account a request is charged to, by its token as far as that can be told at once. What the handlers make of the
/// token is theirs.
fn judge(bearers: Bearers) -> impl Fn(&HeaderMap) -> Bearer + Clone + Send + Sync + 'static {
    move |headers| {
        if !headers.contains_key(header::AUTHORIZATION) {
            return Bearer::Absent;
        }
        let shown = credentials(headers).map_err(|_| TokenError::Invalid);
        match shown.and_then(|shown| bearers.account(&shown, outside::wall_clock())) {
            Ok(holder) => Bearer::Holds(holder),
            // Nobody knows yet whether it holds; until then it counts for nothing.
            Err(TokenError::Unverifiable) => Bearer::Absent,
            Err(TokenError::Invalid | TokenError::Expired) => Bearer::Fails,
        }
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
