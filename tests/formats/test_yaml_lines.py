"""The YAML reader: lines, plain data, bounds."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees

from auditor.facts.yaml_files import read_yaml
from auditor.formats import yaml_lines
from auditor.formats.yaml_lines import YamlError, YamlList, YamlMap, parse_yaml

TEXT = """\
# a comment
on: [push, pull_request]
jobs:
  test:
    python: 3.10
    steps:
      - run: |
          pytest
      - name: second
        run: >-
          folded
"""


def test_lines_and_source_text() -> None:
    document = parse_yaml(TEXT).mapping
    assert list(document) == ["on", "jobs"]
    assert document.line_of("on") == 2
    job = document.map_at("jobs").map_at("test")
    assert (job["python"], job.text_of("python"), job.line_of("python")) == (3.1, "3.10", 5)
    steps = job.list_at("steps")
    assert [steps.line_of(0), steps.line_of(1)] == [7, 9]
    assert [step.line_of("run") for step in steps.maps()] == [7, 10]
    assert [step.content_line_of("run") for step in steps.maps()] == [8, 11]
    assert document.scalars_at("on") == [("push", 2), ("pull_request", 2)]
    assert parse_yaml("on: push").mapping.scalars_at("on") == [("push", 1)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("yes", "yes"),
        ("on", "on"),
        ("'true'", "true"),
        ("~", None),
        ("", None),
        ("1e-3", 0.001),
        ("0o17", 15),
        ("-7", -7),
        ("12:30", "12:30"),
        ("2026-01-02", "2026-01-02"),
        ("1_000", "1_000"),
        ("!!str 5", "5"),
        ("!!int '5'", 5),
        ("!Ref name", "name"),
        ("!!python/object/apply:os.system [echo]", ["echo"]),
        ("!!python/name:shop.run", ""),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_scalars(text: str, value: object) -> None:
    found = parse_yaml(f"key: {text}").mapping["key"]
    assert found == value
    assert type(found) in (type(value), YamlList)


def test_only_line_feeds_end_lines() -> None:
    """The parser itself reads YAML 1.1, which knows three characters more."""
    root = parse_yaml("a: 'x\x85y\u2028z'\nb: 2\n").root
    assert isinstance(root, YamlMap)
    assert root.line_of("b") == 2
    with pytest.raises(YamlError) as found:
        parse_yaml("[ a:")
    assert found.value.line == 1


def test_duplicate_keys_are_noted_and_the_last_wins() -> None:
    file = parse_yaml("a: 1\nb: 2\na: 3\n")
    assert file.mapping == {"a": 3, "b": 2}
    assert file.duplicate_keys == (("a", 3),)


def test_anchors_aliases_and_merges() -> None:
    text = "base: &b {x: 1, y: 2}\nmore: &m {z: 4}\nmerged:\n  <<: [*b, *m]\n  y: 3\nsame: *b\nquoted: {'<<': 1}\n"
    document = parse_yaml(text).mapping
    assert document["merged"] == {"x": 1, "y": 3, "z": 4}
    assert document["same"] == {"x": 1, "y": 2}
    assert document.line_of("same") == 6
    assert document["quoted"] == {"<<": 1}


def test_documents() -> None:
    assert parse_yaml("a: 1\n---\nb: 2\n").documents == ({"a": 1}, {"b": 2})
    assert parse_yaml("# nothing\n").root is None
    assert parse_yaml("- 1\n").mapping == {}


def test_templates_are_read() -> None:
    assert parse_yaml("name: ${{ matrix.os }}").mapping["name"] == "${{ matrix.os }}"
    assert parse_yaml("name: {{ name }}\nother: 1").mapping["other"] == 1


@pytest.mark.parametrize(("text", "line"), [("a: 1\n\tb: 2", 2), ("a: [1\nb: 2\n", 2), ("a: 1\nb: {{ x }}-y\n", 2)])
def test_broken_yaml_says_where(text: str, line: int, tree: Trees) -> None:
    with pytest.raises(YamlError, match=f"YAML error at line {line}"):
        parse_yaml(text)
    snapshot = tree({"x.yml": text}).snapshot
    assert read_yaml(snapshot, "x.yml") is None
    assert [p.message.startswith(f"YAML error at line {line}") for p in snapshot.problems] == [True]


def test_alias_bomb_and_recursion_are_left_out() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    file = parse_yaml("\n".join(levels))
    assert any("repeats too many" in problem for problem in file.problems)
    assert size(file.root) < 2 * yaml_lines.MAX_NODES
    recursive = parse_yaml("a: &a\n  b: *a\n")
    assert recursive.mapping == {"a": {"b": None}}
    assert "line 2" in recursive.problems[0]


def test_merge_bomb_is_bounded() -> None:
    base = "base: &b {" + ", ".join(f"k{n}: 1" for n in range(2000)) + "}\n"
    file = parse_yaml(base + "".join(f"m{n}:\n  <<: *b\n" for n in range(500)))
    assert file.problems


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 50_000, "x\n" * 3, "- 1\n" * 200_000])
def test_too_deep_or_too_large(text: str) -> None:
    if text.startswith("x"):
        assert parse_yaml(text).root == "x x x"
    else:
        with pytest.raises(YamlError):
            parse_yaml(text)


def size(value: Any) -> int:
    total, todo = 0, [value]
    while todo:
        node = todo.pop()
        total += 1
        todo += node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return total


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(plain)
@settings(deadline=None, max_examples=150)
def test_dumped_data_comes_back(data: object) -> None:
    assert parse_yaml(yaml.safe_dump(data)).root == data


@given(st.text(alphabet="ab01 \n\t:-#[]{}&*!|>'\"%@`,?<.\\~é\0", max_size=60), st.booleans())
@settings(deadline=None, max_examples=400)
def test_any_text_is_read_or_refused(text: str, pure: bool) -> None:
    loader = yaml_lines.LOADER
    try:
        if pure:
            yaml_lines.LOADER = yaml.SafeLoader
        file = parse_yaml(text)
    except YamlError as error:
        assert 1 <= error.line <= text.count("\n") + 2
    else:
        for document in file.documents:
            if isinstance(document, YamlMap):
                assert document.keys() == document.marks.keys()
    finally:
        yaml_lines.LOADER = loader
