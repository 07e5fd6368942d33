"""How the review of a job ends: its draft is finalised, or the document is rejected and the draft cancelled."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from customers.audit.recording import record
from ocr.learning import judge_approval, learn
from ocr.models import OcrJob, OcrReviewDecision
from ocr.new_payees import check_approver
from ocr.versions import Version, check_version
from transfers.answers import SETTLED_BY_WORD
from transfers.checks import PAYMENT_FILE_OUT
from transfers.finalizing import cancel_transfer, finalize_transfer, open_blockers
from transfers.models import Transfer
from transfers.writing import edit_draft

Decision = OcrReviewDecision.Decision
ENDED = (OcrJob.State.FINISHED, OcrJob.State.FAILED)


class ReviewEnded(Exception):
    """The job was approved or rejected before; nothing about it changes any more."""


class NotReviewable(Exception):
    """The job is still being processed, or has no draft to approve."""


class NotSettled(Exception):
    """The blocker is none that a person's word alone settles here."""


class ReasonMissing(ValueError):
    """A document is rejected with a reason only."""


@transaction.atomic
def approve(*, job_id: UUID, seen: Version, by: str, now: datetime) -> Transfer:
    """The pending transfer that the job's draft has become; what was corrected on the job is learnt.

    Raises NotReviewable, ReviewEnded, ChangedMeanwhile, FinalizeBlocked with what still stands in the way, and
    EnteredByApprover where a second person has to do it.
    """
    job = open_job(job_id=job_id, seen=seen)
    if job.transfer is None:
        raise NotReviewable("The document could not be read, so there is nothing to approve; reject it.")
    check_approver(job=job, draft=job.transfer, by=by)
    pending = finalize_transfer(transfer_id=job.transfer.pk, by=by, now=now)
    OcrReviewDecision.objects.create(job=job, decision=Decision.APPROVED, decided_by=by, decided_at=now)
    _record(job, decision=Decision.APPROVED, by=by, detail={"transfer_id": pending.pk})
    judge_approval(job=job, now=now)
    learn(job=job, by=by, now=now)
    return pending


@transaction.atomic
def reject(*, job_id: UUID, seen: Version, reason: str, by: str, now: datetime) -> OcrReviewDecision:
    """The decision; the draft, if there is one, is cancelled.

    Raises ReasonMissing, NotReviewable, ReviewEnded and ChangedMeanwhile.
    """
    if not reason.strip():
        raise ReasonMissing("Say why the document is rejected; who sent it will ask.")
    job = open_job(job_id=job_id, seen=seen)
    if job.transfer_id is not None:
        cancel_transfer(transfer_id=job.transfer_id, by=by, now=now)
    _record(job, decision=Decision.REJECTED, by=by, detail={"reason": reason.strip()})
    return OcrReviewDecision.objects.create(
        job=job, decision=Decision.REJECTED, decided_by=by, decided_at=now, reason=reason.strip()
    )


@transaction.atomic
def settle(*, job_id: UUID, seen: Version, code: str, by: str, now: datetime) -> Transfer:
    """The draft without this blocker, which the person has looked into.

    For drafts that somebody has edited, which corrections of fields no longer change, and for what no field is about;
    on any other one the field in question is confirmed instead. Raises NotSettled, NotReviewable, ReviewEnded and
    ChangedMeanwhile.
    """
    job = open_job(job_id=job_id, seen=seen)
    draft = Transfer.objects.filter(pk=job.transfer_id or UUID(int=0)).first()
    if draft is None or (draft.edited_at is None and code != PAYMENT_FILE_OUT):
        raise NotSettled("Confirm or correct the field that it is about; nobody has edited this draft.")
    if code not in SETTLED_BY_WORD or code not in open_blockers(draft):
        raise NotSettled("Nobody's word settles this; change the draft, or reject the document.")
    return edit_draft(transfer_id=draft.pk, source=None, destination=None, settled=[code], fields={}, by=by, now=now)


def _record(job: OcrJob, *, decision: str, by: str, detail: dict[str, Any]) -> None:
    record(action=f"job.{decision}", by=by, subject=job, customer_id=job.customer_id, detail=detail)


def open_job(*, job_id: UUID, seen: Version) -> OcrJob:
    """The job under a row lock, with its draft, known to be as it was seen and to wait for a review.

    Call it inside a transaction. Raises NotReviewable, ReviewEnded, ChangedMeanwhile and `OcrJob.DoesNotExist`.
    """
    job = OcrJob.objects.select_for_update(of=("self",)).select_related("customer", "upload").get(pk=job_id)
    if job.state not in ENDED:
        raise NotReviewable("The job is being processed just now; wait a moment and look again.")
    draft = Transfer.objects.select_for_update().filter(ocr_job_id=job.pk, supersedes__isnull=True).first()
    check_version(job=job, seen=seen)
    if ended := how_it_ended(job=job, draft=draft):
        raise ReviewEnded(ended)
    return job


def how_it_ended(*, job: OcrJob, draft: Transfer | None) -> str:
    """How the review of the job ended, as a sentence; empty while it is open."""
    decision = OcrReviewDecision.objects.filter(job=job).first()
    if decision is not None:
        why = f": {decision.reason}" if decision.reason else "."
        return f"{decision.decided_by} {decision.decision} this on {decision.decided_at:%Y-%m-%d at %H:%M} UTC{why}"
    if draft is None or draft.status == Transfer.Status.DRAFT:
        return ""
    verb = "finalised" if draft.status == Transfer.Status.SUPERSEDED else "cancelled"
    return f"{draft.modified_by or 'Somebody'} {verb} the draft on {draft.modified_at:%Y-%m-%d at %H:%M} UTC."
