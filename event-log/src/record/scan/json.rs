//! Any JSON value, as far as it is plain enough to be judged at once: what stands in `data`.

use super::{Rest, is_plain, require};

/// How deep `data` may nest to be judged here.
const DEPTH_MAX: usize = 32;
/// Up to so many digits every reader sees the same whole number.
const DIGITS_MAX: usize = 15;

impl Rest<'_> {
    /// Any JSON value that stands `depth` deep.
    pub(super) fn value(&mut self, depth: usize) -> Option<()> {
        require(depth <= DEPTH_MAX)?;
        match self.0.first()? {
            b'"' => {
                self.literal(b"\"")?;
                self.text()
            }
            b'{' => self.members(depth),
            b'[' => self.items(depth),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => self.whole(),
        }
    }

    fn items(&mut self, depth: usize) -> Option<()> {
        self.literal(b"[")?;
        if self.begins(b"]") {
            return Some(());
        }
        loop {
            self.value(depth + 1)?;
            if !self.begins(b",") {
                return self.literal(b"]");
            }
        }
    }

    fn members(&mut self, depth: usize) -> Option<()> {
        self.literal(b"{")?;
        if self.begins(b"}") {
            return Some(());
        }
        let mut last: Option<&[u8]> = None;
        loop {
            self.literal(b"\"")?;
            let name = self.plain()?;
            // Rising, and so none of them twice. Names with a dollar mean something to the JSON library.
            require(last < Some(name) && name.first() != Some(&b'$'))?;
            last = Some(name);
            self.literal(b":")?;
            self.value(depth + 1)?;
            if !self.begins(b",") {
                return self.literal(b"}");
            }
        }
    }

    /// A whole number that is short enough to be one to everybody.
    fn whole(&mut self) -> Option<()> {
        let negative = self.begins(b"-");
        let digits = self.digits();
        let zero = digits == b"0" && !negative;
        let rises = digits.len() <= DIGITS_MAX && matches!(digits.first(), Some(b'1'..=b'9'));
        require(zero || rises)
    }

    /// A text with any characters, of which only those are escaped that have a letter for it.
    fn text(&mut self) -> Option<()> {
        let whole = self.0;
        let mut all_ascii = true;
        let mut bytes = whole.iter().enumerate();
        loop {
            match bytes.next()? {
                (_, byte) if is_plain(*byte) => {}
                (end, b'"') => {
                    let (text, rest) = whole.split_at(end);
                    require(all_ascii || str::from_utf8(text).is_ok())?;
                    self.0 = rest;
                    return self.literal(b"\"");
                }
                (_, b'\\') => {
                    let (_, letter) = bytes.next()?;
                    require(b"\"\\bfnrt".contains(letter))?;
                }
                (_, byte) if *byte >= 0x80 => all_ascii = false,
                _ => return None,
            }
        }
    }
}
