"""What a check says of work that is not committed: keys, deletions, and ticks that rest on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import run
from support.hand_in_samples import checked, files, pushed, remarks, whole_report
from support.repositories import Step, commit, git, write

from auditor.course.fingerprints import Fingerprints
from auditor.engine.run import run_audit
from auditor.facts.history.elsewhere import Elsewhere
from auditor.injection import Facts
from auditor.repository.opening import open_snapshot
from auditor.result.audit import AuditResult, Remark

KEY = "T = 'ghp_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b2C'\n"
DOCKERFILE = "FROM python:3.12\nCOPY src src\nCMD python -m shop\n"


def shop(tmp_path: Path, more: dict[str, str] | None = None, ticked: tuple[str, ...] = ("M5.git",)) -> Path:
    return pushed(tmp_path / "shop", files(whole_report(ticked=ticked), more))


def told(result: AuditResult) -> str:
    return " ".join(f"{one.message} {one.settle}" for one in result.hand_in or ())


def by_path(found: list[Remark]) -> dict[str, Remark]:
    return {one.place.path: one for one in found}


# ---- keys


@pytest.mark.parametrize("staged", [False, True])
def test_a_key_that_was_never_committed_is_not_called_so(tmp_path: Path, staged: bool) -> None:
    folder = shop(tmp_path)
    write(folder, {"bot.py": KEY})
    if staged:
        git(folder, "add", "bot.py")
    found = by_path(remarks(folder, "H.secrets"))["bot.py"]
    assert found.uncommitted and "not committed yet" in found.message
    assert ".gitignore" in found.settle and "never commit it" in found.settle and "history" not in found.settle
    assert ("unstage" in found.settle) is staged
    assert "Commit it" not in told(checked(folder))
    text = " ".join(run("check", folder, "--no-memory").stdout.split())
    assert "1 key or password is not committed yet, and should never be" in text
    assert "password is committed" not in text


def test_a_key_in_a_changed_file_is_told_by_its_line(tmp_path: Path) -> None:
    folder = shop(tmp_path, {"old.py": KEY, "new.py": "x = 1\n"})
    write(folder, {"old.py": "x = 1\n\n" + KEY, "new.py": "x = 1\n" + KEY})
    found = by_path(remarks(folder, "H.secrets"))
    assert not found["old.py"].uncommitted and "history keeps it" in found["old.py"].settle
    assert found["new.py"].uncommitted and "Take it out of the file" in found["new.py"].settle
    advice = by_path(remarks(folder, "H.uncommitted"))
    assert "Commit" not in advice["new.py"].settle and "key" in advice["new.py"].settle
    text = " ".join(run("check", folder, "--no-memory").stdout.split())
    assert "1 key or password is committed: " in text and "1 key or password is not committed yet" in text


def test_a_key_in_a_bare_repository_or_a_plain_folder_is_as_it_was(tmp_path: Path) -> None:
    folder = shop(tmp_path, {"bot.py": KEY})
    for result in (
        run_audit(tmp_path / "shop-remote", select=["H.secrets"], hand_in=True),
        run_audit(folder, select=["H.secrets"], hand_in=True, use_git=False),
    ):
        (one,) = result.hand_in or ()
        assert not one.uncommitted and "Revoke it" in one.settle


def test_a_large_file_that_is_staged_is_not_called_committed(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    write(folder, {"models/model.pt": b"\1" * 2_000_000})
    git(folder, "add", "models/model.pt")
    (found,) = remarks(folder, "H.large_files")
    assert found.uncommitted and "staged, not committed yet" in found.message and "git rm" not in found.settle
    assert remarks(folder, "H.uncommitted") == []


# ---- deletions


def found_elsewhere(folder: Path, *patterns: str) -> tuple[dict[str, str], dict[str, str]]:
    """Text by path of what is elsewhere, and of what only the working copy lacks."""
    with open_snapshot(folder) as snapshot:
        elsewhere = Facts(snapshot, Fingerprints()).get(Elsewhere)
        return (
            {one.place.path: one.place.text for one in elsewhere.find(patterns)},
            {one.path: one.text for one in elsewhere.only_here_deleted(patterns)},
        )


def test_a_deletion_that_is_not_committed_has_no_date(tmp_path: Path) -> None:
    folder = shop(tmp_path, {"Dockerfile": DOCKERFILE, "my docker/Dockerfile": DOCKERFILE}, ("M10.dockerfiles",))
    write(folder, {"Dockerfile": None})
    git(folder, "rm", "--quiet", "my docker/Dockerfile")
    assert found_elsewhere(folder, "Dockerfile") == (
        {},
        {
            "Dockerfile": "git restore Dockerfile",
            "my docker/Dockerfile": "git restore --staged --worktree 'my docker/Dockerfile'",
        },
    )
    claim = run_audit(folder).claim("M10.dockerfiles")
    said = " ".join((*claim.settle, claim.explanation, claim.question, *(place.text for place in claim.elsewhere)))
    assert "`git restore Dockerfile` brings it back" in said and "deleted on" not in said and "2026-" not in said


def test_a_file_that_was_moved_is_not_called_deleted(tmp_path: Path) -> None:
    folder = shop(tmp_path, {"Dockerfile": DOCKERFILE})
    git(folder, "mv", "Dockerfile", "Dockerfile.old")
    assert found_elsewhere(folder, "/Dockerfile") == ({}, {})


def test_a_deletion_in_a_merge_is_not_dated_by_the_change_before(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    commit(folder, Step({"old/Dockerfile": DOCKERFILE}, when="2026-01-06T12:00:00+01:00"))
    git(folder, "switch", "--quiet", "-c", "dev")
    commit(folder, Step({"a.py": "x = 1\n"}))
    git(folder, "switch", "--quiet", "main")
    git(
        folder,
        "merge",
        "--quiet",
        "--no-commit",
        "--no-ff",
        "dev",
        GIT_COMMITTER_NAME="Ada",
        GIT_COMMITTER_EMAIL="ada@example.dk",
    )
    commit(folder, Step({"old/Dockerfile": None}, when="2026-01-09T12:00:00+01:00"))
    assert found_elsewhere(folder, "Dockerfile") == ({"old/Dockerfile": "deleted after 2026-01-06"}, {})


def test_what_settings_leave_out_was_not_deleted(tmp_path: Path) -> None:
    settings = '[tool.auditor]\nfolders = ["src", "reports"]\n'
    folder = shop(tmp_path, {"pyproject.toml": settings, "deploy/Dockerfile": DOCKERFILE}, ("M10.dockerfiles",))
    write(folder, {"src/shop/new.py": "x = 1\n"})
    result = run_audit(folder, hand_in=True, group_settings=True)
    assert [one.place.path for one in result.hand_in or () if one.check == "H.uncommitted"] == ["src/shop/new.py"]
    assert result.claim("M10.dockerfiles").elsewhere == ()


def test_a_report_that_is_deleted_is_told_once_with_what_brings_it_back(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    write(folder, {"reports/README.md": None})
    done = run("check", folder, "--no-memory")
    text = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert "It is in your last commit: `git restore reports/README.md` brings it back." in text
    for other in ("No report was found:", "Fill in", "git ignore", "not missing", "H.uncommitted", "Not read"):
        assert other not in text, other


def test_another_file_that_was_read_in_its_place_does_not_hide_that(tmp_path: Path) -> None:
    folder = shop(tmp_path, {"docs/report.md": whole_report()})
    write(folder, {"reports/README.md": None})
    (found,) = remarks(folder, "H.report")
    assert "docs/report.md was read in its place" in found.message and "git restore" in found.settle


def test_advice_fits_what_happened_to_a_file(tmp_path: Path) -> None:
    folder = shop(tmp_path, {"a.py": "x = 1\n", "b.py": "y = 1\n", "c.py": "z = 1\n"})
    write(folder, {"a.py": "x = 2\n", "b.py": None, "new.py": "x = 1\n"})
    git(folder, "rm", "--quiet", "c.py")
    ways = {path: one.settle for path, one in by_path(remarks(folder, "H.uncommitted")).items()}
    assert ["ignore" in ways[path] for path in ("new.py", "a.py", "b.py", "c.py")] == [True, False, False, False]
    assert "(git restore)" in ways["b.py"] and "--staged" in ways["c.py"]


def test_links_and_figures_whose_files_are_deleted(tmp_path: Path) -> None:
    text = whole_report({10: "word " * 120 + "[code](../src/shop/model.py) [folder](../docs) [kept](../src)"})
    more = {"src/shop/model.py": "x = 1\n", "docs/a.md": "a\n"}
    folder = pushed(tmp_path / "shop", files(text, more))
    write(folder, {"src/shop/model.py": None, "docs/a.md": None, "reports/figures/chart0.png": None})
    links = [(one.message, one.settle) for one in remarks(folder, "H.links")]
    assert ["deleted in your working copy" in message for message, _ in links] == [True, True]
    assert "`git restore src/shop/model.py`" in links[0][1] and "`git restore docs`" in links[1][1]
    figures = remarks(folder, "H.figure_files")
    assert figures and all("git restore reports/figures/chart0.png" in one.settle for one in figures)


# ---- ticks that rest on it


def test_ticks_that_rest_on_what_is_not_committed_are_told(tmp_path: Path) -> None:
    folder = shop(tmp_path, ticked=("M10.dockerfiles",))
    write(folder, {"Dockerfile": DOCKERFILE})
    assert run_audit(folder).claim("M10.dockerfiles").uncommitted == ("Dockerfile",)
    said = "1 of the backed ticks rests on files that are not committed: M10.dockerfiles."
    for options in ((), ("--format", "markdown")):
        assert said in " ".join(run("check", folder, "--no-memory", *options).stdout.split()).replace("\\", "")
    assert '"uncommitted": ["Dockerfile"]' in " ".join(
        run("check", folder, "--no-memory", "--format", "json").stdout.split()
    ).replace("[ ", "[").replace(" ]", "]")
    commit(folder, Step())
    assert run_audit(folder).claim("M10.dockerfiles").uncommitted == ()


def test_a_new_file_beside_committed_ones_that_do_as_well_is_no_matter(tmp_path: Path) -> None:
    tidy = "def model() -> int:\n    return 1\n"
    config = "[tool.ruff]\nline-length = 100\n"
    folder = shop(tmp_path, {"src/shop/model.py": tidy, "pyproject.toml": config}, ("M7.style",))
    before = run_audit(folder).claim("M7.style")
    write(folder, {"a.py": tidy})
    after = run_audit(folder).claim("M7.style")
    assert before.verdict == after.verdict == "supported"
    assert after.uncommitted == ()


def test_lines_that_are_not_committed_are_not_called_so(tmp_path: Path) -> None:
    folder = shop(tmp_path, ticked=("M14.logging",))
    write(folder, {"src/shop/train.py": "import logging\n\n\ndef train():\n    logging.info('x')\n"})
    claim = run_audit(folder).claim("M14.logging")
    assert claim.finding == "query"
    assert not [way for way in claim.settle if "committed" in way]
