//! What the file of settings says about identity providers and about who is who.

use super::endpoint;
use crate::identity::{HeldRole, Role};
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};
use thiserror::Error;
use uuid::Uuid;

/// The section `[identity]`. Without an issuer the service is in local mode.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentitySettings {
    /// Who signs the tokens that are taken.
    #[serde(default)]
    pub issuers: Vec<IssuerSettings>,
    /// Who is who, by issuer and subject: people, and the clients of HR systems.
    #[serde(default)]
    pub people: Vec<PersonSettings>,
    /// Who is who, by what a claim says.
    #[serde(default)]
    pub claims: Vec<ClaimSettings>,
}

/// A signature algorithm (RFC 7518, RFC 8037). There is no symmetric one, and no `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum SignedWith {
    /// RSA with PKCS #1 v1.5 padding and SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// One identity provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// Its URL, letter for letter as its tokens and its discovery document say it. `https`, or `http` on this machine itself.
    pub issuer: String,
    /// For whom its tokens must be: the identifier of this service there, never that of a client.
    pub audience: String,
    /// What it may sign with.
    #[serde(default = "all_algorithms")]
    pub algorithms: Vec<SignedWith>,
    /// The claim that names whom a token is about.
    #[serde(default = "subject")]
    pub subject_claim: String,
    /// Whether a token must call itself an access token, `at+jwt` (RFC 9068).
    #[serde(default)]
    pub access_tokens_only: bool,
    /// The certificates by which the provider is known, as PEM; the machine's own when absent.
    pub ca_file: Option<PathBuf>,
    /// For how many hours keys hold that could not be fetched again.
    #[serde(default = "a_day")]
    pub keys_kept_hours: u16,
}

/// Somebody of whom the settings say what they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonSettings {
    /// Who vouches for them.
    pub issuer: String,
    /// How that provider calls them.
    pub subject: String,
    /// What they are.
    pub role: Role,
    /// The one scheme; any when absent.
    pub scheme: Option<String>,
    /// The person they are, for mentors and mentees.
    pub person: Option<Uuid>,
    /// The employer they speak for, by its code in the register.
    pub employer: Option<String>,
}

/// What everybody is who has a value in a claim.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimSettings {
    /// Whose claim.
    pub issuer: String,
    /// Its name. It holds a text, or a list of texts.
    pub claim: String,
    /// What it must say, or have among others.
    pub value: String,
    /// What they are.
    pub role: Role,
    /// The one scheme; any when absent.
    pub scheme: Option<String>,
    /// The claim that names the person they are, for mentors and mentees.
    pub person_claim: Option<String>,
    /// The employer they speak for.
    pub employer: Option<String>,
    /// The claim that names it.
    pub employer_claim: Option<String>,
}

/// Why settings about identity cannot be used. Each names the entry, because a person wrote it.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// The URL is none that may be used.
    #[error(
        "identity.issuers: {0} must be an https URL without query or fragment (http only at 127.0.0.1, [::1] or localhost)"
    )]
    Issuer(String),
    /// Two of the same.
    #[error("identity.issuers: {0} stands there twice")]
    Twice(String),
    /// Something that must be said is empty.
    #[error("identity.issuers: {0} needs {1}")]
    Empty(String, &'static str),
    /// Somebody of an issuer that is not configured.
    #[error("identity.{section}: {issuer} is none of identity.issuers")]
    UnknownIssuer {
        /// Where.
        section: &'static str,
        /// What stands there.
        issuer: String,
    },
    /// A role without what it needs.
    #[error("identity.{section}: the role {role} needs {needs}")]
    Incomplete {
        /// Where.
        section: &'static str,
        /// Which role.
        role: Role,
        /// What.
        needs: &'static str,
    },
    /// The certificates cannot be used.
    #[error("identity.issuers: the certificates in {0} cannot be used; name others with ca_file")]
    Certificates(PathBuf, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// The machine has no certificates of its own.
    #[error(
        "identity.issuers: this machine has no list of certificates where one is looked for; name a file with ca_file, or install the package ca-certificates"
    )]
    NoCertificates,
    /// No thread to fetch with.
    #[error("the keys of an issuer cannot be fetched in the background")]
    Thread(#[source] std::io::Error),
}

impl IdentitySettings {
    /// Whether tokens come from identity providers, and none from the data directory's own key.
    #[must_use]
    pub fn has_issuers(&self) -> bool {
        !self.issuers.is_empty()
    }

