"""YAML that expands, loops, constructs, nests or is none, everywhere where YAML is read."""

from __future__ import annotations

from hostile.ground import Ground
from hostile.registry import FULL, case, places_for

PLACES = (
    ".github/workflows/x.yaml",
    ".github/dependabot.yml",
    ".gitlab-ci.yml",
    "configs/x.yaml",
    "configs/model/x.yaml",
    "dvc.yaml",
    "data/x.dvc",
    "docker-compose.yml",
    "tools/.pre-commit-config.yaml",
    "mkdocs.yml",
    "environment.yml",
    "build/cloudbuild.yaml",
    "params.yaml",
    "deploy/service.yaml",
)


def place(ground: Ground, text: str | bytes) -> None:
    """Put a text in every place."""
    ground.write(dict.fromkeys(places_for(text, PLACES), text))


@case()
def alias_bomb(ground: Ground) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    place(ground, "a0: &a0 [x, x]\n" + "\n".join(levels) + "\non: [push]\njobs: *a9\n")


@case()
def alias_bomb_of_mappings(ground: Ground) -> None:
    """Quadratic: one large value, named again and again, and merged again and again."""
    base = "base: &base {" + ", ".join(f"k{n}: v" for n in range(3_000)) + "}\n"
    merged = "".join(f"m{n}: {{<<: [*base, *base], own: {n}}}\n" for n in range(1_000))
    place(ground, base + "jobs: [" + ", ".join(["*base"] * 3_000) + "]\n" + merged)


@case()
def recursive_anchors(ground: Ground) -> None:
    place(
        ground,
        "on: &on [push, *on]\njobs: &jobs\n  tests: &t {steps: [*jobs, *t], needs: *t}\nservices: *jobs\nrepos: *on\n",
    )


@case()
def tags_that_construct(ground: Ground) -> None:
    calls = (
        f'!!python/object/apply:os.system ["{ground.program}"]',
        f'!!python/object/new:subprocess.Popen [["{ground.program}"]]',
        f'!!python/object/apply:builtins.open ["{ground.outside}/written", "w"]',
        "!!python/name:os.system",
        f"!!python/module:{ground.program}",
        f"!ENV ${{HOME}}\nincluded: !include {ground.secret_file}",
        "!!binary aG9zdGlsZQ==",
        "!!set {a, b}",
        "!!omap [a: 1]",
        "!!timestamp nonsense",
        "!!int nonsense",
        "!!float .nonsense",
    )
    place(ground, "".join(f"k{number}: {call}\n" for number, call in enumerate(calls)) + "jobs: !!python/tuple [a]\n")


@case()
def duplicate_keys(ground: Ground) -> None:
    place(ground, "on: push\n" * 2_000 + "jobs: {a: {}, a: {}, a: {steps: []}}\njobs: 1\nservices: {}\nservices: []\n")


@case(notes=("nested deeper",))
def nested_flow(ground: Ground) -> None:
    place(ground, "on: push\njobs: " + "[" * 10_000 + "]" * 10_000 + "\n")


@case(notes=("nested deeper",))
def nested_maps(ground: Ground) -> None:
    place(ground, "on: push\njobs: " + "{a: " * 10_000 + "}" * 10_000 + "\n")


@case(notes=("nested deeper",))
def nested_block(ground: Ground) -> None:
    place(ground, "jobs:\n" + "- " * 10_000 + "x\n")


@case()
def merge_loops(ground: Ground) -> None:
    place(
        ground,
        "a: &a\n  <<: *a\n  x: 1\nb: &b\n  <<: [*a, *b]\njobs:\n  <<: *b\n  tests: &t\n    <<: [*t, [*t, [*a]], 7, x]\n<<: 3\n",
    )


