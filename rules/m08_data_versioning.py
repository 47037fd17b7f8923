"""M8: version control of data."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.facts.data_versioning import DataVersioning


@rule("M8.dvc", net="data_versioning")
def data_version_control(data: DataVersioning) -> Iterator[Part]:
    """Data is under version control: somewhere to keep it, and something that is tracked.

    Accepted: `.dvc/config` with a remote (in any folder) and `.dvc` files or a `dvc.yaml` with outputs; Git LFS rules with
    files they apply to; lakeFS, Pachyderm, Quilt or Oxen with their settings.
    Half of it: DVC initialised, but no remote, or nothing tracked.
    Does not count: DVC as a dependency, or a mention in the README.
    To settle it: show the committed `.dvc` file and the remote in `.dvc/config` (not `config.local`).
    """
    elsewhere = [*(rule.evidence for rule in data.lfs if rule.files), *(tool.evidence for tool in data.others)]
    initialised = [project.evidence for project in data.projects]
    yield part(
        "remote",
        strong=[*(remote.evidence for remote in data.remotes), *elsewhere],
        weak=initialised,
        looked_for="a remote in .dvc/config, or another data versioning tool's settings",
        remark="DVC is initialised without a remote",
    )
    yield part(
        "tracked data",
        strong=[*(output.evidence for output in data.outputs), *elsewhere],
        looked_for="a .dvc file with an output, or a dvc.yaml stage with one",
    )
