"""Payments as an ISO 20022 customer credit transfer initiation, pain.001.001.09. Pure.

What each kind of payment asks for is from the EPC's SEPA credit transfer customer-to-bank guidelines (EPC132-08) and
the Swiss Payment Standards. Postal addresses are structured: since November 2026 free lines alone are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Literal

from lxml import etree

from counterparties.countries import SEPA
from customers.sentences import Sentence
from invoices.money import from_minor
from transfers.references import REFERENCE_NOT_PAYABLE, PaymentReference, ReferenceUnfit, payment_reference
from transfers.sepa_letters import plain_letters

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
LONGEST_NAME = 70
MOST_SEPA = Decimal("999999999.99")
MOST_DIGITS = 18

SWISS = frozenset({"CH", "LI"})

Service = Literal["sepa", "swiss", "other"]


class PaymentUnfit(Exception):
    """The payment cannot be written as a message that a bank accepts; `blocker` is the code of what is in the way."""

    def __init__(self, message: str, *, blocker: str) -> None:
        self.blocker = blocker
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Place:
    """A structured postal address; `country` is ISO 3166-1 alpha-2."""

    street: str
    zip: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an account, and the account. An empty BIC is not known; `place` None is not known or incomplete."""

    name: str
    iban: str
    bic: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; `payment_id` (at most 35 characters) is sent through to the payee's bank."""

    payment_id: str
    payer: Holder
    payee: Holder
    amount_minor: int
    currency: str
    reference: str
    execution_date: date

    @property
    def amount(self) -> Decimal:
        """In the currency's major unit."""
        return from_minor(minor=self.amount_minor, currency=self.currency)

    @property
    def service(self) -> Service:
        """`sepa`: euros between SEPA countries; `swiss`: francs or euros within Switzerland and Liechtenstein."""
        countries = {self.payer.iban[:2], self.payee.iban[:2]}
        if self.currency in {"CHF", "EUR"} and countries <= SWISS:
            return "swiss"
        return "sepa" if self.currency == "EUR" and countries <= SEPA else "other"


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """The message with what a bank's receipt names: how many payments, and their sum regardless of currency."""

    content: bytes
    number_of_payments: int
    control_sum: Decimal


def payment_file(*, payments: Sequence[Payment], message_id: str, created_at: datetime) -> PaymentFile:
    """The message that asks the bank for these payments, grouped by account, currency, day and service.

    `message_id` has at most 32 characters; a bank refuses one that it has seen before. Raises PaymentUnfit.
    """
    if not payments:
        raise ValueError("A payment file needs a payment.")
    for payment in payments:
        check_payment(payment)
    control_sum = _sum(payments)
    document = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # as lxml has it
    message = _add(document, "CstmrCdtTrfInitn")
    header = _add(message, "GrpHdr")
    _add(header, "MsgId", text=message_id)
    _add(header, "CreDtTm", text=created_at.isoformat(timespec="seconds"))
    _add(header, "NbOfTxs", text=str(len(payments)))
    _add(header, "CtrlSum", text=f"{control_sum:f}")
    _add(_add(header, "InitgPty"), "Nm", text=_name(payments[0].payer))
    for number, (_, group) in enumerate(groupby(sorted(payments, key=_group), key=_group), start=1):
        _add_group(message, list(group), group_id=f"{message_id[:28]}-{number}")
    content = etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return PaymentFile(content=content, number_of_payments=len(payments), control_sum=control_sum)


def check_payment(payment: Payment) -> None:
    """Raises PaymentUnfit unless a message can carry the payment."""
    try:
        reference = _reference(payment)
    except ReferenceUnfit as error:
        raise PaymentUnfit(str(error), blocker=REFERENCE_NOT_PAYABLE) from error
    if reference.kind == "qrr" and payment.service != "swiss":
        raise PaymentUnfit(
            Sentence(
                "A QR-IBAN is paid in francs or euros from an account in Switzerland or Liechtenstein; "
                "choose another account on one of the two sides."
            ),
            blocker="account_not_payable",
        )
    if payment.amount <= 0 or (payment.service == "sepa" and payment.amount > MOST_SEPA):
        raise PaymentUnfit(
            Sentence(
                "{amount} {currency} is no amount that one payment can carry.",
                amount=format(payment.amount, "f"),
                currency=payment.currency,
            ),
            blocker="amount_not_payable",
        )
    for holder in (payment.payer, payment.payee):
        if not _name(holder):
            raise PaymentUnfit(
                Sentence(
                    "{name} has no letters that a payment can carry; enter another legal name.",
                    name=repr(holder.name),
                ),
                blocker="name_not_payable",
            )


