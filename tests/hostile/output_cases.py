"""Text that would act where it is shown: in a terminal, on a page, in Markdown, in a spreadsheet; and secrets, which are masked."""

from __future__ import annotations

import random
import string
from itertools import pairwise

from hostile.ground import Ground
from hostile.markdown_cases import REPORT
from hostile.registry import COMMIT, FOLDER, WORK_TREE, case

ALL = (WORK_TREE, COMMIT, FOLDER)

PAYLOADS = (
    "<script>hostile()</script>", "<img src=x onerror=hostile()>", "</script><hostile-element hostile-attribute=1>", "\"><svg onload=hostile()>", "' onmouseover='hostile()",
    "</title></style></textarea></pre></code><iframe src=javascript:hostile()>", "<!--", "]]>", "<a href=javascript:hostile()>x</a>", "&lt;script&gt;&#60;script&#62;", "${7*7}{{7*7}}{%x%}<%= 7 %>",
    "\x1b[31mred\x1b[0m\x1b[2J\x1b]0;title\x07", "\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "\x9b31m\x90x\x9c\x08\x08\x7f", "\u202eevil\u202c\u2066x\u2069\u200b\ufeff\u00ad",
    "[bold red]x[/bold red]", "[link=http://example.org]x[/link]", "[/]", "[[", ":warning:", "=HYPERLINK(\"http://example.org\",\"x\")", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", ";=1+1", "\uff1d1+1",
    "=cmd|' /C calc'!A0", "\",\"x\":\"", "\\\",\\u0000\\", "}\n]}", "\u2028\u2029", "🔥", "| a | b |\n|--|--|", "`code` ``` ~~~", "[x](javascript:hostile()) ![y](http://example.org/z.png)",
    "<http://example.org/hostile> https://example.org/hostile @hostile #1 GH-1", "*a* _b_ ~~c~~ **d**", "# heading\n\n- [x] item\n\n> quote\n\n---\n\n1. one", "$$x$$ $`y`$", "%0d%0aSet-Cookie:x", "../../../etc/passwd",
)  # fmt: skip
"""Each is meant for one form of output, and harmless in the others."""


def every(template: str) -> str:
    """The template once for each payload, `@` replaced by it."""
    return "\n".join(template.replace("@@", payload) for payload in PAYLOADS)


def lines(template: str) -> str:
    """The same where a payload must stay on its line."""
    return "\n".join(template.replace("@@", " ".join(payload.split("\n"))) for payload in PAYLOADS)


@case(*ALL)
def in_notes_of_the_checklist(ground: Ground) -> None:
    """Behind the items, in items that are none, and in the marks."""
    report = (ground.repository / REPORT).read_text(encoding="utf-8").split("\n")
    payloads = [
        " ".join(payload.split()) for payload in PAYLOADS if payload != "<!--"
    ]  # that hides what follows, rightly
    number = 0
    for index, line in enumerate(report):
        if line.startswith("* [x]") and line.endswith(")"):
            report[index] = f"{line} - {payloads[number % len(payloads)]}"
            number += 1
    at = report.index("### Extra")
    report[at + 1 : at + 1] = [
        "",
        *(f"* [x] {payload} hostile" for payload in payloads),
        *(f"* [{payload[:1]}] {payload}" for payload in payloads),
    ]
    ground.write({REPORT: "\n".join(report)})


@case(*ALL, changes="X.understanding")
def in_answers(ground: Ground) -> None:
    """In sentences that speak of claims, in numbers, in links and pictures that lead to nothing."""
    text = (
        lines(
            "We wrote 7 @@ tests, and the coverage was @@ 55 %. We are 9 @@ members. See [@@](figures/@@.png) ![@@](figures/@@) and `@@`, <@@>."
        )
        + "\n\n"
    )
    text += lines("![x](missing/@@.png)\n\n[x](<missing/@@.md>)\n")
    text += "\n\n### Question 98\n\n" + every("We used @@ with profiling, logging and DVC @@.\n")
    report = (ground.repository / REPORT).read_text(encoding="utf-8")
    ground.write({REPORT: f"{report}\n\n{text}\n"})


