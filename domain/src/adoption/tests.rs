use super::{AdoptCalendar, AdoptPolicy, AdoptRegister, OpenScheme, SchemeKind};
use crate::{
    Rejection,
    policy::Policy,
    shipped,
    spec::{nothing_yet, notice, open_scheme, policy, ready},
};
use jiff::civil::date;

#[test]
fn a_scheme_is_opened_first() {
    nothing_yet()
        .when(adopt(policy()))
        .then_rejected(Rejection::SchemeNotOpen)
        .when(open_scheme())
        .then(&["scheme.opened"]);
}

#[test]
fn a_scheme_is_opened_once() {
    nothing_yet()
        .given(open_scheme())
        .when(open_scheme())
        .then_nothing_happens()
        .when(OpenScheme {
            kind: SchemeKind::Coaching,
            ..open_scheme()
        })
        .then_rejected(Rejection::SchemeAlreadyOpen);
}

/// R103.
#[test]
fn a_scheme_says_whether_it_offers_mentoring_or_coaching() {
    for kind in [SchemeKind::Mentoring, SchemeKind::Coaching] {
        let world = nothing_yet().given(OpenScheme {
            kind,
            ..open_scheme()
        });
        let opening = world.scheme.opening.as_ref().expect("it was opened");
        assert_eq!(opening.kind, kind);
    }
}

#[test]
fn a_scheme_has_a_name() {
    nothing_yet()
        .when(OpenScheme {
            name: "  ".to_owned(),
            ..open_scheme()
        })
        .then_rejected(Rejection::Empty {
            what: "the name of the scheme",
        });
}

#[test]
fn nothing_is_judged_before_policy_register_and_calendar_are_adopted() {
    let missing = |missing| Rejection::SchemeNotReady { missing };
    nothing_yet()
        .given(open_scheme())
        .when(notice("1"))
        .then_rejected(missing("policy"))
        .when(adopt(policy()))
        .then(&["policy.adopted"])
        .when(notice("1"))
        .then_rejected(missing("register of employers"))
        .when(AdoptRegister {
            register: shipped::register(),
        })
        .then(&["register.adopted"])
        .when(notice("1"))
        .then_rejected(missing("calendar"))
        .when(AdoptCalendar {
            calendar: shipped::calendar(),
        })
        .then(&["calendar.adopted"])
        .when(notice("1"))
        .then(&["appointment.notified", "eligibility.judged"]);
}

#[test]
fn adopting_the_same_document_again_changes_nothing() {
    ready()
        .when(adopt(policy()))
        .then_nothing_happens()
        .when(AdoptRegister {
            register: shipped::register(),
        })
        .then_nothing_happens()
        .when(AdoptCalendar {
            calendar: shipped::calendar(),
        })
        .then_nothing_happens();
}

#[test]
fn an_adopted_version_is_never_edited() {
    let taken = |version: &str| Rejection::VersionTaken {
        version: version.to_owned(),
    };
    let mut register = shipped::register();
    register.title.push('!');
    let mut calendar = shipped::calendar();
    calendar.holidays.pop();
    ready()
        .when(adopt(Policy {
            title: "Edited".to_owned(),
            ..policy()
        }))
        .then_rejected(taken("mentor-plus-2017"))
        .when(AdoptRegister { register })
        .then_rejected(taken("england-2026-11"))
        .when(AdoptCalendar { calendar })
        .then_rejected(taken("england-and-wales-2026-11"));
}

#[test]
fn a_document_that_contradicts_itself_is_refused_with_the_reason() {
    let invalid = |reason: &str| Rejection::DocumentInvalid {
        reason: reason.to_owned(),
    };
    let mut uncited = policy();
    uncited.rules.retain(|rule| rule.code != "core-offer");
    let mut no_sessions = policy();
    no_sessions.entitlement.sessions_most = 0;
    let mut no_such_post = policy();
    no_such_post.categories[0].posts = vec!["mayor".to_owned()];
    let mut register = shipped::register();
    register.employers.reverse();
    let mut calendar = shipped::calendar();
    calendar.time_zone = "Europe/Camelot".to_owned();
    ready()
        .when(adopt(uncited))
        .then_rejected(invalid(
            "rule \"core-offer\" is cited but not among `rules`",
        ))
        .when(adopt(no_sessions))
        .then_rejected(invalid("`entitlement.sessionsMost` must be at least 1"))
        .when(adopt(no_such_post))
        .then_rejected(invalid(
            "category \"first-post\" names the post \"mayor\", which is not among `posts`",
        ))
        .when(AdoptCalendar { calendar })
        .then_rejected(invalid(
            "`timeZone` \"Europe/Camelot\" is not an IANA time zone",
        ))
        .when(AdoptRegister { register })
        .then_rejected(invalid(
            "employers are not in order of `id`, or doubled, at trust-sunderland",
        ));
}

/// A policy is never in force before its adoption (Z18).
#[test]
fn a_policy_may_not_reach_back() {
    ready()
        .when(AdoptPolicy {
            effective_from: Some(date(2026, 3, 1)),
            ..adopt(todays_policy())
        })
        .then_rejected(Rejection::EffectiveBeforeAdoption {
            effective_from: date(2026, 3, 1),
            today: date(2026, 3, 2),
        });
}

/// Rules are versioned by date (Z18).
#[test]
fn a_later_policy_takes_over_on_its_day() {
    let world = ready().given(AdoptPolicy {
        effective_from: Some(date(2026, 9, 1)),
        ..adopt(todays_policy())
    });
    let in_force = |day| world.scheme.policy_on(day).map(|policy| &*policy.version);
    assert_eq!(in_force(date(2026, 3, 1)), None);
    assert_eq!(in_force(date(2026, 3, 2)), Some("mentor-plus-2017"));
    assert_eq!(in_force(date(2026, 8, 31)), Some("mentor-plus-2017"));
    assert_eq!(
        in_force(date(2026, 9, 1)),
        Some("newly-appointed-directors-2026")
    );
}

#[test]
fn nothing_is_recorded_before_it_has_happened() {
    ready()
        .happened(date(2026, 3, 3))
        .when(notice("1"))
        .then_rejected(Rejection::HappenedInFuture {
            happened_on: date(2026, 3, 3),
            today: date(2026, 3, 2),
        });
}

fn todays_policy() -> Policy {
    shipped::policy("newly-appointed-directors-2026").expect("shipped")
}

fn adopt(policy: Policy) -> AdoptPolicy {
    AdoptPolicy {
        policy,
        effective_from: None,
    }
}
