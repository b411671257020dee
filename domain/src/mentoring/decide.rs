//! What may be offered to a person, and what they may answer.

use super::{
    AcceptMentoring, AgreeElements, AgreeStart, ContactMade, DeclineMentoring, MentoringAccepted,
    MentoringDeclined, MentoringOffered, Offer, OfferMentoring, PreferencesRecorded, RecordContact,
    RecordPreferences, StartAgreed, SupportAgreed, SupportExplained,
};
use crate::{
    Context, Event, Particulars, Rejection, Scheme, Sealed, appointment::Verdict,
    identifiers::PersonId, limits::fits,
};
use jiff::{ToSpan, civil::Date};

pub(crate) fn record_contact(
    scheme: &Scheme,
    command: &RecordContact,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    scheme.mentee(command.mentee)?;
    if context.channel.is_none() {
        return Err(Rejection::ChannelMissing);
    }
    let mut events = vec![Event::ContactMade(ContactMade {
        mentee: command.mentee,
        outcome: command.outcome,
    })];
    if !command.explained.is_empty() {
        events.push(Event::SupportExplained(SupportExplained {
            mentee: command.mentee,
            topics: once(&command.explained),
        }));
    }
    Ok(events)
}

pub(crate) fn agree_elements(
    scheme: &Scheme,
    command: &AgreeElements,
) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    if mentee.offer != Offer::Accepted {
        return Err(Rejection::NotAccepted {
            person: command.mentee,
        });
    }
    let elements = once(&command.elements);
    if mentee.elements == elements {
        return Ok(vec![]);
    }
    Ok(vec![Event::SupportAgreed(SupportAgreed {
        mentee: command.mentee,
        elements,
    })])
}

/// Each once, where it came first.
fn once<T: Copy + PartialEq>(all: &[T]) -> Vec<T> {
    all.iter().fold(Vec::new(), |mut kept, one| {
        if !kept.contains(one) {
            kept.push(*one);
        }
        kept
    })
}

pub(crate) fn offer_mentoring(
    scheme: &Scheme,
    command: &OfferMentoring,
) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    match mentee.offer {
        Offer::Open | Offer::Accepted => Ok(vec![]),
        Offer::Declined => Err(Rejection::AlreadyDeclined {
            person: command.mentee,
        }),
        Offer::NotMade => {
            entitled(scheme, command.mentee)?;
            Ok(vec![Event::MentoringOffered(MentoringOffered {
                mentee: command.mentee,
            })])
        }
    }
}

/// Whether any of the person's appointments entitles them, as last judged.
fn entitled(scheme: &Scheme, person: PersonId) -> Result<(), Rejection> {
    let judgements = scheme.judgements(person);
    if judgements
        .iter()
        .any(|judgement| judgement.verdict == Verdict::Eligible)
    {
        return Ok(());
    }
    match judgements
        .iter()
        .find(|judgement| judgement.verdict == Verdict::ToBeConfirmed)
    {
        Some(judgement) => Err(Rejection::EligibilityToBeConfirmed {
            person,
            missing: judgement.missing.join(", "),
        }),
        None => Err(Rejection::NotEligible { person }),
    }
}

pub(crate) fn accept_mentoring(
    scheme: &Scheme,
    command: &AcceptMentoring,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    let mut events = match mentee.offer {
        Offer::NotMade => {
            return Err(Rejection::NotOffered {
                person: command.mentee,
            });
        }
        Offer::Accepted => vec![],
        Offer::Open | Offer::Declined => vec![Event::MentoringAccepted(MentoringAccepted {
            mentee: command.mentee,
            elements: command.elements.clone(),
        })],
    };
    if let Some(starts_on) = command.starts_on
        && mentee.starts_on != Some(starts_on)
    {
        plausible(starts_on, context)?;
        events.push(Event::StartAgreed(StartAgreed {
            mentee: command.mentee,
            starts_on,
        }));
    }
    Ok(events)
}

pub(crate) fn decline_mentoring(
    scheme: &Scheme,
    command: &DeclineMentoring,
) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    match mentee.offer {
        Offer::NotMade => Err(Rejection::NotOffered {
            person: command.mentee,
        }),
        Offer::Accepted => Err(Rejection::AlreadyAccepted {
            person: command.mentee,
        }),
        Offer::Declined => Ok(vec![]),
        Offer::Open => Ok(vec![Event::MentoringDeclined(MentoringDeclined {
            mentee: command.mentee,
        })]),
    }
}

pub(crate) fn agree_start(
    scheme: &Scheme,
    command: &AgreeStart,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    if mentee.offer != Offer::Accepted {
        return Err(Rejection::NotAccepted {
            person: command.mentee,
        });
    }
    if mentee.starts_on == Some(command.starts_on) {
        return Ok(vec![]);
    }
    plausible(command.starts_on, context)?;
    Ok(vec![Event::StartAgreed(StartAgreed {
        mentee: command.mentee,
        starts_on: command.starts_on,
    })])
}

/// A start more than two years away, on either side, is a slip of the pen.
fn plausible(starts_on: Date, context: &Context) -> Result<(), Rejection> {
    let near = |day: Date| {
        context.today.saturating_sub(2.years()) <= day
            && day <= context.today.saturating_add(2.years())
    };
    if near(starts_on) {
        Ok(())
    } else {
        Err(Rejection::OutOfRange {
            what: "startsOn, counted in years from today,",
            least: 0,
            most: 2,
        })
    }
}

pub(crate) fn record_preferences(
    scheme: &Scheme,
    particulars: &Particulars,
    command: &RecordPreferences,
) -> Result<Vec<Event>, Rejection> {
    let mentee = scheme.mentee(command.mentee)?;
    if mentee.offer != Offer::Accepted {
        return Err(Rejection::NotAccepted {
            person: command.mentee,
        });
    }
    fits("the preferences", &command.preferences)?;
    if particulars.preferences(command.mentee) == Some(&command.preferences) {
        return Ok(vec![]);
    }
    Ok(vec![Event::PreferencesRecorded(PreferencesRecorded {
        mentee: command.mentee,
        preferences: Sealed::new(command.mentee, command.preferences.clone()),
    })])
}
