"""The same bill twice, through the whole pipeline: evidence, reprocessing, finalising, and nobody else's documents."""

from datetime import date
from typing import Any

import pymupdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from ocr.review import ask_again, correct
from tests.documents import INVOICE_LINES
from tests.ledger import a_customer, own_account, suppliers_account
from transfers.finalizing import FinalizeBlocked, cancel_transfer, finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    return with_books(a_customer())


def with_books(customer: Customer) -> Customer:
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    return customer


def bill(*, scanned_as: str = "", **replaced: str) -> bytes:
    """The invented invoice with some of its words replaced; `scanned_as` makes other bytes of the same bill."""
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=595, height=842)
        for x, y, size, text in INVOICE_LINES:
            for name, value in replaced.items():
                text = text.replace({"number": "INV-2026-0417", "day": "2026-10-02", "net": "1,000.00"}[name], value)
            page.insert_text((x, y), text, fontsize=size)
        pdf.set_metadata({"title": scanned_as})
        content: bytes = pdf.tobytes(no_new_id=True)
        return content


def processed(customer: Customer, content: bytes) -> OcrJob:
    job = accept_document(customer=customer, content=content, file_name="bill.pdf", by="test")
    process_job(job.pk)
    return OcrJob.objects.get(pk=job.pk)


def again(job: OcrJob, from_stage: str = "match") -> OcrJob:
    ask_again(job=job, from_stage=from_stage, by="test", is_announced=False)
    process_job(job.pk)
    return OcrJob.objects.get(pk=job.pk)


def pay(job: OcrJob) -> Transfer:
    return finalize_transfer(transfer_id=draft_of(job).pk, by="test", now=timezone.now())


def warning(job: OcrJob, code: str = "duplicate_invoice") -> dict[str, Any] | None:
    return next((each for each in job.warnings if each["code"] == code), None)


def draft_of(job: OcrJob) -> Transfer:
    assert job.transfer is not None
    job.transfer.refresh_from_db()
    return job.transfer


def blockers(job: OcrJob) -> list[str]:
    return list(draft_of(job).blockers)


def test_a_first_bill_is_no_duplicate_and_is_remembered_by_number_and_day(customer: Customer) -> None:
    job = processed(customer, bill())
    assert (warning(job), blockers(job)) == (None, [])
    transfer = draft_of(job)
    assert (transfer.invoice_number, transfer.issue_date) == ("INV-2026-0417", date(2026, 10, 2))


def test_the_same_bill_in_other_bytes_informs_with_the_ids_of_the_first(customer: Customer) -> None:
    first = processed(customer, bill())
    second = processed(customer, bill(scanned_as="copy"))

    found = warning(second)
    assert found is not None
    assert found["field"] == "invoice_number"
    for known in (first.pk, first.upload_id, first.transfer_id):
        assert str(known) in found["message"]
    assert blockers(second) == []
    assert warning(again(first)) is None  # the first of the two stays the first


def test_the_same_bytes_say_so_as_well(customer: Customer) -> None:
    first = processed(customer, bill())
    second = processed(customer, bill())
    found = warning(second, "duplicate_document")
    assert found is not None
    assert str(first.pk) in found["message"]
    assert warning(second) is not None


def test_once_the_first_is_paid_the_second_cannot_be(customer: Customer) -> None:
    first = processed(customer, bill())
    second = processed(customer, bill(scanned_as="copy"))
    paid = pay(first)

    with pytest.raises(FinalizeBlocked, match="paid already"):
        pay(second)
    assert blockers(again(second)) == ["duplicate_invoice"]

    cancel_transfer(transfer_id=paid.pk, by="test", now=timezone.now())
    assert pay(second).status == "pending"


