"""A misread account, from the upload to the evidence: read again in the child, kept, and the same without the bytes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from customers.models import Customer
from invoices.uploads import StoredDocumentMissing
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from ocr.readers import close_sandbox, second_engine_name
from tests.documents import invoice_pdf
from tests.ledger import a_customer
from tests.unit.reading.documents import scanned_pdf
from tests.unit.reading.engines import PREFIX

pytestmark = pytest.mark.django_db

RIGHT = "DE89370400440532013000"
MISREAD = "DE89370400440582013000"


@pytest.fixture
def hasty_reader(settings: Any) -> Iterator[None]:
    close_sandbox()
    settings.OCR_ENGINE = PREFIX + "HastyEngine"
    settings.OCR_SECOND_ENGINE = "none"
    yield
    close_sandbox()


def processed(customer: Customer, content: bytes) -> OcrJob:
    job = accept_document(customer=customer, content=content, file_name="scan.pdf", by="test")
    process_job(job.pk)
    return OcrJob.objects.get(pk=job.pk)


@pytest.mark.usefixtures("hasty_reader")
def test_a_misread_account_is_read_again_and_stays_so_without_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    job = processed(a_customer(), scanned_pdf())
    field = job.fields.get(name="iban")
    assert (job.state, field.value) == ("finished", RIGHT)
    assert "read_again" in field.checks_passed
    assert field.runners_up[0]["value"] == MISREAD
    assert MISREAD in field.note
    seconds = job.runs.get().seconds
    assert seconds["read_again"] > 0
    assert "read_again_ocr_test" in seconds

    def no_bytes(*_: object) -> bytes:
        raise StoredDocumentMissing(str(UUID(int=0)))

    monkeypatch.setattr("ocr.processing.read_upload", no_bytes)
    call_command("reprocess_jobs", "--from-stage", "extract")
    again = OcrJob.objects.get(pk=job.pk)
    assert (again.state, again.fields.get(name="iban").value) == ("finished", RIGHT)
    assert "read_again" in again.fields.get(name="iban").checks_passed


@pytest.mark.usefixtures("hasty_reader")
def test_a_digital_document_never_pays_for_a_second_look() -> None:
    job = processed(a_customer(), invoice_pdf(iban=MISREAD))
    assert job.fields.get(name="iban").value is None
    assert not [name for name in job.runs.get().seconds if name.startswith("read_again")]


def test_the_second_engine_is_the_one_that_is_set(settings: Any) -> None:
    settings.OCR_ENGINE, settings.OCR_SECOND_ENGINE = "rapidocr", "none"
    assert second_engine_name() == ""
    settings.OCR_SECOND_ENGINE = "easyocr"
    assert second_engine_name() == "easyocr"
    settings.OCR_ENGINE = "easyocr"
    assert second_engine_name() == ""
    settings.OCR_ENGINE, settings.OCR_SECOND_ENGINE = "tesseract", "auto"
    assert second_engine_name() == ""
