"""What loads data by several processes: loaders with workers, samplers that share data out, loaders that do so by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from auditor.evidence import Place, Trace, aside, counts, half, seen, strong_first, weighed
from auditor.facts.configs import ConfigFile, ConfigKey
from auditor.facts.python import CODE, Call, PythonProject, Value
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.arguments.expressions import COMPUTED, WORD
from auditor.practices.arguments.options import folded
from auditor.practices.arguments.values import ArgumentValues, Setting, scalar
from auditor.practices.automation.commands import RunCommands
from auditor.practices.traces import trace, why_idle
from auditor.practices.uses import Uses
from auditor.records import Record

NONE_ABOVE = "the number of workers is 0 there"
UNKNOWN_NUMBER = "nothing tells how many workers it gets"
DEAD_SETTING = "only code that nothing runs sets a number above 0"
NOTHING_READS = "nothing reads this setting"
NO_LOADER = "it is read, and no loader that runs is known to take it"
AHEAD = "it works ahead or by several processes, but is no loader that several processes serve"

ARGUMENTS = frozenset(
    (
        "dataloader_num_workers", "num_proc", "num_parallel_calls", "dataset_num_proc", "worker_count", "num_loader_workers",
        "num_workers_loader", "num_dataloader_workers", "iterator_train__num_workers", "iterator_valid__num_workers",
    )
)  # fmt: skip
"""Arguments that state how many processes load data, whatever takes them: of Transformers' TrainingArguments, Datasets, tf.data,
TRL, Grain, Darts, NeuralForecast and skorch."""
POSITION = 5
"""Position of `num_workers` in torch's DataLoader."""
TRAINS = pattern(
    r"(^|\.)(fit|train|evaluate|predict|test|validate|score)(_\w+)?$|Trainer$|Learner$|Estimator$|Classifier$|Regressor$"
)
"""Methods and classes that train, or ask a model, and make the loader themselves."""
LIGHTNING = pattern(r"(pytorch_)?lightning\.")
"""Lightning's data modules take no workers: what an own one is given must reach a loader."""


class DataLoading(Record):
    """How data is loaded by several processes."""

    traces: tuple[Trace, ...] = ()


@fact
def read_data_loading(project: PythonProject, uses: Uses, values: ArgumentValues, commands: RunCommands) -> DataLoading:
    """Where the project's code loads data by several processes."""
    found: list[Trace] = []
    for file in project.of(*CODE):
        if uses.template.is_stub(file.path):
            continue
        for call in file.calls:
            for word, settings in worker_settings(call, uses, values):
                found += judged(call, word, settings, values)
    found += map(trace, uses.calls("loading.shared"))
    found += [half(call.evidence, AHEAD) for call in uses.calls("loading.ahead")]
    for one in commands.running("yolo"):
        if any(word.startswith("workers=") and is_positive(scalar(word[8:])) for word in one.command.words):
            found.append(one.trace)
    for assignment in project.assignments("*.DATALOADER.NUM_WORKERS", live=True):  # Detectron2, "Yacs Configs"
        if is_positive(assignment.value.literal):
            found.append(counts(assignment.evidence))
    for config, key, read in values.configured("num_workers", "dataloader_num_workers"):
        place = seen(config.path, key.line, f"{key.name}: {key.value}")
        if read and made_by_name(config, key, uses) and any(map(is_positive, values.set_by(key))):
            found.append(counts(place))
        else:
            found.append(half(place, NO_LOADER if read else NOTHING_READS))
    if not found:
        plain = [call for call in uses.calls("loading.loader", live=True) if call.name.endswith("DataLoader")]
        found += [aside(call.evidence, "a loader without workers: the main process loads") for call in plain[:2]]
    return DataLoading(strong_first(found))


def made_by_name(config: ConfigFile, key: ConfigKey, uses: Uses) -> bool:
    """Whether a key stands beside the name of a loader that the configuration has made (Hydra, "Instantiating objects")."""
    group = key.name.rpartition(".")[0].removesuffix("init_args").rstrip(".")
    beside = {f"{group}.{name}".lstrip(".") for name in ("_target_", "class_path")}
    made = [one.value for one in config.keys if one.name in beside]
    return any("loading.loader" in uses.names.of(name) and uses.project.class_(name) is None for name in made)


