//! The tree as tiles, and the leaves under it as bundles: C2SP `tlog-tiles`.
//!
//! ```text
//! tile/<level>/<number>[.p/<width>]    heads of 32 bytes: 256, or so many where the tile is not full yet
//! tile/entries/<number>[.p/<width>]    leaves, each behind its length as two bytes
//! ```

use super::super::{Edge, admission::Visitor, failure::Refused};
use crate::{http::problem::Code, identity::access};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::{IntoResponse, Response},
};

/// Heads in a full tile.
const FULL: u64 = 256;

/// What a path below `tile/` asks for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    /// The level; nothing for the leaves.
    level: Option<u8>,
    number: u64,
    width: u64,
}

/// `GET /v1/schemes/{scheme}/log/tile/{level}/{tile}` and `…/log/tile/entries/{tile}`.
pub async fn tile(
    State(edge): State<Edge>,
    visitor: Visitor,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Refused> {
    let none = |detail: &'static str| Refused::new(Code::NotFound, detail);
    let (scheme, asked) = match path {
        Ok(Path((scheme, tile))) => (Ok(Path(scheme)), Asked::read(&tile)),
        Err(unread) => (Err(unread), None),
    };
    let question = match &asked {
        Some(Asked { level: Some(_), .. }) => access::Query::Log,
        _ => access::Query::LogEntries,
    };
    visitor.granted_of_all(edge.matrix.query(visitor.0.role, question))?;
    let scheme = visitor.scheme(scheme)?;
    let asked = asked.ok_or_else(|| {
        none("A tile is named <level>/<number>, or entries/<number>, as in C2SP tlog-tiles.")
    })?;
    let Asked {
        level,
        number,
        width,
    } = asked;
    let found = edge.platform.in_tree(&scheme, move |tree| {
        tree.tile(level.unwrap_or(0), number, width)
    });
    let heads = found
        .await?
        .ok_or_else(|| none("The log has no tile of this name and width."))?;
    let bytes = if level.is_some() {
        heads.iter().flat_map(|head| head.0).collect()
    } else {
        let before = number.saturating_mul(FULL);
        let leaves = edge.platform.leaves(&scheme, before, heads.len()).await?;
        bundle(&leaves).ok_or(crate::dispatch::Failure::Internal)?
    };
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((kind, bytes).into_response())
}

/// Leaves behind each other, each behind its length. A leaf is never longer than that can say.
fn bundle(leaves: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for leaf in leaves {
        bytes.extend(u16::try_from(leaf.len()).ok()?.to_be_bytes());
        bytes.extend(leaf);
    }
    Some(bytes)
}

impl Asked {
    /// Reads a path in its one spelling.
    fn read(path: &str) -> Option<Self> {
        let (level, tile) = path.split_once('/')?;
        let level = match level {
            "entries" => None,
            level => Some(plain(level).and_then(|level| u8::try_from(level).ok())?),
        };
        if level.is_some_and(|level| level > 63) {
            return None;
        }
        let (number, width) = match tile.split_once(".p/") {
            Some((number, width)) => (number, plain(width)?),
            None => (tile, FULL),
        };
        let is_part = tile.contains(".p/");
        if is_part && !(1..FULL).contains(&width) {
            return None;
        }
        Some(Self {
            level,
            number: numbered(number)?,
            width,
        })
    }
}

/// A decimal number without leading zeros.
fn plain(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// The number of a tile: three digits a part, an `x` before each part but the last.
fn numbered(text: &str) -> Option<u64> {
    let mut number: u64 = 0;
    let mut parts = text.split('/').peekable();
    let mut first = true;
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let digits = if is_last {
            part
        } else {
            part.strip_prefix('x')?
        };
        if digits.len() != 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        if first && !is_last && digits == "000" {
            return None;
        }
        first = false;
        number = number
            .checked_mul(1_000)?
            .checked_add(digits.parse().ok()?)?;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_named_as_the_specification_names_them() {
        let asked = |level, number, width| {
            Some(Asked {
                level,
                number,
                width,
            })
        };
        for (path, wanted) in [
            ("0/000", asked(Some(0), 0, 256)),
            ("0/x001/x234/067", asked(Some(0), 1_234_067, 256)),
            ("2/001.p/17", asked(Some(2), 1, 17)),
            ("entries/x001/000.p/255", asked(None, 1_000, 255)),
            ("63/000", asked(Some(63), 0, 256)),
        ] {
            assert_eq!(Asked::read(path), wanted, "{path}");
        }
        for path in [
            "",
            "0",
            "0/",
            "64/000",
            "00/000",
            "+1/000",
            "-1/000",
            "0/0",
            "0/0000",
            "0/x001",
            "0/001/000",
            "0/x000/001",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/01",
            "0/000.p/",
            "entry/000",
            "0/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(Asked::read(path), None, "{path}");
        }
    }

    #[test]
    fn a_bundle_says_how_long_each_leaf_is() {
        let leaves = [b"ab".to_vec(), vec![], vec![7; 300]];
        let bytes = bundle(&leaves).unwrap();
        assert_eq!(bytes[..6], [0, 2, b'a', b'b', 0, 0]);
        assert_eq!(
            (bytes[6..8].to_vec(), bytes.len()),
            (vec![1, 44], 4 + 2 + 2 + 300)
        );
        assert_eq!(bundle(&[vec![0; 65_536]]), None);
    }
}
