"""Requests to the running application with checks, by tools of the command line instead of test functions.

Sources: the manuals of Hurl, Newman, Schemathesis, Tavern, Bruno, Dredd, Step CI, httpYac and curl.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.evidence import Trace, counts, half, strong_first
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.commands import RunCommand, RunCommands
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.traces import DEAD_COMMAND
from auditor.practices.uses import Uses
from auditor.records import Record

BY_TOOL = "a tool sends the requests, no test function"
BY_CURL = "it is a single request, no test function"
IN_DOCUMENT = "a document tells it, and nothing runs it"
OWN = pattern(r"(localhost|127\.0\.0\.1|0\.0\.0\.0|\.run\.app|\$)")


class ApiRequests(Record):
    """Commands that ask the application and check its answers (`traces`), and those of them that workflows give."""

    traces: tuple[Trace, ...] = ()
    in_workflows: tuple[Trace, ...] = ()


@fact
def read_api_requests(commands: RunCommands, pipelines: Pipelines, uses: Uses) -> ApiRequests:
    """Every such command."""
    tools = uses.names.listed("testing.asks_api", "commands")
    found = [weighed(one) for one in commands.running(*tools)]
    found += [
        half(one.evidence, BY_CURL)
        for one in commands.running("curl")
        if one.origin == "workflow" and one.live and checks(one.command)
    ]
    return ApiRequests(strong_first(found), strong_first(in_workflows(pipelines, tools)))


def weighed(one: RunCommand) -> Trace:
    """A tool's command: half at most, as the item asks for tests."""
    if not one.live:
        return half(one.evidence, DEAD_COMMAND)
    return half(one.evidence, IN_DOCUMENT if one.origin == "docs" else BY_TOOL)


def in_workflows(pipelines: Pipelines, tools: tuple[str, ...]) -> Iterator[Trace]:
    """The same in jobs, by what starts them."""
    for work in pipelines.every:
        for command in work.commands:
            if command.runs(*tools) or (command.runs("curl") and checks(command)):
                yield half(command.evidence, work.why) if work.why else counts(command.evidence)


def checks(command: Command) -> bool:
    """Whether a call of curl asks an own address and fails where the answer is an error."""
    words = command.words
    fails = any(
        word in ("--fail", "--fail-with-body") or (word[:1] == "-" and word[1:2] != "-" and "f" in word)
        for word in words
    )
    return fails and any(OWN.search(word) for word in words)
