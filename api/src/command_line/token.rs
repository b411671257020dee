//! `alongside token`: a bearer token, signed by the data directory's own key.

use super::{Failed, Place, mode};
use crate::{
    identity::{
        Role,
        key::TokenKey,
        token::{Grant, LocalTokens},
    },
    outside,
};
use clap::Args;
use jiff::{SignedDuration, Span};
use uuid::Uuid;

/// Mints a bearer token.
#[derive(Debug, Args)]
pub struct Token {
    /// What the holder is: coordinator, mentor, mentee, employer, manager, facilitator, project-manager,
    /// commissioner, auditor (with --employer: of that employer's notices alone) or administrator.
    #[arg(long)]
    role: Role,
    /// The one scheme it is for; any, if absent.
    #[arg(long, value_name = "ID")]
    scheme: Option<String>,
    /// The person the holder is; needed for mentors and mentees.
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// The employer the holder speaks for, or whose notices an auditor is bound to; needed for employers.
    #[arg(long, value_name = "CODE")]
    employer: Option<String>,
    /// How long it holds, for example 30m, 8h or 2d.
    #[arg(long, default_value = "1h")]
    ttl: Span,
    /// Prints an object with the token, its role and when it ends.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Token {
    pub fn run(self) -> Result<(), Failed> {
        mode::require_local(&self.place)?;
        let directory = self.place.directory()?;
        if !directory.join("format.json").exists() {
            return Err(format!("{} is not a data directory; make one with: alongside demo, or alongside serve --create", directory.display()).into());
        }
        let person = self.person.as_deref().map(person_id).transpose()?;
        let role = self.role.bounded_by(self.employer.as_deref());
        match role {
            Role::Mentor | Role::Mentee if person.is_none() => {
                return Err(format!(
                    "a token for a {} needs --person, the id the scheme gave them",
                    self.role
                )
                .into());
            }
            Role::Employer if self.employer.is_none() => {
                return Err(
                    "a token for an employer needs --employer, its code in the register".into(),
                );
            }
            Role::EmployerAuditor if self.employer.is_none() => {
                return Err(
                    "a token for an employer-auditor needs --employer, its code in the register"
                        .into(),
                );
            }
            _ => {}
        }
        let now = outside::wall_clock();
        let ends_at = now
            .checked_add(self.ttl)
            .map_err(|_| "--ttl must be made of hours, minutes and seconds")?;
        let lifetime = ends_at.duration_since(now);
        if lifetime <= SignedDuration::ZERO {
            return Err("--ttl must be longer than nothing".into());
        }
        let tokens = LocalTokens::new(TokenKey::open(&directory)?);
        let grant = Grant {
            // The same holder is the same actor in the history, whichever token they use.
            subject: subject(role, person, self.employer.as_deref()),
            role,
            scheme: self.scheme,
            person,
            employer: self.employer,
        };
        let token = tokens.mint(&grant, now, lifetime)?;
        if self.json {
            println!(
                "{}",
                serde_json::json!({ "token": token, "role": role, "endsAt": ends_at.to_string() })
            );
        } else {
            println!("{token}");
        }
        Ok(())
    }
}

/// Accepts the bare identifier and the one the API shows, `scheme:Type:uuid`.
fn person_id(text: &str) -> Result<Uuid, Failed> {
    let bare = text.rsplit(':').next().unwrap_or(text);
    bare.parse()
        .map_err(|_| format!("--person {text:?} is not an id this service gives out").into())
}

/// Who a local token's holder is, by role and by what bounds it.
pub fn subject(role: Role, person: Option<Uuid>, employer: Option<&str>) -> Uuid {
    let name = format!(
        "{role}/{}/{}",
        person.unwrap_or_default(),
        employer.unwrap_or_default()
    );
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())
}
