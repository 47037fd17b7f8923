"""Keys and passwords in the repository: whoever can read it can use them, and git keeps them for ever."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.key_material import KeyMaterial
from auditor.checks.model import Flaw, HandIn, check
from auditor.repository.snapshot import Snapshot

REVOKE = (
    "Revoke it where it was made, make a new one, and keep that out of git (environment, secret store). Deleting the line is not "
    "enough: the history keeps it."
)


@check("H.secrets", "No keys or passwords are committed", "Keys or passwords")
def secrets(hand_in: HandIn, found: KeyMaterial, snapshot: Snapshot) -> Iterator[Flaw]:
    """No key, token, password or private key stands in the report or in another file.

    Recognised are the forms that providers give their keys, and private keys; what is shown of one is masked. Whether a key still works
    is not tried out: nothing leaves your machine. Only the files as they are now are read, not the history: a key that was committed
    once and deleted is still there for everybody who looks.
    """
    report = hand_in.report.files if hand_in.report else ()
    for one in sorted(found.places, key=lambda place: (place.path not in report, place.path, place.line)):
        said = f"This looks like a secret ({one.kind})"
        if snapshot.in_last_commit(one.path, one.line):
            yield Flaw(one.path, one.line, f"{said}.", REVOKE, one.shown)
        else:
            settle = keep_out(snapshot, one.path)
            yield Flaw(one.path, one.line, f"{said}, not committed yet.", settle, one.shown, uncommitted=True)


def keep_out(snapshot: Snapshot, path: str) -> str:
    """What to do about a key that is not in the last commit."""
    if snapshot.in_last_commit(path):
        return "Take it out of the file (environment, secret store), and never commit it."
    if snapshot.staged(path):
        return "Keep it out: unstage it (git restore --staged), add it to .gitignore, and never commit it."
    return "Keep it out: add it to .gitignore, and never commit it."
