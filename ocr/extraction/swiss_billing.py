"""Billing information S1 in a Swiss QR-bill (Swico, "Syntaxdefinition der Rechnungsinformationen", version 1.2).

`//S1/10/number/11/YYMMDD/30/UID/32/rates/40/terms`: tags in ascending order; a backslash escapes a slash or another
backslash. Unknown or malformed elements are passed over, because the payment does not depend on them.
"""

import re
from datetime import date, timedelta
from decimal import Decimal

from ocr.extraction import checks
from ocr.extraction.code_claims import PROBABLE, Claim, claim, derived
from ocr.extraction.fields import TaxLine
from ocr.reading.document import CodeWitness

_PREFIX = "//S1/"
_RATE = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,3})?)(?::([0-9]{1,9}(?:\.[0-9]{1,2})?))?")
_TERM = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2})?):([0-9]{1,3})")
_DAY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})")

NUMBER, DATE, UID, TAX, TERMS = "10", "11", "30", "32", "40"


def billing_claims(*, billing: str, witness: CodeWitness) -> list[Claim]:
    """Candidates for number, issue date, the seller's VAT number, the one tax rate and the due date.

    The due date is the document date (tag 11) plus the days of the term without discount (`0:30`).
    """
    stated = _elements(billing)
    claims = []
    if number := stated.get(NUMBER):
        claims.append(claim(name="invoice_number", value=number, witness=witness))
    issued = _day(stated.get(DATE, ""))
    if issued:
        claims.append(claim(name="issue_date", value=issued.isoformat(), raw=stated[DATE], witness=witness))
    uid = stated.get(UID, "")
    if re.fullmatch(r"[0-9]{9}", uid) and (vat_id := checks.vat_id_of(f"CHE{uid}")):
        claims.append(claim(name="seller_vat_id", value=vat_id, raw=uid, witness=witness, passed=("vat_check_digits",)))
    rates = {line.rate for line in billing_tax_lines(billing)}
    if len(rates) == 1 and (rate := next(iter(rates))) is not None:
        claims.append(
            claim(
                name="sales_tax_percentage",
                value=checks.plain_percentage(rate),
                raw=stated[TAX],
                witness=witness,
                confidence=PROBABLE,
            )
        )
    if issued and (due := _due_claim(issued=issued, terms=stated.get(TERMS, ""), witness=witness)):
        claims.append(due)
    return claims


def _due_claim(*, issued: date, terms: str, witness: CodeWitness) -> Claim | None:
    days = _net_days(terms)
    if days is None:
        return None
    due = (issued + timedelta(days=days)).isoformat()
    return derived(claim=claim(name="due_date", value=due, raw=terms, witness=witness, confidence=PROBABLE))


def billing_tax_lines(billing: str) -> tuple[TaxLine, ...]:
    """Tag 32: one rate for the whole amount, or `rate:net;rate:net`. Empty when there is none or one is malformed."""
    parts = [part for part in _elements(billing).get(TAX, "").split(";") if part]
    found = [_RATE.fullmatch(part) for part in parts]
    return tuple(
        TaxLine(rate=Decimal(one[1]), basis=Decimal(one[2]) if one[2] else None, amount=None)
        for one in found
        if one is not None and all(found)
    )


def _elements(billing: str) -> dict[str, str]:
    """Tag to unescaped value; empty when the text is not of type S1. The first of repeated tags counts."""
    if not billing.startswith(_PREFIX):
        return {}
    parts = _split(billing[len(_PREFIX) :])
    stated: dict[str, str] = {}
    for tag, value in zip(parts[::2], parts[1::2], strict=False):
        stated.setdefault(tag, value.strip())
    return stated


def _split(text: str) -> list[str]:
    """The parts between slashes that are not escaped, unescaped."""
    parts = [""]
    characters = iter(text)
    for character in characters:
        if character == "\\":
            parts[-1] += next(characters, "")
        elif character == "/":
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date(2000 + int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _net_days(terms: str) -> int | None:
    """Days until the amount is due without discount; None when the terms name only discounts, or are malformed."""
    found = [_TERM.fullmatch(part) for part in terms.split(";")]
    net = {int(one[2]) for one in found if one is not None and Decimal(one[1]) == 0}
    return next(iter(net)) if len(net) == 1 else None
