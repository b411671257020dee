mod linking;
mod time_in_post;

use super::{ConfirmFacts, FirstPost, Form, NotifyAppointment, RecordNotices, Source, Verdict};
use crate::{
    Event, Rejection,
    adoption::AdoptPolicy,
    identifiers::AppointmentId,
    mentor::PersonDetails,
    mentoring::Offer,
    policy::Basis,
    shipped,
    spec::{BIRMINGHAM_TRUST, BRISTOL, World, called, invite, notice, paired, ready, stranger},
};
use jiff::civil::date;
use std::collections::BTreeMap;

const NEW: &[&str] = &["appointment.notified", "eligibility.judged"];

/// R077.
#[test]
fn a_notice_makes_an_appointment_and_judges_it() {
    let world = ready().when(notice("1")).then(NEW);
    let appointment = world.scheme.appointment(world.appointment()).expect("made");
    assert_eq!(appointment.source, Source::PersonnelSystem);
    assert_eq!(appointment.notified_on, date(2026, 3, 2));
    let judgement = appointment.judgement.as_ref().expect("judged");
    assert_eq!(judgement.verdict, Verdict::Eligible);
    assert_eq!(judgement.versions.policy, "mentor-plus-2017");
    assert_eq!(judgement.versions.register, "england-2026-11");
    assert_eq!(judgement.versions.calendar, "england-and-wales-2026-11");
}

#[test]
fn the_same_notice_again_changes_nothing() {
    ready()
        .given(notice("1"))
        .when(notice("1"))
        .then_nothing_happens();
}

#[test]
fn a_notice_that_says_less_changes_nothing() {
    ready()
        .given(notice("1"))
        .when(NotifyAppointment {
            basis: None,
            first_post: None,
            starts_on: None,
            details: PersonDetails::default(),
            ..notice("1")
        })
        .then_nothing_happens();
}

#[test]
fn a_changed_fact_amends_the_appointment_and_is_judged_again() {
    let world = ready().given(notice("1"));
    let appointment = world.appointment();
    let world = world
        .when(NotifyAppointment {
            first_post: Some(FirstPost::No),
            ..notice("1")
        })
        .then(&["appointment.amended", "eligibility.judged"]);
    assert_eq!(verdict(&world, appointment), Verdict::NotEligible);
}

#[test]
fn a_changed_fact_that_changes_no_verdict_is_not_judged_again() {
    let world = ready().given(notice("1"));
    let appointment = world.appointment();
    let world = world
        .when(NotifyAppointment {
            starts_on: Some(date(2026, 5, 1)),
            ..notice("1")
        })
        .then(&["appointment.amended"]);
    let facts = world.particulars.facts(appointment).expect("known");
    assert_eq!(facts.starts_on, Some(date(2026, 5, 1)));
}

#[test]
fn a_new_telephone_number_amends_the_appointment() {
    let world = ready().given(notice("1"));
    let person = world.person();
    let world = world
        .when(NotifyAppointment {
            details: PersonDetails {
                telephone: Some("0117 496 0000".to_owned()),
                ..PersonDetails::default()
            },
            ..notice("1")
        })
        .then(&["appointment.amended"]);
    let details = world.particulars.details(person).expect("known");
    assert_eq!(details.name.as_deref(), Some("Number 1"));
    assert_eq!(details.telephone.as_deref(), Some("0117 496 0000"));
}

#[test]
fn the_same_number_at_another_employer_is_another_person() {
    let world = ready().given(notice("1"));
    let person = world.person();
    let world = world
        .when(NotifyAppointment {
            employer: "E08000025".into(),
            ..notice("1")
        })
        .then(NEW);
    assert_ne!(world.person(), person);
    assert!(world.scheme.knows(world.person()));
}

