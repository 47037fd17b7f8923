"""Figures of a group's report, read from where the group's repository lies: its clone in the cache, or its folder."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from auditor.batch.addresses import parse_address
from auditor.errors import AuditError
from auditor.records import Record
from auditor.result.class_run import GroupAudit

MOST_BYTES = 8_000_000
"""A larger figure is not shown; its name is."""
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
"""Images by how they begin: forms that hold pixels and nothing else. SVG is a document, and may hold scripts."""


class Image(Record):
    """An image's bytes, and the media type that they were found to be of, whatever the file is called."""

    content: bytes
    media_type: str


class Figures:
    """Reads figures of groups whose repositories lie in this cache, or on this machine."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self._read = lru_cache(maxsize=24)(read_figure)

    def image(self, group: GroupAudit, number: int) -> Image | None:
        """The figure of this number among all that the group's answers show; None where it is none, or cannot be read."""
        named = figures_of(group)
        if group.audit is None or not 0 <= number < len(named):
            return None
        place = self.place(group.address)
        return None if place is None else self._read(place, group.audit.repository.commit, named[number])

    def place(self, address: str) -> Path | None:
        """Where the repository of this address lies; None where it does not any more."""
        try:
            found = parse_address(address, Path())
            place = found.path or self.cache / "clones" / f"{found.slug}.git"
            return place if place.is_dir() else None
        except (AuditError, OSError):
            return None


def figures_of(group: GroupAudit) -> list[str]:
    """All that the group's answers show, in their order."""
    answers = group.audit.report.answers if group.audit else ()
    return [figure for answer in answers for figure in answer.figures]


def is_image(path: str) -> bool:
    """Whether a figure is called as an image that can be shown."""
    return "://" not in path and path.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp"))


def read_figure(place: Path, commit: str | None, path: str) -> Image | None:
    """An image of the repository at `place` as it stood at `commit`."""
    from auditor.repository.opening import open_snapshot

    try:
        with open_snapshot(place, at=commit, use_git=commit is not None) as snapshot:
            size = snapshot.size(path) if path in snapshot else None
            content = snapshot.read(path) if size is not None and size <= MOST_BYTES else None
    except AuditError:
        return None
    kind = media_type(content or b"")
    return Image(content, kind) if content and kind else None


def media_type(content: bytes) -> str | None:
    """What an image is, by its first bytes; None where it is none that can be shown."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in SIGNATURES if content.startswith(start)), None)
