"""Account, bank and amount of a national payment code, checked alike for all of them."""

from datetime import date
from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction import checks
from ocr.extraction.code_claims import PROBABLE, Claim, claim
from ocr.extraction.fields import Testimony
from ocr.reading.document import CodeWitness


def refused(reason: Sentence) -> Testimony:
    """A payload of a known kind that breaks its own standard: it states nothing, and the note says why."""
    return Testimony(candidates=(), notes=(Sentence("The payment code was left out: {reason}.", reason=reason),))


def account_claims(*, iban: str, bic: str, witness: CodeWitness, several: bool = False) -> list[Claim]:
    """A valid IBAN and, where the BIC has the form of one, the BIC. Of several accounts none is certain."""
    failed = ("only_iban",) if several else ()
    claims = [claim(name="iban", value=iban, witness=witness, passed=("mod_97",), failed=failed)]
    if valid := checks.bic_of(bic):
        fits = checks.bic_fits_iban(bic=valid, iban=iban)
        claims.append(
            claim(
                name="bic",
                value=valid,
                raw=bic,
                witness=witness,
                confidence=PROBABLE,
                passed=("bic_fits_iban",) if fits else (),
                failed=failed if fits else ("bic_fits_iban",),
            )
        )
    return claims


def amount_claims(*, value: Decimal | None, raw: str, currency: str, witness: CodeWitness) -> list[Claim]:
    """Currency and amount; `value` None or zero where the payer decides. An empty `currency` is not stated."""
    claims = []
    if currency:
        claims.append(claim(name="currency_code", value=currency, witness=witness, passed=("iso_4217",)))
    if value:
        plain = checks.plain_amount(amount=value, currency=currency or None)
        claims.append(claim(name="total", value=plain, raw=raw, witness=witness))
    return claims


def compact_date(text: str) -> date | None:
    """A day as YYYYMMDD; None for anything else."""
    if len(text) != 8 or not (text.isascii() and text.isdecimal()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
