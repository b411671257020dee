//! What the fuzzers are fed with holds: every input that is kept, and that of every finding there ever was.
//!
//! The fuzzers themselves (`fuzz/run`) need libFuzzer; this needs nothing, and judges by the same properties.

#[path = "../../fuzz/targets/mod.rs"]
mod targets;

use std::{fs, path::Path};

#[test]
fn every_input_that_is_kept_holds() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    for (name, _) in targets::TARGETS {
        let function = targets::target(name).expect("a target has its name");
        let mut inputs = 0;
        for folder in ["corpus", "regressions"] {
            let Ok(entries) = fs::read_dir(fuzz.join(folder).join(name)) else {
                continue;
            };
            for entry in entries {
                let path = entry.expect("an entry").path();
                println!("{}", path.display());
                function(&fs::read(path).expect("an input"));
                inputs += 1;
            }
        }
        assert!(inputs > 1, "nothing is kept for {name}");
    }
    targets::remove_folders();
}
