use super::{
    Decider, LeavingPost, PauseMentor, Presence, RecordMentorLeftPost, RemoveMentor,
    ResignAsMentor, ResumeMentor,
};
use crate::{
    Event, Rejection,
    identifiers::PersonId,
    matching::{AcceptMatch, OfferMatches, Progress, Side},
    mentor::{InviteMentor, Standing},
    pairing::FormPairing,
    spec::{BRISTOL, Paired, invite, paired, ready, stranger},
};
use jiff::civil::{Date, date};

/// Z07: a mentor may take nobody new for a while, and come back.
#[test]
fn a_mentor_who_pauses_is_not_offered_until_they_are_back() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let pause = PauseMentor {
        mentor,
        until: Some(date(2026, 6, 1)),
    };
    let world = world
        .when(pause.clone())
        .then(&["mentor.paused"])
        .when(pause)
        .then_nothing_happens()
        .when(offer(mentee, mentor))
        .then_rejected(Rejection::MentorNotTakingPart { mentor })
        .when(ResumeMentor { mentor })
        .then(&["mentor.resumed"])
        .when(ResumeMentor { mentor })
        .then_nothing_happens();
    world.when(offer(mentee, mentor)).then(&["match.offered"]);
}

/// A pause leaves open what was offered before: the mentor may still say yes.
#[test]
fn a_pause_withdraws_nothing() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, of) = world.agreed(mentee, mentor);
    world
        .when(PauseMentor {
            mentor,
            until: None,
        })
        .then(&["mentor.paused"])
        .when(FormPairing { matches: vec![of] })
        .then(&["pairing.formed"]);
}

/// Whoever resigns takes nobody new; every open match of theirs is not going ahead.
#[test]
fn whoever_resigns_is_no_longer_on_offer() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, first) = world.accepted_mentee("1");
    let (world, second) = world.accepted_mentee("2");
    let (world, of) = world.agreed(first, mentor);
    let world = world
        .given(offer(second, mentor))
        .when(ResignAsMentor { mentor })
        .then(&["mentor.resigned", "match.withdrawn", "match.withdrawn"]);
    let found = world.scheme.offered_match(of).expect("offered");
    assert_eq!(found.progress, Progress::Withdrawn);
    world
        .when(FormPairing { matches: vec![of] })
        .then_rejected(Rejection::MatchClosed { of })
        .when(ResignAsMentor { mentor })
        .then_nothing_happens()
        .when(PauseMentor {
            mentor,
            until: None,
        })
        .then_rejected(Rejection::MentorNotTakingPart { mentor })
        .when(ResumeMentor { mentor })
        .then(&["mentor.resumed"])
        .when(offer(first, mentor))
        .then(&["match.offered"]);
}

/// A yes that was given in time and is heard of late takes a match up again, but nobody is paired with whoever is gone.
#[test]
fn nobody_is_paired_with_a_mentor_who_is_gone() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let (world, of) = world.offered(mentee, mentor);
    let yes = |side| AcceptMatch { of, side };
    let world = world
        .given(yes(Side::Mentor))
        .on(date(2026, 4, 1))
        .given(ResignAsMentor { mentor })
        .happened(date(2026, 3, 4))
        .given(yes(Side::Mentee));
    world
        .when(FormPairing { matches: vec![of] })
        .then_rejected(Rejection::MentorNotTakingPart { mentor });
}

/// Who decided is recorded, and nothing else: the payload has no place for a reason.
#[test]
fn a_removal_says_who_decided_it_and_not_why() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let remove = |decided_by| RemoveMentor { mentor, decided_by };
    let world = world
        .when(remove(Decider::Operator))
        .then(&["mentor.removed"]);
    let data = world.last().data().expect("it can be written");
    let names: Vec<&String> = data.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["decided_by", "mentor"]);
    world
        .when(remove(Decider::Operator))
        .then_nothing_happens()
        .when(ResignAsMentor { mentor })
        .then_nothing_happens()
        .when(remove(Decider::Commissioner))
        .then(&["mentor.removed"]);
}

