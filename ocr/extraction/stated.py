"""What an e-invoice states, in the terms of EN 16931-1, before anything of it is checked.

Both syntaxes (UN/CEFACT CII and OASIS UBL) are read into this one shape. Texts are as they stand in the file with
white space collapsed; an empty text means that the element is absent.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ocr.extraction.fields import TaxLine
from ocr.reading.document import XmlElement

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?![0-9])")

# UNTDID 2379: with a century and without one; hours, minutes, seconds and time zone may follow.
_CODED_DATES = {
    "101": re.compile(r"()([0-9]{6})"),
    "201": re.compile(r"()([0-9]{6})[0-9]{4}"),
    "203": re.compile(r"([0-9]{2})([0-9]{6})[0-9]{4}"),
    "204": re.compile(r"([0-9]{2})([0-9]{6})[0-9]{6}"),
    "205": re.compile(r"([0-9]{2})([0-9]{6})[0-9]{4}[+-]?[0-9]{4}"),
    "303": re.compile(r"([0-9]{2})([0-9]{6})[0-9]{4}[A-Z]{3}"),
    "304": re.compile(r"([0-9]{2})([0-9]{6})[0-9]{6}[A-Z]{3}"),
}


@dataclass(frozen=True, slots=True)
class StatedParty:
    """A seller (BG-4) or buyer (BG-7). `tax_number` is the national one that is no VAT number (BT-32). `emails` are in
    order of worth: the contact's, then the electronic address."""

    name: str = ""
    vat_id: str = ""
    tax_number: str = ""
    emails: tuple[str, ...] = ()
    address: str = ""
    phones: tuple[str, ...] = ()
    registration_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedAccount:
    """One account of the payee (BG-17): its identifier (BT-84), its bank's (BT-86). Never the payer's (BT-91)."""

    identifier: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """An amount with the currency that its own attribute names, empty where it names none."""

    value: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class StatedInvoice:
    """The business terms (BT) that a payment needs. None and empty mean "not stated"."""

    profile: str  # BT-24
    number: str  # BT-1
    issue_date: date | None  # BT-2
    type_code: str  # BT-3, UNTDID 1001
    currency: str  # BT-5
    due_dates: tuple[date, ...]  # BT-9; several where an extension names instalments
    terms: str  # BT-20
    seller: StatedParty
    buyer: StatedParty
    payee_name: str  # BT-59, only where another than the seller is to be paid
    means_codes: tuple[str, ...]  # BT-81, UNTDID 4461
    references: tuple[str, ...]  # BT-83
    accounts: tuple[StatedAccount, ...]
    lines: Decimal | None  # BT-106
    allowances: Decimal | None  # BT-107
    charges: Decimal | None  # BT-108
    net: StatedAmount | None  # BT-109
    taxes: tuple[StatedAmount, ...]  # BT-110, and BT-111 in the accounting currency
    gross: StatedAmount | None  # BT-112
    prepaid: Decimal | None  # BT-113
    rounding: Decimal | None  # BT-114
    payable: Decimal | None  # BT-115
    tax_breakdown: tuple[TaxLine, ...]  # BG-23


def elements(*, under: XmlElement | None, path: str) -> Iterator[XmlElement]:
    """All elements at a path of local names (`PostalTradeAddress/CityName`), in document order.

    Namespaces are not compared: below the root they differ between the versions of one syntax while the local names
    stay, and no two elements of a parent share one.
    """
    if under is None:
        return
    name, _, rest = path.partition("/")
    for child in under.children:
        if child.tag.rpartition("}")[2] == name:
            if rest:
                yield from elements(under=child, path=rest)
            else:
                yield child


def element(*, under: XmlElement | None, paths: tuple[str, ...]) -> XmlElement | None:
    """The first element at the first path that leads to one, None where none does."""
    return next((found for path in paths for found in elements(under=under, path=path)), None)


def text(under: XmlElement | None, *paths: str) -> str:
    """The first non-empty text at the paths, tried in order, white space collapsed; empty when there is none."""
    found = (collapsed(one.text) for path in paths for one in elements(under=under, path=path))
    return next((value for value in found if value), "")


def texts(under: XmlElement | None, *paths: str) -> tuple[str, ...]:
    """All distinct non-empty texts at the paths."""
    found = (collapsed(one.text) for path in paths for one in elements(under=under, path=path))
    return tuple(dict.fromkeys(value for value in found if value))


def attribute(*, of: XmlElement, name: str) -> str:
    """The attribute's text, empty where it is absent."""
    return next((collapsed(value) for key, value in of.attributes if key.rpartition("}")[2] == name), "")


def collapsed(value: str) -> str:
    return " ".join(value.split())


_NO_AMOUNT = Decimal(10) ** 18


def decimal(value: str) -> Decimal | None:
    """An `xsd:decimal`; None for anything else, also for a comma, an exponent, and what is larger than any amount (18
    digits, ISO 20022 ActiveCurrencyAndAmount): such a number cannot be rounded to cents any more."""
    if len(value) > 40 or not _DECIMAL.fullmatch(value):
        return None
    number = Decimal(value)
    return number if abs(number) < _NO_AMOUNT else None


def calendar_date(value: str) -> date | None:
    """An `xsd:date`, with or without a time zone, or UNTDID 2379 format 102 (`CCYYMMDD`); None for anything else."""
    found = _DATE.match(value)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def coded_date(*, value: str, code: str) -> date | None:
    """The day of a date in a format of UNTDID 2379 (`203` is CCYYMMDDHHMM); None where the format has no day.

    Without a format, and for 102, as `calendar_date`: some write the `xsd:date` all the same.
    """
    if code in {"", "102"}:
        return calendar_date(value)
    form = _CODED_DATES.get(code)
    found = form.fullmatch(value) if form else None
    return calendar_date(f"{found[1] or '20'}{found[2]}") if found else None


def amount(under: XmlElement | None, *paths: str) -> StatedAmount | None:
    """The first amount at the paths, with its `currencyID`."""
    return next(iter(amounts(under, *paths)), None)


def plain_amount(under: XmlElement | None, *paths: str) -> Decimal | None:
    """The first amount at the paths, of whatever currency."""
    found = amount(under, *paths)
    return found.value if found else None


def amounts(under: XmlElement | None, *paths: str) -> tuple[StatedAmount, ...]:
    """All amounts at the paths that are decimals."""
    found = (
        (decimal(one.text.strip()), attribute(of=one, name="currencyID").upper())
        for path in paths
        for one in elements(under=under, path=path)
    )
    return tuple(StatedAmount(value=value, currency=currency) for value, currency in found if value is not None)


def one_line(*parts: str) -> str:
    """The non-empty parts of an address, separated by commas; as it is printed at home, without the country."""
    return ", ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
