"""The parts of the review page that change when something is saved, as they are rendered and sent again."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from ocr.approval import how_it_ended
from ocr.back_office.field_rows import field_groups
from ocr.back_office.payees import bank_changes_of, candidates_of, missing_account
from ocr.back_office.payment import informing, payment_of
from ocr.back_office.requests import person
from ocr.back_office.story import story_of
from ocr.back_office.validation import sum_checks
from ocr.models import OcrJob
from ocr.versions import version_of

PANELS = ("summary", "fields", "payee", "draft", "story")


def fresh(job: OcrJob) -> OcrJob:
    """The job as it stands now, with what the page shows of it."""
    related = ("customer", "upload", "counterparty", "account", "transfer")
    transfer = ("transfer__source_account", "transfer__destination_account", "transfer__superseded_by")
    return OcrJob.objects.select_related(*related, *transfer).get(pk=job.pk)


def page_context(request: HttpRequest, job: OcrJob) -> dict[str, Any]:
    """What the templates of the page and of its panels are given."""
    values = {row.name: row.value for row in job.fields.all()}
    ended = how_it_ended(job=job, draft=job.transfer)
    is_open = not ended and job.state in {OcrJob.State.FINISHED, OcrJob.State.FAILED}
    may = _permissions(request)
    return {
        "job": job,
        "version": str(version_of(job)),
        "field_groups": field_groups(job),
        "sum_checks": sum_checks(values),
        "read": values,
        "payment": payment_of(job),
        "informing": informing(job),
        "candidates": candidates_of(job),
        "bank_changes": bank_changes_of(job),
        "missing_account": missing_account(job),
        "story": story_of(job),
        "ended": ended,
        "is_open": is_open,
        "is_running": job.state in {OcrJob.State.QUEUED, OcrJob.State.RUNNING},
        "is_failed": job.state == OcrJob.State.FAILED,
        "may": may,
        "may_save": may["correct"] and is_open and job.state == OcrJob.State.FINISHED,
        "may_reject": may["correct"] and is_open,
        "may_approve": may["approve"] and is_open,
        "now": timezone.now(),
        "me": person(request),
    }


def panels(request: HttpRequest, job: OcrJob) -> dict[str, Any]:
    """Version and panels of the job as it stands now, for the script to put in place."""
    job = fresh(job)
    context = page_context(request, job)
    return {
        "version": context["version"],
        "state": job.state,
        "ended": context["ended"],
        "panels": {
            name: render_to_string(f"admin/ocr/ocrjob/review/{name}.html", context, request=request) for name in PANELS
        },
    }


def _permissions(request: HttpRequest) -> dict[str, bool]:
    has = request.user.has_perm
    return {
        "correct": has("ocr.change_ocrjob"),
        "approve": has("ocr.approve_ocrjob"),
        "create": has("counterparties.add_counterparty"),
        "add_account": has("counterparties.add_counterpartyaccount"),
        "ask": has("counterparties.add_bankdetailschange"),
    }
