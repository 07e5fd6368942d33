"""Who may work on a job, and until when: claims by conditional update, with a lease and a fencing token.

A claim is committed before the work begins. Every write-back names its token, so that a process which lost its lease,
was frozen and wakes up again changes nothing.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from ocr.job_events import record_end
from ocr.models import OcrJob, OcrRun
from ocr.pipeline import PIPELINE_VERSION

CRASHED_CODE = "processing_crashed"
CRASHED_MESSAGE = (
    "This document could not be processed, although it was tried several times; "
    "an operator has to look at it, or send it again in another format."
)


class ClaimLost(Exception):
    """Somebody else holds the job now; nothing of this claim's work may be written."""


@dataclass(frozen=True, slots=True)
class Claim:
    job_id: uuid.UUID
    token: uuid.UUID
    attempt: int
    from_stage: str


def claim_job(*, job_id: uuid.UUID, now: datetime) -> Claim | None:
    """The claim on a job that is queued or whose lease has run out; None when there is nothing to do for us."""
    token = uuid.uuid4()
    with transaction.atomic():
        claimed = (
            OcrJob.objects.filter(pk=job_id, attempts__lt=settings.JOB_MAX_ATTEMPTS)
            .filter(Q(state=OcrJob.State.QUEUED) | Q(state=OcrJob.State.RUNNING, lease_expires_at__lt=now))
            .update(
                state=OcrJob.State.RUNNING,
                attempts=F("attempts") + 1,
                claim_token=token,
                lease_expires_at=now + settings.JOB_LEASE,
                modified_at=now,
            )
        )
        if not claimed:
            return None
        job = OcrJob.objects.get(pk=job_id)
        _close_run_of_dead_claim(job, now=now)
        OcrRun.objects.create(
            job=job,
            token=token,
            attempt=job.attempts,
            from_stage=job.from_stage,
            asked_by=job.asked_by,
            started_at=now,
            pipeline_version=PIPELINE_VERSION,
        )
    return Claim(job_id=job_id, token=token, attempt=job.attempts, from_stage=job.from_stage)


def renew_claim(*, claim: Claim, now: datetime) -> bool:
    """Moves the end of the lease away from now; False when the claim no longer holds."""
    renewed = OcrJob.objects.filter(pk=claim.job_id, state=OcrJob.State.RUNNING, claim_token=claim.token).update(
        lease_expires_at=now + settings.JOB_LEASE
    )
    return renewed == 1


@contextmanager
def holding(claim: Claim) -> Iterator[OcrJob]:
    """One transaction in which the claim is known to hold; raises `ClaimLost` otherwise. Write results inside only."""
    with transaction.atomic():
        job = OcrJob.objects.select_for_update().filter(pk=claim.job_id).first()
        if job is None or job.state != OcrJob.State.RUNNING or job.claim_token != claim.token:
            raise ClaimLost(f"job {claim.job_id} is no longer ours")
        yield job


def release_claim(*, claim: Claim, error: str, now: datetime) -> None:
    """Puts the job back for another attempt; after the last one it fails for good. Raises `ClaimLost`."""
    with holding(claim) as job:
        if claim.attempt >= settings.JOB_MAX_ATTEMPTS:
            _fail(job, code=CRASHED_CODE, message=CRASHED_MESSAGE, now=now)
            end_run(claim=claim, outcome=OcrRun.Outcome.FAILED, now=now, error=error)
            return
        job.state = OcrJob.State.QUEUED
        job.lease_expires_at = None
        job.announced_at = now
        job.save(update_fields=["state", "lease_expires_at", "announced_at", "modified_at"])
        end_run(claim=claim, outcome=OcrRun.Outcome.RETRIED, now=now, error=error)


def fail_job(*, claim: Claim, code: str, message: str, now: datetime) -> None:
    """The document itself is at fault: the job ends as failed, with a sentence for the sender. Raises `ClaimLost`."""
    with holding(claim) as job:
        _fail(job, code=code, message=message, now=now)
        end_run(claim=claim, outcome=OcrRun.Outcome.FAILED, now=now, error=f"{code}: {message}")


def end_run(
    *,
    claim: Claim,
    outcome: str,
    now: datetime,
    error: str = "",
    engine: str = "",
    seconds: dict[str, float] | None = None,
) -> None:
    """Closes the run of this claim; call it inside `holding`."""
    OcrRun.objects.filter(token=claim.token).update(
        outcome=outcome, ended_at=now, error=error, engine=engine, seconds=seconds or {}
    )


def fail_exhausted(*, now: datetime) -> int:
    """Fails the jobs whose last attempt crashed: lease run out, no attempt left. Their number."""
    exhausted = OcrJob.objects.filter(
        state=OcrJob.State.RUNNING, lease_expires_at__lt=now, attempts__gte=settings.JOB_MAX_ATTEMPTS
    ).values_list("pk", flat=True)
    failed = 0
    for job_id in list(exhausted):
        with transaction.atomic():
            job = OcrJob.objects.select_for_update().get(pk=job_id)
            if job.state != OcrJob.State.RUNNING or job.lease_expires_at is None or job.lease_expires_at >= now:
                continue
            _close_run_of_dead_claim(job, now=now)
            _fail(job, code=CRASHED_CODE, message=CRASHED_MESSAGE, now=now)
            failed += 1
    return failed


def _close_run_of_dead_claim(job: OcrJob, *, now: datetime) -> None:
    OcrRun.objects.filter(job=job, outcome=OcrRun.Outcome.RUNNING).update(
        outcome=OcrRun.Outcome.RETRIED, ended_at=now, error="The process that worked on the job went away."
    )


def _fail(job: OcrJob, *, code: str, message: str, now: datetime) -> None:
    job.state = OcrJob.State.FAILED
    job.lease_expires_at = None
    job.finished_at = now
    job.failure_code = code
    job.message = message
    job.save(update_fields=["state", "lease_expires_at", "finished_at", "failure_code", "message", "modified_at"])
    record_end(job=job, now=now)
