"""Paths on which a document comes in and is worked on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rest_framework.test import APIClient

from config.celery import app
from customers.models import Customer
from invoices.models import Upload
from ocr.claims import CRASHED_CODE
from ocr.intake import accept_document
from ocr.models import OcrJob
from tests.documents import as_base64, invoice_pdf
from tests.services import ROOT
from transfers.models import Transfer

Facts = dict[str, Any]
PDF, EINVOICE, UNREADABLE = "pdf", "e-invoice", "unreadable"
SAMPLE = ROOT / "samples/invoices/freight-facturx-de.pdf"


def content_of(kind: str) -> bytes:
    if kind == EINVOICE:
        return Path(SAMPLE).read_bytes()
    return invoice_pdf() if kind == PDF else b"%PDF-1.7 nothing behind it"


def client(facts: Facts) -> APIClient:
    caller = APIClient(HTTP_HOST="localhost")
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {facts['key']}")
    return caller


def customer(facts: Facts) -> Customer:
    return Customer.objects.get(pk=facts["customer_id"])


def job_of(facts: Facts) -> OcrJob:
    return OcrJob.objects.get(pk=facts["job_id"])


# --- how it is before ---


def nothing(_: Facts) -> Facts:
    return {}


def queued(facts: Facts, kind: str) -> Facts:
    """A job whose message is still on its way."""
    job = accept_document(customer=customer(facts), content=content_of(kind), file_name="bill.pdf", by="test")
    return {"job_id": str(job.pk), "kind": kind}


def queued_pdf(facts: Facts) -> Facts:
    return queued(facts, PDF)


def queued_einvoice(facts: Facts) -> Facts:
    return queued(facts, EINVOICE)


def queued_unreadable(facts: Facts) -> Facts:
    return queued(facts, UNREADABLE)


def finished(facts: Facts) -> Facts:
    made = queued_pdf(facts)
    work(made)
    return made


# --- what is walked ---


def post(facts: Facts) -> None:
    answered(_posted(facts), 202)


def work(facts: Facts) -> None:
    app.tasks["ocr.tasks.process"](facts["job_id"])


def ask_again(facts: Facts) -> None:
    answered(_asked(facts), 202)


def answered(answer: Any, status: int) -> Any:
    """The body. Raises AssertionError on another status."""
    assert answer.status_code == status, (answer.status_code, answer.content)
    return answer.json()


def _posted(facts: Facts) -> Any:
    body = {"base64_file": as_base64(content_of(PDF)), "customer_id": facts["customer_id"]}
    return client(facts).post("/v2/invoices/ocr", body, format="json", headers={"Idempotency-Key": "one"})


def _asked(facts: Facts) -> Any:
    place = f"/v2/invoices/ocr/{facts['job_id']}/reprocess"
    return client(facts).post(place, {"from_stage": "extract"}, format="json", headers={"Idempotency-Key": "two"})


# --- what is done again ---


def nothing_more(_: Facts) -> None:
    """Nobody does anything: the service helps itself."""


def post_twice(facts: Facts) -> None:
    same(_posted(facts), _posted(facts), status=202)


def ask_again_twice(facts: Facts) -> None:
    same(_asked(facts), _asked(facts), status=202)


def same(first: Any, second: Any, *, status: int) -> None:
    """The second answer is the first one again."""
    assert answered(first, status) == answered(second, status), (first.content, second.content)
    assert second.headers.get("Idempotent-Replayed") == "true", dict(second.headers)


# --- what is wrong at the end ---


def polled(facts: Facts, job: OcrJob, status: int) -> Iterator[str]:
    answer = client(facts).get(f"/v2/invoices/ocr/{job.pk}")
    if (answer.status_code, answer.json()["status"]) != (status, status):
        yield f"job {job.pk} is answered {answer.status_code}: {answer.content!r}"


def counted(*, jobs: int) -> Iterator[str]:
    there = (OcrJob.objects.count(), Upload.objects.count())
    if there != (jobs, jobs):
        yield f"there are {there} jobs and uploads instead of {jobs}"


def one_job_as_answered(facts: Facts) -> Iterator[str]:
    yield from counted(jobs=1)
    for job in OcrJob.objects.all():
        yield from polled(facts, job, 200)
        if (said := _posted(facts).json()["job_id"]) != str(job.pk):
            yield f"the client was told of job {said}, there is {job.pk}"


def one_job_or_none(facts: Facts) -> Iterator[str]:
    yield from counted(jobs=min(1, OcrJob.objects.count()))
    for job in OcrJob.objects.all():
        yield from polled(facts, job, 200)


def finished_with_total(facts: Facts) -> Iterator[str]:
    yield from counted(jobs=1)
    job = job_of(facts)
    yield from polled(facts, job, 200)
    if not job.result.get("total"):
        yield f"job {job.pk} finished without a total: {job.result}"


def failed_as_unreadable(facts: Facts) -> Iterator[str]:
    yield from counted(jobs=1)
    job = job_of(facts)
    yield from polled(facts, job, 422)
    if job.failure_code in {"", CRASHED_CODE}:
        yield f"job {job.pk} failed as {job.failure_code!r}"


def finished_or_given_up(facts: Facts) -> Iterator[str]:
    """Given up where it died each time before it could say how it ended, and never more than three times."""
    yield from counted(jobs=1)
    job = job_of(facts)
    if job.state == OcrJob.State.FINISHED:
        yield from polled(facts, job, 200)
        return
    yield from polled(facts, job, 422)
    if (job.failure_code, job.attempts) != (CRASHED_CODE, 3):
        yield f"job {job.pk} failed as {job.failure_code!r} after {job.attempts} attempts"
    if Transfer.objects.exists():
        yield "a document that was given up has a transfer"
