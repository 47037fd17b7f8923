"""Readers of settings, scripts and lists: YAML, TOML, INI, JSON, shell, Dockerfiles, Terraform, Makefiles, dependencies, DVC."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from auditor.facts.configs.files import config_kind
from auditor.facts.containers.dockerfile import read_dockerfile
from auditor.facts.containers.dockerfile_text import expand as expand_variables
from auditor.facts.containers.dockerfile_text import split_flags, without_heredocs
from auditor.facts.data_versioning.dvc import read_dvc_config, storage_scheme
from auditor.facts.dependencies.conda import read_conda_environment
from auditor.facts.dependencies.locked import locked_names
from auditor.facts.dependencies.manifest import Manifest
from auditor.facts.dependencies.pyproject import read_pipfile, read_pixi, read_pyproject, read_script_metadata
from auditor.facts.dependencies.requirement import read_requirement
from auditor.facts.dependencies.requirements_txt import read_requirements_text
from auditor.facts.dependencies.setup_script import read_setup_cfg
from auditor.facts.own_work.ignores import read_ignore_file
from auditor.facts.project_commands.makefile import logical_lines, read_justfile, read_makefile
from auditor.facts.project_commands.other_runners import read_package_json, read_taskfile, read_vscode_tasks
from auditor.facts.project_commands.python_tools import read_setup_cfg as read_setup_cfg_commands
from auditor.facts.project_commands.python_tools import read_toml_commands, read_tox
from auditor.facts.workflows.conditions import evaluate, overrides_needs
from auditor.facts.workflows.filters import Filter, compile_pattern, matches
from auditor.formats.hcl import parse_terraform
from auditor.formats.ini_lines import parse_ini
from auditor.formats.shell.commands import parse_commands
from auditor.formats.shell.tokens import Lexer
from auditor.formats.shell.wrappers import calls
from auditor.formats.toml_lines import parse_toml, toml_lines
from auditor.formats.yaml_lines import YamlList, YamlMap, parse_yaml, resolve
from auditor.practices.testing.coverage_numbers import total
from auditor.practices.testing.settings import read_table, split
from auditor.repository.bounds import fair_share
from auditor.repository.paths import normalise
from fuzzing.registry import check_all, check_places, takes_bytes, takes_text

YAML = "a: - key: [ ] { } , & * &a *a << <<: | > |- >+ ! !!str !!binary ? ' \" # --- ... %YAML 1.10 0x1f null ~ yes true on: @ ` \\x00"
TOML = "[ ] [[ ]] = . , { } ''' \"\"\" ' \" # a b.c 1 1.5 true 1979-05-27 inf nan 0x1 \\u0041 project tool dependencies name"
SHELL = (
    "| || && & ; ( ) { } < > << <<- <<EOF EOF >& $( ) ` ' \" \\ $a ${a} ${a:-b} $(( )) # ! if then else fi for in do done while case esac "
    "function a=1 sudo env bash -c sh time xargs docker run python -m pip install poetry uv dvc push gcloud ssh && -- - true false exit"
)


def lines_of_yaml(value: Any, most: int) -> None:
    """The lines of every entry must be within the text."""
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > 200 or not isinstance(one, YamlMap | YamlList):
            continue
        assert 1 <= one.line <= most
        keys: Iterable[Any] = one if isinstance(one, YamlMap) else range(len(one))
        for key in keys:
            assert 1 <= one.line_of(key) <= most
            assert 1 <= one.content_line_of(key) <= most + 1
            waiting.append((one[key], depth + 1))


@takes_text(YAML)
def yaml(text: str) -> None:
    with suppress(ValueError):
        found = parse_yaml(text)
        for document in found.documents:
            lines_of_yaml(document, text.count("\n") + 1)
        check_places(found.duplicate_keys, {"": text})


@takes_text("null ~ true False 0x1f 0o17 017 1_000 1e5 -.inf .nan 12:30 2026-01-23 + - . e")
def yaml_scalar(text: str) -> None:
    assert resolve(text) is None or isinstance(resolve(text), bool | int | float | str)


@takes_text(TOML)
def toml(text: str) -> None:
    """The document is what Python's own parser says it is, and every line that is named lies within it."""
    try:
        found = parse_toml(text)
    except ValueError:
        return
    assert repr(found) == repr(tomllib.loads(text))
    most = text.count("\n") + 1
    for path, line in toml_lines(text).items():
        assert 1 <= line <= most
        at: Any = found
        for key in path:
            at = at[key]
    top = {path[0] for path in toml_lines(text)}
    assert not top or top == set(found)


