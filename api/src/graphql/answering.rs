//! The schema as it is asked: the one way out, which no answer takes before it is written down whom it gives sensitive
//! data.
//!
//! Resolvers say what they give with [`super::view::View::give`]; whatever the transport, the whole answer waits here
//! until that is durable, and is withheld as a whole where it cannot be written.

use super::{
    Roots,
    error::failure,
    view::{OperationStates, Services},
};
use crate::{
    dispatch::{Failure, Platform, reads::Reader},
    identity::Caller,
};
use async_graphql::{Data, Executor, Pos, Request, Response};
use futures_util::{StreamExt as _, stream::BoxStream};
use std::{
    any::{Any, TypeId},
    sync::Arc,
};

/// The schema, ready to execute. Each request must be equipped with [`super::equip`].
#[derive(Clone)]
pub struct Schema {
    roots: Roots,
    platform: Platform,
}

/// Who asks, and where it is gathered what they are given.
#[derive(Clone)]
struct Asking {
    reader: Reader,
    states: OperationStates,
}

impl Schema {
    pub(super) fn new(roots: impl FnOnce(Services) -> Roots, services: Services) -> Self {
        Self {
            platform: services.platform.clone(),
            roots: roots(services),
        }
    }

    /// The answer, once what it gives is written down; else only that it is not.
    async fn release(&self, asking: Option<Asking>, response: Response) -> Response {
        // Without them no resolver has anything to give.
        let Some(Asking { reader, states }) = asking else {
            return response;
        };
        for (scheme, given) in states.take_given() {
            let recorded = self.platform.record_reads(&scheme, reader, given).await;
            if recorded.is_err() {
                let refused = failure(&Failure::ReadNotRecorded);
                return Response::from_errors(vec![refused.into_server_error(Pos::default())]);
            }
        }
        response
    }
}

impl Executor for Schema {
    async fn execute(&self, request: Request) -> Response {
        let asking = Asking::of(&request);
        let response = self.roots.execute(request).await;
        self.release(asking, response).await
    }

    fn execute_stream(
        &self,
        request: Request,
        session_data: Option<Arc<Data>>,
    ) -> BoxStream<'static, Response> {
        let (schema, asking) = (self.clone(), Asking::of(&request));
        let responses = Executor::execute_stream(&self.roots, request, session_data);
        let released = responses.then(move |response| {
            let (schema, asking) = (schema.clone(), asking.clone());
            async move { schema.release(asking, response).await }
        });
        released.boxed()
    }
}

impl Asking {
    fn of(request: &Request) -> Option<Self> {
        let caller: &Caller = data(request)?;
        Some(Self {
            reader: Reader {
                id: caller.actor,
                role: caller.role,
            },
            states: data::<OperationStates>(request)?.clone(),
        })
    }
}

fn data<T: Any>(request: &Request) -> Option<&T> {
    request.data.get(&TypeId::of::<T>())?.downcast_ref()
}
