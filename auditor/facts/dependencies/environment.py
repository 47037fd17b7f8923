"""From what a repository's environment can be built: locks, environment files, pinned Pythons, and instructions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from auditor.evidence import Place, seen
from auditor.facts.dependencies.declarations import Dependencies
from auditor.facts.dependencies.generated import is_generated
from auditor.facts.documents.markdown import Docs
from auditor.facts.group import ReportPlace
from auditor.formats.toml_lines import parse_toml, toml_lines
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

SIZE = 200_000
"""Text of one document that is searched for instructions, in characters."""

KINDS = {
    "uv.lock": "lock",
    "poetry.lock": "lock",
    "pdm.lock": "lock",
    "pipfile.lock": "lock",
    "pixi.lock": "lock",
    "conda-lock.yml": "lock",
    "pylock.toml": "lock",
    "requirements*.lock": "lock",
    "pylock.*.toml": "lock",
    "conda-*.lock": "lock",
    "*conda-lock.y*ml": "lock",
    "spack.lock": "lock",
    ".python-version": "python version",
    "runtime.txt": "python version",
    ".tool-versions": "tool versions",
    "mise.toml": "tool versions",
    ".mise.toml": "tool versions",
    "devcontainer.json": "dev container",
    ".devcontainer.json": "dev container",
    "flake.nix": "nix",
    "shell.nix": "nix",
    "default.nix": "nix",
    "devenv.nix": "nix",
    "manifest.scm": "guix",
    "devbox.json": "devbox",
}
"""Names, in lower case and with `*`, of files that fix an environment, and what kind of file each is.

Sources: PEP 751 (`pylock.<name>.toml`), conda-lock ("conda-<platform>.lock"), devenv, Guix, and the tools' own documentation.
"""

_INSTRUCTION = pattern(
    r"(?:^|&&|;)\W*(?:RUN |sudo |run: |[\w.]+\(f?[\"']|\S+ -m )?"
    r"(uv (sync|venv|pip (install|sync))|pip3? install (-[\w-]+ )*(-r ?\S|-e ?\S|\.|--requirement)"
    r"|poetry install|pdm install|pipenv (install|sync)|pixi install|(conda|mamba|micromamba) (env )?create"
    r"|python3? -m venv|virtualenv \S|hatch env create|nix develop|rye sync)"
)


class EnvironmentTrace(Record):
    """One file from which an environment is built.

    `kind` is a value of `KINDS`, or `conda`, `pixi`, `pipfile`, `requirements` or `hatch` for a manifest
    that declares something, or for that tool's environments in a `pyproject.toml`.
    """

    path: str
    kind: str
    line: int | None
    text: str

    @property
    def evidence(self) -> Place:
        """The file, at the line that shows what it is."""
        return seen(self.path, self.line, self.text)


class Environment(Record):
    """What an environment for the project can be built from."""

    traces: tuple[EnvironmentTrace, ...] = ()
    instructions: tuple[Place, ...] = ()
    """Commands in documents, Makefiles and scripts that make or fill an environment; the group's report aside."""


@fact
def environment(snapshot: Snapshot, dependencies: Dependencies, docs: Docs, report: ReportPlace) -> Environment:
    """The traces of an environment in the repository, files that declare nothing left out."""
    paths = (path for path in snapshot.named(*KINDS) if not is_generated(path))
    traces = list(each_file(snapshot, paths, _read))
    for source in dependencies.sources:
        if source.kind in ("conda", "pixi", "pipfile", "requirements", "hatch") and not source.is_empty:
            evidence = source.evidence
            traces.append(EnvironmentTrace(source.path, source.kind, evidence.line, evidence.text))
    traces += each_file(snapshot, snapshot.named("pyproject.toml"), _in_pyproject)
    traces.sort(key=lambda trace: (trace.path.count("/"), trace.path))
    instructions = [*_in_documents(docs, report), *_in_scripts(snapshot)]
    return Environment(tuple(traces), tuple(instructions))


def _read(snapshot: Snapshot, path: str) -> Iterator[EnvironmentTrace]:
    """The trace that a file is by its name, if anything stands in it."""
    rows = ((number, text.strip()) for number, text in enumerate(snapshot.lines(path)[:200], start=1))
    first = next(((n, t) for n, t in rows if t.strip("{}") and not t.startswith(("#", "//", "/*", "*"))), None)
    if first is not None:
        name = path.rpartition("/")[2].lower()
        kind = KINDS.get(name) or next(kind for pattern, kind in KINDS.items() if fnmatchcase(name, pattern))
        yield EnvironmentTrace(path, kind, *first)


def _in_pyproject(snapshot: Snapshot, path: str) -> Iterator[EnvironmentTrace]:
    """The environments that Hatch or Pixi makes of a `pyproject.toml` (Hatch, "Environments"; Pixi, "Python projects")."""
    text = snapshot.text(path) or ""
    if "[tool." not in text:
        return
    try:
        parse_toml(text)
    except ValueError:  # said where its dependencies are read
        return
    lines = toml_lines(text)
    for kind, start in (("hatch", ("tool", "hatch", "envs")), ("pixi", ("tool", "pixi"))):
        line = min((line for key, line in lines.items() if key[: len(start)] == start), default=None)
        if line is not None:
            yield EnvironmentTrace(path, kind, line, snapshot.lines(path)[line - 1].strip())


def _in_documents(docs: Docs, report: ReportPlace) -> Iterator[Place]:
    """The first instruction of every document, from its code; the group's report aside."""
    for document in docs.documents:
        if report.holds(document.path) or is_generated(document.path):
            continue
        blocks = (*document.code_blocks, *document.inline_code)
        rows = ((b.line + n, row) for b in blocks for n, row in enumerate(b.text.split("\n")))
        yield from _first(document.path, sorted(row for row in rows if not report.holds(document.path, row[0])))


def _in_scripts(snapshot: Snapshot) -> Iterator[Place]:
    """The first instruction of every Makefile, task file and shell script."""
    names = ("makefile", "justfile", "tasks.py", "noxfile.py", "*.sh", "*.ps1", "*.bat", "*.mk")
    paths = (path for path in snapshot.named(*names) if not is_generated(path))
    yield from each_file(snapshot, paths, _in_script)


def _in_script(snapshot: Snapshot, path: str) -> Iterator[Place]:
    """The first instruction of one such file."""
    yield from _first(path, enumerate((snapshot.text(path) or "")[:SIZE].split("\n"), start=1))


def _first(path: str, rows: Iterable[tuple[int, str]]) -> Iterator[Place]:
    """The first row that is an instruction and no comment."""
    for number, row in rows:
        if not row.lstrip().startswith(("#", "::", "rem ")) and _INSTRUCTION.search(row.strip()[:2000]):
            yield seen(path, number, row.strip().removeprefix("$ "))
            return
