"""Every file of a repository that declares what Python packages it needs, and what each declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial

from auditor.evidence import Place, seen
from auditor.facts.dependencies.conda import read_conda_environment
from auditor.facts.dependencies.generated import is_generated
from auditor.facts.dependencies.manifest import Manifest
from auditor.facts.dependencies.pyproject import (
    read_hatch,
    read_pipfile,
    read_pixi,
    read_pyproject,
    read_script_metadata,
)
from auditor.facts.dependencies.requirement import Declared
from auditor.facts.dependencies.requirements_txt import read_requirements_text
from auditor.facts.dependencies.serving_files import read_serving_file
from auditor.facts.dependencies.setup_script import read_setup_cfg, read_setup_script
from auditor.facts.python import PythonProject
from auditor.injection import fact
from auditor.knowledge.distribution_names import canonical_name
from auditor.patterns import pattern
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

SIZE = 1_000_000
"""A longer manifest (in characters) is not read."""
FILES = 200
"""Manifests of one kind that are read."""
DEPTH = 10
"""Requirements files that include each other, one after the other."""

_REQUIREMENTS_NAME = pattern(
    r"(.*[-_.])?(requirements?|requirments|requirement|reqs?|dependencies)([-_.].*)?\.(txt|in|lock)|pip-(requirements|packages)\.txt"
)
_READERS: dict[str, Callable[[str, str], Manifest]] = {
    "pyproject": read_pyproject,
    "pixi": read_pixi,
    "pipfile": read_pipfile,
    "script": read_script_metadata,
    "setup.cfg": read_setup_cfg,
    "conda": read_conda_environment,
    "hatch": read_hatch,
    "serving": read_serving_file,
}


class DependencySource(Record):
    """One file that can declare requirements.

    `kind` is `pyproject`, `requirements`, `conda`, `pipfile`, `pixi`, `hatch`, `serving` (a Bento's or Cog's packages),
    `setup.py`, `setup.cfg` or `script` (inline metadata of a Python file).
    """

    path: str
    kind: str
    declared: tuple[Declared, ...] = ()
    includes: tuple[str, ...] = ()
    """Further requirements files that it reads in."""
    project: str = ""
    """The project's own name, where the file gives it one."""
    broken: tuple[int, ...] = ()
    """Lines that pip would refuse."""
    installs_project: int | None = None
    """Line at which a requirements file installs the project itself (`-e .`)."""

    @property
    def is_empty(self) -> bool:
        """Whether it declares nothing at all: comments only, options, an empty table."""
        return not self.declared and not self.includes and self.installs_project is None

    @property
    def evidence(self) -> Place:
        """The file with the line and text of its first requirement."""
        if not self.declared:
            return seen(self.path, self.installs_project, "declares nothing" if self.is_empty else "")
        first = self.declared[0]
        return seen(self.path, first.line, f"{len(self.declared)} requirements, such as {first.text}")


class Dependencies(Record, dict=True):
    """What the repository declares that it needs, over all its files."""

    sources: tuple[DependencySource, ...] = ()

    @cached_property
    def declared(self) -> tuple[Declared, ...]:
        """Every declared requirement, in order of path and line."""
        return tuple(requirement for source in self.sources for requirement in source.declared)

    @cached_property
    def by_name(self) -> dict[str, Declared]:
        """The first declaration of every distribution, by canonical name."""
        found: dict[str, Declared] = {}
        for requirement in self.declared:
            found.setdefault(requirement.name, requirement)
        return found

    @cached_property
    def own_names(self) -> frozenset[str]:
        """Canonical names that the repository's manifests give to the project itself."""
        return frozenset(canonical_name(source.project) for source in self.sources if source.project)

    def declares(self, name: str) -> Declared | None:
        """The first declaration of a distribution, whatever way its name is written."""
        return self.by_name.get(canonical_name(name))

    def declaring(self, names: Iterable[str]) -> list[Place]:
        """Where each of several distributions is declared first; nothing for those that are not."""
        return [one.evidence for name in names if (one := self.declares(name)) is not None]


CONDA_HEAD = 3_000
"""Characters in which the keys of an environment of conda stand."""


@fact
def dependencies(snapshot: Snapshot, project: PythonProject) -> Dependencies:
    """Every declaration in the repository; files that a tool wrote about a run (W&B, MLflow) and environments aside."""
    paths = [path for path in snapshot.paths if not is_generated(path)]
    sources: list[DependencySource] = []
    for kind, candidates in _candidates(snapshot, paths).items():
        read = each_file(snapshot, candidates[:FILES], partial(_read, kind=kind))
        sources += (source for source in read if source.declared or source.includes or kind == "pyproject")
    sources += _setup_scripts(project)
    sources += _requirements(snapshot, paths, {path for source in sources for path in source.includes})
    return Dependencies(tuple(sorted(sources, key=lambda source: (source.path.count("/"), source.path, source.kind))))


