"""What clients of the API store of its answers: scripts and modules that ask it, with or without a user interface."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place
from auditor.facts.own_work.template import Template
from auditor.facts.python import CODE, Call, PythonFile, PythonProject, Role
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.api.content import Content
from auditor.practices.api.dataflow import Flow
from auditor.practices.api.held import Held
from auditor.practices.api.syntax_trees import Sources
from auditor.practices.frontend.python_apps import sends
from auditor.practices.uses import Uses
from auditor.repository.snapshot import Snapshot

GIVING = pattern(r"(^|\.)(post|put|predict|submit|urlopen|Request)$")
"""Methods by which a client hands over what the model is to judge."""
FOR_ANSWERS = pattern(r"predict|infer|classif|score|generate|forecast|recommend|detect|transcri|translat|summar")
"""How routes of a model are called; what else is fetched is data."""


def client_stores(
    project: PythonProject, api: Api, uses: Uses, held: Held, template: Template, snapshot: Snapshot
) -> Iterator[Place]:
    """Live calls outside of the application that store what the API answered."""
    if not api.applications and not api.endpoints:
        return
    asking: dict[str, list[Call]] = {}
    for file in project.of(*CODE, Role.TEST):
        if not file.path.endswith(".py") or is_collected(file):
            continue
        if file.path not in api.paths and not template.is_stub(file.path):
            found = [call for call in file.calls if call.live and not call.only_tests and asks_model(call, uses)]
            if found:
                asking[file.path] = found
    if not asking:
        return
    files = [file for file in project.of(*CODE, Role.TEST) if file.path in asking or imports_any(file, project, asking)]
    flow = Flow(
        project,
        uses.names,
        held,
        Sources({file.path: snapshot.text(file.path) or "" for file in project.files if file.path.endswith(".py")}),
        (call for calls in asking.values() for call in calls),
    )
    for _ in range(2):  # the second time, what module variables hold is known
        for file in files:
            flow.script(file.path)
            for function in file.functions:
                if function.live:
                    flow.run(function, {parameter.name: Content.NOTHING for parameter in function.parameters}, 0)
        flow.forget()
    serving = {id(call) for call in api.calls}  # the application may be a client itself, of what serves its model
    for call, content in flow.stored.values():
        if Content.PREDICTION in content and call.live and call.path not in api.paths and id(call) not in serving:
            yield call.evidence


def is_collected(file: PythonFile) -> bool:
    """Whether pytest runs a file; a script that lies among the tests is a client like any other."""
    name = file.path.rpartition("/")[2]
    return file.is_test and (name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py")


def asks_model(call: Call, uses: Uses) -> bool:
    """Whether a call asks an API for what its model says."""
    if not sends(call, uses):
        return False
    said = (value.text[:300].lower() for value in call.values)
    return bool(GIVING.search(call.written)) or any(map(FOR_ANSWERS.search, said))


def imports_any(file: PythonFile, project: PythonProject, paths: dict[str, list[Call]]) -> bool:
    """Whether a file imports one of these files, or a name out of it."""
    return any(module.path in paths for module in project.imported_by(file))
