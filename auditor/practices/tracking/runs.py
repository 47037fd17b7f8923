"""Experiment tracking: Weights & Biases in code and configuration, other trackers, and files of runs that were committed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.evidence import Place, Trace, counts, half, seen, strong_first
from auditor.facts.configs import Configs
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.arguments.values import ArgumentValues
from auditor.practices.automation.commands import RunCommands
from auditor.practices.code.model import ModelCode
from auditor.practices.traces import trace
from auditor.practices.uses import Uses
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

ANOTHER = "another tracker than Weights & Biases"
OUTSIDE = "it stands outside training, and no training code uses its file"
SWITCHED_OFF = '`mode="disabled"` makes every call of the run do nothing'
SWITCHED_OFF_EVERYWHERE = "the code switches Weights & Biases off by an environment variable"
COMMITTED = "files of a run are committed, and nothing that runs sends anything to Weights & Biases"

TRAINING = pattern(r"train|(^|[^a-z])(fit|tun(e|ing)|learn|optimi[sz]e|experiment|sweep)")
"""Names of files and functions that train, whatever is found in them."""
RUN_FILES = pattern(
    r"(^|/)(events\.out\.tfevents\.[^/]*|wandb-summary\.json|run-[^/]*\.wandb|mlruns/[^/]+/[^/]+/(meta\.yaml|metrics/.+)|"
    r"(lightning_logs|csv_logs)/.*metrics\.csv|dvclive/metrics\.json|\.aim/[^/]+|\.neptune/.+|swanlog/[^/]+/.+)$"
)
"""What trackers write about a run: TensorBoard, W&B, MLflow, Lightning's CSVLogger, DVCLive, Aim, Neptune, SwanLab."""
OFF = {"WANDB_MODE": ("disabled",), "WANDB_DISABLED": ("true", "1", "yes", "True")}
"""Environment variables that switch W&B off (W&B reference, "Environment variables")."""


class Tracking(Record):
    """What tracks experiments: where runs start, what is sent to them, and what other trackers do instead."""

    runs: tuple[Trace, ...] = ()
    logs: tuple[Trace, ...] = ()
    others: tuple[Trace, ...] = ()
    """Other trackers, committed files of runs, and imports of W&B of which nothing is called."""


@fact
def read_tracking(
    snapshot: Snapshot,
    project: PythonProject,
    uses: Uses,
    configs: Configs,
    values: ArgumentValues,
    model: ModelCode,
    commands: RunCommands,
) -> Tracking:
    """The tracking calls of own files and notebooks, loggers that configuration makes, and committed runs."""
    told = [trace(call) for call in uses.calls("tracking.reports_to") if reports_to_wandb(call, values)]
    told += by_settings(project, commands)
    made = [counts(place) for place in configured(configs, uses, "tracking.run")]
    begun = uses.calls("tracking.run")
    runs = [*(started(call, values) for call in begun), *told, *made]
    logs = [*uses.traces("tracking.log"), *told]
    live = [call for call in begun if call.live]
    if made or any("logger" in name.lower() for call in live for name in uses.known_as(call)):
        logs += [trace(call) for call in uses.calls("tracking.log_by_trainer", live=True)]  # Lightning, "Log metrics"
    if any((given := call.keyword("sync_tensorboard")) is not None and given.literal is True for call in live):
        logs += [trace(call) for call in uses.calls("tracking.tensorboard", live=True)]
    if live:
        logs += [trace(call) for call in uses.calls("tracking.trains_and_reports", live=True) if by_default(call, uses)]
    if runs and not any(one.strong for one in runs) and any(one.why == SWITCHED_OFF for one in runs):
        logs = [half(one.place, SWITCHED_OFF) for one in logs]
    if off := switched_off(project):
        runs, logs = [half(t.place, off) for t in runs], [half(t.place, off) for t in logs]
    beside = outside_training(project, model, {one.place.path for one in (*runs, *logs)})
    others = [half(c.evidence, ANOTHER) for c in uses.calls("tracking.other", "tracking.tensorboard", live=True)]
    others += [half(place, ANOTHER) for place in configured(configs, uses, "tracking.other", "tracking.tensorboard")]
    others += [half(seen(path, None, f"{n} files of runs"), COMMITTED) for path, n in committed_runs(snapshot)]
    return Tracking(
        strong_first(in_training(one, beside) for one in runs),
        strong_first(in_training(one, beside) for one in logs),
        strong_first([*others, *unused_imports(project, uses, begun)]),
    )


