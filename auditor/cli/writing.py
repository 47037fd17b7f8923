"""Writing a result: to a terminal, to standard output, or to files."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.errors import told
from auditor.errors import AuditError
from auditor.records import Record

if TYPE_CHECKING:
    from rich.console import Console

    from auditor.engine.isolation import Done, Piece
    from auditor.evidence import Place
    from auditor.limits import Limits
    from auditor.result.audit import AuditResult, Remark

FAIL_ON = ("discrepancy", "query", "hand-in", "never")
NOT_TO_BE_HANDED_IN = ("H.secrets", "H.placeholder")
"""Hand-in checks of which a remark means that this cannot be handed in."""
UNANSWERED = "H.unanswered"
"""The check of which a remark means that where the template's placeholder is all that stands in an answer."""
FILE_WIDTH = 100
"""Characters of a line in a text file."""


class Target(Record):
    """One format of the result and where it goes: a file, or standard output. `to_the_group` where the group reads it."""

    format: str
    file: Path | None = None
    to_the_group: bool = False


TERMINAL = Target("console")


def targets(
    output_format: str, output: Path | None, also: Sequence[str] | None, *, to_the_group: bool = False
) -> list[Target]:
    """What `--format`, `--output` and `--also FORMAT=FILE` ask for. Raises AuditError for what there is not."""
    from auditor.output import FORMATS

    found = [Target(output_format, output, to_the_group)]
    for text in also or ():
        name, _, file = text.partition("=")
        if not file:
            raise AuditError(f"--also {text}: give a format and a file, as in --also json=audit.json")
        found.append(Target(name.strip(), Path(file), to_the_group))
    for target in found:
        if target.format not in ("console", *FORMATS):
            raise AuditError(f"{target.format}: there is no such format; choose console, {', '.join(FORMATS)}")
    return found


def fails_on(given: str) -> frozenset[str]:
    """What `--fail-on` names, where several stand with commas between. Raises AuditError for what there is not."""
    wanted = frozenset(name.strip() for name in given.split(","))
    for name in wanted - {*FAIL_ON}:
        raise AuditError(f"--fail-on {name}: choose {', '.join(FAIL_ON)}")
    return wanted


def exit_status(fail_on: str, result: AuditResult) -> int:
    """1 where the result holds something that `--fail-on` names, as decided where somebody decided, else 0."""
    return 1 if failing(fail_on, result) else 0


def failing(fail_on: str, result: AuditResult) -> tuple[str, ...]:
    """What of the result `--fail-on` names, as decided where somebody decided: a line each, after one that says so; none where nothing is."""
    from auditor.output.words.remark_rows import places_named
    from auditor.output.words.wording import by_finding
    from auditor.result.audit import Finding

    wanted = fails_on(fail_on)
    if "never" in wanted:
        return ()
    found = by_finding(result)
    lines = []
    for words, finding, names in (
        ("would be challenged", Finding.DISCREPANCY, {"discrepancy", "query"}),
        ("would be asked about", Finding.QUERY, {"query"}),
    ):
        if found[finding] and names & wanted:
            lines.append(f"{', '.join(claim.id for claim in found[finding])}: {words}")
    if "hand-in" in wanted:
        lines += ["no report was found"] if result.report.path is None else []
        kept_back: dict[str, list[Place]] = {}
        for one in result.hand_in or ():
            if keeps_back(one):
                kept_back.setdefault(one.check, []).append(one.place)
        lines += [f"{check}: {places_named(places)}" for check, places in kept_back.items()]
    return (f"This check fails (--fail-on {fail_on}):", *lines) if lines else ()


def keeps_back(remark: Remark) -> bool:
    """Whether a remark means that this cannot be handed in: a key, or a placeholder of the template."""
    from auditor.report.template import PLACEHOLDER

    untouched = remark.check == UNANSWERED and PLACEHOLDER.search(remark.place.text) is not None
    return untouched or remark.check in NOT_TO_BE_HANDED_IN


def console() -> Console:
    """Standard output: a terminal, or plain text as wide as COLUMNS says (80 by itself) where it is piped."""
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def write(result: AuditResult, wanted: Sequence[Target]) -> None:
    """Write the result to each target, the files first. Raises AuditError where one cannot be written."""
    put(pieces(result, wanted))


def pieces(result: AuditResult, wanted: Sequence[Target], failing: Sequence[str] = ()) -> tuple[Piece, ...]:
    """What is written to each target, the files first; `failing` is what ends the console's text for the group."""
    from auditor.engine.isolation import Piece

    ordered = sorted(wanted, key=lambda one: one.file is None)
    return tuple(Piece(content(result, one, failing), os.fsencode(one.file or "")) for one in ordered)


def put(made: Sequence[Piece]) -> None:
    """Write each piece where it belongs. Raises AuditError where a file cannot be written."""
    for piece in made:
        if not piece.file:
            sys.stdout.buffer.write(piece.data)
            sys.stdout.flush()
            continue
        file = Path(os.fsdecode(piece.file))
        try:
            file.write_bytes(piece.data)
        except OSError as error:
            raise AuditError(f"{file}: cannot be written: {error.strerror or error}") from None


def finish(action: Callable[[Limits], Done], bounds: Limits) -> int:
    """Do what `action` does in a process of its own, and write what comes of it; the exit status. Raises AuditError."""
    from auditor.engine.isolation import isolated

    done = isolated(told(action), bounds)
    put(done.pieces)
    sys.stderr.write(done.complaint)
    return done.status


def content(result: AuditResult, target: Target, failing: Sequence[str] = ()) -> bytes:
    """The result in a target's format."""
    from auditor.output import writer

    if target.format != "console":
        return writer(target.format, to_the_group=target.to_the_group)(result)
    from rich.console import Console

    from auditor.output.terminal.console import captured

    screen = Console(file=io.StringIO(), width=FILE_WIDTH, highlight=False) if target.file else console()
    return captured(lambda: print_console(result, screen, failing, to_the_group=target.to_the_group), screen)


def print_console(result: AuditResult, screen: Console, failing: Sequence[str], *, to_the_group: bool) -> None:
    """Print the result as a teaching assistant reads it, or as the group does."""
    if to_the_group:
        from auditor.output.terminal.advice import print_advice

        print_advice(result, screen, failing)
    else:
        from auditor.output.terminal.console import print_result

        print_result(result, screen)
