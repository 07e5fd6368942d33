"""Jobs that a person has reviewed, as documents of known truth: what was corrected and what was let stand."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from ocr.evaluation.comparison import Expected, expected
from ocr.evaluation.scoring import ScoredDocument, Subject, score
from ocr.evidence import decisions_of
from ocr.extraction.fields import RESULT_NAMES, FieldName
from ocr.models import OcrJob
from ocr.pipeline import Stopwatch, extract
from ocr.processing import surroundings_of
from ocr.reading.document import DocumentText, document_from_plain
from transfers.models import Transfer

_LOOKED_AT: tuple[FieldName, ...] = (*RESULT_NAMES, "seller_name")
"""What somebody who approves a draft has before them."""


def reviewed_jobs() -> QuerySet[OcrJob]:
    """Finished jobs with a correction, or whose draft was finalised, the oldest first; with what scoring needs."""
    approved = Q(transfer__status=Transfer.Status.SUPERSEDED, transfer__edited_at__isnull=True)
    return (
        OcrJob.objects.filter(Q(corrections__isnull=False) | approved, state=OcrJob.State.FINISHED, purged_at=None)
        .select_related("customer", "upload", "transfer", "reading")
        .order_by("created_at", "id")
        .distinct()
    )


def truth_of(job: OcrJob) -> dict[FieldName, Expected]:
    """What is true of the job's fields; fields that nobody decided about are not in it.

    A correction is the truth, also that a field has to be empty. Where the draft was finalised as it stood, every other
    value on it was approved; a draft that was edited by hand approves nothing, for nobody said which field was wrong.
    """
    truth: dict[FieldName, Expected] = {}
    if job.transfer and job.transfer.status == Transfer.Status.SUPERSEDED and job.transfer.edited_at is None:
        approved = {row.name: row.value for row in job.fields.all() if row.value is not None}
        truth = {name: expected(name=name, values=[approved[name]]) for name in _LOOKED_AT if name in approved}
    for name, value in decisions_of(job).values:
        truth[name] = Expected(()) if value is None else expected(name=name, values=[value])
    return truth


def scored_job(job: OcrJob) -> ScoredDocument | None:
    """What extraction makes of the stored reading today, without anybody's corrections, against the truth.

    None where there is no reading or nothing was decided about a field. The supplier groups the jobs.
    """
    truth = truth_of(job)
    if not truth or not hasattr(job, "reading"):
        return None
    document = document_from_plain(job.reading.document)
    surroundings = surroundings_of(job=job, now=timezone.now())
    fields = extract(
        document=document,
        payer=surroundings.payer,
        today=surroundings.today,
        strictness=surroundings.strictness,
        stopwatch=Stopwatch(),
    )
    names = truth.get("seller_name")
    supplier = job.counterparty_id or (names.values[0] if names and names.values else job.pk)
    subject = Subject(id=str(job.pk), group=str(supplier), kind=document.kind, segment=_segment(document))
    return score(subject=subject, truth=truth, fields=fields)


def _segment(document: DocumentText) -> str:
    if document.xml:
        return "e-invoices"
    return "scans" if any(page.source == "ocr" for page in document.pages) else "digital PDFs"
