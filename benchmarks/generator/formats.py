"""How an invoice writes numbers, dates and money."""

import random
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from benchmarks.generator.catalogue import Locale, favour_early

CENT = Decimal("0.01")
_BLANKS = (" ", "\u00a0", "\u202f")
_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "AUD": "$", "PLN": "zł", "CZK": "Kč", "CHF": "CHF"}
_CROWNS = {"SEK", "DKK", "NOK"}


def half_up(value: Decimal, *, to: Decimal = CENT) -> Decimal:
    """Rounded to a multiple of `to`, halves away from zero, as invoices do."""
    steps = (value / to).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return (steps * to).quantize(max(to, CENT) if to < 1 else CENT)


@dataclass(frozen=True, slots=True)
class Formats:
    """The signs and patterns of one invoice; `money` holds `{}` where the number goes."""

    locale: Locale
    currency: str
    thousands: str
    decimal: str
    date_pattern: str
    money_pattern: str
    minus: str

    def number(self, value: Decimal, *, places: int = 2) -> str:
        """The number with its thousands apart; `places` digits after the sign."""
        whole, _, fraction = f"{abs(value):.{places}f}".partition(".")
        grouped = f"{int(whole):,}".replace(",", self.thousands)
        sign = self.minus if value < 0 else ""
        return f"{sign}{grouped}{self.decimal}{fraction}" if fraction else f"{sign}{grouped}"

    def plain(self, value: Decimal) -> str:
        """A quantity or a rate: as few digits as it takes."""
        text = f"{value.normalize():f}"
        return text.replace(".", self.decimal)

    def money(self, value: Decimal) -> str:
        return self.money_pattern.format(self.number(value))

    def date(self, day: date) -> str:
        return _written(day, self.date_pattern, self.locale)

    @property
    def names_currency(self) -> bool:
        """Whether the amounts themselves say which currency it is."""
        return self.money_pattern != "{}"


def choose_formats(*, locale: Locale, currency: str, chance: random.Random) -> Formats:
    thousands, decimal = favour_early(chance, locale.habits("numbers"))
    if thousands == " ":
        thousands = chance.choice(_BLANKS)
    return Formats(
        locale=locale,
        currency=currency,
        thousands=thousands,
        decimal=decimal,
        date_pattern=favour_early(chance, locale.habits("dates")),
        money_pattern=_money_pattern(locale, currency, chance),
        minus=chance.choice(["-", "-", "-", "–", "- "]),
    )


def _money_pattern(locale: Locale, currency: str, chance: random.Random) -> str:
    """The country's own way, or for a foreign currency its code or symbol beside the number."""
    if currency == locale.habits("currency"):
        pattern: str = favour_early(chance, locale.habits("money")).replace(",-", "")
        return pattern.replace(" ", "\u00a0") if chance.random() < 0.2 else pattern
    mark = currency if currency in _CROWNS or chance.random() < 0.6 else _SYMBOLS[currency]
    return chance.choice([f"{mark} {{}}", f"{{}} {mark}", "{}"])


def _written(day: date, pattern: str, locale: Locale) -> str:
    months = locale.words("calendar", "months")
    short = locale.words("calendar", "months_short")
    parts = {
        "yyyy": f"{day.year}",
        "yy": f"{day.year % 100:02d}",
        "MMMM": months[day.month - 1],
        "MMM": short[day.month - 1].rstrip("."),
        "mm": f"{day.month:02d}",
        "m": f"{day.month}",
        "dd": f"{day.day:02d}",
        "d": f"{day.day}",
    }
    return re.sub(
        r"(?<![a-zA-Z])(?:yyyy|yy|MMMM|MMM|mm|m|dd|d)(?![a-zA-Z])|yymmdd", lambda hit: _part(hit[0], parts), pattern
    )


def _part(name: str, parts: dict[str, str]) -> str:
    return parts["yy"] + parts["mm"] + parts["dd"] if name == "yymmdd" else parts[name]
