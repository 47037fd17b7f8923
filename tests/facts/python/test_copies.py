from __future__ import annotations

from support.trees import Trees

from auditor.facts.python import PythonProject


def test_a_file_with_somebody_elses_notice(tree: Trees) -> None:
    notice = "# Copyright (c) 2021 Furnace Labs, Inc. All rights reserved.\n"
    found = tree(
        {
            "LICENSE": "MIT License\n\nCopyright (c) 2026 Ada Lind\n",
            "src/kiln/fit.py": "from kiln.blocks.attention import attend\nattend()\n",
            "src/kiln/blocks/attention.py": notice + "def attend(): ...\n",
            "src/kiln/blocks/unused.py": notice + "import wandb\nwandb.init()\n",
            "src/kiln/blocks/run.py": notice + "print(1)\n",
            "src/kiln/ours.py": "# Copyright 2026 Ada Lind\nx = 1\n",
            "src/kiln/group.py": '"""Kiln.\n\n(c) 2026 Group 7, DTU\n"""\nx = 1\n',
            "README.md": "Run `python src/kiln/blocks/run.py`.\n",
        }
    ).get(PythonProject)
    assert {file.path.rpartition("/")[2]: (file.role.value, file.copied) for file in found.files} == {
        "attention.py": ("own", True),
        "fit.py": ("own", False),
        "group.py": ("own", False),
        "ours.py": ("own", False),
        "run.py": ("own", True),
        "unused.py": ("vendored", False),
    }
    assert not found.calls("wandb.init")
