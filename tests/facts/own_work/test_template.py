"""What is the template's and what is the group's own, with an invented template."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.checkout import ROOT
from support.fingerprints_script import fingerprint, main, merged, role_of, write
from support.repositories import Files, Step, git, make_repository
from support.trees import Trees

from auditor.course.fingerprints import Fingerprints, load_fingerprints
from auditor.errors import AuditError
from auditor.facts.own_work.layout import Layout
from auditor.facts.own_work.template import Template, compare
from auditor.injection import Facts
from auditor.repository.opening import open_snapshot

REPO, PACKAGE = "{{ cookiecutter.repo_name }}", "{{ cookiecutter.project_name }}"
TASKS = '''import os
from invoke import task

PROJECT = "{{ cookiecutter.project_name }}"

@task
def bake(ctx):
    """Bake."""
    ctx.run(f"oven src/{PROJECT}/bake.py", echo=True)

@task
def sell(ctx):
    ctx.run("till --open", echo=True)
'''
BAKE = """from {{ cookiecutter.project_name }}.dough import Dough

def bake():
    dough = Dough("flour", 'water')
    # add your baking here

if __name__ == "__main__":
    bake()
"""
INDEX = "# Bakery\n\nDocumentation for {{ cookiecutter.project_name }}\n"
PROJECT = """[project]
name = {{ cookiecutter.project_name|tojson }}
authors = [{ name = {{ cookiecutter.author_name|tojson }} }]
requires-python = ">={{ cookiecutter.python_version }}"
dependencies = ["oven==1.2.3"]
"""
FIGURE = b"\x89PNG example"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Fingerprints:
    folder = tmp_path_factory.mktemp("template")
    make_repository(
        folder,
        commits=[
            Step(
                {
                    f"{REPO}/{PACKAGE}/bake_model.py": "old = 'way'\nover = and_out\nthree = 3\n",
                    "hooks/x.py": "hook = 1\n",
                }
            ),
            Step(
                {
                    f"{REPO}/{PACKAGE}/bake_model.py": None,
                    f"{REPO}/src/{PACKAGE}/bake.py": BAKE,
                    f"{REPO}/src/{PACKAGE}/taste.py": "",
                    f"{REPO}/tasks_uv.py": TASKS,
                    f"{REPO}/tasks_pip.py": TASKS.replace("oven", "pip oven"),
                    f"{REPO}/docs/index.md": INDEX,
                    f"{REPO}/pyproject.toml": PROJECT,
                    f"{REPO}/.github/workflows/tests.yaml": "on: push\njobs:\n  bake:\n    runs-on: ubuntu-latest\n",
                    "reports/figures/oven.png": FIGURE,
                    "reports/README.md": "# Exam\n\nAnswer here\n",
                }
            ),
            Step({"reports/figures/oven.png": b"\x89PNG another"}),
        ],
    )
    found: Fingerprints = fingerprint(folder)[0]
    return found


def template(tree: Trees, files: Files, known: Fingerprints) -> Template:
    return tree({"src/cornershop/__init__.py": "", **files}, known).get(Template)


def rendered(text: str) -> str:
    text = text.replace("{{ cookiecutter.project_name|tojson }}", '"cornershop"').replace(PACKAGE, "cornershop")
    text = text.replace("{{ cookiecutter.author_name|tojson }}", '"Ada"')
    return text.replace("{{ cookiecutter.python_version }}", "3.11")


def test_roles(known: Fingerprints) -> None:
    assert set(known.lines) == {
        *("*/bake_model.py", "src/*/bake.py", "src/*/taste.py", "tasks.py", "docs/index.md", "pyproject.toml"),
        *(".github/workflows/tests.yaml", "reports/README.md"),
    }
    assert role_of("{{cookiecutter.repo_name}}/dockerfiles/api_pip.dockerfile") == "dockerfiles/api.dockerfile"
    assert role_of("README.md") is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tasks.py", TASKS),
        ("tasks.py", TASKS.replace("oven", "pip oven")),
        ("src/cornershop/bake.py", BAKE),
        ("docs/index.md", INDEX),
        ("pyproject.toml", PROJECT),
    ],
)
def test_filled_in_template_is_a_stub(tree: Trees, known: Fingerprints, path: str, text: str) -> None:
    found = template(tree, {path: rendered(text)}, known)
    assert found.share(path) == 1
    assert found.is_stub(path)
    assert found.own_lines(path) == ()


def test_formatting_is_no_work(tree: Trees, known: Fingerprints) -> None:
    text = (
        rendered(BAKE)
        .replace("'water'", '"water"')
        .replace('Dough("flour", ', '\n        Dough(\n        "flour",\n        ')
    )
    text = text.replace("dough = \n", "dough = (\n").replace('"water")', '"water",\n    )')
    reflowed = (
        'from cornershop.dough import Dough\n\n\ndef bake():\n    """Mine."""\n    dough = Dough(\n        "flour",\n'
        + ("        \"water\",\n    )  # mine\n    # a note\n\n\nif __name__ == '__main__':\n    bake()\n")
    )
    found = template(tree, {"src/cornershop/bake.py": reflowed}, known)
    assert found.share("src/cornershop/bake.py") == 1


def test_own_work(tree: Trees, known: Fingerprints) -> None:
    own = "\n".join(f"    step_{i} = heat({i})" for i in range(20))
    text = rendered(BAKE).replace("    # add your baking here", own)
    found = template(
        tree, {"src/cornershop/bake.py": text, "src/cornershop/other.py": "import cake\ncake.eat()\n"}, known
    )
    assert not found.is_stub("src/cornershop/bake.py")
    assert found.role("src/cornershop/bake.py") == "src/*/bake.py"
    assert found.own_lines("src/cornershop/bake.py")[0] == (5, "    step_0 = heat(0)")
    assert len(found.own_lines("src/cornershop/bake.py")) == 20
    assert found.share("src/cornershop/other.py") == 0
    assert found.role("src/cornershop/other.py") is None
    assert not found.is_stub("src/cornershop/other.py")


def test_nearly_the_template_is_a_stub(tree: Trees, known: Fingerprints) -> None:
    text = rendered(BAKE).replace('"flour"', '"rye"')
    found = template(tree, {"src/cornershop/bake.py": text, "src/cornershop/taste.py": "\n# later\n"}, known)
    assert found.is_stub("src/cornershop/bake.py")
    assert [line for line, _ in found.own_lines("src/cornershop/bake.py")] == [4]
    assert found.is_stub("src/cornershop/taste.py")
    assert not found.is_stub("missing.py")


def test_renamed_files_are_known(tree: Trees, known: Fingerprints) -> None:
    workflow = "on: push\njobs:\n  bake:\n    runs-on: ubuntu-latest\n"
    found = template(tree, {".github/workflows/ci.yml": workflow, "commands.py": rendered(TASKS)}, known)
    assert found.role(".github/workflows/ci.yml") == ".github/workflows/tests.yaml"
    assert found.role("commands.py") == "tasks.py"
    assert found.is_stub("commands.py")


def test_default_names_that_were_left_in(tree: Trees, known: Fingerprints) -> None:
    text = TASKS.replace(PACKAGE, "project_name")
    assert template(tree, {"tasks.py": text}, known).is_stub("tasks.py")


def test_example_figures(tree: Trees, known: Fingerprints) -> None:
    files = {"reports/figures/mine.png": FIGURE, "b.png": b"\x89PNG another", "own.png": b"\x89PNG own"}
    found = template(tree, files, known)
    assert found.example_figure("reports/figures/mine.png")
    assert found.example_figure("b.png")
    assert not found.example_figure("own.png")
    assert not found.example_figure("missing.png")


def test_example_figure_behind_lfs_or_out_of_the_clone(tmp_path: Path, known: Fingerprints) -> None:
    sha = next(name for name in known.figures if len(name) == 64)
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha}\nsize 12\n"
    folder = make_repository(tmp_path, {"lfs.png": pointer, "gone.png": FIGURE})
    blob = git(folder, "rev-parse", "HEAD:gone.png")
    (folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with open_snapshot(folder, at="HEAD") as snapshot:
        found = Facts(snapshot, known).get(Template)
        assert found.example_figure("lfs.png")
        assert found.example_figure("gone.png")


def test_no_template_at_all(tree: Trees) -> None:
    found = Template(tree({"a.py": "x = 1\n", "b.png": b"b"}).snapshot)
    assert not found.is_stub("a.py")
    assert found.share("a.py") == 0
    assert found.own_lines("a.py") == ((1, "x = 1"),)
    assert not found.example_figure("b.png")


def test_stored_fingerprints_hold_no_text_and_come_back(tmp_path: Path, known: Fingerprints) -> None:
    write(known, tmp_path / "a.json")
    again = load_fingerprints(tmp_path / "a.json")
    assert again == known
    write(merged(again, known), tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert "flour" not in (tmp_path / "a.json").read_text()


def test_next_year_is_added(tmp_path: Path, known: Fingerprints, monkeypatch: pytest.MonkeyPatch) -> None:
    into = tmp_path / "known.json"
    write(known, into)
    make_repository(tmp_path / "next", {f"{REPO}/tasks.py": "new = 1\n"})
    monkeypatch.setattr(sys, "argv", ["fingerprint", str(tmp_path / "next"), "--into", str(into)])
    assert main() == 0
    found = load_fingerprints(into)
    assert found.lines["tasks.py"] > known.lines["tasks.py"]
    assert found.lines["docs/index.md"] == known.lines["docs/index.md"]
    monkeypatch.setattr(sys, "argv", ["fingerprint", str(tmp_path), "--into", str(into)])
    assert main() == 2


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"roles": [], "figures": []}', '{"roles": {"a": {}}, "figures": []}']
)
def test_other_files_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(AuditError, match="no fingerprints"):
        load_fingerprints(tmp_path / "x.json")


def test_the_course_s_fingerprints() -> None:
    path = ROOT / "rules" / "template_fingerprints.json"
    found = load_fingerprints(path)
    assert {"tasks.py", "src/*/train.py", "src/data/make_dataset.py", "docs/source/index.md"} <= set(found.lines)
    assert found.figures
    assert path.stat().st_size < 300_000
    assert set(json.loads(path.read_text())) == {"about", "roles", "figures"}


@settings(deadline=None, max_examples=200)
@given(
    st.text(alphabet="\"'#([{)]}\\\n a1.,%§", max_size=200), st.sampled_from(["tasks.py", "a.yaml", "x.md", "p.toml"])
)
def test_comparing_never_raises(text: str, path: str) -> None:
    known = Fingerprints({"tasks.py": frozenset()})
    for line in compare(text, path, known, ["shop"]).lines:
        assert 1 <= line.number <= text.count("\n") + 1


@pytest.mark.parametrize(
    "text", ['"' * 300_001, '"\\' * 150_000, "(\n" * 150_000, "1" * 300_000, "{{cookiecutter." * 20_000]
)
def test_comparing_takes_linear_time(text: str) -> None:
    for path in ("tasks.py", "a.toml"):
        compare(text, path, Fingerprints({"tasks.py": frozenset()}), ["shop"])


@pytest.mark.parametrize("path", ["tasks.py", "docs/index.md"])
def test_a_file_too_long_to_compare_is_the_group_s_own(tree: Trees, known: Fingerprints, path: str) -> None:
    line = INDEX.splitlines()[2] if path.endswith(".md") else BAKE.splitlines()[0]
    found = Template(tree({path: f"{line}\n" * 20_000, f"wide/{path}": "a" * 500_000}).snapshot, known)
    own = found.own_lines(path)
    assert own[0] == (1, line) and 1_000 < len(own) < 20_000
    assert not found.is_stub(path) and found.role(path) is None
    assert not found.is_stub(f"wide/{path}")


def test_names_come_from_the_layout(tree: Trees, known: Fingerprints) -> None:
    assert tree({}, known, Layout(names=frozenset({"shop"}))).get(Template).names == {"shop"}
