//! temporary
use super::*;
use crate::dispatch::Platform;
use crate::identity::{Role, access::Matrix};
use std::sync::Arc;
use futures_util::StreamExt as _;

fn caller(role: Role, person: Option<uuid::Uuid>, employer: Option<&str>) -> Caller {
    Caller { actor: uuid::Uuid::from_u128(1), role, scheme: Some("demo".into()), person, employer: employer.map(Into::into), expires_at: "2099-01-01T00:00:00Z".parse().unwrap() }
}
async fn go(schema: &Schema, who: &Caller, text: &str) -> serde_json::Value {
    let answer = schema.execute(equip(text.into(), who.clone(), TraceContext::default())).await;
    let v = serde_json::to_value(&answer).unwrap();
    println!("{}\n  => {}\n", text.split_whitespace().collect::<Vec<_>>().join(" "), v);
    v
}
fn id(n: u128) -> String { format!("scheme: \"demo\", commandId: \"{}\"", uuid::Uuid::from_u128(n)) }

#[tokio::test]
async fn smoke() {
    let platform = Platform::stub();
    let s = schema(Services { platform: platform.clone(), matrix: Arc::new(Matrix::embedded().unwrap()), wall_clock: crate::outside::wall_clock });
    let admin = caller(Role::Administrator, None, None);
    let co = caller(Role::Coordinator, None, None);
    go(&s, &co, "{ scheme(id: \"demo\") { name } }").await;
    go(&s, &co, "{ scheme(id: \"other\") { name } }").await;
    go(&s, &admin, &format!("mutation {{ openScheme(input: {{ {}, name: \"Demo\", kind: MENTORING }}) {{ version scheme {{ id name version position }} rejection {{ code }} }} }}", id(100))).await;
    go(&s, &co, &format!("mutation {{ adoptPolicy(input: {{ {}, shipped: \"mentor-plus-2017\" }}) {{ version }} }}", id(101))).await;
    go(&s, &admin, &format!("mutation {{ a: adoptPolicy(input: {{ {}, shipped: \"mentor-plus-2017\" }}) {{ version rejection {{ code }} }} b: adoptRegister(input: {{ {}, shipped: true }}) {{ version }} c: adoptCalendar(input: {{ {}, shipped: true }}) {{ version scheme {{ policy {{ version rules {{ code }} posts {{ code employerKinds }} }} registers {{ version employerCount }} }} }} d: adoptCalendar(input: {{ {} }}) {{ version }} }}", id(102), id(103), id(104), id(105))).await;
    let v = go(&s, &co, "{ scheme(id: \"demo\") { employers(first: 2, name: \"lee\", kind: COUNCIL) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id code name } } } } }").await;
    let leeds = "E08000035";
    let hr = caller(Role::Employer, None, Some(leeds));
    let n = go(&s, &hr, &format!("mutation {{ notifyAppointment(input: {{ {}, employer: \"{leeds}\", employeeNumber: \"77\", details: {{ name: \"Ada\", email: \"a@x\" }}, post: \"Director of Children's Services\", basis: SUBSTANTIVE, firstPost: YES, startsOn: \"2026-01-01\" }}) {{ version rejection {{ code message }} appointment {{ id verdict category source employer {{ state value {{ name }} }} startsOn {{ state value }} mentee {{ id }} }} }} }}", id(110))).await;
    go(&s, &hr, &format!("mutation {{ notifyAppointment(input: {{ {}, employer: \"E08000032\", employeeNumber: \"78\", details: {{ name: \"Ada\" }}, post: \"DCS\" }}) {{ version }} }}", id(111))).await;
    let v2 = go(&s, &hr, &format!("{{ viewer {{ roles employer }} scheme(id: \"demo\") {{ position entitlement(employer: \"{leeds}\", employeeNumber: \"77\") {{ verdict category missing offer granted left rules {{ code section }} because {{ totalCount }} lines {{ type }} mentee {{ id }} }} mentees {{ totalCount }} dashboard {{ version }} }} }}")).await;
    let d = go(&s, &co, "{ scheme(id: \"demo\") { dashboard { stages { stage waitsFor count cards(first: 10) { edges { cursor node { mentee { id name { state value } appointments { id verdict } } stage waitsFor since due { what on overdue } because { totalCount edges { node { type position actor { role } subjects { id kind } } } } } } } } mentorStages { stage count } due { totalCount edges { node { due { what on overdue } } } } } } }").await;
    let mut mentee = String::new();
    for st in d["data"]["scheme"]["dashboard"]["stages"].as_array().unwrap() { for e in st["cards"]["edges"].as_array().unwrap() { mentee = e["node"]["mentee"]["id"].as_str().unwrap().into(); } }
    println!("MENTEE {mentee}");
    let aud = caller(Role::Auditor, None, None);
    go(&s, &aud, "{ scheme(id: \"demo\") { position dashboard { stages { count cards { edges { node { mentee { id name { state value } stage } } } } } } auditTrail(last: 2) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor } edges { cursor node { id type recordedAt happenedOn actor { id role } data sealed { path } } } } } }").await;
    let m = go(&s, &co, &format!("mutation {{ inviteMentor(input: {{ {}, details: {{ name: \"Ben\" }}, experience: {{ status: SERVING, yearsInPost: 5 }} }}) {{ mentor {{ id name {{ state value }} stage penPortraitState penPortrait {{ background {{ state value }} }} standing }} rejection {{ code message }} }} }}", id(120))).await;
    let mentor = m["data"]["inviteMentor"]["mentor"]["id"].as_str().unwrap().to_owned();
    let muuid: uuid::Uuid = mentor.rsplit(':').next().unwrap().parse().unwrap();
    let euuid: uuid::Uuid = mentee.rsplit(':').next().unwrap().parse().unwrap();
    let ben = caller(Role::Mentor, Some(muuid), None);
    let ada = caller(Role::Mentee, Some(euuid), None);
    go(&s, &ben, "{ viewer { roles person due { totalCount edges { node { what on } } } } }").await;
    go(&s, &ben, &format!("mutation {{ registerMentor(input: {{ {}, mentor: \"{mentor}\", portrait: {{ background: \"b\", expertise: [\"x\"], councilTypes: [COUNTY] }} }}) {{ mentor {{ stage penPortrait {{ background {{ state value }} councilTypes {{ state value }} }} }} }} approvePenPortrait(input: {{ {}, mentor: \"{mentor}\" }}) {{ mentor {{ stage }} }} }}", id(121), id(122))).await;
    go(&s, &ada, &format!("mutation {{ stateCapacity(input: {{ {}, mentor: \"{mentor}\", capacity: 3 }}) {{ version }} }}", id(123))).await;
    go(&s, &co, &format!("mutation {{ a: recordContact(input: {{ {}, mentee: \"{mentee}\", outcome: REACHED }}) {{ rejection {{ code field message }} }} b: recordContact(input: {{ {}, mentee: \"{mentee}\", outcome: REACHED, channel: TELEPHONE }}) {{ mentee {{ stage waitsFor }} }} c: offerMentoring(input: {{ {}, mentee: \"{mentee}\" }}) {{ mentee {{ stage }} }} }}", id(124), id(125), id(126))).await;
    go(&s, &ada, &format!("mutation {{ acceptMentoring(input: {{ {}, mentee: \"{mentee}\", elements: [SESSIONS] }}) {{ version mentee {{ stage offer entitlement {{ granted left verdict }} }} }} }}", id(127))).await;
    let o = go(&s, &co, &format!("mutation {{ offerMatches(input: {{ {}, mentee: \"{mentee}\", mentors: [\"{mentor}\"] }}) {{ matches {{ id progress answerBy }} rejection {{ code }} }} }}", id(128))).await;
    let mt = o["data"]["offerMatches"]["matches"][0]["id"].as_str().unwrap().to_owned();
    go(&s, &ada, &format!("{{ viewer {{ due {{ edges {{ node {{ what on overdue match {{ id mentor {{ id name {{ state }} employer {{ state }} penPortrait {{ background {{ state value }} }} capacity }} }} }} }} }} }} node(id: \"{mt}\") {{ __typename id ... on Match {{ progress ending }} }} }}")).await;
    go(&s, &ada, &format!("mutation {{ acceptMatch(input: {{ {}, match: \"{mt}\", side: MENTOR }}) {{ version }} }}", id(129))).await;
    go(&s, &ada, &format!("mutation {{ acceptMatch(input: {{ {}, match: \"{mt}\" }}) {{ match {{ menteeAgreedOn mentorAgreedOn progress }} }} }}", id(130))).await;
    go(&s, &co, &format!("mutation {{ acceptMatch(input: {{ {}, match: \"{mt}\" }}) {{ version }} }}", id(131))).await;
    go(&s, &co, &format!("mutation {{ acceptMatch(input: {{ {}, match: \"{mt}\", reportedBy: {{ party: MENTOR, person: \"{mentor}\" }} }}) {{ match {{ mentorAgreedOn }} }} }}", id(132))).await;
    let p = go(&s, &co, &format!("mutation {{ formPairing(input: {{ {}, matches: [\"{mt}\"] }}) {{ pairing {{ id course mentors {{ id }} mentees {{ id }} handbook {{ title }} }} }} }}", id(133))).await;
    let pr = p["data"]["formPairing"]["pairing"]["id"].as_str().unwrap().to_owned();
    go(&s, &ben, &format!("mutation {{ recordSession(input: {{ {}, pairing: \"{pr}\" }}) {{ version pairing {{ sessions {{ mentor mentee used }} mentees {{ name {{ state value }} stage appointments {{ id }} }} cause }} }} }}", id(134))).await;
    go(&s, &ada, &format!("{{ viewer {{ pairings {{ edges {{ node {{ id sessions {{ used }} mentors {{ name {{ value }} }} }} }} }} }} scheme(id: \"demo\", atLeast: \"zzz\") {{ id }} }}")).await;
    go(&s, &co, &format!("{{ scheme(id: \"demo\") {{ mentee(id: \"{pr}\") {{ id }} mentors(available: false) {{ totalCount }} pairings(after: \"x\") {{ totalCount }} }} }}")).await;
    go(&s, &co, &format!("mutation {{ breakPairing(input: {{ {}, pairing: \"{pr}\" }}) {{ pairing {{ course cause endedOn reports {{ side }} because {{ totalCount edges {{ node {{ type }} }} }} }} }} }}", id(135))).await;
    go(&s, &co, &format!("mutation {{ breakPairing(input: {{ {}, validateOnly: true, happenedOn: \"2999-01-01\", pairing: \"{pr}\" }}) {{ rejection {{ code message field rule {{ code }} }} version }} }}", id(136))).await;
    let mut stream = s.execute_stream(equip("subscription { auditTrail(scheme: \"demo\") { cursor node { type position } } }".into(), co.clone(), TraceContext::default()));
    let mut board = s.execute_stream(equip("subscription { dashboard(scheme: \"demo\") { version due { totalCount } } }".into(), co.clone(), TraceContext::default()));
    println!("{}", serde_json::to_string(&board.next().await.unwrap()).unwrap());
    let s2 = s.clone(); let co2 = co.clone();
    tokio::spawn(async move { for i in 0..3u128 { go(&s2, &co2, &format!("mutation {{ recordContact(input: {{ {}, mentee: \"{mentee}\", outcome: REACHED, channel: EMAIL }}) {{ rejection {{ code }} }} }}", id(140+i))).await; tokio::time::sleep(std::time::Duration::from_millis(20)).await; } });
    for _ in 0..3 { println!("{}", serde_json::to_string(&stream.next().await.unwrap()).unwrap()); }
    println!("{}", serde_json::to_string(&board.next().await.unwrap()).unwrap());
    let mut refused = s.execute_stream(equip("subscription { dashboard(scheme: \"demo\") { version } }".into(), ada.clone(), TraceContext::default()));
    println!("{}", serde_json::to_string(&refused.next().await.unwrap()).unwrap());
    let _ = (v, n, v2);
}
