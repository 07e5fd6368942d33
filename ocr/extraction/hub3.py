"""HUB3, the Croatian payment order as a PDF417 code (Croatian Banking Association, 2D barcode of the order HUB3).

Fourteen elements with a line feed after each: head, currency, amount in minor units, payer, payee, account, model and
reference, purpose code, description.
"""

import re
from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction import checks
from ocr.extraction.code_claims import PROBABLE, Claim, claim
from ocr.extraction.code_parties import account_claims, amount_claims, refused
from ocr.extraction.fields import Testimony
from ocr.extraction.stated import one_line
from ocr.reading.document import CodeWitness

_ELEMENTS = 14
_LONGEST = (8, 3, 15, 30, 27, 27, 25, 25, 27, 21, 4, 22, 4, 35)
_MODEL = re.compile(r"HR[0-9]{2}|")
_REFERENCE = re.compile(r"[0-9]+(?:-[0-9]+){0,3}")
_NO_REFERENCE = "HR99"


def testimony_of_hub3(*, witness: CodeWitness) -> Testimony | None:
    """What the code states; None when it does not begin as HUB3. A code that breaks the standard states nothing.

    `reference` is model and reference together, `HR01 …`: a bank asks for both.
    """
    text = witness.text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    elements = tuple(line.strip() for line in text.rstrip("\n").split("\n"))
    if elements[0] != "HRVHUB30":
        return None
    elements += ("",) * (_ELEMENTS - len(elements))
    if len(elements) > _ELEMENTS or any(
        len(element) > longest for element, longest in zip(elements, _LONGEST, strict=True)
    ):
        return refused(Sentence("its elements are not those of HUB3"))
    return _testimony(elements=elements, witness=witness)


def _testimony(*, elements: tuple[str, ...], witness: CodeWitness) -> Testimony:
    _, currency_text, amount, payer, _, _, payee, street, town, account, model, reference, _, _ = elements
    currency, iban = checks.currency_code_of(currency_text), checks.iban_of(account)
    if currency is None or not re.fullmatch(r"[0-9]{15}", amount):
        return refused(Sentence("its currency or its amount is not one"))
    if iban is None or not payee:
        return refused(
            Sentence(
                "its account {account} is not a valid IBAN, or it names no payee", account=account or Sentence("(none)")
            )
        )
    quoted = _quoted(model=model.upper(), reference="".join(reference.split()))
    if quoted is None:
        return refused(Sentence("its reference {model} {reference} is not one", model=model, reference=reference))
    value = Decimal(amount).scaleb(-(checks.currency_digits(currency) or 0))
    claims: list[Claim] = [
        *account_claims(iban=iban, bic="", witness=witness),
        *amount_claims(value=value, raw=amount, currency=currency, witness=witness),
        claim(name="seller_name", value=payee, witness=witness, confidence=PROBABLE),
    ]
    if address := one_line(street, town):
        claims.append(claim(name="seller_address", value=address, witness=witness, confidence=PROBABLE))
    if payer:
        claims.append(claim(name="customer_name", value=payer, witness=witness, confidence=PROBABLE))
    if quoted:
        claims.append(claim(name="reference", value=quoted, raw=f"{model} {reference}", witness=witness))
    notes = () if value else (Sentence("The payment code states no amount: the payer is to fill it in."),)
    return Testimony(candidates=tuple(claims), notes=notes)


def _quoted(*, model: str, reference: str) -> str | None:
    """Model and reference; empty where none is to be quoted (model 99); None when they are not such."""
    if not _MODEL.fullmatch(model) or (reference and not _REFERENCE.fullmatch(reference)):
        return None
    if model == _NO_REFERENCE or not reference:
        return ""
    return f"{model} {reference}".strip()
