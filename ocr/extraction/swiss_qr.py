"""Swiss QR-bill (SIX, Implementation Guidelines QR-bill 2.2 and 2.3, data version 02xx)."""

import re
from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction import checks
from ocr.extraction.code_claims import PROBABLE, STATED, Claim, claim
from ocr.extraction.fields import Testimony
from ocr.extraction.stated import one_line
from ocr.extraction.swiss_billing import billing_claims, billing_tax_lines
from ocr.reading.document import CodeWitness

_AMOUNT = re.compile(r"[0-9]{1,9}\.[0-9]{2}")
_VERSION = re.compile(r"02[0-9]{2}")
_TRAILER = 30  # the element "EPD"; billing information and two alternative schemes may follow it
_LAST = 33


def testimony_of_swiss(*, lines: tuple[str, ...], witness: CodeWitness) -> Testimony | None:
    """What the code states; None when its structure (header, trailer, address types) is not that of the guidelines."""
    while lines and not lines[-1]:
        lines = lines[:-1]
    if not _TRAILER < len(lines) <= _LAST + 1 or lines[_TRAILER] != "EPD":
        return None
    if not _VERSION.fullmatch(lines[1]) or lines[2] != "1":
        return None
    creditor, debtor = lines[4:11], lines[20:27]
    if creditor[0] not in {"S", "K"} or not creditor[1] or debtor[0] not in {"S", "K", ""}:
        return None
    accounts, notes = _account_claims(
        iban_text=lines[3], reference_type=lines[27], reference=lines[28], message=lines[29], witness=witness
    )
    amounts, amount_notes = _amount_claims(amount=lines[18], currency=lines[19], witness=witness)
    claims = [
        *accounts,
        *amounts,
        claim(name="seller_name", value=creditor[1], witness=witness, confidence=PROBABLE),
    ]
    if address := _address(creditor):
        claims.append(claim(name="seller_address", value=address, witness=witness, confidence=PROBABLE))
    if debtor[1]:
        claims.append(claim(name="customer_name", value=debtor[1], witness=witness, confidence=PROBABLE))
    billing = lines[_TRAILER + 1] if len(lines) > _TRAILER + 1 else ""
    claims.extend(billing_claims(billing=billing, witness=witness))
    return Testimony(
        candidates=tuple(claims),
        tax_breakdown=billing_tax_lines(billing),
        notes=(*notes, *amount_notes),
    )


def _account_claims(
    *, iban_text: str, reference_type: str, reference: str, message: str, witness: CodeWitness
) -> tuple[list[Claim], list[Sentence]]:
    """The account and the reference, which hang together: a QR-IBAN takes a QR reference and nothing else."""
    claims = []
    notes = []
    iban = checks.iban_of(iban_text)
    if iban and iban[:2] not in {"CH", "LI"}:
        iban = None
    fits = iban is None or checks.is_qr_iban(iban) == (reference_type == "QRR")
    failed = () if fits else ("reference_type_fits_iban",)
    if not fits:
        notes.append(
            Sentence("In the Swiss QR code account and reference do not fit: QR-IBAN and QR reference need each other.")
        )
    if iban:
        claims.append(claim(name="iban", value=iban, raw=iban_text, witness=witness, passed=("mod_97",), failed=failed))
    else:
        notes.append(
            Sentence(
                "The account {iban} in the Swiss QR code is not a valid Swiss IBAN.",
                iban=iban_text or Sentence("(none)"),
            )
        )
    value, passed, confidence = _reference(kind=reference_type, reference=reference, message=message)
    if value is None:
        notes.append(
            Sentence(
                "The reference {reference} in the Swiss QR code is not of type {reference_type}.",
                reference=reference or Sentence("(none)"),
                reference_type=reference_type,
            )
        )
    elif value:
        claims.append(
            claim(
                name="reference",
                value=value,
                raw=reference or message,
                witness=witness,
                confidence=confidence,
                passed=passed,
                failed=failed,
            )
        )
    return claims, notes


def _reference(*, kind: str, reference: str, message: str) -> tuple[str | None, tuple[str, ...], float]:
    """What the payer is to quote, the checks it passed and its worth; None when it is not of its type, empty when
    nothing is to be quoted."""
    if kind == "QRR":
        return checks.qr_reference_of(reference), ("mod_10",), STATED
    if kind == "SCOR":
        return checks.creditor_reference_of(reference), ("iso_11649",), STATED
    if kind == "NON" and not reference:
        # Without a reference the message is what the creditor finds on the statement.
        return " ".join(message.split()), (), PROBABLE
    return None, (), PROBABLE


def _amount_claims(*, amount: str, currency: str, witness: CodeWitness) -> tuple[list[Claim], list[Sentence]]:
    """Amount and currency. 0.00 stands in notices that are not for payment, an empty amount where the payer decides."""
    if currency not in {"CHF", "EUR"}:
        return [], [
            Sentence(
                "The currency {currency} in the Swiss QR code is neither CHF nor EUR.",
                currency=currency or Sentence("(none)"),
            )
        ]
    claims = [claim(name="currency_code", value=currency, witness=witness, passed=("iso_4217",))]
    if not amount:
        return claims, []
    if not _AMOUNT.fullmatch(amount):
        return claims, [
            Sentence("The amount {amount} in the Swiss QR code is not written as the guidelines demand.", amount=amount)
        ]
    value = Decimal(amount)
    if not value:
        return claims, [Sentence("The Swiss QR code is a notice and not for payment: its amount is zero.")]
    plain = checks.plain_amount(amount=value, currency=currency)
    return [*claims, claim(name="total", value=plain, raw=amount, witness=witness)], []


def _address(party: tuple[str, ...]) -> str:
    """One line: type S has street, house number, postcode and town; type K two lines, the second with the town."""
    kind, _, first, second, postcode, town, _ = party
    if kind == "K":
        return one_line(first, second)
    return one_line(f"{first} {second}", f"{postcode} {town}")
