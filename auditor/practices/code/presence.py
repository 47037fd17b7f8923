"""Whether the project's source code is in the repository at all."""

from __future__ import annotations

from auditor.evidence import Place, Trace, counts, half, seen, strong_first
from auditor.facts.own_work.template import Template
from auditor.facts.python import PythonProject, Role
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.traces import TEMPLATE
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

LANGUAGES = tuple("*.r *.jl *.cpp *.cc *.rs *.go *.java *.scala *.kt *.cs *.swift *.m *.ts *.tsx *.js".split())
ARCHIVES = ("*.zip", "*.tar", "*.tar.gz", "*.tgz", "*.7z", "*.rar", "*.whl")
FOREIGN = pattern(
    r"(^|/)(third_party|vendor|vendored|site-packages|node_modules|\.?venv|env|docs|htmlcov|static|assets|reports?)/"
)
LESS = {Role.TEST: "it is a test, not what it tests", Role.NOTEBOOK: "it is a notebook, no package or script"}
NO_SOURCE = "it is no source of the project's own"
ARCHIVE = "the code is packed in an archive"
ENOUGH = 3
"""Statements from which on a file holds code."""


class SourceCode(Record):
    """The code that the repository holds: own source files, longest first, and what is less than that."""

    traces: tuple[Trace, ...] = ()


@fact
def read_source_code(snapshot: Snapshot, project: PythonProject, template: Template) -> SourceCode:
    """Own code by file, longest first."""
    source: list[tuple[int, Place]] = []
    other: list[Trace] = []
    for file in project.files:
        if file.role is Role.VENDORED or file.role is Role.DOCS:
            continue
        broken = file.problem is not None and bool((snapshot.text(file.path) or "").strip())
        if file.statements < ENOUGH and not broken:
            continue
        place = seen(file.path, None, f"{file.lines} lines")
        if file.role is Role.OWN and not template.is_stub(file.path):
            source.append((file.statements, place))
        else:
            other.append(half(place, TEMPLATE if file.role is Role.OWN else LESS.get(file.role, NO_SOURCE)))
    for path in snapshot.named(*LANGUAGES):
        text = snapshot.text(path) if not FOREIGN.search(path) else None
        if text and text.count("\n") >= ENOUGH:
            source.append((text.count("\n"), seen(path, None, f"{text.count(chr(10))} lines")))
    other += [
        half(seen(path, None, "archive"), ARCHIVE) for path in snapshot.named(*ARCHIVES) if not FOREIGN.search(path)
    ]
    found = [counts(place) for _, place in sorted(source, key=lambda s: (-s[0], s[1].path))]
    return SourceCode(strong_first([*found, *other]))
