//! Three people are given the same figures, each what they may have.

use super::{
    About, Audience, Chart, Report, Row, Section,
    audience::Given,
    contents,
    figures::{Cell, Figures, Shown},
    files,
    page::{escaped, number, page},
};
use jiff::civil::date;
use projections::Snapshot;
use serde_json::json;

fn about(audience: Audience) -> About {
    About {
        scheme: "mentor-plus".to_owned(),
        name: "Mentor <Plus> & \"friends\"".to_owned(),
        audience,
        alongside: "0.0.0",
        position: 4,
        recorded_at: "2026-04-01T00:00:00.000Z".to_owned(),
        day: date(2026, 4, 1),
        period: None,
        since: None,
        records: 4,
        root: "0a1b".to_owned(),
        verify_root: "alongside verify --scheme mentor-plus --to 4".to_owned(),
        verify_checkpoint: None,
    }
}

const ALL: Given = Given {
    measures: true,
    returns: true,
    stages: true,
    regions: true,
    pairings: true,
};

/// A table with one row, of whom `count` are a part of `of`, and the days that something took.
fn one_row(audience: Audience, count: usize, of: usize) -> Report {
    let mut figures = Figures::default();
    let (count, of) = (figures.count(count), figures.count(of));
    figures.within(of, &[count]);
    let cells = vec![
        Cell::Count(count),
        Cell::Count(of),
        figures.middle(Some(12.5), count),
        Cell::OfOne(Some(-3.0), count),
        figures.middle(None, of),
        Cell::Text("of <whom>".to_owned()),
    ];
    if audience.withholds() {
        figures.suppress();
    }
    let section = Section {
        id: "one",
        heading: "One table",
        lead: "Its numbers.",
        chart: Some(Chart {
            value: 0,
            of: Some(1),
        }),
        caption: "People",
        columns: vec![
            "Region", "People", "Of", "Middle", "Least", "Sum", "Of whom",
        ],
        rows: vec![Row {
            label: "=South & West".to_owned(),
            cells,
        }],
    };
    Report {
        about: about(audience),
        headlines: vec![],
        sections: vec![section],
        figures,
    }
}

fn shown(report: &Report) -> Vec<Shown> {
    let cells = report.sections[0].rows[0].cells.iter();
    cells.map(|cell| report.figures.shown(cell)).collect()
}

fn commissioner(count: usize, of: usize) -> Vec<Shown> {
    shown(&one_row(Audience::Commissioner, count, of))
}

/// R314: both numbers, or neither where one tells of few; coordinator and auditor see all.
#[test]
fn small_groups_are_withheld_from_the_commissioner_alone() {
    for audience in [Audience::Coordinator, Audience::Auditor] {
        let all = shown(&one_row(audience, 3, 30));
        assert_eq!(all[..2], [Shown::Number(3.0), Shown::Number(30.0)]);
        assert_eq!(all[2..4], [Shown::Number(12.5), Shown::Number(-3.0)]);
    }
    let found = commissioner(3, 30);
    assert_eq!(found[..2], [Shown::Withheld, Shown::Number(30.0)]);
    assert_eq!(
        found[2],
        Shown::Withheld,
        "nor what is made of three people's numbers"
    );
    assert_eq!(commissioner(3, 4)[..2], [Shown::Withheld, Shown::Withheld]);
    assert_eq!(
        commissioner(0, 30)[..2],
        [Shown::Number(0.0), Shown::Number(30.0)]
    );
}

#[test]
fn nearly_all_of_a_group_tells_of_the_few_others() {
    assert_eq!(
        commissioner(48, 50)[..2],
        [Shown::Withheld, Shown::Number(50.0)]
    );
    assert_eq!(
        commissioner(45, 50)[..2],
        [Shown::Number(45.0), Shown::Number(50.0)]
    );
    assert_eq!(
        commissioner(50, 50)[..2],
        [Shown::Number(50.0), Shown::Number(50.0)]
    );
}

#[test]
fn what_is_one_persons_own_is_withheld_however_many_there_are() {
    let found = commissioner(45, 90);
    assert_eq!(found[2..4], [Shown::Number(12.5), Shown::Withheld]);
}

