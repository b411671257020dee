//! Looking for what was planted, in whatever clothes it comes.

use super::planted::{FIRST_YEAR, WORD};
use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A planted word has so many digits.
const DIGITS: usize = 6;

/// The planted words in a text, as they were planted.
pub fn words(text: &str) -> BTreeSet<String> {
    let after = text.match_indices(WORD).filter_map(|(at, _)| {
        let number = text.get(at + WORD.len()..at + WORD.len() + DIGITS)?;
        Some(format!("{WORD}{number} ë"))
    });
    after.collect()
}

/// The planted days in a text.
pub fn days(text: &str) -> BTreeSet<String> {
    let century = format!("{}", FIRST_YEAR / 100);
    let days = text.match_indices(&century).filter_map(|(at, _)| {
        let day = text.get(at..at + 10)?;
        let is_one = day.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        let starts = !text[..at].ends_with(|one: char| one.is_ascii_alphanumeric());
        (is_one && starts).then(|| day.to_owned())
    });
    days.collect()
}

/// In which clothes a planted word stands in these bytes.
pub fn found(bytes: &[u8]) -> Vec<&'static str> {
    let wide = |low_first: bool| -> Vec<u8> {
        let pairs = WORD
            .bytes()
            .map(|byte| if low_first { [byte, 0] } else { [0, byte] });
        pairs.flatten().collect()
    };
    let hexadecimal: String = spelt(WORD, |byte| format!("{byte:02x}"));
    let percent: String = spelt(WORD, |byte| format!("%{byte:02X}"));
    let escaped: String = spelt(WORD, |byte| format!("\\u{byte:04x}"));
    let clothes = [
        ("plain", WORD.as_bytes().to_vec()),
        ("UTF-16", wide(true)),
        ("UTF-16, the other way", wide(false)),
        ("hexadecimal", hexadecimal.clone().into_bytes()),
        (
            "hexadecimal in capitals",
            hexadecimal.to_uppercase().into_bytes(),
        ),
        ("percent", percent.into_bytes()),
        ("escapes", escaped.into_bytes()),
    ];
    let mut found: Vec<&str> = clothes
        .iter()
        .filter(|(_, needle)| memchr::memmem::find(bytes, needle).is_some())
        .map(|(name, _)| *name)
        .collect();
    if memchr::memmem::find(&decoded(bytes), WORD.as_bytes()).is_some() {
        found.push("base64");
    }
    found
}

/// What every run of base64, of either alphabet, decodes to, at each of the four ways to begin.
fn decoded(bytes: &[u8]) -> Vec<u8> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&URL_SAFE, lenient);
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let mut all = Vec::new();
    for run in bytes
        .split(|byte| !is_letter(byte))
        .filter(|run| run.len() >= WORD.len())
    {
        let run: Vec<u8> = run
            .iter()
            .map(|byte| match byte {
                b'+' => b'-',
                b'/' => b'_',
                other => *other,
            })
            .collect();
        for start in 0..4 {
            let whole = (run.len() - start) / 4 * 4;
            let part = engine.decode(&run[start..start + whole]);
            all.extend(part.unwrap_or_default());
            all.push(0);
        }
    }
    all
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let below = paths.flat_map(|path| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    });
    below.collect()
}

#[test]
fn a_planted_word_is_found_in_whatever_clothes_it_comes() {
    let planted = format!("{WORD}000042 ë");
    assert_eq!(
        words(&format!("a {planted} b")),
        BTreeSet::from([planted.clone()])
    );
    assert_eq!(
        days("\"2131-02-03\" and 2026-02-03"),
        BTreeSet::from(["2131-02-03".to_owned()])
    );
    let wide: Vec<u8> = planted.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hexadecimal: String = spelt(&planted, |byte| format!("{byte:02x}"));
    let base64 =
        base64::engine::general_purpose::STANDARD.encode(format!("{{\"name\":\"{planted}\"}}"));
    let clothes: [(&str, &[u8]); 4] = [
        ("plain", planted.as_bytes()),
        ("UTF-16", &wide),
        ("hexadecimal", hexadecimal.as_bytes()),
        ("base64", base64.as_bytes()),
    ];
    for (name, bytes) in clothes {
        let within = [b"\x00\x17before".as_slice(), bytes, b"after\xff"].concat();
        assert!(found(&within).contains(&name), "{name}");
    }
    assert!(found(b"Kvkq and nothing else").is_empty());
}

/// A word, byte by byte in another spelling.
fn spelt(word: &str, byte: impl Fn(u8) -> String) -> String {
    let mut all = String::new();
    for one in word.bytes() {
        all.push_str(&byte(one));
    }
    all
}
