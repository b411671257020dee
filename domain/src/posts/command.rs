//! What can be asked about a post.

use crate::{
    appointment::{FirstPost, Source},
    identifiers::{EmployerId, PersonId},
    mentor::PersonDetails,
    policy::Basis,
};
use jiff::civil::Date;

/// Confirms who holds a post, in full: whoever is not named holds it no longer, and nobody named is a vacancy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmPost {
    /// The employer.
    pub employer: EmployerId,
    /// The post, by code or by any title the policy knows; may be absent where such an employer has one only.
    pub post: Option<String>,
    /// Where it was learned.
    pub source: Source,
    /// Everybody who holds it: two where an interim stands beside a substantive holder.
    pub holders: Vec<PostHolder>,
}

/// Somebody who holds a post, as it is confirmed. What is absent stays as it was known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostHolder {
    /// Somebody the scheme knows or has heard of; somebody new when absent, unless the post has a holder of this name.
    pub person: Option<PersonId>,
    /// How they are called and reached. Somebody new needs a name.
    pub details: PersonDetails,
    /// How they hold it.
    pub basis: Option<Basis>,
    /// The first day in post.
    pub starts_on: Option<Date>,
    /// Whether it is their first post of this kind.
    pub first_post: Option<FirstPost>,
}
