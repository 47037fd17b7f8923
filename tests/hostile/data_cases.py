"""TOML, JSON, INI and notebooks that nest, repeat or are something else."""

from __future__ import annotations

import json

from hostile.ground import Ground
from hostile.registry import FULL, SECONDS, WORK_TREE, case

TOML = (
    "sub/pyproject.toml",
    "uv.lock",
    "poetry.lock",
    "Pipfile",
    "pixi.toml",
    "sub/ruff.toml",
    ".streamlit/config.toml",
    "configs/x.toml",
)
JSON = ("package.json", "deploy/vertex.json", "deploy/cloudbuild.json", "vercel.json", "coverage.json", "configs/x.json", "sub/tsconfig.json",
        "monitoring/alert.json", "requirements.json", "wandb/run/files/wandb-summary.json")  # fmt: skip
NOTEBOOKS = ("notebooks/x.ipynb", "x.ipynb")


def toml(ground: Ground, text: str | bytes) -> None:
    ground.write(dict.fromkeys(TOML, text))


def as_json(ground: Ground, text: str | bytes) -> None:
    ground.write(dict.fromkeys((*JSON, *NOTEBOOKS), text))


@case()
def toml_nested(ground: Ground) -> None:
    toml(ground, "[project]\nname = 'x'\na = " + "[" * 100_000 + "]" * 100_000 + "\n")


@case()
def toml_nested_tables(ground: Ground) -> None:
    toml(ground, "a = " + "{b = " * 50_000 + "1" + "}" * 50_000 + "\n")


DOTTED = "[tool]\n" + ".".join(["a"] * 100_000) + " = 1\n[" + ".".join(["b"] * 50_000) + "]\n"


@case()
def toml_dotted(ground: Ground) -> None:
    toml(ground, DOTTED)


@case(WORK_TREE, seconds=SECONDS if FULL else 10.0)
def toml_many_tables(ground: Ground) -> None:
    """Tables within tables, each line under the limit for dots (1,000; 300 usually): time grows with the depth's square."""
    toml(ground, "".join(f"[{'.'.join(['a'] * 400)}.t{n}]\nx = 1\n" for n in range(1_000 if FULL else 300)))


@case()
def root_pyproject_with_a_huge_number(ground: Ground) -> None:
    """Python reads no number of so many digits: the settings are lost, and nothing else."""
    text = (ground.repository / "pyproject.toml").read_text()
    ground.write({"pyproject.toml": text + "\n[tool.hostile]\nnumber = " + "9" * 5_000 + "\n"})


@case()
def toml_huge_numbers(ground: Ground) -> None:
    toml(ground, "a = " + "9" * 200_000 + "\nb = 0x" + "f" * 200_000 + "\nc = 1e" + "9" * 1_000 + "\n")


@case()
def toml_duplicates(ground: Ground) -> None:
    toml(ground, "[project]\nname = 'x'\nname = 'y'\n[project]\n[[project]]\n[project.scripts]\nproject = 1\n" * 1_000)


@case()
def toml_wrong_shapes(ground: Ground) -> None:
    names = (
        "project tool dependency-groups build-system package packages dev-packages source scripts dependencies".split()
    )
    inner = "name version dependencies optional-dependencies scripts dynamic ruff pytest coverage mypy poetry uv pdm hatch setuptools isort black poe taskipy tox bumpver lint format ini_options run report".split()
    for number, value in enumerate(("7", "[[1], ['a']]", "1979-05-27T07:32:00Z", "[{a = 1}, {b = []}]")):
        ground.write({f"s{number}/pyproject.toml": "".join(f"{name} = {value}\n" for name in names)})
        for name in names:
            text = f"[{name}]\n" + "".join(f"{key} = {value}\n" for key in inner)
            deep = "".join(f"[{name}.{key}]\n" + "".join(f"{k} = {value}\n" for k in inner) for key in inner)
            ground.write(
                {
                    f"s{number}/{name}/pyproject.toml": text,
                    f"s{number}/{name}/Pipfile": text,
                    f"s{number}/{name}/uv.lock": text,
                }
            )
            if name in ("project", "tool"):
                ground.write({f"s{number}/{name}/deep/pyproject.toml": deep})


@case()
def json_nested(ground: Ground) -> None:
    as_json(ground, "[" * 200_000 + "]" * 200_000)


@case()
def json_nested_objects(ground: Ground) -> None:
    as_json(ground, '{"cells":' * 100_000 + "1" + "}" * 100_000)


