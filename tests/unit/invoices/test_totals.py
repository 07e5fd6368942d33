"""Totals of an invoice: half up per line, discount on their sum, VAT on the discounted sum plus shipping."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.money import from_minor
from invoices.totals import InvoiceTotals, Line, invoice_totals


def totals(*lines: tuple[str, int], discount: str = "0", vat: str = "0", shipping: int = 0) -> InvoiceTotals:
    return invoice_totals(
        lines=[Line(quantity=Decimal(quantity), price=price) for quantity, price in lines],
        discount_rate=Decimal(discount),
        vat_rate=Decimal(vat),
        shipping=shipping,
    )


def test_an_invoice_in_euro() -> None:
    worked_out = totals(("3", 1999), ("1.5", 8050), discount="10", vat="19", shipping=590)

    # 59.97 + 120.75 = 180.72; 10 % of it 18.07; 19 % of 180.72 − 18.07 + 5.90 = 168.55 is 32.02
    assert worked_out == InvoiceTotals(
        lines=(5997, 12075), subtotal=18072, discount=1807, shipping=590, vat=3202, total=20057
    )


def test_yen_have_no_decimals_to_round_to() -> None:
    worked_out = totals(("2.5", 333), vat="10")

    assert (worked_out.subtotal, worked_out.vat, worked_out.total) == (833, 83, 916)
    assert str(from_minor(minor=worked_out.total, currency="JPY")) == "916"


def test_dinars_have_three_decimals() -> None:
    worked_out = totals(("0.3333", 10_005), vat="5")

    assert (worked_out.subtotal, worked_out.vat, worked_out.total) == (3335, 167, 3502)
    assert str(from_minor(minor=worked_out.total, currency="KWD")) == "3.502"


def test_each_line_is_rounded_half_up_before_they_are_added() -> None:
    assert totals(("0.5", 1), ("0.5", 1)).subtotal == 2
    assert totals(("0.5", 5)).lines == (3,)  # half to even would give 2


def test_a_discount_of_half_a_unit_goes_up_as_well() -> None:
    assert totals(("1", 50), discount="5").discount == 3


def test_vat_is_also_due_on_shipping() -> None:
    assert totals(("1", 1000), vat="20", shipping=500).vat == 300


def test_a_discount_does_not_touch_shipping() -> None:
    worked_out = totals(("1", 1000), discount="100", vat="20", shipping=500)

    assert (worked_out.discount, worked_out.vat, worked_out.total) == (1000, 100, 600)


def test_an_invoice_without_items_comes_to_its_shipping() -> None:
    assert totals(shipping=500) == InvoiceTotals(lines=(), subtotal=0, discount=0, shipping=500, vat=0, total=500)


def test_long_numbers_are_not_rounded_on_the_way() -> None:
    # The product has 36 digits; rounded to Decimal's usual 28 it would end in …000 instead.
    worked_out = totals(("999999999999.999999", 999_999_999_999_999_999))

    assert worked_out.subtotal == 999_999_999_999_999_998_000_000_000_000


@pytest.mark.parametrize(
    ("lines", "rates"),
    [
        ([("-1", 100)], {}),
        ([("1", -100)], {}),
        ([("1", 100)], {"shipping": -1}),
        ([("1", 100)], {"vat": "-0.1"}),
        ([("1", 100)], {"vat": "100.1"}),
        ([("1", 100)], {"discount": "101"}),
    ],
)
def test_negative_numbers_and_rates_above_a_hundred_are_refused(
    lines: list[tuple[str, int]], rates: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=r"negative|percentages"):
        totals(*lines, **rates)  # type: ignore[arg-type]


@given(
    lines=st.lists(
        st.tuples(st.decimals("0", "9999", places=4), st.integers(0, 10**9)).map(lambda pair: (str(pair[0]), pair[1])),
        max_size=8,
    ),
    discount=st.decimals("0", "100", places=4),
    vat=st.decimals("0", "100", places=4),
    shipping=st.integers(0, 10**7),
)
def test_the_parts_always_add_up_and_are_the_exact_values_rounded_once(
    lines: list[tuple[str, int]], discount: Decimal, vat: Decimal, shipping: int
) -> None:
    worked_out = totals(*lines, discount=str(discount), vat=str(vat), shipping=shipping)

    def half_up(exact: Fraction) -> int:
        return int(exact + Fraction(1, 2))

    assert list(worked_out.lines) == [half_up(Fraction(quantity) * price) for quantity, price in lines]
    assert worked_out.subtotal == sum(worked_out.lines)
    assert worked_out.discount == half_up(Fraction(discount) * worked_out.subtotal / 100)
    taxable = worked_out.subtotal - worked_out.discount + shipping
    assert worked_out.vat == half_up(Fraction(vat) * taxable / 100)
    assert worked_out.total == taxable + worked_out.vat
