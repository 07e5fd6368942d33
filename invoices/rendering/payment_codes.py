"""Which payment QR code an invoice can carry, and what stands in it.

Swiss QR Code: SIX, Implementation Guidelines QR-bill, version 2.3. EPC QR code: EPC069-12, version 002.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

import segno
from segno.encoder import DataOverflowError

from counterparties.countries import SEPA
from invoices.payment_references import is_qr_iban, kind_of
from invoices.rendering.bill import Bill, Party, Place
from invoices.rendering.faces import printable

SWISS = frozenset({"CH", "LI"})
MOST = Decimal("999999999.99")  # both guidelines
_SWISS_LETTERS = re.compile(r"[\x20-\x7e\xa0-\u017f\u0218-\u021b€]")  # IG QR-bill 4.1.1
_LONGEST_TEXT = 140  # of message and billing information together, and of the EPC code's remittance text
_EPC_VERSION = 13  # EPC069-12 2.2: no code may be larger


@dataclass(frozen=True, slots=True)
class SwissCode:
    """A Swiss QR Code and what is printed beside it, in the letters that the code may hold."""

    iban: str
    creditor: Party
    debtor: Party | None
    currency: str
    amount: Decimal
    reference_type: str
    reference: str
    message: str
    billing: str

    @property
    def payload(self) -> str:
        debtor = _address(self.debtor) if self.debtor else ("",) * 7
        lines = (
            *("SPC", "0200", "1", self.iban),
            *_address(self.creditor),
            *("",) * 7,  # the ultimate creditor, reserved for future use
            *(f"{self.amount:.2f}", self.currency),
            *debtor,
            *(self.reference_type, self.reference, self.message, "EPD"),
        )
        return "\n".join((*lines, self.billing) if self.billing else lines)

    @property
    def symbol(self) -> segno.QRCode:
        return segno.make(self.payload, error="m", boost_error=False, encoding="utf-8", micro=False)


def swiss_code(bill: Bill) -> SwissCode | None:
    """The Swiss QR Code; None where the guidelines allow none.

    It takes francs or euros, a Swiss or Liechtenstein account, a creditor with town and postcode, an amount above zero,
    and a QR reference exactly where the account is a QR-IBAN. Names and references are in Latin letters: what is not
    is never spelled otherwise, so a creditor leaves no code, and a debtor its fields to be filled in by hand.
    """
    account, creditor = bill.account, _swiss_party(bill.seller)
    if account is None or account.iban[:2] not in SWISS or bill.currency not in {"CHF", "EUR"} or creditor is None:
        return None
    kind, reference = kind_of(bill.reference)
    if is_qr_iban(account.iban) != (kind == "QRR"):
        if is_qr_iban(account.iban):
            return None
        kind, reference = "NON", ""
    if not 0 < bill.total <= MOST:
        return None
    message = "" if reference else _swiss_text(bill.reference, _LONGEST_TEXT)
    if message is None:
        return None
    billing = _billing(bill)
    return SwissCode(
        iban=account.iban,
        creditor=creditor,
        debtor=_swiss_party(bill.buyer),
        currency=bill.currency,
        amount=bill.total,
        reference_type=kind,
        reference=reference,
        message=message,
        billing=billing if len(message) + len(billing) <= _LONGEST_TEXT else "",
    )


def epc_symbol(bill: Bill) -> segno.QRCode | None:
    """The EPC QR code of a SEPA credit transfer; None where there can be none.

    It takes euros, an account in the SEPA, an amount above zero, and a payee whose name can be printed as it is
    written: who pays must find in the code what stands on the page.
    """
    account = bill.account
    if account is None or account.iban[:2] not in SEPA or bill.currency != "EUR" or not 0 < bill.total <= MOST:
        return None
    if printable(bill.seller.name) != unicodedata.normalize("NFC", bill.seller.name):
        return None
    kind, reference = kind_of(bill.reference)
    structured = reference if kind == "SCOR" else ""
    text = "" if structured else bill.reference[:_LONGEST_TEXT]
    name = bill.seller.name[:70].strip()
    lines = (
        *("BCD", "002", "1", "SCT"),  # 1: UTF-8
        *(account.bic, name, account.iban, f"EUR{bill.total:.2f}"),
        *("", structured, text),  # the first: a purpose, of which nothing is known
    )
    try:
        payload = "\n".join(lines).rstrip("\n")
        symbol = segno.make(payload, error="m", boost_error=False, encoding="utf-8", eci=False, micro=False)
    except DataOverflowError:
        return None
    return symbol if isinstance(symbol.version, int) and symbol.version <= _EPC_VERSION else None


def _swiss_party(party: Party) -> Party | None:
    """The party as the code holds it; None without town, postcode or country, which a structured address must have."""
    place = party.place
    if place is None or not (place.zip and place.city and place.country):
        return None
    name, street = _swiss_text(party.name, 70), _swiss_text(place.street, 70)
    code, city = _swiss_text(place.zip, 16), _swiss_text(place.city, 35)
    if name is None or street is None or code is None or city is None:
        return None
    return replace(party, name=name, place=Place(street=street, zip=code, city=city, country=place.country))


def _address(party: Party) -> tuple[str, ...]:
    """Type S: name, street, house number, postcode, town, country. The street is on file with its house number."""
    place = party.place or Place()
    return ("S", party.name, place.street, "", place.zip, place.city, place.country)


def _swiss_text(text: str, longest: int) -> str | None:
    """The text in the letters of the code, where need be without their accents; None if it has others."""
    letters = "".join(
        letter if _SWISS_LETTERS.fullmatch(letter) else unicodedata.normalize("NFKD", letter)[0]
        for letter in unicodedata.normalize("NFC", text)
    )
    short = " ".join(letters.split())[:longest].rstrip()
    return short if all(_SWISS_LETTERS.fullmatch(letter) for letter in short) else None


def _billing(bill: Bill) -> str:
    """Swico's S1 syntax, version 1.2: number, date, the biller's UID, the VAT rate, and the days until it is due."""
    number = _swiss_text(bill.number, _LONGEST_TEXT)
    if number is None:
        return ""
    number = number.replace("\\", "\\\\").replace("/", "\\/")
    parts = ["//S1", "10", number, "11", f"{bill.issue_date:%y%m%d}"]
    if uid := re.match(r"CHE[0-9]{9}", re.sub(r"[^0-9A-Z]", "", bill.seller.vat_id.upper())):
        parts += ["30", uid[0][3:], "32", f"{bill.vat_rate:f}"]
    if bill.due_date and bill.due_date >= bill.issue_date:
        parts += ["40", f"0:{(bill.due_date - bill.issue_date).days}"]
    return "/".join(parts)
