use super::{
    Conflict, DeclareConflict, NameMentors, PlaceOnWaitingList, RankMatches, TakeOffWaitingList,
    WithdrawMatch,
};
use crate::{
    Rejection,
    identifiers::PersonId,
    matching::{DeclineMatch, OfferMatches, Progress, Side},
    mentor::InviteMentor,
    spec::{Paired, invite, paired, ready, stranger},
};
use jiff::civil::date;

/// R091: a mentee may name a mentor. It binds nobody, and may be taken back.
#[test]
fn a_mentee_may_name_mentors_and_take_it_back() {
    let (world, ada) = ready().ready_mentor("Ada");
    let (world, ben) = world.ready_mentor("Ben");
    let (world, mentee) = world.accepted_mentee("1");
    let name = |mentors: &[PersonId]| NameMentors {
        mentee,
        mentors: mentors.to_vec(),
    };
    let world = world
        .when(name(&[ben, ada, ben]))
        .then(&["mentors.named"])
        .when(name(&[ben, ada]))
        .then_nothing_happens();
    assert_eq!(world.mentee(mentee).named, [ben, ada]);
    let world = world.when(name(&[])).then(&["mentors.named"]);
    assert_eq!(world.mentee(mentee).named, []);
    let person = stranger();
    world
        .when(name(&[person]))
        .then_rejected(Rejection::UnknownMentor { person });
}

/// R088: the mentee says in which order; also of a match that is over by the time it is told.
#[test]
fn a_mentee_ranks_those_who_were_offered() {
    let (world, ada) = ready().ready_mentor("Ada");
    let (world, ben) = world.ready_mentor("Ben");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, other) = world.accepted_mentee("2");
    let (world, first) = world.offered(mentee, ada);
    let (world, second) = world.offered(mentee, ben);
    let (world, of_another) = world.offered(other, ada);
    let rank = |matches| RankMatches { mentee, matches };
    let world = world
        .given(DeclineMatch {
            of: first,
            side: Side::Mentor,
        })
        .when(rank(vec![second, first, second]))
        .then(&["matches.ranked"])
        .when(rank(vec![second, first]))
        .then_nothing_happens();
    assert_eq!(world.mentee(mentee).ranking, [second, first]);
    world
        .when(rank(vec![of_another]))
        .then_rejected(Rejection::UnknownMatch { of: of_another });
}

/// Nobody suitable: the mentee waits, and is off the list again as soon as somebody is offered (Z07).
#[test]
fn a_mentee_waits_until_somebody_is_offered() {
    let (world, ada) = ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let wait = PlaceOnWaitingList { mentee };
    let world = world
        .when(wait.clone())
        .then(&["waiting-list.joined"])
        .on(date(2026, 3, 9))
        .when(wait.clone())
        .then_nothing_happens();
    assert_eq!(
        world.mentee(mentee).waiting_since,
        Some(date(2026, 3, 2)),
        "since the first day"
    );
    let world = world
        .when(OfferMatches {
            mentee,
            mentors: vec![ada],
            more_than_usual: false,
        })
        .then(&["match.offered", "waiting-list.left"]);
    assert_eq!(world.mentee(mentee).waiting_since, None);
    world
        .when(wait)
        .then_rejected(Rejection::StillChoosing { person: mentee });
}

#[test]
fn only_somebody_who_looks_for_a_mentor_waits_for_one() {
    let (world, person) = ready().eligible_mentee("9");
    world
        .when(PlaceOnWaitingList { mentee: person })
        .then_rejected(Rejection::NotAccepted { person });
    let Paired { world, mentee, .. } = paired();
    world
        .when(PlaceOnWaitingList { mentee })
        .then_rejected(Rejection::AlreadyPaired { person: mentee });
}

#[test]
fn a_mentee_may_be_taken_off_the_list_without_an_offer() {
    let (world, mentee) = ready().accepted_mentee("1");
    let off = TakeOffWaitingList { mentee };
    let world = world
        .when(off.clone())
        .then_nothing_happens()
        .given(PlaceOnWaitingList { mentee })
        .when(off)
        .then(&["waiting-list.left"]);
    assert_eq!(world.mentee(mentee).waiting_since, None);
}

#[test]
fn a_match_may_be_withdrawn_while_it_is_open() {
    let (world, ada) = ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, of) = world.offered(mentee, ada);
    let world = world
        .when(WithdrawMatch { of })
        .then(&["match.withdrawn"])
        .when(WithdrawMatch { of })
        .then_nothing_happens();
    let found = world.scheme.offered_match(of).expect("offered");
    assert_eq!(found.progress, Progress::Withdrawn);
    let world = world.on(date(2026, 6, 1));
    assert_eq!(world.count("match.lapsed"), 0, "it is awaited no more");
    let (world, again) = world.offered(mentee, ada);
    world
        .given(DeclineMatch {
            of: again,
            side: Side::Mentee,
        })
        .when(WithdrawMatch { of: again })
        .then_rejected(Rejection::MatchClosed { of: again });
}

/// A conflict is a fact for the coordinator and bars nobody.
#[test]
fn a_conflict_is_known_beforehand_and_bars_nobody() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let declare = |conflict| DeclareConflict {
        mentee,
        mentor,
        conflict,
    };
    let world = world
        .when(declare(Some(Conflict::LineManagement)))
        .then(&["conflict.declared"])
        .when(declare(Some(Conflict::LineManagement)))
        .then_nothing_happens();
    let known = world.mentee(mentee).conflict_with(mentor);
    assert_eq!(known, Some(Conflict::LineManagement));
    let (world, _) = world.offered(mentee, mentor);
    let world = world.when(declare(None)).then(&["conflict.declared"]);
    assert_eq!(world.mentee(mentee).conflict_with(mentor), None);
    world.when(declare(None)).then_nothing_happens();
}

#[test]
fn nobody_names_themselves() {
    let (world, person) = ready().accepted_mentee("1");
    let world = world.given(InviteMentor {
        person: Some(person),
        ..invite("Ada")
    });
    world
        .when(NameMentors {
            mentee: person,
            mentors: vec![person],
        })
        .then_rejected(Rejection::OwnMentor { person });
}
