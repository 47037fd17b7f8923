"""Specialised ways to serve a model: ONNX, BentoML, TorchServe.

Sources: "torch.onnx" and Lightning's "Deploy models into production"; ONNX Runtime, skl2onnx, tf2onnx, Optimum and Ultralytics
documentation; BentoML "Create online API services" and "Bento build options"; TorchServe "Basic features" and
"Custom service", torch-model-archiver's README.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place, seen
from auditor.facts.containers import Containers
from auditor.facts.dependencies import Dependencies
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.api import Api
from auditor.practices.cloud import RunCommands
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

ONNX = pattern(
    r"torch\.onnx(\.\w+)*\.(export\w*|dynamo_export)|(.*\.)?to_onnx|onnxruntime(\.\w+)*\.InferenceSession|onnxruntime\.quantization\.\w+|"
    r"(skl2onnx|onnxmltools|tf2onnx|keras2onnx|hummingbird|winmltools|paddle2onnx|mxnet\.onnx)(\.\w+)*\.(convert\w*|to_onnx|from_\w+|export\w*)|"
    r"optimum\.(onnxruntime|exporters\.onnx)(\.\w+)*\.(from_pretrained|main_export|export\w*|pipeline)|transformers\.onnx\.export|"
    r"mlflow\.onnx\.\w+|bentoml\.onnx\.\w+|onnx\.save\w*|torch\.onnx\.ONNXProgram\(\)\.save|rapidocr_onnxruntime\.\w+|fastembed\.\w+"
)
"""Calls that export to ONNX or run it."""

ONNX_FORMAT = pattern(r".*\.(export|convert)")
BENTO_CLASS = pattern(r"bentoml(\.\w+)*\.service")
BENTO_OBJECT = pattern(r"bentoml(\.\w+)*\.Service")
BENTO_OTHER = pattern(
    r"bentoml(\.\w+)*\.(save_model|save|load_model|get|import_model|build|serve)|bentoml\.models\.\w+"
)
ONNX_COMMANDS = (
    "optimum-cli export onnx",
    "tf2onnx.convert",
    "onnxruntime.tools.convert_onnx_models_to_ort",
    "transformers.onnx",
)
BENTO_COMMANDS = ("bentoml serve", "bentoml build", "bentoml containerize", "bentoml deploy")
TORCHSERVE_COMMANDS = ("torchserve", "torch-model-archiver", "torch-workflow-archiver", "ts.torch_handler")
TORCHSERVE_KEYS = frozenset(
    """inference_address management_address metrics_address model_store load_models model_snapshot number_of_netty_threads
    job_queue_size default_workers_per_model install_py_dep_per_model enable_envvars_config""".split()
)
"""Keys of TorchServe's `config.properties` ("Advanced configuration")."""
HANDLER_ROUTES = "TorchServe"


class Serving(Record):
    """Traces of specialised serving."""

    onnx: tuple[Place, ...] = ()
    """Live code or commands that export to ONNX or run it."""
    bentoml: tuple[Place, ...] = ()
    """BentoML services with an API."""
    torchserve: tuple[Place, ...] = ()
    weak: tuple[Place, ...] = ()
    """ONNX or BentoML in code that nothing (or only a test) runs, committed models, declared dependencies."""
    torchserve_dependencies: tuple[Place, ...] = ()


@fact
def serving(
    project: PythonProject,
    api: Api,
    commands: RunCommands,
    containers: Containers,
    dependencies: Dependencies,
    snapshot: Snapshot,
) -> Serving:
    """What own code, commands and files show."""
    calls = [call for file in project.of(*CODE) for call in file.calls]
    exported = [call for call in calls if uses_onnx(call)]
    bento, half = bento_services(api, calls)
    onnx = [call.evidence for call in exported if call.live and not call.only_tests]
    onnx += [one.evidence for one in commands.running(*ONNX_COMMANDS) if one.live and one.origin != "docs"]
    if bento:
        bento += [one.evidence for one in commands.running(*BENTO_COMMANDS) if one.live]
    weak = [call.evidence for call in exported if not call.live or call.only_tests] + half
    weak += [seen(path, None, "a model in ONNX format") for path in snapshot.named("*.onnx")]
    weak += [seen(path, 1, "BentoML build options") for path in snapshot.named("bentofile.y*ml")]
    names = (
        "onnx",
        "onnxruntime",
        "onnxruntime-gpu",
        "onnxscript",
        "bentoml",
        "skl2onnx",
        "tf2onnx",
        "onnxmltools",
        "optimum",
    )
    declared = [found.evidence for name in names if (found := dependencies.declares(name)) is not None]
    served = [one.evidence for one in commands.running(*TORCHSERVE_COMMANDS) if one.live]
    served += [e.evidence for e in api.endpoints if e.framework == HANDLER_ROUTES and e.live]
    served += list(torchserve_files(snapshot, containers))
    both = [dependencies.declares(name) for name in ("torchserve", "torch-model-archiver", "torch-workflow-archiver")]
    return Serving(
        tuple(onnx),
        tuple(bento),
        tuple(served),
        (*weak, *declared),
        tuple(found.evidence for found in both if found is not None),
    )


def uses_onnx(call: Call) -> bool:
    """Whether a call exports to ONNX or runs it; also by a general `export(format="onnx")`."""
    if any(ONNX.fullmatch(name) for name in call.names) and not call.own:
        return True
    if not any(ONNX_FORMAT.fullmatch(name) for name in call.names):
        return False
    values = (call.keyword("format"), *call.args)
    return any(value is not None and value.string is not None and "onnx" in value.string.lower() for value in values)


def bento_services(api: Api, calls: list[Call]) -> tuple[list[Place], list[Place]]:
    """BentoML services with a live API that does something; other live uses of BentoML."""
    services = [
        call for call in calls if any(BENTO_CLASS.fullmatch(n) or BENTO_OBJECT.fullmatch(n) for n in call.names)
    ]
    routed = {endpoint.route.path for endpoint in api.live if endpoint.framework == "BentoML"}
    found = [call.evidence for call in services if call.live and call.path in routed]
    half = [call.evidence for call in services if call.evidence not in found]
    half += [call.evidence for call in calls if call.live and any(BENTO_OTHER.fullmatch(name) for name in call.names)]
    return found, half


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
