"""Specialised ways to serve a model: ONNX, BentoML, TorchServe. Their names stand in `knowledge/tables/serving.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, counts, half, seen, strong_first, weighed
from auditor.facts.containers import Containers
from auditor.facts.dependencies import Dependencies
from auditor.facts.project_commands.image_builds import HOLE
from auditor.facts.python import CODE, Call, PythonProject
from auditor.formats.javascript import read_script
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.traces import DECLARED, trace
from auditor.practices.uses import Uses
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

TORCHSERVE_KEYS = frozenset(
    """inference_address management_address metrics_address model_store load_models model_snapshot number_of_netty_threads
    job_queue_size default_workers_per_model install_py_dep_per_model enable_envvars_config""".split()
)
"""Keys of TorchServe's `config.properties` ("Advanced configuration")."""
BACKENDS = frozenset(
    """backend runtime engine provider framework accelerator inference_engine execution_provider format target_format""".split()
)
"""Keywords by which a library is told what runs its model, or what it is exported to."""
ONNX_VALUE = pattern(r"(.*[/\\])?(onnx\w*|ort)(_\w+)?|.*\.onnx", re.IGNORECASE)
SWITCHES = frozenset({"onnx", "use_onnx", "to_onnx", "export_onnx", "with_onnx", "onnx_export"})
"""Options of libraries that export to ONNX or run it."""
TRITON_BACKEND = pattern(r"\s*(platform|backend)\s*:\s*[\"']onnxruntime")
BROWSER_SESSION = pattern(r"\bInferenceSession\s*\.\s*create\b")
MOST_SCRIPTS = 500
SEVERAL_FORMATS = ("yolo", "ultralytics")
"""Commands that export to whatever format they are told."""

MODEL_FILE = "it is a model in that format, without the code that made it or runs it"
BUILD_OPTIONS = "it tells how a service is built, and there is no service with an API"
NO_API = "it is a service without an API that does anything"
STORE_ONLY = "it uses BentoML's store of models, and serves nothing"
EMPTY_HANDLER = "its handler does nothing"
STARTED_EMPTY = "it is a record of TorchServe that was started, without a model"


class Serving(Record):
    """Traces of specialised serving."""

    traces: tuple[Trace, ...] = ()
    """ONNX and BentoML: exports, sessions, services; code that nothing runs, committed models, declared libraries by half."""
    torchserve: tuple[Trace, ...] = ()


@fact
def serving(
    project: PythonProject,
    api: Api,
    uses: Uses,
    commands: RunCommands,
    containers: Containers,
    dependencies: Dependencies,
    snapshot: Snapshot,
) -> Serving:
    """What own code, commands and files show."""
    found = [trace(call) for file in project.of(*CODE) for call in file.calls if uses_onnx(call, uses)]
    found += [one.trace for one in commands.running(*uses.names.listed("serving.onnx", "commands")) if is_onnx(one)]
    found += in_browser(snapshot)
    found += of_triton(snapshot)
    services = bento_services(api, uses)
    found += services
    if any(one.strong for one in services):
        found += [
            counts(one.evidence)
            for one in commands.running(*uses.names.listed("serving.bentoml", "commands"))
            if one.live
        ]
    found += [half(seen(path, None, "a model in ONNX format"), MODEL_FILE) for path in snapshot.named("*.onnx")]
    found += [half(seen(path, 1, "BentoML build options"), BUILD_OPTIONS) for path in snapshot.named("bentofile.y*ml")]
    kinds = ("serving.onnx", "serving.bentoml")
    listed = [name for kind in kinds for name in uses.names.listed(kind, "distributions")]
    found += [half(place, DECLARED) for place in dependencies.declaring(listed)]
    if not found:
        found += uses.named_only(*kinds)
    return Serving(
        strong_first(found),
        strong_first(torchserve(api, commands, containers, dependencies, uses, snapshot, project)),
    )


def uses_onnx(call: Call, uses: Uses) -> bool:
    """Whether a call exports to ONNX or runs it; also a library that is told so by an argument, or given a model in the format."""
    if call.own or call.decorates:
        return False
    if uses.is_a(call, "serving.onnx"):
        return True
    if any(key in SWITCHES and value.literal is True for key, value in call.keywords) and call.name[:1] != "?":
        return True
    told = [value for key, value in call.keywords if key in BACKENDS]
    if uses.is_a(call, "serving.exports"):
        told += call.args
    elif uses.is_a(call, "serving.given_model"):
        told += (
            *call.args,
            *(value for key, value in call.keywords if key in ("model", "model_path", "weights", "path")),
        )
    elif call.written.rpartition(".")[2] in ("export", "convert"):
        told += call.args
    return any(value.string is not None and ONNX_VALUE.fullmatch(value.string) for value in told) and any(
        name[:1] != "?" or call.written.rpartition(".")[2] in ("export", "convert") for name in call.names
    )


def is_onnx(one: RunCommand) -> bool:
    """Whether a command is about ONNX: tools that export to several formats are told which."""
    if one.origin == "docs":
        return False
    words = [word.lower() for call in one.command.calls for word in call]
    return not one.runs(*SEVERAL_FORMATS) or any(word == "onnx" or word.endswith("=onnx") for word in words)


