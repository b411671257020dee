//! The calendar file of somebody's arranged sessions.

use super::*;
use domain::{
    appointment::AppointmentFacts,
    arrangement::{ArrangeSession, ArrangedMeeting, CallOffSession},
    brought_forward::{BringForwardMentor, BringForwardPairing},
    identifiers::{ArrangedSessionId, PairingId, PersonId},
    mentor::{Experience, MentorStatus, PenPortrait, PersonDetails},
};
use jiff::civil::{Date, date};

struct Pair {
    service: Service,
    pairing: PairingId,
    mentor: PersonId,
    mentee: PersonId,
}

fn called(name: &str) -> PersonDetails {
    PersonDetails {
        name: Some(name.to_owned()),
        email: None,
        telephone: None,
    }
}

impl Pair {
    async fn formed() -> Self {
        let service = Service::start().await;
        service
            .execute(Command::from(BringForwardMentor {
                details: called("Ben"),
                employer: None,
                experience: Experience {
                    status: MentorStatus::Serving,
                    retired_on: None,
                    years_in_post: Some(5),
                },
                portrait: PenPortrait::default(),
                inducted_on: None,
                capacity: None,
            }))
            .await;
        let snapshot = service.platform.snapshot(SCHEME).await.expect("open");
        let mentor = *snapshot.scheme.mentors.keys().next().expect("a mentor");
        service
            .execute(Command::from(BringForwardPairing {
                mentor,
                person: None,
                details: called("Ada"),
                facts: AppointmentFacts {
                    employer: DEVON.into(),
                    employee_number: None,
                    post: "DCS".to_owned(),
                    basis: None,
                    starts_on: None,
                    ends_on: None,
                    first_post: None,
                    expected_months: None,
                },
                category: None,
                formed_on: date(2026, 10, 1),
                starts_on: None,
                sessions_used: 0,
            }))
            .await;
        let snapshot = service.platform.snapshot(SCHEME).await.expect("open");
        let pairing = snapshot.scheme.pairings.values().next().expect("a pairing");
        let (pairing, mentee) = (pairing.id, pairing.mentees[0]);
        Self {
            service,
            pairing,
            mentor,
            mentee,
        }
    }

    async fn arrange(&self, session: Option<ArrangedSessionId>, person: PersonId, day: Date) {
        let arrange = ArrangeSession {
            pairing: self.pairing,
            session,
            person,
            meeting: ArrangedMeeting {
                starts_at: day.at(16, 0, 0, 0),
                ends_at: Some(day.at(17, 30, 0, 0)),
                place: Some("Room 5, then left".to_owned()),
            },
        };
        self.service.execute(arrange.into()).await;
    }

    async fn last_arranged(&self) -> ArrangedSessionId {
        let snapshot = self.service.platform.snapshot(SCHEME).await.expect("open");
        let pairing = snapshot.scheme.pairing(self.pairing).expect("formed");
        pairing.arranged.last().expect("arranged").id
    }

    fn own(&self, role: Role, person: PersonId) -> Call {
        let grant = Grant {
            subject: person.0,
            role,
            scheme: Some(SCHEME.to_owned()),
            person: Some(person.0),
            employer: None,
        };
        let hour = SignedDuration::from_hours(1);
        let token = self
            .service
            .tokens
            .mint(&grant, outside::wall_clock(), hour);
        self.service.call(Some(token.expect("a token")))
    }
}

fn path_of(person: PersonId) -> String {
    format!("/v1/schemes/{SCHEME}/people/{person}/sessions.ics")
}

/// The entries of a file, each with its lines unfolded.
fn entries(file: &str) -> Vec<Vec<String>> {
    let unfolded = file.replace("\r\n ", "");
    let parts = unfolded.split("BEGIN:VEVENT\r\n").skip(1);
    parts
        .map(|part| part.split("\r\n").map(str::to_owned).collect())
        .collect()
}

fn has(entry: &[String], lines: &[&str]) {
    for line in lines {
        assert!(entry.iter().any(|told| told == line), "{line}: {entry:?}");
    }
}

