"""M29 and M30: loading data and training on several processes or devices."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.training.data_loading import DataLoading
from auditor.practices.training.scaling import DistributedTraining


@rule("M29.data_loading", net="data_loading")
def distributed_data_loading(loading: DataLoading) -> Iterator[Part]:
    """Data is loaded by several processes.

    Accepted: a DataLoader with `num_workers` above 0, as a number, a parameter's default or what a caller gives, a command
    line option, or a value of the configuration that the code reads or a user can select; the same of a trainer, an estimator or a
    data module that makes its loader itself (`fit(num_workers=4)`, Ultralytics' `workers`); a DistributedSampler, WebDataset,
    `num_proc`, `num_parallel_calls`, Ray, Dask, Spark, and other loaders of that kind.
    Half of it: `num_workers` that is 0 everywhere, or stands only in a configuration that nothing reads; code that nothing
    runs.
    Does not count: the workers of a web server, or a constant that reaches no loader.
    To settle it: show where the number of workers is set.
    """
    yield part(
        "workers",
        loading.traces,
        looked_for="a data loader with several workers, a distributed sampler, WebDataset or another parallel loader",
    )


@rule("M30.distributed", net="distributed")
def distributed_training(training: DistributedTraining) -> Iterator[Part]:
    """Training runs on several devices or machines.

    Accepted: DDP, FSDP, DeepSpeed, Accelerate, Horovod, a Trainer with a distributed strategy or several devices (also by a
    configuration that is used), TensorFlow's or JAX's ways, torchrun.
    Half of it: `devices` or `strategy` left to "auto", or a setting that is 1 by default; DataParallel; a configuration that nothing
    selects; a launcher that starts one process; code that nothing runs.
    Does not count: an accelerator by itself, a literal `devices=1`, a declared package, a document's command for a program that is
    not there.
    To settle it: show the run's configuration or command.
    """
    yield part(
        "distribution",
        training.traces,
        looked_for="DDP, FSDP, DeepSpeed or Accelerate, a Trainer with a distributed strategy or several devices, or a launcher of several processes",
    )
