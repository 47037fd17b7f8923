"""A small package, and what is known of tests that are written for it."""

from __future__ import annotations

from auditor.injection import Facts
from auditor.practices.testing import TestCode, TestFunction
from support.trees import REPORT, Trees

SOURCES = {
    "src/shop/__init__.py": "",
    "src/shop/data.py": """
import pandas as pd

COLUMNS = ["day", "amount"]


def clean(frame):
    frame = frame.dropna()
    return frame.sort_values("day")


def load(path):
    return clean(pd.read_csv(path))
""",
    "src/shop/model.py": """
import torch


class Forecaster(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(14, 1)

    def forward(self, x):
        return self.layer(x)


def make():
    return torch.nn.Sequential(torch.nn.Linear(1, 1))
""",
    "src/shop/train.py": """
import typer
from shop.data import load
from shop.model import Forecaster

app = typer.Typer()


@app.command()
def run(path: str):
    model = Forecaster()
    loss = model(load(path)).sum()
    loss.backward()
    optimizer.step()
""",
    "src/shop/api.py": """
from fastapi import FastAPI
from shop.model import Forecaster

app = FastAPI()


def create_app():
    return app


@app.post("/predict")
def predict(x: float):
    return Forecaster()(x)
""",
}

APPS = {
    "module level": """
from fastapi.testclient import TestClient
from shop.api import app

client = TestClient(app)


def test_it():
    assert client.post("/predict").status_code == 200
""",
    "factory and module": """
from fastapi.testclient import TestClient
from shop import api


def test_it():
    with TestClient(api.create_app()) as client:
        assert client.get("/").status_code == 200
""",
    "set-up": """
import unittest
from fastapi.testclient import TestClient
import shop.api


class ApiCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = TestClient(shop.api.app)

    def test_it(self):
        self.assertEqual(self.client.get("/").status_code, 200)
""",
    "transport": """
import pytest
from httpx import ASGITransport, AsyncClient
from shop.api import app


@pytest.mark.anyio
async def test_it():
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        assert (await client.get("/")).status_code == 200
""",
    "over the network": """
import os
import requests

URL = os.environ.get("URL", "http://localhost:8000")


def test_it():
    assert requests.post(f"{URL}/predict").ok
""",
    "status raised": """
from fastapi.testclient import TestClient
from shop.api import app


def test_it():
    TestClient(app).get("/").raise_for_status()
""",
}
"""Tests that send requests to the package's application."""


def facts_of(tree: Trees, files: dict[str, str]) -> Facts:
    return tree({**SOURCES, **files}, REPORT).facts


def found_in(tree: Trees, files: dict[str, str]) -> dict[str, TestFunction]:
    found = facts_of(tree, files).get(TestCode).tests
    return {test.function.qualname: test for test in found}


def only(tree: Trees, text: str, path: str = "tests/test_it.py") -> TestFunction:
    (test,) = found_in(tree, {path: text}).values()
    return test
