//! A count of a text's tokens and of its nesting, before anything is built from it.
//!
//! One pass over the bytes without allocation. It decides nothing about grammar: what it lets through may still be
//! nonsense, but it is small and shallow nonsense, which is all the parsers after it need.

/// What a text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shape {
    /// Names, numbers, strings and punctuators.
    pub tokens: usize,
    /// The deepest nesting of braces, brackets and parentheses.
    pub nesting: usize,
}

/// Measures a GraphQL document; stops as soon as it has seen more than `tokens_max` tokens.
pub(super) fn measure_document(text: &str, tokens_max: usize) -> Shape {
    let bytes = text.as_bytes();
    let mut shape = Shape::default();
    let mut open = 0_usize;
    let mut at = 0;
    while at < bytes.len() && shape.tokens <= tokens_max {
        let start = at;
        at += 1;
        match bytes[start] {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xEF | 0xBB | 0xBF => continue,
            b'#' => {
                at = skip_while(bytes, at, |byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            b'{' | b'[' | b'(' => {
                open += 1;
                shape.nesting = shape.nesting.max(open);
            }
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            b'"' => at = end_of_string(bytes, start),
            b'.' => at = skip_while(bytes, at, |byte| byte == b'.').min(start + 3),
            b'0'..=b'9' | b'-' => {
                at = skip_while(bytes, at, |byte| is_word(byte) || byte == b'.');
            }
            byte if is_word(byte) => at = skip_while(bytes, at, is_word),
            _ => {}
        }
        shape.tokens += 1;
    }
    shape
}

/// The deepest nesting of a JSON text.
pub(super) fn json_nesting(bytes: &[u8]) -> usize {
    let (mut open, mut deepest, mut at) = (0_usize, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b'}' | b']' => open = open.saturating_sub(1),
            b'"' => {
                at = end_of_quoted(bytes, at);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    deepest
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+')
}

fn skip_while(bytes: &[u8], from: usize, keep: impl Fn(u8) -> bool) -> usize {
    bytes[from..]
        .iter()
        .position(|byte| !keep(*byte))
        .map_or(bytes.len(), |length| from + length)
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    if bytes[start..].starts_with(b"\"\"\"") {
        end_of_block(bytes, start + 3)
    } else {
        end_of_quoted(bytes, start)
    }
}

fn end_of_quoted(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn end_of_block(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        if bytes[at..].starts_with(b"\\\"\"\"") {
            at += 4;
        } else if bytes[at..].starts_with(b"\"\"\"") {
            return at + 3;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> (usize, usize) {
        let Shape { tokens, nesting } = measure_document(text, 1_000);
        (tokens, nesting)
    }

    #[test]
    fn tokens_are_counted_as_the_specification_counts_them() {
        assert_eq!(shape("{ a }"), (3, 1));
        assert_eq!(
            shape("query Q($n: [Int!] = [-1, 2.5]) { a: b(n: $n) @x { ...F } }"),
            (33, 2)
        );
        assert_eq!(shape("# { { {\n{a,,,b}"), (4, 1));
        assert_eq!(shape("\u{feff}{a}"), (3, 1));
    }

    #[test]
    fn what_stands_in_strings_does_not_nest() {
        assert_eq!(shape(r#"{ a(b: "{{{ \" {{") }"#), (8, 2));
        assert_eq!(shape(r#"{ a(b: """ "{ \""" { """) }"#), (8, 2));
        assert_eq!(shape(r#"{ a(b: "never closed }"#), (6, 2));
        assert_eq!(json_nesting(br#"{"a":"[[[[\"[[","b":[{}]}"#), 3);
    }

    #[test]
    fn counting_stops_at_the_limit() {
        let long = "{".repeat(1_000_000);
        assert_eq!(measure_document(&long, 10).tokens, 11);
    }
}
