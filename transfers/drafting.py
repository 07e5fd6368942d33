"""From what was read and what was matched to the draft transfer and its blockers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from counterparties.matching import CounterpartyRow, Match
from invoices.money import NotRepresentable, UnknownCurrency, exponent, to_minor
from transfers.blockers import BLOCKER_OF_WARNING, PaymentWarning, in_order
from transfers.duplicates import Bill, number_key
from transfers.references import REFERENCE_NOT_PAYABLE, ReferenceUnfit, payment_reference

MAX_REFERENCE = 140  # ISO 20022 Max140Text, unstructured remittance information
MAX_INVOICE_NUMBER = 200


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """What the document asks to be paid; None is "not read". `amount` is in the currency's major unit."""

    amount: Decimal | None = None
    currency: str | None = None
    iban: str | None = None
    bic: str | None = None
    payee_name: str | None = None
    reference: str | None = None
    due_date: date | None = None
    invoice_number: str | None = None
    issue_date: date | None = None


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """Whence it is paid: the customer's own counterparty and, where it has one in the currency, its account."""

    counterparty_id: UUID | None = None
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Payee:
    """The matched counterparty as we know it, and its account where one is resolved; never what the document says."""

    name: str = ""
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class TransferDraft:
    """The draft as it is stored. `blockers` are machine codes, empty when it could be finalised as it stands."""

    amount_minor: int | None
    currency: str
    source: SourceAccount
    destination_counterparty_id: UUID | None
    destination_account_id: UUID | None
    iban: str
    bic: str
    name: str
    reference: str
    requested_execution_date: date | None
    blockers: tuple[str, ...]
    invoice_number: str = ""
    issue_date: date | None = None

    @property
    def bill(self) -> Bill:
        """What is paid, for comparison with what was paid before."""
        return Bill(
            counterparty_id=self.destination_counterparty_id,
            payee_name=self.name,
            number=self.invoice_number,
            number_key=number_key(self.invoice_number),
            amount_minor=self.amount_minor,
            currency=self.currency,
            issue_date=self.issue_date,
        )


def payee_of(*, match: Match, candidates: Iterable[CounterpartyRow]) -> Payee:
    """Name, IBAN and BIC on file of the counterparty and account that were matched; empty where none was."""
    counterparty = next((row for row in candidates if row.id == match.counterparty_id), None)
    if counterparty is None:
        return Payee()
    account = next((row for row in counterparty.accounts if row.id == match.account_id), None)
    if account is None:
        return Payee(name=counterparty.legal_name)
    return Payee(name=counterparty.legal_name, iban=account.iban, bic=account.bic)


def draft_transfer(
    *,
    payment: PaymentDetails,
    match: Match,
    payee: Payee,
    source: SourceAccount,
    warning_codes: Iterable[str],
    is_credit_note: bool,
    today: date,
) -> TransferDraft:
    """The draft with all that was read, and a blocker for all that is missing or unsafe.

    IBAN and BIC are those of the matched account, empty without one: what is only read is never paid to. That the
    document names another IBAN is the match's to say, for a person may have chosen the account. `warning_codes` are
    the document's. A due date that has passed gives `today`.
    """
    currency, amount_minor, amount_blockers = _amount(payment)
    account_id = match.account_id if match.account == "found" and payee.iban else None
    reference, reference_blockers = _reference(payment, iban=payee.iban if account_id else "", currency=currency)
    blockers = [*amount_blockers, *reference_blockers, *_match_blockers(match), *warning_blockers(warning_codes)]
    if is_credit_note:  # nothing is paid, so no reference is missing
        blockers = [code for code in blockers if code not in reference_blockers] + ["credit_note"]
    blockers += missing_blockers(
        amount_minor=amount_minor,
        currency=currency,
        source=source,
        destination_counterparty_id=match.counterparty_id,
        destination_account_id=account_id,
    )
    return TransferDraft(
        amount_minor=amount_minor,
        currency=currency,
        source=source,
        destination_counterparty_id=match.counterparty_id,
        destination_account_id=account_id,
        iban=payee.iban if account_id else "",
        bic=payee.bic if account_id else "",
        name=payee.name or payment.payee_name or "",
        reference=reference,
        requested_execution_date=max(payment.due_date, today) if payment.due_date else None,
        blockers=in_order(without_hollow(blockers)),
        invoice_number=(payment.invoice_number or "")[:MAX_INVOICE_NUMBER],
        issue_date=payment.issue_date,
    )


def with_warnings(*, draft: TransferDraft, warnings: Iterable[PaymentWarning]) -> TransferDraft:
    """The draft with the blockers that these warnings bring."""
    added = [warning.blocker for warning in warnings if warning.blocker]
    return replace(draft, blockers=in_order([*draft.blockers, *added]))


def warning_blockers(codes: Iterable[str]) -> list[str]:
    """The blockers that these warnings bring; most warnings bring none."""
    return [BLOCKER_OF_WARNING[code] for code in codes if code in BLOCKER_OF_WARNING]


def missing_blockers(
    *,
    amount_minor: int | None,
    currency: str,
    source: SourceAccount,
    destination_counterparty_id: UUID | None,
    destination_account_id: UUID | None,
) -> list[str]:
    """What a draft with these values lacks before it can be paid, whoever filled it in."""
    blockers = []
    if destination_counterparty_id is None:
        blockers.append("counterparty_not_found")
    elif destination_counterparty_id == source.counterparty_id:
        blockers.append("iban_is_own_account")
    if destination_account_id is None:
        blockers.append("account_unknown")
    if amount_minor is None:
        blockers.append("amount_missing")
    elif amount_minor <= 0:
        blockers.append("amount_not_positive")
    if not currency:
        blockers.append("currency_missing")
    if source.account_id is None:
        blockers.append("source_account_missing")
    return blockers


def _amount(payment: PaymentDetails) -> tuple[str, int | None, list[str]]:
    """Currency, amount in minor units, blockers. Without a currency nobody knows what the minor unit is."""
    currency = payment.currency or ""
    try:
        exponent(currency)
        if payment.amount is None:
            return currency, None, []
        return currency, to_minor(amount=payment.amount, currency=currency), []
    except UnknownCurrency:
        return "", None, ["currency_not_supported"] if currency else []
    except NotRepresentable:
        return currency, None, ["amount_not_representable"]


def _reference(payment: PaymentDetails, *, iban: str, currency: str) -> tuple[str, list[str]]:
    """The reference and blockers; cut short or in other letters it would be another reference."""
    reference = payment.reference or ""
    if len(reference) > MAX_REFERENCE:
        return "", ["reference_too_long"]
    try:
        payment_reference(reference=reference, iban=iban, currency=currency)
    except ReferenceUnfit:
        return reference, [REFERENCE_NOT_PAYABLE]
    return reference, []


def _match_blockers(match: Match) -> list[str]:
    blockers = warning_blockers(warning.code for warning in match.warnings)
    if match.counterparty == "ambiguous":
        blockers.append("counterparty_ambiguous")
    if match.account == "ambiguous":
        blockers.append("account_ambiguous")
    if match.account_is_assumed:
        blockers.append("account_assumed")
    return blockers


def without_hollow(blockers: Iterable[str]) -> set[str]:
    """Drops the general code where a sharper one says why: ambiguous is not "not found"."""
    codes = set(blockers)
    for sharper, general in (
        ("counterparty_ambiguous", "counterparty_not_found"),
        ("account_ambiguous", "account_unknown"),
        ("amount_not_representable", "amount_missing"),
        ("currency_not_supported", "currency_missing"),
    ):
        if sharper in codes:
            codes.discard(general)
    return codes
