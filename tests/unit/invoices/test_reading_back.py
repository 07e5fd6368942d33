"""A hundred invented invoices of 18 countries, written by the service and read back by it, every field of them.

What their pages say without the e-invoice is measured, not asserted: `make bench-written`.
"""

import sys

import pytest

from benchmarks.written import __main__ as report
from benchmarks.written.bills import invent_bill
from benchmarks.written.reading_back import misread, read_back, said
from invoices.rendering.pdf import invoice_pdf

BILLS = [invent_bill(seed) for seed in range(100)]


@pytest.mark.parametrize("first", range(0, 100, 10))
def test_every_field_comes_back_as_it_was_written(first: int) -> None:
    differing = {bill.number: misread(pdf=invoice_pdf(bill), bill=bill) for bill in BILLS[first : first + 10]}

    assert differing == {bill.number: {} for bill in BILLS[first : first + 10]}


def test_the_invented_ones_are_of_every_kind() -> None:
    assert len({bill.seller.place.country for bill in BILLS if bill.seller.place}) > 10
    assert len({bill.currency for bill in BILLS}) > 5
    assert {bool(bill.discount) for bill in BILLS} == {bool(bill.shipping) for bill in BILLS} == {True, False}
    assert {bill.due_date is None for bill in BILLS} == {True, False}
    references = {bill.reference[:2] if bill.reference[:2] == "RF" else len(bill.reference) for bill in BILLS}
    assert {"RF", 27} <= references  # ISO 11649 and the Swiss QR reference
    assert invent_bill(7) == BILLS[7] != invent_bill(8)


def test_a_difference_is_seen() -> None:
    bill, other = BILLS[0], BILLS[1]

    differing = misread(pdf=invoice_pdf(other), bill=bill)

    assert differing["invoice_number"] == (bill.number, other.number)
    assert read_back(pdf=invoice_pdf(other), bill=other).value("iban") == said(other)["iban"]


def test_the_report_counts_them(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["bench-written", "--count", "2", "--quiet"])

    assert report.main() == 0

    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    values = str(sum(value is not None for bill in BILLS[:2] for value in said(bill).values()))
    assert rows[2] == ["with its e-invoice", "2", "2", "0", "0", values]
    assert rows[3][:2] == ["its pages alone", "2"]
