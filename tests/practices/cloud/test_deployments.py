"""What is deployed, and to where."""

from __future__ import annotations

from pathlib import Path

from support.cloud_files import REPORT, known
from support.trees import Trees

from auditor.course.fingerprints import Fingerprints
from auditor.facts.group import Group, ReportPlace
from auditor.injection import Facts
from auditor.practices.cloud import CloudMonitoring, Deployments
from auditor.repository.opening import open_snapshot


def facts_of(folder: Path) -> Facts:
    return Facts(open_snapshot(folder, use_git=False), Fingerprints(), Group(None), ReportPlace.whole(REPORT))


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


POLICY = '{\n\t"displayName": "errors",\n\t"conditions": [{"conditionThreshold": {"filter": "x"}}]\n}\n'


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
