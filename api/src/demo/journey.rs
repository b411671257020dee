//! From the first contact to two people who have agreed to work together.

use super::{
    directory::Offering,
    lives::Lived,
    meetings::{Course, Ending, Pair},
    office::{Office, last_day},
    posts::{Change, Kind, Noticed},
    script::{Moment, Word},
    words,
};
use domain::{
    Channel, Party,
    identifiers::{MatchId, PersonId},
    matching::{AcceptMatch, DeclineMatch, OfferMatches, Side},
    mentoring::{
        AcceptMentoring, AgreeStart, ContactOutcome, DeclineMentoring, Element, OfferMentoring,
        Preferences, RecordContact, RecordPreferences, Topic,
    },
    pairing::FormPairing,
    register::CouncilType,
};
use jiff::ToSpan;
use projections::stage::Stage;

/// The longest a pairing may take from offer to end, in days, so that a mentor is free for all of it.
const LONGEST_DAYS: i32 = 450;
/// The longest an offer to a mentor may stay open, in days.
const OFFER_DAYS: i32 = 25;

impl Office {
    /// Contact, offer, answer, and whatever comes of it.
    pub(super) fn welcome(&mut self, noticed: &Noticed, change: Change, reached: bool) {
        let (person, rests_at) = (noticed.person, change.rests_at);
        let mut at = noticed.at;
        if !reached {
            let Some(contact) = self.reach(noticed, rests_at) else {
                return;
            };
            at = contact;
        }
        if rests_at == Some(Stage::ToOffer) {
            return;
        }
        at = self.script.soon(at);
        let offer = OfferMentoring { mentee: person };
        self.script.step(at, Word::own(), offer);
        if rests_at == Some(Stage::Offered) {
            return;
        }
        let answered = if self.script.draw.chance(45) {
            self.script.soon(at)
        } else {
            self.script.later(at, 1, 12)
        };
        let Some(at) = self.answer(noticed, change, answered) else {
            return;
        };
        if change.kind == Kind::ActingUp {
            self.acting_up.push((noticed.at.day, noticed.appointment));
        }
        let at = self.hopes(noticed, at);
        if rests_at == Some(Stage::ToMatch) {
            self.remembered.unmatched.push((at, person));
            return;
        }
        let at = self.script.later(at, 2, 12);
        self.find_mentor(noticed, change, at, Vec::new());
    }

    /// The first contact, at the third attempt at the latest.
    fn reach(&mut self, noticed: &Noticed, rests_at: Option<Stage>) -> Option<Moment> {
        let mut at = self.script.later(noticed.at, 1, 6);
        for _ in 0..self.script.draw.between(0, 2) {
            let outcome = if self.script.draw.chance(55) {
                ContactOutcome::MessageLeft
            } else {
                ContactOutcome::NoAnswer
            };
            self.contact(noticed.person, at, outcome);
            at = self.script.later(at, 1, 3);
        }
        if rests_at == Some(Stage::ToContact) {
            return None;
        }
        let explained = vec![Topic::Mentoring, Topic::WiderSupport];
        self.contact_explaining(noticed.person, at, ContactOutcome::Reached, explained);
        Some(at)
    }

    /// Yes, no, or nothing at all; some who said no come back months later.
    fn answer(&mut self, noticed: &Noticed, change: Change, at: Moment) -> Option<Moment> {
        let mentee = noticed.person;
        let answer = match self.script.draw.between(1, 100) {
            _ if change.rests_at == Some(Stage::Declined) => 10,
            _ if change.is_settled() => 100,
            other => other,
        };
        let mut at = at;
        if answer <= 3 {
            return None;
        }
        if answer <= 17 {
            let word = self.script.word(Party::Mentee, mentee);
            self.script.step(at, word, DeclineMentoring { mentee });
            if answer > 5 {
                return None;
            }
            at = self.script.later(at, 40, 70);
        }
        let soonest = noticed.starts_on.max(at.day);
        let start = soonest.saturating_add(i32::from(self.script.draw.between(7, 35)).days());
        let at_once = self.script.draw.chance(60);
        let word = self.script.word(Party::Mentee, mentee);
        let elements = self.elements();
        if elements.contains(&Element::DfeInductionDay) {
            self.remembered.would_go.push((at, mentee));
        }
        let accept = AcceptMentoring {
            mentee,
            elements,
            starts_on: at_once.then_some(start),
        };
        self.script.step(at, word, accept);
        if !at_once && self.script.draw.chance(75) {
            at = self.script.later(at, 1, 5);
            let word = self.script.word(Party::Mentee, mentee);
            let agree = AgreeStart {
                mentee,
                starts_on: start,
            };
            self.script.step(at, word, agree);
        }
        Some(at)
    }

