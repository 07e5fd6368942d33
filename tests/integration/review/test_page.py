"""What the review page shows, its pictures and words."""

import io
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from customers.models import Customer
from ocr.models import OcrJob
from tests.integration.review.jobs import UNKNOWN_IBAN, a_job, at, message
from tests.ledger import SUPPLIERS_IBAN
from transfers.models import Transfer

pytestmark = pytest.mark.django_db


def test_the_page_shows_what_was_read_and_what_would_be_paid(anna: Client, job: OcrJob) -> None:
    answer = anna.get(at("review", job))
    page = answer.content.decode()

    for shown in (
        "1,190.00 EUR",
        "Hollow Oak Timber Ltd",
        SUPPLIERS_IBAN,
        "INV-2026-0417",
        "iban exact",
        "sent bill.pdf",
    ):
        assert shown in page
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert " style=" not in page
    assert " onclick=" not in page
    assert at("page_image", job, 1) in page


def test_the_lists_rows_open_the_review(anna: Client, job: OcrJob) -> None:
    listed = anna.get(reverse("admin:ocr_ocrjob_changelist")).content.decode()

    assert at("review", job) in listed


def test_every_blocker_says_what_clears_it(anna: Client, customer: Customer) -> None:
    job = a_job(customer, iban=UNKNOWN_IBAN)
    page = anna.get(at("review", job)).content.decode()

    assert "confirm them with the counterparty through a contact you already know" in page
    assert "Choose a known bank account of the counterparty." in page
    assert "Ask for this account" in page


def test_markup_on_a_document_is_shown_as_text(anna: Client, job: OcrJob) -> None:
    job.fields.filter(name="seller_name").update(value="<script>alert(1)</script>")
    OcrJob.objects.filter(pk=job.pk).update(message="<b>x</b>", notes=[{"code": "n", "message": "<i>y</i>"}])

    page = anna.get(at("review", job)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<i>y</i>" not in page


def test_the_page_comes_as_a_picture_and_never_as_the_document(anna: Client, job: OcrJob) -> None:
    answer = anna.get(at("page_image", job, 1))

    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]
    assert b"%PDF" not in answer.content
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.format == "WEBP"
    assert "no page 2" in message(anna.get(at("page_image", job, 2)), 404)


def test_a_document_that_no_reader_opens_is_told_and_never_sent(anna: Client, customer: Customer) -> None:
    job = a_job(customer, content=b"%PDF-1.4\n<html><script>alert(1)</script>")

    assert anna.get(at("review", job)).status_code == 200
    assert "damaged" in message(anna.get(at("page_image", job, 1)), 404)
    assert "no words" in message(anna.get(at("page_words", job, 1)), 404)


def test_words_come_in_reading_order_with_their_boxes(anna: Client, job: OcrJob) -> None:
    page = json.loads(anna.get(at("page_words", job, 1)).content)

    texts = [word[0] for word in page["words"]]
    assert texts[:4] == ["Hollow", "Oak", "Timber", "Ltd"]
    total = texts.index("1,190.00")
    _, x0, y0, x1, y1, _ = page["words"][total]
    assert 470 < x0 < x1 < 560
    assert 345 < y0 < y1 < 370
    assert (page["width"], page["height"]) == (595, 842)


def test_a_draft_that_a_person_edited_says_that_corrections_leave_it(anna: Client, job: OcrJob) -> None:
    Transfer.objects.filter(ocr_job_id=job.pk).update(edited_at=timezone.now(), edited_by="key:erp")

    assert "corrections of fields no longer change it" in anna.get(at("review", job)).content.decode()
