"""M14: logging, experiment tracking, and sweeps."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, half, part
from auditor.facts.dependencies import Dependencies
from auditor.practices.documentation.figures import Figures
from auditor.practices.traces import DECLARED
from auditor.practices.tracking.comparisons import Comparisons
from auditor.practices.tracking.events import EventLogging
from auditor.practices.tracking.runs import Tracking
from auditor.practices.tracking.sweeps import Sweeps

SEVERAL = 3
"""Logging calls from which on there are several (evidence standard, M14.logging: one or two are partial)."""
SCREENSHOT = "the answer shows a figure of runs, and no code in the repository tracks any"


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
    running = [one for one in events.calls if one.strong]
    few = "one or two events are logged, not several"
    traces = events.calls if len(running) >= SEVERAL else [half(one.place, one.why or few) for one in events.calls]
    yield part(
        "logging calls",
        [*traces, *events.near],
        looked_for="several calls of logging, loguru, structlog or another logger in code that runs",
    )


@rule("M14.wandb", net="tracking")
def experiment_tracking(tracking: Tracking, dependencies: Dependencies, figures: Figures) -> Iterator[Part]:
    """Training is tracked with Weights & Biases.

    Accepted: `wandb.init` or a WandbLogger, and metrics or artifacts logged, in training code that runs (`wandb.log`,
    `run.log`, `self.log` with the logger, artifacts, watch, Hugging Face `report_to`).
    Half of it: only the start of a run; only a dependency; another tracker (MLflow, TensorBoard) in its stead, or its committed
    files; code that nothing runs, or that stands outside training; a run that is switched off (`mode="disabled"`); own screenshots in
    the answer that asks for them.
    Does not count: the word, or an import.
    To settle it: show the calls, or the run.
    """
    declared = dependencies.declares("wandb")
    others = [*tracking.others, *([half(declared.evidence, DECLARED)] if declared else [])]
    others += [half(figure.evidence, SCREENSHOT) for figure in figures.of_runs]
    yield part(
        "run",
        [*tracking.runs, *others],
        looked_for="a run of Weights & Biases, or its logger for a Trainer, in training code",
    )
    yield part(
        "logged metrics or artifacts",
        [*tracking.logs, *others],
        looked_for="metrics or artifacts that the training code sends to Weights & Biases",
    )


@rule("M14.sweep", net="sweep")
def hyperparameter_sweep(sweeps: Sweeps, comparisons: Comparisons) -> Iterator[Part]:
    """Hyperparameters were searched for.

    Accepted: a W&B sweep file that names an existing program, or a sweep dict with an agent; Optuna, Ray Tune, Hydra
    multirun, KerasTuner, scikit-learn's searches, a hyperparameter job of Vertex AI, DVC's queue over several values; several
    committed sweep runs.
    Half of it: the report or the README alone tells of one, with a figure, a command or its name; a sweep file whose program
    is missing, or that names none and that no agent runs; a search that nothing runs; a loop over settings by hand; a comparison of several
    settings with a figure.
    To settle it: show the sweep's configuration or its page.
    """
    yield part(
        "sweep",
        [*sweeps.traces, *comparisons.traces],
        looked_for="a sweep file or dict with an agent, Optuna, Ray Tune, Hydra multirun or another search",
    )
