//! The fuzzers: one program, told by `ALONGSIDE_FUZZ` which target to lead. Started by `fuzz/run`.

#![no_main]

#[path = "../targets/mod.rs"]
#[expect(dead_code, reason = "whoever starts the fuzzers removes their folders")]
mod targets;

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("ALONGSIDE_FUZZ").unwrap_or_default();
    let known: Vec<_> = targets::TARGETS.iter().map(|(name, _)| *name).collect();
    targets::target(&name).unwrap_or_else(|| panic!("ALONGSIDE_FUZZ must be one of {known:?}"))
});

fuzz_target!(|bytes: &[u8]| (*TARGET)(bytes));
