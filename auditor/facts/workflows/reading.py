"""Finds the workflow files of a repository, those that nothing reads included, and provides the fact `Workflows`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.facts.history.branches import Branches
from auditor.facts.own_work.ignores import Ignores
from auditor.facts.own_work.vendored import is_vendored
from auditor.facts.workflows import gitlab, other_systems
from auditor.facts.workflows.filters import Paths
from auditor.facts.workflows.github import read_workflow
from auditor.facts.workflows.linking import link
from auditor.facts.workflows.model import Workflow, Workflows
from auditor.facts.workflows.source import Files
from auditor.facts.workflows.triggers import settle
from auditor.formats.yaml_lines import YamlError, YamlFile, YamlMap, parse_yaml
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import replace
from auditor.repository.file_by_file import each_file
from auditor.repository.snapshot import Snapshot

FOLDER = ".github/workflows"
ENDINGS = (".yml", ".yaml")
MAX_FILES = 100
MAX_CHARACTERS = 1_000_000
"""Characters of all workflow files. A large repository has some 100,000."""
LONG = 20_000
"""Characters of a workflow file beyond which it is no better for being longer."""
NUMBER = pattern(r"\d+")
OTHER_SYSTEMS = (gitlab.PATH, *other_systems.AZURE, *other_systems.CIRCLECI)
"""Files that other systems read, each under one name."""
FIRST_LOOK = 20_000
"""Characters of a YAML file that are looked at before it is parsed."""


@fact
def workflows(snapshot: Snapshot, branches: Branches, ignores: Ignores) -> Workflows:
    """Every workflow and pipeline file of the repository."""
    paths = Paths(snapshot, ignores)
    files = Files(snapshot)

    def read(_: Snapshot, path: str) -> Iterator[Workflow]:
        workflow = read_candidate(files, path)
        if workflow is not None:
            settled = tuple(settle(trigger, branches, paths) for trigger in workflow.triggers)
            yield replace(workflow, triggers=settled)

    github = list(each_file(snapshot, candidates(snapshot), read))
    return Workflows((*link(github, branches), *others(files)))


def candidates(snapshot: Snapshot) -> list[str]:
    """Files that are workflows, or would be in another place or by another name; where they are too many, a choice."""
    found = [path for path in snapshot.paths if is_candidate(path) or is_misplaced(snapshot, path)]
    texts = {path: snapshot.text(path) or "" for path in found}
    if len(found) <= MAX_FILES and sum(len(text) for text in texts.values()) <= MAX_CHARACTERS:
        return found
    chosen: set[str] = set()
    left = MAX_CHARACTERS
    for path in by_promise(texts):
        if len(chosen) < MAX_FILES and len(texts[path]) <= left:
            chosen.add(path)
            left -= len(texts[path])
    skipped = [path for path in found if path not in chosen]
    if skipped:
        others = f", nor are {len(skipped) - 1} others" if len(skipped) > 1 else ""
        bound = f"more than {MAX_FILES} workflow files, or {MAX_CHARACTERS:,} characters of them"
        snapshot.note(skipped[0], f"not read as workflow{others}: {bound}")
    return [path for path in found if path in chosen]


def by_promise(texts: Mapping[str, str]) -> list[str]:
    """Paths of workflow files by their text, those first that are likeliest somebody's work.

    Files that GitHub reads go first, then those that are more than a copy of another with other numbers, then the fuller ones.
    """
    shapes: set[str] = set()
    copies: set[str] = set()
    for path, text in texts.items():
        shape = NUMBER.sub("", text[:LONG])
        if shape in shapes:
            copies.add(path)
        shapes.add(shape)
    return sorted(
        texts,
        key=lambda path: (
            why_not_read(path) is not None,
            path in copies,
            len(texts[path]) > LONG,
            abs(LONG - len(texts[path])),
        ),
    )


def is_misplaced(snapshot: Snapshot, path: str) -> bool:
    """Whether a YAML file anywhere else, which no other system reads, may be a workflow, by a first look at its text."""
    if path in OTHER_SYSTEMS or not path.endswith(ENDINGS) or is_vendored(path):
        return False
    return "\njobs:" in (snapshot.text(path) or "")[:FIRST_LOOK]


def is_candidate(path: str) -> bool:
    """Whether a file may hold a workflow: YAML in a folder of workflows, whatever was put after its ending."""
    *folders, name = path.lower().split("/")
    if not folders or not (".github" in folders or any("workflow" in folder for folder in folders)):
        return False
    return any(ending in name for ending in ENDINGS) or (folders[-1] == "workflows" and "." not in name)


def why_not_read(path: str) -> str | None:
    """Why GitHub does not read a file as workflow, by its path; None where it does.

    Source: GitHub documentation, "About workflows": files in `.github/workflows` with the ending `.yml` or `.yaml`.
    """
    folder, _, name = path.rpartition("/")
    if folder == FOLDER:
        return None if name.lower().endswith(ENDINGS) else "GitHub reads only files that end in .yml or .yaml"
    if folder.startswith(FOLDER + "/"):
        return f"GitHub reads no folders within {FOLDER}"
    if folder.endswith("/" + FOLDER):
        return f"GitHub reads {FOLDER} only at the repository's root"
    return f"it is not in {FOLDER}"


def read_candidate(files: Files, path: str) -> Workflow | None:
    """The workflow in a file; None where it is none and GitHub does not take it for one either."""
    reason = why_not_read(path)
    if not files.small(path):
        return None
    try:
        file = parse_yaml(files.snapshot.text(path) or "")
    except YamlError as error:
        if reason is None or FOLDER in path:
            files.snapshot.note_unread(path, error)
        if reason is not None:
            return None
        return Workflow(*files.source(path).place(error.line), path, dead_reason=str(error))
    if reason is not None and not looks_like_workflow(file):
        return None
    workflow = read_workflow(files, path, file)
    return workflow if reason is None else replace(workflow, dead_reason=reason)


def looks_like_workflow(file: YamlFile) -> bool:
    """Whether a file that GitHub does not read has a workflow's keys."""
    return isinstance(file.root, YamlMap) and "on" in file.root and "jobs" in file.root


def others(files: Files) -> list[Workflow]:
    """The pipelines of other systems."""

    def read(_: Snapshot, path: str) -> Iterator[Workflow]:
        file = files.yaml(path)
        if file is not None and path == gitlab.PATH:
            yield gitlab.read_pipeline(files, file)
        elif file is not None and path in other_systems.CIRCLECI:
            yield other_systems.read_circleci(files, path, file)
        elif file is not None and (path in other_systems.AZURE or other_systems.is_azure(file)):
            yield other_systems.read_azure(files, path, file)

    elsewhere = [path for path in files.snapshot.paths if may_be_azure(files.snapshot, path)][:MAX_FILES]
    return list(each_file(files.snapshot, (*OTHER_SYSTEMS, *elsewhere), read))


def may_be_azure(snapshot: Snapshot, path: str) -> bool:
    """Whether a YAML file of any name may be a pipeline of Azure, by a first look at its text."""
    if path in OTHER_SYSTEMS or not path.endswith(ENDINGS) or is_vendored(path) or path.startswith(".github/"):
        return False
    text = "\n" + (snapshot.text(path) or "")[:FIRST_LOOK]
    return any(f"\n{key}:" in text for key in other_systems.AZURE_KEYS) and any(
        f"\n{key}:" in text for key in other_systems.AZURE_WORK
    )