/// R093: both of a pair take what either arranged into their calendars; what is moved or called off keeps its name there.
#[tokio::test(flavor = "multi_thread")]
async fn arranged_sessions_come_as_a_calendar_file() {
    let pair = Pair::formed().await;
    pair.arrange(None, pair.mentee, date(2026, 12, 4)).await;
    let winter = pair.last_arranged().await;
    pair.arrange(None, pair.mentor, date(2027, 6, 4)).await;
    let summer = pair.last_arranged().await;
    let own = || pair.own(Role::Mentee, pair.mentee);
    let file = own().get(&path_of(pair.mentee)).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8");
    assert!(file.text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    let of_mentor = pair.own(Role::Mentor, pair.mentor);
    let of_mentor = of_mentor.get(&path_of(pair.mentor)).await;
    assert_eq!(of_mentor.text, file.text, "both have the same sessions");
    let told = entries(&file.text);
    assert_eq!(told.len(), 2);
    let winter_uid = format!("UID:{winter}");
    has(
        &told[0],
        &[
            &winter_uid,
            "SEQUENCE:0",
            "STATUS:CONFIRMED",
            "DTSTART:20261204T160000Z",
            "DTEND:20261204T173000Z",
            "LOCATION:Room 5\\, then left",
        ],
    );
    let summer_uid = format!("UID:{summer}");
    has(&told[1], &[&summer_uid, "DTSTART:20270604T150000Z"]);

    pair.arrange(Some(winter), pair.mentor, date(2026, 12, 11))
        .await;
    let call_off = CallOffSession {
        pairing: pair.pairing,
        session: summer,
    };
    pair.service.execute(call_off.into()).await;
    let told = entries(&own().get(&path_of(pair.mentee)).await.text);
    has(
        &told[0],
        &[&winter_uid, "SEQUENCE:1", "DTSTART:20261211T160000Z"],
    );
    has(&told[1], &[&summer_uid, "SEQUENCE:1", "STATUS:CANCELLED"]);
    let on_disk = String::from_utf8_lossy(&pair.service.bytes_on_disk()).into_owned();
    for told in ["Room 5", "2026-12-11T16:00", "2027-06-04T16:00"] {
        assert!(!on_disk.contains(told), "{told} stands in clear");
    }
}

/// A session is in the calendar until its day is over. The service stands at 22 November 2026.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_leaves_the_calendar_when_its_day_is_over() {
    let pair = Pair::formed().await;
    pair.arrange(None, pair.mentee, date(2026, 11, 22)).await;
    let today = pair.own(Role::Mentee, pair.mentee);
    let today = today.get(&path_of(pair.mentee)).await;
    assert_eq!(entries(&today.text).len(), 1);
    let arranged_long_ago = ArrangeSession {
        pairing: pair.pairing,
        session: None,
        person: pair.mentee,
        meeting: ArrangedMeeting {
            starts_at: date(2026, 11, 21).at(16, 0, 0, 0),
            ends_at: None,
            place: None,
        },
    };
    let request = Request {
        happened_on: Some(date(2026, 11, 1)),
        ..request(arranged_long_ago.into())
    };
    let outcome = pair.service.platform.execute(SCHEME, request).await;
    assert!(matches!(outcome, Ok(Outcome::Accepted(_))), "{outcome:?}");
    let after = pair.own(Role::Mentee, pair.mentee);
    let after = after.get(&path_of(pair.mentee)).await;
    assert_eq!(after.text, today.text);
}

/// R093: the file is for the person alone: not for the other of the pair under their name, and for no other role.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_takes_somebodys_sessions() {
    let pair = Pair::formed().await;
    pair.arrange(None, pair.mentee, date(2026, 12, 4)).await;
    let path = path_of(pair.mentee);
    let stranger = path_of(PersonId(Uuid::from_u128(7)));
    let unknown = pair.own(Role::Mentor, pair.mentor).get(&stranger).await;
    let other = pair.own(Role::Mentor, pair.mentor).get(&path).await;
    assert_eq!(other.text, unknown.text);
    other.refuses(404, "not_found");
    let no_person = path.replace(&pair.mentee.to_string(), "somebody");
    let unread = pair.own(Role::Mentee, pair.mentee).get(&no_person).await;
    unread.refuses(404, "not_found");
    for role in [
        Role::Coordinator,
        Role::Auditor,
        Role::Administrator,
        Role::Commissioner,
    ] {
        let call = pair.own(role, pair.mentee);
        call.get(&path).await.refuses(403, "forbidden");
    }
    let nobody = pair.service.call(None);
    nobody.get(&path).await.refuses(401, "unauthenticated");
}
