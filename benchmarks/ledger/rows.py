"""Entries as rows of the tables, with all that is derived from them."""

from collections.abc import Iterator
from datetime import datetime

from django.db import models

from benchmarks.ledger.entries import Entry
from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from customers.models import Customer

MODELS: tuple[type[models.Model], ...] = (Counterparty, CounterpartyAccount, Contact, Address)
_BY = "benchmark"


def records(*, entry: Entry, customer: Customer, now: datetime, is_own: bool = False) -> Iterator[models.Model]:
    """The counterparty and what belongs to it, unsaved, with all keys filled."""
    stamps = {"created_at": now, "modified_at": now, "created_by": _BY, "modified_by": _BY}
    counterparty = Counterparty(
        id=entry.id,
        customer=customer,
        legal_name=entry.legal_name,
        aliases=list(entry.aliases),
        vat_id=entry.vat_id,
        active=entry.is_active,
        is_own=is_own,
        **stamps,
    )
    counterparty.fill_keys()
    yield counterparty
    parts: list[CounterpartyAccount | Contact | Address] = [
        Address(street=entry.street, zip=entry.postcode, city=entry.city, country=entry.country, **stamps)
    ]
    if entry.iban:
        parts.append(CounterpartyAccount(iban=entry.iban, is_primary=True, **stamps))
    if entry.email:
        parts.append(Contact(type=Contact.Type.EMAIL, value=entry.email, preferred=True, **stamps))
    for part in parts:
        part.counterparty = counterparty
        part.fill_keys()
        yield part
