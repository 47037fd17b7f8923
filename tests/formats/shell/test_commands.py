"""What a script runs: splitting, wrappers, and what does not run."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.formats.shell import Command, parse_commands


def one(text: str) -> Command:
    commands = parse_commands(text)
    assert len(commands) == 1, commands
    return commands[0]


def programs(text: str) -> list[str]:
    return [command.program for command in parse_commands(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uv run pytest tests/", ("uv", "pytest")),
        ("uv run --group dev --no-sync -- coverage run --source src -m pytest tests/", ("uv", "coverage", "pytest")),
        ("uv --quiet run python -m pytest", ("uv", "python", "pytest")),
        ("uv run --with pytest-cov pytest", ("uv", "pytest")),
        ("uv run src/shop/train.py", ("uv", "python")),
        ("uvx ruff@0.9 check .", ("uvx", "ruff")),
        ("uvx --from 'black[jupyter]' black .", ("uvx", "black")),
        ("uv tool run ruff check", ("uv", "ruff")),
        ("uv pip install -r requirements.txt", ("uv",)),
        ("poetry run pytest", ("poetry", "pytest")),
        ("hatch run test:pytest", ("hatch", "pytest")),
        ("conda run --no-capture-output -n shop python -m pytest", ("conda", "python", "pytest")),
        ("micromamba run -n shop pytest", ("micromamba", "pytest")),
        ("conda install pytest", ("conda",)),
        ("python3.11 -m pip install .", ("python", "pip")),
        ("python -W ignore -m pytest", ("python", "pytest")),
        ("python -c 'import pytest'", ("python",)),
        ("python train.py -m pytest", ("python",)),
        ("coverage run -m pytest", ("coverage", "pytest")),
        ("coverage run train.py", ("coverage", "python")),
        ("coverage report -m", ("coverage",)),
        ("torchrun --nproc_per_node 2 train.py --epochs 3", ("torchrun", "python")),
        ("FOO=1 BAR='a b' pytest", ("pytest",)),
        ("sudo -E env A=1 pytest", ("sudo", "env", "pytest")),
        ("timeout -k 5 60 pytest", ("timeout", "pytest")),
        ("xvfb-run -a -s '-screen 0' pytest", ("xvfb-run", "pytest")),
        ("time nohup pytest", ("time", "nohup", "pytest")),
        ("command -v pytest", ("command",)),
        (".venv/bin/pytest", ("pytest",)),
        (r".venv\Scripts\pytest.exe -q", ("pytest",)),
        ("./scripts/test.sh", ("scripts/test.sh",)),
        ("$(PYTHON) -m pytest", ("python", "pytest")),
        ("${PYTHON_INTERPRETER} -m pytest", ("python", "pytest")),
        ("@pytest", ("pytest",)),
        ("$ pytest", ("pytest",)),
        ("echo uv run pytest", ("echo",)),
        ("docker run --rm -e A=1 -v .:/app shop:ci pytest -q", ("docker", "pytest")),
        ("docker run --rm shop:ci --epochs 3", ("docker",)),
        ("docker compose run --rm api uv run pytest", ("docker", "uv", "pytest")),
        ("docker build -t shop .", ("docker",)),
    ],
)
def test_programs_in_the_chain(text: str, expected: tuple[str, ...]) -> None:
    assert one(text).programs == expected


def test_operators_and_lines() -> None:
    commands = parse_commands("cd src && pytest -q\n\nls | wc -l; (make a & make b)\n", path="x.sh", line=10)
    assert [(c.words[0], c.line) for c in commands] == [
        ("cd", 10),
        ("pytest", 10),
        ("ls", 12),
        ("wc", 12),
        ("make", 12),
        ("make", 12),
    ]
    assert commands[1].evidence.where == "x.sh:10"


@pytest.mark.parametrize("end", ["\\", "`", "^"])
def test_continuation_lines(end: str) -> None:
    first, second = parse_commands(f"gcloud run deploy shop {end}\n  --region=europe-west1 {end}\n  --quiet\npytest")
    assert first.words == ("gcloud", "run", "deploy", "shop", "--region=europe-west1", "--quiet")
    assert first.text == "gcloud run deploy shop --region=europe-west1 --quiet" or end != "\\"
    assert (second.program, second.line) == ("pytest", 4)


def test_quotes_and_expressions_stay_one_word() -> None:
    assert one("""pytest -k 'a and b' -m "not slow" --x="y z" """).words == (
        "pytest",
        "-k",
        "a and b",
        "-m",
        "not slow",
        "--x=y z",
    )
    assert (
        one("pip install torch==${{ matrix.torch || '2.1' }} # why").words[2] == "torch==${{ matrix.torch || '2.1' }}"
    )
    assert one("echo \"${{ github.event_name == 'push' && 'a' }}\"").program == "echo"


def test_comments_and_heredocs_are_not_commands() -> None:
    text = "# pytest\ncat > Dockerfile <<'EOF'\nRUN pytest\nEOF\nls # pytest\n: <<-DOC\n\tpytest\n\tDOC\necho done"
    assert programs(text) == ["cat", "ls", ":", "echo"]
    assert parse_commands(text)[0].heredoc == "RUN pytest\n"
    assert programs("bash <<EOF\npytest\nEOF") == ["bash", "pytest"]


def test_control_flow() -> None:
    text = """
    for f in *.py; do
      python "$f"
    done
    if [ -f x ]; then pytest; elif true; then tox; else nox; fi
    while read -r line; do echo "$line"; done < input.txt
    case "$1" in
      test|check) pytest tests ;;
      *) usage ;;
    esac
    deploy() {
      gcloud run deploy shop
    }
    function stop { exit 1; }
    """
    assert programs(text) == [
        "python",
        "[",
        "pytest",
        "true",
        "tox",
        "nox",
        "read",
        "echo",
        "pytest",
        "usage",
        "gcloud",
        "exit",
    ]


def test_substitutions_run() -> None:
    assert programs('VERSION=$(git describe) && echo "at `date` $(python -m shop "$(pwd)")"') == [
        "git",
        "date",
        "pwd",
        "shop",
        "echo",
    ]
    assert programs("diff <(sort a) b") == ["sort", "diff"]
    assert programs("bash -lc 'cd x && pytest'") == ["bash", "cd", "pytest"]
    assert programs("echo '$(pytest)'") == ["echo"]
    assert programs("docker run --entrypoint sh shop -lc 'uv run pytest'") == ["sh", "pytest"]


@pytest.mark.parametrize(
    "text",
    [
        "if false; then\n pytest\nfi",
        "false && pytest",
        "true || pytest",
        "exit 0\npytest",
        "if false; then if true; then pytest; else pytest; fi; fi",
    ],
)
def test_unreachable_commands_are_left_out(text: str) -> None:
    assert "pytest" not in programs(text)


@pytest.mark.parametrize(
    "text", ["false || pytest", "if false; then x; else pytest; fi", "a || exit 1; pytest", "(exit 0); pytest"]
)
def test_reachable_commands_stay(text: str) -> None:
    assert "pytest" in programs(text)


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("pytest || true", True),
        ("ruff check . || echo 'lint failed'", True),
        ("cd x && pytest || exit 0", True),
        ("(pytest; ls) || :", True),
        ("-pytest", True),
        ("pytest || exit 1", False),
        ("pytest || { echo no; exit 1; }", False),
        ("ls || true\npytest", False),
        ("pytest && true", False),
    ],
)
def test_ignored_failure(text: str, ignored: bool) -> None:
    found = [command.ignored_failure for command in parse_commands(text) if command.runs("pytest", "ruff")]
    assert found == [ignored]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("docker build -t x .", "docker build", True),
        ("docker --context far build .", "docker build", True),
        ("docker run build .", "docker build", False),
        ("gcloud --project shop builds submit .", "gcloud builds submit", True),
        ("uv run pytest", "uv run", True),
        ("uv run ruff format --check", "ruff format", True),
        ("ruff check", "ruff format", False),
        ("pytest-cov", "pytest", False),
    ],
)
def test_runs(text: str, name: str, expected: bool) -> None:
    assert one(text).runs(name) is expected


def test_redirections_are_no_words() -> None:
    assert one("pytest tests 2>&1 >> log.txt < in &> all.txt").words == ("pytest", "tests")


@given(st.text(alphabet="ab \n\t'\"`$(){}[]<>|&;#\\=^@-if then fi case esac EOF", max_size=300))
@settings(deadline=None, max_examples=300)
def test_any_text_is_read(text: str) -> None:
    for command in parse_commands(text, line=7):
        assert command.words
        assert command.calls
        assert 7 <= command.line <= 7 + text.count("\n")


@given(st.lists(st.text(alphabet="abc /=.-_*é", min_size=1, max_size=12), min_size=1, max_size=6))
@settings(deadline=None, max_examples=100)
def test_quoted_words_come_back(words: list[str]) -> None:
    assert one("run " + " ".join(f"'{word}'" for word in words)).words == ("run", *words)


@pytest.mark.parametrize(
    "text", ["$(" * 20_000, '"' * 19_999, "`a" * 20_000, "((" * 20_000, "'" * 19_999, "<<a\n" * 20_000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    parse_commands(text)
    parse_commands('"$(' * 2_000 + text)


@pytest.mark.parametrize("text", ["if " * 20_000, "( " * 20_000, "{ " * 20_000 + "} " * 20_000, "a && " * 20_000])
def test_deep_nesting_takes_no_time(text: str) -> None:
    parse_commands(text)
