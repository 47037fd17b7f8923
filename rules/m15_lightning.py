"""M15: PyTorch Lightning."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.facts.configs import Configs
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, PythonProject

MODULES = ("lightning*.LightningModule", "pytorch_lightning*.LightningModule")
TRAINERS = (
    "lightning.Trainer", "lightning.pytorch.Trainer", "lightning.pytorch.trainer.*Trainer", "pytorch_lightning.Trainer",
    "pytorch_lightning.trainer.*Trainer", "lightning.fabric.Fabric", "lightning.Fabric", "lightning_fabric.Fabric",
    "*lightning*.LightningCLI",
)  # fmt: skip
ALIKE = (
    "transformers.*Trainer", "trl.*Trainer", "fastai.*earner*", "ignite.engine.*", "skorch.*", "accelerate.Accelerator",
    "catalyst.*Runner", "composer.Trainer", "keras*.fit", "poutyne.*", "sentence_transformers.*Trainer", "setfit.*Trainer",
)  # fmt: skip
"""Other libraries that take the training loop off one's hands."""


@rule("M15.lightning", net="lightning")
def lightning(project: PythonProject, template: Template, configs: Configs) -> Iterator[Part]:
    """PyTorch Lightning takes the boilerplate out of training.

    Accepted: a subclass of LightningModule, and a Trainer (or LightningCLI, Fabric) that is used, in code that runs.
    Half of it: one of the two; code that nothing runs; another library that does the same (Hugging Face's Trainer, fastai,
    Ignite, ...).
    Does not count: Lightning as a dependency, a data module alone, or an own class of the name Trainer.
    To settle it: show the module and the Trainer that fits it.
    """
    alike = [call.evidence for call in project.calls(*ALIKE, live=True, roles=CODE, own=False)]
    modules = [cls for cls in project.classes(*MODULES, roles=CODE) if not template.is_stub(cls.path)]
    trainers = project.calls(*TRAINERS, roles=CODE, own=False)
    configured = [
        evidence for config in configs.files if configs.readers(config) for evidence in config.targets("Trainer")
    ]
    yield part(
        "LightningModule",
        strong=[cls.evidence for cls in modules if cls.live and not cls.is_empty],
        weak=[*(cls.evidence for cls in modules), *alike],
        looked_for="a subclass of LightningModule in code that runs",
        remark="no code that runs, or another library",
    )
    yield part(
        "Trainer",
        strong=[*(call.evidence for call in trainers if call.live), *configured],
        weak=[*(call.evidence for call in trainers), *alike],
        looked_for="a Lightning Trainer that is made and used",
        remark="no code that runs, or another library",
    )
