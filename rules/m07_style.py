"""M7: style, typing and documentation of code."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part, seen
from auditor.facts.own_work.template import Template
from auditor.facts.python import Function, PythonProject, Role
from auditor.facts.workflows import Workflows
from auditor.practices.style.linters import Linters, is_style_command
from auditor.practices.style.tidiness import Tidiness

GOOD = 1 / 3
"""Share of own functions from which on a good share carries annotations or docstrings (evidence standard, M7)."""
SOME = 0.1
"""Share from which on there is some of it."""


@rule("M7.style")
def coding_practices(linters: Linters, tidiness: Tidiness, workflows: Workflows) -> Iterator[Part]:
    """The code follows a style guide, and a tool watches over it.

    Accepted: ruff, flake8, black, pylint or another linter or formatter that is configured (section or file), run by
    pre-commit or in a workflow; and code that broadly follows it.
    Half of it: a tool that is only a dependency; a tool, but code that plainly does not follow it; tidy code without a tool.
    To settle it: configure the tool, let it run over the code, and commit both.
    """
    steps = [command.evidence for job in workflows.live_jobs for command in job.commands if is_style_command(command)]
    yield part(
        "linter or formatter",
        strong=[*linters.configured, *linters.hooks, *steps],
        weak=linters.declared,
        looked_for="settings, a pre-commit hook or a workflow step of ruff, flake8, black, pylint or the like",
        remark="the tool is only a dependency",
    )
    if tidiness.lines:
        examples = [tidiness.example] if tidiness.example else []
        yield part(
            "tidy code",
            strong=examples if tidiness.tidy else (),
            looked_for="code that broadly follows PEP 8 "
            f"({len(tidiness.slips)} of {tidiness.lines} lines do not, such as {tidiness.slips[0].where})"
            if tidiness.slips
            else "code that broadly follows PEP 8",
        )


@rule("M7.typing_docs")
def typing_and_docstrings(project: PythonProject, template: Template) -> Iterator[Part]:
    """Own functions carry type annotations and docstrings.

    Accepted: about a third or more of the own functions have annotations, and about a third or more docstrings. Tests,
    the template's files and functions of a line or two (`__init__`, properties) are not held against anybody.
    Half of it: one of the two, or only few.
    Does not count: annotations and docstrings of the template's stubs.
    To settle it: annotate and describe the functions that others would have to read first.
    """
    functions = [
        function
        for file in project.files
        if file.role is Role.OWN and not template.is_stub(file.path)
        for function in file.functions
    ]
    yield share_part("annotations", [f for f in functions if f.annotated or f.annotated_return], functions)
    yield share_part("docstrings", [f for f in functions if f.docstring], functions)


def share_part(name: str, having: list[Function], functions: list[Function]) -> Part:
    """A part that is settled by a good share of the functions, and weakly by some."""
    share = len(having) / len(functions) if functions else 0.0
    summary = f"{len(having)} of {len(functions)} own functions"
    evidence = [seen(f.path, f.line, f"{summary}: {f.text}") for f in having[:1]] + [f.evidence for f in having[1:]]
    return part(
        name,
        strong=evidence if share >= GOOD else (),
        weak=evidence if share >= SOME else (),
        looked_for=f"{name} on about a third or more of the own functions (found on {summary})",
        remark=f"only on {summary}",
    )
