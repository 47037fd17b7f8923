"""M25: specialised serving."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.api.serving import Serving


@rule("M25.serving", net="serving")
def onnx_or_bentoml(serving: Serving) -> Iterator[Part]:
    """The model is served with ONNX or BentoML.

    Accepted: an export to ONNX (`torch.onnx.export`, `to_onnx`, skl2onnx, ...) or an ONNX Runtime session in code that runs,
    also by a command (`yolo export format=onnx`) or by a library that is told so (`backend="onnx"`); a BentoML service with an API.
    Half of it: a declared dependency; a committed model; code that nothing or only a test runs; BentoML's model store alone.
    To settle it: show the export, the session or the service.
    """
    yield part(
        "ONNX or BentoML",
        serving.traces,
        looked_for="an ONNX export, an ONNX Runtime session, or a BentoML service",
    )


@rule("M25.torchserve", net="serving")
def torchserve(serving: Serving) -> Iterator[Part]:
    """The model is deployed locally with TorchServe.

    Accepted: a model archive (`.mar`), a handler class, TorchServe's settings or image, `torchserve` or `torch-model-archiver`
    in a command.
    Half of it: a declared dependency; a record of TorchServe that was started without a model.
    To settle it: show the command that starts it.
    """
    yield part(
        "TorchServe",
        serving.torchserve,
        looked_for="a .mar file, a handler, TorchServe's settings, or a command that runs it",
    )
