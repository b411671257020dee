//! A thousand small schemes, of which ten are busy, within one budget of memory.

use super::{Done, resident_mib, say, status};
use api::{
    dispatch::{Budget, Options, Outcome, Platform, Request},
    telemetry::Metrics,
};
use domain::{
    Actor, Command,
    adoption::{AdoptCalendar, AdoptPolicy, AdoptRegister, OpenScheme, SchemeKind},
    shipped,
};
use event_log::Kind;
use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

const SCHEMES: u32 = 1_000;
const BUSY: u32 = 10;
const BUDGET_MIB: u64 = 256;

/// Makes them if they are not there, uses each once, then ten of them, and tells what is held.
pub fn run(directory: &Path) -> Done<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut options = Options::new(directory);
        options.create = Some(Kind::Rehearsal);
        options.memory = Budget::mib(BUDGET_MIB);
        options.idle_after = Duration::from_hours(1);
        let platform = Platform::open(&options, Metrics::new())?;
        let closing = tokio::spawn(platform.clone().close_idle_schemes());
        held("before anything is open")?;
        if platform.schemes().await?.is_empty() {
            let began = Instant::now();
            for number in 0..SCHEMES {
                make(&platform, &name(number)).await?;
            }
            say("to make a thousand schemes", began.elapsed());
            held("after they were made")?;
        }
        let mut longest = Duration::ZERO;
        let began = Instant::now();
        for number in 0..SCHEMES {
            let asked = Instant::now();
            platform.snapshot(&name(number)).await?;
            longest = longest.max(asked.elapsed());
        }
        say(
            "to ask each of a thousand once, on average",
            began.elapsed() / SCHEMES,
        );
        say("the longest of them", longest);
        held("after each was asked once")?;
        let until = Instant::now() + Duration::from_secs(15);
        while Instant::now() < until {
            for number in 0..BUSY {
                platform.snapshot(&name(number)).await?;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        held("after a quarter of a minute in which ten were used")?;
        for line in platform.metrics().text().lines() {
            if line.starts_with("alongside_open_schemes") || line.starts_with("alongside_memory") {
                println!("           {line}");
            }
        }
        closing.abort();
        platform.shut_down().await;
        held("after all were closed")
    })
}

fn name(number: u32) -> String {
    format!("scheme-{number}")
}

async fn make(platform: &Platform, scheme: &str) -> Done<()> {
    let open = OpenScheme {
        name: scheme.to_owned(),
        kind: SchemeKind::Mentoring,
    };
    let policy = AdoptPolicy {
        policy: shipped::policy("mentor-plus-2017").ok_or("there is such a policy")?,
        effective_from: None,
    };
    let register = AdoptRegister {
        register: shipped::register(),
    };
    let calendar = AdoptCalendar {
        calendar: shipped::calendar(),
    };
    let commands: [Command; 4] = [open.into(), policy.into(), register.into(), calendar.into()];
    for (number, command) in (1..).zip(commands) {
        let request = Request {
            command_id: Uuid::from_u128(number),
            command,
            actor: Actor {
                id: Uuid::nil(),
                role: Arc::from("administrator"),
            },
            happened_on: None,
            reported_by: None,
            channel: None,
            validate_only: false,
            correlation_id: None,
            traceparent: None,
        };
        if let Outcome::Rejected(refusal) = platform.execute(scheme, request).await? {
            return Err(refusal.message.into());
        }
    }
    Ok(())
}

/// Prints what this process holds.
fn held(when: &str) -> Done<()> {
    let files = fs::read_dir("/proc/self/fd")?.count();
    println!(
        "{:>6} MiB, {:>5} threads, {files:>5} open files: {when}",
        resident_mib()?,
        status("Threads:")?
    );
    Ok(())
}