def in_browser(snapshot: Snapshot) -> Iterator[Trace]:
    """Sessions of ONNX Runtime Web in own scripts."""
    for path in snapshot.named("*.js", "*.jsx", "*.ts", "*.tsx", "*.mjs", "*.vue", "*.svelte")[:MOST_SCRIPTS]:
        text = snapshot.text(path) or ""
        if "onnxruntime" not in text or "node_modules/" in path or ".min." in path:
            continue
        script = read_script(text)
        match = BROWSER_SESSION.search(script.code) if script is not None else None
        if script is not None and match is not None:
            yield counts(seen(path, script.line_of(match.start()), match[0]))


def of_triton(snapshot: Snapshot) -> Iterator[Trace]:
    """Models of Triton's repository that ONNX Runtime runs ("Model Configuration")."""
    for path in snapshot.named("config.pbtxt"):
        for number, line in enumerate(snapshot.lines(path)[:400], start=1):
            if TRITON_BACKEND.match(line):
                yield counts(seen(path, number, line))
                break


def bento_services(api: Api, uses: Uses) -> list[Trace]:
    """BentoML services with a live API that does something; other live uses of BentoML by half."""
    routed = {endpoint.route.path for endpoint in api.live if endpoint.framework == "BentoML"}
    routed |= {call.path for call in uses.calls("serving.bento_mounts", live=True)}
    found = []
    for call in uses.calls("serving.bentoml"):
        if call.path in routed and call.live:
            found.append(counts(call.evidence))
        else:
            found.append(half(call.evidence, NO_API) if call.live else trace(call))
    return found + [half(call.evidence, STORE_ONLY) for call in uses.calls("serving.bento_store", live=True)]


def torchserve(
    api: Api,
    commands: RunCommands,
    containers: Containers,
    dependencies: Dependencies,
    uses: Uses,
    snapshot: Snapshot,
    project: PythonProject,
) -> Iterator[Trace]:
    """Commands, handlers, model archives, settings and images of TorchServe; declared libraries by half."""
    yield from torchserve_commands(commands, uses, snapshot)
    for endpoint in api.endpoints:
        if endpoint.framework == "TorchServe" and endpoint.live:
            yield counts(endpoint.evidence)
    for function in project.functions(roles=CODE):
        if function.qualname == "handle" and [p.name for p in function.parameters] == ["data", "context"]:
            yield half(function.evidence, EMPTY_HANDLER) if function.is_empty else counts(function.evidence)
    yield from map(counts, torchserve_files(snapshot, containers))
    for path in snapshot.named("*startup.cfg", "*shutdown.cfg", "*snapshot.cfg"):
        if TORCHSERVE_KEYS & {line.partition("=")[0].strip() for line in snapshot.lines(path)[:200]}:
            yield half(seen(path, 1, "a snapshot of TorchServe"), STARTED_EMPTY)
    for name in ("torchserve", "torch-model-archiver", "torch-workflow-archiver"):
        declared = dependencies.declares(name)
        if declared is not None:
            yield half(declared.evidence, DECLARED)


def torchserve_commands(commands: RunCommands, uses: Uses, snapshot: Snapshot) -> Iterator[Trace]:
    """Commands of TorchServe: by half where every archive that they make names own code which is not there."""
    running = [one for one in commands.running(*uses.names.listed("serving.torchserve", "commands")) if one.live]
    archiving = [one for one in running if one.runs("torch-model-archiver")]
    missing = [next((file for file in code_named(one) if not there(file, snapshot)), "") for one in archiving]
    why = f"{missing[0]}, which the archive is made of, is not in the repository" if missing and all(missing) else ""
    for one in running:
        yield weighed(one.evidence, why)


def code_named(one: RunCommand) -> list[str]:
    """The Python files that a command names."""
    words = [word.rpartition("=")[2] for call in one.command.calls for word in call[1:]]
    return [file for word in words for file in word.split(",") if file.endswith(".py") and not HOLE.search(file)]


def there(file: str, snapshot: Snapshot) -> bool:
    """Whether the repository has a file of that name in any folder."""
    return bool(snapshot.named(file.replace("\\", "/").rpartition("/")[2].lower()))


def torchserve_files(snapshot: Snapshot, containers: Containers) -> Iterator[Place]:
    """Model archives, TorchServe's settings, and containers that start from its image."""
    for path in snapshot.named("*.mar"):
        yield seen(path, None, "a TorchServe model archive")
    for path in snapshot.named("config.properties", "*torchserve*.properties", "ts.properties"):
        for number, line in enumerate(snapshot.lines(path), start=1):
            if line.partition("=")[0].strip() in TORCHSERVE_KEYS:
                yield seen(path, number, line)
                break
    for dockerfile in containers.dockerfiles:
        for stage in dockerfile.stages:
            if "torchserve" in stage.image:
                yield dockerfile.evidence
    for service in containers.services:
        if "torchserve" in (service.image or ""):
            yield service.evidence
