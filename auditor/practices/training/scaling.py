"""What spreads training over devices: strategies, trainers and their settings, launchers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from auditor.evidence import Trace, aside, counts, half, seen, strong_first, weighed
from auditor.facts.configs import ConfigFile, ConfigKey
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.arguments.expressions import COMPUTED
from auditor.practices.arguments.options import program_of
from auditor.practices.arguments.values import ArgumentValues, Setting
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.traces import DEAD_COMMAND, trace, why_idle
from auditor.practices.uses import Uses
from auditor.records import Record

AUTO = "what it runs on is left to the machine"
ONE_BY_DEFAULT = "the number of devices is a setting, and 1 by default"
IN_ONE_PROCESS = "it uses several devices in one process, or starts processes that no distributed call uses"
NOT_SELECTED = "nothing selects this configuration"
DEAD_SETTING = "only code that nothing runs sets it"
ONE_PROCESS_STARTED = "it starts one process"
ONE_DEVICE = "the Trainer that it starts is fixed to one device"
NO_PROGRAM = "a document gives the command, and the program that it names is not there"

STATED = ("strategy", "devices", "num_nodes", "gpus", "num_processes", "tpu_cores", "accelerator")
"""Arguments of a Trainer that tell on what it runs (Lightning, "Trainer flags"; the last three of older versions)."""
NUMBERS = frozenset({"devices", "num_nodes", "gpus", "num_processes", "tpu_cores"})
STRATEGY = pattern(
    r"(^|[._])(ddp|fsdp|deepspeed|horovod|colossalai|bagua|hivemind|model_?parallel|tpu_spawn)", re.IGNORECASE
)
ONE_PROCESS = pattern(r"(--(nproc[-_]per[-_]node|num[-_]gpus|num[-_]processes)|-n)[= ]1(\s|$)")
OVERRIDE = pattern(r"-{0,2}([\w.]+)[= ](.+)")


class DistributedTraining(Record):
    """How training is spread over devices."""

    traces: tuple[Trace, ...] = ()


@fact
def read_distributed_training(
    project: PythonProject, uses: Uses, values: ArgumentValues, commands: RunCommands
) -> DistributedTraining:
    """Where the project's code, configuration and commands spread training over devices."""
    trainers = uses.calls("distributing.trainer")
    found = [
        *uses.traces("distributing.spreads"),
        *(half(call.evidence, IN_ONE_PROCESS) for call in uses.calls("distributing.half")),
        *(one for call in trainers for name in STATED for one in trainer_settings(call, name, values)),
        *by_argument(uses),
    ]
    made = any(not why_idle(call) and call.unpacks for call in trainers) or bool(
        project.calls("hydra.utils.*instantiate*", "hydra.utils.call", "*LightningCLI", live=True, roles=CODE)
    )
    for config, key, degree in configured_trainers(values):
        place = seen(config.path, key.line, f"{key.name}: {key.value}")
        if degree == "several":
            found.append(counts(place) if made and values.selected(config) else half(place, NOT_SELECTED))
        elif made and values.selected(config):
            found.append(half(place, AUTO if degree == "auto" else ONE_BY_DEFAULT))
    launchers = uses.names.listed("distributing.launcher", "commands")
    found += launches(commands, launchers, project, trainers)
    if not found:
        found += [aside(call.evidence, "a Trainer that is told nothing of devices") for call in trainers[:1]]
    return DistributedTraining(strong_first(found))


def trainer_settings(call: Call, name: str, values: ArgumentValues) -> Iterator[Trace]:
    """What one argument of a Trainer says of the devices that it runs on."""
    value = call.keyword(name)
    if value is None:
        settings: tuple[Setting, ...] = values.unpacked(call, name)
    elif any(STRATEGY.search(part) for part in value.names):
        yield trace(call, seen(call.path, value.line, f"{name} = {value.text}"))
        return
    else:
        settings = values.of(call, value, name)
    idle = why_idle(call)
    for setting in settings:
        degree = degree_of(name, setting.value)
        if degree == "several":
            why = idle or ("" if setting.live else DEAD_SETTING)
            yield from (weighed(p, why) for p in (call.evidence, setting.evidence))
        elif degree == "auto":
            yield half(setting.evidence, AUTO)
        elif name in NUMBERS and str(setting.value) == "1" and (value is None or not value.known):
            yield half(setting.evidence, ONE_BY_DEFAULT)


