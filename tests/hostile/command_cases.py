"""Shell, Makefiles, ignore rules, scripts, XML and other texts that are read for what they run or say."""

from __future__ import annotations

from hostile.ground import Ground
from hostile.registry import FULL, SECONDS, WORK_TREE, case, places_for

SHELL = (
    "scripts/x.sh",
    "x.sh",
    "scripts/x.bat",
    "scripts/x.ps1",
    "Justfile",
    "noxfile.sh",
    "Procfile",
    ".husky/pre-commit",
    "entrypoint.sh",
)


def shell(ground: Ground, text: str) -> None:
    """Put a text in scripts, and in a step of a workflow, a target and an instruction."""
    ground.write(dict.fromkeys(places_for(text, SHELL), text))
    lines = text.split("\n")
    ground.write(
        {
            ".github/workflows/x.yaml": "on: push\njobs:\n  t:\n    steps:\n    - run: |\n"
            + "\n".join("        " + line for line in lines)
            + "\n",
            "sub/Makefile": "all:\n" + "\n".join("\t" + line for line in lines) + "\n",
            "dockerfiles/x.dockerfile": "FROM python:3.12\nRUN <<EOF\n" + text + "\nEOF\n",
        }
    )


@case()
def shell_nested(ground: Ground) -> None:
    shell(
        ground,
        "\n".join(
            (
                "echo " + "$(" * 10_000 + ")" * 10_000,
                "( " * 10_000,
                "{ " * 5_000,
                "`" * 9_999,
                "$((" * 5_000,
                "if " * 5_000 + "then",
                "bash -c '" * 2_000,
                'sh -c "' * 2_000,
                "sudo " * 9_000 + "pytest",
                "env A=1 " * 5_000 + "pytest",
                "xargs " * 5_000,
                "time nohup " * 5_000,
            )
        ),
    )


@case()
def shell_quotes_and_heredocs(ground: Ground) -> None:
    shell(
        ground,
        "\n".join(
            (
                "echo '" + "a" * 50_000,
                'echo "' + "\\" * 50_001,
                "cat <<EOF <<'EOF' <<-EOF",
                "cat << << <<",
                "python - <<EOF\nimport torch",
                "\\" * 9_999,
                "a" * 100_000 + "=1",
                "A=" + "$A" * 20_000,
                "\x00\x1b]8;;http://x\x07",
                "&& || ;; | & |& ;& <( >( <<< ",
                "echo {1..999999999}",
                "'\"" * 20_000,
            )
        ),
    )


@case()
def shell_variables_that_double(ground: Ground) -> None:
    shell(
        ground,
        "A0=0123456789\n"
        + "\n".join(f"A{n}=$A{n - 1}$A{n - 1}${{A{n - 1}:-$A{n - 1}}}" for n in range(1, 60))
        + "\n$A59 pytest\ndocker build -t $A59 .\npython $A59\n",
    )


@case()
def shell_many_commands(ground: Ground) -> None:
    shell(ground, "pip install torch && pytest tests | tee a > b; docker build -f Dockerfile .\n" * 4_000)


@case(WORK_TREE, seconds=SECONDS if FULL else 8.0)
def a_name_of_many_parts(ground: Ground) -> None:
    """A dotted name as a script may give it to Python, of 99,000 parts (12,000 usually)."""
    ground.write({"scripts/x.sh": "python -m " + ".".join(["a"] * (99_000 if FULL else 12_000)) + "\n"})


