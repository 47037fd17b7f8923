"""What code treats as a model, whatever library it is from: it is given weights, put to `eval()`, or called where no gradients are kept.

Sources: PyTorch ("Saving and Loading Models", "torch.no_grad"), Keras (`load_weights`), PaddlePaddle, Flax and MindSpore documentation.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress

from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api.syntax_trees import Sources, spelled
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

GIVEN_WEIGHTS = frozenset(
    "load_state_dict load_weights load_parameters load_checkpoint set_state_dict restore_weights".split()
)
"""Methods by which a model is given what it learnt."""
WITHOUT_GRADIENTS = pattern(r"(\w+\.)*(no_grad|inference_mode|stop_gradient)")
TAKING = tuple(
    """model estimator base_estimator llm network net model_name model_id model_path model_name_or_path checkpoint""".split()
)
"""Keywords by which an object that runs a model is given it."""
Key = tuple[str, int, str]


class Treatment(Record):
    """What is treated as a model."""

    objects: frozenset[str] = frozenset()
    """Resolved names of objects of libraries (`maker.nets.Big()`)."""
    written: frozenset[tuple[str, str]] = frozenset()
    """(file, how the code writes it) of objects of which nothing is known."""
    given_model: frozenset[str] = frozenset()
    """Resolved names of libraries' classes that are made with a `model=`."""
    without_gradients: frozenset[Key] = frozenset()
    """(file, line, how it is written) of calls where no gradients are kept."""


@fact
def treatment(project: PythonProject, snapshot: Snapshot) -> Treatment:
    """How own code treats objects."""
    objects: set[str] = set()
    written: set[tuple[str, str]] = set()
    given: set[str] = set()
    paths: set[str] = set()
    for file in project.of(*CODE):
        for call in file.calls:
            if treats_as_model(call):
                for name in call.names:
                    owner = name.rpartition(".")[0]
                    if owner.endswith("()") and not call.own and owner[:1] != "?":
                        objects.add(owner)
                    else:
                        written.add((file.path, call.written.rpartition(".")[0]))
            if not call.own and any(call.keyword(key) is not None for key in TAKING):
                given.update(name for name in call.names if name[:1] != "?" and not name.endswith("()"))
            if WITHOUT_GRADIENTS.fullmatch(call.written) and file.path.endswith(".py"):
                paths.add(file.path)
    sources = Sources({path: snapshot.text(path) or "" for path in paths})
    calls = (key for path in paths for key in without_gradients(path, sources.top(path)))
    return Treatment(frozenset(objects), frozenset(written), frozenset(given), frozenset(calls))


def treats_as_model(call: Call) -> bool:
    """Whether a call gives an object weights, or puts it to `eval()`."""
    method = call.written.rpartition(".")[2]
    if "." not in call.written:
        return False
    return method in GIVEN_WEIGHTS or (method == "eval" and not call.args and not call.keywords)


def without_gradients(path: str, top: list[ast.stmt]) -> Iterator[Key]:
    """Calls in blocks and functions of a file that keep no gradients."""
    with suppress(RecursionError):
        for statement in top:
            for node in ast.walk(statement):
                if isinstance(node, ast.With | ast.AsyncWith):
                    entered = [item.context_expr for item in node.items]
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    entered = node.decorator_list
                else:
                    continue
                if any(WITHOUT_GRADIENTS.fullmatch(spelled(one).removesuffix("()")) for one in entered):
                    for inner in (inner for stated in node.body for inner in ast.walk(stated)):
                        if isinstance(inner, ast.Call):
                            yield path, inner.lineno, spelled(inner.func)
