"""Calls that log events: logging, loguru, structlog and others, told from print and from metric loggers."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.evidence import Trace, aside, counts, half, strong_first
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.traces import NOTHING_CALLS, why_idle
from auditor.practices.uses import Uses
from auditor.records import Record

_LIKELY = pattern(r"(^|[._])(logger|log|_logger|LOGGER|LOG)\.(debug|info|warning|error|critical|exception)$")
"""How code puts a call on a logger whose origin cannot be told (it comes as a parameter, or from a fixture)."""


NOTHING_LOGGED = "imported, and nothing is logged with it"
ONLY_DECORATES = "it only decorates functions, and no event is logged"
SHORT = 3
"""Statements of a function that only passes on what it is given."""
SAYS = pattern(r"(?i)(log|say|info|warn|debug|error|event|message|msg|report|note|record|tell|emit)\w*$")
"""What such functions are called."""


class EventLogging(Record):
    """Calls in own code that log events, and what comes near."""

    calls: tuple[Trace, ...] = ()
    near: tuple[Trace, ...] = ()


@fact
def read_event_logging(project: PythonProject, uses: Uses, template: Template) -> EventLogging:
    """The logging calls of own files and notebooks; the template's and the course's files left out."""
    own = [file for file in project.of(*CODE) if not template.is_stub(file.path)]
    found = [c for file in own for c in file.calls if not c.decorates and logs_event(c, uses)]
    found += by_wrapper(found, project)
    prints = [call for file in own for call in file.calls if call.name == "print" and call.live]
    near = [aside(prints[0].evidence, only_printed(prints))] if prints else []
    if not found:
        imports = project.imports("logging", "loguru", "structlog")
        decorating = {c.path for file in own for c in file.calls if c.decorates and logs_event(c, uses)}
        near += [uses.imported(one, ONLY_DECORATES if one.path in decorating else NOTHING_LOGGED) for one in imports]
    traces = (
        counts(c.evidence) if project.may_run(c) else half(c.evidence, why_idle(c) or NOTHING_CALLS) for c in found
    )
    return EventLogging(strong_first(traces), tuple(near))


def only_printed(prints: Sequence[Call]) -> str:
    """Why the first of these calls of `print` is none of a logger."""
    files = len({call.path for call in prints})
    if len(prints) == 1:
        return "it prints, and `print` is no logger"
    where = f"in {files} files" if files > 1 else "in this file"
    return f"it is one of {len(prints)} `print` calls {where}, and `print` is no logger"


def by_wrapper(found: list[Call], project: PythonProject) -> list[Call]:
    """Calls of own functions that do little else than log what they are given: `say("the data is loaded")`."""
    scopes = {(call.path, call.scope) for call in found if call.scope}
    wrappers = (
        function
        for function in project.functions()
        if (function.path, function.qualname) in scopes and function.parameters and function.statements <= SHORT
    )
    return [
        call
        for function in wrappers
        for call in project.callers(function.name)
        if call.args
        and (call.path, call.scope) not in scopes
        and not call.decorates
        and not call.only_tests
        and SAYS.search(call.written)
    ]


def logs_event(call: Call, uses: Uses) -> bool:
    """Whether a call logs an event, by its resolved name; where that is unknown, by the way the code puts it."""
    if uses.is_a(call, "tracking.event"):
        return True
    unknown = not call.names or all(name.startswith("?") for name in call.names)
    return unknown and not call.own and bool(_LIKELY.search(call.written))
