//! Employers, as the register adopted by a scheme lists them. Nothing of it is personal.

use super::{
    access::Query,
    connection::{Wanted, connection},
    global_id::Kind,
    kinds::{CouncilType, EmployerKind},
    scalars::{Date, day},
    view::View,
};
use async_graphql::{Error, ID, Object};
use domain::register;

/// An employer of the register.
pub struct Employer {
    view: View,
    listed: register::Employer,
}

impl View {
    /// An employer as the schema shows it.
    pub fn employer_node(&self, listed: &register::Employer) -> Employer {
        Employer {
            view: self.clone(),
            listed: listed.clone(),
        }
    }

    /// The employers that match a name and a kind, by code.
    pub fn employers_page(
        &self,
        name: Option<&str>,
        kind: Option<EmployerKind>,
        wanted: &Wanted<'_>,
    ) -> Result<Option<EmployerConnection>, Error> {
        self.ask_of_all(Query::Employers)?;
        let Some(register) = self.scheme().registers.last() else {
            return Ok(None);
        };
        let name = name.map(str::to_lowercase);
        let found = register.employers.iter().filter(|employer| {
            let named = name
                .as_ref()
                .is_none_or(|name| employer.name.to_lowercase().contains(name));
            named && kind.is_none_or(|kind| kind == employer.kind.into())
        });
        let codes: Vec<String> = found.map(|employer| employer.id.0.clone()).collect();
        let page = self.page(wanted, &codes)?;
        Ok(Some(EmployerConnection::of(
            self,
            wanted.list,
            page,
            |code| {
                self.employer(&code.as_str().into())
                    .map(|listed| self.employer_node(listed))
            },
        )))
    }
}

connection! {
    /// A page of employers, in the order of their codes.
    EmployerConnection, EmployerEdge, Employer
}

/// An employer of the register: a council, a trust that works for councils, or another.
#[Object]
impl Employer {
    /// The id of the employer in this scheme.
    pub async fn id(&self) -> ID {
        self.view.id(Kind::Employer, &self.listed.id)
    }

    /// The code by which the register and personnel systems know it: the ONS code of a council, a short name for others.
    async fn code(&self) -> &str {
        &self.listed.id.0
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.listed.name
    }

    /// What it is.
    async fn kind(&self) -> EmployerKind {
        self.listed.kind.into()
    }

    /// What kind of council it is; null for an employer that is no council.
    async fn council_type(&self) -> Option<CouncilType> {
        self.listed.council_type.map(Into::into)
    }

    /// The region of England it lies in; null where the register does not say.
    async fn region(&self) -> Option<&str> {
        self.listed.region.as_deref()
    }

    /// Degrees north of the place its people travel to; null where the register does not say.
    async fn latitude(&self) -> Option<f64> {
        self.listed.latitude
    }

    /// Degrees east of the place its people travel to; null where the register does not say.
    async fn longitude(&self) -> Option<f64> {
        self.listed.longitude
    }

    /// The first day it existed; null where that does not matter.
    async fn established_on(&self) -> Option<Date> {
        day(self.listed.established_on)
    }

    /// The first day it no longer existed; null while it exists.
    async fn abolished_on(&self) -> Option<Date> {
        day(self.listed.abolished_on)
    }

    /// Who took over from it.
    async fn successors(&self) -> Vec<Employer> {
        self.others(&self.listed.successors)
    }

    /// The councils a trust works for.
    async fn serves(&self) -> Vec<Employer> {
        self.others(&self.listed.serves)
    }
}

impl Employer {
    fn others(&self, codes: &[domain::identifiers::EmployerId]) -> Vec<Self> {
        let found = codes.iter().filter_map(|code| self.view.employer(code));
        found
            .map(|listed| self.view.employer_node(listed))
            .collect()
    }
}
