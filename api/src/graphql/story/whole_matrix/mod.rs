//! The whole access matrix through the real doors: every role, standing every way, before every line of it.
//!
//! What is to come out is read from `schema/access-matrix.toml` by a few lines that know nothing of the table
//! (`plain.rs`); how everybody stands to everything is said by hand (`world.rs`). A line that nothing tries fails.

mod commands;
mod doors;
mod exposure;
mod plain;
mod reads;
mod world;
