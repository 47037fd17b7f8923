"""A rule: how evidence for one claim is gathered, with its text for users."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from auditor.evidence import Part
from auditor.records import Record


class Rule(Record):
    """How evidence for one claim is gathered: a function from facts to parts. Its docstring is what `explain` prints."""

    claim: str
    gather: Callable[..., Iterator[Part]]
    net: str = ""
    """The topic of the open search that is made before a ticked claim ends with nothing (`practices/second_net.py`)."""

    def __call__(self, *facts: Any, **named: Any) -> list[Part]:
        """The parts, from facts made by hand; for tests."""
        return list(self.gather(*facts, **named))

    @property
    def text(self) -> str:
        """What counts, what does not, and how to mend it, as written for users."""
        return inspect.getdoc(self.gather) or ""

    @property
    def settle(self) -> str:
        """What would settle the claim: the sentence of the text that begins with "To settle it:"."""
        _, found, rest = self.text.partition("To settle it:")
        return " ".join(rest.split("\n\n")[0].split()) if found else ""


def rule(claim: str, net: str = "") -> Callable[[Callable[..., Iterator[Part]]], Rule]:
    """Make the decorated function the rule for `claim`; `net` is the topic by which an open search looks for it, too."""
    return lambda function: Rule(claim, function, net)
