"""A decision made at the desk: written at once by the code that `auditor decide` uses, and taken back in the same way."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime

from auditor.batch.class_folder import ClassFolder, Standing
from auditor.errors import AuditError
from auditor.output.words.wording import called
from auditor.records import Record, as_dict
from auditor.result.audit import Verdict
from auditor.review.decision_file import MeanwhileError, decide, remove
from auditor.review.decisions import Entry, group_key

NOTE_LENGTH = 4_000
ACTIONS = ("confirm", "oral", "overrule", "remove")
"""What one can do with a claim: agree with the program, ask orally, decide otherwise, take a decision back."""


class Step(Record):
    """One decision that was made here: what stood there before, and what was written."""

    page: str
    group: str
    claim: str
    before: Entry | None
    after: Entry | None

    @property
    def words(self) -> str:
        """What was done, in a line."""
        what = str(self.after.verdict) if self.after else "the decision was taken back"
        return f"{called(self.group)}, {self.claim}: {what}"


class Decider:
    """Decides in the name of one person, and remembers the steps of this start so that they can be undone."""

    def __init__(self, folder: ClassFolder, by: str) -> None:
        self.folder, self.by = folder, by
        self._steps: list[Step] = []
        self._lock = threading.Lock()

    def act(self, form: Mapping[str, str]) -> Step:
        """Do what a form asks for. Raises KeyError for a group or claim that there is not, MeanwhileError, AuditError."""
        standing = self.folder.now()
        page, claim_id, action = form.get("page", ""), form.get("claim", ""), form.get("action", "")
        if action not in ACTIONS:
            raise AuditError("choose what to decide: confirm, overrule, or ask orally")
        group, _ = standing.by_page[page]
        if group.audit is None:
            raise KeyError(page)
        claim = group.audit.claim(claim_id)
        before = entry_on(standing, group.name, claim_id)
        if form.get("seen", "") != mark_of(before):
            raise MeanwhileError("", before)
        verdict = claim.verdict if action == "confirm" else Verdict.UNVERIFIABLE
        if action == "overrule":
            try:
                verdict = Verdict(form.get("verdict", ""))
            except ValueError:
                raise AuditError("choose a verdict") from None
        path, after = self.folder.decisions, None
        if action == "remove":
            remove(path, group.name, claim_id, seen=before)
        else:
            after = decide(
                path,
                group=group.name,
                claim=claim_id,
                verdict=verdict,
                note=" ".join(form.get("note", "").split())[:NOTE_LENGTH],
                by=self.by,
                at=datetime.now().astimezone(),
                commit=group.audit.repository.commit,
                seen=before,
            )
        step = Step(page, group.name, claim_id, before, after)
        with self._lock:
            self._steps.append(step)
        return step

    def undo(self) -> Step | None:
        """Take the last step back; None where there is none. Raises MeanwhileError where somebody decided anew, AuditError."""
        with self._lock:
            if not self._steps:
                return None
            step = self._steps.pop()
        path = self.folder.decisions
        if step.before is None:
            remove(path, step.group, step.claim, seen=step.after)
        else:
            old = step.before
            decide(
                path,
                group=old.group,
                claim=old.claim,
                verdict=old.verdict,
                note=old.note,
                by=old.by,
                at=datetime.fromisoformat(old.at) if old.at else datetime.now().astimezone(),
                commit=old.commit,
                seen=step.after,
            )
        return step

    @property
    def last(self) -> Step | None:
        """The step that would be undone."""
        return self._steps[-1] if self._steps else None


def entry_on(standing: Standing, group: str, claim: str) -> Entry | None:
    """What the file of decisions says of a claim of a group."""
    return standing.decisions.by_group.get(group_key(group), {}).get(claim)


def mark_of(entry: Entry | None) -> str:
    """What a form carries to tell which decision its reader saw."""
    import hashlib

    return "" if entry is None else hashlib.sha256(repr(as_dict(entry)).encode()).hexdigest()[:20]
