"""How sure a value must be before it is given, and a document before it may pass without a person, in one place.

Below its threshold a field stays empty and shows what was seen as runners-up. Money and accounts ask for more than
names, because an empty field costs a person a glance and a wrong one costs money. Confidences of printed values are
probabilities (`calibration.py`), so the numbers say how many of a hundred such values may be wrong at the worst.
"""

from typing import Literal, get_args

from ocr.extraction.fields import FieldName

Strictness = Literal["strict", "balanced", "eager"]
STRICTNESSES: tuple[Strictness, ...] = get_args(Strictness)
USUAL: Strictness = "balanced"

_MONEY: frozenset[FieldName] = frozenset(
    {"total", "subtotal", "sales_tax_amount", "sales_tax_percentage", "currency_code", "iban", "bic", "reference"}
)
_GIVEN: dict[Strictness, tuple[float, float]] = {"strict": (0.96, 0.93), "balanced": (0.9, 0.8), "eager": (0.7, 0.55)}
_UNSEEN: dict[Strictness, float] = {"strict": 0.85, "balanced": 0.65, "eager": 0.45}


def least_given(*, name: FieldName, strictness: Strictness) -> float:
    """The probability from which a printed value of the field is given rather than left empty."""
    money, other = _GIVEN[strictness]
    return money if name in _MONEY else other


def least_unseen(strictness: Strictness) -> float:
    """The probability that all given values are right from which nobody has to look at them before paying."""
    return _UNSEEN[strictness]


LEAST_STATED: dict[FieldName, float] = {
    "total": 0.75,
    "customer_name": 0.6,
    "customer_email": 0.6,
    "currency_code": 0.7,
    "currency_symbol": 0.7,
    "due_date": 0.7,
    "subtotal": 0.75,
    "sales_tax_percentage": 0.75,
    "sales_tax_amount": 0.75,
    "invoice_number": 0.75,
    "reference": 0.75,
    "bic": 0.75,
    "iban": 0.85,
    "seller_name": 0.68,
    "seller_vat_id": 0.7,
    "seller_email": 0.6,
    "seller_address": 0.6,
    "issue_date": 0.65,
}
"""From what confidence a machine-readable value is given; the marks are those of its witness, no probabilities."""

CONFIRMED = 0.99
"""A value that two witnesses give independently."""

CONTRADICTS = 0.9
"""From this confidence on a value on the page stands against a machine-readable one that the page lacks."""