def _group(payment: Payment) -> tuple[str, str, date, Service]:
    return payment.payer.iban, payment.currency, payment.execution_date, payment.service


def _sum(payments: Sequence[Payment]) -> Decimal:
    total = sum((payment.amount for payment in payments), Decimal(0))
    if len(total.as_tuple().digits) > MOST_DIGITS:
        raise PaymentUnfit(
            Sentence("The payments come to more than one file can say; write several files."),
            blocker="amount_not_payable",
        )
    return total


def _add_group(message: etree._Element, payments: list[Payment], *, group_id: str) -> None:
    first = payments[0]
    group = _add(message, "PmtInf")
    _add(group, "PmtInfId", text=group_id)
    _add(group, "PmtMtd", text="TRF")
    _add(group, "NbOfTxs", text=str(len(payments)))
    _add(group, "CtrlSum", text=f"{_sum(payments):f}")
    if first.service == "sepa":
        _add(group, "PmtTpInf", "SvcLvl", "Cd", text="SEPA")
    _add(group, "ReqdExctnDt", "Dt", text=first.execution_date.isoformat())
    _add_party(group, "Dbtr", first.payer)
    _add(group, "DbtrAcct", "Id", "IBAN", text=first.payer.iban)
    _add_bank(group, "DbtrAgt", first.payer.bic or None)
    if first.service != "swiss":
        # Within the SEPA each side bears its own bank's charges, and nothing else may be asked for.
        _add(group, "ChrgBr", text="SLEV" if first.service == "sepa" else "SHAR")
    for payment in payments:
        _add_payment(group, payment)


def _add_payment(group: etree._Element, payment: Payment) -> None:
    entry = _add(group, "CdtTrfTxInf")
    ids = _add(entry, "PmtId")
    _add(ids, "InstrId", text=payment.payment_id)
    _add(ids, "EndToEndId", text=payment.payment_id)
    _add(entry, "Amt", "InstdAmt", text=f"{payment.amount:f}").set("Ccy", payment.currency)
    if payment.payee.bic:
        _add_bank(entry, "CdtrAgt", payment.payee.bic)
    _add_party(entry, "Cdtr", payment.payee)
    _add(entry, "CdtrAcct", "Id", "IBAN", text=payment.payee.iban)
    _add_reference(entry, _reference(payment))


def _add_reference(entry: etree._Element, reference: PaymentReference) -> None:
    if reference.kind == "none":
        return
    remittance = _add(entry, "RmtInf")
    if reference.kind == "text":
        _add(remittance, "Ustrd", text=reference.text)
        return
    creditor_reference = _add(remittance, "Strd", "CdtrRefInf")
    kind = _add(creditor_reference, "Tp")
    if reference.kind == "qrr":
        _add(kind, "CdOrPrtry", "Prtry", text="QRR")
    else:
        _add(kind, "CdOrPrtry", "Cd", text="SCOR")
    if issuer := {"iso11649": "ISO", "bba": "BBA"}.get(reference.kind):
        _add(kind, "Issr", text=issuer)
    _add(creditor_reference, "Ref", text=reference.text)


def _add_party(parent: etree._Element, tag: str, holder: Holder) -> None:
    party = _add(parent, tag)
    _add(party, "Nm", text=_name(holder))
    place = holder.place
    city = place and plain_letters(place.city, country=place.country, longest=35)
    if place is None or not city:
        return
    address = _add(party, "PstlAdr")
    for name, value, longest in (("StrtNm", place.street, 70), ("PstCd", place.zip, 16), ("TwnNm", place.city, 35)):
        if text := plain_letters(value, country=place.country, longest=longest):
            _add(address, name, text=text)
    _add(address, "Ctry", text=place.country)


def _add_bank(parent: etree._Element, tag: str, bic: str | None) -> None:
    """A bank that is known by the IBAN alone is said to be so: EPC132-08 has NOTPROVIDED for it."""
    bank = _add(parent, tag, "FinInstnId")
    if bic:
        _add(bank, "BICFI", text=bic)
    else:
        _add(bank, "Othr", "Id", text="NOTPROVIDED")


def _reference(payment: Payment) -> PaymentReference:
    return payment_reference(reference=payment.reference, iban=payment.payee.iban, currency=payment.currency)


def _name(holder: Holder) -> str:
    return plain_letters(holder.name, country=holder.iban[:2], longest=LONGEST_NAME)


def _add(parent: etree._Element, *tags: str, text: str | None = None) -> etree._Element:
    """The innermost of new elements, each in the one before it, with the text."""
    element = parent
    for tag in tags:
        element = etree.SubElement(element, f"{{{NAMESPACE}}}{tag}")
    element.text = text
    return element
