use super::{AnnounceDevelopment, OpportunityKind, Recipients, SendDevelopmentNews};
use crate::{
    Channel, Event, Particulars, Rejection,
    identifiers::{OpportunityId, PersonId},
    mentor::ResignAsMentor,
    pairing::ConcludePairing,
    spec::{Paired, World, invite, paired, ready, stranger},
};
use jiff::civil::date;

/// R126: both sides are sent news; whoever is not in the scheme any more, or not yet, is not.
#[test]
fn news_for_everybody_goes_to_mentors_and_mentees() {
    let (world, ada, mentee, opportunity) = announced();
    let (world, gone) = world.ready_mentor("Ben");
    let world = world
        .given(ResignAsMentor { mentor: gone })
        .given(invite("Cleo"));
    let (world, _undecided) = world.eligible_mentee("2");
    let world = sent(world, opportunity, Recipients::Everybody);
    assert_eq!(people_of(&world), sorted([ada, mentee]));
    let world = sent(world.on(date(2026, 3, 3)), opportunity, Recipients::Mentors);
    assert_eq!(people_of(&world), [ada]);
    let world = sent(world.on(date(2026, 3, 4)), opportunity, Recipients::Mentees);
    assert_eq!(people_of(&world), [mentee]);
}

/// R125: what was picked for a mentee goes to their mentor, at any time; the record says for whom it was picked.
#[test]
fn what_is_picked_for_a_mentee_goes_to_their_mentor() {
    let Paired {
        world,
        mentor,
        mentee,
        ..
    } = paired();
    let (world, _other) = world.ready_mentor("Ben");
    let world = world.given(a_course());
    let opportunity = world.made("opportunity");
    let world = sent(world, opportunity, Recipients::MentorOf(mentee));
    assert_eq!(people_of(&world), [mentor]);
    let news = world.scheme.development.received_by(mentor);
    assert_eq!(news[0].picked_for, Some(mentee));
    assert_eq!(world.scheme.development.received_by(mentee), []);
    let world = sent(world, opportunity, Recipients::Mentee(mentee));
    assert_eq!(people_of(&world), [mentee]);
}

/// R125: whoever has no mentor yet has nobody through whom to send.
#[test]
fn there_is_no_mentor_to_send_through_before_there_is_a_pairing() {
    let (world, _, mentee, opportunity) = announced();
    world
        .heard(Channel::Email)
        .when(SendDevelopmentNews {
            opportunity,
            to: Recipients::MentorOf(mentee),
        })
        .then_rejected(Rejection::NoMentor { person: mentee });
}

/// R023: each side is due news throughout the pairing, so many months after the last; the months are the policy's.
#[test]
fn news_falls_due_again_throughout_a_pairing() {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let rule = crate::spec::policy().work_list;
    let due = |world: &World, person: PersonId| {
        let development = &world.scheme.development;
        development.news_due(world.pairing(pairing), person, &rule)
    };
    assert_eq!(rule.development_news_months, 3);
    assert_eq!(due(&world, mentor), date(2026, 6, 2));
    let world = world.on(date(2026, 5, 20)).given(a_course());
    let opportunity = world.made("opportunity");
    let world = sent(world, opportunity, Recipients::Mentees);
    assert_eq!(due(&world, mentee), date(2026, 8, 20));
    assert_eq!(due(&world, mentor), date(2026, 6, 2));
}

/// R071: what was sent to the same people on the same day in the same way was sent once; on another day, again.
#[test]
fn the_same_news_of_the_same_day_is_sent_once() {
    let (world, ada, _, opportunity) = announced();
    let world = sent(world, opportunity, Recipients::Mentors);
    let again = SendDevelopmentNews {
        opportunity,
        to: Recipients::Mentors,
    };
    let world = world
        .heard(Channel::Email)
        .when(again.clone())
        .then_nothing_happens();
    let everybody = sent(world.clone(), opportunity, Recipients::Everybody);
    assert!(!people_of(&everybody).contains(&ada), "she has it already");
    world
        .on(date(2026, 3, 9))
        .heard(Channel::Email)
        .when(again)
        .then(&["development-news.sent"]);
}

