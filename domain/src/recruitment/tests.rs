use super::{
    CloseCampaign, InviteToCampaign, OpenCampaign, RecordSeminarAttendance,
    ScheduleMentorInductionSeminar,
};
use crate::{
    Rejection,
    identifiers::{CampaignId, SeminarId},
    spec::{World, invite, ready, stranger},
};
use jiff::civil::date;

/// R030: a campaign has dates and invitees.
#[test]
fn a_campaign_is_opened_invites_and_is_closed() {
    let world = ready().given(invite("Ada"));
    let ada = world.person();
    let world = world.given(invite("Ben"));
    let ben = world.person();
    let world = world.when(autumn()).then(&["campaign.opened"]);
    let campaign: CampaignId = world.made("campaign");
    let invites = |mentors| InviteToCampaign { campaign, mentors };
    let world = world
        .when(autumn())
        .then_nothing_happens()
        .when(invites(vec![ada]))
        .then(&["campaign.invited"])
        .when(invites(vec![ada, ben, ben]))
        .then(&["campaign.invited"])
        .when(invites(vec![ben]))
        .then_nothing_happens()
        .on(date(2026, 4, 1))
        .when(CloseCampaign { campaign })
        .then(&["campaign.closed"])
        .when(CloseCampaign { campaign })
        .then_nothing_happens();
    let found = &world.scheme.campaigns[0];
    assert_eq!(found.invitees, [ada, ben]);
    assert_eq!(found.opened_on, date(2026, 3, 2));
    assert_eq!(found.closed_on, Some(date(2026, 4, 1)));
    world.when(autumn()).then(&["campaign.opened"]);
}

/// R031: whoever came to the seminar is inducted as of its day; a corrected list takes it back.
#[test]
fn whoever_came_to_the_seminar_is_inducted() {
    let (world, ada) = ready().ready_mentor("Ada");
    let (world, ben) = world.ready_mentor("Ben");
    let world = world
        .when(seminar(None))
        .then(&["mentor-induction-seminar.scheduled"])
        .when(seminar(None))
        .then_nothing_happens();
    let held = world.scheme.seminars[0].id;
    let list = |attended, absent| RecordSeminarAttendance {
        seminar: held,
        attended,
        absent,
    };
    let world = world
        .when(list(vec![ada], vec![]))
        .then_rejected(Rejection::HappenedInFuture {
            happened_on: date(2026, 3, 12),
            today: date(2026, 3, 2),
        })
        .on(date(2026, 3, 16))
        .when(list(vec![ada, ben], vec![]))
        .then(&["mentor-induction-seminar.held"])
        .when(list(vec![ada, ben], vec![ben]))
        .then_nothing_happens();
    let inducted_on = |world: &World, mentor| {
        let mentor = world.scheme.mentor(mentor).expect("known");
        mentor.inducted_on
    };
    assert_eq!(inducted_on(&world, ada), Some(date(2026, 3, 12)));
    let world = world
        .when(list(vec![ada], vec![ben]))
        .then(&["mentor-induction-seminar.held"]);
    assert_eq!(inducted_on(&world, ada), Some(date(2026, 3, 12)));
    assert_eq!(inducted_on(&world, ben), None);
}

#[test]
fn a_seminar_may_be_moved() {
    let world = ready().given(seminar(None));
    let id = world.made("induction seminar");
    let world = world
        .when(ScheduleMentorInductionSeminar {
            on: date(2026, 3, 19),
            ..seminar(Some(id))
        })
        .then(&["mentor-induction-seminar.scheduled"]);
    assert_eq!(world.scheme.seminars.len(), 1);
    assert_eq!(world.scheme.seminars[0].on, date(2026, 3, 19));
}

#[test]
fn what_says_nothing_or_names_nobody_known_is_refused() {
    let (campaign, seminar_id, person) = (stranger(), stranger(), stranger());
    let world = ready()
        .when(OpenCampaign {
            title: " ".to_owned(),
            ..autumn()
        })
        .then_rejected(Rejection::Empty { what: "the title" })
        .when(OpenCampaign {
            title: "x".repeat(201),
            ..autumn()
        })
        .then_rejected(Rejection::TooLong {
            what: "the title",
            most: 200,
        })
        .when(CloseCampaign { campaign })
        .then_rejected(Rejection::UnknownCampaign { campaign })
        .when(seminar(Some(seminar_id)))
        .then_rejected(Rejection::UnknownSeminar {
            seminar: seminar_id,
        })
        .given(autumn());
    let campaign = world.made("campaign");
    world
        .when(InviteToCampaign {
            campaign,
            mentors: vec![person],
        })
        .then_rejected(Rejection::UnknownMentor { person });
}

fn autumn() -> OpenCampaign {
    OpenCampaign {
        title: "Autumn".to_owned(),
        answer_by: Some(date(2026, 3, 31)),
    }
}

fn seminar(seminar: Option<SeminarId>) -> ScheduleMentorInductionSeminar {
    ScheduleMentorInductionSeminar {
        seminar,
        on: date(2026, 3, 12),
        venue: "Leeds".to_owned(),
        places: Some(20),
    }
}