    /// Finds the first mistake.
    pub fn check(&self) -> Result<(), IdentityError> {
        for (index, one) in self.issuers.iter().enumerate() {
            let name = || one.issuer.clone();
            if endpoint::of_issuer(&one.issuer).is_none() {
                return Err(IdentityError::Issuer(name()));
            }
            if self.issuers[..index]
                .iter()
                .any(|known| known.issuer == one.issuer)
            {
                return Err(IdentityError::Twice(name()));
            }
            if one.audience.is_empty() {
                return Err(IdentityError::Empty(name(), "an audience"));
            }
            if one.algorithms.is_empty() {
                return Err(IdentityError::Empty(name(), "an algorithm"));
            }
            if one.subject_claim.is_empty() {
                return Err(IdentityError::Empty(name(), "a subject_claim"));
            }
        }
        for one in &self.people {
            let bounded = (one.person.is_some(), one.employer.is_some());
            self.check_one("people", &one.issuer, one.role, bounded)?;
        }
        for one in &self.claims {
            let employer = one.employer.is_some() || one.employer_claim.is_some();
            let bounded = (one.person_claim.is_some(), employer);
            self.check_one("claims", &one.issuer, one.role, bounded)?;
        }
        Ok(())
    }

    fn check_one(
        &self,
        section: &'static str,
        issuer: &str,
        role: Role,
        (person, employer): (bool, bool),
    ) -> Result<(), IdentityError> {
        if !self.issuers.iter().any(|known| known.issuer == issuer) {
            let issuer = issuer.to_owned();
            return Err(IdentityError::UnknownIssuer { section, issuer });
        }
        let needs = match role {
            Role::Mentor | Role::Mentee if !person && section == "people" => "person",
            Role::Mentor | Role::Mentee if !person => "person_claim",
            Role::Employer | Role::EmployerAuditor if !employer => "employer",
            _ => return Ok(()),
        };
        Err(IdentityError::Incomplete {
            section,
            role,
            needs,
        })
    }
}

/// What the settings make of the tokens of one issuer.
#[derive(Debug, Default)]
pub struct Mapping {
    people: BTreeMap<String, Vec<HeldRole>>,
    claims: Vec<ClaimSettings>,
}

impl Mapping {
    /// The entries about one issuer.
    pub fn of(settings: &IdentitySettings, issuer: &str) -> Self {
        let mut people: BTreeMap<String, Vec<HeldRole>> = BTreeMap::new();
        for one in settings.people.iter().filter(|one| one.issuer == issuer) {
            let held = HeldRole {
                role: one.role,
                scheme: one.scheme.clone(),
                person: one.person,
                employer: one.employer.clone(),
            };
            people.entry(one.subject.clone()).or_default().push(held);
        }
        let claims = settings.claims.iter();
        let claims = claims.filter(|one| one.issuer == issuer).cloned().collect();
        Self { people, claims }
    }

    /// What somebody is. `texts` gives the texts of a claim.
    pub fn roles(&self, subject: &str, texts: impl Fn(&str) -> Vec<String>) -> Vec<HeldRole> {
        let mut found = self.people.get(subject).cloned().unwrap_or_default();
        for rule in &self.claims {
            if !texts(&rule.claim).contains(&rule.value) {
                continue;
            }
            // A claim that names two persons names nobody.
            let only = |claim: &Option<String>| {
                let mut said = texts(claim.as_deref()?);
                said.pop().filter(|_| said.is_empty())
            };
            let person = only(&rule.person_claim).and_then(|text| text.parse().ok());
            let employer = rule.employer.clone().or_else(|| only(&rule.employer_claim));
            // Whom a claim should bound and does not is nobody: an auditor of one employer is never one of all.
            let complete = match rule.role {
                Role::Mentor | Role::Mentee => person.is_some(),
                Role::Employer | Role::EmployerAuditor => employer.is_some(),
                _ => rule.employer_claim.is_none() || employer.is_some(),
            };
            if complete {
                found.push(HeldRole {
                    role: rule.role,
                    scheme: rule.scheme.clone(),
                    person,
                    employer,
                });
            }
        }
        found
    }
}

fn all_algorithms() -> Vec<SignedWith> {
    vec![SignedWith::Rs256, SignedWith::Es256, SignedWith::EdDsa]
}

fn subject() -> String {
    "sub".to_owned()
}

const fn a_day() -> u16 {
    24
}
