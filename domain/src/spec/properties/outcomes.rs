//! What is decided in clear, and what of it depends on what is sealed.

use super::histories::all_of_every_history;
use crate::{
    Command, Event, Particulars, Rejection, decide, sealed::MARKER, spec::varied::Contents,
};
use serde_json::Value;
use std::{cell::RefCell, collections::BTreeSet, fs, path::Path};
use uuid::Uuid;

/// Every how many histories one is looked at: each of its commands is judged twice more.
const EVERY: usize = 3;

/// R113: with other content under every seal each command comes to the same in clear, but those that the page of exceptions
/// names. Those of the page that no history showed are printed: some need a rare repetition.
#[test]
fn what_is_decided_in_clear_depends_on_nothing_sealed_but_what_is_declared() {
    let (commands, seen) = (RefCell::new(Vec::<Command>::new()), RefCell::new(0));
    let (depending, judged) = (RefCell::new(BTreeSet::new()), RefCell::new(0));
    all_of_every_history(
        |_, command, _| commands.borrow_mut().push(command.clone()),
        |world| {
            let commands = commands.take();
            *seen.borrow_mut() += 1;
            if *seen.borrow() % EVERY != 0 {
                return;
            }
            let contents = Contents::of(std::slice::from_ref(&world.history));
            let mut other = Particulars::default();
            for recorded in contents.vary(&world.history, *seen.borrow() as u64, |_| false) {
                other.learn(&recorded);
            }
            for (number, command) in (1_000_000..).zip(&commands) {
                let mut context = world.context(number);
                if matches!(command, Command::ConfirmErasure(_)) {
                    // Whoever asked does not confirm.
                    context.actor.id = Uuid::from_u128(2);
                }
                let judge = |known| clear(decide(&world.scheme, known, command, &context));
                if judge(&world.particulars) != judge(&other) {
                    depending.borrow_mut().insert(command.name().to_owned());
                }
                *judged.borrow_mut() += 1;
            }
        },
    );
    let (depending, declared) = (depending.take(), declared());
    let unseen: Vec<_> = declared.difference(&depending).collect();
    println!(
        "{} commands judged with two contents; not seen to depend: {unseen:?}",
        judged.take()
    );
    let undeclared: Vec<_> = depending.difference(&declared).collect();
    assert!(
        undeclared.is_empty(),
        "rest on what is sealed: {undeclared:?}"
    );
    assert!(unseen.len() * 4 < declared.len(), "{unseen:?}");
}

/// What a decision shows to whoever holds no key: the "no", or the events without what is sealed.
fn clear(outcome: Result<Vec<Event>, Rejection>) -> Result<Vec<(&'static str, Value)>, Rejection> {
    let events = outcome?;
    let shown = events.iter().map(|event| {
        let mut data = event.data().expect("it can be written");
        for member in data
            .as_object_mut()
            .into_iter()
            .flat_map(serde_json::Map::values_mut)
        {
            if member.get(MARKER).is_some() {
                member[MARKER]["value"] = Value::Null;
            }
        }
        (event.kind(), data)
    });
    Ok(shown.collect())
}

/// The commands that the page of exceptions names.
fn declared() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/privacy-exceptions.md");
    let text = fs::read_to_string(path).expect("there is a page");
    let (_, after) = text
        .split_once("## Commands that rest on what is sealed")
        .expect("a heading");
    let section = after.split("\n## ").next().unwrap_or_default();
    let lines = section.lines().filter_map(|line| line.strip_prefix("| `"));
    lines
        .filter_map(|line| Some(line.split_once('`')?.0.to_owned()))
        .collect()
}
