"""Makes the project out of a snapshot: which files are read, and how much of them."""

from __future__ import annotations

import libcst as cst

from auditor.facts.python.guard import assess, refusal
from auditor.facts.python.linker import link
from auditor.facts.python.liveness import words
from auditor.facts.python.model import PythonFile, Role
from auditor.facts.python.modules import Modules, dotted, imports_itself
from auditor.facts.python.project import PythonProject
from auditor.facts.python.reader import read
from auditor.facts.python.record import Record
from auditor.facts.python.roles import role
from auditor.facts.python.source import Source, notebook, script
from auditor.facts.python.trial import killers
from auditor.facts.vendored import foreign_folders
from auditor.injection import fact
from auditor.snapshot import Snapshot

TOTAL = 3
"""All code together, as a multiple of what one file may have; own code is read first, small files before large ones."""

FILE_COST = 400
"""What a file costs by itself, in characters of plain code: fifty thousand of one line each are no project."""

BROKEN_CELLS = 10
"""Cells of one notebook that are left out because they are no Python."""

ORDER = (Role.OWN, Role.TEST, Role.DOCS, Role.NOTEBOOK)

COMMANDS = (
    "*.yaml", "*.yml", "*.toml", "*.cfg", "*.ini", "*.sh", "*.ps1", "*.bat", "*.mk",
    "*dockerfile*", "containerfile*", "makefile", "justfile", "procfile", "*.tf",
)  # fmt: skip
"""Files whose text may name functions and classes: configurations, build files, scripts."""

COMMAND_CHARACTERS = 200_000
"""A longer one is data."""


@fact
def python_project(snapshot: Snapshot) -> PythonProject:
    """Every `.py` file and notebook of the snapshot, read and linked. What cannot be read is noted as a problem."""
    foreign = foreign_folders(snapshot.paths)
    paths = [path for path in snapshot.paths if path.endswith((".py", ".ipynb"))]
    roles = {path: role(path, foreign) for path in paths}
    read_paths = [path for path in paths if roles[path] is not Role.VENDORED]
    modules = Modules(read_paths, lambda path, top: imports_itself(snapshot.text(path) or "", top))
    records: list[Record] = []
    budget = snapshot.limits.python_bytes * TOTAL
    in_order = sorted(read_paths, key=lambda path: (ORDER.index(roles[path]), len(snapshot.text(path) or "")))
    deadly = _deadly(snapshot, in_order) if snapshot.limits.trial else frozenset()
    for path in in_order:
        record = Record(path, modules.name_of.get(path) or dotted(path), roles[path])
        source = _source(snapshot, record) if path not in deadly else None
        if path in deadly:
            _give_up(snapshot, record, "not read: the parser dies or stalls on it")
        if source is not None:
            cost = assess(source.code, snapshot.limits) if len(source.code) <= budget else len(source.code)
            if isinstance(cost, str):
                _give_up(snapshot, record, cost)
            elif cost > budget:
                _give_up(snapshot, record, "not read: enough Python was read before it")
            else:
                budget -= cost + FILE_COST
                record = _record(snapshot, record, source, modules)
        records.append(record)
    mentioned = words(
        text
        for path in snapshot.named(*COMMANDS)
        if roles.get(path) is not Role.VENDORED and (text := snapshot.text(path)) and len(text) < COMMAND_CHARACTERS
    )
    files = link(records, modules, mentioned)
    others = (PythonFile(path, dotted(path), Role.VENDORED) for path in paths if roles[path] is Role.VENDORED)
    return PythonProject(tuple(sorted((*files, *others), key=lambda file: file.path)))


def _deadly(snapshot: Snapshot, paths: list[str]) -> frozenset[str]:
    """Files on which a parser dies or stalls, tried out in another process."""
    sources = [(path, _source(snapshot, Record(path, "", Role.OWN))) for path in paths]
    codes = [(path, source.code) for path, source in sources if source and not refusal(source.code, snapshot.limits)]
    found = killers([code for _, code in codes], snapshot.limits.trial_seconds)
    return frozenset(codes[number][0] for number in found)


def _give_up(snapshot: Snapshot, record: Record, message: str) -> None:
    record.problem = message
    snapshot.note(record.path, message)


def _source(snapshot: Snapshot, record: Record) -> Source | None:
    text = snapshot.text(record.path)
    if text is None:
        record.problem = "could not be read"
        return None
    if not record.path.endswith(".ipynb"):
        return script(text)
    try:
        return notebook(text)
    except ValueError as error:
        _give_up(snapshot, record, f"not read: {str(error)[:100]}")
        return None


def _record(snapshot: Snapshot, empty: Record, source: Source, modules: Modules) -> Record:
    """What the file says; `empty` with a problem where it is no Python 3."""
    remaining: Source | None = source
    message = ""
    for _ in range(BROKEN_CELLS):
        if remaining is None:
            break
        try:
            record = read(empty.path, empty.module, empty.role, remaining, modules)
        except cst.ParserSyntaxError as error:
            line = source.place(error.raw_line)[0]
            message = f"syntax error at line {line}: not read"
            remaining = remaining.without_cell(error.raw_line)
            snapshot.note(empty.path, message if remaining is None else f"syntax error at line {line}: cell not read")
        except RecursionError:
            message = "not read: too deeply nested"
            snapshot.note(empty.path, message)
            break
        except Exception as error:  # one file must not cost the others, whatever the parser makes of it
            message = f"not read: {type(error).__name__}: {str(error)[:100]}"
            snapshot.note(empty.path, message)
            break
        else:
            return record
    empty.problem = message
    return empty
