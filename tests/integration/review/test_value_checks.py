"""What is said of a value while somebody types it."""

from typing import Any

import pytest

from ocr.back_office.validation import Check, checks, sum_checks
from ocr.models import OcrJob
from tests.ledger import OWN_IBAN, SUPPLIERS_IBAN

pytestmark = pytest.mark.django_db

UNKNOWN_IBAN = "DE89370400440532013000"


def said(job: OcrJob, target: str, value: str | None) -> dict[str, bool | None]:
    return {each.text: each.is_good for each in checks(job=job, target=target, value=value)}


def test_an_account_is_told_whose_it_is(job: OcrJob) -> None:
    assert said(job, "iban", SUPPLIERS_IBAN)["On file of Hollow Oak Timber Ltd"] is True
    assert said(job, "iban", OWN_IBAN)["This is an account of your own"] is False
    assert said(job, "iban", UNKNOWN_IBAN)["Not on file of any counterparty"] is None


def test_a_bic_is_held_to_the_account_where_there_is_one(job: OcrJob) -> None:
    job.fields.filter(name="iban").update(value=UNKNOWN_IBAN)
    assert said(job, "bic", "COBADEFFXXX") == {"BIC and IBAN are of one country": True}
    assert said(job, "bic", "ABNANL2A") == {"BIC and IBAN are of different countries": False}
    job.fields.filter(name="iban").update(value=None, source="")
    assert said(job, "bic", "ABNANL2A") == {}


def test_days_are_held_to_each_other_where_both_are_there(job: OcrJob) -> None:
    job.fields.filter(name="issue_date").update(value="2026-04-01")
    assert said(job, "due_date", "2026-04-01") == {"Due after it was issued": True}
    assert said(job, "due_date", "2026-03-31") == {"Due before it was issued": False}
    job.fields.filter(name="issue_date").update(value=None, source="")
    assert said(job, "due_date", "2026-03-31") == {}


def test_an_empty_value_and_one_without_checks(job: OcrJob) -> None:
    assert checks(job=job, target="total", value=None) == [Check("The field stays empty.", None)]
    assert checks(job=job, target="invoice_number", value="4711") == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"total": "119", "subtotal": "100", "sales_tax_amount": "19"}, {"Subtotal + tax: 100 + 19 = 119": True}),
        (
            {"total": "120", "subtotal": "100", "sales_tax_amount": "19"},
            {"Subtotal + tax: 100 + 19 = 119, +1 to the total": False},
        ),
        ({"subtotal": "100", "sales_tax_amount": "19", "sales_tax_percentage": "19"}, {"19 % of 100 is the tax": True}),
        ({"subtotal": "100", "sales_tax_amount": "7", "sales_tax_percentage": "19"}, {"19 % of 100 is not 7": False}),
        ({"total": "119", "subtotal": "a hundred", "sales_tax_amount": "19"}, {}),
        ({}, {}),
    ],
)
def test_sums_are_worked_out_as_far_as_they_are_there(values: dict[str, Any], expected: dict[str, bool]) -> None:
    assert {each.text: each.is_good for each in sum_checks(values)} == expected


def test_a_rate_is_checked_against_the_tax_alone(job: OcrJob) -> None:
    assert set(said(job, "sales_tax_percentage", "19.00")) == {"19.00 % of 1000.00 is the tax"}
