"""Which rates a tax fits: to the cent, and to the unit where money has no smaller one."""

from decimal import Decimal

import pytest

from ocr.extraction.tax_lines import rate_fits


def fits(basis: str, rate: str, amount: str) -> bool:
    return rate_fits(basis=Decimal(basis), rate=Decimal(rate), amount=Decimal(amount))


@pytest.mark.parametrize(
    ("basis", "rate", "amount"),
    [
        ("100.00", "19", "19.00"),
        ("33.33", "19", "6.34"),
        ("12345", "10", "1234"),  # 1234.5 yen, rounded down
        ("12345", "10", "1235"),
        ("-12345", "10", "-1234"),
    ],
)
def test_a_rounded_tax_fits_its_rate(basis: str, rate: str, amount: str) -> None:
    assert fits(basis, rate, amount)


@pytest.mark.parametrize(
    ("basis", "rate", "amount"),
    [
        ("100.00", "19", "19.02"),
        ("12345", "10", "1236"),
        ("12345", "8", "1235"),
        ("12345.00", "10", "1234"),  # with decimals the cent counts
        ("123", "10", "12"),  # so small that many rates would fit
        ("1000", "8.1", "80"),
    ],
)
def test_another_amount_does_not(basis: str, rate: str, amount: str) -> None:
    assert not fits(basis, rate, amount)
