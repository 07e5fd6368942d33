"""Who may work on a job, and until when: claims by conditional update, with a lease and a fencing token.

A claim is committed before the work begins. Every write-back names its token, so that a process which lost its lease,
was frozen and wakes up again changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from customers.sentences import Sentence, plain_sentence
from ocr.job_events import record_end
from ocr.models import OcrJob, OcrRun
from ocr.pipeline import PIPELINE_VERSION
from ocr.turns import NOBODY, customers_in_turn, lock_head

CRASHED_CODE = "processing_crashed"
CRASHED_MESSAGE = Sentence(
    "This document could not be processed, although it was tried several times; an operator "
    "has to look at it, or send it again in another format."
)

# The customer that this process served last: each worker goes round the ring of those who wait by itself.
_served = NOBODY


class ClaimLost(Exception):
    """Somebody else holds the job now; nothing of this claim's work may be written."""


@dataclass(frozen=True, slots=True)
class Claim:
    job_id: UUID
    token: UUID
    attempt: int
    from_stage: str
    asked_within: Mapping[str, str] = field(default_factory=dict)


def claim_job(*, job_id: UUID, now: datetime) -> Claim | None:
    """The claim on this job, if it is queued or its lease has run out; None when there is nothing to do for us."""
    with transaction.atomic():
        return _claim(job_id, now=now)


def claim_next(*, now: datetime) -> Claim | None:
    """The claim on the job whose turn it is; None when none waits, or others are at all of them.

    First come the customers with the fewest running jobs, then the one whose turn is next; of a customer the job that
    has waited longest. However many documents one customer sends, another's is next when a worker is free.
    """
    global _served
    for customer_id in customers_in_turn(served=_served, now=now):
        with transaction.atomic():
            job_id = lock_head(customer_id=customer_id, now=now)
            claim = _claim(job_id, now=now) if job_id else None
        if claim is not None:
            _served = customer_id
            return claim
    return None


def _claim(job_id: UUID, *, now: datetime) -> Claim | None:
    token = uuid4()
    claimed = (
        OcrJob.objects.filter(pk=job_id, attempts__lt=settings.JOB_MAX_ATTEMPTS)
        .filter(Q(state=OcrJob.State.QUEUED) | Q(pk__in=abandoned_jobs(now=now).filter(pk=job_id).values("pk")))
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
    if job.attempts > 1:
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
    return Claim(
        job_id=job_id,
        token=token,
        attempt=job.attempts,
        from_stage=job.from_stage,
        asked_within=job.asked_within,
    )


def abandoned_jobs(*, now: datetime) -> QuerySet[OcrJob]:
    """Running, and the lease has run out; to be asked within a transaction. A row that is locked is left out: its
    holder is just writing, or was frozen while it wrote, and nobody must wait for it to wake up."""
    return OcrJob.objects.select_for_update(skip_locked=True).filter(
        state=OcrJob.State.RUNNING, lease_expires_at__lt=now
    )


def abandoned_job(*, now: datetime) -> UUID | None:
    """A job whose lease has run out and that may be tried again, the one that has waited longest; None when all are in
    good hands."""
    left = OcrJob.objects.filter(
        state=OcrJob.State.RUNNING, lease_expires_at__lt=now, attempts__lt=settings.JOB_MAX_ATTEMPTS
    )
    return left.order_by("lease_expires_at").values_list("pk", flat=True).first()


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
        jobs = OcrJob.objects.select_for_update(of=("self",)).select_related("upload", "customer")
        job = jobs.filter(pk=claim.job_id).first()
        if job is None or job.state != OcrJob.State.RUNNING or job.claim_token != claim.token:
            raise ClaimLost(f"job {claim.job_id} is no longer ours")
        yield job


def release_claim(*, claim: Claim, error: str, now: datetime) -> None:
    """Puts the job back for another attempt in a while; after the last one it fails for good. Raises `ClaimLost`."""
    with holding(claim) as job:
        if claim.attempt >= settings.JOB_MAX_ATTEMPTS:
            _fail(job, code=CRASHED_CODE, message=CRASHED_MESSAGE, now=now)
            end_run(claim=claim, outcome=OcrRun.Outcome.FAILED, now=now, error=error)
            return
        _put_back(job, now=now)
        end_run(claim=claim, outcome=OcrRun.Outcome.RETRIED, now=now, error=error)


def postpone_claim(*, claim: Claim, now: datetime) -> None:
    """Puts the job back as though this attempt had not been: nothing is wrong with the document. Raises `ClaimLost`."""
    with holding(claim) as job:
        job.attempts = claim.attempt - 1
        _put_back(job, now=now)
        OcrRun.objects.filter(token=claim.token).delete()


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
    blockers: Sequence[str] | None = None,
) -> None:
    """Closes the run of this claim; call it inside `holding`."""
    OcrRun.objects.filter(token=claim.token).update(
        outcome=outcome,
        ended_at=now,
        error=error,
        engine=engine,
        seconds=seconds or {},
        blockers=None if blockers is None else list(blockers),
    )


def fail_exhausted(*, now: datetime) -> int:
    """Fails the jobs whose last attempt crashed: lease run out, no attempt left. Their number."""
    exhausted = OcrJob.objects.filter(
        state=OcrJob.State.RUNNING, lease_expires_at__lt=now, attempts__gte=settings.JOB_MAX_ATTEMPTS
    ).values_list("pk", flat=True)
    failed = 0
    for job_id in list(exhausted):
        with transaction.atomic():
            job = abandoned_jobs(now=now).filter(pk=job_id).first()
            if job is None:
                continue
            _close_run_of_dead_claim(job, now=now)
            _fail(job, code=CRASHED_CODE, message=CRASHED_MESSAGE, now=now)
            failed += 1
    return failed


def _put_back(job: OcrJob, *, now: datetime) -> None:
    """At the end of its customer's line, and not at once: what was in the way is given time to go."""
    job.state = OcrJob.State.QUEUED
    job.lease_expires_at = None
    job.announced_at = now
    job.due_at = now + settings.JOB_ANNOUNCE_AGAIN_AFTER
    job.save(update_fields=["state", "attempts", "lease_expires_at", "announced_at", "due_at", "modified_at"])


def _close_run_of_dead_claim(job: OcrJob, *, now: datetime) -> None:
    OcrRun.objects.filter(job=job, outcome=OcrRun.Outcome.RUNNING).update(
        outcome=OcrRun.Outcome.RETRIED, ended_at=now, error="The process that worked on the job went away."
    )


def _fail(job: OcrJob, *, code: str, message: str, now: datetime) -> None:
    job.state = OcrJob.State.FAILED
    job.lease_expires_at = None
    job.finished_at = now
    job.failure_code = code
    said = plain_sentence(message)
    job.message, job.message_parts = said["message"], said["parts"]
    failure = ("failure_code", "message", "message_parts")
    job.save(update_fields=["state", "lease_expires_at", "finished_at", *failure, "modified_at"])
    record_end(job=job, now=now)
