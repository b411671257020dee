//! The counting itself, from nothing but the clear part of records.

use event_log::Record;
use jiff::{ToSpan as _, civil::Date};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const SESSIONS: u16 = 4;
const MONTHS: i32 = 12;

#[derive(Default)]
pub struct Recount {
    people: BTreeMap<String, Person>,
    verdicts: BTreeMap<String, String>,
    matches: BTreeMap<String, Offered>,
    pairings: BTreeMap<String, Pair>,
    /// The days on which each person was sent news of development.
    news: BTreeMap<String, Vec<Date>>,
    /// The messages each person was sent.
    messages: BTreeMap<String, usize>,
}

#[derive(Default)]
struct Person {
    appointments: Vec<String>,
    reached: bool,
    offer: &'static str,
    starts_on: Option<Date>,
    matches: Vec<String>,
    pairings: Vec<String>,
    forgotten: bool,
}

#[derive(Default)]
struct Offered {
    yes: Vec<String>,
    over: bool,
}

#[derive(Default)]
struct Pair {
    mentees: Vec<String>,
    formed_on: Option<Date>,
    first_session: Option<Date>,
    by_mentor: u16,
    by_mentee: u16,
    before: u16,
    told: bool,
    broken_on: Option<Date>,
    judged: Option<String>,
    over: bool,
    ended_on: Option<Date>,
    /// From when to when it rested; without an end while it does.
    pauses: Vec<(Date, Option<Date>)>,
    reports_out: BTreeMap<String, bool>,
}

impl Pair {
    fn used(&self) -> u16 {
        self.before.max(self.by_mentor).max(self.by_mentee)
    }

    fn rests(&self) -> bool {
        self.ended_on.is_none() && self.pauses.iter().any(|(_, until)| until.is_none())
    }

    fn ends_mentoring(&self) -> bool {
        self.over || self.judged.as_deref() == Some("end")
    }

    fn count(&mut self, side: &Value) -> &mut u16 {
        if side == "mentor" {
            &mut self.by_mentor
        } else {
            &mut self.by_mentee
        }
    }
}

/// `ToConfirm` as the API spells it.
pub fn spelled(name: &str) -> String {
    let mut spelled = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            spelled.push('_');
        }
        spelled.extend(letter.to_uppercase());
    }
    spelled
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

impl Recount {
    pub fn take(&mut self, record: &Record) {
        let data = &record.data;
        let on: Date = record.happened_on.parse().expect("a day");
        match record.kind.as_str() {
            "appointment.notified" => {
                self.person(&data["person"])
                    .appointments
                    .push(text(&data["appointment"]));
            }
            "person.linked" | "person.unlinked" => {
                let appointment = text(&data["appointment"]);
                self.person(&data["previous"])
                    .appointments
                    .retain(|other| *other != appointment);
                self.person(&data["person"]).appointments.push(appointment);
            }
            "eligibility.judged" => {
                self.verdicts
                    .insert(text(&data["appointment"]), text(&data["verdict"]));
            }
            "contact.made" if data["outcome"] == "reached" => {
                self.person(&data["mentee"]).reached = true;
            }
            "development-news.sent" => {
                for person in data["people"].as_array().expect("a list") {
                    self.news.entry(text(person)).or_default().push(on);
                }
            }
            "message.sent" => *self.messages.entry(text(&data["person"])).or_default() += 1,
            "mentoring.offered" => self.person(&data["mentee"]).offer = "open",
            "mentoring.accepted" => self.person(&data["mentee"]).offer = "accepted",
            "mentoring.declined" => self.person(&data["mentee"]).offer = "declined",
            "start.agreed" => {
                self.person(&data["mentee"]).starts_on = text(&data["starts_on"]).parse().ok();
            }
            "match.offered" => {
                self.person(&data["mentee"])
                    .matches
                    .push(text(&data["match"]));
                self.matches
                    .insert(text(&data["match"]), Offered::default());
            }
            "match.accepted" => {
                let side = text(&data["side"]);
                self.matches
                    .get_mut(data["match"].as_str().expect("an id"))
                    .expect("offered before")
                    .yes
                    .push(side);
            }
            "match.declined" | "match.lapsed" | "match.released" | "match.withdrawn" => {
                self.close(&data["match"]);
            }
            _ => self.take_pairing(record, on),
        }
    }

