"""What own code runs for a call elsewhere: tasks of a task queue, and workers at the other end of a queue.

Sources: documentation of Celery, Ray, Dramatiq, RQ, arq and Taskiq on calling tasks; of `queue` and `asyncio` ("Queues"); of the
clients of Redis, Kafka, RabbitMQ and NATS.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.facts.python import CODE, Call, Function, PythonProject
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.records import Record

DELAYED = pattern(r"(.+)\.(delay|apply_async|s|si|remote|submit|map|send|kiq|defer)")
"""Ways in which task queues (Celery, Ray, Dramatiq, RQ) call a function elsewhere."""
BY_NAME = (".send_task", ".enqueue_job", ".enqueue")
"""Methods that are given a task's name."""
PUTTING = (".put", ".put_nowait")
TAKING = (".get", ".get_nowait")
"""Both ends of a queue of a program, between a route and a worker that runs beside it."""
SENDING = (".rpush", ".lpush", ".xadd", ".publish", ".produce", ".send", ".send_and_wait", ".basic_publish", ".zadd")
RECEIVING = pattern(
    r"(.*\.)?(b?[lr]pop|b[lr]popl?push|blmove|xread(group)?|subscribe|basic_consume|KafkaConsumer|AIOKafkaConsumer|bzpop(min|max)|pull)"
)
"""Both ends of a queue that a server keeps under a name (Redis, Kafka, RabbitMQ, NATS)."""
MOST_WORKERS = 20
"""Functions at the other end of one queue."""


class Queues(Record):
    """Who takes out of queues: functions by file and the queue's variable, by the name that a server knows it under, and tasks by name."""

    project: PythonProject
    takers: dict[tuple[str, str], dict[str, Function]]
    receivers: dict[str, dict[str, Function]]
    tasks: dict[str, list[Function]]

    def workers(self, call: Call) -> Iterator[Function]:
        """Own functions that run elsewhere for a call."""
        for name in call.names:
            delayed = DELAYED.fullmatch(name)
            task = self.project.function(delayed[1]) if delayed else None
            if task is not None:
                yield task
        if call.written.endswith(PUTTING):
            takers = self.takers.get((call.path, call.written.rpartition(".")[0]), {})
            yield from (function for scope, function in takers.items() if scope != call.scope)
        if call.written.endswith(SENDING) and not call.own:
            for name in dict.fromkeys(value.string for value in call.values if value.string):
                yield from self.receivers.get(name, {}).values()
        if call.written.endswith(BY_NAME) and call.args and call.args[0].string:
            yield from self.tasks.get(call.args[0].string.rpartition(".")[2], ())


@fact
def queues(project: PythonProject) -> Queues:
    """Those of own files and notebooks."""
    takers: dict[tuple[str, str], dict[str, Function]] = {}
    receivers: dict[str, dict[str, Function]] = {}
    for file in project.of(*CODE):
        functions = {function.qualname: function for function in file.functions}
        for call in file.calls:
            worker = functions.get(call.scope)
            if worker is None or not call.live:
                continue
            if call.written.endswith(TAKING):
                note(takers.setdefault((file.path, call.written.rpartition(".")[0]), {}), worker.qualname, worker)
            if RECEIVING.fullmatch(call.written):
                for name in {text for value in call.values for text in value.strings if text}:
                    note(receivers.setdefault(name, {}), worker.name, worker)
    tasks: dict[str, list[Function]] = {}
    for function in project.functions(roles=CODE):
        if not function.owner:
            tasks.setdefault(function.own_name, []).append(function)
    return Queues(project, takers, receivers, tasks)


def note(workers: dict[str, Function], name: str, worker: Function) -> None:
    """Enter a worker of a queue under its name, where there is room."""
    if len(workers) < MOST_WORKERS:
        workers[name] = worker
