"""Monitoring of how well the deployed model does: estimates and scores of what it answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Trace, half, strong_first
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, PythonFile, PythonProject
from auditor.injection import fact
from auditor.knowledge.names import Names
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.code.data import is_load
from auditor.practices.monitoring.drift import STATISTICAL_METHOD
from auditor.practices.traces import trace, why_idle
from auditor.practices.uses import Uses
from auditor.records import Record

NAMED = pattern(
    r"(monitor|production|deployed|live|online|post_?deploy|serving)[\w/]*(perform|accura|metric|error|quality|score|evaluat)|"
    r"(perform|accura|error|quality|score)\w*(monitor|production|deployed|live|online|tracking)",
    re.IGNORECASE,
)
"""Names of files and functions that watch a model."""
ANSWERED = pattern(
    r"predict|forecast|request|response|served|production|collected|inference|logged|gs://|bigquery", re.IGNORECASE
)
"""Words for what a deployed model was asked and answered."""


OFFLINE = "nothing shows that it is about what the deployed application answered"
FEEDBACK = "by its address it takes or tells how well the model answered, and no score was recognised"
FEEDBACK_URL = pattern(
    r".*/?(feedback|ground[-_]?truth|true[-_]?label|actuals?|corrections?|accuracy|performance|model[-_](metrics|quality|health))(/.*)?$",
    re.IGNORECASE,
)
NO_ANSWERS = "it is of a library that measures performance, and nothing shows on whose answers"


class ModelPerformance(Record):
    """Code that computes how well the deployed model does."""

    traces: tuple[Trace, ...] = ()
    """Where it does; on data that nothing ties to the deployed model, or where nothing runs it, by half."""


@fact
def model_performance(project: PythonProject, uses: Uses, template: Template, api: Api) -> ModelPerformance:
    """Performance monitoring in own code and notebooks."""
    found = [*uses.traces("performance.estimates")]
    found += [half(call.evidence, NO_ANSWERS) for call in uses.calls("performance.reports")]
    for file in project.of(*CODE):
        if template.is_stub(file.path):
            continue
        answers = reads_answers(file, uses.names)
        for call in watching(file, uses):
            found.append(trace(call) if answers else half(call.evidence, why_idle(call) or OFFLINE))
    found += [
        half(endpoint.evidence, FEEDBACK) for endpoint in api.live if FEEDBACK_URL.match(endpoint.route.url[:200])
    ]
    return ModelPerformance(strong_first(found))


def watching(file: PythonFile, uses: Uses) -> Iterator[Call]:
    """Scores and errors that code which is named for it computes."""
    by_file = bool(NAMED.search(file.path))
    for call in file.calls:
        if call.own or not (by_file or NAMED.search(call.scope)):
            continue
        known = uses.is_a(call, "performance.scores", "drift.statistic")
        if known or STATISTICAL_METHOD.search("." + call.written):
            yield call


def reads_answers(file: PythonFile, names: Names) -> bool:
    """Whether a file brings in what a deployed model was asked or answered."""
    return any(is_load(call, names) and call.live for call in file.calls) and any(
        text.live and ANSWERED.search(text.value) for text in file.texts
    )
