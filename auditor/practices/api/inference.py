"""Which calls run a model.

By the names that libraries document (`knowledge/tables/inference.yaml`), by the project's own model classes, by how the code treats an
object (`treatment.py`), and where nothing is known of it (it comes out of a dict, an application's state, a global) by how it is called.
"""

from __future__ import annotations

import re

from auditor.facts.python import CODE, Call, Class, Function, PythonProject
from auditor.injection import fact
from auditor.knowledge.names import Names
from auditor.patterns import pattern
from auditor.practices.api.held import Held
from auditor.practices.api.treatment import Treatment
from auditor.records import Record

CERTAIN_METHODS = frozenset(
    """predict predict_proba predict_log_proba predict_step predict_on_batch predict_batch decision_function infer inference
    run_inference""".split()
)
"""Methods that only models have."""

LIKELY_METHODS = frozenset(
    """forward generate classify detect segment transcribe translate summarize summarise encode embed recommend kneighbors forecast invoke
    ainvoke apredict acomplete achat caption rank rerank answer __call__""".split()
)
"""Methods that run a model where the object is called like one."""

METHODS = (
    CERTAIN_METHODS
    | LIKELY_METHODS
    | frozenset(
        """run run_async run_sync run_model embed_query embed_documents similar_items most_similar similarity search query score_samples
        get_forecast get_prediction async_run to_runner apply complete chat infer_new_request sample test_step validation_step readtext
        generate_content raw_predict sequential run_on_batch get_preds remote create_completion create_chat_completion analyze
        analyze_sentiment feature_extraction text_classification image_classification text_generation chat_completion zero_shot_classification
        explain_instance tag extract_keywords find_topics ocr track""".split()
    )
)
"""Methods of a model object that run it; many are common to objects of other kinds."""

SETTING = pattern(
    r"_?_?(fit|train|load|save|dump|export|compile|to|eval|cpu|cuda|half|float|bfloat16|double|quantize|freeze|unfreeze|fuse|warm_?up|reset|"
    r"close|add|set|register|update|remove|enter|exit|init|parameters|named|children|modules|state|requires|share|info|summary|config|"
    r"get_(input|output|param|config|weight|booster|feature|provider|modelmeta|vocab|embedding|session|overridable|score|layer|num)|keys|values|"
    r"items|get$|push|partial_fit|cross_val|bind|options|build|login|list|delete|count|is_|has_|can_|from_pretrained|download|device|configure)"
)
"""Beginnings of methods of a model's object that prepare, store or describe it; any other asks it for something."""

MODEL_NAME = pattern(
    r"(^|[._\[(])(\w*_)?(model|models|net|network|classifier|clf|regressor|pipe|pipeline|predictor|estimator|learner|detector|"
    r"segmenter|segmentor|generator|transformer|llm|cnn|mlp|resnet|vit|bert|unet|yolo|ensemble|backbone|encoder|decoder|mdl|forest|"
    r"forecaster|recommender|booster|scorer|ranker|reranker|tagger|captioner|embedder|chain|whisper|clip|gpt|llama|policy)"
    r"(_?\w*)?([\])]|\(\))*$",
    re.IGNORECASE,
)
"""What variables that hold a model are called."""

SESSION_NAME = pattern(r"(sess|session|ort|onnx|model|interpreter|runner)\w*([\])]|\(\))*$", re.IGNORECASE)
"""What variables that hold a session of a runtime are called: they are `run`."""

TRAINS = frozenset(
    {"fit", "train", "load", "load_model", "load_weights", "from_pretrained", "partial_fit", "from_file"}
)

KEEPS_ASIDE = frozenset(
    """print getattr hasattr callable isinstance repr str type id len setattr vars dir help""".split()
)
"""What is given a method and does not call it."""

BESIDE_MODEL = pattern(
    r"(transform|tokeni|process|prepar|normali|augment|loader|log|print|loss|criterion|metric|softmax|sigmoid|relu|activation|post|collate|open|"
    r"resize|scal|callback|append|progress|tqdm|featuri|extract_|tensor|timer|format|label|clean|parse|read|write)\w*$",
    re.IGNORECASE,
)
"""Names of what is called beside a model where no gradients are kept."""
NO_MODELS_HERE = tuple("torch. torchvision.transforms numpy. PIL. pandas. pathlib. io. time. datetime. json.".split())

SERVES_MODEL = pattern(
    r"predict|infer|generat|classif|scor(e|ing)|embed|invocations|completions|/v[12]/models|:8501|forecast|transcri|translat|detect|summari|"
    r"kf?serv|torch_?serv|(tf|tensorflow|model|ray)_?serv|triton|seldon|bento|vllm|ollama|model_?(api|url|uri|endpoint|host)",
    re.IGNORECASE,
)
"""How addresses of model servers say what they answer, or are called after the server (TorchServe, Triton, KServe, MLflow, OpenAI's API)."""

