"""Who worked on what, whether the code is there, and how the description changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.repositories import BO, Step, make_repository
from support.trees import Trees, facts_of

from auditor.evidence import part
from auditor.facts.group import ReportPlace
from auditor.injection import Facts
from auditor.practices.code.presence import SourceCode
from auditor.practices.contributions import Contributions, area_of
from auditor.practices.documentation.description import Description
from auditor.repository.opening import open_snapshot


def facts(folder: Path) -> Facts:
    return facts_of(open_snapshot(folder))


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("tests/test_api.py", "tests"),
        (".github/workflows/tests.yaml", "workflows"),
        ("dockerfiles/api.dockerfile", "containers"),
        ("Dockerfile", "containers"),
        ("src/shop/api.py", "API"),
        ("src/shop/data.py", "data"),
        ("src/shop/model.py", "model"),
        ("train.py", "model"),
        ("configs/train.yaml", "configuration"),
        ("data.dvc", "data versions"),
        ("uv.lock", "dependencies"),
        ("README.md", "documentation"),
        ("reports/README.md", "report"),
        ("cloudbuild.yaml", "cloud"),
        ("src/shop/__init__.py", None),
        (".gitignore", None),
        ("figure.png", None),
    ],
)
def test_areas(path: str, area: str | None) -> None:
    assert area_of(path) == area


def test_everybodys_areas(tmp_path: Path) -> None:
    folder = make_repository(
        tmp_path / "shop",
        {f"src/shop/{n}.py": "x\n" for n in range(20)} | {"Dockerfile": "FROM x\n", "tests/test_a.py": "x\n"},
        commits=[
            Step({"src/shop/data.py": "x\n", "README.md": "x\n"}, "data"),
            Step({"Dockerfile": "FROM y\n"}, "image\n\nCo-authored-by: Bo Berg <bo@example.dk>"),
            Step({"tests/test_b.py": "x\n"}, "test", BO),
        ],
    )
    found = {p.human.name: dict(p.areas) for p in facts(folder).get(Contributions).people}
    assert found == {
        "Ada Lovelace": {"containers": 1, "data": 1, "documentation": 1},  # the first commit was generated
        "Bo Berg": {"containers": 1, "tests": 1},
    }


def test_without_history_nothing_is_known(tree: Trees) -> None:
    given = tree({}).facts
    assert not given.get(Contributions).available


CODE = "import a\n\n\ndef f(x):\n    y = a.g(x)\n    return y\n"


@pytest.mark.parametrize(
    ("files", "source", "other"),
    [
        ({"src/shop/a.py": CODE}, ["src/shop/a.py"], []),
        ({"tests/test_a.py": CODE}, [], ["tests/test_a.py"]),
        ({"code.zip": "PK"}, [], ["code.zip"]),
        ({"src/shop/a.py": "# x\n# y\n# z\n"}, [], []),
        ({"venv/lib/python3.12/site-packages/x/a.py": CODE}, [], []),
        ({"model.R": "a\nb\nc\nd\n"}, ["model.R"], []),
        ({"a.py": "print 'old'\nx = 1\ny = 2\nprint x\n"}, ["a.py"], []),
    ],
)
def test_source_code(files: dict[str, str], source: list[str], other: list[str], tmp_path: Path) -> None:
    found = part("it", facts(make_repository(tmp_path / "shop", files)).get(SourceCode).traces)
    assert [e.path for e in found.strong] == source
    assert [e.path for e in found.weak] == other


FIRST = "# shop\n\nForecasts daily sales of a small shop from its till records.\n"
LATER = "2026-01-15T12:00:00+01:00"


@pytest.mark.parametrize(
    ("text", "when", "revised"),
    [
        (
            "# shop\n\nForecasts hourly visitors of a shop, as the till records could not be shared with us.\n",
            LATER,
            True,
        ),
        (FIRST + "\n## Did it turn out?\n\nThe forecast works. We dropped the second aim.\n", LATER, True),
        (FIRST.replace("till", "cash"), LATER, False),
        (FIRST.replace(" of", "\nof"), LATER, False),
        (
            FIRST + "\n## Run\n\nRun it with the following commands, then look at the address that it prints.\n",
            LATER,
            False,
        ),
        (FIRST + "\n- [x] Create a git repository, write access for all members, and many more items\n", LATER, False),
        (
            "# shop\n\nForecasts daily sales.\n\n```\nmany words in a tree of folders that nobody reads\n```\n",
            LATER,
            False,
        ),
        (FIRST.replace("daily ", "").replace("small ", ""), LATER, True),
        (FIRST + "\nThe slides can be found at https://slides.example.org/shop.\n", LATER, False),
        (FIRST.replace("Forecasts", "Forcasts").replace("daily", "dayly"), LATER, False),
        (FIRST + "\nThe model is a recurrent network.\n", "2026-01-05T20:00:00+01:00", False),
    ],
)
def test_revised_description(text: str, when: str, revised: bool, tmp_path: Path) -> None:
    folder = make_repository(
        tmp_path / "shop", {"README.md": FIRST}, commits=[Step({"README.md": text}, "readme", when=when)]
    )
    assert bool(part("it", facts(folder).get(Description).traces).strong) is revised


def test_no_description(tmp_path: Path) -> None:
    assert facts(make_repository(tmp_path / "shop", {"README.md": "# shop\n"})).get(Description) == Description()


def test_description_before_the_report_in_the_same_file(tmp_path: Path) -> None:
    answers = (
        "\n## Checklist\n\n- [x] Create a git repository\n\nWe worked well together and are glad of what came out.\n"
    )
    folder = make_repository(tmp_path / "shop", {"README.md": FIRST + answers})
    found = facts_of(open_snapshot(folder), ReportPlace.whole("README.md")).get(Description)
    assert [trace.place.line for trace in found.traces] == [3]
    folder = make_repository(tmp_path / "other", {"README.md": f"# shop\n{answers}"})
    assert facts_of(open_snapshot(folder), ReportPlace.whole("README.md")).get(Description) == Description()
