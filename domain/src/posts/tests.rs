use super::{ConfirmPost, Holder, PostHolder, holders};
use crate::{
    Event, Party, Rejection,
    appointment::{FirstPost, NotifyAppointment, Source},
    identifiers::PersonId,
    mentor::{InviteMentor, LeavingPost, PersonDetails, RecordMentorLeftPost},
    policy::Basis,
    spec::{BIRMINGHAM, BIRMINGHAM_TRUST, BRISTOL, World, called, invite, notice, ready, stranger},
};
use jiff::civil::date;

const DIRECTOR: &str = "director-of-childrens-services";
const DORSET_COUNTY: &str = "E10000009";

/// R001: whoever takes up a post is to be known, also somebody of whom the scheme has only heard.
#[test]
fn somebody_the_scheme_has_only_heard_of_holds_a_post() {
    let world = ready()
        .on_the_word_of(Party::Press)
        .when(confirmed(BRISTOL, &["Mary"]))
        .then(&["post.confirmed"]);
    let [mary] = &*held(&world, BRISTOL) else {
        panic!("one holder");
    };
    assert!(mary.holds && !mary.is_nobody);
    assert_eq!(mary.confirmed_on, world.today);
    assert_eq!(mary.source, Some(Source::Press));
    assert!(!world.scheme.takes_part(mary.person));
    let name = world.particulars.details(mary.person);
    assert_eq!(name.and_then(|known| known.name.as_deref()), Some("Mary"));
}

/// R001: the notice that comes later can say that it is about them.
#[test]
fn somebody_heard_of_becomes_a_mentee_by_a_notice_that_names_them() {
    let world = ready().given(confirmed(BRISTOL, &["Mary"]));
    let person = held(&world, BRISTOL)[0].person;
    let world = world
        .when(NotifyAppointment {
            person: Some(person),
            ..notice("7")
        })
        .then(&["appointment.notified", "eligibility.judged"]);
    assert!(world.scheme.takes_part(person));
    let [mary] = &*held(&world, BRISTOL) else {
        panic!("one holder");
    };
    assert_eq!((mary.person, mary.told.len()), (person, 2));
    assert_eq!(mary.first_post, Some(FirstPost::Yes));
}

/// R077: a notice tells who holds a post, and since when the scheme knows.
#[test]
fn a_notice_is_a_confirmation() {
    let (world, mentee) = ready().eligible_mentee("1");
    let [holder] = &*held(&world, BRISTOL) else {
        panic!("one holder");
    };
    assert_eq!((holder.person, holder.holds), (mentee, true));
    assert_eq!(holder.confirmed_on, date(2026, 3, 2));
    let world = world.on(date(2026, 5, 5)).given(NotifyAppointment {
        basis: Some(Basis::Interim),
        ..notice("1")
    });
    let [holder] = &*held(&world, BRISTOL) else {
        panic!("one holder");
    };
    assert_eq!(holder.confirmed_on, date(2026, 5, 5));
    assert_eq!(holder.known_since, date(2026, 3, 2));
    assert_eq!(holder.basis, Some(Basis::Interim));
}

#[test]
fn a_last_day_in_post_that_has_passed_vacates_it() {
    let world = ready().given(NotifyAppointment {
        ends_on: Some(date(2026, 6, 30)),
        ..notice("1")
    });
    let world = world.on(date(2026, 6, 30));
    assert!(held(&world, BRISTOL)[0].holds);
    let world = world.on(date(2026, 7, 1));
    assert!(!held(&world, BRISTOL)[0].holds);
}

/// R001: confirmed anew, the register follows; confirmed again the same day, nothing is added.
#[test]
fn a_confirmation_is_worth_recording_once_a_day() {
    let mary = confirmed(BRISTOL, &["Mary"]);
    ready()
        .given(mary.clone())
        .when(mary.clone())
        .then_nothing_happens()
        .when(ConfirmPost {
            source: Source::Coordinator,
            ..mary.clone()
        })
        .then(&["post.confirmed"])
        .on(date(2026, 9, 1))
        .when(mary)
        .then(&["post.confirmed"]);
}

