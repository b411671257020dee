//! The steps that lift payloads of an older version by one.

use event_log::UpcastersBuilder;
use serde_json::{Map, Value, json};

pub fn steps(builder: UpcastersBuilder) -> UpcastersBuilder {
    builder
        .step("replacement.judged", 1, replacement_judged)
        .step("pairing.concluded", 1, pairing_concluded)
        .step("mentor.brought-forward", 1, mentor_brought_forward)
}

/// Version 1 said whether the mentee took part in judging; the coordinator, who alone could record it, always did. What
/// was left then was not noted.
fn replacement_judged(data: Value) -> Result<Value, String> {
    let mut members = object(data)?;
    let with_mentee = members
        .remove("with_mentee")
        .and_then(|with_mentee| with_mentee.as_bool())
        .ok_or("`with_mentee` is missing")?;
    let judged_by = if with_mentee {
        json!(["mentee", "coordinator"])
    } else {
        json!(["coordinator"])
    };
    members.insert("judged_by".to_owned(), judged_by);
    members.insert("remaining".to_owned(), json!([]));
    Ok(Value::Object(members))
}

/// Version 1 did not say whether something was left.
fn pairing_concluded(data: Value) -> Result<Value, String> {
    let mut members = object(data)?;
    members.insert("early".to_owned(), Value::Null);
    Ok(Value::Object(members))
}

/// Version 1 took nobody whose pen portrait was incomplete.
fn mentor_brought_forward(data: Value) -> Result<Value, String> {
    let mut members = object(data)?;
    members.insert("complete".to_owned(), Value::Bool(true));
    Ok(Value::Object(members))
}

fn object(data: Value) -> Result<Map<String, Value>, String> {
    match data {
        Value::Object(members) => Ok(members),
        _ => Err("it is no object".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        Event,
        pairing::{Judge, Replacement},
    };
    use uuid::Uuid;

    #[test]
    fn a_judgement_of_version_1_tells_who_judged() {
        for (with_mentee, judged_by) in [
            (true, vec![Judge::Mentee, Judge::Coordinator]),
            (false, vec![Judge::Coordinator]),
        ] {
            let data =
                json!({ "pairing": Uuid::nil(), "judgement": "end", "with_mentee": with_mentee });
            let lifted = replacement_judged(data).unwrap();
            let Event::ReplacementJudged(judged) =
                Event::decode("replacement.judged", lifted).unwrap()
            else {
                panic!("it is a judgement");
            };
            assert_eq!(judged.judged_by, judged_by);
            assert_eq!(
                (judged.judgement, judged.remaining),
                (Replacement::End, vec![])
            );
        }
        assert!(replacement_judged(json!({ "pairing": Uuid::nil(), "judgement": "end" })).is_err());
    }

    #[test]
    fn an_end_of_version_1_does_not_say_whether_it_was_early() {
        let lifted = pairing_concluded(json!({ "pairing": Uuid::nil() })).unwrap();
        let Event::PairingConcluded(concluded) =
            Event::decode("pairing.concluded", lifted).unwrap()
        else {
            panic!("it is an end");
        };
        assert_eq!(concluded.early, None);
    }
}
