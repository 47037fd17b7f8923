"""Commands that Python code starts, through variables and own helpers."""

from __future__ import annotations

import pytest
from support.trees import Trees, dedented

from auditor.facts.project_commands import Commands, StartedCommands

FORMS = {
    "a text": ("import os\nos.system('ruff check .')\n", ["ruff check ."]),
    "words": ("import subprocess\nsubprocess.run(['ruff', 'check'])\n", ["ruff check"]),
    "words in a variable": (
        "import subprocess\ncmd = ['ruff', 'check']\nsubprocess.run(cmd, check=True)\n",
        ["ruff check"],
    ),
    "a text in a variable": (
        "import subprocess\nPLACE = 'kilns'\nline = f'gcloud run deploy {PLACE}'\nsubprocess.run(line, shell=True)\n",
        ["gcloud run deploy {}"],
    ),
    "split by the shell's rules": (
        "import shlex, subprocess\nline = 'docker build .'\nsubprocess.run(shlex.split(line))\n",
        ["docker build ."],
    ),
    "split at blanks": (
        "import subprocess\nline = 'docker build .'\nsubprocess.run(line.split())\n",
        ["docker build ."],
    ),
    "lists added": (
        "import subprocess\nBASE = ['docker', 'build']\nsubprocess.run(BASE + ['-t', name, '.'])\n",
        ["docker build -t {} ."],
    ),
    "this Python": (
        "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'kiln.fit'])\n",
        ["python -m kiln.fit"],
    ),
    "an own helper": (
        "import subprocess\ndef call(argv, what):\n    subprocess.run(argv, check=True)\n"
        "call(['docker', 'build', '.'], 'image')\ncall(['ruff', 'check'], what='style')\n",
        ["docker build .", "ruff check"],
    ),
    "a helper's helper": (
        "import subprocess\ndef inner(x):\n    subprocess.run(x, shell=True)\ndef outer(line):\n    inner(line)\n"
        "outer('dvc pull')\n",
        ["dvc pull"],
    ),
    "a helper that puts a program before": (
        "import subprocess\ndef docker(*words):\n    pass\ndef gcloud(words):\n    subprocess.run(['gcloud', *words])\n"
        "gcloud(['builds', 'submit', '.'])\n",
        ["gcloud builds submit ."],
    ),
    "a helper that fills a text": (
        "import os\ndef git(what):\n    os.system(f'git {what}')\ngit('push origin main')\n",
        ["git push origin main"],
    ),
    "a method": (
        "import subprocess\nclass Shell:\n    def run(self, line):\n        subprocess.check_call(line, shell=True)\n"
        "Shell().run('dvc push')\n",
        ["dvc push"],
    ),
    "a program that is waited for": (
        "import asyncio\nasync def main():\n    await asyncio.create_subprocess_exec('dvc', 'repro')\nasyncio.run(main())\n",
        ["dvc repro"],
    ),
    "a default": (
        "import subprocess\ndef build(line='docker build .'):\n    subprocess.run(line, shell=True)\nbuild()\n",
        ["docker build ."],
    ),
    "only printed": ("def show(line):\n    print(line)\nshow('docker build .')\n", []),
    "nothing known": ("import subprocess, sys\nsubprocess.run(sys.argv[1:])\n", []),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_code_starts(tree: Trees, form: str) -> None:
    code, expected = FORMS[form]
    found = tree({"scripts/steps.py": code}).get(StartedCommands).all
    assert [" ".join(one.command.words) for one in found] == expected


def test_a_task_hands_its_command_to_a_helper(tree: Trees) -> None:
    files = {
        "tasks.py": """
            from invoke import Context, task

            IMAGE = "docker/web.dockerfile"

            def sh(c, line):
                c.run(line, echo=True)

            @task
            def image(ctx: Context) -> None:
                sh(ctx, f"docker build -f {IMAGE} .")

            @task
            def never(ctx):
                print("docker build .")
            """
    }
    found = {one.name: [c.words for c in one.commands] for one in tree(dedented(files)).get(Commands).project}
    assert found["image"] == [("docker", "build", "-f", "docker/web.dockerfile", ".")]
    assert found["never"] == []


def test_a_function_that_nothing_calls_starts_nothing(tree: Trees) -> None:
    made = tree({"steps.py": "import os\ndef later():\n    os.system('dvc pull')\n"})
    assert [one.live for one in made.get(StartedCommands).all] == [False]
    assert not made.get(Commands).running("dvc pull")
