//! A scheme of another kind: six sessions in nine months, one mentor for two, for social workers.
//!
//! It has the shape of what a council may run for its newly qualified staff (R273, R284, Z13), and shows
//! that no rule assumes directors, four sessions, or one mentor to one mentee.

use super::{BRISTOL, World, called, held, judged, notice, policy, ready_under, yes};
use crate::{
    Event, Rejection,
    appointment::NotifyAppointment,
    identifiers::{MatchId, PairingId, PersonId},
    matching::Side,
    mentoring::{AgreeStart, OfferMentoring},
    pairing::{ConcludePairing, FormPairing, Replacement, ReportMeetingsReached},
    policy::{CategoryRule, Policy, Post},
    register::EmployerKind,
};
use jiff::civil::date;

#[test]
fn other_posts_entitle() {
    social_workers()
        .when(notice("1"))
        .then_rejected(Rejection::NotOfThisScheme)
        .when(worker("1"))
        .then(&["appointment.notified", "eligibility.judged"]);
}

#[test]
fn one_mentor_may_mentor_two_in_one_pairing() {
    let group = Group::formed();
    let pairing = group.world.pairing(group.pairing);
    assert_eq!(pairing.mentees, group.mentees);
    assert_eq!(pairing.mentors, [group.mentor]);
    let mentor = group.world.scheme.mentor(group.mentor).expect("invited");
    assert_eq!(mentor.live_pairings.len(), 1, "one pairing, one place");
}

#[test]
fn a_pairing_formed_of_several_matches_is_formed_once() {
    let group = Group::formed();
    let (world, matches) = (group.world, group.matches);
    let other_way_round = FormPairing {
        matches: vec![matches[1], matches[0], matches[1]],
    };
    world
        .when(other_way_round)
        .then_nothing_happens()
        .when(FormPairing {
            matches: vec![matches[0]],
        })
        .then_rejected(Rejection::MatchClosed { of: matches[0] });
}

#[test]
fn three_are_too_many_where_two_are_allowed() {
    let (world, mentor) = social_workers().ready_mentor("Ada");
    let (world, first) = agreed(world, mentor, "1");
    let (world, second) = agreed(world, mentor, "2");
    let (world, third) = agreed(world, mentor, "3");
    world
        .when(FormPairing {
            matches: vec![first.1, second.1, third.1],
        })
        .then_rejected(Rejection::TooManyInPairing {
            most: 2,
            what: "mentees",
        });
}

/// Z13: six sessions.
#[test]
fn the_seventh_session_is_outside_this_core_offer() {
    let Group {
        mut world,
        mentees,
        pairing,
        ..
    } = Group::formed();
    for left in (0..6).rev() {
        world = world.given(held(pairing, Side::Mentor));
        assert!(!outside(world.last()));
        assert_eq!(world.balance(mentees[0]).left, left);
        assert_eq!(world.balance(mentees[1]).left, left);
    }
    let world = world.given(held(pairing, Side::Mentor));
    assert!(outside(world.last()));
}

/// Z13: over nine months.
#[test]
fn the_months_are_those_of_the_policy() {
    let Group { world, mentees, .. } = Group::formed();
    let world = world.given(AgreeStart {
        mentee: mentees[1],
        starts_on: date(2026, 4, 1),
    });
    let until = |mentee| world.balance(mentee).clock.until;
    assert_eq!(until(mentees[1]), Some(date(2026, 12, 31)));
    assert_eq!(until(mentees[0]), None, "each has their own start");
}

#[test]
fn everybody_in_a_group_is_asked_for_a_report() {
    let Group { world, pairing, .. } = Group::formed();
    let world = world.when(ReportMeetingsReached { pairing }).then(&[
        "meetings.reached",
        "evaluation.requested",
        "evaluation.requested",
        "evaluation.requested",
    ]);
    assert_eq!(world.pairing(pairing).counts.used(), 6);
    world
        .when(ConcludePairing { pairing })
        .then(&["pairing.concluded"]);
}

#[test]
fn a_group_that_broke_down_is_judged_as_one() {
    let Group {
        world,
        mentees,
        pairing,
        ..
    } = Group::formed();
    let world = world
        .given(super::broken(pairing))
        .given(judged(pairing, Replacement::Replace));
    let (world, ben) = world.ready_mentor("Ben");
    let (world, second) = world.paired(mentees[1], ben);
    assert_eq!(world.pairing(second).replaces, Some(pairing));
}

struct Group {
    world: World,
    mentor: PersonId,
    mentees: Vec<PersonId>,
    matches: Vec<MatchId>,
    pairing: PairingId,
}

impl Group {
    fn formed() -> Self {
        let (world, mentor) = social_workers().ready_mentor("Ada");
        let (world, first) = agreed(world, mentor, "1");
        let (world, second) = agreed(world, mentor, "2");
        let matches = vec![first.1, second.1];
        let world = world
            .when(FormPairing {
                matches: matches.clone(),
            })
            .then(&["pairing.formed"]);
        Self {
            mentor,
            mentees: vec![first.0, second.0],
            matches,
            pairing: world.made("pairing"),
            world,
        }
    }
}

fn agreed(world: World, mentor: PersonId, number: &str) -> (World, (PersonId, MatchId)) {
    let world = world.given(worker(number));
    let mentee = world.person();
    let world = world.given(OfferMentoring { mentee }).given(yes(mentee));
    let (world, of) = world.agreed(mentee, mentor);
    (world, (mentee, of))
}

fn worker(number: &str) -> NotifyAppointment {
    NotifyAppointment {
        employer: BRISTOL.into(),
        details: called("Somebody"),
        post: "Newly qualified social worker".to_owned(),
        ..notice(number)
    }
}

pub(crate) fn social_workers() -> World {
    ready_under(for_social_workers())
}

pub(crate) fn for_social_workers() -> Policy {
    let mut other = policy();
    other.version = "first-year-social-workers".to_owned();
    other.posts = vec![Post {
        code: "social-worker-first-year".to_owned(),
        title: "Social worker in the first year".to_owned(),
        also_called: vec!["Newly-qualified social worker".to_owned()],
        employer_kinds: vec![EmployerKind::Council],
    }];
    other.categories = vec![CategoryRule {
        category: "first-year".to_owned(),
        rule: "first-post".to_owned(),
        posts: vec!["social-worker-first-year".to_owned()],
        bases: vec![],
        first_post: None,
        expected_months_least: None,
    }];
    other.entitlement.sessions_most = 6;
    other.entitlement.months_most = 9;
    other.pairing.mentees_most = 2;
    other
}

fn outside(event: &Event) -> bool {
    matches!(event, Event::SessionHeld(held) if held.outside_core_offer)
}