@case()
def json_huge_numbers(ground: Ground) -> None:
    big = "9" * 300_000
    as_json(
        ground,
        f'{{"cells": [{{"cell_type": "code", "source": {big}}}], "scripts": {{"test": {big}}}, "dependencies": {big}, "e": 1e999999, "n": NaN, "i": -Infinity}}',
    )


@case()
def json_duplicates(ground: Ground) -> None:
    as_json(
        ground,
        '{"scripts": {"test": "a", "test": []}, "scripts": 7, "cells": [], "cells": 7, "dependencies": {"react": "1"}, "dependencies": [[]]}',
    )


@case()
def json_lone_surrogates(ground: Ground) -> None:
    """Halves of characters, which no UTF-8 output can hold."""
    source = ["import logging\\n", 'logging.info(\\"\\ud800 \\udfff\\")\\n', 'name = \\"\\udc80\\"\\n']
    cells = ", ".join(f'"{line}"' for line in source)
    as_json(
        ground,
        f'{{"cells": [{{"cell_type": "code", "source": [{cells}]}}], "name": "\\ud800", "scripts": {{"\\udc00": "\\ud800 && jest"}}, "dependencies": {{"streamlit\\ud800": "\\udfff"}}}}',
    )
    ground.write(
        {
            "src/kiln/surrogates.py": 'import logging\nlogging.info("\\ud800")\nNAME = "\\udfff"\nopen("\\ud800/x")\nPATH = f"gs://\\ud800/{NAME}"\n'
        }
    )
    ground.write(
        {"configs/surrogates.json": '{"lr": "\\ud800", "\\ud800": 1}', "configs/surrogates.toml": 'a = "\\u0041"\n'}
    )


ODD_SOURCES: tuple[object, ...] = (7, None, {}, [[]], [7, None, "x"], "\x00", ["a\x00b"])


@case()
def no_notebooks(ground: Ground) -> None:
    shapes: tuple[object, ...] = (
        [], {}, 7, "x", None, {"cells": {}}, {"cells": [7, [], None, "x", {}]}, {"cells": [{"cell_type": "code"}]},
        {"cells": [{"cell_type": "code", "source": s} for s in ODD_SOURCES]},
        {"cells": [{"cell_type": 7, "source": []}], "metadata": []}, {"cells": [{"cell_type": "code", "source": "%%bash\n" + "!" * 9_000}]},
        {"worksheets": [{"cells": [{"cell_type": "code", "input": ["x"]}]}]}, {"cells": [{"cell_type": "code", "source": ["%" * 50_000, "x = ?", "??" * 9_000]}]},
        {"cells": [{"cell_type": "code", "source": ["a, " * 30_000 + "= !ls"]}]}, {"cells": [{"cell_type": "code", "source": "\\\n" * 50_000}]},
    )  # fmt: skip
    ground.write({f"notebooks/n{number}.ipynb": json.dumps(shape) for number, shape in enumerate(shapes)})
    ground.write(
        {
            "notebooks/empty.ipynb": "",
            "notebooks/text.ipynb": "import os\n",
            "notebooks/zip.ipynb": b"PK\x03\x04" + bytes(900),
        }
    )


@case()
def notebook_of_broken_cells(ground: Ground) -> None:
    """5,000 cells that are no Python: each is left out, one after another, up to a limit."""
    cells = [{"cell_type": "code", "source": [f"def f{n}(:\n", "  x ="]} for n in range(5_000)]
    ground.write({path: json.dumps({"cells": cells}, indent=1) for path in NOTEBOOKS})


@case()
def notebook_of_nine_megabytes(ground: Ground) -> None:
    cells = [
        {"cell_type": "code", "source": ["x = 1\n"] * 20, "outputs": [{"data": {"image/png": "A" * 8_000}}]}
        for _ in range(1_000)
    ]
    ground.write({"notebooks/x.ipynb": json.dumps({"cells": cells}, indent=1)})


@case()
def notebook_of_100_000_cells(ground: Ground) -> None:
    """Each of one short line; and one of as many that hold nothing."""
    cells = ",".join(['{"cell_type":"code","source":"x=1"}'] * 100_000)
    ground.write({"notebooks/x.ipynb": f'{{"cells":[{cells}]}}', "x.ipynb": '{"cells":[' + "{}," * 99_999 + "{}]}"})