def by_argument(uses: Uses) -> Iterator[Trace]:
    """Training that is spread by an argument: DeepSpeed or FSDP of Transformers, several devices of Ultralytics or CatBoost."""
    for call in uses.calls("tracking.reports_to"):
        given = (call.keyword(name) for name in ("deepspeed", "fsdp"))
        if any(value is not None and value.literal not in (None, "", False) for value in given):
            yield trace(call)
    for call in uses.calls("tracking.trains_and_reports"):
        device = call.keyword("device")
        if device is not None and device.known and degree_of("devices", device.literal) == "several":
            yield trace(call)


def degree_of(name: str, value: Any) -> str:
    """`several` where a Trainer's argument means several devices, `auto` where the machine decides, else empty."""
    if name in ("strategy", "accelerator", "_target_"):
        text = value if isinstance(value, str) else ""
        if STRATEGY.search(text):
            return "several"
        return "auto" if text == "dp" or (text == "auto" and name == "strategy") else ""
    if isinstance(value, list | tuple):
        return "several" if len(value) > 1 else ""
    text = str(value.value if value is COMPUTED else value).strip()
    if text in ("auto", "-1", "computed"):
        return "auto"
    number = int(text) if re.fullmatch(r"\d{1,4}", text) else 0
    return "several" if number > 1 or re.fullmatch(r"\[?\s*\d+(\s*,\s*\d+)+\s*,?\s*\]?", text) else ""


def configured_trainers(values: ArgumentValues) -> Iterator[tuple[ConfigFile, ConfigKey, str]]:
    """(file, key, degree) of the keys of configuration that are a Trainer's by the group, folder or file they are in.

    The degree is `one` for a number of devices that is 1.
    """
    for config in values.configs.files:
        targets = {k.name.rpartition(".")[0] for k in config.keys if re.search(r"(Trainer|Fabric)$", k.value)}
        for key in config.keys:
            group, _, name = key.name.rpartition(".")
            if name in ("_target_", "class_path") and group.rpartition(".")[2] == "strategy":
                group, name = group.rpartition(".")[0], "strategy"
            if name not in STATED:
                continue
            context = f"{config.path}.{group}".lower()
            if group in targets or re.search(r"trainer|fabric", context) or STRATEGY.search(key.value):
                degree = degree_of(name, key.value) or ("one" if name in NUMBERS and key.value.strip() == "1" else "")
                if degree:
                    yield config, key, degree


def launches(
    commands: RunCommands, launchers: tuple[str, ...], project: PythonProject, trainers: tuple[Call, ...]
) -> Iterator[Trace]:
    """Commands that start training on several devices."""
    files = {file.path: file.module for file in project.of(*CODE)}
    single = bool(trainers) and all(
        (given := call.keyword("devices")) is not None and given.literal in (1, "1") for call in trainers
    )
    for one in commands.running(*launchers):
        if len(one.command.words) < 2:
            continue
        known = program_of(one.command.words, files)[1]
        if one.origin == "docs" and not known:
            yield aside(one.evidence, NO_PROGRAM)
            continue
        started_one = ONE_PROCESS.search(" ".join(one.command.words))
        why = "" if one.live else DEAD_COMMAND
        why = why or (ONE_PROCESS_STARTED if started_one else ONE_DEVICE if single and known else "")
        yield weighed(one.evidence, why)
    for one in commands.running("yolo"):
        if any(degree_of("devices", word[7:]) == "several" for word in one.command.words if word.startswith("device=")):
            yield one.trace
    for one in commands.running("python") if trainers else ():
        if told_several(one):
            yield one.trace


def told_several(one: RunCommand) -> bool:
    """Whether a command tells a program's Trainer of several devices, by an option or an override."""
    words = one.command.arguments
    for word in (*words, *(f"{a} {b}" for a, b in pairwise(words) if a.startswith("--"))):
        override = OVERRIDE.fullmatch(word)
        name = override[1].rpartition(".")[2] if override else ""
        if override and name in STATED and degree_of(name, override[2].strip("'\"")) == "several":
            return True
    return False
