"""Carry a course's catalogue over to the next edition of its report template.

    python scripts/next_edition.py report-2027.md [--edition 2027] [--rules rules] [--assign "ITEM=CLAIM"...]

Reads the new template's checklist and questions, and writes into `catalog.yaml`, `questions.yaml` and the fingerprints what follows: items and
questions that stay get a longer range of editions, those that were reworded or moved a line of their own. What it cannot tell it asks for on a
terminal; elsewhere it lists that, and writes nothing until `--assign` says it: the id of the claim that an item makes, or "none" for an item
that is to have a new claim, which needs a rule. Comments and order stay.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path

import fingerprint_report

from auditor.course.catalog import Catalog, Claim, Question, load_catalog
from auditor.report.template import fingerprints

RULES = Path(__file__).resolve().parent.parent / "rules"
ITEM = re.compile(r"^\s*[*+-]\s+\[.?\]\s+(?P<text>.+?)(?:\s+\([MX][\d, +MX]*\))?\s*$", re.MULTILINE)
QUESTION = re.compile(
    r"^#+\s*Question\s+(?P<number>\d+)\s*$(?P<text>.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL | re.IGNORECASE
)
LENGTH = re.compile(r"(\d+)\s*-\s*(\d+)\s+words", re.IGNORECASE)
ALIKE = 0.8
"""Share of equal signs from which on an item is taken for a reworded one without asking."""
RANGE = r"(?:\d{4}-)?"


class Undecided(Exception):  # noqa: N818 (it is a question, not an error)
    """What the template alone does not tell."""


def same(one: str, other: str) -> bool:
    """Whether two wordings are the same but for blanks, capitals and the stop at their end."""
    return " ".join(one.lower().split()).rstrip(".") == " ".join(other.lower().split()).rstrip(".")


def alike(one: str, other: str) -> float:
    """How much two wordings have in common, from 0 to 1."""
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()


def claims_of(items: list[str], catalog: Catalog, last: str, assigned: Mapping[str, str]) -> dict[str, str]:
    """The new wording of each claim that the template has an item for. Raises Undecided for items that fit none."""
    found: dict[str, str] = {}
    old = {claim.id: text for claim in catalog.claims if (text := claim.wording(last))}
    left = []
    for item in items:
        makes = [name for name, text in old.items() if same(item, text)]
        found.update(dict.fromkeys(makes, item))
        left += [] if makes else [item]
    unknown = []
    for item in left:
        if item in assigned:
            found.update({assigned[item]: item} if assigned[item] != "none" else {})
            continue
        free = {name: alike(item, text) for name, text in old.items() if name not in found}
        nearest = max(free, key=lambda name: free[name], default="")
        if nearest and free[nearest] >= ALIKE:
            found[nearest] = item
        else:
            unknown.append(f"{item}\n    which claim does it make? the nearest is {nearest or 'none'}")
    if unknown:
        raise Undecided("\n".join(unknown))
    return found


def topics_of(template: str, catalog: Catalog) -> dict[str, tuple[int, str]]:
    """Number and length (as `100-200`, or empty) of each question that is recognised by its words."""
    found: dict[str, tuple[int, str]] = {}
    for match in QUESTION.finditer(template):
        words = set(re.findall(r"\w+", match["text"].lower()))
        score = {
            q.topic: sum(word in words for word in q.words) / len(q.words) for q in free(catalog, found) if q.words
        }
        best = max(score, key=lambda topic: score[topic], default="")
        if best and score[best] >= 0.6:
            length = LENGTH.search(match["text"])
            found[best] = (int(match["number"]), f"{length[1]}-{length[2]}" if length else "")
    return found


def free(catalog: Catalog, taken: Mapping[str, object]) -> list[Question]:
    """The questions that are not taken yet."""
    return [question for question in catalog.questions if question.topic not in taken]


def longer(text: str, last: str, new: str) -> str:
    """`text` with the range of editions that ends in `last` ending in `new`."""
    return re.sub(rf"\b({RANGE}){last}(?=:)", lambda hit: f"{hit[1] or f'{last}-'}{new}", text, count=1)


def catalogue_lines(
    lines: list[str], claims: Mapping[str, Claim], found: Mapping[str, str], last: str, new: str
) -> Iterator[str]:
    """The catalogue's lines with the new edition."""
    current = ""
    for line in lines:
        begun = re.match(r"\s*- id:\s*(\S+)", line)
        current = begun[1] if begun else current
        entry = re.match(rf"(\s+){RANGE}{last}:\s", line)
        if not entry or current not in found:
            yield line
        elif same(found[current], claims[current].wording(last) or ""):
            yield longer(line, last, new)
        else:
            yield line
            yield f"{entry[1]}{new}: {json.dumps(found[current], ensure_ascii=False)}"


