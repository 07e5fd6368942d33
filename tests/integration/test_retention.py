"""Documents older than their customer keeps them go, what was paid stays, and nothing open is touched."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from customers.audit.models import AuditEntry
from customers.models import Customer
from invoices.models import Upload
from invoices.uploads import StorageUnavailable, read_upload
from ocr import page_images, retention, tasks
from ocr.approval import approve, reject
from ocr.models import OcrCorrection, OcrJob, OcrReading
from ocr.page_images import PageMissing, page_picture
from ocr.retention import Due, Purged, due, kept_since, purge
from ocr.review import JobPurged, ask_again, correct
from ocr.versions import version_of
from tests.api.conftest import client_for
from tests.at_once import at_once
from tests.documents import invoice_pdf
from tests.integration.review.jobs import a_job, at
from tests.jobs import paying_customer
from tests.ledger import an_upload
from transfers.exporting import hand_out
from transfers.finalizing import cancel_transfer
from transfers.models import ExportedTransfer, Transfer

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + timedelta(days=100)
BUYER = "Aldermoor Trading"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "uploads")},
        }
    }
    settings.PAGE_IMAGES_DIR = tmp_path / "pages"
    return tmp_path / "uploads"


@pytest.fixture
def customer(folder: Path) -> Customer:
    customer = paying_customer()
    customer.documents_kept_months = 3
    customer.save()
    return customer


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def paid(customer: Customer) -> OcrJob:
    """A job that a person corrected and approved, and whose payment is in a file."""
    job = a_job(customer)
    correct(job=job, target="customer_name", after="Ms Example", by="anna", reason="she wrote it herself")
    Transfer.objects.filter(ocr_job_id=job.pk).update(blockers=[])
    pending = approve(job_id=job.pk, seen=version_of(job), by="anna", now=NOW)
    hand_out(transfer_id=pending.pk, again=False, is_look=False, by="anna", now=NOW)
    job.refresh_from_db()
    return job


def run(customer: Customer, *, now: datetime = LATER) -> Purged:
    return purge(customer=customer, by="test", now=now)


def everything_about(job: OcrJob) -> str:
    """All rows of the job and its upload as text, without those that keep the payment."""
    rows: list[Any] = [*OcrJob.objects.filter(pk=job.pk).values(), *Upload.objects.filter(pk=job.upload_id).values()]
    for model in apps.get_app_config("ocr").get_models():
        if any(field.name == "job" for field in model._meta.fields):
            rows += model._default_manager.filter(job=job).values()
    return json.dumps(rows, default=str)


def test_document_and_reading_go_and_the_payment_stays(customer: Customer, folder: Path) -> None:
    job = paid(customer)
    before = list(Transfer.objects.order_by("pk").values())
    assert (len(files(folder)), "INV-2026-0417" in everything_about(job)) == (1, True)

    assert run(customer) == Purged(documents=1, failed=0)

    assert files(folder) == []
    left = everything_about(job)
    for gone in ("Ms Example", "she wrote it herself", BUYER, "bill.pdf", "Hollow Oak"):
        assert gone not in left
    job.refresh_from_db()
    assert (job.state, job.purged_at) == ("finished", LATER)
    assert job.transfer is not None
    assert job.transfer.destination_iban
    assert "deleted after its customer's period" in job.message
    assert list(Transfer.objects.order_by("pk").values()) == before
    assert ExportedTransfer.objects.count() == 1
    assert job.upload.sha256 == Upload.objects.get().sha256
    assert OcrCorrection.objects.get().corrected_by == "anna"
    entry = AuditEntry.objects.get(action="document.purged")
    assert (entry.actor, entry.detail["sha256"]) == ("test", job.upload.sha256)


def test_a_second_run_finds_nothing(customer: Customer) -> None:
    paid(customer)

    assert run(customer).documents == 1
    assert run(customer) == Purged(documents=0, failed=0)
    assert AuditEntry.objects.filter(action="document.purged").count() == 1


def test_what_is_not_old_enough_stays(customer: Customer) -> None:
    paid(customer)

    assert run(customer, now=NOW + timedelta(days=80)).documents == 0


def finalised(customer: Customer) -> OcrJob:
    job = a_job(customer)
    Transfer.objects.filter(ocr_job_id=job.pk).update(blockers=[])
    approve(job_id=job.pk, seen=version_of(job), by="anna", now=NOW)
    return job


def unreadable(customer: Customer) -> OcrJob:
    job = a_job(customer, content=b"%PDF-1.7 nothing behind it")
    assert job.state == "failed"
    return job


def queued(customer: Customer) -> None:
    ask_again(job=paid(customer), from_stage="match", by="anna")


def drafted_by_hand(customer: Customer) -> None:
    Transfer.objects.create(customer=customer, upload=paid(customer).upload)


@pytest.mark.parametrize("still_open", [a_job, finalised, unreadable, queued, drafted_by_hand])
def test_nothing_open_is_touched(customer: Customer, folder: Path, still_open: Callable[[Customer], Any]) -> None:
    still_open(customer)

    assert due(customer=customer, now=LATER) == Due(documents=0, content_length=0, kept=1)
    assert run(customer).documents == 0
    assert len(files(folder)) == 1
    assert not OcrJob.objects.filter(purged_at__isnull=False).exists()


def rejected(customer: Customer) -> None:
    job = unreadable(customer)
    reject(job_id=job.pk, seen=version_of(job), reason="unreadable", by="anna", now=NOW)


def cancelled(customer: Customer) -> None:
    finalised(customer)
    cancel_transfer(transfer_id=Transfer.objects.get(status="pending").pk, by="anna", now=NOW)


def free(customer: Customer) -> None:
    an_upload(customer)


@pytest.mark.parametrize("settled", [rejected, cancelled, free])
def test_what_somebody_decided_against_goes_too(
    customer: Customer, folder: Path, settled: Callable[[Customer], Any]
) -> None:
    settled(customer)

    assert run(customer).documents == 1
    assert files(folder) == []


def test_the_same_bytes_stay_while_another_job_needs_them(customer: Customer, folder: Path) -> None:
    content = invoice_pdf()
    job = a_job(customer, content=content)
    reject(job_id=job.pk, seen=version_of(job), reason="sent twice", by="anna", now=NOW)
    other = a_job(customer, content=content)

    assert run(customer).documents == 1
    assert len(files(folder)) == 1
    assert OcrReading.objects.get().job_id == other.pk


@pytest.mark.usefixtures("committed")
def test_bytes_that_come_again_while_they_are_deleted_are_there(folder: Path) -> None:
    customer = paying_customer()
    Customer.objects.update(documents_kept_months=3)
    customer.refresh_from_db()
    old = an_upload(customer)
    Upload.objects.update(created_at=NOW - timedelta(days=200))

    def store() -> Upload:
        with transaction.atomic():
            return an_upload(customer)

    purged, *stored = at_once(lambda: run(customer, now=NOW), store, store, store)

    assert purged == Purged(documents=1, failed=0)
    assert [read_upload(upload) for upload in stored] == [b"%PDF-1.7 invented"] * 3
    old.refresh_from_db()
    assert old.purged_at == NOW


def test_without_a_period_nothing_goes(customer: Customer) -> None:
    Customer.objects.update(documents_kept_months=None)
    paid(customer)
    tasks.purge_documents()

    with pytest.raises(CommandError, match="Nothing is deleted"):
        call_command("purge_documents", "--yes")
    assert not Upload.objects.filter(purged_at__isnull=False).exists()


def test_a_storage_that_fails_leaves_the_document_whole_and_the_next_run_deletes_it(
    customer: Customer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = paid(customer)
    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "delete", _refuse)
        assert run(customer) == Purged(documents=0, failed=1)
    assert OcrReading.objects.filter(job=job).exists()
    assert not AuditEntry.objects.filter(action="document.purged").exists()

    assert run(customer) == Purged(documents=1, failed=0)


def _refuse(*_: object) -> None:
    raise StorageUnavailable("down")


def test_batches_cover_all(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        an_upload(customer, content=f"%PDF-1.7 {number}".encode())
    told: list[int] = []

    purged = purge(customer=customer, by="test", now=LATER, progress=told.append)

    assert (purged.documents, told) == (5, [2, 4, 5])


@pytest.mark.parametrize(
    ("now", "months", "since"),
    [
        ((2026, 5, 31), 3, (2026, 2, 28)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2028, 2, 29), 12, (2027, 2, 28)),
        ((2026, 12, 31), 120, (2016, 12, 31)),
    ],
)
def test_months_end_on_the_day_they_began(now: tuple[int, int, int], months: int, since: tuple[int, int, int]) -> None:
    customer = Customer(documents_kept_months=months)

    assert kept_since(customer=customer, now=datetime(*now, tzinfo=UTC)) == datetime(*since, tzinfo=UTC)


class TestCommand:
    @pytest.fixture
    def old(self, customer: Customer) -> OcrJob:
        job = paid(customer)
        a_job(customer)
        Upload.objects.update(created_at=NOW - timedelta(days=200))
        return job

    def test_without_yes_it_says_what_would_go_and_deletes_nothing(self, old: OcrJob, folder: Path) -> None:
        out = StringIO()
        call_command("purge_documents", stdout=out)

        assert "1 documents of 0.0 MB would be deleted; 1 are kept" in out.getvalue()
        assert len(files(folder)) == 1
        assert not OcrJob.objects.filter(purged_at__isnull=False).exists()

    def test_with_yes_it_deletes(self, old: OcrJob, customer: Customer) -> None:
        out = StringIO()
        call_command("purge_documents", "--yes", "--customer", str(customer.pk), stdout=out, stderr=StringIO())

        assert "1 documents are deleted; 1 are kept" in out.getvalue()
        assert list(OcrJob.objects.filter(purged_at__isnull=False)) == [old]

    def test_the_beat_does_so_every_day(self, old: OcrJob, settings: Settings) -> None:
        assert settings.CELERY_BEAT_SCHEDULE["purge-documents"]["task"] == tasks.purge_documents.name
        tasks.purge_documents()

        assert list(OcrJob.objects.filter(purged_at__isnull=False)) == [old]


def test_a_page_that_was_drawn_while_the_document_was_purged_is_not_kept(
    customer: Customer, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    job = paid(customer)
    keep = page_images._keep

    def purge_first(path: Path, picture: bytes) -> None:
        run(customer)
        keep(path, picture)

    monkeypatch.setattr(page_images, "_keep", purge_first)

    with pytest.raises(PageMissing, match="was deleted"):
        page_picture(job=job, number=1)
    assert list(Path(settings.PAGE_IMAGES_DIR).iterdir()) == []


class TestAfterwards:
    @pytest.fixture
    def job(self, customer: Customer, folder: Path) -> OcrJob:
        job = paid(customer)
        page_picture(job=job, number=1)
        assert len(list((folder.parent / "pages").iterdir())) == 1
        run(customer)
        job.refresh_from_db()
        return job

    def test_the_document_is_answered_410(self, job: OcrJob, customer: Customer) -> None:
        client = client_for([customer])
        answer = client.get(f"/v2/uploads/{job.upload_id}/content", HTTP_ACCEPT_LANGUAGE="de")

        assert answer.status_code == 410
        assert answer.json()["error"] == "document_missing"
        assert "gelöscht" in answer.json()["message"]
        known = f'"{job.upload.sha256}"'
        assert client.get(f"/v2/uploads/{job.upload_id}/content", HTTP_IF_NONE_MATCH=known).status_code == 410

    def test_the_job_keeps_its_state_and_says_so(self, job: OcrJob, customer: Customer) -> None:
        client = client_for([customer])
        polled = client.get(f"/v2/invoices/ocr/{job.pk}")

        assert polled.status_code == polled.json()["status"] == 200
        assert "deleted after its customer's period" in polled.json()["message"]
        assert set(polled.json()["result"].values()) == {None}
        assert polled.json()["transaction_id"] is not None
        assert client.get(f"/v2/invoices/ocr/{job.pk}/evidence").status_code == 200

    def test_it_is_not_processed_again(self, job: OcrJob, customer: Customer) -> None:
        body = {"from_stage": "extract"}
        answer = client_for([customer]).post(f"/v2/invoices/ocr/{job.pk}/reprocess", body)

        assert (answer.status_code, answer.json()["error"]) == (409, "job_purged")
        assert "send it again" in answer.json()["message"]
        with pytest.raises(JobPurged):
            ask_again(job=job, from_stage="match", by="anna")
        out = StringIO()
        call_command("reprocess_jobs", stdout=out)
        assert out.getvalue().startswith("0 jobs")

    def test_no_picture_of_a_page_is_left(self, job: OcrJob, settings: Settings) -> None:
        assert list(Path(settings.PAGE_IMAGES_DIR).iterdir()) == []
        with pytest.raises(PageMissing, match="was deleted"):
            page_picture(job=job, number=1)

    def test_its_page_in_the_back_office_opens(self, job: OcrJob, admin_client: Client) -> None:
        page = admin_client.get(at("review", job))

        assert page.status_code == 200
        assert "Ms Example" not in page.text

    def test_it_counts_in_no_figure(self, job: OcrJob) -> None:
        with pytest.raises(CommandError, match="No job has been reviewed yet"):
            call_command("evaluate")
