"""GitLab pipelines as workflows. Source: GitLab documentation, "CI/CD YAML syntax reference".

Read: jobs with their scripts, `extends`, `default`, local `include`, `rules`, `only`, `when`, `needs`, `cache` and
`parallel`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from auditor.facts.workflows.caching import kind_of_path
from auditor.facts.workflows.matrix import MAX_COMBINATIONS, combinations, purpose
from auditor.facts.workflows.model import MANUAL, Axis, Cache, Cause, Job, Matrix, PathPattern, Step, Trigger, Workflow
from auditor.facts.workflows.source import Files, Source, texts, walk, words
from auditor.formats.yaml_lines import Scalar, YamlFile, YamlMap
from auditor.repository.paths import normalise

PATH = ".gitlab-ci.yml"
MAX_FILES = 20
MAX_JOBS = 300
MAX_EXTENDS = 10
MAX_TEXT = 1_000
NO_JOBS = frozenset(
    {
        *("stages", "variables", "default", "include", "workflow", "image", "services", "cache", "spec", "types"),
        *("before_script", "after_script"),
    }
)
"""Top-level keys that are no jobs."""
SOURCES = {
    "merge_request": "pull_request",
    "schedule": "schedule",
    "ci_commit_tag": "tag",
    "tags": "tag",
    "web": MANUAL,
    "trigger": "repository_dispatch",
    "api": "repository_dispatch",
}
"""What a rule or an `only` entry names, and GitHub's word for that event (`tag`: a pushed tag)."""


def read_pipeline(files: Files, file: YamlFile) -> Workflow:
    """The pipeline of `.gitlab-ci.yml` and the local files that it includes."""
    source = files.source(PATH)
    document = file.mapping
    parts = [(source, document), *included(files, document)]
    named = {name: (where, part) for where, part in reversed(parts) for name in part}
    roots = roots_of_rules(document.map_at("workflow")) or frozenset({"push", "tag"})
    shared = Definition()
    shared.take(source, document)
    shared.take(source, document.map_at("default"))
    jobs: list[Job] = []
    definitions: dict[str, Definition] = {}
    for name, (where, part) in list(named.items())[:MAX_JOBS]:
        if name in NO_JOBS or name.startswith(".") or not isinstance(part[name], YamlMap):
            continue
        definition = extended(name, named, definitions, MAX_EXTENDS)
        if any(key in definition.mapping for key in ("script", "run", "trigger")):
            place = where.place(part.line_of(name))
            jobs.append(read_job(place, name, definition, shared, roots))
    causes = frozenset(cause for job in jobs for cause in job.causes)
    triggers = tuple(Trigger(*source.place(1), cause.event, causes=frozenset({cause})) for cause in sorted(causes))
    reason = None if jobs else "it has no jobs"
    if jobs and all(job.disabled for job in jobs):
        reason = "none of its jobs ever runs"
    return Workflow(*source.place(1), PATH, triggers, tuple(jobs), dead_reason=reason, causes=causes)


def included(files: Files, document: YamlMap) -> Iterable[tuple[Source, YamlMap]]:
    """The local files that a pipeline includes."""
    entries = document.list_at("include")
    maps = [*entries.maps(), document.map_at("include")]
    paths = [scalar.text for scalar in document.scalars_at("include")] + [m.text_of("local") for m in maps]
    for path in list(dict.fromkeys(normalise(path) for path in paths if path))[:MAX_FILES]:
        file = files.yaml(path)
        if file is not None:
            yield files.source(path), file.mapping


class Definition:
    """The keys that make up a job, each from the file where it stands."""

    def __init__(self) -> None:
        self.mapping = YamlMap()
        self.sources: dict[str, Source] = {}

    def take(self, source: Source, mapping: YamlMap) -> None:
        """Take all keys of a mapping in place of those of the same name."""
        self.mapping.update(mapping)
        self.mapping.marks.update(mapping.marks)
        self.sources.update(dict.fromkeys(mapping, source))

    def take_all(self, other: Definition) -> None:
        """Take all keys of another definition."""
        self.mapping.update(other.mapping)
        self.mapping.marks.update(other.mapping.marks)
        self.sources.update(other.sources)


def extended(
    name: str, named: dict[str, tuple[Source, YamlMap]], known: dict[str, Definition], depth: int
) -> Definition:
    """A job's keys, with those that it lacks taken from the jobs that it extends; `known` remembers each."""
    if name in known:
        return known[name]
    found = known[name] = Definition()
    if name not in named:
        return found
    source, part = named[name]
    own = part.map_at(name)
    for base in words(own, "extends")[:MAX_EXTENDS] if depth else ():
        found.take_all(extended(base, named, known, depth - 1))
    found.take(source, own)
    return found


