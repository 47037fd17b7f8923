"""Which calls run a model.

By the names that libraries document, by the project's own model classes, and where nothing is known of an object (it comes
out of a dict, an application's state, a global) by how the code calls it.
"""

from __future__ import annotations

import re

from auditor.facts.python import Call, Class, PythonProject
from auditor.knowledge.names import name_set
from auditor.patterns import pattern
from auditor.practices.code.model import ESTIMATORS, MODEL_BASES, PRETRAINED

LOADERS = (
    "torch.load", "torch.jit.*", "torch.compile", "torch.export.load", "torch.package.*", "torch.quantization.*", "torch.ao.*",
    "joblib.load", "pickle.load", "pickle.loads", "dill.load", "dill.loads", "cloudpickle.load", "skops.io.load",
    "onnxruntime.InferenceSession", "onnxruntime.*.InferenceSession", "optimum.*", "openvino.*", "tensorflow.saved_model.load",
    "tensorflow.lite.Interpreter", "tflite_runtime.*", "ai_edge_litert.*", "tensorrt.*", "coremltools.*", "ctranslate2.*",
    "mlflow.*load_model", "mlflow.pyfunc.*", "bentoml.*load_model", "bentoml.*get", "bentoml.models.*", "bentoml.*Runner",
    "*LightningModule*", "*.load_from_checkpoint", "safetensors.*", "fasttext.load_model", "gensim.models.*", "llama_cpp.*",
    "vllm.*", "huggingface_hub.InferenceClient", "google.cloud.aiplatform.*Endpoint*", "google.cloud.aiplatform.*Model*",
    "vertexai.*", "tritonclient.*", "faiss.*", "annoy.*", "easyocr.*", "keras.models.*", "tf_keras.*", "sklearn.model_selection.*",
    "*Trainer", "torch.nn.Module", "pyro.*", "langchain*", "spacy.*", "h2o.*", "treelite*", "pyannote.*", "supervision.*",
)  # fmt: skip
"""Calls whose result is a model, beside those that make one (`model_code`)."""

NO_MODEL = pattern(
    r".*(Tokenizer|Processor|FeatureExtractor|Weights|Config|get_model_config|sklearn\.preprocessing|Transform|"
    r"load_state_dict|sklearn\.feature_extraction|torch\.nn\.(Softmax|Sigmoid|ReLU|\w*Loss|functional)|DataLoader).*"
)
"""What is called or asked like a model and is none."""

DIRECT = (
    "openai.*.create", "openai.*.parse", "anthropic.*.create", "google.genai.*.generate_content", "google.generativeai.*.generate_content",
    "litellm.completion", "ollama.chat", "ollama.generate", "deepface.*", "face_recognition.face_*", "pytesseract.image_to_*",
    "replicate.run", "cohere.*.chat", "mistralai.*.complete", "groq.*.create", "transformers.pipeline()",
    "torch.func.functional_call",
)  # fmt: skip
"""Calls that run a model by themselves."""

CERTAIN_METHODS = frozenset(
    [
        "predict",
        "predict_proba",
        "predict_log_proba",
        "predict_step",
        "predict_on_batch",
        "predict_batch",
        "decision_function",
        "infer",
        "inference",
        "run_inference",
    ]
)
"""Methods that only models have."""

LIKELY_METHODS = frozenset(
    [
        "forward",
        "generate",
        "classify",
        "detect",
        "segment",
        "transcribe",
        "translate",
        "summarize",
        "summarise",
        "encode",
        "embed",
        "recommend",
        "kneighbors",
        "forecast",
        "invoke",
        "__call__",
    ]
)
"""Methods that run a model where the object is called like one."""

