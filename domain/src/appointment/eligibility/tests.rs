use super::{Outcome, judge};
use crate::{
    appointment::{AppointmentFacts, FirstPost, Verdict},
    policy::Basis,
    shipped,
    spec::{BIRMINGHAM_TRUST, BRISTOL, policy},
};
use jiff::civil::{Date, date};

/// R015.
#[test]
fn a_first_post_as_director_entitles() {
    let outcome = judge(&policy(), &first(Basis::Substantive));
    assert_eq!(outcome, entitled("first-post"));
}

/// Interim counts as acting up unless it is a first post (Z04).
#[test]
fn an_interim_director_in_a_first_post_is_entitled_whatever_the_length() {
    let outcome = judge(&policy(), &first(Basis::Interim));
    assert_eq!(outcome, entitled("first-post"));
}

/// R016.
#[test]
fn an_experienced_director_given_the_remit_is_entitled() {
    let facts = AppointmentFacts {
        first_post: Some(FirstPost::No),
        ..held_as(Basis::AddedRemit)
    };
    assert_eq!(judge(&policy(), &facts), entitled("added-remit"));
}

/// R017.
#[test]
fn acting_up_entitles_from_six_months() {
    assert_eq!(acting_for_months(6), entitled("acting-up"));
    assert_eq!(acting_for_months(5), not_entitled());
}

/// R017: the last day belongs to the appointment.
#[test]
fn from_1_april_to_30_september_is_six_months() {
    let outcome = acting(date(2026, 4, 1), date(2026, 9, 30));
    assert_eq!(outcome, entitled("acting-up"));
}

/// R017.
#[test]
fn one_day_less_is_not_six_months() {
    let outcome = acting(date(2026, 4, 1), date(2026, 9, 29));
    assert_eq!(outcome, not_entitled());
}

/// The expected length decides (Z04).
#[test]
fn the_days_of_a_post_outweigh_a_stated_length() {
    let facts = AppointmentFacts {
        starts_on: Some(date(2026, 4, 1)),
        ends_on: Some(date(2026, 5, 31)),
        expected_months: Some(12),
        ..held_as(Basis::ActingUp)
    };
    assert_eq!(judge(&policy(), &facts), not_entitled());
}

/// Z04.
#[test]
fn an_interim_director_who_was_one_before_counts_as_acting_up() {
    let facts = |expected_months| AppointmentFacts {
        first_post: Some(FirstPost::No),
        expected_months: Some(expected_months),
        ..held_as(Basis::Interim)
    };
    assert_eq!(judge(&policy(), &facts(6)), entitled("acting-up"));
    assert_eq!(judge(&policy(), &facts(5)), not_entitled());
}

/// R018.
#[test]
fn the_chief_executive_of_a_trust_is_entitled() {
    let facts = AppointmentFacts {
        employer: BIRMINGHAM_TRUST.into(),
        post: "trust-chief-executive".to_owned(),
        ..nothing_known()
    };
    assert_eq!(
        judge(&policy(), &facts),
        entitled("alternative-arrangement")
    );
}

/// Enhanced support is a separate offer (R005).
#[test]
fn an_experienced_director_in_a_new_post_is_pointed_to_enhanced_support() {
    let facts = AppointmentFacts {
        first_post: Some(FirstPost::No),
        ..held_as(Basis::Substantive)
    };
    assert_eq!(judge(&policy(), &facts), not_entitled());
}

/// Unknown is to be confirmed (Z04).
#[test]
fn what_is_not_known_is_to_be_confirmed_and_named() {
    let waits_for = |facts: &AppointmentFacts, rule: &str, missing: &[&str]| {
        let outcome = judge(&policy(), facts);
        assert_eq!(outcome.verdict, Verdict::ToBeConfirmed);
        assert_eq!(outcome.category, None);
        assert_eq!(outcome.rule, rule);
        assert_eq!(outcome.missing, missing);
    };
    waits_for(&held_as(Basis::Substantive), "first-post", &["firstPost"]);
    waits_for(&held_as(Basis::ActingUp), "acting-up", &["expectedMonths"]);
    waits_for(
        &held_as(Basis::Interim),
        "first-post",
        &["firstPost", "expectedMonths"],
    );
    waits_for(
        &nothing_known(),
        "first-post",
        &["basis", "firstPost", "expectedMonths"],
    );
}

/// One category met is enough.
#[test]
fn an_interim_director_for_six_months_need_not_say_whether_it_is_a_first_post() {
    let facts = AppointmentFacts {
        expected_months: Some(6),
        ..held_as(Basis::Interim)
    };
    assert_eq!(judge(&policy(), &facts), entitled("acting-up"));
}

/// Today's scheme is open to interim and substantive directors; the six months are history (Z18).
#[test]
fn todays_scheme_knows_no_acting_up() {
    let today = shipped::policy("newly-appointed-directors-2026").expect("shipped");
    let acting = AppointmentFacts {
        expected_months: Some(12),
        ..held_as(Basis::ActingUp)
    };
    assert_eq!(judge(&today, &acting), not_entitled());
    assert_eq!(
        judge(&today, &first(Basis::Interim)),
        entitled("first-post")
    );
}

fn entitled(category: &str) -> Outcome {
    Outcome {
        verdict: Verdict::Eligible,
        category: Some(category.to_owned()),
        rule: category.to_owned(),
        missing: vec![],
    }
}

fn not_entitled() -> Outcome {
    Outcome {
        verdict: Verdict::NotEligible,
        category: None,
        rule: "enhanced-support".to_owned(),
        missing: vec![],
    }
}

fn acting(starts: Date, ends: Date) -> Outcome {
    let facts = AppointmentFacts {
        starts_on: Some(starts),
        ends_on: Some(ends),
        ..held_as(Basis::ActingUp)
    };
    judge(&policy(), &facts)
}

fn acting_for_months(expected: u16) -> Outcome {
    let facts = AppointmentFacts {
        expected_months: Some(expected),
        ..held_as(Basis::ActingUp)
    };
    judge(&policy(), &facts)
}

fn first(basis: Basis) -> AppointmentFacts {
    AppointmentFacts {
        first_post: Some(FirstPost::Yes),
        ..held_as(basis)
    }
}

fn held_as(basis: Basis) -> AppointmentFacts {
    AppointmentFacts {
        basis: Some(basis),
        ..nothing_known()
    }
}

fn nothing_known() -> AppointmentFacts {
    AppointmentFacts {
        employer: BRISTOL.into(),
        employee_number: None,
        post: "director-of-childrens-services".to_owned(),
        basis: None,
        starts_on: None,
        ends_on: None,
        first_post: None,
        expected_months: None,
    }
}
