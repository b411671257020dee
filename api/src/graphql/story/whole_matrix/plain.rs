//! The access matrix, read as plainly as a person reads it: an independent reading, to hold the table against.

use crate::identity::access::TEXT;
use toml::{Table, Value};

/// The file, as TOML and nothing more.
pub struct Plain(Table);

impl Plain {
    pub fn read() -> Self {
        Self(TEXT.parse().unwrap())
    }

    /// Every name of a section.
    pub fn names(&self, section: &str) -> Vec<String> {
        self.0[section]
            .as_table()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    }

    /// The words beside a role on a line; none when it is not on it.
    pub fn words(&self, section: &str, name: &str, role: &str) -> Vec<&str> {
        match self.0[section][name].get(role) {
            Some(Value::String(word)) => vec![word],
            Some(Value::Array(words)) => words.iter().map(|word| word.as_str().unwrap()).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a line opens something to somebody who stands to it in these ways.
    pub fn opens(&self, section: &str, name: &str, role: &str, stands: &[&str]) -> bool {
        let words = self.words(section, name, role);
        let mut words = words.iter();
        words.any(|word| ["any", "visible"].contains(word) || stands.contains(word))
    }

    /// Whether a line opens something without further condition.
    pub fn opens_all(&self, section: &str, name: &str, role: &str) -> bool {
        self.opens(section, name, role, &[])
    }
}
