//! A table drawn as bars: static SVG with text as text, laid out by `plotters`.
//!
//! A chart repeats what its table says and adds nothing, so to a reader of the page by ear it is one image with a title, and the
//! table beneath it is read. Its colours are attributes that the page's style gives meaning to, for light, dark and paper; it is as
//! wide as a phone and grows from there, so that its words stay as large as the words around it.

use super::{
    Chart, Section,
    figures::{Figures, Shown},
    page::{escaped, number},
};
use plotters::{
    coord::{Shift, types::RangedCoordf64},
    prelude::{
        Cartesian2d, ChartBuilder, ChartContext, DrawingArea, EmptyElement, IntoDrawingArea as _,
        IntoFont as _, RGBColor, Rectangle, SVGBackend, Text,
    },
    style::{
        Color as _, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};
use std::error::Error;

/// In user units, which are pixels of a phone.
const WIDTH: u32 = 360;
const ROW_HEIGHT: u32 = 44;
const AXIS_HEIGHT: u32 = 26;
/// Half of a number on the axis is outside it.
const MARGIN: u32 = 14;
/// The style of the page says what these are.
const INK: RGBColor = RGBColor(0x10, 0x20, 0x30);
const BAR: RGBColor = RGBColor(0x1F, 0x5F, 0x8B);
const BEHIND: RGBColor = RGBColor(0xD5, 0xDE, 0xE6);
const GRID: RGBColor = RGBColor(0x8A, 0x97, 0xA3);
/// `plotters` writes a font 1.24 times smaller than it is asked to.
const FONT: f64 = 13.0 * 1.24;

/// One row, as it is drawn.
struct Bar<'a> {
    label: &'a str,
    said: String,
    value: Option<f64>,
    /// What it could be.
    of: Option<f64>,
}

/// The chart of a section, if it has one and there is anything to draw.
///
/// # Errors
///
/// If the library cannot lay it out.
pub fn drawn(
    section: &Section,
    figures: &Figures,
) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
    let Some(chart) = section.chart else {
        return Ok(None);
    };
    let rows = section.rows.iter();
    let bars: Vec<Bar<'_>> = rows
        .map(|row| {
            let shown = |index: usize| row.cells.get(index).map(|cell| figures.shown(cell));
            bar(chart, &row.label, &shown)
        })
        .collect();
    if bars
        .iter()
        .all(|bar| bar.value.is_none() && bar.of.is_none())
    {
        return Ok(None);
    }
    let mut svg = String::new();
    // Nothing of a layout fails on a string, but the library says it may.
    layout(&bars, &mut svg).map_err(|error| error.to_string())?;
    Ok(Some(named(&svg, section)))
}

fn bar<'a>(chart: Chart, label: &'a str, shown: &dyn Fn(usize) -> Option<Shown>) -> Bar<'a> {
    let value = |index: usize| match shown(index) {
        Some(Shown::Number(value)) => Some(value),
        _ => None,
    };
    let said = |index: usize| match shown(index) {
        Some(Shown::Number(value)) => number(value),
        Some(Shown::Withheld) => "withheld".to_owned(),
        Some(Shown::Text(_) | Shown::Nothing) | None => "none yet".to_owned(),
    };
    let of = chart.of.map(said);
    Bar {
        label,
        said: match of {
            Some(of) if value(chart.value).is_some() => format!("{} of {of}", said(chart.value)),
            _ => said(chart.value),
        },
        value: value(chart.value),
        of: chart.of.and_then(value),
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn layout<'a>(bars: &[Bar<'_>], svg: &'a mut String) -> Result<(), Box<dyn Error + 'a>> {
    let rows = u32::try_from(bars.len())?;
    let size = (WIDTH, rows * ROW_HEIGHT + AXIS_HEIGHT);
    let area: Area<'a> = SVGBackend::with_string(svg, size).into_drawing_area();
    let ends = bars.iter().flat_map(|bar| [bar.value, bar.of]);
    let (least, most) = ends
        .flatten()
        .fold((0.0_f64, 1.0_f64), |(least, most), end| {
            (least.min(end), most.max(end))
        });
    let height = f64::from(rows);
    let mut chart = ChartBuilder::on(&area)
        .margin_left(MARGIN)
        .margin_right(MARGIN)
        .x_label_area_size(AXIS_HEIGHT)
        .build_cartesian_2d(least..most, 0.0..height)?;
    let label = |value: &f64| {
        let is_whole = value.fract() == 0.0;
        if is_whole {
            number(*value)
        } else {
            String::new()
        }
    };
    chart
        .configure_mesh()
        .disable_mesh()
        .disable_y_axis()
        .axis_style(GRID)
        .x_labels(5)
        .x_label_formatter(&label)
        .x_label_style(text(HPos::Center))
        .draw()?;
    for (place, bar) in (0_u32..).zip(bars) {
        // Rows are counted from below.
        draw(&mut chart, bar, height - f64::from(place), (least, most))?;
    }
    area.present()?;
    Ok(())
}

type Drawn<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// One row below `top`: its words, and its bars below them.
fn draw<'b>(
    chart: &mut Drawn<'_, 'b>,
    bar: &Bar<'_>,
    top: f64,
    (least, most): (f64, f64),
) -> Result<(), Box<dyn Error + 'b>> {
    let line = |to: f64| [(0.0, top - 0.90), (to, top - 0.50)];
    let behind = bar.of.map(|of| Rectangle::new(line(of), BEHIND.filled()));
    chart.draw_series(behind)?;
    let value = bar.value;
    chart.draw_series(value.map(|value| Rectangle::new(line(value), BAR.filled())))?;
    let words = [
        (least, HPos::Left, bar.label),
        (most, HPos::Right, &bar.said),
    ];
    chart.draw_series(words.map(|(at, side, words)| {
        EmptyElement::at((at, top - 0.44)) + Text::new(words.to_owned(), (0, 0), text(side))
    }))?;
    Ok(())
}

fn text(side: HPos) -> TextStyle<'static> {
    let vertical = match side {
        HPos::Center => VPos::Top,
        HPos::Left | HPos::Right => VPos::Bottom,
    };
    let font = ("sans-serif", FONT).into_font();
    font.color(&INK).pos(Pos::new(side, vertical))
}

/// The same image with a name, which the library does not give it.
fn named(svg: &str, section: &Section) -> String {
    let (title, id) = (escaped(section.caption), section.id);
    let begin = format!("<svg role=\"img\" aria-labelledby=\"{id}-title {id}-description\" ");
    let within = format!(
        "><title id=\"{id}-title\">Chart: {title}</title><desc id=\"{id}-description\">The same numbers stand in the table below.</desc>"
    );
    let Some((head, rest)) = svg.split_once('>') else {
        return String::new();
    };
    format!("{}{within}{rest}", head.replacen("<svg ", &begin, 1))
}
