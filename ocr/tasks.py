"""What Celery runs. A message is a hint that there is work; losing or doubling one costs nothing but time.

It names the job that it was sent for, and wakes a worker for the job whose turn it is: there are as many messages as
there are jobs, and it does not matter which one takes which.
"""

import logging
import threading
from datetime import datetime
from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import worker_process_init, worker_process_shutdown
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu import Queue
from kombu.exceptions import OperationalError

from customers.clock import shared_time
from customers.telemetry.context import about
from customers.telemetry.spans import span
from ocr import processing
from ocr.claims import abandoned_job, abandoned_jobs, fail_exhausted
from ocr.models import OcrJob
from ocr.readers import close_sandbox, current_sandbox
from ocr.retention import customers_with_period, purge

log = logging.getLogger(__name__)

# As many as are announced again in one sweep: much more than is done until the next one.
SWEEP_BATCH = 1000


@shared_task(name="ocr.tasks.process")
def process(job_id: str) -> None:
    # Whoever is awake first takes up what somebody left behind: its turn would come after all that waited meanwhile.
    left_behind = abandoned_job(now=shared_time())
    if left_behind is not None:
        with about(job_id=left_behind):
            processing.process_job(left_behind)
    with about(job_id=job_id):
        processing.process_next(hint=UUID(job_id))


@shared_task(name="ocr.tasks.sweep")
def sweep() -> None:
    sweep_jobs(now=shared_time())


@shared_task(name="ocr.tasks.purge_documents")
def purge_documents() -> None:
    for customer in customers_with_period():
        purge(customer=customer, by="purge_documents", now=timezone.now())


def announce(job_id: UUID) -> bool:
    """Tells the workers that the job waits. False when the broker is down: the sweeper will say it again."""
    try:
        with about(job_id=job_id), span("publish ocr.tasks.process", kind="producer"):
            process.apply_async((str(job_id),), retry=False)
    except (OperationalError, OSError) as error:
        log.warning("job %s waits for the sweeper, the broker is down: %s", job_id, type(error).__name__)
        return False
    return True


def sweep_jobs(*, now: datetime) -> tuple[int, int]:
    """Announces again what is queued too long or whose lease has run out, and fails what crashed too often.

    A long queue that merely waits is left alone: only as many are announced as messages are missing for the jobs that
    could be worked on. The numbers of jobs (announced, failed).
    """
    failed = fail_exhausted(now=now)
    abandoned = abandoned_jobs(now=now).filter(attempts__lt=settings.JOB_MAX_ATTEMPTS)
    with transaction.atomic():
        left_behind = list(abandoned.values_list("pk", flat=True)[:SWEEP_BATCH])
    claimable = OcrJob.objects.filter(Q(state=OcrJob.State.QUEUED, due_at__lte=now) | Q(pk__in=left_behind))
    stale = now - settings.JOB_ANNOUNCE_AGAIN_AFTER
    due = claimable.exclude(state=OcrJob.State.QUEUED, announced_at__gte=stale).order_by("due_at")
    waiting = claimable.count()
    missing = waiting - messages_waiting() if waiting else 0
    announced: list[UUID] = []
    for job_id in due.values_list("pk", flat=True)[: min(SWEEP_BATCH, max(0, missing))]:
        if not announce(job_id):
            break
        announced.append(job_id)
    OcrJob.objects.filter(pk__in=announced).update(announced_at=now)
    return len(announced), failed


def messages_waiting() -> int:
    """How many messages wait at the broker for a worker that reads documents; 0 also when it is down."""
    try:
        with process.app.connection_for_write() as connection:
            queue = Queue(settings.CELERY_TASK_DEFAULT_QUEUE, channel=connection.default_channel)
            declared: Any = queue.queue_declare()
            return int(declared.message_count)
    except (OperationalError, OSError) as error:
        log.warning("the broker's queue cannot be counted, it is down: %s", type(error).__name__)
        return 0


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """Loads the OCR models in this worker process's reading child, so that the first scan does not wait for them."""
    threading.Thread(target=lambda: current_sandbox().prepare(), name="warm-up", daemon=True).start()


@worker_process_shutdown.connect
def cool_down(**_: Any) -> None:
    close_sandbox()
