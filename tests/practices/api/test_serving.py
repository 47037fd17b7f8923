"""ONNX, BentoML, TorchServe, and the model's performance in operation."""

from __future__ import annotations

import pytest
from support.trees import Trees

from auditor.injection import Facts
from auditor.practices.api.serving import NO_API, Serving
from auditor.practices.monitoring.performance import ModelPerformance
from auditor.practices.traces import DECLARED


def facts(tree: Trees, files: dict[str, str]) -> Facts:
    return tree(files).facts


@pytest.mark.parametrize(
    "source",
    [
        "import torch.onnx\ntorch.onnx.export(net, x, 'm.onnx')\n",
        "from lightning import LightningModule\nclass Net(LightningModule):\n    pass\nNet().to_onnx('m.onnx')\n",
        "from skl2onnx import convert_sklearn as convert\nconvert(forest)\n",
        "from ultralytics import YOLO\nYOLO('a').export(format='onnx')\n",
        "from onnxruntime import InferenceSession\nInferenceSession('m.onnx')\n",
        "from optimum.onnxruntime import ORTModelForSequenceClassification as M\nM.from_pretrained('a', export=True)\n",
    ],
)
def test_onnx(tree: Trees, source: str) -> None:
    assert any(trace.strong for trace in facts(tree, {"export.py": source}).get(Serving).traces)


@pytest.mark.parametrize(
    "source",
    [
        "import onnx\n",
        "def export():\n    import torch\n    torch.onnx.export(net, x, 'm.onnx')\n",
        "class Net:\n    def to_onnx(self):\n        pass\nNet().to_onnx()\n",
    ],
)
def test_no_onnx(tree: Trees, source: str) -> None:
    assert not any(trace.strong for trace in facts(tree, {"export.py": source}).get(Serving).traces)


def test_bentoml_needs_an_api(tree: Trees) -> None:
    service = "import bentoml\n@bentoml.service\nclass Shop:\n    "
    answering = facts(tree, {"s.py": service + "@bentoml.api\n    def ask(self, x):\n        return x\n"}).get(Serving)
    assert answering.traces[0].strong
    found = facts(tree, {"s.py": service + "pass\n"}).get(Serving)
    assert [trace.why for trace in found.traces] == [NO_API]


@pytest.mark.parametrize(
    "files",
    [
        {"config.properties": "# local\ninference_address=http://0.0.0.0:8080\n"},
        {"models/shop.mar": "PK"},
        {"Dockerfile": "FROM pytorch/torchserve:latest\nCOPY . .\n"},
        {
            "serve.sh": "#!/bin/sh\ntorch-model-archiver --model-name shop --version 1.0 --handler h.py\n",
            "h.py": "x = 1\n",
        },
        {
            "h.py": "from ts.torch_handler.image_classifier import ImageClassifier\nclass H(ImageClassifier):\n    def postprocess(self, x):\n        return x.tolist()\n"
        },
    ],
)
def test_torchserve(tree: Trees, files: dict[str, str]) -> None:
    assert facts(tree, files).get(Serving).torchserve[0].strong


def test_an_archive_of_code_that_is_not_there(tree: Trees) -> None:
    files = {"serve.sh": "#!/bin/sh\ntorch-model-archiver --model-name shop --version 1.0 --handler h.py\n"}
    found = facts(tree, files).get(Serving).torchserve
    assert [trace.why for trace in found] == ["h.py, which the archive is made of, is not in the repository"]


def test_no_torchserve(tree: Trees) -> None:
    found = facts(tree, {"config.properties": "name=shop\n", "requirements.txt": "torchserve\n"}).get(Serving)
    assert [trace.why for trace in found.torchserve] == [DECLARED]


def test_performance_needs_what_was_answered(tree: Trees) -> None:
    source = "import pandas as pd\nfrom sklearn.metrics import f1_score\nlog = pd.read_csv('{}')\nprint(f1_score(log.a, log.b))\n"
    served = facts(tree, {"production_metrics.py": source.format("predictions.csv")}).get(ModelPerformance)
    assert served.traces[0].strong
    tested = facts(tree, {"evaluate.py": source.format("test.csv")}).get(ModelPerformance)
    assert not tested.traces
