"""What spreads work over processes and devices: loading of data, and training.

Names are those of the libraries' documentation: PyTorch ("torch.utils.data", "Distributed communication package"),
Lightning ("Trainer", "Strategy"), Hugging Face ("Trainer", "Accelerate", "Datasets"), TensorFlow ("tf.data",
"Distributed training"), Ray, Dask, WebDataset, DeepSpeed, Horovod.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from auditor.evidence import Place, seen
from auditor.facts.configs import ConfigFile, ConfigKey, WrittenCommands
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.knowledge.names import any_matches, name_set
from auditor.patterns import pattern
from auditor.practices.arguments.expressions import COMPUTED
from auditor.practices.arguments.values import ArgumentValues, Setting
from auditor.records import Record

TORCH_LOADERS = ("torch.utils.data.*DataLoader", "torch.utils.data.*DataLoader().__init__")
LOADERS = (
    *TORCH_LOADERS, "torch_geometric.loader.*Loader", "torch_geometric.data.*DataLoader", "monai.data.*DataLoader",
    "webdataset.WebLoader", "torchtext.*", "fastai.*oaders*", "*.from_datasets", "torch_geometric.data.Lightning*",
    "torchdata.*", "dgl.dataloading.*", "*.StatefulDataLoader", "litdata.*", "streaming.*", "accelerate.*DataLoader*",
    "*.to_dataloader", "*oader",
)  # fmt: skip
"""Calls that make a loader, and take the number of its processes."""
WORKER_ARGUMENTS = ("num_workers", "dataloader_num_workers", "num_proc", "num_parallel_calls", "dataset_num_proc")
"""Arguments that state how many processes load data; the second belongs to Transformers' TrainingArguments, `num_proc`
to Datasets, `num_parallel_calls` to tf.data."""
WORKERS_POSITION = 5
"""Position of `num_workers` in torch's DataLoader."""
SHARED_LOADING = (
    "torch.utils.data.*DistributedSampler*", "*.DistributedSampler", "*.DistributedSamplerWrapper", "webdataset.*",
    "torchdata.nodes.*Mapper", "torchdata.datapipes.iter.ShardingFilter", "*.sharding_filter", "litdata.Streaming*",
    "streaming.Streaming*", "ffcv.loader.*", "nvidia.dali.*", "petastorm.*", "ray.data.*", "dask.dataframe.*", "dask.array.*",
    "dask.bag.*", "dask.distributed.*", "dask.delayed", "pyspark.sql.*", "modin.pandas.read_*",
    "*.experimental_distribute_dataset", "datasets.distributed.split_dataset_by_node", "torch_geometric.distributed.*",
    "apache_beam.Pipeline*",
)  # fmt: skip
"""Calls that load data by several processes, or shared among machines, by themselves."""
SOME_PARALLEL_LOADING = (
    "tensorflow.data.*.prefetch",
    "multiprocessing.*Pool",
    "torch.multiprocessing.*Pool",
    "joblib.Parallel",
)

