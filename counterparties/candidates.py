"""The database half of matching: the few counterparties, of possibly a million, that a document could mean.

Every look-up is one indexed query within one customer. Identifiers come first, then equal names, then similar ones.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, When

from counterparties.company_numbers import read_numbers, registration_spellings, vat_spellings
from counterparties.evidence import AccountRow, AddressRow, CounterpartyRow, PayeeEvidence
from counterparties.identifiers import (
    compact,
    email_key,
    phone_key,
    phone_spellings,
    telling_domains,
    website_domains,
)
from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from counterparties.name_search import ids_of_equal_names, ids_of_similar_names
from counterparties.names import name_key
from customers.models import Customer

MOST_ROWS = 200
_MOST_PER_LOOKUP = 50
_COLUMNS = ("id", "legal_name", "aliases", "vat_id", "registration_number", "is_own")


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
    found: dict[UUID, None] = dict.fromkeys(_own_ids(customer_id))
    for look_up in (_ids_by_iban, _ids_by_numbers, _ids_by_email, _ids_by_name, _ids_by_contact):
        found |= dict.fromkeys(look_up(customer_id, evidence))
    return counterparty_rows(customer_id=customer_id, counterparty_ids=list(found)[:MOST_ROWS])


def counterparty_rows(*, customer_id: UUID, counterparty_ids: Iterable[UUID]) -> tuple[CounterpartyRow, ...]:
    """These counterparties as matching wants them, in the same order; without those inactive or of other customers."""
    wanted = list(counterparty_ids)
    chosen = Counterparty.objects.of([customer_id]).filter(active=True, id__in=wanted).order_by()
    found = list(chosen.values_list(*_COLUMNS))
    # Rows of values: as objects with prefetched parts, the fifty of a common name take longer than their look-up.
    accounts = _of_each(
        CounterpartyAccount.objects.of([customer_id]).filter(counterparty_id__in=wanted),
        ("id", "iban", "bic", "currency", "is_primary", "active"),
    )
    contacts = _of_each(
        Contact.objects.of([customer_id]).filter(counterparty_id__in=wanted, active=True), ("type", "value")
    )
    addresses = _of_each(
        Address.objects.of([customer_id]).filter(counterparty_id__in=wanted, active=True),
        ("street", "zip", "city", "country"),
    )
    rows = {}
    for id_, legal_name, aliases, vat_id, registration_number, is_own in found:
        own_accounts, own_contacts = accounts.get(id_, ()), contacts.get(id_, ())
        rows[id_] = CounterpartyRow(
            id=id_,
            legal_name=legal_name,
            aliases=tuple(aliases),
            vat_id=vat_id,
            registration_number=registration_number,
            emails=tuple(value for kind, value in own_contacts if kind == Contact.Type.EMAIL),
            phones=tuple(value for kind, value in own_contacts if kind == Contact.Type.PHONE),
            addresses=tuple(AddressRow(*address) for address in addresses.get(id_, ())),
            accounts=tuple(AccountRow(*values) for *values, is_active in own_accounts if is_active),
            inactive_ibans=tuple(iban for _, iban, *_, is_active in own_accounts if not is_active),
            is_own=is_own,
        )
        if is_own:
            rows[id_] = _with_details_of_customer(rows[id_], customer_id)
    return tuple(rows[counterparty_id] for counterparty_id in wanted if counterparty_id in rows)


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


def _of_each(parts: QuerySet[Any, Any], columns: tuple[str, ...]) -> dict[UUID, list[tuple[Any, ...]]]:
    """The values of these parts by the counterparty that they belong to."""
    grouped: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for counterparty_id, *values in parts.values_list("counterparty_id", *columns):
        grouped[counterparty_id].append(tuple(values))
    return grouped


def _with_details_of_customer(row: CounterpartyRow, customer_id: UUID) -> CounterpartyRow:
    """The customer's own counterparty knows what the customer says of itself."""
    customer = Customer.objects.only("emails", "vat_id").get(pk=customer_id)
    return replace(row, emails=(*row.emails, *customer.emails), vat_id=row.vat_id or customer.vat_id)


def _own_ids(customer_id: UUID) -> list[UUID]:
    own = Counterparty.objects.of([customer_id]).filter(is_own=True, active=True)
    return list(own.values_list("id", flat=True))


def _ids_by_iban(customer_id: UUID, evidence: PayeeEvidence) -> list[UUID]:
    iban = compact(evidence.iban or "")
    if not iban:
        return []
    accounts = CounterpartyAccount.objects.of([customer_id]).filter(iban=iban, active=True, counterparty__active=True)
    return list(accounts.order_by("counterparty_id").values_list("counterparty_id", flat=True)[:_MOST_PER_LOOKUP])


def _ids_by_numbers(customer_id: UUID, evidence: PayeeEvidence) -> list[UUID]:
    """By VAT and registration number, each also where the other is on file."""
    numbers = read_numbers(vat_id=evidence.vat_id or "", registrations=evidence.registration_numbers)
    vat_keys, registration_keys = vat_spellings(numbers), registration_spellings(numbers)
    if not vat_keys and not registration_keys:
        return []
    same = Counterparty.objects.of([customer_id]).filter(
        Q(vat_key__in=vat_keys) | Q(registration_key__in=registration_keys), active=True
    )
    return list(same.order_by("id").values_list("id", flat=True)[:_MOST_PER_LOOKUP])


def _ids_by_email(customer_id: UUID, evidence: PayeeEvidence) -> list[UUID]:
    email = email_key(evidence.email or "")
    if not email:
        return []
    contacts = Contact.objects.of([customer_id]).filter(active=True, counterparty__active=True, type="email")
    same = contacts.filter(Q(value_key=email) | Q(domain__in=telling_domains(email)))
    exact_first = Case(When(value_key=email, then=0), default=1, output_field=IntegerField())
    return list(
        same.order_by(exact_first, "counterparty_id").values_list("counterparty_id", flat=True)[: 2 * _MOST_PER_LOOKUP]
    )


def _ids_by_name(customer_id: UUID, evidence: PayeeEvidence) -> list[UUID]:
    key = name_key(evidence.name or "")
    if not key:
        return []
    equal = ids_of_equal_names(customer_id=customer_id, key=key, most=_MOST_PER_LOOKUP)
    return equal or ids_of_similar_names(customer_id=customer_id, key=key, most=2 * _MOST_PER_LOOKUP)


def _ids_by_contact(customer_id: UUID, evidence: PayeeEvidence) -> list[UUID]:
    """By telephone and by the domain of the website: weak, and so the last to be given room."""
    contacts = Contact.objects.of([customer_id]).filter(active=True, counterparty__active=True)
    ids = contacts.order_by("counterparty_id").values_list("counterparty_id", flat=True)
    found: list[UUID] = []
    if phones := [key for phone in evidence.phones for key in phone_spellings(phone_key(phone))]:
        found += ids.filter(type=Contact.Type.PHONE, value_key__in=phones)[:_MOST_PER_LOOKUP]
    if domains := [domain for website in evidence.websites for domain in website_domains(website)]:
        found += ids.filter(type=Contact.Type.EMAIL, domain__in=domains)[:_MOST_PER_LOOKUP]
    return found
