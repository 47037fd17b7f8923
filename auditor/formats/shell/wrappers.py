"""Looks through programs that run another one: `uv run`, `python -m`, `coverage run`, `sudo`, `env` and their like.

Option names are from the tools' own command references (uv, Poetry, PDM, Hatch, Pixi, conda, coverage.py, coreutils).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from auditor.patterns import pattern

Call: TypeAlias = tuple[str, ...]
"""A program's name and its arguments."""

MAX_CHAIN = 8
ASSIGNMENT = pattern(r"[A-Za-z_]\w*\+?=")
_PYTHON = pattern(r"(?:python|pypy)w?[0-9.]*|py")
_PIP = pattern(r"pip[0-9.]+")
_VARIABLE = pattern(r"\$[({]*(?:env\.)?([A-Za-z_]\w*)[)}]*")
_BINARY_FOLDER = pattern(r"(?:.*[/\\])?(?:s?bin|Scripts)[/\\](?=[^/\\]+$)")


class Wrapper(NamedTuple):
    """How a program names the one that it runs.

    `subcommands` are the words that must come first (one of several); `values` the options that take a value;
    `module` the options whose value is a Python module to run; `skipped` how many plain words come before the program;
    `python` whether a plain word is a Python script rather than a program.
    """

    subcommands: tuple[tuple[str, ...], ...] = ((),)
    values: frozenset[str] = frozenset()
    module: frozenset[str] = frozenset()
    skipped: int = 0
    python: bool = False


def options(text: str) -> frozenset[str]:
    """Option names from a list in words."""
    return frozenset(text.split())


MODULE = frozenset({"-m", "--module"})
UV_VALUES = options(
    "--with -w --with-requirements --with-editable --python -p --extra --no-extra --group --no-group --only-group"
    " --package --project --directory --env-file --index --index-url -i --default-index --extra-index-url --find-links"
    " -f --cache-dir --config-file --config-setting -C --link-mode --resolution --prerelease --python-preference"
    " --python-platform --from --reinstall-package --refresh-package -P --upgrade-package --color --keyring-provider"
    " --exclude-newer --index-strategy"
)
CONDA_VALUES = options("-n --name -p --prefix --cwd")
CONDA = Wrapper((("run",),), CONDA_VALUES)

DOCKER_VALUES = options(
    "-a --attach --add-host --cap-add --cpus -c --cpu-shares --device -e --env --env-file --entrypoint --gpus -h"
    " --hostname --ipc -l --label -m --memory --mount --name --network --net -p --publish --platform --pull --restart"
    " --runtime --security-opt --shm-size --tmpfs --ulimit -u --user -v --volume -w --workdir --index -f --file"
    " --project-name --profile"
)
DOCKER = Wrapper(
    (("run",), ("container", "run"), ("exec",), ("compose", "run"), ("compose", "exec")), DOCKER_VALUES, skipped=1
)

