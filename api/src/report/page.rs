//! The page: one file, with everything in it. No script, and nothing from anywhere else.

use super::{
    About, Beside, Headline, Report, Section, chart,
    figures::{Cell, Figures, Shown},
};
use jiff::civil::Date;
use std::{error::Error, fmt::Write as _};

const STYLE: &str = include_str!("page.css");

/// The whole page.
///
/// # Errors
///
/// If a chart cannot be laid out.
pub fn page(report: &Report) -> Result<String, Box<dyn Error + Send + Sync>> {
    let Report {
        about,
        headlines,
        sections,
        figures,
    } = report;
    let mut page = String::new();
    head(&mut page, about)?;
    write!(page, "<nav aria-label=\"Parts of this report\"><ul>")?;
    for Section { id, heading, .. } in sections {
        write!(page, "<li><a href=\"#{id}\">{heading}</a></li>")?;
    }
    write!(page, "</ul></nav><main id=\"main\" tabindex=\"-1\">")?;
    overview(&mut page, headlines, figures)?;
    if about.audience.withholds() {
        page.push_str(WITHHELD);
    }
    page.push_str("<div class=\"parts\">");
    for section in sections {
        part(&mut page, section, figures)?;
    }
    page.push_str("</div></main>");
    foot(&mut page, about)?;
    Ok(page)
}

const WITHHELD: &str = "<p class=\"note\"><strong>Withheld</strong> stands for a number of people or reports under five, or for one \
    from which such a number could be worked out. Nought is shown. Least and most are always withheld here, because each is the \
    number of one person.</p>";

const NOBODY: &str =
    "<p class=\"note\">Nothing is known of anybody at this moment: every number is nought.</p>";

fn head(page: &mut String, about: &About) -> Result<(), std::fmt::Error> {
    let (name, audience) = (escaped(&about.name), about.audience.name());
    write!(
        page,
        "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"referrer\" content=\"no-referrer\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{name}: report for {audience}</title><style>{STYLE}</style></head>\
         <body><a class=\"skip\" href=\"#main\">To the figures</a><header><p class=\"over\">Report for {audience}</p>\
         <h1>{name}</h1><p>As it stood on {day}{published}{since}.</p></header>",
        day = said_day(about.day),
        published = about
            .period
            .as_ref()
            .map_or(String::new(), |period| format!(
                ", when the figures of the period {} were published",
                escaped(&period.replace('/', " to "))
            )),
        since = about.since.map_or(String::new(), |since| format!(
            ", of those of whom a notice first told on {} or later",
            said_day(since)
        )),
    )
}

/// What is seen first.
fn overview(page: &mut String, headlines: &[Headline], figures: &Figures) -> std::fmt::Result {
    if headlines.is_empty() {
        return Ok(());
    }
    page.push_str("<section aria-labelledby=\"glance\"><h2 id=\"glance\">At a glance</h2><dl class=\"glance\">");
    for Headline { label, cell, of } in headlines {
        let shown = figures.shown(cell);
        write!(page, "<div><dt>{label}</dt><dd>")?;
        match (&shown, of) {
            (Shown::Number(value), Beside::Of(of)) => {
                let of = said(&figures.shown(of));
                write!(page, "<strong>{}</strong> of {of}", number(*value))?;
            }
            (Shown::Number(value), Beside::Unit(unit)) => {
                write!(page, "<strong>{}</strong> {unit}", number(*value))?;
            }
            (other, _) => page.push_str(&said(other)),
        }
        page.push_str("</dd></div>");
    }
    page.push_str("</dl>");
    if figures.are_nought() {
        page.push_str(NOBODY);
    }
    page.push_str("</section>");
    Ok(())
}

