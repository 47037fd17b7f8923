"""What changed between two results, in the form that is asked for. All text in it may come from strangers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from auditor.output.changes.lines import ARROW, SIGNS, group_line, in_one_line, state_words, why
from auditor.output.markdown.markdown import code, prose
from auditor.output.words.wording import one_line
from auditor.records import as_data
from auditor.result.changes import Changes, ClaimChange, Direction, GroupChange, RunState

STYLES = {Direction.WORSE: "red", Direction.BETTER: "green", Direction.OTHER: "yellow"}


def print_changes(changes: Changes, console: Console) -> None:
    """Print what changed, group by group, and the whole in one line."""
    console.print(Text(one_line(f"{changes.old.shown} {ARROW} {changes.new.shown}"), "bold"))
    for note in rules_notes(changes):
        console.print(Text(note, "dim"))
    for group in changes.groups:
        console.print()
        console.print(
            Text.assemble(
                (one_line(group.name), "bold"), *([(f"  {group_line(group)}", "dim")] if group_line(group) else [])
            )
        )
        for change in group.claims:
            line = Text.assemble(
                (f"{SIGNS[change.direction]} ", STYLES[change.direction]), (change.claim.id, "bold"),
                f"  {state_words(change.before)} {ARROW} {state_words(change.now)}", (f"  ({why(change)})", "dim"),
            )  # fmt: skip
            console.print(Padding(line, (0, 0, 0, 2)))
    console.print()
    console.print(Text(in_one_line(changes), "bold"))


def rules_notes(changes: Changes) -> Iterator[str]:
    """Where the two were not made alike."""
    old, new = changes.old, changes.new
    if old.version != new.version:
        yield f"by auditor {old.version}, then {new.version}"
    elif old.rules and new.rules and old.rules != new.rules:
        yield "the rules are others"
    if old.deadline != new.deadline:
        yield f"deadline {old.deadline or 'none'} {ARROW} {new.deadline or 'none'}"


def to_markdown(changes: Changes) -> bytes:
    """What changed as Markdown: a table for each group."""
    blocks = [
        f"# What changed\n\n{code(changes.old.shown)} {ARROW} {code(changes.new.shown)}",
        f"**{prose(in_one_line(changes))}**",
    ]
    blocks += [prose(note) for note in rules_notes(changes)]
    for group in changes.groups:
        told = group_line(group)
        blocks.append(f"## {prose(group.name)}" + (f"\n\n{prose(told)}" if told else ""))
        if group.claims:
            rows = "\n".join(
                f"| {SIGNS[one.direction]} | {prose(one.claim.id)} {prose(one.claim.title)} | {prose(state_words(one.before))} "
                f"| {prose(state_words(one.now))} | {prose(why(one))} |"
                for one in group.claims
            )
            blocks.append(f"| | Claim | Before | Now | Why |\n| --- | --- | --- | --- | --- |\n{rows}")
    return ("\n\n".join(blocks) + "\n").encode("utf-8", "replace")


def to_json(changes: Changes) -> bytes:
    """What changed as one JSON object."""
    data = {
        "old": run_data(changes.old),
        "new": run_data(changes.new),
        "summary": {direction.value: changes.count(direction) for direction in Direction}
        | {"lost": sum(group.lost for group in changes.groups)},
        "groups": [group_data(group) for group in changes.groups],
    }
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def run_data(run: RunState) -> dict[str, Any]:
    """Which result it is."""
    return {"source": run.shown, "version": run.version, "deadline": run.deadline, "groups": len(run.groups)}


def group_data(group: GroupChange) -> dict[str, Any]:
    """One group: its state before and now (null where it was not there), and its claims."""
    states = {
        name: None if state is None else {"commit": state.commit, "problem": state.problem or None}
        for name, state in (("before", group.before), ("now", group.now))
    }
    return {"group": group.name, **states, "claims": [claim_data(change) for change in group.claims]}


def claim_data(change: ClaimChange) -> dict[str, Any]:
    """One claim: how it stood, how it stands, which way it went, and why."""
    states = {
        name: None if state is None else as_data(state) | {"counted": state.counted.value}
        for name, state in (("before", change.before), ("now", change.now))
    }
    return {
        "claim": change.claim.id,
        "direction": change.direction.value,
        "causes": [cause.value for cause in change.causes],
        **states,
    }
