"""The check of a currency code, as models want it."""

from django.core.exceptions import ValidationError

from customers.minor_units import MINOR_UNITS
from customers.translations import say


def check_currency(code: str) -> None:
    """Raises ValidationError unless `code` is a currency of ISO 4217, in upper case."""
    if code not in MINOR_UNITS:
        raise ValidationError(
            say("{code} is no currency code of ISO 4217; give three capital letters such as EUR.", code=repr(code)),
            code="unknown_currency",
        )
