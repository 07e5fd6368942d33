"""Amounts between the major unit that people write and the minor unit that is stored (ISO 4217)."""

from decimal import Decimal, localcontext

from customers.minor_units import MINOR_UNITS

MAX_AMOUNT_MINOR = 10**18 - 1  # ISO 20022 ActiveCurrencyAndAmount has 18 digits in all; a 64-bit integer holds them
PRECISION = 60  # more than 18 digits times any exponent or percentage, so that nothing is rounded on the way


class UnknownCurrency(ValueError):
    """The code is no currency of ISO 4217, so nobody knows how many digits its amounts have."""


class NotRepresentable(ValueError):
    """The amount has more digits than the currency, or than a payment message, can carry."""


def exponent(currency: str) -> int:
    """How many decimal digits the currency has: 2 for EUR, 0 for JPY, 3 for KWD. Raises `UnknownCurrency`."""
    try:
        return MINOR_UNITS[currency]
    except KeyError:
        raise UnknownCurrency(
            f"{currency!r} is no currency code of ISO 4217; give three capital letters such as EUR."
        ) from None


def to_minor(*, amount: Decimal, currency: str) -> int:
    """The amount in minor units: 12.50 EUR gives 1250, 980 JPY gives 980. Never rounds.

    Raises `UnknownCurrency`, and `NotRepresentable` for 1.005 EUR, for anything above 18 digits and for NaN.
    """
    digits = exponent(currency)
    if not amount.is_finite() or amount.adjusted() >= 18:
        raise NotRepresentable(f"{amount} is no amount that can be paid; check the amount.")
    with localcontext(prec=PRECISION):
        minor = amount.scaleb(digits)
        if minor != minor.to_integral_value():
            raise NotRepresentable(f"{amount} has more decimal digits than {currency} allows ({digits}).")
    if abs(minor) > MAX_AMOUNT_MINOR:
        raise NotRepresentable(f"{amount} {currency} is larger than a payment can be; check the amount.")
    return int(minor)


def from_minor(*, minor: int, currency: str) -> Decimal:
    """The amount in major units with exactly the currency's digits: 1250 EUR gives 12.50. Raises `UnknownCurrency`."""
    with localcontext(prec=PRECISION):
        return Decimal(minor).scaleb(-exponent(currency))
