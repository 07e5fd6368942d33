"""Rows written in bulk are the rows that Django would have written, to the last byte."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from counterparties.bulk_writing import insert_rows, update_rows
from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from counterparties.onboarding import open_onboarding
from customers.models import Customer

pytestmark = pytest.mark.django_db

TIMES = (datetime(2026, 3, 2, 9, 0, 0, 120, tzinfo=UTC), datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


def stored(row: Model) -> tuple[Any, ...]:
    """As the database has it, without the key."""
    columns = [str(field.column) for field in row._meta.concrete_fields if not field.primary_key]
    key = row._meta.pk.get_db_prep_save(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {", ".join(columns)} FROM {row._meta.db_table} WHERE "id" = %s', [key])  # noqa: S608
        [found] = cursor.fetchall()
    return tuple(found)


@pytest.fixture
def supplier() -> Counterparty:
    customer = Customer.objects.create(legal_name="Nordlicht Handels GmbH")
    return Counterparty.objects.create(
        customer=customer, legal_name="Hollmann", onboarding=open_onboarding(by="test"), created_by="test"
    )


def pairs(supplier: Counterparty) -> list[tuple[Model, Model]]:
    """Two of each that differ in nothing but their key."""
    part = {"counterparty": supplier, "created_by": "a\tb\\n\n"}

    def both(model: type[Model], **values: Any) -> tuple[Model, Model]:
        return model(**values), model(**values)

    return [
        both(
            Counterparty,
            customer=supplier.customer,
            legal_name='Zobel \\ "Söhne"\tAG',
            aliases=["Zöbel | A", 'B"'],
            metadata={"a": [1, None], "ä": "ö"},
        ),
        both(Counterparty, customer=supplier.customer, legal_name="\\N", onboarding=supplier.onboarding),
        both(Contact, **part, type="email", value="a@b.example", preferred=True, active=False),
        both(Address, **part, street="Am Speicher 7", country="DE"),
        both(CounterpartyAccount, **part, iban="DE62930500174410027731", bic="SPZBDEBBXXX", active=False),
    ]


@pytest.mark.parametrize("now", TIMES)
def test_bulk_rows_are_as_django_stores_them(supplier: Counterparty, now: datetime) -> None:
    for one, other in pairs(supplier):
        for row in (one, other):
            row.fill_keys()  # type: ignore[attr-defined]
            row.created_at = row.modified_at = now  # type: ignore[attr-defined]
        insert_rows(model=type(one), rows=[one])
        # By a queryset that keeps the times as they are given.
        with_times = type(other)._default_manager
        with_times.bulk_create([other])
        with_times.filter(pk=other.pk).update(created_at=now, modified_at=now)

        assert stored(one) == stored(other)


def test_an_update_writes_the_fields_that_were_named_and_no_others(supplier: Counterparty) -> None:
    other = Counterparty.objects.create(customer=supplier.customer, legal_name="Zobel")
    supplier.aliases, supplier.vat_id, supplier.legal_name = ["Holl", "Mann"], "DE999001735", "Not written"
    supplier.modified_at = TIMES[0]

    update_rows(model=Counterparty, rows=[supplier], fields=("aliases", "vat_id", "modified_at"))

    supplier.refresh_from_db()
    assert (supplier.aliases, supplier.vat_id, supplier.legal_name) == (["Holl", "Mann"], "DE999001735", "Hollmann")
    assert supplier.modified_at == TIMES[0]
    before = stored(other)
    update_rows(model=Counterparty, rows=[], fields=("aliases",))
    assert stored(other) == before
