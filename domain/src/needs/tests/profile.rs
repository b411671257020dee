//! The coordinator's profile of needs, and what the mentee says of it.

use crate::{
    Event, Party, Rejection,
    identifiers::NeedsProfileId,
    needs::{CorrectNeedsProfile, NeedsProfile, WriteNeedsProfile},
    spec::ready,
};

/// R079: after the yes the coordinator writes a profile, and writes it anew when it changes.
#[test]
fn the_coordinator_writes_a_profile_after_the_yes() {
    let (world, mentee) = ready().eligible_mentee("1");
    let (world, accepted) = world.accepted_mentee("2");
    let write = |mentee, need: &str| WriteNeedsProfile {
        mentee,
        profile: profile(need),
    };
    let world = world
        .when(write(mentee, "Finance"))
        .then_rejected(Rejection::NotAccepted { person: mentee })
        .when(write(accepted, "Finance"))
        .then(&["needs-profile.written"])
        .when(write(accepted, "Finance"))
        .then_nothing_happens()
        .when(write(accepted, "Members"))
        .then(&["needs-profile.written"])
        .when(WriteNeedsProfile {
            mentee: accepted,
            profile: NeedsProfile {
                needs: vec![String::new(); 41],
                ..NeedsProfile::default()
            },
        })
        .then_rejected(Rejection::TooMany {
            what: "the needs",
            most: 40,
        });
    let told: Vec<_> = world
        .scheme
        .needs
        .profiles_of(accepted)
        .filter_map(|found| world.particulars.needs_profile(found.id))
        .map(|opened| opened.profile.needs[0].as_str())
        .collect();
    assert_eq!(told, ["Finance", "Members"]);
}

/// R079: the mentee corrects the profile; it stays as it was written, and the correction names it.
#[test]
fn the_mentee_corrects_the_profile() {
    let (world, mentee) = ready().accepted_mentee("1");
    let world = world.given(WriteNeedsProfile {
        mentee,
        profile: profile("Finance"),
    });
    let id: NeedsProfileId = world.made("needs profile");
    let correct = |words: &str| CorrectNeedsProfile {
        profile: id,
        correction: words.to_owned(),
    };
    let world = world
        .when(correct("Not finance: people"))
        .then_rejected(Rejection::WordNeeded { person: mentee })
        .acting_as("mentee")
        .when(correct(" "))
        .then_rejected(Rejection::Empty {
            what: "the correction",
        })
        .acting_as("mentee")
        .when(correct("Not finance: people"))
        .then(&["needs-profile.corrected"])
        .on_the_word_of(Party::Mentee)
        .when(correct("Not finance: people"))
        .then_nothing_happens();
    let Event::NeedsProfileCorrected(corrected) = world.last() else {
        panic!("{:?}", world.last());
    };
    assert_eq!(corrected.needs_profile, id);
    let opened = world.particulars.needs_profile(id).expect("opened");
    assert_eq!(opened.profile, profile("Finance"));
    assert_eq!(opened.corrections[0].words, "Not finance: people");
}

fn profile(need: &str) -> NeedsProfile {
    NeedsProfile {
        needs: vec![need.to_owned()],
        remarks: String::new(),
    }
}
