"""Commands by which the project's data comes in, from a store or from the web."""

from __future__ import annotations

from itertools import pairwise

from auditor.evidence import Place
from auditor.facts.project_commands import Commands
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.records import Record

FETCHES = (
    "kaggle datasets",
    "kaggle competitions",
    "wget",
    "curl",
    "dvc pull",
    "gdown",
    "gsutil cp",
    "gcloud storage cp",
)
"""Commands that bring data in."""

SENDING = ("--data", "--form", "--json", "--upload-file", "--post-data", "--post-file", "--body-data", "--body-file")
"""Long options of curl and wget that send. Source: their manual pages."""

SENDING_LETTERS = ("-d", "-F", "-T")
"""Short options of curl that send, with or without their value in the same word. Source: curl's manual page."""

METHOD = ("-X", "--request", "--method")
OWN_MACHINE = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")  # noqa: S104 - read, not bound to


class DataFetches(Record):
    """Where the commands stand, in project commands, documents and containers."""

    commands: tuple[Place, ...] = ()


@fact
def data_fetches(commands: Commands) -> DataFetches:
    """The commands that bring data in; a request to a service (one that sends, or to the own machine) is none."""
    found = [use.evidence for use in commands.running(*FETCHES) if not is_request(use.command)]
    return DataFetches(tuple(found))


def is_request(command: Command) -> bool:
    """Whether curl or wget talks to a service: it sends something, or addresses the own machine."""
    call = command.call_of("curl") or command.call_of("wget")
    if call is None:
        return False
    return any(
        word.partition("=")[0].startswith(SENDING)
        or (call[0] == "curl" and word.startswith(SENDING_LETTERS))
        or other_method(word, following)
        or word.partition("://")[2].startswith(OWN_MACHINE)
        or word.startswith(OWN_MACHINE)
        for word, following in pairwise((*call[1:], ""))
    )


def other_method(word: str, following: str) -> bool:
    """Whether an option names a method other than GET: `-X POST`, `-XPOST`, `--request=PUT`."""
    if word in METHOD:
        return following.upper() != "GET"
    if word.startswith(("--request=", "--method=")):
        return word.partition("=")[2].upper() != "GET"
    return word.startswith("-X") and word[2:].upper() != "GET"
