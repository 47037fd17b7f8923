"""What makes a trained model faster: quantisation, pruning, compilation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Trace, counts, half, strong_first
from auditor.facts.python import CODE, Call, Function, PythonFile, PythonProject, Value
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommands
from auditor.practices.code.by_use import of_library
from auditor.practices.traces import NOTHING_CALLS, trace
from auditor.practices.uses import Uses
from auditor.records import Record

EXPORT = "it writes or reads the model in another format only"
GRAPH = "the runtime simplifies the graph by itself"

SWITCHES = frozenset(
    """load_in_8bit load_in_4bit torch_compile jit_compile int8 quantize experimental_compile compile_model""".split()
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
    r"|=\s*(torch|np|numpy|jnp|tf)\.where\(.*\b(abs|norm|magnitude|mask)\b"
)
"""Small weights set to nothing, written out."""
WEIGHT = pattern(r"weight|param|coef|kernel|state|\.data\b|raw_data|\bw\b")
"""Words of what holds a model's weights."""
WEIGHTS = pattern(r"\b(named_)?parameters\b|state_dict|state\b|get_weights|initializer|weights|coefs_")
"""What a loop runs over that goes through a model's weights."""
QUANTISED = pattern(
    r"(^|[-_./*: ])(q[2-8]_(k(_[sml])?|0|1)|w?int[48]|gptq|awq|exl2|bnb-4bit|[48][-_]?bits?)([-_./:*]|$)", re.IGNORECASE
)
"""Names of models that somebody quantised (naming of llama.cpp, Hugging Face Hub, Ollama)."""
HALF = frozenset({"half", "bfloat16", "float16"})
HALF_PRECISION = "half precision of the numbers is no quantisation"
BY_OTHERS = "it loads a model that was quantised elsewhere"
DISTILLED = "another, smaller model is trained: neither quantised, compiled nor pruned"
LOADS = pattern(
    r"(^|\.)(from_pretrained|Llama|LLM|chat|generate|pipeline|InferenceSession|load_model|AutoModel\w*|hf_hub_download|snapshot_download)$"
)
OWN_WAY = pattern(r"(^|_)(prun|quanti[sz])")
WRITES = tuple(
    """.copy_ .mul_ .masked_fill_ .zero_ .set_weights .load_state_dict .fill_ .sub_ .CopyFrom .from_array""".split()
)


class InferenceSpeed(Record):
    """Where models are made faster, and where they are only exported."""

    traces: tuple[Trace, ...] = ()


@fact
def read_inference_speed(project: PythonProject, uses: Uses, commands: RunCommands) -> InferenceSpeed:
    """The calls of own files and notebooks, and the commands, that make models faster."""
    found = [
        *uses.traces("speeding.faster"),
        *switched_on(project, uses),
        *optimised(project),
        *own_ways(project, uses),
        *near(project, uses),
    ]
    programs = uses.names.listed("speeding.faster", "commands")
    for one in commands.all:
        by_option = bool(OPTION.search(one.command.text)) and one.command.program not in ("echo", "printf", "git")
        export = one.runs("yolo") and any(
            word[7:] in COMPILED_FORMATS for word in one.command.words if word.startswith("format=")
        )
        if one.runs(*programs) or by_option or export:
            found.append(one.trace)
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
    if name == "ccp_alpha":  # scikit-learn, "Minimal cost-complexity pruning"
        return isinstance(value.literal, float | int) and value.literal > 0
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


def own_ways(project: PythonProject, uses: Uses) -> Iterator[Trace]:
    """Pruning and quantisation written out: small weights set to nothing, own functions of that name that write weights back."""
    for file in project.of(*CODE):
        for assignment in file.assignments:
            head = re.split(r"\W", assignment.target, maxsplit=1)[0]
            masked = MASKED.search(assignment.text) and (WEIGHT.search(assignment.target) or from_weights(file, head))
            if masked or assignment.target.endswith(".raw_data"):  # a tensor of an ONNX graph
                yield trace(assignment)
        for call in file.calls:
            if MASKED.search(call.text) and call.written.endswith(".mul_"):
                yield trace(call)
        for function in file.functions:
            if (
                OWN_WAY.search(function.own_name.lower())
                and not function.is_empty
                and writes_weights(function.qualname, file)
            ):
                yield counts(function.evidence) if function.live else half(function.evidence, NOTHING_CALLS)
            elif distils(function) and function.live and not uses.template.is_stub(file.path):
                yield half(function.evidence, DISTILLED)


def from_weights(file: PythonFile, name: str) -> bool:
    """Whether a loop over a model's weights gives `name`."""
    return any(
        loop.over is not None
        and name in re.findall(r"\w+", loop.target)
        and any(WEIGHTS.search(said) for said in (loop.over.text, loop.text))
        for loop in file.loops
    )


def distils(function: Function) -> bool:
    """Whether a function trains a model by what another one answers."""
    taken = " ".join(parameter.name for parameter in function.parameters)
    named = "distil" in function.own_name.lower() or ("teacher" in taken and "student" in taken)
    return named and not function.is_empty


def writes_weights(scope: str, file: PythonFile) -> bool:
    """Whether a function writes weights of a model back."""
    written = (a.target for a in file.assignments if a.scope == scope)
    return any(
        target.endswith((".data", ".weight", ".raw_data", ".coef_", ".kernel"))
        or "state[" in target
        or "weights[" in target
        for target in written
    ) or any(call.scope == scope and call.written.endswith(WRITES) for call in file.calls)


def near(project: PythonProject, uses: Uses) -> Iterator[Trace]:
    """Half precision, and models that others quantised."""
    for file in project.of(*CODE):
        for call in file.calls:
            if call.own or not call.live or uses.template.is_stub(call.path):
                continue
            given = [*call.args[:3], *(value for _, value in call.keywords)]
            method = call.written.rpartition(".")[2]
            kind = next((value for name, value in call.keywords if name in ("torch_dtype", "dtype")), None)
            if (method == "half" and not call.args) or (
                kind is not None and method == "from_pretrained" and kind.text.rpartition(".")[2].strip("'\"") in HALF
            ):
                yield half(call.evidence, HALF_PRECISION)
            elif any(value.string and QUANTISED.search(value.string) for value in given) and is_loader(call, project):
                yield half(call.evidence, BY_OTHERS)


def is_loader(call: Call, project: PythonProject) -> bool:
    """Whether a call of a library loads a model, by how it is called."""
    return any(of_library(name, project) for name in call.names) and bool(LOADS.search(call.written))
