"""The project's model code: what is defined or loaded as a model, and what trains it.

Libraries are recognised by their documented entry points (`knowledge/tables/code.yaml`). The method `fit` alone says little, since scalers and encoders
have it too: it counts where it is known, or likely by its name, to be a model's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, half
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, Class, PythonFile, PythonProject, Role
from auditor.injection import fact
from auditor.knowledge.names import Names
from auditor.patterns import pattern
from auditor.practices.code.by_use import GRADIENTS, UPDATES, fits, of_library, used_as_model
from auditor.practices.traces import NOTHING_CALLS, TEMPLATE, halved, why_idle
from auditor.records import Record

_MODEL_VARIABLE = pattern(
    r"(^|[._])(model|clf|classifier|regressor|estimator|pipe|pipeline|net|network|learner|trainer|forest|xgb|lgbm?|svm|svc|"
    r"logreg|knn|booster)[\w]*$",
    re.IGNORECASE,
)


class ModelCode(Record):
    """What defines and trains models."""

    definitions: tuple[Class, ...] = ()
    """Own model classes that do something; the template's left out."""
    made: tuple[Call, ...] = ()
    """Live calls that load a library's model or make an estimator."""
    training: tuple[Place, ...] = ()
    """Live code that optimises or fits a model."""
    stubs: tuple[Trace, ...] = ()
    """Model classes without content or use, and the template's, each with its reason."""
    dead: tuple[Trace, ...] = ()
    """Training that cannot run, or that nothing leads to, each with its reason."""

    @property
    def models(self) -> tuple[Place, ...]:
        """Every model as evidence, own definitions first."""
        return (*(cls.evidence for cls in self.definitions), *(call.evidence for call in self.made))

    @property
    def paths(self) -> frozenset[str]:
        """Files that define or train a model."""
        return frozenset(evidence.path for evidence in (*self.models, *self.training))


@fact
def read_model_code(project: PythonProject, template: Template, names: Names) -> ModelCode:
    """The model code of own files and notebooks."""
    definitions: list[Class] = []
    made: list[Call] = []
    training: list[Place] = []
    stubs: list[Trace] = []
    dead: list[Trace] = []
    bases = names.listed("code.model", "bases")
    makers = {maker for file in project.of(*CODE) for call in file.calls if (maker := used_as_model(call, project))}
    for file in project.files:
        if file.role not in (Role.OWN, Role.NOTEBOOK) or file.problem:
            continue
        classes = [cls for cls in file.classes if project.inherits(cls, *bases) or resembles_model(cls, project)]
        if template.is_stub(file.path):
            stubs += halved((cls.evidence for cls in classes), TEMPLATE)
            continue
        definitions += [cls for cls in classes if project.may_run(cls) and not cls.is_empty]
        stubs += [
            half(cls.evidence, "it is empty" if cls.is_empty else why_idle(cls) or NOTHING_CALLS)
            for cls in classes
            if cls.is_empty or not project.may_run(cls)
        ]
        for call in file.calls:
            if (makes_model(call, names) or (not call.own and makers.intersection(call.names))) and project.may_run(
                call
            ):
                made.append(call)
        fitting = [call for call in file.calls if trains(call, names) or fits(call, project)]
        for call in (*fitting, *own_loops(file, project)):
            if project.may_run(call):
                training.append(call.evidence)
            else:
                dead.append(half(call.evidence, why_idle(call)))
    return ModelCode(tuple(definitions), tuple(made), tuple(training), tuple(stubs), tuple(dead))


def makes_model(call: Call, names: Names) -> bool:
    """Whether a call loads or makes a model of a library: a call of a class or function, not of a method."""
    return any(
        ("code.pretrained" in kinds or ("code.estimator" in kinds and is_class_name(name)))
        and "()" not in name
        and "code.no_model" not in kinds
        for name in call.names
        for kinds in [names.of(name)]
    )


def resembles_model(cls: Class, project: PythonProject) -> bool:
    """Whether a class derives from a library's `Module` or `Model` and says what running it does."""
    runs = {"forward", "__call__", "call", "apply", "training_step"} & set(cls.methods)
    return bool(runs) and any(
        base.rpartition(".")[2] in ("Module", "Model", "Layer", "Block") and of_library(base, project)
        for base in project.ancestors(cls)
    )


def is_class_name(name: str) -> bool:
    """Whether the last part of a dotted name begins with a capital letter, or makes or trains by name."""
    last = name.rpartition(".")[2]
    return last[:1].isupper() or last.startswith(("make_", "train", "create", "build", "load"))


def trains(call: Call, names: Names) -> bool:
    """Whether a call fits a model: by its resolved name, else by what the variable is called."""
    if call.own or names.are(call.names, "code.no_model"):
        return False  # what an own method does is told by its body
    if names.are(call.names, "code.trains"):
        return True
    owner, _, method = call.written.rpartition(".")
    unknown = not call.names or all(name.startswith("?") or name == call.written for name in call.names)
    if method in ("fit", "partial_fit"):
        return bool(_MODEL_VARIABLE.search(owner)) and (unknown or "()" in call.name)
    return False


def own_loops(file: PythonFile, project: PythonProject) -> Iterator[Call]:
    """Optimisation loops written out: gradients (`loss.backward()`) together with an optimiser's `step()` in the same file.

    A method of the project's own is none of the library's; what an own model gave (`logits, loss = model(x, y)`) is no own class,
    though its name begins with one.
    """

    def calls(*methods: str) -> list[Call]:
        return [c for c in file.calls if c.written.endswith(methods) and not any(map(project.function, c.names))]

    backward = calls(*GRADIENTS)
    steps = bool(calls(*UPDATES))
    for call in backward:
        if steps:
            yield call
