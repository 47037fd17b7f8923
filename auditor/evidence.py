"""What a rule yields: parts of a claim, each with the evidence found for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from auditor.records import dataclass

TEXT_LENGTH = 160
"""Longest line of evidence that is shown, in characters."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that speaks for (or against) a claim.

    `path` is relative to the repository's root, with forward slashes; `line` counts from 1, None where the file as a whole
    is meant. `text` is the line itself or what it says. `commit` is the full hash where the place is a commit.
    """

    path: str
    line: int | None = None
    text: str = ""
    commit: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", shorten(self.text))

    @property
    def place(self) -> str:
        """Where, as `path:line`."""
        if self.commit:
            return f"commit {self.commit[:10]}"
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a claim's wording and what was found for it.

    `strong` evidence settles the part; `weak` evidence (a stub, dead code, a dependency that nothing uses) is shown and
    makes the claim partial at most. `looked_for` says in words what would have counted: it is printed where the part is
    missing. A `premise` is what a claim cannot do without but is no evidence for it by itself: missing, it makes the claim
    unsupported; found, it counts for nothing.
    """

    name: str
    strong: tuple[Evidence, ...] = ()
    weak: tuple[Evidence, ...] = ()
    looked_for: str = ""
    premise: bool = False
    remark: str = field(default="", kw_only=True)
    """One more sentence for the reader, such as why evidence counts as weak."""

    def __init__(
        self,
        name: str,
        strong: Iterable[Evidence] = (),
        weak: Iterable[Evidence] = (),
        looked_for: str = "",
        premise: bool = False,
        *,
        remark: str = "",
    ) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "strong", tuple(dict.fromkeys(strong)))
        object.__setattr__(self, "weak", tuple(dict.fromkeys(weak)))
        object.__setattr__(self, "looked_for", looked_for)
        object.__setattr__(self, "premise", premise)
        object.__setattr__(self, "remark", remark)

    @property
    def status(self) -> str:
        """`found`, `weak` or `missing`."""
        return "found" if self.strong else "weak" if self.weak else "missing"


def shorten(text: str, length: int = TEXT_LENGTH) -> str:
    """`text` on one line without control characters, at most `length` characters long."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
