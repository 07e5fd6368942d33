"""What an invoice comes to. Pure; every amount is an integer in the currency's minor unit, every rate a percentage."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

# A quantity and a price may have 18 digits each: the default 28 would round the product before it is rounded half up.
PRECISION = 60


@dataclass(frozen=True, slots=True)
class Line:
    """`price` is for one unit, in minor units."""

    quantity: Decimal
    price: int


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """`lines` are the line totals in the order given; total = subtotal − discount + shipping + vat."""

    lines: tuple[int, ...]
    subtotal: int
    discount: int
    shipping: int
    vat: int
    total: int


def invoice_totals(*, lines: Sequence[Line], discount_rate: Decimal, vat_rate: Decimal, shipping: int) -> InvoiceTotals:
    """Rounds half up: each line, then the discount on their sum, then the VAT on the discounted sum plus shipping.

    Raises ValueError on a negative number or a rate above 100.
    """
    if shipping < 0 or any(line.quantity < 0 or line.price < 0 for line in lines):
        raise ValueError("Quantities, prices and shipping of an invoice cannot be negative.")
    if not (0 <= discount_rate <= 100 and 0 <= vat_rate <= 100):
        raise ValueError("Rates are percentages from 0 to 100.")
    totals = tuple(_rounded(line.quantity, line.price) for line in lines)
    subtotal = sum(totals)
    discount = _percentage(discount_rate, subtotal)
    taxable = subtotal - discount + shipping
    vat = _percentage(vat_rate, taxable)
    return InvoiceTotals(
        lines=totals, subtotal=subtotal, discount=discount, shipping=shipping, vat=vat, total=taxable + vat
    )


def _rounded(factor: Decimal, minor: int) -> int:
    with localcontext(prec=PRECISION):
        return int((factor * minor).to_integral_value(rounding=ROUND_HALF_UP))


def _percentage(rate: Decimal, minor: int) -> int:
    with localcontext(prec=PRECISION):
        return _rounded(rate.scaleb(-2), minor)