/// R126: mentoring that is over is no reason to go on writing.
#[test]
fn whose_mentoring_is_over_is_sent_nothing_more() {
    let Paired {
        world,
        mentee,
        pairing,
        ..
    } = paired();
    let world = world.given(ConcludePairing { pairing }).given(a_course());
    let opportunity = world.made("opportunity");
    let world = world
        .heard(Channel::Email)
        .when(SendDevelopmentNews {
            opportunity,
            to: Recipients::Mentees,
        })
        .then_rejected(Rejection::NobodyToSendTo);
    assert_eq!(world.scheme.development.last_news(mentee), None);
}

#[test]
fn nothing_is_sent_to_whoever_was_forgotten() {
    let (mut world, _, _, opportunity) = announced();
    world.particulars = Particulars::default();
    world
        .heard(Channel::Email)
        .when(SendDevelopmentNews {
            opportunity,
            to: Recipients::Everybody,
        })
        .then_rejected(Rejection::NobodyToSendTo);
}

#[test]
fn how_news_was_sent_is_said() {
    let (world, _, _, opportunity) = announced();
    let send = SendDevelopmentNews {
        opportunity,
        to: Recipients::Everybody,
    };
    world.when(send).then_rejected(Rejection::ChannelMissing);
}

#[test]
fn an_opportunity_is_announced_once_and_may_be_put_right() {
    let world = ready().given(a_course());
    let opportunity: OpportunityId = world.made("opportunity");
    let moved = AnnounceDevelopment {
        opportunity: Some(opportunity),
        on: Some(date(2026, 6, 9)),
        ..a_course()
    };
    let world = world
        .when(a_course())
        .then_nothing_happens()
        .when(moved.clone())
        .then(&["development.announced"])
        .when(moved)
        .then_nothing_happens();
    let all = &world.scheme.development.opportunities;
    assert_eq!(all.size(), 1);
    assert_eq!(all[&opportunity].on, Some(date(2026, 6, 9)));
}

#[test]
fn what_stands_in_clear_is_short_and_holds_no_address() {
    let course = |title: &str, place: &str| AnnounceDevelopment {
        title: title.to_owned(),
        place: Some(place.to_owned()),
        ..a_course()
    };
    let refused = |title: &str, place: &str| {
        let answer = ready().when(course(title, place));
        answer.outcome.expect_err("it is refused").code()
    };
    assert_eq!(refused(" ", "Leeds"), "empty");
    assert_eq!(refused(&"x".repeat(201), "Leeds"), "too_long");
    assert_eq!(refused("A course", &"x".repeat(501)), "too_long");
    assert_eq!(
        refused("A course", "ask ada@council.example"),
        "address_given"
    );
    assert_eq!(
        refused("With ada@council.example", "Leeds"),
        "address_given"
    );
}

#[test]
fn an_opportunity_nobody_announced_is_unknown() {
    let unknown: OpportunityId = stranger();
    let correct = AnnounceDevelopment {
        opportunity: Some(unknown),
        ..a_course()
    };
    let rejection = Rejection::UnknownOpportunity {
        opportunity: unknown,
    };
    ready().when(correct).then_rejected(rejection);
}

fn a_course() -> AnnounceDevelopment {
    AnnounceDevelopment {
        opportunity: None,
        title: "Leading through inspection".to_owned(),
        kind: OpportunityKind::ShortProgramme,
        on: Some(date(2026, 6, 2)),
        place: Some("https://college.example/inspection".to_owned()),
    }
}

/// A mentor, a mentee who accepted, and a course.
fn announced() -> (World, PersonId, PersonId, OpportunityId) {
    let (world, mentor) = ready().ready_mentor("Ada");
    let (world, mentee) = world.accepted_mentee("1");
    let world = world.given(a_course());
    let opportunity = world.made("opportunity");
    (world, mentor, mentee, opportunity)
}

#[track_caller]
fn sent(world: World, opportunity: OpportunityId, to: Recipients) -> World {
    world
        .heard(Channel::Email)
        .given(SendDevelopmentNews { opportunity, to })
}

/// Everybody who was sent the last news.
fn people_of(world: &World) -> Vec<PersonId> {
    match world.last() {
        Event::DevelopmentNewsSent(sent) => sent.people.clone(),
        other => panic!("{other:?} is no news"),
    }
}

fn sorted<const N: usize>(mut people: [PersonId; N]) -> [PersonId; N] {
    people.sort_unstable();
    people
}
