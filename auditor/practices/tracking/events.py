"""Calls that log events: logging, loguru, structlog and others, told from print and from metric loggers."""

from __future__ import annotations

from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record

LEVELS = r"(debug|info|warning|warn|error|critical|exception|fatal|log|success|trace|catch|opt\(\)\.\w+|bind\(\)\.\w+)"
LOGGERS = (
    r"logging|logging\.(getLogger|Logger|LoggerAdapter)\(\)|logging\.root|loguru\.logger|loguru\._logger\.\w+|"
    r"structlog\.(\w+\.)?(get_logger|getLogger|wrap_logger|stdlib\.get_logger)\(\)(\.bind\(\))?|"
    r"absl\.logging|(pytorch_)?lightning[\w.]*\.(rank_zero|log|_logger)|[\w.]*rank_zero_(info|warn|debug)|"
    r"transformers\.utils\.logging\.get_logger\(\)|accelerate\.logging\.get_logger\(\)|prefect\.get_run_logger\(\)|"
    r"prefect\.logging\.\w+\(\)|google\.cloud\.logging\.(Client|Logger)\(\)(\.logger\(\))?|hydra\.utils\.log|"
    r"coloredlogs|logbook\.Logger\(\)|eliot|picologging\.getLogger\(\)|fastapi\.logger\.logger|flask\.Flask\(\)\.logger|"
    r"uvicorn\.\w+\.logger|dask\.\w+\.logger|multiprocessing\.get_logger\(\)|rich\.logging\.\w+\(\)|kedro\.\w+\.\w+\(\)|logzero\.logger"
)
_EVENT = pattern(
    rf"({LOGGERS})\.({LEVELS}|bind\(\)\.{LEVELS}|opt\(\)\.{LEVELS}|log_text|log_struct|msg)|"
    r"[\w.]*rank_zero_(info|warn|debug)|google\.cloud\.logging\.Client\(\)\.logger\(\)\.log_\w+"
)
"""Resolved names of calls that log an event, from the libraries' documentation."""

_LIKELY = pattern(r"(^|[._])(logger|log|_logger|LOGGER|LOG)\.(debug|info|warning|error|critical|exception)$")
"""How code puts a call on a logger whose origin cannot be told (it comes as a parameter, or from a fixture)."""


class EventLogging(Record):
    """Calls in own code that log events; `dead` ones cannot run, or nothing leads to them."""

    calls: tuple[Call, ...] = ()
    dead: tuple[Call, ...] = ()


@fact
def read_event_logging(project: PythonProject, template: Template) -> EventLogging:
    """The logging calls of own files and notebooks; the template's and the course's files left out."""
    found = [
        call
        for file in project.of(*CODE)
        if not template.is_stub(file.path)
        for call in file.calls
        if not call.decorates and logs_event(call, project)
    ]
    return EventLogging(
        tuple(c for c in found if project.may_run(c)), tuple(c for c in found if not project.may_run(c))
    )


def logs_event(call: Call, project: PythonProject) -> bool:
    """Whether a call logs an event, by its resolved name; where that is unknown, by the way the code puts it."""
    if any(_EVENT.fullmatch(name) for name in call.names):
        return True
    unknown = not call.names or all(name.startswith("?") for name in call.names)
    return unknown and not call.own and bool(_LIKELY.search(call.written))
