//! The one door for bearer tokens: from what a request shows to the caller it is made as.
//!
//! Either the data directory's own key signs (local mode), or identity providers do; never both, because whoever can
//! read the key could be anybody. Whatever is wrong with a token is answered alike, but that a good one has expired: a
//! client renews that by itself, and nobody learns it who did not hold one.

use super::{
    Caller, HeldRole, Holder, NoCaller, Role, Wanted,
    issuers::Issuers,
    token::{self, LocalTokens, TokenError},
};
use crate::{
    dispatch::Platform,
    http::{
        problem::{Code, Problem},
        quota,
    },
    outside,
};
use jiff::Timestamp;
use projections::Snapshot;
use std::{fmt::Write as _, sync::Arc};

/// Names the scheme in whose list of access somebody stands, where the address does not.
pub const SCHEME_HEADER: &str = "alongside-scheme";
/// Names the one role, of several, in which a request is made.
pub const ROLE_HEADER: &str = "alongside-role";

/// Whose tokens are taken. Cheap to clone.
#[derive(Clone)]
pub enum Bearers {
    /// Those that the data directory's own key signed.
    Local(LocalTokens),
    /// Those of identity providers.
    Issued(Issuers),
}

impl From<LocalTokens> for Bearers {
    fn from(tokens: LocalTokens) -> Self {
        Self::Local(tokens)
    }
}

/// What a request shows of who makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credentials<'a> {
    /// The bearer token.
    pub token: &'a str,
    /// The role in which the request is made, where several would do.
    pub role: Option<&'a str>,
    /// The scheme, where it is not in the token.
    pub scheme: Option<&'a str>,
}

impl Bearers {
    /// Whose tokens are taken, by name.
    #[must_use]
    pub fn issuers(&self) -> Arc<[String]> {
        match self {
            Self::Local(_) => [token::ISSUER.to_owned()].into(),
            Self::Issued(issuers) => issuers.names(),
        }
    }

    /// Whose account a request is charged to, by what is at hand: nothing is waited for, and what cannot be verified
    /// without the provider is nobody's.
    pub fn account(
        &self,
        shown: &Credentials<'_>,
        now: Timestamp,
    ) -> Result<quota::Holder, TokenError> {
        let holder = match self {
            Self::Local(tokens) => tokens.holder(shown.token, now)?,
            Self::Issued(issuers) => issuers.holder_at_hand(shown.token, now)?,
        };
        let role = match shown.role {
            Some(named) => named.parse().ok(),
            None => holder.only_role(),
        };
        let actor = holder.actor;
        Ok(quota::Holder { actor, role })
    }

    /// Whose request it is, or why it is nobody's.
    pub async fn caller(
        &self,
        shown: &Credentials<'_>,
        platform: &Platform,
    ) -> Result<Caller, Problem> {
        let now = outside::wall_clock();
        let holder = match self {
            Self::Local(tokens) => tokens.holder(shown.token, now)?,
            Self::Issued(issuers) => issuers.holder(shown.token, now).await?,
        };
        let mut wanted = wanted(shown)?;
        if !holder.listed {
            wanted.scheme = None; // A local token says itself which scheme it is for.
        }
        let listed = match &wanted.scheme {
            Some(scheme) => listed(&holder, scheme, platform).await,
            None => vec![],
        };
        holder.as_caller(&wanted, listed).map_err(refusal)
    }
}

/// What the scheme's own list makes of the holder. A scheme that does not exist lists nobody.
async fn listed(holder: &Arc<Holder>, scheme: &str, platform: &Platform) -> Vec<HeldRole> {
    let Ok(snapshot) = platform.snapshot(scheme).await else {
        return vec![];
    };
    let all = Role::ALL.into_iter();
    all.filter_map(|role| on_the_list(holder, role, scheme, &snapshot))
        .collect()
}

/// Whose person or employer was forgotten stands on no list any more.
fn on_the_list(holder: &Holder, role: Role, scheme: &str, snapshot: &Snapshot) -> Option<HeldRole> {
    let entry = snapshot.scheme.access.of(holder.actor, role)?;
    let standing = snapshot.particulars.standing(holder.actor, role)?;
    entry.granted.then(|| HeldRole {
        role,
        scheme: Some(scheme.to_owned()),
        person: standing.person.map(|person| person.0),
        employer: standing.employer.as_ref().map(|code| code.0.clone()),
    })
}

fn wanted(shown: &Credentials<'_>) -> Result<Wanted, Problem> {
    let role = shown.role.map(str::parse).transpose();
    let role = role.map_err(|_| {
        let detail = format!("The header {ROLE_HEADER} names no role there is.");
        Problem::new(Code::Malformed, detail)
    })?;
    Ok(Wanted {
        role,
        scheme: shown.scheme.map(str::to_owned),
    })
}

fn refusal(no_caller: NoCaller) -> Problem {
    let detail = match no_caller {
        NoCaller::NoAccess => format!(
            "This token gives no access to what is asked. Name a scheme with the header {SCHEME_HEADER} and, where you are several things there, a role with {ROLE_HEADER}."
        ),
        NoCaller::SeveralRoles(roles) => {
            let mut names = String::new();
            for role in roles {
                let _: Result<(), _> = write!(names, " {role}");
            }
            format!("Name one role with the header {ROLE_HEADER}:{names}.")
        }
    };
    Problem::new(Code::Forbidden, detail)
}

/// A refusal by itself, before anything else is looked at.
impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid => Self::new(Code::Unauthenticated, "The token is not valid."),
            TokenError::Expired => Self::new(Code::TokenExpired, "Ask for a new token."),
            TokenError::Unverifiable => Self::new(
                Code::Unavailable,
                "The identity provider cannot be reached, so no token of it can be verified. Try again shortly.",
            ),
        }
    }
}
