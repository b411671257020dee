//! Which addresses an identity provider may have: TLS, or this machine itself.

use ureq::http::Uri;

/// An address that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The address.
    pub url: String,
    /// Whether it is on this machine, where there is nobody between.
    pub is_loopback: bool,
}

/// The address of an issuer: an origin and a path, nothing else.
pub fn of_issuer(url: &str) -> Option<Endpoint> {
    let found = of(url)?;
    let plain = !url.contains(['?', '#', '@']);
    plain.then_some(found)
}

/// The address under which a document says that something is.
pub fn of(url: &str) -> Option<Endpoint> {
    let uri: Uri = url.parse().ok()?;
    let host = uri.host()?;
    let is_loopback = matches!(host, "127.0.0.1" | "[::1]" | "localhost");
    let allowed = match uri.scheme_str()? {
        "https" => true,
        "http" => is_loopback,
        _ => false,
    };
    allowed.then(|| Endpoint {
        url: url.to_owned(),
        is_loopback,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_or_this_machine_itself_will_do() {
        for good in [
            "https://login.example/tenant/v2.0",
            "http://127.0.0.1:9000",
            "http://[::1]:9000/realm",
            "http://localhost/",
        ] {
            assert!(of_issuer(good).is_some(), "{good}");
        }
        for bad in [
            "http://login.example",
            "http://127.0.0.1.example",
            "http://localhost@login.example",
            "https://login.example?tenant=1",
            "https://login.example#1",
            "ftp://127.0.0.1",
            "login.example",
            "",
        ] {
            assert_eq!(of_issuer(bad), None, "{bad}");
        }
    }
}
