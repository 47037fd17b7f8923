"""What the group is told in every form: headings, the headline, and lists in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.output.words.wording import SECRETS_CHECK, counted
from auditor.records import Record
from auditor.result.audit import AuditResult, ClaimResult, Finding, Remark, Verdict

NOTHING_OPEN = "Nothing is open: every tick is backed by the repository, and nothing was found that the hand-in lacks."
NOTHING_OPEN_HERE = "Nothing is open in what was looked at."
LAST_WORD = "This is what a program sees in files. It can be wrong, and a teaching assistant may see more. Whatever it says, tick what you did."


REPORT_CHECK = "H.report"
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
    "Settle these first of all: whoever can read the repository can use them.",
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
    keys = sum(one.check == SECRETS_CHECK for one in result.hand_in or ())
    if keys:
        yield (
            f"{counted(keys, 'key or password is', 'keys or passwords are')} committed: settle that first (see {SECRETS_CHECK}).",
            "bold red",
        )
    if result.hand_in is not None:
        counts.append(f"{counted(len(result.hand_in), 'thing', 'things')} to mend before you hand in")
    if counts:
        yield "; ".join(counts) + ".", "bold"
    since = result.since
    if since is not None and (since.settled or since.opened):
        told = [f"settled since {since.when}: {named(since.settled)}"] if since.settled else []
        told += [f"new since {since.when}: {named(since.opened)}"] if since.opened else []
        line = "; ".join(told)
        yield f"{line[0].upper()}{line[1:]}.", "green" if since.settled else ""


def named(points: Sequence[str]) -> str:
    """How many, and the first of them."""
    more = ", ..." if len(points) > MOST_NAMED else ""
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


def keys_and_others(result: AuditResult) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """The remarks on keys and passwords, which come first of all, and the others."""
    every = result.hand_in or ()
    return (
        tuple(one for one in every if one.check == SECRETS_CHECK),
        tuple(one for one in every if one.check != SECRETS_CHECK),
    )


def nothing_open(result: AuditResult) -> str:
    """That nothing is open, in all or in what was looked at; empty where something is."""
    if result.hand_in or result.summary.discrepancies or result.summary.queries or result.summary.errors:
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
    lines = [f"{place.path}: {place.text}" if place.path else place.text for place in result.repository.problems]
    lines += [f"{claim.id}: {claim.error}" for claim in result.claims if claim.error]
    return "Not read", lines


def by_settle(remarks: Sequence[Remark]) -> Iterable[tuple[str, Sequence[Remark]]]:
    """Remarks of one check by what to do about them, which is then said once; in the order of their first."""
    found: dict[str, list[Remark]] = {}
    for one in remarks:
        found.setdefault(one.settle, []).append(one)
    return found.items()
