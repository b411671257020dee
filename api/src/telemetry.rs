//! What the service tells those who run it: logs, traces, figures. Never what it is working on.
//!
//! Logs go to standard error, for a person on a terminal and as JSON elsewhere. Traces and metrics leave over
//! OTLP/HTTP only when `OTEL_EXPORTER_OTLP_ENDPOINT` says where to. No variable, query string, path value, name,
//! token or payload enters any of the three, and nothing is counted by scheme and type of event together: in a scheme
//! of thirty people, such a counter tells who did what.

mod export;
mod metrics;
mod requests;

use std::{
    env,
    io::{self, IsTerminal as _},
};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::{metrics::SdkMeterProvider, trace::SdkTracerProvider};
use thiserror::Error;
use tracing_subscriber::{
    EnvFilter, Layer as _, Registry, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

pub use metrics::{CommandOutcome, Metrics};
pub use requests::{current_traceparent, incoming_traceparent, observe};

/// Building the REST documents opens thousands of spans at the start; the exporter's own would feed on themselves.
const QUIET: [&str; 3] = ["aide=warn", "opentelemetry=warn", "ureq=warn"];

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person.
    Human,
    /// One JSON object a line.
    Json,
}

/// Where telemetry goes and how much of it.
#[derive(Debug, Clone)]
pub struct Options {
    /// How logs are written.
    pub format: LogFormat,
    /// Which, as directives: `info`, or `warn,api=debug`.
    pub filter: String,
    /// Base address of an OTLP/HTTP collector; without one nothing leaves.
    pub collector: Option<String>,
}

impl Options {
    /// What the environment asks for: `ALONGSIDE_LOG_FORMAT`, `ALONGSIDE_LOG` or `RUST_LOG`, and
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`.
    #[must_use]
    pub fn from_environment() -> Self {
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let format = match set("ALONGSIDE_LOG_FORMAT").as_deref() {
            Some("json") => LogFormat::Json,
            Some("human") => LogFormat::Human,
            _ if io::stderr().is_terminal() => LogFormat::Human,
            _ => LogFormat::Json,
        };
        Self {
            format,
            filter: set("ALONGSIDE_LOG")
                .or_else(|| set("RUST_LOG"))
                .unwrap_or_else(|| "info".to_owned()),
            collector: set("OTEL_EXPORTER_OTLP_ENDPOINT"),
        }
    }
}

/// Why telemetry could not be set up.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The filter is not a list of directives.
    #[error("the log filter cannot be read")]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// The collector's address cannot be used.
    #[error(
        "the collector's address must begin with `http://`; put a collector beside the service and let it encrypt"
    )]
    Collector,
    /// The exporter could not be built.
    #[error("the exporter could not be built")]
    Exporter(#[source] opentelemetry_otlp::ExporterBuildError),
    /// Something else has set up logging before.
    #[error("telemetry is already set up")]
    AlreadySet(#[source] tracing_subscriber::util::TryInitError),
}

/// Keeps the exporters alive. What is still waiting is sent by [`Telemetry::shut_down`].
#[must_use = "dropping it stops traces and metrics"]
#[derive(Debug, Default)]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
    metrics: Option<SdkMeterProvider>,
}

impl Telemetry {
    /// Sends what waits, and stops. Blocks for a few seconds at most; call it after the last request.
    pub fn shut_down(self) {
        if let Some(traces) = self.traces
            && let Err(error) = traces.shutdown()
        {
            tracing::warn!(%error, "the last traces were not sent");
        }
        if let Some(metrics) = self.metrics
            && let Err(error) = metrics.shutdown()
        {
            tracing::warn!(%error, "the last metrics were not sent");
        }
    }
}

/// Sets up logging for the process, and exporting if a collector is named. Call it once, at the start.
pub fn init(options: &Options) -> Result<Telemetry, TelemetryError> {
    let (telemetry, subscriber) = build(options)?;
    subscriber.try_init().map_err(TelemetryError::AlreadySet)?;
    silence_panics();
    Ok(telemetry)
}

type Subscriber = tracing_subscriber::layer::Layered<
    Vec<Box<dyn tracing_subscriber::Layer<Registry> + Send + Sync>>,
    Registry,
>;

fn build(options: &Options) -> Result<(Telemetry, Subscriber), TelemetryError> {
    let mut filter = EnvFilter::try_new(&options.filter).map_err(TelemetryError::Filter)?;
    for directive in QUIET {
        // Directives of our own are well-formed; one that were not would only be louder.
        if let Ok(directive) = directive.parse() {
            filter = filter.add_directive(directive);
        }
    }
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let lines = match options.format {
        LogFormat::Human => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let mut layers = vec![lines.with_filter(filter).boxed()];
    let mut telemetry = Telemetry::default();
    if let Some(collector) = &options.collector {
        let traces = export::traces(collector)?;
        // Only what is marked for it leaves, by a target that begins with `alongside`: request spans and the
        // dispatcher's, not those of libraries, whose attributes nobody here has read.
        let ours = tracing_subscriber::filter::filter_fn(|metadata| {
            metadata.is_span() && metadata.target().starts_with("alongside")
        });
        let spans = tracing_opentelemetry::layer()
            .with_tracer(traces.tracer("alongside"))
            .with_location(false)
            .with_threads(false)
            .with_filter(ours);
        layers.push(spans.boxed());
        telemetry.traces = Some(traces);
        telemetry.metrics = Some(export::metrics(collector)?);
    }
    Ok((telemetry, tracing_subscriber::registry().with(layers)))
}

/// A panic's message may quote what was being worked on; its place may not.
fn silence_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panicked");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(filter: &str, collector: Option<&str>) -> Options {
        Options {
            format: LogFormat::Json,
            filter: filter.to_owned(),
            collector: collector.map(ToOwned::to_owned),
        }
    }

    #[test]
    fn nothing_leaves_unless_a_collector_is_named() {
        let (telemetry, _) = build(&options("info", None)).unwrap();
        assert!(telemetry.traces.is_none() && telemetry.metrics.is_none());
    }

    #[test]
    fn a_mistaken_filter_or_address_is_told() {
        assert!(matches!(
            build(&options("api=shouting", None)),
            Err(TelemetryError::Filter(_))
        ));
        assert!(matches!(
            build(&options("info", Some("https://collector"))),
            Err(TelemetryError::Collector)
        ));
    }
}
