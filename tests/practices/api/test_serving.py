"""ONNX, BentoML, TorchServe, and the model's performance in operation."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.course.fingerprints import Fingerprints
from auditor.facts.group import ReportPlace
from auditor.injection import Facts
from auditor.practices.api.serving import Serving
from auditor.practices.monitoring.performance import ModelPerformance
from auditor.repository.opening import open_snapshot


def facts(folder: Path, files: dict[str, str]) -> Facts:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
    return Facts(open_snapshot(folder, use_git=False), Fingerprints(), ReportPlace())


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
def test_onnx(tmp_path: Path, source: str) -> None:
    assert facts(tmp_path, {"export.py": source}).get(Serving).onnx


@pytest.mark.parametrize(
    "source",
    [
        "import onnx\n",
        "def export():\n    import torch\n    torch.onnx.export(net, x, 'm.onnx')\n",
        "class Net:\n    def to_onnx(self):\n        pass\nNet().to_onnx()\n",
    ],
)
def test_no_onnx(tmp_path: Path, source: str) -> None:
    assert not facts(tmp_path, {"export.py": source}).get(Serving).onnx


def test_bentoml_needs_an_api(tmp_path: Path) -> None:
    service = "import bentoml\n@bentoml.service\nclass Shop:\n    "
    assert (
        facts(tmp_path / "a", {"s.py": service + "@bentoml.api\n    def ask(self, x):\n        return x\n"})
        .get(Serving)
        .bentoml
    )
    found = facts(tmp_path / "b", {"s.py": service + "pass\n"}).get(Serving)
    assert not found.bentoml
    assert found.weak


@pytest.mark.parametrize(
    "files",
    [
        {"config.properties": "# local\ninference_address=http://0.0.0.0:8080\n"},
        {"models/shop.mar": "PK"},
        {"Dockerfile": "FROM pytorch/torchserve:latest\nCOPY . .\n"},
        {"serve.sh": "#!/bin/sh\ntorch-model-archiver --model-name shop --version 1.0 --handler h.py\n"},
        {
            "h.py": "from ts.torch_handler.image_classifier import ImageClassifier\nclass H(ImageClassifier):\n    def postprocess(self, x):\n        return x.tolist()\n"
        },
    ],
)
def test_torchserve(tmp_path: Path, files: dict[str, str]) -> None:
    assert facts(tmp_path, files).get(Serving).torchserve


def test_no_torchserve(tmp_path: Path) -> None:
    found = facts(tmp_path, {"config.properties": "name=shop\n", "requirements.txt": "torchserve\n"}).get(Serving)
    assert not found.torchserve
    assert found.torchserve_dependencies


def test_performance_needs_what_was_answered(tmp_path: Path) -> None:
    source = "import pandas as pd\nfrom sklearn.metrics import f1_score\nlog = pd.read_csv('{}')\nprint(f1_score(log.a, log.b))\n"
    served = facts(tmp_path / "a", {"production_metrics.py": source.format("predictions.csv")}).get(ModelPerformance)
    assert served.checks
    tested = facts(tmp_path / "b", {"evaluate.py": source.format("test.csv")}).get(ModelPerformance)
    assert not tested.checks
