"""Payment references as a payment message carries them: structured where the scheme is known, else as text. Pure.

Text keeps to the characters that every bank of the SEPA takes (EPC217-08). A reference is never put into other letters
or cut: it would be another reference.
"""

import re
from dataclasses import dataclass
from typing import Literal

from stdnum import iso11649, luhn
from stdnum.be import ogm_vcs
from stdnum.ch import esr
from stdnum.exceptions import ValidationError

from customers.sentences import Sentence
from transfers.sepa_letters import strange_characters

Kind = Literal["none", "text", "iso11649", "qrr", "bba", "kid", "viite"]

REFERENCE_NOT_PAYABLE = "reference_not_payable"

_BELGIAN = re.compile(r"(\+\+\+|\*\*\*)?[0-9]{3}/[0-9]{4}/[0-9]{5}(\+\+\+|\*\*\*)?")
_QR_IBAN = re.compile(r"(CH|LI)[0-9]{2}3[01][0-9]{3}")


class ReferenceUnfit(Exception):
    """No payment to this account can carry this reference; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class PaymentReference:
    """The reference as it is sent: `text` without blanks where it is structured, as it stands where it is not."""

    kind: Kind
    text: str


def is_qr_iban(iban: str) -> bool:
    """Whether it is a Swiss QR-IBAN, whose institution has a number from 30000 to 31999 (SIX IG QR-bill)."""
    return _QR_IBAN.match(iban) is not None


def payment_reference(*, reference: str, iban: str, currency: str) -> PaymentReference:
    """The reference as a payment in this currency to this account carries it; an empty `iban` is not known yet.

    RF (ISO 11649) goes anywhere; QRR to a QR-IBAN, and nothing else goes there (SIX IG QR-bill); the Belgian OGM-VCS,
    the Finnish viitenumero and the Norwegian KID within their countries and currencies. Raises ReferenceUnfit.
    """
    compact = re.sub(r"\s", "", reference).upper()
    if is_qr_iban(iban):
        if len(compact) == 27 and compact.strip("0") and _is_valid(esr, compact):
            return PaymentReference("qrr", compact)
        raise ReferenceUnfit(Sentence("A QR-IBAN is paid with the QR reference of its bill, 27 digits; enter that."))
    if not compact:
        return PaymentReference("none", "")
    if compact.startswith("RF") and _is_valid(iso11649, compact):
        return PaymentReference("iso11649", compact)
    national = _national(reference=reference.strip(), compact=compact, place=(iban[:2], currency))
    return national or _as_text(" ".join(reference.split()))


def _national(*, reference: str, compact: str, place: tuple[str, str]) -> PaymentReference | None:
    digits = re.sub(r"[+*/]", "", compact)
    if place == ("BE", "EUR") and _BELGIAN.fullmatch(reference) and _is_valid(ogm_vcs, digits):
        return PaymentReference("bba", digits)
    if place == ("NO", "NOK") and _is_kid(compact):
        return PaymentReference("kid", compact)
    if place == ("FI", "EUR") and _is_viite(compact):
        return PaymentReference("viite", compact)
    return None


def _as_text(text: str) -> PaymentReference:
    if strange := strange_characters(text):
        raise ReferenceUnfit(
            Sentence(
                "A payment cannot carry {strange} in its reference; enter it in letters from A to Z, "
                "digits, blanks and / - ? : ( ) . , ' + only.",
                strange=" ".join(strange),
            )
        )
    if text.startswith("/") or text.endswith("/") or "//" in text:
        raise ReferenceUnfit(
            Sentence("A reference can neither begin nor end with a slash, nor hold two in a row; enter it anew.")
        )
    return PaymentReference("text", text)


def _is_kid(text: str) -> bool:
    """The Norwegian KID: 2 to 25 digits, modulus 10 or 11; in modulus 11 a hyphen stands for the check digit ten."""
    if not re.fullmatch(r"[0-9]{1,24}[0-9-]", text) or not text.strip("0-"):
        return False
    if text[-1] != "-" and luhn.is_valid(text):
        return True
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(text[:-1])))
    return "0123456789-"[-total % 11] == text[-1]


def _is_viite(text: str) -> bool:
    """The Finnish viitenumero: 4 to 20 digits, weights 7-3-1 from the right (Finance Finland)."""
    if not re.fullmatch(r"[0-9]{4,20}", text) or not text.strip("0"):
        return False
    total = sum(int(digit) * (7, 3, 1)[place % 3] for place, digit in enumerate(reversed(text[:-1])))
    return (10 - total % 10) % 10 == int(text[-1])


def _is_valid(scheme: object, text: str) -> bool:
    try:
        scheme.validate(text)  # type: ignore[attr-defined]
    except ValidationError:
        return False
    return True