@case()
def toml_of_30_000_tables(ground: Ground) -> None:
    """Tables, tables in lists, keys and values in a row: no line is odd, and there are too many (a tenth usually)."""
    many = 10 if FULL else 1
    toml(ground, "".join(f"[t{n}]\nx = 1\n" for n in range(3_000 * many)))
    ground.write(
        {
            "lists/pyproject.toml": "[[t]]\n" * (6_000 * many),
            "lists/uv.lock": "[[package]]\nname = 'x'\ndependencies = [{ name = 'x' }]\n" * (1_000 * many),
            "keys/pyproject.toml": "".join(f"k{n} = 1\n" for n in range(5_000 * many)),
            "row/pyproject.toml": "x = [" + "1, " * (20_000 * many) + "]\n",
            "maps/pyproject.toml": "x = [" + "{ a.b.c = 1 }, " * (1_500 * many) + "]\n",
        }
    )


@case()
def toml_of_long_texts(ground: Ground) -> None:
    """Quotes that are never closed, texts of a megabyte, escapes by the thousand, dates that are none (a tenth usually)."""
    many = 10 if FULL else 1
    toml(ground, "[project]\nname = 'x'\nreadme = " + '"""' + "a\\\n" * (30_000 * many) + '"""\n')
    ground.write(
        {
            "open/pyproject.toml": 'x = """' + '"" ' * (30_000 * many),
            "quoted/pyproject.toml": "x = '''" + "''" * (30_000 * many) + "\n",
            "escapes/pyproject.toml": 'x = "' + "\\u00e6\\U0001F525\\x" * (5_000 * many) + '"\n',
            "dates/pyproject.toml": "x = [" + "1979-05-27T07:32:00.999999999+99:99, " * (300 * many) + "]\n",
            "comments/pyproject.toml": "# x\n" * (40_000 * many) + "[project]\n",
            "blanks/pyproject.toml": "[project]" + " " * (90_000 * many) + "\n" + "\t\n" * (20_000 * many),
        }
    )


@case(shown=("auditor.toml",))
def toml_for_the_auditor_itself(ground: Ground) -> None:
    """The file by which a group sets its own checks, as hostile as any: a line, and no claim is left out."""
    names = ", ".join(f"'M{n}'" for n in range(20_000))
    folders = "folders = ['..', '/etc', '\u202e', 7, {}]\nreport = ['/etc/passwd', '../../x.md']\n"
    ignored = "".join(f"'M{n}.x' = \"\\u001b[31m{'<script>' * 50}\"\n" for n in range(2_000))
    zone = "zone = '../../etc/localtime'\n"
    ground.write({"auditor.toml": f"select = [{names}]\n{folders}{zone}[ignore]\n'M17' = 'x'\n{ignored}"})


@case()
def ini_garbage(ground: Ground) -> None:
    text = (
        "[tool:pytest\n[[[[]]]]\n=\n:\n = = =\n"
        + " x\n" * 50_000
        + "[coverage:run]\nfail_under = "
        + "9" * 9_000
        + "\naddopts = "
        + "--cov " * 20_000
        + "\n"
    )
    ground.write(
        dict.fromkeys(
            ("setup.cfg", "tox.ini", ".flake8", "pytest.ini", ".coveragerc", "mypy.ini", "sub/.dvc/config"), text
        )
    )


@case()
def requirements_in_circles(ground: Ground) -> None:
    lines = (
        "-r requirements-x.txt\n-r ./sub/../requirements-x.txt\n-r ../../../../../../etc/passwd\n-r /etc/passwd\n-c /dev/zero\n-r https://example.org/x.txt\n"
        f"-e {ground.private}\n--index-url https://user:x@example.org/\n--config-settings x\n"
        + "-r requirements-x.txt \\\n"
        * 500
    )
    long = (
        "torch"
        + "[a]" * 9_000
        + "; "
        + "(" * 9_000
        + "python_version < '3'"
        + ")" * 9_000
        + "\n"
        + "a" * 300_000
        + "==1\n"
        + "x @ "
        + "git+" * 9_000
        + "\n"
        + "-" * 200_000
        + "\n"
    )
    ground.write(
        {
            "requirements-x.txt": lines,
            "requirements-long.txt": long,
            "requirements-many.txt": "".join(f"package-{n}==1.{n}\n" for n in range(60_000)),
        }
    )
    ground.write(
        {
            "environment-x.yml": "dependencies: [pip: [-r requirements-x.txt, -r /etc/passwd], "
            + ", ".join(f"p{n}=1" for n in range(20_000))
            + "]\n"
        }
    )
    ground.write(
        {
            "setup.py": "from setuptools import setup\nsetup(install_requires=open('/etc/passwd').read().split(), **{'x': "
            + "[" * 100
            + "]" * 100
            + "})\n"
        }
    )