@takes_text("[ ] [section] ['remote = : # ; key = value url s3://x ' \" \t")
def ini(text: str) -> None:
    for indented in (False, True):
        for option in parse_ini(text, indented=indented):
            most = text.count("\n") + 1
            assert 1 <= option.line <= most
            assert option.name and "\n" not in option.name
            assert all(option.line <= line <= most for line, _ in option.rows)


@takes_text(SHELL)
def shell(text: str) -> None:
    lexer = Lexer(text, 1)
    end = 0
    for token in lexer.tokens():
        assert end <= token.start < token.end <= len(text)
        end = token.end
    for command in parse_commands(text, path="x.sh"):
        check_places(command, {"x.sh": text})
        assert command.words or command.environment


@takes_text(SHELL)
def shell_words(text: str) -> None:
    """Plain words come out of the shell reader as they went in, quoted."""
    words = [word for word in text.split() if "\0" not in word]
    calls(words)
    if words:
        found = [token.text for token in Lexer(" ".join(map(shlex.quote, words)), 1).tokens()]
        assert found == words


DOCKERFILE = (
    "FROM RUN COPY ADD CMD ENTRYPOINT ENV ARG WORKDIR ONBUILD HEALTHCHECK SHELL LABEL EXPOSE USER AS --from=a --mount=type=cache "
    '--platform=$X python:3.11-slim scratch [ ] " , <<EOF EOF <<- \\ ` # escape=` # syntax=x $A ${A:-b} ${A:+c} = . / src dst'
)


@takes_text(DOCKERFILE)
def dockerfile(text: str) -> None:
    plain, heredocs = without_heredocs(text)
    most = plain.count("\n") + 1
    assert all(0 <= number < most for number in heredocs)
    found = read_dockerfile("Dockerfile", text)
    check_places(found, {"Dockerfile": text})


@takes_text("$A ${A} ${A:-b} ${A:+c} ${ } $ \\$ --a=b --from=x --mount=type=cache,target=/x = -")
def dockerfile_words(text: str) -> None:
    flags, rest = split_flags(text)
    assert rest in text or not flags
    assert len(expand_variables(text, {"A": text, "B": "$A" * 20})) <= max(len(text), 4_000) + len(text)


@takes_text(
    'resource "a" "b" { } = [ ] ( ) , ${ } %{ <<EOF <<-EOF EOF # // /* */ " \\ var.x for in if ? : true 1.5 ... * module variable'
)
def terraform(text: str) -> None:
    found, problem = parse_terraform(text, "main.tf")
    check_places(found, {"main.tf": text})
    assert problem is None or "\n" not in problem


@takes_text(
    "all: test: \t @ - $(A) ${A} $@ := ?= += = \\ # ifeq endif include define endef .PHONY: pytest python -m a %: ; | [private] @default arg='x' {{ }}"
)
def makefile(text: str) -> None:
    assert all(1 <= number <= text.count("\n") + 1 for number, _ in logical_lines(text))
    check_places(list(read_makefile("Makefile", text)), {"Makefile": text})
    check_places(list(read_justfile("justfile", text)), {"justfile": text})


@takes_text(
    '{ } [ ] " : , "scripts" "test" "pytest" null 1 1e999 "tasks" "label" "command" "args" // /* */ version: tasks: cmds: deps: - test \\u0000 \\ud800'
)
def runners(text: str) -> None:
    for read in (read_package_json, read_vscode_tasks, read_taskfile):
        with suppress(ValueError):
            check_places(list(read("x", text)), {"x": text})


@takes_text(
    TOML
    + " [project.scripts] [tool.poe.tasks] [tool.taskipy.tasks] [tool.pdm.scripts] [tool.hatch.envs.x.scripts] [testenv] commands deps cmd shell pytest invoke [options.entry_points] console_scripts"
)
def python_tools(text: str) -> None:
    for name, read in (
        ("pyproject.toml", read_toml_commands),
        ("tox.ini", read_tox),
        ("setup.cfg", read_setup_cfg_commands),
    ):
        with suppress(ValueError):
            check_places(list(read(name, text)), {name: text})
    with suppress(ValueError):
        read_table(text, (("tool", "pytest", "ini_options"), ("pytest",)))
    list(split(text))


