"""What a hand-in lacks: each check with what it must find, and with what it must leave alone."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hand_in_samples import PNG, checked, files, fitting, pushed, remarks, whole_report, words
from support.repositories import Step, commit, git, make_repository, write

from auditor.checks import checks
from auditor.checks.key_material import secrets_in
from auditor.course.rulebook import load_rulebook
from auditor.engine.run import run_audit
from auditor.records import replace
from auditor.report.course_checker import readings
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import Remark

KEY = "hf_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b"


def one(found: list[Remark]) -> Remark:
    assert len(found) == 1, found
    return found[0]


def line_of(text: str, wanted: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if wanted in line)


def test_a_hand_in_that_lacks_nothing(tmp_path: Path) -> None:
    assert remarks(pushed(tmp_path / "shop", files(whole_report()))) == []


def test_every_check_says_what_it_looks_at() -> None:
    found = checks()
    assert len({check.name for check in found}) == len(found) > 10
    for check in found:
        assert check.name.startswith("H.") and len(check.text) > 80 and check.title


# ---- answers


def test_an_open_question(tmp_path: Path) -> None:
    text = whole_report({16: "--- question 16 fill here ---"})
    found = one(remarks(make_repository(tmp_path / "shop", files(text)), "H.unanswered"))
    assert found.place.line == line_of(text, "question 16 fill here")
    assert "Question 16" in found.message


def test_a_placeholder_beside_an_answer(tmp_path: Path) -> None:
    text = whole_report({16: f"{words(120)}\n\n--- question 16 fill here ---"})
    found = one(remarks(make_repository(tmp_path / "shop", files(text)), "H.placeholder"))
    assert found.place.line == line_of(text, "question 16 fill here")


def test_the_templates_own_instructions_are_no_placeholder(tmp_path: Path) -> None:
    text = "Remove lines such as\n\n```--- question 1 fill here ---```\n\n" + whole_report()
    assert remarks(make_repository(tmp_path / "shop", files(text)), "H.placeholder") == []


@pytest.mark.parametrize(("number", "fits"), [(49, False), (50, True), (100, True), (101, False)])
def test_lengths_are_counted_as_the_courses_checker_does(tmp_path: Path, number: int, fits: bool) -> None:
    found = remarks(make_repository(tmp_path / "shop", files(whole_report({7: words(number)}))), "H.length")
    assert (found == []) is fits
    if not fits:
        assert f"{number} words" in found[0].message and "50 to 100" in found[0].message


def test_lengths_are_those_of_the_edition(tmp_path: Path) -> None:
    for edition, fits in (("2026", True), ("2025", False)):
        text = whole_report({3: words(20)}, edition=edition)
        found = remarks(make_repository(tmp_path / edition, files(text)), "H.length")
        assert (found == []) is fits, edition


def test_where_the_two_counts_disagree_both_are_said(tmp_path: Path) -> None:
    answer = f"{words(60)}\n\n### Details\n\n{words(60)}"
    found = one(remarks(make_repository(tmp_path / "shop", files(whole_report({8: answer}))), "H.length"))
    assert "60 words for the course's checker, but 121 are your own" in found.message
    line = line_of(whole_report({8: answer}), "### Details")
    assert f"to {line} only" in found.message


def test_what_only_the_checker_takes_for_words(tmp_path: Path) -> None:
    figures = "\n\n".join(f"![a chart with a rather long name {n}](figures/chart0.png)" for n in range(10))
    found = one(
        remarks(make_repository(tmp_path / "shop", files(whole_report({8: f"{words(60)}\n\n{figures}"}))), "H.length")
    )
    assert "140 words for the course's checker, which is content with that, but 60 are" in found.message


# ---- the course's checker


def test_a_heading_that_was_renamed(tmp_path: Path) -> None:
    text = whole_report().replace("### Question 9\n", "**Question 9**\n")
    found = remarks(make_repository(tmp_path / "shop", files(text)), "H.checker")
    assert "finds 30 answers where it expects 31" in found[0].message
    assert any("Question 8" in one.message and "no heading follows" in one.message for one in found)


def test_an_answer_that_says_answer(tmp_path: Path) -> None:
    text = whole_report({9: f"{words(120)}\n\nAnswer: it works"})
    folder = make_repository(tmp_path / "shop", files(text))
    found = one(remarks(folder, "H.length"))
    assert "has 2 words for the course's checker" in found.message
    assert f"lines {line_of(text, 'Answer: it works')} to" in found.message
    assert remarks(folder, "H.checker") == []  # it still finds an answer for each question


def test_a_marker_that_is_gone(tmp_path: Path) -> None:
    text = whole_report().replace("### Question 9\n\n>\n> Answer:", "### Question 9\n\n>\n> Reply:")
    found = remarks(make_repository(tmp_path / "shop", files(text)), "H.checker")
    assert any("Question 9" in one.message and "missing" in one.message for one in found), found


def test_a_question_that_is_gone(tmp_path: Path) -> None:
    text = whole_report()
    start, end = text.index("### Question 12\n"), text.index("### Question 13\n")
    found = remarks(make_repository(tmp_path / "shop", files(text[:start] + text[end:])), "H.checker")
    assert any("Question 12" in one.message and "not in the report" in one.message for one in found), found


def test_an_older_edition_is_held_by_its_own_number_of_questions(tmp_path: Path) -> None:
    found = checked(make_repository(tmp_path / "shop", files(whole_report(edition="2024"))))
    assert found.report.edition in ("2023", "2024", None)
    assert [one for one in found.hand_in or () if one.check == "H.checker"] == []


# ---- figures


@pytest.mark.parametrize(
    ("figures", "fits"),
    [
        ("", False),
        ("![one](figures/chart0.png)", True),
        ("![one](figures/chart0.png) ![two](figures/chart0.png)", True),
        ("![1](figures/chart0.png) ![2](figures/chart0.png) ![3](figures/chart0.png)", False),
    ],
)
def test_as_many_figures_as_asked_for(tmp_path: Path, figures: str, fits: bool) -> None:
    text = whole_report({19: f"{words(10)}\n\n{figures}"})
    assert (remarks(make_repository(tmp_path / "shop", files(text)), "H.figures") == []) is fits


def test_figures_that_only_a_reader_sees(tmp_path: Path) -> None:
    text = whole_report({19: f"{words(10)}\n\n[chart](figures/chart0.png)"})
    assert "You show 1" in one(remarks(make_repository(tmp_path / "shop", files(text)), "H.figures")).message


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("figures/none.png", "does not exist in the repository"),
        ("figures/Chart0.PNG", "upper and lower case"),
        ("/home/ada/shop/reports/figures/chart0.png", "absolute"),
        ("C:/shop/chart0.png", "absolute"),
        ("C:\\Users\\ada\\chart0.png", "named by an absolute path"),
        ("figures/my chart.png", "holds a blank"),
        ("https://example.org/chart.png", "elsewhere on the web"),
        ("../docs/chart.png", "outside of reports"),
        ("figures/chart.svg", "form (svg)"),
    ],
)
def test_figures_that_cannot_be_seen(tmp_path: Path, target: str, says: str) -> None:
    text = whole_report({19: f"{words(10)}\n\n![chart]({target})"})
    folder = make_repository(
        tmp_path / "shop", files(text, {"docs/chart.png": PNG, "reports/figures/chart.svg": "<svg/>"})
    )
    found = one(remarks(folder, "H.figure_files"))
    assert says in found.message
    assert found.place.line == line_of(text, f"]({target})")


def test_an_example_of_the_template_is_no_figure_of_the_groups(tmp_path: Path) -> None:
    book = load_rulebook()
    figures = frozenset({hashlib.sha256(PNG).hexdigest()})
    book = replace(book, fingerprints=replace(book.fingerprints, figures=figures))
    folder = make_repository(tmp_path / "shop", files(whole_report({19: "![bucket](figures/chart0.png)"})))
    result = run_audit(folder, select=["H.figure_files"], hand_in=True, rulebook=book)
    found = [
        one for one in result.hand_in or () if one.place.line == line_of(whole_report({19: "![bucket]("}), "![bucket](")
    ]
    assert "one of the template's examples" in one(found).message


def test_figures_named_with_blanks_are_found(tmp_path: Path) -> None:
    text = whole_report({19: "![chart](<figures/my chart.png>) ![chart](figures/my%20chart.png)"})
    folder = make_repository(tmp_path / "shop", files(text, {"reports/figures/my chart.png": PNG}))
    assert remarks(folder, "H.figure_files") == []


# ---- links


def test_links_that_lead_to_nothing(tmp_path: Path) -> None:
    text = whole_report(
        {
            10: f"{words(120)} [config](../configs/none.yaml) [code](../src/shop/__init__.py) [web](https://example.org/x)"
        }
    )
    folder = make_repository(
        tmp_path / "shop", files(text, {"README.md": "# shop\n\n[here](docs/none.md) [up](#shop) [code](src/shop)\n"})
    )
    found = remarks(folder, "H.links")
    assert [(one.place.path, "none" in one.message) for one in found] == [
        ("reports/README.md", True),
        ("README.md", True),
    ]


# ---- the report's place and head


def test_no_report(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop", {"README.md": "# shop\n", "a.py": "x = 1\n"})
    assert "No report was found" in one(remarks(folder, "H.report")).message


def test_a_report_in_another_place(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop", {"docs/hand_in.md": whole_report(), "a.py": "x = 1\n"})
    assert "docs/hand_in.md" in one(remarks(folder, "H.report")).message


def test_group_and_members_that_cannot_be_read(tmp_path: Path) -> None:
    found = remarks(make_repository(tmp_path / "shop", files(whole_report({1: "the best", 2: "all of us"}))), "H.group")
    assert ["group number" in one.message or "members" in one.message for one in found] == [True, True]


def test_items_that_were_deleted(tmp_path: Path) -> None:
    lines = whole_report().split("\n")
    gone = next(line for line in lines if "(M18)" in line)
    found = one(
        remarks(make_repository(tmp_path / "shop", files("\n".join(x for x in lines if x != gone))), "H.checklist")
    )
    assert found.claims == ("M18.pre_commit",)


def test_nothing_ticked(tmp_path: Path) -> None:
    assert (
        "Nothing is ticked"
        in one(remarks(make_repository(tmp_path / "shop", files(whole_report(ticked=()))), "H.checklist")).message
    )


# ---- secrets


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env", f"HF_TOKEN={KEY}\n"),
        ("src/shop/train.py", f'login(token="{KEY}")\n'),
        ("config.yaml", "wandb:\n  api_key: 0a1b2c3d4e5f60718293a4b5c6d7e8f90f1e2d3c\n"),
        ("key.pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n"),
        ("notes.md", "curl https://ada:Tr0ub4dor99@host.test/\n"),
        ("deploy.sh", "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7QWERTYU\n"),
        ("bot.py", 'TOKEN = "xoxb-' + "2345678901-2345678901-qW4cDx7FgHi2JkLm9NoPqRsT" + '"\n'),
        ("service.json", '{"private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQ"}\n'),
    ],
)
def test_secrets_are_told_and_masked(tmp_path: Path, path: str, text: str) -> None:
    found = remarks(make_repository(tmp_path / "shop", files(whole_report(), {path: text})), "H.secrets")
    assert [(one.place.path) for one in found] == [path]
    for secret in (
        KEY,
        "0a1b2c3d4e5f60718293a4b5c6d7e8f90f1e2d3c",
        "Tr0ub4dor99",
        "IOSFODNN7QWERTYU",
        "qW4cDx7FgHi2JkLm9NoPqRsT",
    ):
        assert secret not in str(found)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            ".gitignore",
            "# https://github.com/example/ignore/blob/e8554d85bf62e38d6db966a50d2064ac025fd82a/Python.gitignore\n",
        ),
        ("data.dvc", "outs:\n- md5: 0a1b2c3d4e5f60718293a4b5c6d7e8f9.dir\n  size: 12\n"),
        (".github/workflows/ci.yaml", "steps:\n  - uses: actions/checkout@8e5e7e5ab8b370d6c329ec480221332ada57f0ab\n"),
        (".env.example", "WANDB_API_KEY=your_key_here\nHF_TOKEN=<token>\n"),
        ("src/shop/a.py", 'key = os.environ["WANDB_API_KEY"]\nmodel = "google/vit-base-patch16-224-in21k"\n'),
        ("ci.yaml", "env:\n  WANDB_API_KEY: ${{ secrets.WANDB_API_KEY }}\n"),
        ("uv.lock", 'hash = "sha256:' + "0a1b2c3d" * 8 + '"\n'),
        ("src/shop/b.py", "run = 'projects/12345678901/locations/europe-west1/endpoints/4611686018427387904'\n"),
        ("README.md", "[![badge](https://codecov.io/gh/example/shop/branch/main/graph/badge.svg?token=ABC)](x)\n"),
    ],
)
def test_what_is_no_secret(tmp_path: Path, path: str, text: str) -> None:
    assert remarks(make_repository(tmp_path / "shop", files(whole_report(), {path: text})), "H.secrets") == []


# ---- files


def test_large_files(tmp_path: Path) -> None:
    folder = make_repository(
        tmp_path / "shop",
        files(
            whole_report(),
            {"models/model.pt": b"\1" * 2_000_000, "data/small.csv": b"1,2\n" * 100, "slides.pdf": b"x" * 3_000_000},
        ),
    )
    write(folder, {"data/raw.csv": b"1,2\n" * 600_000})
    found = one(remarks(folder, "H.large_files"))  # what is not committed is no matter of git's
    assert found.place.path == "models/model.pt" and "2.0 MB" in found.message


# ---- state


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


def test_a_check_that_fails_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditor.checks import files as module
    from auditor.checks.model import Check

    def broken(_: object) -> object:
        raise RuntimeError("boom")

    broken.__annotations__ = {"_": Snapshot, "return": object}
    monkeypatch.setattr(module, "large_files", Check("H.large_files", "x", broken))  # type: ignore[arg-type]
    result = checked(make_repository(tmp_path / "shop", files(whole_report({7: "short"}))))
    assert any("H.large_files could not be looked at" in place.text for place in result.repository.problems)
    assert any(one.check == "H.length" for one in result.hand_in or ())


def test_a_bare_repository_and_a_plain_folder_can_be_checked(tmp_path: Path) -> None:
    folder = pushed(tmp_path / "shop", files(whole_report({7: fitting(7) + " " + words(60)})))
    bare = run_audit(tmp_path / "shop-remote", hand_in=True)
    plain = run_audit(folder, hand_in=True, use_git=False)
    for result in (bare, plain):
        assert [one.check for one in result.hand_in or ()] == ["H.length"], result.hand_in


@given(st.lists(st.sampled_from([f"x = '{KEY}'", "x = 1", "", "é" * 20, "https://a@b", "a" * 40, "0a" * 20])))
@settings(deadline=None)
def test_secrets_stand_in_their_lines(lines: list[str]) -> None:
    found = list(secrets_in("a.py", "\n".join(lines)))
    assert [one.line for one in found] == [number for number, line in enumerate(lines, 1) if KEY in line]
    assert all(KEY not in one.shown for one in found)


# ---- what honest groups write and do


def test_pages_of_the_hosting_site_are_no_files(tmp_path: Path) -> None:
    readme = "# shop\n\n[![ci](../../actions/workflows/ci.yml/badge.svg)](../../actions) [issues](../../issues) [tel](tel:+4512345678)\n"
    text = whole_report({10: f"{words(120)} [pulls](../../../pulls)"})
    assert remarks(make_repository(tmp_path / "shop", files(text, {"README.md": readme})), "H.links") == []


def test_nobody_is_told_to_commit_what_is_kept_out_of_git(tmp_path: Path) -> None:
    more = {".gitignore": ".env\n/models/\n", "README.md": "# shop\n\n[keys](.env) [model](models/model.pt)\n"}
    found = remarks(make_repository(tmp_path / "shop", files(whole_report(), more)), "H.links")
    assert [("kept out of git" in one.message, "commit" in one.settle) for one in found] == [(True, False)] * 2


def test_badges_are_no_figures(tmp_path: Path) -> None:
    text = whole_report({8: f"{words(120)} ![coverage](https://img.shields.io/badge/coverage-80-green.svg)"})
    assert remarks(make_repository(tmp_path / "shop", files(text)), "H.figure_files") == []


def test_a_figure_that_is_shown_twice_is_told_once(tmp_path: Path) -> None:
    text = whole_report({19: "![a](figures/none.png) ![a](figures/none.png)"})
    one(remarks(make_repository(tmp_path / "shop", files(text)), "H.figure_files"))


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


def test_a_pointer_of_git_lfs_is_small(tmp_path: Path) -> None:
    content = b"\1" * 2_000_000
    pointer = (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{hashlib.sha256(content).hexdigest()}\nsize 2000000\n"
    )
    folder = pushed(tmp_path / "shop", files(whole_report(), {"models/model.pt": pointer}))
    write(folder, {"models/model.pt": content})
    assert remarks(folder, "H.large_files") == []


def test_a_list_that_the_checker_counts_longer(tmp_path: Path) -> None:
    answer = "\n".join(f"- {words(8)}" for _ in range(12))  # 108 words with the signs, 96 without
    assert remarks(make_repository(tmp_path / "shop", files(whole_report({8: answer}))), "H.length") == []


def test_where_no_words_are_asked_for_none_are_needed(tmp_path: Path) -> None:
    assert remarks(make_repository(tmp_path / "shop", files(whole_report({28: ""}))), "H.unanswered") == []
    text = whole_report({28: "--- question 28 fill here ---"})
    one(remarks(make_repository(tmp_path / "other", files(text)), "H.unanswered"))


def test_two_answers_under_one_heading_are_not_counted_as_one(tmp_path: Path) -> None:
    text = whole_report().replace("### Question 9\n", "### Linting\n")
    assert not [
        one
        for one in remarks(make_repository(tmp_path / "shop", files(text)), "H.length")
        if "Question 8" in one.message
    ]


@pytest.mark.parametrize(
    "group", ["MLOPS12", "MLOps_12", "MLOps 12, Jan 2026", "Group 12", "The number is 12; we are 4 students"]
)
def test_groups_as_they_are_written(tmp_path: Path, group: str) -> None:
    folder = make_repository(tmp_path / "shop", files(whole_report({1: group})))
    assert checked(folder).report.group == "12"


@pytest.mark.parametrize("text", ["![x](" * 4_000, "![" * 40_000, "Answer: ![" * 20_000, "![x](y" * 10_000])
def test_no_line_takes_long(text: str) -> None:
    start = time.process_time()
    readings(f"Answer: {text}\n### x\n")
    assert time.process_time() - start < 2
