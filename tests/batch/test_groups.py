"""Lists of groups in every form that they come in."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.repositories import git, make_repository

from auditor.batch.groups import ListedGroup, chosen, read_groups
from auditor.batch.run import another_number
from auditor.errors import AuditError


def groups(tmp_path: Path, text: str | bytes, name: str = "groups.csv") -> list[ListedGroup]:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_groups(path)


def test_the_courses_own_file(tmp_path: Path) -> None:
    text = (
        "Group number,Member one,Member two,Member three,Member four,Member five,Where\n"
        "1,s1,s2,,,,https://github.com/a/b\n"
        "2,s3,,,,s4,https://github.com/c/d\n"
        ",,,,,,\n"
    )
    assert groups(tmp_path, text) == [
        ListedGroup("1", ("s1", "s2"), "https://github.com/a/b"),
        ListedGroup("2", ("s3", "s4"), "https://github.com/c/d"),
    ]


@pytest.mark.parametrize(
    "head", ["group_number,student_1,student 2,repo_url", "Group;Member 1;Member 2;GitHub repository link"]
)
def test_columns_by_name(tmp_path: Path, head: str) -> None:
    mark = ";" if ";" in head else ","
    text = f"{head}\r\n{mark.join(['43', 'Åse', 'Bo', 'https://github.com/a/b'])}\r\n"
    assert groups(tmp_path, "\ufeff" + text) == [ListedGroup("43", ("Åse", "Bo"), "https://github.com/a/b")]
    assert groups(tmp_path, text.encode("cp1252"))[0].members == ("Åse", "Bo")


def test_only_a_column_of_repositories(tmp_path: Path) -> None:
    found = groups(tmp_path, "topic,url\nclay,https://github.com/a/kiln.git\nclay,\n")
    assert [(g.name, g.repository) for g in found] == [
        ("a/kiln", "https://github.com/a/kiln.git"),
        ("without a repository", ""),
    ]


def test_a_quoted_cell_with_a_line_end_and_a_short_row(tmp_path: Path) -> None:
    found = groups(tmp_path, 'group,repo,members\n"4\n3","https://github.com/a/b"\n')
    assert found == [ListedGroup("4 3", (), "https://github.com/a/b")]


def test_a_list_of_addresses(tmp_path: Path) -> None:
    text = "# the class\nhttps://github.com/a/b\n\nhttps://github.com/c/b.git  # moved\n../kiln\n"
    assert [g.name for g in groups(tmp_path, text, "class.txt")] == ["a/b", "c/b", "../kiln"]


def test_names_are_distinct(tmp_path: Path) -> None:
    found = groups(tmp_path, "group,repo\n43,x\n43,y\n43 (2),z\n")
    assert [g.name for g in found] == ["43", "43 (2)", "43 (2) (2)"]


def test_a_folder_of_checkouts(tmp_path: Path) -> None:
    make_repository(tmp_path / "group10", {"a.txt": "a"})
    make_repository(tmp_path / "group9" / "kiln", {"a.txt": "a"})
    git(tmp_path, "clone", "--quiet", "--bare", "group10", "bare.git")
    (tmp_path / "unpacked").mkdir()
    (tmp_path / "unpacked" / "a.txt").write_text("a")
    (tmp_path / "empty").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "readme.txt").write_text("a")
    found = read_groups(tmp_path)
    assert [(g.name, Path(g.repository).name) for g in found] == [
        ("bare", "bare.git"),
        ("group9", "kiln"),
        ("group10", "group10"),
        ("unpacked", "unpacked"),
    ]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("", "groups.csv", "lists no group"),
        ("group,repo\n", "groups.csv", "lists no group"),
        ("group,student\n1,s1\n", "groups.csv", "no column of repositories"),
        ("# nothing\n", "class.txt", "lists no group"),
        (b"group,repo\n1," + b"x" * 200_000, "groups.csv", "cannot"),
    ],
)
def test_what_is_no_list(tmp_path: Path, text: str | bytes, name: str, words: str) -> None:
    with pytest.raises(AuditError, match=words if words != "cannot" else "not a CSV"):
        groups(tmp_path, text, name)


def test_missing_files_and_single_repositories(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="cannot be read"):
        read_groups(tmp_path / "none.csv")
    make_repository(tmp_path / "kiln", {"a.txt": "a"})
    with pytest.raises(AuditError, match="a repository itself"):
        read_groups(tmp_path / "kiln")


def test_only_and_skip() -> None:
    all_groups = [ListedGroup("1", (), "a"), ListedGroup("Kiln", (), "b"), ListedGroup("3", (), "c")]
    assert [g.name for g in chosen(all_groups, ["kiln", "3"], ["3"])] == ["Kiln"]
    assert chosen(all_groups, [], []) == all_groups
    with pytest.raises(AuditError, match="no group of that name"):
        chosen(all_groups, ["4"], [])


@pytest.mark.parametrize(
    ("listed", "told", "another"),
    [("43", "43", False), ("Group 043", "43", False), ("44", "43", True), ("43", None, False), ("kiln", "43", False)],
)
def test_a_report_of_another_group(listed: str, told: str | None, another: bool) -> None:
    assert another_number(listed, told) is another
