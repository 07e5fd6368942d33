"""Celery workers and their beat as threads of the web process: the service without Redis.

One worker reads documents, one after another; the other sends webhooks meanwhile, so that neither waits for the other.

The in-memory broker lives and dies with the process. That loses nothing: the job row is the truth, and the sweeper
announces again whatever was queued when the process went away.
"""

import logging
import threading
import time

from celery.beat import EmbeddedService, Scheduler
from celery.worker import WorkController
from django.conf import settings

from config import embedded_threads
from config.celery import app, new_app
from ocr.heartbeat import put_held_back
from ocr.readers import close_sandbox
from ocr.tasks import warm_up

log = logging.getLogger(__name__)


WEBHOOK_THREADS = 4


class EmbeddedWorker:
    """Two worker threads and one beat thread. `stop` waits for the document in hand, at most `patience` seconds, and
    puts it back then."""

    def __init__(self) -> None:
        self._documents = WorkController(
            app=app,
            pool="solo",
            concurrency=1,
            queues=[settings.CELERY_TASK_DEFAULT_QUEUE],
            without_gossip=True,
            without_mingle=True,
        )
        # With an application of its own, since that holds which queues its worker takes from.
        self._webhooks = WorkController(
            app=new_app(is_current=False),
            pool="threads",
            concurrency=WEBHOOK_THREADS,
            queues=[settings.WEBHOOK_QUEUE],
            without_gossip=True,
            without_mingle=True,
        )
        self._beat = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
        self._threads = [
            threading.Thread(target=controller.start, name=name, daemon=True)
            for name, controller in (
                (embedded_threads.DOCUMENTS, self._documents),
                (embedded_threads.WEBHOOKS, self._webhooks),
            )
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        self._beat.name = embedded_threads.BEAT
        self._beat.start()  # type: ignore[union-attr]
        warm_up()
        log.info("embedded workers started")

    def stop(self, *, patience: float = 20.0) -> None:
        self._beat.stop()
        give_up_at = time.monotonic() + patience
        for controller in (self._webhooks, self._documents):
            controller.stop(in_sighandler=False)
        for thread in self._threads:
            thread.join(max(0.0, give_up_at - time.monotonic()))
        put_held_back()
        close_sandbox()
