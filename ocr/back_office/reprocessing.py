"""Processing jobs again from the list, with a look at what would become different before it does."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin import ModelAdmin, helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from invoices.uploads import StorageUnavailable, StoredDocumentMissing
from ocr.differences import difference, snapshot_of, snapshot_of_processed
from ocr.models import OcrJob, Stage
from ocr.processing import run
from ocr.reading.document import UnreadableDocument
from ocr.review import JobStillRunning, ask_again

SHOWN = 10  # jobs of which the difference is worked out; each takes about a tenth of a second
STAGES = ((Stage.MATCH, "match the counterparty"), (Stage.EXTRACT, "extract the fields and match"))
ENDED = (OcrJob.State.FINISHED, OcrJob.State.FAILED)


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
    if "confirmed" in request.POST:
        ask_all(request, jobs, stage)
        return None
    ended = jobs.filter(state__in=ENDED).select_related("customer", "upload", "transfer")
    chosen = list(ended.order_by("created_at")[:SHOWN])
    context = {
        **modeladmin.admin_site.each_context(request),
        "opts": modeladmin.model._meta,
        "title": "Process again",
        "stages": STAGES,
        "from_stage": stage,
        "previews": [preview(job=job, from_stage=stage) for job in chosen],
        "selected": list(jobs.values_list("pk", flat=True)),
        "more": max(ended.count() - len(chosen), 0),
        "running": jobs.exclude(state__in=ENDED).count(),
        "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/ocr/ocrjob/process_again.html", context)


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
    asked = refused = 0
    for job in jobs:
        try:
            ask_again(job=job, from_stage=from_stage, by=request.user.get_username())
            asked += 1
        except JobStillRunning:
            refused += 1
    if asked:
        messages.success(request, f"{asked} jobs are being processed again; reload this page in a moment.")
    if refused:
        messages.warning(request, f"{refused} jobs are still running and were left alone; try again later.")
