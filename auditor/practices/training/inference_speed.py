"""What makes a trained model faster: quantisation, pruning, compilation."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Trace, counts, half, strong_first
from auditor.facts.python import CODE, Call, PythonProject, Value
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommands
from auditor.practices.code.model import ModelCode
from auditor.practices.traces import DEAD_COMMAND, NOTHING_CALLS, trace
from auditor.practices.uses import Uses
from auditor.records import Record

EXPORT = "it writes or reads the model in another format only"
GRAPH = "the runtime simplifies the graph by itself"

SWITCHES = frozenset(
    {
        "load_in_8bit",
        "load_in_4bit",
        "torch_compile",
        "jit_compile",
        "int8",
        "quantize",
        "experimental_compile",
        "compile_model",
    }
)
"""Arguments that switch such a thing on (Transformers, Keras, Ultralytics)."""
NAMED = {
    "quantization": pattern(r"\w"), "quantize": pattern(r"\w"), "quantization_config": pattern(r"\w"), "compute_type": pattern(r"int|fp8"),
    "quantization_type": pattern(r"\w"), "quant_method": pattern(r"\w"), "weights_precision": pattern(r"int"), "model_kwargs": pattern(r"quant"),
    "torch_compile_backend": pattern(r"\w"), "quantization_bit": pattern(r"\w"), "weight_format": pattern(r"int"),
}  # fmt: skip
"""Arguments that name a way of it (CTranslate2, faster-whisper, vLLM, Transformers, Optimum), and the values that mean one."""
COMPILED_FORMATS = frozenset({"engine", "tensorrt", "edgetpu", "imx", "rknn"})
"""Formats of Ultralytics' `export` that a compiler of the target makes ("Export", table of formats)."""
OPTION = pattern(r"--(quantization|quantize\w*|weight-format|weight_format)([= ]|$)")
MASKED = pattern(
    r"\[[^\]=]*\b(abs|norm|magnitude)\b.*[<>].*\]\s*\*?=\s*0|\.(data|weight)\s*\*=\s*\w*mask|\.mul_\(\s*\w*mask"
)
"""Small weights set to nothing, written out."""
OWN_WAY = pattern(r"(^|_)(prun|quanti[sz])")
WRITES = (".copy_", ".mul_", ".masked_fill_", ".zero_", ".set_weights", ".load_state_dict", ".fill_", ".sub_")


class InferenceSpeed(Record):
    """Where models are made faster, and where they are only exported."""

    traces: tuple[Trace, ...] = ()


@fact
def read_inference_speed(project: PythonProject, uses: Uses, commands: RunCommands, model: ModelCode) -> InferenceSpeed:
    """The calls of own files and notebooks, and the commands, that make models faster."""
    found = [
        *uses.traces("speeding.faster"),
        *switched_on(project, uses),
        *optimised(project),
        *own_ways(project, model),
    ]
    programs = uses.names.listed("speeding.faster", "commands")
    for one in commands.all:
        by_option = bool(OPTION.search(one.command.text)) and one.command.program not in ("echo", "printf", "git")
        export = one.runs("yolo") and any(
            word[7:] in COMPILED_FORMATS for word in one.command.words if word.startswith("format=")
        )
        if one.runs(*programs) or by_option or export:
            found.append(counts(one.evidence) if one.live else half(one.evidence, DEAD_COMMAND))
    found += [half(call.evidence, EXPORT) for call in uses.calls("speeding.export")]
    return InferenceSpeed(strong_first(found))


def switched_on(project: PythonProject, uses: Uses) -> Iterator[Trace]:
    """Calls with an argument that switches quantisation or compilation on, or names a way of it."""
    for file in project.of(*CODE):
        for call in file.calls:
            if call.own or uses.template.is_stub(call.path):
                continue
            if any(switches(name, value, call) for name, value in call.keywords):
                yield trace(call)


def switches(name: str, value: Value, call: Call) -> bool:
    """Whether one argument of a call makes a model faster."""
    if value.literal is True:
        return name in SWITCHES
    if name == "format" and value.string in COMPILED_FORMATS:
        return call.written.endswith(".export")
    known = NAMED.get(name)
    if known is None or value.literal in (None, False):
        return False
    said = value.string if value.string is not None else value.name if value.names else ""
    keys = (key.string or "" for key in value.keys)
    return bool(said and known.search(said)) or any(known.search(key) for key in keys)


def optimised(project: PythonProject) -> Iterator[Trace]:
    """`converter.optimizations = [...]` (TensorFlow Lite, "Post-training quantization"), and the level of a session's graph."""
    for assignment in project.assignments("*.optimizations", live=True):
        if assignment.value.elements and any("lite" in n for e in assignment.value.elements for n in e.names):
            yield counts(assignment.evidence)
    for assignment in project.assignments("*.graph_optimization_level", live=True):
        yield half(assignment.evidence, GRAPH)


def own_ways(project: PythonProject, model: ModelCode) -> Iterator[Trace]:
    """Pruning and quantisation written out: small weights set to nothing, own functions of that name that write weights back."""
    for file in project.of(*CODE):
        for assignment in file.assignments:
            if MASKED.search(assignment.text):
                yield trace(assignment)
        for call in file.calls:
            if MASKED.search(call.text) and call.written.endswith(".mul_"):
                yield trace(call)
        for function in file.functions:
            if (
                OWN_WAY.search(function.own_name.lower())
                and not function.is_empty
                and writes_weights(function.qualname, file.path, project)
            ):
                yield counts(function.evidence) if function.live else half(function.evidence, NOTHING_CALLS)


def writes_weights(scope: str, path: str, project: PythonProject) -> bool:
    """Whether a function writes weights of a model back."""
    file = project.file(path)
    if file is None:
        return False
    written = (a.target for a in file.assignments if a.scope == scope)
    return any(
        target.endswith((".data", ".weight")) or "state[" in target or "weights[" in target for target in written
    ) or any(call.scope == scope and call.written.endswith(WRITES) for call in file.calls)
