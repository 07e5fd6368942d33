"""From what was read and what was matched to the draft transfer and its blockers. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


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


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """Whence it is paid: the customer's own counterparty and, where it has one in the currency, its account."""

    counterparty_id: UUID | None = None
    account_id: UUID | None = None


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
