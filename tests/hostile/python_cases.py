"""Python that overflows parsers, loops readers, or is none: one such file costs one line, not the run."""

from __future__ import annotations

from hostile.ground import Ground
from hostile.registry import FULL, SECONDS, WORK_TREE, case

FOLDER = "src/kiln/hostile"


def place(ground: Ground, **files: str | bytes) -> None:
    """Put modules into a package of the group's own code, and the first of them into the tests."""
    ground.write({f"{FOLDER}/__init__.py": ""})
    ground.write({f"{FOLDER}/{name}.py": content for name, content in files.items()})
    for name, content in list(files.items())[:1]:
        ground.write({f"tests/test_{name}.py": content})


@case(notes=("brackets within each other",))
def nested_brackets(ground: Ground) -> None:
    """10,000 of each, 20,000 of some; also never closed, and closed only."""
    pairs = {"round": ("(", ")"), "square": ("[", "]"), "curly": ("{", "}")}
    files = {name: f"x = {a * 10_000}{b * 10_000}\n" for name, (a, b) in pairs.items()}
    place(
        ground, **files, more="x = " + "(" * 20_000 + "1" + ")" * 20_000 + "\n", open="x = " + "([{" * 5_000, closed=")" * 20_000 + "\n",
        calls="f(" * 5_000 + ")" * 5_000 + "\n", keys="x" + "[0" * 5_000 + "]" * 5_000 + "\n", maps="x = " + "{1:" * 5_000 + "1" + "}" * 5_000 + "\n",
    )  # fmt: skip


@case(notes=("operators in one expression",))
def chains(ground: Ground) -> None:
    """Expressions of 5,000 to 20,000 terms, by every operator that nests."""
    place(
        ground,
        attributes="x = a" + ".b" * 5_000 + "\n",
        many_attributes="x = a" + ".b" * 20_000 + "\n",
        sums="x = " + "1 + " * 20_000 + "1\n",
        powers="x = " + "1 ** " * 5_000 + "1\n",
        minus="x = " + "-" * 20_000 + "1\n",
        tilde="x = " + "~ " * 5_000 + "1\n",
        negations="x = " + "not " * 5_000 + "1\n",
        ors="x = " + "a or " * 5_000 + "b\n",
        compares="x = " + "a < " * 5_000 + "b\n",
        ternaries="x = " + "a if b else " * 5_000 + "c\n",
        lambdas="x = " + "lambda: " * 5_000 + "c\n",
        awaits="async def f():\n    " + "await " * 5_000 + "c\n",
        walrus="".join(f"(a{n} := " for n in range(3_000)) + "1" + ")" * 3_000 + "\n",
        assignments="a = " * 20_000 + "1\n",
        yields="def f():\n    x = " + "yield " * 5_000 + "\n",
        pipes="def f(x: " + "int | " * 5_000 + "None): pass\n",
        splits="x = a \\\n" + "  .b() \\\n" * 5_000 + "\n",
        stars="f(" + "*" * 5_000 + "a)\n",
    )


@case()
def chains_without_operators(ground: Ground) -> None:
    """What nests in the tree without an operator or a bracket within a bracket."""
    place(
        ground,
        calls="x = f" + "()" * 5_000 + "\n",
        subscripts="x = a" + "[0]" * 5_000 + "\n",
        both="x = a" + "[0]()" * 20_000 + "\n",
        strings="x = " + "'a' " * 20_000 + "\n",
        strings_in_brackets="x = (\n" + "'a'\n" * 20_000 + ")\n",
        fors="x = [a " + "for a in b " * 5_000 + "]\n",
        ifs="x = [a for a in b " + "if a " * 5_000 + "]\n",
        globals="def f():\n    global " + "a, " * 10_000 + "a\n",
        imports="from a import " + ", ".join(f"b{n}" for n in range(5_000)) + "\n",
        dots="from " + "." * 50_000 + " import a\n",
        decorators="@a\n" * 10_000 + "def f(): pass\n",
        semicolons="a;" * 10_000 + "\n",
        withs="with " + ", ".join("a" for _ in range(5_000)) + ": pass\n",
        deletes="del " + "a, " * 10_000 + "a\n",
        continued="x = \\\n" + "\\\n" * 100_000 + "1\n",
    )


