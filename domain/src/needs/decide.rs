//! What may be said of needs, and by whom: an analysis is its mentee's.

use super::{
    Analysis, BeginNeedsAnalysis, CorrectNeedsProfile, DestroyNeedsAnalysis, NeedsAnalysisBegun,
    NeedsAnalysisDestroyed, NeedsAnalysisRevised, NeedsAnalysisShared, NeedsAnalysisUnshared,
    NeedsProfileCorrected, NeedsProfileWritten, Priority, ProfileCorrection, ReviseNeedsAnalysis,
    Revision, Setting, ShareNeedsAnalysis, Tables, UnshareNeedsAnalysis, Way, WriteNeedsProfile,
    versions::{MENTEE, MENTOR},
};
use crate::{
    Context, Event, Particulars, Party, Rejection, Scheme, Sealed,
    identifiers::{NeedsAnalysisId, PersonId},
    limits::fits,
    mentoring::Offer,
};
use std::collections::HashSet;
use std::hash::Hash;

/// The main challenges under one heading of Table 2: the handbook has room for three (R133).
const CHALLENGES_MOST: usize = 3;
/// The entries of one list. The handbook sets no limit; nobody means to fill in more.
const ENTRIES_MOST: usize = 40;

pub(crate) fn begin(
    scheme: &Scheme,
    command: &BeginNeedsAnalysis,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    scheme.mentee(command.mentee)?;
    on_their_word(command.mentee, context)?;
    let analysis = context.name("needs analysis");
    let mut events = vec![Event::NeedsAnalysisBegun(NeedsAnalysisBegun {
        analysis,
        mentee: command.mentee,
    })];
    let tables = command.tables.each();
    let of = (analysis, command.mentee);
    events.extend(revisions(of, tables, command.setting)?);
    Ok(events)
}

pub(crate) fn revise(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &ReviseNeedsAnalysis,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let analysis = standing(scheme, command.analysis)?;
    if &*context.actor.role != MENTOR {
        on_their_word(analysis.mentee, context)?;
    } else if !analysis.is_open_to_write(scheme) {
        return Err(Rejection::NotSharedToWrite {
            analysis: analysis.id,
        });
    }
    let before = particulars
        .needs_analysis(analysis.id)
        .map_or_else(Tables::default, super::Opened::tables);
    let changed = command.tables.each();
    let changed = changed.filter(|table| before.clone().revised(table) != before);
    revisions((analysis.id, analysis.mentee), changed, command.setting)
}

pub(crate) fn share(
    scheme: &Scheme,
    command: &ShareNeedsAnalysis,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let analysis = standing(scheme, command.analysis)?;
    on_their_word(analysis.mentee, context)?;
    let pairing = scheme.pairing(command.pairing)?;
    if !pairing.mentees.contains(&analysis.mentee) {
        return Err(Rejection::NotOfPairing {
            person: analysis.mentee,
            pairing: pairing.id,
        });
    }
    let granted = analysis.grant(pairing.id);
    if granted.is_some_and(|grant| grant.access == command.access) {
        return Ok(vec![]);
    }
    if !pairing.is_live() {
        return Err(Rejection::PairingOver {
            pairing: pairing.id,
        });
    }
    Ok(vec![Event::NeedsAnalysisShared(NeedsAnalysisShared {
        analysis: analysis.id,
        mentee: analysis.mentee,
        pairing: pairing.id,
        access: command.access,
    })])
}

pub(crate) fn unshare(
    scheme: &Scheme,
    command: &UnshareNeedsAnalysis,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let analysis = standing(scheme, command.analysis)?;
    on_their_word(analysis.mentee, context)?;
    if analysis.grant(command.pairing).is_none() {
        return Ok(vec![]);
    }
    Ok(vec![Event::NeedsAnalysisUnshared(NeedsAnalysisUnshared {
        analysis: analysis.id,
        mentee: analysis.mentee,
        pairing: command.pairing,
    })])
}

/// Their mentee alone: nobody does it on their word, for it cannot be undone.
pub(crate) fn destroy(
    scheme: &Scheme,
    command: &DestroyNeedsAnalysis,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let analysis = scheme.needs_analysis(command.analysis)?;
    if &*context.actor.role != MENTEE {
        return Err(Rejection::MenteeAlone {
            person: analysis.mentee,
        });
    }
    if analysis.destroyed_on.is_some() {
        return Ok(vec![]);
    }
    Ok(vec![Event::NeedsAnalysisDestroyed(
        NeedsAnalysisDestroyed {
            analysis: analysis.id,
            mentee: analysis.mentee,
        },
    )])
}