/// Z02: a mentor who leaves their post leaves the pairing as it is; it ends only when that is recorded.
#[test]
fn a_pairing_does_not_end_because_its_mentor_left_their_post() {
    let Paired {
        world,
        mentor,
        pairing,
        ..
    } = paired();
    let world = world
        .when(left(mentor, Some(date(2026, 2, 27)), false))
        .then(&["mentor.left-post"]);
    assert!(world.pairing(pairing).is_live());
    let ada = world.scheme.mentor(mentor).expect("known");
    assert!(ada.left_post);
    assert_eq!(ada.presence, Presence::TakesPart);
    let world = world.given(ResignAsMentor { mentor });
    assert!(world.pairing(pairing).is_live());
}

/// R029, Z01: whoever retired lately may mentor on; whoever went on to other work may not.
#[test]
fn leaving_a_post_is_judged_by_whether_they_retired() {
    let standing = |leaving: LeavingPost| {
        let (world, mentor) = ready().ready_mentor("Ada");
        let world = world.given(RecordMentorLeftPost { mentor, leaving });
        world.scheme.mentor(mentor).expect("known").standing
    };
    let leaving = |left_on, retired| LeavingPost { left_on, retired };
    let last_week = Some(date(2026, 2, 23));
    assert_eq!(standing(leaving(last_week, true)), Standing::Eligible);
    assert_eq!(
        standing(leaving(Some(date(2023, 2, 23)), true)),
        Standing::NotEligible
    );
    assert_eq!(standing(leaving(None, true)), Standing::ToBeConfirmed);
    assert_eq!(standing(leaving(last_week, false)), Standing::NotEligible);
}

/// The day somebody left a post names them together with region and kind of employer, so it is not in clear.
#[test]
fn the_day_a_mentor_left_their_post_is_sealed() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let world = world.given(left(mentor, Some(date(2026, 2, 27)), true));
    let Event::MentorLeftPost(event) = world.last() else {
        panic!("{:?}", world.last());
    };
    assert_eq!(event.leaving.subject(), mentor);
    let mut data = world.last().data().expect("it can be written");
    data["leaving"].take();
    assert!(!data.to_string().contains("2026-02-27"));
}

#[test]
fn a_new_post_takes_the_place_of_the_one_that_was_left() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let leave = left(mentor, None, false);
    let world = world
        .given(leave.clone())
        .when(leave.clone())
        .then_nothing_happens()
        .when(InviteMentor {
            person: Some(mentor),
            employer: Some(BRISTOL.into()),
            ..invite("Ada")
        })
        .then(&["mentor.invited"]);
    let ada = world.scheme.mentor(mentor).expect("known");
    assert!(!ada.left_post);
    assert_eq!(ada.standing, Standing::Eligible);
    world.when(leave).then(&["mentor.left-post"]);
}

#[test]
fn what_has_not_happened_yet_and_whom_nobody_knows_is_refused() {
    let (world, mentor) = ready().ready_mentor("Ada");
    let person = stranger();
    let unknown = Rejection::UnknownMentor { person };
    world
        .when(left(mentor, Some(date(2026, 3, 3)), true))
        .then_rejected(Rejection::HappenedInFuture {
            happened_on: date(2026, 3, 3),
            today: date(2026, 3, 2),
        })
        .when(left(person, None, true))
        .then_rejected(unknown.clone())
        .when(ResignAsMentor { mentor: person })
        .then_rejected(unknown.clone())
        .when(ResumeMentor { mentor: person })
        .then_rejected(unknown);
}

fn offer(mentee: PersonId, mentor: PersonId) -> OfferMatches {
    OfferMatches {
        mentee,
        mentors: vec![mentor],
        more_than_usual: false,
    }
}

fn left(mentor: PersonId, left_on: Option<Date>, retired: bool) -> RecordMentorLeftPost {
    RecordMentorLeftPost {
        mentor,
        leaving: LeavingPost { left_on, retired },
    }
}
