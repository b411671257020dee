//! What a scheme gave, in figures: every number beside what it is a part of, and never a percentage (R310, R311).
//!
//! All of it is counted from what stands in clear, so whoever is forgotten is counted still. What depends on the present
//! takes the day.

use domain::{
    Scheme, entitlement,
    identifiers::PersonId,
    matching::Match,
    mentoring::{Mentee, Offer},
    pairing::{Course, Pairing},
};
use jiff::civil::Date;

/// A part of a whole, by people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Share {
    /// Of whom it is true.
    pub people: Vec<PersonId>,
    /// Of how many it could be true.
    pub of: usize,
}

/// A number for each of several people, such as the days that something took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread {
    /// The numbers, least first, each with whose it is.
    pub numbers: Vec<(i32, PersonId)>,
    /// Those for whom it is not there yet.
    pub awaited: Vec<PersonId>,
}

/// The figures of a scheme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measures {
    /// Sessions used by those who are or were in a pairing, beyond the core offer too.
    pub sessions_used: u32,
    /// Sessions of the core offer that were granted to them.
    pub sessions_granted: u32,
    /// Those who are or were in a pairing.
    pub paired: Vec<PersonId>,
    /// For each of them whose months have begun: days of them that have passed, without those in which they stood still.
    pub days_used: Spread,
    /// From the first notice to the first time they were reached: everybody entitled.
    pub days_to_contact: Spread,
    /// From the first notice to the first pairing: everybody who took mentoring up.
    pub days_to_match: Spread,
    /// From the first notice to the first session: everybody who was paired.
    pub days_to_first_session: Spread,
    /// Of those who were offered mentoring, those who took it up.
    pub took_up: Share,
    /// Of those who were offered mentoring, those who declined.
    pub declined: Share,
    /// Of those who were offered mentoring, those who have not answered.
    pub unanswered: Share,
    /// How many mentors each was offered who took mentoring up.
    pub choices: Spread,
    /// Of those who put mentors in an order and were paired, those who were paired with their first choice.
    pub first_choice: Share,
}

/// The figures of a scheme as of `today`, of those of whom a notice first told on `since` or later; of everybody where no
/// day is given.
#[must_use]
pub fn measures(scheme: &Scheme, since: Option<Date>, today: Date) -> Measures {
    let mut mentees: Vec<&Mentee> = scheme.mentees.values().collect();
    mentees.retain(|mentee| {
        since.is_none_or(|since| noticed_on(scheme, mentee).is_some_and(|on| since <= on))
    });
    mentees.sort_unstable_by_key(|mentee| mentee.person);
    let mut measures = Measures::default();
    for mentee in mentees {
        measures.offer(mentee);
        measures.days(scheme, mentee);
        measures.choice(scheme, mentee);
        if !mentee.pairings.is_empty() {
            measures.sessions(scheme, mentee, today);
        }
    }
    for spread in [
        &mut measures.days_used,
        &mut measures.days_to_contact,
        &mut measures.days_to_match,
        &mut measures.days_to_first_session,
        &mut measures.choices,
    ] {
        spread.numbers.sort_unstable();
    }
    measures
}

impl Measures {
    fn offer(&mut self, mentee: &Mentee) {
        let person = mentee.person;
        let of = match mentee.offer {
            Offer::NotMade => return,
            Offer::Accepted => &mut self.took_up,
            Offer::Declined => &mut self.declined,
            Offer::Open => &mut self.unanswered,
        };
        of.people.push(person);
        for share in [&mut self.took_up, &mut self.declined, &mut self.unanswered] {
            share.of += 1;
        }
    }

    fn days(&mut self, scheme: &Scheme, mentee: &Mentee) {
        let Some(noticed_on) = noticed_on(scheme, mentee) else {
            return;
        };
        let person = mentee.person;
        let entitled = scheme
            .judgements(person)
            .iter()
            .any(|judgement| judgement.verdict == domain::appointment::Verdict::Eligible);
        if entitled {
            let reached = mentee.reached_on;
            self.days_to_contact.take(person, noticed_on, reached);
        }
        if mentee.offer == Offer::Accepted {
            let first = pairings(scheme, mentee).map(|one| one.formed_on).min();
            self.days_to_match.take(person, noticed_on, first);
        }
        if !mentee.pairings.is_empty() {
            let sessions = pairings(scheme, mentee).filter_map(|one| one.first_session_on);
            self.days_to_first_session
                .take(person, noticed_on, sessions.min());
        }
    }

