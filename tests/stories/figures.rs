//! The register of posts and the measures of the demonstration, counted again from the audit trail by code of its own.

mod measured;

use crate::{
    harness::{Service, records, token},
    recount::vault,
};
use api::dispatch::codec;
use domain::{Event, appointment::FirstPost};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};
use uuid::Uuid;

/// R001: the figures of every new director equal a recount; every post of the register is there, and no more. R310, R311: days
/// to contact and match, and the answers to offers.
#[test]
fn the_figures_of_posts_and_measures_equal_a_recount() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::demo(&data);
    let coordinator = token(&data, &["--role", "coordinator"]);
    let asked = service.ask(
        &coordinator,
        r#"{ scheme(id: "mentor-plus") { today
            all: directorPosts(first: 1) { totalCount }
            unconfirmed: directorPosts(first: 1, only: UNCONFIRMED) { totalCount }
            vacant: directorPosts(first: 10, only: VACANT) { totalCount edges { node { holders { person } formerHolders { person } } } }
            outside: directorPosts(first: 100, only: NEW_HOLDER_OUTSIDE) { totalCount edges { node { holders { inScheme } } } }
            firstTimeDirectors { known { count of because(first: 1) { totalCount } } offered { count of } withMentor { count of } outside { count of } } } }"#,
        serde_json::json!({}),
    );
    let measures = measured::asked(&service, &coordinator);
    service.stop();
    measured::compare(&measures, &records(&data, "mentor-plus"));
    let scheme = &asked["scheme"];
    let register = domain::shipped::register();
    assert_eq!(
        count(&scheme["all"]["totalCount"]),
        register.employers.len()
    );
    let unconfirmed = count(&scheme["unconfirmed"]["totalCount"]);
    assert!(0 < unconfirmed && unconfirmed < register.employers.len());
    assert!(
        count(&scheme["vacant"]["totalCount"]) >= 2,
        "two were told of by telephone"
    );
    let recounted = recount(&data);
    let told = &scheme["firstTimeDirectors"];
    for (name, people) in ["known", "offered", "withMentor", "outside"]
        .iter()
        .zip(&recounted)
    {
        assert_eq!(count(&told[name]["count"]), people.len(), "{name}");
        assert_eq!(count(&told[name]["of"]), recounted[0].len(), "{name}");
    }
    assert!(!recounted[3].is_empty(), "somebody is to be contacted");
    assert!(count(&told["known"]["because"]["totalCount"]) >= recounted[0].len());
    assert!(count(&scheme["outside"]["totalCount"]) >= recounted[3].len());
}

fn count(value: &Value) -> usize {
    let count = value
        .as_u64()
        .unwrap_or_else(|| panic!("{value} is no count"));
    usize::try_from(count).expect("small")
}

/// Everybody in a first post as the opened records tell it: known, offered, with a mentor, taking no part.
fn recount(data: &Path) -> [BTreeSet<Uuid>; 4] {
    let vault = vault(data);
    let mut first: BTreeMap<Uuid, (Uuid, bool)> = BTreeMap::new();
    let (mut offered, mut paired, mut people) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let is_first = |said: Option<FirstPost>| said == Some(FirstPost::Yes);
    for record in records(data, "mentor-plus") {
        let event = codec::understand(&record, &vault)
            .expect("understood")
            .event;
        match event {
            Event::AppointmentNotified(told) => {
                people.insert(told.person.0);
                let said = told.facts.open().and_then(|facts| facts.first_post);
                first.insert(told.appointment.0, (told.person.0, is_first(said)));
            }
            Event::AppointmentAmended(told) => {
                let said = told.facts.open().and_then(|facts| facts.first_post);
                let entry = first.entry(told.appointment.0).or_default();
                entry.1 = is_first(said);
            }
            Event::PersonLinked(linked) => {
                people.insert(linked.person.0);
                first.entry(linked.appointment.0).or_default().0 = linked.person.0;
            }
            Event::PersonUnlinked(linked) => {
                first.entry(linked.appointment.0).or_default().0 = linked.person.0;
            }
            Event::PostConfirmed(told) => {
                let said = told.facts.open().and_then(|facts| facts.first_post);
                first.insert(told.holding.0, (told.person.0, is_first(said)));
            }
            Event::PairingBroughtForward(told) => {
                people.insert(told.mentee.0);
                paired.insert(told.mentee.0);
                offered.insert(told.mentee.0);
                let said = told.facts.open().and_then(|facts| facts.first_post);
                first.insert(told.pairing.0, (told.mentee.0, is_first(said)));
            }
            Event::MentoringOffered(told) => drop(offered.insert(told.mentee.0)),
            Event::PairingFormed(told) => paired.extend(told.mentees.iter().map(|one| one.0)),
            Event::MentorInvited(told) => drop(people.insert(told.mentor.0)),
            Event::MentorBroughtForward(told) => drop(people.insert(told.mentor.0)),
            _ => {}
        }
    }
    let known: BTreeSet<Uuid> = first
        .into_values()
        .filter(|(_, is_first)| *is_first)
        .map(|(person, _)| person)
        .collect();
    let of = |others: &BTreeSet<Uuid>| known.intersection(others).copied().collect();
    let outside = known.difference(&people).copied().collect();
    [known.clone(), of(&offered), of(&paired), outside]
}