@case()
def commands_in_circles(ground: Ground) -> None:
    """Targets that need each other, recipes that call each other, scripts that run each other."""
    targets = "".join(
        f"t{n}: t{(n + 1) % 300} t{(n * 7) % 300}\n\t$(MAKE) t{(n + 3) % 300} && make t{(n + 5) % 300}\n\tbash scripts/s{n % 50}.sh\n"
        for n in range(300)
    )
    ground.write(
        {
            "Makefile": "A = $(B)$(B)\nB = $(C)$(C)\nC = $(A)\nD := $(D)$(D)\ninclude Makefile /etc/passwd ../../Makefile\n-include *.mk\n.PHONY: %\n"
            + targets
            + "%: %.x\n\tx\n$(A): $(B)\n\t$(C)\n",
            "x.mk": "include Makefile\n"
            + "E0 = x\n"
            + "".join(f"E{n} = $(E{n - 1})$(E{n - 1})\n" for n in range(1, 60))
            + "big: $(E59)\n\t$(E59) $(shell touch x) $(eval $(E59))\n",
            **{
                f"scripts/s{n}.sh": f"bash scripts/s{(n + 1) % 50}.sh\nsource s{n}.sh\nmake -f Makefile t{n}\n. ./scripts/s{(n + 2) % 50}.sh\ninvoke t{n}\nnpm run t{n}\n"
                for n in range(50)
            },
            "package.json": '{"scripts": {"a": "npm run b && make t1", "b": "npm run a", "test": "npm test", "start": "yarn start && npm run a"}}',
            "Taskfile.yml": "version: 3\nincludes: {self: ./Taskfile.yml, out: ../../../etc}\ntasks:\n  a: {deps: [b], cmds: [task: a]}\n  b: {deps: [a], cmds: [make t1]}\n",
            "justfile": "set dotenv-load\nimport 'justfile'\na: b\n  just b\nb: a\n  just a {{`touch x`}}\n",
            "sub/pyproject.toml": "[tool.poe.tasks]\na = ['b', 'a']\nb = {sequence = ['a', {ref = 'a'}]}\n[tool.hatch.envs.x.scripts]\na = ['b', 'a']\nb = 'a'\n[tool.pdm.scripts]\na = {composite = ['a', 'b']}\nb = {composite = ['a']}\n[project.scripts]\nx = 'kiln.train:main'\n'' = ':'\ny = ':::::'\n",
            "sub/tox.ini": "[tox]\nenvlist = a,b\n[testenv]\ncommands = {[testenv]commands}\n    tox -e a\n[testenv:a]\ncommands = {[testenv:b]commands} tox\n[testenv:b]\ncommands = {[testenv:a]commands}\n",
        }
    )


@case()
def ignore_rules(ground: Ground) -> None:
    """Patterns that take exponential time where they are made regular expressions."""
    name = "a" * 200
    rules = (
        "\n".join(
            (
                "*a" * 60 + "b",
                "**/" * 100 + "x",
                "a*" * 40 + "b",
                "[a-" * 200,
                "[!]" * 50,
                "\\" * 999,
                "!" * 50,
                "{a,b}" * 50,
                "?" * 250,
                "**" * 200,
                "/" * 500,
                "[[:alpha:]]" * 20,
                "(a+)+$",
                "*" * 900,
                " ",
                "\\ ",
            )
        )
        + "\n"
    )
    for path in (
        "sub/.gitignore",
        "sub/.dockerignore",
        "sub/.dvcignore",
        "sub/.gcloudignore",
        ".gcloudignore",
        ".github/CODEOWNERS",
        ".prettierignore",
    ):
        ground.write({path: rules * 20})
    ground.write({f"sub/{name}": "x", f"sub/{name[:100]}/{name[:100]}/{name}": "x", ".gitignore.x": rules})
    paths = (
        ", ".join(repr("a*" * count + "b") for count in (10, 20, 40))
        + ", '**/"
        + "*a*" * 30
        + "', '"
        + "+(" * 50
        + "', '[a-z]+" * 3
        + "'"
    )
    ground.write({".github/workflows/x.yaml": f"on:\n  push: {{paths: [{paths}], branches: [{paths}], tags-ignore: [{paths}]}}\n  pull_request: {{paths-ignore: [{paths}]}}\njobs: {{t: {{steps: [{{run: pytest}}]}}}}\n",
                  "sub/.pre-commit-config.yaml": "repos: [{repo: local, hooks: [{id: x, files: '(a+)+$', exclude: '" + "(" * 500 + "', entry: pytest}]}]\n"})  # fmt: skip
    ground.write(
        {
            "sub/setup.cfg": "[tool:pytest]\npython_files = " + "*a" * 40 + "b\ntestpaths = ../../.. /etc **\n",
            "sub/pyproject.toml": "[tool.pytest.ini_options]\npython_files = ['"
            + "a*" * 40
            + "b']\ntestpaths = ['/etc', '../..']\n[tool.coverage.run]\nomit = ['"
            + "a*" * 40
            + "b']\n[tool.setuptools.packages.find]\nwhere = ['../../..', '/']\n",
        }
    )


