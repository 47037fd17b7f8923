"""The result for a terminal: what a teaching assistant must look at first, then everything else in a table.

Text from the repository is only ever put into `Text` objects, never into markup, and holds no control characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from auditor.evidence import Place, shorten
from auditor.output.words.wording import (
    FINDINGS,
    by_finding,
    by_reason,
    counted,
    day,
    failures,
    nearest,
    report_problems,
    set_aside_words,
    settings_lists,
    unread_told,
    wording,
)
from auditor.result.audit import (
    AuditResult,
    ClaimResult,
    Contradiction,
    Decision,
    Finding,
    PartResult,
    Remark,
    StatedNumber,
    Verdict,
)

STYLES = {
    Finding.DISCREPANCY: "bold red",
    Finding.QUERY: "yellow",
    Finding.ASK: "cyan",
    Finding.UNCLAIMED: "green",
    Finding.CONFIRMED: "green",
    Finding.NONE: "dim",
}
HEADINGS = (
    (Finding.DISCREPANCY, "Discrepancies", "ticked, and the repository does not show it"),
    (Finding.QUERY, "Queries", "ticked, and only part of it was found: one question each"),
    (Finding.ASK, "Ask orally", "ticked; a repository need not show it"),
    (Finding.UNCLAIMED, "Done and not ticked", "good news for the group"),
)
SIGNS = {"found": "+", "weak": "~", "missing": "-"}
PLACES_SHOWN = 3


def print_result(result: AuditResult, console: Console) -> None:
    """Print the whole result."""
    console.print(head(result))
    found = by_finding(result)
    for finding, title, meaning in HEADINGS:
        claims = found[finding]
        if claims:
            console.print(Line(Text(f"{title} ({len(claims)})", STYLES[finding]), align="left", style="dim"))
            console.print(Text(meaning, "dim"))
            for claim in claims:
                console.print(brief(claim) if finding is Finding.UNCLAIMED else details(claim))
            console.print()
    decisions = [(claim, claim.decision) for claim in result.claims if claim.decision]
    if decisions:
        console.print(Line(Text(f"Decided ({len(decisions)})", "bold"), align="left", style="dim"))
        console.print(Text("by teaching assistants; the counts and sections above follow what still holds", "dim"))
        for claim, decision in decisions:
            console.print(hanging(decided(claim, decision)))
        console.print()
    console.print(Line(Text("All claims"), align="left", style="dim"))
    console.print(table(result.claims))
    console.print(legend())
    report = result.report
    print_list("The report against itself", map(contradiction, report.contradictions), console)
    print_list("Numbers in the report (notes; they change no verdict)", map(stated_number, report.numbers), console)
    for title, places in (
        *settings_lists(result),
        ("Checklist lines that were not recognised", report.unrecognised),
        ("Figures and links that lead to nothing", report.missing_links),
        ("The report", report_problems(result)),
        ("Not read", result.repository.problems),
    ):
        print_list(title, (Text.assemble((where(p), "cyan"), "  ", clean(p.text)) for p in places), console)
    print_list("What the hand-in lacks", map(remark_line, result.hand_in or ()), console)
    console.print()
    console.print(Text("A verdict is a question to ask, not a proof: the group may show what was not found.", "dim"))


def as_text(result: AuditResult, console: Console) -> bytes:
    """What `print_result` prints, as plain text."""
    return captured(lambda: print_result(result, console), console)


def captured(show: Callable[[], None], console: Console) -> bytes:
    """What `show` prints on `console`, without the blanks that fill a terminal's lines up."""
    with console.capture() as capture:
        show()
    lines = (line.rstrip() for line in capture.get().splitlines())
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def state_of(result: AuditResult) -> list[str]:
    """What was audited, and in which state."""
    repository = result.repository
    state = [clean(repository.path)]
    if repository.commit:
        of = f" of {day(repository.committed_at)}" if repository.committed_at else ""
        state.append(f"commit {repository.commit[:10]}{of}")
    else:
        state.append("without git history")
    if repository.dirty:
        state.append("with uncommitted changes")
    if repository.folder:
        state.append(f"only its folder {clean(repository.folder)}/")
    return state


