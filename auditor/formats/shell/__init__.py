"""Shell text as the commands it runs: workflow steps, Makefile recipes, scripts, Dockerfile RUN, Markdown blocks.

for command in parse_commands("uv run coverage run -m pytest tests/", path="tasks.sh"):
    command.programs      # ("uv", "coverage", "pytest")
    command.runs("pytest")
"""

from auditor.formats.shell.commands import Command, parse_commands
from auditor.formats.shell.wrappers import Call

__all__ = ["Call", "Command", "parse_commands"]