/// R001: whoever has left holds the post no longer.
#[test]
fn a_confirmation_names_everybody_so_whoever_is_not_named_has_left() {
    let (world, mentee) = ready().eligible_mentee("1");
    let world = world
        .when(confirmed(BRISTOL, &["Mary"]))
        .then(&["post.confirmed", "post.vacated"]);
    let who = |world: &World| {
        let all = held(world, BRISTOL);
        let holding = all.into_iter().filter(|holder| holder.holds);
        holding.map(|holder| holder.person).collect::<Vec<_>>()
    };
    assert!(!who(&world).contains(&mentee));
    let world = world
        .when(ConfirmPost {
            holders: vec![],
            ..confirmed(BRISTOL, &[])
        })
        .then(&["post.vacated"]);
    assert_eq!(who(&world), []);
}

/// R001: an interim beside a substantive holder, and one director for two councils.
#[test]
fn two_people_may_hold_one_post_and_one_person_two() {
    let world = ready().given(confirmed(BRISTOL, &["Mary", "Noor"]));
    let both = held(&world, BRISTOL);
    assert_eq!(both.iter().filter(|holder| holder.holds).count(), 2);
    let shared = ConfirmPost {
        holders: vec![PostHolder {
            person: Some(both[0].person),
            ..PostHolder::default()
        }],
        ..confirmed(BIRMINGHAM, &[])
    };
    let world = world.when(shared).then(&["post.confirmed"]);
    assert_eq!(held(&world, BIRMINGHAM)[0].person, both[0].person);
    let still = held(&world, BRISTOL);
    assert_eq!(still.iter().filter(|holder| holder.holds).count(), 2);
}

#[test]
fn whoever_is_named_in_two_ways_is_one_holder() {
    let world = ready()
        .when(confirmed(BRISTOL, &["Mary  Jones", "mary jones"]))
        .then(&["post.confirmed"])
        .on(date(2026, 4, 1))
        .when(confirmed(BRISTOL, &["MARY JONES"]))
        .then(&["post.confirmed"]);
    let holding = held(&world, BRISTOL);
    assert_eq!(holding.iter().filter(|holder| holder.holds).count(), 1);
}

/// R001: somebody is put right to be called Mary, and another is called what they were called.
#[test]
fn whoever_is_renamed_is_not_taken_for_the_one_who_has_their_name_now() {
    let world = ready().given(confirmed(BRISTOL, &["Noor"]));
    let renamed = held(&world, BRISTOL)[0].person;
    let mut both = confirmed(BRISTOL, &["Mary", "Noor"]);
    both.holders[0].person = Some(renamed);
    let world = world
        .when(both.clone())
        .then(&["post.confirmed", "post.confirmed"]);
    assert_eq!(held(&world, BRISTOL).len(), 2);
    world.when(both).then_nothing_happens();
}

/// R001: that nobody holds a post is known too, and confirmed like a holder.
#[test]
fn a_vacancy_is_confirmed_also_where_nobody_was_ever_heard_of() {
    let vacant = confirmed(BRISTOL, &[]);
    let world = ready()
        .when(vacant.clone())
        .then(&["post.vacated"])
        .when(vacant.clone())
        .then_nothing_happens();
    let [nobody] = &*held(&world, BRISTOL) else {
        panic!("one entry");
    };
    assert!(nobody.is_nobody && !nobody.holds);
    assert!(!world.scheme.knows(nobody.person), "it stands for nobody");
    let world = world
        .on(date(2026, 9, 1))
        .when(vacant)
        .then(&["post.vacated"]);
    assert_eq!(held(&world, BRISTOL)[0].confirmed_on, date(2026, 9, 1));
}

/// R001: what is told late changes nothing that was confirmed since.
#[test]
fn what_is_told_of_an_earlier_day_takes_nobody_out_of_a_post() {
    let (world, mentee) = ready().eligible_mentee("1");
    let world = world
        .happened(date(2026, 1, 5))
        .when(confirmed(BRISTOL, &["Mary"]))
        .then(&["post.confirmed"])
        .happened(date(2026, 1, 5))
        .when(confirmed(BRISTOL, &["Mary"]))
        .then_nothing_happens();
    let all = held(&world, BRISTOL);
    let holder = all.iter().find(|holder| holder.person == mentee);
    assert!(holder.expect("known").holds);
}

