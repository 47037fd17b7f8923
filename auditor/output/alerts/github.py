"""The result as workflow commands of GitHub Actions: annotations at the lines of the report and of the files.

The form is that of "Workflow commands for GitHub Actions" (GitHub's documentation), `::warning file=...,line=...,title=...::message`.
A line of output is one command, and only the first `::` pair of a line means anything: line breaks are escaped, so that no text
of a stranger begins a line. (An older form, `##[command]`, counts anywhere in a line that is no command of the first form; every line
written here is one, and the older form's opening is broken all the same.)
"""

from __future__ import annotations

from auditor.evidence import Place
from auditor.output.alerts.alerts import Alert, Level, alerts, sentence
from auditor.output.words.wording import counted, one_line, settings_lists, visible
from auditor.result.audit import AuditResult

SHOWN = 10
"""Annotations of a kind that GitHub shows of a step ("Workflow commands", "Annotation limits"): it drops the others silently."""

TITLE_LENGTH = 200
"""Longest title, in characters. A check's annotation may have 255 (REST API, "Checks", "Update a check run", `title`)."""

MESSAGE_LENGTH = 2000
"""Longest message, in characters, so that none has over 4,096 UTF-16 units, at which the runner cuts it."""

COMMANDS = {Level.WARNING: "warning", Level.NOTE: "notice"}

LEGACY = "##["


def to_github(result: AuditResult) -> bytes:
    """Workflow commands as UTF-8, a line each: at most ten warnings and ten notices, the last of which counts the rest."""
    found = alerts(result)
    shown_warnings = [alert for alert in found if alert.level is Level.WARNING]
    shown_notes = [alert for alert in found if alert.level is Level.NOTE]
    tail = closing(result)
    room = SHOWN - len(tail)
    if len(shown_warnings) > SHOWN or len(shown_notes) > room:
        more = (max(0, len(shown_warnings) - SHOWN), max(0, len(shown_notes) - (room - 1)))
        room -= 1
        tail.append(("auditor", None, more_sentence(more)))
    lines = [annotation(alert) for alert in (*shown_warnings[:SHOWN], *shown_notes[:room])]
    lines += [command("notice", place, title, message) for title, place, message in tail]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def closing(result: AuditResult) -> list[tuple[str, Place | None, str]]:
    """Notices on the audit itself, as title, place and message: no report, what was left out, what could not be judged."""
    found: list[tuple[str, Place | None, str]] = []
    if result.report.path is None:
        found.append(("auditor", None, "No report with a checklist was found: nothing is taken as ticked."))
    for heading, places in settings_lists(result):
        if places:
            found.append((heading, places[0], "\n".join(sentence(place.text) for place in places)))
    unread = [
        counted(result.summary.errors, "claim could not be judged", "claims could not be judged"),
        counted(len(result.repository.problems), "thing was not read", "things were not read"),
    ]
    told = [text for text in unread if not text.startswith("0 ")]
    if told:
        found.append(("auditor", None, f"{' and '.join(told)}; the result in JSON lists them."))
    return found


def more_sentence(more: tuple[int, int]) -> str:
    """How many warnings and notices are not among the annotations."""
    warnings, notices = more
    parts = [counted(warnings, "more warning", "more warnings")] if warnings else []
    parts += [counted(notices, "more notice", "more notices")] if notices else []
    return f"{' and '.join(parts)}: GitHub shows {SHOWN} of a kind. The job's summary has them all."


def annotation(alert: Alert) -> str:
    """One alert as a command: its sentences in one paragraph, and a line for each way to settle it."""
    message = "\n".join((" ".join(alert.sentences), *(f"- {way}" for way in alert.ways)))
    return command(COMMANDS[alert.level], alert.place, f"{alert.rule} {alert.title}", message)


def command(name: str, place: Place | None, title: str, message: str) -> str:
    """A workflow command, without a line break at its end. Whatever the texts hold, it stays this one command."""
    properties = []
    if place is not None and place.path:
        # The runner drops what is equal to the sign between name and value at the value's start.
        path = f"./{place.path}" if place.path.startswith("=") else place.path
        properties.append(f"file={property_value(visible(path))}")
        if place.line is not None:
            properties.append(f"line={max(1, place.line)}")
    properties.append(f"title={property_value(cut(one_line(title), TITLE_LENGTH))}")
    return f"::{name} {','.join(properties)}::{data(cut(visible(message), MESSAGE_LENGTH))}"


def cut(text: str, length: int) -> str:
    """`text`, at most `length` characters long."""
    return text if len(text) <= length else text[: length - 1] + "…"


def data(text: str) -> str:
    """A command's message, escaped as the runner reads it back ("Workflow commands", "About workflow commands")."""
    text = text.replace(LEGACY, "## [")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def property_value(text: str) -> str:
    """The value of a command's property, escaped as the runner reads it back."""
    return data(text).replace(":", "%3A").replace(",", "%2C")
