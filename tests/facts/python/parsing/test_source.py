"""Notebooks as one text with lines."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees

from auditor.facts.python import python_project
from auditor.facts.python.parsing.source import notebook


@settings(deadline=None, max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=9),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["cells", "cell_type", "source", "code"]), x),
    )
)
def test_any_json_is_taken(thing: object) -> None:
    try:
        source = notebook(json.dumps({"cells": thing}))
    except ValueError:
        return
    assert source.code.count("\n") == len(source.texts) or not source.texts


CELLS = {
    "cells": [
        {"cell_type": "markdown", "source": ["import nothing\n"]},
        {
            "cell_type": "code",
            "source": ["%matplotlib inline\n", "!pip install wandb\n", "import wandb\n", "wandb.init()"],
        },
        {"cell_type": "code", "source": "files = !ls\nif True:\n    !echo x\nwandb.log(\n    x % y)\nwandb?\n"},
        {"cell_type": "code", "source": ["%%bash\n", "rm -rf x (\n"]},
        {"cell_type": "code", "source": ["this is no python\n", "wandb.finish()"]},
        {"cell_type": "code", "source": ["%%time\n", "wandb.save('x')"]},
    ]
}


def test_notebook_cells_are_read_at_their_lines(tree: Trees) -> None:
    text = json.dumps(CELLS, indent=1)
    snapshot = tree({"notebooks/a.ipynb": text}).snapshot
    found = python_project(snapshot)
    assert [call.name for call in found.calls("wandb.*")] == ["wandb.init", "wandb.log", "wandb.save"]
    lines = text.split("\n")
    init, log, save = found.calls("wandb.*")
    assert "wandb.init()" in lines[init.line - 1] and init.text == "wandb.init()"
    assert "wandb.save('x')" in lines[save.line - 1]
    assert 0 < log.line <= save.line and log.live
    (problem,) = (p for p in snapshot.problems if p.path == "notebooks/a.ipynb")
    assert problem.message.endswith("cell not read")
