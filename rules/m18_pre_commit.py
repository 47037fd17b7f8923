"""M18: pre-commit hooks."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.facts.dependencies import Dependencies
from auditor.facts.pre_commit import PreCommit


@rule("M18.pre_commit", net="hooks")
def pre_commit_hooks(hooks: PreCommit, dependencies: Dependencies) -> Iterator[Part]:
    """Pre-commit hooks are set up.

    Accepted: `.pre-commit-config.yaml` with at least one valid hook.
    Half of it: a configuration that is empty or commented out, or under another name; hooks by git's own means or by another
    manager of hooks; pre-commit as a dependency only.
    To settle it: show the configuration, or a commit that a hook has changed.
    """
    declared = dependencies.declares("pre-commit")
    yield part(
        "hooks",
        strong=[hook.evidence for hook in hooks.hooks if hook.in_effect],
        weak=[
            *(h.evidence for h in hooks.hooks),
            *hooks.empty,
            *hooks.scripts,
            *([declared.evidence] if declared else []),
        ],
        looked_for=".pre-commit-config.yaml with a valid hook",
        remark="no hook that pre-commit would run",
    )
