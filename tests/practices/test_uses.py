"""A kind that no table has is told, and finds nothing in silence nowhere."""

from __future__ import annotations

import pytest
from support.trees import Trees

from auditor.practices.uses import Uses


def test_a_kind_that_no_table_has_is_an_error(tree: Trees) -> None:
    uses = tree({"train.py": "import wandb\n\nwandb.init()\n"}).get(Uses)
    assert uses.calls("tracking.run")
    for ask in (uses.calls, uses.traces):
        with pytest.raises(LookupError, match=r"no table of names has the kind tracking\.runn"):
            ask("tracking.runn")
