//! The service: every route, one listener, and a stop that loses nothing.

use crate::{
    dispatch::Platform,
    graphql,
    http::{self, security},
    identity::{
        access::{Matrix, MatrixError},
        bearers::Bearers,
        token::LocalTokens,
    },
    outside, pages, rest,
    telemetry::{self, Metrics},
};
use axum::Router;
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
    /// The listener failed.
    #[error("the listener failed")]
    Serve(#[source] io::Error),
}

/// A service that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    platform: Platform,
    router: Router,
}

impl Server {
    /// Listens at `address`, in local mode; port 0 takes any.
    pub async fn bind(
        address: SocketAddr,
        platform: Platform,
        metrics: Metrics,
    ) -> Result<Self, ServerError> {
        let bearers = LocalTokens::new(platform.key().clone()).into();
        Self::bind_for(address, platform, bearers, metrics).await
    }

    /// As [`Self::bind`], for whoever shows one of these tokens.
    pub async fn bind_for(
        address: SocketAddr,
        platform: Platform,
        bearers: Bearers,
        metrics: Metrics,
    ) -> Result<Self, ServerError> {
        let router = router_for(&platform, bearers, &metrics)?;
        let refused = |source| ServerError::Bind(address, source);
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self {
            listener,
            address,
            platform,
            router,
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
        let serving = axum::serve(self.listener, self.router).with_graceful_shutdown(async move {
            stop.await;
            tracing::info!("stopping");
            told.notify_one();
        });
        // A subscription may last for hours; it does not keep the service from stopping.
        let impatient = async {
            stopping.notified().await;
            tokio::time::sleep(STOP_PATIENCE).await;
        };
        let served = tokio::select! {
            served = serving.into_future() => served.map_err(ServerError::Serve),
            () = impatient => Ok(()),
        };
        idle.abort();
        self.platform.shut_down().await;
        served
    }
}

/// Every route of the service, in local mode.
pub fn router(platform: &Platform, metrics: &Metrics) -> Result<Router, ServerError> {
    let bearers = LocalTokens::new(platform.key().clone()).into();
    router_for(platform, bearers, metrics)
}

/// Every route of the service, for whoever shows one of these tokens.
pub fn router_for(
    platform: &Platform,
    bearers: Bearers,
    metrics: &Metrics,
) -> Result<Router, ServerError> {
    let matrix = Arc::new(Matrix::embedded()?);
    let services =
        graphql::Services::new(platform.clone(), Arc::clone(&matrix), outside::wall_clock)
            .with_issuers(bearers.issuers());
    let schema = graphql::schema(services);
    let context = graphql::Door::new(bearers.clone(), platform.clone());
    let routes = http::graphql::router(
        schema,
        graphql::sdl(),
        context,
        http::graphql::Limits::default(),
    )
    .merge(rest::router(platform.clone(), bearers, matrix))
    .merge(pages::router())
    .merge(metrics.router());
    Ok(telemetry::observe(
        security::protect(routes),
        metrics.clone(),
    ))
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
