"""One file from its text to its record, with whatever may go wrong on the way."""

from __future__ import annotations

import ast
import os
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.facts.python.reading.questions import Answers, Questions
from auditor.facts.python.reading.record import RawFile
from auditor.records import Record

if TYPE_CHECKING:
    from auditor.facts.python.modules import Modules
    from auditor.facts.python.parsing.source import Source

BROKEN_CELLS = 10
"""Cells of one notebook that are left out because they are no Python."""


@dataclass(slots=True)
class Reading:
    """What came of reading a file: its record, and lines for the user about what could not be read of it."""

    record: RawFile
    cost: int = 0
    """What it costs, as `guard.assess` puts it."""
    notes: list[str] = field(default_factory=list)
    answers: Answers = field(default_factory=Answers)
    """What it took from the project's other files."""
    lasting: bool = False
    """Whether the same text gives the same again: not where memory or the depth of the stack had a say."""


class Unread(Record):
    """A file that is to be read."""

    empty: RawFile
    text: str
    source: Source
    cost: int


def given_up(empty: RawFile, message: str) -> Reading:
    """A file that is not read, for this reason."""
    empty.problem = message
    return Reading(empty, notes=[message])


def read_source(unread: Unread, modules: Modules) -> Reading:
    """What a file says; its empty record with a problem where it is no Python 3. Cells that are none are left out."""
    import libcst as cst  # on demand: it takes long to import, and a file that is remembered does not need it

    from auditor.facts.python.reading.reader import read

    empty, source = unread.empty, unread.source
    reading = Reading(empty, unread.cost, lasting=True)
    remaining: Source | None = source
    message = ""
    for _ in range(BROKEN_CELLS):
        if remaining is None:
            break
        questions = Questions(empty.path, modules)
        try:
            reading.record = read(empty.path, empty.module, empty.role, remaining, questions)
        except cst.ParserSyntaxError as error:
            empty.problem_line = line = source.place(fault(remaining.code, error.raw_line))[0]
            message = f"syntax error at line {line}: not read"
            remaining = remaining.without_cell(error.raw_line)
            reading.notes.append(message if remaining is None else f"syntax error at line {line}: cell not read")
        except RecursionError:
            message, empty.problem_line = "not read: too deeply nested", None
            reading.notes.append(message)
            reading.lasting = False
            break
        except Exception as error:  # one file must not cost the others, whatever the parser makes of it
            message, empty.problem_line = f"not read: {type(error).__name__}: {str(error)[:100]}", None
            reading.notes.append(message)
            reading.lasting = False
            break
        else:
            reading.answers = questions.answers()
            return reading
    empty.problem = message
    return reading


def fault(code: str, otherwise: int) -> int:
    """The line at which Python itself says that `code` is at fault, as whoever mends it sees it; `otherwise` where it takes the code.

    libcst names the line at which it gave up: for a bracket that is never closed, some line below it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code, os.devnull)  # Python opens the file of this name to quote the line at fault
    except SyntaxError as error:
        return min(error.lineno, code.count("\n") + 1) if error.lineno else otherwise
    except (ValueError, RecursionError, MemoryError):
        return otherwise
    return otherwise
