"""Python code as the facts read it."""

from __future__ import annotations

from collections.abc import Callable

from auditor.facts.python import Call, PythonProject

Build = Callable[[dict[str, str]], PythonProject]
"""Makes a project of files by their paths: the fixture `project`."""

ACROSS = {
    "src/shop/__init__.py": "from .tracking import start_run\nfrom shop.model import Net\n",
    "src/shop/log.py": "import logging\nlogger = logging.getLogger('x')\n",
    "src/shop/tracking.py": "import wandb\ndef start_run():\n    return wandb.init(project='shop')\n",
    "src/shop/model.py": """
        import torch
        class Base(torch.nn.Module):
            def shared(self):
                self.register_buffer("x", 1)
        class Net(Base):
            def __init__(self):
                super().__init__()
                self.layer = torch.nn.Linear(1, 2)
            def forward(self, x):
                return self.layer(x)
    """,
}
"""A package whose names lead from file to file."""


def names(found: PythonProject, path: str | None = None) -> list[str]:
    return [call.name for call in found.calls() if path is None or call.path == path]


def one(calls: tuple[Call, ...]) -> Call:
    assert len(calls) == 1, calls
    return calls[0]
