"""What own code is about: the data, the model and its training, or the application's interface (API)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import cached_property

from auditor.facts.own_work.template import Template
from auditor.facts.python import Assignment, Call, Class, Function, PythonFile, PythonProject, Role
from auditor.injection import fact
from auditor.knowledge.names import Names
from auditor.patterns import pattern
from auditor.practices.code.data import DataCode, is_data_module
from auditor.practices.code.model import ModelCode
from auditor.practices.uses import Uses
from auditor.records import Record, field

APPLICATIONS = frozenset({"web.application", "web.router", "web.route", "web.registers"})
"""Kinds of what makes an application that answers requests."""
MODEL_MODULE = pattern(
    r"(^|.*_)(models?|modell?ing|nets?|networks?|nn|architectures?|train|trainer|training|train_model|fit|fine_?tun\w*|evaluat\w*|eval|"
    r"predict\w*|infer|inference|loss|losses|optimi[sz]ers?|classifiers?|regressors?|detectors?|estimators?|backbones?|"
    r"encoders?|decoders?|layers?|modules?|callbacks?|engine|learners?|ensemble)([_-].*)?$"
)
"""Names of modules that hold model or training code, without `.py`."""
MODEL_FOLDERS = frozenset({"models", "model", "training", "train", "networks", "modeling", "modelling"})
DATA_FUNCTION = pattern(
    r"(^|_)(load_data\w*|get_data\w*|read_data\w*|data_?loaders?|datasets?|data_?module|pre_?process\w*|tokeni[sz]e\w*|"
    r"clean_\w*|augment\w*|split_data\w*|make_dataset|collate\w*|transforms?|normali[sz]e\w*|features?)($|_)"
)
"""Names of functions that are data code wherever they stand."""
MODEL_FUNCTION = pattern(
    r"(^|_)(predict|infer)\w*|(^|_)(train|fit|evaluate)(_(model|epoch|step|loop))?$|"
    r"(^|_)(build|make|create|get|load)_(model|net|network|classifier)|(^|_)(compute_loss|loss_fn)$"
)
"""Names of functions that are model or training code wherever they stand."""


class Subject(Enum):
    """What a test is about."""

    DATA = "data"
    MODEL = "model"
    API = "API"


class Subjects(Record, dict=True):
    """Tells what an own definition, or an own file as a whole, is about."""

    project: PythonProject
    data: DataCode
    model: ModelCode
    template: Template
    names: Names
    apps: frozenset[str] = frozenset()
    """Own files that make an application, tests aside."""
    _known: dict[str, frozenset[Subject]] = field(default_factory=dict)

    def is_stub(self, path: str) -> bool:
        """Whether the file is the template's."""
        return self.template.is_stub(path)

    def of_file(self, path: str) -> frozenset[Subject]:
        """What a file as a whole is about."""
        found = set()
        if path in self._data_paths or is_data_module(path):
            found.add(Subject.DATA)
        if path in self._model_paths or is_model_module(path):
            found.add(Subject.MODEL)
        if path in self.apps:
            found.add(Subject.API)
        return frozenset(found)

    def of(self, definition: Function | Class) -> frozenset[Subject]:
        """What a function or class is about: as its file, and in a file about both what it does itself."""
        if definition.name not in self._known:
            self._known[definition.name] = self._of(definition)
        return self._known[definition.name]

    def _of(self, definition: Function | Class) -> frozenset[Subject]:
        of_file = self.of_file(definition.path)
        found = set(of_file) - {Subject.API}
        if of_file >= {Subject.API, Subject.MODEL} and not is_model_module(definition.path):
            found -= set() if self.uses_model(definition) else {Subject.MODEL}
        if {Subject.DATA, Subject.MODEL} <= found:
            model = self.is_model(definition)
            found = {Subject.MODEL} if model and not self.is_dataset(definition) else {Subject.DATA}
            if not model and not is_data_module(definition.path) and not self.is_dataset(definition):
                found = {Subject.DATA, Subject.MODEL}
        elif isinstance(definition, Class) and self.is_dataset(definition):
            found.add(Subject.DATA)
        if any(
            (call.path, call.line) in self._loading or self._loads(call) for call in self.project.calls_in(definition)
        ):
            found.add(Subject.DATA)
        if isinstance(definition, Function) and DATA_FUNCTION.search(definition.own_name.lower()):
            named = not (definition.owner and Subject.MODEL in found)
            found |= {Subject.DATA} if named else set()
        if isinstance(definition, Function) and not definition.is_empty and Subject.DATA not in found:
            found |= {Subject.MODEL} if MODEL_FUNCTION.search(definition.own_name.lower()) else set()
        return frozenset(found)

    def of_object(self, made: Assignment) -> frozenset[Subject]:
        """What an object that a module makes is about: a model, what prepares data, or as its file where that tells."""
        if (made.path, made.line) in self._training:
            return frozenset({Subject.MODEL})
        if self.names.are(made.value.names, "code.transforms", "code.joins_steps"):
            return frozenset({Subject.DATA})
        if not made.value.text.endswith("(...)"):
            held = (name for one in made.value.elements for name in one.names)
            own = (self.project.class_(name) or self.project.function(name) for name in held)
            if found := frozenset(subject for definition in own if definition for subject in self.of(definition)):
                return found
        about = self.of_file(made.path)
        return about if made.value.text.startswith("lambda") and about == {Subject.DATA} else frozenset()

    def _loads(self, call: Call) -> bool:
        """Whether a call loads data, in code that nothing but a test leads to as well."""
        own = call.path not in self._model_paths and not call.own
        return own and self.names.are(call.names, "code.loads_data") and not self._loads_anything(call)

    def _loads_anything(self, call: Call) -> bool:
        """Whether what a call loads may as well be a model, settings, or an answer."""
        return self.names.are(call.names, "code.loads_anything")

    @cached_property
    def _data_paths(self) -> frozenset[str]:
        return frozenset(self.data.modules)

    @cached_property
    def _model_paths(self) -> frozenset[str]:
        return self.model.paths

    @cached_property
    def _loading(self) -> frozenset[tuple[str, int]]:
        loads = (call for call in self.data.elsewhere if not self._loads_anything(call))
        return frozenset((call.path, call.line) for call in loads if call.path not in self._model_paths)

    @cached_property
    def _training(self) -> frozenset[tuple[str, int | None]]:
        made = {
            (call.path, call.line) for call in self.model.made if not self.names.are(call.names, "code.prepares_input")
        }
        return frozenset({(evidence.path, evidence.line) for evidence in self.model.training} | made)

    def uses_model(self, definition: Function | Class) -> bool:
        """Whether a definition makes, trains, runs or hands on one of the models that its file makes."""
        made = tuple(f"{name}()" for call in self.model.made if call.path == definition.path for name in call.names)
        return self.is_model(definition) or any(
            name.startswith(made) for call in self.project.calls_in(definition) for name in (*call.names, *call.handed)
        )

    def owner(self, definition: Function | Class) -> Class | None:
        """The class that a definition is, or is a method of."""
        if isinstance(definition, Class):
            return definition
        return self.project.class_(definition.name.rpartition(".")[0]) if definition.owner else None

    def is_dataset(self, definition: Function | Class) -> bool:
        """Whether it is a dataset class or a method of one."""
        owner = self.owner(definition)
        return owner is not None and any(owner.name == cls.name for cls in self.data.datasets)

    def is_model(self, definition: Function | Class) -> bool:
        """Whether it is a model class, a method of one, or makes or trains a model itself."""
        owner = self.owner(definition)
        if owner is not None and self.project.inherits(owner, *self.names.listed("code.model", "bases")):
            return True
        return any((call.path, call.line) in self._training for call in self.project.calls_in(definition))


@fact
def read_subjects(project: PythonProject, data: DataCode, model: ModelCode, template: Template, uses: Uses) -> Subjects:
    """What is known of the project's own code, as far as tests may be about it."""
    apps = frozenset(f.path for f in project.of(Role.OWN) if makes_app(f, uses.names))
    return Subjects(project, data, model, template, uses.names, apps)


def makes_app(file: PythonFile, names: Names) -> bool:
    """Whether a file makes an application that answers requests, or a part of one."""
    calls: Iterable[Call] = file.calls
    return any(names.are(call.names, *APPLICATIONS) for call in calls)


def is_model_module(path: str) -> bool:
    """Whether a file's name, or the name of the folder it lies in, is one of model or training code."""
    parts = path.lower().removesuffix(".py").split("/")
    if MODEL_MODULE.match(parts[-1]):
        return True
    return len(parts) > 1 and parts[-2] in MODEL_FOLDERS
