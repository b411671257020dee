//! A record proved where it stands: one pass over its bytes, which are copied nowhere.
//!
//! What is taken here is a record to [`Record::decode`] too, and a property test compares the two. What is not taken is only
//! not plain enough to be judged at this speed: then `decode` has the word, and says what is wrong if something is. Left to it
//! are fractions and very large numbers, names of members beyond ASCII, escaped characters by number, and what lies near a limit.

mod json;

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{DIGEST_LONGER_BYTES, MAX_LEAF_BYTES, Position, Record, RecordError, SchemeId, check};

/// Up to so many digits a position fits.
const POSITION_DIGITS_MAX: usize = 19;
/// Bytes of the tag with which a ciphertext ends.
const TAG_BYTES: usize = 16;

/// Characters of a UUID: digits, and hyphens between them.
const UUID_CHARACTERS: usize = 36;
/// 1 where a UUID has a digit, and 2 where it has a hyphen.
const UUID: [u8; UUID_CHARACTERS] = {
    let mut shape = [1; UUID_CHARACTERS];
    (shape[8], shape[13], shape[18], shape[23]) = (2, 2, 2, 2);
    shape
};

/// What is asked of a record that is proved and not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved<'a> {
    /// Where it says it stands.
    pub position: Position,
    /// What auditors hash: the same as [`Record::leaf`]. The bytes as they stand where nothing is sealed.
    pub leaf: Cow<'a, [u8]>,
    /// When it was written down; ASCII, as [`Record::recorded_at`].
    pub(crate) recorded_at: [u8; check::INSTANT_BYTES],
    scheme: Cow<'a, [u8]>,
}

impl Proved<'_> {
    /// Whether it says it is of that log.
    #[must_use]
    pub fn is_of(&self, scheme: &SchemeId) -> bool {
        *self.scheme == *scheme.as_str().as_bytes()
    }
}

impl Record {
    /// Accepts and refuses what [`decode`](Self::decode) does, in a fraction of the time.
    pub fn prove(bytes: &[u8]) -> Result<Proved<'_>, RecordError> {
        if let Some(proved) = scan(bytes) {
            return Ok(proved);
        }
        let record = Self::decode(bytes)?;
        let leaf = record.leaf()?;
        let recorded_at = record.recorded_at.as_bytes().try_into();
        Ok(Proved {
            position: record.position,
            leaf: Cow::Owned(leaf),
            recorded_at: recorded_at.map_err(|_| RecordError::NotCanonical)?,
            scheme: Cow::Owned(record.scheme.as_str().as_bytes().to_vec()),
        })
    }
}

/// As [`Record::prove`], where it can be told at once; `None` where `decode` must judge.
pub(super) fn scan(bytes: &[u8]) -> Option<Proved<'_>> {
    let members = members(bytes, Form::Record)?;
    let fits = bytes.len() + members.sealed.len() * DIGEST_LONGER_BYTES <= MAX_LEAF_BYTES;
    require(fits)?;
    Some(Proved {
        position: members.position,
        leaf: exchanged(bytes, &members.sealed, |leaf, digest| {
            leaf.extend_from_slice(b"\"ciphertext_sha256\":\"");
            leaf.extend_from_slice(URL_SAFE_NO_PAD.encode(digest).as_bytes());
        })?,
        recorded_at: members.recorded_at,
        scheme: Cow::Borrowed(members.scheme),
    })
}

/// The bytes of a leaf with an empty ciphertext in the place of each digest; `None` where it cannot be told at once whether
/// they are a leaf.
pub(super) fn cleared(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    require(bytes.len() <= MAX_LEAF_BYTES)?;
    let members = members(bytes, Form::Leaf)?;
    exchanged(bytes, &members.sealed, |record, _| {
        record.extend_from_slice(b"\"ciphertext\":\"");
    })
}

/// What the bytes are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Record,
    Leaf,
}

/// What is asked of the members.
struct Members<'a> {
    position: Position,
    recorded_at: [u8; check::INSTANT_BYTES],
    scheme: &'a [u8],
    sealed: Vec<Sealed>,
}

/// Where a ciphertext or its digest stands with its name, and the SHA-256 itself.
type Sealed = (Range<usize>, [u8; 32]);

