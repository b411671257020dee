//! What is true of every request, whatever it asks: its limits, its refusals, its headers.
//!
//! Nothing here knows a mentor. There is deliberately no cross-origin access but for origins that are named: front ends
//! call from their own servers or from the same origin.

pub mod cors;
pub mod graphql;
pub mod listener;
pub mod problem;
pub mod quota;
pub mod security;
