//! Days and answers, counted from the clear part of the records alone, as an auditor can who holds no key.

use crate::harness::Service;
use event_log::Record;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What the service answers.
pub fn asked(service: &Service, token: &str) -> Value {
    let days = "{ count of median least most }";
    let ask = format!(
        "{{ scheme(id: \"mentor-plus\") {{ measures {{ daysToContact {days} daysToMatch {days}
           tookUp {{ count of }} declined {{ count of }} unanswered {{ count of }} }} }} }}"
    );
    service.ask(token, &ask, json!({}))["scheme"]["measures"].take()
}

/// Compares it with what the records tell.
pub fn compare(answered: &Value, records: &[Record]) {
    let mut trail = Trail::default();
    for record in records {
        trail.take(record);
    }
    let offers = |wanted: &str| {
        trail
            .offers
            .values()
            .filter(|state| **state == wanted)
            .count()
    };
    for (name, state) in [
        ("tookUp", "accepted"),
        ("declined", "declined"),
        ("unanswered", "open"),
    ] {
        let expected = json!({ "count": offers(state), "of": trail.offers.len() });
        assert_eq!(answered[name], expected, "{name}");
    }
    let entitled = trail.noticed_where(|trail, person, appointments| {
        appointments.iter().any(|one| trail.eligible.contains(one)) && !person.is_empty()
    });
    assert_eq!(
        answered["daysToContact"],
        spread(&entitled, &trail.reached),
        "days to contact"
    );
    let accepted = trail
        .noticed_where(|trail, person, _| trail.offers.get(person).copied() == Some("accepted"));
    assert_eq!(
        answered["daysToMatch"],
        spread(&accepted, &trail.paired),
        "days to match"
    );
}

/// What the trail tells of each person.
#[derive(Default)]
struct Trail {
    /// Whose each appointment is, and when it was notified.
    notices: BTreeMap<String, (String, Date)>,
    eligible: BTreeSet<String>,
    reached: BTreeMap<String, Date>,
    paired: BTreeMap<String, Date>,
    offers: BTreeMap<String, &'static str>,
}

impl Trail {
    fn take(&mut self, record: &Record) {
        let on: Date = record.happened_on.parse().expect("a day");
        let data = &record.data;
        let text = |name: &str| data[name].as_str().expect("a text").to_owned();
        match record.kind.as_str() {
            "appointment.notified" => {
                self.notices
                    .insert(text("appointment"), (text("person"), on));
            }
            "person.linked" | "person.unlinked" => {
                let notice = self
                    .notices
                    .get_mut(&text("appointment"))
                    .expect("notified");
                notice.0 = text("person");
            }
            "eligibility.judged" => {
                if data["verdict"] == "eligible" {
                    self.eligible.insert(text("appointment"));
                } else {
                    self.eligible.remove(&text("appointment"));
                }
            }
            "contact.made" if data["outcome"] == "reached" => {
                first(&mut self.reached, text("mentee"), on);
            }
            "mentoring.offered" => drop(self.offers.insert(text("mentee"), "open")),
            "mentoring.accepted" => drop(self.offers.insert(text("mentee"), "accepted")),
            "mentoring.declined" => drop(self.offers.insert(text("mentee"), "declined")),
            "pairing.formed" => {
                for mentee in data["mentees"].as_array().expect("mentees") {
                    first(
                        &mut self.paired,
                        mentee.as_str().expect("an id").to_owned(),
                        on,
                    );
                }
            }
            "pairing.brought-forward" => {
                let formed_on: Date = text("formed_on").parse().expect("a day");
                first(&mut self.paired, text("mentee"), formed_on);
                self.offers.insert(text("mentee"), "accepted");
            }
            _ => {}
        }
    }

    /// The first notice of everybody who is meant.
    fn noticed_where(
        &self,
        is_meant: impl Fn(&Self, &str, &[String]) -> bool,
    ) -> BTreeMap<String, Date> {
        let mut people: BTreeMap<String, (Date, Vec<String>)> = BTreeMap::new();
        for (appointment, (person, on)) in &self.notices {
            let known = people.entry(person.clone()).or_insert((*on, Vec::new()));
            known.0 = known.0.min(*on);
            known.1.push(appointment.clone());
        }
        let meant = people
            .into_iter()
            .filter(|(person, (_, appointments))| is_meant(self, person, appointments));
        meant.map(|(person, (on, _))| (person, on)).collect()
    }
}

fn first(days: &mut BTreeMap<String, Date>, person: String, on: Date) {
    let known = days.entry(person).or_insert(on);
    *known = (*known).min(on);
}

/// Days from the notice to whatever it was, as the service spells them.
fn spread(from: &BTreeMap<String, Date>, until: &BTreeMap<String, Date>) -> Value {
    let days = from
        .iter()
        .filter_map(|(person, on)| Some((*until.get(person)? - *on).get_days()));
    let mut days: Vec<i32> = days.collect();
    days.sort_unstable();
    let middle = [days[(days.len() - 1) / 2], days[days.len() / 2]];
    let median = f64::from(middle[0] + middle[1]) / 2.0;
    json!({ "count": days.len(), "of": from.len(), "median": median, "least": days[0], "most": days[days.len() - 1] })
}
