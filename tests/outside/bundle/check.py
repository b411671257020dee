"""Feeds every mutant to the verifier in Python. Argument: the folder that the mutation test has written."""

import io
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "verifiers"))
import verify_bundle

folder = pathlib.Path(sys.argv[1])
keys = [verify_bundle.Key(line, "keys.txt") for line in (folder / "keys.txt").read_text().split("\n") if line]
kept = verify_bundle.Checkpoint((folder / "checkpoint.txt").read_bytes(), "checkpoint.txt")
print(verify_bundle.verify((folder / "untouched.bundle").open("rb"), keys, kept).split("\n")[0])

accepted, rejected = [], 0
with (folder / "mutants.bin").open("rb") as file:
    for kind in (folder / "kinds.txt").read_text().split("\n")[:-1]:
        (length,) = struct.unpack(">I", file.read(4))
        try:
            verify_bundle.verify(io.BytesIO(file.read(length)), keys, kept)
            accepted.append(kind)
        except verify_bundle.NotIntact:
            rejected += 1
print(f"{rejected} of {rejected + len(accepted)} mutants rejected in Python")
for kind in accepted:
    print(f"NOT rejected: {kind}")
sys.exit(1 if accepted or not rejected else 0)
