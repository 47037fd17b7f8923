"""M14: logging, experiment tracking, and sweeps."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.facts.dependencies import Dependencies
from auditor.practices.tracking.events import EventLogging
from auditor.practices.tracking.runs import Tracking
from auditor.practices.tracking.sweeps import Sweeps

DOCUMENTS = (".md", ".rst", ".txt")
"""A command that only a document gives tells of a sweep; it sets none up."""

SEVERAL = 3
"""Logging calls from which on there are several (evidence standard, M14.logging: one or two are partial)."""


@rule("M14.logging", net="logging")
def event_logging(events: EventLogging) -> Iterator[Part]:
    """Important events of the program are logged.

    Accepted: the standard library's logging, loguru, structlog, a rich logger, absl or Lightning's and Hydra's loggers, with
    several calls in code that runs; also through a logger that another module of the project makes.
    Half of it: a logger that is set up, and one or two calls.
    Does not count: `print`; a library that is imported and not called; W&B, `self.log`, CSVLogger and TensorBoard, which log
    metrics and not events.
    To settle it: show the calls that log what happens.
    """
    several = len(events.calls) >= SEVERAL
    calls = [call.evidence for call in events.calls]
    yield part(
        "logging calls",
        strong=calls if several else (),
        weak=calls or [call.evidence for call in events.dead],
        looked_for="several calls of logging, loguru, structlog or another logger in code that runs",
        remark="one or two calls" if calls else "nothing runs them",
    )


@rule("M14.wandb", net="tracking")
def experiment_tracking(tracking: Tracking, dependencies: Dependencies) -> Iterator[Part]:
    """Training is tracked with Weights & Biases.

    Accepted: `wandb.init` or a WandbLogger, and metrics or artifacts logged, in training code that runs (`wandb.log`,
    `run.log`, `self.log` with the logger, artifacts, watch, Hugging Face `report_to`).
    Half of it: only the start of a run; only a dependency; another tracker (MLflow, TensorBoard) in its stead; code that
    nothing runs.
    Does not count: the word, or an import.
    To settle it: show the calls, or the run.
    """
    declared = dependencies.declares("wandb")
    weak = [*tracking.dead, *tracking.others, *([declared.evidence] if declared else [])]
    yield part(
        "run",
        strong=tracking.starts,
        weak=weak,
        looked_for="a run of Weights & Biases, or its logger for a Trainer, in training code",
        remark="not W&B in code that runs",
    )
    yield part(
        "logged metrics or artifacts",
        strong=tracking.logs,
        weak=weak,
        looked_for="metrics or artifacts that the training code sends to Weights & Biases",
        remark="not W&B in code that runs",
    )


@rule("M14.sweep", net="sweep")
def hyperparameter_sweep(sweeps: Sweeps) -> Iterator[Part]:
    """Hyperparameters were searched for.

    Accepted: a W&B sweep file that names an existing program, or a sweep dict with an agent; Optuna, Ray Tune, Hydra
    multirun, KerasTuner, scikit-learn's searches; several committed sweep runs.
    Half of it: the report or the README alone tells of one, with a figure, a command or its name; a sweep file whose program
    is missing, or that names none and that no agent runs; a search that nothing runs.
    To settle it: show the sweep's configuration or its page.
    """
    found = sweeps.sweeps
    strong = [
        sweep
        for sweep in found
        if sweep.live
        and sweep.program_exists is not False
        and (sweep.kind != "wandb file" or sweep.program_exists or sweep.has_agent)
        and not sweep.path.lower().endswith(DOCUMENTS)
        and (sweep.kind != "wandb call" or sweep.has_agent or any(s.kind == "wandb file" for s in found))
    ]
    yield part(
        "sweep",
        strong=[sweep.evidence for sweep in strong],
        weak=[sweep.evidence for sweep in found],
        looked_for="a sweep file or dict with an agent, Optuna, Ray Tune, Hydra multirun or another search",
        remark="a document alone tells of it, the program it names does not exist, no agent runs it, or nothing leads to it",
    )