@case()
def odd_scalars(ground: Ground) -> None:
    values = (
        "2026-01-23T23:59:60+99:99", "9999999999-99-99", "0o777777", "0777", "0x" + "f" * 90, "1e999999", "-.inf", ".nan", "~",
        "1_000", "190:20:30", "+", "-", ".", "0b11", "1" * 5_000, "<<", "=", "y", "NO", "'\\x00'", '"\\uD800"', '"\\0\\a\\e[31m"',
    )  # fmt: skip
    lines = [f"k{n}: {value}\n{value}: v\n" for n, value in enumerate(values) if value not in ("~", "-")]
    place(ground, "on: 2026-01-23\njobs:\n  1.10: {runs-on: 0777, timeout-minutes: 1e999}\n" + "".join(lines))
    keyed = "".join(f"k{n}: {value}\n" for n, value in enumerate(values))
    ground.write({"configs/y.yaml": keyed, ".github/workflows/y.yaml": keyed})


@case()
def wrong_shapes(ground: Ground) -> None:
    """Every name that a reader knows, with a value of a kind that it does not expect."""
    names = (
        "on jobs steps runs-on strategy matrix include exclude uses with run env needs if services permissions concurrency defaults "
        "stages outs deps cmd foreach do metrics plots wdir image build context dockerfile target args command entrypoint ports volumes "
        "repos hooks id rev nav docs_dir theme plugins site_url dependencies channels pip substitutions images options spec template "
        "containers metadata kind apiVersion updates schedule branches paths tags cron method parameters metric program defaults hydra"
    ).split()
    shapes = (
        "7",
        "[[[]]]",
        "{{}: {}}",
        "null",
        "[null, 7, {a: [b]}]",
        "{7: {7: {7: 7}}}",
        "'x'",
        "[{}, [], '', 1.5, true]",
        "''",
    )
    files: dict[str, str | bytes] = {}
    for number, shape in enumerate(shapes):
        flat = "".join(f"{name}: {shape}\n" for name in names)
        nested = "jobs:\n  j:\n" + "".join(f"    {name}: {shape}\n" for name in names)
        nested += "on:\n  push:\n" + "".join(f"    {name}: {shape}\n" for name in names)
        nested += "services:\n  s:\n" + "".join(f"    {name}: {shape}\n" for name in names)
        nested += "stages:\n  s:\n" + "".join(f"    {name}: {shape}\n" for name in names)
        for kind, text in (
            ("f", flat),
            ("n", nested),
            ("l", "- " + shape + "\n" + "- {" + f"repo: {shape}, hooks: {shape}" + "}\n"),
        ):
            name = f"{kind}{number}"
            files |= {
                f".github/workflows/{name}.yaml": text,
                f"configs/{name}.yaml": text,
                f"{name}/dvc.yaml": text,
                f"{name}/docker-compose.yml": text,
                f"{name}/mkdocs.yml": text,
                f"{name}/environment.yml": text,
                f"{name}/.pre-commit-config.yaml": text,
                f"{name}/cloudbuild.yaml": text,
                f"{name}/x.dvc": text,
            }
    ground.write(files)


@case()
def no_yaml(ground: Ground) -> None:
    garbage = (
        b"%YAML 99.9\n%TAG ! tag:x,2000:\n---\n\t- [}{\n&a *a : ? !\n\x85\xe2\x80\xa8 '\n" + bytes(range(1, 256)) * 20
    )
    place(ground, garbage)
    ground.write(
        {
            f".github/workflows/t{n}.yaml": text
            for n, text in enumerate(("", "\n", "---\n...\n", "&a", "*a", "!!", "\ufeff", "? ? ?"))
        }
    )


@case()
def many_documents(ground: Ground) -> None:
    place(ground, "---\nkind: Service\nspec: {a: 1}\n" * 30_000)


@case()
def many_values(ground: Ground) -> None:
    """Nine megabytes of small values, keys and anchors."""
    place(ground, "".join(f"k{n}: &a{n} v\n" for n in range(500_000)))


@case()
def tables_of_names(ground: Ground) -> None:
    """Tables such as the program has of libraries' names, nine megabytes of them (a tenth usually): a group's are none of its own."""
    count = 150_000 if FULL else 15_000
    rows = "".join(f"tracking.run{n}:\n  library{n}: [name{n}, '**']\n  any: [x]\n" for n in range(count))
    table = "tracking.run:\n  os: [path, '**']\n  python: [print, open]\nsecond_net:\n  tracking: [a, e, i]\n" + rows
    assert len(table) < 10_000_000, "no longer than what is read"
    names = ("names.yaml", "rules/names.yaml", "auditor/knowledge/tables/tracking.yaml", "configs/names.yaml")
    ground.write(dict.fromkeys(names, table))


