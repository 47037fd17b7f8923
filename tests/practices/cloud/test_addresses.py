from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cloud_files import REPORT, known
from support.trees import Trees

from auditor.practices.automation.commands import is_placeholder
from auditor.practices.cloud import Deployments
from auditor.practices.cloud.addresses import hosts


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


def test_forms_to_fill_in_are_placeholders() -> None:
    assert all(is_placeholder(word) for word in ("{}", "SERVICE_NAME", "your-service", "...", "{}:{}"))
    assert not any(is_placeholder(word) for word in ("shop-api", "gcr.io/{}/shop", "$SERVICE", "gs://shop"))
