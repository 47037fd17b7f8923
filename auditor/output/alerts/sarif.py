"""The result in SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"), for code scanning.

One run. Every alert (`auditor/output/alerts.py`, which also says why its level is what it is) is a result at its line of the report,
with the places that it rests on as related locations, which the message links to. What was not read, and claims that could not be
judged, are notifications of the invocation. All text in a result comes from strangers: it is made visible, the two constructs that
mean something in a message are taken out of it (section 3.11), and paths are percent-encoded.

GitHub matches alerts from one upload to the next by `primaryLocationLineHash` alone, which its upload action makes from the lines of the
file and warns about where it is given and differs; so it is left to that action. The fingerprint of our own stands beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from auditor.course.rulebook import Rulebook, load_rulebook
from auditor.errors import AuditError
from auditor.evidence import Place
from auditor.output.alerts.alerts import REPORT_PLACE, Alert, Level, Related, alerts, is_file, sentence
from auditor.output.web_links import name_bytes
from auditor.output.words.remark_rows import LOOK_TITLES
from auditor.output.words.wording import NOT_A_PROOF, counted, one_line, report_problems, settings_lists, visible
from auditor.patterns import pattern
from auditor.result.audit import AuditResult, RepositoryResult

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
"""The schema's own identifier: nothing is loaded from there."""

ROOT = "%SRCROOT%"
"""The base of all paths, by the name that GitHub expects ("SARIF support for code scanning", "artifactLocation object")."""

FINGERPRINT = "auditorFinding/v1"
"""A versioned hierarchical string (section 3.5.4.2): another way to compute it is another version."""

MOST_RESULTS = 5_000
"""Results that GitHub takes in of a run ("SARIF results exceed one or more limits"); it refuses a run with over 25,000."""

MOST_RELATED = 90
"""Related locations of a result: GitHub takes in 100 locations of each ("SARIF results exceed one or more limits")."""

LINKED = 3
"""Related locations that a message links to."""

MOST_NOTIFICATIONS = 200
"""Things not read that are listed one by one."""

NAME_LENGTH = 255
DESCRIPTION_LENGTH = 1024
"""Longest name and descriptions of a rule, in characters ("SARIF support for code scanning", "reportingDescriptor object")."""

BRACES = {"{": "{{", "}": "}}"}
LINK = pattern(r"\](?=\()")
"""Where text would become an embedded link: `[text](destination)` (section 3.11.6)."""

LABEL = pattern(r"^([A-Z][\w' ]{2,24}):(?=\s)")
"""The word or two with which a paragraph of a rule's text begins: `Accepted:`, `Half of it:`, `To settle it:`."""

Json = dict[str, Any]