@case()
def deep_indentation(ground: Ground) -> None:
    """Blocks within blocks: no bracket, no operator, and the tree is as deep as the indentation."""
    depth = 1_000

    def nested(line: str) -> str:
        return "".join(" " * n + line + "\n" for n in range(depth)) + " " * depth + "pass\n"

    place(
        ground,
        ifs=nested("if a:"),
        defs=nested("def f():"),
        classes=nested("class A:"),
        fors=nested("for a in b:"),
        withs=nested("with a:"),
        whiles=nested("while a:"),
        tries="".join(" " * n + "try:\n" for n in range(300))
        + " " * 300
        + "pass\n"
        + "".join(" " * n + "finally: pass\n" for n in reversed(range(300))),
        matches="".join(" " * 2 * n + "match a:\n" + " " * (2 * n + 1) + "case 1:\n" for n in range(400))
        + " " * 800
        + "pass\n",
        shallow="".join(" " * n + "if a:\n" for n in range(95)) + " " * 95 + "pass\n",
    )


@case()
def long_alternatives(ground: Ground) -> None:
    """`elif` is a branch within a branch in the tree."""
    place(
        ground,
        elifs="if a:\n    pass\n" + "elif b:\n    pass\n" * 5_000,
        excepts="try:\n    pass\n" + "except A:\n    pass\n" * 5_000,
        cases="match a:\n" + " case 1:\n  pass\n" * 5_000,
        or_patterns="match a:\n case " + "1 | " * 5_000 + "1:\n  pass\n",
        patterns="match a:\n case " + "[" * 1_000 + "]" * 1_000 + ":\n  pass\n",
    )


@case(WORK_TREE, notes=("hostile/elifs.py: not read: ",))
def alternatives_that_overflow(ground: Ground) -> None:
    """30,000 branches: the parser's process dies, and the file costs a line."""
    place(ground, elifs="if a:\n    pass\n" + "elif b:\n    pass\n" * 30_000)


@case()
def nested_f_strings(ground: Ground) -> None:
    place(
        ground,
        limit="x = " + 'f"{' * 1_000 + "1" + '}"' * 1_000 + "\n",
        brackets="x = f'{" + "(" * 5_000 + ")" * 5_000 + "}'\n",
        formats="x = f'{a:" + "{b:" * 5_000 + "}" * 5_000 + "}'\n",
        mixed="x = f'''{f\"\"\"{f'{f\"{1}\"}'}\"\"\"}'''\n" * 1_000,
        many="x = f'" + "{a}" * 10_000 + "'\n",
        open="x = f'" + "{" * 50_000 + "\n",
    )


@case(WORK_TREE, notes=("hostile/negations.py: not read: ",))
def operators_in_an_f_string(ground: Ground) -> None:
    """What the guard counts outside strings, within one (20,000 operators; 5,000 usually)."""
    count = 20_000 if FULL else 5_000
    place(ground, negations="x = f'{" + "not " * count + "1}'\n")


@case()
def strings_never_closed(ground: Ground) -> None:
    place(
        ground,
        triple='x = """' + "a\n" * 200_000,
        quotes='"' * 400_001 + "\n",
        alternating="'''\"\"\"" * 60_000 + "\n",
        backslashes="x = '" + "\\" * 400_001 + "\n",
        prefixes="x = " + "rb" * 200_000 + "'\n",
        f_prefixes="f'" * 150_000 + "\n",
        names="x = " + "a" * 900_000 + "\n",
        digits="x = " + "9" * 900_000 + "\n",
        comments="#" * 900_000 + "\n" + "# type: ignore\n" * 5_000,
    )


@case()
def not_python_3(ground: Ground) -> None:
    place(
        ground,
        python_2="print 'x'\nexec 'y' in {}\nraise E, 'x'\nx = `1` <> 0777L\n",
        nul=b"import os\n\x00\nx = 1\n",
        late_nul=b"import os\n" + b"# x\n" * 5_000 + b"\x00\nx = '\x00'\n",
        form_feeds="\f\n\fimport os\n\f\fdef f():\n\f    return 1\n  \f x = 2\n",
        tabs="if a:\n\tx\n        y\n    \tz\n",
        bogus_coding="# -*- coding: kiln-hostile -*-\nimport logging\nx = 'ü'\n",
        coding_of_code=f"# coding: {'a' * 5_000}\nx = 1\n",
        coding_path="# coding: ../../outside/run_me\n# vim: set fileencoding=unicode_escape :\nx = 1\n",
        rot13="# coding: rot13\nvzcbeg bf\n",
        utf7="# coding: utf-7\nx = 1 +AAo-import os\n",
        latin=b"# coding: latin-1\nx = '\xe6\xf8\xe5'\n",
        unmarked=b"x = '\xe6\xf8\xe5'\n",
        boms=b"\xef\xbb\xbf\xef\xbb\xbfx = 1\n",
        separators="x = 1\u2028y = 2\u2029\x85\x0b\x1c\x1d\x1e import os\n",
        names="𝔵 = ℌ = ﬁ = 1\nimport 𝔬𝔰\n\u202e = 2\n",
        unindented="  x = 1\n y = 2\nx\n",
        empty="",
        only_bom=b"\xef\xbb\xbf",
        html="<!DOCTYPE html><script>alert(1)</script>\n",
    )


