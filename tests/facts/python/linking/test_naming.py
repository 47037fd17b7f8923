"""Names followed from file to file."""

from __future__ import annotations

import pytest
from support.python_code import ACROSS, Build, names, one

from auditor.facts.python import reached


@pytest.mark.parametrize(
    "code, expected",
    [
        ("from shop.log import logger\nlogger.info('x')", "logging.getLogger().info"),
        ("from src.shop.log import logger\nlogger.info('x')", "logging.getLogger().info"),
        ("from .log import logger\nlogger.info('x')", "logging.getLogger().info"),
        ("from . import log\nlog.logger.info('x')", "logging.getLogger().info"),
        ("from log import logger\nlogger.info('x')", "logging.getLogger().info"),
        ("import shop.log as l\nl.logger.info('x')", "logging.getLogger().info"),
        ("import src.shop.log\nsrc.shop.log.logger.info('x')", "logging.getLogger().info"),
        ("from shop.log import *\nlogger.info('x')", "logging.getLogger().info"),
        ("from shop import start_run\nrun = start_run()\nrun.log({})", "wandb.init().log"),
        ("import shop\nwith shop.start_run() as run:\n    run.log({})", "wandb.init().log"),
        ("from shop import Net\nNet().to('cpu')", "torch.nn.Module().to"),
        ("from shop.model import Net\nn = Net()\nn.layer.forward(1)", "torch.nn.Linear().forward"),
        ("from shop.model import Net\nNet().shared()", "shop.model.Net().shared"),
        ("from shop.model import Net\nNet()(1)", "shop.model.Net()"),
    ],
)
def test_names_are_followed_across_files(project: Build, code: str, expected: str) -> None:
    found = project({**ACROSS, "src/shop/main.py": code})
    result = names(found, "src/shop/main.py")
    assert expected in result or (expected.endswith("shared") and "shop.model.Base().shared" in result)


def test_fixtures_give_test_parameters_a_meaning(project: Build) -> None:
    found = project(
        {
            "src/shop/api.py": "from fastapi import FastAPI\napp = FastAPI()\n",
            "tests/conftest.py": """
                import pytest
                from fastapi.testclient import TestClient
                from shop.api import app
                @pytest.fixture
                def client():
                    with TestClient(app) as client:
                        yield client
            """,
            "tests/test_api.py": "def test_root(client):\n    r = client.get('/')\n    assert r.status_code == 200\n",
        }
    )
    call = one(found.calls("fastapi.testclient.TestClient().get"))
    assert (call.path, call.line, call.scope) == ("tests/test_api.py", 2, "test_root")
    assert [value.name for value in one(found.calls("fastapi.testclient.TestClient")).args] == ["fastapi.FastAPI()"]
    (test,) = found.tests
    assert {c.name for c in reached(test, found)} >= {"fastapi.testclient.TestClient"}
    (assertion,) = found.assertions_in(test)
    assert not assertion.trivial
