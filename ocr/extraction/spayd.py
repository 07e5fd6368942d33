"""Short Payment Descriptor, the Czech "QR platba" (Czech Banking Association, standard 26, SPAYD 1.0).

`SPD*1.0*ACC:CZ…+BIC*AM:480.50*CC:CZK*X-VS:1234567890*`: attributes in any order, a star in a value is `%2A`.
"""

import re
from decimal import Decimal
from urllib.parse import unquote
from zlib import crc32

from customers.sentences import Sentence
from ocr.extraction import checks
from ocr.extraction.code_claims import PROBABLE, Claim, claim
from ocr.extraction.code_parties import account_claims, amount_claims, compact_date, refused
from ocr.extraction.fields import Testimony
from ocr.reading.document import CodeWitness

_HEAD = re.compile(r"SPD\*1\.[0-9]+\*")
_ATTRIBUTE = re.compile(r"([A-Z0-9-]+):(.*)", re.DOTALL)
_AMOUNT = re.compile(r"(?=.{1,10}$)[0-9]+(?:\.[0-9]{1,2})?")
_HOME_CURRENCY = "CZK"
_FORMS = {
    "X-VS": re.compile(r"[0-9]{1,10}"),
    "RF": re.compile(r"[0-9]{1,16}"),
    "CRC32": re.compile(r"[0-9A-Fa-f]{8}"),
    "RN": re.compile(r".{1,35}"),
    "MSG": re.compile(r".{1,60}"),
}


def testimony_of_spayd(*, witness: CodeWitness) -> Testimony | None:
    """What the code states; None when it does not begin as SPAYD 1.x. A code that breaks the standard states nothing.

    `reference` is the variable symbol, else the reference for the payee, else the message. Without a currency the
    amount is in crowns, but the currency is not stated.
    """
    text = witness.text.strip().lstrip("\ufeff")
    head = _HEAD.match(text)
    if head is None:
        return None
    parts = [part for part in text[head.end() :].split("*") if part]
    pairs = [_ATTRIBUTE.fullmatch(part) for part in parts]
    keys = [pair[1] for pair in pairs if pair]
    if len(keys) < len(parts) or len(set(keys)) < len(keys):
        return refused(Sentence("its attributes are not those of SPAYD"))
    stated = {pair[1]: unquote(pair[2]).strip() for pair in pairs if pair}
    if any(key in stated and not form.fullmatch(stated[key]) for key, form in _FORMS.items()):
        return refused(Sentence("an attribute does not have the form that SPAYD demands"))
    if "CRC32" in stated and not _sum_is_right(head=head[0], parts=parts, stated=stated["CRC32"]):
        return refused(Sentence("its checksum is wrong"))
    return _testimony(stated=stated, witness=witness)


def _testimony(*, stated: dict[str, str], witness: CodeWitness) -> Testimony:
    account, _, bic = stated.get("ACC", "").partition("+")
    iban = checks.iban_of(account)
    if iban is None or (bic and checks.bic_of(bic) is None):
        return refused(Sentence("its account {account} is not valid", account=stated.get("ACC") or Sentence("(none)")))
    currency = checks.currency_code_of(stated["CC"]) if "CC" in stated else ""
    due = compact_date(stated.get("DT", ""))
    if currency is None or ("DT" in stated and due is None):
        return refused(Sentence("its currency or its date is not one"))
    claims, notes = account_claims(iban=iban, bic=bic, witness=witness), []
    amount = stated.get("AM", "")
    value = Decimal(amount) if _AMOUNT.fullmatch(amount) else None
    digits = checks.currency_digits(currency or _HOME_CURRENCY)
    if amount and (not value or not _fits(value=value, digits=digits)):
        notes.append(
            Sentence("The amount {amount} in the payment code is not one of SPAYD and was left out.", amount=amount)
        )
        value = None
    claims.extend(amount_claims(value=value, raw=amount, currency=currency, witness=witness))
    if due:
        claims.append(claim(name="due_date", value=due.isoformat(), raw=stated["DT"], witness=witness))
    if name := stated.get("RN"):
        claims.append(claim(name="seller_name", value=name, witness=witness, confidence=PROBABLE))
    claims.extend(_reference_claims(stated=stated, witness=witness))
    return Testimony(candidates=tuple(claims), notes=tuple(notes))


def _fits(*, value: Decimal, digits: int | None) -> bool:
    return digits is not None and value == round(value, digits)


def _reference_claims(*, stated: dict[str, str], witness: CodeWitness) -> list[Claim]:
    if symbol := stated.get("X-VS") or stated.get("RF"):
        return [claim(name="reference", value=symbol, witness=witness)]
    message = " ".join(stated.get("MSG", "").split())
    return [claim(name="reference", value=message, witness=witness, confidence=PROBABLE)] if message else []


def _sum_is_right(*, head: str, parts: list[str], stated: str) -> bool:
    """CRC32 over everything but itself, in alphabetical order; programs also take the order as written, and a star at
    the end or none."""
    others = [part for part in parts if not part.startswith("CRC32:")]
    texts = {f"{head}{'*'.join(order)}{end}" for order in (others, sorted(others)) for end in ("", "*")}
    return int(stated, 16) in {crc32(text.encode()) for text in texts}
