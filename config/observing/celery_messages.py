"""What travels in the headers of Celery's messages (ids, and the trace), and the signs of life of workers and beat."""

import time
from contextlib import ExitStack
from typing import Any

from celery.signals import after_task_publish, before_task_publish, setup_logging, task_postrun, task_prerun

from customers.telemetry.context import about, ids, request_id_of
from customers.telemetry.counting import note_sighting
from customers.telemetry.spans import carrier, span

PREFIX = "paydraft_"
REQUEST_ID = f"{PREFIX}request_id"
TRACE_PARENT = "traceparent"
# Beat sends one of each every few seconds, and a worker of the queue runs it: who does so, lives.
SWEEPS = {"ocr.tasks.sweep": "worker", "customers.tasks.sweep": "webhook_worker"}

_open: dict[str, ExitStack] = {}


def connect() -> None:
    """Called once for each process."""
    setup_logging.connect(_leave_logging_alone)
    before_task_publish.connect(_add_ids)
    after_task_publish.connect(_note_beat)
    task_prerun.connect(_enter)
    task_postrun.connect(_leave)


def _leave_logging_alone(**_: Any) -> None:
    """That somebody listens is enough: Celery then keeps its own formats away, and what is printed out of the log."""


def _add_ids(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is None:
        return
    if "request_id" in ids():
        headers[REQUEST_ID] = ids()["request_id"]
    headers.update({PREFIX + name: value for name, value in carrier().items()})


def _note_beat(sender: str | None = None, **_: Any) -> None:
    if sender in SWEEPS:
        note_sighting("beat", at=time.time())


def _enter(task: Any = None, task_id: str = "", **_: Any) -> None:
    stack = _open[task_id] = ExitStack()
    given = getattr(task.request, REQUEST_ID, None)
    if given:
        stack.enter_context(about(request_id=request_id_of(str(given))))
    if task.name in SWEEPS:
        note_sighting(SWEEPS[task.name], at=time.time())
        return  # every few seconds, and next to always to find nothing: no trace for it
    sent = str(getattr(task.request, PREFIX + TRACE_PARENT, None) or "")
    follows = {TRACE_PARENT: sent} if sent and not carrier() else None
    stack.enter_context(span(task.name, kind="consumer", follows=follows))


def _leave(task_id: str = "", **_: Any) -> None:
    stack = _open.pop(task_id, None)
    if stack is not None:
        stack.close()
