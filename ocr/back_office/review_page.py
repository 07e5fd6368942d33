"""The review page: the document on one side, what was read and what would be paid on the other."""

from typing import Any
from uuid import UUID

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from ocr.back_office.panels import fresh, page_context
from ocr.back_office.requests import may_look
from ocr.models import OcrJob, OcrReading
from ocr.review_queue import waiting

ADDRESSES = (
    "check",
    "correct",
    "payee",
    "again",
    "approve",
    "reject",
    "settle",
    "skip",
    "looking",
    "state",
    "search",
    "create",
    "account",
)


def review_page(request: HttpRequest, job_id: UUID, *, site: AdminSite) -> HttpResponse:
    if not may_look(request):
        raise PermissionDenied
    job = OcrJob.objects.filter(pk=job_id).first()
    if job is None:
        raise Http404
    job = fresh(job)
    context: dict[str, Any] = {
        **site.each_context(request),
        **page_context(request, job),
        "title": job.invoice_number or job.upload.file_name,
        "pages": _pages(job),
        "addresses": {name: reverse(f"admin:ocr_ocrjob_{name}", args=[job.pk]) for name in ADDRESSES},
        "waiting": waiting().count(),
        "is_read": OcrReading.objects.filter(job=job).exists(),
        "opts": OcrJob._meta,
        "has_view_permission": True,
    }
    return TemplateResponse(request, "admin/ocr/ocrjob/review.html", context)


def _pages(job: OcrJob) -> list[dict[str, Any]]:
    """Size in points, and where picture and words are; of a document that could not be read the first page alone."""
    reading = OcrReading.objects.filter(job=job).values("read_at", "document__pages").first()
    if reading is None:
        return [_page(job, number=1, width=595.0, height=842.0, read="")] if job.upload.file_extension != "xml" else []
    read = f"{reading['read_at']:%Y%m%d%H%M%S%f}"
    return [
        _page(job, number=page["number"], width=page["width"], height=page["height"], read=read)
        for page in reading["document__pages"]
    ]


def _page(job: OcrJob, *, number: int, width: float, height: float, read: str) -> dict[str, Any]:
    image = reverse("admin:ocr_ocrjob_page_image", args=[job.pk, number])
    return {
        "number": number,
        "width": round(width, 2),
        "height": round(height, 2),
        # A document that is read anew may lie otherwise: its picture has another address.
        "image": f"{image}?read={read}",
        "words": reverse("admin:ocr_ocrjob_page_words", args=[job.pk, number]),
    }
