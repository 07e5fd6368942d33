"""Minor units: exact both ways, or an error; nothing is ever rounded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.minor_units import MINOR_UNITS
from invoices.money import MAX_AMOUNT_MINOR, NotRepresentable, UnknownCurrency, exponent, from_minor, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("12.5", "EUR", 1250),
        ("0.01", "EUR", 1),
        ("-3.20", "CHF", -320),
        ("980", "JPY", 980),
        ("980.00", "JPY", 980),
        ("1.234", "KWD", 1234),
        ("1E+3", "EUR", 100_000),
        ("0", "EUR", 0),
    ],
)
def test_an_amount_becomes_an_integer_of_the_currencys_own_minor_unit(amount: str, currency: str, minor: int) -> None:
    assert to_minor(amount=Decimal(amount), currency=currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1.005", "EUR"), ("980.5", "JPY"), ("1.2345", "KWD"), ("0.00000000000000000001", "EUR")],
)
def test_digits_that_the_currency_does_not_have_are_refused_and_not_rounded(amount: str, currency: str) -> None:
    with pytest.raises(NotRepresentable, match=currency):
        to_minor(amount=Decimal(amount), currency=currency)


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "1E+18"])
def test_what_is_no_amount_or_no_amount_of_this_world_is_refused(amount: str) -> None:
    with pytest.raises(NotRepresentable):
        to_minor(amount=Decimal(amount), currency="EUR")


def test_the_largest_amount_has_eighteen_digits_in_all() -> None:
    assert to_minor(amount=Decimal("9999999999999999.99"), currency="EUR") == MAX_AMOUNT_MINOR
    with pytest.raises(NotRepresentable):
        to_minor(amount=Decimal("10000000000000000.00"), currency="EUR")


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XXX", "€"])
def test_an_unknown_currency_has_no_minor_unit(code: str) -> None:
    for attempt in (
        lambda: exponent(code),
        lambda: to_minor(amount=Decimal(1), currency=code),
        lambda: from_minor(minor=1, currency=code),
    ):
        with pytest.raises(UnknownCurrency, match="ISO 4217"):
            attempt()


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1250, "EUR", "12.50"), (-5, "EUR", "-0.05"), (980, "JPY", "980"), (1234, "KWD", "1.234"), (0, "EUR", "0.00")],
)
def test_an_amount_comes_back_with_exactly_the_currencys_digits(minor: int, currency: str, text: str) -> None:
    assert str(from_minor(minor=minor, currency=currency)) == text


@given(minor=st.integers(-MAX_AMOUNT_MINOR, MAX_AMOUNT_MINOR), currency=st.sampled_from(sorted(MINOR_UNITS)))
def test_every_amount_survives_the_way_out_and_back(minor: int, currency: str) -> None:
    assert to_minor(amount=from_minor(minor=minor, currency=currency), currency=currency) == minor
