"""Monitoring of how well the deployed model does: estimates and scores of what it answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, PythonFile, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.code.data import is_load
from auditor.practices.monitoring.drift import STATISTICAL_METHOD, STATISTICS
from auditor.records import Record

ESTIMATES = pattern(r"nannyml(\.\w+)*\(\)\.(estimate|calculate)")
"""Performance of served predictions, with or without the truth (NannyML documentation, "Monitoring model performance")."""
EVIDENTLY = pattern(
    r"evidently(\.\w+)*\.(\w*(Classification|Regression)\w*|\w*ProbDistribution|NoTargetPerformanceTestPreset)"
)
SCORES = pattern(
    r"(sklearn|torchmetrics|keras|tensorflow|torcheval|evaluate)\b.*(metric|score|error|accuracy).*", re.IGNORECASE
)
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


class ModelPerformance(Record):
    """Code that computes how well the deployed model does."""

    checks: tuple[Place, ...] = ()
    weak: tuple[Place, ...] = ()
    """The same on data that nothing ties to the deployed model, or that nothing runs."""


@fact
def model_performance(project: PythonProject, template: Template) -> ModelPerformance:
    """Performance monitoring in own code and notebooks."""
    checks: list[Place] = []
    weak: list[Place] = []
    for file in project.of(*CODE):
        if template.is_stub(file.path):
            continue
        for call in file.calls:
            if any(ESTIMATES.fullmatch(name) for name in call.names):
                (checks if call.live else weak).append(call.evidence)
            elif any(EVIDENTLY.fullmatch(name) for name in call.names):
                weak.append(call.evidence)
        for call in watching(file):
            (checks if call.live and reads_answers(file) else weak).append(call.evidence)
    return ModelPerformance(tuple(checks), tuple(weak))


def watching(file: PythonFile) -> Iterator[Call]:
    """Scores and errors that code which is named for it computes."""
    by_file = bool(NAMED.search(file.path))
    for call in file.calls:
        if call.own or not (by_file or NAMED.search(call.scope)):
            continue
        if any(SCORES.match(n) or STATISTICS.match(n) for n in call.names) or STATISTICAL_METHOD.search(
            "." + call.written
        ):
            yield call


def reads_answers(file: PythonFile) -> bool:
    """Whether a file brings in what a deployed model was asked or answered."""
    return any(is_load(call) and call.live for call in file.calls) and any(
        text.live and ANSWERED.search(text.value) for text in file.texts
    )
