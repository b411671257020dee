//! What is true of every request, whatever it asks: its limits, its refusals, its headers.
//!
//! Nothing here knows a mentor. There is deliberately no rate limit yet and no cross-origin access: front ends call
//! from their own servers or from the same origin.

pub mod graphql;
pub mod problem;
pub mod security;
