"""The result for the group itself, on a terminal, in the order in which it is worth doing.

What would be asked about and how to settle it, what is done and not ticked, and what the hand-in still lacks.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.text import Text

from auditor.output.terminal.console import STYLES, clean, first_place, hanging, part_lines, quoted, state_of, where
from auditor.output.words.advice_words import (
    CHALLENGED,
    DONE,
    HAND_IN,
    KEYS,
    LAST_WORD,
    ORALLY,
    QUESTIONED,
    SHOWN,
    TOGETHER,
    WORTH_A_LOOK,
    Section,
    headline,
    left_out,
    not_looked_at,
    nothing_open,
    own_note,
    shared_ways,
    shown_without_report,
)
from auditor.output.words.remark_rows import (
    Look,
    Row,
    by_check,
    by_settle,
    keys_of,
    looks,
    places_named,
    recommended,
    rows,
    to_mend,
)
from auditor.output.words.wording import failures, wording
from auditor.result.audit import AuditResult, ClaimResult, Finding, Remark, Verdict

SIGN_OF = {Verdict.SUPPORTED: ("+ ", "green"), Verdict.PARTIAL: ("~ ", "yellow")}


def print_advice(result: AuditResult, console: Console, failing: Sequence[str] = ()) -> None:
    """Print the whole result, to the group; `failing` is what makes the check fail, each a line, and stands last."""
    console.print(Text.assemble(("Check of ", "bold"), ", ".join(state_of(result))))
    for failure in failures(result):
        console.print(Text(clean(failure), "bold red"))
    for line, style in headline(result):
        console.print(Text(clean(line), style))
    console.print()
    keys, others = keys_of(result), to_mend(result)
    print_section(KEYS, keys, [remarks(keys)], console)
    shared = shared_ways(result)
    for section in (CHALLENGED, QUESTIONED):
        claims = result.found(section.finding)
        print_section(section, claims, (open_claim(claim, shared) for claim in claims), console)
    if shared:
        console.print(Text(f"{TOGETHER}:", "bold"))
        for way, ids in shared.items():
            console.print(hanging(Text.assemble(("> ", "green"), clean(way), (f"  ({', '.join(ids)})", "dim"))))
        console.print()
    shows, done, asks = shown_without_report(result), result.found(Finding.UNCLAIMED), result.found(Finding.ASK)
    print_section(SHOWN, shows, map(proven, shows), console)
    print_section(DONE, done, map(proven, done), console)
    print_section(HAND_IN, rows(others), [remarks(others)], console)
    advised, looked_at = recommended(result), looks(result)
    blocks = [*map(seen_at, looked_at), *([remarks(advised)] if advised else [])]
    print_section(WORTH_A_LOOK, [*looked_at, *rows(advised)], blocks, console)
    print_section(ORALLY, asks, map(proven, asks), console)
    for title, lines in (left_out(result), not_looked_at(result)):
        if lines:
            console.print(Line(Text(f"{title} ({len(lines)})"), align="left", style="dim"))
            for text in lines:
                console.print(hanging(Text(f"  {clean(text)}")))
            console.print()
    console.print(Text(nothing_open(result), "green"), end="\n" if nothing_open(result) else "")
    console.print(Text(LAST_WORD, "dim"))
    for number, text in enumerate(failing):
        console.print(Text(clean(text), "bold red") if number == 0 else hanging(Text(f"  {clean(text)}")))


def print_section(section: Section, items: Sequence[object], shown: Iterable[RenderableType], console: Console) -> None:
    """A section's title and what is shown of its items; nothing where there are none."""
    if items:
        console.print(heading(section, len(items)), *shown, sep="\n")
        console.print()


def proven(claim: ClaimResult) -> RenderableType:
    """One claim on a line, with the place that shows it."""
    sign, style = SIGN_OF.get(claim.verdict, ("  ", ""))
    return hanging(Text.assemble((sign, style), (claim.id, "bold"), f"  {claim.title}  ", (first_place(claim), "cyan")))


def heading(section: Section, count: int) -> RenderableType:
    """A section's title with its count, and what it means."""
    line = Line(Text(f"{section.title} ({count})", STYLES[section.finding]), align="left", style="dim")
    return Group(line, Text(section.meaning, "dim"))


def open_claim(claim: ClaimResult, elsewhere: Container[str] = ()) -> RenderableType:
    """One tick that would be asked about: what was found, what was looked for, and how to settle it.

    Ways that are said `elsewhere`, for several claims at once, are left out.
    """
    title = Text.assemble((claim.id, "bold"), "  ", wording(claim))
    if claim.line is not None:
        title.append(f"  (report line {claim.line})", "dim")
    body: list[RenderableType] = []
    for part in claim.parts:
        body.extend(part_lines(part, quiet=False, missing="looked for and not found: "))
    body.extend(quoted("your report says", claim.against))
    body.extend(quoted("your report describes it", claim.documented))
    body.extend(quoted("your report also says", claim.said))
    if own_note(claim):
        body.append(Text.assemble(("your note on the item: ", "dim"), clean(own_note(claim))))
    if claim.error:
        body.append(Text(clean(claim.error), "red"))
    body.extend(ways(way for way in claim.settle if way not in elsewhere))
    return Group(hanging(title), Padding(Group(*body), (0, 0, 0, 2)))


def ways(settle: Iterable[str]) -> Iterable[RenderableType]:
    """Ways to settle something, one a line."""
    for way in settle:
        yield hanging(Text.assemble(("> ", "green"), clean(way)))


def remarks(several: Iterable[Remark]) -> RenderableType:
    """Remarks under the titles of their checks: what is the same once, with its places, and what to do once for all to which it applies."""
    blocks: list[RenderableType] = []
    for title, same in by_check(several):
        body: list[RenderableType] = []
        for settle, alike in by_settle(same):
            body.extend(hanging(told(row)) for row in alike)
            body.extend(ways((settle,)))
        blocks += [Text.assemble((same[0].check, "bold"), "  ", title), Padding(Group(*body), (0, 0, 0, 2))]
    return Group(*blocks)


def told(row: Row) -> Text:
    """One row: its first places, what is the matter, and what stands at the place, where it is one."""
    text = Text.assemble(("- ", "yellow"))
    if row.files:
        text.append(clean(places_named(row.files)), "cyan").append("  ")
    text.append(clean(row.message))
    if row.text:
        text.append(f"  {clean(row.text)}", "dim")
    return text


def seen_at(look: Look) -> RenderableType:
    """Something in the report to look at, with its place and what stands there."""
    text = f"  {clean(look.place.text)}" if look.place.text else ""
    return hanging(
        Text.assemble(("- ", "yellow"), (where(look.place), "cyan"), f"  {clean(look.message)}", (text, "dim"))
    )
