"""Holds the outcome of an audit against what is promised of every audit, however hostile the repository."""

from __future__ import annotations

import json
import re

from hostile.driving import Outcome
from hostile.ground import SECRET
from hostile.registry import Case
from hostile.shown import Page, console_faults, markdown_faults, page_faults, raw_faults

MEMORY = 1 << 30


def faults(case: Case, outcome: Outcome, honest: Outcome, model: Page) -> list[str]:
    """What is wrong, a line each; `honest` is the outcome for the sample without the hostile thing, in the same form."""
    found = [f"recorded: {event}" for event in outcome.events]
    if outcome.left_over:
        found.append(f"{outcome.left_over} processes were left running")
    if outcome.seconds > case.seconds * outcome.pace:
        slower = f", on a machine {outcome.pace:.1f} times slower than usual" if outcome.pace > 1 else ""
        found.append(f"took {outcome.seconds:.1f} seconds, more than {case.seconds}{slower}")
    if outcome.memory > MEMORY:
        found.append(f"took {outcome.memory >> 20} MiB")
    if outcome.status == "refused" and case.refused:
        return found + message_faults(outcome.message)
    if outcome.status != "done":
        return [*found, f"{outcome.status}: {outcome.message}"]
    if case.must_refuse:
        found.append("was audited, and had to be refused")
    else:
        found += [f"could not be judged: {claim}: {error}" for claim, error in outcome.errors.items()]
        found += verdict_faults(case, outcome, honest)
    found += [
        f"no line under `not read` says {note!r}: {outcome.problems[:6]}"
        for note in case.notes
        if not any(note in f"{path}: {text}" for path, text in outcome.problems)
    ]
    if not outcome.round_trips:
        found.append("json: is not what the result is")
    outputs = outcome.outputs
    web = web_page(outputs["json"])
    for name, text in outputs.items():
        if name.startswith("console"):
            found += console_faults(text)
        elif name.startswith("markdown"):
            found += markdown_faults(text, web)
        elif name == "html":
            found += page_faults(text, model, web)
    found += [f"no output shows {text!r}" for text in case.shown if not any(text in one for one in outputs.values())]
    return found + raw_faults(outputs, (SECRET, *case.hidden))


def web_page(text: str) -> str:
    """The repository's page on its hosting site, which outputs may link to; empty where that is no plain address."""
    address = json.loads(text)["repository"]["web"] or ""
    return address if re.fullmatch(r"https://[\w.-]+(/[\w.-]+)+", address) else ""


def verdict_faults(case: Case, outcome: Outcome, honest: Outcome) -> list[str]:
    """Claims that are judged otherwise than for the honest group."""
    return [
        f"{claim}: {outcome.verdicts.get(claim)} instead of {wanted}"
        for claim, wanted in honest.verdicts.items()
        if outcome.verdicts.get(claim) != wanted and claim not in case.changes
    ]


def message_faults(message: str) -> list[str]:
    """What is wrong with the one line that says why there is no result."""
    if not message.strip() or len(message) > 1_000:
        return [f"refused with {len(message)} characters"]
    return ["refused with a secret"] if SECRET in message else []
