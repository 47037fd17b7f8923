"""The program's frozen dataclasses are what the standard library's are."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import field

import pytest

from auditor.records import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place."""

    path: str
    line: int = 1

    @property
    def shown(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Call(Place):
    """A call."""

    names: tuple[str, ...] = ()
    more: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class One:
    """One field."""

    value: object


@dataclass(frozen=True, slots=True)
class Nothing:
    """No fields."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Made by the standard library: it has a `__post_init__`."""

    value: int

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("negative")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Made by the standard library: a field has options."""

    value: int
    secret: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Below(Checked):
    """Made by the standard library, as what it inherits from is."""

    other: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """Its own comparison."""

    value: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Compared) and self.value.lower() == other.value.lower()

    def __hash__(self) -> int:
        return hash(self.value.lower())


THINGS = [
    Place("a"),
    Call("a", 2, ("b",), [1]),
    One(None),
    One((1, 2)),
    Nothing(),
    Checked(1),
    Hidden(1, "x"),
    Below(1, 2),
]


def standard(thing: object) -> object:
    """The same made by the standard library alone."""
    fields = dataclasses.fields(thing)  # type: ignore[arg-type]
    made = dataclasses.make_dataclass(
        type(thing).__name__,
        [(f.name, f.type, field(repr=f.repr, compare=f.compare)) for f in fields],
        frozen=True,
        slots=True,
    )
    return made(*(getattr(thing, f.name) for f in fields))


@pytest.mark.parametrize("thing", THINGS, ids=repr)
def test_it_is_a_dataclass_like_any_other(thing: object) -> None:
    other = standard(thing)
    assert repr(thing) == repr(other)
    assert dataclasses.asdict(thing) == dataclasses.asdict(other)  # type: ignore[call-overload]
    assert type(thing).__match_args__ == type(other).__match_args__  # type: ignore[attr-defined]
    assert not hasattr(thing, "__dict__")
    again = dataclasses.replace(thing)  # type: ignore[type-var]
    assert again == thing and again is not thing
    assert thing != other
    assert copy.copy(thing) == copy.deepcopy(thing) == pickle.loads(pickle.dumps(thing)) == thing
    for name in (*(f.name for f in dataclasses.fields(thing)), "unknown"):  # type: ignore[arg-type]
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
            setattr(thing, name, 1)
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
            delattr(thing, name)


@pytest.mark.parametrize("thing", [Place("a"), One((1, 2)), Nothing(), Checked(1), Hidden(1), Below(1)], ids=repr)
def test_hashes_are_those_of_the_fields(thing: object) -> None:
    assert hash(thing) == hash(standard(thing))
    assert {thing: 1}[dataclasses.replace(thing)] == 1  # type: ignore[type-var]


def test_parameters_are_the_fields() -> None:
    assert str(inspect.signature(Place)).replace("'", "") in ("(path, line=1)", "(path: str, line: int = 1) -> None")
    assert Place(line=3, path="x") == Place("x", 3)
    assert Call("a").more == [] and Call("a").more is not Call("a").more
    with pytest.raises(TypeError, match=r"Place\.__init__\(\) missing 1 required positional argument: 'path'"):
        Place()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        Place("a", other=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="negative"):
        Checked(-1)


def test_what_a_class_defines_itself_is_left_alone() -> None:
    assert Compared("A") == Compared("a")
    assert hash(Compared("A")) == hash(Compared("a"))
    assert Call("a").shown == "a:1"


def test_lists_cannot_be_hashed() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Call("a"))


def test_a_class_is_not_its_base() -> None:
    assert Place("a") != Call("a")
    assert isinstance(Call("a"), Place)
