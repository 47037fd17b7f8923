"""The groups of a class: from the course's CSV, any CSV with a column of repositories, a list of addresses, or a folder."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from auditor.errors import AuditError
from auditor.evidence import shorten
from auditor.patterns import pattern
from auditor.records import Record, replace
from auditor.repository.git_directory import find_repository
from auditor.review.decisions import group_key

MOST_BYTES = 5_000_000
MOST_GROUPS = 5_000
NAME_LENGTH = 80
REPOSITORY = pattern(
    r"^(git(hub|lab)?[\s_-]?)?(repo(sitory|sitorium)?)?[\s_-]?(url|link|address|adresse)?$", re.IGNORECASE
)
"""`repository`, `repo`, `url`, `repo_url`, `GitHub link`, ... as the heading of a column."""
GROUP = pattern(r"^(group|team|gruppe)[\s_-]*(number|num|nummer|nr|nb|no|id|name|navn|#)?\.?$", re.IGNORECASE)
"""`group`, `group_nb`, `Group #`, `Gruppe`, ..."""
NUMBER = pattern(r"^(number|num|nummer|nr|nb|no|id|name|navn|#)\.?$", re.IGNORECASE)
"""What may name the group where no heading says so in full."""
MEMBER = pattern(r"^(students?|members?|names?|studerende|medlem(mer)?|navne?)[\s_-]*#?\d*$", re.IGNORECASE)
SEVERAL = pattern(r"\s*[;\n]\s*")
"""Between the members of one cell."""
NO_LINK = pattern(r"^(no (link|repo(sitory)?|url) found|not found|none|null|nan|n/?a|-+)$", re.IGNORECASE)
"""What the course's tools, and people, write where a group gave no repository."""
ADDRESS = pattern(r"([a-z][a-z0-9+.-]*://|git@)\S+", re.IGNORECASE)
GAVE_NONE = pattern(r"^no (link|repo(sitory)?|url) found$", re.IGNORECASE)
"""Of those what is no heading."""
SEPARATOR = pattern(r"^\s*\"?sep=(.)\"?\s*$", re.IGNORECASE)
"""The first line by which Excel is told what stands between cells."""
DELIMITERS = ",;\t"
COURSE_COLUMNS = 7
"""The course's own `group_info.csv`: group number, five students, the repository's address."""


class ListedGroup(Record):
    """One group as it was given: its name (mostly a number), its members, its repository's address or path.

    `notes` are lines that a reader of the list should know.
    """

    name: str
    members: tuple[str, ...]
    repository: str
    notes: tuple[str, ...] = ()


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
    if data[1:2] == b"\0" or data[:1] == b"\0":  # UTF-16 without its mark: most of a list is ASCII
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def is_table(text: str) -> bool:
    """Whether a text without a telling name has columns: its first line does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return any(mark in first for mark in ",;\t") and "://" not in first


class Columns(Record):
    """Which columns of a table hold what. Of several with repositories the first counts that holds one.

    `together` are those of members that hold all of them in one cell.
    """

    repositories: tuple[int, ...]
    group: int | None
    members: tuple[int, ...]
    together: frozenset[int] = frozenset()


def from_table(source: Path, text: str) -> Iterator[ListedGroup]:
    """Groups of a CSV, with a heading or without. Raises AuditError where no column holds repositories."""
    rows = table(source, text)
    if not rows:
        return
    head = [" ".join(cell.split()) for cell in rows[0]]
    if any(is_address(cell) or GAVE_NONE.match(cell) for cell in head):
        columns = columns_by_content(rows)
    else:
        columns = columns_of(head)
        del rows[0]
    if columns is None:
        raise AuditError(
            f"{source}: no column of repositories; name one `repository`, `repo` or `url` (the columns are: {', '.join(head)})"
        )
    widest = max((len(head), *(len(row) for row in rows)))  # without a heading columns are known by any row
    for row in rows:
        cells = [*(cell.strip() for cell in row), *[""] * widest]
        given = [cells[n] for n in columns.repositories if cells[n] and not NO_LINK.match(cells[n])]
        repository = given[0] if given else ""
        name = cells[columns.group] if columns.group is not None else ""
        members = (
            member
            for n in columns.members
            for member in (SEVERAL.split(cells[n]) if n in columns.together else (cells[n],))
        )
        yield ListedGroup(
            shorten(name or name_of(repository), NAME_LENGTH),
            tuple(shorten(member, NAME_LENGTH) for member in members if member),
            repository,
        )


def table(source: Path, text: str) -> list[list[str]]:
    """The rows of a CSV that are not empty, by the separator that its first line names, or that parts its heading most.

    Raises AuditError.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.lstrip("\n").partition("\n")
    told = SEPARATOR.match(first)
    try:
        if told:
            return read_rows(rest, told[1])
        return read_rows(text, max(DELIMITERS, key=lambda mark: len(next(iter(read_rows(text, mark, 1)), ()))))
    except csv.Error as error:
        raise AuditError(f"{source}: not a CSV file that can be read: {error}") from None


def read_rows(text: str, delimiter: str, most: int | None = None) -> list[list[str]]:
    """The first rows that are not empty. Raises csv.Error."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return list(islice((row for row in reader if any(cell.strip() for cell in row)), most))


def columns_of(head: Sequence[str]) -> Columns | None:
    """The columns by their headings; None where none is of repositories. The first is the group's where no heading says which."""
    repositories = tuple(n for n, name in enumerate(head) if name and REPOSITORY.match(name))
    if not repositories and len(head) == COURSE_COLUMNS:
        return Columns((6,), 0, (1, 2, 3, 4, 5))
    if not repositories:
        return None
    group = first_like(GROUP, head)
    group = first_like(NUMBER, head) if group is None else group
    members = tuple(n for n, name in enumerate(head) if MEMBER.match(name) and n not in (group, *repositories))
    if group is None and 0 not in (*repositories, *members):
        group = 0
    together = frozenset(n for n in members if not any(letter.isdigit() for letter in head[n]))
    return Columns(repositories, group, members, together)


def columns_by_content(rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns of a table without headings: addresses where any row has some, the group before them all.

    None where no row has one.
    """
    repositories = tuple(sorted({n for row in rows for n, cell in enumerate(row) if is_address(cell)}))
    if not repositories:
        return None
    group = 0 if 0 not in repositories else None
    return Columns(repositories, group, tuple(range(1, repositories[0])))


def is_address(cell: str) -> bool:
    """Whether a cell is the address of a repository, and not the heading over some."""
    return ADDRESS.fullmatch(cell.strip()) is not None


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
    """The groups, those of a name that was there before with a number behind it; all of one name with a note that says so.

    Names are compared as those of decisions are: `43` and `Group 043` are one.
    """
    groups = list(groups)
    times = Counter(group_key(group.name) for group in groups)
    seen: set[str] = set()
    for group in groups:
        name, number = group.name, 2
        while group_key(name) in seen:
            name, number = f"{group.name} ({number})", number + 1
        seen.add(group_key(name))
        several = times[group_key(group.name)]
        if several > 1:
            how_often = "twice" if several == 2 else f"{several} times"
            group = replace(group, notes=(*group.notes, f"the list has group {group.name} {how_often}: all are kept"))
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
