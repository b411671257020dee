//! What employers push: a report as CSV, a notice as JSON. Understood whole or refused without a name.

use super::world::{ADOPTED, act, desk, says_nobodys_name};
use api::outside_bytes::Delivered;
use domain::{Command, appointment::Form};
use std::collections::BTreeSet;

/// Rows that are dispatched: enough to meet each other.
const DISPATCHED_MOST: usize = 4;

/// Any bytes as a starters report.
pub fn report(bytes: &[u8]) {
    let Some(delivered) = read(Form::Csv, bytes) else {
        return;
    };
    let text = std::str::from_utf8(bytes).expect("what was read is text");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let mut before = 1;
    for (line, ..) in &delivered.rows {
        assert!(
            *line > before,
            "rows come in the order of the file, after the headings"
        );
        before = *line;
        let begins = usize::try_from(*line - 1)
            .ok()
            .and_then(|line| lines.get(line));
        let begins = begins.expect("a row is in the file");
        assert!(
            !begins.trim().is_empty(),
            "line {line} is empty, and a row begins there"
        );
    }
}

/// Any bytes as one notice.
pub fn notice(bytes: &[u8]) {
    if let Some(delivered) = read(Form::Json, bytes) {
        assert_eq!(delivered.rows_found, 1);
    }
}

/// Any bytes as an old spreadsheet.
pub fn spreadsheet(bytes: &[u8]) {
    let read = desk().read_past_year(bytes);
    assert!(
        read == desk().read_past_year(bytes),
        "the same bytes are read alike"
    );
    let rows = match read {
        Ok(rows) => rows,
        Err(problem) => {
            says_nobodys_name(&problem);
            assert!(problem.len() < 64 * 1024, "a refusal is bounded");
            return;
        }
    };
    let mut before = 0;
    for (line, content, told) in &rows {
        assert!(*line > before, "rows come in the order of the file");
        before = *line;
        if let Err(message) = told {
            says_nobodys_name(message);
            assert!(!message.is_empty(), "a refused row says why");
        } else {
            assert!(
                !content.is_empty(),
                "a row that tells something has content"
            );
        }
    }
}

fn read(form: Form, bytes: &[u8]) -> Option<Delivered> {
    let read = desk().read(form, bytes);
    assert!(
        read == desk().read(form, bytes),
        "the same bytes are read alike"
    );
    match read {
        Ok(delivered) => {
            judge(&delivered);
            Some(delivered)
        }
        Err(problem) => {
            // A notice's unknown fields are named to their sender, whatever they are called.
            if form == Form::Csv {
                says_nobodys_name(&problem);
            }
            assert!(problem.len() < 64 * 1024, "a refusal is bounded");
            None
        }
    }
}

fn judge(delivered: &Delivered) {
    let ours = u32::try_from(delivered.rows.len()).expect("rows are bounded");
    assert_eq!(delivered.rows_found, delivered.not_of_this_scheme + ours);
    let commands: BTreeSet<_> = delivered
        .rows
        .iter()
        .map(|(_, command, _)| command)
        .collect();
    assert_eq!(
        commands.len(),
        delivered.rows.len(),
        "every row is a command of its own"
    );
    let mut snapshot = ADOPTED.clone();
    for (_, _, notice) in delivered.rows.iter().take(DISPATCHED_MOST) {
        match notice {
            Err(code) => says_nobodys_name(code),
            Ok(notice) => {
                if let Err(rejection) = act(&mut snapshot, &Command::from(notice.clone())) {
                    says_nobodys_name(&rejection.to_string());
                }
                let again = act(&mut snapshot, &Command::from(notice.clone()));
                assert!(
                    again.is_err() || again.is_ok_and(|events| events.is_empty()),
                    "a notice told twice tells nothing new"
                );
            }
        }
    }
}
