"""How what was found counts, in one vocabulary: the reasons why a place in code or a command settles nothing.

The practice that decides knows the reason and gives it; these are those that any practice may give.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditor.evidence import Place, Trace, counts, half, weighed
from auditor.facts.python import Site

NOTHING_CALLS = "nothing calls it"
CANNOT_RUN = "it cannot run where it stands"
ONLY_TESTS = "only the tests lead to it"
DECLARED = "it is declared, and nothing uses it"
TEMPLATE = "the template's file, unchanged"
BY_HAND = "it is started by hand only"
DEAD_COMMAND = "nothing runs this command"
PLACEHOLDER = "it shows the form of a command, with placeholders in it"
IMPORTED_ONLY = "it is imported, and nothing of it is called"
USED_OTHERWISE = "it is imported, and used for something else"
TEMPLATES_OWN = "the file is the course template's own"
IN_TESTS = "only a test imports it"
IN_DOCS = "it stands in the documentation, not in the program"
UNKNOWN_LIBRARY = "by its name it may be this, but auditor does not know the library or program"


def why_idle(site: Site) -> str:
    """Why code at `site` does not count in full; empty where it does."""
    if not site.live:
        return NOTHING_CALLS if site.idle else CANNOT_RUN
    return ONLY_TESTS if site.only_tests else ""


def trace(site: Site, place: Place | None = None) -> Trace:
    """Code as a trace: it counts where it runs, and by half where nothing but the tests, or nothing at all, leads to it."""
    return weighed(place or site.evidence, why_idle(site))


def settled(places: Iterable[Place]) -> list[Trace]:
    """Places that all count."""
    return [counts(place) for place in places]


def halved(places: Iterable[Place], why: str) -> list[Trace]:
    """Places that all count by half, for one reason."""
    return [half(place, why) for place in places]
