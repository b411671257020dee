//! The way out: spans and figures as OTLP over HTTP, sent by threads of their own.
//!
//! The client is a blocking one without TLS, because the exporters run on plain threads and a collector stands beside
//! the service: it is the collector that encrypts, retries and knows addresses. There is deliberately no gRPC (a
//! second HTTP stack) and no export of logs (standard error is where a container's logs are read).

use std::time::Duration;

use async_trait::async_trait;
use opentelemetry::global;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{
    MetricExporter, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _,
};
use opentelemetry_sdk::{Resource, metrics::SdkMeterProvider, trace::SdkTracerProvider};

use super::TelemetryError;

const SEND_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// Sends batches of spans to the collector at this base address.
pub(super) fn traces(collector: &str) -> Result<SdkTracerProvider, TelemetryError> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Client::new(collector)?)
        .with_endpoint(address(collector, "v1/traces"))
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(SEND_WITHIN)
        .build()
        .map_err(TelemetryError::Exporter)?;
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource())
        .build())
}

/// Sends figures to the collector every minute, and makes its instruments the process's.
pub(super) fn metrics(collector: &str) -> Result<SdkMeterProvider, TelemetryError> {
    let exporter = MetricExporter::builder()
        .with_http()
        .with_http_client(Client::new(collector)?)
        .with_endpoint(address(collector, "v1/metrics"))
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(SEND_WITHIN)
        .build()
        .map_err(TelemetryError::Exporter)?;
    let provider = SdkMeterProvider::builder()
        .with_periodic_exporter(exporter)
        .with_resource(resource())
        .build();
    global::set_meter_provider(provider.clone());
    Ok(provider)
}

fn address(collector: &str, path: &str) -> String {
    format!("{}/{path}", collector.trim_end_matches('/'))
}

fn resource() -> Resource {
    Resource::builder()
        .with_service_name("alongside")
        .with_attribute(opentelemetry::KeyValue::new(
            "service.version",
            env!("CARGO_PKG_VERSION"),
        ))
        .build()
}

#[derive(Debug)]
struct Client(ureq::Agent);

impl Client {
    fn new(collector: &str) -> Result<Self, TelemetryError> {
        if !collector.starts_with("http://") {
            return Err(TelemetryError::Collector);
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(SEND_WITHIN))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .build();
        Ok(Self(config.new_agent()))
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let response = self.0.run(Request::from_parts(parts, body.as_ref()))?;
        let (parts, mut body) = response.into_parts();
        let bytes = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
        Ok(Response::from_parts(parts, bytes.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
        thread,
    };

    use opentelemetry::trace::{Tracer as _, TracerProvider as _};

    use super::*;

    #[test]
    fn a_span_reaches_the_collector() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let collector = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(5)))
                .unwrap();
            let mut received = Vec::new();
            let mut buffer = [0; 4096];
            while !received.windows(5).any(|window| window == b"hello") {
                let length = stream.read(&mut buffer).unwrap();
                assert!(length > 0, "the exporter hung up before the span's name");
                received.extend_from_slice(&buffer[..length]);
            }
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .unwrap();
            String::from_utf8_lossy(&received).into_owned()
        });
        let provider = traces(&address).unwrap();
        provider.tracer("test").in_span("hello", |_| {});
        provider.shutdown().unwrap();
        let received = collector.join().unwrap();
        assert!(
            received.starts_with("POST /v1/traces HTTP/1.1\r\n"),
            "{received}"
        );
        assert!(received.contains("application/x-protobuf"));
        assert!(received.contains("alongside"));
    }
}
