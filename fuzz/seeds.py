#!/usr/bin/env python3
"""Makes the first inputs of every target anew, from real things: fuzz/seeds.py <data directory of a demonstration>

What is kept in fuzz/corpus is this, and what the fuzzers found to it (see README.md).
"""

import base64
import hashlib
import hmac
import json
import pathlib
import re
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "verifiers"))
import verify_bundle as bundle  # for the arithmetic of Ed25519, which the standard library has not

CORPUS = ROOT / "fuzz" / "corpus"
NOW = 1_795_348_800  # noon of 22 November 2026, as the targets have it
FILE_HEADER, FRAME_HEADER = 128, 60


def keep(target, name, content):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def entries(path):
    """The entries of a file of frames, whatever they are."""
    data = path.read_bytes()
    at = FILE_HEADER
    while at + FRAME_HEADER <= len(data):
        (length,) = struct.unpack_from("<I", data, at + 4)
        payload = data[at + FRAME_HEADER : at + FRAME_HEADER + length]
        at += FRAME_HEADER + length
        inside = 0
        while inside + 4 <= len(payload):
            (size,) = struct.unpack_from("<I", payload, inside)
            yield payload[inside + 4 : inside + 4 + size]
            inside += 4 + size


def framed(*groups):
    """A file of frames without what the targets mend: lengths, counts and entries."""
    file = bytearray(FILE_HEADER)
    struct.pack_into("<Q", file, 78, 1)
    for group in groups:
        payload = b"".join(struct.pack("<I", len(entry)) + entry for entry in group)
        header = bytearray(FRAME_HEADER)
        struct.pack_into("<I", header, 4, len(payload))
        struct.pack_into("<I", header, 16, len(group))
        file += header + payload
    return bytes(file)


def files(flags, *contents):
    """Several files as the targets take them apart."""
    flags |= (len(contents) - 1) << 1
    rest = b"".join(struct.pack("<H", len(content)) + content for content in contents[:-1])
    return bytes([flags]) + rest + contents[-1]


def records(data):
    journal = sorted((data / "schemes" / "mentor-plus" / "journal").glob("*.log"))
    by_type = {}
    for path in journal:
        for entry in entries(path):
            record = json.loads(entry)
            smallest = by_type.get(record["type"])
            if smallest is None or len(entry) < len(smallest):
                by_type[record["type"]] = entry
    return by_type


