"""Results made by hand for the tests of SARIF and of annotations; what strangers write in them is given by the test."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from auditor.evidence import Place
from auditor.records import replace
from auditor.result.audit import AuditResult, ClaimResult, PartResult, Remark, SetAside, Settings
from support.page_samples import COMMIT, HOSTILE, audit, hostile_audit

PAYLOADS = (
    *HOSTILE,
    "a]b[c](1) and [x](https://example.org) and ![y](javascript:hostile()) and [z]\\](0)",
    "{0} {{1}} {} }{ {-1} {2147483648}",
    "::stop-commands::token\n::error file=x::y\r\n::add-mask::z",
    "%0A::warning::x %0D%250A %25 %%",
    "##[error]x ##[add-matcher]y ##[group]\n##[stop-commands]t",
    "a,b:c;d=e,line=9,title=::x::",
    "=first",
    "x" * 5000,
    "{" * 3000,
    "a:b/c?d#e%2e%2e/ f",
    "//example.org/x",
    "../../../etc/passwd",
    "Ål og æble/文書.md",
    "latin \udce6\udcf8 name",
    "\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e",
    "",
    " ",
    "\n",
    "**bold** `code` <b>x</b> | a | b | @someone #1",
)
"""Each is meant for one form of output, and harmless in the others."""

STRANGE = st.text(
    alphabet=st.one_of(
        st.sampled_from("::,=%{}[]()\\`#\n\r\t -0123\u2028\x85\x1b\u202e\udce6"), st.characters(exclude_categories=())
    ),
    max_size=40,
)
"""Text of strangers: the marks of both formats, control characters and lone surrogates among them."""


def remark(number: int = 0, check: str = "H.placeholder", **changes: object) -> Remark:
    """A remark of a hand-in check."""
    made = Remark(
        check=check,
        title="No placeholder is left",
        place=Place("reports/README.md", 80 + number, f"> Answer {number}:"),
        message=f"The answer to question {number} holds the template's placeholder.",
        settle="Take it out.",
    )
    return replace(made, **changes)


def strange(text: str) -> AuditResult:
    """An audit in which everything that strangers write is `text`, remarks and settings among it, and a tame repository."""
    made = hostile_audit(text)
    place = Place(text, 7, text)
    part = PartResult(text, "weak", (place, Place(text, None, text), Place("", None, text, COMMIT)), text, text)
    remarks = (
        Remark("H.placeholder", text, place, text, text),
        Remark("H.secrets", text, Place(text, None, text), text, text),
        Remark("H.state", text, Place("", None, text, COMMIT), text, text),
        Remark("H.state", text, Place(".", None, text), text, text),
    )
    return replace(
        made,
        repository=replace(made.repository, dirty=False),
        claims=tuple(replace(one, set_aside=text, settle=(text,), parts=(part,)) for one in made.claims),
        hand_in=remarks,
        settings=Settings(text, 3, True, ignored=(SetAside(text, text, 4),), problems=(place,)),
        course_settings=Settings(text, None, True, (text,), folders=(text,), report=text),
    )


def moved(result: AuditResult, lines: int) -> AuditResult:
    """The result as it is after `lines` lines were put in above everything that it names."""

    def place(one: Place) -> Place:
        return one if one.line is None else replace(one, line=one.line + lines)

    def places(several: tuple[Place, ...]) -> tuple[Place, ...]:
        return tuple(map(place, several))

    def claim(one: ClaimResult) -> ClaimResult:
        parts = tuple(replace(part, evidence=places(part.evidence)) for part in one.parts)
        line = None if one.line is None else one.line + lines
        return replace(one, line=line, parts=parts, against=places(one.against), documented=places(one.documented))

    remarks = tuple(replace(one, place=place(one.place)) for one in result.hand_in or ())
    return replace(result, claims=tuple(map(claim, result.claims)), hand_in=remarks)


def handed_in(*remarks: Remark, change: Callable[[AuditResult], AuditResult] = lambda made: made) -> AuditResult:
    """The usual audit with these remarks."""
    return change(replace(audit(), hand_in=remarks))
