//! Where questions begin: with a scheme, or with the id of anything.

use super::{
    access::{Query, authorise},
    appointment::Appointment,
    concern::Concern,
    development::DevelopmentOpportunity,
    error::{Code, failure, field_error},
    global_id::{self, Kind, of_another_moment},
    induction_day::DfeInductionDay,
    matching::Match,
    mentor::Mentor,
    mentoring::Mentee,
    moment::AsOf,
    needs::{NeedsAnalysis, NeedsProfile},
    pairing::Pairing,
    recruitment::{Campaign, MentorInductionSeminar},
    register::Employer,
    scalars::Version,
    scheme::Scheme,
    third_person::ThirdPerson,
    view::{View, caller, services, states},
};
use async_graphql::{Context, ID, Interface, Object, Result};
use uuid::Uuid;

/// The questions that begin with a scheme or with an id.
#[derive(Default)]
pub struct NodeQuery;

/// Anything that has an id of its own and can be asked for by it.
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "The id: stable for ever, unique over all schemes. Treat it as opaque."
))]
pub enum Node {
    Scheme(Scheme),
    Mentee(Mentee),
    Mentor(Mentor),
    Appointment(Appointment),
    Match(Match),
    Pairing(Pairing),
    Employer(Employer),
    Campaign(Campaign),
    MentorInductionSeminar(MentorInductionSeminar),
    DfeInductionDay(DfeInductionDay),
    NeedsAnalysis(NeedsAnalysis),
    NeedsProfile(NeedsProfile),
    Concern(Concern),
    ThirdPerson(ThirdPerson),
    DevelopmentOpportunity(DevelopmentOpportunity),
}

#[Object]
impl NodeQuery {
    /// A scheme, as it stands in one state. Everything asked below it is of that same state. An unknown id is an error
    /// with the code `NOT_FOUND`.
    async fn scheme(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the scheme, for example `mentor-plus`.")] id: ID,
        #[graphql(
            desc = "A version you were given: the answer is of that state or a later one, so you read your own change."
        )]
        at_least: Option<Version>,
        #[graphql(
            desc = "The moment as of which you ask; now when absent. Everything below is as it was then, by what was recorded by then, as far as you may see it now and might have seen it then. Who was forgotten since is forgotten there too."
        )]
        as_of: Option<AsOf>,
    ) -> Option<Result<Scheme>> {
        Some(scheme(context, &id, at_least.as_ref(), as_of).await)
    }

    /// Every scheme of this service that your token reaches, by id.
    async fn schemes(&self, context: &Context<'_>) -> Option<Result<Vec<Scheme>>> {
        Some(schemes(context).await)
    }

    /// Anything by its id. Null when there is no such thing, or when you may not see it.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id, as an answer of this service gave it.")] id: ID,
    ) -> Option<Result<Node>> {
        node(context, &id).await.transpose()
    }
}

async fn scheme(
    context: &Context<'_>,
    id: &str,
    at_least: Option<&Version>,
    as_of: Option<AsOf>,
) -> Result<Scheme> {
    authorise(context, Query::Scheme)?;
    let Some(as_of) = as_of else {
        let view = View::open_named(context, id, at_least).await?;
        return Ok(Scheme::new(view));
    };
    if id.contains('@') {
        return Err(of_another_moment("id"));
    }
    let view = View::open(context, id, at_least).await?;
    Ok(Scheme::new(view.as_of(as_of).await?))
}

async fn schemes(context: &Context<'_>) -> Result<Vec<Scheme>> {
    authorise(context, Query::Schemes)?;
    let caller = caller(context)?;
    // Which schemes there are is no state of any.
    states(context)?.go_beyond();
    let known = services(context)?.platform.schemes().await;
    let mut known = known.map_err(|error| failure(&error))?;
    known.retain(|scheme| caller.may_enter(scheme));
    known.sort_unstable();
    let mut schemes = Vec::new();
    for scheme in known {
        let snapshot = services(context)?.platform.snapshot(&scheme).await;
        // A scheme that has shut the asker out is not among theirs.
        if snapshot.is_ok_and(|snapshot| !caller.is_let_in_by(&snapshot)) {
            continue;
        }
        schemes.push(Scheme::new(View::open(context, &scheme, None).await?));
    }
    Ok(schemes)
}

async fn node(context: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    authorise(context, Query::Node)?;
    if !id.contains(':') {
        return Ok(Some(scheme(context, id, None, None).await?.into()));
    }
    let Some((scheme, kind, key)) = global_id::parse(id) else {
        let message = "This is not an id of this service.";
        return Err(field_error(Code::InvalidId, "id", message));
    };
    let view = View::open_named(context, scheme, None).await?;
    Ok(seen(&view, kind, key))
}

/// What an id names, if there is such a thing and the caller may see it.
pub(super) fn seen(view: &View, kind: Kind, key: &str) -> Option<Node> {
    if kind == Kind::Employer {
        view.ask_of_all(Query::Employers).ok()?;
        let listed = view.employer(&key.into())?;
        return Some(view.employer_node(listed).into());
    }
    let key = Uuid::parse_str(key).ok()?;
    let mentee = || view.mentee(key.into()).map(Into::into);
    let mentor = || view.mentor(key.into()).map(Into::into);
    match kind {
        Kind::Mentee => mentee(),
        Kind::Mentor => mentor(),
        Kind::Person => mentee().or_else(mentor),
        Kind::Appointment => view.appointment(key.into()).map(Into::into),
        Kind::Match => view.offered_match(key.into()).map(Into::into),
        Kind::Pairing => view.pairing(key.into()).map(Into::into),
        Kind::Campaign => view.campaign(key.into()).map(Into::into),
        Kind::MentorInductionSeminar => view.seminar(key.into()).map(Into::into),
        Kind::DfeInductionDay => view.induction_day(key.into()).map(Into::into),
        Kind::NeedsAnalysis => view.needs_analysis(key.into()).map(Into::into),
        Kind::NeedsProfile => view.needs_profile(key.into()).map(Into::into),
        Kind::Concern => view.concern(key.into()).map(Into::into),
        Kind::ThirdPerson => view.third_person(key.into()).map(Into::into),
        Kind::DevelopmentOpportunity => view.opportunity(key.into()).map(Into::into),
        // An entry is found in the audit trail, by what it is about.
        // A session that was arranged is found in its pairing.
        Kind::Entry | Kind::Employer | Kind::PostHolding | Kind::ArrangedSession => None,
    }
}
