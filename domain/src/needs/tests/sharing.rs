//! Whose an analysis is: on whose word, shared with whom, and destroyed by whom.

use super::{analysis_of, begin, full, knowledge, revise, share, with};
use crate::{
    Command, Party, Rejection,
    identifiers::{NeedsAnalysisId, PairingId, PersonId},
    matching::Side,
    mentor::StateCapacity,
    needs::{Access, DestroyNeedsAnalysis, KnowledgeGap, Tables, UnshareNeedsAnalysis},
    pairing::ConcludePairing,
    spec::{Paired, World, broken, paired},
};
use jiff::civil::date;
use serde_json::json;

/// R113, R145: somebody else records it on the mentee's word, or not at all.
#[test]
fn somebody_else_records_it_on_the_mentees_word_only() {
    let (world, mentee, analysis) = with(Tables::default());
    let needed = Rejection::WordNeeded { person: mentee };
    world
        .when(begin(mentee, Tables::default()))
        .then_rejected(needed.clone())
        .on_the_word_of(Party::Mentor)
        .when(revise(analysis, full()))
        .then_rejected(needed)
        .on_the_word_of(Party::Mentee)
        .when(revise(analysis, knowledge(KnowledgeGap::One)))
        .then(&["needs-analysis.revised"]);
}

/// R145, R148: the mentors of a live pairing see what is shared with it; they revise it where that was granted.
#[test]
fn it_is_shared_with_the_mentors_of_a_pairing_to_read_or_to_write() {
    let Shared {
        world,
        mentor,
        analysis,
        pairing,
    } = shared(Access::Read);
    let may = |world: &World| {
        let state = world.scheme.needs_analysis(analysis).expect("begun");
        state.access_of(&world.scheme, mentor)
    };
    assert_eq!(may(&world), Some(Access::Read));
    let world = world
        .acting_as("mentor")
        .when(revise(analysis, full()))
        .then_rejected(Rejection::NotSharedToWrite { analysis })
        .acting_as("mentee")
        .when(share(analysis, pairing, Access::Read))
        .then_nothing_happens()
        .acting_as("mentee")
        .when(share(analysis, pairing, Access::Write))
        .then(&["needs-analysis.shared"])
        .acting_as("mentor")
        .when(revise(analysis, knowledge(KnowledgeGap::Three)))
        .then(&["needs-analysis.revised"]);
    let opened = world.particulars.needs_analysis(analysis).expect("opened");
    let last = opened.versions.last().expect("revised");
    assert_eq!(last.by, Side::Mentor);
    assert_eq!(may(&world), Some(Access::Write));
    assert_eq!(
        world
            .scheme
            .needs_analysis(analysis)
            .expect("begun")
            .grants
            .len(),
        1
    );
}

/// R113: sharing is the mentee's, and taken back at any time.
#[test]
fn what_is_shared_is_taken_back_at_any_time() {
    let Shared {
        world,
        mentor,
        analysis,
        pairing,
    } = shared(Access::Write);
    let take_back = UnshareNeedsAnalysis { analysis, pairing };
    let world = world
        .on(date(2026, 8, 3))
        .acting_as("mentee")
        .when(take_back.clone())
        .then(&["needs-analysis.unshared"])
        .acting_as("mentee")
        .when(take_back)
        .then_nothing_happens()
        .acting_as("mentor")
        .when(revise(analysis, full()))
        .then_rejected(Rejection::NotSharedToWrite { analysis });
    let state = world.scheme.needs_analysis(analysis).expect("begun");
    assert_eq!(state.access_of(&world.scheme, mentor), None);
}

/// R113: when a pairing is over, its mentors see nothing more, and nothing is shared with it.
#[test]
fn a_pairing_that_is_over_sees_nothing() {
    for over in [
        |pairing| Command::from(ConcludePairing { pairing }),
        |pairing| Command::from(broken(pairing)),
    ] {
        let Shared {
            world,
            mentor,
            analysis,
            pairing,
        } = shared(Access::Read);
        let world = world.given(over(pairing));
        let state = world.scheme.needs_analysis(analysis).expect("begun");
        assert_eq!(state.access_of(&world.scheme, mentor), None);
        world
            .acting_as("mentee")
            .when(share(analysis, pairing, Access::Write))
            .then_rejected(Rejection::PairingOver { pairing });
    }
}

#[test]
fn it_is_shared_with_a_pairing_of_its_own_mentee_only() {
    let Paired {
        world,
        mentor,
        pairing,
        ..
    } = paired();
    let world = world.given(StateCapacity {
        mentor,
        capacity: 2,
    });
    let (world, other) = world.accepted_mentee("2");
    let world = world.acting_as("mentee").given(begin(other, full()));
    let analysis = analysis_of(&world);
    world
        .acting_as("mentee")
        .when(share(analysis, pairing, Access::Read))
        .then_rejected(Rejection::NotOfPairing {
            person: other,
            pairing,
        });
}

/// R113: its mentee alone destroys it, and nobody on their word; what is destroyed is not taken up again.
#[test]
fn its_mentee_alone_destroys_it() {
    let Shared {
        world,
        mentor,
        analysis,
        pairing,
    } = shared(Access::Write);
    let mentee = world.scheme.needs_analysis(analysis).expect("begun").mentee;
    let destroy = DestroyNeedsAnalysis { analysis };
    let alone = Rejection::MenteeAlone { person: mentee };
    let destroyed = Rejection::NeedsAnalysisDestroyed { analysis };
    let world = world
        .on_the_word_of(Party::Mentee)
        .when(destroy.clone())
        .then_rejected(alone.clone())
        .acting_as("mentor")
        .when(destroy.clone())
        .then_rejected(alone)
        .acting_as("mentee")
        .when(destroy.clone())
        .then(&["needs-analysis.destroyed"])
        .acting_as("mentee")
        .when(destroy)
        .then_nothing_happens()
        .acting_as("mentee")
        .when(revise(analysis, full()))
        .then_rejected(destroyed.clone())
        .acting_as("mentee")
        .when(share(analysis, pairing, Access::Read))
        .then_rejected(destroyed.clone())
        .acting_as("mentee")
        .when(UnshareNeedsAnalysis { analysis, pairing })
        .then_rejected(destroyed);
    assert_eq!(world.particulars.needs_analysis(analysis), None);
    let state = world.scheme.needs_analysis(analysis).expect("begun");
    assert_eq!(state.access_of(&world.scheme, mentor), None);
    let another = world
        .acting_as("mentee")
        .when(begin(mentee, full()))
        .outcome;
    assert!(another.is_ok(), "another may be begun");
}

/// The event that says so holds nothing personal.
#[test]
fn that_it_was_destroyed_says_nothing_else() {
    let (world, mentee, analysis) = with(full());
    let world = world
        .acting_as("mentee")
        .given(DestroyNeedsAnalysis { analysis });
    let data = world.last().data().expect("it can be written");
    assert_eq!(data, json!({ "analysis": analysis, "mentee": mentee }));
}

struct Shared {
    world: World,
    mentor: PersonId,
    analysis: NeedsAnalysisId,
    pairing: PairingId,
}

/// An analysis shared with the mentor of a live pairing.
fn shared(access: Access) -> Shared {
    let Paired {
        world,
        mentor,
        mentee,
        pairing,
    } = paired();
    let world = world
        .acting_as("mentee")
        .given(begin(mentee, knowledge(KnowledgeGap::Five)));
    let analysis = analysis_of(&world);
    let world = world
        .acting_as("mentee")
        .given(share(analysis, pairing, access));
    Shared {
        world,
        mentor,
        analysis,
        pairing,
    }
}
