"""What goes into the matching of a payee and what comes out of it. Plain frozen data, handed out by `matching`."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Outcome = Literal["found", "not_found", "ambiguous"]


@dataclass(frozen=True, slots=True)
class PayeeEvidence:
    """What the document says of the one who wants to be paid; None is "not read"."""

    name: str | None = None
    vat_id: str | None = None
    email: str | None = None
    iban: str | None = None
    bic: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An active bank account of a candidate."""

    id: UUID
    iban: str
    bic: str
    currency: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class CounterpartyRow:
    """An active counterparty that could be meant. `is_own` marks the customer's own mirror counterparty."""

    id: UUID
    legal_name: str
    aliases: tuple[str, ...] = ()
    vat_id: str = ""
    registration_number: str = ""
    emails: tuple[str, ...] = ()
    accounts: tuple[AccountRow, ...] = ()
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` such as `iban_exact`, `vat_exact`, `email_exact`, `email_domain`, `name_similarity`; weight 0..1,
    negative where it speaks against."""

    code: str
    weight: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    counterparty_id: UUID
    legal_name: str
    score: float
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchWarning:
    """`bank_details_changed`, `iban_belongs_to_other_counterparty`, `iban_is_own_account`, …"""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Match:
    """`counterparty_id` is set exactly when `counterparty` is found, `account_id` exactly when `account` is."""

    counterparty: Outcome
    counterparty_id: UUID | None
    account: Outcome
    account_id: UUID | None
    candidates: tuple[ScoredCandidate, ...] = ()
    warnings: tuple[MatchWarning, ...] = ()
    account_is_assumed: bool = False
