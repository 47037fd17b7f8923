"""M31: faster inference."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.training.inference_speed import InferenceSpeed


@rule("M31.inference", net="inference_speed")
def faster_inference(speed: InferenceSpeed) -> Iterator[Part]:
    """A trained model is quantised, pruned or compiled.

    Accepted: one of the three in code that runs: torch.quantization, torch.ao, torchao, bitsandbytes, ONNX Runtime's
    quantisation, torch.compile, torch.jit, TensorRT, OpenVINO, `torch.nn.utils.prune`, TensorFlow Lite with optimisations; the same
    by an argument (`quantization="int8"`, `load_in_4bit`), or written out by oneself.
    Half of it: only an export to ONNX or another format; a helper that nothing calls.
    Does not count: Keras's `compile`, a declared package, an unused import.
    To settle it: show the script and the model that it writes.
    """
    yield part(
        "optimisation",
        speed.traces,
        looked_for="quantisation, compilation or pruning of the model (of PyTorch, bitsandbytes, ONNX Runtime, TensorRT) in code that "
        "runs",
    )
