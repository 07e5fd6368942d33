"""Approving, rejecting and going on from the review page."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from ocr.models import OcrJob, OcrReviewDecision
from tests.documents import invoice_pdf
from tests.integration.review.jobs import UNKNOWN_IBAN, a_job, at, message, post
from transfers.exporting import hand_out
from transfers.finalizing import cancel_transfer, finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db


def test_approving_goes_on_to_the_next_job(anna: Client, customer: Customer) -> None:
    blocked = a_job(customer, iban=UNKNOWN_IBAN)
    job = a_job(customer, content=invoice_pdf(pages=2))
    asked = [{"target": each["field"], "text": job.fields.get(name=each["field"]).value} for each in job.warnings]
    if asked:
        post(anna, "correct", job, corrections=asked)

    answer = post(anna, "approve", job)

    assert json.loads(answer.content) == {"next": at("review", blocked)}
    assert OcrReviewDecision.objects.get(job=job).decided_by == "anna"
    page = anna.get(at("review", job)).content.decode()
    assert "anna approved this on" in page
    assert "Save this value" not in page


def test_a_blocked_payment_is_not_approved_and_says_why(anna: Client, customer: Customer) -> None:
    job = a_job(customer, iban=UNKNOWN_IBAN)

    answer = post(anna, "approve", job)

    assert "The bank details differ from those on file" in message(answer, 409)
    codes = [each["code"] for each in json.loads(answer.content)["details"]["blockers"]]
    assert "bank_details_changed" in codes
    assert not Transfer.objects.filter(status="pending").exists()


def test_rejecting_needs_a_reason(anna: Client, job: OcrJob) -> None:
    assert "Say why" in message(post(anna, "reject", job, reason=" "), 400)

    answer = json.loads(post(anna, "reject", job, reason="An advertisement.").content)

    assert answer == {"next": reverse("admin:ocr_waitingjob_changelist")}
    assert Transfer.objects.get(ocr_job_id=job.pk).status == "cancelled"
    assert "anna rejected this" in message(post(anna, "again", job), 409)


def test_skipping_leaves_the_job_where_it_is(anna: Client, customer: Customer) -> None:
    first, second = a_job(customer, iban=UNKNOWN_IBAN), a_job(customer, iban="DE02100500000054540402")

    assert json.loads(post(anna, "skip", first).content) == {"next": at("review", second)}
    assert anna.get(reverse("admin:ocr_ocrjob_next"))["Location"] == at("review", first)
    assert not OcrReviewDecision.objects.exists()


def test_a_bill_whose_payment_file_is_out_is_paid_by_a_persons_word_alone(
    anna: Client, customer: Customer, job: OcrJob
) -> None:
    first = job.transfer
    assert first is not None
    paid = finalize_transfer(transfer_id=first.pk, by="anna", now=timezone.now())
    hand_out(transfer_id=paid.pk, again=False, is_look=False, by="key", now=timezone.now())
    cancel_transfer(transfer_id=paid.pk, by="anna", now=timezone.now())
    again = a_job(customer)

    assert "was cancelled after its file" in anna.get(at("review", again)).content.decode()
    assert post(anna, "approve", again).status_code == 409
    assert post(anna, "settle", again, code="payment_file_out").status_code == 200
    assert post(anna, "approve", again).status_code == 200


def test_what_no_field_answers_on_an_edited_draft_is_settled_by_a_persons_word(anna: Client, job: OcrJob) -> None:
    draft = Transfer.objects.get(ocr_job_id=job.pk)
    draft.blockers = ["sources_disagree", "credit_note"]
    draft.save()
    assert "Confirm or correct the field" in message(post(anna, "settle", job, code="sources_disagree"), 409)
    draft.edited_at, draft.edited_by = timezone.now(), "key:erp"
    draft.save()

    page = anna.get(at("review", job)).content.decode()
    assert "I have looked into it" in page
    assert "Nobody's word" in message(post(anna, "settle", job, code="credit_note"), 409)
    assert "Nobody's word" in message(post(anna, "settle", job, code="low_confidence"), 409)
    assert post(anna, "settle", job, code="sources_disagree").status_code == 200

    draft.refresh_from_db()
    assert draft.blockers == ["credit_note"]
    assert [(each["code"], each["by"]) for each in draft.settled_blockers] == [("sources_disagree", "anna")]
