//! One state of one scheme, as one caller sees it.
//!
//! Every object of the schema holds a [`View`], so an answer is made of one state however deep it goes, and no
//! resolver can forget who is asking. What the caller may see of it is decided in [`super::access`].

use super::{
    error::{Code, error, failure, forbidden},
    global_id::{self, Kind, Reader},
    recent_commands::RecentCommands,
    scalars::Version,
};
use crate::{
    dispatch::{
        Failure, Platform,
        moments::Moment,
        reads::{Given, Sensitive},
        rendered::Basis,
    },
    http::quota::Refusals,
    identity::{Caller, access::Matrix, token},
};
use async_graphql::{Context, Error, ID};
use domain::{
    Particulars, Scheme,
    identifiers::{EmployerId, PersonId},
    register::Employer,
};
use jiff::{Timestamp, civil::Date};
use projections::Snapshot;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

/// What every operation needs and no operation changes. Stands in the data of the schema.
#[derive(Clone)]
pub struct Services {
    /// The door to the schemes.
    pub platform: Platform,
    /// Who may do what.
    pub matrix: Arc<Matrix>,
    /// The instant by which tokens expire.
    pub wall_clock: fn() -> Timestamp,
    /// Which command came under which `commandId` lately.
    pub recent_commands: Arc<RecentCommands>,
    /// What was refused lately because a client had used up its share.
    pub refusals: Arc<Refusals>,
    /// Whose tokens are taken, by name.
    pub issuers: Arc<[String]>,
}

impl Services {
    /// Services on a platform, by a matrix and a clock.
    #[must_use]
    pub fn new(platform: Platform, matrix: Arc<Matrix>, wall_clock: fn() -> Timestamp) -> Self {
        Self {
            platform,
            matrix,
            wall_clock,
            recent_commands: Arc::default(),
            refusals: Arc::default(),
            issuers: [token::ISSUER.to_owned()].into(),
        }
    }

    /// The same, with what the edge refused.
    #[must_use]
    pub fn with_refusals(mut self, refusals: Arc<Refusals>) -> Self {
        self.refusals = refusals;
        self
    }

    /// The same, where tokens come from these issuers.
    #[must_use]
    pub fn with_issuers(mut self, issuers: Arc<[String]>) -> Self {
        self.issuers = issuers;
        self
    }
}

/// The W3C trace context a request came in, where it came in one. May stand in the data of a request.
#[derive(Debug, Clone, Default)]
pub struct TraceContext {
    /// The header `traceparent`, as it came.
    pub traceparent: Option<String>,
}

/// The states one operation has read: the same scheme asked for twice is the same state; and what it gives of sensitive
/// data. Stands in the data of a request, a new one for each; clones are the same.
#[derive(Debug, Clone, Default)]
pub struct OperationStates(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    states: HashMap<String, Arc<Snapshot>>,
    /// The days by which something was shown, each with its scheme.
    days: Vec<(String, Date)>,
    /// A scheme was seen in two states, or something was read that is no scheme's state.
    beyond: bool,
    /// Sensitive data of others than the asker that the answer gives, by scheme.
    given: BTreeMap<String, BTreeSet<Given>>,
}

impl OperationStates {
    fn at_least(&self, scheme: &str, position: u64) -> Option<Arc<Snapshot>> {
        let seen = self.seen();
        let found = seen.states.get(scheme);
        found
            .filter(|snapshot| snapshot.position() >= position)
            .cloned()
    }

    fn keep(&self, scheme: &str, snapshot: &Arc<Snapshot>) {
        let mut seen = self.seen();
        let before = seen.states.insert(scheme.to_owned(), Arc::clone(snapshot));
        seen.beyond |= before.is_some_and(|before| !Arc::ptr_eq(&before, snapshot));
    }

    fn shown_by(&self, view: &View) {
        let day = (view.0.scheme.clone(), view.0.today);
        let mut seen = self.seen();
        if !seen.days.contains(&day) {
            seen.days.push(day);
        }
    }

    /// Says that the answer depends on something else than states of schemes and their days, so that it is not kept.
    pub fn go_beyond(&self) {
        self.seen().beyond = true;
    }

    fn give(&self, scheme: &str, given: Given) {
        let mut seen = self.seen();
        seen.given
            .entry(scheme.to_owned())
            .or_default()
            .insert(given);
    }

    /// What the answer gives of sensitive data, by scheme. It may leave once all of it is written down.
    #[must_use]
    pub fn take_given(&self) -> BTreeMap<String, BTreeSet<Given>> {
        std::mem::take(&mut self.seen().given)
    }