pub(crate) fn write_profile(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &WriteNeedsProfile,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let WriteNeedsProfile { mentee, profile } = command;
    if scheme.mentee(*mentee)?.offer != Offer::Accepted {
        return Err(Rejection::NotAccepted { person: *mentee });
    }
    at_most("the needs", profile.needs.len(), ENTRIES_MOST)?;
    fits("the profile", profile)?;
    let last = scheme.needs.profiles_of(*mentee).next_back();
    let last = last.and_then(|last| particulars.needs_profile(last.id));
    // Whoever writes the same again after a correction means it anew.
    if last.is_some_and(|last| last.profile == *profile && last.corrections.is_empty()) {
        return Ok(vec![]);
    }
    Ok(vec![Event::NeedsProfileWritten(NeedsProfileWritten {
        needs_profile: context.name("needs profile"),
        mentee: *mentee,
        profile: Sealed::new(*mentee, profile.clone()),
    })])
}

pub(crate) fn correct_profile(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &CorrectNeedsProfile,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let profile = scheme.needs_profile(command.profile)?;
    on_their_word(profile.mentee, context)?;
    let words = &command.correction;
    if words.trim().is_empty() {
        return Err(Rejection::Empty {
            what: "the correction",
        });
    }
    fits("the correction", words)?;
    let opened = particulars.needs_profile(profile.id);
    let said = opened.and_then(|opened| opened.corrections.last());
    if said.is_some_and(|said| said.words == *words) {
        return Ok(vec![]);
    }
    let correction = ProfileCorrection {
        words: words.clone(),
    };
    Ok(vec![Event::NeedsProfileCorrected(NeedsProfileCorrected {
        needs_profile: profile.id,
        mentee: profile.mentee,
        correction: Sealed::new(profile.mentee, correction),
    })])
}

/// The analysis, unless it was destroyed.
fn standing(scheme: &Scheme, analysis: NeedsAnalysisId) -> Result<&Analysis, Rejection> {
    let found = scheme.needs_analysis(analysis)?;
    match found.destroyed_on {
        None => Ok(found),
        Some(_) => Err(Rejection::NeedsAnalysisDestroyed { analysis }),
    }
}

/// Whoever is not the mentee records what is the mentee's on their word only.
fn on_their_word(mentee: PersonId, context: &Context) -> Result<(), Rejection> {
    let own = &*context.actor.role == MENTEE;
    let told = context.reported_by.as_ref().is_some_and(|reported| {
        reported.party == Party::Mentee && reported.person.is_none_or(|person| person == mentee)
    });
    if own || told {
        Ok(())
    } else {
        Err(Rejection::WordNeeded { person: mentee })
    }
}

fn revisions(
    (analysis, mentee): (NeedsAnalysisId, PersonId),
    tables: impl Iterator<Item = Tables>,
    setting: Option<Setting>,
) -> Result<Vec<Event>, Rejection> {
    tables
        .map(|tables| {
            check(&tables)?;
            let revision = Revision { tables, setting };
            fits("the table", &revision)?;
            Ok(Event::NeedsAnalysisRevised(NeedsAnalysisRevised {
                analysis,
                mentee,
                revision: Sealed::new(mentee, revision),
            }))
        })
        .collect()
}

/// What is asked of a table: nothing but its form.
fn check(tables: &Tables) -> Result<(), Rejection> {
    if let Some(table) = &tables.priorities {
        check_priorities(&table.service)?;
        check_priorities(&table.personal)?;
    }
    if let Some(table) = &tables.service {
        each_once("heading", table.iter().map(|said| said.heading))?;
        for said in table {
            let challenges = said.challenges.len();
            at_most(
                "the challenges under a heading",
                challenges,
                CHALLENGES_MOST,
            )?;
        }
    }
    if let Some(table) = &tables.knowledge {
        let fields = table.iter().map(|said| said.field);
        each_once("field of knowledge", fields)?;
    }
    if let Some(table) = &tables.competences {
        let listed = table.iter().map(|said| said.competence);
        each_once("competence", listed)?;
    }
    Ok(())
}

fn check_priorities(list: &[Priority]) -> Result<(), Rejection> {
    at_most("the areas", list.len(), ENTRIES_MOST)?;
    for priority in list {
        at_most("the ways", priority.ways.len(), ENTRIES_MOST)?;
        let words = priority.other_way.as_deref().unwrap_or_default();
        if priority.ways.contains(&Way::Other) && words.trim().is_empty() {
            return Err(Rejection::OtherWayUnsaid);
        }
    }
    Ok(())
}

fn at_most(what: &'static str, count: usize, most: usize) -> Result<(), Rejection> {
    if count <= most {
        Ok(())
    } else {
        Err(Rejection::TooMany { what, most })
    }
}

fn each_once<T: Eq + Hash>(
    what: &'static str,
    mut all: impl Iterator<Item = T>,
) -> Result<(), Rejection> {
    let mut seen = HashSet::new();
    if all.all(|one| seen.insert(one)) {
        Ok(())
    } else {
        Err(Rejection::NamedTwice { what })
    }
}
