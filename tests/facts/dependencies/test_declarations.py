"""Declared requirements, lock files and environments, each as the tool that reads the file would see it."""

from __future__ import annotations

import time
import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import example, given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from support.trees import REPORT, Trees

from auditor.facts.dependencies import Dependencies, Environment, Locked, is_generated
from auditor.facts.dependencies.conda import read_conda_environment
from auditor.facts.dependencies.locked import locked_names
from auditor.facts.dependencies.pyproject import read_pipfile, read_pixi, read_pyproject, read_script_metadata
from auditor.facts.dependencies.requirement import Declared, read_requirement
from auditor.facts.dependencies.requirements_txt import read_requirements_text
from auditor.facts.dependencies.setup_script import read_setup_cfg
from auditor.formats.ini_lines import parse_ini
from auditor.formats.toml_lines import parse_toml, toml_lines
from auditor.injection import Facts
from auditor.knowledge.distribution_names import canonical_name
from auditor.repository.snapshot import Snapshot


def facts(tree: Trees, files: dict[str, str | bytes]) -> Facts:
    return tree(files, REPORT).facts


def said(declared: list[Declared] | tuple[Declared, ...]) -> list[tuple[str, int, str]]:
    return [(d.name, d.line, d.group) for d in declared]


@pytest.mark.parametrize(
    ("text", "name", "broken"),
    [
        ("torch", "torch", False),
        ("Scikit_Learn >= 1.3, < 2", "scikit-learn", False),
        ("fastapi[standard]~=0.115 ; python_version > '3.9'", "fastapi", False),
        ("shop @ git+https://example.org/shop.git@main", "shop", False),
        ("git+https://example.org/ada/shop.git#egg=shop_tools", "shop-tools", False),
        ("git+https://example.org/ada/shop.git@v1", "shop", False),
        ("https://example.org/whl/torch-2.1.0-cp311-cp311-linux_x86_64.whl", "torch", False),
        ("https://example.org/shop-1.0.tar.gz", "shop", False),
        ("numpy=1.26.4=py311h1", "numpy", True),
        ("torch=2.0", "torch", True),
        ("numpy>=1.0,", "numpy", False),
    ],
)
def test_requirement(text: str, name: str, broken: bool) -> None:
    named = read_requirement(text)
    assert named is not None
    assert (named.name, named.broken) == (name, broken)


@pytest.mark.parametrize("text", ["", "pip install torch", "import torch", "====", "x" * 2000, "https://example.org/"])
def test_no_requirement(text: str) -> None:
    assert read_requirement(text) is None


def test_requirements_file() -> None:
    text = (
        "# pinned\n"
        "--index-url https://example.org/simple\n"
        "-r base.txt\n"
        "-c constraints.txt\n"
        "numpy==1.26.4 \\\n"
        "    --hash=sha256:00 \\\n"
        "    --hash=sha256:11\n"
        "pandas  # tables\n"
        "-e .[dev]\n"
        "-e git+https://example.org/shop.git#egg=shop\n"
        "./wheels/local\n"
        "pip install torch\n"
    )
    result = read_requirements_text(text, "requirements/dev.txt", "dev")
    assert said(result.declared) == [("numpy", 5, "dev"), ("pandas", 8, "dev"), ("shop", 10, "dev")]
    assert result.declared[0].text == "numpy==1.26.4"
    assert result.includes == ["requirements/base.txt"]
    assert result.installs_project == 9
    assert result.broken == [12]


def test_pyproject_of_every_tool() -> None:
    text = """
[project]
name = "Shop"
dependencies = [
    "torch>=2",  # the model
    "hydra-core",
]
[project.optional-dependencies]
docs = ["mkdocs"]
[dependency-groups]
dev = [{include-group = "test"}, "ruff"]
test = ["pytest"]
[tool.poetry.dependencies]
python = "^3.11"
pandas = {version = "^2", extras = ["parquet"]}
[tool.poetry.group.lint.dependencies]
black = "*"
[tool.pdm.dev-dependencies]
more = ["tox"]
[tool.uv]
dev-dependencies = ["mypy"]
[tool.hatch.envs.docs]
dependencies = ["sphinx"]
[tool.pixi.dependencies]
numpy = "*"
[tool.setuptools.dynamic]
dependencies = {file = ["requirements.txt"]}
"""
    manifest = read_pyproject(text, "app/pyproject.toml")
    assert manifest.project == "Shop"
    assert said(manifest.declared) == [
        ("torch", 5, ""),
        ("hydra-core", 6, ""),
        ("mkdocs", 9, "docs"),
        ("ruff", 11, "dev"),
        ("pytest", 12, "test"),
        ("pandas", 15, ""),
        ("black", 17, "lint"),
        ("tox", 19, "more"),
        ("mypy", 21, "dev"),
        ("sphinx", 23, "docs"),
        ("numpy", 25, ""),
    ]
    assert manifest.includes == ["app/requirements.txt"]
    assert manifest.declared[5].extras == ("parquet",)


