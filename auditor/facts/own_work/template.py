"""What of a repository is the course's template and what is the group's own.

The template is known by fingerprints: for each kind of file (a role, such as `src/*/train.py`) short hashes of every
line that any version of it ever held. `scripts/fingerprint_template.py` makes them; no text of the template is kept.
Lines are compared in a form that does not mind layout, quotes, comments, version numbers and the project's own name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from auditor.course.fingerprints import Fingerprints, file_name, text_kind
from auditor.facts.own_work.layout import Layout
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record, field
from auditor.repository.contents import LFS_HEADER
from auditor.repository.snapshot import Snapshot

LINE_DIGITS = 8
"""Hexadecimal digits of a line's hash: among some thousand lines a chance match is one in ten thousand."""
STUB_SHARE = 0.9
"""Share of template lines from which on a file is a stub."""
TOOLS = frozenset({"reports/report.py"})
"""Roles of files that are the course's tools and not meant to be filled out: edited, they are still not own work."""
STUB_LINES = 2
"""Own lines that do not make a file its group's, as long as the template's are no fewer."""
MOST_CHARACTERS = 400_000
"""A longer text is no file of a template: what stands before this is the group's own, and the rest is not looked at."""
FAMILIAR_SHARE = 0.8
"""Share of template lines from which on a renamed file is taken for the template's."""

PLACEHOLDER = "§"
DEFAULT_NAMES = ("project_name", "repo_name")
"""The template's own default answers, which stay where a group did not fill them in."""
TOO_COMMON = frozenset(
    {"src", "data", "model", "models", "train", "test", "tests", "api", "app", "main", "mlops", "project"}
)

STRING_OR_COMMENT = pattern(r"\"(?:[^\"\\\n]|\\.)*+(?:\"|\\?$)|'(?:[^'\\\n]|\\.)*+(?:'|\\?$)|#.*")
"""A string, to the line's end where it is not closed; possessive, so that a line of quotes is read once."""
VARIABLE = pattern(r"\{\{-?\s{0,5}cookiecutter\.(\w{1,40})\s{0,5}(\|\s{0,5}\w{1,20}\s{0,5})?-?\}\}")
JINJA_TAG = pattern(r"\{%[^%\n]{0,200}%\}")
VERSION = pattern(r"\d{1,9}(?:\.\d{1,9})+")
TITLE_KEY = pattern(
    r"[\s{-]{0,20}\"?(name|authors?|description|maintainers?|site_author|site_name|site_url|repo_url|repo_name)\"?\s{0,20}[:=]"
)
"""Keys of a title block: they say whose the project is, not what it does."""
COMMENT = pattern(r"\s#.*")
RENAMED_FOLDER = pattern(rf"(?:src[./])?{PLACEHOLDER}")
SOURCE_FOLDER = pattern(r"(?<![\w.])src(?=[./]\w)|(?<=^from)src(?=[./]\w)")
LAST_COMMA = pattern(r",(?=[)\]}])")
SAYING = pattern(rf"[^\W_]|{PLACEHOLDER}")
NOTHING = frozenset({"pass", "...", "raiseNotImplementedError", "raiseNotImplementedError()"})


class Line(Record):
    """One line with substance: its number, its text, and the hash of its comparable form."""

    number: int
    text: str
    hash: str


class Comparison(Record):
    """A file beside the role that it resembles most; `role` is None where it resembles none."""

    role: str | None
    lines: tuple[Line, ...]
    own: tuple[Line, ...]