def to_sarif(result: AuditResult) -> bytes:
    """The result as a SARIF log of one run, in UTF-8 with a newline at its end; the same result gives the same bytes."""
    found = alerts(result)
    shown = found[:MOST_RESULTS]
    rules = rule_descriptors(shown, result)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    prints = fingerprints(shown)
    run: Json = {
        "tool": {"driver": {"name": "auditor", "version": text(result.version), "rules": rules}},
        "automationDetails": {"id": category(result)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the audited repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolConfigurationNotifications": [
                    notification(f"{heading}: {place.text}", Level.NOTE, place)
                    for heading, places in settings_lists(result)
                    for place in places[:MOST_NOTIFICATIONS]
                ],
                "toolExecutionNotifications": list(notifications(result, len(found) - len(shown))),
            }
        ],
        "results": [
            result_object(alert, index[rule_id(alert)], mark) for alert, mark in zip(shown, prints, strict=True)
        ],
    }
    provenance = version_control(result.repository)
    if provenance is not None:
        run["versionControlProvenance"] = [provenance]
    log = {"$schema": SCHEMA, "version": VERSION, "runs": [run]}
    return (json.dumps(log, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def category(result: AuditResult) -> str:
    """The run's category, which ends in a slash for want of a run's own id (section 3.17.3): course, and folder if any."""
    parts = ["auditor", result.course, *filter(None, result.repository.folder.split("/"))]
    return "/".join(quote(name_bytes(part), safe="") for part in parts) + "/"


def rule_id(alert: Alert) -> str:
    """The rule of an alert, by which results name it."""
    return text(alert.rule)


def rule_descriptors(shown: Sequence[Alert], result: AuditResult) -> list[Json]:
    """A descriptor for each claim and check that has results, in the order of their first ones."""
    book = rulebook(result.course)
    modules = {claim.id: claim.module for claim in result.claims}
    first: dict[str, Alert] = {}
    for alert in shown:
        first.setdefault(rule_id(alert), alert)
    return [descriptor(name, alert, book, modules.get(alert.rule)) for name, alert in first.items()]


def rulebook(course: str) -> Rulebook | None:
    """The rules by which a result was made; None where they are not installed here, as may be with an earlier result."""
    try:
        return load_rulebook(course)
    except AuditError:
        return None


def descriptor(name: str, alert: Alert, book: Rulebook | None, module: str | None) -> Json:
    """One rule (section 3.49): what its text says to users, or of a hand-in check what it is about and what to do."""
    rule = book.rules.get(alert.rule) if book is not None else None
    title = one_line(alert.title) or one_line(alert.rule)
    if rule is not None:
        full, paragraphs = rule.text.partition("\n\n")[0], rule.text.split("\n")
    else:
        full, paragraphs = title, [title, "", *alert.ways]
    told = alert.rule not in LOOK_TITLES  # what the report says of itself has no text of its own
    paragraphs += ["", f"`auditor explain {one_line(alert.rule)}` tells more. {NOT_A_PROOF}" if told else NOT_A_PROOF]
    level = Level.WARNING if module is not None else alert.level
    return {
        "id": name,
        "name": identifier(title),
        "shortDescription": {"text": text(cut(title, DESCRIPTION_LENGTH))},
        "fullDescription": {"text": text(cut(one_line(full) or title, DESCRIPTION_LENGTH))},
        "help": {"text": text("\n".join(paragraphs)), "markdown": markdown(paragraphs)},
        "defaultConfiguration": {"level": level.value},
        "properties": {"tags": [text(module) if module is not None else "hand-in"]},
    }


def identifier(title: str) -> str:
    """A title as an identifier that people can read (section 3.49.7): `DataUnderVersionControl`."""
    words = re.findall(r"[A-Za-z0-9]+", title)
    return "".join(word[0].upper() + word[1:] for word in words)[:NAME_LENGTH] or "Finding"


def markdown(lines: Iterable[str]) -> str:
    """Text of a rule in GitHub's Markdown: each labelled line a paragraph with its label in bold, and no HTML."""
    paragraphs: list[str] = []
    fresh = True
    for line in lines:
        safe = text(line.strip()).replace("&", "&amp;").replace("<", "&lt;") if "`" not in line else code_kept(line)
        if not safe:
            fresh = True
            continue
        label = LABEL.match(safe)
        if label is not None:
            safe = f"**{label[0]}**{safe[label.end() :]}"
        if fresh or label is not None or not paragraphs:
            paragraphs.append(safe)
        else:
            paragraphs[-1] += f" {safe}"
        fresh = False
    return "\n\n".join(paragraphs)


def code_kept(line: str) -> str:
    """A line with code spans: HTML's marks lose their meaning outside of them, and have none within."""
    pieces = text(line.strip()).split("`")
    for number in range(0, len(pieces), 2):
        pieces[number] = pieces[number].replace("&", "&amp;").replace("<", "&lt;")
    return "`".join(pieces)


def result_object(alert: Alert, index: int, mark: str) -> Json:
    """One result (section 3.27): message, place, the places that it rests on, and its fingerprint."""
    related = alert.related[:MOST_RELATED]
    made: Json = {
        "ruleId": rule_id(alert),
        "ruleIndex": index,
        "level": alert.level.value,
        "message": {"text": message(alert, related)},
        "locations": [{"physicalLocation": physical(alert.place, whole_file_is_line_one=True)}],
        "partialFingerprints": {FINGERPRINT: mark},
    }
    if related:
        made["relatedLocations"] = [related_location(number, one) for number, one in enumerate(related, 1)]
    return made


def message(alert: Alert, related: Sequence[Related]) -> str:
    """What is the matter, what can be done, and links to the first places; the first sentence says it in short."""
    lines = [text(" ".join(alert.sentences)), *(f"- {text(way)}" for way in alert.ways)]
    if related:
        links = ", ".join(f"[{link_text(one.place.where)}]({n})" for n, one in enumerate(related[:LINKED], 1))
        more = len(related) - LINKED
        lines.append(f"See {links}" + (f" and {more} more." if more > 0 else "."))
    return "\n".join(lines)


def related_location(number: int, related: Related) -> Json:
    """A place that a result rests on (section 3.28), with what stands there."""
    said = sentence(related.label) + (f": {sentence(related.place.text)}" if related.place.text else "")
    return {"id": number, "physicalLocation": physical(related.place), "message": {"text": text(said)}}


def physical(place: Place, *, whole_file_is_line_one: bool = False) -> Json:
    """A place in a file (section 3.29). GitHub needs a line of a result's own place, also where the whole file is meant."""
    made: Json = {"artifactLocation": {"uri": path_uri(place.path), "uriBaseId": ROOT}}
    line = 1 if place.line is None and whole_file_is_line_one else place.line
    if line is not None:
        made["region"] = {"startLine": max(1, line)}
    return made


def notifications(result: AuditResult, left_out: int) -> Iterator[Json]:
    """What the audit could not do: claims that were not judged, files that were not read, results that are too many."""
    if left_out:
        yield notification(
            f"{counted(left_out, 'result was', 'results were')} left out, to stay in bounds.", Level.WARNING
        )
    if result.report.path is None:
        yield notification("No report with a checklist was found: nothing is taken as ticked.", Level.WARNING)
    for claim in result.claims:
        if claim.error is not None:
            made = notification(f"{claim.id} could not be judged: {sentence(claim.error)}", Level.WARNING)
            yield made | {"associatedRule": {"id": text(claim.id)}}
    problems = (*result.repository.problems, *report_problems(result))
    for place in problems[:MOST_NOTIFICATIONS]:
        said = f"{place.where}: {sentence(place.text)}" if place.path or place.commit else sentence(place.text)
        yield notification(said, Level.NOTE, place)
    if len(problems) > MOST_NOTIFICATIONS:
        yield notification(f"{len(problems) - MOST_NOTIFICATIONS} more of this kind.", Level.NOTE)


def notification(said: str, level: Level, place: Place | None = None) -> Json:
    """One notification (section 3.58)."""
    made: Json = {"level": level.value, "message": {"text": text(sentence(said) or "Not read.")}}
    if place is not None and is_file(place):
        made["locations"] = [{"physicalLocation": physical(place)}]
    return made


def version_control(repository: RepositoryResult) -> Json | None:
    """Where the files come from (section 3.23); None where address or commit are not known, or the files are not the commit's."""
    web = repository.web
    if web is None or repository.commit is None or repository.dirty or not web.startswith(("https://", "http://")):
        return None
    made: Json = {
        "repositoryUri": quote(name_bytes(web), safe=":/?#@!$&'*+,;=%~"),
        "revisionId": text(one_line(repository.commit)),
        "mappedTo": {"uriBaseId": ROOT},
    }
    if repository.branch:
        made["branch"] = text(one_line(repository.branch))
    return made


def fingerprints(shown: Iterable[Alert]) -> list[str]:
    """A fingerprint for each alert (section 3.27.17): of its rule, its file and what stands there, never of a line's number.

    Equal alerts are told apart by their order among themselves, so that each has its own.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for alert in shown:
        content = (alert.rule, *alert.identity)
        seen[content] += 1
        whole = json.dumps([*content, seen[content]]).encode("ascii")
        found.append(hashlib.sha256(whole).hexdigest()[:32])
    return found


def path_uri(path: str) -> str:
    """A path as a relative reference (RFC 3986): nothing in it can name a scheme, a host or a query."""
    return quote(name_bytes(path).lstrip(b"/"), safe="/") or REPORT_PLACE


def text(words: str) -> str:
    """`words` for a message (section 3.11): visible, without placeholders and embedded links."""
    return LINK.sub("] ", "".join(BRACES.get(character, character) for character in visible(words)))


def link_text(words: str) -> str:
    """The text of an embedded link of our own (section 3.11.6): its brackets and backslashes are escaped."""
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text(one_line(words)))


def cut(words: str, length: int) -> str:
    """`words`, at most `length` characters long with its braces doubled."""
    room = length - words.count("{") - words.count("}")
    return words if len(words) <= room else words[: max(1, room - 1)] + "…"