def judged(call: Call, key: str, settings: tuple[Setting, ...], values: ArgumentValues) -> Iterator[Trace]:
    """A call that takes a number of workers, with what sets that number; `key` is the last word of what is handed over."""
    positive = [setting for setting in settings if setting.live and is_positive(setting.value)]
    shown = [setting.evidence for setting in positive or settings][:2]
    keys = {folded(name) for name in (key, *(setting.key for setting in settings)) if name}
    if not positive and (chosen := selectable(keys, values)):
        shown, why = chosen, why_idle(call)
    elif positive:
        why = why_idle(call)
    else:
        dead = any(is_positive(setting.value) for setting in settings)
        why = why_idle(call) or (DEAD_SETTING if dead else NONE_ABOVE if settings else UNKNOWN_NUMBER)
    for place in (call.evidence, *shown):
        yield weighed(place, why)


def selectable(names: set[str], values: ArgumentValues) -> list[Place]:
    """Values above 0 of these keys in configuration that a user can select in place of what is selected by default."""
    return [
        seen(config.path, key.line, f"{key.name}: {key.value}")
        for name in sorted(names)
        for config, key in values.keys.get(name, ())
        if is_positive(scalar(key.value))
        and any(one.live and one.how != "name" for one in values.configs.readers(config))
    ][:2]


def worker_settings(call: Call, uses: Uses, values: ArgumentValues) -> Iterator[tuple[str, tuple[Setting, ...]]]:
    """(last word of what is handed over, what it may be worth) of every argument that states a number of loading processes."""
    inherits = call.own and inherits_loader(call, uses)
    if call.own and not inherits:
        return
    for name, value in call.keywords:
        inner = value.get("num_workers")  # `dataloader_kwargs={"num_workers": 4}`
        if inner is not None and not uses.is_a(call, "loading.servers"):
            yield last_word(inner), values.of(call, inner, "num_workers")
        elif (
            name in ARGUMENTS
            or (name == "num_workers" and takes_workers(call, uses, inherits))
            or (name == "workers" and (inherits or uses.is_a(call, "loading.workers")))
        ):
            automatic = any(part.endswith("AUTOTUNE") for part in value.names)
            settings = (Setting(COMPUTED, call.evidence),) if automatic else values.of(call, value, name)
            yield last_word(value), settings
    if call.keyword("num_workers") is None and (inherits or uses.is_a(call, "loading.loader")):
        torch = any(n.startswith("torch.utils.data") for n in call.names)
        if torch and len(call.args) > POSITION:
            yield last_word(call.args[POSITION]), values.of(call, call.args[POSITION], "num_workers")
        elif settings := values.unpacked(call, "num_workers"):
            yield "num_workers", settings


def last_word(value: Value) -> str:
    """The last name in what is handed over (`cfg.data.workers` is `workers`); empty for a literal or an expression."""
    return "" if value.known or not re.fullmatch(r"[\w.\[\]'\"]+", value.text) else WORD.findall(value.text)[-1]


def takes_workers(call: Call, uses: Uses, inherits: bool) -> bool:
    """Whether `num_workers` of a call is a loader's: the call makes one, or trains and makes it by itself."""
    if inherits or uses.is_a(call, "loading.loader"):
        return True
    if call.name == "functools.partial":
        return bool(call.args) and uses.names.are(call.args[0].names, "loading.loader")
    return not uses.is_a(call, "loading.servers") and any(TRAINS.search(name) for name in (*call.names, call.written))


def inherits_loader(call: Call, uses: Uses) -> bool:
    """Whether a call makes an own class that inherits from a library's loader."""
    classes = (uses.project.class_(name) for name in call.names)
    bases = uses.names.listed("loading.workers", "bases")
    return any(
        cls is not None
        and (
            uses.project.inherits(cls, *bases)
            or any(
                "loading.loader" in uses.names.of(base) and not LIGHTNING.match(base)
                for base in uses.project.ancestors(cls)
            )
        )
        for cls in classes
    )


def is_positive(value: Any) -> bool:
    """Whether a number of processes is above zero, or depends on the machine."""
    if value is COMPUTED:
        return True
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