@case()
def two_hundred_thousand_lines(ground: Ground) -> None:
    """Over the limit for one file."""
    place(ground, lines="x = 1\n" * 200_000)


@case(WORK_TREE, seconds=SECONDS if FULL else 5.0)
def statements_by_the_megabyte(ground: Ground) -> None:
    """Under the limit for one file and for all: three files of 200,000 statements (usually a thirtieth, in a fifth of the time)."""
    count, files = (200_000, 3) if FULL else (20_000, 1)
    place(ground, **{f"lines{n}": "x=1\n" * count for n in range(files)})


@case(WORK_TREE, seconds=SECONDS if FULL else 5.0)
def calls_by_the_megabyte(ground: Ground) -> None:
    """60,000 lines that log (10,000 usually)."""
    place(ground, calls="logging.info(1)\n" * (60_000 if FULL else 10_000))


@case(changes="M7.style M7.typing_docs")
def many_modules(ground: Ground) -> None:
    """Modules that import each other in circles, by stars, by names that stand for each other."""
    count = 400
    place(
        ground,
        **{
            f"m{n}": f"from kiln.hostile.m{(n + 1) % count} import *\nfrom kiln.hostile.m{(n + 7) % count} import f as f\nfrom . import m{n}\nx = y\ny = x\n\n\ndef f():\n    return f()\n"
            for n in range(count)
        },
    )
    ground.write(
        {
            "src/kiln/hostile/__main__.py": "from . import __main__\nfrom .__main__ import *\nimport kiln.hostile.__main__ as kiln\n"
        }
    )


@case(changes="M7.typing_docs")
def definitions_in_circles(ground: Ground) -> None:
    """Classes that inherit from themselves, functions that call each other in a long row, names for names for names."""
    count = 1_000
    place(
        ground,
        classes="class A(B): pass\nclass B(C): pass\nclass C(A): pass\nclass D(D): pass\nclass E(E.F): class F(E): pass\n",
        calls="".join(f"def f{n}():\n    return f{n + 1}()\n\n\n" for n in range(count)) + "f0()\n",
        names="a0 = print\n" + "".join(f"a{n} = a{n - 1}\n" for n in range(1, count)) + f"a{count - 1}()\n",
        circle="".join(f"a{n} = a{(n + 1) % count}\n" for n in range(count)) + "a0()\n",
        attributes="class A:\n    def __init__(self):\n        self.a = self.b\n        self.b = self.a\n    def f(self):\n        return self.a.b.a.b.f().f().f()\n",
        inner="def f():\n"
        + "".join(" " * n + f"def g{n}(): return g{n + 1}()\n" for n in range(1, 2))
        + " return f\n" * 1_000,
        shadows="print = open\nopen = print\nimport logging as open, os as logging\nlogging = open = __import__ = eval\n",
        defaults="def f(a=f, b=lambda: f, *c: f, **d: f) -> f(f(f)): ...\n" * 2_000,
    )


@case(WORK_TREE, seconds=SECONDS if FULL else 5.0)
def long_line_of_classes(ground: Ground) -> None:
    """Each inherits from the one before (3,000; 600 usually): time must not grow with the square of their number."""
    count = 3_000 if FULL else 600
    place(ground, bases="class A0: pass\n" + "".join(f"class A{n}(A{n - 1}): pass\n" for n in range(1, count)))


