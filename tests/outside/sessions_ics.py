"""Arranges a session in the demonstration, as one of a pair, and reads their calendar file with a reader of its own.

    sessions_ics.py URL COORDINATOR_TOKEN BINARY DATA
"""

import datetime
import json
import subprocess
import sys
import urllib.request
import uuid

import icalendar

PLACE = "Café “Grün”, room 5; 1\\2 of the way\nand up the stairs, where the sign of the seven bridges hangs over the door"


def ask(url, token, query):
    body = json.dumps({"query": query[0], "variables": query[1]}).encode()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{url}/graphql", body, headers)) as answer:
        answer = json.load(answer)
    assert "errors" not in answer, answer
    return answer["data"]


def main(url, coordinator, binary, data):
    live = """{ scheme(id: "mentor-plus") { today pairings(course: LIVE, first: 1) { edges { node { id mentees { id } } } } } }"""
    scheme = ask(url, coordinator, (live, {}))["scheme"]
    pairing = scheme["pairings"]["edges"][0]["node"]
    person = pairing["mentees"][0]["id"]
    command = [binary, "token", "--role", "mentee", "--person", person, "--data", data]
    token = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    arrange = """mutation($input: ArrangeSessionInput!) { arrangeSession(input: $input) {
        rejection { message } session { id } } }"""
    call_off = """mutation($input: CallOffSessionInput!) { callOffSession(input: $input) { rejection { message } } }"""

    def given(**more):
        return {"scheme": "mentor-plus", "commandId": str(uuid.uuid4()), "pairing": pairing["id"], **more}

    def read():
        path = f"{url}/v1/schemes/mentor-plus/people/{person.rsplit(':')[-1]}/sessions.ics"
        request = urllib.request.Request(path, headers={"authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as answer:
            assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
            return icalendar.Calendar.from_ical(answer.read())

    def only(calendar):
        found = [event for event in calendar.walk("VEVENT") if event["UID"] == session.rsplit(":")[-1]]
        assert len(found) == 1, found
        return found[0]

    # A summer's day: the file is in UTC, an hour earlier.
    year = int(scheme["today"][:4]) + 1
    meeting = {"person": person, "startsAt": f"{year}-06-04T16:00", "endsAt": f"{year}-06-04T17:30", "place": PLACE}
    told = ask(url, token, (arrange, {"input": given(**meeting)}))["arrangeSession"]
    assert told["rejection"] is None, told
    session = told["session"]["id"]
    event = only(read())
    assert event.decoded("DTSTART") == datetime.datetime(year, 6, 4, 15, 0, tzinfo=datetime.timezone.utc)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == datetime.timedelta(minutes=90)
    assert str(event["LOCATION"]) == PLACE, repr(event["LOCATION"])
    assert (event["SEQUENCE"], str(event["STATUS"])) == (0, "CONFIRMED")

    meeting["startsAt"], meeting["endsAt"] = f"{year}-06-11T10:00", None
    ask(url, token, (arrange, {"input": given(session=session, **meeting)}))
    event = only(read())
    assert (event["SEQUENCE"], event.get("DTEND")) == (1, None)
    ask(url, token, (call_off, {"input": given(session=session)}))
    event = only(read())
    assert (event["SEQUENCE"], str(event["STATUS"])) == (2, "CANCELLED")
    assert event["DTSTAMP"] is not None
    print(f"{len(read().walk('VEVENT'))} sessions read")


main(*sys.argv[1:])