    fn elements(&mut self) -> Vec<Element> {
        let draw = &mut self.script.draw;
        let others = [
            (Element::NeedsAnalysis, 45),
            (Element::DfeInductionDay, 70),
            (Element::Development, 60),
        ];
        std::iter::once(Element::Sessions)
            .chain(
                others
                    .into_iter()
                    .filter(|(_, percent)| draw.chance(*percent))
                    .map(|(element, _)| element),
            )
            .collect()
    }

    /// What a mentee hopes for in a mentor; a few hope for nothing in particular.
    fn hopes(&mut self, noticed: &Noticed, at: Moment) -> Moment {
        let at = if self.script.draw.chance(50) {
            self.script.soon(at)
        } else {
            self.script.later(at, 1, 5)
        };
        if self.script.draw.chance(8) {
            return at;
        }
        let draw = &mut self.script.draw;
        let types = [
            CouncilType::County,
            CouncilType::Unitary,
            CouncilType::Metropolitan,
            CouncilType::LondonBorough,
        ];
        let strings = |chosen: Vec<&str>| chosen.into_iter().map(str::to_owned).collect();
        let preferences = Preferences {
            regions: noticed.region.iter().cloned().collect(),
            backgrounds: strings(draw.some(words::BACKGROUNDS, 2)),
            council_types: draw.some(&types, 2),
            experience: strings(draw.some(words::EXPERTISE, 2)),
            summary: draw.pick(words::SUMMARIES).to_owned(),
        };
        let word = self.script.word(Party::Mentee, noticed.person);
        let record = RecordPreferences {
            mentee: noticed.person,
            preferences,
        };
        self.script.step(at, word, record);
        at
    }

    /// Mentors are offered until a pairing comes of it, and the pairing runs its course.
    fn find_mentor(
        &mut self,
        noticed: &Noticed,
        change: Change,
        from: Moment,
        mut not: Vec<PersonId>,
    ) {
        let mut from = from;
        if matches!(change.rests_at, Some(Stage::Matching | Stage::ToForm)) {
            // Late enough for the answers to be still out on the last day.
            from = self.script.moment(last_day().saturating_sub(8.days()));
        }
        for _ in 0..8 {
            let until = from.day.saturating_add(LONGEST_DAYS.days());
            let free = self.diary.free(
                &mut self.script.draw,
                noticed.region.as_ref(),
                (from.day, until),
                &not,
                &noticed.employer,
            );
            if free.is_empty() {
                from = self.script.later(from, 8, 15);
                continue;
            }
            match self.offer(noticed, change, from, &free) {
                Offered::Rests => return,
                Offered::Again(at, declined) => {
                    not.extend(declined);
                    from = at;
                }
                Offered::Agreed(of, mentor, at) => {
                    let pair = self.form(noticed, of, mentor, at);
                    let course = change.course.unwrap_or_else(|| self.next_course());
                    let ending = self.meet(&pair, course);
                    self.lived.push(Lived::new(pair, course, &ending));
                    match ending {
                        Ending::Over(end) => {
                            self.diary.take(mentor, from.day, end.day);
                            self.done.push((end.day, noticed.person));
                        }
                        Ending::Replace(end) => {
                            self.diary.take(mentor, from.day, end.day);
                            not.push(mentor);
                            let at = self.script.later(end, 2, 8);
                            let rest = Change {
                                course: Some(Course::Core { sessions: 2 }),
                                ..change
                            };
                            self.find_mentor(noticed, rest, at, not);
                        }
                    }
                    return;
                }
            }
        }
    }