class Template(Record):
    """Tells template from own work, file by file; a file is compared on first question, once."""

    snapshot: Snapshot
    fingerprints: Fingerprints = field(default_factory=Fingerprints)
    names: frozenset[str] = frozenset()
    """Names that the project goes by, where the template has a variable."""
    _compared: dict[str, Comparison] = field(default_factory=dict)

    def share(self, path: str) -> float:
        """Share of the file's lines with substance that stand in the template; 0 where there are none."""
        found = self._compare(path)
        return 1 - len(found.own) / len(found.lines) if found.lines else 0.0

    def is_stub(self, path: str) -> bool:
        """Whether the file is the template's, or nearly so: it is nobody's own work. So is an empty file.

        Workflows and task files of the template do work; whether they count is for the rule to say.
        """
        if path not in self.snapshot or self.snapshot.text(path) is None:
            return False
        found = self._compare(path)
        if not found.lines:
            return len(self.snapshot.text(path) or "") <= MOST_CHARACTERS
        share = self.share(path)
        if found.role in TOOLS:
            return share >= 0.5
        return share >= STUB_SHARE or (len(found.own) <= STUB_LINES and share >= 0.5)

    def own_lines(self, path: str) -> tuple[tuple[int, str], ...]:
        """(line, text) of what does not stand in the template: all with substance where the file is not of it."""
        return tuple((line.number, line.text) for line in self._compare(path).own)

    def own_hashes(self, path: str) -> tuple[str, ...]:
        """Hashes of the comparable forms of `own_lines`, in their order: equal where two files are, names and layout aside."""
        return tuple(line.hash for line in self._compare(path).own)

    def role(self, path: str) -> str | None:
        """The template's file that this one is, or came from; None where there is none."""
        return self._compare(path).role

    def example_figure(self, path: str) -> bool:
        """Whether an image is, byte for byte, one that came with the template."""
        name = self.snapshot.blob_name(path)
        if name is None or name in self.fingerprints.figures:
            return name is not None
        data = self.snapshot.read(path)
        if data is None:
            return False
        if data.startswith(LFS_HEADER):
            return any(
                line.partition(b"sha256:")[2].decode("ascii", "replace") in self.fingerprints.figures
                for line in data[:1000].splitlines()
                if line.startswith(b"oid sha256:")
            )
        return hashlib.sha256(data).hexdigest() in self.fingerprints.figures

    def brought(self, text: str, path: str) -> bool:
        """Whether a text that stood at `path` at some time was the template's, hardly touched."""
        found = compare(text, path, self.fingerprints, self.names)
        return not found.lines or 1 - len(found.own) / len(found.lines) >= STUB_SHARE

    def _compare(self, path: str) -> Comparison:
        if path not in self._compared:
            self._compared[path] = compare(self.snapshot.text(path) or "", path, self.fingerprints, self.names)
        return self._compared[path]


@fact
def own_or_template(snapshot: Snapshot, fingerprints: Fingerprints, layout: Layout) -> Template:
    """The template's fingerprints held against this snapshot."""
    return Template(snapshot, fingerprints, layout.names)


def compare(text: str, path: str, fingerprints: Fingerprints, names: Collection[str]) -> Comparison:
    """A file beside the role of its name, else beside the one of its kind that holds most of its lines."""
    if len(text) > MOST_CHARACTERS:
        lines = tuple(substance(text[:MOST_CHARACTERS].rpartition("\n")[0], path, names))
        return Comparison(None, lines, lines)
    lines = tuple(substance(text, path, names))
    named = fingerprints.by_name.get(file_name(path), ())
    role = closest(lines, named, fingerprints)
    if role is None or held(lines, fingerprints.lines[role]) < 0.5 * len(lines):
        other = closest(lines, fingerprints.by_kind.get(text_kind(path), ()), fingerprints)
        if (
            other is not None
            and len(lines) >= 3
            and held(lines, fingerprints.lines[other]) >= FAMILIAR_SHARE * len(lines)
        ):
            role = other
    if role is None:
        return Comparison(None, lines, lines)
    own = tuple(line for line in lines if line.hash not in fingerprints.lines[role])
    return Comparison(role, lines, own)


def closest(lines: tuple[Line, ...], roles: tuple[str, ...], fingerprints: Fingerprints) -> str | None:
    """The role that holds most of the lines; of equal ones the first by name."""
    return max(sorted(roles), key=lambda role: held(lines, fingerprints.lines[role]), default=None)


def held(lines: tuple[Line, ...], known: frozenset[str]) -> int:
    """How many of the lines are known."""
    return sum([line.hash in known for line in lines])


