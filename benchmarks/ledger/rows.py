"""Entries as rows of the tables, in the shape in which a database takes them in bulk."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

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


def columns(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in _stored(model)]


def values_for_postgresql(model: type[models.Model]) -> Callable[[models.Model], list[Any]]:
    """What gives a record's values for COPY."""
    as_json = {field.attname for field in _stored(model) if isinstance(field, models.JSONField)}
    names = [field.attname for field in _stored(model)]

    def values(record: models.Model) -> list[Any]:
        got = record.__dict__
        return [json.dumps(got[name]) if name in as_json else got[name] for name in names]

    return values


def values_for_sqlite(model: type[models.Model]) -> Callable[[models.Model], list[Any]]:
    """What gives a record's values as Django stores them: UUIDs without hyphens, times as text in UTC."""
    encoders: list[tuple[str, Callable[[Any], Any] | None]] = []
    for field in _stored(model):
        kind = field.target_field if isinstance(field, models.ForeignKey) else field
        encoder: Callable[[Any], Any] | None = None
        if isinstance(kind, models.UUIDField):
            encoder = _hexadecimal
        elif isinstance(kind, models.JSONField):
            encoder = json.dumps
        elif isinstance(kind, models.DateTimeField):
            encoder = _as_text
        encoders.append((field.attname, encoder))

    def values(record: models.Model) -> list[Any]:
        got = record.__dict__
        return [encode(got[name]) if encode else got[name] for name, encode in encoders]

    return values


def _stored(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if not field.generated]


def _hexadecimal(value: Any) -> str | None:
    return None if value is None else value.hex


def _as_text(value: Any) -> str | None:
    return None if value is None else str(value.replace(tzinfo=None))
