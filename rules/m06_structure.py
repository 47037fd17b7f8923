"""M6: layout, data and model."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, Trace, counts, half, part
from auditor.facts.own_work.layout import Layout
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.code.data import DataCode
from auditor.practices.code.fetches import DataFetches
from auditor.practices.code.model import ModelCode
from auditor.practices.traces import DEAD_COMMAND, TEMPLATE, halved, settled
from auditor.practices.uses import Uses

FOLDERS = 3
"""Standard folders that make a layout, beside a source package (evidence standard, M6.cookiecutter)."""


@rule("M6.cookiecutter")
def template_layout(layout: Layout) -> Iterator[Part]:
    """The repository has the structure of a machine-learning project template.

    Accepted: a source package and at least three of tests, configs, data, models, reports, dockerfiles, notebooks, docs and
    project commands (usual other names count; a folder may be git-ignored or kept by DVC), or what cookiecutter, cruft or
    copier leave behind.
    Half of it: a source package and one or two of these.
    To settle it: tell in the report which template was used and what was moved.
    """
    folders = [folder.evidence for folder in layout.folders]
    packages = [package.evidence for package in layout.packages]
    complete = bool(packages) and len(layout.kinds) >= FOLDERS
    some = bool(packages and folders) or (len(layout.kinds) >= FOLDERS and bool(layout.scripts))
    few = f"{len(layout.kinds)} of the usual folders stand beside {'a source package' if packages else 'scripts'}"
    yield part(
        "layout",
        [
            *settled([*layout.generator, *(packages[:1] + folders if complete else [])]),
            *settled(layout.part if len(layout.part) > FOLDERS and not complete else []),
            *halved(packages[:1] + folders if some and not complete else [], few),
        ],
        looked_for="a source package with three or more of tests, configs, data, models, reports, dockerfiles, notebooks, "
        "docs and project commands, or metadata of cookiecutter, cruft or copier",
    )


@rule("M6.data")
def data_module(data: DataCode, fetches: DataFetches) -> Iterator[Part]:
    """A data module of the group's own loads or downloads data and prepares it.

    Accepted: `data.py`, `make_dataset.py`, `dataset.py`, modules in a `data/` package, or wherever a dataset class is
    defined; loading from files, a library, a database or the web; any own preparation: splitting, cleaning, normalising,
    tokenising, a dataset that transforms its samples.
    Half of it: the template's stub; loading without any preparation; data code that nothing ever runs.
    To settle it: show the module that prepares the data, and how it is run.
    """
    fetched = fetches.commands if data.modules else ()
    yield part(
        "loading",
        [
            *settled([*(call.evidence for call in data.loads), *fetched]),
            *halved((call.evidence for call in data.elsewhere), "it stands outside of a data module"),
            *data.dead,
            *halved(data.stubs, TEMPLATE),
        ],
        looked_for="a data module that reads or downloads data (pandas, torch, datasets, requests, Kaggle, open, ...)",
    )
    yield part(
        "preparing",
        [*settled(data.transforms), *halved(data.stubs, TEMPLATE)],
        looked_for="own code in a data module that transforms what was loaded",
    )


@rule("M6.model", net="model_training")
def model_and_training(model: ModelCode, uses: Uses, commands: RunCommands) -> Iterator[Part]:
    """There is a model of the group's own choice, and code that trains it.

    Accepted: an own model class (PyTorch, Lightning, Keras, Flax, ...), a pretrained model that is loaded, an estimator
    (scikit-learn, XGBoost, ...); and a training loop (`backward` and `step`), a Trainer's `fit`, an estimator's `fit`, or a command by
    which a library trains (`yolo train`, `nnUNetv2_train`, `spacy train`).
    Half of it: one of the two; the template's dummy model; training code that nothing runs.
    Does not count: a scaler's or encoder's `fit`.
    To settle it: show the training script and how it is started.
    """
    by_command = tuple(commands.running(*uses.names.listed("code.trains", "commands")))
    yield part(
        "model",
        [*settled(model.models), *(as_given(one) for one in by_command), *model.stubs],
        looked_for="a model class, a pretrained model that is loaded, or an estimator",
    )
    yield part(
        "training",
        [*settled(model.training), *(as_given(one) for one in by_command), *model.dead],
        looked_for="a training loop, or a call of fit or train on a model or Trainer",
    )


def as_given(one: RunCommand) -> Trace:
    """A command that trains: it counts where it stands in something that runs, by half where a document gives it."""
    if not one.live:
        return half(one.evidence, DEAD_COMMAND)
    return half(one.evidence, "only a document gives this command") if one.origin == "docs" else counts(one.evidence)
