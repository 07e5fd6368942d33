"""A real S3 server that is down, frozen, cut off or set up wrongly: what the client and the operator are told."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from config.environment import storage
from invoices.leftovers import remove_leftovers
from invoices.models import Upload
from ocr.intake import accept_document
from ocr.models import OcrJob, OcrRun
from ocr.processing import process_job
from tests.api.conftest import client_for
from tests.documents import as_base64, invoice_pdf
from tests.ledger import a_customer, an_upload
from tests.object_storage import SECRET, ObjectStore
from tests.relay import breaking_relay

pytestmark = [pytest.mark.django_db, pytest.mark.object_storage]

NOBODY = 1  # a port on which nothing listens
Use = Callable[[str], None]


@pytest.fixture
def store(object_store_of_tests: ObjectStore) -> ObjectStore:
    return object_store_of_tests


@pytest.fixture
def use(settings: Settings, tmp_path: Path) -> Use:
    """Makes the storage behind a STORAGE_URL the service's own."""

    def set_url(url: str) -> None:
        settings.STORAGES = settings.STORAGES | {"default": storage(url, folder=tmp_path)}

    return set_url


def post(client: APIClient, customer: Any, content: bytes) -> Any:
    body = {"base64_file": as_base64(content), "customer_id": str(customer.pk)}
    return client.post("/v2/invoices/ocr", body, headers={"X-Idempotency-Key": "one"})


def assert_nothing_was_stored(answer: Any, store: ObjectStore, customer: Any) -> None:
    assert (answer.status_code, answer.json()["error"]) == (503, "storage_unavailable"), answer.content
    assert "try again later" in answer.json()["message"]
    assert int(answer["Retry-After"]) > 0
    assert (Upload.objects.count(), OcrJob.objects.count()) == (0, 0)
    assert [key for key in store.names() if str(customer.pk) in key] == []
    assert store.client.list_multipart_uploads(Bucket="documents").get("Uploads", []) == []


def test_a_storage_that_is_down_stores_nothing_and_the_same_request_succeeds_later(
    store: ObjectStore, use: Use, caplog: pytest.LogCaptureFixture
) -> None:
    customer = a_customer()
    client = client_for([customer])
    use(store.url(port=NOBODY))

    assert_nothing_was_stored(post(client, customer, invoice_pdf()), store, customer)
    assert "look at STORAGE_URL" in caplog.text

    use(store.url())
    answer = post(client, customer, invoice_pdf())
    assert (answer.status_code, answer.headers.get("Idempotent-Replayed")) == (202, None)


def test_a_connection_that_breaks_within_the_document_stores_nothing(store: ObjectStore, use: Use) -> None:
    customer = a_customer()
    content = invoice_pdf() + b"\n%" + b"x" * 9_000_000

    with breaking_relay(port=store.port, after=1_000_000) as port:
        use(store.url(port=port))
        answer = post(client_for([customer]), customer, content)

    assert_nothing_was_stored(answer, store, customer)


def test_a_storage_that_never_answers_is_given_up(store: ObjectStore, use: Use) -> None:
    customer = a_customer()
    use(store.url(timeout=1))

    with store.frozen():
        begun = time.monotonic()
        answer = post(client_for([customer]), customer, invoice_pdf())
        waited = time.monotonic() - begun

    assert waited < 25  # botocore by itself waits a minute, five times
    assert_nothing_was_stored(answer, store, customer)


def test_a_storage_that_is_slow_is_waited_for(store: ObjectStore, use: Use) -> None:
    customer = a_customer()
    use(store.url(timeout=20))

    with store.frozen():
        thaw = threading.Timer(1.5, store.thaw)
        thaw.start()
        answer = post(client_for([customer]), customer, invoice_pdf())
        thaw.join()

    assert answer.status_code == 202


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"secret": "not-the-secret"}, "correct key and secret in STORAGE_URL"),
        ({"bucket": "not-there"}, "create it, or correct its name in STORAGE_URL"),
        ({"port": NOBODY}, "does not answer; look at STORAGE_URL"),
    ],
    ids=["secret", "bucket", "port"],
)
def test_a_storage_that_is_set_up_wrongly_is_told_to_the_operator_and_not_to_the_client(
    wrong: dict[str, Any], told: str, store: ObjectStore, use: Use, caplog: pytest.LogCaptureFixture
) -> None:
    customer = a_customer()
    stored = an_upload(customer)
    Upload.objects.all().delete()
    use(store.url(**wrong))
    client = client_for([customer])

    ready = client.get("/readyz")
    answer = post(client, customer, invoice_pdf())

    assert (ready.status_code, told in ready.json()["checks"]["storage"]) == (503, True), ready.json()
    assert_nothing_was_stored(answer, store, customer)
    assert "STORAGE_URL" not in answer.json()["message"]
    assert any(told in record.getMessage() for record in caplog.records if record.levelno == logging.ERROR)
    assert SECRET not in caplog.text + ready.content.decode()
    assert "not-the-secret" not in caplog.text + ready.content.decode()
    stored.save(force_insert=True)
    content = client.get(f"/v2/uploads/{stored.pk}/content")
    assert (content.status_code, content.json()["error"]) == (503, "storage_unavailable")


@pytest.mark.parametrize("wrong", [{"bucket": "not-there"}, {"port": NOBODY}], ids=["bucket", "port"])
def test_a_job_waits_for_the_storage_however_long_it_takes(wrong: dict[str, Any], store: ObjectStore, use: Use) -> None:
    use(store.url())
    job = accept_document(customer=a_customer(), content=invoice_pdf(), file_name="bill.pdf", by="test")
    use(store.url(**wrong))
    for _ in range(4):  # one more than a document may crash the worker
        process_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, OcrRun.objects.count()) == ("queued", 0, 0)

    use(store.url())
    process_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("finished", 1)


def test_an_object_that_no_document_refers_to_is_removed(store: ObjectStore, use: Use) -> None:
    customer = a_customer()
    use(store.url())
    kept = an_upload(customer)
    with transaction.atomic():
        an_upload(customer, b"%PDF-1.7 cut off before its row")
        transaction.set_rollback(True)

    assert remove_leftovers(now=timezone.now() + timedelta(days=2)).removed == 1

    assert [key for key in store.names() if str(customer.pk) in key] == [kept.file.name]
