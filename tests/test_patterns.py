from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping

import pytest

import auditor
import rules
from auditor.patterns import METHODS, LatePattern, pattern


def test_it_answers_as_a_compiled_one() -> None:
    text = "to be or not to be"
    for name in METHODS:
        late, compiled = pattern(r"(b)(?P<vowel>E)", re.I), re.compile(r"(b)(?P<vowel>E)", re.I)
        given = ("x", text) if name.startswith("sub") else (text,)
        found, wanted = getattr(late, name)(*given), getattr(compiled, name)(*given)
        assert (
            [m.span() for m in found] == [m.span() for m in wanted] if name == "finditer" else str(found) == str(wanted)
        )
    assert pattern(rb"a+").findall(b"caat") == [b"aa"]
    assert pattern("a+").pattern == "a+"


def test_it_is_compiled_once_and_late(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    original = re.compile

    def watched(text: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(text)
        return original(text, flags)

    monkeypatch.setattr(re, "compile", watched)
    late = pattern("x(y)")
    assert compiled == []
    assert late.search("xy") and late.search("zxy") and not late.match("zxy")
    assert compiled == ["x(y)"]


def test_what_is_wrong_is_told_where_it_is_asked() -> None:
    with pytest.raises(re.error):
        pattern("(").search("")
    with pytest.raises(AttributeError):
        pattern("a").scanner("")  # type: ignore[attr-defined]


def held(thing: object) -> Iterator[LatePattern]:
    """The patterns in what a module names."""
    if isinstance(thing, LatePattern):
        yield thing
    elif isinstance(thing, Mapping):
        for one in thing.values():
            yield from held(one)
    elif isinstance(thing, tuple | list | frozenset):
        for one in thing:
            yield from held(one)


def test_every_pattern_of_every_module_compiles() -> None:
    number = 0
    for package in (auditor, rules):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name == "auditor.__main__":
                continue
            for name, thing in vars(importlib.import_module(module.name)).items():
                for one in held(thing):
                    number += 1
                    try:
                        re.compile(one.pattern, one.flags)
                    except re.error as error:
                        pytest.fail(f"{module.name}.{name}: {error}")
    assert number > 300
