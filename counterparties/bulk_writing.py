"""Many rows into a table as the database takes them fastest: COPY on PostgreSQL, one prepared statement on SQLite.

Nothing of what Django does on `save` happens here: whoever calls has filled the keys and set the times, also those that
Django sets by itself. The constraints and triggers of the database hold as ever.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, models

Model = type[models.Model]
_Values = Callable[[models.Model], list[Any]]


def insert_rows(*, model: Model, rows: Iterable[models.Model]) -> None:
    """Writes unsaved rows, whose keys and times are set, in the transaction that is open."""
    columns = ", ".join(f'"{field.column}"' for field in _stored(model))
    values = _values(model, connection.vendor)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(values(row))
            return
        places = ", ".join(["%s"] * len(_stored(model)))
        statement = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608 - names of columns
        cursor.executemany(statement, [values(row) for row in rows])


def update_rows(*, model: Model, rows: Iterable[models.Model], fields: Sequence[str]) -> None:
    """Writes these fields of rows that are on file, in the transaction that is open."""
    key, written = model._meta.pk, [model._meta.get_field(name) for name in fields]
    columns = ", ".join(f'"{field.column}" = %s' for field in written)  # type: ignore[union-attr]
    statement = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{key.column}" = %s'  # noqa: S608 - names of columns
    stored = [_stored_form(field, connection.vendor) for field in (*written, key)]
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[form(row) for form in stored] for row in rows])


def refresh_statistics(tables: Iterable[Model]) -> None:
    """Has PostgreSQL count the tables again, and plan anew what it has planned for them in this session.

    What it planned while they were empty, it keeps: each check of a foreign key may then read all counterparties of the
    customer. Its own daily upkeep comes a minute late, or never where that is switched off. SQLite needs nothing.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE " + ", ".join(f'"{model._meta.db_table}"' for model in tables))


@contextmanager
def by_index() -> Iterator[None]:
    """In it, many keys are looked up one after the other in an index of theirs, in the transaction that is open.

    PostgreSQL rather reads all of a table of a few hundred thousand rows, or asks its index of trigrams for each key.
    SQLite does as wanted.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_bitmapscan TO DEFAULT")


@cache
def _stored(model: Model) -> "tuple[models.Field[Any, Any], ...]":
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


@cache
def _values(model: Model, vendor: str) -> _Values:
    forms = [_stored_form(field, vendor) for field in _stored(model)]
    return lambda row: [form(row) for form in forms]


def _stored_form(field: Any, vendor: str) -> Callable[[models.Model], Any]:
    """What gives a row's value of the field as it is stored: psycopg knows UUIDs and times; on SQLite Django stores
    UUIDs without hyphens and times as text in UTC."""
    name = field.attname
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(kind, models.JSONField):
        return lambda row: _json(row.__dict__[name])
    if vendor == "sqlite" and isinstance(kind, models.UUIDField):
        return lambda row: None if row.__dict__[name] is None else row.__dict__[name].hex
    if vendor == "sqlite" and isinstance(kind, models.DateTimeField):
        return lambda row: None if row.__dict__[name] is None else str(row.__dict__[name].replace(tzinfo=None))
    return lambda row: row.__dict__[name]


def _json(value: object) -> str:
    """Most are empty, and `json.dumps` takes longer for an empty one than all other columns of a row together."""
    return "{}" if value == {} else "[]" if value == [] else json.dumps(value)
