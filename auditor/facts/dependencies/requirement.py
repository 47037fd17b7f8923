"""One declared requirement: PEP 508 as `packaging` reads it, and what else people write in its place."""

from __future__ import annotations

import re

from auditor.evidence import Place, seen
from auditor.knowledge.distribution_names import canonical_name
from auditor.patterns import pattern
from auditor.records import Record

LENGTH = 1000
"""A longer line is no requirement."""

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_BOUND = r"(?:[<>=!]=|~=(?=\s*\d+\.)|[<>])\s*\d+(?:\.\d+)*"
_PLAIN = pattern(rf"({_NAME})\s*(?:[=<>~!]=?=?\s*[\w.*+!-]+)?")
_SIMPLE = pattern(
    rf"({_NAME})\s*(?:\[\s*({_NAME}(?:\s*,\s*{_NAME})*)\s*\])?\s*(?:{_BOUND}(?:\s*,\s*{_BOUND})*)?", re.ASCII
)
"""What nearly all requirements with extras or several bounds look like: valid whatever else PEP 508 allows."""
_LEADING_NAME = pattern(rf"({_NAME})\s*(\[[\w\s,.-]*\])?\s*(?=[=<>~!@;(,]|$)")
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
        return Named(canonical_name(plain.group(1)), broken=bool(re.search(r"[^=<>~!]=[^=]|[<>!~]{2}", text)))
    if simple := _SIMPLE.fullmatch(text):
        extras = {extra.strip() for extra in (simple[2] or "").split(",") if extra}
        return Named(canonical_name(simple[1]), tuple(sorted(extras)))
    if "://" in text or text.endswith((".whl", ".tar.gz", ".zip")):
        named = _from_location(text)
        if named is not None:
            return named
    from packaging.requirements import (  # on demand: it takes long, and few lines need it
        InvalidRequirement,
        Requirement,
    )

    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        leading = _LEADING_NAME.match(text)
        return None if leading is None else Named(canonical_name(leading.group(1)), broken=True)
    return Named(canonical_name(requirement.name), tuple(sorted(requirement.extras)))


def _from_location(text: str) -> Named | None:
    """The distribution at a URL or path, by its egg fragment or file name (pip, "Requirement Specifiers")."""
    if egg := _EGG.search(text):
        return Named(canonical_name(egg.group(1)))
    if re.match(r"[A-Za-z0-9][\w.-]*\s*(\[[\w\s,.-]*\])?\s*@", text):
        return None
    file_name = text.split("#")[0].split("?")[0].split(";")[0].strip().rpartition("/")[2]
    if file_name.endswith(".whl"):
        from packaging.utils import InvalidWheelFilename, parse_wheel_filename

        try:
            return Named(parse_wheel_filename(file_name)[0])
        except (InvalidWheelFilename, ValueError):
            return None
    if source := _SDIST.match(file_name):
        return Named(canonical_name(source.group(1)))
    if text.startswith("git+"):
        repository = file_name.partition("@")[0].removesuffix(".git")
        return Named(canonical_name(repository)) if repository else None
    return None
