"""What goes into the matching of a payee and what comes out of it. Plain frozen data, handed out by `matching`."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from counterparties.payee_names import NameCheck
from customers.sentences import Sentence

Outcome = Literal["found", "not_found", "ambiguous"]


@dataclass(frozen=True, slots=True)
class PayeeEvidence:
    """What the document says of the one who wants to be paid; None is "not read". Of `registration_numbers` (EN 16931
    BT-30), `phones` and `websites` all that stand on it, whoever's they are: those of the payer are taken out.
    `other_ibans` are those that it names beside `iban`."""

    name: str | None = None
    vat_id: str | None = None
    email: str | None = None
    iban: str | None = None
    bic: str | None = None
    currency: str | None = None
    address: str | None = None
    reference: str | None = None
    invoice_number: str | None = None
    registration_numbers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()
    other_ibans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An active bank account of a candidate."""

    id: UUID
    iban: str
    bic: str
    currency: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An active address of a candidate; `country` is ISO 3166-1 alpha-2."""

    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What documents said of which a person decided, or paid on, that this counterparty was meant. Evidence of who it
    is, never of an account."""

    names: tuple[str, ...] = ()
    vat_ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()
    invoice_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CounterpartyRow:
    """An active counterparty that could be meant. `is_own` marks the customer's own mirror counterparty.

    `inactive_ibans` are those of deactivated accounts: they tell who it is, and are never paid to.
    """

    id: UUID
    legal_name: str
    aliases: tuple[str, ...] = ()
    vat_id: str = ""
    registration_number: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[AddressRow, ...] = ()
    accounts: tuple[AccountRow, ...] = ()
    inactive_ibans: tuple[str, ...] = ()
    is_own: bool = False
    confirmed: Confirmed = Confirmed()


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` and `weight` are one of `scoring.WEIGHTS`, negative where it speaks against; `detail` is what agrees."""

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
    """`bank_details_changed`, `account_inactive`, `iban_belongs_to_other_counterparty`, `iban_is_own_account`, …

    `field` names the result field it is about, `counterparty_id` the known counterparty."""

    code: str
    message: Sentence
    field: str | None = None
    counterparty_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """`counterparty_id` is set exactly when `counterparty` is found, `account_id` exactly when `account` is.
    `name_check` is of the account that is to be paid, None without one."""

    counterparty: Outcome
    counterparty_id: UUID | None
    account: Outcome
    account_id: UUID | None
    candidates: tuple[ScoredCandidate, ...] = ()
    warnings: tuple[MatchWarning, ...] = ()
    account_is_assumed: bool = False
    name_check: NameCheck | None = None