/// Nothing that is withheld stands in the page, in a file, in a chart or in words for those who read by ear.
#[test]
fn what_is_withheld_stands_nowhere() {
    let report = one_row(Audience::Commissioner, 3, 777);
    let page = page(&report).expect("a page");
    assert!(page.contains("withheld") && page.contains("777"));
    let object = files::object(&report);
    let cells = object["tables"][0]["rows"][0]["cells"].as_array();
    let none = json!({ "withheld": true });
    assert_eq!(cells.expect("cells")[..3], [none.clone(), json!(777), none]);
    let sheets = files::sheets(&report).expect("files");
    let (name, sheet) = &sheets[1];
    assert_eq!(name, "one.csv");
    let sheet = String::from_utf8(sheet.clone()).expect("text");
    assert!(
        sheet.ends_with("'=South & West,withheld,777,withheld,withheld,,of <whom>\n"),
        "{sheet}"
    );
    for text in [page.as_str(), sheet.as_str()] {
        assert!(!text.contains("12.5") && !text.contains(">3<") && !text.contains("774"));
    }
}

/// A scheme in which nobody is yet has every table, of noughts, and says so.
#[test]
fn an_empty_scheme_makes_a_whole_page() {
    for audience in [
        Audience::Coordinator,
        Audience::Commissioner,
        Audience::Auditor,
    ] {
        let report = contents(&Snapshot::default(), about(audience), ALL);
        let page = page(&report).expect("a page");
        assert!(page.contains("every number is nought"));
        assert!(page.ends_with("</html>\n"));
        for section in &report.sections {
            assert!(page.contains(&format!(
                "<section class=\"part\" aria-labelledby=\"{}\">",
                section.id
            )));
            assert_eq!(
                page.matches(&format!("id=\"{}\"", section.id)).count(),
                1,
                "named once"
            );
            for row in &section.rows {
                assert_eq!(row.cells.len() + 1, section.columns.len(), "{}", section.id);
            }
        }
    }
}

/// What is not given is not counted and not named.
#[test]
fn a_report_holds_what_its_audience_is_given() {
    let none = Given {
        measures: false,
        returns: true,
        stages: false,
        regions: false,
        pairings: false,
    };
    let report = contents(&Snapshot::default(), about(Audience::Auditor), none);
    let ids: Vec<&str> = report.sections.iter().map(|section| section.id).collect();
    assert_eq!(ids, ["returns"]);
    assert!(report.headlines.is_empty());
    assert!(
        page(&report)
            .expect("a page")
            .contains("Evaluation reports")
    );
}

/// A scheme's name is whatever somebody typed.
#[test]
fn text_stands_for_itself_in_the_page() {
    let report = one_row(Audience::Auditor, 5, 30);
    let page = page(&report).expect("a page");
    assert!(page.contains("<h1>Mentor &lt;Plus&gt; &amp; &quot;friends&quot;</h1>"));
    assert!(page.contains("<th scope=\"row\">=South &amp; West</th>") && !page.contains("<whom>"));
    assert!(!page.contains("<script"));
    assert_eq!(escaped("a'b"), "a&#39;b");
    assert_eq!([-3.0, 0.0, 12.5].map(number), ["\u{2212}3", "0", "12.5"]);
}

/// A chart has a name, its words are text, and its bars are as long as their numbers.
#[test]
fn a_chart_says_what_its_table_says() {
    let report = one_row(Audience::Auditor, 15, 30);
    let page = page(&report).expect("a page");
    let chart = page.split_once("<svg").expect("a chart").1;
    let chart = chart.split_once("</svg>").expect("its end").0;
    assert!(chart.starts_with(" role=\"img\" aria-labelledby=\"one-title one-description\""));
    assert!(chart.contains("<title id=\"one-title\">Chart: People</title>"));
    assert!(chart.contains("15 of 30") && chart.contains("=South &amp; West"));
    let width = |colour: &str| -> f64 {
        let rectangle = chart
            .split("<rect")
            .find(|one| one.contains(colour))
            .expect("a bar");
        let width = rectangle.split_once("width=\"").expect("a width").1;
        let digits = width.split_once('"').expect("its end").0;
        digits.parse().expect("a number")
    };
    let ratio = width("#1F5F8B") / width("#D5DEE6");
    assert!((ratio - 0.5).abs() < 0.01, "{ratio}");
}
