"""A kind that no table has is told, and finds nothing in silence nowhere."""

from __future__ import annotations

from typing import cast

import pytest
from support.trees import Trees

from auditor.facts.own_work.template import Template
from auditor.facts.python import PythonProject
from auditor.knowledge.names import Names
from auditor.practices.traces import IMPORTED_ONLY, IN_TESTS, TEMPLATES_OWN, USED_OTHERWISE
from auditor.practices.tracking.events import NOTHING_LOGGED, ONLY_DECORATES, EventLogging, read_event_logging
from auditor.practices.uses import Uses


def test_a_kind_that_no_table_has_is_an_error(tree: Trees) -> None:
    uses = tree({"train.py": "import wandb\n\nwandb.init()\n"}).get(Uses)
    assert uses.calls("tracking.run")
    for ask in (uses.calls, uses.traces):
        with pytest.raises(LookupError, match=r"no table of names has the kind tracking\.runn"):
            ask("tracking.runn")


class OneStub:
    """A template of one file."""

    def is_stub(self, path: str) -> bool:
        return path == "reports/report.py"


LOGURU = "from loguru import logger\n\n\n"


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("reports/report.py", LOGURU + 'logger.warning("no answers")\n', TEMPLATES_OWN),
        ("tests/test_sell.py", LOGURU + 'def test_sell():\n    logger.info("sold")\n', IN_TESTS),
        ("src/shop/sell.py", LOGURU + "print(1)\n", NOTHING_LOGGED),
        ("src/shop/sell.py", LOGURU + "@logger.catch\ndef sell():\n    return 1\n\n\nsell()\n", ONLY_DECORATES),
    ],
)
def test_an_import_that_came_near_has_the_reason_that_is_true_of_its_file(
    tree: Trees, path: str, text: str, why: str
) -> None:
    opened = tree({path: text, "src/shop/__init__.py": ""})
    uses = Uses(opened.get(PythonProject), opened.get(Names), cast(Template, OneStub()))
    logging = read_event_logging(uses.project, uses, uses.template)
    assert logging.calls == ()
    assert {trace.why for trace in logging.near if "import" in trace.place.text} == {why}


def test_prints_are_counted_over_the_files_that_have_them(tree: Trees) -> None:
    opened = tree({"src/shop/a.py": "print(1)\nprint(2)\n", "src/shop/b.py": "print(3)\n"})
    (near,) = opened.get(EventLogging).near
    assert (near.place.where, near.why) == (
        "src/shop/a.py:1",
        "it is one of 3 `print` calls in 2 files, and `print` is no logger",
    )


def test_a_library_that_is_used_for_something_else_is_not_called_unused(tree: Trees) -> None:
    source = "from fastapi import {0}\n\n\n{1}\n"
    other = tree({"src/shop/a.py": source.format("HTTPException", "raise HTTPException(404)")}).get(Uses)
    nothing = tree({"src/shop/a.py": source.format("FastAPI", "print(1)")}).get(Uses)
    assert [trace.why for trace in other.named_only("web.application")] == [USED_OTHERWISE]
    assert [trace.why for trace in nothing.named_only("web.application")] == [IMPORTED_ONLY]
