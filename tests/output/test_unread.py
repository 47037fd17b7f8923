"""A file that nobody could read, and on which much hangs, stands at the top of every output: one mend answers many questions."""

from __future__ import annotations

import pytest

from auditor.batch.rows import problems_of
from auditor.evidence import Place, Trace, Weight
from auditor.output import writer
from auditor.output.words.wording import unread_told
from auditor.practices.unread import NOT_PARSED
from auditor.records import replace
from auditor.result.audit import AuditResult, Finding, PartResult, Verdict
from output.test_reasons import NEAR, result, shown

BROKEN = Trace(Place("src/kiln/fire.py", 7, "syntax error at line 7: not read"), Weight.HALF, NOT_PARSED)
LINE = "src/kiln/fire.py:7 cannot be read: 2 ticks are asked about because what it holds is not known"


def unread() -> AuditResult:
    """An audit of three claims, of which two may rest on a file that cannot be parsed."""
    sound = result(NEAR)
    one = sound.claims[0]
    part = PartResult("calls", "weak", (BROKEN.place,), "calls of a logger", traces=(BROKEN,))
    asked = [
        replace(one, id=name, verdict=Verdict.PARTIAL, finding=Finding.QUERY, parts=(part,))
        for name in ("M14.logging", "M14.sweep")
    ]
    return replace(sound, claims=(one, *asked))


@pytest.mark.parametrize("form", ["console", "advice", "markdown", "markdown to the group", "html"])
def test_it_stands_once_before_every_claim(form: str) -> None:
    group = form == "markdown to the group"
    said = writer("markdown", to_the_group=True)(unread()).decode() if group else shown(form, unread())
    text = " ".join(said.replace("\\", "").replace("&#8203;", "").split())
    assert text.count(LINE) == 1
    assert text.index(LINE) < text.index("M14.logging") < text.index("M19.data_trigger")


def test_a_class_lists_it() -> None:
    assert problems_of(unread())[0] == f"{LINE} (M14.logging, M14.sweep)."


def test_nothing_is_said_of_what_was_read() -> None:
    assert unread_told(result(NEAR)) == ()
