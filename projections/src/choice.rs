//! Which mentors may be offered to a mentee: filters and facts, never scores (R069, R082 to R088, R091).
//!
//! It is advice at the time of asking. Nothing is recorded but who is then offered; nobody is put above anybody else; and
//! what is not known stays not known. Much of it rests on sealed values, so it is the coordinator's alone.

mod compare;

use crate::Snapshot;
use compare::{any_holds, any_is, holds, kilometres_between};
use domain::{
    Particulars, Scheme,
    identifiers::{EmployerId, MatchId, PersonId},
    matching::{Conflict, Match, Progress},
    mentor::{Mentor, Portrait, Presence, Standing, standing},
    mentoring::{Mentee, Preferences},
    pairing::Pairing,
    register::{CouncilType, Employer},
};
use jiff::civil::Date;

/// What to look for; whatever is absent does not matter. Texts are compared in small letters, and in part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The region they work in.
    pub region: Option<String>,
    /// Whether they work in the mentee's own region.
    pub same_region: Option<bool>,
    /// A kind of council they have worked in.
    pub council_type: Option<CouncilType>,
    /// A part of their professional background.
    pub background: Option<String>,
    /// A part of one of their areas of expertise, or of the challenges they met.
    pub experience: Option<String>,
    /// A part of one of their special interests.
    pub special_interest: Option<String>,
    /// Those who cannot be offered too, with what stands in the way.
    pub with_hindered: bool,
}

/// What stands in the way of offering a mentor. The rules refuse such an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hindrance {
    /// They resigned, were removed or were forgotten.
    Gone,
    /// They take nobody new for a while.
    Paused,
    /// They have not registered.
    NotRegistered,
    /// They have not approved their pen portrait.
    PortraitNotApproved,
    /// They have no room.
    NoRoom,
    /// They are offered already, and that may still go ahead.
    OfferedAlready,
}

/// What the coordinator should know before offering a mentor. It bars nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caution {
    /// They have not been inducted.
    NotInducted,
    /// The policy of today asks for more.
    NotEligible,
    /// Whether they may mentor is not known.
    EligibilityToBeConfirmed,
    /// They left the post they had.
    LeftPost,
    /// They work for the mentee's own council, or for a trust that serves it.
    OwnCouncil,
    /// One is, or was, in the other's line of management.
    LineManagement,
    /// Something speaks against it, and nobody said what.
    ConflictNotStated,
    /// They are offered to others, who may take the last room they have.
    OfferedToOthers,
}

/// A wish of the mentee that a mentor meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wish {
    /// The mentee named them.
    Named,
    /// They work in a region the mentee could travel to.
    Region,
    /// They have a professional background the mentee hopes for.
    Background,
    /// They have worked in a kind of council the mentee hopes for.
    CouncilType,
    /// They bring particular experience the mentee hopes for.
    Experience,
}

/// A mentor who may be offered, with the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The mentor.
    pub mentor: PersonId,
    /// What stands in the way; empty when they can be offered.
    pub hindrances: Vec<Hindrance>,
    /// What to know beforehand.
    pub cautions: Vec<Caution>,
    /// Which wishes of the mentee they meet.
    pub meets: Vec<Wish>,
    /// How many more pairings they have room for.
    pub room: u16,
    /// Whether they work in the mentee's region; nothing where either is not known.
    pub same_region: Option<bool>,
    /// Kilometres between the two employers as the crow flies; nothing where either is not known.
    pub kilometres: Option<u32>,
    /// The kind of council they work for now.
    pub council_type: Option<CouncilType>,
    /// Earlier matches of these two, in order.
    pub matches: Vec<MatchId>,
    /// Whether a pairing of these two broke down.
    pub broke_down: bool,
}

/// The mentors for `mentee` who pass `filter`, who has been a mentor longest first; nothing where nobody is known as
/// this mentee, or the scheme is not ready.
#[must_use]
pub fn suitable(
    snapshot: &Snapshot,
    mentee: PersonId,
    filter: &Filter,
    today: Date,
) -> Option<Vec<Candidate>> {
    let asked = Asked::new(snapshot, mentee, today)?;
    let mut mentors: Vec<&Mentor> = snapshot
        .scheme
        .mentors
        .values()
        .filter(|mentor| mentor.person != mentee && asked.passes(mentor, filter))
        .collect();
    mentors.sort_unstable_by_key(|mentor| (mentor.since, mentor.person));
    let candidates = mentors.into_iter().map(|mentor| asked.candidate(mentor));
    Some(
        candidates
            .filter(|candidate| filter.with_hindered || candidate.hindrances.is_empty())
            .collect(),
    )
}

/// The mentee for whom is asked, and what is known of them.
struct Asked<'a> {
    scheme: &'a Scheme,
    known: &'a Particulars,
    mentee: &'a Mentee,
    preferences: Option<&'a Preferences>,
    employers: Vec<&'a Employer>,
    region: Option<&'a str>,
    today: Date,
}