/// Z02: a mentor who leaves their post vacates it.
#[test]
fn a_mentor_who_leaves_vacates_the_post_they_were_confirmed_in() {
    let world = ready().given(confirmed(BIRMINGHAM, &["Ada"]));
    let person = held(&world, BIRMINGHAM)[0].person;
    let world = world.given(InviteMentor {
        person: Some(person),
        ..invite("Ada")
    });
    let left = RecordMentorLeftPost {
        mentor: person,
        leaving: LeavingPost {
            left_on: None,
            retired: true,
        },
    };
    let world = world
        .when(left.clone())
        .then(&["mentor.left-post", "post.vacated"])
        .when(left)
        .then_nothing_happens();
    assert!(!held(&world, BIRMINGHAM)[0].holds);
}

#[test]
fn a_post_is_one_the_employer_has_and_its_holder_has_a_name() {
    let mary = confirmed(BRISTOL, &["Mary"]);
    let chief = || ConfirmPost {
        post: Some("Chief Executive".to_owned()),
        ..mary.clone()
    };
    ready()
        .when(ConfirmPost {
            employer: "E99".into(),
            ..mary.clone()
        })
        .then_rejected(Rejection::UnknownEmployer {
            employer: "E99".into(),
        })
        .when(chief())
        .then_rejected(Rejection::PostNotOfEmployer {
            post: "trust-chief-executive".to_owned(),
            employer: BRISTOL.into(),
        })
        .when(ConfirmPost {
            post: Some("Mayor".to_owned()),
            ..mary.clone()
        })
        .then_rejected(Rejection::NotOfThisScheme)
        .when(ConfirmPost {
            holders: vec![PostHolder::default()],
            ..mary.clone()
        })
        .then_rejected(Rejection::Empty { what: "the name" })
        .when(ConfirmPost {
            holders: vec![PostHolder {
                person: Some(stranger()),
                ..PostHolder::default()
            }],
            ..mary.clone()
        })
        .then_rejected(Rejection::UnknownPerson { person: stranger() })
        .when(confirmed(DORSET_COUNTY, &["Mary"]))
        .then_rejected(Rejection::EmployerNotThere {
            employer: DORSET_COUNTY.into(),
            day: date(2026, 3, 2),
            successors: "E06000058, E06000059".to_owned(),
        })
        .when(ConfirmPost {
            employer: BIRMINGHAM_TRUST.into(),
            ..chief()
        })
        .then(&["post.confirmed"]);
}

/// Council and post name a person: neither stands in clear in what is recorded.
#[test]
fn nothing_of_a_post_stands_in_clear() {
    let (world, _) = ready().eligible_mentee("1");
    let world = world
        .given(confirmed(BRISTOL, &["Mary"]))
        .given(confirmed(BRISTOL, &[]));
    for recorded in &world.history {
        let (Event::PostConfirmed(_) | Event::PostVacated(_)) = &recorded.event else {
            continue;
        };
        let mut data = recorded.event.data().expect("it can be written");
        let members = data.as_object_mut().expect("an object");
        members.retain(|_, value| value.get("$sealed").is_none());
        let clear = data.to_string();
        for telling in [BRISTOL, DIRECTOR, "Mary"] {
            assert!(!clear.contains(telling), "{clear}");
        }
    }
}

fn held(world: &World, employer: &str) -> Vec<Holder> {
    let mut all = holders(&world.scheme, &world.particulars, world.today);
    let key = (employer.into(), DIRECTOR.to_owned());
    all.remove(&key).unwrap_or_default()
}

fn confirmed(employer: &str, names: &[&str]) -> ConfirmPost {
    let holder = |name: &&str| PostHolder {
        details: called(name),
        ..PostHolder::default()
    };
    ConfirmPost {
        employer: employer.into(),
        post: None,
        source: Source::Press,
        holders: names.iter().map(holder).collect(),
    }
}

/// A name is all that is needed of somebody new.
#[test]
fn of_a_known_person_no_details_are_needed() {
    let (world, person): (World, PersonId) = ready().eligible_mentee("1");
    let world = world
        .on(date(2026, 4, 7))
        .when(ConfirmPost {
            holders: vec![PostHolder {
                person: Some(person),
                details: PersonDetails::default(),
                ..PostHolder::default()
            }],
            ..confirmed(BRISTOL, &[])
        })
        .then(&["post.confirmed"]);
    let name = world.particulars.details(person);
    let name = name.and_then(|known| known.name.as_deref());
    assert_eq!(name, Some("Number 1"), "what was known stays");
}