/// The members of a record in their one order, and nothing else.
fn members(bytes: &[u8], form: Form) -> Option<Members<'_>> {
    let mut rest = Rest(bytes);
    rest.literal(b"{\"actor\":{\"id\":\"")?;
    rest.uuid()?;
    rest.literal(b",\"role\":\"")?;
    rest.word()?;
    rest.literal(b"}")?;
    rest.uuid_if(b",\"causation_id\":\"")?;
    if rest.begins(b",\"channel\":\"") {
        rest.word()?;
    }
    rest.uuid_if(b",\"command_id\":\"")?;
    rest.uuid_if(b",\"correlation_id\":\"")?;
    rest.literal(b",\"data\":")?;
    rest.value(0)?;
    rest.literal(b",\"happened_on\":\"")?;
    require(check::is_date(rest.plain()?))?;
    rest.literal(b",\"id\":\"")?;
    rest.uuid()?;
    rest.literal(b",\"position\":\"")?;
    let position = rest.position()?;
    rest.literal(b",\"recorded_at\":\"")?;
    let recorded_at = rest.plain()?.try_into().ok()?;
    require(check::is_instant(recorded_at))?;
    if rest.begins(b",\"reported_by\":{\"party\":\"") {
        rest.word()?;
        rest.uuid_if(b",\"person\":\"")?;
        rest.literal(b"}")?;
    }
    rest.literal(b",\"scheme\":\"")?;
    let scheme = rest.plain()?;
    require(SchemeId::is_name(scheme))?;
    let sealed = rest.all_sealed(bytes.len(), form)?;
    rest.subjects()?;
    if rest.begins(b",\"traceparent\":\"") {
        require(check::is_trace(rest.plain()?))?;
    }
    rest.literal(b",\"type\":\"")?;
    require(check::is_kind(rest.plain()?))?;
    rest.version()?;
    require(rest.0.is_empty())?;
    Some(Members {
        position,
        recorded_at,
        scheme,
        sealed,
    })
}

/// The bytes with something else in the place of each ciphertext or digest.
fn exchanged<'a>(
    bytes: &'a [u8],
    sealed: &[Sealed],
    write: impl Fn(&mut Vec<u8>, &[u8; 32]),
) -> Option<Cow<'a, [u8]>> {
    if sealed.is_empty() {
        return Some(Cow::Borrowed(bytes));
    }
    let mut exchanged = Vec::with_capacity(bytes.len());
    let mut written = 0;
    for (place, digest) in sealed {
        exchanged.extend_from_slice(bytes.get(written..place.start)?);
        write(&mut exchanged, digest);
        written = place.end;
    }
    exchanged.extend_from_slice(bytes.get(written..)?);
    Some(Cow::Owned(exchanged))
}

