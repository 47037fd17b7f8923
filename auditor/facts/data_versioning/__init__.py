"""Version control of data: DVC, Git LFS and other tools.

dvc.py           remotes, tracked data, pipelines -> DvcProject
other_tools.py   Git LFS -> LfsRule; lakeFS, Pachyderm, Quilt, ... -> OtherTool
"""

from __future__ import annotations

from functools import cached_property

from auditor.facts.data_versioning.dvc import DvcOutput, DvcProject, Remote, Stage, dvc_projects, storage_scheme
from auditor.facts.data_versioning.other_tools import LfsRule, OtherTool, is_lfs_pointer, lfs_rules, other_tools
from auditor.injection import fact
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

__all__ = [
    "DataVersioning",
    "DvcOutput",
    "DvcProject",
    "LfsRule",
    "OtherTool",
    "Remote",
    "Stage",
    "is_lfs_pointer",
    "storage_scheme",
]


class DataVersioning(Record, dict=True):
    """How the repository keeps versions of its data."""

    projects: tuple[DvcProject, ...] = ()
    lfs: tuple[LfsRule, ...] = ()
    others: tuple[OtherTool, ...] = ()

    @cached_property
    def remotes(self) -> tuple[Remote, ...]:
        """Every DVC remote with a URL, defaults first."""
        found = [remote for project in self.projects for remote in project.remotes]
        return tuple(sorted(found, key=lambda remote: not remote.default))

    @cached_property
    def outputs(self) -> tuple[DvcOutput, ...]:
        """Everything that DVC tracks."""
        return tuple(output for project in self.projects for output in project.outputs)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """Every stage of a DVC pipeline."""
        return tuple(stage for project in self.projects for stage in project.stages)


@fact
def data_versioning(snapshot: Snapshot) -> DataVersioning:
    """What versions data in the repository; settings of one person's machine (`config.local`) aside."""
    return DataVersioning(tuple(dvc_projects(snapshot)), tuple(lfs_rules(snapshot)), tuple(other_tools(snapshot)))
