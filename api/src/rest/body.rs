//! How a delivery arrives: which form it has, and no more of it than is taken.

use super::failure::Refused;
use crate::http::{problem::Code, security};
use axum::{
    body::{Body, BodyDataStream},
    http::{HeaderMap, header},
};
use domain::appointment::Form;
use futures_util::StreamExt as _;
use std::time::Duration;

/// The most bytes of one notice.
pub const JSON_BYTES_MOST: usize = 256 << 10;
/// The most bytes of a report: 20,000 rows of 1,600 bytes.
pub const CSV_BYTES_MOST: usize = 32 << 20;

/// What is thrown away of a body that is too large, so that its sender gets to hear so.
const DISCARDED_BYTES_MOST: usize = 512 << 20;
const DISCARDING_MOST: Duration = Duration::from_secs(15);

/// The form that the headers announce.
pub fn form(headers: &HeaderMap) -> Result<Form, Refused> {
    let not_taken = || {
        Refused::new(
            Code::UnsupportedMediaType,
            "Send application/json for one notice or text/csv for a report, in UTF-8 and not compressed.",
        )
    };
    let encoded = headers.get(header::CONTENT_ENCODING);
    if encoded.is_some_and(|encoding| encoding != "identity") {
        return Err(not_taken());
    }
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|kind| kind.to_str().ok())
        .ok_or_else(not_taken)?;
    let mut parts = kind.split(';').map(str::trim);
    let form = match parts.next().unwrap_or_default() {
        kind if kind.eq_ignore_ascii_case("application/json") => Form::Json,
        kind if kind.eq_ignore_ascii_case("text/csv") => Form::Csv,
        _ => return Err(not_taken()),
    };
    let foreign = parts
        .filter_map(|part| part.split_once('='))
        .any(|(name, value)| {
            name.eq_ignore_ascii_case("charset")
                && !value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        });
    if foreign { Err(not_taken()) } else { Ok(form) }
}

/// The most bytes of a delivery of this form.
pub const fn bytes_most(form: Form) -> usize {
    match form {
        Form::Json => JSON_BYTES_MOST,
        Form::Csv => CSV_BYTES_MOST,
    }
}

/// Reads a body of at most `most` bytes. Of a larger one nothing is kept.
pub async fn read(headers: &HeaderMap, body: Body, most: usize) -> Result<Vec<u8>, Refused> {
    let chunks = body.into_data_stream();
    if announced(headers).is_some_and(|length| length > most as u64) {
        // Who asks first (`Expect: 100-continue`) has sent nothing yet and hears at once.
        if !headers.contains_key(header::EXPECT) {
            discard(chunks).await;
        }
        return Err(too_large(most));
    }
    match tokio::time::timeout(security::BODY_WITHIN, collect(chunks, most)).await {
        Ok(read) => read,
        Err(_) => Err(security::too_slow().into()),
    }
}

async fn collect(mut chunks: BodyDataStream, most: usize) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            Refused::new(
                Code::Malformed,
                "The body ended before it was complete. Nothing of it was recorded.",
            )
        })?;
        if bytes.len() + chunk.len() > most {
            drop(bytes);
            discard(chunks).await;
            return Err(too_large(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Takes what is still under way and keeps nothing: a connection closed on a sender loses the answer.
async fn discard(mut chunks: BodyDataStream) {
    let all = async {
        let mut seen = 0_usize;
        while let Some(Ok(chunk)) = chunks.next().await {
            seen = seen.saturating_add(chunk.len());
            if seen > DISCARDED_BYTES_MOST {
                return;
            }
        }
    };
    // Whoever is slower than that loses the answer, not we the connection's place.
    let _in_time = tokio::time::timeout(DISCARDING_MOST, all).await;
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn too_large(most: usize) -> Refused {
    Refused::new(
        Code::TooLarge,
        format!("At most {most} bytes are taken here. Nothing was recorded."),
    )
}
