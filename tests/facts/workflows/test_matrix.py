"""Matrices: combinations, kinds of axes, and whether an axis is used."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from auditor.facts.workflows.matrix import read_matrix
from auditor.facts.workflows.model import Matrix
from auditor.facts.workflows.source import Files, Source
from auditor.formats.yaml_lines import parse_yaml
from auditor.limits import DEFAULT
from auditor.repository.entries import Moment
from auditor.repository.snapshot import Snapshot


def source(text: str) -> Source:
    snapshot = Snapshot(Path(), [], Moment(), git=None, limits=DEFAULT)
    return Source("ci.yml", text.split("\n"), Files(snapshot))


def matrix_of(job: str) -> Matrix:
    text = textwrap.dedent(job)
    mapping = parse_yaml(text).mapping
    found = read_matrix(source(text), mapping.map_at("strategy"), mapping)
    assert found is not None
    return found


def test_axes_by_use() -> None:
    matrix = matrix_of(
        """\
        runs-on: ${{ matrix.where }}
        strategy:
          matrix:
            where: [ubuntu-latest, windows-latest]
            version: ["3.11", 3.10]
            lightning: [2.4, 2.5]
            seed: [1, 2]
        steps:
          - uses: actions/setup-python@v5
            with: {python-version: "${{ matrix.version }}"}
          - run: pip install torch==${{ matrix.lightning }}
          - run: pytest --seed ${{ matrix['seed'] }}
        """
    )
    assert {axis.name: (axis.kind, axis.used, axis.values) for axis in matrix} == {
        "where": ("os", True, ("ubuntu-latest", "windows-latest")),
        "version": ("python", True, ("3.11", "3.10")),
        "lightning": ("pytorch", True, ("2.4", "2.5")),
        "seed": ("other", True, ("1", "2")),
    }
    assert len(matrix.combinations) == 16
    assert matrix.axes["version"].evidence.where == "ci.yml:5"
    assert [axis.name for axis in matrix.of_kind("os", "python")] == ["where", "version"]


@pytest.mark.parametrize(
    ("use", "used", "kind"),
    [
        ("steps: [{run: pytest}]", False, "python"),
        ("name: Test ${{ matrix.python-version }}", False, "python"),
        ("steps: [{uses: actions/cache@v4, with: {path: x, key: '${{ matrix.python-version }}'}}]", False, "python"),
        ("steps: [{run: 'echo ${{ matrix.python-version }}'}]", False, "python"),
        ("steps: [{run: 'uv python install ${{ matrix.python-version }}'}]", True, "python"),
        ("steps: [{run: 'uv run --python ${{ matrix.python-version }} pytest'}]", True, "python"),
        ("env: {UV_PYTHON: '${{ matrix.python-version }}'}", True, "python"),
        ("container: python:${{ matrix.python-version }}-slim", True, "python"),
        ("steps: [{uses: ./.github/actions/x, with: {py: '${{ matrix.python-version }}'}}]", True, "python"),
        ("steps: [{run: 'pytest ${{ toJSON(matrix) }}'}]", True, "python"),
    ],
)
def test_use_of_an_axis(use: str, used: bool, kind: str) -> None:
    axis = matrix_of(f"strategy:\n  matrix:\n    python-version: ['3.11', '3.12']\n{use}\n").axes["python-version"]
    assert (axis.used, axis.kind) == (used, kind)


def test_runners_that_are_not_run_on_are_not_used() -> None:
    matrix = matrix_of("strategy: {matrix: {os: [ubuntu-latest, macos-latest]}}\nruns-on: ubuntu-latest\n")
    assert [(axis.kind, axis.used, axis.varied) for axis in matrix] == [("os", False, True)]
    platforms = matrix_of(
        "strategy: {matrix: {platform: [linux/amd64, linux/arm64]}}\n"
        "steps: [{run: 'docker build --platform ${{ matrix.platform }} .'}]\n"
    )
    assert [(axis.kind, axis.used) for axis in platforms] == [("other", True)]


def test_include_and_exclude() -> None:
    matrix = matrix_of(
        """\
        runs-on: ${{ matrix.os }}
        strategy:
          matrix:
            os: [ubuntu-latest, windows-latest]
            python: ["3.11", "3.12"]
            exclude:
              - {os: windows-latest, python: "3.11"}
              - {python: "3.12"}
            include:
              - {os: ubuntu-latest, extra: yes}
              - os: macos-latest
                python: "3.13"
        """
    )
    assert [dict(row) for row in matrix.combinations] == [
        {"os": "ubuntu-latest", "python": "3.11", "extra": "yes"},
        {"os": "macos-latest", "python": "3.13"},
    ]
    assert matrix.axes["os"].values == ("ubuntu-latest", "macos-latest")
    assert matrix.axes["extra"].line == 10


def test_include_alone_makes_the_matrix() -> None:
    matrix = matrix_of(
        "runs-on: ${{matrix.os}}\nstrategy: {matrix: {include: [{os: ubuntu-latest}, {os: macos-13}]}}\n"
    )
    assert (matrix.axes["os"].values, matrix.axes["os"].used) == (("ubuntu-latest", "macos-13"), True)


def test_values_that_are_mappings() -> None:
    matrix = matrix_of(
        "runs-on: ${{ matrix.config.os }}\n"
        "strategy: {matrix: {config: [{os: ubuntu-latest, py: '3.11'}, {os: macos-latest, py: '3.12'}]}}\n"
    )
    assert (matrix.axes["config.os"].kind, matrix.axes["config.os"].values) == ("os", ("ubuntu-latest", "macos-latest"))
    assert matrix.axes["config.py"].kind == "python"


def test_expressions() -> None:
    literal = matrix_of("""strategy: {matrix: {python: "${{ fromJSON('[\\"3.11\\", \\"3.12\\"]') }}"}}""")
    assert literal.axes["python"].values == ("3.11", "3.12")
    unknown = matrix_of("strategy: {matrix: {python: '${{ fromJSON(needs.x.outputs.y) }}', os: [a, b]}}")
    assert (unknown.axes["python"].known, unknown.axes["python"].values) == (False, ())
    assert unknown.axes["os"].values == ("a", "b")
    assert matrix_of("strategy: {matrix: '${{ fromJSON(needs.x.outputs.y) }}'}").axes == {}


def test_a_matrix_outside_strategy_is_not_the_matrix() -> None:
    mapping = parse_yaml("matrix: {os: [a, b]}\nruns-on: x\n").mapping
    assert read_matrix(source(""), mapping.map_at("strategy"), mapping) is None


def test_large_matrices_are_bounded() -> None:
    axes = "\n".join(f"    a{n}: {list(range(100))}" for n in range(8))
    assert len(matrix_of(f"strategy:\n  matrix:\n{axes}\n").combinations) == 256
