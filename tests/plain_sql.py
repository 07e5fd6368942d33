"""Statements as somebody would write them who goes around the models, and what the database says to them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount

OTHER_IBAN = "DE57900402617713500290"
THIRD_IBAN = "GB19KEHB99811460027713"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def row_of(model: type[Model], **values: Any) -> tuple[str, list[Any]]:
    """An INSERT as somebody would write it who goes around the models."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    prepared = [fields[name].get_db_prep_save(value, connection) for name, value in values.items()]
    columns = ", ".join(f'"{fields[name].column}"' for name in values)
    places = ", ".join(["%s"] * len(values))
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})', prepared  # noqa: S608


def run_sql(statement: str, parameters: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def refused_sql(message: str, statement: str, parameters: list[Any] | None = None) -> None:
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        run_sql(statement, parameters)


def key(value: UUID) -> str:
    """The id as it stands in a statement of this database."""
    return f"'{value}'" if connection.vendor == "postgresql" else f"'{value.hex}'"


def account_row(counterparty: Counterparty, iban: str, **values: Any) -> tuple[str, list[Any]]:
    given: dict[str, Any] = {
        "id": uuid4(),
        "created_at": NOW,
        "created_by": "mallory",
        "modified_at": NOW,
        "modified_by": "mallory",
        "active": True,
        "metadata": {},
        "counterparty_id": counterparty.pk,
        "customer_id": counterparty.customer_id,
        "iban": iban,
        "bic": "",
        "bank": "",
        "currency": "EUR",
        "is_primary": False,
        "is_validated": True,
    }
    return row_of(CounterpartyAccount, **(given | values))


def change_row(counterparty: Counterparty, **values: Any) -> tuple[str, list[Any]]:
    given: dict[str, Any] = {
        "id": uuid4(),
        "customer_id": counterparty.customer_id,
        "counterparty_id": counterparty.pk,
        "iban": OTHER_IBAN,
        "bic": "",
        "bank": "",
        "currency": "EUR",
        "source": "admin",
        "document_says": "",
        "asked_by": "anna",
        "asked_at": NOW,
        "verification": "",
        "decision": "pending",
        "decided_by": "",
        "reason": "",
    }
    return row_of(BankDetailsChange, **(given | values))


def pending(counterparty: Counterparty, **values: Any) -> BankDetailsChange:
    run_sql(*change_row(counterparty, **values))
    return BankDetailsChange.objects.get(decision="pending")


def confirmed(counterparty: Counterparty, *, account_id: UUID, iban: str = OTHER_IBAN) -> BankDetailsChange:
    """A change that two people made, by plain statements; `account_id` may be that of an account to come."""
    change = pending(counterparty, iban=iban)
    decide(change, decision="confirmed", decided_by="ben", decided_at=NOW, verification="called", account_id=account_id)
    change.refresh_from_db()
    return change


def decide(change: BankDetailsChange, **values: Any) -> None:
    BankDetailsChange.objects.filter(pk=change.pk).update(**values)


def refused(message: str, write: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        write()
