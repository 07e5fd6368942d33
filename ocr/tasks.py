"""What Celery runs. A message is a hint to look at a job row; losing or doubling one costs nothing but time."""

import logging
import threading
from datetime import datetime
from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import worker_process_init, worker_process_shutdown
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from ocr import processing
from ocr.claims import fail_exhausted
from ocr.models import OcrJob
from ocr.readers import close_sandbox, current_sandbox

log = logging.getLogger(__name__)

# As many as are announced again in one sweep: a broker that lost everything is refilled about as fast as jobs are
# done, and a long queue that merely waits is not doubled.
SWEEP_BATCH = 100


@shared_task(name="ocr.tasks.process")
def process(job_id: str) -> None:
    processing.process_job(UUID(job_id))


@shared_task(name="ocr.tasks.sweep")
def sweep() -> None:
    sweep_jobs(now=timezone.now())


def announce(job_id: UUID) -> bool:
    """Tells the workers that the job waits. False when the broker is down: the sweeper will say it again."""
    try:
        process.apply_async((str(job_id),), retry=False)
    except (OperationalError, OSError) as error:
        log.warning("job %s waits for the sweeper, the broker is down: %s", job_id, type(error).__name__)
        return False
    return True


def sweep_jobs(*, now: datetime) -> tuple[int, int]:
    """Announces again what is queued too long or whose lease has run out, and fails what crashed too often.

    The numbers of jobs (announced, failed).
    """
    failed = fail_exhausted(now=now)
    stale = now - settings.JOB_ANNOUNCE_AGAIN_AFTER
    due = OcrJob.objects.filter(
        Q(state=OcrJob.State.QUEUED) & (Q(announced_at__isnull=True) | Q(announced_at__lt=stale))
        | Q(state=OcrJob.State.RUNNING, lease_expires_at__lt=now, attempts__lt=settings.JOB_MAX_ATTEMPTS)
    ).order_by("created_at")
    announced = 0
    for job_id in list(due.values_list("pk", flat=True)[:SWEEP_BATCH]):
        if not announce(job_id):
            break
        OcrJob.objects.filter(pk=job_id).update(announced_at=now)
        announced += 1
    return announced, failed


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """Loads the OCR models in this worker process's reading child, so that the first scan does not wait for them."""
    threading.Thread(target=lambda: current_sandbox().prepare(), name="warm-up", daemon=True).start()


@worker_process_shutdown.connect
def cool_down(**_: Any) -> None:
    close_sandbox()
