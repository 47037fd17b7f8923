"""M18: pre-commit hooks."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, counts, half, part
from auditor.facts.dependencies import Dependencies
from auditor.facts.pre_commit import PreCommit
from auditor.practices.traces import DECLARED


@rule("M18.pre_commit", net="hooks")
def pre_commit_hooks(hooks: PreCommit, dependencies: Dependencies) -> Iterator[Part]:
    """Pre-commit hooks are set up.

    Accepted: `.pre-commit-config.yaml` with at least one valid hook.
    Half of it: a configuration that is empty or commented out, under another name, or whose filters let no file pass; hooks by git's
    own means or by another manager of hooks; pre-commit as a dependency only.
    To settle it: show the configuration, or a commit that a hook has changed.
    """
    declared = dependencies.declares("pre-commit")
    yield part(
        "hooks",
        [
            *(half(hook.evidence, hook.why) if hook.why else counts(hook.evidence) for hook in hooks.hooks),
            *(half(place, "it holds no valid hook") for place in hooks.empty),
            *(half(place, "it is no hook of pre-commit's") for place in hooks.scripts),
            *([half(declared.evidence, DECLARED)] if declared else []),
        ],
        looked_for=".pre-commit-config.yaml with a valid hook",
    )
