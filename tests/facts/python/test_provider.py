from __future__ import annotations

from support.trees import Trees

from auditor.facts.python import python_project
from auditor.limits import Limits


def test_unreadable_files_are_noted_and_others_read(tree: Trees) -> None:
    snapshot = tree(
        {
            "two.py": "x = 1\nprint 'old'\n",
            "binary.py": b"\0\1\2",
            "deep.py": "x = " + "(" * 20_000 + ")" * 20_000,
            "elif.py": "if a:\n    pass\n" + "elif a:\n    pass\n" * 2_000,
            "empty.py": "",
            "latin.py": "x = 'æ'\nprint(x)\n".encode("latin-1"),
            "bom.py": b"\xef\xbb\xbfprint(1)\r\nprint(2)\r\n",
            "bad.ipynb": "[",
            "name.py": "\U00013460 = 1\n",
            "good.py": "print(1)\n",
        }
    ).snapshot
    found = python_project(snapshot)
    problems = {problem.path: problem.message for problem in snapshot.problems}
    assert problems["two.py"] == "syntax error at line 2: not read"
    assert (
        "brackets" in problems["deep.py"]
        and "name.py" in problems
        and "binary.py" in problems
        and "bad.ipynb" in problems
    )
    assert {call.evidence.where for call in found.calls("print")} == {"latin.py:2", "bom.py:1", "bom.py:2", "good.py:1"}
    file = found.file("two.py")
    assert file and file.problem == "syntax error at line 2: not read"
    assert [f.path for f in found.files if f.problem and f.path == "elif.py"] in ([], ["elif.py"])


def test_all_python_together_is_bounded(tree: Trees) -> None:
    text = "x = 1  # comment\n" * 500
    files = {f"a{n}.py": text for n in range(5)} | {"small.py": "print(1)\n"}
    snapshot = tree(files, limits=Limits(python_bytes=len(text) + 1)).snapshot
    found = python_project(snapshot)
    assert any("enough Python" in problem.message for problem in snapshot.problems)
    assert [f.path for f in found.files if f.problem is None] == ["a0.py", "a1.py", "small.py"]


def test_tokens_of_all_python_are_bounded(tree: Trees) -> None:
    text = "a();\n" * 1_000  # much of it for its size
    files = {f"a{n}.py": text for n in range(5)} | {"long.py": text * 2}
    snapshot = tree(files, limits=Limits(python_tokens=6_000)).snapshot
    found = python_project(snapshot)
    assert {problem.path: problem.message for problem in snapshot.problems} == {
        "a4.py": "not read: enough Python was read before it",
        "long.py": "not read: more than 6,000 tokens of Python",
    }
    assert [f.path for f in found.files if f.problem is None] == ["a0.py", "a1.py", "a2.py", "a3.py"]
