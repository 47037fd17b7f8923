"""What a group, or the course, sets for its audits: `auditor.toml`, or `[tool.auditor]` in `pyproject.toml`.

    select = ["M17", "M18.pre_commit"]      # only these claims and modules
    folders = ["backend", "reports"]        # the folders that hold the project
    report = "docs/report.md"               # where the report stands, or ["README.md", "docs/answers.md"]
    zone = "Europe/Copenhagen"              # of a deadline that names none

    [ignore]                                # claims and modules to leave out, each with the reason
    "M30.distributed" = "we train on one machine"

A group's settings steer its own checks. A teaching assistant's audit does not follow them, but tells that they are there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

from auditor.course.catalog import Catalog
from auditor.course.selection import CHECKS, HAND_IN
from auditor.course.zones import time_zone
from auditor.errors import AuditError
from auditor.evidence import Place
from auditor.formats.toml_lines import TomlPath, parse_toml, toml_lines
from auditor.records import replace
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot
from auditor.result.audit import SetAside, Settings

OWN_FILE = "auditor.toml"
SHARED_FILE = "pyproject.toml"
TABLE = ("tool", "auditor")
KEYS = frozenset({"select", "ignore", "folders", "report", "zone"})
OTHERS_KEYS = frozenset({"decision", "decisions", "learn"})
"""What stands in an `auditor.toml` besides: decisions on a class, and how points are given for it."""
LONGEST = 300
"""Characters of a reason or a path; a longer one is cut or refused."""
MOST = 200
"""Entries of one list that are read."""
BYTES = 1_000_000
"""A longer file of the user's is none that anybody wrote."""


def read_settings(snapshot: Snapshot, catalog: Catalog, checks: Collection[str], *, applied: bool) -> Settings | None:
    """The settings in the audited folder, `auditor.toml` before `pyproject.toml`; None where there are none.

    `checks` are the names of the hand-in checks that there are; `applied` says whether the audit follows them. What is wrong in them becomes a line in `problems`, never an error.
    """
    here = f"{snapshot.focus}/" if snapshot.focus else ""
    for path, table in ((here + OWN_FILE, ()), (here + SHARED_FILE, TABLE)):
        text = snapshot.text(path) if path in snapshot else None
        if text is None or (table and "auditor" not in text):
            continue
        found = settings_in(text, path, table, catalog, checks, applied=applied)
        if found is not None:
            return with_places(found, snapshot)
    return None


def with_places(settings: Settings, snapshot: Snapshot) -> Settings:
    """The settings without folders and a report that are not there, which become lines in `problems`."""
    folders = tuple(folder for folder in settings.folders if snapshot.exists(folder))
    reports = tuple(path for path in settings.reports if path in snapshot)
    gone = [folder for folder in settings.folders if folder not in folders]
    said = [f"folders: there is no folder {folder}" for folder in gone]
    said += [f"report: there is no file {path}" for path in settings.reports if path not in reports]
    problems = [Place(settings.path, settings.line, f"settings: {text}") for text in said]
    return replace(
        settings,
        folders=folders,
        report=next(iter(reports), None),
        reports=reports,
        problems=(*settings.problems, *problems),
    )


def load_settings(file: Path, catalog: Catalog, checks: Collection[str] = ()) -> Settings:
    """The settings in a file of the user's own. Raises AuditError where it cannot be read, holds none, or is wrong."""
    try:
        with file.open("rb") as stream:
            data = stream.read(BYTES)
    except OSError as error:
        raise AuditError(f"--settings {file}: cannot be read: {error.strerror or error}") from None
    text = data.decode("utf-8-sig", "replace")
    table = TABLE if file.name == SHARED_FILE else ()
    found = settings_in(text, file.name, table, catalog, checks, applied=True)
    if found is None:
        raise AuditError(f"--settings {file}: holds none of {', '.join(sorted(KEYS))}")
    if found.problems:
        first = found.problems[0]
        raise AuditError(f"--settings {file}: line {first.line or 1}: {first.text}")
    return found


def settings_in(
    text: str, path: str, table: TomlPath, catalog: Catalog, checks: Collection[str] = (), *, applied: bool
) -> Settings | None:
    """The settings under `table` of the TOML document `text`; None where it holds none."""
    try:
        values: Any = parse_toml(text)
    except ValueError as error:
        if table:
            return None  # a broken pyproject.toml is told where its dependencies are read
        return Settings(path, None, applied, problems=(Place(path, None, f"settings not read: {error}"),))
    if not table and isinstance(values.get(TABLE[0]), Mapping) and TABLE[1] in values[TABLE[0]]:
        table = TABLE  # copied from a pyproject.toml
    for key in table:
        values = values.get(key) if isinstance(values, Mapping) else None
    if not isinstance(values, Mapping) or not values.keys() - OTHERS_KEYS:
        return None
    reader = SettingsReader(values, path, table, toml_lines(text), catalog, checks)
    reports = reader.reports()
    return Settings(
        path=path,
        line=reader.first_line(),
        applied=applied,
        select=tuple(reader.names("select")),
        ignored=tuple(reader.ignored()),
        folders=tuple(reader.folders()),
        report=next(iter(reports), None),
        reports=reports,
        zone=reader.zone(),
        problems=(*reader.unknown(), *reader.problems),
    )


