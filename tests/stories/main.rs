//! Stories across rooms, told through the real binary, real HTTP and real files.
//!
//! One binary, so that it is linked once; a folder per subject. Rules are told in `domain`, the log's own
//! behaviour in `event-log`; here stands what can only be seen when all rooms work together.

#![expect(
    clippy::expect_used,
    reason = "a story that cannot go on ends where it stands"
)]

mod access;
mod backup;
mod blind;
mod bundle;
mod checkpoints;
mod consent;
mod contracts;
mod data_protection;
mod employers_auditor;
mod erasure;
mod faults;
mod figures;
mod first_conversation;
mod fortnight;
mod fuzzed;
mod golden;
mod harness;
mod identity;
mod key_rotation;
mod layers;
mod limits;
mod moments;
mod no_such_scheme;
mod past_year;
mod periods;
mod privacy;
mod rebuilds;
mod recount;
mod report;
mod scenarios;
mod sensitive_reads;
mod simulation;
mod witness;
mod work_list;
