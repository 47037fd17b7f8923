"""Results read back as far as two of them are compared: one audit's JSON, or a class run's folder, with what was decided.

A class's results have a group on each line, of which a small part is decoded: memory does not grow with the evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from auditor.errors import AuditError
from auditor.records import Record, replace
from auditor.result.audit import BUILT_IN_COURSE
from auditor.result.changes import ClaimState, Decided, GroupState, RunState
from auditor.result.findings import finding
from auditor.review.decisions import Decisions, Entry, group_key, load_decisions, same_commit

RESULTS = "results.json"
DECISIONS = "auditor.toml"
SINGLE = ""
"""The key of what is no class: the one group of one result."""


class Tool(Record):
    """What made a result."""

    version: str
    course: str = BUILT_IN_COURSE
    rules: str = ""


class Repository(Record):
    """What was audited."""

    path: str
    commit: str | None = None


class Audit(Record):
    """One audit as far as it is compared."""

    tool: Tool
    repository: Repository
    claims: tuple[ClaimState, ...]


class Group(Record):
    """One line of a class's results."""

    group: str
    audit: Audit | None = None
    problem: str | None = None


class Head(Record):
    """The first line of a class's results."""

    tool: Tool
    deadline: str | None = None


def read_state(source: Path, *, decided: bool = True) -> RunState:
    """The result, or the class run, at `source`: a file of JSON, or a class run's folder. Raises AuditError.

    With `decided` a class's decisions are those that stand in its folder now, not those of when it was run.
    """
    file = source / RESULTS if source.is_dir() else source
    try:
        with file.open("rb") as lines:
            first = lines.readline()
            if first.rstrip().endswith(b",") and b'"tool"' in first:
                return class_state(source, file, first, lines, decided=decided)
            whole = first + lines.read()
        audit = msgspec.json.decode(whole, type=Audit)
    except OSError as error:
        told = f"holds no {RESULTS}" if source.is_dir() else f"cannot be read: {error.strerror or error}"
        raise AuditError(f"{source}: {told}; give a result of `--format json`, or a class run's folder") from None
    except (ValueError, RecursionError):
        raise AuditError(f"{source}: neither the result of an audit as JSON nor a class run's results") from None
    only = GroupState(audit.repository.path, audit.repository.commit, "", audit.claims)
    return RunState(str(source), audit.tool.version, audit.tool.rules, None, {SINGLE: only})


def class_state(source: Path, file: Path, first: bytes, lines: Iterator[bytes], *, decided: bool) -> RunState:
    """A class run. Raises ValueError where it is none, AuditError where its decisions cannot be read."""
    head = msgspec.json.decode(first.rstrip().rstrip(b",") + b"}", type=Head)
    groups: dict[str, GroupState] = {}
    decisions: Decisions | None = None
    for line in lines:
        if not line.startswith(b'{"group"'):
            continue
        group = msgspec.json.decode(line.rstrip().rstrip(b","), type=Group)
        if decided and decisions is None:
            course = group.audit.tool.course if group.audit else BUILT_IN_COURSE
            decisions = load_decisions(file.parent / DECISIONS, claims=(), course=course)
        key = group_key(group.group)
        if group.audit is None:
            groups[key] = GroupState(group.group, None, group.problem or "no reason is known")
            continue
        state = GroupState(group.group, group.audit.repository.commit, "", group.audit.claims)
        groups[key] = state if decisions is None else with_entries(state, decisions)
    return RunState(str(source), head.tool.version, head.tool.rules, head.deadline, groups)


def with_entries(group: GroupState, decisions: Decisions) -> GroupState:
    """The group with the decisions that stand in the file, in the place of those that it was written with."""
    entries = decisions.by_group.get(group_key(group.name), {})
    claims = (
        replace(claim, decision=decided_state(claim, entries.get(claim.id), group.commit)) for claim in group.claims
    )
    return replace(group, claims=tuple(claims))


def decided_state(claim: ClaimState, entry: Entry | None, commit: str | None) -> Decided | None:
    """What an entry decides on a claim, at the audited commit."""
    if entry is None:
        return None
    stale = commit is not None and entry.commit is not None and not same_commit(commit, entry.commit)
    return Decided(entry.verdict, finding(claim.ticked, entry.verdict), entry.by, entry.note, stale)


def both(old: Path, new: Path) -> tuple[RunState, RunState]:
    """Two results, or two class runs. Raises AuditError where they are not of one kind."""
    one, other = read_state(old), read_state(new)
    if (SINGLE in one.groups) != (SINGLE in other.groups):
        raise AuditError(f"{old} and {new}: one is a class run, the other a single result; give two of a kind")
    return one, other
