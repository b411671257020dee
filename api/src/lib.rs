//! The edge: who is asking, what is asked, and how the answer leaves.
//!
//! Everything here would vanish if there were no network.

pub mod certificate;
pub mod command_line;
pub mod contracts;
pub mod demo;
pub mod dispatch;
pub mod graphql;
pub mod http;
pub mod identity;
pub mod outside;
#[doc(hidden)]
pub mod outside_bytes;
pub mod pages;
pub mod report;
pub mod rest;
pub mod server;
pub mod telemetry;
