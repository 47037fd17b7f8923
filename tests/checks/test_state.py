from __future__ import annotations

from pathlib import Path

import pytest
from support.hand_in_samples import checked, files, one, pushed, remarks, whole_report
from support.repositories import Step, commit, git, make_repository, write

from auditor.engine.run import run_audit


def test_work_that_is_not_committed(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report(), {"a.py": "x = 1\n", "b.py": "y = 1\n"}))
    write(folder, {"a.py": "x = 2\n", "new.py": "z = 1\n", "b.py": None})
    assert {(one.place.path, one.message.split()[0].lower()) for one in remarks(folder, "H.uncommitted")} == {
        ("a.py", "changed"),
        ("b.py", "deleted"),
        ("new.py", "new"),
    }
    git(folder, "add", "new.py")
    assert "new.py" in {one.place.path for one in remarks(folder, "H.uncommitted")}


def test_work_that_is_not_pushed(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report()))
    commit(folder, Step({"a.py": "x = 1\n"}))
    commit(folder, Step({"a.py": "x = 2\n"}))
    assert "2 commits are not pushed" in one(remarks(folder, "H.unpushed")).message


def test_a_branch_that_is_not_handed_in(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report()))
    git(folder, "switch", "--quiet", "-c", "dev")
    commit(folder, Step({"a.py": "x = 1\n"}))
    found = remarks(folder, "H.unpushed")
    assert any("dev has 1 commit that main lacks" in one.message for one in found), found


def test_no_remote(tmp_path: Path) -> None:
    assert "no remote" in one(remarks(make_repository(tmp_path / "shop", files(whole_report())), "H.unpushed")).message


def test_a_detached_head_is_not_told_to_push(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report()))
    git(folder, "checkout", "--quiet", "--detach")
    assert remarks(folder, "H.unpushed") == []


def test_work_on_a_branch_that_was_never_merged(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report(ticked=("M10.dockerfiles", "M18.pre_commit"))))
    git(folder, "switch", "--quiet", "-c", "docker")
    commit(folder, Step({"Dockerfile": "FROM python:3.12\nCOPY src src\n"}))
    git(folder, "switch", "--quiet", "main")
    result = run_audit(folder, hand_in=True)
    found = one([one for one in result.hand_in or () if one.check == "H.unmerged"])
    assert found.place.path == "Dockerfile" and "docker" in found.message
    assert "M10.dockerfiles" in found.claims and "M18.pre_commit" not in found.claims
    assert any("Dockerfile" in way for way in result.claim("M10.dockerfiles").settle)


def test_files_that_git_keeps_otherwise_are_not_called_changed(tmp_path: Path) -> None:
    more = {".gitattributes": "*.ipynb filter=strip\n", "a.ipynb": '{"cells": []}\n', "b.py": "x = 1\n"}
    folder = pushed(tmp_path / "shop", files(whole_report(), more))
    write(folder, {"a.ipynb": '{"cells": [], "metadata": {"outputs": 3}}\n'})
    assert remarks(folder, "H.uncommitted") == [] and not checked(folder).repository.dirty
    write(folder, {"b.py": "x = 2\n"})
    assert [one.place.path for one in remarks(folder, "H.uncommitted")] == ["b.py"]


def test_many_of_them_are_asked_for_in_turns(tmp_path: Path) -> None:
    names = [f"n{number}.ipynb" for number in range(450)]
    folder = pushed(
        tmp_path / "shop",
        files(
            whole_report(),
            {".gitattributes": "*.ipynb filter=strip\n", "b.py": "x = 1\n", **dict.fromkeys(names, "{}\n")},
        ),
    )
    write(folder, {**dict.fromkeys(names, '{"cells": []}\n'), "b.py": "x = 2\n"})
    assert [one.place.path for one in remarks(folder, "H.uncommitted")] == ["b.py"]


def test_what_editors_leave_lying_around(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report()))
    write(folder, {".DS_Store": "x", ".idea/workspace.xml": "x", "src/shop/.__init__.py.swp": "x"})
    assert remarks(folder, "H.uncommitted") == []


@pytest.mark.parametrize("way", ["squash", "rebase"])
def test_work_that_was_merged_in_another_way_is_not_lacking(tmp_path: Path, way: str) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report(ticked=("M18.pre_commit",))))
    git(folder, "switch", "--quiet", "-c", "dev")
    hooks = "repos:\n- repo: local\n  hooks: []\n"
    commit(folder, Step({"a.py": "x = 1\n", ".pre-commit-config.yaml": hooks}))
    commit(folder, Step({"a.py": "x = 2\n"}))
    git(folder, "switch", "--quiet", "main")
    if way == "squash":
        commit(folder, Step({"a.py": "x = 2\n", ".pre-commit-config.yml": hooks}))
        commit(folder, Step({".pre-commit-config.yaml": hooks, ".pre-commit-config.yml": None}))
    else:
        commit(folder, Step({"c.py": "x = 1\n"}))
        git(folder, "cherry-pick", "main..dev", GIT_COMMITTER_NAME="Ada", GIT_COMMITTER_EMAIL="ada@example.dk")
    git(folder, "push", "--quiet", "origin", "main", "dev")
    git(folder, "switch", "--quiet", "dev")
    assert remarks(folder, "H.unpushed") == []
    git(folder, "switch", "--quiet", "main")
    assert [one for one in run_audit(folder, hand_in=True).hand_in or () if one.check == "H.unmerged"] == []


def test_a_stale_local_main_is_not_the_branch_that_is_handed_in(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report()))
    git(folder, "symbolic-ref", "--delete", "refs/remotes/origin/HEAD")
    git(folder, "switch", "--quiet", "-c", "dev")
    commit(folder, Step({"a.py": "x = 1\n"}))
    git(folder, "push", "--quiet", "origin", "dev:main")
    git(folder, "fetch", "--quiet", "origin")
    assert remarks(folder, "H.unpushed") == []