def test_other_manifests() -> None:
    pipfile = read_pipfile(
        '[packages]\ntorch = "*"\n[dev-packages]\nruff = "*"\n[requires]\npython_version = "3.11"\n', "Pipfile"
    )
    assert said(pipfile.declared) == [("torch", 2, ""), ("ruff", 4, "dev")]
    pixi = read_pixi('[dependencies]\npython = "3.11"\n[feature.gpu.pypi-dependencies]\ntorch = "*"\n', "pixi.toml")
    assert said(pixi.declared) == [("torch", 4, "gpu")]
    script = read_script_metadata(
        '#!/x\n# /// script\n# dependencies = [\n#   "rich",\n# ]\n# ///\nimport rich\n', "a.py"
    )
    assert said(script.declared) == [("rich", 4, "script")]
    setup = (
        "[metadata]\nname = shop\n[options]\ninstall_requires =\n    torch\n    # comment\n"
        "    numpy>=1 ; python_version<'4'\n[options.extras_require]\ndev = ruff\n"
    )
    cfg = read_setup_cfg(setup, "setup.cfg")
    assert said(cfg.declared) == [("torch", 5, ""), ("numpy", 7, ""), ("ruff", 9, "dev")]
    conda = (
        "name: shop\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n"
        "  - conda-forge::pytorch=2.1=cuda\n  - pip\n  - pip:\n    - -r requirements.txt\n"
        "    - wandb>=0.16\n"
    )
    environment = read_conda_environment(conda, "environment.yml")
    assert said(environment.declared) == [("torch", 5, ""), ("wandb", 9, "")]
    assert environment.includes == ["requirements.txt"]


def test_declarations_of_a_repository(tree: Trees) -> None:
    found = facts(
        tree,
        {
            "pyproject.toml": (
                '[project]\nname = "shop"\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\n'
                'dependencies = {file = "pinned.txt"}\n'
            ),
            "pinned.txt": "torch\n-r more.txt\n",
            "more.txt": "rich\n-r pinned.txt\n",
            "requirements_dev.txt": "# nothing yet\n",
            "backend/requirements.txt": "fastapi\r\nuvicorn\r\n".encode("utf-16"),
            "wandb/run-20260101_000000-abc/files/requirements.txt": "secretlib==1\n",
            "setup.py": (
                "from setuptools import setup\nneeds = ['click']\n"
                "setup(install_requires=needs, extras_require={'x': ['tqdm']})\n"
            ),
            "broken/pyproject.toml": "[project\n",
        },
    )
    dependencies = found.get(Dependencies)
    assert {d.name for d in dependencies.declared} == {"torch", "rich", "fastapi", "uvicorn", "click", "tqdm"}
    assert dependencies.own_names == {"shop"}
    empty = [source.path for source in dependencies.sources if source.is_empty]
    assert empty == ["requirements_dev.txt"]
    click = dependencies.declares("Click")
    assert click is not None
    assert (click.path, click.line) == ("setup.py", 2)
    assert any(p.path == "broken/pyproject.toml" for p in found.get(Snapshot).problems)


def test_lock_files(tree: Trees) -> None:
    uv = (
        'version = 1\n[[package]]\nname = "Numpy"\nversion = "1"\n[[package]]\nname = "shop"\n'
        'source = { editable = "." }\n'
    )
    assert locked_names(uv, "uv.lock") == ("numpy",)
    assert locked_names('{"_meta": {}, "default": {"Rich": {}}, "develop": {"tox": {}}}', "Pipfile.lock") == (
        "rich",
        "tox",
    )
    found = facts(tree, {"uv.lock": uv, "sub/poetry.lock": "not toml ["})
    locked = found.get(Locked)
    assert locked.names["numpy"].path == "uv.lock"
    assert locked.files == ("sub/poetry.lock", "uv.lock")


def test_environment(tree: Trees) -> None:
    environment = facts(
        tree,
        {
            ".python-version": "3.11\n",
            "requirements.txt": "# only a comment\n",
            "environment.yml": "name: shop\ndependencies:\n- numpy\n",
            "uv.lock": "",
            "README.md": (
                "# Shop\n\nUses `pip install -e .`:\n\n```bash\n# first\n$ uv sync\n```\n\n"
                "poetry install is not ours.\n"
            ),
            "reports/README.md": "```\nuv sync\n```\n",
            "Makefile": "env:\n\t$(PYTHON) -m pip install -r requirements.txt\n",
            "run.sh": "# pip install -r requirements.txt\npython train.py\n",
        },
    ).get(Environment)
    assert [(t.path, t.kind, t.line) for t in environment.traces] == [
        (".python-version", "python version", 1),
        ("environment.yml", "conda", 3),
    ]
    assert [e.where for e in environment.instructions] == ["README.md:3", "Makefile:2"]


