"""The one YAML reader: plain data that knows the line of every key, item and scalar.

YAML is read into events only (libyaml's, where PyYAML has it), never into objects: tags construct nothing. The tree is
built here, without recursion, so that nesting, aliases and merges stay bounded.

    file = read_yaml(snapshot, "dvc.yaml")
    file.mapping["stages"]["train"]["cmd"]
    file.mapping.line_of("stages")
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import yaml

from auditor.patterns import pattern
from auditor.records import Record

NO_BREAKS = pattern("[\x85\u2028\u2029]")
"""What ends a line for the parser, which reads YAML 1.1, and for nobody else (YAML 1.2.2, 5.4 "Line Break Characters")."""
MAX_DEPTH = 100
"""Collections within collections; hand-written files stay below 20."""
MAX_NODES = 100_000
"""Keys and values that one file writes, and as many again (200 characters each) that aliases and merges repeat."""
MAX_DIGITS = 100
"""A longer number is kept as text."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CORE_TAG = "tag:yaml.org,2002:"
RESOLVED_TAGS = frozenset(CORE_TAG + name for name in ("null", "bool", "int", "float"))

YamlValue: TypeAlias = "YamlMap | YamlList | str | int | float | bool | None"


class Mark(NamedTuple):
    """Where an entry stands: line of its key (or of a sequence's item), of its value, and of the value's content.

    The content of a block scalar begins below its `|`. `text` is the source of a scalar other than null, else empty.
    """

    line: int
    value_line: int
    content_line: int
    text: str


class Scalar(NamedTuple):
    """The source text of a scalar and its line."""

    text: str
    line: int


class YamlError(ValueError):
    """A text that is not YAML, or more than what is read. `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"YAML error at line {line}: {message}")
        self.line = line
        self.message = message


class YamlMap(dict[str, YamlValue]):
    """A mapping whose keys are the source's own text (`on` stays `on`), with the lines of its entries."""

    __slots__ = ("line", "marks")

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.marks: dict[str, Mark] = {}

    def line_of(self, key: str) -> int:
        """Line of `key`; of the mapping itself where it has no such key."""
        mark = self.marks.get(key)
        return mark.line if mark else self.line

    def content_line_of(self, key: str) -> int:
        """Line on which the content of the value begins: for a block scalar, the one below its `|` or `>`."""
        mark = self.marks.get(key)
        return mark.content_line if mark else self.line

    def text_of(self, key: str) -> str:
        """Source text of a scalar value (`3.10` stays `3.10`); empty for null, a collection or no such key."""
        mark = self.marks.get(key)
        return mark.text if mark else ""

    def map_at(self, key: str) -> YamlMap:
        """The mapping at `key`; an empty one where there is none."""
        value = self.get(key)
        return value if isinstance(value, YamlMap) else YamlMap(self.line_of(key))

    def list_at(self, key: str) -> YamlList:
        """The sequence at `key`; an empty one where there is none."""
        value = self.get(key)
        return value if isinstance(value, YamlList) else YamlList(self.line_of(key))

    def scalars_at(self, key: str) -> list[Scalar]:
        """The scalars at `key`, where a file may hold one or a sequence of them; nulls and collections are left out."""
        value = self.get(key)
        if isinstance(value, YamlList):
            return value.scalars()
        if value is None or isinstance(value, YamlMap):
            return []
        return [Scalar(self.text_of(key), self.marks[key].value_line)]


class YamlList(list[YamlValue]):
    """A sequence with the lines of its items."""

    __slots__ = ("line", "marks")

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.marks: list[Mark] = []

    def line_of(self, index: int) -> int:
        """Line of an item."""
        return self.marks[index].line if index < len(self.marks) else self.line

    def content_line_of(self, index: int) -> int:
        """Line on which an item's content begins, as `YamlMap.content_line_of`."""
        return self.marks[index].content_line if index < len(self.marks) else self.line

    def text_of(self, index: int) -> str:
        """Source text of a scalar item, as `YamlMap.text_of`."""
        return self.marks[index].text if index < len(self.marks) else ""

    def maps(self) -> list[YamlMap]:
        """The items that are mappings."""
        return [item for item in self if isinstance(item, YamlMap)]

    def scalars(self) -> list[Scalar]:
        """The items that are scalars other than null, in sequences within this one too (as merged lists have them)."""
        found = []
        for item, mark in zip(self, self.marks, strict=True):
            if isinstance(item, YamlList):
                found += [Scalar(m.text, m.line) for i, m in zip(item, item.marks, strict=True) if is_scalar(i)]
            elif is_scalar(item):
                found.append(Scalar(mark.text, mark.value_line))
        return found


def is_scalar(value: YamlValue) -> bool:
    """Whether a value is a scalar other than null."""
    return value is not None and not isinstance(value, YamlMap | YamlList)


