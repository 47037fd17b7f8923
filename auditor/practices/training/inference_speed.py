"""What makes a trained model faster: quantisation, pruning, compilation.

Names are those of the libraries' documentation: PyTorch ("Quantization", "Pruning Tutorial", "torch.compile",
"TorchScript"), torchao, bitsandbytes, Transformers and Optimum ("Quantization"), ONNX Runtime ("Quantize ONNX models"),
TensorRT, OpenVINO, TensorFlow Lite, Neural Compressor.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Place
from auditor.facts.group import ReportPlace
from auditor.facts.own_work.template import Template
from auditor.facts.project_commands import Commands
from auditor.facts.python import CODE, Call, PythonProject
from auditor.injection import fact
from auditor.records import Record

FASTER = (
    "torch.quantization.*", "torch.ao.*", "torchao.*", "bitsandbytes.*", "quanto.*", "optimum.quanto.*",
    "transformers.*BitsAndBytesConfig", "transformers.*QuantoConfig", "transformers.*GPTQConfig", "transformers.*AwqConfig",
    "transformers.*TorchAoConfig", "transformers.*HqqConfig", "optimum.*Quantizer*", "optimum.*QuantizationConfig*",
    "optimum.bettertransformer.*", "onnxruntime.quantization.*", "auto_gptq.*", "gptqmodel.*", "awq.*", "hqq.*", "brevitas.*",
    "torch.compile", "torch.jit.script", "torch.jit.trace", "torch.jit.trace_module", "torch.jit.freeze",
    "torch.jit.optimize_for_inference", "torch._inductor.*", "torch.nn.*().compile", "*.LightningModule().compile",
    "*.to_torchscript", "torch_tensorrt.*", "torch2trt.*", "tensorrt.*", "tensorflow.experimental.tensorrt.*",
    "tensorflow.python.compiler.tensorrt.*", "openvino.*.compile_model", "openvino.*compile_model", "nncf.*",
    "torch.nn.utils.prune.*", "torch_pruning.*", "sparseml.*", "deepsparse.*", "neural_compressor.*", "intel_extension_for_pytorch.*",
    "tensorflow_model_optimization.*", "ai_edge_torch.quantize.*", "ai_edge_quantizer.*", "coremltools.optimize.*",
    "sentence_transformers.*quantiz*", "llmcompressor.*", "jax.jit", "flax.*.jit", "treelite.*", "tl2cgen.*", "hummingbird.*",
    "tvm.*", "sklearn.tree.*.cost_complexity_pruning_path",
)  # fmt: skip
"""Calls that quantise, prune or compile a model."""
EXPORTS = (
    "torch.onnx.*", "*.to_onnx", "onnx.*", "onnxruntime.InferenceSession", "onnxruntime.*.InferenceSession",
    "onnxruntime.transformers.*", "tf2onnx.*", "skl2onnx.*", "onnxmltools.*", "onnxsim.*", "optimum.onnxruntime.*",
    "sentence_transformers.*onnx*", "torch.export.*", "tensorflow.lite.TFLiteConverter.*", "coremltools.convert", "openvino.convert_model",
    "torch.jit.load", "ctranslate2.*", "executorch.*", "ai_edge_torch.convert",
)  # fmt: skip
"""Calls that only write or read a model in another format."""
SWITCHES = ("load_in_8bit", "load_in_4bit", "torch_compile", "jit_compile", "int8")
"""Arguments that switch such a thing on (Transformers, Keras, Ultralytics)."""
PROGRAMS = ("optimum-cli onnxruntime quantize", "optimum-cli inc quantize", "trtexec", "llama-quantize", "nncf", "pot")


class InferenceSpeed(Record):
    """Where models are made faster. `weak`: exported only, or nothing runs it."""

    strong: tuple[Place, ...] = ()
    weak: tuple[Place, ...] = ()


@fact
def read_inference_speed(
    project: PythonProject, commands: Commands, template: Template, report: ReportPlace
) -> InferenceSpeed:
    """The calls of own files and notebooks, and the commands, that make models faster."""
    faster = [*project.calls(*FASTER, roles=CODE, own=False), *switched_on(project)]
    faster = [call for call in faster if not template.is_stub(call.path)]
    strong = [call.evidence for call in faster if call.live and not call.only_tests]
    strong += optimised_converters(project)
    strong += [use.evidence for use in commands.running(*PROGRAMS) if not report.holds(use.path, use.line)]
    exports = [call.evidence for call in project.calls(*EXPORTS, roles=CODE, own=False)]
    return InferenceSpeed(tuple(strong), (*(call.evidence for call in faster), *exports))


def switched_on(project: PythonProject) -> Iterator[Call]:
    """Calls with an argument that switches quantisation or compilation on."""
    for file in project.of(*CODE):
        for call in file.calls:
            if not call.own and any((v := call.keyword(name)) is not None and v.literal is True for name in SWITCHES):
                yield call


def optimised_converters(project: PythonProject) -> Iterator[Place]:
    """`converter.optimizations = [...]` (TensorFlow Lite, "Post-training quantization")."""
    for assignment in project.assignments("*.optimizations", live=True):
        if assignment.value.elements and any("lite" in n for e in assignment.value.elements for n in e.names):
            yield assignment.evidence
