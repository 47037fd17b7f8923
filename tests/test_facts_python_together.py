"""Files read in two processes: the same comes of it, also where one of them is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

import pytest

from auditor.facts.python import together
from auditor.facts.python.model import Role
from auditor.facts.python.modules import Modules
from auditor.facts.python.pickling import pickled
from auditor.facts.python.reading import Reading, Unread, read_source
from auditor.facts.python.record import Record
from auditor.facts.python.source import script

PATHS = [f"pkg/m{number}.py" for number in range(9)]
MODULES = Modules(PATHS, lambda path, top: False)
PARENT = os.getpid()


def files(size: int) -> list[Unread]:
    found = []
    for number, path in enumerate(PATHS):
        text = "def (" if number == 4 else f"from pkg.m{number // 2} import x\n\n" + f"y = x(..., {number})\n" * size
        found.append(Unread(Record(path, f"pkg.m{number}", Role.OWN), text, script(text), len(text)))
    return found


def read(size: int, *, both: bool, seconds: float = 60) -> list[Reading]:
    return [reading for reading, _ in together.read_all(files(size), MODULES, together=both, seconds=seconds)]


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "processors", lambda: 2)


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were started."""
    started: list[int] = []
    fork = os.fork

    def watched() -> int:
        child = fork()
        started.append(child)
        return child

    monkeypatch.setattr(os, "fork", watched)
    return started


def test_the_same_is_read_by_two(forks: list[int]) -> None:
    assert read(300, both=True) == read(300, both=False)
    assert len(forks) == 1


def test_what_was_brought_comes_as_bytes_too() -> None:
    found = together.read_all(files(300), MODULES, together=True, seconds=60)
    brought = [(reading, data) for reading, data in found if data is not None]
    assert 3 <= len(brought) <= 6
    assert all(pickled(reading) is not None for reading, _ in brought)


def test_little_is_read_alone(forks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    read(2, both=True)
    monkeypatch.setattr(together, "processors", lambda: 1)
    read(300, both=True)
    assert forks == []


def test_shares_are_about_even() -> None:
    unread = files(300)
    share = together.other_share(unread)
    there, whole = sum(unread[number].cost for number in share), sum(file.cost for file in unread)
    assert 0.35 < there / whole < 0.6


def dies(unread: Unread, modules: Modules) -> Reading:
    if os.getpid() != PARENT:
        os.kill(os.getpid(), signal.SIGKILL)
    return read_source(unread, modules)


def hangs(unread: Unread, modules: Modules) -> Reading:
    while os.getpid() != PARENT:
        pass
    return read_source(unread, modules)


def fails(unread: Unread, modules: Modules) -> Reading:
    if os.getpid() != PARENT:
        raise SystemExit(1)
    return read_source(unread, modules)


@pytest.mark.parametrize("lost", [dies, hangs, fails])
def test_what_the_other_process_does_not_bring_is_read_here(
    lost: object, forks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "read_source", lost)
    monkeypatch.setattr("test_facts_python_together.PARENT", os.getpid())
    assert read(300, both=True, seconds=0.5) == read(300, both=False)
    assert len(forks) == 1


def test_what_cannot_be_sent_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "pickled", lambda reading: None)
    assert read(300, both=True) == read(300, both=False)


def test_no_process_is_left_behind(forks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(unread: Unread, modules: Modules) -> Reading:
        if os.getpid() == PARENT:
            raise KeyboardInterrupt
        return hangs(unread, modules)

    monkeypatch.setattr(together, "read_source", stopped)
    monkeypatch.setattr("test_facts_python_together.PARENT", os.getpid())
    with pytest.raises(KeyboardInterrupt):
        read(300, both=True)
    assert gone(forks)


def gone(children: Sequence[int]) -> bool:
    for child in children:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            continue
        return False
    return True
