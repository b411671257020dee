//! The figures at `GET /metrics`, in the text format that Prometheus reads.
//!
//! A handful, each with few and fixed labels. `prometheus-client` is the reference implementation of the format for
//! Rust; it keeps no global registry, so a test has figures of its own. There is deliberately no label for a scheme, a
//! type of event or a person.

use std::{sync::Arc, time::Duration};

use crate::http::quota::Reason;
use axum::{Router, http::header, response::IntoResponse, routing::get};
use opentelemetry::{KeyValue, global, metrics as otlp};
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

/// How a command ended, as far as anybody outside may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
#[expect(
    non_camel_case_types,
    reason = "the names are label values, lower-case by convention"
)]
pub enum CommandOutcome {
    /// Appended.
    accepted,
    /// Refused by a rule.
    refused,
    /// Answered with the outcome of an earlier command of the same id.
    repeated,
    /// Our own failure.
    failed,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: CommandOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

/// The figures. Cheap to clone; clones count together.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabel, Histogram>,
    commands: Family<OutcomeLabel, Counter>,
    refused_requests: Family<ReasonLabel, Counter>,
    group_commands: Histogram,
    sync_seconds: Histogram,
    open_schemes: Gauge,
    memory_held: Gauge,
    memory_budget: Gauge,
    exported_requests: otlp::Histogram<f64>,
    exported_commands: otlp::Counter<u64>,
}

impl Metrics {
    /// Figures that start at nothing. Made after [`super::init`], so that what is exported finds its way.
    #[must_use]
    pub fn new() -> Self {
        let meter = global::meter("alongside");
        let mut metrics = Self {
            registry: Arc::default(),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(seconds),
            commands: Family::default(),
            refused_requests: Family::default(),
            group_commands: Histogram::new([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0]),
            sync_seconds: seconds(),
            open_schemes: Gauge::default(),
            memory_held: Gauge::default(),
            memory_budget: Gauge::default(),
            exported_requests: meter
                .f64_histogram("http.server.request.duration")
                .with_unit("s")
                .build(),
            exported_commands: meter.u64_counter("alongside.commands").build(),
        };
        metrics.registry = Arc::new(metrics.register());
        metrics
    }

    fn register(&self) -> Registry {
        let mut registry = Registry::with_prefix("alongside");
        let help = "Requests answered, by matched route and class of status";
        registry.register("requests", help, self.requests.clone());
        let help = "Time from a request's headers to its answer's";
        registry.register_with_unit("request", help, Unit::Seconds, self.request_seconds.clone());
        let help = "Commands, by how they ended";
        registry.register("commands", help, self.commands.clone());
        let help = "Requests, messages and streams refused because a client had used up its share, by which share";
        registry.register("refused_requests", help, self.refused_requests.clone());
        let help = "Commands appended together with one sync";
        registry.register("group_commands", help, self.group_commands.clone());
        let help = "Time the disk took to make a group durable";
        registry.register_with_unit("sync", help, Unit::Seconds, self.sync_seconds.clone());
        let help = "Schemes that take commands";
        registry.register("open_schemes", help, self.open_schemes.clone());
        let help = "Memory that open schemes are taken to hold";
        registry.register_with_unit("memory_held", help, Unit::Bytes, self.memory_held.clone());
        let help = "Memory that open schemes may hold; more is held only while all of it is in use";
        registry.register_with_unit(
            "memory_budget",
            help,
            Unit::Bytes,
            self.memory_budget.clone(),
        );
        registry
    }

    /// One command has ended.
    pub fn command_ended(&self, outcome: CommandOutcome) {
        self.commands.get_or_create(&OutcomeLabel { outcome }).inc();
        let label = format!("{outcome:?}");
        self.exported_commands
            .add(1, &[KeyValue::new("outcome", label)]);
    }

    /// A client had used up its share.
    pub fn request_refused(&self, reason: Reason) {
        let reason = reason.as_str();
        self.refused_requests
            .get_or_create(&ReasonLabel { reason })
            .inc();
    }

    /// A group of so many commands was made durable in this time.
    pub fn group_synced(&self, commands: u32, took: Duration) {
        self.group_commands.observe(f64::from(commands));
        self.sync_seconds.observe(took.as_secs_f64());
    }

    /// So many schemes take commands now.
    pub fn set_open_schemes(&self, count: usize) {
        self.open_schemes
            .set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Open schemes are taken to hold so many bytes, of so many they may.
    pub fn set_memory(&self, held: u64, budget: u64) {
        self.memory_held
            .set(i64::try_from(held).unwrap_or(i64::MAX));
        self.memory_budget
            .set(i64::try_from(budget).unwrap_or(i64::MAX));
    }

    pub(super) fn request_answered(
        &self,
        method: &'static str,
        route: &str,
        status: u16,
        took: Duration,
    ) {
        let labels = RequestLabels {
            route: route.to_owned(),
            status: class_of(status),
        };
        self.requests.get_or_create(&labels).inc();
        let label = RouteLabel {
            route: labels.route.clone(),
        };
        self.request_seconds
            .get_or_create(&label)
            .observe(took.as_secs_f64());
        self.exported_requests.record(
            took.as_secs_f64(),
            &[
                KeyValue::new("http.request.method", method),
                KeyValue::new("http.route", labels.route),
                KeyValue::new("http.response.status_code", i64::from(status)),
            ],
        );
    }

    /// The figures as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _: Result<(), std::fmt::Error> = text::encode(&mut text, &self.registry);
        text
    }

    /// The route `/metrics`. It shows no personal data and asks for no token; keep it inside the network all the same.
    pub fn router(&self) -> Router {
        let metrics = self.clone();
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        let answer =
            move || async move { ([(header::CONTENT_TYPE, kind)], metrics.text()).into_response() };
        Router::new().route("/metrics", get(answer))
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// From a tenth of a millisecond, where plain reads are, to the longest a request may take.
fn seconds() -> Histogram {
    Histogram::new([
        0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0,
    ])
}

const fn class_of(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_shown() {
        let metrics = Metrics::new();
        metrics.command_ended(CommandOutcome::accepted);
        metrics.clone().command_ended(CommandOutcome::accepted);
        metrics.group_synced(3, Duration::from_millis(2));
        metrics.set_open_schemes(2);
        metrics.set_memory(3, 4);
        metrics.request_answered("GET", "/v1/schemes/{scheme}", 404, Duration::from_millis(1));
        let text = metrics.text();
        for line in [
            "alongside_commands_total{outcome=\"accepted\"} 2",
            "alongside_group_commands_sum 3.0",
            "alongside_sync_seconds_count 1",
            "alongside_open_schemes 2",
            "alongside_memory_held_bytes 3",
            "alongside_memory_budget_bytes 4",
            "alongside_requests_total{route=\"/v1/schemes/{scheme}\",status=\"4xx\"} 1",
            "alongside_request_seconds_count{route=\"/v1/schemes/{scheme}\"} 1",
            "# EOF",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} is missing in\n{text}"
            );
        }
    }
}
