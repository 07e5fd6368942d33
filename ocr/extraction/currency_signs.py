"""Currency codes and symbols beside an amount."""

import re
from dataclasses import dataclass

from ocr.extraction.checks import currency_codes

# What a symbol or word can mean. Several codes: open, until the document's country decides.
MEANINGS: dict[str, tuple[str, ...]] = {
    "€": ("EUR",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "£": ("GBP", "GIP", "EGP"),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"),
    "us$": ("USD",),
    "ca$": ("CAD",),
    "c$": ("CAD",),
    "a$": ("AUD",),
    "au$": ("AUD",),
    "nz$": ("NZD",),
    "s$": ("SGD",),
    "hk$": ("HKD",),
    "r$": ("BRL",),
    "fr": ("CHF",),
    "fr.": ("CHF",),
    "sfr": ("CHF",),
    "sfr.": ("CHF",),
    "franken": ("CHF",),
    "zł": ("PLN",),
    "zl": ("PLN",),
    "kč": ("CZK",),
    "ft": ("HUF",),
    "lei": ("RON",),
    "лв": ("BGN",),
    "₺": ("TRY",),
    "₽": ("RUB",),
    "₴": ("UAH",),
    "₹": ("INR",),
    "¥": ("JPY", "CNY"),
    "₩": ("KRW",),
    "₪": ("ILS",),
    "฿": ("THB",),
    "₫": ("VND",),
    "₱": ("PHP",),
    "rm": ("MYR",),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kr.": ("DKK", "SEK", "NOK", "ISK"),
}
_SYMBOLS = sorted(MEANINGS, key=len, reverse=True)
_ANY = "|".join(re.escape(symbol) for symbol in _SYMBOLS)
_AFTER = re.compile(rf"\s?(?P<sign>[A-Za-z]{{3}}(?![^\W\d_])|(?:{_ANY})(?![^\W\d_]))", re.IGNORECASE)
_BEFORE = re.compile(rf"(?:^|[^\w$])(?P<sign>[A-Za-z]{{3}}|{_ANY})[.:+]?\s?[-−–+]?\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CurrencySign:
    """`codes`: the currencies it can mean, likeliest first; `start` and `end` its place in the segment's text."""

    text: str
    codes: tuple[str, ...]
    start: int
    end: int


def sign_after(*, text: str, end: int) -> CurrencySign | None:
    """The code or symbol right behind an amount that ends at `end`."""
    match = _AFTER.match(text, end)
    return _sign(match) if match else None


def sign_before(*, text: str, start: int) -> CurrencySign | None:
    """The code or symbol right before an amount that starts at `start`."""
    match = _BEFORE.search(text[max(0, start - 12) : start])
    return _sign(match, shift=max(0, start - 12)) if match else None


def codes_of(text: str) -> tuple[str, ...]:
    """The currencies that a code, symbol or name alone can mean; empty when none."""
    word = text.strip().strip(":()[]")
    if word.upper() in currency_codes() and word.isupper():
        return (word.upper(),)
    return MEANINGS.get(word.lower(), ())


def _sign(match: re.Match[str], *, shift: int = 0) -> CurrencySign | None:
    text = match.group("sign")
    codes = codes_of(text)
    if not codes:
        return None
    return CurrencySign(text=text, codes=codes, start=match.start("sign") + shift, end=match.end("sign") + shift)
