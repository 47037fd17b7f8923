"""What a web application stores of its requests and of its model's answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.evidence import Place, Trace, aside, counts, half, strong_first
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.knowledge.names import Names
from auditor.practices.api import Api, Endpoint
from auditor.practices.api.content import BOTH, Content, union
from auditor.practices.api.dataflow import Flow
from auditor.practices.api.held import Held
from auditor.practices.api.stores import stores
from auditor.practices.api.syntax_trees import Sources
from auditor.practices.traces import why_idle
from auditor.practices.uses import Uses
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

CLEARING = ("os.remove", "os.unlink", "*.unlink", "shutil.rmtree", "tempfile.*", "os.path.remove")
"""Calls after which a stored upload was only there for the while."""

ONLY_REQUEST = "it stores the request, and nothing of the prediction"
ONLY_PREDICTION = "it stores the prediction, and nothing of the request's content"
ONLY_ABOUT = "it stores words about the request (a name, a size, an address, a hash), and not its content"
PREDICTION_ABOUT = "it stores the prediction with words about the request (a name, a size, a hash), and not its content"
FREE_TEXT = "it is a log line of free text"
ELSEWHERE = "it is on a route that runs no model, as far as can be told"
COUNTED = "it counts answers, which keeps none of them"
NO_CONTENT = "it writes down nothing of request or prediction"


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

    traces: tuple[Trace, ...] = ()
    """Where requests and predictions are stored."""
    measured: tuple[Call, ...] = ()
    """Metrics of a monitoring library that are given predictions."""
    complete: bool = False
    """Whether both request and prediction are stored."""


@fact
def collection(
    api: Api, project: PythonProject, names: Names, held: Held, uses: Uses, snapshot: Snapshot
) -> Collection:
    """Follow requests and predictions to where they are stored."""
    running, others = by_application(api, project)
    around = tuple(one for one in api.middleware if one.live)
    texts = {file.path: snapshot.text(file.path) or "" for file in project.files if file.path.endswith(".py")}
    sources = Sources(texts)
    flow = followed((*running, *around), Flow(project, names, held, sources, asked((*running, *around))))
    found = [Stored(call, content) for call, content in flow.stored.values() if content & (BOTH | Content.ABOUT)]
    passing = passes_through((*running, *around))
    kept = [one for one in found if not (passing and one.content & BOTH == Content.REQUEST)]
    logged = [Stored(call, content) for call, content in flow.logged.values() if content & BOTH == BOTH]
    measured = [call for call, content in flow.measured.values() if Content.PREDICTION in content]
    platform = list(by_platform(uses)) if api.live or api.applications else []
    complete = union(one.content for one in kept) & BOTH == BOTH or any(trace.strong for trace in platform)
    traces = [counts(one.evidence) if complete else half(one.evidence, why_half(one.content)) for one in kept]
    traces += platform
    traces += [half(one.evidence, FREE_TEXT) for one in logged]
    if not kept:
        elsewhere = followed(others, Flow(project, names, held, sources, asked(others)))
        clears = passes_through(others)
        for call, content in elsewhere.stored.values():
            if (
                content & BOTH and Content.BYTES not in content and not clears
            ):  # a file that is only taken in is no request
                traces.append(half(call.evidence, ELSEWHERE))
    traces += [half(call.evidence, why_idle(call)) for call in unused(api, project, names)]
    traces += [aside(call.evidence, NO_CONTENT) for call, content in flow.stored.values() if not content][:2]
    if not traces:
        traces += [aside(call.evidence, COUNTED) for call in measured][:2]
    return Collection(strong_first(traces), tuple(measured), complete)


def followed(endpoints: Iterable[Endpoint], flow: Flow) -> Flow:
    """The flow after it went through these routes, twice: the second time, what module variables hold is known."""
    for _ in range(2):
        for endpoint in endpoints:
            for handler in (*endpoint.route.dependencies, *endpoint.route.handlers):
                flow.answer(handler, endpoint.route.url)
        flow.forget()
    return flow


def asked(endpoints: Iterable[Endpoint]) -> Iterator[Call]:
    """The calls of models that routes lead to."""
    return (call for endpoint in endpoints for call in endpoint.inference)


def by_application(api: Api, project: PythonProject) -> tuple[list[Endpoint], list[Endpoint]]:
    """Live routes that run a model, with all routes of applications where none is seen to; and the other live routes.

    Files with routes are of one application where one of them imports the other.
    """
    group = applications(api.paths, project)
    inferring = {group[endpoint.route.path] for endpoint in api.inferring}
    running = [e for e in api.live if e.inference or group[e.route.path] not in inferring]
    return running, [e for e in api.live if e not in running]


def applications(paths: Iterable[str], project: PythonProject) -> dict[str, str]:
    """Files with routes, each with the first file of its application."""
    wanted = sorted(paths)
    group = {path: path for path in wanted}
    for path in wanted:
        for module in project.imported_by(project.at(path)):
            if module.path in group and group[module.path] != group[path]:
                old, new = sorted((group[module.path], group[path]), reverse=True)
                group = {one: new if first == old else first for one, first in group.items()}
    return group


def why_half(content: Content) -> str:
    """Why what is stored is not both."""
    if Content.REQUEST in content:
        return ONLY_REQUEST
    if Content.PREDICTION in content:
        return PREDICTION_ABOUT if Content.ABOUT in content else ONLY_PREDICTION
    return ONLY_ABOUT


def by_platform(uses: Uses) -> Iterator[Trace]:
    """Where the platform that serves the model is told to record what it is asked and answers."""
    for call in uses.calls("collection.by_platform"):
        yield half(call.evidence, why_idle(call)) if why_idle(call) else counts(call.evidence)
    for file in uses.project.of(*CODE):
        for call in file.calls:
            if call.live and not call.own and call.keyword("enable_request_response_logging") is not None:
                yield counts(call.evidence)


def passes_through(running: Iterable[Endpoint]) -> bool:
    """Whether what is stored of a request is removed again."""
    return any(
        name in CLEARING or name.startswith("tempfile.") or name.endswith(".unlink")
        for endpoint in running
        for call in endpoint.calls
        for name in call.names
    )


def unused(api: Api, project: PythonProject, names: Names) -> Iterable[Call]:
    """Calls that store, in functions of the applications' files that nothing runs."""
    for path in sorted(api.paths):
        for call in project.at(path).calls:
            if not call.live and call.scope and stores(call, names):
                yield call