#[test]
fn a_number_known_to_the_employer_means_the_same_person_in_a_later_post() {
    let world = ready().given(NotifyAppointment {
        ends_on: Some(date(2026, 8, 31)),
        ..notice("1")
    });
    let person = world.person();
    let later = NotifyAppointment {
        starts_on: Some(date(2027, 1, 4)),
        first_post: Some(FirstPost::No),
        ..notice("1")
    };
    let world = world.when(later.clone()).then(NEW);
    assert_eq!(world.mentee(person).appointments.len(), 2);
    world.when(later).then_nothing_happens();
}

#[test]
fn a_notice_without_a_number_makes_a_new_person_each_time() {
    let world = ready().given(press());
    let person = world.person();
    let world = world.when(press()).then(NEW);
    assert_ne!(world.person(), person);
}

#[test]
fn a_blank_number_is_no_number() {
    let blank = NotifyAppointment {
        employee_number: Some(" ".to_owned()),
        ..notice("1")
    };
    ready().given(blank.clone()).when(blank).then(NEW);
}

#[test]
fn a_notice_may_say_whom_it_is_about() {
    let world = ready().given(invite("Ada"));
    let ada = world.person();
    let about_ada = NotifyAppointment {
        person: Some(ada),
        ..press()
    };
    let world = world.when(about_ada.clone()).then(NEW);
    assert_eq!(world.mentee(ada).appointments, [world.appointment()]);
    world
        .when(about_ada)
        .then_nothing_happens()
        .when(NotifyAppointment {
            person: Some(stranger()),
            ..press()
        })
        .then_rejected(Rejection::UnknownPerson { person: stranger() });
}

#[test]
fn an_employer_abolished_on_the_first_day_is_refused_with_its_successors() {
    let at = |starts_on| NotifyAppointment {
        employer: "E10000009".into(),
        starts_on: Some(starts_on),
        ..notice("1")
    };
    ready()
        .when(at(date(2019, 4, 1)))
        .then_rejected(Rejection::EmployerNotThere {
            employer: "E10000009".into(),
            day: date(2019, 4, 1),
            successors: "E06000058, E06000059".to_owned(),
        })
        .when(at(date(2019, 3, 31)))
        .then(NEW);
}

#[test]
fn a_post_must_be_of_this_scheme_and_of_such_an_employer() {
    ready()
        .when(NotifyAppointment {
            post: "Head Teacher".to_owned(),
            ..notice("1")
        })
        .then_rejected(Rejection::NotOfThisScheme)
        .when(NotifyAppointment {
            employer: BIRMINGHAM_TRUST.into(),
            ..notice("1")
        })
        .then_rejected(Rejection::PostNotOfEmployer {
            post: "director-of-childrens-services".to_owned(),
            employer: BIRMINGHAM_TRUST.into(),
        })
        .when(NotifyAppointment {
            employer: "E99".into(),
            ..notice("1")
        })
        .then_rejected(Rejection::UnknownEmployer {
            employer: "E99".into(),
        });
}

#[test]
fn a_post_cannot_end_before_it_begins() {
    let contradict = Rejection::DatesContradict {
        earlier: "startsOn",
        later: "endsOn",
    };
    let world = ready()
        .when(NotifyAppointment {
            ends_on: Some(date(2026, 3, 31)),
            ..notice("1")
        })
        .then_rejected(contradict.clone())
        .given(notice("1"));
    let appointment = world.appointment();
    world
        .when(ConfirmFacts {
            ends_on: Some(date(2026, 3, 31)),
            ..confirm(appointment)
        })
        .then_rejected(contradict);
}

#[test]
fn a_notice_too_long_to_be_sealed_is_refused() {
    ready()
        .when(NotifyAppointment {
            details: called(&"x".repeat(16_000)),
            ..notice("1")
        })
        .then_rejected(Rejection::TooLong {
            what: "the notice",
            most: 16_000,
        });
}

