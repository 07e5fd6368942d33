"""What a payer is asked to quote, and which account takes it. Pure."""

import re
from typing import Literal

from stdnum import iso11649
from stdnum.ch import esr
from stdnum.exceptions import ValidationError

from customers.sentences import Sentence

ReferenceKind = Literal["QRR", "SCOR", "NON"]
_LIKE_A_CREDITOR_REFERENCE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")


def kind_of(reference: str) -> tuple[ReferenceKind, str]:
    """Its type as the Swiss QR code names it, and it without blanks: QRR, SCOR (ISO 11649), or NON and nothing."""
    compact = _compact(reference)
    if re.fullmatch(r"[0-9]{27}", compact) and compact.strip("0") and esr.is_valid(compact):
        return "QRR", compact
    try:
        return "SCOR", str(iso11649.validate(compact))
    except ValidationError:
        return "NON", ""


def is_qr_iban(iban: str) -> bool:
    """Whether the account is one for QR references alone (SIX IG QR-bill: institution 30000 to 31999)."""
    return iban[:2] in {"CH", "LI"} and "30000" <= iban[4:9] <= "31999"


def why_unfit(*, reference: str, iban: str) -> Sentence | None:
    """Why nobody could pay to this account with this reference; None where there is nothing to say.

    `iban` is empty where the invoice names no account.
    """
    kind, _ = kind_of(reference)
    if is_qr_iban(iban) and kind != "QRR":
        return Sentence(
            "The account has a QR-IBAN, which is paid with a QR reference alone: give one of 27 digits, or choose "
            "another account."
        )
    if kind == "NON" and _LIKE_A_CREDITOR_REFERENCE.fullmatch(_compact(reference)):
        return Sentence("The check digits of this creditor reference (ISO 11649) are wrong; copy it again.")
    return None


def _compact(reference: str) -> str:
    return re.sub(r"\s", "", reference).upper()