DISTRIBUTED = (
    "torch.nn.parallel.DistributedDataParallel", "torch.nn.parallel.distributed.DistributedDataParallel",
    "torch.distributed.fsdp.*", "torch.distributed._composable.*", "torch.distributed.tensor.*", "torch.distributed.pipelining.*",
    "torch.distributed.optim.*", "torch.distributed.all_reduce", "torch.distributed.all_gather*", "torch.distributed.rpc.*",
    "deepspeed.initialize", "deepspeed.*.initialize", "accelerate.Accelerator", "accelerate.*.Accelerator",
    "accelerate.notebook_launcher", "accelerate.FullyShardedDataParallelPlugin", "accelerate.DeepSpeedPlugin",
    "horovod.*.DistributedOptimizer*", "horovod.*.init", "ray.train.*.*Trainer", "ray.train.*.prepare_model",
    "tensorflow.distribute.*Strategy", "tensorflow.distribute.experimental.*Strategy", "keras.distribution.*", "jax.pmap",
    "jax.sharding.*", "jax.distributed.initialize", "fairscale.nn.*", "colossalai.*", "xgboost.dask.*", "xgboost_ray.*",
    "lightgbm.Dask*", "xgboost.spark.*", "pyspark.ml.torch.distributor.*", "*lightning*.strategies.*DDP*",
    "*lightning*.strategies.*FSDP*", "*lightning*.strategies.*DeepSpeed*", "*lightning*.strategies.ModelParallel*",
    "torch_xla.distributed.*", "dask_ml.*.Incremental", "apex.parallel.DistributedDataParallel",
)  # fmt: skip
"""Calls that spread training over devices."""
SOME_DISTRIBUTION = (
    "torch.nn.DataParallel", "torch.nn.parallel.DataParallel", "torch.nn.parallel.data_parallel.DataParallel",
    "torch.distributed.init_process_group", "torch.multiprocessing.spawn",
)  # fmt: skip
"""Several devices in one process, or processes that no other call uses."""
TRAINERS = (
    "*lightning*.Trainer", "*lightning*.Fabric", "*lightning*.LightningCLI", "lightning_fabric.Fabric", "composer.Trainer",
    "*.Trainer.from_argparse_args",
)  # fmt: skip
STATED = ("strategy", "devices", "num_nodes", "gpus", "num_processes", "tpu_cores", "accelerator")
"""Arguments of a Trainer that tell on what it runs ("Trainer flags"; the last three of older versions)."""
STRATEGY = pattern(
    r"(^|[._])(ddp|fsdp|deepspeed|horovod|colossalai|bagua|hivemind|model_?parallel|tpu_spawn)", re.IGNORECASE
)
LAUNCHERS = (
    "torchrun", "torch.distributed.run", "torch.distributed.launch", "accelerate launch", "deepspeed", "horovodrun",
)  # fmt: skip
ONE_PROCESS = pattern(r"--(nproc[-_]per[-_]node|num[-_]gpus|num[-_]processes)[= ]1(\s|$)")
OVERRIDE = pattern(r"-{0,2}([\w.]+)[= ](.+)")
_LOADERS = name_set(LOADERS)


class DataLoading(Record):
    """How data is loaded by several processes. `weak`: not really, or nothing runs it."""

    strong: tuple[Place, ...] = ()
    weak: tuple[Place, ...] = ()


class DistributedTraining(Record):
    """How training is spread over devices. `weak`: left to the machine, in one process, or nothing runs or selects it."""

    strong: tuple[Place, ...] = ()
    weak: tuple[Place, ...] = ()


class _Found:
    """Place as it is collected."""

    def __init__(self) -> None:
        self.strong: dict[Place, None] = {}
        self.weak: dict[Place, None] = {}

    def add(self, strong: bool, *evidence: Place) -> None:
        """Add evidence to one of the two sides."""
        (self.strong if strong else self.weak).update(dict.fromkeys(evidence))

    def call(self, call: Call) -> None:
        """Add a call: strong where the project's own work runs it."""
        self.add(runs(call), call.evidence)


@fact
def read_data_loading(project: PythonProject, values: ArgumentValues, template: Template) -> DataLoading:
    """Where the project's code loads data by several processes."""
    found = _Found()
    for file in project.of(*CODE):
        if template.is_stub(file.path):
            continue
        for call in file.calls:
            for settings in worker_settings(call, project, values):
                positive = [setting for setting in settings if setting.live and is_positive(setting.value)]
                shown = [setting.evidence for setting in positive or settings][:2]
                found.add(bool(positive) and runs(call), call.evidence, *shown)
    for call in project.calls(*SHARED_LOADING, roles=CODE, own=False):
        found.call(call)
    for call in project.calls(*SOME_PARALLEL_LOADING, roles=CODE, own=False):
        found.add(False, call.evidence)
    for config, key, _ in values.configured("num_workers", "dataloader_num_workers"):
        found.add(False, key_evidence(config, key))
    return DataLoading(tuple(found.strong), tuple(found.weak))


def worker_settings(call: Call, project: PythonProject, values: ArgumentValues) -> Iterator[tuple[Setting, ...]]:
    """What every argument of `call` may be that states a number of processes that load data."""
    if call.own and not inherits_loader(call, project):
        return
    for name in WORKER_ARGUMENTS:
        value = call.keyword(name)
        if value is not None and (name != "num_workers" or makes_loader(call, project)):
            automatic = any(part.endswith("AUTOTUNE") for part in value.names)
            yield (Setting(COMPUTED, call.evidence),) if automatic else values.of(call, value, name)
    if call.keyword("num_workers") is None and makes_loader(call, project):
        torch = any(n.startswith("torch.utils.data") for n in call.names)
        if torch and len(call.args) > WORKERS_POSITION:
            yield values.of(call, call.args[WORKERS_POSITION], "num_workers")
        elif settings := values.unpacked(call, "num_workers"):
            yield settings