@case()
def other_languages(ground: Ground) -> None:
    """JavaScript, Terraform, XML, HTML and text that nest, expand entities or never end."""
    entities = (
        "<!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>"
        + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
        + f"<!ENTITY f SYSTEM 'file://{ground.secret_file}'>]><x line-rate='&a11;'>&a11;&f;</x>"
    )
    xml = "<a>" * 50_000 + "<coverage line-rate='0.9'" + "a='" * 20_000
    script = (
        "fetch(`"
        + "${" * 5_000
        + "`)"
        + "/*" * 50_000
        + "\n"
        + "(" * 50_000
        + "//" * 20_000
        + "\n"
        + "'" * 50_001
        + "\n"
        + "/[" * 20_000
        + "import k6 from 'k6/http'\nexport default function() { http.get('"
        + "a" * 90_000
        + "') }\n"
    )
    terraform = (
        'resource "a" "b" '
        + "{ a " * 20_000
        + "\n"
        + "x = "
        + "[" * 50_000
        + "\n"
        + "y = <<EOF\n"
        + "${" * 20_000
        + "\n"
        + 'z = "'
        + "${" * 20_000
        + "\n"
        + "/*" * 20_000
    )
    ground.write(
        {
            "coverage.xml": entities, "sub/coverage.xml": xml, "load/x.jmx": entities, "load/y.jmx": xml, "sub/cobertura.xml": "<" * 500_000,
            "load/x.js": script, "frontend/package.json": '{"dependencies": {"react": "1"}}', "frontend/src/x.tsx": script, "frontend/src/y.vue": "<script>" * 20_000,
            "frontend/index.html": "<script>" * 20_000 + "<a b=" * 20_000, "templates/x.html": "{{" * 50_000 + "{%" * 50_000 + "<!--" * 20_000,
            "infra/x.tf": terraform, "infra/y.tf": "resource " * 50_000, "load/x.scala": script, "docs/x.rst": "`" * 100_000 + "\n" + ".. figure::" * 20_000 + "\n" + "=" * 100_000,
            "docs/conf.py": "html_theme = " + "'a' " * 3_000 + "\n", "CODEOWNERS": "*" * 90_000, "htmlcov/index.html": "<" * 200_000, "load/locust_stats.csv": '"' * 200_001 + "," * 100_000,
            "load/load_report.html": "locust" * 50_000, ".env": "A=$A$A\n" * 5_000, "params.py": "", "nginx.conf": "{" * 50_000, "environment.lock": "x" * 200_000,
        }
    )  # fmt: skip


@case()
def long_lines_of_everything(ground: Ground) -> None:
    """300,000 characters of one thing on a line, in every kind of file: whatever a pattern looks for, it looks for in this."""
    kinds = ("x.sh", "x.mk", "x.dockerfile", "requirements_x.txt", "x.tf", "x.js", "x.html", "x.cfg", "x.toml", "x.yaml", "x.md", "x.py", "x.rst", "x.json", "x.ini", "x.ps1",
             "x.conf", "x.ipynb", "x.jmx", "x.csv")  # fmt: skip
    units = (" ", "a", "a ", "-", "_", ".", "/", "0", "\t", "a.", "a/", "a-", "gs://", "https://", "docker ", "python -m ", "pip install ", "$(", "${{", "'", '"', "\\", "#", "=", ":", ",", "<", "@", "a=", "@a.", "--a ", "x\x0b", "é")  # fmt: skip
    for kind_number, kind in enumerate(kinds):
        name, _, ending = kind.rpartition(".")
        for number, unit in enumerate(units):
            if (number + kind_number) % (1 if FULL else 12) == 0:  # each unit in a twelfth of the kinds usually
                ground.write({f"lines/u{number}/{name}.{ending}": "a: " + unit * (300_000 // len(unit)) + "\n"})
