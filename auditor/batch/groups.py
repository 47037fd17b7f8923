"""The groups of a class: from the course's CSV, any CSV with a column of repositories, a list of addresses, or a folder."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from auditor.errors import AuditError
from auditor.evidence import shorten
from auditor.patterns import pattern
from auditor.records import Record, replace
from auditor.repository.git_directory import find_repository

MOST_BYTES = 5_000_000
MOST_GROUPS = 5_000
NAME_LENGTH = 80
REPOSITORY = pattern(r"^(git(hub|lab)?[\s_-]?)?(repo(sitory)?)?[\s_-]?(url|link|address)?$", re.IGNORECASE)
"""`repository`, `repo`, `url`, `repo_url`, `GitHub link`, ... as the heading of a column."""
GROUP = pattern(r"^(group|team)?[\s_-]?(number|num|nr|no|id|name)?\.?$", re.IGNORECASE)
MEMBER = pattern(r"^(students?|members?|names?)[\s_-]?\d*$", re.IGNORECASE)
COURSE_COLUMNS = 7
"""The course's own `group_info.csv`: group number, five students, the repository's address."""


class ListedGroup(Record):
    """One group as it was given: its name (mostly a number), its members, its repository's address or path."""

    name: str
    members: tuple[str, ...]
    repository: str


def read_groups(source: Path) -> list[ListedGroup]:
    """The groups that `source` lists, in its order; no two have the same name. Raises AuditError."""
    source = source.expanduser()
    if source.is_dir():
        groups = list(from_folder(source))
        if not groups:
            raise AuditError(
                f"{source}: holds no repositories; give a folder of checkouts, a CSV, or a list of addresses"
            )
    else:
        text = read_text(source)
        table = source.suffix.lower() in (".csv", ".tsv") or is_table(text)
        groups = list(from_table(source, text) if table else from_list(text))
        if not groups:
            raise AuditError(f"{source}: lists no group")
    if len(groups) > MOST_GROUPS:
        raise AuditError(f"{source}: lists {len(groups):,} groups, more than {MOST_GROUPS:,}")
    return list(distinct(groups))


def read_text(source: Path) -> str:
    """The file's text, UTF-8 or Windows-1252 (Excel). Raises AuditError."""
    try:
        if source.stat().st_size > MOST_BYTES:
            raise AuditError(f"{source}: larger than {MOST_BYTES:,} bytes: not a list of groups")
        data = source.read_bytes()
    except OSError as error:
        raise AuditError(f"{source}: cannot be read: {error.strerror or error}") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def is_table(text: str) -> bool:
    """Whether a text without a telling name has columns: its first line does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return any(mark in first for mark in ",;\t") and "://" not in first


def from_table(source: Path, text: str) -> Iterator[ListedGroup]:
    """Groups of a CSV with a heading. Raises AuditError where no column holds repositories."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise AuditError(f"{source}: not a CSV file that can be read: {error}") from None
    if not rows:
        return
    head = [cell.strip() for cell in rows[0]]
    repository = first_like(REPOSITORY, head)
    group = first_like(GROUP, head)
    members = [n for n, name in enumerate(head) if MEMBER.match(name) and n not in (repository, group)]
    if repository is None and len(head) == COURSE_COLUMNS:
        group, members, repository = 0, list(range(1, 6)), 6
    if repository is None:
        raise AuditError(
            f"{source}: no column of repositories; name one `repository`, `repo` or `url` (the columns are: {', '.join(head)})"
        )
    for row in rows[1:]:
        cells = [*(cell.strip() for cell in row), *[""] * len(head)]
        name = cells[group] if group is not None else ""
        yield ListedGroup(
            shorten(name or name_of(cells[repository]), NAME_LENGTH),
            tuple(shorten(cells[n], NAME_LENGTH) for n in members if cells[n]),
            cells[repository],
        )


def first_like(pattern: re.Pattern[str], head: Sequence[str]) -> int | None:
    """Number of the first heading that matches; empty headings do not."""
    return next((number for number, name in enumerate(head) if name and pattern.match(name)), None)


def from_list(text: str) -> Iterator[ListedGroup]:
    """One address or path a line; `#` begins a comment."""
    for line in text.splitlines():
        address = re.sub(r"(^|\s)#.*", "", line).strip()
        if address:
            yield ListedGroup(name_of(address), (), address)


def from_folder(folder: Path) -> Iterator[ListedGroup]:
    """The folders within, each a checkout, a bare repository, a folder that holds one, or an unpacked archive.

    Raises AuditError where the folder is a repository itself.
    """
    if is_repository(folder):
        raise AuditError(f"{folder}: is a repository itself; `auditor audit {folder}` audits it")
    try:
        inner = sorted((path for path in folder.iterdir() if is_group_folder(path)), key=natural)
    except OSError as error:
        raise AuditError(f"{folder}: cannot be read: {error.strerror or error}") from None
    for path in inner:
        within = [] if is_repository(path) else sorted((p for p in path.iterdir() if is_repository(p)), key=natural)
        if not within:
            yield ListedGroup(shorten(path.name.removesuffix(".git"), NAME_LENGTH), (), str(path.absolute()))
        for repository in within:
            name = path.name if len(within) == 1 else f"{path.name} {repository.name}"
            yield ListedGroup(shorten(name, NAME_LENGTH), (), str(repository.absolute()))


def is_group_folder(path: Path) -> bool:
    """Whether a folder may be a group's: no link, not hidden, not empty."""
    try:
        return path.is_dir() and not path.is_symlink() and not path.name.startswith(".") and any(path.iterdir())
    except OSError:
        return False


def is_repository(path: Path) -> bool:
    """Whether `path` itself is a work tree or a bare repository."""
    try:
        place = find_repository(path) if path.is_dir() else None
    except OSError:
        return False
    return place is not None and path in (place.work_tree, place.git_dir)


def natural(path: Path) -> list[tuple[int, str]]:
    """A key by which `group10` comes after `group9`."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d{1,18})", path.name.lower())]


def name_of(repository: str) -> str:
    """A name from an address: its last two parts."""
    parts = [part for part in re.split(r"[/:\\]", repository.strip().strip("/")) if part]
    return shorten("/".join(parts[-2:]).removesuffix(".git") or "without a repository", NAME_LENGTH)


def distinct(groups: Iterable[ListedGroup]) -> Iterator[ListedGroup]:
    """The groups, those of a name that was there before with a number behind it."""
    seen: set[str] = set()
    for group in groups:
        name, number = group.name, 2
        while name.casefold() in seen:
            name, number = f"{group.name} ({number})", number + 1
        seen.add(name.casefold())
        yield replace(group, name=name)


def chosen(groups: Sequence[ListedGroup], only: Sequence[str], skip: Sequence[str]) -> list[ListedGroup]:
    """The groups whose name is in `only` (all where it is empty) and not in `skip`. Raises AuditError for an unknown name."""
    known = {group.name.casefold() for group in groups}
    for name in (*only, *skip):
        if name.casefold() not in known:
            raise AuditError(
                f"{name}: no group of that name; there are {', '.join(g.name for g in groups[:12])}"
                + (", ..." if len(groups) > 12 else "")
            )
    wanted = {name.casefold() for name in only} or known
    unwanted = {name.casefold() for name in skip}
    return [group for group in groups if group.name.casefold() in wanted - unwanted]