fn part(
    page: &mut String,
    section: &Section,
    figures: &Figures,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let Section {
        id,
        heading,
        lead,
        caption,
        columns,
        rows,
        ..
    } = section;
    write!(
        page,
        "<section class=\"part\" aria-labelledby=\"{id}\"><h2 id=\"{id}\">{heading}</h2><p>{lead}</p>"
    )?;
    if let Some(svg) = chart::drawn(section, figures)? {
        write!(page, "<div class=\"chart\">{svg}</div>")?;
    }
    write!(
        page,
        "<div class=\"table\" role=\"region\" aria-labelledby=\"{id}-caption\" tabindex=\"0\"><table><caption id=\"{id}-caption\">{caption}</caption><thead><tr>"
    )?;
    let first = rows.first();
    for (place, column) in columns.iter().enumerate() {
        let below = place.checked_sub(1).and_then(|cell| first?.cells.get(cell));
        let class = match below {
            Some(Cell::Text(_)) => " class=\"words\"",
            _ => "",
        };
        write!(page, "<th scope=\"col\"{class}>{column}</th>")?;
    }
    page.push_str("</tr></thead><tbody>");
    for row in rows {
        write!(page, "<tr><th scope=\"row\">{}</th>", escaped(&row.label))?;
        for cell in &row.cells {
            let shown = figures.shown(cell);
            let class = match shown {
                Shown::Number(_) => "number",
                Shown::Text(_) => "words",
                Shown::Nothing | Shown::Withheld => "none",
            };
            write!(page, "<td class=\"{class}\">{}</td>", said(&shown))?;
        }
        page.push_str("</tr>");
    }
    if rows.is_empty() {
        write!(
            page,
            "<tr><td colspan=\"{}\" class=\"none\">Nobody yet.</td></tr>",
            columns.len()
        )?;
    }
    page.push_str("</tbody></table></div></section>");
    Ok(())
}

fn foot(page: &mut String, about: &About) -> std::fmt::Result {
    let line = |text: &str| format!("<code>{}</code>", escaped(text));
    let rows = [
        ("For", about.audience.name().to_owned()),
        ("Scheme", line(&about.scheme)),
        (
            "Moment",
            format!(
                "entry {}, recorded at <time datetime=\"{at}\">{at}</time>",
                about.position,
                at = escaped(&about.recorded_at)
            ),
        ),
        ("Made by", format!("Alongside {}", escaped(about.alongside))),
        ("Records", about.records.to_string()),
        ("Their root", line(&about.root)),
    ];
    page.push_str("<footer><h2>What this rests on</h2><dl>");
    for (term, said) in rows {
        write!(page, "<div><dt>{term}</dt><dd>{said}</dd></div>")?;
    }
    write!(
        page,
        "</dl><p>Whoever has the data computes the root anew, and it must be the same:</p><pre><code>{}</code></pre>",
        escaped(&about.verify_root)
    )?;
    match &about.verify_checkpoint {
        Some(typed) => write!(
            page,
            "<p>That nothing was changed since somebody outside kept a checkpoint is proved with that checkpoint:</p><pre><code>{}</code></pre>",
            escaped(typed)
        )?,
        None => page.push_str(
            "<p>No checkpoint of this log was signed yet, so nobody outside could keep one to hold it to.</p>",
        ),
    }
    page.push_str("</footer></body></html>\n");
    Ok(())
}

fn said_day(day: Date) -> String {
    format!(
        "<time datetime=\"{day}\">{}</time>",
        day.strftime("%-d %B %Y")
    )
}

fn said(shown: &Shown) -> String {
    match shown {
        Shown::Number(value) => number(*value),
        Shown::Text(text) => escaped(text),
        Shown::Nothing => "none yet".to_owned(),
        Shown::Withheld => "withheld".to_owned(),
    }
}

/// A number as it is read: half a day has a place behind the point, and a proper minus.
#[must_use]
pub fn number(value: f64) -> String {
    let minus = if value < 0.0 { "\u{2212}" } else { "" };
    let value = value.abs();
    if value.fract() == 0.0 {
        format!("{minus}{value:.0}")
    } else {
        format!("{minus}{value:.1}")
    }
}

/// Text that stands for itself in HTML, between tags and in quoted attributes.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
