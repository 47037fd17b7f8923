"""Experiment tracking: Weights & Biases in code and configuration, and other trackers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place
from auditor.facts.configs import Configs
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record

_START = pattern(
    r"wandb\.init|wandb\.(sdk\.)?wandb_run\.Run|(\w+\.)*WandbLogger|(\w+\.)*WandbCallback|(\w+\.)*WandbMetricsLogger|"
    r"wandb\.setup|(\w+\.)*WeightsAndBiases\w*|wandb\.keras\.\w+|wandb\.integration\.(\w+\.)*\w*(Callback|Logger)\w*"
)
_LOG = pattern(
    r"wandb\.(log|log_artifact|log_model|save|watch|define_metric|Artifact|Table|Image|summary\.update|run\.\w*log\w*|"
    r"run\.summary\.update|run\.save|plot\.\w+|link_model|link_artifact)|"
    r"wandb\.init\(\)\.(log|log_artifact|log_model|log_code|save|watch|define_metric|summary\.update|link_artifact|link_model|use_artifact)|"
    r"(\w+\.)*WandbLogger\(\)\.(\w+\.)*(log\w*|watch|experiment\.\w+)|wandb\.integration\.(\w+\.)*\w+|wandb\.keras\.\w+|"
    r"(\w+\.)*Wandb(Metrics|Eval)\w*|(\w+\.)*WandbCallback|(\w+\.)*WandbModelCheckpoint|wandb\.(xgboost|lightgbm|sklearn)\.\w+"
)
_SELF_LOG = pattern(r"(\w+\.)*LightningModule\(\)\.(log|log_dict|logger\.\w+(\.\w+)*)")
_OTHER = pattern(
    r"mlflow\.\w+(\.\w+)*|torch\.utils\.tensorboard(\.\w+)*\.SummaryWriter|tensorboardX\.SummaryWriter|tensorboard\.\w+|"
    r"(\w+\.)*TensorBoardLogger|(\w+\.)*MLFlowLogger|(\w+\.)*CSVLogger|neptune\.\w+|comet_ml\.\w+|clearml\.\w+|aim\.\w+|"
    r"(tensorflow\.)?keras\.callbacks\.TensorBoard|(\w+\.)*CometLogger|(\w+\.)*NeptuneLogger|dvclive\.\w+|trackio\.\w+|swanlab\.\w+"
)


class Tracking(Record):
    """What tracks experiments."""

    starts: tuple[Place, ...] = ()
    """Live code or configuration that starts a W&B run."""
    logs: tuple[Place, ...] = ()
    """Live code that logs metrics or artifacts to it."""
    dead: tuple[Place, ...] = ()
    others: tuple[Place, ...] = ()
    """Other trackers in live code."""


@fact
def read_tracking(project: PythonProject, configs: Configs, template: Template) -> Tracking:
    """The tracking calls of own files and notebooks."""
    calls = [c for file in project.of(*CODE) if not template.is_stub(file.path) for c in file.calls]
    starts = [call for call in calls if named(call, _START)]
    logs = [call for call in calls if named(call, _LOG)]
    reporting = list(hugging_face(project))
    configured = list(configured_loggers(configs))
    begun = [call.evidence for call in starts if call.live] + reporting + configured
    logged = [call.evidence for call in logs if call.live] + reporting
    if any(is_logger(call) for call in starts if call.live) or configured:
        # With a WandbLogger in the Trainer, a LightningModule's own `log` goes to W&B ("Log metrics", Lightning's docs).
        logged += [call.evidence for call in calls if call.live and named(call, _SELF_LOG)]
    dead = [call.evidence for call in (*starts, *logs) if not call.live]
    others = [call.evidence for call in calls if call.live and named(call, _OTHER)]
    return Tracking(tuple(begun), tuple(logged), tuple(dead), tuple(others))


def named(call: Call, pattern: re.Pattern[str]) -> bool:
    """Whether one of a call's names matches."""
    return any(pattern.fullmatch(name) for name in call.names)


def is_logger(call: Call) -> bool:
    """Whether a call makes a logger that a Trainer takes."""
    return any("Logger" in name for name in call.names)


def hugging_face(project: PythonProject) -> Iterator[Place]:
    """`TrainingArguments(report_to="wandb")` (Transformers documentation, "Callbacks": it starts a run and logs)."""
    for call in project.calls("transformers.*TrainingArguments", "trl.*Config", "accelerate.Accelerator", live=True):
        for key in ("report_to", "log_with"):
            value = call.keyword(key)
            if value is None:
                continue
            said = value.literal if isinstance(value.literal, list | tuple | set) else [value.literal]
            if "wandb" in said or "all" in said:
                yield call.evidence


def configured_loggers(configs: Configs) -> Iterator[Place]:
    """`_target_: ...WandbLogger` in configuration that something reads."""
    for config in configs.files:
        found = config.targets("WandbLogger", "WandbCallback")
        if found and configs.readers(config):
            yield from found
