//! Why something is open to whoever asks, or not: the access matrix, asked about itself.

use super::{
    access::{Query, authorise},
    error::{Code, field_error},
    global_id::{self, Kind},
    node,
    view::{View, caller, services},
};
use crate::identity::{
    Role,
    access::{Item, Matrix, Relation, Relations, Section},
    standing::Thing,
};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use uuid::Uuid;

/// The question of what is open.
#[derive(Default)]
pub struct ExplainQuery;

/// What a line of the access matrix is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum AccessSubject {
    /// A command, by the name of its mutation.
    Command,
    /// A question, by its name in `access-matrix.toml`: most often that of its field.
    Query,
    /// A class of data inside the answers, for example `pen-portrait`.
    Data,
}

/// How one can stand to what one asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Relation")]
pub enum AccessRelation {
    /// Anybody and anything, within the schemes your token reaches.
    Any,
    /// About you, made by you, or of a match or pairing of which you are a side. Of a command: where you speak for yourself
    /// or for your own side.
    Own,
    /// About somebody with whom you are or were in a pairing.
    Pairing,
    /// The same of a mentor, once they approved their pen portrait.
    PairingOnceApproved,
    /// About the other side of a match that may still go ahead.
    Match,
    /// The same of a mentor, once they approved their pen portrait.
    MatchOnceApproved,
    /// An analysis of needs that is shared with a live pairing in which you mentor.
    Shared,
    /// The same, where it is shared to be written.
    SharedToWrite,
    /// What you were sent.
    Sent,
    /// A third person of whom the office recorded anything.
    Office,
    /// Of a moment: the end of a period of which the figures were published.
    Published,
    /// People of whom your employer told; of notices, those it gave itself.
    Employer,
    /// The same, of people who agreed that the employer of their present post sees it.
    EmployerOnceAgreed,
}

/// Why something is open or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum AccessReason {
    /// Your role may, of anybody and anything.
    OpenOfAll,
    /// Your role may of what you stand to in a certain way, and to this you do.
    OpenByRelation,
    /// Your role may of what you stand to in a certain way. Say in `id` of what you ask.
    DependsOnRelation,
    /// You do not stand so to it, or there is nothing of this id, or you may not know of it: which, is not said.
    NotRelated,
    /// Your role may not at all.
    NotGranted,
}

/// Why something is open to you or not.
#[derive(SimpleObject)]
pub struct AccessExplanation {
    /// Whether it is. What depends on the relation is not open until you say, in `id`, of what you ask.
    pub open: bool,
    /// Why.
    pub reason: AccessReason,
    /// The line of the access matrix that says so, as `section.name`.
    pub line: String,
    /// The number of that line in its file; null where there is none, and so nobody may.
    pub line_number: Option<usize>,
    /// Whether that line stands in the file by which this deployment narrows the access matrix.
    pub narrowed: bool,
    /// What the line grants to your role; nothing when it is not on it. Any of them will do.
    pub granted: Vec<AccessRelation>,
    /// Those of them that hold between you and what you ask of; nothing when you name none.
    pub held: Vec<AccessRelation>,
    /// The same in a sentence.
    pub sentence: String,
}

#[Object]
impl ExplainQuery {
    /// Why a command, a question or a class of data is open to you or not: by which line of the access matrix, and by which
    /// relation to the thing you name. It tells nothing of things that you may not know of: of those it answers as of an
    /// id that there is not.
    async fn explain(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What sort of thing the name names.")] of: AccessSubject,
        #[graphql(desc = "The name, for example `recordSession`, `pairing` or `pen-portrait`.")]
        name: String,
        #[graphql(
            desc = "The id of what you ask it of: a person, a pairing, an appointment. Leave it out to hear what your role may at all."
        )]
        id: Option<ID>,
    ) -> Option<Result<AccessExplanation>> {
        Some(explain(context, of, &name, id.as_ref()).await)
    }
}

async fn explain(
    context: &Context<'_>,
    of: AccessSubject,
    name: &str,
    id: Option<&ID>,
) -> Result<AccessExplanation> {
    authorise(context, Query::Explain)?;
    let (matrix, role) = (&services(context)?.matrix, caller(context)?.role);
    let section = match of {
        AccessSubject::Command => Section::Commands,
        AccessSubject::Query => Section::Queries,
        AccessSubject::Data => Section::Fields,
    };
    let Some(item) = Item::named(section, name) else {
        let message = "The access matrix has no such name in that section.";
        return Err(field_error(Code::InvalidInput, "name", message));
    };
    let granted = matrix.granted(role, item);
    let held = match id {
        // Whoever may nothing learns nothing of what there is.
        Some(id) if !granted.is_empty() => Some(held(context, granted, id).await?),
        Some(_) => Some(Relations::NONE),
        None => None,
    };
    Ok(explanation(matrix, role, item, held))
}

