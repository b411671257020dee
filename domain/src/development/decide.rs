//! What may be announced, and who is sent news.

use super::{
    AnnounceDevelopment, Audience, DevelopmentAnnounced, DevelopmentNewsSent, Opportunity,
    Recipients, SendDevelopmentNews,
};
use crate::{
    Context, Event, Particulars, Rejection, Scheme, entitlement,
    identifiers::{OpportunityId, PersonId},
    limits::said,
    mentor::Portrait,
    mentoring::Offer,
};
use std::collections::BTreeSet;

/// The most bytes of a title.
const TITLE_BYTES_MOST: usize = 200;
/// The most bytes of a place, which may be a link.
const PLACE_BYTES_MOST: usize = 500;
/// The most people in one event: a record has room for some eight hundred identifiers.
const PEOPLE_AT_ONCE_MOST: usize = 250;

pub(crate) fn announce(
    scheme: &Scheme,
    command: &AnnounceDevelopment,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    said("the title", &command.title, TITLE_BYTES_MOST)?;
    names_nobody("the title", &command.title)?;
    if let Some(place) = &command.place {
        said("the place", place, PLACE_BYTES_MOST)?;
        names_nobody("the place", place)?;
    }
    let before = command
        .opportunity
        .map(|id| known(scheme, id))
        .transpose()?;
    let same = |other: &Opportunity| {
        (&other.title, other.kind, other.on, &other.place)
            == (&command.title, command.kind, command.on, &command.place)
    };
    let already = match before {
        Some(before) => same(before),
        None => scheme.development.opportunities.values().any(same),
    };
    if already {
        return Ok(vec![]);
    }
    Ok(vec![Event::DevelopmentAnnounced(DevelopmentAnnounced {
        opportunity: command
            .opportunity
            .unwrap_or_else(|| context.name("opportunity")),
        title: command.title.clone(),
        kind: command.kind,
        on: command.on,
        place: command.place.clone(),
    })])
}

/// Whoever was sent the same by the same channel on the same day is not counted twice, and whoever was forgotten has no
/// address.
pub(crate) fn send_news(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &SendDevelopmentNews,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    known(scheme, command.opportunity)?;
    if context.channel.is_none() {
        return Err(Rejection::ChannelMissing);
    }
    let mut people = addressed(scheme, command.to)?;
    people.retain(|person| particulars.details(*person).is_some());
    if people.is_empty() {
        return Err(Rejection::NobodyToSendTo);
    }
    people.retain(|person| {
        let mut received = scheme.development.received_by(*person).iter();
        !received.any(|news| {
            (news.opportunity, news.on, news.channel)
                == (command.opportunity, context.happened_on, context.channel)
        })
    });
    let (audience, picked_for) = match command.to {
        Recipients::Everybody => (Audience::Everybody, None),
        Recipients::Mentors => (Audience::Mentors, None),
        Recipients::Mentees => (Audience::Mentees, None),
        Recipients::MentorOf(mentee) => (Audience::MentorOfMentee, Some(mentee)),
        Recipients::Mentee(mentee) => (Audience::Mentee, Some(mentee)),
    };
    let people: Vec<PersonId> = people.into_iter().collect();
    let sent = people.chunks(PEOPLE_AT_ONCE_MOST).map(|people| {
        Event::DevelopmentNewsSent(DevelopmentNewsSent {
            opportunity: command.opportunity,
            audience,
            picked_for,
            people: people.to_vec(),
        })
    });
    Ok(sent.collect())
}

/// Everybody who is addressed, in an order that is always the same.
fn addressed(scheme: &Scheme, to: Recipients) -> Result<BTreeSet<PersonId>, Rejection> {
    Ok(match to {
        Recipients::Everybody => mentors(scheme).chain(mentees(scheme)).collect(),
        Recipients::Mentors => mentors(scheme).collect(),
        Recipients::Mentees => mentees(scheme).collect(),
        Recipients::MentorOf(mentee) => mentors_of(scheme, mentee)?.into_iter().collect(),
        Recipients::Mentee(mentee) => BTreeSet::from([scheme.mentee(mentee)?.person]),
    })
}

/// Everybody who registered to mentor and is not gone.
fn mentors(scheme: &Scheme) -> impl Iterator<Item = PersonId> {
    let all = scheme.mentors.values();
    all.filter(|mentor| mentor.portrait != Portrait::None && !mentor.presence.is_gone())
        .map(|mentor| mentor.person)
}

/// Everybody who accepted mentoring, until it is over.
fn mentees(scheme: &Scheme) -> impl Iterator<Item = PersonId> {
    let all = scheme.mentees.values();
    all.filter(|mentee| mentee.offer == Offer::Accepted && !entitlement::is_over(scheme, mentee))
        .filter(|mentee| !scheme.erasures.is_erased(mentee.person))
        .map(|mentee| mentee.person)
}

/// The mentors of a mentee's latest pairing, also of one that is over: what was sent to them was sent.
fn mentors_of(scheme: &Scheme, mentee: PersonId) -> Result<Vec<PersonId>, Rejection> {
    let latest = scheme.mentee(mentee)?.pairings.last();
    let pairing = latest.ok_or(Rejection::NoMentor { person: mentee })?;
    let mentors = scheme.pairing(*pairing)?.mentors.iter().copied();
    Ok(mentors
        .filter(|mentor| !scheme.erasures.is_erased(*mentor))
        .collect())
}

fn known(scheme: &Scheme, id: OpportunityId) -> Result<&Opportunity, Rejection> {
    let found = scheme.development.opportunities.get(&id);
    found.ok_or(Rejection::UnknownOpportunity { opportunity: id })
}

/// Refuses what may be an electronic mail address: it would name a person, in clear and for ever.
fn names_nobody(what: &'static str, text: &str) -> Result<(), Rejection> {
    if text.contains('@') {
        return Err(Rejection::AddressGiven { what });
    }
    Ok(())
}
