"""The checker of the fault points notices what it is there for: each planted violation is said."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from customers.audit.models import AuditEntry
from customers.audit.recording import record
from customers.webhooks.delivering import deliver_due
from customers.webhooks.endpoints import add_endpoint
from customers.webhooks.models import WebhookDelivery, WebhookMessage
from customers.webhooks.sending import Outcome
from ocr.intake import accept_document
from ocr.models import OcrJob, OcrRun
from ocr.processing import process_job
from tests.chaos.points.invariants import violations
from tests.jobs import paying_customer, read_job
from tests.ledger import an_upload
from tests.triggers import lifted
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

Plant = Callable[[OcrJob, Path], Any]


@pytest.fixture
def received(settings: Settings, tmp_path: Path) -> Path:
    storage = {"BACKEND": "invoices.storages.FolderStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = settings.STORAGES | {"default": storage}
    return tmp_path / "received.jsonl"


@pytest.fixture
def job(received: Path) -> OcrJob:
    """A finished job whose webhook arrived."""
    customer = paying_customer()
    endpoint, _ = add_endpoint(
        customer=customer, fields={"url": "https://aldermoor.example"}, by="test", now=timezone.now()
    )
    job = read_job(customer)

    def send(*, body: str, headers: dict[str, str], **_: Any) -> Outcome:
        arrive(received, id=headers["webhook-id"], body=body)
        return Outcome(status=204)

    deliver_due(endpoint_id=endpoint.pk, send=send)
    if connection.vendor == "postgresql":
        _seal()
    return job


def arrive(received: Path, **line: str) -> None:
    with received.open("a") as out:
        out.write(json.dumps(line) + "\n")


def _seal() -> None:
    """As the commit does it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_what_is_in_order_is_left_alone(job: OcrJob, received: Path) -> None:
    assert violations(received=received) == []


def change(**fields: Any) -> Plant:
    return lambda job, _: OcrJob.objects.filter(pk=job.pk).update(**fields)


def open_run(job: OcrJob, _: Path) -> None:
    OcrRun.objects.filter(job=job).update(outcome=OcrRun.Outcome.RUNNING, ended_at=None)


def second_draft(job: OcrJob, _: Path) -> None:
    other = accept_document(customer=job.customer, content=b"%PDF-1.7 other", file_name="b.pdf", by="test")
    process_job(other.pk)
    Transfer.objects.create(customer=job.customer, upload=other.upload, ocr_job_id=other.pk)


def lost_successor(_: OcrJob, __: Path) -> None:
    Transfer.objects.update(status="superseded")


def lost_file(job: OcrJob, _: Path) -> None:
    storages["default"].delete(str(job.upload.file.name))


def altered_file(job: OcrJob, _: Path) -> None:
    Path(storages["default"].path(str(job.upload.file.name))).write_bytes(b"half")


def leftover(job: OcrJob, _: Path) -> None:
    an_upload(job.customer, b"%PDF-1.7 nobody's").delete()


def lone_upload(job: OcrJob, _: Path) -> None:
    an_upload(job.customer, b"%PDF-1.7 lone")


def changed_trail(job: OcrJob, _: Path) -> None:
    record(action="test.done", by="test", subject=job)
    if connection.vendor == "postgresql":
        _seal()
    with lifted("audit_entry_stays", "audit_entry_sealed", "audit_entry_queued", "audit_entry_continues"):
        AuditEntry.objects.filter(action="test.done").update(actor="mallory")


def silent_end(_: OcrJob, __: Path) -> None:
    WebhookDelivery.objects.all().delete()
    WebhookMessage.objects.all().delete()


def undelivered(_: OcrJob, __: Path) -> None:
    WebhookDelivery.objects.update(state="pending", ended_at=None, next_attempt_at=timezone.now())


def told_of_nothing(_: OcrJob, received: Path) -> None:
    arrive(received, id="msg_of_a_lost_transaction", body="{}")


def told_differently(_: OcrJob, received: Path) -> None:
    arrive(received, id=WebhookMessage.objects.get().message_id, body="{}")


def never_arrived(_: OcrJob, received: Path) -> None:
    received.unlink()


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (change(state="queued", finished_at=None), "its 202 never ends"),
        (change(attempts=4), "was attempted 4 times"),
        (change(lease_expires_at=timezone.now()), "still has a lease"),
        (open_run, "1 runs that never ended"),
        (second_draft, "is failed and has 1 drafts"),
        (lost_successor, "is superseded and has 0 successors"),
        (lost_file, "has no file"),
        (altered_file, "is not what was sent"),
        (leftover, "belongs to no document"),
        (lone_upload, "has no job"),
        (changed_trail, "was changed"),
        (silent_end, "finished was said 0 times instead of 1"),
        (undelivered, "is pending"),
        (told_of_nothing, "is not in the outbox"),
        (told_differently, "arrived as 2 different bodies"),
        (never_arrived, "arrived as 0 different bodies"),
    ],
)
def test_a_planted_violation_is_said(job: OcrJob, received: Path, plant: Plant, said: str) -> None:
    plant(job, received)

    found = violations(received=received)

    assert any(said in sentence for sentence in found), found