@case(*ALL)
def in_the_group_number(ground: Ground) -> None:
    report = (ground.repository / REPORT).read_text(encoding="utf-8")
    ground.write(
        {
            REPORT: report.replace(
                "\n901\n", "\n" + " ".join(" ".join(p.split()) for p in PAYLOADS[:12]) + "\n", 1
            ).replace("s990001, s990002, s990003", "s990001 <b>x</b>, s990002 \x1b[31m, =s990003")
        }
    )


@case(*ALL, changes="M7.style M7.typing_docs M14.logging")
def in_code(ground: Ground) -> None:
    """On lines of code that are evidence, and on those around them, in files that come first by name."""
    text = "import logging\nimport wandb\nimport hydra\nimport typer\nfrom fastapi import FastAPI\n\napp = FastAPI()\nlogger = logging.getLogger(__name__)\n"
    for number, payload in enumerate(PAYLOADS):
        said = (
            payload.replace("\\", "/")
            .replace("'", "`")
            .replace("\n", " ")
            .replace("\r", " ")
            .replace("\x00", " ")
            .replace("\u2028", " ")
            .replace("\u2029", " ")
        )
        text += f"\n\n@app.get('/{number}/{said}')\ndef f{number}(x: int) -> int:\n    '''{said}'''\n    logger.info('{said}')  # {said}\n    wandb.init(project='{said}')\n    return x\n"
    ground.write(
        {
            "src/kiln/aaa.py": text.encode("utf-8", "replace"),
            "tests/test_aaa.py": (
                "from kiln.model import *\n\n\n"
                + "\n".join(
                    f"def test_{n}():\n    # {' '.join(p.split())}\n    assert f(1) == {n}\n"
                    for n, p in enumerate(PAYLOADS)
                )
            ).encode("utf-8", "replace"),
        }
    )
    ground.write(
        {"src/kiln/aab.py": f"import logging\nlogging.info('x')\n# {PAYLOADS[11]}\r\n# {PAYLOADS[0]}\f\n".encode()}
    )


@case(*ALL)
def in_settings(ground: Ground) -> None:
    """Workflows, Dockerfiles, configurations and documents whose names, keys and commands carry it."""

    def yaml(payload: str) -> str:
        return "".join(
            f"\\x{ord(c):02x}"
            if ord(c) < 32 or ord(c) == 127
            else f"\\{c}"
            if c in '"\\'
            else f"\\u{ord(c):04x}"
            if 0x80 <= ord(c) < 0x10000 and not c.isprintable()
            else c
            for c in payload
        )

    steps = "".join(
        f'    - name: "{yaml(p)}"\n      run: "pytest --cov \\"{yaml(yaml(p)[:40])}\\" || true"\n' for p in PAYLOADS
    )
    matrix = ", ".join(f'"{yaml(p)}"' for p in PAYLOADS)
    ground.write(
        {
            ".github/workflows/aaa.yaml": f'name: "{yaml(PAYLOADS[0])}"\non: [push]\njobs:\n  "{yaml(PAYLOADS[1])}":\n    runs-on: x\n    strategy: {{matrix: {{os: [{matrix}]}}}}\n    steps:\n{steps}',
            "configs/aaa.yaml": "".join(f'"{yaml(p)}": "{yaml(p)}"\n' for p in PAYLOADS),
            "dockerfiles/aaa.dockerfile": "FROM python:3.12 AS x\n"
            + lines("RUN pip install @@\nLABEL x=@@\nCOPY @@ /\n")
            + "\nENTRYPOINT @@\n",
            "docs/source/aaa.md": every("# @@\n\n[@@](@@) <@@>\n"),
            "AAA.md": lines("## Architecture @@\n\n![@@](@@.png)\n"),
            "aaa/Makefile": lines("x:\n\tdocker build -t '@@' .\n\tpytest @@"),
            "aaa/cloudbuild.yaml": f'steps:\n- name: "{yaml(PAYLOADS[0])}"\n  args: ["{yaml(PAYLOADS[3])}"]\n',
            "scripts/aaa.sh": lines("gcloud run deploy @@ --image @@\ngsutil cp @@ gs://@@\n"),
        }
    )


