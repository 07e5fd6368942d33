"""Amounts far above what a supplier usually asks for."""

import random

import pytest

from transfers.amount_patterns import amount_warnings

USUAL = (10000, 12000, 9500, 11000, 10500, 13000)


def codes(amount: int | None, earlier: tuple[int, ...], currency: str = "EUR") -> list[str]:
    return [each.code for each in amount_warnings(amount_minor=amount, currency=currency, earlier=earlier)]


def test_ten_times_the_usual_is_out_of_pattern_and_the_message_says_by_how_much() -> None:
    (warning,) = amount_warnings(amount_minor=107500, currency="EUR", earlier=USUAL)
    assert (warning.code, warning.field, warning.blocker) == ("amount_out_of_pattern", "total", None)
    assert "1075.00 EUR is 10.0 times" in warning.message
    assert "107.50 EUR" in warning.message


@pytest.mark.parametrize("amount", [9000, 13500, 25000, 100, None, 0, -500000])
def test_amounts_near_or_below_the_usual_are_nothing_to_look_at(amount: int | None) -> None:
    assert codes(amount, USUAL) == []


def test_nothing_is_said_before_there_are_five_bills() -> None:
    assert codes(10_000_000, USUAL[:4]) == []
    assert codes(10_000_000, USUAL[:5]) == ["amount_out_of_pattern"]
    assert codes(10_000_000, ()) == []


def test_credit_notes_are_no_bills_to_compare_with() -> None:
    assert codes(10_000_000, (*USUAL[:4], -9000, 0)) == []


def test_one_odd_bill_before_neither_hides_nor_makes_a_warning() -> None:
    assert codes(90000, (*USUAL, 400000)) == []  # there has been a larger one
    assert codes(500000, (*USUAL, 400000)) == ["amount_out_of_pattern"]


def test_a_subscription_that_always_costs_the_same_may_become_dearer() -> None:
    assert codes(1299, (999,) * 12) == []
    assert codes(9990, (999,) * 12) == ["amount_out_of_pattern"]


def test_currencies_without_cents_are_shown_without() -> None:
    (warning,) = amount_warnings(amount_minor=90000, currency="JPY", earlier=(9000, 9100, 8900, 9000, 9050))
    assert "90000 JPY" in warning.message


def test_suppliers_whose_bills_spread_widely_are_left_alone() -> None:
    """Honest bills, log-normal as the sums of business bills are: fewer than one in fifty may be asked about."""
    chance = random.Random(7)  # noqa: S311  the same bills at every run
    asked = 0
    for _ in range(2000):
        spread = chance.uniform(0.05, 1.2)
        bills = [max(1, round(chance.lognormvariate(10, spread))) for _ in range(chance.randint(6, 40))]
        asked += bool(codes(bills[-1], tuple(bills[:-1])))
    assert asked / 2000 < 0.02
