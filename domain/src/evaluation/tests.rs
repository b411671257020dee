use super::{Evaluation, FileEvaluation, RemindOfEvaluation, WaiveEvaluation};
use crate::{
    Rejection,
    identifiers::{PairingId, PersonId},
    pairing::{ConcludePairing, ReportMeetingsReached},
    spec::{Paired, paired, stranger},
};
use jiff::civil::date;

/// R109, R313: two reports for a pairing.
#[test]
fn each_side_files_a_report() {
    let Paired {
        world,
        mentee,
        mentor,
        pairing,
    } = paired();
    let world = world
        .given(ConcludePairing { pairing })
        .when(report(pairing, mentee))
        .then(&["evaluation.filed"])
        .when(report(pairing, mentor))
        .then(&["evaluation.filed"]);
    let filed = |report: &&crate::pairing::Report| report.filed_on.is_some();
    assert_eq!(
        world.pairing(pairing).reports.iter().filter(filed).count(),
        2
    );
}

#[test]
fn a_report_is_filed_once() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let mut other = report(pairing, mentee);
    other.report.effectiveness = Some(1);
    world
        .given(report(pairing, mentee))
        .when(report(pairing, mentee))
        .then_nothing_happens()
        .when(other)
        .then_rejected(Rejection::AlreadyFiled { pairing });
}

/// Late reports are always taken (Z11).
#[test]
fn a_late_report_is_taken() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    world
        .given(ConcludePairing { pairing })
        .on(date(2028, 1, 3))
        .when(report(pairing, mentee))
        .then(&["evaluation.filed"]);
}

#[test]
fn a_report_nobody_asked_for_is_taken_and_not_asked_for_afterwards() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    world
        .when(report(pairing, mentee))
        .then(&["evaluation.filed"])
        .when(ReportMeetingsReached { pairing })
        .then(&["meetings.reached", "evaluation.requested"]);
}

#[test]
fn only_those_of_the_pairing_report_on_it() {
    let Paired { world, pairing, .. } = paired();
    world
        .when(report(pairing, stranger()))
        .then_rejected(Rejection::NotOfPairing {
            person: stranger(),
            pairing,
        })
        .when(report(stranger(), stranger()))
        .then_rejected(Rejection::UnknownPairing {
            pairing: stranger(),
        });
}

#[test]
fn effectiveness_is_a_mark_from_one_to_five_or_none() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let marked = |effectiveness| {
        let mut marked = report(pairing, mentee);
        marked.report.effectiveness = effectiveness;
        marked
    };
    let out_of_range = Rejection::OutOfRange {
        what: "effectiveness",
        least: 1,
        most: 5,
    };
    world
        .when(marked(Some(0)))
        .then_rejected(out_of_range.clone())
        .when(marked(Some(6)))
        .then_rejected(out_of_range)
        .when(marked(None))
        .then(&["evaluation.filed"]);
}

#[test]
fn a_report_is_short() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let mut long = report(pairing, mentee);
    long.report.advice = Some("x".repeat(16_000));
    world.when(long).then_rejected(Rejection::TooLong {
        what: "the report",
        most: 16_000,
    });
}

fn report(pairing: PairingId, person: PersonId) -> FileEvaluation {
    FileEvaluation {
        pairing,
        person,
        report: Evaluation {
            effectiveness: Some(4),
            ..Evaluation::default()
        },
    }
}

/// As many reminders as the coordinator thinks right, each a fact of its own; a report given up is not waited for (Z11).
#[test]
fn a_report_is_reminded_of_and_given_up() {
    let Paired {
        world,
        mentee,
        mentor,
        pairing,
    } = paired();
    let remind = RemindOfEvaluation {
        pairing,
        person: mentee,
    };
    let waive = WaiveEvaluation {
        pairing,
        person: mentee,
    };
    let world = world
        .given(ConcludePairing { pairing })
        .when(remind.clone())
        .then(&["evaluation.reminded"])
        .on(date(2026, 6, 1))
        .when(remind)
        .then(&["evaluation.reminded"])
        .when(waive.clone())
        .then(&["evaluation.waived"])
        .when(waive.clone())
        .then_nothing_happens();
    let of = |person| *world.pairing(pairing).report_of(person).expect("asked");
    assert_eq!((of(mentee).reminders, of(mentee).is_out()), (2, false));
    assert_eq!((of(mentor).reminders, of(mentor).is_out()), (0, true));
    world
        .when(report(pairing, mentee))
        .then(&["evaluation.filed"])
        .when(waive)
        .then_rejected(Rejection::AlreadyFiled { pairing });
}

/// A reminder that came before the question does not take its place; a report that was given up is not asked for (R104).
#[test]
fn who_was_only_reminded_is_asked_all_the_same() {
    let Paired {
        world,
        mentee,
        mentor,
        pairing,
    } = paired();
    let world = world
        .given(RemindOfEvaluation {
            pairing,
            person: mentee,
        })
        .given(WaiveEvaluation {
            pairing,
            person: mentor,
        })
        .when(ReportMeetingsReached { pairing })
        .then(&["meetings.reached", "evaluation.requested"]);
    let asked = |person| {
        world
            .pairing(pairing)
            .report_of(person)
            .and_then(|report| report.requested_on)
    };
    assert!(asked(mentee).is_some() && asked(mentor).is_none());
}
