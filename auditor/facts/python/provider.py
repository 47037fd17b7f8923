"""Makes the project out of a snapshot: which files are read, and how much of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress

from auditor.facts.own_work.notices import Copied
from auditor.facts.own_work.vendored import foreign_folders
from auditor.facts.python.copies import told_apart
from auditor.facts.python.installed import Installed
from auditor.facts.python.linking.linker import link
from auditor.facts.python.linking.liveness import words
from auditor.facts.python.model import PythonFile, Role
from auditor.facts.python.modules import Modules, dotted
from auditor.facts.python.parsing.guard import assess, refusal
from auditor.facts.python.parsing.source import source_of
from auditor.facts.python.parsing.trial import killers
from auditor.facts.python.project import PythonProject
from auditor.facts.python.reading.record import RawFile
from auditor.facts.python.remembering.reading import Reading, Unread, given_up, read_source
from auditor.facts.python.remembering.remembered import Remembered
from auditor.facts.python.roles import role
from auditor.injection import fact
from auditor.repository.memory import Memory
from auditor.repository.snapshot import Snapshot

TOTAL = 3
"""All code together, as a multiple of what one file may have; own code is read first, small files of a folder before large ones."""

FILE_COST = 400
"""What a file costs by itself, in characters of plain code: fifty thousand of one line each are no project."""

TOO_MUCH = "not read: enough Python was read before it"

FOLDER_FILES = 100
"""Files of a folder that come before more of any other: code that was generated, or is data, lies in few folders."""

ORDER = (Role.OWN, Role.TEST, Role.DOCS, Role.NOTEBOOK)

COMMANDS = (
    "*.yaml", "*.yml", "*.toml", "*.cfg", "*.ini", "*.sh", "*.ps1", "*.bat", "*.mk",
    "*dockerfile*", "containerfile*", "makefile", "justfile", "procfile", "*.tf",
)  # fmt: skip
"""Files whose text may name functions and classes: configurations, build files, scripts."""

COMMAND_CHARACTERS = 200_000
"""A longer one is data."""


NOTHING = Memory()
NONE = Copied()


@fact
def no_memory() -> Memory:
    """Nothing is remembered, unless whoever audits says where."""
    return NOTHING


@fact
def python_project(snapshot: Snapshot, memory: Memory = NOTHING, copied: Copied = NONE) -> PythonProject:
    """Every `.py` file and notebook of the snapshot, read and linked. What cannot be read is noted as a problem."""
    foreign = foreign_folders(snapshot.paths)
    paths = [path for path in snapshot.paths if path.endswith((".py", ".ipynb"))]
    roles = {path: role(path, foreign, lambda path: snapshot.text(path) or "") for path in paths}
    budget = snapshot.limits.python_bytes * TOTAL
    turns = _turns(path for path in paths if roles[path] is not Role.VENDORED)
    read_paths = sorted(turns, key=lambda path: (turns[path], ORDER.index(roles[path]), path))[: budget // FILE_COST]
    if len(read_paths) < len(turns):
        snapshot.note(".", f"{len(turns):,} files of Python code: only {len(read_paths):,} were read")
    modules = Modules(sorted(read_paths), lambda path: snapshot.text(path) or "", Installed(snapshot).has)
    remembered = Remembered(memory, snapshot.limits, modules)
    found: list[Reading | Unread] = []
    in_order = sorted(
        read_paths, key=lambda path: (turns[path], ORDER.index(roles[path]), len(snapshot.text(path) or ""))
    )
    deadly = _deadly(snapshot, in_order) if snapshot.limits.trial else frozenset()
    for path in in_order:
        empty = RawFile(path, modules.name_of.get(path) or dotted(path), roles[path])
        if path in deadly:
            one: Reading | Unread = given_up(empty, "not read: the parser dies or stalls on it")
        else:
            one = _known(empty, snapshot, budget, remembered)
        if one.cost:
            budget -= one.cost + FILE_COST
        found.append(one)
    records = [reading.record for reading in _read(found, snapshot, modules, remembered)]
    mentioned = words(
        text
        for path in snapshot.named(*COMMANDS)
        if roles.get(path) is not Role.VENDORED and (text := snapshot.text(path)) and len(text) < COMMAND_CHARACTERS
    )
    files = told_apart(link(records, modules, mentioned), copied, snapshot)
    others = (PythonFile(path, dotted(path), Role.VENDORED) for path in paths if roles[path] is Role.VENDORED)
    return PythonProject(tuple(sorted((*files, *others), key=lambda file: file.path)))


def _turns(paths: Iterable[str]) -> dict[str, int]:
    """When each file has its turn: the first FOLDER_FILES of every folder first, then as many more, and so on."""
    before: Counter[str] = Counter()
    turns = {}
    for path in paths:
        folder = path.rpartition("/")[0]
        turns[path] = before[folder] // FOLDER_FILES
        before[folder] += 1
    return turns


def _deadly(snapshot: Snapshot, paths: list[str]) -> frozenset[str]:
    """Files on which a parser dies or stalls, tried out in another process."""
    codes: list[tuple[str, str]] = []
    for path in paths:
        with suppress(ValueError):
            code = source_of(path, snapshot.text(path) or "").code
            if not refusal(code, snapshot.limits):
                codes.append((path, code))
    found = killers([code for _, code in codes], snapshot.limits.trial_seconds)
    return frozenset(codes[number][0] for number in found)


def _known(empty: RawFile, snapshot: Snapshot, budget: int, remembered: Remembered) -> Reading | Unread:
    """What a file said before, or why it is not read; else what is to be read now. `budget` is what is left for it."""
    text = snapshot.text(empty.path)
    if text is None:
        empty.problem = "could not be read"
        return Reading(empty)
    known = remembered.find(empty, text)
    if known is not None:
        return known if known.cost <= budget else given_up(empty, TOO_MUCH)
    try:
        source = source_of(empty.path, text)
    except ValueError as error:
        return given_up(empty, f"not read: {str(error)[:100]}")
    cost = assess(source.code, snapshot.limits) if len(source.code) <= budget else len(source.code)
    if isinstance(cost, str):
        return given_up(empty, cost)
    return Unread(empty, text, source, cost) if cost <= budget else given_up(empty, TOO_MUCH)


def _read(
    found: Sequence[Reading | Unread], snapshot: Snapshot, modules: Modules, remembered: Remembered
) -> list[Reading]:
    """All of `found`, now read, noted and remembered."""
    readings: list[Reading] = []
    for one in found:
        if isinstance(one, Unread):
            reading = read_source(one, modules)
            remembered.add(reading, one.text)
        else:
            reading = one
        for note in reading.notes:
            snapshot.note(reading.record.path, note)
        readings.append(reading)
    remembered.save()
    return readings
