"""M7: style, typing and documentation of code."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, Place, Trace, aside, counts, half, part, seen
from auditor.facts.own_work.template import Template
from auditor.facts.python import Function, PythonProject, Role
from auditor.practices.automation.commands import RunCommands
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.style.linters import Linters, is_style_command
from auditor.practices.style.tidiness import Tidiness
from auditor.practices.traces import DECLARED

GOOD = 1 / 4
"""Share of own functions, to the nearest function, from which on a good share carries annotations or docstrings: "about a third"
(evidence standard, M7)."""
SOME = 0.1
"""Share from which on there is some of it."""
SHORT = 2
"""Statements up to which a function needs no description (the same)."""
TASKS = frozenset({"tasks.py", "reports/report.py"})
"""Files of the template that nobody is asked to annotate, edited or not."""


@rule("M7.style")
def coding_practices(
    linters: Linters, tidiness: Tidiness, pipelines: Pipelines, commands: RunCommands
) -> Iterator[Part]:
    """The code follows a style guide, and a tool watches over it.

    Accepted: ruff, flake8, black, pylint or another linter or formatter that is configured (section or file), run by
    pre-commit, in a workflow, or by a task or target of the project; and code that broadly follows it: blanks at line ends and
    a few untidy files do not matter, and a workflow that fails on bad style settles it.
    Half of it: a tool that is only a dependency, or that only a document tells to run; a tool, but code that plainly does not
    follow it; tidy code without a tool.
    To settle it: configure the tool, let it run over the code, and commit both.
    """
    jobs = [place for work in pipelines.live for place in (*pipelines.lints(work), *work.rewrites)]
    given = [
        one for one in commands.all if is_style_command(one.command) and one.origin not in ("workflow", "container")
    ]
    yield part(
        "linter or formatter",
        [
            *map(counts, (*linters.configured, *linters.hooks, *jobs)),
            *(counts(one.evidence) for one in given if one.live and one.origin != "docs"),
            *(half(one.evidence, "only a document tells to run it") for one in given if one.origin == "docs"),
            *(half(place, DECLARED) for place in linters.declared),
        ],
        looked_for="settings, a pre-commit hook, a workflow step or a task of ruff, flake8, black, pylint or the like",
    )
    if not tidiness.lines:
        return
    settled = [place for work in pipelines.on_change for place in pipelines.blocks_on_style(work)]
    looked_for = "code that broadly follows PEP 8"
    yield part("tidy code", as_seen(tidiness, settled), looked_for=looked_for)


def as_seen(tidiness: Tidiness, settled: list[Place]) -> Iterator[Trace]:
    """The code as a reader sees it: a file that follows the style, or where it is untidy, and what no untidy code would pass."""
    if tidiness.tidy:
        tidy = next((file for file in tidiness.files if file.tidy), tidiness.files[0])
        yield counts(seen(tidy.path, None, f"{tidy.lines} lines of code"))
        return
    yield from map(counts, settled)
    why = f"{len(tidiness.slips)} of {tidiness.lines} lines do not follow the style"
    yield from (aside(slip, why) for slip in tidiness.worst.slips[:2])


@rule("M7.typing_docs")
def typing_and_docstrings(project: PythonProject, template: Template) -> Iterator[Part]:
    """Own functions carry type annotations and docstrings.

    Accepted: about a third or more of the own functions have annotations (of any parameter, or of what they return), and about a
    third or more docstrings (a class's speaks for its `__init__`). Not counted: functions of one or two statements (unless there
    are no longer ones), tests, the template's files, and what bears somebody else's notice of copyright.
    Half of it: one of the two, or only few.
    Does not count: annotations and docstrings of the template's stubs.
    To settle it: annotate and describe the functions that others would have to read first.
    """
    described = {cls.name for file in project.files for cls in file.classes if cls.docstring}
    functions = [
        function
        for file in project.files
        if file.role is Role.OWN
        and not file.copied
        and template.role(file.path) not in TASKS
        and not template.is_stub(file.path)
        for function in file.functions
    ]
    yield share_part("annotations", [f for f in functions if f.annotated], functions)
    documented = [f for f in functions if f.docstring or f.name.removesuffix(".__init__") in described]
    yield share_part("docstrings", documented, functions)


def share_part(name: str, having: list[Function], functions: list[Function]) -> Part:
    """A part that is settled by a good share of the functions that count, and by half by some of all."""
    counted = [function for function in functions if length(function) > SHORT] or functions
    carrying = [function for function in having if function in counted]
    share = len(carrying) / len(counted) if counted else 0.0
    good = bool(carrying) and len(carrying) >= int(GOOD * len(counted) + 0.5)
    summary = f"{len(carrying)} of {len(counted)} own functions"
    summary += " of more than two statements" if len(counted) < len(functions) else ""
    places = [f.evidence for f in carrying or having]
    places[:1] = [seen(p.path, p.line, f"{summary}: {p.text}") for p in places[:1]]
    why = f"only {summary} have {name}" if carrying else f"it holds one or two statements, and {summary} have {name}"
    some = share >= SOME or len(having) >= max(1, SOME * len(functions))
    return part(
        name,
        [counts(place) if good else half(place, why) if some else aside(place, why) for place in places],
        looked_for=f"{name} on about a third or more of the own functions (found on {summary})",
    )


def length(function: Function) -> int:
    """Statements of a function, its docstring aside."""
    return function.statements - (function.docstring is not None)
