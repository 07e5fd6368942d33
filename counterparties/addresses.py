"""Whether an address line and an address on file are the same place. Pure."""

import re

from rapidfuzz import fuzz

from counterparties.evidence import AddressRow
from counterparties.names import fold

_STREET = re.compile(r"(?:strasse|straat|strada|street|str)\b")
_AGREES = 85.0


def address_words(text: str) -> str:
    """The line for comparison: folded, with one word for street."""
    return _STREET.sub("str", fold(text))


def same_address(*, line: str, row: AddressRow) -> bool:
    """Whether the line, as `address_words`, holds postal code (EN 16931 BT-38), or without one the town (BT-37), and
    street with house number (BT-35) of the address. An address without a street never agrees."""
    place = fold(row.zip or row.city)
    if not line or not place or f" {place} " not in f" {line} ":
        return False
    street = address_words(row.street)
    if not street:
        return False
    numbers = re.findall(r"\d+", street)
    return all(number in re.findall(r"\d+", line) for number in numbers) and (
        fuzz.partial_ratio(street, line) >= _AGREES
    )