    /// What the answer rests on, if that is one state of one scheme on one day and nothing else.
    #[must_use]
    pub fn basis(&self) -> Option<Basis> {
        let seen = self.seen();
        let mut states = seen.states.iter();
        let (Some((scheme, state)), None) = (states.next(), states.next()) else {
            return None;
        };
        match &seen.days[..] {
            [(of, day)] if of == scheme && !seen.beyond => Some(Basis {
                scheme: scheme.clone(),
                state: Arc::clone(state),
                day: *day,
            }),
            _ => None,
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The services of the schema.
pub fn services<'a>(context: &Context<'a>) -> Result<&'a Services, Error> {
    context
        .data::<Services>()
        .map_err(|_| failure(&Failure::Internal))
}

/// Who is asking.
pub fn caller<'a>(context: &Context<'a>) -> Result<&'a Caller, Error> {
    context
        .data::<Caller>()
        .map_err(|_| error(Code::Unauthenticated, "A valid bearer token is needed."))
}

/// What this operation has read. Without it nothing can be shown, because nobody would write down what was.
pub fn states<'a>(context: &Context<'a>) -> Result<&'a OperationStates, Error> {
    context
        .data::<OperationStates>()
        .map_err(|_| failure(&Failure::Internal))
}

/// One state of one scheme, as one caller sees it. Cheap to clone.
#[derive(Clone)]
pub struct View(Arc<Inner>);

struct Inner {
    services: Services,
    caller: Caller,
    states: OperationStates,
    scheme: String,
    snapshot: Arc<Snapshot>,
    today: Date,
    /// Where the state is an earlier one.
    earlier: Option<Earlier>,
}

/// What there is to know of an earlier state.
struct Earlier {
    /// The scheme in ids, with the moment.
    named: String,
    present: Arc<Snapshot>,
}

impl View {
    /// A scheme as it stands, not before the version asked for.
    pub async fn open(
        context: &Context<'_>,
        scheme: &str,
        at_least: Option<&Version>,
    ) -> Result<Self, Error> {
        let (services, caller) = (services(context)?, caller(context)?);
        // First of all, so that a token for another scheme does not learn whether this one exists.
        if !caller.may_enter(scheme) {
            return Err(forbidden());
        }
        let platform = &services.platform;
        let position = match at_least {
            Some(version) => platform
                .tokens()
                .read_version(scheme, &version.0)
                .map_err(|found| failure(&found))?,
            None => 0,
        };
        let states = states(context)?;
        let known = states.at_least(scheme, position);
        let snapshot = match known {
            Some(snapshot) => Ok(snapshot),
            None if position == 0 => platform.snapshot(scheme).await,
            None => platform.snapshot_at_least(scheme, position).await,
        };
        let snapshot = snapshot.map_err(|found| failure(&found))?;
        if !caller.is_let_in_by(&snapshot) {
            return Err(forbidden());
        }
        states.keep(scheme, &snapshot);
        let view = Self::of(services, caller, states, scheme, snapshot).admitted()?;
        states.shown_by(&view);
        Ok(view)
    }

    /// A state at hand.
    pub fn of(
        services: &Services,
        caller: &Caller,
        states: &OperationStates,
        scheme: &str,
        snapshot: Arc<Snapshot>,
    ) -> Self {
        let today = services.platform.today(scheme, &snapshot);
        Self(Arc::new(Inner {
            services: services.clone(),
            caller: caller.clone(),
            states: states.clone(),
            scheme: scheme.to_owned(),
            snapshot,
            today,
            earlier: None,
        }))
    }

    /// The same scheme as it was at an earlier moment, in `then`. What it answers is not kept.
    pub fn back_to(&self, moment: Moment, then: Arc<Snapshot>) -> Result<Self, Error> {
        let Inner {
            services,
            caller,
            states,
            scheme,
            snapshot,
            ..
        } = &*self.0;
        if caller.was_shut_out_of(&then) {
            return Err(forbidden());
        }
        states.go_beyond();
        let token = services.platform.tokens().moment(scheme, moment);
        Ok(Self(Arc::new(Inner {
            services: services.clone(),
            caller: caller.clone(),
            states: states.clone(),
            scheme: scheme.clone(),
            snapshot: then,
            today: moment.day,
            earlier: Some(Earlier {
                named: format!("{scheme}@{token}"),
                present: Arc::clone(snapshot),
            }),
        })))
    }

