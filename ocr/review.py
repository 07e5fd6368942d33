"""What people decide about a job: corrections, and asking for it to be processed again."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from customers.audit.recording import record
from customers.sentences import Sentence
from customers.telemetry.spans import origin
from ocr.approval import open_job
from ocr.checked_values import CorrectionRejected, checked_correction
from ocr.corrections import Place
from ocr.learning import judge_correction
from ocr.models import OcrCorrection, OcrJob, OcrReviewDecision, Stage
from ocr.processing import process_job
from ocr.tasks import announce
from ocr.turns import place_in_line
from ocr.versions import Version

# Names and addresses of people stand with the correction alone, which goes when the document does; the trail stays.
PERSONAL = frozenset({"customer_name", "customer_email", "seller_name", "seller_email", "seller_address"})


class JobStillRunning(Exception):
    """The job has not ended yet, so it cannot be processed again."""


class JobRejected(JobStillRunning):
    """Somebody rejected the document, so it is not processed again."""


class JobPurged(JobStillRunning):
    """The document was deleted after its customer's period, so there is nothing to process."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of a field, the counterparty or the account; `after` None empties it."""

    target: str
    after: str | None
    place: Place | None = None
    reason: str = ""


def ask_again(*, job: OcrJob, from_stage: str, by: str, is_announced: bool = True) -> OcrJob:
    """Queues an ended job again from this stage on; corrections, upload and draft stay.

    Without `is_announced` the caller processes the job itself, and no worker takes it for a while. Raises
    `JobStillRunning`, `JobPurged`, and `JobRejected` where a person has rejected the document.
    """
    now = timezone.now()
    rejected = OcrReviewDecision.objects.filter(job=job, decision=OcrReviewDecision.Decision.REJECTED).first()
    if rejected is not None:
        raise JobRejected(f"{rejected.decided_by} rejected this document; send it again if that was wrong.")
    with transaction.atomic():
        ended = OcrJob.objects.filter(pk=job.pk, state__in=[OcrJob.State.FINISHED, OcrJob.State.FAILED])
        asked = ended.filter(purged_at__isnull=True).update(
            state=OcrJob.State.QUEUED,
            from_stage=from_stage,
            asked_by=by,
            asked_within=origin(),
            attempts=0,
            claim_token=None,
            lease_expires_at=None,
            announced_at=now,
            due_at=place_in_line(now) if is_announced else now + settings.JOB_ANNOUNCE_AGAIN_AFTER,
            modified_at=now,
        )
        if not asked and ended.exists():
            raise JobPurged(
                Sentence("The document of this job was deleted after its customer's period; send it again if need be.")
            )
        if not asked:
            raise JobStillRunning(Sentence("The job is still queued or running; ask again once it has ended."))
        if is_announced:
            transaction.on_commit(partial(announce, job.pk))
    job.refresh_from_db()
    return job


def correct(
    *, job: OcrJob, target: str, after: str | None, by: str, reason: str = "", place: Place | None = None
) -> OcrCorrection:
    """Stores what a person decided about a field, the counterparty or the account; None empties the field. `place` is
    where on the page the value was taken from.

    The job changes when it is next processed from the match stage. Raises `CorrectionRejected`.
    """
    value = checked_correction(job=job, target=target, after=after)
    placed = {"page": place.page, "box": _plain(place), "raw": place.raw} if place and value is not None else {}
    before = _current(job=job, target=target)
    judge_correction(job=job, target=target, after=value, now=timezone.now())
    with transaction.atomic():
        correction = OcrCorrection.objects.create(
            job=job, target=target, before=before, after=value, corrected_by=by, reason=reason, **placed
        )
        said = {} if target in PERSONAL else {"before": before, "after": value}
        record(
            action="job.corrected",
            by=by,
            subject=job,
            customer_id=job.customer_id,
            detail={"target": target, "correction": correction.pk, **said},
        )
    return correction


def correct_and_match(*, job_id: UUID, corrections: Sequence[Correction], seen: Version, by: str) -> OcrJob:
    """The job with these corrections, matched and drafted again; all of them or none.

    It is processed here and now, which takes no reading: a tenth of a second. Where that fails, the job is left queued
    and the sweeper has it done. Raises CorrectionRejected, NotReviewable, ReviewEnded and ChangedMeanwhile.
    """
    if not corrections:
        raise CorrectionRejected("There is nothing to save; enter a value first.")
    with transaction.atomic():
        job = open_job(job_id=job_id, seen=seen)
        if job.state == OcrJob.State.FAILED:
            raise CorrectionRejected("The document could not be read, so there is nothing to correct; reject it.")
        for each in corrections:
            correct(job=job, target=each.target, after=each.after, by=by, reason=each.reason, place=each.place)
        ask_again(job=job, from_stage=Stage.MATCH, by=by, is_announced=False)
    process_job(job.pk)
    job.refresh_from_db()
    return job


def match_again(*, job_id: UUID, seen: Version, by: str) -> OcrJob:
    """The job, matched and drafted again with the books as they are now; otherwise as `correct_and_match`."""
    with transaction.atomic():
        job = open_job(job_id=job_id, seen=seen)
        is_read = job.state == OcrJob.State.FINISHED
        ask_again(job=job, from_stage=Stage.MATCH if is_read else Stage.READ, by=by, is_announced=not is_read)
    if is_read:
        process_job(job.pk)
    job.refresh_from_db()
    return job


def payee_corrections(
    *, job: OcrJob, counterparty_id: str | None = None, account_id: str | None = None
) -> list[Correction]:
    """What to store when a person chooses whom, or which account, to pay: another payee takes back an account that was
    chosen before."""
    chosen = [Correction("counterparty_id", counterparty_id)] if counterparty_id else []
    if account_id:
        return [*chosen, Correction("cp_account_id", account_id)]
    newest = job.corrections.filter(target="cp_account_id").last()
    if counterparty_id and newest is not None and newest.after:
        chosen.append(Correction("cp_account_id", None))
    return chosen


def _current(*, job: OcrJob, target: str) -> str | None:
    if target == "counterparty_id":
        return str(job.counterparty_id) if job.counterparty_id else None
    if target == "cp_account_id":
        return str(job.account_id) if job.account_id else None
    field = job.fields.filter(name=target).first()
    return field.value if field else None


def _plain(place: Place) -> list[float]:
    return [round(side, 2) for side in (place.box.x0, place.box.y0, place.box.x1, place.box.y1)]
