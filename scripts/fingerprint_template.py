"""Take fingerprints of a course's template, over the whole history of its repository.

    python scripts/fingerprint_template.py CHECKOUT... --into rules/template_fingerprints.json

Every CHECKOUT is a clone of a cookiecutter template, or of a course repository whose `reports/` folder holds the
report's template. Run it again on next year's: what is new is added, what is there stays. Only hashes are written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from auditor.course.fingerprints import Fingerprints, load_fingerprints
from auditor.errors import AuditError
from auditor.facts.own_work.template import substance
from auditor.limits import DEFAULT
from auditor.repository.git import GitDoor
from auditor.repository.git_directory import find_repository

GENERATED = re.compile(r"\{\{ ?cookiecutter\.\w+ ?\}\}/(.+)", re.DOTALL)
"""What a cookiecutter template generates lies in a folder named by a variable (cookiecutter's documentation)."""
REPORT = re.compile(r"(reports/.+)", re.DOTALL)
VARIABLE = re.compile(r"\{\{ ?cookiecutter\.\w+ ?\}\}")
VARIANT = re.compile(r"_(?:uv|pip)(?=\.[a-z]+$)")
"""One of two variants of a file, of which generating leaves one, without the suffix."""
FIGURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")
NO_TEXT = (*FIGURES, ".lock", ".html", ".ipynb", ".gitkeep", ".pdf", ".drawio")


def role_of(path: str) -> str | None:
    """The role of a file in a template's repository: its path once generated, `*` for the package; None for others."""
    found = GENERATED.fullmatch(path) or REPORT.fullmatch(path)
    return VARIANT.sub("", VARIABLE.sub("*", found[1])) if found else None


def versions(git: GitDoor) -> Iterator[tuple[str, str]]:
    """(blob, path) of every version of every file on any branch."""
    out = git.run("log", "--all", "-m", "--root", "--raw", "-z", "--no-renames", "--no-abbrev", "--format=")
    words = iter(out.split("\0"))
    for word in words:
        if word.lstrip("\n").startswith(":"):
            blob, status = word.split(" ")[3:5]
            path = next(words)
            if not status.startswith("D"):
                yield blob, path


def fingerprint(checkout: Path) -> tuple[Fingerprints, int]:
    """Fingerprints of one checkout's history, and the number of versions whose content the clone lacks."""
    place = find_repository(checkout.resolve())
    if place is None:
        raise AuditError(f"{checkout}: not a git repository")
    git = GitDoor(place, DEFAULT)
    lines: dict[str, set[str]] = {}
    figures: set[str] = set()
    lacking = 0
    for blob, path in sorted(set(versions(git))):
        role = role_of(path)
        if role is None:
            continue
        data = git.blob(blob)
        if role.lower().endswith(FIGURES):
            figures.add(blob)
            figures.update(() if data is None else (hashlib.sha256(data).hexdigest(),))
        elif not role.lower().endswith(NO_TEXT):
            if data is None:
                lacking += 1
                continue
            found = substance(data.decode("utf-8", "replace").replace("\r\n", "\n"), role)
            lines.setdefault(role, set()).update(line.hash for line in found)
    git.close()
    return Fingerprints({role: frozenset(known) for role, known in lines.items()}, frozenset(figures)), lacking


def merged(one: Fingerprints, two: Fingerprints) -> Fingerprints:
    """Both together."""
    roles = {*one.lines, *two.lines}
    return Fingerprints(
        {role: one.lines.get(role, frozenset()) | two.lines.get(role, frozenset()) for role in roles},
        one.figures | two.figures,
    )


def write(fingerprints: Fingerprints, into: Path) -> None:
    """Write fingerprints as JSON: sorted, so that the same input gives the same bytes."""
    stored = {
        "about": "Hashes of a course template's lines and figures; written by scripts/fingerprint_template.py.",
        "roles": {role: {"lines": " ".join(sorted(fingerprints.lines[role]))} for role in sorted(fingerprints.lines)},
        "figures": sorted(fingerprints.figures),
    }
    into.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    """Read the command line, take fingerprints, write them. Exit status 2 where that cannot be done."""
    parser = argparse.ArgumentParser(description="Take fingerprints of a course's template.")
    parser.add_argument("checkouts", nargs="+", type=Path, metavar="CHECKOUT")
    parser.add_argument("--into", type=Path, required=True, metavar="FILE", help="JSON to add to, made where missing")
    options = parser.parse_args()
    into: Path = options.into
    try:
        known = load_fingerprints(into) if into.exists() else Fingerprints()
        for checkout in options.checkouts:
            found, lacking = fingerprint(checkout)
            known = merged(known, found)
            total = sum(map(len, found.lines.values()))
            print(f"{checkout}: {len(found.lines)} roles, {total} lines, {len(found.figures)} figure hashes", end="")
            print(f"; {lacking} versions are not in this clone" if lacking else "")
    except AuditError as error:
        print(error, file=sys.stderr)
        return 2
    write(known, into)
    return 0


if __name__ == "__main__":
    sys.exit(main())