class SettingsReader:
    """Reads one table of settings, value by value; what is wrong is kept in `problems`, with its line."""

    def __init__(
        self,
        values: Mapping[str, Any],
        path: str,
        table: TomlPath,
        lines: Mapping[TomlPath, int],
        catalog: Catalog,
        checks: Collection[str],
    ) -> None:
        self.values = values
        self.path = path
        self.table = table
        self.lines = lines
        claims = (name for claim in catalog.claims for name in (claim.id, claim.module))
        self.known = {name.lower() for name in (*claims, *checks, CHECKS, HAND_IN)}
        self.problems: list[Place] = []

    def line(self, *keys: str | int) -> int | None:
        """Where a value stands, or the nearest thing around it."""
        for length in range(len(keys), -1, -1):
            found = self.lines.get((*self.table, *keys[:length]))
            if found is not None:
                return found
        return None

    def first_line(self) -> int | None:
        """Where the settings begin."""
        found = [line for key in self.values.keys() & KEYS if (line := self.line(key)) is not None]
        return self.lines.get(self.table) or min(found, default=None)

    def problem(self, message: str, *keys: str | int) -> None:
        """Keep what is wrong with the value at `keys`."""
        self.problems.append(Place(self.path, self.line(*keys), f"settings: {message}"))

    def texts(self, key: str) -> Iterator[tuple[int, str]]:
        """The texts of a list, with their positions."""
        given = self.values.get(key, [])
        if not isinstance(given, list):
            self.problem(f"{key} must be a list", key)
            return
        for position, text in enumerate(given[:MOST]):
            if isinstance(text, str) and 0 < len(text.strip()) <= LONGEST:
                yield position, text.strip()
            else:
                self.problem(f"{key} must be a list of names", key, position)

    def is_known(self, name: str) -> bool:
        """Whether a name is that of a claim, a module or a hand-in check."""
        return name.lower() in self.known

    def names(self, key: str) -> Iterator[str]:
        """The claims and modules that a list names."""
        for position, name in self.texts(key):
            if self.is_known(name):
                yield name
            else:
                self.problem(f"{key}: {name} is no claim or module", key, position)

    def ignored(self) -> Iterator[SetAside]:
        """What is left out, each with its reason; without one it is not left out."""
        given = self.values.get("ignore", {})
        if not isinstance(given, Mapping):
            self.problem('ignore must give a reason for each claim: "M30.distributed" = "one machine"', "ignore")
            return
        for name, reason in list(given.items())[:MOST]:
            if not self.is_known(name):
                self.problem(f"ignore: {name} is no claim or module", "ignore", name)
            elif isinstance(reason, Mapping):
                self.problem(
                    f'ignore: put quotes around the claim\'s name, as in "{name}.{next(iter(reason), "x")}" = ...',
                    "ignore",
                    name,
                )
            elif not isinstance(reason, str) or not reason.strip():
                self.problem(f"ignore: {name} needs a reason", "ignore", name)
            else:
                yield SetAside(name, " ".join(reason.split())[:LONGEST], self.line("ignore", name))

    def folders(self) -> Iterator[str]:
        """The folders that hold the project, within the repository."""
        for position, text in self.texts("folders"):
            folder = normalise(text)
            if text.startswith(("/", "~")) or folder.startswith("..") or not folder:
                self.problem(f"folders: {text} is no folder within the repository", "folders", position)
            else:
                yield folder

    def reports(self) -> tuple[str, ...]:
        """The files in which the report stands, within the repository: one, or a list of them."""
        given = self.values.get("report", [])
        paths = given if isinstance(given, list) else [given]
        for path in paths:
            if not isinstance(path, str) or not 0 < len(path) <= LONGEST or normalise(path).startswith(".."):
                self.problem("report must be the path of a file, or a list of such paths", "report")
                return ()
        return tuple(dict.fromkeys(normalise(path) for path in paths[:MOST]))

    def zone(self) -> str:
        """The time zone of a deadline that names none; empty where it is not set."""
        given = self.values.get("zone", "")
        if given == "" or (isinstance(given, str) and time_zone(given) is not None):
            return str(given)
        self.problem("zone must be a time zone such as Europe/Copenhagen", "zone")
        return ""

    def unknown(self) -> Iterator[Place]:
        """Keys that mean nothing here."""
        for key in list(self.values)[:MOST]:
            if key not in KEYS and (self.table or key not in OTHERS_KEYS):
                yield Place(
                    self.path, self.line(key), f"settings: {key[:60]} is not known (known: {', '.join(sorted(KEYS))})"
                )


def zone_of(settings: Settings | None, catalog: Catalog) -> tzinfo | None:
    """The zone of a time that names none: as who audits has set it, or the course's."""
    return time_zone((settings.zone if settings else "") or catalog.zone)


def reason_for(settings: Settings | None, claim_id: str, module: str) -> str | None:
    """Why the settings leave a claim out; None where they do not."""
    for one in settings.ignored if settings else ():
        if one.name.lower() in (claim_id.lower(), module.lower()):
            return one.reason
    return None