/// Unknown is to be confirmed by the coordinator (Z04).
#[test]
fn confirming_the_missing_fact_settles_the_verdict() {
    let world = ready().given(NotifyAppointment {
        first_post: None,
        ..notice("1")
    });
    let appointment = world.appointment();
    assert_eq!(verdict(&world, appointment), Verdict::ToBeConfirmed);
    let confirmed = ConfirmFacts {
        first_post: Some(FirstPost::Yes),
        ..confirm(appointment)
    };
    let world = world
        .when(confirmed.clone())
        .then(&["appointment.amended", "eligibility.judged"]);
    assert_eq!(verdict(&world, appointment), Verdict::Eligible);
    world
        .when(confirmed)
        .then_nothing_happens()
        .when(confirm(appointment))
        .then_nothing_happens()
        .when(confirm(stranger()))
        .then_rejected(Rejection::UnknownAppointment {
            appointment: stranger(),
        });
}

/// Z04.
#[test]
fn judging_again_never_withdraws_mentoring_that_was_accepted() {
    let paired = paired();
    let mentee = paired.world.mentee(paired.mentee).clone();
    let world = paired
        .world
        .when(ConfirmFacts {
            first_post: Some(FirstPost::No),
            ..confirm(mentee.appointments[0])
        })
        .then(&["appointment.amended", "eligibility.judged"]);
    assert_eq!(
        verdict(&world, mentee.appointments[0]),
        Verdict::NotEligible
    );
    assert_eq!(world.mentee(paired.mentee).offer, Offer::Accepted);
    assert!(world.pairing(paired.pairing).is_live());
}

/// A verdict names the policy in force when it was reached (Z18).
#[test]
fn a_notice_is_judged_by_the_policy_in_force_that_day() {
    let acting = |number| NotifyAppointment {
        basis: Some(Basis::ActingUp),
        expected_months: Some(9),
        ..notice(number)
    };
    let world = ready()
        .given(AdoptPolicy {
            policy: shipped::policy("newly-appointed-directors-2026").expect("shipped"),
            effective_from: Some(date(2026, 9, 1)),
        })
        .on(date(2026, 8, 31))
        .given(acting("1"));
    assert_eq!(verdict(&world, world.appointment()), Verdict::Eligible);
    let world = world.on(date(2026, 9, 1)).given(acting("2"));
    assert_eq!(verdict(&world, world.appointment()), Verdict::NotEligible);
}

#[test]
fn a_delivery_of_notices_is_recorded_in_numbers_only() {
    ready()
        .when(RecordNotices {
            form: Form::Csv,
            digest: "0f".to_owned(),
            rows: 3,
            recorded: 1,
            already_so: 1,
            refused: 1,
            not_of_this_scheme: 0,
            codes: BTreeMap::from([("unknown_employer".to_owned(), 1)]),
        })
        .then(&["notices.received"]);
}

fn verdict(world: &World, appointment: AppointmentId) -> Verdict {
    let appointment = world.scheme.appointment(appointment).expect("made");
    appointment.judgement.as_ref().expect("judged").verdict
}

fn confirm(appointment: AppointmentId) -> ConfirmFacts {
    ConfirmFacts {
        appointment,
        basis: None,
        starts_on: None,
        ends_on: None,
        first_post: None,
        expected_months: None,
    }
}

/// What the press tells: no number.
fn press() -> NotifyAppointment {
    NotifyAppointment {
        source: Source::Press,
        employer: BRISTOL.into(),
        employee_number: None,
        ..notice("press")
    }
}

/// A trust's region would name the trust, and with the day of the notice its chief executive.
#[test]
fn the_region_of_a_rare_employer_is_not_kept_in_clear() {
    let region_of = |employer: &str, post: &str| {
        let notice = NotifyAppointment {
            employer: employer.into(),
            post: post.to_owned(),
            ..notice("1")
        };
        let answer = ready().when(notice);
        match &answer.outcome.expect("it was accepted")[0] {
            Event::AppointmentNotified(notified) => notified.region.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(region_of("trust-birmingham", "trust-chief-executive"), None);
    assert_eq!(region_of("E10000008", "DCS").as_deref(), Some("South West"));
}
