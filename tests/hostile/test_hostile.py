"""The honest sample group with one hostile thing, for every such thing that we know: nothing runs, hangs, escapes or is corrupted.

`AUDITOR_HOSTILE_FULL=1` gives the cases that are scaled down their whole size; `python -m hostile.figures` (with `tests` on the
path) prints what each costs.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("the driver forks", allow_module_level=True)

from hostile.checks import faults
from hostile.driving import Driver, Outcome, driver_for
from hostile.ground import SECRET, Ground, Grounds, shared_grounds
from hostile.known_failures import KNOWN, reason
from hostile.registry import FORMS, FULL, PLAIN, WORK_TREE, Case, all_cases
from hostile.shown import Page, read_page

CASES = all_cases()


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    return shared_grounds(tmp_path_factory.getbasetemp())


@pytest.fixture
def driver(grounds: Grounds) -> Driver:
    return driver_for(grounds.ground(PLAIN).repository)


@cache
def honest(driver: Driver, grounds: Grounds, form: str) -> Outcome:
    outcome = driver.audit(grounds.ground(PLAIN).repository, form)
    assert outcome.status == "done", outcome
    return outcome


@cache
def model(driver: Driver, grounds: Grounds) -> Page:
    return read_page(honest(driver, grounds, WORK_TREE).outputs["html"])


def parameters() -> Iterator[object]:
    for case in CASES:
        for form in case.forms:
            why = reason(case.full_name, form)
            marks = [pytest.mark.xfail(reason=why, strict=True)] if why else []
            yield pytest.param(case, form, id=f"{case.full_name}-{form}", marks=marks)


@pytest.mark.parametrize(("case", "form"), list(parameters()))
def test_case(case: Case, form: str, driver: Driver, grounds: Grounds) -> None:
    ground = grounds.ground(case)
    every_output = FULL or form == case.forms[0]
    outcome = driver.audit(ground.repository, form, case.seconds, case.folder, every_output=every_output)
    found = faults(case, outcome, honest(driver, grounds, form), model(driver, grounds))
    if not grounds.unchanged(case):
        found.append("the repository, or something beside it, was changed")
    if case.dropped:
        grounds.drop(case)
    assert found == []


def test_the_honest_group_is_judged(driver: Driver, grounds: Grounds) -> None:
    for form in FORMS:
        outcome = honest(driver, grounds, form)
        assert not outcome.events and not outcome.errors, outcome
        assert len(outcome.verdicts) > 40
    assert {"cat-file", "ls-tree", "log"} <= set(honest(driver, grounds, "commit").commands)


def test_known_failures_are_of_cases() -> None:
    assert KNOWN.keys() <= {case.full_name for case in CASES}


def test_links_swapped_in_meanwhile(driver: Driver, tmp_path: Path) -> None:
    """A file and a folder that are now themselves and now links out of the repository."""
    ground = Ground(tmp_path / "kiln", tmp_path / "outside")
    Grounds(tmp_path / "others").prepare(ground)
    (ground.outside / "tools").mkdir()
    for number in range(40):
        ground.write({f"src/kiln/s{number}.py": "import os\n", f"tools/t{number}.py": "import os\n"})
        (ground.outside / "tools" / f"t{number}.py").write_text(ground.secret_file.read_text())
    stop = threading.Event()
    swaps = 0

    def swap() -> None:
        nonlocal swaps
        here = ground.repository
        (here / "tools-link").symlink_to(ground.outside / "tools")
        while not stop.is_set():
            for number in range(40):
                path, spare = here / f"src/kiln/s{number}.py", here / "src/kiln/spare"
                spare.symlink_to(ground.secret_file)
                spare.replace(path)
                spare.write_text("import os\n")
                spare.replace(path)
            for one, other in (("tools", "real"), ("tools-link", "tools"), ("tools", "tools-link"), ("real", "tools")):
                (here / one).rename(here / other)
            swaps += 1

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for _ in range(6 if FULL else 3):
            outcome = driver.audit(ground.repository, WORK_TREE)
            assert outcome.status == "done", outcome.message
            assert not outcome.events
            assert not any(SECRET in output for output in outcome.outputs.values())
    finally:
        stop.set()
        thread.join()
    assert swaps > 10
