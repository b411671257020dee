//! The two pages: a workbench for GraphQL and the documentation of REST.
//!
//! Everything they load comes from this binary, and everything they call is this server. The bundles are built from
//! their makers' packages by `build/`, checked in compressed and served as they lie there; a client that refuses gzip is
//! told so rather than served by a decompressor that nobody else needs. There is deliberately no other page here:
//! screens are the front ends' business.

use axum::{
    Router,
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};

use crate::http::{
    problem::{Code, Problem},
    security::allow_page,
};

const GRAPHIQL: &str = include_str!("graphiql.html");
const DOCS: &str = include_str!("docs.html");

struct Bundle {
    path: &'static str,
    kind: &'static str,
    compressed: &'static [u8],
}

const BUNDLES: [Bundle; 3] = [
    Bundle {
        path: "/pages/graphiql.js",
        kind: "text/javascript; charset=utf-8",
        compressed: include_bytes!("bundle/graphiql.js.gz"),
    },
    Bundle {
        path: "/pages/graphiql.css",
        kind: "text/css; charset=utf-8",
        compressed: include_bytes!("bundle/graphiql.css.gz"),
    },
    Bundle {
        path: "/pages/docs.js",
        kind: "text/javascript; charset=utf-8",
        compressed: include_bytes!("bundle/docs.js.gz"),
    },
];

/// The routes `/graphiql` and `/docs`, and what the two load.
pub fn router() -> Router {
    let pages = Router::new()
        .route("/graphiql", get(|| async { Html(GRAPHIQL) }))
        .route("/docs", get(|| async { Html(DOCS) }));
    BUNDLES.iter().fold(allow_page(pages), |router, bundle| {
        let serve = move |headers: HeaderMap| async move { serve(bundle, &headers) };
        router.route(bundle.path, get(serve))
    })
}

fn serve(bundle: &'static Bundle, headers: &HeaderMap) -> Response {
    if !accepts_gzip(headers) {
        return Problem::new(Code::NotAcceptable, "This is served in gzip only.").into_response();
    }
    let answer_headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(bundle.kind)),
        (header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        // An hour: long enough for a working session, short enough after an update.
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=3600"),
        ),
    ];
    (answer_headers, bundle.compressed).into_response()
}

/// Without the header any coding is acceptable (RFC 9110).
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::ACCEPT_ENCODING) else {
        return true;
    };
    let value = value.to_str().unwrap_or_default();
    let wish = |wanted: &str| {
        value.split(',').find_map(|coding| {
            let (name, parameter) = coding.split_once(';').unwrap_or((coding, "q=1"));
            let refused = matches!(parameter.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
            name.trim().eq_ignore_ascii_case(wanted).then_some(!refused)
        })
    };
    wish("gzip").or_else(|| wish("*")).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, extract::Request, http::StatusCode};
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    async fn get(path: &str, encoding: Option<&str>) -> Response {
        let mut request = Request::get(path);
        if let Some(encoding) = encoding {
            request = request.header("accept-encoding", encoding);
        }
        let request = request.body(Body::empty()).unwrap();
        router().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn what_a_page_names_is_served_from_here() {
        for page in ["/graphiql", "/docs"] {
            let response = get(page, None).await;
            assert!(response.headers().contains_key("content-security-policy"));
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            let text = std::str::from_utf8(&bytes).unwrap();
            assert!(!text.contains("//"), "{page} names no other host");
            let named: Vec<_> = text
                .split('"')
                .filter(|part| part.starts_with("pages/"))
                .collect();
            assert!(!named.is_empty());
            for path in named {
                let response = get(&format!("/{path}"), Some("gzip, br")).await;
                assert_eq!(response.status(), StatusCode::OK, "{path}");
                assert_eq!(response.headers()["content-encoding"], "gzip");
                let bytes = response.into_body().collect().await.unwrap().to_bytes();
                assert_eq!(bytes[..2], [0x1f, 0x8b]);
            }
        }
    }

    #[tokio::test]
    async fn who_refuses_gzip_is_told() {
        for (encoding, status) in [
            (None, StatusCode::OK),
            (Some("*"), StatusCode::OK),
            (Some("br"), StatusCode::NOT_ACCEPTABLE),
            (Some("gzip;q=0, *"), StatusCode::NOT_ACCEPTABLE),
            (Some("identity"), StatusCode::NOT_ACCEPTABLE),
        ] {
            assert_eq!(
                get("/pages/docs.js", encoding).await.status(),
                status,
                "{encoding:?}"
            );
        }
    }
}
