"""What the group is told in every form: headings, the headline, and lists in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.evidence import Place
from auditor.output.words.remark_rows import keys_of, looks, recommended, rows, to_mend
from auditor.output.words.wording import SECRETS_CHECK, counted, one_line, unread_told, wording
from auditor.records import Record
from auditor.repository.entries import DELETED
from auditor.result.audit import AuditResult, ClaimResult, Finding, Verdict

NOTHING_OPEN = "Nothing is open: every tick is backed by the repository, and nothing was found that the hand-in lacks."
NOTHING_OPEN_HERE = "Nothing is open in what was looked at."
LAST_WORD = "This is what a program sees in files. It can be wrong, and a teaching assistant may see more. Whatever it says, tick what you did."


REPORT_CHECK = "H.report"
UNCOMMITTED_CHECK = "H.uncommitted"
SHORTEST_NOTE = 3
"""Characters of a note that is told from a mark in the box."""
MOST_NAMED = 5
"""Names that stand behind a count."""


class Section(Record):
    """One section of the advice; `finding` is that of its claims, and gives it its colour."""

    finding: Finding
    title: str
    meaning: str


KEYS = Section(
    Finding.DISCREPANCY,
    "Keys and passwords",
    "Settle these first of all: whoever can read the repository can use what is committed.",
)
SHOWN = Section(
    Finding.UNCLAIMED,
    "What the repository shows",
    "Without a report nothing counts as ticked. Of these the repository shows all or a part.",
)
TOGETHER = "For several of them"
CHALLENGED = Section(
    Finding.DISCREPANCY,
    "Would be challenged",
    "You ticked these, and the repository does not show them. Settle these first.",
)
QUESTIONED = Section(
    Finding.QUERY, "Would be asked about", "You ticked these, and the repository shows only part of them."
)
DONE = Section(Finding.UNCLAIMED, "Done and not ticked", "The repository shows these. Tick them, if you agree.")
HAND_IN = Section(Finding.QUERY, "Before you hand in", "What the hand-in still lacks, or what should not be in it.")
WORTH_A_LOOK = Section(
    Finding.ASK,
    "Worth a look",
    "Recommendations, and where the report says one thing here and another there. Change what you find wrong.",
)
ORALLY = Section(
    Finding.ASK,
    "May be asked in person",
    "You ticked these; a repository need not show them. Nothing has to be added.",
)


def headline(result: AuditResult) -> Iterable[tuple[str, str]]:
    """What the check comes to, each line with a style of rich; first of all that there is no report, if so."""
    report, summary = result.report, result.summary
    if report.path is None:
        where = next((one.settle for one in result.hand_in or () if one.check == REPORT_CHECK), "")
        yield f"No report with a checklist was found: nothing counts as ticked. {where}".rstrip(), "bold red"
    else:
        edition = f"edition {report.edition}" if report.edition else "of an unknown edition"
        yield f"Report {report.path}, {edition}", ""
    counts = []
    if result.claims:
        counts += [
            f"{summary.supported} of {counted(summary.ticked, 'tick', 'ticks')} backed by the repository",
            f"{summary.discrepancies} would be challenged",
            f"{summary.queries} would be asked about",
        ]
    if summary.unclaimed:
        counts.append(f"{summary.unclaimed} done and not ticked")
    if result.only or result.without:
        looked = ", ".join(result.only) or "everything"
        yield f"Looked at: {looked}{' without ' + ', '.join(result.without) if result.without else ''}.", ""
    yield from ((line, "bold red") for line in keys_told(result))
    if result.hand_in is not None:
        counts.append(f"{counted(len(rows(to_mend(result))), 'thing', 'things')} to mend before you hand in")
    looked_at = len(rows(recommended(result))) + len(looks(result))
    if looked_at:
        counts.append(f"{looked_at} worth a look")
    if counts:
        yield "; ".join(counts) + ".", "bold"
    yield from ((line, "yellow") for line in (*unread_told(result), *rests_on_uncommitted(result)))
    yield from since_told(result)


def keys_told(result: AuditResult) -> Iterable[str]:
    """How many keys are committed, and how many are not yet."""
    keys = keys_of(result)
    waiting = sum(one.uncommitted for one in keys)
    if len(keys) > waiting:
        said = counted(len(keys) - waiting, "key or password is", "keys or passwords are")
        yield f"{said} committed: settle that first (see {SECRETS_CHECK})."
    if waiting:
        said = counted(waiting, "key or password is", "keys or passwords are")
        yield f"{said} not committed yet, and should never be: settle that first (see {SECRETS_CHECK})."


def rests_on_uncommitted(result: AuditResult) -> Iterable[str]:
    """Which ticks are backed by files only that are not committed."""
    found = [claim.id for claim in result.found(Finding.CONFIRMED) if claim.uncommitted]
    if found:
        rest = "rests" if len(found) == 1 else "rest"
        yield f"{len(found)} of the backed ticks {rest} on files that are not committed: {', '.join(found)}."


def since_told(result: AuditResult) -> Iterable[tuple[str, str]]:
    """What changed since the last check, in one line."""
    since = result.since
    if since is None:
        return
    lists = (
        (f"settled since {since.when}", since.settled),
        (f"asked about and no longer challenged since {since.when}", since.eased),
        (f"challenged and no longer only asked about since {since.when}", since.worsened),
        (f"new since {since.when}", since.opened),
    )
    told = [f"{what}: {named(points)}" for what, points in lists if points]
    if told:
        line = "; ".join(told)
        yield f"{line[0].upper()}{line[1:]}.", "green" if since.settled or since.eased else ""


def named(points: Sequence[str]) -> str:
    """How many, and the first of them."""
    more = f" and {len(points) - MOST_NAMED} more" if len(points) > MOST_NAMED else ""
    return f"{len(points)} ({', '.join(points[:MOST_NAMED])}{more})"


def shown_without_report(result: AuditResult) -> tuple[ClaimResult, ...]:
    """The claims that the repository shows, all or a part of each, where there is no report that ticks any."""
    if result.report.path is not None:
        return ()
    return tuple(claim for claim in result.claims if claim.verdict in (Verdict.SUPPORTED, Verdict.PARTIAL))


def shared_ways(result: AuditResult) -> dict[str, tuple[str, ...]]:
    """Each way to settle that holds for several open claims, with their ids: it is said once."""
    found: dict[str, list[str]] = {}
    for section in (CHALLENGED, QUESTIONED):
        for claim in result.found(section.finding):
            for way in claim.settle:
                found.setdefault(way, []).append(claim.id)
    return {way: tuple(ids) for way, ids in found.items() if len(ids) > 1}


def own_note(claim: ClaimResult) -> str:
    """The group's note on the item; empty where it stands in the item's words, which are shown above it."""
    note = one_line(claim.note or "")
    return "" if len(note) >= SHORTEST_NOTE and note in wording(claim) else note


def nothing_open(result: AuditResult) -> str:
    """That nothing is open, in all or in what was looked at; empty where something is."""
    summary = result.summary
    if result.hand_in or summary.discrepancies or summary.queries or summary.errors:
        return ""
    whole = not (result.only or result.without) and result.hand_in is not None and result.report.path is not None
    return NOTHING_OPEN if whole else NOTHING_OPEN_HERE


def left_out(result: AuditResult) -> tuple[str, Sequence[str]]:
    """What the group's own settings leave out, each with its reason, and what is wrong in them."""
    settings = result.settings
    if settings is None:
        return "", ()
    lines = [f"{one.name}: {one.reason}" for one in settings.ignored]
    if settings.select:
        lines.append(f"everything but {', '.join(settings.select)} (select)")
    if settings.folders:
        lines.append(f"everything outside of {', '.join(settings.folders)} (folders)")
    lines += [f"{place.path}{f':{place.line}' if place.line else ''}: {place.text}" for place in settings.problems]
    title = "Left out by your settings" if settings.applied else "Your settings were not followed; they leave out"
    return title, lines


def not_looked_at(result: AuditResult) -> tuple[str, Sequence[str]]:
    """What could not be read or judged."""
    listed = any(one.check in (REPORT_CHECK, UNCOMMITTED_CHECK) and one.uncommitted for one in result.hand_in or ())
    lines = [
        f"{place.path}: {place.text}" if place.path else place.text
        for place in result.repository.problems
        if not (listed and told_as_uncommitted(place))
    ]
    lines += [f"{claim.id}: {claim.error}" for claim in result.claims if claim.error]
    return "Not read", lines


def told_as_uncommitted(problem: Place) -> bool:
    """Whether a problem is a file that only the working copy lacks: hand-in checks list those."""
    return problem.text.startswith(DELETED)
