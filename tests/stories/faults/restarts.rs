//! The service is told to stop while clients write, and is started again at once, several times over.
//!
//! A client sends a command until it is answered, wherever the service is by then. Every answer must be true: what was
//! acknowledged is there, once, and asking again under the same key says the same.

use super::{
    Dice, aloud,
    ledger::{Ledger, Told, notify},
    trials,
};
use crate::harness::{Service, open_scheme, token};
use std::{
    sync::{
        Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

const CLIENTS: usize = 8;
const BETWEEN_STOPS: Duration = Duration::from_millis(200);
const BEFORE_A_RETRY: Duration = Duration::from_millis(5);

#[test]
fn a_restart_under_load_loses_nothing_and_answers_nobody_wrongly() {
    let mut dice = Dice::of("restarts");
    let restarts = trials(5, 60);
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let service = Service::serve(&data, &[]);
    open_scheme(&service, &token(&data, &["--role", "administrator"]), "one");
    let coordinator = token(&data, &["--role", "coordinator", "--ttl", "8h"]);
    let url = RwLock::new(service.url.clone());
    let (done, later) = (AtomicBool::new(false), AtomicUsize::new(0));
    let answered = Mutex::new(Vec::new());
    let client = |client: usize| {
        for number in 0.. {
            let key = format!("client {client} number {number}");
            let appointment = loop {
                let now_at = url.read().unwrap_or_else(PoisonError::into_inner).clone();
                match notify(&now_at, "one", &coordinator, &key) {
                    Told::Recorded(appointment) => break appointment,
                    Told::Later(_) => {
                        later.fetch_add(1, Ordering::SeqCst);
                        thread::sleep(BEFORE_A_RETRY);
                    }
                }
            };
            answered
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((key, appointment));
            if done.load(Ordering::SeqCst) {
                break;
            }
        }
    };
    let service = thread::scope(|scope| {
        let (client, mut service) = (&client, service);
        for number in 0..CLIENTS {
            scope.spawn(move || client(number));
        }
        for _ in 0..restarts {
            thread::sleep(BETWEEN_STOPS + dice.pause(100));
            // It ends by itself with code 0, or this fails.
            service.stop();
            service = Service::serve(&data, &[]);
            url.write()
                .unwrap_or_else(PoisonError::into_inner)
                .clone_from(&service.url);
        }
        done.store(true, Ordering::SeqCst);
        service
    });
    let answered = answered
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let mut ledger = Ledger::of("one");
    for (key, appointment) in answered {
        ledger.know(&key, appointment);
        // Fails if it is told another appointment than the client was.
        let refused = ledger.send(&service.url, &coordinator, &key);
        assert!(refused.is_none(), "{key}: {refused:?}");
    }
    service.stop();
    let found = ledger.found_in(&data);
    aloud(&format!(
        "restarts: {restarts} under load; {found}; {} requests had to come back",
        later.into_inner()
    ));
    assert!(found.is_clean(), "{found}");
    assert!(
        found.acknowledged > usize::try_from(restarts).unwrap_or_default() * CLIENTS,
        "clients wrote between the restarts: {found}"
    );
}