@case(WORK_TREE, COMMIT)
def in_the_remote(ground: Ground) -> None:
    """The address of the remote, which becomes the address of the repository's page."""
    for name, url in (
        ("origin", 'javascript://github.com/%0ahostile()/x"><script>'),
        ("upstream", "https://user:s3cret-0f-th3-teaching-assistant@github.com/a/b"),
    ):
        ground.git("remote", "add", name, url)


@case(WORK_TREE, COMMIT)
def password_in_the_remote(ground: Ground) -> None:
    ground.git("remote", "add", "origin", "https://ada:s3cret-0f-th3-teaching-assistant@example.org/kiln/kiln.git")


def drawn(count: int, letters: str = string.ascii_letters + string.digits, seed: int = 7) -> str:
    """Text that looks drawn at random, the same in every run."""
    return "".join(random.Random(seed).choices(letters, k=count))


HEX = "0123456789abcdef"
SECRETS = {
    "github": "ghp_" + drawn(36), "wandb": drawn(40, HEX), "openai": "sk-proj-" + drawn(48), "aws": "AKIA" + drawn(16, string.ascii_uppercase + string.digits), "google": "AIza" + drawn(35),
    "huggingface": "hf_" + drawn(34), "slack": "xoxb-" + drawn(11, string.digits) + "-" + drawn(24), "gitlab": "glpat-" + drawn(20), "password": drawn(20, seed=2),
}  # fmt: skip
SAID = {
    "github": "GITHUB_TOKEN={}", "wandb": "WANDB_API_KEY={}", "openai": "OPENAI_API_KEY = '{}'", "aws": "aws_access_key_id: {}", "google": "key={}", "huggingface": "HF_TOKEN: {}", "slack": "{}",
    "gitlab": "token={}", "password": "https://ada:{}@example.org/kiln.git",
}  # fmt: skip
LINES = tuple(SAID[name].format(secret) for name, secret in SECRETS.items())


@case(*ALL, hidden=tuple(SECRETS.values()))
def secrets_in_the_report(ground: Ground) -> None:
    """In notes to items, in answers that are quoted, in items that are none."""
    report = (ground.repository / REPORT).read_text(encoding="utf-8").split("\n")
    number = 0
    for index, line in enumerate(report):
        if line.startswith("* [x]") and line.endswith(")"):
            report[index] = f"{line} - {LINES[number % len(LINES)]}"
            number += 1
    at = report.index("### Extra")
    report[at + 1 : at + 1] = ["", *(f"* [x] Keys {said} hostile" for said in LINES)]
    report.append("\n" + "\n".join(f"We used {said} for tests, logging and {said}." for said in LINES))
    ground.write({REPORT: "\n".join(report)})


@case(*ALL, hidden=tuple(SECRETS.values()), changes="M7.style M7.typing_docs M14.logging")
def secrets_in_code_and_settings(ground: Ground) -> None:
    """On lines that are evidence, and on lines around them."""
    code = "import logging\nimport wandb\nlogger = logging.getLogger(__name__)\n" + "".join(
        f"\n\ndef f{n}(x: int) -> int:\n    '''Say it.'''\n    # {said}\n    logger.info(\"{said}\")\n    api_key = \"{secret}\"\n    wandb.init(project=\"{said}\")\n    return x\n"
        for n, (said, secret) in enumerate(
            zip((line.replace("'", "") for line in LINES), SECRETS.values(), strict=True)
        )
    )
    steps = "".join(
        f"    - run: pytest && export {said.replace(': ', '=')}\n      env:\n        API_KEY: {secret}\n"
        for said, secret in zip(LINES, SECRETS.values(), strict=True)
    )
    ground.write(
        {
            "src/kiln/aaa.py": code,
            ".github/workflows/aaa.yaml": "on: push\njobs:\n  t:\n    runs-on: x\n    strategy: {matrix: {os: [a, b]}}\n    steps:\n    - uses: actions/setup-python@v5\n      with: {cache: pip}\n"
            + steps,
            "dockerfiles/aaa.dockerfile": "FROM python:3.12\n"
            + "".join(
                f"ENV API_KEY={secret}\nRUN export {said.replace(' ', '')}\n"
                for said, secret in zip(LINES, SECRETS.values(), strict=True)
            )
            + 'ENTRYPOINT ["python", "-m", "kiln.train"]\n',
            "configs/aaa.yaml": "".join(f"api_key_{n}: {secret}\n" for n, secret in enumerate(SECRETS.values())),
            ".env": "\n".join(LINES) + "\n",
            "scripts/aaa.sh": "".join(
                f"export API_TOKEN={secret}\ngcloud run deploy kiln --set-env-vars {said.replace(' ', '')}\n"
                for said, secret in zip(LINES, SECRETS.values(), strict=True)
            ),
        }
    )