impl<'a> Asked<'a> {
    fn new(snapshot: &'a Snapshot, mentee: PersonId, today: Date) -> Option<Self> {
        let (scheme, known) = (&snapshot.scheme, &snapshot.particulars);
        scheme.terms(today).ok()?;
        let mentee = scheme.mentees.get(&mentee)?;
        let facts = mentee.appointments.iter().rev();
        let facts = facts.filter_map(|id| known.facts(*id));
        let employers: Vec<&Employer> = facts
            .filter_map(|facts| employer(scheme, &facts.employer))
            .collect();
        let clear = mentee.appointments.iter().rev();
        let clear = clear.filter_map(|id| scheme.appointments.get(id)?.region.as_deref());
        let sealed = employers
            .first()
            .and_then(|latest| latest.region.as_deref());
        Some(Self {
            scheme,
            known,
            mentee,
            preferences: known.preferences(mentee.person),
            region: sealed.or(clear.into_iter().next()),
            employers,
            today,
        })
    }

    fn passes(&self, mentor: &Mentor, filter: &Filter) -> bool {
        let portrait = self.known.portrait(mentor.person);
        let told =
            |wanted: &Option<String>, of: &dyn Fn(&str) -> bool| wanted.as_deref().is_none_or(of);
        let region = self.region_of(mentor);
        filter
            .region
            .as_deref()
            .is_none_or(|wanted| region.is_some_and(|region| region.eq_ignore_ascii_case(wanted)))
            && filter
                .same_region
                .is_none_or(|wanted| self.same_region(mentor) == Some(wanted))
            && filter.council_type.is_none_or(|wanted| {
                self.council_type(mentor) == Some(wanted)
                    || portrait.is_some_and(|portrait| portrait.council_types.contains(&wanted))
            })
            && told(&filter.background, &|wanted| {
                portrait.is_some_and(|portrait| holds(&portrait.background, wanted))
            })
            && told(&filter.experience, &|wanted| {
                portrait.is_some_and(|portrait| {
                    any_holds(&portrait.expertise, wanted) || holds(&portrait.challenges, wanted)
                })
            })
            && told(&filter.special_interest, &|wanted| {
                portrait.is_some_and(|portrait| any_holds(&portrait.special_interests, wanted))
            })
    }

    fn candidate(&self, mentor: &Mentor) -> Candidate {
        let capacity = self.capacity(mentor);
        let live = u16::try_from(mentor.live_pairings.len()).unwrap_or(u16::MAX);
        let room = capacity.saturating_sub(live);
        Candidate {
            mentor: mentor.person,
            hindrances: self.hindrances(mentor, room),
            cautions: self.cautions(mentor, room),
            meets: self.meets(mentor),
            room,
            same_region: self.same_region(mentor),
            kilometres: self.kilometres(mentor),
            council_type: self.council_type(mentor),
            matches: self.earlier(mentor).map(|found| found.id).collect(),
            broke_down: self
                .pairings()
                .any(|pairing| pairing.is_broken() && pairing.mentors.contains(&mentor.person)),
        }
    }

    fn hindrances(&self, mentor: &Mentor, room: u16) -> Vec<Hindrance> {
        let presence = match mentor.presence {
            Presence::TakesPart => None,
            Presence::Paused { .. } => Some(Hindrance::Paused),
            Presence::Resigned | Presence::Removed { .. } | Presence::Erased => {
                Some(Hindrance::Gone)
            }
        };
        let portrait = match mentor.portrait {
            Portrait::None => Some(Hindrance::NotRegistered),
            Portrait::Registered { .. } => Some(Hindrance::PortraitNotApproved),
            Portrait::Approved => None,
        };
        let offered = self
            .earlier(mentor)
            .any(|found| found.progress == Progress::Open);
        let all = [
            presence,
            portrait,
            (room == 0).then_some(Hindrance::NoRoom),
            offered.then_some(Hindrance::OfferedAlready),
        ];
        all.into_iter().flatten().collect()
    }

    fn cautions(&self, mentor: &Mentor, room: u16) -> Vec<Caution> {
        let standing = match self.standing(mentor) {
            Standing::Eligible => None,
            Standing::NotEligible => Some(Caution::NotEligible),
            Standing::ToBeConfirmed => Some(Caution::EligibilityToBeConfirmed),
        };
        let conflict = match self.mentee.conflict_with(mentor.person) {
            None => None,
            Some(Conflict::LineManagement) => Some(Caution::LineManagement),
            Some(Conflict::NotStated) => Some(Caution::ConflictNotStated),
        };
        let elsewhere = mentor
            .matches
            .iter()
            .filter_map(|id| self.scheme.matches.get(id))
            .filter(|found| found.progress == Progress::Open)
            .filter(|found| found.mentee != self.mentee.person);
        let all = [
            mentor.inducted_on.is_none().then_some(Caution::NotInducted),
            standing,
            mentor.left_post.then_some(Caution::LeftPost),
            self.own_council(mentor).then_some(Caution::OwnCouncil),
            conflict,
            (room > 0 && elsewhere.count() >= usize::from(room))
                .then_some(Caution::OfferedToOthers),
        ];
        all.into_iter().flatten().collect()
    }

