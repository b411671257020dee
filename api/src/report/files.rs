//! The tables of a report for other programs: one CSV file each (RFC 4180), or one JSON object with all of them.
//!
//! What is withheld says so: `withheld` in CSV, `{"withheld": true}` in JSON. Where there is no number there is nothing, or null.

use super::{
    Report, Section,
    figures::{Figures, Shown},
};
use serde_json::{Value, json};

/// All tables in one object.
#[must_use]
pub fn object(report: &Report) -> Value {
    let tables = report.sections.iter();
    let tables: Vec<Value> = tables
        .map(|section| table(section, &report.figures))
        .collect();
    json!({ "about": report.about, "tables": tables })
}

/// The files of the tables: their names and what is in them. `about.csv` says of what they are and how that is checked.
///
/// # Errors
///
/// If a table cannot be written, which memory alone can cause.
pub fn sheets(report: &Report) -> Result<Vec<(String, Vec<u8>)>, csv::Error> {
    let mut sheets = vec![("about.csv".to_owned(), about(report)?)];
    for section in &report.sections {
        let name = format!("{}.csv", section.id);
        sheets.push((name, sheet(section, &report.figures)?));
    }
    Ok(sheets)
}

fn table(section: &Section, figures: &Figures) -> Value {
    let cell = |shown: Shown| match shown {
        // A count is a whole number, and JSON has no other way to say so.
        Shown::Number(value) if value.fract() == 0.0 => {
            serde_json::from_str(&format!("{value:.0}")).unwrap_or_else(|_| json!(value))
        }
        Shown::Number(value) => json!(value),
        Shown::Text(text) => json!(text),
        Shown::Nothing => Value::Null,
        Shown::Withheld => json!({ "withheld": true }),
    };
    let rows: Vec<Value> = section
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<Value> = row.cells.iter().map(|of| cell(figures.shown(of))).collect();
            json!({ "label": row.label, "cells": cells })
        })
        .collect();
    json!({
        "id": section.id,
        "heading": section.heading,
        "caption": section.caption,
        "columns": section.columns,
        "rows": rows,
    })
}

fn sheet(section: &Section, figures: &Figures) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&section.columns)?;
    for row in &section.rows {
        let cells = row.cells.iter().map(|cell| match figures.shown(cell) {
            Shown::Number(value) => format!("{value}"),
            Shown::Text(text) => as_text(&text),
            Shown::Nothing => String::new(),
            Shown::Withheld => "withheld".to_owned(),
        });
        writer.write_record([as_text(&row.label)].into_iter().chain(cells))?;
    }
    whole(writer)
}

fn about(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["what", "said"])?;
    let said = json!(report.about);
    for (what, said) in said.as_object().into_iter().flatten() {
        let said = match said {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        writer.write_record([what.clone(), as_text(&said)])?;
    }
    whole(writer)
}

fn whole(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// Text that no spreadsheet takes for a formula: names of schemes and regions come from people.
fn as_text(text: &str) -> String {
    let begins_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if begins_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
