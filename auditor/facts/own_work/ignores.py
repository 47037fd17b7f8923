"""What a repository keeps out of git on purpose: ignored paths, and paths that DVC tracks instead.

So "missing" can be told from "not committed on purpose". Sources: gitignore(5); DVC documentation, ".dvc Files",
"dvc.yaml Files" and "dvc.lock".
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping

from pathspec import GitIgnoreSpec

from auditor.evidence import Place, seen
from auditor.formats.yaml_lines import YamlError, YamlFile, YamlMap, parse_yaml
from auditor.injection import fact
from auditor.records import Record
from auditor.repository.file_by_file import each_file
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

MAX_FILES = 300
MAX_RULES = 2_000
"""Rules that are read of one ignore file."""
MAX_WILDCARDS = 3
"""Wildcards in one part of a rule, and `**` in the whole. pathspec makes a rule a regular expression, whose time grows
with the power of their number."""
MAX_PATH = 1_000
MAX_DVC_CHARACTERS = 200_000
"""Of a `.dvc` file; a longer one lists the files of a folder, which are not needed here."""


class IgnoreFile(Record):
    """One `.gitignore`: the rules for all below `folder` (empty for the root), with line and text of each."""

    path: str
    folder: str
    rules: tuple[tuple[int, str], ...]
    spec: GitIgnoreSpec

    def decision(self, path: str) -> tuple[bool, Place] | None:
        """Whether the last rule that matches ignores `path` (relative to the folder; a folder's ends in a slash)."""
        found = self.spec.check_file(path)
        if found.include is None or found.index is None:
            return None
        line, text = self.rules[found.index]
        return found.include, seen(self.path, line, text)


class Ignores(Record):
    """Which paths are not committed on purpose."""

    files: tuple[IgnoreFile, ...]
    """The deepest first."""
    dvc_outputs: Mapping[str, Place]
    """Every file or folder that DVC tracks, and where that is said."""

    def excuses(self, path: str) -> str | None:
        """Why `path` (a file or folder) need not be in git, in words; None where nothing says so."""
        path = normalise(path)
        if not path or path.startswith("..") or len(path) > MAX_PATH:
            return None
        tracked = self.dvc_tracked(path)
        if tracked is not None:
            return f"DVC-tracked ({tracked.where})"
        ignored = self.git_ignored(path)
        if ignored is not None:
            return f"git-ignored ({ignored.where})"
        return None

    def dvc_tracked(self, path: str) -> Place | None:
        """Where DVC is told to track `path`, a folder above it, or something in it."""
        for folder in (*ancestors(path), path):
            if folder in self.dvc_outputs:
                return self.dvc_outputs[folder]
        return next((said for output, said in self.dvc_outputs.items() if output.startswith(path + "/")), None)

    def git_ignored(self, path: str) -> Place | None:
        """The rule that makes git ignore `path`, a folder above it, or, for a folder, what would be in it."""
        for folder in ancestors(path):
            ignored, rule = self._decision(folder + "/")
            if ignored:
                return rule
        for form in (path, path + "/", path + "/any"):
            ignored, rule = self._decision(form)
            if ignored:
                return rule
        for file in self.files:
            inside = within(path, file.folder)
            for line, text in file.rules:
                if inside and not text.startswith("!") and text.lstrip("/").startswith(inside + "/"):
                    return seen(file.path, line, text)
        return None

    def _decision(self, path: str) -> tuple[bool, Place | None]:
        """What git's rules say of `path` alone: the file in the deepest folder is asked first."""
        for file in self.files:
            inside = within(path, file.folder)
            decision = file.decision(inside) if inside else None
            if decision is not None:
                return decision
        return False, None


def ancestors(path: str) -> list[str]:
    """The folders above `path`, the outermost first, without the root."""
    parts = path.strip("/").split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]


def within(path: str, folder: str) -> str:
    """`path` relative to `folder`; empty where it is not below it."""
    if not folder:
        return path
    return path[len(folder) + 1 :] if path.startswith(folder + "/") else ""