def by_settings(project: PythonProject, commands: RunCommands) -> Iterator[Trace]:
    """Ultralytics told to log to W&B (documentation, "Weights & Biases integration"): its training then does by itself."""
    for call in project.calls(
        "ultralytics.settings.update",
        "ultralytics.utils.SETTINGS.update",
        "ultralytics.utils.settings.update",
        roles=CODE,
    ):
        given = [*(value.get("wandb") for value in call.args), call.keyword("wandb")]
        if any(value is not None and value.literal is True for value in given):
            yield trace(call)
    for one in commands.running("yolo settings"):
        if any(word.lower() == "wandb=true" for word in one.command.words):
            yield one.trace


def started(call: Call, values: ArgumentValues) -> Trace:
    """A call that starts a run, or makes what starts one; half of that where it is switched off by its own argument."""
    mode = call.keyword("mode")
    if mode is not None and call.live:
        known = [setting.value for setting in values.of(call, mode, "mode")]
        if known and all(value == "disabled" for value in known):
            return half(call.evidence, SWITCHED_OFF)
    return trace(call)


def reports_to_wandb(call: Call, values: ArgumentValues) -> bool:
    """`TrainingArguments(report_to="wandb")` (Transformers documentation, "Callbacks": it starts a run and logs)."""
    for key in ("report_to", "log_with"):
        value = call.keyword(key)
        found = values.unpacked(call, key) if value is None else values.of(call, value, key)
        said = [setting.value for setting in found if setting.live]
        said += [value.literal, *(one.literal for one in value.elements)] if value is not None else []
        if any(one in ("wandb", "all") or (isinstance(one, list | tuple) and "wandb" in one) for one in said):
            return True
    return False


def by_default(call: Call, uses: Uses) -> bool:
    """Whether what trains reports to an open run by itself: not where its arguments name other trackers, or none."""
    if not any(name.endswith(("().train", ".train")) for name in call.names):
        return False
    return all(made.keyword("report_to") is None for made in uses.calls("tracking.reports_to", live=True))


def configured(configs: Configs, uses: Uses, *kinds: str) -> Iterator[Place]:
    """What configuration that something reads makes by name (`_target_: ...WandbLogger`), itself or an own class below it."""
    for config in configs.files:
        found = [place for name, place in config.made if uses.names.are(uses.known_under(name), *kinds)]
        if found and configs.readers(config):
            yield from found


def switched_off(project: PythonProject) -> str:
    """Why nothing is tracked at all: live code at module level sets a variable that switches W&B off. Empty where none does."""
    for name, values in OFF.items():
        for file in project.of(*CODE):
            for one in file.assignments:
                if one.target == f"os.environ[{name}]" and one.live and not one.scope and one.value.string in values:
                    return SWITCHED_OFF_EVERYWHERE
    return ""


def outside_training(project: PythonProject, model: ModelCode, paths: Iterable[str]) -> frozenset[str]:
    """Those of `paths` that have nothing to do with training: they neither train, nor use a file that does, nor are used by one.

    Where no training code is known, nothing is said to stand outside of it.
    """
    training = {place.path for place in model.training}
    if not training:
        return frozenset()
    uses = {file.path: {module.path for module in project.imported_by(file)} for file in project.of(*CODE)}
    used_by: dict[str, set[str]] = {}
    for path, found in uses.items():
        for other in found:
            used_by.setdefault(other, set()).add(path)
    defining = {cls.path for cls in model.definitions}  # a Trainer may make a model by its name
    related = reach(training, uses) | reach(training, used_by) | defining
    return frozenset(path for path in paths if path.endswith((".py", ".ipynb")) and path not in related)


def reach(start: Iterable[str], edges: dict[str, set[str]]) -> set[str]:
    """All that is reached from `start` over `edges`."""
    found, todo = set(start), list(start)
    while todo:
        for other in edges.get(todo.pop(), ()):
            if other not in found:
                found.add(other)
                todo.append(other)
    return found


def in_training(one: Trace, outside: frozenset[str]) -> Trace:
    """The trace, by half where its file stands outside of training and is not called after it either."""
    if one.strong and one.place.path in outside and not TRAINING.search(one.place.path.lower()):
        return half(one.place, OUTSIDE)
    return one


def committed_runs(snapshot: Snapshot) -> list[tuple[str, int]]:
    """(first file, number of files) of the runs that trackers wrote and that were committed, at most one entry."""
    found = [path for path in snapshot.paths if RUN_FILES.search(path)]
    return [(found[0], len(found))] if found else []


def unused_imports(project: PythonProject, uses: Uses, begun: Iterable[Call]) -> Iterator[Trace]:
    """Imports of W&B where no own code starts a run."""
    if not tuple(begun):
        for statement in project.imports("wandb"):
            yield uses.imported(statement, "wandb is imported, and no run is started")
