"""To which application a test sends requests."""

from __future__ import annotations

import pytest
from support.tested_shop import APPS, found_in, only
from support.trees import Trees

from auditor.practices.testing import Subject


@pytest.mark.parametrize("text", APPS.values(), ids=APPS)
def test_requests_to_the_own_application(tree: Trees, text: str) -> None:
    test = only(tree, text)
    assert test.apps == {"src/shop/api.py"}
    assert (test.flaw, Subject.API in test.exercises) == ("", True)
    assert Subject.MODEL in test.touches


def test_client_from_a_fixture_above(tree: Trees) -> None:
    tests = found_in(
        tree,
        {
            "tests/conftest.py": """
import pytest
from starlette.testclient import TestClient
from shop.api import app


@pytest.fixture
def client():
    with TestClient(app) as made:
        yield made
""",
            "tests/api/test_it.py": "def test_it(client):\n    assert client.get('/').status_code == 200\n",
        },
    )
    assert tests["test_it"].apps == {"src/shop/api.py"}


FOREIGN = {
    "own toy": """
from fastapi import FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


def test_it():
    assert TestClient(app).get("/").status_code == 404
""",
    "other host": "import requests\n\n\ndef test_it():\n    assert requests.get('https://example.org/api').ok\n",
    "other host in a variable": """
import requests


def test_it():
    url = "https://example.org/data/" + str(1)
    assert requests.get(url).ok
""",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_requests_to_something_else(tree: Trees, text: str) -> None:
    assert Subject.API not in only(tree, text).exercises
