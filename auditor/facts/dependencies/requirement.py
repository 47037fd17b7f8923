"""One declared requirement: PEP 508 as `packaging` reads it, and what else people write in its place."""

from __future__ import annotations

import re

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from auditor.evidence import Place, seen
from auditor.patterns import pattern
from auditor.records import Record

LENGTH = 1000
"""A longer line is no requirement."""

_PLAIN = pattern(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:[=<>~!]=?=?\s*[\w.*+!-]+)?")
_LEADING_NAME = pattern(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[\w\s,.-]*\])?\s*(?=[=<>~!@;(,]|$)")
_EGG = pattern(r"[#&]egg=([A-Za-z0-9._-]+)")
_SDIST = pattern(r"([A-Za-z0-9][A-Za-z0-9._-]*?)-\d[\w.!+-]*\.(?:tar\.gz|zip|tar\.bz2|tgz)$")


class Declared(Record):
    """A distribution that a file declares, by its canonical name (`scikit-learn`).

    `group` is empty for what the project needs to run, else the group's name (`dev`, an extra, an environment).
    """

    name: str
    path: str
    line: int
    group: str = ""
    text: str = ""
    extras: tuple[str, ...] = ()

    @property
    def evidence(self) -> Place:
        """Where it is declared."""
        return seen(self.path, self.line, self.text or self.name)


class Named(Record):
    """Name and extras of a requirement; `broken` where pip would refuse the line although its name is clear."""

    name: str
    extras: tuple[str, ...] = ()
    broken: bool = False


def read_requirement(text: str) -> Named | None:
    """What `text` requires; None where no distribution's name can be made out.

    Accepts PEP 508 (`torch>=2 ; sys_platform == "linux"`, `shop @ git+https://...`), and URLs or paths of wheels,
    source archives and repositories with `#egg=`.
    """
    text = text.strip()
    if not text or len(text) > LENGTH:
        return None
    if plain := _PLAIN.fullmatch(text):
        return Named(canonicalize_name(plain.group(1)), broken=bool(re.search(r"[^=<>~!]=[^=]|[<>!~]{2}", text)))
    if "://" in text or text.endswith((".whl", ".tar.gz", ".zip")):
        named = _from_location(text)
        if named is not None:
            return named
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        leading = _LEADING_NAME.match(text)
        return None if leading is None else Named(canonicalize_name(leading.group(1)), broken=True)
    return Named(canonicalize_name(requirement.name), tuple(sorted(requirement.extras)))


def _from_location(text: str) -> Named | None:
    """The distribution at a URL or path, by its egg fragment or file name (pip, "Requirement Specifiers")."""
    if egg := _EGG.search(text):
        return Named(canonicalize_name(egg.group(1)))
    if re.match(r"[A-Za-z0-9][\w.-]*\s*(\[[\w\s,.-]*\])?\s*@", text):
        return None
    file_name = text.split("#")[0].split("?")[0].split(";")[0].strip().rpartition("/")[2]
    if file_name.endswith(".whl"):
        try:
            return Named(parse_wheel_filename(file_name)[0])
        except (InvalidWheelFilename, ValueError):
            return None
    if source := _SDIST.match(file_name):
        return Named(canonicalize_name(source.group(1)))
    if text.startswith("git+"):
        repository = file_name.partition("@")[0].removesuffix(".git")
        return Named(canonicalize_name(repository)) if repository else None
    return None
