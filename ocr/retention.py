"""Deleting documents, and what was read of them, after the period for which their customer keeps them.

What a payment was stays: transfers with amount, payee and reference, who decided what, hashes of documents, and the
audit trail. A document goes only once nothing about it is open.
"""

import logging
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from customers.audit.recording import record
from customers.models import Customer
from customers.sentences import Sentence, plain_sentence
from invoices.models import Upload
from invoices.uploads import StorageUnavailable, delete_file
from ocr.models import (
    HintUse,
    OcrCorrection,
    OcrField,
    OcrJob,
    OcrJobOnlooker,
    OcrMatchCandidate,
    OcrReading,
    OcrReviewDecision,
    OcrRun,
)
from ocr.page_images import forget_pages
from transfers.models import ExportedTransfer, Transfer

log = logging.getLogger(__name__)

BATCH = 200
PURGED = Sentence("The document and what was read of it were deleted after its customer's period; send it again.")
PARTIES = ("counterparty_id", "cp_account_id")  # corrections that say an id and nothing of a document


@dataclass(frozen=True, slots=True)
class Due:
    """A customer's documents that are older than its period: how many may go and their bytes; and how many are kept
    because a person has still to decide, a draft is open, or a payment is in no file yet."""

    documents: int
    content_length: int
    kept: int


@dataclass(frozen=True, slots=True)
class Purged:
    """How many documents went, and how many could not because the storage did not delete them."""

    documents: int
    failed: int


def customers_with_period() -> QuerySet[Customer]:
    """The customers, active or not, that keep documents for some time only."""
    return Customer.objects.filter(documents_kept_months__isnull=False)


def kept_since(*, customer: Customer, now: datetime) -> datetime:
    """What came before is too old. The day of the month is kept, or is the last one of a shorter month."""
    if customer.documents_kept_months is None:
        raise ValueError(f"{customer} keeps its documents.")
    months = now.year * 12 + now.month - 1 - customer.documents_kept_months
    year, month = divmod(months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))


def due(*, customer: Customer, now: datetime) -> Due:
    """What `purge` would do."""
    old = _old(customer=customer, now=now)
    going = settled(old).aggregate(documents=Count("pk"), content_length=Sum("content_length"))
    documents = going["documents"]
    return Due(documents=documents, content_length=going["content_length"] or 0, kept=old.count() - documents)


def settled(uploads: QuerySet[Upload]) -> QuerySet[Upload]:
    """Those of which nothing is open any more.

    A job has ended, and a person has decided about it: its draft was finalised or cancelled, or the document rejected.
    No draft asks to pay the document, and each finalised transfer is in a payment file or was cancelled.
    """
    job = OcrJob.objects.filter(upload=OuterRef("pk"))
    unended = Q(state__in=[OcrJob.State.QUEUED, OcrJob.State.RUNNING])
    undecided = ~Exists(OcrReviewDecision.objects.filter(job=OuterRef("pk")))
    no_draft = ~Exists(Transfer.objects.filter(ocr_job_id=OuterRef("pk")))
    open_job = job.filter(unended | (Q(undecided) & Q(no_draft)))
    payment = Transfer.objects.filter(Q(upload=OuterRef("pk")) | Q(ocr_job_id=OuterRef("ocr_job__pk")))
    in_a_file = Exists(ExportedTransfer.objects.filter(transfer=OuterRef("pk")))
    open_payment = payment.filter(Q(status=Transfer.Status.DRAFT) | (Q(status=Transfer.Status.PENDING) & ~Q(in_a_file)))
    return uploads.filter(~Exists(open_job), ~Exists(open_payment))


def purge(*, customer: Customer, by: str, now: datetime, progress: Callable[[int], None] | None = None) -> Purged:
    """Deletes the customer's settled documents that are too old, each in a transaction of its own.

    It can be cut off at any point and run again, also by two at once. `progress` is told of each batch's end.
    """
    done = failed = 0
    last = UUID(int=0)
    old = settled(_old(customer=customer, now=now)).order_by("pk")
    while ids := list(old.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        for upload_id in ids:
            try:
                done += _purge_one(upload_id=upload_id, by=by, now=now)
            except StorageUnavailable as error:
                failed += 1
                log.warning("document %s is kept for now: %s", upload_id, error)
        last = ids[-1]
        if progress is not None:
            progress(done)
    return Purged(documents=done, failed=failed)


def _old(*, customer: Customer, now: datetime) -> QuerySet[Upload]:
    before = kept_since(customer=customer, now=now)
    return Upload.objects.of([customer.pk]).filter(created_at__lt=before, purged_at__isnull=True)


@transaction.atomic
def _purge_one(*, upload_id: UUID, by: str, now: datetime) -> bool:
    """Whether there was anything to delete. The locks are taken in the order in which a review takes them."""
    job = OcrJob.objects.select_for_update().filter(upload=upload_id).first()
    list(Transfer.objects.select_for_update().filter(upload=upload_id).order_by("pk"))
    upload = Upload.objects.select_for_update().filter(pk=upload_id, purged_at__isnull=True).first()
    # Asked again under the locks: somebody may have asked for it to be processed, or drafted a payment of it.
    if upload is None or not settled(Upload.objects.filter(pk=upload_id)).exists():
        return False
    if job is not None:
        _empty(job, now=now)
    upload.purged_at = now
    upload.file_name = f"document.{upload.file_extension}"
    upload.save(update_fields=["purged_at", "file_name", "modified_at"])
    told = {"sha256": upload.sha256, "received_at": upload.created_at.isoformat(), "job_id": job.pk if job else None}
    record(
        action="document.purged",
        by=by,
        subject=upload,
        customer_id=upload.customer_id,
        named=upload.content_type,
        detail=told,
    )
    # Last: what is deleted comes back with no transaction. A run that is cut off here finds the file gone.
    delete_file(upload)
    forget_pages(upload_sha256=upload.sha256)
    # And once more when everybody knows: a page that is being drawn right now is kept until then.
    transaction.on_commit(lambda: forget_pages(upload_sha256=upload.sha256))
    return True


def _empty(job: OcrJob, *, now: datetime) -> None:
    """The job without what was read; its states, its payee by id and who decided what stay."""
    for model in (OcrReading, OcrField, OcrMatchCandidate, OcrJobOnlooker, HintUse):
        model._default_manager.filter(job=job).delete()
    OcrCorrection.objects.filter(job=job).exclude(target__in=PARTIES).update(before=None, after=None)
    OcrCorrection.objects.filter(job=job).update(reason="", raw="", page=None, box=None)
    OcrRun.objects.filter(job=job).update(error="")
    job.result, job.seller_key, job.seller_contacts, job.name_check = {}, "", {}, None
    job.tax_breakdown, job.warnings, job.notes = [], [], []
    said = plain_sentence(PURGED)
    job.message, job.message_parts = said["message"], said["parts"]
    job.purged_at = now
    job.save()
