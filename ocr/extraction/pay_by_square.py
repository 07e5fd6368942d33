"""PAY by square, the Slovak payment code (Slovak Banking Association, PAY by square 1.0 to 1.2).

Base32hex of: four nibbles (kind, version, document type, reserved), the length of the data, and the data as a raw LZMA
stream. The data are a CRC32 and then fields with a tab between them.
"""

import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from zlib import crc32

from customers.sentences import Sentence
from ocr.extraction import checks
from ocr.extraction.code_claims import PROBABLE, Claim, claim
from ocr.extraction.code_parties import account_claims, amount_claims, compact_date, refused
from ocr.extraction.fields import DocumentWarning, Testimony
from ocr.reading.document import CodeWitness

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
# Kind 0 is PAY, the versions are 0 to 2, document type and reserved are 0; and no payment is shorter.
_PAYLOAD = re.compile(rf"0[048]0[{_ALPHABET}]{{40,4000}}")
_LONGEST_DATA = 16_384
_MEMORY = 1024 * 1024
# The header of a .lzma file for lc=3, lp=0, pb=2 and a dictionary of 128 KiB; the length follows.
_LZMA_HEADER = b"\x5d" + (128 * 1024).to_bytes(4, "little")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_VARIABLE_SYMBOL = re.compile(r"[0-9]{1,10}")
_STANDING_ORDER_FIELDS, _DIRECT_DEBIT_FIELDS = 4, 10
_PAYMENT_ORDER = 1


@dataclass(frozen=True, slots=True)
class _Payment:
    invoice: str
    kinds: int
    amount: str
    currency: str
    due: str
    variable_symbol: str
    reference: str
    note: str
    accounts: tuple[tuple[str, str], ...]
    payee: str


def testimony_of_pay_by_square(*, witness: CodeWitness) -> Testimony | None:
    """What the code states; None when it does not have the form of one. A code that breaks the standard, or holds
    several payments, states nothing. `reference` is the variable symbol, else the SEPA reference, else the note."""
    text = witness.text.strip()
    if not _PAYLOAD.fullmatch(text):
        return None
    data = _unpacked(text)
    if data is None:
        return refused(Sentence("it is not sound PAY by square"))
    try:
        payment = _payment(iter(data.split("\t")))
    except ValueError:
        return refused(Sentence("its fields are not those of PAY by square, or it holds several payments"))
    return _testimony(payment=payment, witness=witness)


def _unpacked(text: str) -> str | None:
    """The data without their checksum; None when length or checksum is wrong."""
    number = int(text, 32) >> (len(text) * 5 % 8)
    packed = number.to_bytes(len(text) * 5 // 8, "big")
    length = int.from_bytes(packed[2:4], "little")
    if not 4 < length <= _LONGEST_DATA:
        return None
    decoder = lzma.LZMADecompressor(format=lzma.FORMAT_ALONE, memlimit=_MEMORY)
    try:
        data = decoder.decompress(_LZMA_HEADER + length.to_bytes(8, "little") + packed[4:], max_length=length)
        if len(data) != length or crc32(data[4:]) != int.from_bytes(data[:4], "little"):
            return None
        return data[4:].decode().rstrip("\x00")
    except (lzma.LZMAError, UnicodeDecodeError):
        return None


def _payment(fields: Iterator[str]) -> _Payment:
    """The one payment. Raises ValueError when fields are missing or are not as they must be."""
    invoice, count, kinds = _taken(fields, 3)
    if count != "1":
        raise ValueError(count)
    amount, currency, due, variable_symbol, _, _, reference, note, accounts = _taken(fields, 9)
    banks = [_taken(fields, 2) for _ in range(_count(accounts))]
    for extension in (_STANDING_ORDER_FIELDS, _DIRECT_DEBIT_FIELDS):
        _taken(fields, extension if _count(next(fields, "0")) else 0)
    return _Payment(
        invoice=invoice,
        kinds=_count(kinds),
        amount=amount,
        currency=currency,
        due=due,
        variable_symbol=variable_symbol,
        reference=reference,
        note=note,
        accounts=tuple((iban, bic) for iban, bic in banks),
        payee=next(fields, "").strip(),  # came with version 1.1
    )


def _taken(fields: Iterator[str], number: int) -> list[str]:
    taken = list(islice(fields, number))
    if len(taken) < number:
        raise ValueError(number)
    return taken


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{0,2}", text):
        raise ValueError(text)
    return int(text or 0)


def _testimony(*, payment: _Payment, witness: CodeWitness) -> Testimony:
    ibans = {iban: bic for written, bic in payment.accounts if (iban := checks.iban_of(written))}
    currency = checks.currency_code_of(payment.currency)
    due = compact_date(payment.due)
    if not ibans or len(ibans) < len({written for written, _ in payment.accounts}):
        return refused(Sentence("its account is not a valid IBAN"))
    if currency is None or (payment.due.strip("0") and due is None):
        return refused(Sentence("its currency or its due date is not one"))
    if payment.variable_symbol and not _VARIABLE_SYMBOL.fullmatch(payment.variable_symbol):
        return refused(Sentence("its variable symbol is not a number"))
    claims, notes = [], []
    for iban, bic in ibans.items():
        claims.extend(account_claims(iban=iban, bic=bic, witness=witness, several=len(ibans) > 1))
    value = Decimal(payment.amount) if _AMOUNT.fullmatch(payment.amount) else None
    if payment.amount and (not value or value != round(value, checks.currency_digits(currency) or 0)):
        notes.append(
            Sentence(
                "The amount {amount} in the payment code is not one to pay and was left out.", amount=payment.amount
            )
        )
        value = None
    claims.extend(amount_claims(value=value, raw=payment.amount, currency=currency, witness=witness))
    if due:
        claims.append(claim(name="due_date", value=due.isoformat(), raw=payment.due, witness=witness))
    claims.extend(_text_claims(payment=payment, witness=witness))
    return Testimony(candidates=tuple(claims), notes=tuple(notes), warnings=_warnings(payment))


def _text_claims(*, payment: _Payment, witness: CodeWitness) -> list[Claim]:
    claims = []
    if payment.invoice:
        claims.append(claim(name="invoice_number", value=payment.invoice, witness=witness, confidence=PROBABLE))
    if payment.payee:
        claims.append(claim(name="seller_name", value=payment.payee, witness=witness, confidence=PROBABLE))
    creditor_reference = checks.creditor_reference_of(payment.reference)
    if quoted := payment.variable_symbol or creditor_reference or payment.reference:
        passed = ("iso_11649",) if quoted == creditor_reference else ()
        claims.append(claim(name="reference", value=quoted, witness=witness, passed=passed))
    elif message := " ".join(payment.note.split()):
        claims.append(claim(name="reference", value=message, witness=witness, confidence=PROBABLE))
    return claims


def _warnings(payment: _Payment) -> tuple[DocumentWarning, ...]:
    if payment.kinds & _PAYMENT_ORDER:
        return ()
    message = Sentence("The payment code is for a standing order or a direct debit, not for a single payment.")
    return (DocumentWarning("direct_debit", message, "total"),)
