"""Files with somebody else's notice of copyright: what the group uses of them counts as use, the others are nobody's work here."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.facts.own_work.notices import Copied
from auditor.facts.python.model import PythonFile, Role
from auditor.patterns import pattern
from auditor.records import replace
from auditor.repository.snapshot import Snapshot

SAYING = tuple(
    """*.md *.rst *.txt *.sh *.ps1 *.bat *.yaml *.yml *.toml *dockerfile* makefile justfile tasks.py""".split()
)
"""Files whose commands may run a script."""
PROGRAM = pattern(r"[\w-]+\.py\b|-m [\w.]+")
MOST = 300
CHARACTERS = 200_000


def told_apart(files: Iterable[PythonFile], copied: Copied, snapshot: Snapshot) -> tuple[PythonFile, ...]:
    """The files, those with another's notice marked as copied; where neither own code nor a command uses one, it is vendored."""
    known = tuple(files)
    taken = {file.path: file for file in known if file.path in copied.notices and file.role is Role.OWN}
    if not taken:
        return known
    used = used_files(known, taken, snapshot)
    return tuple(
        file
        if file.path not in taken
        else replace(file, copied=True)
        if file.path in used
        else PythonFile(file.path, file.module, Role.VENDORED)
        for file in known
    )


def used_files(files: Iterable[PythonFile], taken: dict[str, PythonFile], snapshot: Snapshot) -> frozenset[str]:
    """Those of `taken` that own files import, that a command or document names, and what these import in turn."""
    by_module = {file.module: file.path for file in taken.values()}
    said: set[str] = set()
    for name in snapshot.named(*SAYING)[:MOST]:
        said.update(PROGRAM.findall((snapshot.text(name) or "")[:CHARACTERS]))
    used = {path for path in taken if path.rpartition("/")[2] in said}
    used |= {file.path for file in taken.values() if f"-m {file.module}" in said}
    waiting = [file for file in files if file.path not in taken and file.role is not Role.VENDORED]
    waiting += [taken[path] for path in used]
    while waiting:
        file = waiting.pop()
        for statement in file.imports:
            parts = statement.name.split(".")
            for count in range(len(parts), 0, -1):
                path = by_module.get(".".join(parts[:count]))
                if path is not None and path not in used:
                    used.add(path)
                    waiting.append(taken[path])
    return frozenset(used)