def test_the_document_of_a_paid_bill_cannot_be_paid_again_under_another_number(customer: Customer) -> None:
    first = processed(customer, bill())
    second = processed(customer, bill())
    correct(job=second, target="invoice_number", after="INV-2026-0471", by="pat")
    second = again(second)
    assert blockers(second) == []
    pay(first)

    with pytest.raises(FinalizeBlocked, match="paid already"):
        pay(second)
    assert blockers(again(second)) == ["duplicate_invoice"]


def test_paying_the_later_one_keeps_the_earlier_from_being_paid(customer: Customer) -> None:
    first = processed(customer, bill())
    pay(processed(customer, bill(scanned_as="copy")))

    with pytest.raises(FinalizeBlocked) as blocked:
        pay(first)
    assert blocked.value.blockers == ("duplicate_invoice",)
    assert blockers(again(first, "extract")) == ["duplicate_invoice"]


def test_correcting_the_number_answers_the_warning(customer: Customer) -> None:
    pay(processed(customer, bill()))
    second = processed(customer, bill(scanned_as="copy"))
    assert blockers(second) == ["duplicate_invoice"]

    correct(job=second, target="invoice_number", after="INV-2026-0471", by="pat")
    second = again(second)
    assert (warning(second), blockers(second)) == (None, [])
    assert pay(second).invoice_number == "INV-2026-0471"


def test_an_edited_draft_is_left_alone_and_still_knows_its_bill(customer: Customer) -> None:
    job = processed(customer, bill())
    Transfer.objects.filter(pk=draft_of(job).pk).update(amount_minor=1, edited_at=timezone.now(), edited_by="pat")
    correct(job=job, target="invoice_number", after="INV-2026-0471", by="pat")
    again(job)
    transfer = draft_of(job)
    assert (transfer.amount_minor, transfer.invoice_number) == (1, "INV-2026-0471")


def test_next_months_bill_of_the_same_amount_is_no_duplicate(customer: Customer) -> None:
    pay(processed(customer, bill()))
    job = processed(customer, bill(number="INV-2026-0502", day="2026-10-30"))
    assert (warning(job), blockers(job)) == (None, [])


def test_a_duplicate_of_another_customers_bill_is_never_mentioned(customer: Customer) -> None:
    first = processed(customer, bill())
    pay(first)
    other = with_books(a_customer())
    job = processed(other, bill())

    assert not [each for each in job.warnings if each["code"].startswith("duplicate")]
    assert str(first.pk) not in str(job.warnings)
    assert pay(job).status == "pending"


def test_an_amount_out_of_the_suppliers_pattern_informs_once_there_are_five(customer: Customer) -> None:
    for number in range(5):
        one = processed(customer, bill(number=f"INV-2026-03{number}0"))
        assert warning(one, "amount_out_of_pattern") is None
        Transfer.objects.filter(pk=draft_of(one).pk).update(amount_minor=11900 + number)
    late = processed(customer, bill(number="INV-2026-0999"))
    found = warning(late, "amount_out_of_pattern")
    assert found is not None
    assert found["field"] == "total"
    assert blockers(late) == []


def test_bills_that_wait_for_a_person_make_no_pattern(customer: Customer) -> None:
    for number in range(5):
        one = processed(customer, bill(number=f"INV-2026-03{number}0"))
        Transfer.objects.filter(pk=draft_of(one).pk).update(amount_minor=11900 + number, blockers=["account_unknown"])
    assert warning(processed(customer, bill(number="INV-2026-0999")), "amount_out_of_pattern") is None


def test_looking_back_takes_a_fixed_number_of_queries(customer: Customer) -> None:
    def queries(content: bytes) -> int:
        job = accept_document(customer=customer, content=content, file_name="bill.pdf", by="test")
        with CaptureQueriesContext(connection) as captured:
            process_job(job.pk)
        return len([each for each in captured if "number_key" in each["sql"] and each["sql"].startswith("SELECT")])

    few = queries(bill())
    for number in range(4):
        processed(customer, bill(scanned_as=str(number)))
    assert queries(bill(scanned_as="last")) == few <= 6