def histories(by_type):
    lines = {}
    for kind, entry in by_type.items():
        record = json.loads(entry)
        for value in record["sealed"]:
            erased = {"subject": value["subject"], "version": value["version"], "value": None}
            record["data"][value["path"].lstrip("/")] = {"$sealed": erased}
        lines[kind] = json.dumps({"type": kind, "on": record["happened_on"], "data": record["data"]})
    small = {kind: line for kind, line in lines.items() if len(line) < 4096}
    for kind, line in small.items():
        keep("history", kind, line)
    # One person's way, told of the same person: everything that names somebody names one of two.
    way = ["mentor.invited", "mentor.registered", "pen-portrait.approved", "mentor.inducted", "capacity.stated",
           "appointment.notified", "eligibility.judged", "contact.made", "mentoring.offered", "mentoring.accepted",
           "preferences.recorded", "match.offered", "match.accepted", "pairing.formed", "session.held",
           "sessions.counted", "meetings.reached", "pairing.broken", "replacement.judged", "match.declined",
           "match.lapsed", "match.released", "pairing.concluded", "evaluation.requested", "evaluation.filed"]
    one = {"mentor": 1, "mentors": 1, "person": 2, "mentee": 2, "mentees": 2, "subject": 2, "appointment": 3,
           "match": 4, "of": 4, "matches": 4, "pairing": 5, "id": 6}

    def named(value, key=""):
        if isinstance(value, dict):
            return {name: named(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [named(inner, key) for inner in value]
        if isinstance(value, str) and re.fullmatch(r"[0-9a-f-]{36}", value):
            return f"00000000-0000-0000-0000-{one.get(key, 7):012x}"
        return value

    told = [json.dumps(named(json.loads(small[kind]))) for kind in way if kind in small]
    keep("history", "way-of-one", "\n".join(told))
    keep("history", "way-of-one-cut", "\n".join(told[:14]))


def logs(by_type):
    small = sorted(by_type.values(), key=len)[:6]
    journal = framed(small[:2], small[2:3], [])
    keep("journal", "two-groups-closed", files(0, journal))
    keep("journal", "two-groups", files(0, framed(small[:2], small[2:3])))
    keep("journal", "torn", files(0, framed(small[:2], small[2:3])[:-40]))
    keep("journal", "two-segments", files(0, framed(small[:1]), framed(small[1:3])))
    keep("journal", "three-segments", files(0, framed(small[:1]), framed(small[1:2], []), framed()))
    keep("journal", "unborn", files(0, framed(small[:1]), b"ALONGLOG"))
    keep("journal", "as-it-stands", files(1, journal))
    operations = [
        {"kind": "checkpoint", "key": "head", "at": "2026-11-22T12:00:00.000Z", "value": {"position": "7"}},
        {"kind": "idempotency", "key": "a", "at": "2026-11-22T12:00:00.000Z", "value": {"body": "b"}},
        {"kind": "outcome", "key": "a", "at": "2026-11-22T12:00:00.000Z", "value": {"code": "x", "n": 1.5}},
    ]
    operations = [json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() for entry in operations]
    keep("operations", "entries", files(0, framed(operations[:2], operations[2:])))
    keep("operations", "closed", files(0, framed(operations[1:], [])))
    keep("operations", "torn", files(0, framed(operations[1:])[:-9]))
    keep("operations", "two-generations", files(0, framed(operations[1:2]), framed(operations[1:])))
    keep("operations", "unfinished", files(8, framed(operations[1:2]), framed(operations[1:])))
    person = "00000000-0000-0000-0000-00000000beef"
    key = {"entry": "key", "key": person, "subject": person, "purpose": "person",
           "nonce": "A" * 32, "wrapped": "A" * 64}
    gone = {"entry": "erased", "subject": person, "keys": [person]}
    key, gone = (json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() for entry in (key, gone))
    keep("keyring", "keys", files(16, framed()))
    keep("keyring", "erased-later", files(16, framed([gone])))
    keep("keyring", "erased", files(0, framed([gone], [])))
    keep("keyring", "foreign-key", files(0, framed([key, gone])))
    keep("keyring", "unfinished", files(24, framed([gone]), framed([gone])))


def notices():
    starters = (ROOT / "api" / "data" / "starters.csv").read_text()
    lines = starters.splitlines()
    ours = [lines[0]] + [line for line in lines if "Director of Children's Services," in line]
    keep("report", "shipped", "\n".join(lines[:3] + ours[1:]))
    keep("report", "ours", "\n".join(ours) + "\n")
    keep("report", "semicolons", "\n".join(ours).replace(",", ";"))
    keep("report", "tabs", "\ufeff" + "\r\n".join(ours).replace(",", "\t"))
    keep("report", "empty-lines", "\n\n".join(ours))
    keep("report", "quoted", ours[0] + "\n" + ",".join(f'"{cell}"' for cell in ours[-1].split(",")))
    keep("report", "latin-1", ours[0].encode() + b"\nAndr\xe9,")
    keep("report", "all-columns",
         "payroll no,full name,email address,phone,post,basis,starts on,ends on,first appointment,expected months,employer\n"
         "210003,Dorothea Cobbold,dorothea.cobbold@devon.example,01392,DCS,interim,2026-11-30,,yes,12,E10000008\n")
    notice = {"employer": "E10000008", "employeeNumber": "210003", "name": "Dorothea Cobbold",
              "email": "dorothea.cobbold@devon.example", "telephone": "01392", "post": "DCS", "basis": "interim",
              "startsOn": "2026-11-30", "endsOn": "2027-11-29", "firstPost": "yes", "expectedMonths": 12}
    keep("notice", "everything", json.dumps(notice))
    keep("notice", "least", json.dumps({"employeeNumber": "1", "post": "DCS"}))
    keep("notice", "faults", json.dumps({"post": 1, "startsOn": "2026-02-30", "x/~": None}))


def adoption():
    data = ROOT / "domain" / "data"
    for path in (data / "policies").glob("*.json"):
        keep("adoption", path.stem, b"0" + json.dumps(json.loads(path.read_text()), separators=(",", ":")).encode())
    register = json.loads((data / "register.json").read_text())
    wanted = ("E10000008", "E10000016")
    register["employers"] = [dict(one, successors=[], serves=[]) for one in register["employers"] if one["id"] in wanted]
    keep("adoption", "register", b"1" + json.dumps(register).encode())
    calendar = json.loads((data / "bank-holidays.json").read_text())
    calendar["holidays"] = calendar["holidays"][-8:]
    keep("adoption", "calendar", b"2" + json.dumps(calendar).encode())


def tokens():
    def encoded(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    claims = {"iss": "alongside-local", "aud": "alongside", "sub": "00000000-0000-0000-0000-000000000001",
              "role": "mentor", "scheme": "mentor-plus", "person": "00000000-0000-0000-0000-000000000002",
              "iat": NOW, "nbf": NOW, "exp": NOW + 3600, "jti": "00000000-0000-0000-0000-000000000003"}
    text = json.dumps(claims, separators=(",", ":")).encode()
    signed = encoded(b'{"typ":"JWT","alg":"HS256"}') + b"." + encoded(text)
    signature = encoded(hmac.new(bytes([7] * 32), signed, hashlib.sha256).digest())
    keep("token", "bearer", b"\x00Bearer " + signed + b"." + signature)
    keep("token", "claims", b"\x01" + text)
    keep("token", "employer", b"\x01" + json.dumps(dict(claims, role="employer", employer="E10000008", scheme=None)).encode())
    keep("token", "expired", b"\x01" + json.dumps(dict(claims, exp=NOW - 60, iat=1, nbf=1)).encode())
    keep("token", "opaque", b"\x02" + encoded(bytes(48)))
    keep("token", "id", b"\x03mentor-plus:Mentee:00000000-0000-0000-0000-000000000002")


def ed25519(seed):
    """A secret key's public half, and what signs with it (RFC 8032, section 5.1.6); for inputs that hold, never for secrets."""
    expanded = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(expanded[:32], "little") & ~7 & (1 << 254) - 1 | 1 << 254

    def times_base(factor):
        x, y, z, _ = bundle.point_multiply(factor, bundle.BASE)
        inverse = pow(z, -1, bundle.P)
        return (y * inverse % bundle.P | (x * inverse % bundle.P & 1) << 255).to_bytes(32, "little")

    def reduced(*parts):
        return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % bundle.ORDER

    public = times_base(scalar)

    def sign(message):
        nonce = reduced(expanded[32:], message)
        commitment = times_base(nonce)
        answer = (nonce + reduced(commitment, public, message) * scalar) % bundle.ORDER
        return commitment + answer.to_bytes(32, "little")

    return public, sign


def notes():
    def signer(name, algorithm, seed):
        """What an input needs of a key: its text, its secret's, and a line below a text, at a time if it is a witness's."""
        public, sign = ed25519(bytes([seed] * 32))
        public = bytes([algorithm]) + public
        key_id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]

        def line(text, seconds=None):
            if seconds is None:
                signature = sign(text.encode())
            else:
                signature = struct.pack(">Q", seconds) + sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
            return f"\u2014 {name} {base64.b64encode(key_id + signature).decode()}\n"

        written = [f"{name}+{key_id.hex()}+", base64.b64encode(public).decode()]
        secret = base64.b64encode(bytes([algorithm] + [seed] * 32)).decode()
        return "".join(written), f"PRIVATE+KEY+{written[0]}{secret}", public, line

    # The names and seeds that the target knows.
    log, log_secret, log_public, logs_line = signer("alongside/mentor-plus", 1, 7)
    witness, witness_secret, witness_public, witnesses_line = signer("audit.example.org", 4, 9)
    root = base64.b64encode(bytes([7] * 32)).decode()
    text = f"alongside/mentor-plus\n12\n{root}\n"
    signed = text + "\n" + logs_line(text)
    keep("note", "signed", b"\x00" + signed.encode())
    keep("note", "cosigned", b"\x00" + (signed + witnesses_line(text, 1_795_348_800)).encode())
    keep("note", "cosigned-twice", b"\x00" + (signed + witnesses_line(text, 5) + witnesses_line(text, 4)).encode())
    keep("note", "another-text", b"\x00" + signed.replace("\n12\n", "\n13\n").encode())
    keep("note", "more-lines", b"\x00" + signed.replace(f"{root}\n", f"{root}\nmore\n").encode())
    keep("note", "typed", b"\x00" + f"12:{'07' * 32}".encode())
    brought = struct.pack("<BBBIH", 1, 0, 0, 1_795_348_800, 0)
    keep("note", "brought", brought)
    keep("note", "brought-by-a-stranger", brought[:1] + b"\x01" + brought[2:])
    keep("note", "brought-two-lines", brought[:1] + b"\x02" + brought[2:])
    keep("note", "brought-of-another-size", struct.pack("<BBBIH", 1, 0, 1, 5, 22) + b"2")
    keep("note", "brought-without-the-logs-line", struct.pack("<BBBIH", 1, 0, 119, 5, 70))
    for name, content in [("log", log), ("log-secret", log_secret), ("witness", witness), ("witness-secret", witness_secret),
                          ("name", "audit.example.org")]:
        keep("note", f"key-{name}", b"\x02" + content.encode())
    keep("note", "made-log", b"\x03" + log_public + b"alongside/mentor-plus")
    keep("note", "made-witness", b"\x03" + witness_public + b"audit.example.org")
    heads = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in (b"one", b"another")]
    two = base64.b64encode(hashlib.sha256(b"\x01" + heads[0] + heads[1]).digest()).decode()
    text = f"alongside/mentor-plus\n2\n{two}\n"
    beside = base64.b64encode(heads[1]).decode()
    keep("note", "proof", b"\x04" + f"c2sp.org/tlog-proof@v1\nindex 0\n{beside}\n\n{text}\n{logs_line(text)}".encode())
    words = ["\\xe2\\x80\\x94 ", "\\x0a\\x0a", "\\x0a", "+", "=", "PRIVATE+KEY+", "c2sp.org/tlog-proof@v1\\x0a", "index ",
             "alongside/mentor-plus", "audit.example.org", "elsewhere.example.org", "18446744073709551615", "12", root]
    (ROOT / "fuzz" / "dictionaries" / "note").write_text("".join(f'"{word}"\n' for word in words))


def documents():
    readme = (ROOT / "README.md").read_text()
    asked = [" ".join(found.split()) for found in re.findall(r"'query=\n(.*?)'", readme, re.S)]
    asked += [
        "query Q($id: ID!, $n: Int = 2) { node(id: $id) { __typename id ... on Mentee { name { state value } } } }",
        "fragment F on Scheme { name } query A { viewer { role } } query B { scheme(id: \"mentor-plus\") { ...F ...F @skip(if: true) } }",
        "{ __schema { types { name fields { name args { name type { name ofType { name } } } } } } }",
        "mutation { openScheme(input: {scheme: \"a\", commandId: \"00000000-0000-0000-0000-000000000001\", name: \"x\", kind: MENTORING}) { rejection { code } } }",
        "{ scheme(id: \"mentor-plus\") { mentees(first: 5) { edges { cursor node { name { value } appointments { id } } } pageInfo { endCursor } } } }",
        "{ a: scheme(id: \"mentor-plus\", atLeast: \"AAAA\") { today } b: viewer { role } }",
        "{ scheme(id: \"mentor-plus\") { auditTrail(first: 3, filter: {types: [\"session.held\"], from: \"2026-01-01T00:00:00Z\"}) { totalCount } } }",
    ]
    for number, query in enumerate(asked):
        body = {"query": query}
        if "$id" in query:
            body |= {"variables": {"id": "mentor-plus:Mentee:00000000-0000-0000-0000-000000000002"}, "operationName": "Q"}
        if "query B" in query:
            body["operationName"] = "B"
        keep("document", f"post-{number}", bytes([number % 4 << 2]) + json.dumps(body).encode())
    from urllib.parse import quote
    keep("document", "get", b"\x01query=" + quote(asked[0]).encode() + b"&variables=%7B%7D")
    keep("document", "stream", b"\x02" + json.dumps({"query": asked[0]}).encode())
    sdl = (ROOT / "schema" / "graphql.graphql").read_text()
    names = sorted(set(re.findall(r"^\s*(\w+)(?=[(:])", sdl, re.M)) | set(re.findall(r"^(?:type|input|enum) (\w+)", sdl, re.M)))
    dictionary = ROOT / "fuzz" / "dictionaries"
    dictionary.mkdir(exist_ok=True)
    (dictionary / "document").write_text("".join(f'"{name}"\n' for name in names))


def settings():
    matrix = (ROOT / "schema" / "access-matrix.toml").read_text()
    lines = [line for line in matrix.splitlines() if line and not line.startswith("#")]
    sections = [index for index, line in enumerate(lines) if line.startswith("[")]
    keep("settings", "matrix", "\n".join(line for index in sections for line in lines[index : index + 4]))
    keep("settings", "settings", 'data = "/var/lib/alongside"\nlisten = "127.0.0.1:8080"\nidle_minutes = 15\n')


def requests():
    asked = {
        "scheme": "GET /v1/schemes/mentor-plus HTTP/1.1\nauthorization: {coordinator}",
        "entitlement": "GET /v1/schemes/mentor-plus/entitlements?employer=E10000008&employeeNumber=210003\nauthorization: {employer}",
        "health": "GET /v1/schemes/mentor-plus/health\nauthorization: {auditor}\naccept: application/json;q=0.5, */*",
        "push": "POST /v1/schemes/mentor-plus/appointments?employer=E10000008\nauthorization: {employer}\nidempotency-key: a\ncontent-type: text/csv; charset=utf-8\n\n",
        "push-denied": "POST /v1/schemes/mentor-plus/appointments\nauthorization: {auditor}\nidempotency-key: a\ncontent-type: application/json\n\n{}",
        "graphql": "POST /graphql\nauthorization: {mentee}\ncontent-type: application/json\naccept: application/graphql-response+json\n\n{\"query\":\"{viewer{role}}\"}",
        "graphql-get": "GET /graphql?query=%7Bviewer%7Brole%7D%7D\nauthorization: {manager}\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "stream": "POST /graphql/stream\nauthorization: {auditor}\naccept: text/event-stream\ncontent-type: application/json\n\n{\"query\":\"{viewer{role}}\"}",
        "web-socket": "GET /graphql/ws\nupgrade: websocket\nconnection: upgrade\nsec-websocket-version: 13\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\nsec-websocket-protocol: graphql-transport-ws",
        "event-schema": "GET /schemas/events/session.held/1.json",
        "sdl": "GET /graphql/schema\naccept-encoding: gzip",
        "metrics": "GET /metrics",
        "method": "PATCH /graphql\ncontent-length: 99999999",
        "page": "GET /graphiql\nif-none-match: *",
    }
    for name, text in asked.items():
        keep("request", name, text.replace(" HTTP/1.1", ""))


def main():
    data = pathlib.Path(sys.argv[1])
    by_type = records(data)
    for kind, entry in by_type.items():
        if len(entry) < 8192:
            keep("record", kind, entry)
    histories(by_type)
    logs(by_type)
    notices()
    adoption()
    tokens()
    notes()
    documents()
    settings()
    requests()


main()