WRAPPERS: dict[str, Wrapper] = {
    "docker": DOCKER,
    "podman": DOCKER,
    "docker-compose": Wrapper((("run",), ("exec",)), DOCKER_VALUES, skipped=1),
    "uv": Wrapper((("run",), ("tool", "run")), UV_VALUES, MODULE),
    "uvx": Wrapper(values=UV_VALUES),
    "pipx": Wrapper((("run",),), options("--spec --python --pip-args --index-url")),
    "poetry": Wrapper((("run",),), options("-C --directory -P --project")),
    "pdm": Wrapper((("run",),), options("-p --project --venv")),
    "pipenv": Wrapper((("run",),)),
    "rye": Wrapper((("run",),)),
    "hatch": Wrapper(
        (("run",), ("env", "run"), ("dep", "run")), options("-e --env -p --project -i --include -x --exclude")
    ),
    "pixi": Wrapper(
        (("run",), ("r",), ("exec",), ("x",)),
        options(
            "-e --environment --manifest-path -m -s --spec -w --with -c --channel --color --pinning-strategy -p --platform"
        ),
    ),
    "mise": Wrapper((("exec",), ("x",)), options("-C --cd -j --jobs")),
    "nix": Wrapper((("develop",), ("shell",)), module=options("-c --command")),
    "devenv": Wrapper((("shell",),)),
    "flox": Wrapper((("activate",),), options("-d --dir -r --remote")),
    "direnv": Wrapper((("exec",),), skipped=1),
    "find": Wrapper(module=options("-exec -execdir -ok")),
    "nbqa": Wrapper(),
    "parallel": Wrapper(values=options("-j --jobs -P --max-procs")),
    "trace": Wrapper(module=MODULE, python=True),
    "conda": CONDA,
    "mamba": CONDA,
    "micromamba": CONDA,
    "python": Wrapper(values=options("-W -X"), module=MODULE),
    "coverage": Wrapper(
        (("run",),),
        options("--source --omit --include --rcfile --data-file --context --concurrency --debug --source-pkgs"),
        MODULE,
        python=True,
    ),
    "kernprof": Wrapper(values=options("-o --outfile -s --setup -p --prof-mod"), module=MODULE, python=True),
    "torchrun": Wrapper(module=MODULE, python=True),
    "accelerate": Wrapper((("launch",),), module=MODULE, python=True),
    "deepspeed": Wrapper(module=MODULE, python=True),
    "dotenv": Wrapper((("run",),), options("-f --file")),
    "sudo": Wrapper(values=options("-u --user -g --group -h -p -C -D")),
    "doas": Wrapper(values=options("-u -C")),
    "env": Wrapper(values=options("-u --unset -C --chdir")),
    "time": Wrapper(values=options("-o -f --output --format")),
    "nohup": Wrapper(),
    "nice": Wrapper(values=options("-n --adjustment")),
    "stdbuf": Wrapper(values=options("-i -o -e")),
    "timeout": Wrapper(values=options("-k --kill-after -s --signal"), skipped=1),
    "xvfb-run": Wrapper(values=options("-s --server-args -n --server-num -e --error-file -f -w")),
    "xargs": Wrapper(values=options("-n -I -P -L -d -a -s -E --max-args --max-procs --delimiter --arg-file")),
    "exec": Wrapper(values=options("-a")),
    "command": Wrapper(),
    "builtin": Wrapper(),
    "call": Wrapper(),
    "npx": Wrapper(values=options("-p --package -c")),
}
ONLY_MARKED = frozenset({"nix", "devenv", "flox", "find"})
"""Programs that run another one only behind an option or `--`: a plain word is theirs."""
ALIASES: dict[tuple[str, str], Call] = {
    ("uv", "format"): ("ruff", "format"),
    ("hatch", "fmt"): ("ruff", "check"),
    ("hatch", "test"): ("pytest",),
    ("rye", "lint"): ("ruff", "check"),
    ("rye", "fmt"): ("ruff", "format"),
    ("rye", "test"): ("pytest",),
    ("manage.py", "test"): ("unittest",),
}
"""Subcommands of project managers that run another tool (their documentation: Hatch and uv format and check by Ruff)."""
TOOL_IMAGES = frozenset(
    "ruff black flake8 pylint mypy hadolint locust k6 vegeta hey wrk artillery hurl newman schemathesis pytest pre-commit".split()
)
"""Tools whose image has the tool as its entry point and bears its name: ghcr.io/astral-sh/ruff, grafana/k6."""
INTROSPECTION = {"command": frozenset({"-v", "-V"}), "sudo": frozenset({"-l", "-v"})}
"""Options with which a program only tells about the one that it names."""
SHELLS = frozenset({"bash", "sh", "zsh", "dash", "ash", "ksh", "pwsh", "powershell"})


def calls(words: Iterable[str]) -> tuple[Call, ...]:
    """The chain of calls that a command makes, the outermost first, names normalised; empty for no words."""
    call: Call | None = tuple(words)
    chain: list[Call] = []
    while call and len(chain) < MAX_CHAIN:
        call = (program_name(call[0]), *call[1:])
        chain.append(call)
        call = inner_call(call)
    return tuple(chain)


def program_name(word: str) -> str:
    """A program's usual name: without folder, version, `.exe`; a variable named after a program counts as that program.

    A path that is not in a folder of programs stays: it names a script.
    """
    variable = _VARIABLE.fullmatch(word.replace(" ", ""))
    if variable:
        word = variable[1].lower()
        for program in ("python", "pip", "uv", "pytest"):
            if word.startswith(program):
                return program
        return "python" if word == "py" else word
    folder = _BINARY_FOLDER.match(word)
    name = (word[folder.end() :] if folder else word).removeprefix("./").removeprefix(".\\")
    name = name[:-4] if name.lower().endswith(".exe") else name
    if _PYTHON.fullmatch(name):
        return "python"
    if _PIP.fullmatch(name):
        return "pip"
    return name or word


def inner_call(call: Call) -> Call | None:
    """The call that `call` makes in turn; None where its program is no wrapper or it names no other program."""
    if alias := alias_of(call):
        return alias
    wrapper = WRAPPERS.get(call[0])
    if wrapper is None:
        return None
    for subcommand in wrapper.subcommands:
        rest = after_subcommand(call[1:], subcommand, wrapper.values)
        if rest is not None:
            return wrapped(call[0], wrapper, rest)
    return None


