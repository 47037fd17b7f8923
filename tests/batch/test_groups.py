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


COURSE_LIST = (
    "group_nb,student 1,student 2,student 3,student 4,student 5,github_repo\n"
    "1,s000001,s000002,,,,https://github.com/a/b\n"
    "2,s000003,,,,,No Link Found\n"
)


def test_the_courses_own_list_as_its_tools_write_it(tmp_path: Path) -> None:
    assert groups(tmp_path, COURSE_LIST) == [
        ListedGroup("1", ("s000001", "s000002"), "https://github.com/a/b"),
        ListedGroup("2", ("s000003",), ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_what_excel_makes_of_it(tmp_path: Path, encoding: str) -> None:
    text = "sep=;\r\n" + COURSE_LIST.replace(",", ";").replace("s000003", "Åse, of no number").replace("\n", "\r\n")
    found = groups(tmp_path, text.encode(encoding))
    assert [(g.name, g.members) for g in found] == [("1", ("s000001", "s000002")), ("2", ("Åse, of no number",))]


@pytest.mark.parametrize(
    "heading",
    ["group_nb", "group nb", "Group #", "Gruppe", "gruppe nr.", "GROUP_NUMBER", "Team", "nr", "what they are"],
)
def test_the_group_under_any_heading(tmp_path: Path, heading: str) -> None:
    (found,) = groups(tmp_path, f"{heading},student 1,github_repo\n43,s1,https://github.com/a/b\n")
    assert (found.name, found.members) == ("43", ("s1",))


def test_a_heading_that_says_group_goes_before_one_that_may_mean_it(tmp_path: Path) -> None:
    (found,) = groups(tmp_path, "name,group,repo\nBuoys,43,https://github.com/a/b\n")
    assert (found.name, found.members) == ("43", ("Buoys",))


def test_without_headings_the_first_column_is_the_group(tmp_path: Path) -> None:
    text = "7,s1,s2,https://github.com/a/b\n8,s3,,https://github.com/a/c\n"
    assert groups(tmp_path, text) == [
        ListedGroup("7", ("s1", "s2"), "https://github.com/a/b"),
        ListedGroup("8", ("s3",), "https://github.com/a/c"),
    ]
    assert [g.name for g in groups(tmp_path, "https://github.com/a/b\nhttps://github.com/c/d\n")] == ["a/b", "c/d"]
    without_headings = COURSE_LIST.partition("\n")[2]
    assert [g.name for g in groups(tmp_path, without_headings)] == ["1", "2"]
    first, second = without_headings.splitlines()
    assert groups(tmp_path, f"{second}\n{first}\n") == [
        ListedGroup("2", ("s000003",), ""),
        ListedGroup("1", ("s000001", "s000002"), "https://github.com/a/b"),
    ]


def test_an_empty_column_does_not_hide_a_filled_one(tmp_path: Path) -> None:
    text = "group,repository,url\n1,,https://github.com/a/b\n2,No Link Found,https://github.com/a/c\n3,origins/x,\n"
    assert [g.repository for g in groups(tmp_path, text)] == [
        "https://github.com/a/b",
        "https://github.com/a/c",
        "origins/x",
    ]


def test_a_heading_with_a_line_end_in_quotes(tmp_path: Path) -> None:
    text = '"Group\nnumber";"Student\n1";"GitHub\nrepository"\n"4\n3";"Ann\nExample";https://github.com/a/b\n'
    assert groups(tmp_path, text) == [ListedGroup("4 3", ("Ann Example",), "https://github.com/a/b")]


def test_a_heading_may_hold_an_example(tmp_path: Path) -> None:
    text = "group,url,as in https://github.com/a/b\n1,https://github.com/c/d,x\n"
    assert [(g.name, g.repository) for g in groups(tmp_path, text)] == [("1", "https://github.com/c/d")]


def test_all_members_in_one_cell(tmp_path: Path) -> None:
    text = 'group,members,repo\n1,"Ann Example; Bo, of Example",x\n2,"Cy\nDi",y\n'
    assert [g.members for g in groups(tmp_path, text)] == [("Ann Example", "Bo, of Example"), ("Cy", "Di")]


def test_only_a_column_of_repositories(tmp_path: Path) -> None:
    found = groups(tmp_path, "url,topic\nhttps://github.com/a/kiln.git,clay\n,clay\n")
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
    found = groups(tmp_path, "group,repo\n43,x\n043,y\n43 (2),z\n44,y\n")
    assert [g.name for g in found] == ["43", "043 (2)", "43 (2)", "44"]
    assert [g.notes for g in found] == [
        ("the list has group 43 twice: all are kept",),
        ("the list has group 043 twice: all are kept",),
        (),
        (),
    ]
    assert [g.name for g in groups(tmp_path, "group,repo\n43,x\n43,y\n43 (2),z\n")] == ["43", "43 (2)", "43 (2) (2)"]


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