    /// The present, where this state is an earlier one.
    pub fn present(&self) -> Option<&Snapshot> {
        self.0.earlier.as_ref().map(|earlier| &*earlier.present)
    }

    /// The same scheme after a command, which what follows in the operation sees too.
    pub fn moved_on(&self, snapshot: Arc<Snapshot>) -> Self {
        let Inner {
            services,
            caller,
            states,
            scheme,
            ..
        } = &*self.0;
        states.keep(scheme, &snapshot);
        Self::of(services, caller, states, scheme, snapshot)
    }

    /// Says that the answer gives `what` of `person`. It leaves only once that is written down; what is the asker's own
    /// is not.
    pub fn give(&self, what: Sensitive, person: PersonId) {
        if self.me() != Some(person) {
            let given = Given { of: person, what };
            self.0.states.give(&self.0.scheme, given);
        }
    }

    /// Says that the answer depends on something else than states of schemes and their days.
    pub fn go_beyond(&self) {
        self.0.states.go_beyond();
    }

    /// Who is asking.
    pub fn caller(&self) -> &Caller {
        &self.0.caller
    }

    /// The person who is asking, where the token is somebody's own.
    pub fn me(&self) -> Option<PersonId> {
        self.0.caller.person.map(PersonId)
    }

    /// Who may do what.
    pub fn matrix(&self) -> &Matrix {
        &self.0.services.matrix
    }

    /// Whose tokens are taken.
    pub fn issuers(&self) -> &[String] {
        &self.0.services.issuers
    }

    /// The door to the schemes. A resolver of a query that reads of it what a state and its day do not determine calls
    /// [`OperationStates::go_beyond`].
    pub fn platform(&self) -> &Platform {
        &self.0.services.platform
    }

    /// The scheme's name in addresses.
    pub fn scheme_id(&self) -> &str {
        &self.0.scheme
    }

    /// The scheme's name in ids and cursors: of an earlier state with its moment, so that they are not those of another.
    pub fn named(&self) -> &str {
        let earlier = self.0.earlier.as_ref();
        earlier.map_or(&self.0.scheme, |earlier| &earlier.named)
    }

    /// The scheme, without personal values.
    pub fn scheme(&self) -> &Scheme {
        &self.0.snapshot.scheme
    }

    /// The personal values that could be opened. Ask [`super::access`] before any of them leaves.
    pub fn particulars(&self) -> &Particulars {
        &self.0.snapshot.particulars
    }

    /// All answers of this state.
    pub fn snapshot(&self) -> &Snapshot {
        &self.0.snapshot
    }

    /// The same, to be held on to.
    pub fn shared_snapshot(&self) -> &Arc<Snapshot> {
        &self.0.snapshot
    }

    /// The scheme's day.
    pub fn today(&self) -> Date {
        self.0.today
    }

    /// The version of this state.
    pub fn version(&self) -> Version {
        self.version_at(self.0.snapshot.position())
    }

    /// The version at a position.
    pub fn version_at(&self, position: u64) -> Version {
        Version(self.platform().tokens().version(&self.0.scheme, position))
    }

    /// Reads the ids of the input.
    pub fn ids(&self) -> Reader<'_> {
        Reader {
            scheme: &self.0.scheme,
            named: self.named(),
        }
    }

    /// The id of the thing of this kind with this key.
    pub fn id(&self, kind: Kind, key: impl std::fmt::Display) -> ID {
        global_id::encode(self.named(), kind, key)
    }

    /// An employer of the register adopted last that lists it.
    pub fn employer(&self, id: &EmployerId) -> Option<&Employer> {
        let mut registers = self.scheme().registers.iter().rev();
        registers.find_map(|register| register.employer(id))
    }

    /// Refuses whoever was forgotten: their token outlives them, and opens nothing of this scheme any more.
    pub fn admitted(self) -> Result<Self, Error> {
        let erasures = &self.scheme().erasures;
        if self.me().is_some_and(|me| erasures.is_erased(me)) {
            return Err(forbidden());
        }
        Ok(self)
    }

    /// Whether somebody's personal values were forgotten: it was decided here, or the scheme knows them and their details
    /// do not open. Who is forgotten is forgotten at every moment.
    pub fn is_erased(&self, person: PersonId) -> bool {
        let present = self.present();
        self.scheme().erasures.is_erased(person)
            || present.is_some_and(|present| present.scheme.erasures.is_erased(person))
            || (self.scheme().knows(person) && self.particulars().details(person).is_none())
    }
}
