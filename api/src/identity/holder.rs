//! As what somebody asks: the roles a token brings, and the one of them a request chooses.

use super::{Caller, Role};
use jiff::Timestamp;
use uuid::Uuid;

/// One thing somebody may be: a role and what bounds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HeldRole {
    /// The role.
    pub role: Role,
    /// The one scheme it is for; any, if absent.
    pub scheme: Option<String>,
    /// The person they are, where the role acts for itself.
    pub person: Option<Uuid>,
    /// The employer they speak for.
    pub employer: Option<String>,
}

/// Whoever showed a token that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Stands for them in the history.
    pub actor: Uuid,
    /// What the token and the settings make of them.
    pub roles: Vec<HeldRole>,
    /// From this instant on the token is worth nothing.
    pub expires_at: Timestamp,
    /// Whether a scheme's own list of access counts for them too. A local token says itself what it is for, and nothing
    /// adds to it.
    pub listed: bool,
}

/// What a request wants to be judged as, where the token leaves it open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// In this role.
    pub role: Option<Role>,
    /// In this scheme.
    pub scheme: Option<String>,
}

/// Why there is no caller, although the token holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCaller {
    /// Nothing they are is what the request wants.
    NoAccess,
    /// Several things they are would do: one of these roles must be named.
    SeveralRoles(Vec<Role>),
}

impl HeldRole {
    /// However it is told: an auditor of whom an employer is named is that employer's.
    fn role(&self) -> Role {
        self.role.bounded_by(self.employer.as_deref())
    }
}

impl Holder {
    /// What they are, where the token leaves no choice.
    #[must_use]
    pub fn only_role(&self) -> Option<Role> {
        match &self.roles[..] {
            [only] => Some(only.role()),
            _ => None,
        }
    }

    /// The caller in the one role that `wanted` leaves, of those of the token and of `listed`, which a scheme's own
    /// list of access gives.
    pub fn as_caller(&self, wanted: &Wanted, listed: Vec<HeldRole>) -> Result<Caller, NoCaller> {
        let mut fitting: Vec<(HeldRole, bool)> = Vec::new();
        let brought = self.roles.iter().cloned().map(|one| (one, false));
        for (mut held, by_list) in brought.chain(listed.into_iter().map(|one| (one, true))) {
            held.role = held.role();
            let role_fits = wanted.role.is_none_or(|role| role == held.role);
            let scheme_fits = match (&wanted.scheme, &held.scheme) {
                (Some(wanted), Some(own)) => wanted == own,
                _ => true,
            };
            if !role_fits || !scheme_fits {
                continue;
            }
            if self.listed && held.scheme.is_none() {
                held.scheme.clone_from(&wanted.scheme);
            }
            // Told twice, by the settings and by the list, it is one thing; the settings' is the one that lasts.
            if !fitting.iter().any(|(known, _)| *known == held) {
                fitting.push((held, by_list));
            }
        }
        let mut roles: Vec<Role> = fitting.iter().map(|(held, _)| held.role).collect();
        let (Some((held, by_list)), None) = (fitting.pop(), fitting.pop()) else {
            roles.sort_unstable();
            roles.dedup();
            return Err(match roles.len() {
                0 => NoCaller::NoAccess,
                _ => NoCaller::SeveralRoles(roles),
            });
        };
        Ok(Caller {
            actor: self.actor,
            role: held.role,
            scheme: held.scheme,
            person: held.person,
            employer: held.employer,
            expires_at: self.expires_at,
            by_list,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(role: Role, scheme: Option<&str>) -> HeldRole {
        HeldRole {
            role,
            scheme: scheme.map(str::to_owned),
            person: None,
            employer: None,
        }
    }

    fn holder(roles: Vec<HeldRole>) -> Holder {
        Holder {
            actor: Uuid::from_u128(1),
            roles,
            expires_at: Timestamp::UNIX_EPOCH,
            listed: true,
        }
    }

    fn wanted(role: Option<Role>, scheme: Option<&str>) -> Wanted {
        let scheme = scheme.map(str::to_owned);
        Wanted { role, scheme }
    }

    #[test]
    fn whoever_is_one_thing_need_not_say_which() {
        let one = holder(vec![held(Role::Auditor, Some("a"))]);
        let caller = one.as_caller(&Wanted::default(), vec![]).unwrap();
        assert_eq!((caller.role, caller.by_list), (Role::Auditor, false));
        assert_eq!(
            one.as_caller(&wanted(Some(Role::Mentor), None), vec![]),
            Err(NoCaller::NoAccess)
        );
        assert_eq!(
            one.as_caller(&wanted(None, Some("b")), vec![]),
            Err(NoCaller::NoAccess)
        );
    }

    /// A token, the settings and the list may all name an employer beside an auditor.
    #[test]
    fn an_auditor_of_whom_an_employer_is_named_is_that_employers_however_it_is_told() {
        let auditor = HeldRole {
            employer: Some("E10000008".to_owned()),
            ..held(Role::Auditor, Some("a"))
        };
        let told = holder(vec![auditor.clone()]);
        assert_eq!(told.only_role(), Some(Role::EmployerAuditor));
        let listed = holder(vec![]).as_caller(&wanted(None, Some("a")), vec![auditor]);
        for caller in [told.as_caller(&Wanted::default(), vec![]), listed] {
            assert_eq!(caller.unwrap().role, Role::EmployerAuditor);
        }
        let as_any = told.as_caller(&wanted(Some(Role::Auditor), None), vec![]);
        assert_eq!(as_any, Err(NoCaller::NoAccess));
    }

    #[test]
    fn whoever_is_two_things_says_which() {
        let two = holder(vec![
            held(Role::Coordinator, None),
            held(Role::Mentor, Some("a")),
        ]);
        let several = NoCaller::SeveralRoles(vec![Role::Coordinator, Role::Mentor]);
        assert_eq!(two.as_caller(&Wanted::default(), vec![]), Err(several));
        let caller = two.as_caller(&wanted(Some(Role::Coordinator), Some("b")), vec![]);
        // What is for any scheme is bound to the one that is asked for.
        assert_eq!(caller.unwrap().scheme.as_deref(), Some("b"));
    }

    #[test]
    fn what_a_scheme_lists_is_known_as_such_and_the_same_thing_twice_is_one() {
        let nobody = holder(vec![]);
        let listed = held(Role::Mentor, Some("a"));
        let caller = nobody.as_caller(&wanted(None, Some("a")), vec![listed.clone()]);
        assert!(caller.unwrap().by_list);
        let both = holder(vec![held(Role::Mentor, None)]);
        let caller = both.as_caller(&wanted(None, Some("a")), vec![listed]);
        assert!(!caller.unwrap().by_list);
    }
}
