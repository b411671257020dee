//! Whom the administrator lets in: the office's deputy, a council's personnel system and a mentor; and the deputy no longer,
//! when somebody else takes over.
//!
//! The demonstration has no identity provider, so nobody holds a token for these: they are there to be looked at.

use super::{
    cast,
    meetings::Pair,
    office::Office,
    script::{Moment, Word},
};
use domain::access::{GrantAccess, RevokeAccess, Role, Standing};
use jiff::civil::date;
use uuid::Uuid;

impl Office {
    pub(super) fn access(&mut self, first: Option<&Pair>) {
        let (deputy, successor) = (holder("deputy"), holder("the deputy's successor"));
        let at = self.script.moment(date(2025, 1, 13));
        self.let_in(at, deputy, Role::Coordinator, Standing::default());
        let at = self.script.moment(date(2025, 2, 10));
        let system = Standing {
            person: None,
            employer: Some(cast::DEVON.into()),
        };
        self.let_in(at, holder("a personnel system"), Role::Employer, system);
        if let Some(pair) = first {
            let at = self.script.later(pair.formed, 1, 5);
            let standing = Standing {
                person: Some(pair.mentor),
                employer: None,
            };
            self.let_in(at, holder("a mentor"), Role::Mentor, standing);
        }
        let at = self.script.moment(date(2026, 9, 1));
        self.let_in(at, successor, Role::Coordinator, Standing::default());
        let out = RevokeAccess {
            holder: deputy,
            role: Role::Coordinator,
        };
        let at = self.script.soon(at);
        self.script.step(at, Word::of_administrator(), out);
    }

    fn let_in(&mut self, at: Moment, holder: Uuid, role: Role, standing: Standing) {
        let grant = GrantAccess {
            holder,
            role,
            standing,
        };
        self.script.step(at, Word::of_administrator(), grant);
    }
}

/// Stands for somebody, as an actor made of issuer and subject would.
fn holder(who: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, who.as_bytes())
}
