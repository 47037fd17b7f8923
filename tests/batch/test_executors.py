"""The same class on a Dask cluster of two workers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.batch.groups import ListedGroup
from auditor.batch.run import Options, audit_groups, judged_by
from auditor.batch.store import Store
from auditor.records import replace
from auditor.samples import build_samples

distributed = pytest.importorskip("distributed", reason="auditor[cluster] is not installed")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Address of the scheduler of a cluster of two worker processes on this machine."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


def test_a_cluster_says_what_processes_say(tmp_path: Path, scheduler: str) -> None:
    build_samples(tmp_path)
    groups = [
        ListedGroup("1", (), f"file://{tmp_path}/honest"),
        ListedGroup("2", (), f"file://{tmp_path}/hollow"),
        ListedGroup("3", (), "file:///nowhere/at/all"),
        ListedGroup("4", (), "hollow"),
    ]
    found = []
    for address in (None, scheduler):
        options = Options(
            out=tmp_path / "out",
            cache=tmp_path / f"cache-{address is None}",
            base=tmp_path,
            jobs=2,
            scheduler=address,
            progress="quiet",
        )
        store = Store(options.cache)
        finished = audit_groups(groups, options, store)
        results = [store.load(one.outcome.key, one.outcome.state, judged_by(options)) for one in finished]
        found.append([(one.outcome, result) for one, result in zip(finished, results, strict=True)])
        store.close()
    assert found[0] == found[1]
    assert [bool(result) for _, result in found[0]] == [True, True, False, True]


def test_a_group_that_takes_too_long_costs_the_cluster_no_worker(tmp_path: Path, scheduler: str) -> None:
    build_samples(tmp_path)
    store = Store(tmp_path / "cache")
    groups = [ListedGroup("1", (), "honest"), ListedGroup("2", (), "hollow")]
    options = Options(out=tmp_path, cache=tmp_path / "cache", base=tmp_path, scheduler=scheduler, progress="quiet")
    with distributed.Client(scheduler, set_as_default=False) as client:
        before = sorted(client.scheduler_info(n_workers=-1)["workers"])
        hurried = replace(options, seconds=0.01)
        finished = audit_groups(groups, hurried, store)
        assert ["not finished" in one.outcome.problem for one in finished] == [True, True]
        assert sorted(client.scheduler_info(n_workers=-1)["workers"]) == before
    finished = audit_groups(groups, options, store)
    assert [one.outcome.problem for one in finished] == ["", ""]
