"""Work that the audited commit does not hold: where it stands, in words, and whether it came after the deadline."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import cast

import pytest
from support.repositories import Step, commit, git, make_repository
from support.trees import facts_of

from auditor import audit
from auditor.course.rulebook import load_rulebook
from auditor.engine.run import run_audit
from auditor.facts.history.elsewhere import Deadline, Elsewhere
from auditor.facts.own_work.template import Template
from auditor.records import replace
from auditor.repository.opening import open_snapshot

DEADLINE = datetime.fromisoformat("2026-01-23T23:59:00+01:00")


@pytest.fixture
def kiln(tmp_path: Path) -> Path:
    """A deleted file, one on a branch, one on a branch after the deadline, and one on main after it."""
    folder = make_repository(tmp_path / "kiln", {"a.txt": "a"})
    commit(folder, Step({"old/locustfile.py": "y = 1\n"}, when="2026-01-06T12:00:00+01:00"))
    commit(folder, Step({"old/locustfile.py": None}, when="2026-01-07T12:00:00+01:00"))
    git(folder, "checkout", "--quiet", "-b", "load")
    commit(folder, Step({"in_time/locustfile.py": "x"}, when="2026-01-22T12:00:00+01:00"))
    commit(folder, Step({"too_late/locustfile.py": "x"}, when="2026-01-25T12:00:00+01:00"))
    git(folder, "checkout", "--quiet", "main")
    commit(folder, Step({"on_main/locustfile.py": "x"}, when="2026-01-26T12:00:00+01:00"))
    return folder


def found(folder: Path, at: str | None, deadline: datetime | None = None) -> dict[str, tuple[str, bool]]:
    with open_snapshot(folder, at=at) as snapshot:
        facts = facts_of(snapshot, Deadline(deadline)) if deadline else facts_of(snapshot)
        return {one.place.path: (one.place.text, one.late) for one in facts.get(Elsewhere).find(["locustfile.py"])}


def test_file_branch_and_day_are_named(kiln: Path) -> None:
    assert found(kiln, None) == {
        "in_time/locustfile.py": ("on the branch load, on 2026-01-22", False),
        "too_late/locustfile.py": ("on the branch load, on 2026-01-25", False),
        "old/locustfile.py": ("deleted on 2026-01-07", False),
    }


def test_what_came_after_the_deadline_is_told_as_such(kiln: Path) -> None:
    assert found(kiln, "main~1", DEADLINE) == {
        "in_time/locustfile.py": ("on the branch load, on 2026-01-22", False),
        "old/locustfile.py": ("deleted on 2026-01-07", False),
        "on_main/locustfile.py": ("in a later commit of main, on 2026-01-26, after the deadline", True),
    }


def test_nobody_is_asked_whether_late_work_is_the_work(tmp_path: Path) -> None:
    book = load_rulebook()
    checklist = "\n".join(f"* [x] {c.wording('2026')}" for c in book.catalog if c.wording("2026"))
    report = {"reports/README.md": f"## Overall project checklist\n\n{checklist}\n"}
    folder = make_repository(tmp_path / "r", commits=[Step(report, when="2026-01-20T12:00:00+01:00")])
    last = commit(folder, Step({"locustfile.py": "from locust import HttpUser\n"}, when="2026-01-25T12:00:00+01:00"))

    late = audit(folder, at="2026-01-23", rulebook=book).claim("M24.load_test")
    assert [place.commit for place in late.elsewhere] == [last]
    assert "is that the work" not in late.question
    assert (
        "Not looked at: locustfile.py (in a later commit of main, on 2026-01-25, after the deadline)."
        in late.explanation
    )
    assert not [way for way in late.settle if "locustfile.py" in way]

    unbounded = run_audit(folder, at=f"{last}~1", rulebook=book).claim("M24.load_test")
    assert "locustfile.py is in a later commit of main, on 2026-01-25: is that the work?" in unbounded.question
    assert last[:7] not in unbounded.question + unbounded.explanation


def test_copies_of_what_stands_and_the_templates_files_are_no_work(tmp_path: Path) -> None:
    work = "from locust import HttpUser, task\n\n\nclass Buyer(HttpUser):\n    @task\n    def buy(self):\n        self.client.post('/buy')\n"
    other = "import threading\n\nfor _ in range(9):\n    threading.Thread(target=print).start()\n"
    folder = make_repository(tmp_path / "kiln", {"a.txt": "a", "load/locustfile.py": work})
    commit(
        folder,
        Step(
            {"locustfile.py": work + "# old\n", "bakery/locustfile.py": other, "old/locustfile.py": other + "x = 1\n"}
        ),
    )
    commit(folder, Step({"locustfile.py": None, "bakery/locustfile.py": None, "old/locustfile.py": None}))

    class Known:
        def brought(self, text: str, path: str) -> bool:
            return path.startswith("bakery/")

    with open_snapshot(folder) as snapshot:
        facts = facts_of(snapshot)
        look = replace(facts.get(Elsewhere), template=cast(Template, Known()))
        assert [one.place.path for one in look.find(["locustfile.py"])] == ["old/locustfile.py"]