    fn meets(&self, mentor: &Mentor) -> Vec<Wish> {
        let named = self.mentee.named.contains(&mentor.person);
        let portrait = self.known.portrait(mentor.person);
        let preferences = self.preferences;
        let region = self
            .region_of(mentor)
            .is_some_and(|region| preferences.is_some_and(|hopes| any_is(&hopes.regions, region)));
        let both = |test: &dyn Fn(&Preferences, &domain::mentor::PenPortrait) -> bool| {
            preferences
                .zip(portrait)
                .is_some_and(|(hopes, portrait)| test(hopes, portrait))
        };
        let background = both(&|hopes, portrait| {
            let mut wanted = hopes.backgrounds.iter();
            wanted.any(|wanted| holds(&portrait.background, wanted))
        });
        let council = both(&|hopes, portrait| {
            let mut wanted = hopes.council_types.iter();
            wanted.any(|wanted| portrait.council_types.contains(wanted))
        });
        let experience = both(&|hopes, portrait| {
            let mut wanted = hopes.experience.iter();
            wanted.any(|wanted| any_holds(&portrait.expertise, wanted))
        });
        let all = [
            (named, Wish::Named),
            (region, Wish::Region),
            (background, Wish::Background),
            (council, Wish::CouncilType),
            (experience, Wish::Experience),
        ];
        let met = all.into_iter().filter(|(met, _)| *met);
        met.map(|(_, wish)| wish).collect()
    }

    /// By the policy of today: who retired recently when they were invited may not have by now (Z01).
    fn standing(&self, mentor: &Mentor) -> Standing {
        let Some(policy) = self.scheme.policy_on(self.today) else {
            return mentor.standing;
        };
        let Some(profile) = self.known.mentor_profile(mentor.person) else {
            return mentor.standing;
        };
        let years = profile.experience.years_in_post;
        match self.known.leaving(mentor.person) {
            Some(leaving) => leaving.standing(&policy.mentors, years, self.today),
            None if mentor.left_post => mentor.standing,
            None => standing(&policy.mentors, &profile.experience, self.today),
        }
    }

    fn capacity(&self, mentor: &Mentor) -> u16 {
        let policy = self.scheme.policy_on(self.today);
        let supposed = policy.map_or(1, |policy| policy.mentors.capacity_default);
        mentor.capacity_stated.unwrap_or(supposed)
    }

    fn earlier(&self, mentor: &Mentor) -> impl Iterator<Item = &'a Match> {
        let person = mentor.person;
        let found = self.mentee.matches.iter();
        found
            .filter_map(|id| self.scheme.matches.get(id))
            .filter(move |found| found.mentor == person)
    }

    fn pairings(&self) -> impl Iterator<Item = &'a Pairing> {
        let all = self.mentee.pairings.iter();
        all.filter_map(|id| self.scheme.pairings.get(id))
    }

    fn employer_of(&self, mentor: &Mentor) -> Option<&'a Employer> {
        let profile = self.known.mentor_profile(mentor.person)?;
        employer(self.scheme, profile.employer.as_ref()?)
    }

    fn region_of<'m>(&self, mentor: &'m Mentor) -> Option<&'m str>
    where
        'a: 'm,
    {
        let listed = self.employer_of(mentor);
        listed
            .and_then(|employer| employer.region.as_deref())
            .or(mentor.region.as_deref())
    }

    fn council_type(&self, mentor: &Mentor) -> Option<CouncilType> {
        self.employer_of(mentor)?.council_type
    }

    fn same_region(&self, mentor: &Mentor) -> Option<bool> {
        Some(self.region_of(mentor)? == self.region?)
    }

    fn own_council(&self, mentor: &Mentor) -> bool {
        let Some(theirs) = self.employer_of(mentor) else {
            return false;
        };
        self.employers.iter().any(|own| {
            own.id == theirs.id
                || own.serves.contains(&theirs.id)
                || theirs.serves.contains(&own.id)
        })
    }

    fn kilometres(&self, mentor: &Mentor) -> Option<u32> {
        kilometres_between(self.employers.first()?, self.employer_of(mentor)?)
    }
}

/// The employer as the register adopted last that lists it has it.
fn employer<'a>(scheme: &'a Scheme, id: &EmployerId) -> Option<&'a Employer> {
    let mut registers = scheme.registers.iter().rev();
    registers.find_map(|register| register.employer(id))
}

#[cfg(test)]
mod tests;
