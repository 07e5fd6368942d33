"""How each country writes amounts, dates, VAT numbers and telephone-book lines."""

from datetime import date
from decimal import Decimal

MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
# thousands separator, decimal separator; \xa0 is the no-break space
SEPARATORS = {"de": (".", ","), "it": (".", ","), "fr": ("\xa0", ","), "en": (",", "."), "ch": ("’", ".")}


def money(amount: Decimal, *, language: str) -> str:
    """Two digits, without the currency: `1.234,50` (de, it), `1 234,50` (fr), `1,234.50` (en), `1’234.50` (ch)."""
    thousands, point = SEPARATORS[language]
    whole, digits = f"{amount:,.2f}".split(".")
    return whole.replace(",", thousands) + point + digits


def number(amount: Decimal, *, language: str) -> str:
    """A quantity or a rate, with no more digits than it has."""
    return f"{amount:f}".replace(".", SEPARATORS[language][1])


def dotted(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def slashed(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def long_date(day: date, *, language: str) -> str:
    month = MONTHS[language].split()[day.month - 1]
    return f"{day.day}. {month} {day.year}" if language == "de" else f"{day.day} {month} {day.year}"