MAKERS = frozenset({"inference.makes", "code.pretrained", "code.estimator"})
"""Kinds of calls whose result is a model."""
_UNKNOWN = pattern(
    r"\?|(dict|list|tuple)\b|None|object\(\)|typing(_extensions)?\.|collections\.abc\.|dataclasses\.|(fastapi|starlette|flask)\.[\w.]+\(\)\."
)
_BUILDER = pattern(
    r"([\w.]*\.)?((?!\w*(Dataset|DMatrix|Pool|Loader|Metric|Callback|Params)$)[A-Z]\w*|pipeline|(load|create|make|build|from|get)_?\w*)"
)
"""Classes and functions whose result is an object, by their names."""


class Inference(Record, dict=True):
    """Tells which calls run a model."""

    project: PythonProject
    names: Names
    treatment: Treatment
    held: Held

    def runs(self, call: Call) -> bool:
        """Whether a call runs a model, or hands a model over to what runs it elsewhere (a thread, a pool)."""
        if call.decorates:
            return False
        asked = [_Asked(name, call.written, call.path, call.own) for name in call.names]
        for name in self.held.names(call):
            asked.append(
                _Asked(name, call.written, call.path, self.project.class_(name.partition("()")[0]) is not None)
            )
        return any(map(self._runs, asked)) or self._hands_over(call) or self._under_no_grad(call)

    def asks_server(self, call: Call) -> bool:
        """Whether a call sends a request to what serves a model, by the address."""
        if not self.names.are(call.names, "web.sends"):
            return False
        return any(SERVES_MODEL.search(value.text[:300]) for value in (*call.args[:2], *(v for _, v in call.keywords)))

    def _runs(self, asked: _Asked) -> bool:
        """Whether what is asked, by one of its names, is a model."""
        kinds = self.names.of(asked.name)
        if "inference.runs" in kinds:
            return True
        if not asked.owner or "inference.none" in kinds:
            return False
        made = "()" in asked.owner or asked.method == "__call__"
        if made and not asked.own and (self._made(asked) or self._treated(asked)):
            return True
        if asked.method not in METHODS:
            return False
        if (
            asked.method == "__call__"
            and not asked.owner.startswith(("?", "None"))
            and not re.search(r"\(\)|\[", asked.owner)
        ):
            return False
        cls = self.project.class_(asked.head)
        if cls is not None:
            return self._own_model(cls, asked)
        own = self.project.function(asked.name) is not None
        nothing_known = bool(_UNKNOWN.match(asked.owner)) or (asked.own and not own and "()" in asked.owner)
        return nothing_known and not own and said_like_model(asked.written, asked.method)

    def _made(self, asked: _Asked) -> bool:
        """Whether the object is what a call gave that makes or loads models, or of whatever library and asked as only models are."""
        kinds = self.names.of(asked.head)
        known = not MAKERS.isdisjoint(kinds) or asked.head.startswith("torch.nn.")
        if asked.method in METHODS:
            return known or "inference.loads" in kinds or self._of_some_library(asked)
        plain = asked.owner == f"{asked.head}()" and bool(_BUILDER.fullmatch(asked.head))
        return (
            known and plain and not asked.head.startswith(("sklearn.", "torch.nn.")) and not SETTING.match(asked.method)
        )

    def _of_some_library(self, asked: _Asked) -> bool:
        """Whether an object of a third-party library is asked what only models are asked, or is called a model."""
        package = asked.head.partition(".")[0]
        if package not in self.project.imported_packages or "web.sends" in self.names.of(asked.name):
            return False
        if asked.method in CERTAIN_METHODS:
            return True
        return (
            asked.method in LIKELY_METHODS
            and asked.method != "__call__"
            and bool(MODEL_NAME.search(asked.written_owner))
        )

    def _treated(self, asked: _Asked) -> bool:
        """Whether an object of whatever library is treated as a model elsewhere, and asked for something here."""
        if asked.method != "__call__" and SETTING.match(asked.method):
            return False
        if asked.owner in self.treatment.objects or (asked.path, asked.written_owner) in self.treatment.written:
            return True
        plain = asked.owner == f"{asked.head}()" and bool(_BUILDER.fullmatch(asked.head))
        return plain and asked.method in METHODS and asked.head in self.treatment.given_model

    def _own_model(self, cls: Class, asked: _Asked) -> bool:
        """Whether an own class's object runs a model by itself; what its methods call is followed elsewhere."""
        if is_model(cls, asked.method, self.project, self.names):
            return True
        name = f"{cls.name}.__call__" if asked.method == "__call__" and asked.owner == f"{cls.name}()" else asked.name
        function = self.project.function(name)
        if function is not None:
            unwritten = function.is_empty and not implementations(function, self.project)
            return unwritten and said_like_model(asked.written, asked.method)
        if "()." not in asked.name:
            return False
        treated = (asked.path, asked.written_owner) in self.treatment.written
        return treated or said_like_model(asked.written, asked.method)  # an attribute, of which nothing is known

    def _hands_over(self, call: Call) -> bool:
        """Whether a call is given a model, or a model's method, to run it: `asyncio.to_thread(model.predict, rows)`."""
        runner = self.names.are(call.names, "inference.runs_given")
        if not runner and (call.own or call.name in KEEPS_ASIDE):
            return False
        first = 1 if call.written.endswith("run_in_executor") else 0
        for index, value in enumerate(call.values):
            for name in value.names:
                asked = _Asked(name, value.text, call.path, self.project.class_(name.partition("()")[0]) is not None)
                if (asked.method != "__call__" or (runner and index == first)) and self._runs(asked):
                    return True
        return False

    def _under_no_grad(self, call: Call) -> bool:
        """Whether an object is called where no gradients are kept, as only models are."""
        if (call.path, call.line, call.written) not in self.treatment.without_gradients:
            return False
        if BESIDE_MODEL.search(call.written):
            return False
        return any(self._called_object(_Asked(name, call.written, call.path, call.own)) for name in call.names)

    def _called_object(self, asked: _Asked) -> bool:
        """Whether what is called is an object rather than a function, and no known one of another kind."""
        if "inference.none" in self.names.of(asked.name) or self.project.function(asked.name) is not None:
            return False
        if asked.method != "__call__":
            return asked.method in LIKELY_METHODS | CERTAIN_METHODS and bool(_UNKNOWN.match(asked.owner))
        if asked.owner.startswith("?"):
            return "." not in asked.written.removeprefix("self.")
        if self.project.class_(asked.head) is not None:
            return "()." in asked.owner
        return asked.owner == f"{asked.head}()" and not asked.head.startswith(NO_MODELS_HERE)