    fn take_pairing(&mut self, record: &Record, on: Date) {
        let data = &record.data;
        match record.kind.as_str() {
            "pairing.formed" => {
                for of in data["matches"].as_array().expect("a list") {
                    self.close(of);
                }
                let mentees: Vec<String> = data["mentees"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .map(text)
                    .collect();
                self.begin(
                    &data["pairing"],
                    Pair {
                        mentees,
                        formed_on: Some(on),
                        ..Pair::default()
                    },
                );
            }
            "pairing.brought-forward" => {
                let person = self.person(&data["mentee"]);
                person.offer = "accepted";
                person.starts_on = data["starts_on"]
                    .as_str()
                    .and_then(|day| day.parse().ok())
                    .or(person.starts_on);
                let before = u16::try_from(data["sessions_used"].as_u64().expect("a number"))
                    .expect("small");
                let formed_on: Date = text(&data["formed_on"]).parse().expect("a day");
                let first_session = (before > 0).then_some(formed_on);
                let mentees = vec![text(&data["mentee"])];
                self.begin(
                    &data["pairing"],
                    Pair {
                        mentees,
                        formed_on: Some(formed_on),
                        before,
                        by_mentor: before,
                        by_mentee: before,
                        first_session,
                        ..Pair::default()
                    },
                );
            }
            "session.held" => {
                let pair = self.pair(&data["pairing"]);
                *pair.count(&data["counted_by"]) += 1;
                pair.first_session = Some(pair.first_session.map_or(on, |first| first.min(on)));
            }
            "sessions.counted" => {
                let count =
                    u16::try_from(data["count"].as_u64().expect("a number")).expect("small");
                *self.pair(&data["pairing"]).count(&data["counted_by"]) = count;
            }
            "meetings.reached" => {
                let count =
                    u16::try_from(data["count"].as_u64().expect("a number")).expect("small");
                let pair = self.pair(&data["pairing"]);
                pair.told = true;
                pair.by_mentor = pair.by_mentor.max(count);
            }
            "record.taken-back" => self.take_back(&data["told"]),
            "pairing.broken" => {
                let pair = self.pair(&data["pairing"]);
                pair.broken_on = Some(on);
                pair.ended_on = Some(on);
            }
            "pairing.paused" => self.pair(&data["pairing"]).pauses.push((on, None)),
            "pairing.resumed" => {
                let pauses = &mut self.pair(&data["pairing"]).pauses;
                pauses.last_mut().expect("paused before").1 = Some(on);
            }
            "replacement.judged" => {
                self.pair(&data["pairing"]).judged = Some(text(&data["judgement"]));
            }
            "pairing.concluded" | "pairing.withdrawn" => {
                let pair = self.pair(&data["pairing"]);
                pair.over = true;
                pair.ended_on = Some(on);
            }
            "erasure.decided" => self.forget(&data["people"]),
            "evaluation.requested" => {
                self.pair(&data["pairing"])
                    .reports_out
                    .entry(text(&data["person"]))
                    .or_insert(true);
            }
            "evaluation.filed" | "evaluation.waived" => {
                self.pair(&data["pairing"])
                    .reports_out
                    .insert(text(&data["person"]), false);
            }
            _ => {}
        }
    }

    /// Of what the demonstration takes back: a breakdown, a no to mentoring. An attempt that nobody answered and what
    /// somebody said of how it goes are counted nowhere here.
    fn take_back(&mut self, told: &Value) {
        let what = told.as_object().and_then(|told| told.iter().next());
        let (what, about) = what.expect("something is taken back");
        match what.as_str() {
            "breakdown" => {
                let pair = self.pair(&about["pairing"]);
                (pair.broken_on, pair.ended_on) = (None, None);
            }
            "mentoring-declined" => self.person(&about["mentee"]).offer = "open",
            "contact-attempt" | "check-in" => {}
            other => panic!("{other} is not counted back"),
        }
    }

    fn forget(&mut self, people: &Value) {
        for person in people.as_array().expect("a list") {
            if let Some(person) = self.people.get_mut(&text(person)) {
                person.forgotten = true;
            }
        }
    }

    fn person(&mut self, id: &Value) -> &mut Person {
        self.people.entry(text(id)).or_default()
    }

    fn pair(&mut self, id: &Value) -> &mut Pair {
        self.pairings
            .get_mut(id.as_str().expect("an id"))
            .expect("formed before")
    }

    fn begin(&mut self, id: &Value, pair: Pair) {
        for mentee in &pair.mentees {
            self.people
                .entry(mentee.clone())
                .or_default()
                .pairings
                .push(text(id));
        }
        self.pairings.insert(text(id), pair);
    }

    fn close(&mut self, id: &Value) {
        self.matches
            .get_mut(id.as_str().expect("an id"))
            .expect("offered before")
            .over = true;
    }

    /// How many people are at each stage; stages with nobody are left out.
    pub fn stages(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for person in self.people.values() {
            *counts.entry(self.stage(person).to_owned()).or_default() += 1;
        }
        counts
    }

    fn stage(&self, person: &Person) -> &'static str {
        if person.forgotten {
            return "ERASED";
        }
        if let Some(pair) = person.pairings.last().map(|id| &self.pairings[id]) {
            let out = pair.reports_out.values().any(|out| *out);
            let over = if out { "EVALUATING" } else { "ENDED" };
            match (&pair.broken_on, pair.judged.as_deref()) {
                (Some(_), None) => return "BROKEN_DOWN",
                (Some(_), Some("end")) => return over,
                (Some(_), Some(_)) => {}
                (None, _) if pair.over || pair.told => return over,
                (None, _) if pair.rests() => return "PAUSED",
                (None, _) => return "PAIRED",
            }
        }
        match person.offer {
            "accepted" => {
                let open: Vec<&Offered> = person
                    .matches
                    .iter()
                    .map(|id| &self.matches[id])
                    .filter(|offered| !offered.over)
                    .collect();
                if open.is_empty() {
                    "TO_MATCH"
                } else if open.iter().any(|offered| offered.yes.len() == 2) {
                    "TO_FORM"
                } else {
                    "MATCHING"
                }
            }
            "declined" => "DECLINED",
            "open" => "OFFERED",
            _ => self.stage_before_offer(person),
        }
    }

