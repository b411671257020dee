//! Every question and every class of data, asked by everybody of everything.

use super::super::*;
use super::{
    Cells,
    plain::Plain,
    probes::{Probe, is_shown, probes},
    world::{Who, World},
};

/// R113, R299, R305, R308: every role, standing every way, before every question and every class of data, over GraphQL.
#[tokio::test]
async fn every_question_and_class_is_open_to_whom_the_matrix_opens_it_and_to_nobody_else() {
    let (world, plain, probes) = (World::made().await, Plain::read(), probes());
    for section in ["queries", "fields"] {
        for name in plain.names(section) {
            let tried = |probe: &Probe| probe.section == section && probe.name == name;
            // Asked over REST only, with a token that is for any scheme, or as of another moment (`story/moments.rs`).
            let elsewhere = [
                "asOf",
                "health",
                "checkpoint",
                "sessionsCalendar",
                "refusedBursts",
                "personRecord",
            ];
            assert!(
                elsewhere.contains(&name.as_str()) || probes.iter().any(tried),
                "nothing tries {section}.{name}"
            );
        }
    }
    let mut cells = Cells::default();
    for role in Role::ALL {
        for who in Who::all_as(role) {
            let token = world.token(role, who);
            for probe in &probes {
                let id = if probe.of.is_empty() {
                    ""
                } else {
                    world.id(probe.of)
                };
                let ask = probe
                    .ask
                    .replace("ID", id)
                    .replace("PAIRING", world.id("pairing"));
                let below_scheme = probe.through.first() == Some(&"scheme")
                    || probe.through.is_empty() && probe.of == "ada";
                let document = if below_scheme {
                    format!(r#"{{ scheme(id: "mentor-plus") {{ {ask} }} }}"#)
                } else {
                    format!("{{ {ask} }}")
                };
                let answer = world.asked(&token, &document).await;
                let wanted = is_wanted(&plain, probe, role, who);
                let shown = is_shown(&answer, probe, id);
                let Probe {
                    section, name, of, ..
                } = probe;
                cells.hold(shown, wanted, || {
                    format!("{role} as {who:?}: {section}.{name} of `{of}`: {answer}")
                });
            }
        }
    }
    cells.end("questions and classes over GraphQL");
}

fn is_wanted(plain: &Plain, probe: &Probe, role: Role, who: Who) -> bool {
    let role = role.as_str();
    let opens = |section: &str, name: &str, of: &str| match name {
        // Of nothing in particular: whoever is on the line may, as far as they may anything.
        "viewer" | "scheme" | "schemes" | "node" | "explain" => {
            !plain.words(section, name, role).is_empty()
        }
        // Of an employer's own notices, and of nothing where there are none: a list that may be empty.
        "auditTrail" if role == "employer-auditor" => true,
        _ => plain.opens(section, name, role, who.stands_to(of)),
    };
    let seen_in_pairing = probe.through.is_empty() && probe.of == "ada";
    let way = if seen_in_pairing {
        opens("queries", "scheme", "") && opens("queries", "pairing", "pairing")
    } else {
        probe
            .through
            .iter()
            .all(|name| opens("queries", name, probe.of))
    };
    let single = match probe.name {
        // A list of people holds those whom one may see one by one.
        "mentees" => opens("queries", "mentee", probe.of),
        "mentors" => opens("queries", "mentor", probe.of),
        "pairings" => opens("queries", "pairing", probe.of),
        _ => true,
    };
    way && single && opens(probe.section, probe.name, probe.of)
}