class _Asked:
    """One name of something that is called, taken apart: the object's `owner`, the call that made it (`head`), the method."""

    def __init__(self, name: str, written: str, path: str, own: bool) -> None:
        self.name = name
        self.written = written
        self.path = path
        self.own = own
        self.owner, self.method = parted(name)
        self.head = self.owner.partition("()")[0]

    @property
    def written_owner(self) -> str:
        """How the code writes the object."""
        return written_owner(self.written, self.method)


@fact
def inference(project: PythonProject, names: Names, treatment: Treatment, held: Held) -> Inference:
    """What tells which calls run a model."""
    return Inference(project, names, treatment, held)


def parted(name: str) -> tuple[str, str]:
    """The object and the method of a call; the method is `__call__` where an object itself is called."""
    if name.endswith(("()", "]")) or name == "None" or (name.startswith("?") and "." not in name):
        return name, "__call__"
    owner, _, method = name.rpartition(".")
    if ("state." in owner + "." or owner.startswith("?")) and method not in METHODS:
        return name, "__call__"
    return owner, method


def written_owner(written: str, method: str) -> str:
    """How code writes the object of a call."""
    return written if method == "__call__" else written.rpartition(".")[0]


def is_model(cls: Class, method: str, project: PythonProject, names: Names) -> bool:
    """Whether an own class is a model: by its base class, or because it is trained or loaded and its method computes."""
    if project.inherits(cls, *names.listed("code.model", "bases")):
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
    owner = written_owner(written, method)
    if method in ("run", "run_async"):
        return bool(SESSION_NAME.search(owner))
    return method in LIKELY_METHODS and bool(MODEL_NAME.search(owner))


def implementations(function: Function, project: PythonProject) -> list[Function]:
    """What runs where an abstract method is called: methods of that name in classes that inherit from its class.

    A `Protocol` is met by any own class that has all of its methods.
    """
    if not function.owner or not function.is_empty:
        return []
    owner = project.class_(function.name.rpartition(".")[0])
    if owner is None:
        return []
    protocol = any(base.endswith("Protocol") for base in owner.bases)
    wanted = {name for name in owner.methods if not name.startswith("_")}
    found = []
    for cls in project.classes(roles=CODE):
        heir = project.inherits(cls, owner.name)
        if cls is not owner and (heir or (protocol and wanted <= set(cls.methods))):
            method = project.function(f"{cls.name}.{function.own_name}")
            if method is not None and not method.is_empty:
                found.append(method)
    return found