@takes_text(
    "torch numpy== >=1.0 ~= ; python_version < '3.12' [extra] @ git+https://example.org/x.git#egg=x -r -e . --index-url # \\ ./x.whl x-1.0-py3-none-any.whl , ( ) ==1.* --hash=sha256:0 -c"
)
def requirements(text: str) -> None:
    found = read_requirements_text(text, "requirements.txt", "")
    check_places(found.declared, {"requirements.txt": text})
    assert all(1 <= line <= text.count("\n") + 1 for line in found.broken)
    named = read_requirement(text)
    assert named is None or (named.name and not set(named.name) & set(" \n/"))


def check_manifest(found: Manifest, text: str) -> None:
    check_places(found.declared, {"x": text})
    assert all(1 <= line <= text.count("\n") + 1 for line in found.broken)


@takes_text(
    TOML
    + " [tool.poetry.dependencies] [dependency-groups] [project.optional-dependencies] [tool.uv] dev-dependencies include-group [packages] [dev-packages] [pypi-dependencies] [feature.x.dependencies] # /// script # /// requires-python"
)
def manifests(text: str) -> None:
    for read in (read_pyproject, read_pixi, read_pipfile, read_script_metadata, read_setup_cfg):
        with suppress(ValueError):
            check_manifest(read(text, "x"), text)


@takes_text(YAML + " dependencies: pip: - numpy=1.2 - conda-forge::torch channels: name:")
def conda(text: str) -> None:
    with suppress(ValueError):
        check_manifest(read_conda_environment(text, "x"), text)


@takes_text(
    TOML
    + ' [[package]] [[packages]] name version source { "default": {"numpy": {}} } "develop" packages: - conda: https://example.org/x-1-0.conda pypi:'
)
def lock_files(text: str) -> None:
    for name in ("uv.lock", "poetry.lock", "pylock.toml", "Pipfile.lock", "pixi.lock", "conda-lock.yml"):
        with suppress(ValueError):
            assert all(isinstance(found, str) and found for found in locked_names(text, name))


@takes_text(
    "['remote \"x\"'] [core] remote = x url = s3://a gs://b gdrive:// /mnt/x ../x https://dagshub.com/a/b.dvc # ; ' \""
)
def dvc_config(text: str) -> None:
    check_places(read_dvc_config(text, ".dvc/config"), {".dvc/config": text})
    storage_scheme(text)


@takes_text("* ** ? [ ] [!a] [a-z] ! / \\ # *.py data/ /x a/**/b \\! **/ [[:alpha:]] {a,b} ..")
def gitignore(text: str) -> None:
    found = read_ignore_file("a/.gitignore", text)
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in found.rules)
    for path in ("a/b/c.py", "a/data/x", "x", text[:50].replace("\n", "/")):
        found.decision(path)


@takes_text("* ** ? + [ ] [!a] [a-z] ! \\ main feature/ release/** v1.* a+ a? -")
def filters(text: str) -> None:
    """A filter pattern without a sign matches itself and nothing else."""
    patterns = text.split("\n")[:10]
    Filter(patterns).admits(text[:100])
    for pattern in patterns:
        items = compile_pattern(pattern)
        matches(items, pattern)
        if pattern and not set(pattern) & set("*?+[]!\\"):
            assert matches(items, pattern)
            assert not matches(items, pattern + "x")


@takes_text(
    "${{ }} ( ) [ ] ! && || == != < > <= ' '' github.event_name github.ref secrets.X always() failure() success() cancelled() contains( startsWith( format( fromJSON( toJSON( hashFiles( , true false null 1 0x1f * ."
)
def conditions(text: str) -> None:
    assert evaluate(text) in (True, False, None)
    evaluate(text, {"github.event_name": "push", "github.ref": "refs/heads/*"})
    overrides_needs(text)


@takes_text(
    '<coverage line-rate="0.9"> </coverage> { } "totals": "percent_covered": 12.5 TOTAL 100 10 90% nan inf 1e999 -1 <!ENTITY &a;'
)
def coverage_report(text: str) -> None:
    for name in ("coverage.xml", "coverage.json", "coverage.txt"):
        found = total(text, name)
        assert found is None or 0 <= found <= 100


