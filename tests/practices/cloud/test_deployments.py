"""Deployments, training, buckets, monitoring, image builds and change triggers as facts."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees

from auditor.course.fingerprints import Fingerprints
from auditor.facts.group import Group, ReportPlace
from auditor.injection import Facts
from auditor.practices.automation.change_triggers import ChangeTriggers
from auditor.practices.automation.commands import is_placeholder
from auditor.practices.cloud import Buckets, CloudMonitoring, CloudTraining, Deployments, ImageTriggers
from auditor.practices.cloud.addresses import hosts
from auditor.practices.cloud.storage import ANOTHER_CLOUD, NOT_LINKED, names_bucket
from auditor.repository.opening import open_snapshot

T = TypeVar("T")
REPORT = "reports/README.md"
WORKFLOW = """\
name: {name}
on:
{on}
jobs:
  work:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: {run}
"""


def known(tree: Trees, wanted: type[T], **files: str) -> T:
    return tree(files, ReportPlace.whole(REPORT)).get(wanted)


def facts_of(folder: Path) -> Facts:
    return Facts(open_snapshot(folder, use_git=False), Fingerprints(), Group(None), ReportPlace.whole(REPORT))


# ---- addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://shop-api-123456789012.europe-west1.run.app/predict",
        "https://shop-api-4k2jx7qdna-ew.a.run.app",
        "curl https://canary---shop-api-4k2jx7qdna-ew.a.run.app.",
        "https://europe-west1-shop-demo.cloudfunctions.net/forecast?x=1",
    ],
)
def test_addresses_of_services(address: str) -> None:
    assert len(list(hosts(address))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "https://<service>-<hash>.a.run.app",
        "https://your-service-xyz.a.run.app",
        "https://SERVICE-abc123-ew.a.run.app",
        "https://{name}-4k2jx7qdna-ew.a.run.app",
        "https://$SERVICE-4k2jx7qdna-ew.a.run.app",
        "https://my-service-xxxxx-uc.a.run.app",
        "https://shop.run.app",
        "https://shop-4k2jx7qdna-ew.a.run.app.example.org",
        "https://us-central1-your-project.cloudfunctions.net/f",
        "https://REGION-PROJECT_ID.cloudfunctions.net/f",
        "run.application(shop)",
    ],
)
def test_placeholders_are_no_addresses(text: str) -> None:
    assert list(hosts(text)) == []


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="a-.r1n/: runapp", max_size=300))
def test_hosts_never_fail(text: str) -> None:
    list(hosts(text + ".run.app"))
    list(hosts("cloudfunctions.net" + text))


def test_an_address_counts_in_report_and_code_not_in_comments(tree: Trees) -> None:
    address = "https://shop-api-4k2jx7qdna-ew.a.run.app"
    found = known(
        tree,
        Deployments,
        **{
            REPORT: f"# Report\n\nWe call `curl {address}/predict`.\n\n<!-- {address}/hidden -->\n",
            "app.py": f'"""See {address}/doc."""\n# {address}/comment\nAPI = "{address}/code"\nprint(API)\n',
            "web/index.js": f'// {address}/comment\nfetch("{address}/js")\n',
        },
    )
    assert [(one.evidence.path, one.evidence.line) for one in found.serverless] == [
        ("app.py", 3),
        ("web/index.js", 2),
        (REPORT, 3),
    ]


# ---- deployments


def test_commands_say_what_they_deploy(tree: Trees) -> None:
    found = known(
        tree,
        Deployments,
        Makefile="deploy:\n\tgcloud beta run deploy shop-api --quiet --image=gcr.io/shop/api --region europe-west1\n",
        **{
            "README.md": "```bash\ngcloud functions deploy <name> --source <folder>\n```\nUse `gcloud run deploy` later.\n"
        },
    )
    (one,) = found.live
    assert (one.kind, one.how, one.name, one.image) == ("cloud run", "command", "shop-api", "gcr.io/shop/api")
    assert len(found.all) == 3


def test_neither_jobs_nor_help_nor_report_nor_sample_deploy(tree: Trees) -> None:
    found = known(
        tree,
        Deployments,
        **{
            "run.sh": "gcloud run jobs deploy train --image x\ngcloud run deploy --help\necho gcloud run deploy shop\n"
            "gcloud run deploy hello --image us-docker.pkg.dev/cloudrun/container/hello\n",
            REPORT: "```bash\ngcloud run deploy shop --image x\n```\n",
        },
    )
    assert found.live == ()
    assert [one.name for one in found.all] == ["hello"]


def test_actions_service_files_terraform_and_code(tree: Trees) -> None:
    found = known(
        tree,
        Deployments,
        **{
            ".github/workflows/deploy.yml": "on: push\njobs:\n  run:\n    runs-on: ubuntu-latest\n    steps:\n"
            "      - uses: google-github-actions/deploy-cloudrun@v2\n        with:\n          service: shop\n"
            "  off:\n    if: false\n    runs-on: ubuntu-latest\n    steps:\n"
            "      - uses: google-github-actions/deploy-cloud-functions@v3\n",
            "service.yaml": "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata:\n  name: shop\n"
            "spec: {template: {spec: {containers: [{image: shop/api}]}}}\n",
            "k8s.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n",
            "main.tf": 'resource "google_cloud_run_v2_service" "api" {\n  name = "shop"\n}\n',
            "deploy.py": "import subprocess\nsubprocess.run(['gcloud', 'run', 'deploy', 'shop', '--source', '.'])\n",
            "function.py": "import functions_framework\n\n\n@functions_framework.http\ndef hello(request):\n    return 'x'\n",
        },
    )
    assert sorted((one.how, one.live) for one in found.all) == [
        ("action", False),
        ("action", True),
        ("command", True),
        ("lookup", False),
        ("resource", True),
        ("service file", True),
    ]


def test_forms_to_fill_in_are_placeholders() -> None:
    assert all(is_placeholder(word) for word in ("{}", "SERVICE_NAME", "your-service", "...", "{}:{}"))
    assert not any(is_placeholder(word) for word in ("shop-api", "gcr.io/{}/shop", "$SERVICE", "gs://shop"))


# ---- training


def test_a_vertex_job_needs_machine_and_image(tree: Trees) -> None:
    pool = "workerPoolSpecs:\n  - machineSpec: {{machineType: n1-standard-4}}\n    containerSpec: {{imageUri: {}}}\n"
    found = known(
        tree,
        CloudTraining,
        **{"good.yaml": pool.format("gcr.io/shop/train"), "form.yaml": pool.format("gcr.io/<project-id>/<image>")},
    )
    assert [(trace.place.path, trace.strong) for trace in found.traces] == [
        ("good.yaml", True),
        ("form.yaml", False),
    ]


def test_a_machine_trains_where_its_file_says_so(tree: Trees) -> None:
    found = known(
        tree,
        CloudTraining,
        **{
            "train.sh": "gcloud compute instances create vm\ngcloud compute ssh vm --command 'python -m shop.train'\n",
            "vm.sh": "gcloud compute instances create vm\n",
            "jobs.sh": "gcloud run jobs execute shop-report\n",
        },
    )
    assert {(t.place.path, t.strong) for t in found.traces} == {
        ("train.sh", True),
        ("vm.sh", False),
        ("jobs.sh", False),
    }


def test_the_sdk_and_variables_count_by_their_own_names(tree: Trees) -> None:
    found = known(
        tree,
        CloudTraining,
        **{
            "submit.py": "from google.cloud import aiplatform as vertex\n\nvertex.CustomJob(display_name='shop').run()\n",
            "own.py": "class CustomJob:\n    def run(self): ...\n\n\nCustomJob().run()\n",
            "save.py": "import os\n\nprint(os.environ['AIP_MODEL_DIR'], os.getenv('AIP_HTTP_PORT'))\n",
        },
    )
    assert {trace.place.path for trace in found.traces if trace.strong} == {"submit.py", "save.py"}


# ---- buckets


def test_a_remote_in_a_bucket_is_strong_and_other_uses_are_weak(tree: Trees) -> None:
    found = known(
        tree,
        Buckets,
        **{
            ".dvc/config": "['remote \"a\"']\n    url = gs://shop-data\n['remote \"b\"']\n    url = s3://shop\n",
            "load.py": "import pandas as pd\n\npd.read_csv('gs://shop-data/till.csv')\n",
        },
    )
    assert [(trace.place.path, trace.why) for trace in found.traces] == [
        (".dvc/config", ""),
        (".dvc/config", ANOTHER_CLOUD),
        ("load.py", NOT_LINKED),
    ]


def test_names_of_buckets() -> None:
    assert names_bucket("gs://shop-data/dvc")
    assert not any(
        names_bucket(url) for url in ("gs://", "gs://<name>", "gs://your-bucket", "gs://my-bucket", "s3://shop")
    )


# ---- image builds


def test_builds_on_change_by_hand_and_of_a_missing_dockerfile(tree: Trees) -> None:
    found = known(
        tree,
        ImageTriggers,
        Dockerfile="FROM python:3.12\nCOPY . .\n",
        **{
            ".github/workflows/a.yml": WORKFLOW.format(name="a", on="  push:\n    tags: ['v*']", run="docker build ."),
            ".github/workflows/b.yml": WORKFLOW.format(name="b", on="  workflow_dispatch:", run="docker build ."),
            ".github/workflows/c.yml": WORKFLOW.format(name="c", on="  push:", run="docker build -f gone.dockerfile ."),
            ".github/workflows/d.yml": WORKFLOW.format(name="d", on="  push:", run="docker compose up -d db"),
            ".github/workflows/e.yml": WORKFLOW.format(name="e", on="  push:", run="docker compose create api"),
            "compose.yaml": "services:\n  db: {image: postgres}\n  api: {build: .}\n",
        },
    )
    assert [(t.place.path[-5], t.strong) for t in found.traces] == [
        ("a", True),
        ("e", True),
        ("b", False),
        ("c", False),
    ]


# ---- change triggers


def on_paths(*patterns: str) -> str:
    return "  push:\n    paths:\n" + "".join(f"      - '{pattern}'\n" for pattern in patterns)


@pytest.mark.parametrize(
    ("on", "run", "expected"),
    [
        (on_paths("data.dvc"), "dvc pull", True),
        (on_paths("**/*.dvc", ".dvc/**", ".github/workflows/w.yml"), "dvc pull", True),
        (on_paths("data.dvc", "src/**"), "dvc pull", False),
        (on_paths("data.dvc"), "echo dvc pull", False),
        (on_paths("data.dvc"), "python scripts/gone.py", False),
        (on_paths("datasets/**"), "dvc pull", False),
        ("  repository_dispatch:\n    types: [new-data]", "dvc pull", True),
        ("  workflow_dispatch:", "dvc pull", False),
        (on_paths("src/shop/data.py"), "dvc pull", None),
        ("  push:", "dvc pull", False),  # a workflow on data by its name: too wide, not nothing
    ],
)
def test_data_triggers(tree: Trees, on: str, run: str, expected: bool | None) -> None:
    found = known(
        tree,
        ChangeTriggers,
        **{
            "data.dvc": "outs:\n- md5: aa\n  path: data\n",
            "sub/raw.dvc": "outs:\n- md5: aa\n  path: raw\n",
            "src/shop/data.py": "print(1)\n",
            ".github/workflows/w.yml": WORKFLOW.format(name="data", on=on, run=run),
        },
    )
    assert (found.data[0].strong if found.data else None) is expected
    assert found.registry == ()


@pytest.mark.parametrize(
    ("on", "run", "expected"),
    [
        ("  repository_dispatch:\n    types: [staged_model]", "pytest tests", True),
        ("  repository_dispatch:\n    types: [gcs_model_data_finalized]", "pytest tests", True),
        ("  repository_dispatch:\n    types: [staged_model]", "echo pytest", False),
        (on_paths("models/**"), "pytest tests", True),
        (on_paths("**/*.onnx.dvc"), "pytest tests", True),
        (on_paths("models/**", "src/**"), "pytest tests", False),
        ("  workflow_dispatch:", "pytest tests", False),
        (on_paths("src/shop/models/**"), "pytest tests", None),
        ("  push:", "pytest tests", None),
    ],
)
def test_registry_triggers(tree: Trees, on: str, run: str, expected: bool | None) -> None:
    found = known(
        tree,
        ChangeTriggers,
        **{
            "models/shop.onnx.dvc": "outs:\n- md5: aa\n  path: shop.onnx\n",
            "src/shop/models/net.py": "print(1)\n",
            ".github/workflows/w.yml": WORKFLOW.format(name="model", on=on, run=run),
        },
    )
    assert (found.registry[0].strong if found.registry else None) is expected
    assert found.data == ()


# ---- monitoring and alerts

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


def test_broken_files_cost_nothing_else(tree: Trees) -> None:
    found = known(
        tree,
        CloudMonitoring,
        **{
            "broken.json": '{"conditions": [',
            "broken.yaml": "apiVersion: [\nkind: }",
            "deep.json": '{"conditions": ' + "[" * 90_000 + "]" * 90_000 + "}",
            "main.tf": "not { terraform",
            "errors.json": POLICY,
        },
    )
    assert [trace.place.path for trace in found.alerts] == ["errors.json"]


@pytest.mark.parametrize(("changes", "strong"), [("data.dvc", True), ("gone.dvc", False)])
def test_a_filter_of_gitlab(tree: Trees, changes: str, strong: bool) -> None:
    found = known(
        tree,
        ChangeTriggers,
        **{
            "data.dvc": "outs:\n- md5: aa\n  path: data\n",
            ".gitlab-ci.yml": f"check:\n  script: [dvc pull]\n  rules:\n    - changes:\n        - {changes}\n",
        },
    )
    assert [(trace.place.line, trace.strong) for trace in found.data] == [(5, strong)]


def test_many_patterns_and_files_take_no_time(tree: Trees) -> None:
    files = {f"data/{number}.csv": "a\n" for number in range(400)}
    files[".github/workflows/w.yml"] = WORKFLOW.format(
        name="data", on=on_paths(*(f"**/*{number}*.csv" for number in range(1_000))), run="dvc pull"
    )
    assert known(tree, ChangeTriggers, **files).data[0].strong
