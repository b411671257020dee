#!/usr/bin/env python3
"""Checks an audit bundle of Alongside, with nothing but Python's standard library.

Written from docs/audit-bundle.md, RFC 6962 and RFC 8032. Shares no code with the program that made the bundle, and asks nobody.

    python3 verify_bundle.py BUNDLE [--key VERIFIER_KEY]... [--checkpoint FILE]

Exit code 0: intact. 1: not intact, or not readable. 2: the command was not understood.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys

MAGIC = "alongside audit bundle 1"
MANIFEST_BYTES = 1 << 20
PART_BYTES = 64 << 20
NOTE_BYTES = 64 << 10
LEAF_BYTES = 65_535
CHUNK_BYTES = 1 << 20
LARGEST = (1 << 53) - 1
LOG_KEY, WITNESS_KEY = 1, 4

SCHEME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z", re.ASCII)
NUMBER = re.compile(r"(0|[1-9][0-9]{0,15})\Z", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
KIND = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\Z", re.ASCII)


class NotIntact(Exception):
    """The bundle does not hold; the text says where and why."""


def require(holds, where, what):
    if not holds:
        raise NotIntact(f"{where}: {what}")


# --- Ed25519 verification, RFC 8032, section 5.1, with extended coordinates -------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_multiply(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = point_add(total, point)
        point = point_add(point, point)
        scalar >>= 1
    return total


def point_decode(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point_decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verifies(public, message, signature):
    """RFC 8032, section 5.1.7: the stricter equation, without the cofactor."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = point_decode(public), point_decode(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = point_multiply(scalar, BASE)
    right = point_add(commitment, point_multiply(int.from_bytes(digest, "little") % ORDER, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- Signed notes, verifier keys and checkpoints, as C2SP specifies them ----------------------------------------------


def base64_exact(text, where):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotIntact(f"{where}: not base64") from None
    require(base64.b64encode(data).decode() == text, where, "base64 in another spelling")
    return data


def is_key_name(name):
    return bool(name) and "+" not in name and not any(letter.isspace() or ord(letter) < 32 for letter in name)


class Key:
    """A verifier key: `name+hex(key ID)+base64(type, public key)`."""

    def __init__(self, text, where):
        parts = text.split("+", 2)
        require(len(parts) == 3 and is_key_name(parts[0]), where, "not a verifier key")
        self.text, self.name = text, parts[0]
        data = base64_exact(parts[2], where)
        require(len(data) == 33 and data[0] in (LOG_KEY, WITNESS_KEY), where, "not an Ed25519 verifier key")
        self.kind, self.public = data[0], data[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        require(self.id.hex() == parts[1], where, "its key ID is of another key")

    def verifies(self, text, signature):
        if self.kind == LOG_KEY:
            return ed25519_verifies(self.public, text, signature)
        time = int.from_bytes(signature[:8], "big")
        message = b"cosignature/v1\ntime %d\n" % time + text
        return len(signature) == 72 and ed25519_verifies(self.public, message, signature[8:])


def read_note(data, where):
    """The text of a note, and its signature lines as (name, key ID, signature)."""
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotIntact(f"{where}: not UTF-8") from None
    plain = not any(ord(letter) < 32 and letter != "\n" for letter in note)
    split = note.rfind("\n\n")
    require(plain and split > 0 and note.endswith("\n"), where, "not a signed note")
    text, signatures = note[: split + 1], []
    for line in note[split + 2 :].split("\n")[:-1]:
        parts = line.split(" ")
        require(len(parts) == 3 and parts[0] == "\u2014" and is_key_name(parts[1]), where, "not a signature line")
        signature = base64_exact(parts[2], where)
        require(len(signature) > 4, where, "not a signature line")
        signatures.append((parts[1], signature[:4], signature[4:]))
    require(signatures, where, "not signed")
    return text, signatures


class Checkpoint:
    """A signed tree head."""

    def __init__(self, data, where):
        text, self.signatures = read_note(data, where)
        lines = text.split("\n")
        require(len(lines) >= 4 and lines[0] and all(lines[:-1]), where, "not a checkpoint")
        self.text, self.origin = text.encode(), lines[0]
        self.size = number(lines[1], where)
        self.root = base64_exact(lines[2], where)
        require(len(self.root) == 32, where, "its root is no SHA-256")

    def signed_by(self, keys, where):
        """Which of these keys signed it. A signature that claims to be by one of them and is not is a fault."""
        found = []
        for name, key_id, signature in self.signatures:
            for key in keys:
                if (key.name, key.id) == (name, key_id):
                    require(key.verifies(self.text, signature), where, f"the signature by {name} does not verify")
                    found.append(key)
        return found


# --- The bundle -------------------------------------------------------------------------------------------------------


def number(text, where):
    require(NUMBER.match(text) and int(text) <= LARGEST, where, "not a number")
    return int(text)


class Manifest:
    """What the bundle says of itself."""

    def __init__(self, note):
        where = "manifest"
        text, signatures = read_note(note, where)
        lines = text.split("\n")[:-1]
        require(len(lines) >= 7 and lines[0] == MAGIC, where, "this is not an audit bundle of version 1")
        require(lines[1].startswith("scheme ") and SCHEME.match(lines[1][7:]), where, "names no scheme")
        self.scheme = lines[1][7:]
        require(lines[2].startswith("key "), where, "names no key")
        self.key = Key(lines[2][4:], where)
        require(self.key.kind == LOG_KEY, where, "its key is no log's")
        self.adopted = self.read_adopted(lines[3:-4], where)
        self.schemas = self.read_part(lines[-4], "schemas", where)
        self.checkpoints = self.read_part(lines[-3], "checkpoints", where)
        self.records = self.read_part(lines[-2], "records", where)
        require(lines[-1].startswith("withheld "), where, "does not say how many records are withheld")
        self.withheld = number(lines[-1][9:], where)
        for part in (self.schemas, self.checkpoints):
            require(part[1] <= PART_BYTES, where, "announces too many bytes")
        require(len(signatures) == 1, where, "has more than one signature")
        name, key_id, signature = signatures[0]
        require((name, key_id) == (self.key.name, self.key.id), where, "is signed by another key than it names")
        require(self.key.verifies(text.encode(), signature), where, "the signature does not verify")

    @staticmethod
    def read_adopted(lines, where):
        adopted = {}
        for line in lines:
            words = line.split(" ")
            require(len(words) >= 3 and words[0] == "adopted" and KIND.match(words[1]), where, "has a line that has no place in it")
            require(not adopted or max(adopted) < words[1], where, "names a type out of order")
            adopted[words[1]] = [number(word, where) for word in words[2:]]
        return adopted

    @staticmethod
    def read_part(line, name, where):
        words = line.split(" ")
        require(len(words) == 4 and words[0] == name and DIGEST.match(words[3]), where, f"announces no {name}")
        return number(words[1], where), number(words[2], where), words[3]


class Reader:
    """A stream with one line or one part at a time in memory."""

    def __init__(self, stream):
        self.stream, self.buffer, self.start = stream, b"", 0

    def line(self, limit, where):
        """The next line, with its line feed."""
        while True:
            end = self.buffer.find(b"\n", self.start, self.start + limit)
            if end >= 0:
                line = self.buffer[self.start : end + 1]
                self.start = end + 1
                return line
            require(len(self.buffer) - self.start < limit, where, "a line is too long")
            self.fill(where)

    def exactly(self, count, where):
        while len(self.buffer) - self.start < count:
            self.fill(where)
        data = self.buffer[self.start : self.start + count]
        self.start += count
        return data

    def fill(self, where):
        more = self.stream.read(CHUNK_BYTES)
        require(more, where, "the file ends in the middle")
        self.buffer, self.start = self.buffer[self.start :] + more, 0

    def at_end(self):
        return self.start == len(self.buffer) and not self.stream.read(1)


class Tree:
    """The tree head of RFC 6962, grown leaf by leaf."""

    def __init__(self):
        self.leaves, self.heads = 0, []

    def push(self, head):
        bits = self.leaves
        while bits & 1:
            head = hashlib.sha256(b"\x01" + self.heads.pop() + head).digest()
            bits >>= 1
        self.heads.append(head)
        self.leaves += 1

    def root(self):
        if not self.heads:
            return hashlib.sha256().digest()
        root = self.heads[-1]
        for left in reversed(self.heads[:-1]):
            root = hashlib.sha256(b"\x01" + left + root).digest()
        return root


def read_manifest(reader):
    first = reader.exactly(len(MAGIC) + 1, "manifest")
    require(first == MAGIC.encode() + b"\n", "manifest", "this is not an audit bundle of version 1")
    lines, left = [first], MANIFEST_BYTES - len(first)
    in_text = True
    while in_text or lines[-1] == b"\n":
        lines.append(reader.line(left, "manifest"))
        left -= len(lines[-1])
        in_text = in_text and lines[-1] != b"\n"
    return Manifest(b"".join(lines))


def read_whole_part(reader, part, where):
    data = reader.exactly(part[1], where)
    require(hashlib.sha256(data).hexdigest() == part[2], where, "other bytes than the manifest says")
    return data


def read_json(text, where):
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise NotIntact(f"{where}: not JSON") from None
    require(isinstance(value, dict), where, "not a JSON object")
    return value


def read_schemas(data, count):
    where = "schemas"
    require(data.endswith(b"\n"), where, "ends without a line feed")
    names, previous = set(), None
    lines = data[:-1].split(b"\n")
    require(len(lines) == count, where, "not as many as the manifest says")
    for index, line in enumerate(lines):
        words = line.split(b" ", 2)
        require(len(words) == 3, where, "a line is no schema")
        kind, version = words[0].decode("latin-1"), number(words[1].decode("latin-1"), where)
        require(KIND.match(kind), where, "a line is no schema")
        read_json(words[2], where)
        if index == 0:
            require((kind, version) == ("record", 1), where, "does not begin with that of a record")
            continue
        require(previous is None or previous < (kind, version), where, "out of order")
        previous = (kind, version)
        names.add(previous)
    return names


def read_checkpoints(data, manifest, keys):
    where, found, seen, start = "checkpoints", [], set(), 0
    while start < len(data):
        end = data.find(b"\n", start, start + 40)
        head = data[start:end].decode("latin-1") if end >= 0 else ""
        require(head.startswith("checkpoint "), where, "not a checkpoint")
        size = number(head[11:], where)
        require(0 < size <= NOTE_BYTES and end + 1 + size <= len(data), where, "the part ends in the middle of one")
        note = data[end + 1 : end + 1 + size]
        start = end + 1 + size
        checkpoint = Checkpoint(note, where)
        require(checkpoint.origin == manifest.key.name, where, "one is of another log")
        require(not found or found[-1].size <= checkpoint.size, where, "out of order")
        require(note not in seen, where, "one stands twice")
        seen.add(note)
        checkpoint.signers = checkpoint.signed_by(keys, where)
        found.append(checkpoint)
    require(len(found) == manifest.checkpoints[0], where, "not as many as the manifest says")
    require(found and found[-1].size == manifest.records[0], where, "the last one does not end where the bundle ends")
    require(manifest.key in found[-1].signers, where, "the last one is not signed by the bundle's key")
    return found


def read_records(reader, manifest, schemas, wanted):
    """Reads the records, compares the root at each size in `wanted`, and returns the last root."""
    digest, size, tree = hashlib.sha256(), 0, Tree()
    withheld, used, last_time = 0, set(), ""
    adopted = {kind: [] for kind in manifest.adopted}
    compare(tree, wanted)
    for position in range(1, manifest.records[0] + 1):
        where = f"record {position}"
        line = reader.line(LEAF_BYTES + 1, where)
        digest.update(line)
        size += len(line)
        leaf = line[:-1]
        if leaf.startswith(b"withheld "):
            text = leaf[9:].decode("latin-1")
            require(DIGEST.match(text), where, "not a leaf hash")
            tree.push(bytes.fromhex(text))
            withheld += 1
        else:
            require(leaf.startswith(b"{"), where, "neither a record nor withheld")
            kind, last_time = read_leaf(leaf, manifest.scheme, position, last_time, where)
            require(kind in schemas, where, "its type and version have no schema")
            used.add(kind)
            if kind[0] in adopted:
                adopted[kind[0]].append(position)
            tree.push(hashlib.sha256(b"\x00" + leaf).digest())
        compare(tree, wanted)
    require(size == manifest.records[1] and digest.hexdigest() == manifest.records[2], "records", "other bytes than the manifest says")
    require(used == schemas, "schemas", "one is of no record")
    require(adopted == manifest.adopted and all(adopted.values()), "manifest", "says otherwise what was adopted where")
    require(withheld == manifest.withheld, "manifest", "says otherwise how many records are withheld")
    return tree.root()


def read_leaf(leaf, scheme, position, last_time, where):
    try:
        record = read_json(leaf.decode("utf-8"), where)
    except UnicodeDecodeError:
        raise NotIntact(f"{where}: not UTF-8") from None
    require(record.get("scheme") == scheme, where, "of another scheme")
    require(record.get("position") == str(position), where, "of another position")
    kind, version, time = record.get("type"), record.get("version"), record.get("recorded_at")
    require(isinstance(kind, str) and type(version) is int and isinstance(time, str), where, "not a record")
    require(last_time <= time, where, "its time goes backwards")
    sealed = record.get("sealed")
    require(isinstance(sealed, list), where, "not a record")
    for value in sealed:
        require(isinstance(value, dict) and "ciphertext" not in value, where, "holds a ciphertext")
    return (kind, version), time


def compare(tree, wanted):
    for where, root in wanted.get(tree.leaves, ()):
        require(tree.root() == root, where, f"the first {tree.leaves} records have another root")


def verify(stream, keys=(), kept=None):
    """Checks a bundle; returns what is to be said of it, raises NotIntact where it does not hold."""
    reader = Reader(stream)
    manifest = read_manifest(reader)
    log_keys = [key for key in keys if key.kind == LOG_KEY]
    require(not log_keys or manifest.key.text in [key.text for key in log_keys], "manifest", "signed by another key than the one given")
    known = [manifest.key] + [key for key in keys if key.text != manifest.key.text]
    schemas = read_schemas(read_whole_part(reader, manifest.schemas, "schemas"), manifest.schemas[0])
    part = read_whole_part(reader, manifest.checkpoints, "checkpoints")
    checkpoints = read_checkpoints(part, manifest, known)
    wanted = {}
    for checkpoint in checkpoints:
        wanted.setdefault(checkpoint.size, []).append(("checkpoints", checkpoint.root))
    if kept is not None:
        check_kept(kept, manifest, log_keys)
        wanted.setdefault(kept.size, []).append(("the checkpoint given", kept.root))
    root = read_records(reader, manifest, schemas, wanted)
    require(reader.at_end(), "end", "something follows the last record")
    cosignatures = sum(key.kind == WITNESS_KEY for checkpoint in checkpoints for key in checkpoint.signers)
    return describe(manifest, len(checkpoints), cosignatures, root, bool(log_keys), kept)


def check_kept(kept, manifest, log_keys):
    where = "the checkpoint given"
    require(kept.origin == manifest.key.name, where, "it is of another log")
    require(not log_keys or kept.signed_by(log_keys, where), where, "it is not signed by the key given")
    ends = f"it has {kept.size} records, the bundle ends at {manifest.records[0]}: what followed was dropped, or the bundle is older"
    require(kept.size <= manifest.records[0], where, ends)


def describe(manifest, checkpoints, cosignatures, root, key_given, kept):
    said = ["intact"]
    if key_given:
        said.append("signed by the key given")
    if kept is not None:
        said.append("continues the checkpoint given")
    if not key_given:
        said.append("origin unproven")
    return (
        f"{manifest.scheme}: {', '.join(said)}\n"
        f"{manifest.records[0]} records, {manifest.withheld} of them withheld; {checkpoints} checkpoints, "
        f"{cosignatures} cosignatures verified; root {root.hex()}\n"
        f"signed by {manifest.key.text}"
    )


def read_kept(path):
    """The checkpoint in a file; what cannot be read as one is no fault of the bundle."""
    with open(path, "rb") as file:
        try:
            return Checkpoint(file.read(NOTE_BYTES + 1), path)
        except NotIntact as error:
            raise OSError(str(error)) from None


def main():
    parser = argparse.ArgumentParser(description="Checks an audit bundle of Alongside.")
    parser.add_argument("bundle")
    parser.add_argument("--key", action="append", default=[], help="a verifier key of the log or of a witness; may be repeated")
    parser.add_argument("--checkpoint", help="a file with the last checkpoint that was kept elsewhere")
    arguments = parser.parse_args()
    try:
        keys = [Key(text.strip(), "--key") for text in arguments.key]
    except NotIntact as error:
        parser.error(str(error))
    try:
        kept = None
        if arguments.checkpoint:
            kept = read_kept(arguments.checkpoint)
        with open(arguments.bundle, "rb") as file:
            print(verify(file, keys, kept))
    except NotIntact as error:
        print(f"NOT intact: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
