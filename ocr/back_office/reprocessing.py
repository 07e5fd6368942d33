"""Processing jobs again from the list, with a look at what would become different before it does.

The page between list and work hands the chosen jobs on in one field: Django takes a thousand fields of a form at most.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import ModelAdmin, helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from invoices.uploads import StorageUnavailable, StoredDocumentMissing
from ocr.differences import difference, snapshot_of, snapshot_of_processed
from ocr.models import OcrJob, OcrReviewDecision, Stage
from ocr.processing import run
from ocr.reading.document import UnreadableDocument
from ocr.review import JobPurged, JobRejected, JobStillRunning, ask_again

CHOSEN = "chosen"
MOST_AT_ONCE = 10_000
SHOWN = 10  # jobs of which the difference is worked out; each takes about a tenth of a second
STAGES = ((Stage.MATCH, "match the counterparty"), (Stage.EXTRACT, "extract the fields and match"))
ENDED = (OcrJob.State.FINISHED, OcrJob.State.FAILED)
LEFT_ALONE: tuple[tuple[type[JobStillRunning], str], ...] = (
    (JobRejected, "were rejected and were left alone: a rejected document is not processed again"),
    (JobPurged, "were left alone, for their documents were deleted after their customer's period"),
    (JobStillRunning, "are still running and were left alone; try again later"),
)
"""Why a job is not processed again, the special reasons before the one that they are made of."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What processing one job again would change; `lines` is empty when nothing would, `refusal` says why not."""

    job: OcrJob
    url: str
    lines: list[str]
    refusal: str = ""


def process_again(
    modeladmin: "ModelAdmin[OcrJob]", request: HttpRequest, jobs: QuerySet[OcrJob]
) -> HttpResponse | None:
    """The admin action: first the page with the difference, then, once that is confirmed, the work."""
    stage = request.POST.get("from_stage", Stage.MATCH)
    if stage not in dict(STAGES):
        messages.error(request, "Choose from which stage on the jobs are to be processed again.")
        return None
    count = jobs.count()
    if count > MOST_AT_ONCE:
        most = f"at most {MOST_AT_ONCE:,} are processed again at once"
        messages.error(request, f"{count:,} jobs are chosen, and {most}; narrow the list down.")
        return None
    if "confirmed" in request.POST:
        ask_all(request, jobs, stage)
        return None
    running = jobs.exclude(state__in=ENDED).count()
    rejected = jobs.filter(review_decision__decision=OcrReviewDecision.Decision.REJECTED)
    purged = jobs.filter(purged_at__isnull=False)
    ended = jobs.filter(state__in=ENDED).exclude(pk__in=rejected.values("pk")).exclude(purged_at__isnull=False)
    chosen = list(ended.select_related("customer", "upload", "transfer").order_by("created_at")[:SHOWN])
    context = {
        **modeladmin.admin_site.each_context(request),
        "opts": modeladmin.model._meta,
        "title": "Process again",
        "stages": STAGES,
        "from_stage": stage,
        "previews": [preview(job=job, from_stage=stage) for job in chosen],
        "chosen": " ".join(str(pk) for pk in jobs.values_list("pk", flat=True)),
        "first": jobs.values_list("pk", flat=True).first(),
        "more": max(ended.count() - len(chosen), 0),
        "running": running,
        "rejected": rejected.count(),
        "purged": purged.count(),
        "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/ocr/ocrjob/process_again.html", context)


def handed_on(request: HttpRequest) -> list[UUID] | None:
    """The ids that the page handed on, None when the list itself asks. What is no id is nobody's job."""
    if CHOSEN not in request.POST:
        return None
    try:
        return [UUID(text) for text in request.POST[CHOSEN].split()]
    except ValueError:
        return []


def preview(*, job: OcrJob, from_stage: str) -> Preview:
    """Works the job out anew from this stage on, and writes nothing."""
    url = reverse("admin:ocr_ocrjob_review", args=[job.pk])
    try:
        after = snapshot_of_processed(run(job=job, from_stage=from_stage))
    except (UnreadableDocument, StoredDocumentMissing, StorageUnavailable) as error:
        return Preview(job=job, url=url, lines=[], refusal=str(error))
    return Preview(job=job, url=url, lines=difference(before=snapshot_of(job), after=after))


def ask_all(request: HttpRequest, jobs: Iterable[OcrJob], from_stage: str) -> None:
    """Asks for each to be processed again, and tells how many are and how many were left alone."""
    asked, left = 0, Counter[str]()
    for job in jobs:
        try:
            ask_again(job=job, from_stage=from_stage, by=request.user.get_username())
            asked += 1
        except JobStillRunning as refused:
            left[next(why for kind, why in LEFT_ALONE if isinstance(refused, kind))] += 1
    if asked:
        messages.success(request, f"{asked} jobs are being processed again; reload this page in a moment.")
    for why, count in left.items():
        messages.warning(request, f"{count} jobs {why}.")
