"""What is told: jobs that end and transfers that are finalised, in the very transaction, with ids and nothing more."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as service
from django.utils import timezone

from customers.models import Customer
from customers.webhooks.delivering import deliver_due
from customers.webhooks.models import WebhookEndpoint, WebhookMessage
from ocr import claims, processing
from ocr.claims import claim_job, fail_exhausted
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from tests.documents import invoice_pdf
from tests.ledger import SUPPLIERS_BIC, SUPPLIERS_IBAN, a_draft
from tests.receiver import Receiver
from transfers.finalizing import finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db


def told() -> list[dict[str, Any]]:
    return [json.loads(message.body) for message in WebhookMessage.objects.order_by("created_at")]


@pytest.fixture
def job(customer: Customer) -> OcrJob:
    return accept_document(customer=customer, content=invoice_pdf(), file_name="bill.pdf", by="test")


def test_a_finished_job_is_told_once_from_the_document_to_the_receiver(
    job: OcrJob, endpoint: WebhookEndpoint, secret: str, receiver: Receiver
) -> None:
    for _ in range(3):
        process_job(job.pk)
    deliver_due(endpoint_id=endpoint.pk)

    job.refresh_from_db()
    (got,) = receiver.received
    body = got.verified(secret)
    assert body["type"] == "ocr_job.finished"
    assert body["data"] == {
        "job_id": str(job.pk),
        "customer_id": str(job.customer_id),
        "upload_id": str(job.upload_id),
        "transfer_id": str(job.transfer_id),
        "status": 200,
    }


def test_a_document_that_cannot_be_read_is_told_as_failed(customer: Customer, endpoint: WebhookEndpoint) -> None:
    job = accept_document(customer=customer, content=b"%PDF-1.7 broken", file_name="bill.pdf", by="test")
    process_job(job.pk)

    (body,) = told()
    assert body["type"] == "ocr_job.failed"
    assert (body["data"]["job_id"], body["data"]["status"]) == (str(job.pk), 422)
    assert body["data"]["transfer_id"] is None


def test_a_job_that_crashed_too_often_is_told_as_failed_once(
    job: OcrJob, endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(**_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(processing, "run", crash)
    for _ in range(service.JOB_MAX_ATTEMPTS + 1):
        process_job(job.pk)

    assert [body["type"] for body in told()] == ["ocr_job.failed"]


def test_a_job_whose_workers_were_killed_is_told_as_failed_once(job: OcrJob, endpoint: WebhookEndpoint) -> None:
    now = timezone.now()
    claim_job(job_id=job.pk, now=now)
    OcrJob.objects.update(attempts=service.JOB_MAX_ATTEMPTS)
    late = now + service.JOB_LEASE + timedelta(seconds=1)

    assert (fail_exhausted(now=late), fail_exhausted(now=late)) == (1, 0)
    assert [body["type"] for body in told()] == ["ocr_job.failed"]


def test_work_that_is_not_saved_is_not_told(
    job: OcrJob, endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(processing, "end_run", fail)
    process_job(job.pk)
    assert told() == []

    monkeypatch.setattr(processing, "end_run", claims.end_run)
    process_job(job.pk)
    assert [body["type"] for body in told()] == ["ocr_job.finished"]


def test_a_finalised_transfer_is_told_once_and_without_bank_details(
    customer: Customer, endpoint: WebhookEndpoint
) -> None:
    draft = a_draft(customer)
    for _ in range(3):
        finalize_transfer(transfer_id=draft.pk, by="anna", now=timezone.now())

    (body,) = told()
    pending = Transfer.objects.get(supersedes=draft)
    assert body["type"] == "transfer.finalized"
    assert body["data"] == {
        "transfer_id": str(pending.pk),
        "customer_id": str(customer.pk),
        "supersedes_id": str(draft.pk),
        "upload_id": str(draft.upload_id),
        "ocr_job_id": str(draft.ocr_job_id),
        "status": "pending",
    }
    text = WebhookMessage.objects.get().body
    assert not [secret for secret in (SUPPLIERS_IBAN, SUPPLIERS_BIC, "11900", "Hollow Oak") if secret in text]
