"""How a command line of pytest selects tests: its paths, its options with their values, the expressions of `-k` and `-m`.

Source: pytest documentation, "How to invoke pytest" and "Command-line Flags".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from auditor.patterns import pattern

VALUED = frozenset(
    ("-k", "-m", "-c", "-n", "-p", "-o", "-r", "-W", "--maxfail", "--cov-report", "--cov-config", "--junitxml", "--junit-xml",
     "--durations", "--tb", "--rootdir", "--timeout", "--numprocesses", "--dist", "--color", "--log-level", "--log-cli-level",
     "--basetemp", "--confcutdir", "--import-mode", "--html", "--splits", "--group", "--override-ini", "--config-file",
     "--capture", "--ignore", "--ignore-glob", "--deselect", "--cov-fail-under", "--randomly-seed", "--reruns", "--cov-context")
)  # fmt: skip
"""Options of pytest and usual plug-ins whose value may be the next word."""
UNKNOWN = pattern(r"[${}]")


def arguments(words: tuple[str, ...]) -> tuple[list[str], list[tuple[str, str]]]:
    """Path arguments and options with their values."""
    places: list[str] = []
    options: list[tuple[str, str]] = []
    waiting = ""
    for word in words:
        if waiting:
            options.append((waiting, word))
            waiting = ""
        elif word.startswith("-") and len(word) > 1:
            name, equals, value = word.partition("=")
            if equals:
                options.append((name, value))
            elif word in VALUED:
                waiting = word
            elif word[:2] in ("-k", "-m") and len(word) > 2 and not word.startswith("--"):
                options.append((word[:2], word[2:]))
        elif "/" in word or "." in word or "::" in word or word.replace("_", "").replace("-", "").isalnum():
            places.append(word)
    return places, options


def holds(expression: str, known: Callable[[str], bool]) -> bool:
    """Whether an expression of `-k` or `-m` holds, with `known` telling of each word; what is unclear holds."""
    text = expression.replace("(", " ").replace(")", " ").strip()
    if not text or UNKNOWN.search(text):
        return True
    for alternative in re.split(r"\s+or\s+", text[:1000]):
        terms = [term.strip() for term in re.split(r"\s+and\s+", alternative)]
        if all(not known(t[4:].strip()) if t.startswith("not ") else known(t) for t in terms):
            return True
    return False
