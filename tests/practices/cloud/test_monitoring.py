from __future__ import annotations

from support.cloud_files import known
from support.trees import Trees

from auditor.practices.cloud import CloudMonitoring

POLICY = '{\n\t"displayName": "errors",\n\t"conditions": [{"conditionThreshold": {"filter": "x"}}]\n}\n'


def test_monitoring_of_the_cloud_and_of_ones_own(tree: Trees) -> None:
    found = known(
        tree,
        CloudMonitoring,
        **{
            "dashboard.json": '{"displayName": "shop", "mosaicLayout": {"columns": 12}}',
            "prometheus.yml": "scrape_configs:\n  - job_name: api\n",
            "rules.yml": "groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: up == 0\n",
            "managed.yml": "apiVersion: monitoring.googleapis.com/v1\nkind: Rules\nspec:\n  groups:\n    - rules:\n"
            "        - alert: Down\n",
            "errors.json": POLICY,
            "app.py": "import google.cloud.logging\n\ngoogle.cloud.logging.Client().setup_logging()\n",
        },
    )
    assert {t.place.path for t in found.monitoring if t.strong} == {
        "dashboard.json",
        "errors.json",
        "managed.yml",
        "app.py",
    }
    assert {(t.place.path, t.strong) for t in found.alerts} == {
        ("errors.json", True),
        ("managed.yml", True),
        ("rules.yml", False),
    }
    assert next(t.place.line for t in found.alerts if t.place.path == "errors.json") == 3


def test_a_logging_client_in_training_does_not_watch_the_application(tree: Trees) -> None:
    found = known(
        tree,
        CloudMonitoring,
        **{
            "train.py": "import google.cloud.logging\nfrom sklearn.linear_model import Ridge\n\n"
            "google.cloud.logging.Client().setup_logging()\nRidge().fit([[0]], [0])\n",
        },
    )
    assert {trace.strong for trace in found.monitoring} == {False}