    fn choice(&mut self, scheme: &Scheme, mentee: &Mentee) {
        if mentee.offer == Offer::Accepted && !mentee.matches.is_empty() {
            let offered = i32::try_from(mentee.matches.len()).unwrap_or(i32::MAX);
            self.choices.numbers.push((offered, mentee.person));
        } else if mentee.offer == Offer::Accepted && mentee.pairings.is_empty() {
            self.choices.awaited.push(mentee.person);
        }
        let first = mentee.ranking.first().and_then(|of| scheme.matches.get(of));
        let Some(first) = first.filter(|_| !mentee.pairings.is_empty()) else {
            return;
        };
        self.first_choice.of += 1;
        let with_first =
            |of: &Match| pairings(scheme, mentee).any(|one| one.mentors.contains(&of.mentor));
        if with_first(first) {
            self.first_choice.people.push(mentee.person);
        }
    }

    fn sessions(&mut self, scheme: &Scheme, mentee: &Mentee, today: Date) {
        let Some(policy) = scheme.policy_on(today) else {
            return;
        };
        let balance = entitlement::balance(scheme, mentee, &policy.entitlement);
        self.paired.push(mentee.person);
        self.sessions_used += u32::from(balance.used);
        self.sessions_granted += u32::from(balance.granted);
        let begun = balance.clock.starts_on.filter(|on| *on <= today);
        let Some(begun) = begun else {
            self.days_used.awaited.push(mentee.person);
            return;
        };
        let stopped = balance.clock.paused_since.unwrap_or(today);
        let over = pairings(scheme, mentee).filter_map(over_on).max();
        let last = if entitlement::is_over(scheme, mentee) {
            over.unwrap_or(today)
        } else {
            stopped
        };
        let still = i32::try_from(balance.clock.still_days).unwrap_or(i32::MAX);
        let days = days_between(begun, last).saturating_sub(still).max(0);
        self.days_used.numbers.push((days, mentee.person));
    }
}

impl Spread {
    /// How many there are, and how many there could be.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let there = self.numbers.len();
        (there, there + self.awaited.len())
    }

    /// The number in the middle; of two, what lies between them.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        let middle = self.numbers.len() / 2;
        let at = |place: usize| {
            self.numbers
                .get(place)
                .map(|(number, _)| f64::from(*number))
        };
        if self.numbers.len() % 2 == 1 {
            return at(middle);
        }
        Some(f64::midpoint(at(middle.checked_sub(1)?)?, at(middle)?))
    }

    /// Whose numbers they are.
    #[must_use]
    pub fn people(&self) -> Vec<PersonId> {
        self.numbers.iter().map(|(_, person)| *person).collect()
    }

    fn take(&mut self, person: PersonId, from: Date, until: Option<Date>) {
        match until {
            Some(until) => self.numbers.push((days_between(from, until), person)),
            None => self.awaited.push(person),
        }
    }
}

/// Below zero where it came first: a director may be reached before any notice is written down.
fn days_between(from: Date, until: Date) -> i32 {
    (until - from).get_days()
}

/// The first day on which a notice told of them.
pub(crate) fn noticed_on(scheme: &Scheme, mentee: &Mentee) -> Option<Date> {
    let appointments = mentee.appointments.iter();
    appointments
        .filter_map(|id| scheme.appointments.get(id))
        .map(|appointment| appointment.notified_on)
        .min()
}

fn over_on(pairing: &Pairing) -> Option<Date> {
    match &pairing.course {
        Course::Live => None,
        Course::Broken(breakdown) => Some(breakdown.on),
        Course::Withdrawn { on } | Course::Concluded { on, .. } => Some(*on),
    }
}

fn pairings<'a>(scheme: &'a Scheme, mentee: &'a Mentee) -> impl Iterator<Item = &'a Pairing> {
    let all = mentee.pairings.iter();
    all.filter_map(|id| scheme.pairings.get(id))
}

#[cfg(test)]
pub(crate) mod tests;