def substance(text: str, path: str, names: Collection[str] = ()) -> Iterator[Line]:
    """Lines of a file that say something: no blank lines, comments, docstrings, lone brackets or `pass`."""
    kind = text_kind(path)
    known = own_names(names)
    for number, shown, joined in code_lines(text) if kind == "py" else plain_lines(text):
        form = comparable(joined, kind, known)
        if SAYING.search(form) and form not in NOTHING:
            yield Line(number, shown, digest(form))


def plain_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """(number, text, text to compare) of every line."""
    for number, line in enumerate(text.split("\n"), start=1):
        yield number, line, line


def code_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """(number, text, text to compare) of Python lines: joined within brackets, which formatters split, no docstrings.

    Read line by line, as code may be of any dialect or broken.
    """
    start, shown, joined, depth, quote = 0, "", "", 0, ""
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.strip()
        if quote:
            quote = "" if quote in plain else quote
            continue
        opening = next((q for q in ('"""', "'''") if q in plain and plain.lstrip("rRbBuUfF").startswith(q)), "")
        if opening and depth == 0:
            quote = "" if plain.lstrip("rRbBuUfF").removeprefix(opening).rstrip().endswith(opening) else opening
            continue
        if not joined:
            start, shown = number, line
        bare = kept = line
        if "#" in line or '"' in line or "'" in line:
            bare = STRING_OR_COMMENT.sub("", line)
            kept = STRING_OR_COMMENT.sub(lambda found: "" if found[0].startswith("#") else found[0], line)
        depth = max(0, depth + sum(map(bare.count, "([{")) - sum(map(bare.count, ")]}")))
        joined += kept.strip() + " "
        if depth == 0 or number - start >= 60:
            yield start, shown, joined
            joined, depth = "", 0
    if joined:
        yield start, shown, joined


class OwnNames(NamedTuple):
    """The project's names as they may be spelled, longest first, and the pattern that finds one as a whole word."""

    spelled: tuple[str, ...]
    pattern: re.Pattern[str]


def own_names(names: Collection[str]) -> OwnNames:
    """The project's names, also with hyphens for underscores, and the template's own default answers."""
    spelled = {n for name in (*names, *DEFAULT_NAMES) for n in (name, name.replace("_", "-"), name.replace("-", "_"))}
    usable = sorted((n for n in spelled if len(n) >= 3 and n.lower() not in TOO_COMMON), key=lambda n: (-len(n), n))
    words = "|".join(map(re.escape, usable))
    return OwnNames(tuple(usable), re.compile(rf"(?<![A-Za-z0-9_])(?:{words})(?![A-Za-z0-9_])"))


def comparable(line: str, kind: str, names: OwnNames) -> str:
    """A line in the form that is compared and hashed. Most lines hold nothing of what is replaced, so that is asked first."""
    if "{" in line:
        line = JINJA_TAG.sub("", VARIABLE.sub(answer, line))
    if kind in ("toml", "yaml"):
        title = TITLE_KEY.match(line)
        if title and (kind == "toml" or "_" in title[1]):
            return title[1] + ":"
    if any(name in line for name in names.spelled):
        line = names.pattern.sub(PLACEHOLDER, line)
    line = line.replace("'", '"')
    if kind == "md":
        return " ".join(without_versions(line).split()).strip("# ").lower()
    if kind != "py" and ("#" in line or "//" in line):  # comments of Python code are gone already
        line = "" if line.lstrip().startswith(("#", "//")) else COMMENT.sub("", line)
    line = "".join(without_versions(line).split())
    if PLACEHOLDER in line:
        line = RENAMED_FOLDER.sub(PLACEHOLDER, line)
    if "src" in line:
        line = SOURCE_FOLDER.sub(PLACEHOLDER, line)
    return (LAST_COMMA.sub("", line) if "," in line else line).rstrip(",")


def without_versions(line: str) -> str:
    """The line with 0 for every version number."""
    return VERSION.sub("0", line) if "." in line else line


def answer(variable: re.Match[str]) -> str:
    """What stands for a template's variable: a version for the Python version, else the place-holder."""
    value = "0.0" if variable[1] == "python_version" else PLACEHOLDER
    return f'"{value}"' if variable[2] and "tojson" in variable[2] else value


def digest(text: str) -> str:
    """The first digits of a text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LINE_DIGITS]
