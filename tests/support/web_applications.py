"""A small web application with a model, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.evidence import Trace, Weight
from auditor.injection import Facts
from auditor.practices.api import Api
from support.trees import Trees

MODEL = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 1)
    def forward(self, x):
        return self.layer(x)

def load_net(path="net.pt"):
    net = Net()
    net.load_state_dict(torch.load(path))
    return net.eval()
"""


HEAD = "from fastapi import FastAPI\nfrom shop.model import Net, load_net\napp = FastAPI()\n"


def facts(tree: Trees, files: dict[str, str]) -> Facts:
    return tree({"src/shop/__init__.py": "", "src/shop/model.py": MODEL, **files}).facts


def api(tree: Trees, source: str, **more: str) -> Api:
    return facts(tree, {"src/shop/api.py": source, **{f"src/shop/{name}.py": text for name, text in more.items()}}).get(
        Api
    )


def halves(traces: Iterable[Trace]) -> list[str]:
    """The reasons of the traces that count by half; none may count."""
    found = list(traces)
    assert not any(trace.strong for trace in found)
    return [trace.why for trace in found if trace.weight is Weight.HALF]
