"""Whether a Dockerfile's sources and entry point exist in the folder that it is built from (its build context).

"Missing" is said only where it is certain: what is git-ignored, DVC-tracked, excused by a wildcard, made by a RUN step
or comes from an image is taken as there. Sources: Dockerfile reference, "COPY", "ADD", "WORKDIR"; "Build context",
".dockerignore files".
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from functools import cached_property

from pathspec import PathSpec, Pattern

from auditor.evidence import Place, seen
from auditor.facts.containers.dockerfile import Copy, Dockerfile, Instruction, Stage
from auditor.facts.containers.dockerfile_text import expand
from auditor.facts.containers.entry_point import Program, programs
from auditor.facts.own_work.ignores import Ignores, ancestors, bounded_rule
from auditor.records import Record
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

FETCHERS = ("git clone", "curl", "wget", "dvc pull", "gsutil", "gcloud storage", "unzip", "tar ", "mv ", "cp ", "ln ")
"""What in a RUN step may bring files into the image that no COPY names."""
MAX_DEPTH = 10
"""Stages that copy from one another."""
MAX_LOOKS = 300
"""Stages looked into for one file: what several COPY steps per stage make of the depth."""


class MissingPath(Record):
    """A path that a Dockerfile needs and that its build context does not hold."""

    dockerfile: str
    line: int
    path: str
    reason: str

    @property
    def evidence(self) -> Place:
        """The line that needs it."""
        return seen(self.dockerfile, self.line, f"{self.path}: {self.reason}")


class BuildContext(Record, dict=True):
    """A folder of the repository as `docker build` sees it. `folder` is empty for the root.

    `generated` are paths that a command writes before the build.
    """

    folder: str
    snapshot: Snapshot
    ignores: Ignores
    generated: Collection[str] = ()

    def missing_paths(self, dockerfile: Dockerfile) -> list[MissingPath]:
        """What `dockerfile` needs of this context and cannot find, in order of lines."""
        missing = [found for copy in dockerfile.copies for found in self._missing_sources(dockerfile, copy)]
        entry = dockerfile.entrypoint
        if entry is not None:
            for program in programs(entry.shell):
                reason = self._missing_program(dockerfile, program)
                if reason is not None:
                    missing.append(MissingPath(dockerfile.path, entry.line, program.target, reason))
        return sorted(set(missing), key=lambda m: (m.line, m.path))

    def holds(self, path: str, dockerfile: Dockerfile) -> str | None:
        """Why the context lacks `path` (relative to it), or None where it has it, or may have it."""
        inside = normalise(path)
        if inside.startswith(".."):
            return "outside the build context"
        if not inside or inside.split("/", 1)[0] == ".git":
            return None
        full = normalise(f"{self.folder}/{inside}")
        excluded = self._excluded(inside, dockerfile)
        if excluded:
            return "excluded by .dockerignore"
        if self.snapshot.exists(full) or full in self.generated or self.ignores.excuses(full) is not None:
            return None
        if full.lower() in self._lower or self._behind_link_or_submodule(full):
            return None
        return "no such file or folder in the repository"

    @cached_property
    def _lower(self) -> frozenset[str]:
        """Every path in lower case: on macOS and Windows the case of letters makes no difference to a build."""
        return frozenset(path.lower() for path in (*self.snapshot.paths, *self.snapshot.folders))

    def _behind_link_or_submodule(self, path: str) -> bool:
        """Whether a path lies in what the snapshot lists as one entry only."""
        folders = [*ancestors(path), path]
        submodules = {p.path for p in self.snapshot.problems if p.message.startswith("submodule")}
        return any(folder in self.snapshot or folder in submodules for folder in folders)

    def _missing_sources(self, dockerfile: Dockerfile, copy: Copy) -> Iterator[MissingPath]:
        if copy.from_stage is not None:
            return
        for source in copy.sources:
            if "$" in source or "{" in source or any(c in source for c in "*?["):
                continue
            reason = self.holds(source, dockerfile)
            if reason is not None:
                yield MissingPath(dockerfile.path, copy.line, source, reason)

    @cached_property
    def _default_ignore(self) -> PathSpec[Pattern] | None:
        return self._ignore_spec(normalise(f"{self.folder}/.dockerignore"))

    def _ignore_spec(self, path: str) -> PathSpec[Pattern] | None:
        """The rules of a `.dockerignore`: all are anchored at the context's root, the last that matches decides."""
        if path not in self.snapshot:
            return None
        rules = []
        for raw in self.snapshot.lines(path)[:2_000]:
            rule = raw.strip()
            if not rule or rule.startswith("#") or not bounded_rule(rule):
                continue
            negated, rule = rule.startswith("!"), normalise(rule.removeprefix("!").strip())
            if rule:
                rules.append(f"{'!' * negated}/{rule}")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)
                return PathSpec.from_lines("gitignore", rules)
        except (ValueError, re.error):
            return None

    def _excluded(self, inside: str, dockerfile: Dockerfile) -> bool:
        spec = self._ignore_spec(f"{dockerfile.path}.dockerignore") or self._default_ignore
        if spec is None or not spec.match_file(inside):
            return False
        prefix = normalise(f"{self.folder}/{inside}") + "/"
        skip = len(prefix) - len(inside) - 1
        below = (path[skip:] for path in self.snapshot.paths if path.startswith(prefix))
        return all(spec.match_file(path) for path in below)

    def _missing_program(self, dockerfile: Dockerfile, program: Program) -> str | None:
        if any(c in program.target for c in "$`*<>{}|"):
            return None
        if any(step_may_make(i, program.target) for i in dockerfile.own_steps):
            return None
        if program.kind == "module" and "/" in program.target:
            return "a path, where the name of a module is needed"
        if program.kind == "module":
            return None if self._has_module(program) else f"no module {program.target} in the repository"
        return self._missing_file(dockerfile, program.target)

    def _missing_file(self, dockerfile: Dockerfile, target: str) -> str | None:
        stage = dockerfile.stages[-1]
        found = Layers(self, dockerfile).origins(stage, absolute(workdir(dockerfile, stage), target))
        if found.unsure:
            return None
        if found.paths:
            reasons = [self.holds(path, dockerfile) for path in found.paths]
            return None if None in reasons else reasons[-1]
        if target.startswith("/"):
            return None
        tail = "/" + normalise(target)
        if any(("/" + path).endswith(tail) for path in self.snapshot.paths):
            return None
        if self.ignores.excuses(normalise(f"{self.folder}/{target}")) is not None:
            return None
        return "no such file in the repository"

    def _has_module(self, program: Program) -> bool:
        """Whether a module is in the repository, or may come from an installed package."""
        file = program.target.replace(".", "/")
        forms = (f"/{file}.py", f"/{file}/__init__.py", f"/{file}/__main__.py", f"/{file}.ipynb")
        if any(("/" + path).endswith(forms) for path in self.snapshot.paths):
            return True
        if any(("/" + folder).endswith("/" + file) for folder in self.snapshot.folders) and not program.has_object:
            return True
        if self.ignores.excuses(normalise(f"{self.folder}/{file}.py")) is not None:
            return True
        top, _, rest = file.partition("/")
        if not program.own and not self._own_top(top):
            return True
        # The package may be another folder's other name (setuptools' package-dir).
        return bool(rest) and any(
            f"{root}{rest}.py" in self.snapshot or f"{root}{rest}/__init__.py" in self.snapshot
            for root in ("", "src/", "app/", "lib/", f"{self.folder}/", f"{self.folder}/src/")
        )

    def _own_top(self, top: str) -> bool:
        return any(("/" + path).endswith(f"/{top}.py") for path in self.snapshot.paths) or any(
            f"/{top}/" in "/" + path and path.endswith(".py") for path in self.snapshot.paths
        )