@case(WORK_TREE, seconds=SECONDS if FULL else 6.0, changes="M7.style M7.typing_docs M14.sweep M11.config")
def one_thing_a_thousand_times(ground: Ground) -> None:
    """Variables that are given themselves, settings, queues and their workers, tests and heirs: each looked up for each of the others (3,000; 800 usually)."""
    count = 3_000 if FULL else 800
    training = "import torch\n\n\ndef fit(rate):\n    net = torch.nn.Linear(1, 1)\n    torch.optim.SGD(net.parameters(), lr=rate).step()\n\n\n"
    place(
        ground,
        given=training
        + "rates = list(rates)\n" * count
        + "for rate in rates:\n    fit(rate)\n" * 200
        + "pool.map(fit, rates)\n" * 200,
        settings="from easydict import EasyDict\n" + "".join(f"x = EasyDict()\nx.lr = {n}\n" for n in range(count)),
        queues="import queue\n\nimport redis\nfrom fastapi import FastAPI\n\napp = FastAPI()\nline = queue.Queue()\nstore = redis.Redis()\n\n\n@app.post('/p')\ndef p(x):\n"
        + "    line.put(x)\n    store.lpush('a', x)\n" * count
        + "".join(f"\n\ndef w{n}():\n    line.get()\n    store.blpop('a')\n\n\nw{n}()\n" for n in range(count // 2)),
        handed="keeper = None\n\n\ndef keep(x):\n    global keeper\n"
        + "    keeper = x\n" * count
        + "\n\n"
        + "keep(1)\n" * count,
    )
    tests = "".join(f"    def test_{n}(self):\n        assert m.f({n}) == 1\n" for n in range(count // 4))
    heirs = "".join(f"class Test{n}(TestBase):\n    pass\n" for n in range(count // 4))
    ground.write({"tests/test_heirs.py": f"import kiln.model as m\n\n\nclass TestBase:\n{tests}{heirs}"})


@case()
def values_that_explode(ground: Ground) -> None:
    """Constants that a reader who computes them would never be done with."""
    doubled = "a0 = '0123456789'\n" + "".join(f"a{n} = a{n - 1} + a{n - 1}\n" for n in range(1, 80))
    joined = "b0 = 'x'\n" + "".join(f"b{n} = f'{{b{n - 1}}}{{b{n - 1}}}/{{b{n - 1}}}'\n" for n in range(1, 60))
    lists = "c0 = ['x', 'y']\n" + "".join(f"c{n} = [*c{n - 1}, *c{n - 1}]\n" for n in range(1, 60))
    maps = "d0 = {'x': 1}\n" + "".join(f"d{n} = {{'l': d{n - 1}, 'r': d{n - 1}, **d{n - 1}}}\n" for n in range(1, 60))
    paths = "from pathlib import Path\np0 = Path('a')\n" + "".join(
        f"p{n} = p{n - 1} / p{n - 1} / p{n - 1}.name\n" for n in range(1, 60)
    )
    uses = (
        "import wandb, torch, logging, subprocess, requests, hydra\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        + "".join(
            f"logging.info({v}79)\nwandb.init(project={v}59)\nsubprocess.run({v}59)\nrequests.get({v}59)\ntorch.load({v}59)\nopen({v}59)\n@app.get({v}59)\ndef f{v}(): ...\n"
            for v in "abcdp"
        )
        + "@hydra.main(config_path=a79, config_name=p59)\ndef main(cfg): ...\n"
    )
    place(
        ground,
        folded="x = 'a' * 10 ** 10\ny = 10 ** 10 ** 10\nz = 1 << 10 ** 10\nw = '%1000000000d' % 1\nv = '{:>9999999999}'.format(1)\nu = [0] * 10 ** 10\nt = f'{1:>9999999999}'\ns = 9"
        + "9" * 5_000
        + "\nassert 10 ** 10 ** 10\nassert 'a' * 10 ** 10\nprint(10 ** 10 ** 10)\nif 10 ** 10 ** 10:\n    main()\n",
        doubled=doubled + joined + lists + maps + paths + uses,
        numbers="x = 0x"
        + "f" * 100_000
        + "\ny = "
        + "9" * 100_000
        + "\nz = 1e"
        + "9" * 10_000
        + "\nw = 1_" * 1
        + "0\nepochs = "
        + "9" * 4_301
        + "\nassert len(data) == "
        + "9" * 5_000
        + "\n",
    )


@case()
def code_that_would_act(ground: Ground) -> None:
    """Nothing is run or imported, whatever it is called."""
    act = f"import pathlib\npathlib.Path({str(ground.mark)!r}).touch()\n"
    names = ("conftest", "setup", "sitecustomize", "usercustomize", "__init__", "noxfile", "tasks", "yaml", "git", "rich", "libcst", "dataclasses", "tomllib",
             "json", "markdown_it", "pathspec", "jinja2", "packaging", "encodings/evil", "auditor_plugin", "_pytest/__init__", "html", "markdown", "xlsxwriter")  # fmt: skip
    ground.write({f"{name}.py": act for name in names if name not in ("tasks",)})
    ground.write({f"rules/{name}.py": act for name in ("__init__", "m05")})
    ground.write(
        {
            "evil.pth": act,
            "src/kiln/evil.pth": act,
            "pyvenv.cfg": "home = /\n",
            "kiln.egg-info/entry_points.txt": "[auditor.rules]\nevil = setup\n",
            "evil.dist-info/entry_points.txt": "[auditor.rules]\nevil = setup\n",
            "evil.dist-info/METADATA": "Name: evil\nVersion: 1\n",
        }
    )
