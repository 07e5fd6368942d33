"""EPC QR code for SEPA credit transfers (EPC069-12, versions 001 and 002), also known as GiroCode."""

import re
from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction import checks
from ocr.extraction.code_claims import PROBABLE, Claim, claim
from ocr.extraction.fields import Testimony
from ocr.reading.document import CodeWitness

_AMOUNT = re.compile(r"EUR([0-9]{1,9}(?:\.[0-9]{1,2})?)")
_VERSIONS = frozenset({"001", "002"})
_CHARACTER_SETS = frozenset("12345678")
_IDENTIFICATIONS = frozenset({"SCT", "INST"})  # the second for instant transfers, not in the guideline but in use


def testimony_of_epc(*, lines: tuple[str, ...], witness: CodeWitness) -> Testimony | None:
    """What the code states; None when its head or its length is not that of EPC069-12.

    The twelve elements are: service tag, version, character set, identification, BIC, name, IBAN, amount, purpose,
    structured remittance, unstructured remittance, hint. Those at the end may be missing.
    """
    while lines and not lines[-1]:
        lines = lines[:-1]
    if not 7 <= len(lines) <= 12:
        return None
    _, version, character_set, identification, bic, name, iban, amount, _, structured, unstructured, _ = (
        *lines,
        *("",) * (12 - len(lines)),
    )
    if (
        version not in _VERSIONS
        or character_set not in _CHARACTER_SETS
        or identification not in _IDENTIFICATIONS
        or not name
    ):
        return None
    accounts, notes = _account_claims(bic=bic, iban=iban, witness=witness)
    claims = [claim(name="seller_name", value=name, witness=witness, confidence=PROBABLE), *accounts]
    claims.append(claim(name="currency_code", value="EUR", witness=witness, passed=("iso_4217",)))
    if (found := _AMOUNT.fullmatch(amount)) and (value := Decimal(found[1])):
        plain = checks.plain_amount(amount=value, currency="EUR")
        claims.append(claim(name="total", value=plain, raw=amount, witness=witness))
    elif amount:
        notes.append(
            Sentence("The amount {amount} in the payment code is not one of EPC069-12 and was left out.", amount=amount)
        )
    claims.extend(_reference_claims(structured=structured, unstructured=unstructured, witness=witness))
    if structured and unstructured:
        notes.append(Sentence("The payment code has a structured and an unstructured reference; only one is allowed."))
    return Testimony(candidates=tuple(claims), notes=tuple(notes))


def _account_claims(*, bic: str, iban: str, witness: CodeWitness) -> tuple[list[Claim], list[Sentence]]:
    claims = []
    notes = []
    valid_iban = checks.iban_of(iban)
    if valid_iban:
        claims.append(claim(name="iban", value=valid_iban, raw=iban, witness=witness, passed=("mod_97",)))
    else:
        notes.append(
            Sentence(
                "The account {iban} in the payment code is not a valid IBAN and was left out.",
                iban=iban or Sentence("(none)"),
            )
        )
    valid_bic = checks.bic_of(bic)
    if valid_bic:
        fits = checks.bic_fits_iban(bic=valid_bic, iban=valid_iban or iban.upper())
        claims.append(
            claim(
                name="bic",
                value=valid_bic,
                raw=bic,
                witness=witness,
                confidence=PROBABLE,
                passed=("bic_fits_iban",) if fits else (),
                failed=() if fits else ("bic_fits_iban",),
            )
        )
    elif bic:
        notes.append(
            Sentence("The BIC {bic} in the payment code does not have the form of a BIC and was left out.", bic=bic)
        )
    return claims, notes


def _reference_claims(*, structured: str, unstructured: str, witness: CodeWitness) -> list[Claim]:
    """The structured element may hold ISO 11649, a national reference or, in practice, free text: it is to be quoted
    as it stands, except that a creditor reference is written without spaces."""
    raw = structured or unstructured
    if not raw:
        return []
    creditor_reference = checks.creditor_reference_of(raw)
    value = creditor_reference or " ".join(raw.split())
    passed = ("iso_11649",) if creditor_reference else ()
    failed = ("one_reference",) if structured and unstructured else ()
    return [claim(name="reference", value=value, raw=raw, witness=witness, passed=passed, failed=failed)]
