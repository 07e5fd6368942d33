"""The database half of matching: the few counterparties, of possibly a million, that a document could mean.

What is looked up by equality, identifiers and the name, is asked for in one statement within one customer; similar
names only where no name is equal. Another statement brings all that matching wants to know of what was found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from counterparties.candidate_rows import counterparty_rows
from counterparties.company_numbers import read_numbers, registration_spellings, vat_spellings
from counterparties.evidence import CounterpartyRow, PayeeEvidence
from counterparties.identifiers import (
    compact,
    email_key,
    phone_key,
    phone_spellings,
    telling_domains,
    website_domains,
)
from counterparties.look_ups import LookUp, found_by, one_of, stored_id
from counterparties.models import CounterpartyAccount
from counterparties.name_search import NAME, equal_names, ids_of_similar_names
from counterparties.names import name_key
from customers.models import Customer

__all__ = [
    "MOST_ROWS",
    "PayerDetails",
    "counterparty_rows",
    "find_candidates",
    "holder_of",
    "ids_of_candidates",
    "known_payer_details",
]

MOST_ROWS = 200
_MOST_PER_LOOKUP = 50
_HOLDERS = {
    part: f"SELECT holder.id FROM counterparties_{part} AS part"  # noqa: S608
    " JOIN counterparties_counterparty AS holder ON holder.id = part.counterparty_id"
    for part in ("counterpartyaccount", "contact")
}
_IS_EMAIL = "part.type = 'email'"
# How many of each kind are taken, and in which order: what tells most comes first.
_ROOM = {"own": 1, "iban": 50, "number": 50, "email": 100, NAME: 100, "phone": 50, "website": 50}


@dataclass(frozen=True, slots=True)
class PayerDetails:
    """What is known of a customer and its own counterparty; `vat_id` is empty when unknown, IBANs are compact."""

    names: tuple[str, ...]
    vat_id: str
    ibans: tuple[str, ...]
    emails: tuple[str, ...]


def find_candidates(*, customer_id: UUID, evidence: PayeeEvidence) -> tuple[CounterpartyRow, ...]:
    """At most 200 active counterparties of the customer that the evidence could mean, the likeliest first.

    The customer's own counterparty always stands among them, marked: matching must be able to recognise it.
    """
    found = ids_of_candidates(customer_id=customer_id, evidence=evidence)
    return counterparty_rows(customer_id=customer_id, counterparty_ids=found)


def ids_of_candidates(*, customer_id: UUID, evidence: PayeeEvidence) -> list[UUID]:
    """The ids of `find_candidates`: the look-ups themselves, without all that is known of what they find."""
    found = found_by(_look_ups(customer_id, evidence))
    key = name_key(evidence.name or "")
    if key and NAME not in found:
        found[NAME] = ids_of_similar_names(customer_id=customer_id, key=key, most=2 * _MOST_PER_LOOKUP)
    ids = dict.fromkeys(id_ for kind, most in _ROOM.items() for id_ in found.get(kind, ())[:most])
    return list(ids)[:MOST_ROWS]


def holder_of(*, customer_id: UUID, account_id: UUID) -> UUID | None:
    """Whose account that is; None when it is deactivated or not of this customer."""
    accounts = CounterpartyAccount.objects.of([customer_id]).filter(pk=account_id, active=True)
    return accounts.values_list("counterparty_id", flat=True).first()


def known_payer_details(customer: Customer) -> PayerDetails:
    """Names, VAT number, IBANs and e-mail addresses by which a document names the payer itself."""
    own = counterparty_rows(customer_id=customer.id, counterparty_ids=_own_ids(customer.id))
    names = [customer.legal_name, *(name for row in own for name in (row.legal_name, *row.aliases))]
    return PayerDetails(
        names=tuple(dict.fromkeys(names)),
        vat_id=customer.vat_id or next((row.vat_id for row in own), ""),
        ibans=tuple(account.iban for row in own for account in row.accounts),
        emails=tuple(dict.fromkeys([*customer.emails, *(email for row in own for email in row.emails)])),
    )


def _own_ids(customer_id: UUID) -> list[UUID]:
    return found_by([_own(customer_id)]).get("own", [])


def _look_ups(customer_id: UUID, evidence: PayeeEvidence) -> Iterator[LookUp]:
    """All look-ups by equality, in the order in which they are given room."""
    yield _own(customer_id)
    if iban := compact(evidence.iban or ""):
        yield _by_part("iban", "counterpartyaccount", customer_id, "part.iban = %s", [iban])
    yield from _by_numbers(customer_id, evidence)
    yield from _by_email(customer_id, evidence)
    if key := name_key(evidence.name or ""):
        yield from equal_names(customer_id=customer_id, key=key, most=_MOST_PER_LOOKUP)
    if phones := [key for phone in evidence.phones for key in phone_spellings(phone_key(phone))]:
        same = f"part.type = 'phone' AND part.value_key IN {one_of(phones)}"
        yield _by_part("phone", "contact", customer_id, same, phones)
    if domains := [domain for website in evidence.websites for domain in website_domains(website)]:
        yield _by_part("website", "contact", customer_id, f"{_IS_EMAIL} AND part.domain IN {one_of(domains)}", domains)


def _own(customer_id: UUID) -> LookUp:
    return _by_column("own", customer_id, "is_own", [])


def _by_numbers(customer_id: UUID, evidence: PayeeEvidence) -> Iterator[LookUp]:
    """By VAT and registration number, each also where the other is on file."""
    numbers = read_numbers(vat_id=evidence.vat_id or "", registrations=evidence.registration_numbers)
    if vat_keys := vat_spellings(numbers):
        yield _by_column("number", customer_id, f"vat_key > '' AND vat_key IN {one_of(vat_keys)}", vat_keys)
    if registration_keys := registration_spellings(numbers):
        same = f"registration_key > '' AND registration_key IN {one_of(registration_keys)}"
        yield _by_column("number", customer_id, same, registration_keys)


def _by_email(customer_id: UUID, evidence: PayeeEvidence) -> Iterator[LookUp]:
    """By the address, then by its domain."""
    email = email_key(evidence.email or "")
    if not email:
        return
    yield _by_part("email", "contact", customer_id, f"{_IS_EMAIL} AND part.value_key = %s", [email])
    if domains := telling_domains(email):
        yield _by_part("email", "contact", customer_id, f"{_IS_EMAIL} AND part.domain IN {one_of(domains)}", domains)


def _by_column(kind: str, customer_id: UUID, condition: str, values: Sequence[str]) -> LookUp:
    select = f"SELECT id FROM counterparties_counterparty WHERE customer_id = %s AND active AND {condition}"  # noqa: S608
    return LookUp(kind, select, (stored_id(customer_id), *values), _MOST_PER_LOOKUP)


def _by_part(kind: str, table: str, customer_id: UUID, condition: str, values: Sequence[str]) -> LookUp:
    """By what belongs to a counterparty, of those active whose counterparty is."""
    select = f"{_HOLDERS[table]} WHERE part.customer_id = %s AND {condition} AND part.active AND holder.active"
    return LookUp(kind, select, (stored_id(customer_id), *values), _MOST_PER_LOOKUP)
