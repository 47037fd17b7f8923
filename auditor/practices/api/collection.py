"""What a web application stores of its requests and of its model's answers."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.evidence import Place
from auditor.facts.python import Call, PythonProject
from auditor.injection import fact
from auditor.practices.api import Api, Endpoint
from auditor.practices.api.content import BOTH, Content
from auditor.practices.api.dataflow import Flow
from auditor.practices.api.stores import stores
from auditor.practices.api.syntax_trees import Sources
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

CLEARING = ("os.remove", "os.unlink", "*.unlink", "shutil.rmtree", "tempfile.*", "os.path.remove")
"""Calls after which a stored upload was only there for the while."""


class Stored(Record):
    """A call that stores, and what reaches it."""

    call: Call
    content: Content

    @property
    def evidence(self) -> Place:
        """The call."""
        return self.call.evidence


class Collection(Record):
    """What is stored by live routes of web applications, and by what runs around them."""

    stored: tuple[Stored, ...] = ()
    """Calls in what inference routes lead to; in all routes where none runs a model."""
    logged: tuple[Stored, ...] = ()
    """Log lines of free text that hold both request and prediction."""
    measured: tuple[Call, ...] = ()
    """Metrics of a monitoring library that are given predictions."""
    dead: tuple[Call, ...] = ()
    """Calls that store, in files with routes, where nothing leads to them."""

    @property
    def complete(self) -> bool:
        """Whether both request and prediction are stored."""
        content = Content.NOTHING
        for one in self.stored:
            content |= one.content
        return content & BOTH == BOTH


@fact
def collection(api: Api, project: PythonProject, snapshot: Snapshot) -> Collection:
    """Follow requests and predictions to where they are stored."""
    running = api.inferring or api.live
    running = (*running, *(one for one in api.middleware if one.live))
    texts = {file.path: snapshot.text(file.path) or "" for file in project.files if file.path.endswith(".py")}
    flow = Flow(project, Sources(texts), (call for endpoint in running for call in endpoint.inference))
    for _ in range(2):  # the second time, what module variables hold is known
        for endpoint in running:
            for handler in endpoint.route.handlers:
                flow.answer(handler, endpoint.route.url)
        flow.forget()
    found = [Stored(call, content) for call, content in flow.stored.values() if content & (BOTH | Content.ABOUT)]
    passing = passes_through(running)
    kept = [one for one in found if not (passing and one.content & BOTH == Content.REQUEST)]
    logged = [Stored(call, content) for call, content in flow.logged.values() if content & BOTH == BOTH]
    measured = [call for call, content in flow.measured.values() if Content.PREDICTION in content]
    return Collection(tuple(kept), tuple(logged), tuple(measured), tuple(unused(api, project)))


def passes_through(running: Iterable[Endpoint]) -> bool:
    """Whether what is stored of a request is removed again."""
    return any(
        name in CLEARING or name.startswith("tempfile.") or name.endswith(".unlink")
        for endpoint in running
        for call in endpoint.calls
        for name in call.names
    )


def unused(api: Api, project: PythonProject) -> Iterable[Call]:
    """Calls that store, in functions of the applications' files that nothing runs."""
    for path in sorted(api.paths):
        file = project.file(path)
        for call in file.calls if file is not None else ():
            if not call.live and call.scope and stores(call):
                yield call
