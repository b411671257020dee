//! Media types in and out, as GraphQL over HTTP asks for them.
//!
//! One type is taken and two are answered; there is no third, and no other charset than UTF-8.

use axum::http::{HeaderMap, header};

use crate::http::problem::{Code, Problem};

/// How an answer is dressed. The two differ in what a refused document's status is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dress {
    /// `application/graphql-response+json`: the status tells whether the operation was executed.
    GraphqlResponse,
    /// `application/json`: 200 for all that was read as GraphQL, as older clients expect.
    Json,
}

impl Dress {
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// Only JSON in UTF-8 is taken. A body without a type is refused: a browser's form could send one from anywhere.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let refused = || {
        Problem::new(
            Code::UnsupportedMediaType,
            "Send application/json in UTF-8.",
        )
    };
    let value = headers.get(header::CONTENT_TYPE).ok_or_else(refused)?;
    let value = value.to_str().map_err(|_| refused())?;
    let (kind, parameters) = split_parameters(value);
    let utf8 = parameters
        .filter(|(name, _)| name.eq_ignore_ascii_case("charset"))
        .all(|(_, charset)| charset.eq_ignore_ascii_case("utf-8"));
    if kind.eq_ignore_ascii_case("application/json") && utf8 {
        Ok(())
    } else {
        Err(refused())
    }
}

/// The best answer the client accepts. Without a wish, or with none in particular, plain JSON.
pub(super) fn negotiate(headers: &HeaderMap) -> Result<Dress, Problem> {
    // Of two that are wished alike, the last wins.
    let offered = [
        (
            Dress::GraphqlResponse,
            "application",
            "graphql-response+json",
        ),
        (Dress::Json, "application", "json"),
    ];
    if !headers.contains_key(header::ACCEPT) {
        return Ok(Dress::Json);
    }
    offered
        .into_iter()
        .filter_map(|(dress, kind, subkind)| Some((dress, wish(headers, kind, subkind)?)))
        .filter(|(_, wish)| wish.quality > 0)
        // The heavier wins, then the more precisely named, then the one the client named first.
        .max_by_key(|(_, wish)| (wish.quality, wish.precision, std::cmp::Reverse(wish.place)))
        .map(|(dress, _)| dress)
        .ok_or_else(|| {
            Problem::new(
                Code::NotAcceptable,
                "Accept application/graphql-response+json or application/json.",
            )
        })
}

/// Whether the client accepts a stream of events, named or by a wildcard.
pub(super) fn accepts_events(headers: &HeaderMap) -> bool {
    wish(headers, "text", "event-stream").is_some_and(|wish| wish.quality > 0)
}

#[derive(Clone, Copy)]
struct Wish {
    /// In thousandths.
    quality: u16,
    precision: u8,
    place: usize,
}

/// What the client says of one media type: its most precise range counts (RFC 9110).
fn wish(headers: &HeaderMap, kind: &str, subkind: &str) -> Option<Wish> {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .enumerate()
        .filter_map(|(place, range)| {
            let (range, parameters) = split_parameters(range);
            let (range_kind, range_subkind) = range.split_once('/')?;
            let precision = match (range_kind, range_subkind) {
                ("*", "*") => 0,
                (same, "*") if same.eq_ignore_ascii_case(kind) => 1,
                (same, also)
                    if same.eq_ignore_ascii_case(kind) && also.eq_ignore_ascii_case(subkind) =>
                {
                    2
                }
                _ => return None,
            };
            Some(Wish {
                quality: quality(parameters),
                precision,
                place,
            })
        })
        .max_by_key(|wish| (wish.precision, std::cmp::Reverse(wish.place)))
}

fn quality<'v>(mut parameters: impl Iterator<Item = (&'v str, &'v str)>) -> u16 {
    let Some((_, text)) = parameters.find(|(name, _)| name.eq_ignore_ascii_case("q")) else {
        return 1000;
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = fraction.get(..fraction.len().min(3)).unwrap_or_default();
    match (whole, format!("{digits:0<3}").parse()) {
        ("0", Ok(thousandths)) => thousandths,
        _ => 1000,
    }
}

fn split_parameters(value: &str) -> (&str, impl Iterator<Item = (&str, &str)>) {
    let mut parts = value.split(';');
    let kind = parts.next().unwrap_or_default().trim();
    let parameters = parts
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim().trim_matches('"')));
    (kind, parameters)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepting(value: &'static str) -> Option<Dress> {
        let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(value))]);
        negotiate(&headers).ok()
    }

    #[test]
    fn the_answer_is_what_the_client_wishes() {
        let graphql = "application/graphql-response+json";
        assert_eq!(negotiate(&HeaderMap::new()).unwrap(), Dress::Json);
        assert_eq!(accepting("*/*"), Some(Dress::Json));
        assert_eq!(accepting("application/*;q=0.1"), Some(Dress::Json));
        assert_eq!(accepting(graphql), Some(Dress::GraphqlResponse));
        assert_eq!(
            accepting("application/graphql-response+json, application/json;q=0.9"),
            Some(Dress::GraphqlResponse)
        );
        assert_eq!(
            accepting("application/graphql-response+json;q=0.9, application/json"),
            Some(Dress::Json)
        );
        assert_eq!(
            accepting(
                "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"
            ),
            Some(Dress::GraphqlResponse)
        );
        assert_eq!(
            accepting("application/json, application/graphql-response+json"),
            Some(Dress::Json)
        );
        assert_eq!(
            accepting("application/json;q=0, */*"),
            Some(Dress::GraphqlResponse)
        );
        assert_eq!(accepting("text/html"), None);
        assert_eq!(accepting("application/json;q=0"), None);
    }

    #[test]
    fn only_json_in_utf_8_is_taken() {
        let taken = |value: &'static str| {
            let value = HeaderValue::from_static(value);
            require_json(&HeaderMap::from_iter([(header::CONTENT_TYPE, value)])).is_ok()
        };
        assert!(taken("application/json"));
        assert!(taken("Application/JSON; charset=\"UTF-8\""));
        assert!(!taken("application/json; charset=latin1"));
        assert!(!taken("application/graphql"));
        assert!(!taken("text/plain"));
        assert!(!taken("multipart/form-data; boundary=x"));
        assert!(require_json(&HeaderMap::new()).is_err());
    }
}
