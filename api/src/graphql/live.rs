//! Listening to a scheme, for as long as the token holds and the scheme lets the listener in.

use super::{
    access::Query,
    error::{failure, forbidden},
    view::{OperationStates, Services, View, caller, services, states},
};
use crate::identity::Caller;
use async_graphql::{Context, Error};
use projections::Snapshot;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::timeout};

/// Somebody who listens to a scheme.
pub struct Listener {
    services: Services,
    caller: Caller,
    states: OperationStates,
    scheme: String,
    query: Query,
    changes: watch::Receiver<Arc<Snapshot>>,
}

impl Listener {
    /// Begins to listen, if the caller may put this question about anybody.
    pub async fn open(context: &Context<'_>, scheme: &str, query: Query) -> Result<Self, Error> {
        let (services, caller) = (services(context)?.clone(), caller(context)?.clone());
        let granted = services.matrix.query(caller.role, query);
        if !caller.may_enter(scheme) || !granted.of_all() {
            return Err(forbidden());
        }
        let changes = services.platform.changes(scheme).await;
        let changes = changes.map_err(|found| failure(&found))?;
        Ok(Self {
            services,
            caller,
            states: states(context)?.clone(),
            scheme: scheme.to_owned(),
            query,
            changes,
        })
    }

    /// The scheme as it stands, if the caller still may see it.
    pub fn view(&mut self) -> Result<View, Error> {
        let snapshot = Arc::clone(&self.changes.borrow_and_update());
        // Asked anew for each message: what was recorded last may have shut them out.
        if !self.caller.is_let_in_by(&snapshot) {
            return Err(forbidden());
        }
        let view = View::of(
            &self.services,
            &self.caller,
            &self.states,
            &self.scheme,
            snapshot,
        )
        .admitted()?;
        view.ask_of_all(self.query)?;
        if self.remaining().is_zero() {
            return Err(forbidden());
        }
        Ok(view)
    }

    /// Waits until the scheme changes. The answer is no when the token expires first or the service stops.
    pub async fn changed(&mut self) -> bool {
        let remaining = self.remaining();
        matches!(timeout(remaining, self.changes.changed()).await, Ok(Ok(())))
            && !self.remaining().is_zero()
    }

    fn remaining(&self) -> Duration {
        let now = (self.services.wall_clock)();
        let left = self.caller.expires_at.duration_since(now);
        Duration::try_from(left).unwrap_or(Duration::ZERO)
    }
}