def read_job(
    place: tuple[str, int, str], name: str, definition: Definition, shared: Definition, roots: frozenset[str]
) -> Job:
    """One job; what it does not say itself, `shared` does."""

    def holder(key: str) -> Definition:
        return definition if key in definition.mapping or key not in shared.mapping else shared

    job = definition.mapping
    steps = [
        read_step(holder(key).sources[key], key, script)
        for key in ("before_script", "script", "after_script")
        for script in holder(key).mapping.scalars_at(key)
    ]
    own = frozenset() if job.text_of("when") == "never" else roots_of_rules(job)
    if own is None:
        own = frozenset({MANUAL}) if job.text_of("when") == "manual" else roots
    causes = frozenset(Cause("push" if root == "tag" else root, root) for root in own)
    cache = holder("cache")
    return Job(
        *place,
        id=name,
        name=name,
        workflow=PATH,
        needs=words(job, "needs"),
        runs_on=words(job, "tags"),
        matrix=read_matrix(definition.sources["parallel"], job) if "parallel" in job else None,
        steps=tuple(steps),
        env=texts(job.map_at("variables")),
        caching=tuple(read_caches(cache.sources["cache"], cache.mapping)) if "cache" in cache.mapping else (),
        changes=tuple(read_changes(definition, job)),
        disabled=None if own else "its rules never let it run",
        causes=causes,
    )


def read_changes(definition: Definition, job: YamlMap) -> Iterable[PathPattern]:
    """The paths of `rules: changes` (a list, or `paths` within it) and `only: changes`."""
    for key, parts in (("rules", job.list_at("rules").maps()), ("only", [job.map_at("only")])):
        for part in parts:
            if "changes" in part and part.text_of("when") not in ("never", "manual"):
                for text, line in part.map_at("changes").scalars_at("paths") or part.scalars_at("changes"):
                    yield PathPattern(*definition.sources[key].place(line), text)


def read_step(source: Source, key: str, script: Scalar) -> Step:
    """One line of a script."""
    commands = source.commands(script.text, script.line)
    return Step(*source.place(script.line), key, script=script.text, script_line=script.line, commands=commands)


def roots_of_rules(job: YamlMap) -> frozenset[str] | None:
    """What can set off a job by its `rules` or `only`; None where it has neither."""
    if isinstance(job.get("rules"), list):
        found = set()
        for rule in job.list_at("rules").maps():
            when = rule.text_of("when")
            if when == "never":
                continue
            named = roots_named(rule.text_of("if"))
            found.update({MANUAL} if when == "manual" else named or {"push"})
        return frozenset(found)
    only = words(job, "only") or words(job.map_at("only"), "refs")
    if only:
        return frozenset(root for text in only for root in roots_named(text) or {"push"})
    return None


def roots_named(text: str) -> set[str]:
    """The events that a rule's condition names."""
    lowered = text.lower()
    return {root for word, root in SOURCES.items() if re.search(rf"\b{word}|_{word}", lowered)}


def read_caches(source: Source, job: YamlMap) -> Iterable[Cache]:
    """The `cache` of a job, one or several."""
    for cache in (job.map_at("cache"), *job.list_at("cache").maps()):
        paths = " ".join(words(cache, "paths"))
        if paths:
            yield Cache(*source.place(cache.line), kind_of_path(paths), "cache")


def read_matrix(source: Source, job: YamlMap) -> Matrix | None:
    """`parallel: matrix`: each entry a product of its variables."""
    parallel = job.map_at("parallel")
    entries = parallel.list_at("matrix").maps()
    if not entries:
        return None
    texts_of_job = (text[:MAX_TEXT] for keys, text in walk(job) if "parallel" not in keys)
    used = " ".join(islice(texts_of_job, MAX_TEXT))
    rows = []
    lines: dict[str, int] = {}
    for entry in entries:
        lines |= {name: entry.line_of(name) for name in entry if name not in lines}
        rows += combinations({name: [{"": text} for text in words(entry, name)] for name in entry}, (), ())
    flat = tuple({name: value[""] for name, value in row.items()} for row in rows[:MAX_COMBINATIONS])
    axes = {}
    for name, line in lines.items():
        values = tuple(dict.fromkeys(row[name] for row in flat if name in row))
        kind = purpose(name, values, {})[0]
        axes[name] = Axis(*source.place(line), name, values, kind, used=f"${name}" in used or f"${{{name}}}" in used)
    return Matrix(*source.place(parallel.line_of("matrix")), axes, flat)
