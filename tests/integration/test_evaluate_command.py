"""`manage.py evaluate`: people's decisions as the truth about what extraction gives today."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from customers.models import Customer
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from ocr.review import correct
from ocr.reviewed import reviewed_jobs
from tests.documents import invoice_pdf
from tests.ledger import a_customer, own_account, suppliers_account
from transfers.finalizing import finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    customer = a_customer()
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    return customer


@pytest.fixture
def job(customer: Customer) -> OcrJob:
    job = accept_document(customer=customer, content=invoice_pdf(), file_name="bill.pdf", by="test")
    process_job(job.pk)
    job.refresh_from_db()
    return job


def finalised(job: OcrJob) -> None:
    assert job.transfer_id is not None
    finalize_transfer(transfer_id=job.transfer_id, by="anna", now=timezone.now())


def evaluated(*arguments: str) -> str:
    out = StringIO()
    call_command("evaluate", *arguments, stdout=out)
    return out.getvalue()


def row(*arguments: str) -> dict[str, Any]:
    (line,) = evaluated("--json", *arguments).splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_without_a_reviewed_job_it_says_what_to_do(job: OcrJob) -> None:
    with pytest.raises(CommandError, match="correct a field"):
        evaluated()


def test_what_was_approved_counts_as_right(job: OcrJob) -> None:
    finalised(job)

    found = row()

    assert found["fields"]["total"]["outcome"] == found["fields"]["iban"]["outcome"] == "right"
    assert "seller_address" not in found["fields"]
    assert set(found["counts"]) == {"right"}


def test_a_correction_is_the_truth_about_its_field_and_says_nothing_of_the_others(job: OcrJob) -> None:
    correct(job=job, target="invoice_number", after="RE-99", by="anna")

    found = row("--values")

    assert list(found["fields"]) == ["invoice_number"]
    assert found["fields"]["invoice_number"]["outcome"] == "wrong"
    assert found["fields"]["invoice_number"]["truth"] == ["RE-99"]


def test_a_correction_survives_reprocessing_as_truth_and_not_as_a_reading(job: OcrJob) -> None:
    correct(job=job, target="total", after="1200.00", by="anna")
    call_command("reprocess_jobs", stdout=StringIO())

    assert row("--values")["fields"]["total"] == {
        "outcome": "wrong",
        "mistake": "another value",
        "confidence": pytest.approx(0.9, abs=0.1),
        "value": "1190.00",
        "truth": ["1200.00"],
    }


def test_a_field_that_a_person_emptied_has_to_be_empty(job: OcrJob) -> None:
    correct(job=job, target="invoice_number", after=None, by="anna")
    assert row()["fields"]["invoice_number"]["outcome"] == "wrong"


def test_a_draft_edited_by_hand_approves_nothing(job: OcrJob) -> None:
    finalised(job)
    Transfer.objects.filter(ocr_job_id=job.pk, status="superseded").update(edited_at=timezone.now(), edited_by="anna")
    assert not reviewed_jobs().exists()


def test_the_tables_name_jobs_and_fields_and_no_values(job: OcrJob) -> None:
    finalised(job)
    correct(job=job, target="total", after="1200.00", by="anna")

    report = evaluated()

    assert f"{job.pk} total wrong" in report
    assert "1200.00" not in report
    assert "1 reviewed jobs" in report
    assert "1200.00" in evaluated("--values")


def test_only_the_customers_own_jobs_are_measured(job: OcrJob) -> None:
    finalised(job)
    other = a_customer("Fernhollow Ltd")
    with pytest.raises(CommandError, match="No job has been reviewed"):
        evaluated("--customer", other.legal_name)
    assert row("--customer", job.customer.legal_name)["job"] == str(job.pk)
