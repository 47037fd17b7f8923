"""Feedback to all groups as files, by the course's own template where the folder of the class run holds one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from auditor.errors import AuditError
from auditor.output.feedback.feedback import LONGEST, TEMPLATE, feedback_text
from auditor.result.class_run import GroupAudit

NAME = "feedback.md.j2"


def feedback_template(out: Path) -> str:
    """The template in the folder `out`; the one that comes with the program where there is none. Raises AuditError."""
    path = out / NAME
    try:
        with path.open("rb") as file:
            return file.read(4 * LONGEST).decode("utf-8-sig")
    except FileNotFoundError:
        return TEMPLATE
    except UnicodeDecodeError:
        raise AuditError(f"{path}: is not UTF-8; save the template as UTF-8") from None
    except OSError as error:
        raise AuditError(f"{path}: cannot be read: {error.strerror or error}") from None


def packed_feedback(groups: Iterable[tuple[str, GroupAudit]], template: str) -> bytes:
    """A ZIP file with a text for each group, by a name for its file without ending. Raises AuditError for a broken template."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, group in groups:
            file.writestr(f"feedback/{name}.md", feedback_text(group, template).encode("utf-8", "replace"))
    return packed.getvalue()