def step_may_make(step: Instruction, target: str) -> bool:
    """Whether a RUN step, or a heredoc, may put the file `target` into the image."""
    name = target.rpartition("/")[2]
    if step.name in ("COPY", "ADD"):
        return bool(step.heredoc) and name in step.value
    if step.name != "RUN":
        return False
    text = step.shell
    return (name in text and ">" in text) or any(word in text for word in FETCHERS)


class Origins(Record):
    """Where in the build context a file of the image may come from; `unsure` where it may also come from elsewhere."""

    paths: tuple[str, ...] = ()
    unsure: bool = False


class Layers:
    """What the COPY and ADD steps put where."""

    def __init__(self, context: BuildContext, dockerfile: Dockerfile) -> None:
        self.context = context
        self.dockerfile = dockerfile
        self._looked_at = 0

    def origins(self, stage: Stage, path: str, depth: int = 0) -> Origins:
        """Where the image's file `path` in `stage` comes from."""
        self._looked_at += 1
        if depth > MAX_DEPTH or self._looked_at > MAX_LOOKS:
            return Origins(unsure=True)
        paths: list[str] = []
        unsure = False
        for part in self.dockerfile.lineage(stage):
            here = workdir(self.dockerfile, part, before=0)
            copies = {copy.line: copy for copy in self.dockerfile.stage_copies(part)}
            variables = self.dockerfile.variables(part)
            for step in part.instructions:
                if step.name == "WORKDIR":
                    here = absolute(here, expand(step.rest.strip("\"'"), variables))
                copy = copies.get(step.line) if step.name in ("COPY", "ADD") else None
                if copy is None:
                    continue
                found = self._through(copy, absolute(here, copy.destination), path, depth)
                paths += found.paths
                unsure = unsure or found.unsure
        return Origins(tuple(dict.fromkeys(paths)), unsure)

    def _through(self, copy: Copy, destination: str, path: str, depth: int) -> Origins:
        """Where `path` comes from, if this COPY put it there."""
        paths: list[str] = []
        unsure = False
        if "$" in destination or any("$" in source for source in copy.sources):
            return Origins(unsure=True)
        below = inside(path, destination)
        if below is None:
            return Origins()
        if copy.from_stage is not None:
            stage = self.dockerfile.stage(copy.from_stage)
            if stage is None:
                return Origins(unsure=True)
            for source in copy.sources:
                root = absolute("/", source)
                candidates = {absolute(root, below)} if below else {root}
                if below == root.rpartition("/")[2]:
                    candidates.add(root)
                for candidate in sorted(candidates):
                    found = self.origins(stage, candidate, depth + 1)
                    paths += found.paths
                    unsure = unsure or found.unsure
            return Origins(tuple(paths), unsure or not paths)
        for source in copy.sources:
            name = normalise(source).rpartition("/")[2]
            full = normalise(f"{self.context.folder}/{source}")
            if full in self.context.snapshot.folders:
                paths.append(normalise(f"{source}/{below}"))
            elif any(c in source for c in "*?["):
                folder = normalise(source).rpartition("/")[0]
                if below.count("/") == 0 and fnmatchcase(below, name):
                    paths.append(normalise(f"{folder}/{below}"))
                else:
                    unsure = unsure or "/" in below
            elif below in ("", name):
                paths.append(normalise(source))
            elif full not in self.context.snapshot:
                unsure = unsure or self.context.ignores.excuses(full) is not None
        return Origins(tuple(paths), unsure)


def inside(path: str, folder: str) -> str | None:
    """`path` relative to `folder`; empty where they are the same, None where it is not below it."""
    if path == folder:
        return ""
    stem = "/" if folder == "/" else folder + "/"
    return path[len(stem) :] if path.startswith(stem) else None


def absolute(folder: str, path: str) -> str:
    """`path` as an absolute path of the image, relative ones being relative to `folder`."""
    return "/" + normalise(path if path.startswith("/") else f"{folder}/{path}")


def workdir(dockerfile: Dockerfile, stage: Stage, before: int | None = None) -> str:
    """The working folder at the end of `stage`, or (`before=0`) at its start.

    A base image's own working folder is unknown and taken for `/`: what is relative to it stays comparable.
    """
    here = "/"
    for part in dockerfile.lineage(stage):
        if before == 0 and part is stage:
            break
        variables = dockerfile.variables(part)
        for step in part.instructions:
            if step.name == "WORKDIR":
                here = absolute(here, expand(step.rest.strip("\"'"), variables))
    return here
