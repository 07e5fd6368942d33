"""The same bill twice, and bills that only look alike."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from transfers.duplicates import Bill, EarlierBill, duplicate_warnings, likeness, number_key

SUPPLIER, ANOTHER = uuid4(), uuid4()
BILL = Bill(
    counterparty_id=SUPPLIER,
    payee_name="Hollow Oak Timber Ltd",
    number="INV-2026-0417",
    number_key=number_key("INV-2026-0417"),
    amount_minor=119000,
    currency="EUR",
    issue_date=date(2026, 10, 2),
)


def bill(**changes: Any) -> Bill:
    if "number" in changes:
        changes["number_key"] = number_key(changes["number"])
    return replace(BILL, **changes)


def earlier(one: Bill = BILL, *, is_paid: bool = False) -> EarlierBill:
    return EarlierBill(bill=one, transfer_id=uuid4(), job_id=uuid4(), upload_id=uuid4(), is_paid=is_paid)


@pytest.mark.parametrize(
    ("one", "other"),
    [("INV-2026-0417", "inv 2026/0417"), ("0004711", "4711"), ("RE-10", "RE-IO"), ("Nr. 5", "NR5")],
)
def test_spellings_of_one_number_have_one_key(one: str, other: str) -> None:
    assert number_key(one) == number_key(other) != ""


def test_a_number_without_letters_or_digits_has_no_key() -> None:
    assert (number_key(""), number_key("--/ "), number_key("000")) == ("", "", "")


@pytest.mark.parametrize(
    ("changes", "how"),
    [
        ({}, "number"),
        ({"number": "INV 2026 0417"}, "number"),
        ({"amount_minor": None}, "number"),
        ({"amount_minor": 118000}, "number"),
        ({"issue_date": None, "amount_minor": 118000}, "number"),
        ({"issue_date": date(2026, 10, 5)}, "number"),
        ({"issue_date": date(2026, 11, 14)}, "recurring"),
        ({"issue_date": date(2026, 10, 5), "amount_minor": 118000}, "recurring"),
        ({"issue_date": date(2026, 11, 14), "amount_minor": None}, "recurring"),
        ({"issue_date": date(2027, 10, 2)}, "recurring"),
        ({"counterparty_id": None}, "number"),
        ({"number": ""}, "amount"),
        ({"number": "20260417"}, "amount"),
    ],
)
def test_the_same_bill_is_recognised(changes: dict[str, Any], how: str) -> None:
    assert likeness(one=bill(**changes), other=BILL) == likeness(one=BILL, other=bill(**changes)) == how


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "INV-2026-0418"},
        {"number": "INV-2026-0418", "issue_date": date(2026, 11, 2)},
        {"issue_date": date(2027, 10, 2), "amount_minor": 118000},
        {"counterparty_id": ANOTHER},
        {"counterparty_id": None, "payee_name": "Hollow Elm Timber Ltd"},
        {"counterparty_id": None, "payee_name": ""},
        {"number": "", "currency": "USD"},
        {"number": "", "issue_date": None},
        {"number": "", "issue_date": date(2026, 10, 3)},
        {"number": "", "amount_minor": -119000},
    ],
)
def test_another_bill_is_another_bill(changes: dict[str, Any]) -> None:
    assert likeness(one=bill(**changes), other=BILL) is None


def test_a_number_of_two_characters_tells_nothing_without_the_amount() -> None:
    first = bill(number="17")
    assert likeness(one=first, other=replace(first, amount_minor=500)) is None
    assert likeness(one=first, other=first) == "number"


def test_the_warning_names_the_earlier_documents_and_only_informs_while_nothing_is_paid() -> None:
    before = earlier()
    (warning,) = duplicate_warnings(bill=BILL, earlier=[before, earlier(bill(number="INV-2026-0400"))])

    assert (warning.code, warning.field, warning.blocker) == ("duplicate_invoice", "invoice_number", None)
    for known in (before.job_id, before.upload_id, before.transfer_id):
        assert str(known) in warning.message


def test_a_bill_with_the_number_of_a_paid_one_blocks_and_the_paid_one_is_named_first() -> None:
    waiting, paid = earlier(), earlier(is_paid=True)
    (warning,) = duplicate_warnings(bill=BILL, earlier=[waiting, paid])

    assert warning.blocker == "duplicate_invoice"
    assert warning.message.index(str(paid.transfer_id)) < warning.message.index(str(waiting.transfer_id))


def test_the_very_document_of_a_paid_bill_blocks_whatever_was_read_of_it() -> None:
    unread = bill(number="", amount_minor=None, issue_date=None, counterparty_id=None, payee_name="")
    for is_paid, blocker in ((True, "duplicate_invoice"), (False, None)):
        (warning,) = duplicate_warnings(bill=unread, earlier=[replace(earlier(is_paid=is_paid), is_same_document=True)])
        assert warning.blocker == blocker


def test_a_paid_bill_that_shares_day_and_amount_alone_informs() -> None:
    (warning,) = duplicate_warnings(bill=bill(number=""), earlier=[earlier(is_paid=True)])
    assert (warning.blocker, warning.field) == (None, "total")


def test_a_reminder_a_month_later_informs() -> None:
    (warning,) = duplicate_warnings(bill=bill(issue_date=date(2026, 11, 14)), earlier=[earlier(is_paid=True)])
    assert warning.blocker is None


@pytest.mark.parametrize(("is_paid", "expected"), [(True, 0), (False, 1)])
def test_a_rent_whose_number_is_the_contracts_is_no_duplicate_of_months_that_were_paid(
    is_paid: bool, expected: int
) -> None:
    assert BILL.issue_date is not None
    months = [
        earlier(bill(issue_date=BILL.issue_date - timedelta(days=30 * back)), is_paid=is_paid) for back in (1, 2, 3)
    ]
    assert len(duplicate_warnings(bill=BILL, earlier=months)) == expected


def test_a_long_list_is_cut() -> None:
    (warning,) = duplicate_warnings(bill=BILL, earlier=[earlier() for _ in range(5)])
    assert warning.message.count("transfer ") == 3
    assert "and 2 more" in warning.message


def test_nothing_before_gives_nothing() -> None:
    assert duplicate_warnings(bill=BILL, earlier=[]) == ()