class YamlFile(Record):
    """What one YAML text holds.

    `duplicate_keys` are keys given again within their mapping: the last one wins. `problems` says what was left out
    (aliases to an enclosing or too large a value).
    """

    documents: tuple[YamlValue, ...]
    duplicate_keys: tuple[Scalar, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def root(self) -> YamlValue:
        """The first document; None where the file is empty."""
        return self.documents[0] if self.documents else None

    @property
    def mapping(self) -> YamlMap:
        """The first document, where it is a mapping; else an empty one."""
        return self.root if isinstance(self.root, YamlMap) else YamlMap()


def parse_yaml(text: str) -> YamlFile:
    """What a YAML text holds. Raises YamlError where it is not YAML, nested too deep or too large."""
    builder = _Builder()
    text = NO_BREAKS.sub(" ", text)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            builder.take(event)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlError(line, f"character {error.character!r} is not allowed") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = text.count("\n") + 1  # the parser counts one line more at the end
        raise YamlError(min(mark.line + 1, last) if mark else 1, error.problem or "cannot be read") from None
    except YamlError:
        raise
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise YamlError(1, type(error).__name__) from None
    return YamlFile(tuple(builder.documents), tuple(builder.duplicates), tuple(dict.fromkeys(builder.problems)))


class _Node(NamedTuple):
    """A finished value on its way into its collection."""

    value: YamlValue
    line: int
    content_line: int
    text: str
    weight: int
    merge: bool = False


class _Frame:
    """A collection that is still open."""

    __slots__ = ("anchor", "collection", "key", "merged", "weight")

    def __init__(self, collection: YamlMap | YamlList, anchor: str | None) -> None:
        self.collection = collection
        self.anchor = anchor
        self.key: _Node | None = None
        self.merged: list[YamlValue] = []
        self.weight = 1


class _Builder:
    """Builds documents from parser events."""

    def __init__(self) -> None:
        self.documents: list[YamlValue] = []
        self.duplicates: list[Scalar] = []
        self.problems: list[str] = []
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Node | None] = {}
        self._nodes = 0
        self._repeated = 0

    def take(self, event: Any) -> None:
        """Take the next event. Raises YamlError where a bound is reached."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._count(event)
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._count(event)
            line = event.start_mark.line + 1
            if len(self._stack) >= MAX_DEPTH:
                raise YamlError(line, f"nested deeper than {MAX_DEPTH} levels")
            collection = YamlMap(line) if kind is yaml.MappingStartEvent else YamlList(line)
            self._stack.append(_Frame(collection, event.anchor))
            if event.anchor:
                self._anchors[event.anchor] = None
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close()
        elif kind is yaml.AliasEvent:
            self._count(event)
            self._alias(event)
        elif kind is yaml.DocumentStartEvent:
            self._anchors.clear()

    def _count(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise YamlError(event.start_mark.line + 1, f"more than {MAX_NODES:,} values")

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        text: str = event.value
        plain = not event.style
        resolved = (plain and event.implicit[0]) or event.tag in RESOLVED_TAGS
        value = resolve(text) if resolved else text
        node = _Node(
            value,
            line,
            line + 1 if event.style in ("|", ">") else line,
            "" if value is None else text,
            1 + len(text) // 200,
            merge=plain and text == "<<",
        )
        if event.anchor:
            self._anchors[event.anchor] = node
        self._add(node)

    def _alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        target = self._anchors.get(event.anchor)
        if target is None:
            reason = "the value it stands in" if event.anchor in self._anchors else "nothing"
            self.problems.append(f"YAML alias at line {line} refers to {reason}: left out")
            self._add(_Node(None, line, line, "", 1))
            return
        if self._repeated + target.weight > MAX_NODES:
            self.problems.append(f"YAML alias at line {line} repeats too many values: left out")
            self._add(_Node(None, line, line, "", 1))
            return
        self._repeated += target.weight
        self._add(target._replace(line=line, content_line=target.content_line if target.text else line, merge=False))

    def _close(self) -> None:
        frame = self._stack.pop()
        collection = frame.collection
        if isinstance(collection, YamlMap):
            for source in frame.merged:
                self._merge(frame, collection, source)
        node = _Node(collection, collection.line, collection.line, "", frame.weight)
        if frame.anchor:
            self._anchors[frame.anchor] = node
        self._add(node)

    def _merge(self, frame: _Frame, into: YamlMap, source: YamlValue) -> None:
        """Copy the entries of `source` that the mapping lacks (Merge Key Language-Independent Type for YAML 1.1)."""
        for each in source if isinstance(source, YamlList) else [source]:
            if not isinstance(each, YamlMap):
                continue
            self._repeated += len(each)
            if self._repeated > MAX_NODES:
                self.problems.append(f"YAML merge at line {into.line} repeats too many values: left out")
                return
            for key in each:
                if key not in into:
                    into[key] = each[key]
                    into.marks[key] = each.marks[key]
                    frame.weight += 1

    def _add(self, node: _Node) -> None:
        if not self._stack:
            self.documents.append(node.value)
            return
        frame = self._stack[-1]
        frame.weight += node.weight
        collection = frame.collection
        if isinstance(collection, YamlList):
            collection.append(node.value)
            collection.marks.append(Mark(node.line, node.line, node.content_line, node.text))
        elif frame.key is None:
            frame.key = node
        else:
            key, frame.key = frame.key, None
            if key.merge:
                frame.merged.append(node.value)
                return
            name = key_text(key)
            if name in collection:
                self.duplicates.append(Scalar(name, key.line))
            collection[name] = node.value
            collection.marks[name] = Mark(key.line, node.line, node.content_line, node.text)


def key_text(node: _Node) -> str:
    """A key's source text; a collection used as key (a template's `{{ name }}`) becomes a placeholder."""
    if isinstance(node.value, YamlMap):
        return "{...}"
    if isinstance(node.value, YamlList):
        return "[...]"
    return node.text


_NUMBER = pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INTEGER = pattern(r"[-+]?[0-9]+")
_WORDS: dict[str, YamlValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def resolve(text: str) -> YamlValue:
    """What a plain scalar stands for (YAML 1.2.2, 10.3 "Core Schema"); text where it is no null, boolean or number.

    YAML 1.1's `yes`, `on`, `12:30` and dates stay text, as GitHub and GitLab read them.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789" or len(text) > MAX_DIGITS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    if text[:2] in ("0x", "0o"):
        try:
            return int(text, 0)
        except ValueError:
            return text
    return text