    /// Offers two to four mentors and hears what both sides say.
    fn offer(
        &mut self,
        noticed: &Noticed,
        change: Change,
        from: Moment,
        free: &[PersonId],
    ) -> Offered {
        let count = match self.script.draw.between(1, 100) {
            1..=30 => 2,
            31..=90 => 3,
            _ => 4,
        };
        let mentors: Vec<PersonId> = free.iter().copied().take(count).collect();
        let until = from.day.saturating_add(OFFER_DAYS.days());
        for mentor in &mentors {
            self.diary.take(*mentor, from.day, until);
        }
        let command = self.script.step(
            from,
            Word::own(),
            OfferMatches {
                mentee: noticed.person,
                mentors: mentors.clone(),
                more_than_usual: mentors.len() > 3,
            },
        );
        if self.script.draw.chance(75) {
            // The portraits go out by electronic mail.
            let at = self.script.soon(from);
            let send = RecordContact {
                mentee: noticed.person,
                outcome: ContactOutcome::MessageLeft,
                explained: vec![],
            };
            self.script.step(at, Word::over(Channel::Email), send);
        }
        let offered: Vec<(MatchId, PersonId)> = mentors
            .into_iter()
            .map(|mentor| {
                let label = format!("match with {mentor}");
                (self.script.made(command, &label), mentor)
            })
            .collect();
        self.remembered.offerings.push(Offering {
            mentee: noticed.person,
            at: from,
            matches: offered.clone(),
            rests: change.rests_at == Some(Stage::Matching),
        });
        let turn = match self.script.draw.between(1, 100) {
            _ if change.is_settled() => 100,
            other => other,
        };
        match turn {
            // Nobody answers, and the offers lapse.
            1..=11 => Offered::Again(self.script.later(from, 11, 16), Vec::new()),
            12..=16 => self.none_of_them(noticed, from, &offered),
            _ => self.agree(noticed, change, from, &offered, turn <= 31),
        }
    }

    fn none_of_them(
        &mut self,
        noticed: &Noticed,
        from: Moment,
        offered: &[(MatchId, PersonId)],
    ) -> Offered {
        let mut at = self.script.later(from, 1, 4);
        for (of, _) in offered {
            self.decline(*of, Side::Mentee, noticed.person, at);
            at = self.script.soon(at);
        }
        let declined = offered.iter().map(|(_, mentor)| *mentor).collect();
        Offered::Again(self.script.later(at, 1, 4), declined)
    }

    /// The mentee chooses, the mentor is asked; where the first says no, the mentee chooses again.
    fn agree(
        &mut self,
        noticed: &Noticed,
        change: Change,
        from: Moment,
        offered: &[(MatchId, PersonId)],
        first_says_no: bool,
    ) -> Offered {
        let mut choices = offered.iter();
        let Some((mut of, mut mentor)) = choices.next().copied() else {
            return Offered::Rests;
        };
        let mut at = self.script.later(from, 1, 3);
        if change.rests_at == Some(Stage::Matching) {
            if self.script.draw.chance(50) {
                self.accept(of, Side::Mentee, noticed.person, at);
            }
            return Offered::Rests;
        }
        self.accept(of, Side::Mentee, noticed.person, at);
        if first_says_no && let Some((second, other)) = choices.next().copied() {
            at = self.script.later(at, 1, 2);
            self.decline(of, Side::Mentor, mentor, at);
            at = self.script.later(at, 1, 2);
            (of, mentor) = (second, other);
            self.accept(of, Side::Mentee, noticed.person, at);
        } else if let Some((third, _)) = choices.next().copied()
            && self.script.draw.chance(25)
        {
            let at = self.script.soon(at);
            self.decline(third, Side::Mentee, noticed.person, at);
        }
        at = self.script.later(at, 1, 2);
        self.accept(of, Side::Mentor, mentor, at);
        if change.rests_at == Some(Stage::ToForm) {
            return Offered::Rests;
        }
        let at = self.script.later(at, 0, 1);
        Offered::Agreed(of, mentor, at)
    }

    fn accept(&mut self, of: MatchId, side: Side, person: PersonId, at: Moment) {
        let word = self.script.word(party(side), person);
        self.script.step(at, word, AcceptMatch { of, side });
    }

    fn decline(&mut self, of: MatchId, side: Side, person: PersonId, at: Moment) {
        let word = self.script.word(party(side), person);
        self.script.step(at, word, DeclineMatch { of, side });
    }

    fn form(&mut self, noticed: &Noticed, of: MatchId, mentor: PersonId, at: Moment) -> Pair {
        let form = FormPairing { matches: vec![of] };
        let command = self.script.step(at, Word::own(), form);
        self.formed += 1;
        let pair = Pair {
            pairing: self.script.made(command, "pairing"),
            mentee: noticed.person,
            mentor,
            formed: at,
        };
        self.pairs.push(pair);
        pair
    }
}

/// What came of offering mentors.
enum Offered {
    /// It is still open on the last day.
    Rests,
    /// Nothing; others are offered, but not those whom the mentee declined.
    Again(Moment, Vec<PersonId>),
    /// Both sides agreed.
    Agreed(MatchId, PersonId, Moment),
}

const fn party(side: Side) -> Party {
    match side {
        Side::Mentee => Party::Mentee,
        Side::Mentor => Party::Mentor,
    }
}
