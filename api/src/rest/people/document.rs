//! A person's record as a document that they can read, keep and print. Nothing in it runs or is loaded.

use super::held::{Entry, PersonRecord, Personal, ValueState};
use serde_json::Value;
use std::fmt::Write as _;

const STYLE: &str = "body{font:1rem/1.5 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111}\
h1,h2,h3{font-family:Helvetica,Arial,sans-serif;line-height:1.2}article{border-top:1px solid #999;padding:.5rem 0;\
break-inside:avoid}dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.1rem 1rem;margin:.3rem 0}\
dt{color:#444}dd{margin:0;overflow-wrap:anywhere}ul{margin:0;padding-left:1.2rem}\
@media print{body{margin:0;max-width:none;font-size:10pt}}";

/// The document.
pub fn page(record: &PersonRecord) -> String {
    let mut page = String::new();
    page.push_str("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">");
    let _ = write!(
        page,
        "<title>Everything held about one person</title><style>{STYLE}</style></head><body>\
         <h1>Everything that is held about one person</h1><dl>"
    );
    term(&mut page, "Scheme", &escaped(&record.scheme));
    term(&mut page, "Person", &record.person.to_string());
    term(&mut page, "Made on", &record.made_on.to_string());
    term(&mut page, "Entries", &record.entries.len().to_string());
    page.push_str("</dl>");
    if record.erased {
        page.push_str("<p>This person was forgotten. That they were here stays; what was known of them cannot be read by anybody any more.</p>");
    }
    page.push_str("<h2>Who may see what</h2><p>By kind of data; most roles only of people they have to do with.</p><dl>");
    for (class, roles) in &record.seen_by {
        let roles = roles.iter().map(|role| spelled(role));
        let roles: Vec<String> = roles.collect();
        term(&mut page, &spelled(class), &roles.join(", "));
    }
    page.push_str("</dl><h2>Every entry, in the order in which they were recorded</h2>");
    for entry in &record.entries {
        one(&mut page, entry);
    }
    page.push_str("</body></html>");
    page
}

fn one(page: &mut String, entry: &Entry) {
    let _ = write!(
        page,
        "<article><h3>{}: {}</h3><p>{}</p><dl>",
        entry.happened_on,
        escaped(&spelled(&entry.what)),
        escaped(&entry.tells)
    );
    term(page, "Recorded", &escaped(&entry.recorded_at));
    let by = [
        ("By", &entry.recorded_by),
        ("On the word of", &entry.source),
        ("Heard by", &entry.channel),
    ];
    for (name, value) in by {
        if let Some(value) = value {
            term(page, name, &escaped(&spelled(value)));
        }
    }
    for (name, value) in entry.details.as_object().into_iter().flatten() {
        term(page, &spelled(name), &written(value));
    }
    for Personal {
        name, state, value, ..
    } in &entry.personal
    {
        let said = match (state, value) {
            (ValueState::Given, Some(value)) => written(value),
            (ValueState::Hidden, _) => "not shown to you".to_owned(),
            _ => "cannot be read any more".to_owned(),
        };
        term(page, &spelled(name), &said);
    }
    page.push_str("</dl></article>");
}

/// A term and what it says. `said` is markup already.
fn term(page: &mut String, name: &str, said: &str) {
    let _ = write!(page, "<dt>{}</dt><dd>{said}</dd>", escaped(name));
}

/// A value, as markup.
fn written(value: &Value) -> String {
    match value {
        Value::Null => "not said".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => escaped(text),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => {
            let items = items
                .iter()
                .map(|item| format!("<li>{}</li>", written(item)));
            format!("<ul>{}</ul>", items.collect::<String>())
        }
        Value::Object(members) => {
            let mut list = "<dl>".to_owned();
            for (name, value) in members {
                term(&mut list, &spelled(name), &written(value));
            }
            list.push_str("</dl>");
            list
        }
    }
}

/// `startsOn`, `starts_on`, `pen-portrait.approved`: as words.
fn spelled(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        match letter {
            '_' | '-' | '.' => words.push(' '),
            letter if letter.is_uppercase() => {
                words.push(' ');
                words.extend(letter.to_lowercase());
            }
            letter => words.push(letter),
        }
    }
    words
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}
