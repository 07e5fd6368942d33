"""Checking and saving values from the review page, one person or two."""

import json
from typing import Any

import pytest
from django.test import Client

from customers.models import Customer
from ocr.models import OcrCorrection, OcrJob, OcrJobOnlooker
from ocr.versions import version_of
from tests.integration.review.jobs import UNKNOWN_IBAN, a_job, at, message, post, signed_in
from tests.ledger import SUPPLIERS_IBAN, a_customer, own_account, suppliers_account

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no JSON"),
        (b"[]", "no JSON object"),
        (b"\xff", "no JSON"),
        (b"{}", "which state of the job"),
        (b'{"version": 3}', "text of at most"),
        (b'{"version": "newest"}', "which state of the job"),
        (b'{"version": "0.0.0.0", "corrections": "all"}', "no list of corrections"),
        (b'{"version": "0.0.0.0", "corrections": [1]}', "no list of corrections"),
        (b'{"version": "0.0.0.0", "corrections": [{"target": 1}]}', "text of at most"),
        (b'{"x": "' + b"y" * 70_000 + b'"}', "far too much"),
    ],
)
def test_what_is_no_correction_is_refused(anna: Client, job: OcrJob, body: bytes, said: str) -> None:
    assert said in message(anna.post(at("correct", job), body, content_type="application/json"), 400)
    assert not OcrCorrection.objects.exists()


@pytest.mark.parametrize(
    "place",
    [
        {"page": "1", "box": [0, 0, 1, 1]},
        {"page": 0, "box": [0, 0, 1, 1]},
        {"page": 1, "box": [5, 0, 1, 1]},
        {"page": 1, "box": [0, 0, 1, 1e9]},
        {"page": 1, "box": [0, 0, 1]},
        {"page": 1, "box": [0, 0, True, 1]},
        {"page": 1, "box": "all"},
    ],
)
def test_a_place_that_is_not_on_the_page_is_refused(anna: Client, job: OcrJob, place: dict[str, Any]) -> None:
    row = {"target": "total", "text": "1200.00", **place}

    assert "take the words again" in message(post(anna, "correct", job, corrections=[row]), 400)


def test_a_correction_taken_from_the_page_is_saved_and_shown(anna: Client, job: OcrJob) -> None:
    row = {"target": "total", "text": "1,200.00 EUR", "page": 1, "box": [480, 350, 520, 362], "raw": "1,200.00 EUR"}
    row["reason"] = "misread"

    saved = json.loads(post(anna, "correct", job, corrections=[row]).content)

    stored = OcrCorrection.objects.get()
    assert (stored.after, stored.page, stored.box, stored.raw) == ("1200.00", 1, [480, 350, 520, 362], "1,200.00 EUR")
    assert (stored.target, stored.before, stored.corrected_by, stored.reason) == ("total", "1190.00", "anna", "misread")
    job = OcrJob.objects.get(pk=job.pk)
    assert (job.state, job.from_stage, job.asked_by, job.result["total"]) == ("finished", "match", "anna", "1200.00")
    assert job.transfer is not None
    assert job.transfer.amount_minor == 120000
    assert "1,200.00 EUR" in saved["panels"]["summary"]
    assert "corrected Total from 1190.00 to 1200.00, taken from page 1" in saved["panels"]["story"]
    assert saved["version"] != str(version_of(job)) or saved["state"] == "finished"


def test_a_wrong_value_is_refused_with_a_sentence(anna: Client, job: OcrJob) -> None:
    row = {"target": "iban", "text": "DE02120300000000202052"}

    assert "check digits" in message(post(anna, "correct", job, corrections=[row]), 400)
    assert not OcrCorrection.objects.exists()


def test_a_value_is_checked_before_it_is_saved(anna: Client, job: OcrJob) -> None:
    def checked(target: str, text: str) -> Any:
        return json.loads(post(anna, "check", job, target=target, text=text).content)

    assert checked("total", "1.190,00 €") == {
        "value": "1190.00",
        "refused": "",
        "checks": [
            {"text": "Subtotal + tax: 1000.00 + 190.00 = 1190.00", "is_good": True},
            {"text": "19 % of 1000.00 is the tax", "is_good": True},
        ],
    }
    assert checked("total", "1200")["checks"][0]["is_good"] is False
    assert checked("iban", "DE02 1203 0000 0000 2020 51")["checks"][1]["text"] == "On file of Hollow Oak Timber Ltd"
    assert checked("iban", UNKNOWN_IBAN)["checks"][1]["is_good"] is None
    assert checked("iban", "DE02100500000054540402")["checks"][1]["text"] == "This is an account of your own"
    assert checked("bic", "DEUTDEFF")["checks"] == [{"text": "BIC and IBAN are of one country", "is_good": True}]
    assert checked("due_date", "1. Januar 2020")["checks"][0]["is_good"] is False
    assert checked("bic", "  ")["checks"] == [{"text": "The field stays empty.", "is_good": None}]
    assert "check digits" in checked("iban", "DE02120300000000202052")["refused"]
    assert "nothing that can be corrected" in checked("shoe_size", "44")["refused"]
    assert not OcrCorrection.objects.exists()


def test_the_second_of_two_people_is_told(anna: Client, job: OcrJob) -> None:
    seen = str(version_of(job))
    berta = signed_in("berta", "ocr.view_ocrjob", "ocr.change_ocrjob")
    post(anna, "correct", job, corrections=[{"target": "total", "text": "1200.00"}])

    answer = post(berta, "correct", job, version=seen, corrections=[{"target": "total", "text": "1300.00"}])

    assert "anna corrected total from 1190.00 to 1200.00" in message(answer, 409)
    assert len(json.loads(answer.content)["details"]["changes"]) == 2
    heard = json.loads(post(berta, "looking", job, version=seen).content)
    assert "anna corrected total" in heard["changes"][0]


def test_others_who_look_are_told_of(anna: Client, job: OcrJob) -> None:
    berta = signed_in("berta", "ocr.view_ocrjob")

    assert json.loads(post(anna, "looking", job).content)["others"] == []
    [told] = json.loads(post(berta, "looking", job).content)["others"]
    assert told.startswith("anna is looking at this job since")
    post(anna, "looking", job, leaving=True)
    assert json.loads(post(berta, "looking", job).content)["others"] == []
    assert [each.name for each in OcrJobOnlooker.objects.all()] == ["berta"]


def test_matching_again_takes_the_books_as_they_are_now(anna: Client) -> None:
    customer = a_customer()
    own_account(customer, is_primary=True)
    job = a_job(customer)
    account = suppliers_account(customer, is_primary=True)

    answer = json.loads(post(anna, "again", job).content)

    job.refresh_from_db()
    assert job.account == account
    assert SUPPLIERS_IBAN in answer["panels"]["summary"]


def test_a_document_that_could_not_be_read_is_asked_for_again_and_shown(anna: Client, customer: Customer) -> None:
    job = a_job(customer, content=b"%PDF-1.4\nnothing")

    page = anna.get(at("review", job)).content.decode()
    assert "Could not be read" in page
    assert json.loads(post(anna, "again", job).content)["state"] == "queued"
    assert "processed just now" in message(post(anna, "reject", job, reason="no"), 409)
