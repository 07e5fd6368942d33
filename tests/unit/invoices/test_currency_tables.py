"""Extraction may not know the apps and has its own table of currencies: both must say the same."""

import csv

from customers.minor_units import MINOR_UNITS
from tests.services import ROOT


def test_the_currencies_that_are_read_have_the_minor_units_that_are_paid() -> None:
    with (ROOT / "ocr/extraction/currencies.csv").open(encoding="utf-8", newline="") as file:
        read = {row["code"]: int(row["digits"]) for row in csv.DictReader(file)}

    # Old invoices name currencies that are gone; whatever can still be paid must be read, and with the same digits.
    assert {code: read.get(code) for code in MINOR_UNITS} == MINOR_UNITS
