"""When a value that was read says the same as the true one; docs/truth-format.md has the rules for people."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ocr.extraction.checks import bic_of, iban_of, vat_id_of
from ocr.extraction.fields import FieldName

_AMOUNTS = frozenset({"total", "subtotal", "sales_tax_amount", "sales_tax_percentage"})
_NAMES = frozenset({"customer_name", "seller_name", "seller_address"})
_EMAILS = frozenset({"customer_email", "seller_email"})
_CHECKS: dict[FieldName, Callable[[str], str | None]] = {"iban": iban_of, "bic": bic_of, "seller_vat_id": vat_id_of}
_WITHOUT_DECOMPOSITION = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True, slots=True)
class Expected:
    """What is true of one field: every one of `values` is right. Without values nothing but an empty field is right."""

    values: tuple[str, ...]


def expected(*, name: FieldName, values: Sequence[str]) -> Expected:
    """What may be reported where a document states these values.

    An IBAN that fails its check digits (ISO 13616) must not be reported, for nothing can be paid to it: where a page
    states no other one, only an empty field is right.
    """
    if name == "iban" and not any(map(iban_of, values)):
        return Expected(())
    return Expected(tuple(values))


def fails_its_check(*, name: FieldName, values: Sequence[str]) -> bool:
    """Whether all these values are of a kind that has a check (IBAN, BIC, VAT number), and none passes it."""
    check = _CHECKS.get(name)
    return check is not None and not any(map(check, values))


def is_same(*, name: FieldName, value: str, truth: str) -> bool:
    """True when both say the same: money by its number, names without case, accents and punctuation."""
    return normal_form(name=name, value=value) == normal_form(name=name, value=truth)


def normal_form(*, name: FieldName, value: str) -> str:
    """The value without what does not count in a field of this name; two of one form are the same value."""
    if name in _AMOUNTS:
        return _number(value)
    if name in _NAMES:
        return _letters_and_digits(value)
    if name in _EMAILS:
        return value.strip().casefold()
    if name == "bic":
        return re.sub(r"\s", "", value).upper().removesuffix("XXX")
    if name == "seller_vat_id":
        number = re.sub(r"[^A-Z0-9]", "", value.upper()).removesuffix("MWST").removesuffix("TVA").removesuffix("IVA")
        return re.sub(r"^BE(?=\d{9}$)", "BE0", number)  # the nine digits of old got a 0 ahead, and stayed the number
    if name in {"iban", "currency_code"}:
        return re.sub(r"\s", "", value).upper()
    if name == "reference":
        return re.sub(r"[\W_]", "", value).casefold()  # `+++010/8068/17183+++` is `***010/8068/17183***`
    return re.sub(r"\s", "", value).casefold()


def _number(value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value.strip()
    return f"{number.normalize():f}" if number else "0"


def _letters_and_digits(value: str) -> str:
    """Legal forms keep their letters, so `S.p.A.` is `SpA`, but `Example Ltd` is not `Example Holding Ltd`."""
    folded = unicodedata.normalize("NFKD", value.casefold().translate(_WITHOUT_DECOMPOSITION))
    return "".join(sign for sign in folded if sign.isalnum())