def makes_loader(call: Call, project: PythonProject) -> bool:
    """Whether a call makes a loader, also one of the project's own class that inherits from a library's."""
    if inherits_loader(call, project) or any_matches(call.names, _LOADERS):
        return True
    return call.name == "functools.partial" and bool(call.args) and any_matches(call.args[0].names, _LOADERS)


def inherits_loader(call: Call, project: PythonProject) -> bool:
    """Whether a call makes an own class that inherits from a library's loader."""
    classes = (project.class_(name) for name in call.names)
    return call.own and any(cls is not None and project.inherits(cls, *LOADERS) for cls in classes)


def is_positive(value: Any) -> bool:
    """Whether a number of processes is above zero, or depends on the machine."""
    if value is COMPUTED:
        return True
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


@fact
def read_distributed_training(
    project: PythonProject, values: ArgumentValues, written: WrittenCommands, template: Template
) -> DistributedTraining:
    """Where the project's code, configuration and commands spread training over devices."""
    found = _Found()
    for call in project.calls(*DISTRIBUTED, roles=CODE, own=False):
        if not template.is_stub(call.path):
            found.call(call)
    for call in project.calls(*SOME_DISTRIBUTION, roles=CODE, own=False):
        found.add(False, call.evidence)
    trainers = [c for c in project.calls(*TRAINERS, roles=CODE, own=False) if not template.is_stub(c.path)]
    for call in trainers:
        for name in STATED:
            for degree, evidence in trainer_settings(call, name, values):
                found.add(degree == "several" and runs(call), call.evidence, evidence)
    for call in project.calls("transformers.*TrainingArguments", "trl.*Config", roles=CODE, own=False):
        if any(
            (v := call.keyword(k)) is not None and v.literal not in (None, "", False) for k in ("deepspeed", "fsdp")
        ):
            found.call(call)
    for call in project.calls("ultralytics.*.train", roles=CODE, own=False):
        device = call.keyword("device")
        if device is not None and device.known and degree_of("devices", device.literal) == "several":
            found.call(call)
    made = any(runs(c) and c.unpacks for c in trainers) or bool(
        project.calls("hydra.utils.*instantiate*", "hydra.utils.call", "*LightningCLI", live=True, roles=CODE)
    )
    for config, key, degree in configured_trainers(values):
        used = degree == "several" and made and values.selected(config)
        if used or degree == "several":
            found.add(used, key_evidence(config, key))
    for strong, evidence in launches(written, bool(trainers)):
        found.add(strong, evidence)
    return DistributedTraining(tuple(found.strong), tuple(found.weak))


def trainer_settings(call: Call, name: str, values: ArgumentValues) -> Iterator[tuple[str, Place]]:
    """(`several` or `auto`, place) of what a Trainer's argument may be."""
    value = call.keyword(name)
    if value is None:
        settings: tuple[Setting, ...] = values.unpacked(call, name)
    elif any(STRATEGY.search(part) for part in value.names):
        yield "several", seen(call.path, value.line, f"{name} = {value.text}")
        return
    else:
        settings = values.of(call, value, name)
    for setting in settings:
        degree = degree_of(name, setting.value)
        if degree:
            yield degree if setting.live else "auto", setting.evidence


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
    """(file, key, degree) of the keys of configuration that are a Trainer's by the group, folder or file they are in."""
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
                degree = degree_of(name, key.value)
                if degree:
                    yield config, key, degree


def launches(written: WrittenCommands, has_trainer: bool) -> Iterator[tuple[bool, Place]]:
    """(whether strong, place) of commands that start training on several devices."""
    for command in written.commands:
        if command.runs(*LAUNCHERS) and len(command.arguments) > 0:
            yield not ONE_PROCESS.search(" ".join(command.words)), command.evidence
        elif has_trainer and command.runs("python"):
            words = command.arguments
            pairs = [*words, *(f"{a} {b}" for a, b in pairwise(words) if a.startswith("--"))]
            for word in pairs:
                override = OVERRIDE.fullmatch(word)
                name = override[1].rpartition(".")[2] if override else ""
                if override and name in STATED and degree_of(name, override[2].strip("'\"")) == "several":
                    yield True, command.evidence
                    break


def runs(call: Call) -> bool:
    """Whether the project's own work, and not its tests alone, runs a call."""
    return call.live and not call.only_tests


def key_evidence(config: ConfigFile, key: ConfigKey) -> Place:
    """A configuration's key as evidence."""
    return seen(config.path, key.line, f"{key.name}: {key.value}")