def is_conda(snapshot: Snapshot, path: str) -> bool:
    """Whether a YAML file under any name is an environment of conda, by its keys."""
    text = "\n" + (snapshot.text(path) or "")[:CONDA_HEAD]
    return "\ndependencies:" in text and "\nchannels:" in text


def _candidates(snapshot: Snapshot, paths: Iterable[str]) -> dict[str, list[str]]:
    """Files that may hold declarations, by kind, from their names (for scripts, their text)."""
    found: dict[str, list[str]] = {kind: [] for kind in _READERS}
    for path in paths:
        name = path.rpartition("/")[2].lower()
        if name == "pyproject.toml":
            found["pyproject"].append(path)
        elif name == "pixi.toml":
            found["pixi"].append(path)
        elif name == "hatch.toml":
            found["hatch"].append(path)
        elif name in ("bentofile.yaml", "bentofile.yml", "cog.yaml"):
            found["serving"].append(path)
        elif name == "pipfile":
            found["pipfile"].append(path)
        elif name == "setup.cfg":
            found["setup.cfg"].append(path)
        elif name.endswith((".yml", ".yaml")) and (
            "env" in path.lower() or "conda" in path.lower() or is_conda(snapshot, path)
        ):
            found["conda"].append(path)
        elif name.endswith(".py") and "\n# /// script" in "\n" + (snapshot.text(path) or ""):
            found["script"].append(path)
    return found


def _read(snapshot: Snapshot, path: str, kind: str) -> Iterator[DependencySource]:
    """The declarations of one file; none, with a note, where it cannot be read."""
    text = snapshot.text(path)
    if text is None:
        return
    if len(text) > SIZE:
        snapshot.note(path, f"not read for dependencies: more than {SIZE:,} characters")
        return
    try:
        manifest = _READERS[kind](text, path)
    except ValueError as error:
        snapshot.note_unread(path, error)
        return
    _note_broken(snapshot, path, manifest.broken)
    yield DependencySource(
        path, kind, tuple(manifest.declared), tuple(manifest.includes), manifest.project, tuple(manifest.broken)
    )


def _requirements(snapshot: Snapshot, paths: Iterable[str], named: set[str]) -> list[DependencySource]:
    """Requirements files: by name, in a folder `requirements/`, named in a manifest or by `-r` in another."""
    queue = [(path, 0) for path in paths if _is_requirements(path) or path in named][:FILES]
    seen = {path for path, _ in queue}
    sources = []
    while queue:
        path, depth = queue.pop(0)
        for source in each_file(snapshot, [path], _read_requirements):
            sources.append(source)
            for include in source.includes:
                if include not in seen and depth < DEPTH and len(seen) < FILES:
                    seen.add(include)
                    queue.append((include, depth + 1))
    return sources


def _read_requirements(snapshot: Snapshot, path: str) -> Iterator[DependencySource]:
    """One requirements file; nothing where it cannot be read."""
    text = snapshot.text(path)
    if text is None or len(text) > SIZE:
        return
    result = read_requirements_text(text, path, requirements_group(path))
    _note_broken(snapshot, path, result.broken)
    yield DependencySource(
        path,
        "requirements",
        tuple(result.declared),
        tuple(include for include in result.includes if include in snapshot),
        broken=tuple(result.broken),
        installs_project=result.installs_project,
    )


def _is_requirements(path: str) -> bool:
    folder, _, name = path.lower().rpartition("/")
    if "constraint" in name:
        return False
    in_folder = folder.rpartition("/")[2] == "requirements" and name.endswith((".txt", ".in"))
    return in_folder or bool(_REQUIREMENTS_NAME.fullmatch(name))


def requirements_group(path: str) -> str:
    """The group that a requirements file's name stands for: `requirements_dev.txt` gives `dev`; empty for the main."""
    folder, _, name = path.lower().rpartition("/")
    stem = name.rpartition(".")[0]
    words = [w for w in re.split(r"[-_.]", stem) if w and not re.fullmatch(r"requirements?|requirments|reqs?|pip", w)]
    if not words or words[0] in ("base", "main", "prod", "common", "all", "dependencies"):
        return folder.rpartition("/")[2] if folder.rpartition("/")[2] in ("docs", "tests", "test", "dev") else ""
    return "-".join(words)


def _setup_scripts(project: PythonProject) -> list[DependencySource]:
    """What `setup.py` files pass to `setup()` as literals."""
    sources = []
    for path, texts in read_setup_script(project).items():
        manifest = Manifest(path)
        for line, group, text in texts:
            manifest.require(text, line, group)
        if manifest.declared:
            sources.append(DependencySource(path, "setup.py", tuple(manifest.declared)))
    return sources


def _note_broken(snapshot: Snapshot, path: str, broken: Iterable[int]) -> None:
    lines = list(broken)
    if lines:
        shown = ", ".join(map(str, lines[:5])) + (", ..." if len(lines) > 5 else "")
        snapshot.note(path, f"pip would refuse line {shown}: not a requirement (PEP 508)")