METHODS = (
    CERTAIN_METHODS
    | LIKELY_METHODS
    | frozenset(
        [
            "run",
            "run_async",
            "run_model",
            "embed_query",
            "similar_items",
            "most_similar",
            "similarity",
            "search",
            "query",
            "score_samples",
            "get_forecast",
            "get_prediction",
            "async_run",
            "to_runner",
            "apply",
            "complete",
            "chat",
            "infer_new_request",
            "sample",
            "test_step",
            "validation_step",
            "readtext",
            "generate_content",
            "raw_predict",
            "sequential",
            "run_on_batch",
        ]
    )
)
"""Methods of a model object that run it; the last of them are common to objects of other kinds."""

MODEL_NAME = pattern(
    r"(^|[._\[(])(\w*_)?(model|models|net|network|classifier|clf|regressor|pipe|pipeline|predictor|estimator|learner|detector|"
    r"segmenter|generator|transformer|llm|cnn|mlp|resnet|vit|bert|unet|yolo|ensemble|backbone|encoder|decoder|mdl|"
    r"forecaster|recommender|booster)(_?\w*)?([\])]|\(\))*$",
    re.IGNORECASE,
)
"""What variables that hold a model are called."""

SESSION_NAME = pattern(r"(sess|session|ort|onnx|model|interpreter|runner)\w*([\])]|\(\))*$", re.IGNORECASE)
"""What variables that hold a session of a runtime are called: they are `run`."""

TRAINS = frozenset(
    {"fit", "train", "load", "load_model", "load_weights", "from_pretrained", "partial_fit", "from_file"}
)

_MAKERS = name_set((*LOADERS, *PRETRAINED, *ESTIMATORS, "torch.nn.*"))
_DIRECT = name_set(DIRECT)
_UNKNOWN = pattern(
    r"\?|(dict|list|tuple)\b|None|object\(\)|typing\.|dataclasses\.|(fastapi|starlette|flask)\.[\w.]+\(\)\."
)


def infers(call: Call, project: PythonProject) -> bool:
    """Whether a call runs a model."""
    return not call.decorates and any(runs_model(name, call, project) for name in call.names)


def runs_model(name: str, call: Call, project: PythonProject) -> bool:
    """Whether a call of `name`, one of the call's names, runs a model."""
    if _DIRECT.match(name):
        return True
    owner, method = parted(name)
    if method not in METHODS or not owner or NO_MODEL.fullmatch(name):
        return False
    head = owner.partition("()")[0]
    made = "()" in owner or method == "__call__"
    if made and _MAKERS.match(head) and not call.own:
        return True
    if method == "__call__" and not owner.startswith(("?", "None")) and "()" not in owner and "[" not in owner:
        return False
    cls = project.class_(head)
    if cls is not None:
        return is_model(cls, method, project)
    own = project.function(name) is not None
    nothing_known = bool(_UNKNOWN.match(owner)) or (call.own and not own and "()" in owner)
    return nothing_known and not own and said_like_model(call.written, method)


def parted(name: str) -> tuple[str, str]:
    """The object and the method of a call; the method is `__call__` where an object itself is called."""
    if name.endswith(("()", "]")) or name == "None" or (name.startswith("?") and "." not in name):
        return name, "__call__"
    owner, _, method = name.rpartition(".")
    if ("state." in owner + "." or owner.startswith("?")) and method not in METHODS:
        return name, "__call__"
    return owner, method


def is_model(cls: Class, method: str, project: PythonProject) -> bool:
    """Whether an own class is a model: by its base class, or because it is trained or loaded and its method computes."""
    if project.inherits(cls, *MODEL_BASES):
        return not cls.is_empty
    if not TRAINS & set(cls.methods):
        return False
    wanted = ("__call__", "forward") if method == "__call__" else (method,)
    return any(
        function.own_name in wanted and not function.is_empty and any(not value.known for value in function.returns)
        for function in project.methods(cls)
    )


def said_like_model(written: str, method: str) -> bool:
    """Whether code calls an unknown object the way models are called."""
    if method in CERTAIN_METHODS:
        return True
    owner = written if method == "__call__" else written.rpartition(".")[0]
    if method in ("run", "run_async"):
        return bool(SESSION_NAME.search(owner))
    return method in LIKELY_METHODS and bool(MODEL_NAME.search(owner))