def test_files_about_a_run() -> None:
    for path in (
        "wandb/run-1/files/config.yaml",
        "a/mlruns/0/x/requirements.txt",
        "outputs/2026-01-01/12-00-00/.hydra/config.yaml",
    ):
        assert is_generated(path)
    for path in ("src/outputs/train.py", "configs/config.yaml", "src/wandb/run.py", "runs/config.yaml"):
        assert not is_generated(path)


scalars = st.one_of(st.integers(-9, 9), st.booleans(), st.text("ab\"'\\\n#[]{}=,. é", max_size=8), st.floats(-5, 5))
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.\"' #é", max_size=4), inner, max_size=3),
    max_leaves=12,
)


def places(value: Any, at: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {at}.union(*(places(v, (*at, k)) for k, v in inner))


@given(st.dictionaries(st.text("abc.\"' ", max_size=4), values, max_size=4))
@settings(max_examples=60, deadline=None)
def test_toml_scanner_finds_what_tomllib_finds(document: dict[str, Any]) -> None:
    text = tomlkit.dumps(document)
    assert set(toml_lines(text)) == places(tomllib.loads(text)) - {()}


def test_toml_lines_of_tables_and_arrays() -> None:
    text = (
        'a.b = """\nx\n"""\nc = [ # one\n  1,\n  {d = 2},\n]\n[[t]]\nx = 1\n[[t]]\n'
        "[t.u]\ny = '''\n'''\nz = 1979-05-27 07:32:00\n"
    )
    lines = toml_lines(text)
    assert set(lines) == places(tomllib.loads(text)) - {()}
    assert (lines["c", 1, "d"], lines["t", 1], lines["t", 1, "u", "z"]) == (6, 10, 14)


@pytest.mark.parametrize("text", ["a" + ".a" * 5000 + " = 1", "a = " + "[" * 5000 + "]" * 5000, "a = 1" + "0" * 5000])
def test_hostile_toml_is_refused_fast(text: str) -> None:
    with pytest.raises(ValueError, match=r"TOML|dots"):
        parse_toml(text)


@pytest.mark.parametrize("line", ["[{}]", "[[{}]]", " [ {} ] # x", "{}.b = 1", "'a'.\"b.c\" . {} = 1"])
def test_keys_of_many_parts_are_refused(line: str) -> None:
    with pytest.raises(ValueError, match="more than 20 parts"):
        parse_toml(line.format(".".join(["a"] * 20 if "b" in line else ["a"] * 21)) + "\n")


def test_dots_outside_of_keys_are_no_parts() -> None:
    text = (
        '[a.b]\nc = ["x==1.2.3.4", '
        + '"y==1.2.3.4", ' * 20
        + "]\nd = [\n"
        + '["1.2.3"],\n' * 9
        + "]\n["
        + "e." * 19
        + "f]\n"
    )
    assert parse_toml(text) == tomllib.loads(text)
    assert set(toml_lines(text)) == places(tomllib.loads(text)) - {()}


def test_hostile_toml_takes_little_work() -> None:
    deep = ".".join(["a"] * 18_000)
    start = time.process_time()
    assert toml_lines(f"{deep} = 1\n") == {}
    assert toml_lines("".join(f"x{n} = {'[' * 90}{']' * 90}\n" for n in range(5_000))) == {}
    with pytest.raises(ValueError, match="dots"):
        read_pixi(f"{deep} = 1\n", "pixi.toml")
    assert time.process_time() - start < 1


def test_a_document_is_parsed_once() -> None:
    text = "[project]\nname = 'shop'\n"
    assert parse_toml(text) is parse_toml(text)
    assert toml_lines(text) is toml_lines(text)


@given(st.text(max_size=200) | st.text("-re .\\\n#=<>@[];a1:/", max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    for declared in read_requirements_text(text, "requirements.txt", "").declared:
        assert 1 <= declared.line <= text.count("\n") + 1
    for option in parse_ini(text):
        assert 1 <= option.line <= text.count("\n") + 1
    read_setup_cfg(text, "setup.cfg")
    for reader in (read_pyproject, read_pixi, read_pipfile, read_script_metadata, read_conda_environment, locked_names):
        try:
            reader(text, "uv.lock")
        except ValueError as error:
            assert str(error)


REQUIREMENTS = st.lists(
    st.sampled_from([*"ab1.-_[], <>=!~*", "numpy", ">=", "==", "~=", "1.0", "2", "[gs]", "[a,b]", " , ", "<2"]),
    max_size=9,
).map("".join)


@given(text=REQUIREMENTS)
@example(text="shop[web,gs] >= 1.0, <2")
@example(text="shop[]")
@example(text="Shop.Tools~=1")
def test_common_requirements_are_read_as_packaging_reads_them(text: str) -> None:
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        return
    found = read_requirement(text)
    assert found is not None
    assert found.name == canonicalize_name(wanted.name) == canonical_name(wanted.name)
    assert found.extras == tuple(sorted(wanted.extras))
