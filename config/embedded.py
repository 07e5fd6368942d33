"""A Celery worker and its beat as threads of the web process: the service without Redis.

The in-memory broker lives and dies with the process. That loses nothing: the job row is the truth, and the sweeper
announces again whatever was queued when the process went away.
"""

import logging
import threading

from celery.beat import EmbeddedService, Scheduler
from celery.worker import WorkController

from config.celery import app
from ocr.readers import close_sandbox
from ocr.tasks import warm_up

log = logging.getLogger(__name__)


class EmbeddedWorker:
    """One worker thread and one beat thread. `stop` waits for the document in hand, at most `patience` seconds."""

    def __init__(self) -> None:
        self._controller = WorkController(app=app, pool="solo", concurrency=1, without_gossip=True, without_mingle=True)
        self._beat = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
        self._thread = threading.Thread(target=self._controller.start, name="embedded-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._beat.start()  # type: ignore[union-attr]
        warm_up()
        log.info("embedded worker started")

    def stop(self, *, patience: float = 20.0) -> None:
        self._beat.stop()
        self._controller.stop(in_sighandler=False)
        self._thread.join(patience)
        close_sandbox()
