"""UPN QR, the Slovenian payment form as a code (Bank Association of Slovenia, technical standard UPN QR).

Twenty elements, each closed by a line feed, without leading or trailing blanks; the last is the sum of the lengths of
the others, line feeds included. The character set is ISO 8859-2.
"""

import re
from datetime import date
from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction import checks
from ocr.extraction.code_claims import PROBABLE, Claim, claim
from ocr.extraction.code_parties import account_claims, amount_claims, compact_date, refused
from ocr.extraction.fields import Testimony
from ocr.extraction.stated import one_line
from ocr.reading.document import CodeWitness

_ELEMENTS = 19
_LONGEST = (5, 19, 1, 1, 26, 33, 33, 33, 11, 10, 1, 4, 42, 10, 34, 26, 33, 33, 33)
_PAYER_NAME, _AMOUNT, _PURPOSE_CODE, _DUE, _IBAN, _REFERENCE, _NAME, _STREET, _TOWN = 5, 8, 11, 13, 14, 15, 16, 17, 18
_MODEL_REFERENCE = re.compile(r"SI[0-9]{2}[0-9-]{0,22}")
_NO_REFERENCE = "SI99"


def testimony_of_upn(*, witness: CodeWitness) -> Testimony | None:
    """What the code states; None when it does not begin as UPN QR. A code that breaks the standard states nothing."""
    lines = witness.text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[0] != "UPNQR":
        return None
    elements = lines[:_ELEMENTS]
    if len(lines) <= _ELEMENTS or any(
        len(element) > longest for element, longest in zip(elements, _LONGEST, strict=True)
    ):
        return refused(Sentence("its elements are not those of UPN QR"))
    stated_sum = lines[_ELEMENTS].strip()
    if not re.fullmatch(r"[0-9]{3}", stated_sum) or int(stated_sum) != sum(map(len, elements)) + _ELEMENTS:
        return refused(Sentence("its checksum is wrong"))
    return _testimony(elements=tuple(element.strip() for element in elements), witness=witness)


def _testimony(*, elements: tuple[str, ...], witness: CodeWitness) -> Testimony:
    iban, amount, due = checks.iban_of(elements[_IBAN]), elements[_AMOUNT], _day(elements[_DUE])
    if iban is None or not elements[_NAME]:
        return refused(
            Sentence(
                "its account {account} is not a valid IBAN, or it names no payee",
                account=elements[_IBAN] or Sentence("(none)"),
            )
        )
    if not re.fullmatch(r"[0-9]{11}|", amount) or (elements[_DUE] and due is None):
        return refused(Sentence("its amount or its due date is not one"))
    reference = _reference(elements[_REFERENCE])
    if reference is None:
        return refused(Sentence("its reference {reference} is not one", reference=elements[_REFERENCE]))
    value = Decimal(amount or 0).scaleb(-2)
    claims = [
        *account_claims(iban=iban, bic="", witness=witness),
        *amount_claims(value=value, raw=amount, currency="EUR", witness=witness),
        claim(name="seller_name", value=elements[_NAME], witness=witness, confidence=PROBABLE),
        *_further_claims(elements=elements, reference=reference, witness=witness),
    ]
    if due:
        claims.append(claim(name="due_date", value=due.isoformat(), raw=elements[_DUE], witness=witness))
    notes = () if value else (Sentence("The payment code states no amount: the payer is to fill it in."),)
    return Testimony(candidates=tuple(claims), notes=notes)


def _further_claims(*, elements: tuple[str, ...], reference: str, witness: CodeWitness) -> list[Claim]:
    claims = []
    if address := one_line(elements[_STREET], elements[_TOWN]):
        claims.append(claim(name="seller_address", value=address, witness=witness, confidence=PROBABLE))
    if payer := elements[_PAYER_NAME]:
        claims.append(claim(name="customer_name", value=payer, witness=witness, confidence=PROBABLE))
    if reference:
        passed = ("iso_11649",) if reference.startswith("RF") else ()
        claims.append(
            claim(name="reference", value=reference, raw=elements[_REFERENCE], witness=witness, passed=passed)
        )
    return claims


def _reference(text: str) -> str | None:
    """The payee's reference without spaces: ISO 11649, or `SI`, the model and its digits; empty where none is to be
    quoted (model 99); None when it is neither."""
    compact = "".join(text.split()).upper()
    if not compact or compact.startswith(_NO_REFERENCE):
        return ""
    if compact.startswith("RF"):
        return checks.creditor_reference_of(compact)
    if not _MODEL_REFERENCE.fullmatch(compact) or len(compact) == len(_NO_REFERENCE):
        return None
    return compact if compact[2:4] != "12" or _keeps_mod_11(compact[4:]) else None


def _keeps_mod_11(digits: str) -> bool:
    """Model 12: up to twelve digits and a check digit, weights 2 to 13 from the right; 10 and 11 are written 0."""
    if not re.fullmatch(r"[0-9]{2,13}", digits):
        return False
    total = sum(int(digit) * weight for weight, digit in enumerate(reversed(digits[:-1]), start=2))
    return (11 - total % 11) % 11 % 10 == int(digits[-1])


def _day(text: str) -> date | None:
    """DD.MM.YYYY"""
    return compact_date("".join(reversed(text.split(".")))) if re.fullmatch(r"[0-9.]{10}", text) else None
