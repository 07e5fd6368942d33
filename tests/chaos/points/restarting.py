"""What happens after a death: time passes, the sweepers come, and the broker brings its messages, some twice."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from config.celery import app
from customers.webhooks.models import WebhookDelivery
from ocr.models import OcrJob
from tests.chaos.points.instruments import published
from tests.later import ahead_by

# Longer than a job's lease, an idempotency key's lock and a webhook's lease with its margin.
LONG_ENOUGH = timedelta(minutes=3)
MOST_ROUNDS = 8

_now = timezone.now
_ahead = timedelta(0)
_taken: list[tuple[str, list[Any]]] = []


def pass_time(by: timedelta = LONG_ENOUGH) -> None:
    """The clock of this process goes ahead by so much, and so does the database's for it."""
    global _ahead
    if not _ahead:
        timezone.now = _later
        connection.execute_wrappers.append(ahead_by(lambda: _ahead))
    _ahead += by


def _later() -> datetime:
    return _now() + _ahead


def listen() -> None:
    """Takes what is published, as a worker would. Once in a process."""
    published(_taken)


def restart(*, deliveries: int) -> None:
    """Sweeps and works until nothing waits; each message is delivered so many times. `listen` first."""
    for _ in range(MOST_ROUNDS):
        pass_time()
        for task in ("ocr.tasks.sweep", "customers.tasks.sweep"):
            app.tasks[task]()
        while _taken:
            task, arguments = _taken.pop(0)
            for _ in range(deliveries):
                app.tasks[task](*arguments)
        if not is_waiting():
            return


def is_waiting() -> bool:
    """Whether a job has not ended or a webhook has not arrived."""
    return (
        OcrJob.objects.filter(state__in=[OcrJob.State.QUEUED, OcrJob.State.RUNNING]).exists()
        or WebhookDelivery.objects.filter(state=WebhookDelivery.State.PENDING).exists()
    )


def wait_until(condition: Any, *, seconds: float = 5.0) -> bool:
    """Whether it came true in time."""
    give_up_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.02)
    return True