    fn stage_before_offer(&self, person: &Person) -> &'static str {
        let verdicts: Vec<&str> = person
            .appointments
            .iter()
            .filter_map(|id| self.verdicts.get(id))
            .map(String::as_str)
            .collect();
        if verdicts.contains(&"eligible") {
            if person.reached {
                "TO_OFFER"
            } else {
                "TO_CONTACT"
            }
        } else if verdicts.contains(&"to-be-confirmed") {
            "TO_CONFIRM"
        } else if verdicts.is_empty() {
            "UNLINKED"
        } else {
            "NOT_ELIGIBLE"
        }
    }

    /// How often somebody was sent news, when last, and how many messages.
    pub fn sent(&self, person: &str) -> (usize, Option<Date>, usize) {
        let news = self.news.get(person).map(Vec::as_slice).unwrap_or_default();
        let messages = self.messages.get(person).copied().unwrap_or_default();
        (news.len(), news.iter().copied().max(), messages)
    }

    /// Sessions used and left, and the last day of the months.
    pub fn entitlement(&self, person: &str) -> Option<(u16, u16, Option<String>)> {
        let person = self.people.get(person)?;
        let pairs: Vec<&Pair> = person
            .pairings
            .iter()
            .map(|id| &self.pairings[id])
            .collect();
        let used: u16 = pairs.iter().map(|pair| pair.used()).sum();
        let over = pairs.last().is_some_and(|pair| pair.ends_mentoring());
        let left = if over {
            0
        } else {
            SESSIONS.saturating_sub(used)
        };
        let first = pairs.iter().filter_map(|pair| pair.first_session).min();
        let until = person.starts_on.or(first).map(|start| {
            let still = days_stood_still(&pairs);
            let added = still.range(start..).count();
            let added = i64::try_from(added).expect("few");
            (start + MONTHS.months() - 1.day() + added.days()).to_string()
        });
        Some((used, left, until))
    }
}

/// Each day on which the months stood still: of a breakdown and after it until the next pairing, and of a pause.
fn days_stood_still(pairs: &[&Pair]) -> BTreeSet<Date> {
    let between = pairs
        .windows(2)
        .filter_map(|two| Some((two[0].broken_on?, two[1].formed_on?)));
    let pauses = pairs.iter().flat_map(|pair| {
        let pauses = pair.pauses.iter();
        pauses.filter_map(|(from, until)| Some((*from, until.or(pair.ended_on)?)))
    });
    let mut days = BTreeSet::new();
    for (from, until) in between.chain(pauses) {
        let mut day = from;
        while day < until {
            days.insert(day);
            day = day.tomorrow().expect("not the last of all days");
        }
    }
    days
}