def head(result: AuditResult) -> RenderableType:
    """What was audited, in which state, and the counts; first of all that there is no report, if so."""
    report, summary = result.report, result.summary
    number = {finding: len(claims) for finding, claims in by_finding(result).items()}
    lines: list[RenderableType] = [Text(clean(line), "bold red") for line in failures(result)]
    lines += [Text(clean(line), "yellow") for line in unread_told(result)]
    if report.path is None:
        lines.append(
            Text("No report with a checklist was found: every claim is judged, none is taken as ticked.", "bold red")
        )
    lines.append(Text.assemble(("Audit of ", "bold"), (", ".join(state_of(result)))))
    if report.path is not None:
        known = [
            clean(report.path),
            f"edition {report.edition}" if report.edition else "of an unknown edition",
            f"group {clean(report.group)}" if report.group else "no group number",
            counted(report.members, "member", "members") if report.members else "number of members not given",
        ]
        lines.append(Text.assemble(("Report ", "bold"), ", ".join(known)))
        lines.append(
            Text.assemble(
                (f"{summary.ticked} ticked: ", "bold"),
                (
                    counted(number[Finding.DISCREPANCY], "discrepancy", "discrepancies"),
                    STYLES[Finding.DISCREPANCY] if number[Finding.DISCREPANCY] else "",
                ),
                ", ",
                (
                    counted(number[Finding.QUERY], "query", "queries"),
                    STYLES[Finding.QUERY] if number[Finding.QUERY] else "",
                ),
                f", {number[Finding.ASK]} to ask, {number[Finding.CONFIRMED]} confirmed",
                f"; {number[Finding.UNCLAIMED]} done and not ticked" if number[Finding.UNCLAIMED] else "",
            )
        )
    return Group(*lines, Text())


def print_list(title: str, items: Iterable[RenderableType], console: Console) -> None:
    """A list under its title, with an empty line before it; nothing where it has no item."""
    lines = list(items)
    if lines:
        console.print(Text(), Line(Text(f"{title} ({len(lines)})"), align="left", style="dim"), *lines, sep="\n")


def remark_line(remark: Remark) -> RenderableType:
    """What the hand-in lacks, with its place and its check."""
    place = (where(remark.place), "cyan")
    return hanging(Text.assemble("- ", place, f"  {clean(remark.message)}  ", (remark.check, "dim")))


def contradiction(one: Contradiction) -> RenderableType:
    """Which claims, and the sentence that speaks against them."""
    lines = ", ".join(map(str, one.lines))
    claims, place = (", ".join(one.claims), "bold"), (where(one.says), "cyan")
    said = f"  {clean(one.says.text)}"
    return hanging(Text.assemble(("! ", "yellow"), claims, f" {one.kind} (line {lines}): ", place, said))


def stated_number(one: StatedNumber) -> RenderableType:
    """What the report says, and what was found."""
    sign = ("+ ", "green") if one.agrees else ("! ", "yellow")
    said, place = f"{one.about}: the report says {clean(one.said)} (", (where(one.place), "cyan")
    return hanging(Text.assemble(sign, said, place, f"); found: {clean(one.found)}"))


def details(claim: ClaimResult) -> RenderableType:
    """One claim with everything that a question about it needs."""
    title = Text.assemble((claim.id, "bold"), "  ", wording(claim), ("  " + claim.verdict, STYLES[claim.finding]))
    if claim.line is not None:
        title.append(f"  (report line {claim.line})", "dim")
    rows: list[RenderableType] = [hanging(title)]
    body: list[RenderableType] = []
    for part in claim.parts:
        body.extend(part_lines(part, quiet=claim.verdict is Verdict.SUPPORTED))
    if claim.past:
        body.append(Text(f"({claim.past.words})", "dim"))
    body.extend(quoted("report says otherwise", claim.against))
    body.extend(quoted("report describes it", claim.documented if claim.verdict is not Verdict.SUPPORTED else ()))
    body.extend(quoted("report also says", claim.said))
    for place in claim.elsewhere[:PLACES_SHOWN]:
        body.append(hanging(Text.assemble(("? ", "dim"), (clean(place.path), "cyan"), f" {clean(place.text)}")))
    if claim.note:
        body.append(Text.assemble(("note on the item: ", "dim"), clean(claim.note)))
    if claim.set_aside:
        body.append(Text(clean(set_aside_words(claim)), "dim"))
    if claim.error:
        body.append(Text(clean(claim.error), "red"))
    if not body:
        body.append(Text(clean(claim.explanation)))
    rows.append(Padding(Group(*body), (0, 0, 0, 2)))
    return Group(*rows)


def decided(claim: ClaimResult, decision: Decision) -> Text:
    """What was decided on a claim beside the program's own verdict, and whether that still holds."""
    state = "decided on another commit, to be looked at again" if decision.stale else "decided"
    note = f": {clean(decision.note)}" if decision.note else ""
    words = f"{decision.verdict.value}, {FINDINGS[decision.finding].name}, by {clean(decision.by)}, {day(decision.at)}{note}"
    own = f" (the program says {claim.verdict})"
    return Text.assemble(("= ", "bold"), (claim.id, "bold"), f"  {state}: {words}", (own, "dim"))


def part_lines(part: PartResult, *, quiet: bool, missing: str = "not found: ") -> Iterable[RenderableType]:
    """Place of one part, or what was looked for, with `missing` before it."""
    if part.status == "missing":
        if not quiet and part.looked_for:
            yield hanging(Text.assemble((f"{SIGNS['missing']} {part.name}: ", "red"), missing, clean(part.looked_for)))
        yield from () if quiet else near_lines(part)
        return
    style = "green" if part.status == "found" else "yellow"
    for why, places in by_reason(part)[:PLACES_SHOWN]:
        label = Text.assemble((f"{SIGNS[part.status]} {part.name}: ", style))
        shown = places[:PLACES_SHOWN]
        for number, place in enumerate(shown):
            label.append("" if number == 0 else "; ").append(where(place), "cyan")
            if place.text:
                label.append(f"  {shorten(place.text, 70)}")
        if len(places) > len(shown):
            label.append(f" and {len(places) - len(shown)} more", "dim")
        if why and part.status == "weak":
            label.append(f"; half, since {clean(why)}", style)
        yield hanging(label)
    yield from near_lines(part)