def question_lines(
    lines: list[str], catalog: Catalog, found: Mapping[str, tuple[int, str]], last: str, new: str
) -> Iterator[str]:
    """The questions' lines with the new edition."""
    topics = {question.topic: question for question in catalog.questions}
    current = ""
    for line in lines:
        begun = re.match(r"\s*- topic:\s*(\S+)", line)
        current = begun[1] if begun else current
        entry = re.match(r"\s+(numbers|length|figures): \{", line)
        if not entry or current not in found or last not in topics[current].numbers:
            yield line
            continue
        number, length = found[current]
        before = topics[current].length.get(last)
        wanted = {"numbers": str(number), "length": length}.get(entry[1], "")
        was = {"numbers": str(topics[current].numbers[last]), "length": "-".join(map(str, before or ()))}.get(
            entry[1], ""
        )
        kept = not wanted or wanted == was
        yield longer(line, last, new) if kept else line.replace("}", f", {new}: {wanted}}}", 1)


def asked(question: str) -> str:
    """The user's answer to a question on the terminal."""
    sys.stderr.write(f"{question}\n    claim, or none: ")
    return sys.stdin.readline().strip() or "none"


def main() -> int:
    """Read the template, write what follows. Exit status 1 where something is to be decided, 2 where it cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("template", type=Path)
    parser.add_argument("--edition")
    parser.add_argument("--rules", type=Path, default=RULES)
    parser.add_argument("--assign", action="append", default=[], metavar="ITEM=CLAIM")
    given = parser.parse_args()
    try:
        new = fingerprint_report.edition_of(given.template, given.edition)
        template = given.template.read_text(encoding="utf-8")
        catalog = load_catalog(given.rules / "catalog.yaml")
    except (fingerprint_report.UnusableError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    last = max(edition for edition in catalog.editions if edition < new)
    items = [match["text"] for match in ITEM.finditer(template)]
    assigned = dict(one.rpartition("=")[::2] for one in given.assign)
    while True:
        try:
            found = claims_of(items, catalog, last, assigned)
            break
        except Undecided as open_points:
            if not sys.stdin.isatty():
                print(f"To be decided, with --assign 'ITEM=CLAIM':\n{open_points}", file=sys.stderr)
                return 1
            item = str(open_points).partition("\n")[0]
            assigned[item] = asked(str(open_points).partition("\n    which")[0])
    topics = topics_of(template, catalog)
    claims = {claim.id: claim for claim in catalog.claims}
    for name in ("catalog.yaml", "questions.yaml"):
        file = given.rules / name
        lines = file.read_text(encoding="utf-8").split("\n")
        made = (
            catalogue_lines(lines, claims, found, last, new)
            if name == "catalog.yaml"
            else question_lines(lines, catalog, topics, last, new)
        )
        file.write_text("\n".join(made), encoding="utf-8")
    output = given.rules / "report_fingerprints.json"
    known = fingerprint_report.read_known(output)
    known[new] = set(fingerprints(template.splitlines()))
    output.write_text(fingerprint_report.as_text(known), encoding="utf-8")
    load_catalog(given.rules / "catalog.yaml")
    gone = [claim.id for claim in catalog.claims if claim.wording(last) and claim.id not in found]
    unasked = [
        question.topic for question in catalog.questions if last in question.numbers and question.topic not in topics
    ]
    told = {"items without a claim": [item for item, claim in assigned.items() if claim == "none"], "claims without an item": gone,
            "questions that are gone": unasked}  # fmt: skip
    print(f"edition {new}: {len(found)} claims, {len(topics)} questions")
    for what, names in told.items():
        if names:
            print(f"{what}: {', '.join(names)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
