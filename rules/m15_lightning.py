"""M15: PyTorch Lightning."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, counts, half, part
from auditor.facts.configs import Configs
from auditor.practices.traces import trace
from auditor.practices.uses import Uses

ANOTHER = "another library takes the training loop off one's hands"
EMPTY = "the class does nothing"


@rule("M15.lightning", net="lightning")
def lightning(uses: Uses, configs: Configs) -> Iterator[Part]:
    """PyTorch Lightning takes the boilerplate out of training.

    Accepted: a subclass of LightningModule, and a Trainer (or LightningCLI, Fabric) that is used, in code that runs.
    Half of it: one of the two; code that nothing runs; another library that does the same (Hugging Face's Trainer, fastai,
    Ignite, ...).
    Does not count: Lightning as a dependency, a data module alone, or an own class of the name Trainer.
    To settle it: show the module and the Trainer that fits it.
    """
    alike = [half(call.evidence, ANOTHER) for call in uses.calls("training.alike", live=True)]
    alike += [half(cls.evidence, ANOTHER) for cls in uses.classes("training.alike")]
    modules = uses.classes("training.lightning")
    trainers = uses.traces("distributing.trainer")
    configured = [
        counts(evidence)
        for config in configs.files
        if configs.readers(config)
        for evidence in config.targets("Trainer")
    ]
    yield part(
        "LightningModule",
        [*(half(cls.evidence, EMPTY) if cls.is_empty else trace(cls) for cls in modules), *alike],
        looked_for="a subclass of LightningModule in code that runs",
    )
    yield part(
        "Trainer",
        [*trainers, *configured, *alike],
        looked_for="a Lightning Trainer that is made and used",
    )