def alias_of(call: Call) -> Call | None:
    """The call of another tool that a project manager's subcommand stands for (`hatch fmt --check`); None for others."""
    subcommand = next((word for word in call[1:3] if not word.startswith("-")), "")
    tool = ALIASES.get((call[0].rpartition("/")[2], subcommand))
    if tool is None and call[0] == "python":  # python manage.py test
        tool = ALIASES.get((subcommand.rpartition("/")[2], "".join(call[2:3])))
        return (*tool, *call[3:]) if tool else None
    if tool is None:
        return None
    rest = call[call.index(subcommand) + 1 :]
    if call[0] == "hatch" and subcommand == "test" and {"-c", "--cover"}.intersection(rest):
        rest = ("--cov", *rest)
    return (*tool, *rest)


def after_subcommand(words: Call, subcommand: tuple[str, ...], values: frozenset[str]) -> Call | None:
    """The words after a subcommand, options before it skipped; None where another one is called."""
    i = 0
    for expected in subcommand:
        while i < len(words) and words[i].startswith("-"):
            i += 2 if words[i] in values else 1
        if i >= len(words) or words[i] != expected:
            return None
        i += 1
    return words[i:]


def wrapped(program: str, wrapper: Wrapper, words: Call) -> Call | None:
    """The call within a wrapper's arguments."""
    skipped = wrapper.skipped
    entrypoint: Call = ()
    i = 0
    while i < len(words):
        word = words[i]
        if word in INTROSPECTION.get(program, ()):
            return None
        if word in wrapper.module:
            return words[i + 1 :] or None
        if word == "--":
            return words[i + 1 :] or None
        if program == "python" and word.startswith("-m") and len(word) > 2:
            return (word[2:], *words[i + 1 :])
        if word.startswith("-") and word != "-":
            if word.startswith("--entrypoint"):
                name = word.partition("=")[2] or "".join(words[i + 1 : i + 2])
                entrypoint = (name,) if name else ()
            if program == "python" and word in ("-c", "-"):
                return None
            i += 2 if word in wrapper.values else 1
        elif (ASSIGNMENT.match(word) and program in ("env", "sudo")) or program in ONLY_MARKED:
            i += 1
        elif wrapper.python and not word.endswith(".py"):
            i += 1  # the value of an option such as torchrun's --nproc_per_node
        elif skipped:
            skipped -= 1
            i += 1
            if skipped == 0 and wrapper.values is DOCKER_VALUES:
                # After the image every word is the command's, or its entry point's.
                rest = (*entrypoint, *words[i:])
                tool = re.split(r"[:@]", word.rpartition("/")[2], maxsplit=1)[0].lower()
                if not entrypoint and tool in TOOL_IMAGES and words[i : i + 1] != (tool,):
                    rest = (tool, *words[i:])
                return target(program, rest) if rest and not rest[0].startswith("-") else None
        elif program == "python":
            return None  # a script, which python itself runs
        else:
            return target(program, words[i:])
    return None


def target(program: str, words: Call) -> Call:
    """The words of a wrapped call, with what its wrapper allows beyond a program's name taken away."""
    name = words[0]
    if name.endswith(".py"):
        return ("python", *words)
    if program in ("uvx", "uv", "pipx"):
        name = re.split(r"[@=<>~!]", name, maxsplit=1)[0] or name
    elif program == "hatch" and ":" in name:
        name = name.partition(":")[2] or name
    elif program == "hatch" and name.startswith("+") and len(words) > 1:
        return target(program, words[1:])  # a variable of the environment's matrix
    return (name, *words[1:])


def script_of_shell(call: Call) -> str | None:
    """The script that a shell is given with `-c` (`-lc`, PowerShell's `-Command`) or `eval`; None where none is."""
    if call[0] == "eval":
        return " ".join(call[1:])
    if call[0] == "nix-shell":
        return next((call[i + 1] for i, word in enumerate(call[:-1]) if word in ("--run", "--command")), None)
    if call[0] not in SHELLS:
        return None
    for i, word in enumerate(call[1:-1], start=1):
        if word.lower() in ("-c", "-command") or (re.fullmatch(r"-[a-z]*c", word) and word != "-rc"):
            return " ".join(call[i + 1 :]) if call[0] in ("pwsh", "powershell") else call[i + 1]
        if not word.startswith("-"):
            return None
    return None


def matches(call: Call, name: str) -> bool:
    """Whether `call` is one of `name`: a program, or a program with its subcommand (`docker build`).

    Options between are skipped, each with a possible value.
    """
    program, _, rest = name.partition(" ")
    if call[0] != program:
        return False
    subcommand = rest.split()
    option = False
    for word in call[1:]:
        if not subcommand:
            return True
        if word.startswith("-"):
            option = True
        elif word == subcommand[0]:
            subcommand.pop(0)
            option = False
        elif not option:
            return False
        else:
            option = False
    return not subcommand