/// What of a grant holds between the asker and the thing of this id.
async fn held(context: &Context<'_>, granted: Relations, id: &ID) -> Result<Relations> {
    let (scheme, named) = match (id.contains(':'), global_id::parse(id)) {
        (false, _) => (id.as_str(), None),
        (true, Some((scheme, kind, key))) => (scheme, Some((kind, key))),
        (true, None) => {
            let message = "This is not an id of this service.";
            return Err(field_error(Code::InvalidId, "id", message));
        }
    };
    if authorise(context, Query::Scheme).is_err() || authorise(context, Query::Node).is_err() {
        return Ok(Relations::NONE);
    }
    let view = View::open_named(context, scheme, None).await?;
    let Some((kind, key)) = named else {
        return Ok(view.asker().held(granted, Thing::OfNobody));
    };
    let held = view.with_thing(kind, key, |thing| view.asker().held(granted, thing));
    let held = held.unwrap_or(Relations::NONE);
    Ok(if view.is_known(kind, key) {
        held
    } else {
        Relations::NONE
    })
}

impl View {
    /// Whether the caller may know that there is what an id names: they can look at it, or ask what the person is entitled
    /// to. Relations hold of other things too, and must not tell of them.
    fn is_known(&self, kind: Kind, key: &str) -> bool {
        let person = match kind {
            Kind::Mentee | Kind::Mentor | Kind::Person => Uuid::parse_str(key).ok(),
            _ => None,
        };
        let may_check = person.is_some_and(|person| self.may_check_entitlement(person.into()));
        may_check || node::seen(self, kind, key).is_some()
    }

    /// What an id names, if the scheme has it, handed to `with`. Whether the caller may know of it is not asked here.
    fn with_thing<R>(&self, kind: Kind, key: &str, with: impl FnOnce(Thing<'_>) -> R) -> Option<R> {
        let uuid = Uuid::parse_str(key).ok();
        let (scheme, confidences) = (self.scheme(), self.particulars().confidences());
        Some(match kind {
            Kind::Mentee | Kind::Mentor | Kind::Person => {
                let person = uuid?.into();
                scheme.knows(person).then_some(())?;
                with(Thing::Person(person))
            }
            Kind::Appointment => with(Thing::Appointment(scheme.appointments.get(&uuid?.into())?)),
            Kind::Match => with(Thing::Match(scheme.matches.get(&uuid?.into())?)),
            Kind::Pairing => with(Thing::Pairing(scheme.pairings.get(&uuid?.into())?)),
            Kind::ArrangedSession => {
                let session = uuid?.into();
                let mut all = scheme.pairings.values();
                let of = all.find(|pairing| pairing.arranged_session(session).is_ok())?;
                with(Thing::Pairing(of))
            }
            Kind::NeedsAnalysis => with(Thing::NeedsAnalysis(
                scheme.needs.analyses.get(&uuid?.into())?,
            )),
            Kind::NeedsProfile => with(Thing::NeedsProfile(
                scheme.needs.profiles.get(&uuid?.into())?,
            )),
            Kind::Concern => with(Thing::Concern(confidences.concern(uuid?.into())?)),
            Kind::ThirdPerson => with(Thing::ThirdPerson(confidences.third_person(uuid?.into())?)),
            Kind::DevelopmentOpportunity => {
                let id = uuid?.into();
                scheme.development.opportunities.get(&id)?;
                with(Thing::Opportunity(id))
            }
            Kind::Employer
            | Kind::Campaign
            | Kind::MentorInductionSeminar
            | Kind::DfeInductionDay
            | Kind::Entry
            | Kind::PostHolding => with(Thing::OfNobody),
        })
    }
}

fn explanation(
    matrix: &Matrix,
    role: Role,
    item: Item,
    held: Option<Relations>,
) -> AccessExplanation {
    let granted = matrix.granted(role, item);
    let reason = match held {
        _ if granted.is_empty() => AccessReason::NotGranted,
        None if granted.of_all() => AccessReason::OpenOfAll,
        None => AccessReason::DependsOnRelation,
        Some(held) if held.of_all() => AccessReason::OpenOfAll,
        Some(held) if !held.is_empty() => AccessReason::OpenByRelation,
        Some(_) => AccessReason::NotRelated,
    };
    let line = format!("{}.{}", item.section().name(), item.name());
    let held = held.unwrap_or(Relations::NONE);
    let words = |relations: Relations| {
        let words = relations.iter();
        let words: Vec<_> = words
            .map(|relation| relation.word_in(item.section()))
            .collect();
        words.join(" or ")
    };
    let granted_words = words(granted);
    let sentence = match reason {
        AccessReason::NotGranted => format!("`{line}` does not name the role {role}."),
        AccessReason::OpenOfAll => {
            format!("`{line}` grants the role {role}: {granted_words}, without further condition.")
        }
        AccessReason::DependsOnRelation => {
            format!(
                "`{line}` grants the role {role}: {granted_words}. It depends on what you ask it of."
            )
        }
        AccessReason::OpenByRelation => {
            format!(
                "`{line}` grants the role {role}: {granted_words}. Of this holds: {}.",
                words(held)
            )
        }
        AccessReason::NotRelated => {
            format!(
                "`{line}` grants the role {role}: {granted_words}. None of it holds of anything of this id that you may know of."
            )
        }
    };
    let stands = matrix.line(item);
    AccessExplanation {
        open: matches!(
            reason,
            AccessReason::OpenOfAll | AccessReason::OpenByRelation
        ),
        reason,
        line,
        line_number: stands.map(|line| line.number),
        narrowed: stands.is_some_and(|line| line.narrowed),
        granted: granted.iter().map(Into::into).collect(),
        held: held.iter().map(Into::into).collect(),
        sentence,
    }
}