@takes_text("a / . .. // \\ b c.py \u0130")
def paths(text: str) -> None:
    """A path in its normal form stays in it, and a share of many files is as many as there may be."""
    once = normalise(text)
    assert normalise(once) == once
    names = {path for path in text.split() if path}
    found = fair_share(names, 5)
    assert len(found) == min(5, len(names)) and set(found) <= names
    config_kind(text)


WORKFLOW = (
    "on: push pull_request: branches: [main] paths: schedule: - cron: workflow_dispatch: workflow_call: jobs: test: runs-on: ubuntu-latest needs: if: "
    "strategy: matrix: os: include: exclude: steps: - uses: actions/checkout@v4 with: run: | pytest env: ${{ matrix.os }} ${{ secrets.X }} ${{ fromJSON('[1]') }} "
    "false continue-on-error: uses: ./.github/workflows/b.yaml cache: pip name: permissions: id-token: write docker push gcloud run deploy dvc pull"
)


@takes_bytes(WORKFLOW + " [ ] { } : & * ' \" # - > |")
def repository_workflow(data: bytes) -> None:
    check_all(
        {
            ".github/workflows/x.yaml": data,
            ".github/workflows/b.yaml": b"on: workflow_call\njobs: {a: {runs-on: x, steps: [{run: ls}]}}\n",
        }
    )


@takes_bytes(
    "stages: test: script: - pytest only: except: rules: - if: $CI_COMMIT_BRANCH == 'main' changes: extends: .base include: local: needs: image: cache: paths: parallel: matrix: !reference [a, script] when: manual default: variables: workflow: trigger: [ ] { } & * - | >"
)
def repository_pipeline(data: bytes) -> None:
    check_all({".gitlab-ci.yml": data, "azure-pipelines.yml": data, ".circleci/config.yml": data})


@takes_bytes(DOCKERFILE + " services: build: context: dockerfile: steps: - name: args: images: cloud-builders")
def repository_containers(data: bytes) -> None:
    check_all(
        {
            "Dockerfile": data,
            "docker-compose.yml": data,
            "cloudbuild.yaml": data,
            ".dockerignore": data,
            "src/app.py": b"import fastapi\n",
        }
    )


@takes_bytes(
    "stages: train: cmd: python train.py deps: - outs: - model.pt foreach: do: ${item} matrix: params: metrics: plots: md5: 0123456789abcdef.dir path: size: wdir: frozen: vars: [ ] { } & * << remote url = [core] ['remote \"x\"']"
)
def repository_data(data: bytes) -> None:
    check_all(
        {
            "dvc.yaml": data,
            "data.dvc": data,
            "dvc.lock": data,
            ".dvc/config": data,
            ".gitignore": data,
            "params.yaml": data,
        }
    )


@takes_bytes(
    TOML
    + " "
    + YAML
    + " defaults: - _self_ model: lr: 0.1 hydra: run: dir: sweep: method: bayes parameters: min: max: values: program: command: repos: - repo: hooks: - id: ruff rev:"
)
def repository_settings(data: bytes) -> None:
    check_all(
        {
            "pyproject.toml": data, "setup.cfg": data, "tox.ini": data, "configs/config.yaml": data, "configs/sweep.yaml": data,
            ".pre-commit-config.yaml": data, "environment.yml": data, "requirements.txt": data, "mkdocs.yml": data, "Makefile": data,
            "src/train.py": b"import hydra\n@hydra.main(config_path='../configs', config_name='config')\ndef main(cfg):\n    print(cfg.lr)\n",
        }
    )  # fmt: skip


@takes_bytes(
    'resource "google_cloud_run_service" "x" { } = apiVersion: serving.knative.dev/v1 kind: Service spec: template: gcloud run deploy x --image y functions deploy --trigger-http gsutil cp gs://bucket/x https://x-abc123-ew.a.run.app monitoring alert-policies create | && \\ $( ) \' "'
)
def repository_cloud(data: bytes) -> None:
    check_all({"main.tf": data, "service.yaml": data, "deploy.sh": data, "src/x.py": data, "README.md": data})
