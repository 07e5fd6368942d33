"""Jobs to review, and the addresses of their page."""

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from ocr.versions import version_of
from tests.documents import invoice_pdf
from tests.ledger import SUPPLIERS_IBAN

UNKNOWN_IBAN = "DE89370400440532013000"
POSTED = ("check", "correct", "payee", "again", "approve", "reject", "settle", "skip", "looking", "create", "account")


def a_job(customer: Customer, *, iban: str = SUPPLIERS_IBAN, content: bytes | None = None) -> OcrJob:
    """A job that has ended, of the usual invoice with this IBAN, or of any document."""
    content = content or invoice_pdf(iban=iban)
    job = accept_document(customer=customer, content=content, file_name="bill.pdf", by="mailbox")
    process_job(job.pk)
    job.refresh_from_db()
    return job


def signed_in(name: str, *permissions: str) -> Client:
    """Somebody of the staff with these rights alone."""
    user = get_user_model().objects.create_user(name, password="secret", is_staff=True)
    for permission in permissions:
        app, _, codename = permission.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(user)
    return client


def at(name: str, job: OcrJob, *more: Any) -> str:
    return reverse(f"admin:ocr_ocrjob_{name}", args=[job.pk, *more])


def post(client: Client, name: str, job: OcrJob, *, version: str | None = None, **body: Any) -> Any:
    """What is answered to a change by somebody who sees the job as it stands, or in this version."""
    body = {"version": str(version_of(job)) if version is None else version, **body}
    return client.post(at(name, job), json.dumps(body), content_type="application/json")


def message(answer: Any, status: int) -> str:
    """The sentence that comes with this status."""
    assert answer.status_code == status, answer.content
    body = json.loads(answer.content)
    assert set(body) == {"error", "message", "details"}
    return str(body["message"])