/// What is still to be read. Texts are read up to behind the quotation mark that ends them.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    /// Passes over these very bytes.
    #[inline]
    fn literal<const N: usize>(&mut self, bytes: &[u8; N]) -> Option<()> {
        let (found, rest) = self.0.split_first_chunk()?;
        require(found == bytes)?;
        self.0 = rest;
        Some(())
    }

    /// Passes over these very bytes, if they are next.
    #[inline]
    fn begins<const N: usize>(&mut self, bytes: &[u8; N]) -> bool {
        self.literal(bytes).is_some()
    }

    #[inline]
    fn uuid_if<const N: usize>(&mut self, name: &[u8; N]) -> Option<()> {
        if self.begins(name) {
            self.uuid()
        } else {
            Some(())
        }
    }

    /// A UUID in the one form in which it is written.
    #[inline]
    fn uuid(&mut self) -> Option<()> {
        let (text, rest) = self.0.split_first_chunk::<UUID_CHARACTERS>()?;
        self.0 = rest;
        let mut differs = 0;
        // All of it, and without a way out: so the processor compares many at once.
        for (byte, expected) in text.iter().zip(&UUID) {
            let digit = byte.is_ascii_digit() | (b'a'..=b'f').contains(byte);
            differs |= (u8::from(digit) | u8::from(*byte == b'-') << 1) ^ expected;
        }
        require(differs == 0)?;
        self.literal(b"\"")
    }

    /// A text of which every character stands for itself and is one byte.
    #[inline]
    fn plain(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|byte| !is_plain(*byte))?;
        let (text, rest) = self.0.split_at(end);
        self.0 = rest.strip_prefix(b"\"")?;
        Some(text)
    }

    fn word(&mut self) -> Option<()> {
        require(check::is_word(self.plain()?))
    }

    fn position(&mut self) -> Option<Position> {
        let digits = self.plain()?;
        require(digits.len() <= POSITION_DIGITS_MAX && digits.first() != Some(&b'0'))?;
        require(!digits.is_empty())?;
        let number = digits.iter().try_fold(0_u64, |number, digit| {
            let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
            Some(number * 10 + u64::from(digit))
        });
        number.map(Position)
    }

    /// The version of a payload, which is the last member of what has one.
    fn version(&mut self) -> Option<()> {
        self.literal(b",\"version\":")?;
        let digits = self.digits();
        let number: u16 = str::from_utf8(digits).ok()?.parse().ok()?;
        require(number >= 1 && digits.first() != Some(&b'0'))?;
        self.literal(b"}")
    }

    fn digits(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|byte| !byte.is_ascii_digit());
        let (digits, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        digits
    }

    /// The values that are sealed, of a record of so many bytes.
    fn all_sealed(&mut self, record_bytes: usize, form: Form) -> Option<Vec<Sealed>> {
        let mut all = Vec::new();
        self.literal(b",\"sealed\":[")?;
        if self.begins(b"]") {
            return Some(all);
        }
        loop {
            all.push(self.sealed(record_bytes, form)?);
            if !self.begins(b",") {
                self.literal(b"]")?;
                return Some(all);
            }
        }
    }

    fn sealed(&mut self, record_bytes: usize, form: Form) -> Option<Sealed> {
        self.literal(b"{")?;
        let start = record_bytes - self.0.len();
        let digest = match form {
            Form::Record => self.ciphertext()?,
            Form::Leaf => self.digest()?,
        };
        // Up to the digits: the quotation mark behind them stays.
        let end = record_bytes - self.0.len() - 1;
        self.literal(b",\"key\":\"")?;
        self.uuid()?;
        self.literal(b",\"nonce\":\"")?;
        let nonce = self.plain()?;
        let mut bytes = [0; 24];
        require(nonce.len() == 32)?;
        URL_SAFE_NO_PAD.decode_slice(nonce, &mut bytes).ok()?;
        self.literal(b",\"path\":\"")?;
        require(check::is_pointer(str::from_utf8(self.plain()?).ok()?))?;
        self.literal(b",\"subject\":\"")?;
        self.uuid()?;
        self.version()?;
        Some((start..end, digest))
    }

    /// The SHA-256 of a ciphertext.
    fn ciphertext(&mut self) -> Option<[u8; 32]> {
        self.literal(b"\"ciphertext\":\"")?;
        let ciphertext = URL_SAFE_NO_PAD.decode(self.plain()?).ok()?;
        require(ciphertext.len() > TAG_BYTES)?;
        Some(Sha256::digest(&ciphertext).into())
    }

    fn digest(&mut self) -> Option<[u8; 32]> {
        self.literal(b"\"ciphertext_sha256\":\"")?;
        URL_SAFE_NO_PAD.decode(self.plain()?).ok()?.try_into().ok()
    }

    fn subjects(&mut self) -> Option<()> {
        self.literal(b",\"subjects\":[")?;
        if self.begins(b"]") {
            return Some(());
        }
        loop {
            self.literal(b"\"")?;
            self.uuid()?;
            if !self.begins(b",") {
                return self.literal(b"]");
            }
        }
    }
}

/// Whether a byte of a text is a character that stands for itself.
#[inline]
fn is_plain(byte: u8) -> bool {
    const PLAIN: [bool; 256] = {
        let mut plain = [false; 256];
        let mut byte = 0x20;
        while byte < 0x80 {
            plain[byte] = byte != b'"' as usize && byte != b'\\' as usize;
            byte += 1;
        }
        plain
    };
    PLAIN[usize::from(byte)]
}

#[inline]
fn require(holds: bool) -> Option<()> {
    holds.then_some(())
}

#[cfg(test)]
mod tests;