@case()
def long_scalars(ground: Ground) -> None:
    """Block scalars, folded and quoted, of megabytes; workflows whose scripts they are."""
    script = "        echo ${{ matrix.a }} && \\\n" * 60_000
    place(
        ground,
        "on: push\njobs:\n  t:\n    runs-on: x\n    strategy: {matrix: {a: [1, 2]}}\n    steps:\n    - run: |\n"
        + script
        + "    - run: '"
        + "a b " * 200_000
        + "'\n",
    )


@case()
def matrix_bomb(ground: Ground) -> None:
    """A matrix of 10^20 jobs, and expressions within expressions."""
    axes = "".join(f"        a{n}: [{', '.join(map(str, range(10)))}]\n" for n in range(20))
    extra = "        include: [" + ", ".join("{a0: 1, os: '${{ matrix.a1 }}'}" for _ in range(2_000)) + "]\n"
    loop = "os: '${{ matrix.os }}-${{ fromJSON(" * 200 + "')}}'\n"
    text = (
        "on:\n  push: {branches: ['" + "*" * 2_000 + "', '" + "a*" * 40 + "b', '" + "[" * 500 + "'], paths: ['" + "**/" * 200 + "x']}\n"
        "jobs:\n  t:\n    runs-on: ${{ matrix.os }}\n    if: " + "(" * 3_000 + "true" + ")" * 3_000 + "\n    strategy:\n      matrix:\n"
        + axes + extra + "        " + loop + "    steps:\n    - run: pytest ${{ matrix.a0 }}\n"
    )  # fmt: skip
    ground.write({".github/workflows/x.yaml": text, "sub/.github/workflows/x.yaml": text})


@case()
def foreach_bomb(ground: Ground) -> None:
    """Stages, needs, extends and reusable workflows that name each other in circles."""
    ground.write(
        {
            "dvc.yaml": "vars: [params.yaml, ../../../etc/passwd]\nstages:\n  s:\n    foreach: ${s}\n    do: {cmd: '${"
            + "item." * 500
            + "x}', outs: ['${item}']}\n"
            + "".join(
                f"  m{n}:\n    matrix: {{{', '.join(f'a{k}: [1, 2, 3, 4, 5, 6, 7, 8, 9]' for k in range(12))}}}\n    cmd: x ${{item.a0}}\n"
                for n in range(20)
            ),
            ".github/workflows/a.yaml": "on: [push, workflow_call]\njobs:\n  a: {uses: ./.github/workflows/b.yaml, needs: [a, b]}\n  b: {uses: ./.github/workflows/a.yaml, needs: [a]}\n",
            ".github/workflows/b.yaml": "on: [push, workflow_call]\njobs:\n  a: {uses: ./.github/workflows/a.yaml}\n  c: {steps: [{uses: ./.github/actions/x}]}\n",
            ".github/actions/x/action.yaml": "runs: {using: composite, steps: [{uses: ./.github/actions/x}, {uses: ./../../../../etc}]}\n",
            ".gitlab-ci.yml": "include: [.gitlab-ci.yml, /etc/passwd, {local: ../x.yml}]\na: {extends: [b, a], needs: [b], script: !reference [b, script]}\nb: {extends: a, needs: [a], script: !reference [a, script]}\n",
            "docker-compose.yml": "include: docker-compose.yml\nservices:\n  a: {extends: {service: b}, build: {context: ../../../.., dockerfile: /etc/passwd}}\n  b: {extends: {service: a, file: docker-compose.yml}, build: /etc}\n",
            "configs/circle.yaml": "defaults: [circle, ../configs/circle, /etc/passwd, _self_, 'a@b:c', {model: '${model}'}]\na: ${b}\nb: ${a}\nc: ${c}${c}\n",
        }
    )