def crowded() -> list[str]:
    """Lines with two and more keys, and with keys that are glued to other text."""
    keys = [secret for name, secret in SECRETS.items() if name not in ("wandb", "password")]
    told = [SAID[name].format(secret) for name, secret in SECRETS.items()]
    signs = (" ", ",", ";", "&", "|", "=", ":", "/", "\\n", "%0A", "")
    found = [f"hidden={key}" for key in keys] + [f"x{key}.x" for key in keys] + [f"{key}{key}" for key in keys]
    found += [f"{one}{sign}{other}" for sign in signs for one, other in pairwise(keys)]
    found += [f"hidden={one}{sign}{one}" for sign in (" ", ", ", ";", "|", "'", '"') for one in told]
    found += [" ".join(keys), ",".join(keys), " ".join(told), " && ".join(told), '"' + '", "'.join(told) + '"']
    return found


@case(*ALL, hidden=tuple(SECRETS.values()), changes="M7.style M7.typing_docs M14.logging")
def several_secrets_on_a_line(ground: Ground) -> None:
    """In the report's notes and answers, in code, settings and scripts, where a line of each is evidence."""
    report = (ground.repository / REPORT).read_text(encoding="utf-8").split("\n")
    lines = crowded()
    number = 0
    for index, line in enumerate(report):
        if line.startswith("* [x]") and line.endswith(")"):
            report[index] = f"{line} - {lines[number * 7 % len(lines)]}"
            number += 1
    report.append("\n" + "\n".join(f"We used {said} for tests, logging and {said}." for said in lines))
    code = [line.replace('"', "'").replace("\\", "/") for line in lines]
    quoted = [line.replace("'", " ") for line in code]
    ground.write(
        {
            REPORT: "\n".join(report),
            "src/kiln/aaa.py": "import logging\nimport wandb\n"
            + "".join(f'logging.info("{said}"), wandb.init(project="{said}")  # {said}\n' for said in code),
            "scripts/aaa.sh": "".join(
                f"export A='{said}' && gcloud run deploy kiln --image='{said}'\n" for said in quoted
            ),
            "configs/aaa.yaml": "".join(f"k{n}: '{said}'\n" for n, said in enumerate(quoted)),
            ".github/workflows/aaa.yaml": "on: push\njobs:\n  t:\n    steps:\n"
            + "".join(f'    - run: "pytest {said}"\n' for said in code),
            "keys.env": "\n".join(lines) + "\n",
        }
    )


@case(WORK_TREE, hidden=(SECRETS["wandb"],), changes="M7.style M7.typing_docs M14.logging")
def secret_given_to_wandb(ground: Ground) -> None:
    """The key as most people give it who give it away: forty hexadecimal digits as the argument `key`."""
    code = "import logging\nimport wandb\n\n\ndef f(x: int) -> int:\n    wandb.login(key='@@')\n    wandb.init(project='kiln')\n    logging.info('x')\n    return x\n"
    ground.write(
        {
            "src/kiln/aaa.py": code.replace("@@", SECRETS["wandb"]),
            "scripts/aaa.sh": f"wandb login {SECRETS['wandb']}\npython -m kiln.train\n",
        }
    )


@case(WORK_TREE, COMMIT, hidden=tuple(SECRETS.values()), changes="M5.git M5.access X.revisit X.understanding")
def secrets_in_messages(ground: Ground) -> None:
    """A key in commits' messages, and in a branch's name."""
    for number, said in enumerate(LINES):
        ground.write({f"notes/{number}.txt": "x"})
        ground.commit(f"Revisit the description {said}\n\nMerge pull request #{number} {said}")
    ground.git("branch", "keys-" + SECRETS["github"])
