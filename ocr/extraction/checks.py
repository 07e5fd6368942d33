"""Checks that a value must pass before anyone may pay by it: accounts, banks, tax numbers, payment references.

Each `…_of(text)` takes one value as it was printed or encoded, with its usual separators, and returns the normalised
value, or None when the text is not such a value. None raises. Check digits are those of the named standard.
The currencies of ISO 4217, with their digits and symbols, are in `currencies.csv` beside this module.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from stdnum import bic, iban, iso11649, luhn
from stdnum.au import abn
from stdnum.be import ogm_vcs
from stdnum.ch import esr, uid
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.gb import vat as gb_vat
from stdnum.no import mva

_IBAN_LABEL = re.compile(r"^\s*IBAN\b[\s:.]*", re.IGNORECASE)
_IBAN_FORM = re.compile(r"[A-Z]{2}(?!00|01|99)[0-9]{2}[0-9A-Z]{11,30}")
_EMAIL_FORM = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])"
)

# Places whose accounts carry another country's IBAN, or whose banks serve accounts of another country's form
# (ISO 13616 registry, "country code includes other territories", and EPC409-09).
_BIC_COUNTRIES_OF_IBAN: dict[str, frozenset[str]] = {
    "FI": frozenset({"AX"}),
    "FR": frozenset({"BL", "GF", "GP", "MC", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"}),
    "GB": frozenset({"GG", "IM", "JE"}),
    "MC": frozenset({"FR"}),
}

# Form of VAT numbers after the country prefix (Council Directive 2006/112/EC art. 215, as VIES publishes it; HMRC,
# the Australian Business Register, Skatteetaten and the Swiss FSO for the last four).
_VAT_FORMS: dict[str, str] = {
    "AT": r"U\d{8}",
    "BE": r"[01]?\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}|\d{12}",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{10}\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{10}01",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
    "GB": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
    "AU": r"\d{11}",
    "NO": r"\d{9}(?:MVA)?",
    "CH": r"E\d{9}(?:MWST|TVA|IVA|TPV|VAT)?",
}


def iban_of(text: str) -> str | None:
    """The IBAN (ISO 13616) without spaces in upper case: mod-97, and the length and structure of its country.

    A printed label "IBAN" before it is ignored. National check digits inside the BBAN are not looked at, because the
    registry leaves them to the country. The check digits 00, 01 and 99 are never issued and therefore refused.
    """
    compact = iban.compact(_IBAN_LABEL.sub("", text))
    if not _IBAN_FORM.fullmatch(compact):
        return None
    return _passed(lambda: iban.validate(compact, check_country=False))


def is_qr_iban(iban_text: str) -> bool:
    """Whether a valid Swiss or Liechtenstein IBAN is a QR-IBAN: its institution id is 30000 to 31999 (IG QR-bill)."""
    return iban_text[:2] in {"CH", "LI"} and "30000" <= iban_text[4:9] <= "31999"


def bic_of(text: str) -> str | None:
    """The BIC (ISO 9362), 8 or 11 characters in upper case, of a real country.

    Many ordinary words have that form: a label, or a country equal to the IBAN's, must speak for it as well.
    """
    return _passed(lambda: bic.validate(text))


def bic_fits_iban(*, bic: str, iban: str) -> bool:
    """Whether the BIC's country and the IBAN's can belong together: equal, or a territory served by the other.

    Both must be valid and normalised.
    """
    bic_country, iban_country = bic[4:6], iban[:2]
    return bic_country == iban_country or bic_country in _BIC_COUNTRIES_OF_IBAN.get(iban_country, frozenset())


def vat_id_of(text: str) -> str | None:
    """The VAT identification number with its country prefix, check digits proven.

    EU numbers (Directive 2006/112/EC art. 215; Greece is EL), Northern Ireland XI, GB, Norway (always with the ending
    MVA), Switzerland (UID, `CHE` and nine digits: the ending MWST, TVA or IVA is only the language) and Australia (the
    ABN, under which GST is charged, with AU before it).
    """
    compact = vat_id_form_of(text)
    if compact is None:
        return None
    if compact.startswith("CH"):
        return _passed(lambda: uid.validate(compact))
    if compact.startswith("NO"):
        return _passed(lambda: f"NO{mva.validate(compact)}")
    if compact.startswith("AU"):
        return _passed(lambda: f"AU{abn.validate(compact[2:])}")
    if compact.startswith("GB"):
        return _passed(lambda: f"GB{gb_vat.validate(compact)}")
    return _passed(lambda: vat.validate(compact))


def vat_id_form_of(text: str) -> str | None:
    """As `vat_id_of`, but only the country prefix and the form are checked, not the check digits.

    For numbers that a machine-readable source calls a VAT identifier: worth showing, not worth matching by.
    """
    compact = re.sub(r"[\s.,/\-–]", "", text).upper()
    if compact.startswith("GR"):
        compact = f"EL{compact[2:]}"
    country, number = compact[:2], compact[2:]
    form = _VAT_FORMS.get(country)
    if form is None or not re.fullmatch(form, number, re.ASCII):
        return None
    if country == "CH":
        return compact[:12]
    if country == "NO":
        return f"{compact[:11]}MVA"
    return f"BE0{number}" if country == "BE" and len(number) == 9 else compact


def email_of(text: str) -> str | None:
    """The one e-mail address (RFC 5322 dot-atom, internationalised as in RFC 6531) that the text is, as written.

    `mailto:` and surrounding brackets or punctuation are dropped.
    """
    address = re.sub(r"^mailto:", "", text.strip().strip("<>()[]{},;:\"'"), flags=re.IGNORECASE).rstrip(".")
    return address if len(address) <= 254 and _EMAIL_FORM.fullmatch(address) else None


def creditor_reference_of(text: str) -> str | None:
    """The structured creditor reference RF (ISO 11649), 5 to 25 characters, mod-97."""
    compact = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"RF[0-9]{2}[0-9A-Z]{1,21}", compact):
        return None
    return _passed(lambda: iso11649.validate(compact))


def qr_reference_of(text: str) -> str | None:
    """The Swiss QR reference QRR: 27 digits, modulo 10 recursive (SIX IG QR-bill, annex B). All zeros is none."""
    compact = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{27}", compact) or not compact.strip("0"):
        return None
    return compact if esr.is_valid(compact) else None


def belgian_reference_of(text: str) -> str | None:
    """The Belgian structured communication OGM-VCS as it is printed, `+++010/8068/17183+++` (mod-97)."""
    compact = re.sub(r"[\s+*/]", "", text)
    if not re.fullmatch(r"[0-9]{12}", compact):
        return None
    return _passed(lambda: f"+++{ogm_vcs.format(ogm_vcs.validate(compact))}+++")


def finnish_reference_of(text: str) -> str | None:
    """The Finnish viitenumero (Finance Finland): 4 to 20 digits, weights 7-3-1 from the right; no leading zeros."""
    digits = re.sub(r"\s", "", text).lstrip("0")
    if not re.fullmatch(r"[0-9]{4,20}", digits):
        return None
    total = sum(int(digit) * (7, 3, 1)[place % 3] for place, digit in enumerate(reversed(digits[:-1])))
    return digits if (10 - total % 10) % 10 == int(digits[-1]) else None


def norwegian_reference_of(text: str) -> str | None:
    """The Norwegian KID (Mastercard Payment Services/OCR giro): 2 to 25 digits, modulus 10 or modulus 11.

    In modulus 11 the check digit ten is written as a hyphen at the end.
    """
    compact = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{1,24}[0-9-]", compact) or not compact.strip("0-"):
        return None
    if compact[-1] != "-" and luhn.is_valid(compact):
        return compact
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(compact[:-1])))
    return compact if "0123456789-"[-total % 11] == compact[-1] else None


def swedish_reference_of(text: str) -> str | None:
    """The Swedish OCR reference (Bankgirot): 2 to 25 digits, modulus 10. The optional length digit is not demanded."""
    compact = re.sub(r"[\s-]", "", text)
    return compact if re.fullmatch(r"[0-9]{2,25}", compact) and compact.strip("0") and luhn.is_valid(compact) else None


@dataclass(frozen=True, slots=True)
class _Currency:
    digits: int
    symbol: str


@cache
def _currencies() -> dict[str, _Currency]:
    with (Path(__file__).parent / "currencies.csv").open(encoding="utf-8", newline="") as table:
        return {
            row["code"]: _Currency(digits=int(row["digits"]), symbol=row["symbol"]) for row in csv.DictReader(table)
        }


@cache
def currency_codes() -> frozenset[str]:
    """All alphabetic codes in which an invoice can be issued; funds, metals and test codes are left out."""
    return frozenset(_currencies())


def currency_code_of(text: str) -> str | None:
    """The ISO 4217 code that the text is, in upper case; None when there is no such currency."""
    code = text.strip().upper()
    return code if code in _currencies() else None


def currency_digits(code: str) -> int | None:
    """Digits after the point (the ISO 4217 exponent): EUR 2, JPY 0, KWD 3; None for an unknown code."""
    currency = _currencies().get(code)
    return currency.digits if currency else None


def currency_symbol(code: str) -> str | None:
    """The usual symbol, `€`; the code itself where the currency has no symbol of its own; None when it is unknown."""
    currency = _currencies().get(code)
    return (currency.symbol or code) if currency else None


def plain_amount(*, amount: Decimal, currency: str | None) -> str:
    """The amount with a dot and the currency's own digits (two where it is unknown), rounded half up: `-1234.50`."""
    digits = currency_digits(currency) if currency else None
    rounded = amount.quantize(Decimal(1).scaleb(-(2 if digits is None else digits)), rounding=ROUND_HALF_UP)
    return f"{abs(rounded) if rounded.is_zero() else rounded:f}"


def plain_percentage(rate: Decimal) -> str:
    """The shortest decimal text of a percentage: `19`, `8.1`, `0`."""
    text = f"{rate:f}"
    shortest = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if shortest in {"-0", ""} else shortest


def _passed(validate: Callable[[], str]) -> str | None:
    """What the validator returns, None where it refuses."""
    try:
        return validate()
    except ValidationError:
        return None
