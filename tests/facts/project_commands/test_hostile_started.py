"""Code that hands commands around in circles, or in all ways at once, costs little."""

from __future__ import annotations

import time

import pytest
from support.trees import Trees

from auditor.facts.project_commands import StartedCommands

CIRCLE = (
    "import os\n"
    + "".join(f"def f{n}(x):\n    f{(n + 1) % 40}(x)\n    os.system(x)\n" for n in range(40))
    + "f0('ls')\n"
)
FAN = (
    "import subprocess\n"
    + "".join(f"def f{n}(a, b, c):\n    f{n + 1}(a, b, c)\n" for n in range(6))
    + "def f6(a, b, c):\n    subprocess.run([a, b, c, *a, *b])\n"
    + "".join(f"f{n % 6}(x{n}, y{n}, 'z')\nx{n} = ['a', y{n}]\ny{n} = x{n}\n" for n in range(200))
)


@pytest.mark.parametrize("code", [CIRCLE, FAN, "import os\n" + "a = a + a\nos.system(a)\n" * 500])
def test_it_ends(tree: Trees, code: str) -> None:
    made = tree({"steps.py": code})
    made.get(StartedCommands)
    started = time.process_time()
    made = tree({"steps.py": code})
    made.get(StartedCommands)
    assert time.process_time() - started < 20
