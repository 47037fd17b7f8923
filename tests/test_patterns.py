from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping

import msgspec
import pytest

import auditor
import rules
from auditor import patterns
from auditor.patterns import METHODS, LatePattern, compiled_pattern, pattern


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
    original = patterns.programmed

    def watched(text: str, flags: int) -> patterns.Program:
        compiled.append(text)
        return original(text, flags)

    monkeypatch.setattr(patterns, "programmed", watched)
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


def test_what_was_learnt_makes_the_same_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        ("(?P<a>x)(y)?", re.I),
        ("[α-ω]+|\\bfoo\\b(?=bar)", 0),
        ("(?s)a.*?b{2,70000}", re.M),
        ("(?P<a>.)(?P=a)", 0),
    ]
    for package in (auditor, rules):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name != "auditor.__main__":
                for thing in vars(importlib.import_module(module.name)).values():
                    texts += [(one.pattern, one.flags) for one in held(thing) if isinstance(one.pattern, str)]
    monkeypatch.setattr(patterns, "_KEPT", patterns._Compiler())
    for text, flags in texts:
        compiled_pattern(text, flags)
    learnt = patterns.learnt()
    assert learnt is not None
    monkeypatch.setattr(patterns, "_KEPT", patterns._Compiler())
    patterns.recall(learnt)
    for text, flags in texts:
        mine, plain = compiled_pattern(text, flags), re.compile(text, flags)
        assert mine == plain  # flags, text and the machine's words
        assert (mine.groups, mine.groupindex, mine.flags) == (plain.groups, plain.groupindex, plain.flags)
    assert patterns.learnt() is None, "something was compiled although all of it was recalled"


@pytest.mark.parametrize("words", [b"", b"\0" * 8, b"\xff" * 400, b"abc"])
def test_what_is_recalled_wrongly_is_compiled_anew(words: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_KEPT", patterns._Compiler())
    planted = {"0 ab+": patterns.Program(32, words, 0, {}), "0 (a)": patterns.Program(32, words, -7, {"x": 9})}
    patterns.recall(msgspec.msgpack.encode(patterns.Kept(sys.version, planted)))
    assert compiled_pattern("ab+").fullmatch("abb")
    found = compiled_pattern("(a)").fullmatch("a")
    assert found and found.groups() == ("a",)


def test_what_is_no_memory_of_patterns_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_KEPT", patterns._Compiler())
    other = patterns.Kept("2.7", {"0 a": patterns.Program(32, b"", 0, {})})
    for data in (b"", b"\x90", b"{}", msgspec.msgpack.encode(other)):
        patterns.recall(data)
    assert patterns._KEPT.known == {}
