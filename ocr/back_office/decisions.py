"""Approving, rejecting, and going on to the next job."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from ocr import approval
from ocr.back_office.panels import panels
from ocr.back_office.requests import answer, of_job, person, seen_version, sent, text_of
from ocr.models import OcrJob
from ocr.onlookers import look_away
from ocr.review_queue import next_job

LONGEST_REASON = 1_000


@of_job(method="POST", permission="ocr.approve_ocrjob")
def approve(request: HttpRequest, job: OcrJob) -> HttpResponse:
    pending = approval.approve(job_id=job.pk, seen=seen_version(sent(request)), by=person(request), now=timezone.now())
    return _gone_on(request, job, said=f"Approved: {pending.destination_name} will be paid.")


@of_job(method="POST", permission="ocr.change_ocrjob")
def reject(request: HttpRequest, job: OcrJob) -> HttpResponse:
    body = sent(request)
    approval.reject(
        job_id=job.pk,
        seen=seen_version(body),
        reason=text_of(body, "reason", most=LONGEST_REASON),
        by=person(request),
        now=timezone.now(),
    )
    return _gone_on(request, job, said=f"Rejected: {job.upload.file_name}.")


@of_job(method="POST", permission="ocr.change_ocrjob")
def settle(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """That a person has looked into a blocker (`code`) of a draft that was edited by hand."""
    body = sent(request)
    approval.settle(
        job_id=job.pk,
        seen=seen_version(body),
        code=text_of(body, "code", most=60),
        by=person(request),
        now=timezone.now(),
    )
    return answer(panels(request, job))


@of_job(method="POST")
def skip(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """On to the next job; this one stays where it is in the queue."""
    return _gone_on(request, job, said="")


def first(request: HttpRequest) -> HttpResponse:
    """The head of the queue; the list where nothing waits."""
    return HttpResponseRedirect(_next_url(request, after=None))


def _gone_on(request: HttpRequest, job: OcrJob, *, said: str) -> HttpResponse:
    look_away(job=job, by=person(request))
    if said:
        messages.success(request, said)
    return answer({"next": _next_url(request, after=job)})


def _next_url(request: HttpRequest, *, after: OcrJob | None) -> str:
    job = next_job(after=after, by=person(request), now=timezone.now())
    if job is None:
        messages.info(request, "No other job waits for a review.")
        return reverse("admin:ocr_waitingjob_changelist")
    return reverse("admin:ocr_ocrjob_review", args=[job.pk])
