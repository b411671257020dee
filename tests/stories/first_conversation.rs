//! The README's first conversation, as typed: every block is run by a shell, and what the README shows of the
//! answer must be in it.

use crate::harness::Service;
use std::{fs, path::Path, process::Command};

#[test]
fn the_first_conversation_of_the_readme_works_as_typed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).expect("there is a README");
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::demo(&data);
    let (mut script, mut told, mut steps) = (String::new(), String::new(), 0);
    for (kind, block) in blocks(conversation(&readme)) {
        match kind {
            "sh" => {
                // Only what differs here: where the service is, which binary, which directory.
                let block = block
                    .replace("http://127.0.0.1:8080", &service.url)
                    .replace("cargo run --release --", env!("CARGO_BIN_EXE_alongside"));
                // What was exported before stands before each block.
                let output = Command::new("bash")
                    .args(["-euo", "pipefail", "-c", &format!("{script}\n{block}")])
                    .current_dir(&root)
                    .env("ALONGSIDE_DATA", &data)
                    .output()
                    .expect("a shell");
                told = String::from_utf8_lossy(&output.stdout).into_owned();
                assert!(
                    output.status.success(),
                    "{block}\n{told}{}",
                    String::from_utf8_lossy(&output.stderr)
                );
                if block.starts_with("export ") {
                    script = block;
                }
                steps += 1;
            }
            "text" => {
                for line in block.lines() {
                    assert!(
                        told.contains(line),
                        "the README shows {line:?}; the answer was:\n{told}"
                    );
                }
            }
            other => panic!("a block of kind {other:?}"),
        }
    }
    assert_eq!(steps, 6, "steps of the conversation");
    service.stop();
}

fn conversation(readme: &str) -> &str {
    let begin = readme
        .find("## A first conversation")
        .expect("it has a heading");
    let rest = &readme[begin + 3..];
    &rest[..rest.find("\n## ").expect("another heading follows")]
}

fn blocks(text: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((kind, block.join("\n")));
        }
    }
    blocks
}
