"""A ledger into an empty database, fast: COPY on PostgreSQL, many rows a statement on SQLite."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from benchmarks.ledger.entries import Entry
from benchmarks.ledger.rows import MODELS, records
from counterparties.bulk_writing import insert_rows
from counterparties.name_index import put_up, take_down
from customers.models import Customer

_BATCH = 20_000
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry and in whose books it stands."""

    customer: Customer
    entry: Entry
    is_own: bool = False


def load(*, lines: Iterable[Line], on_loaded: Callable[[int], None]) -> None:
    """Writes all lines, each batch in one transaction; `on_loaded` hears how many more there are. The customers must
    be saved already."""
    iterator = iter(lines)
    while batch := list(islice(iterator, _BATCH)):
        by_model: dict[type[models.Model], list[models.Model]] = {model: [] for model in MODELS}
        for line in batch:
            for record in records(entry=line.entry, customer=line.customer, now=_NOW, is_own=line.is_own):
                by_model[type(record)].append(record)
        with transaction.atomic():
            for model in MODELS:
                insert_rows(model=model, rows=by_model[model])
        on_loaded(len(batch))


@contextmanager
def bare_tables() -> Iterator[None]:
    """Without secondary indexes; afterwards they are built in one go. Foreign keys are not checked meanwhile."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            dropped = _drop_indexes(cursor)
        else:
            take_down(cursor)
        with unchecked():
            yield
        if connection.vendor == "postgresql":
            cursor.execute("SET maintenance_work_mem = '512MB'")
            for statement in dropped:
                cursor.execute(statement)
            cursor.execute("RESET maintenance_work_mem")
        else:
            put_up(connection)


@contextmanager
def unchecked() -> Iterator[None]:
    """Without checks of foreign keys, which the rows satisfy by the way they are made, as far as the database lets its
    user; on SQLite also without waiting for the disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('is_superuser')")
            if cursor.fetchone() == ("on",):
                cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("RESET session_replication_role")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA cache_size = -500000")
            yield
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("PRAGMA synchronous = NORMAL")


def settle() -> None:
    """Lets the database gather its statistics and tidy its indexes, as its own daily upkeep does."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _drop_indexes(cursor: CursorWrapper) -> list[str]:
    """Drops what no constraint needs; gives the statements that make it again."""
    tables = [model._meta.db_table for model in MODELS]
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY (%s::regclass[]) AND NOT indisunique",
        [tables],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]
