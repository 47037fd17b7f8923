"""Checks for data drift, and whether the service that makes them is deployed."""

from __future__ import annotations

import pytest
from support.trees import Trees

from auditor.injection import Facts
from auditor.practices.monitoring.drift import Drift
from auditor.practices.monitoring.drift_service import ANOTHER, DriftService


def facts(tree: Trees, files: dict[str, str]) -> Facts:
    return tree(files).facts


CHECKS = {
    "legacy dashboard": "from evidently.dashboard import Dashboard\nfrom evidently.tabs import DataDriftTab\nd = Dashboard(tabs=[DataDriftTab()])\nd.calculate(a, b)\n",
    "test suite": "from evidently.test_suite import TestSuite\nfrom evidently.test_preset import DataDriftTestPreset\n"
    "s = TestSuite(tests=[DataDriftTestPreset()])\ns.run(reference_data=a, current_data=b)\n",
    "class without brackets": "import evidently\nfrom evidently.presets import DataDriftPreset\nr = evidently.Report(metrics=[DataDriftPreset(method='psi')])\nr.run(a, b)\n",
    "deepchecks": "from deepchecks.vision.checks import ImagePropertyDrift\nImagePropertyDrift().run(train, test)\n",
    "river": "from river import drift\nadwin = drift.ADWIN()\nfor x in stream:\n    adwin.update(x)\n",
    "distance": "from scipy.stats import wasserstein_distance as wd\nfor c in columns:\n    print(wd(reference[c], current[c]))\n",
    "chi square": "import scipy.stats\ndef category_shift(old, new):\n    return scipy.stats.chi2_contingency([old, new])\ncategory_shift(1, 2)\n",
    "divergence": "from scipy.spatial.distance import jensenshannon\ndef monitor(train_hist, live_hist):\n    return jensenshannon(train_hist, live_hist)\nmonitor(1, 2)\n",
    "own detector": """
import numpy as np
class DriftDetector:
    def __init__(self, reference):
        self.mean = np.mean(reference, axis=0)
        self.spread = np.std(reference, axis=0)
    def check(self, current):
        shift = np.abs(np.mean(current, axis=0) - self.mean) / self.spread
        return bool((shift > 3).any())
print(DriftDetector([1.0]).check([2.0]))
""",
}


@pytest.mark.parametrize("source", CHECKS.values(), ids=CHECKS)
def test_checks(tree: Trees, source: str) -> None:
    assert facts(tree, {"monitor.py": source}).get(Drift).checks


def test_own_comparison_at_the_top_of_a_script(tree: Trees) -> None:
    source = "import pandas as pd\nreference = pd.read_csv('a')\ncurrent = pd.read_csv('b')\nprint(reference.mean() - current.mean())\n"
    assert facts(tree, {"check_drift.py": source}).get(Drift).checks
    assert not facts(tree, {"explore.py": source}).get(Drift).checks


NO_CHECKS = {
    "entropy of a prediction": "from scipy.stats import entropy\ndef unsure(probabilities):\n    return entropy(probabilities)\nunsure([1])\n",
    "sets of one survey": "from scipy.stats import ttest_ind\nprint(ttest_ind(frame[frame.sex == 'f'].age, frame[frame.sex == 'm'].age))\n",
    "quality report": "from evidently import Report\nfrom evidently.presets import DataSummaryPreset\nReport([DataSummaryPreset()]).run(a)\n",
    "boat": "def drift(current_speed, hours):\n    return current_speed * hours\ndrift(1, 2)\n",
    "disabled": "from scipy.stats import ks_2samp\nif False:\n    ks_2samp(reference, current)\n",
}


@pytest.mark.parametrize("source", NO_CHECKS.values(), ids=NO_CHECKS)
def test_no_checks(tree: Trees, source: str) -> None:
    assert not facts(tree, {"explore.py": source}).get(Drift).checks


DRIFT_API = """
from fastapi import FastAPI
from scipy.stats import ks_2samp
app = FastAPI()
@app.get("/drift")
def drift():
    return ks_2samp(reference, current).pvalue
"""
PREDICTION_API = """
from fastapi import FastAPI
import joblib
app = FastAPI()
model = joblib.load("m")
@app.get("/predict")
def predict(x: float):
    return model.predict([x])
"""


def dockerfile(app: str) -> str:
    return f'FROM python:3.12\nCOPY . .\nCMD ["uvicorn", "{app}", "--port", "8080"]\n'


def makefile(image: str, file: str) -> str:
    return (
        f"deploy:\n\tdocker build -f {file} -t eu.gcr.io/shop/{image} .\n"
        f"\tgcloud run deploy some-{image} --image eu.gcr.io/shop/{image}\n"
    )


def test_deployment_is_followed_to_the_program(tree: Trees) -> None:
    files = {"shop/watch.py": DRIFT_API, "shop/api.py": PREDICTION_API, "d.dockerfile": dockerfile("shop.watch:app")}
    found = facts(tree, {**files, "Makefile": makefile("one", "d.dockerfile")}).get(DriftService)
    assert [(t.place.path, t.strong) for t in found.endpoints] == [("shop/watch.py", True)]
    assert [(t.place.path, t.strong) for t in found.deployed] == [("Makefile", True)]


def test_deployment_of_another_program(tree: Trees) -> None:
    files = {"shop/watch.py": DRIFT_API, "shop/api.py": PREDICTION_API, "d.dockerfile": dockerfile("shop.api:app")}
    found = facts(tree, {**files, "Makefile": makefile("one", "d.dockerfile")}).get(DriftService)
    assert found.endpoints
    assert [trace.why for trace in found.deployed] == [ANOTHER]


def test_program_that_imports_the_routes(tree: Trees) -> None:
    router = DRIFT_API.replace("FastAPI", "APIRouter").replace("app", "router")
    main = "from fastapi import FastAPI\nfrom shop.watch import router\napp = FastAPI()\napp.include_router(router)\n"
    files = {"shop/watch.py": router, "shop/main.py": main, "Dockerfile": dockerfile("shop.main:app")}
    deploy = "deploy:\n\tgcloud run deploy shop --source . --region europe-west1\n"
    assert facts(tree, {**files, "Makefile": deploy}).get(DriftService).deployed


def test_no_endpoint_no_service(tree: Trees) -> None:
    found = facts(
        tree, {"api.py": PREDICTION_API, "Makefile": "deploy:\n\tgcloud run deploy shop --source . --region eu\n"}
    ).get(DriftService)
    assert found == DriftService()
