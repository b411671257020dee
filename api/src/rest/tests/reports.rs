//! Reports of all starters, as personnel systems write them.

use super::*;

const HEADINGS: &str =
    "Employee Number,Name,Job Title,Contract Type,Start Date,End Date,First Post,Employer";

fn report(rows: &[&str]) -> String {
    let mut report = HEADINGS.to_owned();
    for row in rows {
        report.push('\n');
        report.push_str(row);
    }
    report
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_sample_two_rows_are_taken_and_of_the_rest_nothing_is_kept() {
    let service = Service::start().await;
    let first = service.employer(DEVON).key("monday").csv(SAMPLE).await;
    let text = first.text.clone();
    let answer = first.is(200);
    let receipt = &answer["receipt"];
    assert_eq!(receipt["rows"], 62);
    assert_eq!(receipt["recorded"], 2);
    assert_eq!(receipt["notOfThisScheme"], 60);
    assert_eq!(
        (&receipt["refused"], &receipt["alreadySo"]),
        (&0.into(), &0.into())
    );
    let rows = answer["rows"].as_array().expect("rows");
    assert_eq!(
        (&rows[0]["line"], &rows[1]["line"]),
        (&23.into(), &59.into())
    );
    assert_eq!(rows[0]["verdict"], "not-eligible");
    assert_eq!(rows[1]["verdict"], "eligible");

    let position = service.position().await;
    let retried = service.employer(DEVON).key("monday").csv(SAMPLE).await;
    assert_eq!(retried.text, text);
    assert_eq!(service.position().await, position);
    let next_day = service
        .employer(DEVON)
        .key("tuesday")
        .csv(SAMPLE)
        .await
        .is(200);
    assert_eq!(next_day["receipt"]["alreadySo"], 2);
    assert_eq!(next_day["rows"][1]["appointment"], rows[1]["appointment"]);

    let disk = service.bytes_on_disk();
    let holds = |text: &str| {
        disk.windows(text.len())
            .any(|bytes| bytes == text.as_bytes())
    };
    assert!(holds("notices.received"));
    for personal in [
        "Bhatti",
        "Cobbold",
        "Independent Reviewing Officer",
        "210003",
    ] {
        assert!(!holds(personal), "{personal}");
        assert!(!text.contains(personal));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_report_in_another_dress_tells_the_same() {
    let service = Service::start().await;
    let mut reader = csv::Reader::from_reader(SAMPLE.as_bytes());
    let mut dressed = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    dressed
        .write_record([
            "first_post",
            "END DATE",
            "Date started",
            "Appointment type",
            "Position",
            "E-mail",
            "Surname",
            "Forename",
            "PayrollNumber",
        ])
        .expect("written");
    for row in reader.records() {
        let row = row.expect("a row");
        dressed.write_record(row.iter().rev()).expect("written");
    }
    let dressed = dressed.into_inner().expect("bytes");
    let plain = service
        .coordinator()
        .key("1")
        .csv_of(&format!("?employer={DEVON}"), SAMPLE)
        .await;
    let plain = plain.is(200);
    let again = service
        .coordinator()
        .key("2")
        .csv_of(&format!("?employer={DEVON}"), dressed)
        .await;
    let again = again.is(200);
    // Line for line what was known: also the names and addresses were read as the same.
    assert_eq!(again["receipt"]["alreadySo"], 2, "{again}");
    assert_eq!(again["receipt"]["notOfThisScheme"], 60);
    for place in 0..2 {
        for member in ["line", "appointment", "mentee", "verdict"] {
            assert_eq!(again["rows"][place][member], plain["rows"][place][member]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_value_refuses_its_own_row() {
    let service = Service::start().await;
    let rows = [
        "1,Ada Able,DCS,Permanent,30/11/2026,,Yes,",
        "2,Ben Brown,DCS,Permanent,31/11/2026,,Yes,",
        ",Cat Clay,DCS,Permanent,30/11/2026,,Yes,",
        "4,Dan Dee,DCS,Casual,30/11/2026,,Yes,",
        "5,Eve East,DCS,Permanent,30/11/2026,01/11/2026,Yes,",
        "6,Fay Ford,DCS,Permanent,30/11/2026,,perhaps,",
        "7,Gil Gray,DCS,Permanent,30/11/2026,,Yes,Nowhere Council",
        "8,Hal Hope,Chef,Permanent,31/11/2026,,perhaps,Nowhere Council",
        ",,,,,,,",
    ];
    let answer = service
        .employer(DEVON)
        .key("k")
        .csv(report(&rows))
        .await
        .is(200);
    let told: Vec<(u64, &str, &str)> = answer["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            let word = |name: &str| row[name].as_str().unwrap_or_default();
            (
                row["line"].as_u64().expect("a line"),
                word("outcome"),
                word("code"),
            )
        })
        .collect();
    let expected = [
        (2, "recorded", ""),
        (3, "refused", "date_invalid"),
        (4, "refused", "employee_number_missing"),
        (5, "recorded", ""),
        (6, "refused", "dates_contradict"),
        (7, "refused", "first_post_invalid"),
        (8, "refused", "not_your_employer"),
    ];
    assert_eq!(told, expected);
    assert_eq!(answer["rows"][3]["notUnderstood"][0], "basis");
    assert_eq!(answer["rows"][3]["verdict"], "to-be-confirmed");
    assert_eq!(answer["receipt"]["rows"], 8);
    assert_eq!(answer["receipt"]["notOfThisScheme"], 1);
    assert_eq!(answer["receipt"]["codes"]["date_invalid"], 1);
    assert!(!answer.to_string().contains("Nowhere"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_may_tell_of_somebody_twice_and_of_several_employers() {
    let service = Service::start().await;
    let rows = [
        ("Ada Able", "30/11/2026", DEVON),
        ("Ada Able", "30/11/2026", DEVON),
        ("Ada Able", "01/12/2026", DEVON),
        ("Una Under", "01/12/2026", KENT),
    ];
    let rows = rows
        .map(|(name, starts, employer)| format!("1,{name},DCS,Permanent,{starts},,Yes,{employer}"));
    let rows = rows.each_ref().map(String::as_str);
    let answer = service
        .coordinator()
        .key("k")
        .csv(report(&rows))
        .await
        .is(200);
    let outcomes: Vec<&str> = answer["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["outcome"].as_str())
        .collect();
    assert_eq!(outcomes, ["recorded", "alreadySo", "recorded", "recorded"]);
    let mentee = |place: usize| answer["rows"][place]["mentee"].clone();
    assert!(mentee(0) == mentee(2) && mentee(0) != mentee(3));
    // An employer's file about others: only its own rows.
    let answer = service
        .employer(KENT)
        .key("k")
        .csv(report(&rows))
        .await
        .is(200);
    assert_eq!(answer["receipt"]["codes"]["not_your_employer"], 3);
    assert_eq!(answer["receipt"]["alreadySo"], 1);
    let call = service.employer(KENT).key("l");
    let answer = call
        .csv_of(&format!("?employer={DEVON}"), report(&rows))
        .await;
    answer.refuses(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_named_by_its_own_line_also_after_empty_ones() {
    let service = Service::start().await;
    let spaced = SAMPLE.replace('\n', "\n\n");
    let answer = service.employer(DEVON).key("spaced").csv(spaced).await;
    let rows = &answer.is(200)["rows"];
    assert_eq!(
        (&rows[0]["line"], &rows[1]["line"]),
        (&45.into(), &117.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_is_refused_whole_with_the_line() {
    let service = Service::start().await;
    let position = service.position().await;
    let good = "1,Ada Able,DCS,Permanent,30/11/2026,,Yes,";
    let mut foreign = report(&[good, "2,Andr"]).into_bytes();
    foreign.extend(b"\xe9 Able,DCS,Permanent,30/11/2026,,Yes,");
    let cases: [(Vec<u8>, u16, &str); 6] = [
        (
            report(&[good, "2,\"Ben,DCS,Permanent,30/11/2026,,Yes,", good]).into(),
            400,
            "line 3",
        ),
        (
            report(&[good, "2,Brown, Ben,DCS,Permanent,30/11/2026,,Yes,"]).into(),
            422,
            "Line 3",
        ),
        (report(&[good, "2,Ben Brown,DC"]).into(), 422, "Line 3"),
        (foreign, 400, "Line 3"),
        (
            "Name,Job Title,Employee Number\nAda,DCS,1".into(),
            422,
            "Line 1",
        ),
        (Vec::new(), 422, "empty"),
    ];
    for (body, status, said) in cases {
        let answer = service.employer(DEVON).key("k").csv(body).await;
        let problem = answer.is(status);
        assert!(
            problem["detail"].as_str().expect("text").contains(said),
            "{problem}"
        );
    }
    let many = report(&vec!["1,A,Chef,Permanent,30/11/2026,,Yes,"; 20_001]);
    let answer = service.employer(DEVON).key("k").csv(many).await;
    let problem = answer.refuses(422, "invalid");
    assert!(
        problem["detail"]
            .as_str()
            .expect("text")
            .contains("line 20002"),
        "{problem}"
    );
    assert_eq!(service.position().await, position);
    service
        .employer(DEVON)
        .key("k")
        .csv(report(&[good]))
        .await
        .is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_rows_are_taken_and_an_answer_of_any_length_is_kept() {
    let service = Service::start().await;
    let rows = vec!["1,A,DCS,Permanent,31/11/2026,,Yes,"; 20_000];
    let first = service.employer(DEVON).key("k").csv(report(&rows)).await;
    let again = service.employer(DEVON).key("k").csv(report(&rows)).await;
    assert!(first.text.len() > 1 << 20);
    assert_eq!(first.text, again.text);
    assert_eq!(first.is(200)["receipt"]["refused"], 20_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_over_the_limit_is_refused_and_nothing_of_it_kept() {
    let service = Service::start().await;
    let position = service.position().await;
    let body = vec![b'x'; (32 << 20) + 1];
    let answer = service.employer(DEVON).key("k").csv(body.clone()).await;
    answer.refuses(413, "too_large");
    // The same without saying beforehand how long it is.
    let call = service
        .employer(DEVON)
        .key("k")
        .with("transfer-encoding", "chunked");
    call.csv(body).await.refuses(413, "too_large");
    assert_eq!(service.position().await, position);
}