def near_lines(part: PartResult) -> Iterable[RenderableType]:
    """What came near to a part and was set aside, each with its reason."""
    for trace in nearest(part):
        text = f"  {shorten(trace.place.text, 70)}" if trace.place.text else ""
        yield hanging(
            Text.assemble(
                (f"\u00b7 near {part.name}: ", "dim"),
                (where(trace.place), "cyan"),
                text,
                (f"; not, since {clean(trace.why)}", "dim"),
            )
        )


def hanging(text: Text) -> RenderableType:
    """Text whose further lines are indented under its first."""
    table = Table.grid(padding=0)
    table.add_column(width=2)
    table.add_column(overflow="fold")
    table.add_row(text[:2], text[2:])
    return table


def quoted(label: str, places: Sequence[Place]) -> Iterable[RenderableType]:
    """Sentences of the report, with their places."""
    for place in places[:PLACES_SHOWN]:
        yield hanging(
            Text.assemble(('" ', "dim"), (f"{label}: ", "magenta"), (where(place), "cyan"), f"  {clean(place.text)}")
        )


def brief(claim: ClaimResult) -> RenderableType:
    """One claim on one line, with its first piece of evidence."""
    return Text.assemble((claim.id, "bold"), "  ", claim.title, "  ", (first_place(claim), "cyan"))


def table(claims: Sequence[ClaimResult]) -> Table:
    """Every claim by module: tick, verdict, and the first place or what is missing."""
    grid = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    grid.add_column("", no_wrap=True, width=1)
    grid.add_column("claim", no_wrap=True)
    grid.add_column("verdict", no_wrap=True)
    grid.add_column("evidence, or what was not found", overflow="fold", ratio=1)
    for _, section_claims in groupby(claims, key=lambda claim: claim.section):
        group = list(section_claims)
        grid.add_row("", Text(group[0].section, "bold"), "", "")
        for claim in group:
            tick = "?" if claim.ticked is None else "x" if claim.ticked else ""
            style = STYLES[claim.finding]
            said = claim.verdict if claim.ticked is not False or claim.finding is Finding.UNCLAIMED else quiet(claim)
            if claim.decision and not claim.decision.stale:
                said = f"= {claim.decision.verdict.value}"
            verdict = Text("! error" if claim.error else said, "red" if claim.error else style)
            grid.add_row(tick, claim.id, verdict, Text(summary_line(claim), "" if claim.ticked else "dim"))
    return grid


def quiet(claim: ClaimResult) -> str:
    """The verdict on an item that is not ticked: what nobody claimed is not held against anybody."""
    return claim.verdict if claim.verdict in (Verdict.SUPPORTED, Verdict.PARTIAL) else "not claimed"


def legend() -> Text:
    """What the signs in the table mean."""
    return Text(
        "x ticked in the report, ? no such item in it; path:line is where the evidence stands. Above: + evidence, ~ counts by half, "
        '- not found, \u00b7 came near and does not count, " words of the report, ? not in this commit but worth a look, ! does not agree, = decided by a teaching assistant',
        "dim",
    )


def summary_line(claim: ClaimResult) -> str:
    """The first place of each part that has one, then the names of the parts that are missing."""
    if claim.error:
        return clean(claim.error)
    found = dict.fromkeys(where(part.evidence[0]) for part in claim.parts if part.evidence and not part.premise)
    missing = [part.name for part in claim.parts if part.status == "missing"]
    words = [*list(found)[:2]]
    if claim.ticked is False and quiet(claim) == "not claimed":
        return ""
    if claim.verdict is Verdict.CONTRADICTED and claim.against:
        words = [f"the report denies it: {where(claim.against[0])}"]
    elif claim.verdict is not Verdict.SUPPORTED and missing:
        words.append("not found: " + ", ".join(missing))
    return ", ".join(words)


def first_place(claim: ClaimResult) -> str:
    """The first piece of evidence, as a place."""
    return next((where(part.evidence[0]) for part in claim.parts if part.evidence), "")


def where(place: Place) -> str:
    """`path:line`, or the commit's short hash."""
    if place.commit:
        return f"commit {place.commit[:10]}"
    return clean(place.path) if place.line is None else f"{clean(place.path)}:{place.line}"


def clean(text: str) -> str:
    """Text from the repository, fit for a terminal: one line, no control characters, lone surrogates replaced."""
    return shorten(text, 400).encode("utf-8", "replace").decode("utf-8")