@fact
def ignores(snapshot: Snapshot) -> Ignores:
    """Every `.gitignore` and everything that DVC tracks."""
    gitignores = [path for path in snapshot.paths if path.rpartition("/")[2] == ".gitignore"][:MAX_FILES]
    files = list(each_file(snapshot, gitignores, lambda s, path: [read_ignore_file(path, s.text(path) or "")]))
    files.sort(key=lambda file: (-file.folder.count("/") - bool(file.folder), file.path))
    return Ignores(tuple(files), dict(dvc_outputs(snapshot)))


def read_ignore_file(path: str, text: str) -> IgnoreFile:
    """The rules of one ignore file; those that git or this reader cannot make sense of are left out."""
    rules: list[tuple[int, str]] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        if raw.strip() and not raw.startswith("#") and bounded_rule(raw) and len(rules) < MAX_RULES:
            try:
                compiled([raw])
            except (ValueError, re.error):
                continue
            rules.append((number, raw))
    return IgnoreFile(path, path.rpartition("/")[0], tuple(rules), compiled([text for _, text in rules]))


def compiled(rules: list[str]) -> GitIgnoreSpec:
    """The rules, ready to match; what Python's `re` may read otherwise one day (`[[`) is no matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return GitIgnoreSpec.from_lines(rules)


def bounded_rule(rule: str) -> bool:
    """Whether a rule has so few wildcards that matching a path against it takes no time worth noting."""
    parts = rule.split("/")
    doubled = sum("**" in part for part in parts)
    return (
        len(rule) <= MAX_PATH and doubled <= MAX_WILDCARDS and all(part.count("*") <= MAX_WILDCARDS for part in parts)
    )


def dvc_outputs(snapshot: Snapshot) -> Iterator[tuple[str, Place]]:
    """What DVC tracks: outputs of `.dvc` files, and of the stages in `dvc.yaml` and `dvc.lock`."""
    pipelines = [path for path in snapshot.paths if path.rpartition("/")[2] in ("dvc.yaml", "dvc.lock")]
    yield from each_file(snapshot, pipelines, lambda s, path: stage_outputs(path, read_dvc_yaml(s, path)))
    tracked = [
        path for path in snapshot.paths if path.endswith(".dvc") and not path.endswith("/.dvc") and path != ".dvc"
    ]
    yield from ((path.removesuffix(".dvc"), seen(path)) for path in tracked[:MAX_FILES])
    yield from each_file(snapshot, tracked[:MAX_FILES], tracked_outputs)


def tracked_outputs(snapshot: Snapshot, path: str) -> Iterator[tuple[str, Place]]:
    """The outputs of one `.dvc` file."""
    file = read_dvc_yaml(snapshot, path)
    if file is not None:
        yield from outputs(path, file.mapping, file.mapping.text_of("wdir"))


def read_dvc_yaml(snapshot: Snapshot, path: str) -> YamlFile | None:
    """The YAML file at `path`; None where it is none (the fact on data versioning notes that)."""
    text = snapshot.text(path) or ""
    if len(text) > MAX_DVC_CHARACTERS:
        text = text[: text.rfind("\n", 0, MAX_DVC_CHARACTERS) + 1]
    try:
        return parse_yaml(text)
    except YamlError:
        return None


def stage_outputs(path: str, file: YamlFile | None) -> Iterator[tuple[str, Place]]:
    """Outputs of every stage; those whose name a `foreach` or `matrix` fills in are left out."""
    stages = file.mapping.map_at("stages") if file is not None else YamlMap()
    for name in stages:
        stage = stages.map_at(name)
        stage = stage.map_at("do") if "do" in stage else stage
        yield from outputs(path, stage, stage.text_of("wdir"))


def outputs(path: str, owner: YamlMap, folder: str) -> Iterator[tuple[str, Place]]:
    """The paths under `outs`, `metrics` and `plots`: a path, `path: options`, or a mapping with a `path`."""
    base = f"{path.rpartition('/')[0]}/{folder}"
    for key in ("outs", "metrics", "plots"):
        named = [(scalar.text, scalar.line) for scalar in owner.scalars_at(key)]
        for item in owner.list_at(key).maps():
            target = item.text_of("path")
            named += [(target, item.line_of("path"))] if target else [(name, item.line_of(name)) for name in item]
        for target, line in named:
            full = normalise(f"{base}/{target}")
            if full and "://" not in target and "${" not in target and not target.startswith("/"):
                yield full, seen(path, line, target)
