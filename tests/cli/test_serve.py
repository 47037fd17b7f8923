"""`auditor serve`: what it refuses in one line, and one repository as a class of one."""

from __future__ import annotations

import re
import socket
from pathlib import Path

from support.command_line import one_line, run
from support.desk_server import desk, make_class

from auditor.samples import build_samples


def test_what_is_neither_a_class_nor_a_repository_is_told(tmp_path: Path) -> None:
    one_line(run("serve", tmp_path / "none", "--no-browser"), "there is no such folder")
    one_line(run("serve", tmp_path, "--no-browser"), "neither a class run's output folder nor a git repository")


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    make_class(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        one_line(run("serve", tmp_path, "--no-browser", "--port", str(taken.getsockname()[1])), "--port", "in use")


def test_without_its_packages_it_says_how_to_get_them(tmp_path: Path) -> None:
    (tmp_path / "starlette.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'starlette'\", name='starlette')"
    )
    done = run("serve", make_class(tmp_path / "class"), env={"PYTHONPATH": str(tmp_path)})
    one_line(done, "pip install -c constraints.txt '.[serve]'")


def test_one_repository_is_a_class_of_one_and_keeps_its_decisions(tmp_path: Path) -> None:
    honest, *_ = build_samples(tmp_path / "samples")
    before = sorted(path.name for path in honest.iterdir())
    cache = ("--cache", str(tmp_path / "cache"))
    with desk(honest, *cache) as served:
        (page,) = set(re.findall(r'href="/group/([\w-]+)"', served.ask("/class")[1]))
        assert served.decide(page, "M17.ci", note="kept")[0] == 303
    with desk(honest, *cache) as served:
        assert "kept" in served.ask(f"/group/{page}/claim/M17.ci")[1]
    assert sorted(path.name for path in honest.iterdir()) == before
